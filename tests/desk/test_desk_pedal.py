"""Never left open: a real desk, site, engine and pedal, and what goes wrong with each of them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from audio.client import EngineClient
from audio.protocol import stream_id
from console.cli import command_parser
from console.desk.desk import Desk
from console.domain.events import TalkgroupDefined
from console.settings import ButtonSettings, DeskSettings, SettingsFile, TileSettings
from console.site.find import find_site
from console.site.visit import visit
from console.streams.announce import Announcer, Offer
from tests.audio.mic_lab import NAME
from tests.audio.pulse import missing, pulse
from tests.desk.processes import LOOPBACK, Net, engine_of, wait_for
from tests.desk.test_desk_hands import Sitting
from tests.desk.test_desk_talks import mouth_of
from tests.pedals.lab import BTN_TRIGGER, Bench, Plugged
from tests.turning import turn
from widgets.contracts.rows import ButtonRow

pytestmark = [
    pytest.mark.pulse,
    pytest.mark.system,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

LEASE_S = 1.5
SLACK_S = 0.5
"""How late a busy machine's engine and this test may look."""
BUTTON = ButtonSettings("talk", "linux:event:0000:0000:Pedal:", f"k{BTN_TRIGGER}", "Pedal: 1")


@dataclass
class Place:
    """A net with a group that can be talked in, and a pedal."""

    net: Net
    stream: str
    bench: Bench
    pedal: Plugged


@pytest.fixture
def place(lan: Net, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    bench = Bench(lan.home / "devices")
    with pulse() as server, mouth_of(server, monkeypatch):
        lan.start("site", "--name", "Site")
        announcer = Announcer(LOOPBACK)
        try:
            announcer.announce(Offer("lv1", "lv1", 5_004, "239.77.1.7"))
            yield Place(
                lan, stream_id("lv1", announcer.host), bench, bench.input("Pedal", (BTN_TRIGGER,))
            )
        finally:
            announcer.close()
            bench.close()


def settings(place: Place, *, buttons: tuple[ButtonSettings, ...], tile: str = "") -> None:
    tiles = {tile: TileSettings("selected")} if tile else {}
    made = DeskSettings(microphone=NAME, buttons=buttons, tiles=tiles)
    SettingsFile(place.net.home / "desk" / "settings.json").save(made)


@pytest.fixture
def sitting(place: Place) -> Iterator[Sitting]:
    settings(place, buttons=())
    line = ["desk", "--home", str(place.net.home), "--interface", LOOPBACK, "--device", "null"]
    line += ["--person", "Kari Nordmann", "--language", "en"]
    given = command_parser("desk").parse_args([*line, "--devices", str(place.bench.root)])
    given.keys = None
    desk = Desk(given)
    window = desk.open()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 5_000)
    here = Sitting(place.net, window, desk)
    try:
        here.until(lambda: desk.parts.status.status().site_link == "up", "the site")
        define(place)
        here.until(lambda: len(desk.parts.talkgroups.keys()) == 1, "the group")
        here.until(desk.parts.outside.grants, "an arbiter")
        here.until(lambda: desk.parts.status.status().microphone.state == "ready", "the microphone")
        here.until(lambda: not desk.parts.status.status().transmit_note, "nothing is in the way")
        desk.parts.actions.select(place.stream)
        here.until(lambda: hears(here, place.stream), "the site's policy lets it be heard")
        yield here
    finally:
        desk.end()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def define(place: Place) -> None:
    home = place.net.home
    with visit(find_site(home, interface=LOOPBACK), spool=home / "guest") as guest:
        guest.deliver(TalkgroupDefined("lv1", "LV1", "legevakt"))


def hears(here: Sitting, stream: str) -> bool:
    """What is not heard, as the policy is not known yet, can't be talked in."""
    talkgroups = here.desk.parts.talkgroups
    return stream in tuple(talkgroups.keys()) and talkgroups.row(stream).presence != "unreachable"


def gate(engine: EngineClient) -> str:
    return engine.status(10.0).talk.state


def closes(here: Sitting, engine: EngineClient, what: str, done: Callable[[], object]) -> float:
    """Seconds until the engine says so."""
    here.until(lambda: gate(engine) == "open", f"the gate is open before {what}")
    begun_s = time.monotonic()
    done()
    here.until(lambda: gate(engine) == "idle", f"closed after {what}")
    took_s = time.monotonic() - begun_s
    assert took_s < LEASE_S + SLACK_S, f"{what}: {took_s:.2f} s"
    return took_s


def leave(here: Sitting) -> None:
    event = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(here.window.windowHandle(), event)


def test_a_pedal_is_learned_talks_and_whatever_happens_to_it_closes_the_microphone(
    place: Place, sitting: Sitting
) -> None:
    here, desk, pedal = sitting, sitting.desk, place.pedal
    desk.parts.actions.learn_button("talk")
    here.until(lambda: desk.parts.buttons.pid != 0, "its reader")
    here.until(lambda: bool(desk.parts.status.status().buttons.devices), "the pedal is seen")
    with engine_of(place.net.home) as (engine, _):
        pedal.key(BTN_TRIGGER, 1)
        turn(300)
        assert gate(engine) == "idle", "nothing is opened by what is learned"
        pedal.key(BTN_TRIGGER, 0)
        here.until(lambda: row(here).stand == "ready", "learned")
        assert row(here).label == "Pedal: 1"

        took = {}
        pedal.key(BTN_TRIGGER, 1)
        took["released"] = closes(here, engine, "a release", lambda: pedal.key(BTN_TRIGGER, 0))

        QTest.keyPress(here.window.windowHandle(), Qt.Key.Key_Space)
        took["focus"] = closes(here, engine, "focus lost", lambda: leave(here))
        QTest.keyRelease(here.window.windowHandle(), Qt.Key.Key_Space)

        pedal.key(BTN_TRIGGER, 1)
        took["unplugged"] = closes(here, engine, "unplugging", pedal.unplug)
        assert "unplugged" in here.window.talk_place.subline()
        here.until(lambda: row(here).stand == "absent", "it is told")
        pedal = place.bench.input("Pedal", (BTN_TRIGGER,), number=3)
        here.until(lambda: row(here).stand == "ready", "and back")

        pedal.key(BTN_TRIGGER, 1)
        reader = desk.parts.buttons.pid
        took["killed"] = closes(here, engine, "a kill", lambda: os.kill(reader, signal.SIGKILL))
        here.until(lambda: desk.parts.buttons.pid not in (0, reader), "another reader")
        here.until(lambda: row(here).stand == "ready", "which has the pedal")
        pedal.key(BTN_TRIGGER, 0)

        pedal.key(BTN_TRIGGER, 1)
        reader = desk.parts.buttons.pid
        took["hung"] = closes(here, engine, "a hang", lambda: os.kill(reader, signal.SIGSTOP))
        assert "does not answer" in here.window.talk_place.subline()
        pedal.key(BTN_TRIGGER, 0)
        os.kill(reader, signal.SIGCONT)
        here.until(lambda: not transmitting(here), "nothing is opened by what is read late")
        print({what: round(seconds, 2) for what, seconds in took.items()})
    saved = place.net.home / "desk" / "settings.json"
    here.until(lambda: '"purpose": "talk"' in saved.read_text("utf-8"), "remembered")


def row(here: Sitting) -> ButtonRow:
    return here.desk.parts.status.status().buttons.row("talk")


def space(here: Sitting) -> None:
    QTest.keyClick(here.window.windowHandle(), Qt.Key.Key_Space)


def transmitting(here: Sitting) -> bool:
    return here.desk.parts.status.status().transmit.is_open


def test_a_latched_key_is_closed_by_the_next_press_and_by_a_desk_that_loses_the_focus(
    place: Place, sitting: Sitting
) -> None:
    here = sitting
    here.desk.parts.actions.set_latch(True)
    with engine_of(place.net.home) as (engine, _):
        space(here)
        here.until(lambda: here.window.talk_place.headline() == "LOCKED OPEN", "it says so")
        closes(here, engine, "the next press", lambda: space(here))
        space(here)
        closes(here, engine, "focus lost", lambda: leave(here))
    saved = place.net.home / "desk" / "settings.json"
    here.until(lambda: '"latch": true' in saved.read_text("utf-8"), "remembered")


@pytest.mark.long
def test_a_desk_that_hangs_with_the_pedal_down_loses_the_gate_and_opens_nothing_afterwards(
    place: Place,
) -> None:
    settings(place, buttons=(BUTTON,), tile=place.stream)
    desk = place.net.desk("--devices", str(place.bench.root), "--person", "Kari Nordmann")
    try:
        with engine_of(place.net.home) as (engine, _):
            define(place)

            def opens() -> bool:
                """A press before all is ready is none."""
                place.pedal.key(BTN_TRIGGER, 0)
                time.sleep(0.2)
                place.pedal.key(BTN_TRIGGER, 1)
                time.sleep(1.0)
                return gate(engine) == "open"

            wait_for(opens, "the gate is open by the pedal")
            desk.send_signal(signal.SIGSTOP)
            begun_s = time.monotonic()
            wait_for(lambda: gate(engine) == "idle", "the gate is closed")
            took_s = time.monotonic() - begun_s
            assert took_s < LEASE_S + SLACK_S, f"{took_s:.2f} s"
            place.pedal.key(BTN_TRIGGER, 0)
            place.pedal.key(BTN_TRIGGER, 1)  # while nobody reads what the reader says of it
            time.sleep(1.0)
            desk.send_signal(signal.SIGCONT)
            until_s = time.monotonic() + 2.0
            while time.monotonic() < until_s:
                assert gate(engine) == "idle", (
                    "what was pressed while it hung is not meant any more"
                )
                time.sleep(0.05)
            print(f"hung desk: {took_s:.2f} s")
    finally:
        desk.send_signal(signal.SIGCONT)
