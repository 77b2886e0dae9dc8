"""Layouts of the talkgroups, of persons and of roles: the newest of each counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from console.domain import bounds
from console.domain.events import Event, LayoutSaved, StandardLayoutSaved
from console.domain.layout import key_of, saved_of

if TYPE_CHECKING:
    from console.domain.draft import Draft


def layout_saved(draft: Draft, event: Event, body: LayoutSaved | StandardLayoutSaved) -> None:
    key = key_of(event)
    if not key:
        draft.count("illegal")  # nobody's
        return
    old = draft.layouts.get(key)
    if old is None and draft.is_full(draft.layouts, bounds.MAX_LAYOUTS):
        return
    if old is None or event.id > old.saved.id:
        draft.layouts.own()[key] = saved_of(event, body, key)


CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    LayoutSaved: layout_saved,
    StandardLayoutSaved: layout_saved,
}
