"""A whole desk for ``bench alarm``: told over its standard input what to do, it says when it has.

``raise`` holds the button of the own alarm until it has gone off, ``cancel`` takes it back. It says
``ready``, ``raised``, ``painted`` and ``gone`` (the last card), each with a monotonic time.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest

from console.cli import command_parser
from console.desk.desk import Desk
from widgets.alarm_card import AlarmCard
from widgets.ownalarm import OwnAlarmButton

LOOK_MS = 20
LEFT = Qt.MouseButton.LeftButton


def say(word: str, at_s: float) -> None:
    print(word, at_s, flush=True)


class Hands(QObject):
    """``told`` carries a word of the standard input to the Qt thread."""

    told = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._is_ready = self._had_cards = False
        self.told.connect(self._do)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._watch)
        self._look.start()
        threading.Thread(target=self._listen, name="words", daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self.told.emit(line.strip())

    def _do(self, word: str) -> None:
        window = self._desk.window
        if word == "raise":
            QTest.mousePress(window.own_alarm, LEFT)
        elif word == "cancel":
            QTest.mouseRelease(window.own_alarm, LEFT)
            QTest.mouseClick(window.own_alarm_bar.button, LEFT)

    def _watch(self) -> None:
        status = self._desk.parts.status.status()
        is_there = status.site_read and status.engine_link == "up"
        if is_there and not self._is_ready:
            self._is_ready = True
            say("ready", time.monotonic())
        has_cards = bool(self._desk.parts.alarms.keys())
        if self._had_cards and not has_cards:
            say("gone", time.monotonic())
        self._had_cards = has_cards


def watch_paints() -> None:
    """A card says once that it has been painted."""
    paint, seen = AlarmCard.paintEvent, set[str]()

    def painted(card: AlarmCard, event: Any) -> None:
        paint(card, event)
        if card.row.key not in seen:
            seen.add(card.row.key)
            say("painted", time.monotonic())

    AlarmCard.paintEvent = painted  # type: ignore[method-assign,assignment]


def watch_button() -> None:
    """The moment at which it has been held for long enough, before anything is made of it."""
    held_on = OwnAlarmButton._held_on

    def held(button: OwnAlarmButton) -> None:
        now_s, was_held = time.monotonic(), button.is_held
        held_on(button)
        if was_held and not button.is_held:
            say("raised", now_s)

    OwnAlarmButton._held_on = held  # type: ignore[method-assign,assignment]


def main(words: list[str]) -> int:
    what, home, device = words
    watch_paints() if what == "hears" else watch_button()
    line = ["desk", "--home", home, "--interface", "127.0.0.1", "--device", device, "--offscreen"]
    given = command_parser("desk").parse_args([*line, "--person", what])
    given.keys = None  # the site's are used
    desk = Desk(given)
    signal.signal(signal.SIGTERM, lambda *_: QCoreApplication.quit())
    hands = Hands(desk)
    try:
        return desk.run()
    finally:
        hands.deleteLater()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
