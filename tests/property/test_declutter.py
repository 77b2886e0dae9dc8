"""Labels never overlap, whatever is asked for; of marks that would, one stands for all."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.map.declutter import Occupancy
from widgets.map.pace import finished
from widgets.map.piles import NEAR_PX, leaders, listing, members, shortened

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


POINT = st.tuples(st.floats(-500, 1_500), st.floats(-500, 1_500))


@settings(max_examples=150, deadline=None)
@given(st.lists(POINT, max_size=80))
def test_of_marks_that_touch_one_is_seen_and_nobody_is_lost(
    points: list[tuple[float, ...]],
) -> None:
    centres = np.array(points).reshape(-1, 2)
    found = finished(leaders(centres))
    piles = members(found)
    assert sorted(i for pile in piles.values() for i in pile) == list(range(len(centres)))
    heads = centres[list(piles)]
    for head, pile in piles.items():
        assert pile[0] == head == min(pile)  # the most important
        assert (np.hypot(*(centres[pile] - centres[head]).T) < NEAR_PX).all()
        assert (np.hypot(*(heads - centres[head]).T) < NEAR_PX).sum() == 1


@given(st.integers(1, 60), st.integers(0, 60))
def test_a_label_accounts_for_everybody_and_names_the_urgent(number: int, urgent: int) -> None:
    full = listing(range(number), min(urgent, number))
    for form in (full, shortened(full, min(urgent, number))):
        assert form.named and len(form.named) + form.more == number
        assert len(form.named) >= min(urgent, number, 10)


def test_the_first_free_box_is_taken_and_no_other() -> None:
    room = Occupancy(0, 0, 200, 200)
    room.block(np.array([[0.0, 0, 40, 40]]))
    boxes = np.array([[8.0, 8, 30, 30], [80, 80, 96, 96], [120, 120, 136, 136]])
    assert room.first(boxes) == 1
    assert room.choose(boxes).tolist() == [False, False, True]
    assert room.first(boxes) is None
