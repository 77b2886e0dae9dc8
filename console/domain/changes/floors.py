"""Who speaks in a talkgroup, and in which a unit speaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from console.domain import bounds, floor
from console.domain.events import Event, FloorGranted, FloorReleased
from console.domain.floor import Floor

if TYPE_CHECKING:
    from console.domain.draft import Draft


def floor_granted(draft: Draft, event: Event, body: FloorGranted) -> None:
    known = _floor(draft, body.talkgroup)
    if known is not None:
        _set_floor(draft, known, floor.grant(known, event, body))


def floor_released(draft: Draft, event: Event, body: FloorReleased) -> None:
    known = _floor(draft, body.talkgroup)
    if known is not None:
        _set_floor(draft, known, floor.release(known, event, body))


def _floor(draft: Draft, talkgroup: str) -> Floor | None:
    known = draft.floors.get(talkgroup)
    if known is not None:
        return known
    return None if draft.is_full(draft.floors, bounds.MAX_FLOORS) else Floor(talkgroup)


def _set_floor(draft: Draft, old: Floor, new: Floor) -> None:
    if new is old:
        return
    draft.floors.own()[new.talkgroup] = new
    for unit in {old.speaker, new.speaker} - {""}:
        _set_speaking(draft, unit, new.talkgroup, speaks=unit == new.speaker)


def _set_speaking(draft: Draft, key: str, talkgroup: str, *, speaks: bool) -> None:
    unit = draft.units.get(key)
    if unit is None or (talkgroup in unit.speaking) == speaks:
        return
    now = {*unit.speaking, talkgroup} if speaks else {*unit.speaking} - {talkgroup}
    draft.units.own()[key] = msgspec.structs.replace(unit, speaking=tuple(sorted(now)))


CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    FloorGranted: floor_granted,
    FloorReleased: floor_released,
}
