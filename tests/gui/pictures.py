"""Pictures of the window's main states, of made-up data: ``python -m tests.gui.pictures``.

Written to docs/screenshots, for the documents and for who judges the look. No network, no sound.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "Europe/Oslo"


from tests.gui import fakes
from tests.turning import turn, turn_until
from widgets.app import make_application, use_language, use_palette
from widgets.contracts.rows import (
    ButtonDevice,
    ButtonRow,
    Buttons,
    Following,
    FollowState,
    LayoutDone,
    LiveCall,
    TalkState,
    TalkTarget,
    Transmit,
)
from widgets.theme import PALETTES
from widgets.window import DeskWindow

FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"
SETTLE_MS: Final = 900
PATIENCE_S: Final = 20.0
RINGS: Final = LiveCall("I-1", "AMB 3-1", "incoming", full=True, since_s=fakes.NOW_S - 7)
Show = Callable[[DeskWindow, fakes.Fakes], None]


def people(window: DeskWindow, desk: fakes.Fakes) -> None:
    desk.people.tell(*fakes.POSTS)
    window.pages.show_page(window.people)


def calls(window: DeskWindow, desk: fakes.Fakes) -> None:
    desk.status.edit(ringing=(RINGS,))


def follow(window: DeskWindow, desk: fakes.Fakes) -> None:
    """In a pause of the conversation, with another that goes on faintly."""
    followed = fakes.TALKGROUPS[1]
    for key, row in desk.talkgroups.table.items():
        state: FollowState = "followed" if key == followed.key else "dimmed"
        desk.talkgroups.table[key] = replace(row, follow=state, missed=2 if row.slot == 5 else 0)
    desk.talkgroups.edit(followed.key, speaker="")
    ends_s = fakes.NOW_S + 12
    desk.status.edit(following=Following(followed.key, followed.name, ends_s))
    window.tiles.reload()


def units(window: DeskWindow, desk: fakes.Fakes) -> None:
    """The nearest free ambulances to an alarm, and all that is known of one."""
    for key, row in desk.units.table.items():
        free = row.status in ("free", "station")
        crew = ("Ine Øving", "Per Øving") if row.kind == "ambulance" else ()
        desk.units.table[key] = replace(
            row, free=free, crew=crew, heard_s=fakes.NOW_S - 40 - 93 * int(key[1:]),
            heard_in=row.talkgroup, battery_percent=88, coverage="good",
        )  # fmt: skip
    window.units.reload()
    window.units.toggle("free")
    window.units.toggle("ambulance")
    window.hands.unit_hands.measure_from_alarm("a1")
    window.map_place.unit_clicked.emit("u2")


def escalated(window: DeskWindow, desk: fakes.Fakes) -> None:
    """A note is being written; another alarm was closed here just now."""
    desk.alarms.edit("a1", escalated=True, voice="here")
    desk.alarms.edit("a0", state="closed", closed_s=fakes.NOW_S - 9, reason="false-press")
    desk.units.edit("u10", alarm=None)
    window.alarms.note_current()


def cut_off(window: DeskWindow, desk: fakes.Fakes) -> None:
    """Nothing more than what the data say."""


def paged() -> fakes.Fakes:
    """An alarm on a page that is not shown."""
    desk, keys = fakes.with_alarm(), [row.key for row in fakes.TALKGROUPS]
    desk.layout.table = {"Vakt": keys[:4], "Samvirke": keys[4:6], "Sykehus": [keys[6]]}
    desk.layout.favourites, desk.layout.page = [keys[3]], "Vakt"
    known = desk.talkgroups.table
    known[keys[1]] = replace(known[keys[1]], speaker_kind="ambulance", speaker_agency="health")
    known[keys[5]] = replace(known[keys[5]], speaker_kind="police", speaker_agency="police")
    known[keys[3]] = replace(known[keys[3]], favourite=True)
    return desk


def stage(window: DeskWindow, desk: fakes.Fakes) -> None:
    for n, key in enumerate(desk.talkgroups.keys()):
        pan = (0.0, -1.0, 1.0, -0.33, 0.33, -0.67, 0.67)[n % 7]
        desk.talkgroups.edit(key, pan=pan, placed=n % 5 == 1)
    window.hands.show_stage(fakes.TALKGROUPS[1].key)


def came(window: DeskWindow, desk: fakes.Fakes) -> None:
    until_s, saved_s = fakes.NOW_S + 28, fakes.NOW_S - 7_200
    kept, softer = ("AMK-VESTF-1", "04-SAMV-2"), ("FELLES-2",)
    desk.layout.tell(LayoutDone("came", "Kari B. Hansen", "", until_s, saved_s, kept, softer))


def talking(window: DeskWindow, desk: fakes.Fakes) -> None:
    """In four groups, of which two have not granted it, with nobody's hand on the key."""
    keys = desk.talkgroups.keys()[:4]
    states: tuple[TalkState, ...] = ("sending", "sending", "queued", "denied")
    for key in keys[1:]:
        desk.talkgroups.edit(key, along=True)
    desk.status.edit(latch=True)
    window.hands.press_selected("bar")
    targets = []
    for key, state in zip(keys, states, strict=True):
        desk.talkgroups.edit(key, talk=state, place=1)
        targets.append(TalkTarget(desk.talkgroups.row(key).name, state, 1))
    desk.status.edit(transmit=Transmit(tuple(targets), True, fakes.NOW_S + 40))


def last_seconds(window: DeskWindow, desk: fakes.Fakes) -> None:
    key = desk.talkgroups.keys()[0]
    desk.talkgroups.edit(key, talk="sending")
    target = TalkTarget(desk.talkgroups.row(key).name, "sending")
    desk.status.edit(transmit=Transmit((target,), True, fakes.NOW_S + 7))


def pedal(window: DeskWindow, desk: fakes.Fakes) -> None:
    rows = (
        ButtonRow("talk", "PCsensor FootSwitch: B", "ready"),
        ButtonRow("call"),
        ButtonRow("replay"),
    )
    devices = (ButtonDevice("PCsensor FootSwitch"), ButtonDevice("USB Keyboard"))
    desk.status.edit(buttons=Buttons(rows, learning="replay", devices=devices))
    window.pages.toggle_talk()


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
    "following": (fakes.make, follow),
    "units": (fakes.with_alarm, units),
    "log-and-search": (fakes.make, lambda window, _desk: window.pages.show_page(window.timeline)),
    "escalated-alarm": (fakes.with_alarm, escalated),
    "hand-over": (fakes.make, lambda window, _desk: window.pages.toggle_handover()),
    "duty-list": (fakes.make, lambda window, _desk: window.pages.toggle_duty()),
    "conference": (fakes.make, lambda window, _desk: window.pages.confer_with("u3")),
    "radio-procedure": (fakes.make, lambda window, _desk: window.pages.toggle_rules()),
    "diagnostics": (fakes.make, lambda window, _desk: window.pages.toggle(window.diagnostics)),
    "a-call-rings": (fakes.make, calls),
    "pages": (paged, cut_off),
    "places-in-the-sound": (fakes.make, stage),
    "a-layout-came": (paged, came),
    "cut-off": (fakes.cut_off, cut_off),
    "talking-in-four": (fakes.make, talking),
    "last-seconds": (fakes.make, last_seconds),
    "talk-key": (fakes.make, pedal),
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
            turn(SETTLE_MS)
            show(window, desk)
            turn(SETTLE_MS)
            turn_until(partial(getattr, window, "is_settled"), "the map", PATIENCE_S)
            window.grab().save(str(FOLDER / f"{name}-{theme}-{size[0]}x{size[1]}.png"))
            window.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
