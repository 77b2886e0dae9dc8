"""A malformed position moves no symbol, in no order; each that was refused is counted once.

Through all that a position passes on its way: the bytes, the door with the reader's clock, the
picture of the site, the model's rows, and the map's columns.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain import fixes
from console.domain.events import Event, Position, UnitDefined, UnitMoved, UnitRemoved
from console.domain.exercise_rule import BEHIND
from console.domain.records import Move, Unit, blank_unit
from console.domain.state import State, apply_all
from console.models.store import SiteStore
from console.models.units import UnitModel
from console.site.log.door import Door
from console.site.log.wire import EventError
from widgets.map.table import UnitTable

from ..unit.test_state import ulid

NOW_MS = 1_795_532_122_000
SUBJECT = "vb.live.move.gateway.gw1.many.units"
FEW = settings(max_examples=120, deadline=None)


def event(number: int, at: Position, unit: str = "amb1", *, time_ms: int = NOW_MS) -> Event:
    body = UnitMoved(unit, at)
    return Event(id=ulid(number << 80), time_ms=time_ms, author="gw1", seq=number, body=body)


def moved(number: int, fixed_ms: int, *, exercise: bool = False) -> Event:
    at = Position(60.0, number / 1_000, fixed_ms=fixed_ms)
    return msgspec.structs.replace(event(number, at, "u"), exercise=exercise)


# -- which position counts -------------------------------------------------------------------------


def counting(events: Sequence[Event]) -> Event | None:
    """The rule of docs/PROTOCOL.md, of all events at once and in other words."""
    removed = max((e.id for e in events if isinstance(e.body, UnitRemoved)), default="")
    moves = [e for e in events if isinstance(e.body, UnitMoved) and e.id > removed]
    known = [e.body.position.fixed_ms for e in moves if isinstance(e.body, UnitMoved)]
    newest = max(known, default=0)
    left = [
        e
        for e in moves
        if isinstance(e.body, UnitMoved) and e.body.position.fixed_ms in (0, newest)
    ]
    return max(left, key=lambda e: e.id, default=None)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 99), st.integers(0, 5)), unique_by=lambda o: o[0]),
    st.none() | st.integers(1, 99),
    st.randoms(use_true_random=False),
)
def test_the_newest_fix_counts_in_every_order(
    told: list[tuple[int, int]], removed: int | None, chance: object
) -> None:
    events = [moved(number, fixed_ms) for number, fixed_ms in told if number != removed]
    if removed is not None:
        body = UnitRemoved("u")
        events.append(Event(ulid(removed << 80), NOW_MS, "gw1", removed, body))
    wanted = counting(events)
    chance.shuffle(events)  # type: ignore[attr-defined]  # a random.Random
    unit = apply_all(State(), [*events, *events[:3]]).units.get("u")
    assert (unit.moved_by if unit else "") == (wanted.id if wanted else "")
    if unit is not None:
        assert len(unit.aside) <= fixes.MAX_ASIDE


def test_an_older_fix_in_a_newer_event_moves_nothing_and_is_counted_once() -> None:
    first, older = moved(1, 2_000), moved(2, 1_000)
    state = apply_all(State(), [first, older, older])
    assert state.units["u"].moved_by == first.id
    assert state.counts.older_fixes == 1
    assert apply_all(state, [older]).counts.older_fixes == 1, "told again, counted once"


def test_a_position_without_a_fix_time_counts_by_its_event_alone() -> None:
    state = apply_all(State(), [moved(1, 2_000), moved(2, 0)])
    assert state.units["u"].moved_by == ulid(2 << 80)
    state = apply_all(state, [moved(3, 1_000)])
    assert state.units["u"].moved_by == ulid(2 << 80), "older than the fix that is known"
    state = apply_all(state, [moved(4, 2_500)])
    assert state.units["u"].moved_by == ulid(4 << 80)
    aside = [move.id for move in state.units["u"].aside]
    assert aside == [ulid(2 << 80)], "it would count beside an older event with a newer fix"


def test_what_is_taken_away_uncovers_what_was_newer() -> None:
    """The unit was removed after the newest fix was told, and another told older fixes since."""
    gone = Event(ulid(2 << 80), NOW_MS, "gw1", 2, UnitRemoved("u"))
    for order in ((1, 2, 3), (1, 3, 2), (3, 1, 2), (2, 1, 3)):
        said = {1: moved(1, 2_000), 2: gone, 3: moved(3, 1_000)}
        assert apply_all(State(), [said[n] for n in order]).units["u"].moved_by == ulid(3 << 80)


def test_no_exercise_holds_back_a_real_position_by_a_newer_fix() -> None:
    real = moved(3, 1_000)
    for order in ((0, 1), (1, 0)):
        pair = (moved(9, 5_000, exercise=True), real)
        assert apply_all(State(), [pair[n] for n in order]).units["u"].moved_by == real.id
    defined = Event(ulid(1 << 80), NOW_MS, "gw1", 1, UnitDefined("u", "U", "other"))
    state = apply_all(State(), [moved(9, 5_000, exercise=True), defined])
    assert state.units["u"].position is None


def test_what_is_kept_beside_is_bounded() -> None:
    """Told backwards for ever: each later word an older fix."""
    moves = [Move(ulid(n << 80), 0, Position(60, 10, fixed_ms=10_000 - n)) for n in range(1, 200)]
    unit: Unit = blank_unit("u")
    for move in moves:
        unit = fixes.with_moves(unit, (*fixes.moves_of(unit), move))
    assert unit.position is not None
    assert unit.position.fixed_ms == 9_999
    assert len(unit.aside) < fixes.MAX_ASIDE
    assert not any(move.id.startswith(BEHIND) for move in unit.aside)


# -- nothing malformed moves a symbol --------------------------------------------------------------

GOOD = Position(60.0, 10.0, fixed_ms=NOW_MS - 1_000)
WRONG_NUMBERS = st.sampled_from((math.nan, math.inf, -math.inf, 90.001, -91.0, 1e300))
WRONG_BYTES: tuple[tuple[str, object], ...] = (
    ("lat", math.nan), ("lon", math.inf), ("lat", "60"), ("lat", None), ("lon", 180.001),
    ("lat", 90.5), ("fixed_ms", -1), ("fixed_ms", 2.5), ("accuracy_m", -1), ("accuracy_m", 1e9),
    ("heading_deg", 360), ("speed_mps", 201), ("speed_mps", math.nan), ("lon", [10]),
    ("lat", 1e999),
)  # fmt: skip


@st.composite
def malformed(draw: st.DrawFn, number: int) -> bytes:
    """A position as bytes that must move nothing: one of its figures is impossible, its fix is of
    the future, or older than what is known."""
    document = json.loads(msgspec.json.encode(event(number, GOOD)))
    at = document["body"]["position"]
    what = draw(st.sampled_from(("figure", "missing", "ahead", "late", "older", "cut")))
    at["lat"], at["lon"] = draw(st.floats(55, 82)), draw(st.floats(-10, 35))
    if what == "figure":
        name, value = draw(st.sampled_from(WRONG_BYTES))
        at[name] = value
    elif what == "missing":
        del at[draw(st.sampled_from(("lat", "lon")))]
    elif what == "ahead":
        at["fixed_ms"] = NOW_MS + fixes.AHEAD_MS + draw(st.integers(1, 2**50))
        document["time_ms"] = draw(st.sampled_from((NOW_MS, 2**52)))
    elif what == "late":  # later than it was said, by clocks that can't be so far apart
        document["time_ms"] = at["fixed_ms"] - fixes.AHEAD_MS - draw(st.integers(1, 10**9))
    elif what == "older":
        at["fixed_ms"] = GOOD.fixed_ms - draw(st.integers(1, 10**9))
    text = json.dumps(document).encode()
    return text[: draw(st.integers(1, len(text) - 1))] if what == "cut" else text


class Way:
    """From the bytes to the map, with everything real between."""

    def __init__(self) -> None:
        self.door = Door(now_ms=lambda: NOW_MS)
        self.store = SiteStore(wall_s=lambda: NOW_MS / 1_000)
        self.model = UnitModel(self.store)
        self.table = UnitTable()
        self.model.changed.connect(self._changed)

    def _changed(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self.table.put(self.model.row(key))

    def come(self, payload: bytes) -> None:
        try:
            events, _complaints = self.door.read(SUBJECT, b"[" + payload + b"]")
        except EventError:
            return
        self.store.apply(self.door.let_in(events))

    @property
    def refused(self) -> int:
        counts = self.store.state.counts
        return self.door.refused.total() + counts.malformed_positions + counts.older_fixes

    def place(self) -> tuple[float, ...]:
        at = self.table.find("amb1")
        assert at is not None
        row = self.table.columns[at]
        return float(row["x"]), float(row["y"]), float(row["fixed"])


@FEW
@given(st.data(), st.integers(1, 12))
def test_no_sequence_of_malformed_positions_moves_a_symbol_and_each_is_counted_once(
    data: st.DataObject, count: int
) -> None:
    way = Way()
    way.come(msgspec.json.encode(event(1, GOOD)))
    before = way.place()
    assert np.isfinite(before).all()
    for number in range(2, count + 2):
        way.come(data.draw(malformed(number)))
        assert way.place() == before
        assert way.refused == number - 1
    assert way.table.refused == 0
    way.come(msgspec.json.encode(event(99, Position(61.0, 11.0, fixed_ms=NOW_MS))))
    assert way.place() != before, "and what is right still does"
    assert way.refused == count


@FEW
@given(st.lists(st.tuples(WRONG_NUMBERS, st.booleans()), min_size=1, max_size=6))
def test_what_never_was_bytes_moves_nothing_either(wrong: list[tuple[float, bool]]) -> None:
    way = Way()
    way.store.apply([event(1, GOOD)])
    before = way.place()
    for number, (value, is_lat) in enumerate(wrong, 2):
        lon = value * 3 if math.isfinite(value) else value
        at = Position(value, 10.0) if is_lat else Position(60.0, lon)
        way.store.apply([event(number, at)])
        assert way.place() == before
        assert way.refused == number - 1


@FEW
@given(st.integers(-300_000, 300_000), st.integers(-300_000, 300_000), st.integers(0, 60_000))
def test_clocks_five_minutes_off_lose_no_position_and_show_no_age_below_nothing(
    teller_ms: int, fixer_ms: int, old_ms: int
) -> None:
    """The reader's clock, the teller's and that of who gave the fix its time all disagree."""
    way = Way()
    at = Position(60.0, 10.0, fixed_ms=NOW_MS + fixer_ms - old_ms)
    way.come(msgspec.json.encode(event(1, at, time_ms=NOW_MS + teller_ms)))
    assert way.refused == 0
    assert way.place()[2] <= NOW_MS / 1_000
    assert way.place()[2] >= (NOW_MS - old_ms - 300_000) / 1_000
