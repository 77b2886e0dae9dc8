"""Words beside a measured line: on no line, on nothing that is taken, on no other words."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from widgets.map.line_plates import LinePlates, crossed

VIEW = QSizeF(900, 700)
SIZE = QSizeF(120, 20)
NOTHING = np.empty((0, 4))
SPOT = st.tuples(st.floats(-300, 1_200), st.floats(-300, 1_000))


@pytest.mark.parametrize(
    ("line", "is_crossed"),
    [
        ((0, 0, 100, 100), True),
        ((0, 50, 200, 50), True),
        ((45, 45, 55, 55), True),  # wholly within
        ((0, 0, 30, 30), False),
        ((0, 100, 55, 62), False),  # past a corner, though the boxes meet
        ((300, 0, 300, 900), False),
    ],
)
def test_a_line_goes_through_a_box_or_not(line: tuple[float, ...], is_crossed: bool) -> None:
    found = crossed(np.array([(40.0, 40.0, 60.0, 60.0)]), np.array([line], float))
    assert found.tolist() == [float(is_crossed)]


@given(begin=SPOT, end=SPOT, share=st.floats(0, 1), turn=st.floats(0, 6.3))
@settings(max_examples=200)
def test_what_is_called_clear_has_no_point_of_the_line_within(
    begin: tuple[float, float], end: tuple[float, float], share: float, turn: float
) -> None:
    box = QRectF(400, 300, 100, 60)
    edges = np.array([(box.left(), box.top(), box.right(), box.bottom())])
    through = crossed(edges, np.array([(*begin, *end)]))[0] > 0
    points = np.linspace(begin, end, 400)
    within = [box.contains(QPointF(x, y)) for x, y in points.tolist()]
    assert through or not any(within)


def test_words_stand_clear_where_there_is_room() -> None:
    line = [QPointF(150, 350), QPointF(450, 200), QPointF(700, 500), QPointF(400, 450)]
    lines = np.array([(a.x(), a.y(), b.x(), b.y()) for a, b in itertools.pairwise(line)])
    alarm = QRectF(300, 240, 60, 60)  # on the first leg's middle
    taken = np.array([(alarm.left(), alarm.top(), alarm.right(), alarm.bottom())])
    plates = LinePlates(lines, taken, NOTHING, VIEW)
    made = [plates.around(line[-1], SIZE)]
    made += [plates.beside(a, b, SIZE) for a, b in itertools.pairwise(line)]
    for one in made:
        edges = np.array([(one.left(), one.top(), one.right(), one.bottom())])
        assert crossed(edges, lines).tolist() == [0.0]
        assert not one.intersects(alarm)
    assert not any(a.intersects(b) for a, b in itertools.combinations(made, 2))


def test_words_leave_units_their_names_where_there_is_another_place() -> None:
    lines = np.array([(150.0, 350.0, 450.0, 350.0)])
    begin, end = QPointF(150, 350), QPointF(450, 350)
    usual = LinePlates(lines, NOTHING, NOTHING, VIEW).beside(begin, end, SIZE)
    name = np.array([(usual.left(), usual.top(), usual.right(), usual.bottom())])
    other = LinePlates(lines, NOTHING, name, VIEW).beside(begin, end, SIZE)
    assert not other.intersects(usual)


def test_where_all_is_taken_they_stand_all_the_same() -> None:
    everything = np.array([(-999.0, -999.0, 2_000.0, 2_000.0)])
    plates = LinePlates(NOTHING, everything, NOTHING, VIEW)
    assert plates.around(QPointF(450, 350), SIZE).size() == SIZE
