"""The second device's process: fed, silent, killed, hung; a loudspeaker at a real sound server."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from audio import protocol as p
from audio.devices.second import MAX_BLOCKS, SecondDevice
from tests.audio.engine_fixtures import (
    Listener,
    engine,
    listener,
    read_wav,
    wait_until,
    write_tone,
)
from tests.audio.pulse import Pulse, missing, pulse, read_raw
from tests.audio.test_limiter import metered_db
from tests.audio.test_routing import has

pytestmark = [pytest.mark.system]
Sound = NDArray[np.float32]
needs_pulse = pytest.mark.skipif(bool(missing()), reason=missing())
SILENCE = np.zeros((480, 2), np.float32)
CEILING_DBTP = -1.0
FRONT_HZ, NEAR_HZ = 600.0, 950.0
TRIES = 5
LATE = 14_400  # frames: what the devices had already is left out


# -- the process ----------------------------------------------------------------------------


@contextlib.contextmanager
def second(name: str) -> Iterator[SecondDevice]:
    one = SecondDevice()
    one.start()
    try:
        one.choose(name)
        yield one
    finally:
        one.stop()


def fed(one: SecondDevice, condition: Callable[[], bool], timeout_s: float = 15.0) -> bool:
    """Until so, with a block every 10 ms meanwhile."""
    deadline_s = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline_s:
        one.put(SILENCE)
        time.sleep(0.01)
    return condition()


def speakers(of: psutil.Process | None = None) -> list[psutil.Process]:
    found = []
    for one in (of or psutil.Process()).children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it has just ended
            found += [one] if "audio.devices.speaker" in one.cmdline() else []
    return found


def test_a_device_that_is_not_there_is_told_and_nothing_waits() -> None:
    with second("pulse:nowhere") as one:
        assert fed(one, lambda: bool(one.told.why))
        assert one.told.state == "none"
        assert one.dropped == 0
    assert not speakers()


def test_none_and_silence_need_no_process() -> None:
    with second("null") as one:
        assert not one.is_chosen
        one.put(SILENCE)
        assert not speakers()


def test_there_and_back_again_is_told_anew() -> None:
    with second("pulse:nowhere") as one:
        assert fed(one, lambda: bool(one.told.why))
        one.choose("pulse:elsewhere")
        one.choose("pulse:nowhere")
        assert fed(one, lambda: bool(one.told.why))
        assert "nowhere" in one.told.why
        assert len(speakers()) == 1


def test_a_process_that_dies_is_replaced_and_told() -> None:
    with second("pulse:nowhere") as one:
        assert fed(one, lambda: bool(one.told.why))
        (before,) = speakers()
        before.kill()
        assert fed(one, lambda: one.told.state == "lost")
        assert fed(one, lambda: one.told.state == "none")
        assert [now.pid for now in speakers()] != [before.pid]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a signal that stops a process")
def test_a_process_that_hangs_is_told_killed_and_replaced() -> None:
    """Bounded: the mix thread's ``put`` returns at once all the while."""
    with second("pulse:nowhere") as one:
        assert fed(one, lambda: bool(one.told.why))
        (before,) = speakers()
        os.kill(before.pid, signal.SIGSTOP)
        assert fed(one, lambda: one.told.state == "lost")
        assert one._blocks.qsize() <= MAX_BLOCKS + 1
        assert one.dropped > 0
        assert fed(one, lambda: one.told.state == "none")
        assert before.pid not in [now.pid for now in speakers()]


# -- at a sound server ----------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    with pulse() as one:
        for name, value in one.env.items():
            monkeypatch.setenv(name, value)
        for sink in ("headset", "speaker"):
            one.plug_in(sink)
        yield one


class TwoSinks:
    """An engine with both devices and two groups that talk: one selected, one monitored."""

    def __init__(self, server: Pulse, tool: Listener, folder: Path) -> None:
        self.server, self.tool, self._folder = server, tool, folder
        for n, (name, hz) in enumerate((("front@here", FRONT_HZ), ("near@here", NEAR_HZ))):
            sound, group, port = folder / f"{n}.wav", f"239.77.9.{3 + n}", 47_014 + 2 * n
            write_tone(sound, hz, 2.0)
            spec = p.StreamSpec(name, port, 111, "opus", 48_000, 2, group=group)
            tool.client.send(p.Listen(spec))
            tool.client.send(p.Publish(name, group, port))
            tool.client.send(p.Say(name, str(sound), loop=True))
        tool.client.send(p.SetMaster(evened=False))
        tool.client.send(p.SetMix("front@here", pan=0.0, attention="selected"))
        tool.client.send(p.SetMix("near@here", pan=0.0))
        self.wait(lambda status: all(one.talking for one in status.streams))

    def wait(self, condition: Callable[[p.Status], bool]) -> None:
        wait_until(lambda: condition(self.tool.client.status(5.0)), "the engine says so")

    def choose_speaker(self) -> None:
        self.tool.client.send(p.SetSecondDevice("pulse:speaker"))
        self.wait(is_right)

    def heard(self, seconds: float, *said: p.Command) -> tuple[Sound, Sound]:
        """What both sinks play from now on, and this is said; empty for one that isn't there."""
        paths = {sink: self._folder / f"{sink}.raw" for sink in ("headset", "speaker")}
        for path in paths.values():
            path.unlink(missing_ok=True)
        with contextlib.ExitStack() as stack:
            for sink, path in paths.items():
                if sink in self.server.sinks():
                    stack.enter_context(self.server.recording(path, sink))
            for command in said:
                self.tool.client.send(command)
            time.sleep(seconds)
        a, b = (read_raw(one) if one.exists() else SILENCE for one in paths.values())
        return a, b

    def groups(self) -> tuple[tuple[bool, bool], tuple[bool, bool]]:
        """(selected, monitored) in the headset's sink, and in the loudspeaker's."""
        a, b = (one[LATE:] for one in self.heard(0.7))
        return (has(a, FRONT_HZ), has(a, NEAR_HZ)), (has(b, FRONT_HZ), has(b, NEAR_HZ))

    def hears(self, headset: tuple[bool, bool], speaker: tuple[bool, bool]) -> bool:
        """Once what was on its way, on a full machine, has gone by."""
        return any(self.groups() == (headset, speaker) for _ in range(TRIES))

    def told(self, role: str) -> list[p.DeviceChanged]:
        return [
            one for one in self.tool.events if isinstance(one, p.DeviceChanged) and one.role == role
        ]


def is_right(status: p.Status) -> bool:
    second = status.second
    return second is not None and (second.device, second.state, second.why) == (
        "SPEAKER", "playing", "",
    )  # fmt: skip


@pytest.fixture
def two(server: Pulse, tmp_path: Path) -> Iterator[TwoSinks]:
    with engine(tmp_path / "home", "pulse:headset") as home, listener(home) as tool:
        wait_until(lambda: tool.client.status(5.0).device == "HEADSET", "the headset plays")
        yield TwoSinks(server, tool, tmp_path)


@needs_pulse
@pytest.mark.pulse
@pytest.mark.long
def test_monitored_groups_are_on_the_loudspeaker_and_alarms_on_both(two: TwoSinks) -> None:
    assert two.hears((True, True), (False, False)), "one device is as it was"
    two.choose_speaker()
    assert two.hears((True, False), (False, True))
    two.tool.client.send(p.SetMix("near@here", pan=0.0, output="headset"))
    assert two.hears((True, True), (False, False)), "as was asked for this one"
    two.tool.client.send(p.SetMix("front@here", 24.0, 0.0, attention="selected"))
    two.tool.client.send(p.SetMix("near@here", 24.0, 0.0))  # loud enough for the limiter
    for sound in two.heard(1.2, p.SetAlarms(1)):
        notes = [has(sound[at : at + 7_200], 783.99) for at in range(0, len(sound), 2_400)]
        assert any(notes), "the alarm's highest note, of 150 ms"
        assert metered_db(sound) <= CEILING_DBTP
    two.tool.client.send(p.SetAlarms(0))
    two.tool.client.send(p.SetSecondDevice("pulse:headset"))
    two.wait(lambda status: status.second is not None and status.second.state == "playing")
    two.wait(lambda status: status.second is not None and bool(status.second.why))
    assert two.hears((True, True), (False, False)), "one device for both plays once"
    two.tool.client.send(p.SetSecondDevice())
    two.wait(lambda status: status.second is None)
    assert two.hears((True, True), (False, False))


@needs_pulse
@pytest.mark.pulse
def test_what_is_lost_is_heard_on_the_other_and_comes_back(two: TwoSinks, tmp_path: Path) -> None:
    two.choose_speaker()
    path = tmp_path / "mix.wav"
    two.tool.client.send(p.Record(str(path), 0.5))
    two.tool.wait_for(p.RecordDone)
    assert has(read_wav(path), FRONT_HZ)
    assert has(read_wav(path), NEAR_HZ), "recordings have both"
    two.server.pull_out("speaker")
    two.wait(lambda status: status.second is not None and bool(status.second.why))
    assert two.hears((True, True), (False, False))
    two.server.plug_in("speaker")
    two.wait(is_right)
    assert two.hears((True, False), (False, True))
    two.server.pull_out("headset")
    two.wait(lambda status: status.device != "HEADSET")
    assert two.hears((False, False), (True, True))
    two.server.plug_in("headset")
    two.wait(lambda status: status.device == "HEADSET" and not status.device_why)
    assert two.hears((True, False), (False, True))
    assert any("SPEAKER" in one.why for one in two.told("speaker"))
    assert any("HEADSET" in one.why for one in two.told("headset"))
    kill_speaker_of(two.tool)
    two.wait(lambda status: all(one.output == "headset" for one in status.streams))
    assert any(two.groups()[0] == (True, True) for _ in range(TRIES))
    two.wait(is_right)
    assert two.hears((True, False), (False, True))


def kill_speaker_of(tool: Listener) -> None:
    (speaker,) = speakers(psutil.Process(tool.welcome.pid))
    speaker.kill()
