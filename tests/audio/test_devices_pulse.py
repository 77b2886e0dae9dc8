"""A real sound device: what the sink plays, and what happens when it goes away."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio import protocol as p
from tests.audio.engine_fixtures import (
    Listener,
    engine,
    listener,
    peak_hz,
    silent_blocks,
    write_tone,
)
from tests.audio.pulse import missing, pulse, read_raw

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


def test_a_tone_reaches_the_sink_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound, out = tmp_path / "tone.wav", tmp_path / "heard.raw"
    write_tone(sound, 800.0, 3.0)
    with pulse() as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        with engine(tmp_path / "home", "default") as home, listener(home) as tool:
            wait_state(tool, "playing")
            tool.client.send(p.Listen(SPEC))
            tool.client.send(p.Publish("tg@here", "239.77.9.2", 47_004))
            tool.client.status()
            with server.recording(out):
                tool.client.send(p.Say("tg@here", str(sound)))
                tool.wait(lambda: any(isinstance(e, p.Talking) and not e.on for e in tool.events))
            status = tool.client.status()
    heard = read_raw(out)[:, 0]
    loud = np.flatnonzero(np.abs(heard) > 0.01)
    middle = heard[loud[0] + 9_600 : loud[0] + 96_000]
    assert abs(peak_hz(middle) - 800) < 3
    assert 0.1 < np.abs(middle).max() < 0.4
    assert silent_blocks(heard) == 0, (status, np.flatnonzero(np.diff(loud) > 240), len(loud))
    assert status.underflows == 0, status


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
