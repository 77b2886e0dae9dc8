"""Help to an alarm: who is near and free, sent and called out by keys, and a note."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.domain import events as e
from console.models.aid import AidModel
from console.models.alarms import AlarmModel
from console.models.posting import Posting
from console.site.log.ids import new_id
from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_models import HORTEN, Bench
from tests.gui.test_window import key
from widgets.aid import distance_words
from widgets.contracts.rows import AidRow
from widgets.window import DeskWindow

LEFT = Qt.MouseButton.LeftButton


def open_help(open_desk: Open, **more: object) -> tuple[DeskWindow, fakes.Fakes]:
    window, desk = open_desk(fakes.with_alarm(), **more)
    key(window, Qt.Key.Key_F5)
    assert window.aid.isVisible()
    assert window.aid.list.hasFocus()
    return window, desk


def test_the_nearest_is_sent_by_three_keys(open_desk: Open) -> None:
    window, desk = open_help(open_desk)
    aid = window.aid
    QTest.keyClick(aid.list, Qt.Key.Key_Return)
    assert "AMB 3-3" in aid.to.text()
    aid.text.setFocus()
    QTest.keyClick(aid.text, Qt.Key.Key_Return)
    assert desk.posting.done == [
        (
            "help",
            "a1",
            ("u2",),
            "Sikkerhetsalarm AMB 3-5 Horten, 1 km N for Horten: kjør dit og bistå",
        )
    ]
    assert "AMB 3-3" in aid.answer.text()
    assert not aid.send.isEnabled()


def test_who_is_sent_already_is_not_sent_again_by_the_same_keys(open_desk: Open) -> None:
    """Those stand on top; the keys go to the nearest that nobody has sent."""
    window, desk = open_help(open_desk)
    aid = window.aid
    for _ in range(2):
        QTest.keyClick(aid.list, Qt.Key.Key_Return)
        QTest.keyClick(aid.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [one[2] for one in desk.posting.done] == [("u2",), ("u14",)]
    QTest.keyClick(aid.list, Qt.Key.Key_End)
    desk.alarms.put(replace(fakes.ALARM, key="a2", unit="u6", call_sign="AMB 3-7"))
    window.pages.show_help_for("a2")
    QTest.keyClick(aid.list, Qt.Key.Key_Return)
    assert "AMB 3-3" in aid.to.text(), "near to this one, not where the other's list was left"


def test_a_note_is_kept_with_the_alarm(open_desk: Open) -> None:
    window, desk = open_help(open_desk)
    assert not window.aid.note.isEnabled()
    QTest.keyClicks(window.aid.text, "Bor i oppgang B")
    QTest.mouseClick(window.aid.note, LEFT)
    assert desk.posting.done == [("note", "a1", "Bor i oppgang B")]
    assert not window.aid.text.text()


def test_what_could_not_be_kept_stays(open_desk: Open) -> None:
    window, desk = open_help(open_desk)
    desk.posting.keeps = False
    QTest.keyClick(window.aid.list, Qt.Key.Key_Return)
    QTest.mouseClick(window.aid.send, LEFT)
    assert window.aid.answer._ink == "warning"
    assert window.aid.send.isEnabled(), "it can be tried again"


def test_the_card_opens_it_and_a_closed_alarm_sends_nobody(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    card = window.alarms.card("a0")
    assert card.help.isVisible()
    QTest.mouseClick(card.help, LEFT)
    aid = window.aid
    assert "FR Nøtterøy" in aid.title.text()
    QTest.keyClick(aid.list, Qt.Key.Key_Return)
    desk.alarms.edit("a0", state="closed")
    aid.reload()
    QTest.mouseClick(aid.send, LEFT)
    aid.send_help()
    assert not desk.posting.done
    assert not aid.send.isEnabled()


def test_what_was_chosen_for_one_alarm_is_not_sent_to_another(open_desk: Open) -> None:
    window, _ = open_help(open_desk)
    QTest.keyClick(window.aid.list, Qt.Key.Key_Return)
    QTest.mouseClick(window.alarms.card("a0").help, LEFT)
    assert not window.aid.send.isEnabled()


def test_what_was_written_for_one_alarm_waits_while_another_is_seen_to(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    second = replace(fakes.ALARM, key="a2", unit="u3", call_sign="AMB 3-7")
    window.pages.show_help_for("a1")
    QTest.keyClicks(window.aid.text, "møt ved")
    desk.alarms.put(second)
    window.pages.show_help_for("a2")
    assert window.aid.text.text() == "", "nothing of it goes to the other alarm"
    QTest.keyClicks(window.aid.text, "politi")
    window.pages.show_help_for("a1")
    assert window.aid.text.text() == "møt ved"
    window.pages.show_help_for("a2")
    assert window.aid.text.text() == "politi"


@pytest.mark.parametrize("size", [(1_366, 768), (1_920, 1_080)])
def test_the_card_has_room_for_its_buttons(open_desk: Open, size: tuple[int, int]) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=size)
    window.alarms.choose("a0")
    QTest.qWait(20)
    card = window.alarms.card("a0")
    for button in (card.take, card.show_place, card.help, card.close_it):
        assert button.isVisible()
        assert button.width() >= button.minimumSizeHint().width()
    desk.alarms.edit("a0", state="in-progress", mine=True, owner="Kari B. Hansen")
    QTest.qWait(20)
    assert card.show_place.text()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (AidRow("u", "U", distance_km=3.44), "3,4 km"),
        (AidRow("u", "U", distance_km=123.4), "123 km"),
        (AidRow("u", "U"), "sted ukjent"),
        (AidRow("u", "U", distance_km=3.0, fixed_s=0.0), "3,0 km · 5 min"),
    ],
)
def test_distances_in_words(desk_app: object, row: AidRow, words: str) -> None:
    assert distance_words(row, 300.0) == words


# -- the models -------------------------------------------------------------------------------


@pytest.fixture
def bench(qapp: object) -> Bench:
    bench = Bench()
    bench.say(
        e.UnitDefined("u1", "AMB 1", "ambulance"),
        *(e.UnitDefined(f"a{n}", f"AMB 1{n}", "ambulance") for n in range(4)),
        e.UnitDefined("x1", "ØV 1", "ambulance", exercise=True),
        e.UnitMoved("u1", HORTEN),
        e.UnitMoved("a0", e.Position(60.0, 10.0)),
        e.UnitMoved("a1", e.Position(59.42, 10.48)),
        e.UnitMoved("x1", HORTEN),
        e.UnitMoved("a2", HORTEN),
        e.StatusChanged("a0", "available"),
        e.StatusChanged("a1", "station"),
        e.StatusChanged("a2", "en-route"),
        e.AlarmRaised("al", "u1"),
    )
    return bench


def test_free_ones_first_by_distance_and_none_of_an_exercise(bench: Bench) -> None:
    rows = AidModel(bench.store).nearest("al")
    assert [row.key for row in rows] == ["a1", "a0", "a2", "a3"]
    assert [row.free for row in rows] == [True, True, False, False]
    assert rows[0].distance_km == pytest.approx(0.37, abs=0.1)
    assert rows[3].distance_km is None
    assert AidModel(bench.store).nearest("none") == ()


def test_help_that_is_called_off_is_not_sent(bench: Bench) -> None:
    posting = Posting(
        bench.store, publish=bench._publish, new_id=new_id, me=lambda: "lv-1", trains=lambda: False
    )
    key = posting.send_help("al", ("a0",), "")
    bench.say(*(body for body, _ in bench.published))
    aid, alarms = AidModel(bench.store), AlarmModel(bench.store)
    assert [row.key for row in aid.nearest("al") if row.sent] == ["a0"]
    assert "AMB 10" in alarms.row("al").sent
    told: list[str] = []
    alarms.changed.connect(told.extend)
    assert posting.call_off(key)
    bench.say(bench.published[-1][0])
    assert not [row for row in aid.nearest("al") if row.sent]
    assert not alarms.row("al").sent
    assert told == ["al"]


def test_help_is_called_off_by_the_key_that_undoes(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    key(window, Qt.Key.Key_F5)
    key(window, Qt.Key.Key_Return)
    key(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.posting.done[-1][0] == "help"
    key(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.posting.done[-1] == ("call-off", "c8")


def test_why_there_is_nobody_to_send_is_true(qapp: object) -> None:
    bench = Bench()
    aid = AidModel(bench.store)
    bench.say(e.UnitDefined("u1", "AMB 1", "ambulance"), e.AlarmRaised("al", "u1"))
    assert aid.why_nobody("al") == "", "nobody is known"
    bench.say(e.UnitDefined("x1", "ØV 1", "ambulance", exercise=True))
    assert aid.nearest("al") == []
    assert "exercise" in aid.why_nobody("al")
    bench.say(e.UnitDefined("u2", "AMB 2", "ambulance"), e.AlarmRaised("al2", "u2"))
    assert aid.nearest("al") == []
    assert aid.why_nobody("al") == "All others have an alarm of their own."


def test_the_page_says_why_nobody_can_be_sent(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.aid.rows, desk.aid.why = [], "Bare øvelse her"
    key(window, Qt.Key.Key_F5)
    assert window.aid.isVisible()
    assert "Bare øvelse her" in window.aid._nobody.accessibleName()


def test_who_is_in_need_is_no_help_until_their_own_alarm_is_closed(bench: Bench) -> None:
    bench.say(e.AlarmRaised("al2", "a1"))
    rows = AidModel(bench.store).nearest("al")
    assert [row.key for row in rows] == ["a0", "a2", "a3"]
    bench.say(e.AlarmAcknowledged("al2"), e.AlarmClosed("al2", "false-press"))
    assert AidModel(bench.store).nearest("al")[0].key == "a1"


def test_control_rooms_are_below_all_crews(bench: Bench) -> None:
    bench.say(
        e.UnitDefined("amk", "AMK FJORD", "other"),
        e.UnitMoved("amk", HORTEN),
        e.StatusChanged("amk", "available"),
    )
    rows = AidModel(bench.store).nearest("al")
    assert [row.key for row in rows] == ["a1", "a0", "a2", "a3", "amk"]


def test_who_is_sent_is_noted_and_called_out(bench: Bench) -> None:
    posting = Posting(
        bench.store, publish=bench._publish, new_id=new_id, me=lambda: "lv-1", trains=lambda: False
    )
    assert posting.send_help("al", ("a0", "a1"), "hold ved krysset")
    noted, asked = (body for body, _ in bench.published)
    assert isinstance(asked, e.CalloutSent)
    assert noted == e.AlarmUnitsSent("al", ("a0", "a1"), "hold ved krysset", asked.callout)
    assert (asked.to, asked.text, asked.exercise) == (("a0", "a1"), "hold ved krysset", False)
    bench.say(noted)
    rows = AidModel(bench.store).nearest("al")
    assert [row.key for row in rows if row.sent] == ["a1", "a0"]
    assert posting.note_alarm("al", "to pasienter")
    assert bench.published[-1][0] == e.AlarmNoted("al", "to pasienter")


def test_the_nearest_free_one_is_sent_in_three_presses(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.aid.rows = [row for row in desk.aid.rows if not row.sent]
    key(window, Qt.Key.Key_F5)
    QTest.keyClick(window.aid.list, Qt.Key.Key_Return)
    QTest.keyClick(window.aid.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    [(what, alarm, units, words)] = desk.posting.done
    assert (what, alarm, units) == ("help", "a1", (desk.aid.rows[0].key,))
    assert "Horten" in words, "where to, though nothing was typed"
