"""How the desk's windows stand, remembered for each set of screens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtGui import QGuiApplication

from console.settings import DeskSettings, ScreenSettings, WindowPlace, with_screens
from widgets import screens
from widgets.contracts.rows import Arrangement, Place
from widgets.screens import fitted, set_up
from widgets.window import DeskWindow

SETTLE_MS: Final = 500
"""When a screen comes or goes, the system moves windows about: what is wanted follows that."""
FIRST_SIZE: Final = (1_920, 1_080)


class Arranging(QObject):
    """Puts the windows where they were, and says how they stand when that is to be saved."""

    def __init__(self, window: DeskWindow, save_soon: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._save_soon = save_soon
        self._known: Callable[[], DeskSettings] | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._screens_are)
        self._arrangement: Arrangement | None = None  # when the window closed

    def open(self, known: Callable[[], DeskSettings], size: tuple[int, int] | None) -> None:
        """``size``: given by hand, for this once; None: as it was, or what fits the screen."""
        self._known = known
        there = screens.areas()
        kept = known().screens.get(set_up(there))
        wanted = arrangement_of(kept) if kept is not None else Arrangement()
        if size is not None:
            self._window.resize(*size)
            wanted = replace(wanted, window=None)
        elif wanted.window is None:
            self._window.resize(fitted(QRect(0, 0, *FIRST_SIZE), there[:1]).size())
        self._window.arrange(Arrangement(wanted.window))
        self._window.show()
        self._window.arrange(replace(wanted, window=None))
        self._window.arranged.connect(self._save_soon)
        self._window.closing.connect(self._keep)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(lambda _screen: self._settle.start())
            app.screenRemoved.connect(lambda _screen: self._settle.start())

    def _keep(self) -> None:
        """Before what has a window of its own comes home, for good."""
        self._arrangement = self._window.arrangement()

    def _screens_are(self) -> None:
        """As it was remembered for these; else what is on none of them comes back into view."""
        if self._known is None:
            return
        kept = self._known().screens.get(set_up(screens.areas()))
        if kept is not None:
            self._window.arrange(arrangement_of(kept))
        self._window.come_into_view()

    def noted(self, settings: DeskSettings) -> DeskSettings:
        """With how the windows stand now."""
        if self._known is None:
            return settings
        now = self._arrangement or self._window.arrangement()
        return with_screens(settings, set_up(screens.areas()), settings_of(now))


def arrangement_of(kept: ScreenSettings) -> Arrangement:
    window = None if kept.window is None else _place(kept.window)
    return Arrangement(window, _places(kept.panels), kept.page, _places(kept.left))


def _places(kept: Mapping[str, WindowPlace]) -> dict[str, Place]:
    return {name: _place(one) for name, one in kept.items()}


def _place(one: WindowPlace) -> Place:
    return Place(one.x, one.y, one.width, one.height, one.maximised)


def settings_of(now: Arrangement) -> ScreenSettings:
    window = None if now.window is None else _kept(now.window)
    panels, left = (
        {name: _kept(place) for name, place in some.items()} for some in (now.panels, now.left)
    )
    return ScreenSettings(window, panels, now.page, left)


def _kept(place: Place) -> WindowPlace:
    return WindowPlace(place.x, place.y, place.width, place.height, place.maximised)
