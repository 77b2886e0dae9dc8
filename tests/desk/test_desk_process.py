"""A real desk beside a real site, exercise and engine: hung, killed, started again."""

from __future__ import annotations

import json
import os
import signal
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audio import protocol
from audio.client import EngineClient
from tests.desk.processes import Net, engine_of, wait_for

pytestmark = pytest.mark.system

RATE = 48_000
TONE_HZ = 7_500.0  # Opus keeps it, and neither voices nor the alarm have much there
HOLED_HZ = 6_500.0
HOLE_S = 0.05
WINDOW = 1_440  # samples, 30 ms: it lies whole within a hole of 50 ms
HOP = 240
HOLE = 0.02  # of the tone's usual level; alarms and groups that talk turn it down, never so far


def publish_tone(
    lan: Net, talkgroup: str = "tone", hz: float = TONE_HZ, hole_s: float = 0.0
) -> None:
    """A steady tone as a talkgroup, for as long as the test lasts; with a hole in every second."""
    sound = lan.home / f"{talkgroup}.wav"
    times = np.arange(4 * RATE) / RATE
    tone = 0.25 * np.sin(2 * np.pi * hz * times) * (times % 1.0 >= hole_s)
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((tone * 32_767).astype("<i2").tobytes())
    lan.start("publish", str(sound), "--talkgroup", talkgroup, "--loop", home=lan.home / talkgroup)


def heard_tone(file: Path, hz: float = TONE_HZ) -> NDArray[np.float64]:
    """Amplitude of the tone in each 30 ms of a recording, every 5 ms, but for the first 0.3 s: who
    joins an Opus stream in its middle hears it come up, because each frame's energy builds on the
    last."""
    with wave.open(str(file), "rb") as wav:
        raw = np.frombuffer(wav.readframes(wav.getnframes()), "<i2").reshape(-1, 2) / 32_768
    both = raw[RATE * 3 // 10 :].sum(axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(both, WINDOW)[::HOP]
    weights = np.hanning(WINDOW)
    wave_ = weights * np.exp(-2j * np.pi * hz * np.arange(WINDOW) / RATE)
    return np.asarray(np.abs(windows @ wave_) * 2 / weights.sum())


def lowest(levels: NDArray[np.float64]) -> float:
    """The least of them, of what is usual."""
    return float(levels.min() / np.median(levels))


@pytest.mark.long
def test_a_desk_that_stands_still_for_two_seconds_makes_no_gap(lan: Net) -> None:
    publish_tone(lan)
    desk = lan.desk()
    out = lan.home / "mix.wav"
    with engine_of(lan.home) as (engine, events):
        wait_for(
            lambda: any(one.talking for one in engine.status(10.0).streams), "the tone to be heard"
        )
        engine.send(protocol.Record(str(out), 4.0))
        time.sleep(0.5)
        desk.send_signal(signal.SIGSTOP)
        time.sleep(2.0)
        desk.send_signal(signal.SIGCONT)
        wait_for(lambda: any(isinstance(one, protocol.RecordDone) for one in events), "the file")
        done = next(one for one in events if isinstance(one, protocol.RecordDone))
    assert done.underflows == 0
    assert lowest(heard_tone(out)) > 0.5


def test_a_killed_desk_leaves_the_voices_and_its_successor_has_the_picture(lan: Net) -> None:
    lan.start("site")
    lan.start("exercise", "--alarm-after", "1")
    publish_tone(lan)
    publish_tone(lan, "holed", HOLED_HZ, HOLE_S)
    first = lan.picture("first.json", 6.0)
    tone = next(row["key"] for row in first["talkgroups"] if row["talkgroup"] == "tone")
    settings = lan.home / "desk" / "settings.json"
    kept = json.loads(settings.read_bytes())
    kept["tiles"][tone] = {"attention": "selected", "gain_db": -6.0}
    settings.write_text(json.dumps(kept))

    desk = lan.desk()
    out = lan.home / "mix.wav"
    with engine_of(lan.home) as (engine, events):
        wait_for(lambda: attention(engine, tone) == "selected", "the desk to have said its wishes")
        wait_for(lambda: len(engine.status(10.0).streams) > 12, "the desk's streams")
        wait_for(lambda: engine.status(10.0).unacknowledged_alarms, "the alarm to be sounded")
        wait_for(lambda: not new_ones(engine), "the desk to have said its wishes of each")
        engine.send(protocol.Record(str(out), 4.0))
        time.sleep(0.5)
        desk.kill()
        desk.wait()
        wait_for(lambda: any(isinstance(one, protocol.RecordDone) for one in events), "the file")
        mixes = {one.stream: one.mix for one in engine.status(10.0).streams}
        again = lan.picture("again.json", 8.0)
        mixes_after = {one.stream: one.mix for one in engine.status(10.0).streams}
    whole, holed = lowest(heard_tone(out)), lowest(heard_tone(out, HOLED_HZ))
    assert whole > 2 * HOLE, "the voice went on"
    assert holed < HOLE, "a hole of 50 ms that was made on purpose, in the same recording"
    assert (mixes[tone].attention, mixes[tone].gain_db) == ("selected", -6.0)
    assert mixes_after == mixes
    check_same(first, again)
    assert again["alarms"][0]["state"] == "raised"


def new_ones(engine: EngineClient) -> list[str]:
    """Streams that an engine has, and of which no desk has said where they are to sound."""
    fresh = (one for one in engine.status(10.0).streams if one.mix == protocol.SetMix(one.stream))
    return [one.stream for one in fresh]


def attention(engine: EngineClient, stream: str) -> str:
    known = {one.stream: one.mix.attention for one in engine.status(10.0).streams}
    return known.get(stream, "")


def check_same(
    first: dict[str, list[dict[str, object]]], again: dict[str, list[dict[str, object]]]
) -> None:
    """Tiles in their places, units, alarms: all that a restart must bring back."""
    assert [row["key"] for row in again["talkgroups"]] == [
        row["key"] for row in first["talkgroups"]
    ]
    assert len(again["talkgroups"]) > 12
    assert {row["key"] for row in again["units"]} == {row["key"] for row in first["units"]}
    assert len(again["units"]) >= 40
    assert [row["key"] for row in again["alarms"]] == [row["key"] for row in first["alarms"]]


def test_a_killed_desk_is_told_of_by_a_tone(lan: Net) -> None:
    desk = lan.desk()
    out = lan.home / "mix.wav"
    with engine_of(lan.home) as (engine, events):
        wait_for(lambda: engine.status(10.0).ticks > 50, "a running engine")
        time.sleep(0.5)
        engine.send(protocol.Record(str(out), 3.0))
        engine.status(10.0)
        desk.kill()
        desk.wait()
        wait_for(lambda: any(isinstance(one, protocol.RecordDone) for one in events), "the file")
    with wave.open(str(out), "rb") as wav:
        raw = np.frombuffer(wav.readframes(wav.getnframes()), "<i2")
    assert np.abs(raw).max() > 3_000


def test_a_killed_engine_is_replaced_and_hears_everything_again(lan: Net) -> None:
    publish_tone(lan)
    lan.desk()
    with engine_of(lan.home) as (engine, _events):
        wait_for(lambda: any(one.talking for one in engine.status(10.0).streams), "the tone")
        pid = json.loads((lan.home / "engine" / "engine.json").read_bytes())["pid"]
        before = [(one.stream, one.mix) for one in engine.status(10.0).streams]
    os.kill(pid, signal.SIGKILL)

    def is_back() -> bool:
        return bool(json.loads((lan.home / "engine" / "engine.json").read_bytes())["pid"] != pid)

    wait_for(is_back, "another engine")
    with engine_of(lan.home) as (engine, _events):
        wait_for(lambda: any(one.talking for one in engine.status(10.0).streams), "the tone again")
        assert [(one.stream, one.mix) for one in engine.status(10.0).streams] == before


@pytest.mark.long
def test_a_second_desk_below_one_home_says_so_and_leaves_the_first(lan: Net) -> None:
    """Two would share one outbox, one engine and one name."""
    first = lan.desk()
    with engine_of(lan.home) as (engine, _events):
        wait_for(lambda: engine.status(10.0).ticks > 10, "a running engine")
        assert lan.desk().wait(30.0) == 1
        assert engine.status(10.0).ticks > 10
    assert first.poll() is None
