"""Where windows may stand, on the screens that are there now. Pure, but for :func:`areas`."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication

from widgets.contracts.rows import Place

SEEN_PX: Final = 80
"""What of a window has to be on a screen, each way, for a hand to get hold of it."""
STEP_PX: Final = 40  # of a window that can't but lie on another


def areas() -> list[QRect]:
    """Of the screens, without what the system keeps for its own bars; the first one first. None
    where windows are drawn in memory and nobody has described screens: they fit whatever their
    size."""
    screens = QGuiApplication.screens()
    if QGuiApplication.platformName() == "offscreen" and len(screens) == 1:
        return []
    first = QGuiApplication.primaryScreen()
    screens.sort(key=lambda one: one is not first)
    return [one.availableGeometry() for one in screens]


def set_up(screens: Sequence[QRect]) -> str:
    """What tells one set of screens from another: sizes and places."""
    told = sorted((r.x(), r.y(), r.width(), r.height()) for r in screens)
    return ";".join(f"{width}x{height}+{x}+{y}" for x, y, width, height in told)


def is_seen(rect: QRect, screens: Sequence[QRect]) -> bool:
    return any(_shared(rect, one) for one in screens)


def _shared(rect: QRect, screen: QRect) -> int:
    both = rect.intersected(screen)
    enough = both.width() >= SEEN_PX and both.height() >= SEEN_PX
    return both.width() * both.height() if enough else 0


def fitted(rect: QRect, screens: Sequence[QRect]) -> QRect:
    """Wholly on the screen that shows most of it, or on the first, and not larger than that."""
    if not screens:
        return rect
    screen = max(screens, key=lambda one: _shared(rect, one))
    size = rect.size().boundedTo(screen.size())
    x = min(max(rect.x(), screen.left()), screen.right() + 1 - size.width())
    y = min(max(rect.y(), screen.top()), screen.bottom() + 1 - size.height())
    return QRect(x, y, size.width(), size.height())


def free_place(
    size: QSize, screen: QRect, taken: Sequence[QRect], least: QSize, frame: QSize
) -> QRect | None:
    """On that screen, in front of no other window, from the upper left; smaller by a quarter where
    there is no room for all of it. None: not even for ``least``. ``frame``: left free round it, in
    all."""
    room = screen.adjusted(
        frame.width() // 2, frame.height() // 2, -frame.width() // 2, -frame.height() // 2
    )
    while True:
        places = _places(size, room, taken, frame)
        found = next((one for one in places if not any(map(one.intersects, taken))), None)
        smaller = QSize(size.width() * 3 // 4, size.height() * 3 // 4)
        if found is not None or size == least:
            return found
        size = smaller.expandedTo(least)


def _places(size: QSize, room: QRect, taken: Sequence[QRect], frame: QSize) -> Iterator[QRect]:
    """At the room's edges and those of the other windows."""
    xs = {room.left(), room.right() + 1 - size.width()}
    ys = {room.top(), room.bottom() + 1 - size.height()}
    for one in taken:
        xs |= {one.right() + frame.width() // 2, one.left() - frame.width() // 2 - size.width()}
        ys |= {one.bottom() + frame.height() // 2, one.top() - frame.height() // 2 - size.height()}
    for y, x in itertools.product(sorted(ys), sorted(xs)):
        rect = QRect(x, y, size.width(), size.height())
        if room.contains(rect):
            yield rect


def stepped_aside(rect: QRect, taken: Sequence[QRect], least: QSize) -> QRect:
    """Where there is no room beside the others: a step down and to the right of those that begin
    here, so that the title of each is seen, and no larger than what is left of ``rect``."""

    def is_taken(steps: int) -> bool:
        corner = rect.topLeft() + QPoint(steps, steps) * STEP_PX
        apart = (one.topLeft() - corner for one in taken)
        return any(abs(one.x()) < STEP_PX and abs(one.y()) < STEP_PX for one in apart)

    step = next(n for n in itertools.count() if not is_taken(n)) * STEP_PX
    size = rect.size() - QSize(step, step)
    return QRect(rect.topLeft() + QPoint(step, step), size.expandedTo(least))


def place_of(rect: QRect, *, maximised: bool) -> Place:
    return Place(rect.x(), rect.y(), rect.width(), rect.height(), maximised)


def rect_of(place: Place) -> QRect:
    return QRect(place.x, place.y, place.width, place.height)
