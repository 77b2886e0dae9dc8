"""An exercise makes exercise rows and changes exercise rows alone, whatever it says and whenever.

What is real, known first or later, is as if the exercise had never spoken: its events are refused
where a real row stands, and where one comes to stand later, what they set gives way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec

from console.domain.events import (
    AnyBody,
    Event,
    LandmarkDefined,
    LandmarkRemoved,
    PinRemoved,
    PinSet,
    StatusChanged,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)

if TYPE_CHECKING:
    from console.domain.draft import Draft

BEHIND: Final = "!"
"""Sorts before every ULID: what an exercise sets is older than whatever is real."""
ALL_BEHIND: Final = "~"
"""``BEHIND + ALL_BEHIND`` is newer than whatever an exercise sets."""

_SET_BY_ID: Final = (
    UnitMoved, StatusChanged, UnitDefined, UnitRemoved, TalkgroupDefined, TalkgroupRemoved,
    LandmarkDefined, LandmarkRemoved, PinSet, PinRemoved,
)  # fmt: skip
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "unit": ("units",),
    "talkgroup": ("talkgroups",),
    "alarm": ("reports",),
    "callout": ("callouts",),
    "group": ("groups", "talkgroups"),
    "call": ("calls",),
    "landmark": ("landmarks",),
    "pin": ("pins",),
    "to": ("units", "talkgroups"),
    "also": ("units", "talkgroups"),
    "sender": ("units",),
    "receiver": ("units",),
    "by": ("units",),
    "member": ("units",),
    "members": ("units",),
    "caller": ("units",),
    "callee": ("units",),
    "units": ("units",),
}
"""Field of a body: the tables in which what it names may be."""
_FIELDS: Final[dict[type, tuple[tuple[str, tuple[str, ...]], ...]]] = {
    kind: tuple(one for one in _NAMES.items() if one[0] in kind.__struct_fields__)
    for kind in get_args(AnyBody)
}
"""Of them those that a kind of event has: positions come by the thousand."""


def marked(body: AnyBody) -> AnyBody:
    """The same, said in an exercise: where a kind of event has a mark for it, it bears it."""
    if "exercise" not in body.__struct_fields__:
        return body
    return msgspec.structs.replace(body, exercise=True)


def is_marked(event: Event) -> bool:
    """An exercise's event says so in its body too, where that can say it."""
    return not event.exercise or getattr(event.body, "exercise", True)


def touches_real(draft: Draft, body: object) -> bool:
    return any(not row.exercise for row in _named(draft, body))


def _named(draft: Draft, body: Any) -> Iterator[Any]:
    """The rows that are known of all that a body names."""
    for field, tables in _FIELDS.get(type(body), ()):
        value = getattr(body, field)
        keys = value if isinstance(value, tuple) else (value,)
        for key in keys:
            for table in tables:
                row = getattr(draft, table).get(key) if isinstance(key, str) else None
                if row is not None:
                    yield row


def behind(event: Event) -> Event:
    """Its rows' fields go to the newest id; an exercise's never displaces a real one."""
    if not isinstance(event.body, _SET_BY_ID):
        return event
    return msgspec.structs.replace(event, id=BEHIND + event.id)


def mark_made(draft: Draft, body: object) -> None:
    """A unit that nobody has defined yet is the exercise's."""
    key = getattr(body, "unit", None)
    unit = draft.units.get(key) if isinstance(key, str) else None
    if unit is not None and not unit.defined_by and not unit.exercise:
        draft.units.own()[unit.key] = msgspec.structs.replace(unit, exercise=True)
