"""``vaktbord exercise`` as a person runs it: real processes, real streams, a real site."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from audio import protocol
from audio.client import EngineClient, ensure_engine, stop_engine
from console.desk.listening import Listening
from console.domain.alarm import Alarm
from console.domain.events import Event
from console.domain.floor import Floor
from console.domain.state import State, apply_all
from console.domain.voice_rights import NO_SITE
from console.site.address import SiteError
from console.site.keyring import KeyRing
from console.site.log.link import SiteLink
from console.site.node.process import ensure_site, stop_site
from console.site.visit import visit
from console.streams.announcement import Announcement
from console.streams.browse import Browser
from console.streams.plan import SiteVoice

pytestmark = pytest.mark.system

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
PATIENCE_S = 60.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, f"waited {PATIENCE_S:.0f} s for {what}"
        time.sleep(0.02)


class Ears:
    """An engine that listens to whatever this exercise announces, and what it said of it."""

    def __init__(self, home: Path) -> None:
        self.found: dict[str, Announcement] = {}
        self.talking: list[protocol.Talking] = []
        self._lock = threading.Lock()
        ensure_engine(home, interface=LOOPBACK, device="null")
        self.engine = EngineClient(
            home, role="tool", on_event=self._on_event, on_lost=lambda _why: None
        )
        self.engine.connect()
        self.ring = KeyRing(self._ask, on_change=self._keys_changed)
        self.ring.start()
        self.site: SiteLink | None = None
        self.listening = Listening(
            interface=LOOPBACK, keys=None, unicast_ports={}, site=SiteVoice(NO_SITE, self.ring)
        )
        self.wanted: set[str] = set()  # this station's alone: others may be on loopback too
        self.browser = Browser(LOOPBACK, self._on_change)
        self.browser.start()

    def _on_event(self, event: protocol.Event) -> None:
        if isinstance(event, protocol.Talking):
            self.talking.append(event)

    def _on_change(self, changed: tuple[Announcement, ...], gone: tuple[str, ...]) -> None:
        with self._lock:
            self.found.update({one.stream: one for one in changed})
            self._hear([one for one in changed if one.stream in self.wanted])
            for stream in gone:
                self.found.pop(stream, None)

    def of_host(self, host: str) -> list[Announcement]:
        with self._lock:
            return [one for one in self.found.values() if one.host == host]

    def enter(self, link: SiteLink) -> None:
        """As an operator, whom the site gives the keys of exercises, too."""
        self.site = link
        self.ring.site_is(True)

    def _ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> Future[bytes]:
        if self.site is None:
            raise SiteError("there is no site yet")
        return self.site.ask(service, key, payload, timeout_s)

    def _keys_changed(self, talkgroup: str) -> None:
        with self._lock:
            self._send(self.listening.keys_changed(talkgroup))

    def listen(self, streams: Sequence[Announcement]) -> None:
        with self._lock:
            self.wanted |= {one.stream for one in streams}
            self._hear(streams)

    def _hear(self, streams: Sequence[Announcement]) -> None:
        for one in streams:
            if one.srtp is not None:
                self.ring.want(one.talkgroup, one.kid)
            self._send(self.listening.announced(one))

    def _send(self, commands: Sequence[protocol.Command]) -> None:
        for command in commands:
            self.engine.send(command)

    def packets(self) -> int:
        return sum(one.packets for one in self.engine.status(timeout_s=10.0).streams)

    def close(self) -> None:
        self.browser.stop()
        self.ring.stop()
        self.engine.close()


@pytest.fixture
def ears(tmp_path: Path) -> Iterator[Ears]:
    home = tmp_path / "listener"
    try:
        ears = Ears(home)
        try:
            yield ears
        finally:
            ears.close()
    finally:
        stop_engine(home)


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    home.mkdir()
    yield home
    stop_engine(home / "exercise")
    stop_site(home)


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def start_exercise(*words: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-m", "console.cli", "exercise", "--home", str(home)]
        process = subprocess.Popen(
            [*line, "--interface", LOOPBACK, *words],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start_exercise
    for process in running:
        process.kill()
        process.communicate()


def host_of(home: Path) -> str:
    """The name under which an exercise of this home stands on the network."""
    from console.exercise.station import Station  # noqa: PLC0415
    from console.streams.announce import station_host  # noqa: PLC0415

    return Station(station_host(LOOPBACK), home.resolve(), LOOPBACK).host


def processes_below(home: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:  # ended meanwhile
            continue
        if str(home) in line:
            found.append(line)
    return found


def state_of(home: Path) -> State:
    with visit(ensure_site(home, interface=LOOPBACK)) as guest:
        return guest.read_all()


def end(process: subprocess.Popen[str], number: int = signal.SIGINT) -> str:
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, said
    return said


def test_an_exercise_is_found_heard_seen_and_ends(home: Path, start: Start, ears: Ears) -> None:
    """Started before its site, and with an alarm that comes early."""
    exercise = start("--alarm-after", "2")
    host = host_of(home)
    wait_for(lambda: len(ears.of_host(host)) >= 12, "12 streams")
    ears.listen(ears.of_host(host))
    wait_for(lambda: ears.packets() > 50, "voice on the wire")

    ensure_site(home, interface=LOOPBACK)
    alarms: dict[str, Alarm] = {}

    def is_told() -> bool:
        state = state_of(home)
        alarms.update(state.alarms)
        placed = [unit for unit in state.units.values() if unit.position and unit.exercise]
        return len(state.talkgroups) >= 12 and len(placed) >= 40 and bool(alarms)

    wait_for(is_told, "talkgroups, units and an alarm at the site")
    alarm = next(iter(alarms.values()))
    assert (alarm.unit, alarm.exercise) == ("a13", True)
    assert alarm.position is not None
    state = state_of(home)
    assert all(one.exercise for one in state.talkgroups.values())
    assert all(one.exercise for one in state.units.values())

    end(exercise)
    wait_for(lambda: not ears.of_host(host), "the goodbyes")
    sites = ("-m console.site", "nats-server")
    assert not [one for one in processes_below(home) if not any(word in one for word in sites)]
    left = state_of(home)
    assert list(left.units) == ["a13"]  # its alarm is still open
    assert list(left.talkgroups) == [alarm.talkgroup]
    assert not any(floor.speaker for floor in left.floors.values())


def test_who_speaks_is_who_is_heard(home: Path, start: Start, ears: Ears) -> None:
    """The floor's SSRC is the one on the wire, and the name in RTCP is the unit's call sign."""
    address = ensure_site(home, interface=LOOPBACK)
    picture = {"state": State()}

    def on_events(events: Sequence[Event]) -> None:
        picture["state"] = apply_all(picture["state"], events)

    link = SiteLink(
        address, author="test", spool=None, on_events=on_events, on_state=lambda *_: None
    )
    link.start()
    ears.enter(link)
    try:
        exercise = start()
        host = host_of(home)
        wait_for(lambda: len(ears.of_host(host)) >= 12, "12 streams")
        ears.listen(ears.of_host(host))

        def matched() -> bool:
            state = picture["state"]
            return any(
                floor.talkgroup == said.stream.partition("@")[0]
                and floor.ssrc == said.ssrc
                and said.speaker == state.units[floor.unit].call_sign
                for floor in state.floors.values()
                for said in ears.talking
            )

        wait_for(matched, "a voice whose sender holds the floor")
        wait_for(lambda: all(one.srtp for one in ears.of_host(host)), "all to be secured")
        wait_for(lambda: any(one.secured for one in ears.talking), "a secured voice")
        end(exercise, signal.SIGTERM)
        assert not any(floor.speaker for floor in state_of(home).floors.values())
    finally:
        link.stop()


def test_a_dead_engine_is_replaced(home: Path, start: Start, ears: Ears) -> None:
    """No site at all, too: the voices need none, and the exercise waits for one."""
    exercise = start()
    host = host_of(home)
    wait_for(lambda: len(ears.of_host(host)) >= 12, "12 streams")
    ears.listen(ears.of_host(host))
    wait_for(lambda: ears.packets() > 20, "voice on the wire")

    heard_before = {one.ssrc for one in ears.talking}
    stop_engine(home / "exercise")
    wait_for(
        lambda: any(one.on and one.ssrc not in heard_before for one in ears.talking),
        "voice of a new engine",
    )
    assert exercise.poll() is None
    second = start()
    assert second.wait(PATIENCE_S) == 1  # it would cut off the first one's voices
    said = end(exercise)
    assert "The voices are back." in said
    assert not processes_below(home)


@pytest.mark.long
def test_the_next_run_clears_up_after_one_that_was_killed(home: Path, start: Start) -> None:
    """Nobody speaks for ever, and the engine that was left behind is used again."""
    ensure_site(home, interface=LOOPBACK)
    first = start("--alarm-after", "1", "kols")  # AMB 2-2 speaks for 8 s in a group of its own

    def emergency() -> Floor | None:
        return next((one for one in state_of(home).floors.values() if one.emergency), None)

    wait_for(emergency, "an open microphone")
    first.kill()
    first.wait()
    left = emergency()
    assert left is not None
    assert left.speaker == "a22"

    second = start("--alarm-after", "3600", "kols")  # that group is silent in this one
    wait_for(lambda: not state_of(home).floors[left.talkgroup].speaker, "the floor to be free")
    wait_for(
        lambda: any(one.granted > left.granted for one in state_of(home).floors.values()),
        "voices by the old engine",
    )
    end(second)
    sites = ("-m console.site", "nats-server")
    assert not [one for one in processes_below(home) if not any(word in one for word in sites)]
