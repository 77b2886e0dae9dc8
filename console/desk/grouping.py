"""The desk's formed groups (DGNA) at work: whose keys are asked for, whose session is heard.

All of it runs on the Qt thread. What a group's session is follows from its id, so that no desk
waits for another; by a lease (:mod:`console.desk.patching`) one of them announces it. A station
that announces a group under its own name is a tile beside it, and moves nobody: an announcement is
no proof, and desks that believed different ones would not hear each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer

from console.desk.group_rules import groups_here
from console.domain.group import Group
from console.models.store import SiteStore
from console.streams.announcement import Announcement
from console.streams.group_session import is_session

TICK_MS: Final = 250
SETTLE_S: Final = 2.0
"""So long after all of the log was handed on, it has been taken in."""


class Voice(Protocol):
    """What is needed of :class:`console.desk.group_voice.GroupVoice`."""

    def join(self, group: str, /) -> None: ...
    def leave(self, group: str, /) -> None: ...
    def session(self, group: str, name: str, /) -> Announcement | None: ...
    def announce(self, found: Announcement, /) -> None: ...
    def withdraw(self, group: str, /) -> None: ...


class Hears(Protocol):
    """What is needed of :class:`console.desk.listening.Listening`."""

    def known(self) -> Collection[str]: ...


class Talks(Protocol):
    """What is needed of the talk key (:class:`console.desk.floor.FloorDesk`)."""

    def withdraw(self, stream: str, /) -> None: ...


class GroupDesk(QObject):
    def __init__(
        self,
        *,
        store: SiteStore,
        voice: Voice,
        listening: Hears,
        floor: Talks,
        stream_known: Callable[[Announcement], None],
        streams_end: Callable[[tuple[str, ...]], None],
        groups_are: Callable[[frozenset[str]], None],
        stations: Callable[[], Sequence[Announcement]],
        member: Callable[[], str],
        is_caught_up: Callable[[], bool],
        parent: QObject | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """``groups_are``: all that are formed and not over, whoever is in them; ``stations``: what
        is announced now; ``member``: as whom this desk is at its site."""
        super().__init__(parent)
        self._store = store
        self._voice = voice
        self._listening = listening
        self._floor = floor
        self._stream_known = stream_known
        self._streams_end = streams_end
        self._groups_are = groups_are
        self._stations = stations
        self._member = member
        self._is_caught_up = is_caught_up
        self._now_s = now_s
        self._told_since_s: float | None = None
        self._looked_at: tuple[Mapping[str, Group], str] | None = None
        self._here: dict[str, Group] = {}
        self._joined: dict[str, None] = {}
        self._sessions: dict[str, Announcement] = {}  # by group, as they are heard
        store.groups_changed.connect(self._groups_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    # -- what is told ---------------------------------------------------------------------------

    def _groups_changed(self, keys: tuple[str, ...]) -> None:
        """What is over is silent at once, also where this desk was not in it."""
        groups = self._store.state.groups
        active = frozenset(key for key, one in groups.items() if one.state == "active")
        self._groups_are(active)
        over = {key for key in keys if key in groups and key not in active}
        self._end(self._streams_of(over))
        self.look()

    def keys_changed(self, talkgroup: str) -> None:
        if talkgroup in self._joined:
            self.look()

    def tick(self) -> None:
        self.look()
        if self._has_taken_log():
            self._end([one for one in self._listening.known() if self._is_left_over(one)])

    # -- the lease ------------------------------------------------------------------------------

    def to_announce(self) -> tuple[str, ...]:
        return tuple(self._sessions)

    def announce(self, group: str) -> None:
        if group in self._sessions:
            self._voice.announce(self._sessions[group])

    def withdraw(self, group: str) -> None:
        self._voice.withdraw(group)

    # -- where this desk has voice --------------------------------------------------------------

    def look(self) -> None:
        """Anew, after something may have changed."""
        here = self._groups_here()
        for key in [one for one in self._joined if one not in here]:
            self._leave(key)
        for key in [one for one in here if one not in self._joined]:
            self._join(key)
        for key, group in here.items():
            found = self._voice.session(key, group.name)
            if found is not None and self._sessions.get(key) != found:
                self._sessions[key] = found
                self._stream_known(found)

    def _groups_here(self) -> dict[str, Group]:
        """Worked out anew only when something has changed: there may be thousands. A desk whose
        link is being laid again is who it was."""
        known = self._looked_at
        groups = self._store.state.groups
        member = self._member() or (known[1] if known is not None else "")
        if known is None or known[0] is not groups or known[1] != member:
            self._looked_at = groups, member
            self._here = groups_here(groups, member)
        return self._here

    def _join(self, key: str) -> None:
        self._joined[key] = None
        self._voice.join(key)
        self._hear_stations(key)

    def _leave(self, key: str) -> None:
        del self._joined[key]
        self._sessions.pop(key, None)
        self._end(self._streams_of({key}))
        self._voice.leave(key)

    def _hear_stations(self, key: str) -> None:
        """They may have been announced before this desk was in the group."""
        for found in self._stations():
            if found.talkgroup == key:
                self._stream_known(found)

    # -- the end --------------------------------------------------------------------------------

    def _streams_of(self, groups: Collection[str]) -> list[str]:
        """A station's too: the group is over for this desk, whoever announces it."""
        return [one for one in self._listening.known() if one.partition("@")[0] in groups]

    def _end(self, streams: Iterable[str]) -> None:
        """A key that is held down talks to nobody."""
        gone = tuple(streams)
        for stream in gone:
            self._floor.withdraw(stream)
        if gone:
            self._streams_end(gone)

    def _has_taken_log(self) -> bool:
        if not self._is_caught_up():
            self._told_since_s = None
            return False
        now_s = self._now_s()
        self._told_since_s = now_s if self._told_since_s is None else self._told_since_s
        return now_s - self._told_since_s >= SETTLE_S

    def _is_left_over(self, stream: str) -> bool:
        """An engine outlived its desk, and the group this desk's being in it."""
        return is_session(stream) and stream.partition("@")[0] not in self._joined
