"""Little room, as on 1366 × 768 at the largest size: all can be read and reached, none is cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import fakes
from tests.gui.conftest import LARGE, SMALL, Open
from tests.gui.test_window import key
from widgets import paint
from widgets.alarm_panel import AlarmPanel
from widgets.alarm_scroll import whole
from widgets.buttons import FlatButton
from widgets.toggle import EDGE_PX, TICK_PX

CTRL = Qt.KeyboardModifier.ControlModifier
LONG_NAME = "Fiktiv Konstanse-Margrethe von Eksempel-Sigmaringen til Prøveby"
ROOMS = pytest.mark.parametrize(
    ("size", "percent"), [(SMALL, 200), (SMALL, 110), (LARGE, 200)], ids=str
)


def three_alarms() -> fakes.Fakes:
    """One of them in an exercise."""
    desk = fakes.with_alarm()
    more = replace(fakes.ALARM, key="x", call_sign="AMB 7-0", exercise=True)
    desk.alarms.table["x"] = more
    desk.status.now = replace(desk.status.now, exercise=True, undelivered=2)
    return desk


def seen(part: QWidget, within: QWidget) -> bool:
    """Whether what is drawn at its four corners is the part itself."""
    place = QRect(part.mapTo(within, QPoint(0, 0)), part.size()).adjusted(1, 1, -1, -1)
    corners = (place.topLeft(), place.topRight(), place.bottomLeft(), place.bottomRight())
    return all(within.childAt(at) is part for at in corners)


def is_cut(part: QWidget, within: QWidget) -> bool:
    """Whether some of it is drawn, and not all."""
    place = QRect(part.mapTo(within, QPoint(0, 0)), part.size())
    middle = place.center().x()
    rows = (QPoint(middle, y) for y in range(place.top() + 1, place.bottom(), 2))
    drawn = [within.childAt(at) is part for at in rows]
    return any(drawn) and not all(drawn)


@ROOMS
def test_the_standard_texts_of_a_message_can_all_be_read_and_pressed(
    open_desk: Open, size: tuple[int, int], percent: int
) -> None:
    window, desk = open_desk(three_alarms(), size=size)
    window.set_scale(percent)
    desk.people.tell(*fakes.POSTS)
    key(window, Qt.Key.Key_N, CTRL)
    QTest.qWait(50)
    page = window.people
    stops = [one for one in page.stops() if one.isVisible()]
    assert len(stops) > 12
    for stop in stops:
        if isinstance(stop, FlatButton):
            assert stop.height() >= stop.minimumSizeHint().height(), stop.text()
            assert stop.width() >= stop.minimumSizeHint().width(), stop.text()
    page.search.setFocus()
    for _ in stops:
        focused = QApplication.focusWidget()
        assert focused is not None
        assert seen(focused, window) or focused in (page.who, page.posts), focused
        cut = [one.text() for one in page.findChildren(FlatButton) if is_cut(one, window)]
        assert not cut
        window.focusNextPrevChild(True)


@ROOMS
def test_who_gets_it_is_seen_while_it_is_written(
    open_desk: Open, size: tuple[int, int], percent: int
) -> None:
    window, desk = open_desk(three_alarms(), size=size)
    window.set_scale(percent)
    desk.people.tell(*fakes.POSTS)
    key(window, Qt.Key.Key_N, CTRL)
    window.people.write_to("u7")
    QTest.qWait(50)
    assert window.people.text.hasFocus()
    window.people.posts.setFocus()  # down to what was sent, and back
    window.people.text.setFocus()
    QTest.qWait(20)
    for part in (window.people.to, window.people.text, window.people.send):
        assert seen(part, window), part


@pytest.mark.parametrize(("size", "percent"), [(SMALL, 200), (SMALL, 100), (LARGE, 200)], ids=str)
def test_where_the_voice_goes_pushes_nothing_out_of_the_window(
    open_desk: Open, size: tuple[int, int], percent: int
) -> None:
    window, desk = open_desk(size=size)
    window.set_scale(percent)
    for name in desk.talkgroups.keys()[1:4]:
        desk.talkgroups.edit(name, along=True)
    QTest.qWait(50)
    assert window.goes_to.isVisible()
    parts = window.bottom_row()
    for n, part in enumerate(parts):
        place = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
        assert window.rect().contains(place), part
        others = (QRect(one.mapTo(window, QPoint(0, 0)), one.size()) for one in parts[n + 1 :])
        assert not any(place.intersects(other) for other in others), part
    assert window.now.width() >= window._look.metrics.px(120), "who talks can be read"


@ROOMS
def test_the_mark_of_an_exercise_is_never_cut(
    open_desk: Open, size: tuple[int, int], percent: int
) -> None:
    window, desk = open_desk(three_alarms(), size=size)
    window.set_scale(percent)
    for person in (desk.status.now.person, LONG_NAME):
        desk.status.edit(person=person)
        QTest.qWait(30)
        for mark in (window.top.exercise, window.top.undelivered, window.top.clock):
            assert not mark.elides(), mark.text()


def test_a_long_name_is_cut_and_not_how_the_desk_stands(open_desk: Open) -> None:
    assert len(LONG_NAME) == 63
    window, desk = open_desk(size=SMALL)
    desk.status.edit(person=LONG_NAME, exercise=True, undelivered=2)
    QTest.qWait(30)
    top = window.top
    for words in (top.site, top.site_link, top.engine_link, top.device, top.date):
        assert not words.elides(), words.text()
        assert words.isVisible()
    assert top.person.elides()
    assert top.person.toolTip().splitlines()[0] == LONG_NAME
    assert LONG_NAME in top.person.accessibleName()
    desk.status.edit(person="Kari B. Hansen")
    QTest.qWait(30)
    assert not top.person.elides()
    assert "Kari" not in top.person.toolTip()


def wheel(panel: AlarmPanel, notches: int) -> None:
    view = panel._scroll.viewport()
    at = QPointF(view.rect().center())
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, -120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


@ROOMS
def test_no_alarm_is_cut_through_wherever_the_wheel_stops(
    open_desk: Open, qtbot: QtBot, size: tuple[int, int], percent: int
) -> None:
    window, desk = open_desk(three_alarms(), size=size)
    window.set_scale(percent)
    desk.alarms.edit("x", note="To pasienter, den ene våken", sent="AMB 1-1")
    panel = window.alarms
    qtbot.waitUntil(lambda: panel._is_whole(panel.card(panel.current)))
    bar = panel._scroll.verticalScrollBar()
    bar.setValue(0)
    passed = set()
    for _ in range(len(panel._cards) + 1):
        QTest.qWait(5)
        tops = {card.geometry().top(): name for name, card in panel._cards.items()}
        assert bar.value() in tops or bar.maximum() == 0
        cut = [one.text() for one in panel.findChildren(FlatButton) if is_cut(one, window)]
        assert not cut
        passed |= {name for name, card in panel._cards.items() if panel._is_in_view(card)}
        wheel(panel, 1)
    assert passed == set(panel._cards), "each is seen whole on the way"
    for _ in panel._cards:
        wheel(panel, -1)
    assert bar.value() == 0


def test_a_card_that_says_more_than_there_is_room_for_keeps_its_buttons(open_desk: Open) -> None:
    window, desk = open_desk(three_alarms(), size=SMALL)
    window.set_scale(200)
    desk.alarms.edit(
        "a1", escalated=True, note="To pasienter", sent="AMB 1-1", reopened_s=fakes.NOW_S - 20,
        owner="Kari B. Hansen", voice="elsewhere", voice_at="Plass 2",
    )  # fmt: skip
    panel, card = window.alarms, window.alarms.card("a1")
    panel.choose("a1")
    key(window, Qt.Key.Key_N)
    QTest.qWait(30)
    assert panel._is_whole(card)
    assert len(card._shown_lines()) < len(card._lines())
    for part in (card.acknowledge, card.take, card.show_place, card.note, card.text):
        assert seen(part, window)
    assert "To pasienter" in card.toolTip()


def test_as_many_whole_cards_as_fit() -> None:
    assert whole([], 8, 300) == 0
    assert whole([100, 100, 100], 8, 300) == 208
    assert whole([150, 210, 90], 8, 300) == 210
    assert whole([400, 100], 8, 300) == 300, "nothing else can be done"


def test_what_is_looked_for_in_a_hurry_has_no_ellipsis(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A telephone number before a name, a place before two buttons, figures before their number."""
    window, _ = open_desk(three_alarms(), size=SMALL)
    window.set_scale(200)
    window.pages.show_help_for("a1")
    QTest.qWait(30)
    assert not window.aid.where.elides()
    window.pages.toggle_duty()
    QTest.qWait(30)
    assert not window.duty_list.answer.elides()
    assert window.duty_list.person.text()
    assert window.duty_list.person.cursorPosition() == 0
    window.pages.show_page(window.diagnostics)
    QTest.qWait(30)
    assert window.diagnostics.head_row.elided() == ()
    cut = []
    real = paint.text

    def note(painter: QPainter, rect: QRect, words: str, *more: object, **how: object) -> int:
        used = real(painter, rect, words, *more, **how)  # type: ignore[arg-type]  # as they came
        if words and painter.fontMetrics().horizontalAdvance(words) > rect.width():
            cut.append(words)
        return used

    monkeypatch.setattr(paint, "text", note)
    window.duty.grab()
    window.diagnostics.list.grab()
    figures = [words for words in cut if words[:1].isdigit() or words[:1] in "+<"]
    assert figures == []


def test_a_button_that_stays_down_has_a_tick_that_lies_on_no_word(open_desk: Open) -> None:
    window, _ = open_desk(size=SMALL)
    window.pages.toggle_talk()
    hold = window.talk_page.hold
    assert hold.isChecked()
    beside = (hold.width() - hold._content_width()) // 2
    assert beside >= TICK_PX + EDGE_PX
    window.pages.show_page(window.timeline)
    shown = window.timeline.spans["all"]
    assert (shown.shown_icon(), window.timeline.spans["hour"].shown_icon()) == ("check", "clock")


def test_what_stands_where_nothing_is_yet_covers_its_list_and_no_more(
    open_desk: Open,
) -> None:
    window, desk = open_desk(size=SMALL)
    desk.people.sent = []
    window.set_scale(200)
    key(window, Qt.Key.Key_N, CTRL)
    people = window.people
    for kind in people.kinds:  # each leaves the list another height
        people.choose(kind)
        QTest.qWait(20)
        assert people._nothing.geometry() == people.posts.rect(), kind
