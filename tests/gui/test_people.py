"""The page for people and the bar above the map, driven by clicks and keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.domain import events as e
from console.models.people import PeopleModel
from console.models.posting import Posting
from console.models.store import SiteStore
from console.site.log.ids import new_id
from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from tests.gui.test_models import Bench
from tests.gui.test_window import key
from widgets.buttons import FlatButton
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
ME = "lv-1"
AMBULANCES = (e.UnitDefined("a1", "AMB 1", "ambulance"), e.UnitDefined("a2", "AMB 2", "ambulance"))


def open_people(window: DeskWindow) -> None:
    key(window, Qt.Key.Key_N, CTRL)
    assert window.people.isVisible()
    assert window.people.search.hasFocus()


def type_and_enter(window: DeskWindow, *words: str) -> None:
    for word in words:
        QTest.keyClicks(window.people.search, word)
        QTest.keyClick(window.people.search, Qt.Key.Key_Return)


def click(button: FlatButton) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, LEFT)


def test_a_message_takes_names_words_and_enter(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    assert not window.people.send.isEnabled()
    type_and_enter(window, "lege 12", "plass 2")
    assert "LV-lege 12, Plass 2" in window.people.to.text()
    QTest.keyClick(window.people.search, Qt.Key.Key_Return)
    assert window.people.text.hasFocus()
    QTest.keyClicks(window.people.text, "Ring meg")
    QTest.keyClick(window.people.text, Qt.Key.Key_Return)
    assert desk.posting.done == [("message", ("u7", "lv-2"), "Ring meg")]
    assert not window.people.text.text()
    assert "Plass 2" in window.people.note.text()
    assert window.people.search.hasFocus()


def test_a_callout_and_a_group_of_the_same_people(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "lege 12")
    click(window.people.kinds["callout"])
    QTest.keyClicks(window.people.text, "Storgata 14")
    click(window.people.send)
    type_and_enter(window, "lege 12", "amb 3-1")
    click(window.people.kinds["group"])
    QTest.keyClicks(window.people.text, "KOLS-KONFERANSE")
    assert window.people.text.text() == "KOLS-KONFERA", "radios have twelve characters"
    click(window.people.send)
    assert len(desk.posting.done) == 1, "three letters are missing: that is to be seen first"
    click(window.people.send)
    assert desk.posting.done[0] == ("call-out", ("u7",), "Storgata 14")
    assert desk.posting.done[1][:2] == ("group", "KOLS-KONFERA")
    assert desk.posting.done[1][2][0] == "u7"


def test_a_callout_that_was_a_slip_is_called_off_by_the_key_that_undoes(open_desk: Open) -> None:
    """The keyboard is in a field by then, which has nothing of its own to undo."""
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "lege 12")
    click(window.people.kinds["callout"])
    QTest.keyClicks(window.people.text, "Storgata 14")
    key(window, Qt.Key.Key_Return)
    assert "LV-lege 12" in window.done_bar.accessibleName()
    key(window, Qt.Key.Key_Z, CTRL)
    assert desk.posting.done == [("call-out", ("u7",), "Storgata 14"), ("call-off", "c9")]
    assert "Avlyst" in window.done_bar.accessibleName()
    key(window, Qt.Key.Key_Z, CTRL)
    assert len(desk.posting.done) == 2, "once"
    QTest.keyClicks(window.people.search, "amb")
    key(window, Qt.Key.Key_Z, CTRL)
    assert not window.people.search.text(), "what is typed is the field's to undo"
    assert len(desk.posting.done) == 2


def test_what_could_not_be_called_out_is_offered_to_nobody(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.posting.keeps = False
    open_people(window)
    type_and_enter(window, "lege 12")
    click(window.people.kinds["callout"])
    QTest.keyClicks(window.people.text, "Storgata 14")
    key(window, Qt.Key.Key_Return)
    assert not window.done_bar.isVisible()
    assert window.people.note._ink == "warning"


def test_no_group_in_a_group(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "AMK-VESTF-1")
    click(window.people.kinds["group"])
    QTest.keyClicks(window.people.text, "NY")
    QTest.keyClick(window.people.text, Qt.Key.Key_Return)
    assert not window.people.send.isEnabled()
    assert not desk.posting.done
    click(window.people.kinds["message"])
    QTest.keyClicks(window.people.text, "NY")
    assert window.people.send.isEnabled()


def test_the_list_ticks_and_the_names_can_be_cleared(open_desk: Open) -> None:
    window, _ = open_desk()
    open_people(window)
    QTest.keyClick(window.people.search, Qt.Key.Key_Down)
    assert window.people.who.hasFocus()
    QTest.keyClick(window.people.who, Qt.Key.Key_Return)
    QTest.keyClick(window.people.who, Qt.Key.Key_Down)
    QTest.keyClick(window.people.who, Qt.Key.Key_Return)
    assert "LV-lege 12, Plass 2" in window.people.to.text()
    QTest.keyClick(window.people.who, Qt.Key.Key_Return)
    assert window.people.to.text().endswith("LV-lege 12")
    click(window.people.clear)
    assert not window.people.clear.isVisible()
    assert not window.people.send.isEnabled()


def test_what_could_not_be_kept_is_said_and_stays_typed(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.posting.keeps = False
    open_people(window)
    type_and_enter(window, "lege 12")
    QTest.keyClicks(window.people.text, "Ring meg")
    QTest.keyClick(window.people.text, Qt.Key.Key_Return)
    assert window.people.text.text() == "Ring meg"
    assert "LV-lege 12" in window.people.to.text()
    assert window.people.note._ink == "warning"


def test_a_message_stands_above_the_map_until_it_is_read(open_desk: Open) -> None:
    window, desk = open_desk()
    assert not window.post_bar.isVisible()
    desk.people.tell(*fakes.POSTS)
    assert window.post_bar.isVisible()
    assert "finner ikke nummer 14" in window.post_bar.accessibleName()
    key(window, Qt.Key.Key_F7)
    assert desk.posting.done == [("read", "m1")]
    desk.people.tell(replace(fakes.POSTS[0], waits=False))
    assert not window.post_bar.isVisible()


def test_a_callout_to_this_desk_is_answered_there(open_desk: Open) -> None:
    window, desk = open_desk()
    asked = replace(fakes.POSTS[1], mine=True, waits=True, wanted=("yes", "no"))
    desk.people.tell(asked)
    bar = window.post_bar
    assert [bar.answers[one].isVisible() for one in ("yes", "delayed", "no")] == [True, False, True]
    key(window, Qt.Key.Key_F7)
    assert not desk.posting.done, "a key that reads answers nothing"
    click(bar.answers["yes"])
    assert desk.posting.done == [("answer", "c1", "yes")]


def test_who_was_called_out_is_told_that_it_was_called_off(open_desk: Open) -> None:
    window, desk = open_desk()
    asked = replace(fakes.POSTS[1], mine=True, wanted=())
    desk.people.sent = [replace(asked, called_off=True)]
    desk.people.changed.emit()
    bar = window.post_bar
    assert "avlyst" in bar.accessibleName()
    assert bar.read.isVisible()
    assert not any(button.isVisible() for button in bar.answers.values())
    key(window, Qt.Key.Key_F7)
    assert not bar.isVisible()
    assert not desk.posting.done, "nobody is told that it was seen"


def test_what_is_open_can_be_ended(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.people.sent = list(fakes.POSTS)
    open_people(window)
    people = window.people
    assert people.read.isVisible()
    assert not people.end.isVisible()
    people.posts.setCurrentIndex(people.post_model.index(1))
    click(people.end)
    assert people.end.is_asking
    assert people.end.text() == "Trykk igjen"
    assert not any(one[0] == "end" for one in desk.posting.done), "not at the first press"
    click(people.end)
    assert desk.posting.done == [("end", "c1")]


def test_an_alarm_puts_the_page_away_and_the_words_stay(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "lege 12")
    QTest.keyClicks(window.people.text, "halvveis")
    desk.alarms.put(fakes.ALARM)
    assert not window.people.isVisible()
    open_people(window)
    assert window.people.text.text() == "halvveis"
    assert "LV-lege 12" in window.people.to.text()


@SCREENS
def test_no_sentence_is_cut(open_desk: Open, size: tuple[int, int], language: str) -> None:
    window, desk = open_desk(size=size, language=language)
    desk.people.sent = list(fakes.POSTS)
    open_people(window)
    people = window.people
    for kind in people.kinds:
        people.choose(kind)
        QTest.qWait(20)
        assert not people.note.elides()
        before = people.to.text()
        type_and_enter(window, "lege 12")  # chooses, and lets go again
        assert people.to.text() != before
        QTest.qWait(20)
        assert not people.note.elides()
        for button in (*people.kinds.values(), people.send, people.clear):
            assert button.width() >= button.minimumSizeHint().width()


# -- the models -------------------------------------------------------------------------------


class Sent:
    def __init__(self) -> None:
        self.bench = Bench()
        self.model = PeopleModel(self.bench.store, me=lambda: ME, now_s=lambda: 200.0)
        self.posting = Posting(
            self.bench.store,
            publish=self.bench._publish,
            new_id=new_id,
            me=lambda: ME,
            trains=lambda: False,
            now_s=lambda: 200.0,
        )

    @property
    def store(self) -> SiteStore:
        return self.bench.store


@pytest.fixture
def sent(qapp: object) -> Sent:
    return Sent()


def test_a_message_to_this_desk_waits_until_it_says_that_it_is_read(sent: Sent) -> None:
    (first,) = sent.bench.say(e.MessageSent(to=ME, text="hei"))
    row = sent.model.waiting()
    assert row is not None
    assert (row.text, row.mine) == ("hei", True)
    assert sent.posting.read_message(first.id)
    body, cause = sent.bench.published[-1]
    assert (body, cause) == (e.MessageRead(first.id, ME), first.id)
    sent.bench.say(body)
    assert sent.model.waiting() is None
    assert sent.posting.read_message(first.id)
    assert len(sent.bench.published) == 1, "said once"


def test_a_unit_comes_into_a_group_and_out_of_it_and_nothing_is_said_twice(sent: Sent) -> None:
    (formed,) = sent.bench.say(
        e.GroupFormed("g1", "KOLS", ("a1",), lapses_ms=10**13),
    )
    assert sent.posting.add_to_group("g1", "a2")
    assert sent.bench.published == [(e.GroupMemberAdded("g1", "a2"), formed.id)]
    sent.bench.say(sent.bench.published[-1][0])
    assert sent.posting.add_to_group("g1", "a2"), "it is in already"
    assert sent.posting.remove_from_group("g1", "a2")
    assert sent.bench.published[1:] == [(e.GroupMemberRemoved("g1", "a2"), formed.id)]
    assert sent.posting.add_to_group("gone", "a2")
    assert len(sent.bench.published) == 2


def test_receipts_are_counted(sent: Sent) -> None:
    sent.bench.say(
        e.UnitDefined("a1", "AMB 1", "ambulance"), e.UnitDefined("a2", "AMB 2", "ambulance")
    )
    (message,) = sent.bench.say(e.MessageSent(to="a1", text="kom", also=("a2",)))
    sent.bench.say(e.MessageDelivered(message.id, "a1"), e.MessageRead(message.id, "a2"))
    row = sent.model.posts()[0]
    assert row.to == "AMB 1, AMB 2"
    assert row.summary == "2 of 2 have it, 1 have read it"
    assert not row.waits


def test_a_callout_says_who_is_silent(sent: Sent) -> None:
    sent.bench.say(
        e.UnitDefined("a1", "AMB 1", "ambulance"), e.UnitDefined("a2", "AMB 2", "ambulance")
    )
    assert sent.posting.call_out(("a1", "a2", "a1"), "Storgata 14")
    body, _ = sent.bench.published[-1]
    assert isinstance(body, e.CalloutSent)
    assert body.to == ("a1", "a2")
    sent.bench.say(body)
    sent.bench.say(e.CalloutAnswered(body.callout, "a1", "delayed", 5))
    row = sent.model.posts()[0]
    assert row.summary == "DELAYED 1 · no answer: AMB 2"
    assert "AMB 1: DELAYED 5 min" in row.more
    assert row.can_end
    assert sent.posting.end_post(row.key)
    sent.bench.say(sent.bench.published[-1][0])
    row = sent.model.posts()[0]
    assert not row.can_end
    assert row.summary.startswith("Ended")


def test_a_callout_that_is_called_off_is_over_and_says_so(sent: Sent) -> None:
    key = sent.posting.call_out(("a1",), "Storgata 14")
    (asked,) = (body for body, _ in sent.bench.published)
    assert sent.posting.call_off(key), "before the site has told it back"
    ended = sent.bench.published[-1]
    assert ended == (e.CalloutEnded(key, "cancelled"), None)
    (event,) = sent.bench.say(asked)
    assert sent.posting.call_off(key)
    assert sent.bench.published[-1] == (e.CalloutEnded(key, "cancelled"), event.id)
    sent.bench.say(ended[0])
    assert sent.posting.call_off(key)
    assert len(sent.bench.published) == 3, "it is over"
    (row,) = sent.model.posts()
    assert row.summary.startswith("Called off")
    assert not row.can_end


def test_a_desk_is_told_once_that_a_callout_to_it_was_called_off(sent: Sent) -> None:
    (asked,) = sent.bench.say(e.CalloutSent("c1", ("a1", ME), "Storgata 14"))
    sent.model._now_s = lambda: asked.time_ms / 1_000 + 5
    sent.bench.say(e.CalloutAnswered("c1", ME, "yes"))
    assert sent.model.waiting() is None
    sent.bench.say(e.CalloutEnded("c1", "cancelled"))
    row = sent.model.waiting()
    assert row is not None
    assert (row.key, row.called_off, row.wanted) == ("c1", True, ())
    sent.model.know("c1")
    assert sent.model.waiting() is None
    sent.bench.say(e.CalloutSent("c2", ("a1",), "Andre"), e.CalloutEnded("c2", "cancelled"))
    assert sent.model.waiting() is None, "others were called"
    sent.bench.say(e.CalloutSent("c3", (ME,), "Gammel"), e.CalloutEnded("c3", "cancelled"))
    sent.model._now_s = lambda: asked.time_ms / 1_000 + 3_600
    assert sent.model.waiting() is None, "it is long ago"


def test_this_desk_answers_a_callout(sent: Sent) -> None:
    sent.bench.say(e.CalloutSent("c1", (ME,), "kom"))
    row = sent.model.waiting()
    assert row is not None
    assert row.wanted == ("yes", "delayed", "no")
    sent.posting.answer_callout("c1", "delayed")
    body, _ = sent.bench.published[-1]
    assert isinstance(body, e.CalloutAnswered)
    assert (body.by, body.answer) == (ME, "delayed")
    sent.bench.say(body)
    assert sent.model.waiting() is None


def test_who_forms_a_group_is_in_it(sent: Sent) -> None:
    sent.posting.form_group("KOLS", ("a1", ME))
    body, _ = sent.bench.published[-1]
    assert isinstance(body, e.GroupFormed)
    assert body.members == ("a1", ME)
    assert body.lapses_ms == (200 + 4 * 3_600) * 1_000


def test_who_is_on_duty_stands_first(sent: Sent) -> None:
    sent.bench.say(
        e.UnitDefined("a1", "AMB 1", "ambulance"),
        e.UnitDefined("d9", "Ø-lege", "doctor"),
        e.DutySet("duty", "LV-lege", "Fiktiv Fjeld", 0, 400_000, unit="d9"),
    )
    first = sent.model.candidates()[0]
    assert (first.key, first.on_duty, first.detail) == ("d9", True, "LV-lege · Fiktiv Fjeld")


@given(
    texts=st.lists(st.text(max_size=60), max_size=6),
    keys=st.lists(st.sampled_from(["a1", "a2", "g1", ME, "x"]), min_size=1, max_size=4),
)
def test_whatever_is_said_has_a_row(texts: list[str], keys: list[str]) -> None:
    sent = Sent()
    to = tuple(dict.fromkeys(keys))
    for text in texts:
        sent.bench.say(e.MessageSent(to=to[0], text=text, also=to[1:]))
    rows = sent.model.posts()
    assert len(rows) == len(texts)
    assert sorted(row.text for row in rows) == sorted(texts)


# -- who is on duty ---------------------------------------------------------------------------


def test_the_doctor_on_duty_is_in_sight_and_a_click_writes_to_them(open_desk: Open) -> None:
    window, desk = open_desk(size=(1_366, 768))
    first, second = window.duty.lines
    assert first.isVisible()
    assert "Fiktiv Fjeld" in first.accessibleName()
    assert "LV-lege 12" in first.accessibleName()
    assert "Vaktleder" in second.toolTip(), "who has no line is in the tooltip"
    QTest.mouseClick(first, LEFT)
    assert window.people.isVisible()
    assert window.people.to.text().endswith("LV-lege 12")
    assert window.people.text.hasFocus()
    window.pages.show_page(None)
    QTest.mouseClick(second, LEFT)
    assert not window.people.isVisible(), "no radio is listed for that one"
    desk.people.duties.clear()
    desk.people.changed.emit()
    assert not second.isVisible()
    assert first.accessibleName() == "Ingen er ført opp på vakt"


def test_doctors_stand_before_other_duties(sent: Sent) -> None:
    sent.bench.say(
        e.DutySet("a", "Vaktleder", "A", 0, 400_000, phone="+47 00 00 00 00"),
        e.DutySet("b", "LV-lege", "B", 0, 400_000, phone="+47 00 00 00 00"),
        e.DutySet("c", "LV-lege", "C", 300_000, 400_000, phone="+47 00 00 00 00"),
    )
    assert [row.name for row in sent.model.on_duty()] == ["B", "A"]
