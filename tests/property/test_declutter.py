"""Labels never overlap, whatever is asked for, and the most important one always stands."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.map.declutter import Occupancy

BOX = st.tuples(
    st.floats(-100, 900), st.floats(-100, 700), st.floats(1, 160), st.floats(1, 40)
).map(lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3]))


@settings(max_examples=150, deadline=None)
@given(st.lists(BOX, max_size=120), st.lists(BOX, max_size=5))
def test_no_two_overlap_and_none_lies_on_what_was_taken(
    wanted: list[tuple[float, ...]], taken: list[tuple[float, ...]]
) -> None:
    boxes, walls = np.array(wanted).reshape(-1, 4), np.array(taken).reshape(-1, 4)
    room = Occupancy(0, 0, 800, 600)
    room.block(walls)
    chosen = boxes[room.choose(boxes)]
    for i, one in enumerate(chosen):
        others = np.concatenate((chosen[i + 1 :], walls))
        apart = (
            (others[:, 0] >= one[2]) | (others[:, 2] <= one[0])
            | (others[:, 1] >= one[3]) | (others[:, 3] <= one[1])
        )  # fmt: skip
        assert apart.all()


@settings(max_examples=50, deadline=None)
@given(st.lists(BOX, min_size=1, max_size=60))
def test_the_first_that_lies_inside_stands(wanted: list[tuple[float, ...]]) -> None:
    boxes = np.array(wanted)
    low, high = boxes[:, :2].min(axis=1), (np.array((790, 590)) - boxes[:, 2:]).min(axis=1)
    inside = np.asarray(np.logical_and(low >= 6, high >= 0))
    chosen = Occupancy(0, 0, 800, 600).choose(boxes)
    if inside.any():
        assert chosen.any()
    if inside[0]:
        assert chosen[0]


def test_what_is_not_a_number_is_left_out() -> None:
    boxes = np.array([[np.nan, 0, 10, 10], [30, 30, 50, 50]])
    assert Occupancy(0, 0, 100, 100).choose(boxes).tolist() == [False, True]
