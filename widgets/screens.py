"""Where windows may stand, on the screens that are there now. Pure, but for :func:`areas`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from widgets.contracts.rows import Place

SEEN_PX: Final = 80
"""What of a window has to be on a screen, each way, for a hand to get hold of it."""


def areas() -> list[QRect]:
    """Of the screens, without what the system keeps for its own bars; the first one first. None
    where windows are drawn in memory: they fit whatever their size."""
    if QGuiApplication.platformName() == "offscreen":
        return []
    first = QGuiApplication.primaryScreen()
    screens = sorted(QGuiApplication.screens(), key=lambda one: one is not first)
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


def place_of(rect: QRect, *, maximised: bool) -> Place:
    return Place(rect.x(), rect.y(), rect.width(), rect.height(), maximised)


def rect_of(place: Place) -> QRect:
    return QRect(place.x, place.y, place.width, place.height)
