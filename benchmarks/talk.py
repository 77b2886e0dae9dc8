"""From the talk key, or a pedal, to the permit tone in the headset: a real desk, site and engine.

One machine: a site in a process of its own, an engine that plays to a null sink of a private
PulseAudio, and this process's desk, drawn offscreen, whose key is pressed or whose pedal speaks as
the kernel's device file does. The sink's monitor is recorded; the tone's first sample is looked
for. Control in the same run, in turn with the presses: the same tone asked of the same engine
without desk and site, which is what the sound path alone costs. Linux, PulseAudio.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from audio import protocol
from audio.client import EngineClient, EngineError
from benchmarks.delay import RATE, Monitor
from benchmarks.figures import spread
from benchmarks.soak import environment, why_not
from tests.turning import turn

if TYPE_CHECKING:
    from console.desk.desk import Desk
    from tests.desk.processes import Net
    from tests.pedals.lab import Plugged

NAME: Final = "talk"
LOOPBACK: Final = "127.0.0.1"
GROUP: Final = "lv1"
PORT: Final = 44_600
HELD_S: Final = 0.6
REST_S: Final = 0.7  # the end tone is over, and all is still
LOUD: Final = 0.01
STILL_S: Final = 0.001
"""Nothing is as quick: what sounds when the key goes down is no answer to it."""
PATIENCE_S: Final = 60.0
GOAL_MS: Final = 150.0  # p95
MISSED: Final = 0.5  # of the presses: more, and the run says nothing
BUSY: Final = 1.0  # running processes a core while nothing is measured


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError without PulseAudio or its tools."""
    wanting = why_not()
    if wanting:
        raise RuntimeError(wanting)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.audio.mic_lab import mouth
    from tests.audio.pulse import pulse

    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    with (
        tempfile.TemporaryDirectory(prefix="vk-") as name,
        pulse() as server,
        environment(server.env),
    ):
        server.plug_in("mic")
        with mouth(server), Monitor(server.env) as monitor, _desk(Path(name)) as here:
            return {**_measure(here, monitor, 8 if quick else 40), "load": load}


def report(result: dict[str, Any]) -> str:
    is_fast = max(result["key"]["p95_ms"], result["pedal"]["p95_ms"]) <= GOAL_MS
    is_met = is_fast and not result["missed"]
    verdict = "met" if is_met else "NOT met"
    if not is_met and result["load"] > BUSY:
        verdict = "inconclusive: the machine was busy before it began"
    ratio = result["key"]["p50_ms"] / result["control"]["p50_ms"]
    return "\n".join(
        [
            f"to the permit tone's first sample at the sink's monitor, {result['presses']} presses "
            f"each; {result['load']:.1f} processes a core ran before",
            f"{'':36}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}",
            _row("talk key", result["key"]),
            _row("pedal (its device file)", result["pedal"]),
            _row("control: the engine alone", result["control"]),
            f"key against control: {ratio:.2f} times; tones that were not found within "
            f"{HELD_S:.1f} s: {result['missed']}",
            f"goal p95 ≤ {GOAL_MS:.0f} ms: {verdict}",
        ]
    )


def _row(what: str, figures: dict[str, float]) -> str:
    return f"{what:36}" + "".join(
        f"{figures[one]:9.1f}" for one in ("p50_ms", "p95_ms", "worst_ms")
    )


@dataclass
class _Here:
    """What presses, and what is asked without a desk."""

    desk: Desk
    window: Any
    pedal: Plugged
    engine: EngineClient


@contextlib.contextmanager
def _desk(folder: Path) -> Iterator[_Here]:
    """A desk that is ready to talk in one group."""
    from console.streams.announce import Announcer, Offer
    from tests.desk.processes import net
    from tests.pedals.lab import BTN_TRIGGER, Bench

    with _alone(), net(folder / "home") as site:
        bench = Bench(folder / "devices")
        announcer = Announcer(LOOPBACK)
        try:
            announcer.announce(Offer(GROUP, GROUP, PORT, "239.77.9.60"))
            pedal = bench.input("Pedal", (BTN_TRIGGER,))
            stream = protocol.stream_id(GROUP, announcer.host)
            with _seated(site, bench.root, stream) as desk, _tool(site.home) as engine:
                _until(lambda: engine.status(10.0).device_state == "playing", "sound")
                yield _Here(desk, desk.window, pedal, engine)
        finally:
            announcer.close()
            bench.close()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """In a network of its own where that can be had: what others send on this machine's loopback
    would sound at the monitor."""
    from tests import netlab

    if netlab.missing():
        yield
        return
    with netlab.lan(1) as (host,), host.inside():
        yield


@contextlib.contextmanager
def _seated(site: Net, devices: Path, stream: str) -> Iterator[Desk]:
    from PySide6.QtTest import QTest

    from console.cli import command_parser
    from console.desk.desk import Desk
    from console.domain.events import TalkgroupDefined
    from console.settings import ButtonSettings, DeskSettings, SettingsFile
    from console.site.find import find_site
    from console.site.visit import visit
    from tests.audio.mic_lab import NAME as MICROPHONE
    from tests.pedals.lab import BTN_TRIGGER

    home = site.home
    button = ButtonSettings("talk", "linux:event:0000:0000:Pedal:", f"k{BTN_TRIGGER}", "Pedal")
    settings = DeskSettings(microphone=MICROPHONE, buttons=(button,))
    SettingsFile(home / "desk" / "settings.json").save(settings)
    site.start("site", "--name", "Bench")
    line = ["desk", "--home", str(home), "--interface", LOOPBACK, "--device", "default"]
    given = command_parser("desk").parse_args([*line, "--devices", str(devices)])
    given.keys = None
    desk = Desk(given)
    window = desk.open()
    try:
        window.activateWindow()
        QTest.qWaitForWindowActive(window, 5_000)
        status = desk.parts.status.status
        _until(lambda: status().site_link == "up", "the site")
        with visit(find_site(home, interface=LOOPBACK), spool=home / "guest") as guest:
            guest.deliver(TalkgroupDefined(GROUP, "LV1", "legevakt"))
        _until(lambda: stream in tuple(desk.parts.talkgroups.keys()), "the group")
        desk.parts.actions.select(stream)
        _until(desk.parts.outside.grants, "an arbiter")
        _until(lambda: status().microphone.state == "ready", "the microphone")
        _until(lambda: not status().transmit_note, "that nothing is in the way")
        _until(lambda: status().buttons.row("talk").stand == "ready", "the pedal")
        yield desk
    finally:
        desk.end()


@contextlib.contextmanager
def _tool(home: Path) -> Iterator[EngineClient]:
    client = EngineClient(home, role="tool", on_event=lambda _: None, on_lost=lambda _: None)

    def connects() -> bool:
        with contextlib.suppress(EngineError):
            client.connect()
            return True
        return False

    _until(connects, "the desk's engine")
    with contextlib.closing(client):
        yield client


def _until(condition: Callable[[], object], what: str) -> None:

    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline_s:
            raise RuntimeError(f"waited {PATIENCE_S:.0f} s for {what}")
        turn(20)


def _measure(here: _Here, monitor: Monitor, count: int) -> dict[str, Any]:
    """The three in turn, so that what else the machine does is shared by all."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from tests.pedals.lab import BTN_TRIGGER

    handle, pedal = here.window.windowHandle(), here.pedal
    ways: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "key": (
            lambda: QTest.keyPress(handle, Qt.Key.Key_Space),
            lambda: QTest.keyRelease(handle, Qt.Key.Key_Space),
        ),
        "pedal": (lambda: pedal.key(BTN_TRIGGER, 1), lambda: pedal.key(BTN_TRIGGER, 0)),
        "control": (
            lambda: here.engine.send(protocol.Play("permit")),
            lambda: None,
        ),
    }
    pressed_s: dict[str, list[float]] = {way: [] for way in ways}
    turn(2_000)
    for _ in range(count):
        for way, (down, up) in ways.items():
            pressed_s[way].append(time.monotonic())
            down()
            turn(1e3 * HELD_S)
            up()
            turn(1e3 * REST_S)
    found = {way: _late_ms(monitor, times) for way, times in pressed_s.items()}
    for way, late in found.items():
        if len(late) < (1 - MISSED) * count:
            raise RuntimeError(f"{way}: of {count} tones {len(late)} were found at the monitor")
    return {
        "presses": count,
        "missed": sum(count - len(late) for late in found.values()),
        **{way: spread(late) for way, late in found.items()},
    }


def _late_ms(monitor: Monitor, pressed_s: Sequence[float]) -> list[float]:
    """From each press to the first sample that is heard while it lasts."""
    late = []
    for at_s in pressed_s:
        begin_s, sound = monitor.near(at_s, HELD_S)
        loud = np.flatnonzero(np.abs(sound) > LOUD)
        if len(loud) and loud[0] > STILL_S * RATE:
            late.append((begin_s + float(loud[0]) / RATE - at_s) * 1e3)
    return late
