"""A real sound device: what the sink plays, and what happens when it goes away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from audio import protocol as p
from audio.devices.portaudio import LATENCY_S
from tests.audio.engine_fixtures import (
    Listener,
    engine,
    listener,
    peak_hz,
    silent_blocks,
    wait_until,
    write_tone,
)
from tests.audio.pulse import Pulse, missing, pulse, read_raw

pytestmark = [
    pytest.mark.pulse,
    pytest.mark.system,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
SPEC = p.StreamSpec("tg@here", 47_004, 111, "opus", 48_000, 2, group="239.77.9.2")


def wait_state(one: Listener, state: str) -> None:
    """The newest word about the device, or the engine's own if there was none."""
    states = [event.state for event in one.events if isinstance(event, p.DeviceChanged)]
    if one.client.status(5.0).device_state == state:
        return
    seen = len(states)
    one.wait(
        lambda: (
            state
            in [event.state for event in one.events if isinstance(event, p.DeviceChanged)][seen:]
        )
    )


TRIES: Final = 3
"""A machine that has no processor for an engine starves its device now and then; an engine that is
at fault does it each time."""


def test_a_tone_reaches_the_sink_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 3.0)
    tries: list[tuple[NDArray[np.float32], p.Status, int]] = []
    with pulse() as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        with engine(tmp_path / "home", "default") as home, listener(home) as tool:
            wait_state(tool, "playing")
            tool.client.send(p.Listen(SPEC))
            tool.client.send(p.Publish("tg@here", "239.77.9.2", 47_004))
            for n in range(TRIES):
                before = tool.client.status().underflows
                heard = said(tool, server, sound, tmp_path / f"heard-{n}.raw")
                status = tool.client.status()
                tries.append((heard, status, status.underflows - before))
                if silent_blocks(heard) == 0 and not tries[-1][-1]:
                    break
    heard, status, underflows = tries[-1]
    loud = np.flatnonzero(np.abs(heard) > 0.01)
    middle = heard[loud[0] + 9_600 : loud[0] + 96_000]
    assert abs(peak_hz(middle) - 800) < 3
    assert 0.1 < np.abs(middle).max() < 0.4
    assert silent_blocks(heard) == 0, (status, np.flatnonzero(np.diff(loud) > 240), len(loud))
    assert underflows == 0, (status, [one[-1] for one in tries])
    assert status.device_latency_ms < LATENCY_S * 1_000 + 5, "periods of one block; of three: + 10"


def said(tool: Listener, server: Pulse, sound: Path, out: Path) -> NDArray[np.float32]:
    """One channel of what the sink's monitor had meanwhile."""
    seen = len(tool.events)
    with server.recording(out):
        tool.client.send(p.Say("tg@here", str(sound)))
        tool.wait(lambda: any(isinstance(e, p.Talking) and not e.on for e in tool.events[seen:]))
    heard: NDArray[np.float32] = read_raw(out)[:, 0]
    return heard


def test_a_sink_that_lets_its_first_stream_wait_is_not_told_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PulseAudio's null sink takes what fills its buffer and then nothing for almost 2 s."""
    with pulse() as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        with engine(tmp_path / "home", "default") as home, listener(home) as tool:
            wait_state(tool, "playing")
            tool.client.send(p.Record(str(tmp_path / "x.wav"), 2.5))
            tool.wait_for(p.RecordDone)
            told = [one for one in tool.events if isinstance(one, p.DeviceChanged)]
            assert tool.client.status(5.0).device_state == "playing"
    assert all(one.state == "playing" for one in told), told


def test_a_device_that_goes_is_told_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "heard.raw"
    with pulse() as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        with engine(tmp_path / "home", "default") as home, listener(home) as tool:
            wait_state(tool, "playing")
            server.kill()
            wait_state(tool, "lost")
            server.start()
            wait_state(tool, "playing")
            with server.recording(out):
                tool.client.send(p.Play("test"))
                tool.client.send(p.Record(str(tmp_path / "x.wav"), 2.0))
                tool.wait_for(p.RecordDone)
    heard = read_raw(out)[:, 0]
    assert np.abs(heard).max() > 0.1


def heard_at(server: Pulse, sink: str, tool: Listener, folder: Path) -> bool:
    """Whether the test tone comes out of the sink."""
    out = folder / f"{sink}.raw"
    with server.recording(out, sink):
        tool.client.send(p.Play("test"))
        done = folder / "x.wav"
        before = sum(isinstance(one, p.RecordDone) for one in tool.events)
        tool.client.send(p.Record(str(done), 1.5))
        tool.wait(lambda: sum(isinstance(one, p.RecordDone) for one in tool.events) > before)
    return bool(np.abs(read_raw(out)).max(initial=0.0) > 0.05)


def wait_device(tool: Listener, label: str, *, is_substitute: bool = False) -> None:
    """Until it is what plays, by the engine's own word."""

    def plays() -> bool:
        status = tool.client.status(5.0)
        is_told = bool(status.device_why) == is_substitute
        return (status.device, status.device_state) == (label, "playing") and is_told

    wait_until(plays, f"{label} plays")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    with pulse() as one:
        for name, value in one.env.items():
            monkeypatch.setenv(name, value)
        one.plug_in("headset")
        yield one


def test_a_sink_is_chosen_by_a_name_that_stays(server: Pulse, tmp_path: Path) -> None:
    with engine(tmp_path / "home", "default") as home, listener(home) as tool:
        wait_state(tool, "playing")
        tool.client.send(p.GetDevices())
        listed = tool.wait_for(p.Devices)
        assert {"default", "null", "pulse:spk", "pulse:headset"} <= set(listed.names)
        assert len(set(listed.names)) == len(listed.names)
        assert listed.labels["pulse:headset"] == "HEADSET"
        tool.client.send(p.SetDevice("pulse:headset"))
        wait_device(tool, "HEADSET")
        assert heard_at(server, "headset", tool, tmp_path)
        assert not heard_at(server, "spk", tool, tmp_path)


def test_a_headset_that_is_pulled_out_has_a_substitute_and_comes_back(
    server: Pulse, tmp_path: Path
) -> None:
    """Also when the sound server itself moves the stream, which PortAudio never hears of."""
    with engine(tmp_path / "home", "pulse:headset") as home, listener(home) as tool:
        wait_device(tool, "HEADSET")
        for _ in range(2):
            server.pull_out("headset")
            wait_device(tool, "Null Output", is_substitute=True)
            assert heard_at(server, "spk", tool, tmp_path)
            server.plug_in("headset")
            wait_device(tool, "HEADSET")
            assert heard_at(server, "headset", tool, tmp_path)
        whys = [one.why for one in tool.events if isinstance(one, p.DeviceChanged) and one.why]
        assert any("HEADSET" in one for one in whys), "the operator is told"


def test_the_next_choice_plays_until_the_first_is_there(server: Pulse, tmp_path: Path) -> None:
    """As after a night in which somebody took the headset home."""
    with engine(tmp_path / "home", "null") as home, listener(home) as tool:
        tool.client.send(p.SetDevice("pulse:usb", ("pulse:nowhere", "pulse:headset")))
        wait_device(tool, "HEADSET", is_substitute=True)
        server.plug_in("usb")
        wait_device(tool, "USB")
        assert heard_at(server, "usb", tool, tmp_path)


def test_what_a_person_moves_in_the_system_s_settings_stays_there(
    server: Pulse, tmp_path: Path
) -> None:
    with engine(tmp_path / "home", "pulse:headset") as home, listener(home) as tool:
        wait_device(tool, "HEADSET")
        server.move_all_to("spk")
        wait_device(tool, "Null Output")
        server.plug_in("other")
        assert heard_at(server, "spk", tool, tmp_path)


def test_silence_that_was_chosen_is_no_fault(server: Pulse, tmp_path: Path) -> None:
    with engine(tmp_path / "home", "default") as home, listener(home) as tool:
        wait_state(tool, "playing")
        tool.client.send(p.SetDevice("null", ("pulse:headset",)))
        wait_until(lambda: tool.client.status(5.0).device_state == "none", "silence")
        assert tool.client.status(5.0).device == "null"
        assert tool.client.status(5.0).device_why == ""
