"""Standard texts, statuses, patches and conferences on the page for people."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.domain import events as e
from console.models.people import PeopleModel
from console.models.posting import Posting
from console.site.log.ids import new_id
from resources.languages import LANGUAGES
from resources.standard_texts import standard_texts
from resources.statuses import statuses
from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_models import Bench
from tests.gui.test_people import LEFT, click, open_people, type_and_enter
from tests.gui.test_typing import write
from tests.gui.test_window import key
from widgets.contracts.rows import PostKind, PostRow, ReceiverRow, StandardText
from widgets.form_chips import KEYS, blank_in

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ME = "lv-1"


def test_every_standard_text_is_whole_in_every_language() -> None:
    texts = standard_texts()
    for one in texts:
        for language in LANGUAGES:
            title, text = getattr(one.title, language), getattr(one.text, language)
            assert title
            assert len(title) <= 20
            assert 1 <= len(text) <= 1_000
            assert text.count("⟨") == text.count("⟩")
        blanks = {getattr(one.text, language).count("⟨") for language in LANGUAGES}
        assert len(blanks) == 1, one.title.nb
    for kind in ("message", "callout"):
        assert 4 <= sum(one.kind == kind for one in texts) <= KEYS


def test_one_key_fills_the_form_and_enter_goes_through_its_blanks(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    type_and_enter(window, "amb 3-1")
    click(window.people.kinds["callout"])
    QTest.keyClick(window.people.text, Qt.Key.Key_1, ALT)
    text = window.people.text
    assert text.hasFocus()
    assert text.selectedText() == "⟨hva⟩"
    assert not window.people.send.isEnabled(), "not with a blank in it"
    QTest.keyClicks(text, "brystsmerter")
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert text.selectedText() == "⟨sted⟩"
    assert desk.posting.done == []
    QTest.keyClicks(text, "Storgata 14")
    QTest.keyClick(text, Qt.Key.Key_Return)
    [(what, _, said)] = desk.posting.done
    assert (what, said) == ("call-out", "A · RØD: brystsmerter, Storgata 14. Rykk ut.")


def test_the_sites_own_texts_stand_first_and_are_kept_and_forgotten(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.people.texts = [StandardText("Kode til porten", "Koden til porten er 4711", "t1")]
    open_people(window)
    QTest.keyClick(window.people.search, Qt.Key.Key_1, ALT)
    assert window.people.text.text() == "Koden til porten er 4711"
    assert window.people.keep.text() == "Glem tekst"
    click(window.people.keep)
    window.people.text.setText("Noe nytt")
    window.people._typed()
    click(window.people.keep)
    assert desk.posting.done == [("unstore", "t1"), ("store", "Noe nytt")]


def test_a_status_is_sent_without_a_word(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    click(window.people.kinds["status"])
    assert not window.people.text.isVisible()
    type_and_enter(window, "amb 3-1")
    assert not window.people.send.isEnabled()
    QTest.keyClick(window.people.search, Qt.Key.Key_4, ALT)
    QTest.keyClick(window.people.search, Qt.Key.Key_Return, CTRL)
    [(what, _, status)] = desk.posting.done
    assert (what, status) == ("status", statuses()[3].key)


def test_two_talkgroups_are_patched_and_nothing_else(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    click(window.people.kinds["patch"])
    type_and_enter(window, "amb 3-1")
    assert "to til fire talegrupper" in window.people.note.text()
    click(window.people.clear)
    groups = [row for row in desk.people.candidates() if row.kind == "group"][:1]
    groups.append(ReceiverRow("tg2", "AMK-VESTF-2", "group"))
    desk.people.known.append(groups[1])
    desk.people.changed.emit()
    QTest.qWait(window.people.GATHER_MS + 40)
    for row in groups:
        type_and_enter(window, row.name)
    click(window.people.send)
    assert desk.posting.done == [("patch", tuple(row.key for row in groups))]


def test_a_running_patch_is_listed_and_ended(open_desk: Open) -> None:
    window, desk = open_desk()
    row = PostRow("p1", "patch", 1.0, "Kari", "A + B", "A + B", "til 02:00", can_end=True)
    desk.people.tell(row)
    open_people(window)
    assert window.people.end.isVisible()
    click(window.people.end)
    assert desk.posting.done == [], "a second press means it"
    click(window.people.end)
    assert desk.posting.done == [("end", "p1")]


def test_the_doctor_the_specialist_and_the_crew_in_three_actions(open_desk: Open) -> None:
    """KOLS, step 5: from the map with a unit chosen, three presses to a talkgroup of all."""
    window, desk = open_desk()
    unit = next(key for key, row in desk.units.table.items() if row.kind == "ambulance")
    window.units.select(unit)
    actions = 0
    key(window, Qt.Key.Key_J, CTRL)
    actions += 1
    people = window.people
    chosen = people.receiver_model.row(people.who.currentIndex().row())
    assert chosen.key not in (unit, desk.people.duties[0].unit), "on somebody who is not in it yet"
    key(window, Qt.Key.Key_Return)
    actions += 1
    key(window, Qt.Key.Key_Return, CTRL)
    actions += 1
    [(what, name, members)] = desk.posting.done
    assert (what, name) == ("group", "KONF AMB 3-5")
    assert {unit, desk.people.duties[0].unit, chosen.key} == set(members)
    assert actions <= 3


def test_a_name_that_is_typed_for_a_conference_is_searched_for(open_desk: Open) -> None:
    """Every one of these letters and figures is a key of the desk as well."""
    window, desk = open_desk()
    key(window, Qt.Key.Key_J, CTRL)
    before = len(desk.actions.done)
    write(window, "amb 3-1")
    assert window.people.search.text() == "amb 3-1"
    key(window, Qt.Key.Key_Return)
    assert "AMB 3-1" in window.people.to.text()
    assert not window.people.search.text(), "the next name can be typed"
    write(window, "plass 2")
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_Return, CTRL)
    [(what, _name, members)] = desk.posting.done
    assert what == "group"
    assert "lv-2" in members
    assert len(desk.actions.done) == before, "nothing was muted or selected"


@pytest.mark.parametrize("where", ["who", "posts", "send"])
def test_a_letter_searches_wherever_the_keyboard_is_on_the_page(
    open_desk: Open, where: str
) -> None:
    window, desk = open_desk()
    desk.people.tell(*fakes.POSTS)
    open_people(window)
    type_and_enter(window, "lege 12")
    before = len(desk.actions.done)
    window.hands.typing.end()
    getattr(window.people, where).setFocus()
    write(window, "m3")
    assert window.people.search.text() == "m3"
    assert window.people.search.hasFocus()
    assert len(desk.actions.done) == before
    window.people.search.clear()
    names = window.people.who
    place = names.visualRect(window.people.receiver_model.index(0)).center()
    at = names.viewport().mapTo(window, place)
    QTest.mouseClick(window.windowHandle(), LEFT, pos=at)
    write(window, "pl")
    assert window.people.search.text() == "pl", "after a click on a name"


def test_the_talk_key_talks_from_the_list_of_people(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_3)
    open_people(window)
    key(window, Qt.Key.Key_Down)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Space)
    assert desk.actions.done[-1][0] == "press"
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)


def test_real_and_exercise_are_mixed_in_no_form(open_desk: Open) -> None:
    window, desk = open_desk()
    open_people(window)
    people = window.people
    type_and_enter(window, "ØV-FELLES-1")
    assert people.to.text().startswith("ØVELSE"), "it is seen before it is sent"
    type_and_enter(window, "AMK-VESTF-1")
    for kind in people.kinds:
        people.choose(kind)
        people.text.setText("Fiktivt")
        people._status = statuses()[0].key
        people._show_kind()
        key(window, Qt.Key.Key_Return, CTRL)
        assert not people.send.isEnabled()
        if kind != "group":  # which has no talkgroups in it at all
            assert "øvelse og ekte" in people.note.text()
    assert not desk.posting.done


def test_a_name_that_is_taken_is_not_given_twice(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.people.names = ["KONF AMB 3-5"]
    key(window, Qt.Key.Key_J, CTRL)
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_Return, CTRL)
    assert "finnes" in window.people.note.text()
    assert not desk.posting.done
    desk.people.names, desk.people.same = [], "KONF"
    window.people.clear.click()
    type_and_enter(window, "lege 12", "plass 2")
    assert "KONF har de samme" in window.people.note.text(), "it is offered"
    key(window, Qt.Key.Key_Return, CTRL)
    assert desk.posting.done, "and another can be made"


def test_who_can_be_reached_by_telephone_alone_is_said(open_desk: Open) -> None:
    window, _ = open_desk(fakes.with_alarm())
    window.pages.show_help_for("a1")
    click(window.aid.confer)
    assert window.people.isVisible()
    assert "Ola Fiktivsen +47 00 00 00 01" in window.people.note.text()


def test_who_has_answered_stands_under_the_list(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.people.tell(*fakes.POSTS)
    open_people(window)
    window.people.show_post("c1")
    assert "LV-lege 12: JA · AMB 3-5: FORSINKET 10 min" in window.people.detail.text()


@pytest.mark.parametrize(
    ("text", "blank"),
    [("", None), ("til ⟨sted⟩.", (4, 6)), ("⟩ ⟨", None), ("⟨a⟩ ⟨b⟩", (0, 3)), ("⟨a", None)],
)
def test_where_the_first_blank_is(text: str, blank: tuple[int, int] | None) -> None:
    assert blank_in(text) == blank


# -- the models --------------------------------------------------------------------------------


@pytest.fixture
def both(qapp: QApplication) -> tuple[Bench, PeopleModel, Posting]:
    bench = Bench()

    def publish(body: e.AnyBody, *, cause: str | None = None) -> bool:
        bench.say(body)
        return True

    now_s = 1_790_000_100.0
    people = PeopleModel(bench.store, me=lambda: ME, now_s=lambda: now_s)
    posting = Posting(
        bench.store, publish=publish, new_id=new_id, me=lambda: ME, trains=lambda: False,
        now_s=lambda: now_s,
    )  # fmt: skip
    bench.say(
        e.UnitDefined("amb1", "AMB 1-1 Lang", "ambulance"),
        e.UnitDefined("lege1", "LV-lege 12", "doctor"),
        e.TalkgroupDefined("g1", "LV-1"),
        e.TalkgroupDefined("g2", "AMK-1"),
        e.TalkgroupDefined("ov", "ØV-FELLES-1", exercise=True),
    )
    return bench, people, posting


def test_a_conference_has_the_doctor_with_a_radio(
    both: tuple[Bench, PeopleModel, Posting],
) -> None:
    bench, people, _ = both
    assert people.conference("amb1").chosen == ("amb1",), "nobody is on duty"
    start, until = 1_790_000_000_000, 1_790_009_000_000
    bench.say(
        e.DutySet("d1", "Lungelege", "Ola Fiktivsen", start, until, phone="00 00 00 01"),
        e.DutySet("d2", "LV-lege", "Fiktiv Fjeld", start, until, unit="lege1"),
    )
    found = people.conference("amb1")
    assert found.chosen == ("amb1", "lege1")
    assert found.name == "KONF AMB 1-1"
    assert len(found.name) <= 12
    assert found.by_phone == "Lungelege Ola Fiktivsen 00 00 00 01"
    assert people.conference("lege1").chosen == ("lege1",), "each once"
    assert people.conference("").name == "KONF"


def test_why_two_talkgroups_are_not_patched(both: tuple[Bench, PeopleModel, Posting]) -> None:
    _, people, posting = both
    assert people.why_no_patch(("g1", "g2")) == ""
    assert people.why_not(("g1", "ov")), "an exercise is never heard in an operational group"
    posting.patch(("g1", "g2"))
    assert "AMK-1" in people.why_no_patch(("g2", "g3"))
    [patch] = [row for row in people.posts() if row.kind == "patch"]
    assert (patch.text, patch.can_end) == ("LV-1 + AMK-1", True)
    posting.end_post(patch.key)
    assert people.why_no_patch(("g1", "g2")) == ""
    assert [row.can_end for row in people.posts() if row.kind == "patch"] == [False]


def test_a_status_message_is_told_as_such(both: tuple[Bench, PeopleModel, Posting]) -> None:
    bench, people, posting = both
    first = statuses()[0]
    posting.send_status(("amb1", "amb1", "lege1"), first.key)
    [message] = bench.store.state.messages
    assert (message.number, message.receivers) == (first.number, ("amb1", "lege1"))
    assert people.posts()[0].text in (first.nb, first.nn, first.en)
    assert posting.send_status(("amb1",), "nonsense")
    assert len(bench.store.state.messages) == 1


def test_stored_texts_come_and_go(both: tuple[Bench, PeopleModel, Posting]) -> None:
    _, people, posting = both
    posting.store_text("x" * 80)
    [text] = people.stored()
    assert (len(text.title), text.text) == (40, "x" * 80)
    posting.remove_text(text.key)
    assert people.stored() == []


# -- real and exercise -------------------------------------------------------------------------


def test_what_reaches_exercise_units_alone_is_an_exercise(
    both: tuple[Bench, PeopleModel, Posting],
) -> None:
    bench, people, posting = both
    bench.say(e.UnitDefined("ov1", "ØV-AMB 1", "ambulance", exercise=True))
    posting.form_group("KONF ØV", ("ov1", "lv-2"))
    posting.call_out(("ov1",), "Fiktivt")
    posting.send_message(("ov1",), "Fiktivt")
    posting.call_out(("amb1",), "Ekte")
    posting.form_group("PLASSER", ("lv-2",))
    marks = {(row.kind, row.text): row.exercise for row in people.posts()}
    assert marks == {
        ("group", "KONF ØV"): True,
        ("callout", "Fiktivt"): True,
        ("message", "Fiktivt"): True,
        ("callout", "Ekte"): False,
        ("group", "PLASSER"): False,
    }
    made = next(one for one in bench.store.state.talkgroups.values() if one.name == "KONF ØV")
    assert made.exercise, "its tile says so"
    assert "ØV-AMB 1" in people.why_not(("amb1", "ov1"))
    assert people.why_not(("ov1", "ov", "lv-2")) == ""
    assert people.why_not(("lv-2", "unknown")) == ""


def test_a_desk_in_an_exercise_is_told_whom_it_does_not_reach(
    both: tuple[Bench, PeopleModel, Posting],
) -> None:
    bench, _, _ = both
    trainer = PeopleModel(bench.store, me=lambda: ME, trains=lambda: True)
    assert "LV-lege 12" in trainer.why_not(("lege1",))
    assert trainer.why_not(("ov",)) == ""


def test_a_second_conference_has_a_name_of_its_own(
    both: tuple[Bench, PeopleModel, Posting],
) -> None:
    _, people, posting = both
    names = []
    for _ in range(3):
        name = people.conference("lege1").name
        names.append(name)
        assert people.why_no_group(name) == ""
        posting.form_group(name, ("lege1", "lv-2"))
        assert people.why_no_group(name)
    assert names == ["KONF LV-lege", "K2 LV-lege 1", "K3 LV-lege 1"]
    assert people.same_group(("lv-2", "lege1")) == "KONF LV-lege"
    assert people.same_group(("lege1",)) == ""
    assert people.conference("").name == "KONF"


LONG_TEXT = "Pasienten er flyttet til Storgata 14, bruk bakdøra"


def test_a_slip_to_a_group_or_a_conference_keeps_a_message_that_was_begun(open_desk: Open) -> None:
    """A group's name has twelve characters: the message is not cut to be one."""
    window, desk = open_desk()
    open_people(window)
    people = window.people
    QTest.keyClicks(people.text, LONG_TEXT)
    click(people.kinds["group"])
    assert people.text.text() == ""
    assert people.kinds["message"].text() == "Melding …", "it waits, and that is seen"
    QTest.keyClicks(people.text, "KOLS")
    click(people.kinds["message"])
    assert (people.text.text(), people.text.left_out) == (LONG_TEXT, 0)
    click(people.kinds["group"])
    assert people.text.text() == "KOLS"
    click(people.kinds["message"])
    key(window, Qt.Key.Key_J, CTRL)
    assert people.text.text() == "KONF AMB 3-5"
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_Return, CTRL)
    assert [one[:2] for one in desk.posting.done] == [("group", "KONF AMB 3-5")]
    assert people.text.text() == LONG_TEXT, "what the conference has interrupted"
    assert not people.send.isEnabled(), "to nobody yet"


@pytest.mark.parametrize("sent", ["callout", "group", "status"])
def test_the_page_begins_with_a_message_whatever_was_sent_last(
    open_desk: Open, sent: PostKind
) -> None:
    """Who called out before, and writes to the same unit now, sends it no second time."""
    window, desk = open_desk()
    open_people(window)
    people = window.people
    click(people.kinds[sent])
    type_and_enter(window, "LV-lege 12")
    if sent == "status":
        people.chips.status_chosen.emit(statuses()[0].key)
    else:
        QTest.keyClicks(people.text, "Storgata 4")
    key(window, Qt.Key.Key_Return, CTRL)
    assert len(desk.posting.done) == 1
    key(window, Qt.Key.Key_Escape)
    key(window, Qt.Key.Key_N, CTRL)
    for words in ("LV-lege 12", "", "Takk"):
        write(window, words)
        key(window, Qt.Key.Key_Return)
    assert desk.posting.done[-1] == ("message", ("u7",), "Takk")


def test_what_is_begun_is_what_the_page_opens_with(open_desk: Open) -> None:
    window, _ = open_desk()
    open_people(window)
    people = window.people
    click(people.kinds["callout"])
    QTest.keyClicks(people.text, "Storgata 4")
    for left in ("Storgata 4", "KOLS"):
        key(window, Qt.Key.Key_Escape)
        key(window, Qt.Key.Key_Escape)
        key(window, Qt.Key.Key_N, CTRL)
        assert people.text.text() == left
        click(people.kinds["group"])
        people.text.setText("KOLS")
    people.text.setText("")
    key(window, Qt.Key.Key_Escape)
    key(window, Qt.Key.Key_Escape)
    key(window, Qt.Key.Key_N, CTRL)
    assert people.send.text() == "Kall ut", "a call-out's words become no message"
    assert people.text.text() == "Storgata 4"


def test_a_group_s_name_is_never_a_message(open_desk: Open) -> None:
    window, _ = open_desk()
    key(window, Qt.Key.Key_J, CTRL)
    click(window.people.kinds["message"])
    assert window.people.text.text() == ""
    click(window.people.kinds["group"])
    window.people.write_to("u2")
    assert window.people.text.text() == ""


def test_words_that_another_person_has_left_are_said_to_be_theirs(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(person="Kari Vakt")
    open_people(window)
    QTest.keyClicks(window.people.text, "halvveis")
    assert "Kari" not in window.people.note.text()
    desk.status.edit(person="Per Natt")
    assert "Kari Vakt begynte på dette" in window.people.note.text()
    desk.status.edit(person="Kari Vakt")
    assert "Kari Vakt" not in window.people.note.text(), "it is their own again"
    desk.status.edit(person="Per Natt")
    QTest.keyClicks(window.people.text, " til")
    assert "Kari" not in window.people.note.text(), "who writes on makes it theirs"
    desk.status.edit(person="Ida Dag")
    assert "Per Natt begynte" in window.people.note.text()
