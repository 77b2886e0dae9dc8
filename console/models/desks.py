"""The other desks of the site: who sits there, what they have in front, and who is gone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import msgspec
from PySide6.QtCore import QObject

from console.domain.presence import AWAY_S, MAX_HEARD, Here, Presence, Sitting, away
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import Elsewhere, TalkgroupModel
from widgets.contracts.rows import OtherDesk

NEWS_S: Final = 600.0
"""So long it is told that a desk is gone; then the list alone says so."""
REMEMBERED_S: Final = 12 * 3_600.0
MAX_GONE: Final = 20
MAX_SHOWN: Final = 64


class _Gone(msgspec.Struct, frozen=True):
    here: Here
    since_s: float


class DesksModel(QObject):
    """On the Qt thread. ``own`` is this desk's author. What it knows goes into the status and the
    talkgroups' rows."""

    def __init__(
        self,
        store: SiteStore,
        talkgroups: TalkgroupModel,
        status: StatusModel,
        *,
        own: Callable[[], str],
        wall_s: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._talkgroups = talkgroups
        self._status = status
        self._own = own
        self._wall_s = wall_s
        self._site = ""
        self._presence: Presence = {}
        self._gone: dict[str, _Gone] = {}  # the latest last

    def take(self, site: str, presence: Presence) -> None:
        """Who is at the site now; of another site nothing that was known counts."""
        if site != self._site:
            self._site, self._presence, self._gone = site, {}, {}
        left = (key for key, desk in self._store.state.desks.items() if not desk.present)
        since_s = self._wall_s() - AWAY_S
        for here in away(self._presence, presence, left):
            self._gone.pop(here.author, None)
            self._gone[here.author] = _Gone(here, since_s)
            if len(self._gone) > MAX_GONE:
                del self._gone[next(iter(self._gone))]
        for key in presence:
            self._gone.pop(key, None)
        self._presence = presence
        self.show()

    def show(self) -> None:
        """Again now and then: what is told of those who are gone ends with time."""
        now_s = self._wall_s()
        old = [key for key, one in self._gone.items() if now_s - one.since_s > REMEMBERED_S]
        for key in old:
            del self._gone[key]
        here = [seen.here for key, seen in self._presence.items() if key != self._own()]
        rows = sorted((self._row(one) for one in here), key=lambda one: one.label.casefold())
        gone = [self._gone_row(one, now_s) for one in reversed(self._gone.values())]
        self._status.set(desks=(*gone, *rows[:MAX_SHOWN]))
        self._talkgroups.set_desks(_elsewhere(here))

    def sitting(self, label: str) -> Sitting:
        """What is told of this desk."""
        front, hears = self._talkgroups.here()
        return sitting_of(label, self._status.status().person, front, hears)

    def _row(self, here: Here) -> OtherDesk:
        front = self._store.talkgroup_name(here.front) if here.front else ""
        return OtherDesk(here.author, here.label, here.person, front)

    def _gone_row(self, gone: _Gone, now_s: float) -> OtherDesk:
        row, is_news = self._row(gone.here), now_s - gone.since_s < NEWS_S
        return OtherDesk(row.key, row.label, row.person, "", gone.since_s, is_news)


def sitting_of(label: str, person: str, front: str, hears: tuple[str, ...]) -> Sitting:
    """Only what others take: a station may announce a talkgroup by a name that is no id."""

    def is_id(group: str) -> bool:
        return group.isascii() and len(group) <= 40

    return Sitting(
        label[:64] or "?",
        person[:64],
        front if is_id(front) else "",
        tuple(group for group in hears if is_id(group))[:MAX_HEARD],
    )


def _elsewhere(desks: list[Here]) -> Elsewhere:
    front: dict[str, list[str]] = {}
    heard: dict[str, list[str]] = {}
    for here in desks:
        name = f"{here.label} ({here.person})" if here.person else here.label
        if here.front:
            front.setdefault(here.front, []).append(name)
        for group in here.hears:
            heard.setdefault(group, []).append(name)
    return {
        group: (tuple(sorted(front.get(group, ()))), tuple(sorted(heard.get(group, ()))))
        for group in front.keys() | heard.keys()
    }
