"""A desk put together: its parts, its window, and, once that is painted, its links.

Order matters for the start: the window first, then, once it has been painted, the links, which
find their peers on threads of their own. Nothing here waits for a network or a device.
"""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from audio import protocol
from audio.logs import logging_to
from console import garbage
from console.desk.arranging import Arranging
from console.desk.collector import Collector
from console.desk.command_line import devices_below, settings_with
from console.desk.marks import FIRST_PAINT, Marks
from console.desk.memory import Memory
from console.desk.parts import Parts
from console.desk.picture import Picture
from console.desk.wiring import wire
from console.settings import DeskSettings, SettingsFile
from console.site.node.lock import FolderLock
from widgets.app import make_application
from widgets.theme import PALETTES
from widgets.window import DeskWindow

if TYPE_CHECKING:
    from console.desk.linked import Linked

HEARTBEAT_MS: Final = 250
TOUR_MS: Final = 3_000
"""After the first paint: what there is to be explained, and an alarm, has come by then."""


class Desk(QObject):
    """One window and all that stands behind it; made and run on the main thread."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        home = options.home.resolve()
        file = SettingsFile(home / "desk" / "settings.json")
        left = file.load()
        known = settings_with(left, options)
        self._app = make_application(["vaktbord"], known.theme, known.language)
        super().__init__()
        self._marks = Marks()
        self._linked: Linked | None = None
        self.memory = Memory(file, known, self._gathered, self)
        self.parts = Parts(
            home, self.memory, devices_below(getattr(options, "devices", None)), self
        )
        self._shown = self.parts.sources()
        self.window = DeskWindow(self._shown, PALETTES[known.theme], known.language)
        self.window.set_scale(known.scale)
        self.window.left_muted.sat_before(left.person)
        self._arranging = Arranging(self.window, self.memory.save_soon, self)
        self._collector = Collector(self)
        self.window.painted.connect(self._painted)
        wire(self.parts, self.window)
        self.parts.layouts.start()
        if file.is_new:  # the author's name is to stand from the first event on
            self.memory.save_soon()

    @property
    def linked(self) -> Linked:
        """There is one once the window has been painted."""
        assert self._linked is not None
        return self._linked

    def run(self) -> int:
        """Until the window is closed or the process is asked to end."""
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, lambda *_: self._app.quit())
        self.open()
        try:
            return self._app.exec()
        finally:
            self.end()

    def open(self) -> DeskWindow:
        """Show the window; the rest follows its first paint."""
        # Python looks after a signal only when Python code runs; the heartbeat sees to that.
        heart = QTimer(self)
        heart.setInterval(HEARTBEAT_MS)
        heart.timeout.connect(self._beat)
        heart.start()
        self._collector.watch(self.window)
        self._collector.start()
        self._arranging.open(lambda: self.memory.now, self._options.size)
        return self.window

    def _beat(self) -> None:
        """From this very event loop: its absence is what a hung window looks like."""
        self.parts.outside.to_engine(protocol.Heartbeat())

    # -- after the first paint ----------------------------------------------------------------

    def _painted(self) -> None:
        self._marks.make(FIRST_PAINT)
        QTimer.singleShot(0, self.link_up)
        is_seen = QGuiApplication.platformName() != "offscreen"  # by anybody
        if is_seen and not self.memory.now.toured and self._options.screenshot is None:
            QTimer.singleShot(TOUR_MS, self.window, self.window.begin_tour)
        if self._options.screenshot is not None:
            QTimer.singleShot(round(self._options.after * 1_000), self._take_picture)

    def _take_picture(self) -> None:
        path = self._options.screenshot
        picture = Picture(self.window, self._shown, path, self._app.exit, self)
        picture.take_when_settled()

    def link_up(self) -> None:
        from console.desk.linked import Linked  # noqa: PLC0415  # after the first paint

        self._linked = Linked(self.parts, self._options, self._marks, self)
        self._linked.start(start_site=getattr(self._options, "start_site", False))

    # -- the end ------------------------------------------------------------------------------

    def _gathered(self, settings: DeskSettings) -> DeskSettings:
        """With how the tiles, their pages and the windows stand now."""
        tiles, order = self.parts.talkgroups.settings()
        layout = self.parts.layout.remembered()
        known = msgspec.structs.replace(settings, tiles=tiles, order=order, layout=layout)
        return self._arranging.noted(known)

    def end(self) -> None:
        self._collector.stop()
        self.parts.buttons.stop()
        self.parts.maps.stop()
        self.parts.places.stop()
        if self._linked is not None:
            self._linked.end()
        self.memory.end()
        self.window.end()


def open_desk(options: argparse.Namespace) -> int:
    """Make and run a desk. Returns its exit code; 1 when this home has a desk already."""
    lock = FolderLock(options.home.resolve() / "desk" / "desk.lock")
    try:
        is_ours = lock.take()
    except OSError as error:
        print(f"vaktbord: {options.home} can't be written to: {error.strerror}", file=sys.stderr)
        return 1
    if not is_ours:
        print(
            "vaktbord: a desk is open here already. Close it first, or give this one a home of "
            "its own with --home DIR.",
            file=sys.stderr,
        )
        return 1
    with logging_to(options.home.resolve() / "desk" / "desk.log", options.log_level):
        garbage.set_code_aside()
        return Desk(options).run()
