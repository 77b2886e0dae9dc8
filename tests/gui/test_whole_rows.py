"""No list cuts a row at its edge, however much room there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.gui import fakes
from tests.gui.conftest import LARGE, SMALL, Open
from tests.turning import turn
from widgets.rows import RowList
from widgets.timeline_table import TimelineView
from widgets.window import DeskWindow


def lists(window: DeskWindow) -> list[RowList | TimelineView]:
    found: list[RowList | TimelineView] = [*window.findChildren(RowList)]
    found += window.findChildren(TimelineView)
    return [one for one in found if one.isVisible() and one.model().rowCount() > 1]


def is_whole(one: RowList | TimelineView) -> bool:
    viewport = one.viewport()
    last = one.indexAt(viewport.rect().bottomLeft())
    return not last.isValid() or one.visualRect(last).bottom() <= viewport.height()


@pytest.mark.parametrize(("size", "percent"), [(SMALL, 100), (LARGE, 100), (LARGE, 200)])
@pytest.mark.parametrize("page", ["map", "people", "timeline", "handover", "aid"])
def test_rows_are_whole_at_both_edges(
    open_desk: Open, size: tuple[int, int], percent: int, page: str
) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=size)
    desk.alarms.put(replace(fakes.ALARM, key="a2", unit="u3", call_sign="AMB 3-7"))
    window.set_scale(percent)
    if page == "aid":
        window.pages.show_help_for("a1")
    elif page != "map":
        window.pages.show_page(window.pages.named(page))
    turn(200)
    shown = lists(window)
    assert window.units.list in shown
    for one in shown:
        assert is_whole(one), f"{one.accessibleName()}: the lower edge"
        bar = one.verticalScrollBar()
        bar.setValue(bar.value() + bar.singleStep())
        top = one.indexAt(one.viewport().rect().topLeft())
        assert one.visualRect(top).top() == 0, f"{one.accessibleName()}: the upper edge"
        assert is_whole(one), f"{one.accessibleName()}: the lower edge, scrolled"
