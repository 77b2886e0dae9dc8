"""How the tiles are laid out: pages, favourites, order, places; and what can be undone of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console.domain import layout as rules
from console.domain.events import Placed, StandardLayoutSaved
from console.domain.layout import Layout, SavedLayout, talkgroup_of
from console.domain.roles import MEMBER_ROLES, may_say
from console.models.actions import Publish
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from widgets.contracts.rows import NUMBER_KEYS, DeskRole, LayoutDeed, LayoutDone, TilePage

UNDO_S: Final = 10.0
CAME_S: Final = 30.0
"""Who has just sat down has other things to look at first."""
SOFTER_DB: Final = 3.0  # less is told as softer


class _Before(NamedTuple):
    """What an undo brings back: all as it was, but what a hand has changed since ``after``."""

    layout: Layout
    after: Layout
    standard: StandardLayoutSaved | None = None


class LayoutModel(QObject):
    """Implements widgets.contracts.sources.LayoutSource and widgets.contracts.actions.Arranging.

    ``arranged``: a hand has changed something that is to be remembered; ``turned``: another page
    is shown."""

    changed = Signal()
    arranged = Signal()
    page_turned = Signal(str)

    def __init__(
        self,
        store: SiteStore,
        talkgroups: TalkgroupModel,
        *,
        layout: Layout,
        shown: str,
        publish: Publish,
        role: Callable[[], str],
        now_s: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        """``layout``: pages and favourites as they are remembered; ``role``: this desk's at its
        site, "" = at none."""
        super().__init__(parent)
        self._store = store
        self._talkgroups = talkgroups
        self._layout = msgspec.structs.replace(layout, streams=())
        self._shown = shown
        self._publish = publish
        self._role = role
        self._now_s = now_s
        self._held: dict[str, tuple[Placed, Placed]] = {}
        """By stream: what a layout wanted, and how it is heard instead."""
        self._origin: dict[str, Placed] = {}
        """How those were heard that a hand drags over the stage."""
        self._done: LayoutDone | None = None
        self._before: _Before | None = None
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.timeout.connect(self._forget)
        talkgroups.set_favourites(frozenset(layout.favourites))
        talkgroups.reset.connect(self.changed)
        talkgroups.turned.connect(self._turned)
        store.layouts_changed.connect(lambda _keys: self.changed.emit())

    def _turned(self, key: str) -> None:
        """What a hand says goes before what a layout wanted."""
        self._held.pop(key, None)
        self.arranged.emit()

    # -- what the widgets ask ---------------------------------------------------------------

    def pages(self) -> Sequence[TilePage]:
        keys = tuple(self._talkgroups.keys())
        first = set(self._layout.favourites)

        def page(name: str, groups: Iterable[str]) -> TilePage:
            own = set(groups)
            of_it = tuple(key for key in keys if talkgroup_of(key) in own)
            shown = tuple(key for key in keys if talkgroup_of(key) in own | first)
            return TilePage(name, shown, of_it)

        return (*(page(one.name, one.groups) for one in self._layout.pages), TilePage("", keys))

    def shown(self) -> str:
        return self._shown

    def done(self) -> LayoutDone | None:
        return self._done

    def standards(self) -> Sequence[DeskRole]:
        role = self._role()
        is_one = role in MEMBER_ROLES and may_say(role, StandardLayoutSaved)
        return MEMBER_ROLES if is_one else ()

    def has_standard(self) -> bool:
        return self._standard(self._role()) is not None

    def _standard(self, role: str) -> SavedLayout | None:
        known = self._store.state.layouts.get(rules.standard_key(role))
        return known if known is not None and known.layout else None

    # -- what the desk asks -----------------------------------------------------------------

    def current(self) -> Layout:
        """All of it, as it is to be saved: what was held back for a moment as it was wanted."""
        return msgspec.structs.replace(
            self._layout, streams=tuple(map(self._wanted, self._talkgroups.placed()))
        )

    def remembered(self) -> Layout:
        """Pages and favourites."""
        return self._layout

    def _wanted(self, now: Placed) -> Placed:
        wanted, instead = self._held.get(now.stream, (now, now))
        return wanted if now == instead else now

    # -- another's, or the same person's from another desk ------------------------------------

    def come(self, saved: SavedLayout, whose: str, deed: LayoutDeed = "came") -> None:
        """Take a layout over. What is in front or sounds is not cut by it."""
        before = self._as_it_is()
        coming = rules.translated(saved.layout, tuple(self._talkgroups.keys()))
        kept = self._take(coming)
        names = self._talkgroups.name
        softer = [now.stream for now in before.streams if self._is_softer(now)]
        self._tell(
            LayoutDone(
                deed,
                whose,
                saved_s=saved.saved.time_ms / 1e3,
                kept=tuple(dict.fromkeys(map(names, kept))),
                softer=tuple(dict.fromkeys(map(names, softer))),
            ),
            before,
            CAME_S,
        )

    def _is_softer(self, before: Placed) -> bool:
        now = self._talkgroups.placed_as(before.stream)
        if before.attention == "off" or before.stream not in self._talkgroups.keys():  # noqa: SIM118
            return False
        return now.attention == "off" or before.gain_db - now.gain_db >= SOFTER_DB

    def _take(self, coming: Layout, *, spares_front: bool = True) -> list[str]:
        """Returns the streams that were left as they are."""
        fits = [(then, self._softened(then, spares_front)) for then in coming.streams]
        sounding = self._front() if self._sounds(self._front()) else ""
        placed = rules.one_front((instead for _, instead in fits), sounding)
        if sounding and sounding not in coming.order:
            placed = rules.one_front((*placed, self._talkgroups.placed_as(sounding)), sounding)
        front = next((one.stream for one in placed if one.attention == "selected"), "")
        was = self._front()
        others: tuple[Placed, ...] = ()
        if was and front not in ("", was) and was not in {one.stream for one in placed}:
            now = self._talkgroups.placed_as(was)
            others = (msgspec.structs.replace(now, attention="monitored"),)
        self._held = {
            then.stream: (then, instead)
            for (then, _), instead in zip(fits, placed, strict=False)
            if then != instead
        }
        self._layout = msgspec.structs.replace(coming, streams=())
        self._talkgroups.settle((*placed, *others))
        self._favour()
        return [key for key, (then, now) in self._held.items() if _is_held(then, now)]

    def _softened(self, then: Placed, spares_front: bool) -> Placed:
        now, sounds = self._talkgroups.placed_as(then.stream), self._sounds(then.stream)
        return rules.softened(now, then, sounds=sounds, spares_front=spares_front)

    def _front(self) -> str:
        keys = tuple(self._talkgroups.keys())
        heard = map(self._talkgroups.placed_as, keys)
        return next((one.stream for one in heard if one.attention == "selected"), "")

    def _sounds(self, key: str) -> bool:
        """Somebody speaks there, an alarm is open there, or this desk talks in it."""
        if key not in self._talkgroups.keys():  # noqa: SIM118  # a method, not a mapping's
            return False
        row = self._talkgroups.row(key)
        return bool(row.speaker) or row.alarm or row.transmitting or bool(row.talk) or row.along

    # -- what a hand does ---------------------------------------------------------------------

    def turn_to(self, page: str) -> None:
        if page != self._shown:
            self._shown = page
            self.page_turned.emit(page)

    def make_page(self, name: str) -> str:
        made = rules.with_page(self._layout, name)
        if made == self._layout:
            return ""
        kept = made.pages[-1].name
        self._change(made, LayoutDone("page-made", kept))
        return kept

    def rename_page(self, page: str, name: str) -> str:
        there = rules.page_named(self._layout, page)
        changed = rules.renamed(self._layout, page, name)
        if there is None or changed == self._layout:
            return ""
        kept = changed.pages[self._layout.pages.index(there)].name
        if self._shown == page:
            self._shown = kept
        self._change(changed, LayoutDone("page-renamed", page, kept))
        return kept

    def delete_page(self, page: str) -> None:
        self._change(rules.without_page(self._layout, page), LayoutDone("page-deleted", page))

    def move_page(self, page: str, step: int) -> None:
        self._change(rules.page_moved(self._layout, page, step), LayoutDone("page-moved", page))

    def put_on_page(self, page: str, key: str, on: bool) -> None:
        changed = rules.with_group(self._layout, page, talkgroup_of(key), on=on)
        deed: LayoutDeed = "on-page" if on else "off-page"
        self._change(changed, LayoutDone(deed, self._talkgroups.name(key), page))

    def set_favourite(self, key: str, on: bool) -> None:
        before, group = self._as_it_is(), talkgroup_of(key)
        changed = rules.with_favourite(self._layout, group, on=on)
        if changed == self._layout:
            return
        self._layout = changed
        order = list(self._talkgroups.keys())
        for one in [each for each in order if talkgroup_of(each) == group]:
            order = list(rules.moved(order, one, len(order) if on else 0, self._leading()))
        self._favour()
        self._talkgroups.arrange(order)
        deed: LayoutDeed = "favourite" if on else "no-favourite"
        self._tell(LayoutDone(deed, self._talkgroups.name(key)), before)
        self.arranged.emit()

    def move_tile(self, key: str, beside: str, *, behind: bool) -> None:
        order = tuple(self._talkgroups.keys())
        if key == beside or key not in order or beside not in order:
            return
        others = [one for one in order if one != key]
        to = others.index(beside) + behind
        changed = rules.moved(order, key, to, self._leading())
        if changed == order:
            return
        before = self._as_it_is()
        self._talkgroups.arrange(changed)
        self._tell(LayoutDone("moved", self._talkgroups.name(key)), before)
        self.arranged.emit()

    def hear_at(self, key: str, pan: float) -> None:
        self._origin.setdefault(key, self._talkgroups.placed_as(key))
        self._talkgroups.change(key, pan=pan)

    def place(self, places: Mapping[str, float | None]) -> None:
        origin, self._origin = self._origin, {}
        now = self._as_it_is()
        was = tuple(origin.get(one.stream, one) for one in now.streams)
        before = msgspec.structs.replace(now, streams=was)
        for key, pan in places.items():
            self._talkgroups.change(key, pan=pan)
        if self._as_it_is() != before:
            names = [self._talkgroups.name(key) for key in places]
            self._tell(LayoutDone("placed", ", ".join(names[:3])), before)

    def save_standard(self, role: DeskRole) -> None:
        known = self._standard(role)
        past = known.layout if known is not None else Layout()
        whole = self.current()
        saved = rules.fitted(whole)
        if self._publish(_standard(role, saved)):
            same = self._as_it_is()
            done = LayoutDone(
                "standard-saved", role, lacking=len(whole.streams) - len(saved.streams)
            )
            self._tell(done, same)
            self._before = _Before(same, same, _standard(role, past))

    def use_standard(self) -> None:
        role = self._role()
        known = self._standard(role)
        if known is not None:
            self.come(known, role, "standard-came")
            self.arranged.emit()

    def undo(self) -> None:
        before, done = self._before, self._done
        self._forget()
        if before is None or done is None:
            return
        if before.standard is not None:
            self._publish(before.standard)
            return
        self._bring_back(before)
        if done.deed == "page-renamed" and self._shown == done.where:
            self.turn_to(done.what)
        self.changed.emit()
        self.arranged.emit()

    # -- inside -----------------------------------------------------------------------------

    def _bring_back(self, before: _Before) -> None:
        """Where a hand has changed since how something is heard, that stands."""
        after = {one.stream: one for one in before.after.streams}

        def was(one: Placed) -> Placed:
            now = self._talkgroups.placed_as(one.stream)
            return one if after.get(one.stream) == now else now

        past = msgspec.structs.replace(
            before.layout, streams=tuple(map(was, before.layout.streams))
        )
        self._take(past, spares_front=False)

    def _as_it_is(self) -> Layout:
        return msgspec.structs.replace(self._layout, streams=self._talkgroups.placed())

    def _leading(self) -> tuple[str, ...]:
        first = set(self._layout.favourites)
        return tuple(key for key in self._talkgroups.keys() if talkgroup_of(key) in first)  # noqa: SIM118

    def _favour(self) -> None:
        self._talkgroups.set_favourites(frozenset(self._layout.favourites))

    def _change(self, changed: Layout, done: LayoutDone) -> None:
        if changed == self._layout:
            return
        before = self._as_it_is()
        self._layout = changed
        self._favour()
        self._tell(done, before)
        self.arranged.emit()

    def _tell(self, done: LayoutDone, before: Layout, for_s: float | None = None) -> None:
        for_s = UNDO_S if for_s is None else for_s
        self._before = _Before(before, self._as_it_is())
        numbers = tuple(self._numbers_since(before))
        self._done = replace(done, until_s=self._now_s() + for_s, numbers=numbers)
        self._over.start(round(for_s * 1_000))
        self.changed.emit()

    def _numbers_since(self, before: Layout) -> Iterator[tuple[str, str]]:
        """The number keys that another group has now, and its name: who presses one by habit would
        talk in it."""
        now = tuple(self._talkgroups.keys())
        here = set(now)
        was = tuple(key for key in before.order if key in here)
        for number, old, new in zip(NUMBER_KEYS, was, now, strict=False):
            if old != new:
                yield number, self._talkgroups.name(new)

    def _forget(self) -> None:
        self._before = self._done = None
        self._over.stop()
        self.changed.emit()


def _is_held(then: Placed, now: Placed) -> bool:
    return then.attention != now.attention or then.gain_db != now.gain_db


def _standard(role: DeskRole, layout: Layout) -> StandardLayoutSaved:
    return StandardLayoutSaved(
        role=role, pages=layout.pages, favourites=layout.favourites, streams=layout.streams
    )
