"""An honest estimate: a range, never sooner than anybody may drive, wider where less is known."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.contracts.rows import UnitKind
from widgets.driving import (
    BEST_FLIGHT_KMH,
    FARTHEST_KM,
    LEGAL_KMH,
    OLDEST_S,
    Seen,
    estimate,
)

KINDS: tuple[UnitKind, ...] = get_args(UnitKind)
KIND = st.sampled_from(KINDS)
KM = st.floats(0, FARTHEST_KM)
AGE = st.none() | st.floats(0, OLDEST_S)
OFF = st.floats(0, 5)
SEEN = st.builds(Seen, KM, AGE, OFF)


@given(KIND, SEEN)
def test_never_sooner_than_the_straight_line_at_a_legal_speed_and_always_a_range(
    kind: UnitKind, seen: Seen
) -> None:
    told = estimate(kind, seen)
    assert told is not None
    fastest = BEST_FLIGHT_KMH if kind == "helicopter" else LEGAL_KMH
    assert told.best_min >= max(1.0, 60 * seen.far_km / fastest - 1e-9)
    assert told.typical_min is not None and told.typical_min > told.best_min
    assert told.flies == (kind == "helicopter")


@given(KIND, KM, KM, AGE, OFF)
def test_farther_never_takes_less(
    kind: UnitKind, one: float, other: float, age: float | None, off: float
) -> None:
    near, far = (estimate(kind, Seen(km, age, off)) for km in sorted((one, other)))
    assert near is not None and far is not None
    assert near.best_min <= far.best_min
    assert near.typical_min is not None and far.typical_min is not None
    assert near.typical_min <= far.typical_min


@given(KIND, KM, st.tuples(*[st.floats(0, OLDEST_S)] * 2), st.tuples(OFF, OFF))
def test_what_is_older_or_less_exact_is_never_told_more_narrowly(
    kind: UnitKind, km: float, ages: tuple[float, float], offs: tuple[float, float]
) -> None:
    (young, old), (exact, rough) = sorted(ages), sorted(offs)
    sure, unsure = estimate(kind, Seen(km, young, exact)), estimate(kind, Seen(km, old, rough))
    assert sure is not None and unsure is not None
    assert unsure.best_min <= sure.best_min
    assert sure.typical_min is not None and unsure.typical_min is not None
    assert unsure.typical_min >= sure.typical_min


@given(KIND.filter(lambda kind: kind != "helicopter"), SEEN)
def test_water_between_leaves_no_upper_figure(kind: UnitKind, seen: Seen) -> None:
    wet = estimate(kind, Seen(seen.far_km, seen.age_s, seen.off_km, water=True))
    dry = estimate(kind, seen)
    assert wet is not None and dry is not None
    assert (wet.best_min, wet.typical_min) == (dry.best_min, None)


def test_a_helicopter_flies_over_it() -> None:
    told = estimate("helicopter", Seen(30.0, 0.0, 0.0, water=True))
    assert told == estimate("helicopter", Seen(30.0, 0.0))


@pytest.mark.parametrize(
    "seen", [Seen(3.0, OLDEST_S + 1), Seen(FARTHEST_KM + 1), Seen(float("nan")), Seen(-1.0)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_said_where_nothing_is_known(kind: UnitKind, seen: Seen) -> None:
    assert estimate(kind, seen) is None


def test_an_age_that_is_not_told_is_no_good_sign() -> None:
    untold, fresh = estimate("ambulance", Seen(20.0, None)), estimate("ambulance", Seen(20.0, 0.0))
    assert untold is not None and fresh is not None
    assert untold.typical_min is not None and fresh.typical_min is not None
    assert untold.typical_min > fresh.typical_min


def test_of_known_drives_the_range_holds_the_truth() -> None:
    """Straight lines, and roughly what people need: Tønsberg–Horten, Lillehammer–Hamar,
    Bodø–Fauske."""
    for km, minutes in ((17.2, 27), (48.0, 50), (43.0, 55)):
        told = estimate("ambulance", Seen(km))
        assert told is not None and told.typical_min is not None
        assert told.best_min <= minutes <= told.typical_min
