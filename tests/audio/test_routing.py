"""Which device sounds what: the table, and the pipeline that keeps to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import numpy as np
import pytest

from audio import protocol as p
from audio.mixing.mix import BEHIND_DB, Mixer, from_db
from audio.mixing.routing import (
    EVERYWHERE,
    HEADSET,
    SPEAKER,
    Spread,
    Standing,
    bus_of,
    spread,
    standing,
)
from tests.audio.pipeline_lab import Lab, Sound, lab, opus, packets, sine
from tests.audio.test_limiter import metered_db

CEILING_DBTP = -1.0


@pytest.mark.parametrize(
    ("headset", "speaker", "where"),
    [
        ("right", "right", "both"),
        ("right", "elsewhere", "headset"),
        ("right", "silent", "headset"),
        ("elsewhere", "right", "speaker"),
        ("silent", "right", "speaker"),
        ("elsewhere", "elsewhere", "headset"),
        ("elsewhere", "silent", "headset"),
        ("silent", "elsewhere", "speaker"),
        ("silent", "silent", "headset"),
    ],
)
def test_each_device_stands_in_for_the_other(
    headset: Standing, speaker: Standing, where: Spread
) -> None:
    assert spread(headset, speaker, is_same=False) == where
    assert spread(headset, speaker, is_same=True) == ("headset" if where == "both" else where)


def test_what_a_keeper_s_word_means() -> None:
    assert standing("playing", "") == "right"
    assert standing("playing", "Jabra is gone") == "elsewhere"
    assert standing("lost", "") == standing("none", "") == "silent"


def test_a_stream_sounds_on_exactly_one_device() -> None:
    auto, front = p.SetMix("a@h"), p.SetMix("a@h", attention="selected")
    assert (bus_of(auto, "both"), bus_of(front, "both")) == (SPEAKER, HEADSET)
    for mix in (auto, front):
        assert bus_of(mix, "headset") == HEADSET
        assert bus_of(mix, "speaker") == SPEAKER
        assert bus_of(msgspec.structs.replace(mix, output="headset"), "both") == HEADSET
        assert bus_of(msgspec.structs.replace(mix, output="speaker"), "both") == SPEAKER


def test_an_older_client_s_word_is_still_one() -> None:
    older = b'{"t": "set-mix", "stream": "a@h", "gain_db": -3.0}'
    assert msgspec.json.decode(older, type=p.SetMix).output == "auto"


def test_a_mixer_of_four_sides_is_two_mixers() -> None:
    one, two = Mixer(), Mixer()
    two.set_sides(4)
    seats = np.arange(3)
    gains = [(0.3, 0.4), (0.7, 0.1), (0.2, 0.2)]
    one.aim(dict(enumerate(gains)))
    two.aim({0: (*gains[0], 0, 0), 1: (0, 0, *gains[1]), 2: (*gains[2], 0, 0)})
    for mixer in (one, two):
        mixer.seat(seats, seats, np.ones(3, np.float32))
    frames = np.random.default_rng(1).normal(0, 0.1, (3, 960)).astype(np.float32)
    one.add(frames, seats)
    two.add(frames, seats)
    for _ in range(2):
        (whole,), (first, second) = one.next(), two.next()
        assert np.allclose(first + second, whole, atol=1e-6)
    two.set_sides(2)
    assert len(two.next()) == 1


class TwoDevices:
    """A lab whose loudspeaker is listened to as well."""

    def __init__(self, one: Lab) -> None:
        self.lab = one
        self.specs = [one.listen("front@h"), one.listen("near@h")]
        one.pipeline.set_mix(p.SetMix("front@h", pan=0.0, attention="selected"))
        one.pipeline.set_mix(p.SetMix("near@h", pan=0.0))
        self.sent = [packets(opus(sine(hz, 1.0)), ssrc=n) for n, hz in enumerate((500.0, 900.0))]
        self.sequence = 0

    def play(self, ticks: int = 100, *, is_talking: bool = True) -> tuple[Sound, Sound]:
        """A packet of each every 20 ms. (headset, loudspeaker)."""
        heard: tuple[list[Sound], list[Sound]] = ([], [])
        for tick in range(ticks):
            if is_talking and tick % 2 == 0 and self.sequence < len(self.sent[0]):
                for spec, sent in zip(self.specs, self.sent, strict=True):
                    self.lab.send(spec, sent[self.sequence])
                self.sequence += 1
            first = self.lab.tick()
            second = self.lab.pipeline.second
            heard[0].append(first)
            heard[1].append(np.zeros_like(first) if second is None else second)
        return np.concatenate(heard[0]), np.concatenate(heard[1])


def has(sound: Sound, hz: float) -> bool:
    """A tone of that pitch, whatever else there is."""
    if not sound.any():
        return False
    line = sound[:, 0] * np.hanning(len(sound))
    there = abs(line @ np.exp(-2j * np.pi * hz * np.arange(len(line)) / 48_000)) / len(line)
    return bool(there > 0.003)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[TwoDevices]:
    with lab(tmp_path) as one:
        yield TwoDevices(one)


def test_the_selected_group_is_in_the_headset_monitored_ones_on_the_loudspeaker(
    two: TwoDevices,
) -> None:
    two.lab.pipeline.spread("both")
    headset, speaker = (one[24_000:] for one in two.play())
    assert (has(headset, 500), has(headset, 900)) == (True, False)
    assert (has(speaker, 500), has(speaker, 900)) == (False, True)
    outputs = {one.stream: one.output for one in two.lab.pipeline.figures()}
    assert outputs == {"front@h": "headset", "near@h": "speaker"}


def test_a_group_is_behind_another_on_its_own_device_alone(two: TwoDevices) -> None:
    two.lab.pipeline.spread("both")
    headset, speaker = (np.abs(one[24_000:45_000, 0]).max() for one in two.play())
    assert 20 * np.log10(speaker / headset) == pytest.approx(0.0, abs=1.0)
    two.lab.pipeline.set_mix(p.SetMix("front@h", pan=0.0, attention="selected", output="speaker"))
    assert two.lab.pipeline._mixer._aims[2:].max() == pytest.approx(np.sqrt(0.5), abs=1e-4)
    quieter = two.lab.pipeline._mixer._aims[2:, two.lab.pipeline.slots()["near@h"]].max()
    assert quieter == pytest.approx(np.sqrt(0.5) * from_db(BEHIND_DB), abs=1e-4)


@pytest.mark.parametrize(("where", "bus"), [("headset", 0), ("speaker", 1)])
def test_when_one_is_lost_the_other_has_everything_without_a_click(
    two: TwoDevices, where: Spread, bus: int
) -> None:
    two.lab.pipeline.spread("both")
    before = two.play(50)
    two.lab.pipeline.spread(where)
    after = two.play(50)
    heard = np.concatenate((before[bus], after[bus]))
    late = after[bus][9_600:]
    assert has(late, 500)
    assert has(late, 900)
    assert not after[1 - bus][9_600:].any()
    steepest = 2 * np.pi * (500 + 900) / 48_000 * 0.3
    assert np.abs(np.diff(heard[:, 0])).max() < steepest + 0.6 / 480


def test_a_loudspeaker_that_stands_in_is_no_softer_than_the_headset_was(two: TwoDevices) -> None:
    two.lab.pipeline.set_master(p.SetMaster(0.0, evened=False, second_db=-60.0))
    two.lab.pipeline.spread("both")
    _, speaker = two.play(40)
    assert np.abs(speaker[12_000:]).max() < 0.001
    two.lab.pipeline.spread("speaker")
    _, speaker = two.play(40)
    assert np.abs(speaker[9_600:]).max() > 0.1


@pytest.mark.parametrize("kind", get_args(p.ToneKind))
def test_which_tones_are_heard_where(two: TwoDevices, kind: p.ToneKind) -> None:
    two.lab.pipeline.spread("both")
    two.lab.pipeline.play(kind)
    headset, speaker = two.play(30, is_talking=False)
    assert headset.any()
    assert speaker.any() == (kind in EVERYWHERE)
    two.lab.pipeline.spread("speaker")
    two.lab.pipeline.play(kind)
    headset, speaker = two.play(30, is_talking=False)
    assert speaker.any()
    assert not headset[960:].any(), "but for the limiter's delay"


def test_an_alarm_is_on_top_on_both_and_neither_is_above_the_ceiling(two: TwoDevices) -> None:
    two.lab.pipeline.set_mix(p.SetMix("front@h", 24.0, 0.0, attention="selected"))
    two.lab.pipeline.set_mix(p.SetMix("near@h", 24.0, 0.0))
    two.lab.pipeline.spread("both")
    two.lab.pipeline.set_alarms(p.SetAlarms(1))
    for heard in two.play(100):
        assert metered_db(heard) <= CEILING_DBTP
        assert has(heard[: 150 * 48], 523.25), "the alarm's first note"
