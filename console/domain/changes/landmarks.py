"""Places of the site's own and pins of incidents: the newest word on each, until it is removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from console.domain import bounds
from console.domain.events import Event, LandmarkDefined, LandmarkRemoved, PinRemoved, PinSet
from console.domain.landmark import Landmark, Pin, landmark_of, pin_of
from console.domain.tables import Table

if TYPE_CHECKING:
    from console.domain.draft import Draft

LANDMARK: Final = "landmark"
PIN: Final = "pin"


def landmark_defined(draft: Draft, event: Event, body: LandmarkDefined) -> None:
    row = landmark_of(event, body)
    _set(draft, LANDMARK, draft.landmarks, bounds.MAX_LANDMARKS, row)


def landmark_removed(draft: Draft, event: Event, body: LandmarkRemoved) -> None:
    _remove(draft, LANDMARK, draft.landmarks, body.landmark, event.id)


def pin_set(draft: Draft, event: Event, body: PinSet) -> None:
    _set(draft, PIN, draft.pins, bounds.MAX_PINS, pin_of(event, body))


def pin_removed(draft: Draft, event: Event, body: PinRemoved) -> None:
    _remove(draft, PIN, draft.pins, body.pin, event.id)


def _set(draft: Draft, what: str, table: Table[Any], bound: int, row: Landmark | Pin) -> None:
    """The newest word that no newer removal has taken away."""
    old = table.get(row.key)
    if old is not None and row.set.id <= old.set.id:
        return
    if draft.is_removed(what, row.key, row.set.id):
        return
    if old is None and not draft.make_room(table, bound, _gives_way, "set.id"):
        return
    table.own()[row.key] = row


def _gives_way(row: Landmark | Pin) -> bool:
    """An exercise takes no room from what is real."""
    return row.exercise


def _remove(draft: Draft, what: str, table: Table[Any], key: str, event_id: str) -> None:
    draft.note_removed(what, key, event_id)
    old = table.get(key)
    if old is not None and old.set.id < event_id:
        del table.own()[key]


CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    LandmarkDefined: landmark_defined,
    LandmarkRemoved: landmark_removed,
    PinSet: pin_set,
    PinRemoved: pin_removed,
}
