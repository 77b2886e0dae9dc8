"""What the site's log says of talkgroups that matters to who gets their keys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from console.domain.authors import member_of
from console.domain.events import Event, TalkgroupDefined, TalkgroupRemoved
from console.domain.keepers import Keepers
from console.domain.membership import members_of
from console.domain.roles import Role
from console.domain.state import State, apply_all
from console.domain.voice_rights import why_not

RoleOf = Callable[[str], Role | None]
MAX_GROUPS: Final = 10_000
MAX_CLAIMS: Final = 64  # members that define one talkgroup


class Claim(msgspec.Struct, frozen=True):
    """One member's newest word on a talkgroup."""

    event: str
    defined: bool
    exercise: bool


class VoiceWorld:
    """Thread-safe. A talkgroup is an exercise's only where trainers alone have defined it: who
    calls an operational group an exercise gets no key of it by that."""

    def __init__(self, role_of: RoleOf) -> None:
        self._role_of = role_of
        self._lock = threading.Lock()
        self._state = State()
        self._claims: dict[str, dict[str, Claim]] = {}  # by talkgroup and member
        self._keepers = Keepers()

    def take(self, events: Sequence[Event]) -> None:
        with self._lock:
            self._state = apply_all(self._state, events)
            for event in events:
                self._keepers.take(event, member_of(event.author))
                if isinstance(event.body, TalkgroupDefined | TalkgroupRemoved):
                    self._claim(event, event.body)

    def why_not(self, member: str, talkgroup: str) -> str:
        """Why a member gets no keys of a talkgroup, "" = it does."""
        role = self._role_of(member)
        if role is None:
            return f"{member} is no member of this site"
        with self._lock:
            members = members_of(self._state, talkgroup)
            exercise = self._is_exercise(talkgroup)
            units = [one for one in members or () if self._role_of(one) is None]
            if members is not None and self._keepers.stands_for(member, role, units):
                members |= {member}
        return why_not(role, member, exercise=exercise, members=members)

    def is_over(self, talkgroup: str) -> bool:
        """Whether it was an individual call: its keys are wanted no more."""
        with self._lock:
            call = self._state.calls.get(talkgroup)
        return call is not None and call.state == "ended"

    def _claim(self, event: Event, body: TalkgroupDefined | TalkgroupRemoved) -> None:
        if body.talkgroup not in self._claims and len(self._claims) >= MAX_GROUPS:
            return
        claims = self._claims.setdefault(body.talkgroup, {})
        member = member_of(event.author)
        old = claims.get(member)
        if (old is None and len(claims) >= MAX_CLAIMS) or (old and old.event >= event.id):
            return
        defined = isinstance(body, TalkgroupDefined)
        exercise = isinstance(body, TalkgroupDefined) and body.exercise
        claims[member] = Claim(event.id, defined, exercise)

    def _is_exercise(self, talkgroup: str) -> bool:
        """The newest word of who is no trainer, else the trainers'. A member that there is no more
        counts as no trainer: that opens nothing. Groups and calls say so themselves."""
        made = self._state.groups.get(talkgroup) or self._state.calls.get(talkgroup)
        if made is not None:
            return made.exercise
        claims = self._claims.get(talkgroup, {})
        trainers = [c for m, c in claims.items() if self._role_of(m) == "trainer"]
        others = [c for m, c in claims.items() if self._role_of(m) != "trainer"]
        newest = max(others, key=lambda one: one.event, default=None)
        if newest is not None and newest.defined:
            return newest.exercise
        return any(one.defined and one.exercise for one in trainers)
