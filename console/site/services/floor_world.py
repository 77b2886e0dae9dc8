"""What the arbiter knows of its site by the log, and what it tells the log of its own work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from console.domain import floor_rights
from console.domain import floor_state as fs
from console.domain import floor_words as fw
from console.domain.authors import SUFFIX, member_of
from console.domain.events import AnyBody, Event, FloorGranted, FloorReleased
from console.domain.keepers import Keepers
from console.domain.membership import members_of
from console.domain.roles import Role
from console.domain.state import State, apply_all
from console.site.address import LinkState
from console.site.log.link import SiteLink
from console.site.log.outbox import SpoolError
from console.site.log.subjects import ALARMS, GROUPS, PRIVATE, RESOURCES
from console.site.services.service import NodeContext

log = logging.getLogger(__name__)

PROGRAM: Final = "floor"


class FloorWorld:
    """``says`` is called on the link's thread, when somebody talks who asked nobody."""

    def __init__(self, context: NodeContext, says: Callable[[fw.Happened], None]) -> None:
        self._context = context
        self._says = says
        self._lock = threading.Lock()
        self._state = State()
        self._keepers = Keepers()
        self.patches: Mapping[str, tuple[str, ...]] = {}
        self._link = SiteLink(
            context.address,
            author=f"{context.address.identity.name}{SUFFIX}{PROGRAM}",
            spool=context.folder / "spool",
            on_events=self._on_events,
            on_state=self._on_state,
            streams=(ALARMS, RESOURCES, GROUPS, PRIVATE),  # who talks now is told live
        )

    def start(self) -> None:
        """Raises SpoolError."""
        self._link.start()

    def stop(self) -> None:
        self._link.stop()

    @property
    def is_known(self) -> bool:
        """Whether all of the site's log has been read."""
        return self._link.is_caught_up

    def why_not(self, role: Role, member: str, talkgroup: str) -> fs.Why:
        """Why a member gets no floor there, "" = it may ask. Who is not in a dynamic group, or no
        party of a call, does not learn that it is there."""
        with self._lock:
            state = self._state
        group, ours = state.groups.get(talkgroup), state.calls.get(talkgroup)
        known = state.talkgroups.get(talkgroup)
        exercise = known.exercise if known is not None else False
        is_known = known is not None
        is_in = self._is_in(role, member, members_of(state, talkgroup) or frozenset())
        if group is not None and is_in:
            is_known, exercise = True, group.exercise
        if ours is not None and is_in:
            is_known, exercise = True, ours.exercise
        return floor_rights.why_not(role, is_known, exercise)

    def _is_in(self, role: Role, member: str, members: frozenset[str]) -> bool:
        """Itself, or as who carries the voice of a unit that is."""
        if member in members or not members:
            return member in members
        names = {one.name for one in self._context.members()}
        with self._lock:
            return self._keepers.stands_for(member, role, members - names)

    def has_alarm(self, member: str) -> bool:
        """Whether this member's own alarm is open."""
        with self._lock:
            alarms = self._state.alarms
        return any(one.unit == member and one.state != "closed" for one in alarms.values())

    def note(self, effect: fw.Began | fw.Over) -> None:
        """Into the log; but who spoke when in a call between two is kept nowhere."""
        claim = effect.claim
        if claim.talkgroup in self._state.calls:
            return
        unit = member_of(claim.author)
        body: AnyBody
        if isinstance(effect, fw.Began):
            body = FloorGranted(claim.talkgroup, unit, claim.ssrc, claim.level == "emergency")
        else:
            body = FloorReleased(claim.talkgroup, unit, round(max(effect.spoken_s, 0.0) * 1_000))
        try:
            self._link.publish(body)
        except SpoolError as error:
            log.warning("the log does not learn who has the floor: %s", error)

    def _on_events(self, events: Sequence[Event]) -> None:
        is_fresh = self._link.is_caught_up
        with self._lock:
            before, self._state = self._state, apply_all(self._state, events)
            for event in events:
                self._keepers.take(event, member_of(event.author))
        if self._state.patches is not before.patches:
            self.patches = {
                key: patch.groups
                for key, patch in self._state.patches.items()
                if patch.state == "active"
            }
        if is_fresh:
            worlds = {one.name for one in self._context.members() if one.role in _WORLDS}
            for event in events:
                if member_of(event.author) in worlds:
                    self._overhear(event.body)

    def _overhear(self, body: AnyBody) -> None:
        """A radio net, or an exercise, says who talks there without having asked."""
        match body:
            case FloorGranted(talkgroup=talkgroup, unit=unit, ssrc=ssrc):
                self._says(fw.Heard(talkgroup, unit, ssrc))
            case FloorReleased(talkgroup=talkgroup, unit=unit):
                self._says(fw.Heard(talkgroup, unit, on=False))
            case _:
                pass

    def _on_state(self, state: LinkState, sentence: str) -> None:
        """The arbiter's own connection sees for itself."""


_WORLDS: Final = frozenset[Role]({"trainer", "gateway"})
