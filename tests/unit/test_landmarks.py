"""Places and pins in the picture of a site: the newest word, removal, bounds, age."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from console.domain import bounds
from console.domain.events import (
    AnyBody,
    Event,
    LandmarkDefined,
    LandmarkRemoved,
    PinRemoved,
    PinSet,
)
from console.domain.expiry import expire
from console.domain.mark import id_ms
from console.domain.roles import who_may_say
from console.domain.state import State, apply, apply_all
from console.site.log.retention import keep_ms
from console.site.log.subjects import DAY_S, LANDMARKS, PINS

from .test_state import ulid

DAY_MS = DAY_S * 1_000
MS = 80  # bits of chance below the milliseconds in an id


def place(key: str = "l1", name: str = "Fiktivheim", **more: Any) -> LandmarkDefined:
    return LandmarkDefined(landmark=key, name=name, lat=59.3, lon=10.4, **more)


def pin(key: str = "p1", name: str = "Hendelse", **more: Any) -> PinSet:
    return PinSet(pin=key, name=name, lat=59.3, lon=10.4, since_ms=1, **more)


def said(number: int, body: AnyBody, author: str = "lv1", *, exercise: bool = False) -> Event:
    return Event(ulid(number), number, author, number, body, person="Kari", exercise=exercise)


def test_the_newest_word_counts_a_removal_takes_away_and_a_later_word_brings_back() -> None:
    state = apply_all(State(), [said(2, pin(name="New")), said(1, pin(name="Old"))])
    assert state.pins["p1"].name == "New"
    assert state.pins["p1"].set.who == "Kari"
    gone = apply(state, said(3, PinRemoved("p1", "New")))
    assert gone.pins == {}
    assert apply(gone, said(2, pin(name="Late"))).pins == {}, "what is older than the removal"
    assert apply(gone, said(4, pin(name="Back"))).pins["p1"].name == "Back"
    assert apply(gone, said(4, place("p1"))).landmarks, "a place is no pin"


def test_a_removal_that_comes_first_holds() -> None:
    state = apply_all(State(), [said(5, LandmarkRemoved("l1")), said(4, place())])
    assert state.landmarks == {}


@pytest.mark.parametrize(
    ("make", "table", "most"),
    [(place, "landmarks", bounds.MAX_LANDMARKS), (pin, "pins", bounds.MAX_PINS)],
)
def test_at_the_bound_an_exercise_gives_way_and_takes_no_room(
    make: Any, table: str, most: int
) -> None:
    real = [said(n + 1, make(f"k{n}")) for n in range(most - 1)]
    full = apply_all(State(), [*real, said(most, make("ex", exercise=True), exercise=True)])
    assert len(getattr(full, table)) == most
    more = apply(full, said(most + 1, make("one-more")))
    assert "one-more" in getattr(more, table)
    assert "ex" not in getattr(more, table)
    refused = apply_all(more, [
        said(most + 2, make("too-many")),
        said(most + 3, make("ex2", exercise=True), exercise=True),
    ])  # fmt: skip
    assert getattr(refused, table) == getattr(more, table)
    assert refused.counts.refused == more.counts.refused + 2
    changed = apply(refused, said(most + 4, make("k0", "Changed")))
    assert getattr(changed, table)["k0"].name == "Changed", "what is known goes on changing"


def test_a_pin_goes_after_a_day_and_a_place_stays() -> None:
    begun = 10 * DAY_MS
    state = apply_all(State(), [said(begun << MS, pin()), said((begun + 1) << MS, place())])
    assert id_ms(state.pins["p1"].set.id) == begun
    kept = keep_ms({})
    assert expire(state, begun + DAY_MS, kept) is state
    later = expire(state, begun + DAY_MS + 1, kept)
    assert later.pins == {}
    assert later.landmarks == state.landmarks
    assert expire(state, begun + 3_000 * DAY_MS, kept).landmarks, "for years"
    played = apply(State(), said(begun << MS, pin(exercise=True), exercise=True))
    assert expire(played, begun + DAY_MS + 1, kept).pins == {}, "an exercise's too"


@pytest.mark.parametrize("kind", [*LANDMARKS.kinds, *PINS.kinds])
def test_operators_and_trainers_say_it_and_nobody_else(kind: type) -> None:
    assert who_may_say(kind) == ("operator", "trainer")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "x" * 65}, {"lat": 91}, {"lon": -181}, {"note": "x" * 201},
        {"landmark_kind": "castle"}, {"landmark": "a b"},
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_no_event(wrong: dict[str, Any]) -> None:
    fields = msgspec.to_builtins(place())
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**fields, **wrong}, LandmarkDefined)
