"""Pictures of the window's main states, of made-up data: ``python -m tests.gui.pictures``.

Written to docs/screenshots, for the documents and for who judges the look. No network, no sound.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "Europe/Oslo"

from PySide6.QtTest import QTest

from tests.gui import fakes
from widgets.app import make_application, use_language, use_palette
from widgets.contracts.rows import LiveCall
from widgets.theme import PALETTES
from widgets.window import DeskWindow

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"
SETTLE_MS: Final = 900
RINGS: Final = LiveCall("I-1", "AMB 3-1", "incoming", full=True, since_s=fakes.NOW_S - 7)
Show = Callable[[DeskWindow, fakes.Fakes], None]


def people(window: DeskWindow, desk: fakes.Fakes) -> None:
    desk.people.tell(*fakes.POSTS)
    window.pages.show_page(window.people)


def calls(window: DeskWindow, desk: fakes.Fakes) -> None:
    desk.status.edit(ringing=(RINGS,))


def cut_off(window: DeskWindow, desk: fakes.Fakes) -> None:
    """Nothing more than what the data say."""


def people_large(window: DeskWindow, desk: fakes.Fakes) -> None:
    window.set_scale(200)
    people(window, desk)


def site_figures(window: DeskWindow, _desk: fakes.Fakes) -> None:
    window.pages.toggle(window.diagnostics)
    window.diagnostics.of_site.click()


STATES: Final[dict[str, tuple[Callable[[], fakes.Fakes], Show]]] = {
    "evening": (fakes.make, cut_off),
    "alarm": (fakes.with_alarm, cut_off),
    "help-to-an-alarm": (fakes.with_alarm, lambda window, _desk: window.pages.show_help_for("a1")),
    "people": (fakes.make, people),
    "log-and-search": (fakes.make, lambda window, _desk: window.pages.show_page(window.timeline)),
    "radio-procedure": (fakes.make, lambda window, _desk: window.pages.toggle_rules()),
    "diagnostics": (fakes.make, lambda window, _desk: window.pages.toggle(window.diagnostics)),
    "a-call-rings": (fakes.make, calls),
    "cut-off": (fakes.cut_off, cut_off),
    "keys": (fakes.make, lambda window, _desk: window.pages.toggle_help()),
    "tour": (fakes.make, lambda window, _desk: window.begin_tour()),
    "map-away": (fakes.make, lambda window, _desk: window.panels.detaching.toggle("map")),
    "diagnostics-site": (fakes.make, site_figures),
    "alarm-150": (fakes.with_alarm, lambda window, _desk: window.set_scale(150)),
    "alarm-200": (fakes.with_alarm, lambda window, _desk: window.set_scale(200)),
    "people-200": (fakes.make, people_large),
}
SMALL: Final = ("night", (1_366, 768))
LARGE: Final = ("day", (1_920, 1_080))
BY_DAY_TOO: Final = ("evening", "alarm", "people")
LARGE_ONLY: Final = ("alarm-150", "alarm-200", "people-200")


def main() -> int:
    time.tzset()
    app = make_application(["pictures"], "night", "nb")
    FOLDER.mkdir(exist_ok=True)
    for name, (make, show) in STATES.items():
        both = (SMALL, LARGE) if name in BY_DAY_TOO else (SMALL,)
        for theme, size in (("night", LARGE[1]),) if name in LARGE_ONLY else both:
            use_palette(app, PALETTES[theme])
            use_language(app, "nb")
            desk = make()
            desk.status.now = replace(desk.status.now, position="Plass 1")
            window = DeskWindow(desk.sources(), PALETTES[theme], "nb")
            window.resize(*size)
            window.show()
            QTest.qWait(SETTLE_MS)
            show(window, desk)
            QTest.qWait(SETTLE_MS)
            window.grab().save(str(FOLDER / f"{name}-{theme}-{size[0]}x{size[1]}.png"))
            window.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
