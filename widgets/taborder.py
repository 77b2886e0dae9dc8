"""Where Tab goes: from area to area, and in each as the eye goes, whatever was made when.

Qt's own order is that in which widgets were made: an alarm's card that comes at night would be the
last of all.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget


@runtime_checkable
class OwnOrder(Protocol):
    """An area that knows where Tab stops in it; what it leaves out comes after those."""

    def tab_stops(self) -> tuple[QWidget, ...]: ...


def go(areas: Iterable[QWidget], *, forward: bool) -> bool:
    """Put the keyboard on the next stop, or the one before; False where there is none."""
    stops = {area: stops_in(area) for area in areas}
    order = [stop for own in stops.values() for stop in own]
    if not order:
        return False
    focused = QApplication.focusWidget()
    before_first = -1 if forward else 0
    at = order.index(focused) if focused in order else before_first
    at += 1 if forward else -1
    target = order[at % len(order)]
    if focused is not None and focused not in order:  # it was just disabled: not far from it
        near = (own for area, own in stops.items() if own and area.isAncestorOf(focused))
        target = next(near, [target])[0]
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    target.setFocus(reason)
    _bring_into_view(target)
    return True


def stops_in(area: QWidget) -> list[QWidget]:
    """All in it that Tab can reach now, in order."""
    if not area.isVisible():
        return []
    found = [one for one in (area, *area.findChildren(QWidget)) if _is_stop(one)]
    if not isinstance(area, OwnOrder):
        return by_eye(found, area)
    chosen = [one for one in area.tab_stops() if one in found]
    return [*chosen, *by_eye([one for one in found if one not in chosen], area)]


def _is_stop(widget: QWidget) -> bool:
    takes_tab = Qt.FocusPolicy.TabFocus in widget.focusPolicy()
    return takes_tab and widget.isVisible() and widget.isEnabled() and not widget.focusProxy()


def by_eye(widgets: Sequence[QWidget], area: QWidget) -> list[QWidget]:
    """Line by line from the top, in each from the left; who holds others, or lies below them, comes
    before them."""
    places = list(zip(widgets, _places(widgets, area), strict=True))
    places.sort(key=lambda pair: pair[1].top())
    lines: list[list[tuple[QWidget, QRect]]] = []
    for one, place in places:
        line = lines[-1][0][1] if lines else QRect()
        if lines and line.top() <= place.center().y() <= line.bottom():
            lines[-1].append((one, place))
        else:
            lines.append([(one, place)])
    return [one for line in lines for one, _ in sorted(line, key=lambda pair: pair[1].left())]


def _places(widgets: Sequence[QWidget], area: QWidget) -> list[QRect]:
    """Where each is; of one that others lie in its upper edge alone, so that they are no line."""
    whole = [QRect(_corner(one, area), one.size()) for one in widgets]
    middles = sorted((rect.center().y(), rect.center().x()) for rect in whole)
    heights = [y for y, _ in middles]
    made = []
    for rect in whole:
        level = middles[bisect_left(heights, rect.top()) : bisect_right(heights, rect.bottom())]
        inside = sum(rect.left() <= x <= rect.right() for _, x in level)  # and its own
        made.append(rect if inside < 2 else QRect(rect.topLeft(), QSize(rect.width(), 1)))
    return made


def _corner(widget: QWidget, area: QWidget) -> QPoint:
    return widget.mapTo(area, QPoint(0, 0)) if widget is not area else QPoint(0, 0)


def _bring_into_view(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None and not above.isWindow():
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
