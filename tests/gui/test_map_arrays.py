"""What the map gives Qt as arrays is what Qt makes of objects, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from widgets.map.arrays import Floats, Fragments, path_of

SIDE = 64


def one_by_one(points: Floats, joined: np.ndarray) -> QPainterPath:
    path, pen_is_down = QPainterPath(), False
    for (x, y), goes_on in zip(points.tolist(), joined.tolist(), strict=True):
        (path.lineTo if pen_is_down else path.moveTo)(x, y)
        pen_is_down = goes_on
    return path


def elements(path: QPainterPath) -> list[tuple[object, float, float]]:
    every = (path.elementAt(i) for i in range(path.elementCount()))
    return [(one.type, one.x, one.y) for one in every]


places = hnp.arrays(
    np.float64,
    st.tuples(st.integers(0, 60), st.just(2)),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)


@given(points=places, data=st.data())
def test_a_path_of_arrays_has_the_elements_of_one_that_is_drawn(
    points: Floats, data: st.DataObject
) -> None:
    joined = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(points), max_size=len(points))), bool
    )
    made = path_of(points, joined)
    assert elements(made) == [
        (
            QPainterPath.ElementType.LineToElement
            if i and joined[i - 1]
            else QPainterPath.ElementType.MoveToElement,
            *point,
        )
        for i, point in enumerate(points.tolist())
    ]
    assert made.fillRule() == Qt.FillRule.OddEvenFill


def test_a_lake_in_an_island_is_painted_as_by_hand() -> None:
    rings = [(4, 4), (60, 4), (60, 60), (4, 60), (20, 20), (44, 20), (44, 44), (20, 44)]
    points, joined = np.array(rings, float), np.ones(8, bool)
    joined[[3, 7]] = False
    pictures = []
    for path in (path_of(points, joined), one_by_one(points, joined)):
        picture = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        painter.fillPath(path, Qt.GlobalColor.black)
        painter.end()
        pictures.append(picture)
    assert pictures[0] == pictures[1]
    assert pictures[0].pixelColor(10, 10) == Qt.GlobalColor.black
    assert pictures[0].pixelColor(32, 32) == Qt.GlobalColor.white


@pytest.mark.parametrize("what", [np.nan, np.inf])
def test_a_point_that_is_nowhere_is_refused(what: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        path_of(np.array([[0.0, 0.0], [what, 1.0]]), np.ones(2, bool))


def test_fragments_are_painted_where_their_rows_say(qapp: object) -> None:
    pixmap = QPixmap(16, 8)
    pixmap.fill(Qt.GlobalColor.red)
    painter = QPainter(pixmap)
    painter.fillRect(QRectF(8, 0, 8, 8), Qt.GlobalColor.blue)
    painter.end()
    fragments = Fragments()
    for count in (1, 40, 3):  # more than before, and fewer again
        picture = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
        picture.fill(Qt.GlobalColor.white)
        rows = fragments.rows(count)
        rows[:] = (12, 12, 0, 0, 8, 8, 1, 1, 0, 1)
        rows[-1] = (40, 40, 8, 0, 8, 8, 2, 2, 0, 1)
        painter = QPainter(picture)
        fragments.draw(painter, count, pixmap)
        painter.end()
        assert picture.pixelColor(40, 40) == Qt.GlobalColor.blue
        assert picture.pixelColor(33, 33) == Qt.GlobalColor.blue, "twice as large"
        expected = Qt.GlobalColor.white if count == 1 else Qt.GlobalColor.red
        assert picture.pixelColor(12, 12) == expected
