"""The hand-over page and the duty list, by keys and clicks; and what the model finds open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import events as e
from console.models.handover import HandoverModel
from console.models.people import PeopleModel
from console.models.posting import Posting
from console.site.log.ids import new_id
from tests.gui import fakes
from tests.gui.conftest import SCREENS, SMALL, Open
from tests.gui.test_models import Bench
from tests.gui.test_window import key
from widgets import handover
from widgets.contracts.landmarks import LandmarkRow
from widgets.contracts.rows import SMALLEST_WINDOW, DutyForm, HandoverRow, HandoverSaid
from widgets.window import DeskWindow

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
ME = "lv-1"
NOW_MS = 1_790_000_100_000  # just after the bench's events


def open_page(window: DeskWindow) -> None:
    key(window, Qt.Key.Key_H, CTRL)
    assert window.handover.isVisible()


def test_what_is_open_is_listed_and_read_by_one_key(open_desk: Open) -> None:
    window, desk = open_desk()
    open_page(window)
    assert window.handover.model.rowCount() == len(fakes.HANDOVER)
    QTest.keyClick(window.handover.list, Qt.Key.Key_Return, CTRL)
    assert desk.actions.done == [("handover-read", tuple(row.key for row in fakes.HANDOVER))]
    assert "Kari B. Hansen" in window.handover.answer.text()
    desk.handover.read = HandoverSaid("Ola Nordby", "Plass 1", fakes.NOW_S)
    desk.handover.tell(*fakes.HANDOVER)
    window.handover.reload()
    assert "Ola Nordby, 24.11. 22:00, på Plass 1" in window.handover.last.text()


def test_nobody_reads_who_has_no_name(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(person="", position="")
    open_page(window)
    assert not window.handover.read.isEnabled()
    QTest.keyClick(window.handover.list, Qt.Key.Key_Return, CTRL)
    assert desk.actions.done == []


def test_a_copy_is_noted_and_has_all_of_it(open_desk: Open) -> None:
    window, desk = open_desk()
    open_page(window)
    QTest.keyClick(window.handover.list, Qt.Key.Key_C, CTRL)
    assert desk.actions.done == [("handover-noted", len(fakes.HANDOVER))]
    text = QApplication.clipboard().text()
    lines = text.splitlines()
    assert lines[0] == "Vaktoverlevering 2026-11-24 22:00, laget av Kari B. Hansen"
    assert len(lines) == 1 + len(fakes.HANDOVER)
    assert all(row.who in text and row.detail in text for row in fakes.HANDOVER)


@pytest.mark.parametrize("words", ["Fiktivord" * 110, "Fiktive ord " * 82], ids=["word", "note"])
@pytest.mark.parametrize("percent", [100, 150])
def test_a_long_note_or_word_is_broken_and_moves_nothing(
    open_desk: Open, qtbot: QtBot, words: str, percent: int
) -> None:
    window, desk = open_desk(size=SMALL)
    window.set_scale(percent)
    window.pages.toggle_handover()
    page = window.handover
    QTest.qWait(30)
    before = page.list.geometry(), page.read.geometry()
    first = desk.handover.rows()[0]
    desk.handover.tell(replace(first, detail=words[:990]), *desk.handover.rows()[1:])
    qtbot.waitUntil(lambda: words[:990].strip() in page.whole.toPlainText())
    assert (page.list.geometry(), page.read.geometry()) == before
    assert page.whole.width() <= page.body.viewport().width()
    assert not page.whole.horizontalScrollBar().isVisible()
    assert page.whole.document().size().height() > 3, "the rest is scrolled to"
    assert page.whole.verticalScrollBar().maximum() > 0
    widest = max(map(len, page.model.index(0).data(Qt.ItemDataRole.ToolTipRole).splitlines()))
    assert widest <= 90


def test_what_cannot_be_noted_is_not_copied_nor_saved(
    open_desk: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "documents", lambda: tmp_path)
    window, desk = open_desk()
    desk.actions.can_note = False
    open_page(window)
    QApplication.clipboard().setText("før")
    QTest.mouseClick(window.handover.copy, LEFT)
    QTest.mouseClick(window.handover.save, LEFT)
    QTest.mouseClick(window.handover.read, LEFT)
    assert QApplication.clipboard().text() == "før"
    assert list(tmp_path.iterdir()) == []
    assert "Si det på samband" in window.handover.answer.text()


def test_it_is_saved_as_a_text_that_any_machine_prints(
    open_desk: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "documents", lambda: tmp_path / "Dokumenter")
    window, _ = open_desk()
    open_page(window)
    for _ in range(2):
        QTest.mouseClick(window.handover.save, LEFT)
    first, second = sorted((tmp_path / "Dokumenter").iterdir())
    assert first.read_text("utf-8") == second.read_text("utf-8") == window.handover.text()
    assert first.stat().st_mode & 0o777 == 0o600
    assert str(first.parent) in window.handover.answer.text()
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(handover, "documents", lambda: tmp_path / "file")
    QTest.mouseClick(window.handover.save, LEFT)
    assert "Ikke lagret" in window.handover.answer.text()


@pytest.mark.parametrize(
    ("kind", "page"),
    [("alarm", "aid"), ("message", "people"), ("patch", "people"), ("duty", "duty_list"),
     ("missed", "calls"), ("signed-out", "timeline")],
)  # fmt: skip
def test_enter_leads_to_where_something_can_be_done(open_desk: Open, kind: str, page: str) -> None:
    window, desk = open_desk(fakes.with_alarm())
    desk.people.tell(*fakes.POSTS)
    open_page(window)
    at = next(n for n, row in enumerate(fakes.HANDOVER) if row.kind == kind)
    window.handover.list.setCurrentIndex(window.handover.model.index(at))
    QTest.keyClick(window.handover.list, Qt.Key.Key_Return)
    assert getattr(window, page).isVisible()


def test_a_pin_leads_to_its_place_on_the_map(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.landmarks.put(LandmarkRow("q1", "incident", "Fiktiv brann", 60.2, 9.1))
    desk.handover.tell(HandoverRow("q1", "pin", "Fiktiv brann", "nær Nes", "Kari", fakes.NOW_S))
    open_page(window)
    QTest.qWait(300)
    chart = window.map_place.map
    assert chart is not None
    QTest.keyClick(window.handover.list, Qt.Key.Key_Return)
    assert not window.handover.isVisible() and window.map_place.isVisible()
    middle = chart.layer.degrees_at(QPointF(*chart.layer.size_of_map) / 2)
    assert middle == pytest.approx((60.2, 9.1), abs=2e-3)


@SCREENS
def test_nothing_is_cut_that_matters(open_desk: Open, size: tuple[int, int], language: str) -> None:
    window, _ = open_desk(size=size, language=language)
    for open_it, page in (
        (window.pages.toggle_handover, window.handover),
        (window.pages.toggle_duty, window.duty_list),
        (window.pages.toggle_people, window.people),
    ):
        open_it()
        QTest.qWait(1)
        for button in page.findChildren(type(page.close_button)):
            if button.isVisible():
                assert page.rect().contains(button.geometry()), button.text()
                assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_on_the_smallest_window_no_button_of_a_form_is_cut(open_desk: Open) -> None:
    window, _ = open_desk(size=SMALLEST_WINDOW)
    window.pages.toggle_people()
    for kind, button in window.people.kinds.items():
        window.people.choose(kind)
        QTest.qWait(1)
        chips = [chip for chip in window.people.chips.chips if chip.isVisible()]
        for one in (button, window.people.confer_button, *chips):
            assert one.width() >= one.minimumSizeHint().width(), one.text()
            assert one.mapTo(window, one.rect().bottomRight()).y() < window.talk_place.y()


# -- the duty list ---------------------------------------------------------------------------


def fill(window: DeskWindow, **fields: str) -> None:
    for name, words in fields.items():
        field = getattr(window.duty_list, name)
        field.clear()
        QTest.keyClicks(field, words)


def test_somebody_comes_on_duty_with_a_form_and_enter(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_T, CTRL)
    page = window.duty_list
    assert page.role.hasFocus()
    assert page.person.text() == "Kari B. Hansen", "who sits here is offered"
    assert not page.on.isEnabled()
    fill(window, role="LV-lege", radio="amb 3-1", phone="+47 00 00 00 09", hours="12")
    QTest.keyClick(page.hours, Qt.Key.Key_Return)
    [(what, form)] = desk.posting.done
    assert what == "duty"
    unit = next(row.key for row in desk.people.candidates() if row.name == "AMB 3-1")
    assert form == DutyForm("", "LV-lege", "Kari B. Hansen", unit, "+47 00 00 00 09", 12.0)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"role": "LV-lege"}, "telefonnummer"),
        ({"role": "LV-lege", "radio": "finnes ikke"}, "Ingen radio heter finnes ikke"),
        ({"role": "LV-lege", "phone": "ring meg"}, "tall"),
        ({"role": "LV-lege", "phone": "00 00 00 09", "hours": "0"}, "1 til 72"),
        ({"role": " ", "phone": "00 00 00 09"}, "navnet"),
    ],
)
def test_what_is_missing_is_said(open_desk: Open, fields: dict[str, str], why: str) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_T, CTRL)
    fill(window, **fields)
    QTest.keyClick(window.duty_list.role, Qt.Key.Key_Return)
    assert desk.posting.done == []
    assert why in window.duty_list.answer.text()


def test_off_duty_can_be_taken_back_by_enter(open_desk: Open) -> None:
    window, desk = open_desk()
    key(window, Qt.Key.Key_T, CTRL)
    page, first = window.duty_list, fakes.DUTIES[0]
    page.list.setCurrentIndex(page.model.index(0))
    QTest.mouseClick(page.off, LEFT)
    assert desk.posting.done == [("off-duty", first.key)]
    assert first.name in page.answer.text()
    QTest.keyClick(page.role, Qt.Key.Key_Return)
    what, form = desk.posting.done[-1]
    assert (what, form.key, form.role, form.name) == ("duty", first.key, first.role, first.name)


# -- the models ------------------------------------------------------------------------------


@pytest.fixture
def found(qapp: QApplication) -> tuple[Bench, HandoverModel, Posting]:
    bench = Bench()
    people = PeopleModel(bench.store, me=lambda: ME, now_s=lambda: NOW_MS / 1e3)
    model = HandoverModel(
        bench.store, people, bench.talkgroups, me=lambda: ME, now_s=lambda: NOW_MS / 1e3
    )

    def publish(body: e.AnyBody, *, cause: str | None = None) -> bool:
        bench.say(body)
        return True

    posting = Posting(
        bench.store, publish=publish, new_id=new_id, me=lambda: ME, trains=lambda: False,
        now_s=lambda: NOW_MS / 1e3,
    )  # fmt: skip
    return bench, model, posting


def test_the_model_finds_what_is_open_and_nothing_else(
    found: tuple[Bench, HandoverModel, Posting],
) -> None:
    bench, model, posting = found
    bench.say(
        e.UnitDefined("a1", "AMB 1", "ambulance"),
        e.UnitDefined("a2", "AMB 2", "ambulance"),
        e.TalkgroupDefined("g1", "LV-1"),
        e.TalkgroupDefined("g2", "AMK-1"),
        e.AlarmRaised("A1", "a1", "g1"),
        e.AlarmRaised("A2", "a2", "g1"),
        e.AlarmTaken("A1"),
        e.AlarmNoted("A1", "Politiet er varslet"),
        e.AlarmUnitsSent("A1", ("a2",)),
        e.AlarmTaken("A2"),
        e.AlarmClosed("A2", "test"),
        e.CalloutSent("C1", ("a1",), "Storgata 1"),
        e.CalloutSent("C2", ("a1",), "Ferdig"),
        e.CalloutEnded("C2", "done"),
        e.MessageSent("lv-1", "Ring meg"),
        e.CallOffered("I1", "a1", ME),
        e.CallEnded("I1", "no-answer"),
        e.CallOffered("I2", "a2", ME),
        e.CallEnded("I2", "rejected"),
        e.PersonSignedOut("Per Fiktivsen"),
        e.PinSet(pin="Q1", name="Brann", lat=59.417, lon=10.483, since_ms=1, note="to biler"),
        e.PinSet(pin="Q2", name="Over", lat=59.417, lon=10.483, since_ms=1),
        e.PinRemoved("Q2"),
        e.LandmarkDefined(landmark="L1", name="Sykehus", lat=59.417, lon=10.483),
    )
    posting.set_duty(DutyForm("", "LV-lege", "Fiktiv Fjeld", "a1", "", 8.0))
    posting.patch(("g1", "g2"))
    posting.form_group("KONF", ("a1",))
    rows = {(row.kind, row.who): row for row in model.rows()}
    assert {kind for kind, _ in rows} == {
        "alarm", "callout", "message", "duty", "patch", "group", "missed", "signed-out", "pin",
    }  # fmt: skip
    assert len(rows) == 9
    assert "to biler" in rows["pin", "Brann"].text and "Horten" in rows["pin", "Brann"].text
    alarm = rows["alarm", "AMB 1"]
    assert "Politiet er varslet" in alarm.detail
    assert "AMB 2" in alarm.detail
    assert not alarm.urgent
    assert rows["missed", "AMB 1"].key == "I1", "who was rejected knows of it"
    assert rows["patch", "LV-1 + AMK-1"].detail


def test_what_nobody_has_answered_stands_out(found: tuple[Bench, HandoverModel, Posting]) -> None:
    bench, model, _ = found
    bench.say(e.AlarmRaised("A1", "a1", "g1"))
    [row] = model.rows()
    assert row.urgent
    assert "NOBODY HAS ANSWERED" in row.detail or "INGEN HAR SVART" in row.detail


def test_who_has_read_it_last_is_known(found: tuple[Bench, HandoverModel, Posting]) -> None:
    bench, model, _ = found
    assert model.last_read() is None
    [event] = bench.say(e.HandoverRead(alarms=1))
    said = model.last_read()
    assert said is not None
    assert (said.person, said.time_s) == (event.person or event.author, event.time_ms / 1e3)


def test_a_duty_that_goes_on_keeps_its_beginning_and_ends_now(
    found: tuple[Bench, HandoverModel, Posting],
) -> None:
    bench, _, posting = found
    began_ms = NOW_MS - 3_600_000
    bench.say(e.DutySet("d1", "LV-lege", "Fiktiv", began_ms, NOW_MS + 1_000, phone="116117"))
    posting.set_duty(DutyForm("d1", "LV-lege", "Fiktiv Fjeld", "", "116117", 2.0))
    duty = bench.store.state.duties["d1"]
    assert (duty.name, duty.from_ms) == ("Fiktiv Fjeld", began_ms)
    assert duty.ends_ms == NOW_MS + 2 * 3_600_000
    posting.end_duty("d1")
    assert bench.store.state.duties["d1"].ends_ms == NOW_MS


def test_a_page_of_nothing_says_so(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.handover.open = []
    open_page(window)
    assert window.handover._nothing.isVisible()
    assert "Ingenting er åpent" in window.handover.text()
