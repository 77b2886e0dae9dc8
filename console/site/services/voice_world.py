"""What the site's log says of talkgroups that matters to who gets their keys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from console.domain.events import Event, TalkgroupDefined, TalkgroupRemoved
from console.domain.roles import Role
from console.domain.state import State, apply_all
from console.domain.voice_rights import why_not
from console.site.log.subjects import member_of

RoleOf = Callable[[str], Role | None]
MembersOf = Callable[[State, str], frozenset[str] | None]
MAX_CLAIMS: Final = 20_000


def standing(_state: State, _talkgroup: str) -> None:
    """Of a site where nobody makes groups."""


class Claim(msgspec.Struct, frozen=True):
    """The newest word of trainers, or of all others, on a talkgroup."""

    event: str
    defined: bool
    exercise: bool


class VoiceWorld:
    """Thread-safe. A talkgroup is an exercise's only where trainers alone have defined it: who
    calls an operational group an exercise gets no key of it by that."""

    def __init__(self, role_of: RoleOf, members_of: MembersOf = standing) -> None:
        """``members_of``: of a dynamic group or a call, None for a standing talkgroup."""
        self._role_of = role_of
        self._members_of = members_of
        self._lock = threading.Lock()
        self._state = State()
        self._claims: dict[tuple[str, bool], Claim] = {}

    def take(self, events: Sequence[Event]) -> None:
        with self._lock:
            self._state = apply_all(self._state, events)
            for event in events:
                if isinstance(event.body, TalkgroupDefined | TalkgroupRemoved):
                    self._claim(event, event.body)

    def why_not(self, member: str, talkgroup: str) -> str:
        """Why a member gets no keys of a talkgroup, "" = it does."""
        role = self._role_of(member)
        if role is None:
            return f"{member} is no member of this site"
        with self._lock:
            members = self._members_of(self._state, talkgroup)
            exercise = self._is_exercise(talkgroup)
        return why_not(role, member, exercise=exercise, members=members)

    def _claim(self, event: Event, body: TalkgroupDefined | TalkgroupRemoved) -> None:
        by_trainer = self._role_of(member_of(event.author)) == "trainer"
        name = body.talkgroup, by_trainer
        old = self._claims.get(name)
        if old is not None and old.event >= event.id:
            return
        if old is not None or len(self._claims) < MAX_CLAIMS:
            defined = isinstance(body, TalkgroupDefined)
            exercise = isinstance(body, TalkgroupDefined) and body.exercise
            self._claims[name] = Claim(event.id, defined, exercise)

    def _is_exercise(self, talkgroup: str) -> bool:
        others = self._claims.get((talkgroup, False))
        if others is not None and others.defined:
            return others.exercise
        trainers = self._claims.get((talkgroup, True))
        return trainers is not None and trainers.defined and trainers.exercise
