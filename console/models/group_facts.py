"""What the site says of the group that a stream (``group@station``) belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QCoreApplication

from audio import protocol
from console.models.heard import Heard
from console.models.store import SiteStore
from widgets.contracts.rows import Priority, UnitKind

if TYPE_CHECKING:
    from console.streams.announcement import Announcement

PRIORITIES: Final[dict[Priority, int]] = {"low": 0, "normal": 1, "high": 2}
EXERCISE: Final = 0  # is ducked by what is real
ALARM: Final = protocol.MAX_PRIORITY  # a unit in need may have its microphone open there


class GroupFacts:
    """``announced``: what is announced now, by stream; it changes under this object's eyes."""

    def __init__(
        self,
        store: SiteStore,
        announced: Mapping[str, Announcement],
        member: Callable[[], str],
    ) -> None:
        self._store = store
        self._announced = announced
        self._member = member

    def is_formed(self, key: str) -> bool:
        """Groups that come and go stand last, so that no other's number changes with them."""
        return group_of(key) in self._store.state.groups

    def has_tile(self, stream: str) -> bool:
        """An individual call has none: it is shown to those who are in it. Nor has a group that is
        over, or that others have formed for themselves."""
        talkgroup, state, member = group_of(stream), self._store.state, self._member()
        group = state.groups.get(talkgroup)
        if talkgroup in state.calls or (group is not None and group.state == "ended"):
            return False
        return group is None or not member or member in group.members

    def is_over(self, call: str) -> bool:
        known = self._store.state.calls.get(call)
        return known is None or known.state == "ended"

    def name(self, key: str) -> str:
        """The site's name for the group, also for one that has ended, else the announced one, else
        its id."""
        state, talkgroup = self._store.state, group_of(key)
        known = state.talkgroups.get(talkgroup) or state.groups.get(talkgroup)
        if known is not None:
            return known.name
        announced = self._announced.get(key)
        return announced.name if announced else talkgroup

    def rank(self, key: str) -> int:
        """In the order in which the site defined its groups."""
        defined = list(self._store.state.talkgroups)
        talkgroup = group_of(key)
        return defined.index(talkgroup) if talkgroup in defined else len(defined)

    def speaker(self, key: str, heard: Heard) -> str:
        """Who speaks: by the floor's grant of this sender, else by what its RTCP says."""
        floor = self._store.state.floors.get(group_of(key))
        if floor and floor.unit and heard.ssrc and floor.ssrc == heard.ssrc:
            return self._store.call_sign(floor.unit)
        return heard.speaker or QCoreApplication.translate("Talkgroups", "Unknown")

    def speaker_is(self, key: str, ssrc: int) -> tuple[UnitKind | Literal[""], str]:
        """Of a unit that the site knows, by the floor's grant of this sender."""
        floor = self._store.state.floors.get(group_of(key))
        if floor is None or not floor.unit or not ssrc or floor.ssrc != ssrc:
            return "", ""
        unit = self._store.state.units.get(floor.unit)
        return (unit.unit_kind, unit.agency) if unit is not None and unit.defined_by else ("", "")

    def last_on_floor(self, key: str) -> tuple[str, float | None]:
        """Who spoke last before this desk listened, by the site's log."""
        floor = self._store.state.floors.get(group_of(key))
        if floor is None or not floor.ended_ms:
            return "", None
        return self._store.call_sign(floor.last_speaker), floor.ended_ms / 1000

    def alarmed(self) -> set[str | None]:
        """The groups of alarms that are not closed."""
        alarms = self._store.state.alarms.values()
        return {one.talkgroup for one in alarms if one.state != "closed"}

    def priority(self, key: str, chosen: Priority, alarmed: set[str | None]) -> int:
        """The engine's; ``chosen`` by a hand."""
        talkgroup = self._store.state.talkgroups.get(group_of(key))
        floor = self._store.state.floors.get(group_of(key))
        if group_of(key) in alarmed or (floor and floor.speaker and floor.emergency):
            return ALARM
        if talkgroup is not None and talkgroup.exercise:
            return EXERCISE
        return PRIORITIES[chosen]


def group_of(stream: str) -> str:
    return stream.partition("@")[0]
