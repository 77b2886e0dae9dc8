"""Panels and pages in windows of their own, for a second screen; tiles and alarms never leave.

A window of its own is no child of the desk's: on a single screen the desk's alarms can then always
be lifted above it. Closing it puts the panel back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from widgets import screens
from widgets.alarm_band import NOTHING, AlarmBand, Waiting
from widgets.buttons import FlatButton, ghost
from widgets.contracts.rows import Place
from widgets.look import Look
from widgets.screens import fitted, free_place, is_seen, place_of, rect_of, stepped_aside
from widgets.taborder import go

LEAST_PX: Final = (360, 240)
FRAME_PX: Final = (40, 80)  # left free round a window that nobody has placed, for its frame


class DetachButton(FlatButton):
    """Out of the window, or back."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, icon_name="external-link", skin=ghost, parent=parent)
        self._is_out = False
        self._panel = ""
        self.retranslate()

    def set_panel(self, name: str) -> None:
        """What it takes out, as a screen reader says it after what the button does."""
        self._panel = name
        self.retranslate()

    def set_out(self, is_out: bool) -> None:
        self._is_out = is_out
        self.set_icon_name("arrow-back-up" if is_out else "external-link")
        self.retranslate()

    def retranslate(self) -> None:
        out, back = self.tr("To a window of its own"), self.tr("Back into the desk's window")
        words = back if self._is_out else out
        self.set_words("", f"{words}: {self._panel}" if self._panel else words)
        self.setToolTip(f"{words} (Ctrl+E)")


class Detachable(Protocol):
    """What is told whether it has a window of its own now."""

    def set_out(self, is_out: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Panel:
    """``parts`` from the top, each with its share of the height; ``put_back`` lays them where they
    belong; ``buttons`` lead out and back."""

    name: str
    parts: tuple[tuple[QWidget, int], ...]
    title: Callable[[], str]
    buttons: tuple[Detachable, ...]
    put_back: Callable[[], None]


class PanelWindow(QWidget):
    """One panel, alone. ``closed`` by a hand; ``placed`` when it was moved or resized."""

    closed = Signal()
    placed = Signal()

    def __init__(self, panel: Panel, look: Look) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("desk")  # its ground
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.panel = panel
        self.band = AlarmBand(look)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.band)
        for part, stretch in panel.parts:
            self._column.addWidget(part, stretch)
        self.setMinimumSize(*LEAST_PX)
        self.set_look(look)
        self.retranslate()

    def set_look(self, look: Look) -> None:
        gap = look.metrics.gap
        self.band.set_look(look)
        self._column.setContentsMargins(gap, gap, gap, gap)
        self._column.setSpacing(gap)

    def retranslate(self) -> None:
        self.setWindowTitle(self.panel.title())
        self.setAccessibleName(self.panel.title())
        self.band.retranslate()

    def place(self) -> Place:
        rect = self.normalGeometry() if self.isMaximized() else self.geometry()
        return place_of(rect, maximised=self.isMaximized())

    def focusNextPrevChild(self, forward: bool) -> bool:
        return go([part for part, _ in self.panel.parts], forward=forward)

    def moveEvent(self, _event: QMoveEvent) -> None:
        self.placed.emit()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self.placed.emit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.WindowStateChange:
            self.placed.emit()
        elif event.type() == QEvent.Type.ActivationChange:
            self.retranslate()  # a page may show another group by now
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The parts are taken out first: a window that goes must take nothing along."""
        event.accept()
        self.closed.emit()


class Detaching(QObject):
    """``opened`` and ``closing`` carry the window; ``changed``: something is to be remembered;
    ``typing_went``: a field in which somebody types has gone back, and may not be seen there;
    ``alarms_wanted``: a hand wants to see them."""

    typing_went = Signal()
    opened = Signal(QWidget)
    closing = Signal(QWidget)
    changed = Signal()
    alarms_wanted = Signal()

    def __init__(
        self, panels: Sequence[Panel], room: Callable[[], QRect], look: Look, parent: QObject
    ) -> None:
        """``room``: where the map is, on the screen."""
        super().__init__(parent)
        self._panels = {panel.name: panel for panel in panels}
        self._room = room
        self._look = look
        self._waiting = NOTHING
        self.windows: dict[str, PanelWindow] = {}
        self._left: dict[str, Place] = {}

    # --- asking ---

    def is_out(self, name: str) -> bool:
        return name in self.windows

    def name_of(self, widget: QWidget | None) -> str:
        """The panel that a widget is part of; empty: none."""
        if widget is None:
            return ""
        for name, panel in self._panels.items():
            if any(part is widget or part.isAncestorOf(widget) for part, _ in panel.parts):
                return name
        return ""

    def window_of(self, widget: QWidget) -> PanelWindow | None:
        return self.windows.get(self.name_of(widget))

    def places(self) -> dict[str, Place]:
        return {name: window.place() for name, window in self.windows.items()}

    @property
    def left(self) -> dict[str, Place]:
        """Where those had stood that are home again."""
        return {name: place for name, place in self._left.items() if name not in self.windows}

    # --- out and back ---

    def toggle(self, name: str) -> None:
        if self.is_out(name):
            self.bring_back(name)
        elif name in self._panels:
            self.take_out(name)

    def take_out(self, name: str, place: Place | None = None, *, activate: bool = True) -> None:
        """To where it was before on these screens; else to another screen than the desk's, beside
        what is out already, or, with one alone, to where the map is: never in front of tiles or
        alarms."""
        panel, rect = self._panels[name], self._rect_for(name, place)
        place = place or self._before(name)
        typed_in = _field_of(panel)
        window = PanelWindow(panel, self._look)
        window.band.show_waiting(self._waiting)
        window.band.pressed.connect(self.alarms_wanted)
        self.windows[name] = window
        window.setGeometry(rect)
        if not activate:
            window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        window.setFocus()  # not a field that nobody types in, which would keep the talk key away
        window.closed.connect(lambda: self.bring_back(name))
        window.placed.connect(self.changed)
        for part, _ in panel.parts:
            part.setMinimumWidth(0)
            part.setMaximumWidth(16_777_215)
            part.show()
        for button in panel.buttons:
            button.set_out(True)
        if place is not None and place.maximised:
            window.showMaximized()
        else:
            window.show()
        self.opened.emit(window)
        if activate:
            window.activateWindow()
        if typed_in is not None:
            typed_in.setFocus()
        self.changed.emit()

    def _rect_for(self, name: str, place: Place | None) -> QRect:
        before = place or self._before(name)
        if before is None:
            return self._first_rect()
        rect = fitted(rect_of(before), screens.areas())
        if place is None:  # another may stand there meanwhile
            rect = stepped_aside(rect, self._taken(), QSize(*LEAST_PX))
        return rect

    def _before(self, name: str) -> Place | None:
        """Where a hand had it last, while there is a screen there."""
        place, there = self._left.get(name), screens.areas()
        is_there = place is not None and (not there or is_seen(rect_of(place), there))
        return place if is_there else None

    def _taken(self) -> list[QRect]:
        return [window.frameGeometry() for window in self.windows.values()]

    def _first_rect(self) -> QRect:
        room, there = self._room(), screens.areas()
        taken = self._taken()
        others = [one for one in there if not one.contains(room.center())]
        if not others:
            return stepped_aside(fitted(room, there), taken, QSize(*LEAST_PX))
        frame = QSize(*FRAME_PX)
        for screen in others:
            size = room.size().boundedTo(screen.size() - frame)
            rect = free_place(size, screen, taken, QSize(*LEAST_PX), frame)
            if rect is not None:
                return rect
        size = room.size().boundedTo(others[0].size() - frame)
        rect = QRect(others[0].topLeft(), size)
        rect.moveCenter(others[0].center())
        return stepped_aside(rect, taken, QSize(*LEAST_PX))

    def bring_back(self, name: str) -> None:
        window = self.windows.pop(name, None)
        if window is None:
            return
        typed_in = _field_of(window.panel)
        self.closing.emit(window)
        self._left[name] = window.place()
        for button in window.panel.buttons:
            button.set_out(False)
        window.panel.put_back()
        if typed_in is not None:
            typed_in.setFocus()
            self.typing_went.emit()
        window.hide()
        window.deleteLater()
        self.changed.emit()

    def bring_all_back(self) -> None:
        for name in tuple(self.windows):
            self.bring_back(name)

    def arrange(self, places: dict[str, Place], left: Mapping[str, Place]) -> None:
        """As it was remembered for these screens."""
        for name in tuple(self.windows):
            if name not in places:
                self.bring_back(name)
        for name, place in places.items():
            if name in self.windows:
                self.windows[name].setGeometry(fitted(rect_of(place), screens.areas()))
            elif name in self._panels:
                self.take_out(name, place, activate=False)
        self._left = {name: place for name, place in left.items() if name in self._panels}

    def bring_back_unseen(self) -> None:
        """Those whose screen has gone."""
        there = screens.areas()
        for name, window in tuple(self.windows.items()):
            if there and not is_seen(window.geometry(), there):
                self.bring_back(name)

    # --- alarms ---

    def show_waiting(self, waiting: Waiting) -> None:
        """Who looks at one of these must see it there too."""
        self._waiting = waiting
        for window in self.windows.values():
            window.band.show_waiting(waiting)

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        for window in self.windows.values():
            window.set_look(look)

    def retranslate(self) -> None:
        for window in self.windows.values():
            window.retranslate()


def _field_of(panel: Panel) -> QLineEdit | None:
    """Of its fields the one that somebody types in: who goes on typing must not press the desk's
    keys."""
    field = QApplication.focusWidget()
    if not isinstance(field, QLineEdit):
        return None
    return field if any(part.isAncestorOf(field) for part, _ in panel.parts) else None
