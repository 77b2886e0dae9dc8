"""Groups that are heard apart: who gets which place, and how well each is heard there."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.mixing.mix import place
from audio.mixing.places import FRONT, PLACES, Places
from audio.protocol import SetMix
from tests.audio.pipeline_lab import Lab, Sound, lab, opus, packets, sine

NAMES = [f"{n}@h" for n in range(30)]


def test_the_first_seven_are_all_apart_and_the_front_is_taken_last() -> None:
    places = Places()
    for name in NAMES[:7]:
        assert places.take(name)
    taken = [places.pan(name) for name in NAMES[:7]]
    assert sorted(taken) == sorted(PLACES)
    assert taken[-1] == FRONT
    assert abs(taken[0] - taken[1]) == 2.0, "the first two as far apart as can be"


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(NAMES)), max_size=80))
def test_a_group_keeps_its_place_and_places_fill_evenly(turns: list[tuple[bool, str]]) -> None:
    places, known = Places(), dict[str, float]()
    for is_talk, name in turns:
        if not is_talk:
            places.forget(name)
            known.pop(name, None)
            continue
        was = Counter(known.values())
        assert places.take(name) == (name not in known)
        if name not in known:
            known[name] = places.pan(name)
            assert was[known[name]] == min(was[pan] for pan in PLACES)
        assert {one: places.pan(one) for one in known} == known


def better_ear_db(gains: list[tuple[float, float]]) -> list[float]:
    """Of each talker over all the others together, at the ear where he stands out more."""
    powers = np.square(np.array(gains)) + 1e-12
    others = powers.sum(axis=0) - powers
    return [float(one) for one in 10 * np.log10((powers / others).max(axis=1))]


def gains_at(*pans: float) -> list[tuple[float, float]]:
    mix = SetMix("a@h", pan=None)
    return [place(mix, is_any_selected=False, automatic=pan) for pan in pans]


def test_seven_at_once_are_heard_better_than_in_the_middle_and_none_worse_than_another() -> None:
    apart, together = better_ear_db(gains_at(*PLACES)), better_ear_db(gains_at(*[FRONT] * 7))
    assert max(apart) - min(apart) < 0.3
    assert min(apart) > max(together) + 2.0
    unlevelled = [place(SetMix("a@h", pan=pan), is_any_selected=False) for pan in PLACES]
    assert min(apart) > min(better_ear_db(unlevelled)) + 2.0


@given(st.sampled_from(PLACES), st.floats(-60, 12))
def test_the_better_ear_gets_the_same_wherever_it_is(pan: float, gain_db: float) -> None:
    mix = SetMix("a@h", gain_db, pan=None)
    here = place(mix, is_any_selected=False, automatic=pan)
    front = place(mix, is_any_selected=False)
    assert max(here) == pytest.approx(max(front))
    assert front == pytest.approx(place(SetMix("a@h", gain_db), is_any_selected=False))


@given(st.floats(-1, 1), st.sampled_from(PLACES))
def test_an_operators_own_place_wins(pan: float, automatic: float) -> None:
    mix = SetMix("a@h", pan=pan, attention="selected")
    left, right = place(mix, is_any_selected=True, automatic=automatic)
    assert math.atan2(right, left) == pytest.approx((pan + 1) * math.pi / 4)


# -- in the engine --------------------------------------------------------------------------


def side_db(heard: Sound) -> float:
    """How much louder it is on the right."""
    left, right = (float(np.mean(one.astype(np.float64) ** 2)) for one in heard.T)
    return 10 * math.log10((right + 1e-12) / (left + 1e-12))


def listen(one: Lab, *names: str) -> None:
    for name in names:
        one.listen(name)
        one.pipeline.set_mix(SetMix(name, pan=None))


def talk(one: Lab, name: str, over: int = 0) -> Sound:
    spec = next(f.spec for f in one.pipeline.figures() if f.stream == name)
    sent = packets(opus(sine(500, 0.4)), sequence=over * 100, timestamp=over * 96_000)
    return one.play((spec, sent))


def pans(one: Lab) -> dict[str, float]:
    return {figures.stream: figures.pan for figures in one.pipeline.figures()}


def test_who_talks_gets_a_place_from_the_first_sample_on_and_keeps_it(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        listen(one, "quiet@h", "a@h", "b@h")
        assert side_db(talk(one, "a@h")) < -20
        assert side_db(talk(one, "b@h")) > 20
        assert side_db(talk(one, "a@h", 1)) < -20
        assert pans(one) == {"quiet@h": 0.0, "a@h": -1.0, "b@h": 1.0}


def test_selected_it_comes_to_the_front_and_goes_back_to_its_place(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        listen(one, "a@h")
        talk(one, "a@h")
        one.pipeline.set_mix(SetMix("a@h", pan=None, attention="selected"))
        assert abs(side_db(talk(one, "a@h", 1))) < 0.1
        assert pans(one) == {"a@h": 0.0}
        one.pipeline.set_mix(SetMix("a@h", pan=None))
        assert side_db(talk(one, "a@h", 2)) < -20


def test_the_front_is_not_taken_from_others_by_one_who_was_only_ever_selected(
    tmp_path: Path,
) -> None:
    with lab(tmp_path) as one:
        listen(one, "s@h", "a@h")
        one.pipeline.set_mix(SetMix("s@h", pan=None, attention="selected"))
        assert abs(side_db(talk(one, "s@h"))) < 0.1
        assert side_db(talk(one, "a@h")) < -20, "the farthest place was free"


def test_placed_by_hand_it_stays_there_and_takes_no_place(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        listen(one, "hand@h", "a@h")
        one.pipeline.set_mix(SetMix("hand@h", pan=0.5))
        assert 7 < side_db(talk(one, "hand@h")) < 8.5
        talk(one, "a@h")
        assert pans(one) == {"hand@h": 0.5, "a@h": -1.0}


def test_a_dropped_group_leaves_its_place_to_the_next(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        listen(one, "a@h", "b@h", "c@h")
        talk(one, "a@h")
        talk(one, "b@h")
        one.pipeline.drop("a@h")
        talk(one, "c@h")
        assert pans(one) == {"b@h": 1.0, "c@h": -1.0}
