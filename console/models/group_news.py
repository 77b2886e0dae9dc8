"""What has just become of the formed groups that this desk is in: made, ended, joined, left."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain import events as e
from console.models.store import SiteStore
from widgets.contracts.rows import GroupDeed, GroupNews

NEWS_S: Final = 600.0
"""So long it is told that a group was made; nobody has to send it away."""
OVER_S: Final = 120.0
MOST: Final = 16
"""The newest; all that are formed stand on the page for people."""
LOOK_MS: Final = 5_000
KINDS: Final = (e.GroupFormed, e.GroupEnded, e.GroupMemberAdded, e.GroupMemberRemoved)
BEGINS: Final[tuple[GroupDeed, ...]] = ("made", "joined")


@dataclass(frozen=True, slots=True)
class _Told:
    deed: GroupDeed
    event: e.Event


class GroupNewsModel(QObject):
    """Implements widgets.contracts.sources.GroupNewsSource. ``me``: as whom this desk is at its
    site, "" = at none yet."""

    changed = Signal()

    def __init__(
        self,
        store: SiteStore,
        *,
        me: Callable[[], str],
        now_s: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._me = me
        self._now_s = now_s
        self._told: dict[str, _Told] = {}  # by group, the newest last
        self._active: frozenset[str] = frozenset()  # before what is told now
        store.applied.connect(self._applied)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._forget_old)

    def rows(self) -> Sequence[GroupNews]:
        """The newest first."""
        told = reversed(self._told.items())
        return [row for key, one in told if (row := self._row(key, one)) is not None]

    def drop(self, group: str) -> None:
        """Whoever sits here knows."""
        if self._told.pop(group, None) is not None:
            self.changed.emit()

    def retranslate(self) -> None:
        """Names of the site and the exercise are words of the language."""
        self.changed.emit()

    def _applied(self, events: tuple[e.Event, ...]) -> None:
        ours = [event for event in events if isinstance(event.body, KINDS)]
        if not ours:
            return
        for event in ours:
            deed = self._deed(event)
            if deed and self._is_news(deed, event):
                self._note(deed, event)
        groups = self._store.state.groups.values()
        self._active = frozenset(one.key for one in groups if one.state == "active")
        if self._told:
            self._look.start()
        self.changed.emit()

    def _deed(self, event: e.Event) -> GroupDeed | None:
        """None: nothing that concerns this desk. Formed again, a group only lasts longer."""
        body, me = event.body, self._me()
        match body:
            case e.GroupFormed(group=group):
                return None if group in self._active else "made"
            case e.GroupEnded(reason=reason):
                return "lapsed" if reason == "lapsed" else "ended"
            case e.GroupMemberAdded(member=member):
                return "joined" if member == me else None
            case e.GroupMemberRemoved(member=member):
                return "left" if member == me else None
        return None

    def _note(self, deed: GroupDeed, event: e.Event) -> None:
        key: str = event.body.group  # type: ignore[union-attr]  # KINDS have one
        known = self._told.get(key)
        if known is not None and known.event.id >= event.id:
            return  # told once more
        self._told.pop(key, None)
        self._told[key] = _Told(deed, event)
        while len(self._told) > MOST:
            del self._told[next(iter(self._told))]

    def _is_news(self, deed: GroupDeed, event: e.Event) -> bool:
        lasts_s = NEWS_S if deed in BEGINS else OVER_S
        return self._now_s() - event.time_ms / 1_000 < lasts_s

    def _forget_old(self) -> None:
        old = [key for key, one in self._told.items() if not self._is_news(one.deed, one.event)]
        for key in old:
            del self._told[key]
        if not self._told:
            self._look.stop()
        if old:
            self.changed.emit()

    def _row(self, key: str, told: _Told) -> GroupNews | None:
        """None: others' group, or one that has been overtaken."""
        group, me = self._store.state.groups.get(key), self._me()
        if group is None or not me or (me not in group.members and told.deed != "left"):
            return None
        if told.deed in BEGINS and group.state == "ended":
            return None
        others = tuple(self._store.name(one) for one in group.members if one != me)
        return GroupNews(
            key=key,
            name=group.name,
            deed=told.deed,
            who=self._store.marked(told.event),
            mine=told.event.author == me,
            others=others,
            exercise=group.exercise,
        )
