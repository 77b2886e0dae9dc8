"""Brings each person's layout to the desk they sit down at, and keeps it at the site.

It comes when somebody sits down, never later: what another desk saves meanwhile in the same name
changes nothing under a hand that works. What a hand has changed here first goes before what the
site tells.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.events import AnyBody, LayoutSaved
from console.domain.layout import (
    Layout,
    SavedLayout,
    fitted,
    person_key,
    standard_key,
    wanted,
)
from console.models.layout import LayoutModel
from console.models.status import StatusModel
from console.models.store import SiteStore

SAVE_MS: Final = 15_000
"""After the last change: who selects one group after another says it once."""


class SayAs(Protocol):
    """Hands an event to the outbox in somebody's name; False when nothing could take it."""

    def __call__(self, body: AnyBody, person: str, unconfirmed: bool) -> bool: ...


class LayoutDesk(QObject):
    """``seen_changed`` carries the id of the site's event that this desk's layout agrees with."""

    seen_changed = Signal(str)

    def __init__(
        self,
        store: SiteStore,
        status: StatusModel,
        model: LayoutModel,
        *,
        seen: str,
        say: SayAs,
        role: Callable[[], str],
        trains: Callable[[], bool],
        is_confirmed: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._status = status
        self._model = model
        self._seen = seen
        self._say = say
        self._role = role
        self._trains = trains
        self._is_confirmed = is_confirmed
        self._person = ""  # whose the layout here is
        self._unconfirmed = False
        self._is_first = True  # who sits here is whom the desk was started with
        self._is_settled = False  # what the site has of that person has been looked at
        self._is_changed = False  # by a hand, since it was saved
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SAVE_MS)
        self._soon.timeout.connect(self.save)

    def start(self) -> None:
        self._person = self._status.status().person
        self._status.changed.connect(self._look)
        self._store.layouts_changed.connect(self._told)
        self._model.arranged.connect(self._arranged)

    def save(self) -> None:
        """At the site, if a hand has changed something and somebody sits here."""
        self._soon.stop()
        if not self._is_changed or not self._person or not self._role():
            return
        layout = fitted(self._model.current())
        known = self._own()
        if known is not None and known.layout == layout:
            self._is_changed = False
            return
        body = LayoutSaved(layout.pages, layout.favourites, layout.streams)
        self._is_changed = not self._say(body, self._person, self._unconfirmed)

    # -- inside -----------------------------------------------------------------------------

    def _arranged(self) -> None:
        self._is_changed = True
        self._soon.start()

    def _look(self) -> None:
        status = self._status.status()
        if status.person != self._person:
            self.save()
            self._person, self._is_settled, self._is_changed = status.person, False, False
            self._is_first = False
            self._note("")
        self._unconfirmed = bool(self._person) and not self._is_confirmed()
        if status.site_read and not self._is_settled:
            self._is_settled = True
            self._sit_down()

    def _sit_down(self) -> None:
        """Nobody's desk stays as it is, and so does one whose hand was quicker than the site."""
        if not self._person or self._is_changed:
            return
        trains = self._trains()
        known = wanted(self._store.state.layouts, self._person, self._role(), exercise=trains)
        if known is None or known.saved.id == self._seen:
            return
        is_standard = known.key == standard_key(self._role())
        if is_standard and self._is_first and self._model.remembered():
            return  # what this desk remembers is theirs
        self._note(known.saved.id)
        if not self._is_here(known.layout):
            whose = self._role() if is_standard else self._person
            self._model.come(known, whose, "standard-came" if is_standard else "came")

    def _is_here(self, layout: Layout) -> bool:
        here = self._model.current()
        told = {one.stream: one for one in here.streams}
        same = (layout.pages, layout.favourites) == (here.pages, here.favourites)
        order = tuple(key for key in here.order if key in layout.order)
        return same and order == layout.order and all(told[x.stream] == x for x in layout.streams)

    def _own(self) -> SavedLayout | None:
        key = person_key(self._person, exercise=self._trains(), unconfirmed=self._unconfirmed)
        return self._store.state.layouts.get(key)

    def _told(self, _keys: tuple[str, ...]) -> None:
        """What was said from here comes back: then the site has what this desk has."""
        known = self._own() if self._person and self._is_settled else None
        if known is not None and known.layout == fitted(self._model.current()):
            self._note(known.saved.id)

    def _note(self, seen: str) -> None:
        if seen != self._seen:
            self._seen = seen
            self.seen_changed.emit(seen)
