"""Where Tab goes: from area to area, and in each as the eye goes, whatever was made when.

Qt's own order is that in which widgets were made: an alarm's card that comes at night would be the
last of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint, QRect, Qt
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
    """Line by line from the top, in each from the left; who holds others comes before them."""
    places = [(one, _place(one, widgets, area)) for one in widgets]
    places.sort(key=lambda pair: pair[1].top())
    lines: list[list[tuple[QWidget, QRect]]] = []
    for one, place in places:
        line = lines[-1][0][1] if lines else QRect()
        if lines and line.top() <= place.center().y() <= line.bottom():
            lines[-1].append((one, place))
        else:
            lines.append([(one, place)])
    return [one for line in lines for one, _ in sorted(line, key=lambda pair: pair[1].left())]


def _place(widget: QWidget, others: Sequence[QWidget], area: QWidget) -> QRect:
    at = widget.mapTo(area, QPoint(0, 0)) if widget is not area else QPoint(0, 0)
    holds = any(widget.isAncestorOf(other) for other in others)
    return QRect(at.x(), at.y(), widget.width(), 1 if holds else widget.height())


def _bring_into_view(widget: QWidget) -> None:
    above = widget.parentWidget()
    while above is not None and not above.isWindow():
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
