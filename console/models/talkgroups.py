"""Talkgroup tiles: announcements, the engine's word on what is heard, the site's names, settings.

A tile is a stream (talkgroup + station). Its place never changes once it has one, so that a
number key always means the same group.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, Signal

from audio import protocol
from console.domain.call import Call
from console.domain.events import Placed
from console.domain.layout import merged
from console.models.store import SiteStore
from console.settings import TileSettings
from widgets.contracts.rows import (
    Attention,
    FollowState,
    Presence,
    Priority,
    TalkgroupRow,
    TalkState,
    UnitKind,
)

if TYPE_CHECKING:  # neither is needed to draw the first window
    import numpy as np
    from numpy.typing import NDArray

    from console.streams.announcement import Announcement

SETTLE_S: Final = 2.5
"""After the first stream tiles are still sorted for this long: by the saved order, else by name."""

MAX_TILES: Final = 512
"""At the bound a tile whose station has gone makes room, else a new stream gets none."""


PRIORITIES: Final[dict[Priority, int]] = {"low": 0, "normal": 1, "high": 2}
Elsewhere = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""By talkgroup: the desks that have it in front, and those that hear it."""
EXERCISE: Final = 0  # is ducked by what is real
ALARM: Final = protocol.MAX_PRIORITY  # a unit in need may have its microphone open there


@dataclass(slots=True)
class Heard:
    """What the engine says of one stream."""

    slot: int = -1
    pan: float = 0.0
    on_speaker: bool = False
    present: bool = False
    talking: bool = False
    speaker: str = ""
    ssrc: int = 0
    secured: bool = False
    last_speaker: str = ""
    last_s: float | None = None
    missed: int = 0


class TalkgroupModel(QObject):
    """Implements widgets.contracts.sources.TalkgroupSource.

    ``mix_changed`` carries SetMix commands."""

    changed = Signal(tuple)
    reset = Signal()
    mix_changed = Signal(object)
    settings_changed = Signal()
    turned = Signal(str)  # a hand has changed how it is heard

    def __init__(
        self,
        store: SiteStore,
        *,
        settings: Mapping[str, TileSettings],
        order: Sequence[str],
        unheard: Callable[[str], str],
        allows_open: Callable[[], bool] = lambda: False,
        member: Callable[[], str] = lambda: "",
        now_s: Callable[[], float] = time.time,
        ticks_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._unheard = unheard
        self._allows_open = allows_open
        self._member = member
        self._now_s = now_s
        self._ticks_s = ticks_s
        self._settings = dict(settings)
        self._saved_order = list(order)
        self._saved_places = {key: place for place, key in enumerate(order)}
        self._order: list[str] = []
        self._counted: list[str] = []  # the order that ``_stations`` was counted from
        self._stations: Counter[str] = Counter()  # how many there are of each talkgroup
        self._settle_until = 0.0
        self._announced: dict[str, Announcement] = {}
        self._heard: dict[str, Heard] = {}
        self._rows: dict[str, TalkgroupRow] = {}
        self._priorities: dict[str, int] = {}  # as the engine was told
        self._hot: frozenset[str] = frozenset()
        self._along: set[str] = set()  # never remembered: nobody talks further than he knows
        self._favourites: frozenset[str] = frozenset()
        self._elsewhere: Elsewhere = {}
        self._talks: Mapping[str, tuple[TalkState, int]] = {}
        self._followed = ""
        self._meters: NDArray[np.float32] | None = None
        store.talkgroups_changed.connect(lambda keys: self._touch_talkgroups(set(keys)))
        store.floors_changed.connect(lambda keys: self._touch_talkgroups(set(keys)))
        store.alarms_changed.connect(self._alarms_changed)
        store.calls_changed.connect(self._calls_changed)
        store.groups_changed.connect(self._groups_changed)

    # -- what the widgets ask ---------------------------------------------------------------

    def keys(self) -> Sequence[str]:
        return tuple(self._order)

    def row(self, key: str) -> TalkgroupRow:
        """Raises KeyError for a stream that has no tile."""
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._make(key)
        return row

    def name(self, stream: str) -> str:
        """What a stream's group is called, with a tile or without."""
        return self._name(stream)

    def levels(self, slots: Sequence[int]) -> Sequence[float]:
        """Peak dBFS per meter slot; silence while there is no engine."""
        meters = self._meters
        if meters is None:
            return [-120.0] * len(slots)
        return [float(meters[slot]) if 0 <= slot < len(meters) else -120.0 for slot in slots]

    # -- what the desk does -----------------------------------------------------------------

    def set_meters(self, peaks_dbfs: NDArray[np.float32] | None) -> None:
        """The engine's shared table of peaks, one per slot."""
        self._meters = peaks_dbfs

    def change(self, key: str, **fields: Any) -> None:
        """Change how a stream is heard: remembered, told to the engine, shown."""
        if key not in self._order:
            return
        if fields.get("attention") == "selected":
            self._deselect_others(key)
        self._settings[key] = msgspec.structs.replace(self._tile(key), **fields)
        self._tell_mix(key)
        self._touch(key)
        self.settings_changed.emit()
        self.turned.emit(key)

    def arrange(self, shown: Sequence[str]) -> None:
        """The tiles in another order, by a hand."""
        self._arrange(merged(self._all_known(), shown))
        self.reset.emit()
        self.settings_changed.emit()

    def settle(self, placed: Sequence[Placed]) -> None:
        """Another layout: its order, and how its streams are heard, those too that are not there
        yet. Others stay as they are, behind them."""
        tiles = {one.stream: self._heard_as(one) for one in placed}
        differing = [key for key, tile in tiles.items() if tile != self._tile(key)]
        self._settings.update(tiles)
        self._arrange(tuple(dict.fromkeys((*tiles, *self._all_known()))))
        for key in differing:
            if key in self._order:
                self._tell_mix(key)
        self._all_changed()
        self.reset.emit()
        self.settings_changed.emit()

    def placed(self) -> tuple[Placed, ...]:
        """How each stream is heard, in order; those of formed groups, which end, are left out."""
        lasting = (key for key in self._all_known() if not self._is_formed(key))
        return tuple(map(self.placed_as, lasting))

    def placed_as(self, key: str) -> Placed:
        tile = self._tile(key)
        return Placed(key, tile.attention, tile.gain_db, tile.pan, tile.priority)

    def _heard_as(self, one: Placed) -> TileSettings:
        return msgspec.structs.replace(
            self._tile(one.stream),
            attention=one.attention,
            gain_db=one.gain_db,
            pan=one.pan,
            priority=one.priority,
        )

    def _all_known(self) -> tuple[str, ...]:
        """In the order of the tiles, those too that are not there today."""
        return tuple(dict.fromkeys((*self._saved_order, *self._order)))

    def _arrange(self, known: Sequence[str]) -> None:
        """Of those that are not there, :data:`MAX_TILES` are remembered."""
        here = set(self._order)
        absent = [key for key in known if key not in here]
        surplus = set(absent[MAX_TILES:])
        kept = [key for key in known if key not in surplus]
        for key in surplus & self._settings.keys():
            del self._settings[key]
        self._saved_order = kept
        self._saved_places = {key: place for place, key in enumerate(kept)}
        end = len(kept)
        self._order.sort(key=lambda key: self._saved_places.get(key, end))

    def set_favourites(self, talkgroups: frozenset[str]) -> None:
        changed, self._favourites = self._favourites ^ talkgroups, talkgroups
        self._touch(*(key for key in self._order if _talkgroup(key) in changed))

    def set_along(self, key: str, along: bool) -> None:
        """Whether the talk key talks there as well as in the selected group."""
        if key not in self._order:
            return
        (self._along.add if along else self._along.discard)(key)
        self._touch(key)

    def set_hot(self, talkgroups: frozenset[str]) -> None:
        """Where a unit in need may have its microphone open: heard here though it was muted or
        turned down, but for a group that is off."""
        changed, self._hot = self._hot ^ talkgroups, talkgroups
        for key in self._order:
            if _talkgroup(key) in changed:
                self._tell_mix(key)

    def set_desks(self, elsewhere: Elsewhere) -> None:
        """Who else has each talkgroup in front, and who hears it."""
        if elsewhere != self._elsewhere:
            before, self._elsewhere = self._elsewhere, elsewhere
            changed = {
                group
                for group in before.keys() | elsewhere.keys()
                if before.get(group) != elsewhere.get(group)
            }
            self._touch(*(key for key in self._order if _talkgroup(key) in changed))

    def here(self) -> tuple[str, tuple[str, ...]]:
        """The talkgroup in front, "" = none, and the others that are heard at this desk."""
        heard = [key for key in self._order if self._is_heard(key)]
        front = [key for key in heard if self._tile(key).attention == "selected"]
        others = dict.fromkeys(_talkgroup(key) for key in heard if key not in front)
        return (_talkgroup(front[0]) if front else ""), tuple(others)

    def _is_heard(self, key: str) -> bool:
        tile = self._tile(key)
        return tile.attention != "off" and not tile.muted and not self._unheard(key)

    def along(self) -> tuple[str, ...]:
        """In the order of the tiles."""
        return tuple(key for key in self._order if key in self._along)

    def show_talk(self, talks: Mapping[str, tuple[TalkState, int]]) -> None:
        """How a press stands in each of its groups, and the place in the queue."""
        before, self._talks = self._talks, talks
        self._touch(*{*before, *talks})

    def is_talked_in(self, key: str) -> bool:
        """By who sits here."""
        return self._talks.get(key, ("", 0))[0] in ("sending", "unasked")

    def change_output(self, key: str) -> None:
        """To the other device; where that is its own place, it is so by itself again."""
        tile = self._tile(key)
        own: protocol.Output = "speaker" if tile.attention == "monitored" else "headset"
        now = own if tile.output == "auto" else tile.output
        other: protocol.Output = "headset" if now == "speaker" else "speaker"
        self.change(key, output="auto" if other == own else other)

    def mix(self, key: str) -> protocol.SetMix:
        """How the engine is to mix a stream."""
        tile = self._tile(key)
        is_hot = _talkgroup(key) in self._hot and tile.attention != "off"
        return protocol.SetMix(
            stream=key,
            gain_db=max(tile.gain_db, 0.0) if is_hot else tile.gain_db,
            pan=tile.pan,
            muted=tile.muted and not is_hot,
            attention=tile.attention,
            priority=self._priority(key, self._alarmed()),
            output=tile.output,
        )

    def settings(self) -> tuple[dict[str, TileSettings], tuple[str, ...]]:
        """What to remember, :data:`MAX_TILES` of each. A saved place is kept for a station that
        came late today: tomorrow its number is the one that it has always had."""
        order = self._all_known()
        shown = set(self._order)
        spare = [key for key in order if key not in shown][: max(0, MAX_TILES - len(shown))]
        kept = shown.union(spare)
        tiles = {key: tile for key, tile in self._settings.items() if key in kept}
        return tiles, tuple(key for key in order if key in kept)

    def announced(self, found: Sequence[Announcement], gone: Sequence[str]) -> None:
        for stream in gone:
            self._announced.pop(stream, None)
        for announcement in found:
            self._announced[announcement.stream] = announcement
        new = tuple(
            a.stream for a in found if a.stream not in self._order and self._has_tile(a.stream)
        )
        if new:
            self._place(self._with_room(new))
        self._touch(*gone, *(a.stream for a in found))

    def engine_said(self, event: protocol.Event) -> None:
        match event:
            case protocol.Slots(slots=slots):
                self._take_slots(slots)
            case protocol.Talking():
                self._take_talking(event)
            case protocol.Status(streams=streams):
                for figures in streams:
                    self._take_figures(figures)
                self._silence_all_but({figures.stream for figures in streams})
                self._follow(event.followed.stream if event.followed is not None else "")
            case protocol.Followed(stream=stream):
                self._follow(stream)
            case protocol.Refused(stream=stream) if stream:
                self._touch(stream)
            case _:
                pass

    def adopt(self, figures: Sequence[protocol.StreamFigures]) -> None:
        """Streams and settings of an engine that was here before this desk."""
        figures = [one for one in figures if one.spec.keep and self._has_tile(one.stream)]
        new = tuple(f.stream for f in figures if f.stream not in self._order)
        for stream in figures:
            self._settings.setdefault(stream.stream, _settings_of(stream.mix))
        if new:
            self._place(self._with_room(new))

    def remove(self, streams: Sequence[str]) -> None:
        """Their group is over, or no more this desk's: no tile, and nothing remembered."""
        gone = set(streams)
        shown = [key for key in self._order if key in gone]
        self._order = [key for key in self._order if key not in gone]
        self._saved_order = [key for key in self._saved_order if key not in gone]
        self._along -= gone
        tables: tuple[dict[str, Any], ...] = (
            self._settings, self._saved_places, self._rows, self._priorities, self._heard,
            self._announced,
        )  # fmt: skip
        for table in tables:
            for key in gone & table.keys():
                del table[key]
        if shown:
            self.reset.emit()
            self.settings_changed.emit()

    def retranslate(self) -> None:
        """Say it all again, in the language that the screen has now."""
        self._all_changed()

    def engine_lost(self) -> None:
        """Nothing is heard until another engine says so."""
        self._meters = None
        self._followed = ""
        for heard in self._heard.values():
            heard.slot, heard.present, heard.talking = -1, False, False
        self._all_changed()

    # -- inside -----------------------------------------------------------------------------

    def _follow(self, stream: str) -> None:
        if stream != self._followed:
            self._followed = stream
            self._all_changed()

    def _follow_state(self, key: str, priority: int) -> FollowState:
        """As the engine has it: an alarm's or an emergency's group is never dimmed."""
        if not self._followed or key == self._followed:
            return "followed" if self._followed else ""
        return "" if priority == ALARM else "dimmed"

    def _place(self, new: Sequence[str]) -> None:
        """Sorted while settling, then at the end: a number key never comes to mean another."""
        if not self._order:
            self._settle_until = self._ticks_s() + SETTLE_S
        if self._ticks_s() < self._settle_until:
            self._order.extend(new)
            self._order.sort(key=self._natural_place)
        else:
            self._order = [*self._before_formed(new), *self._formed_last(new)]
        twins = {_talkgroup(key) for key in new}
        self._touch(*(key for key in self._order if _talkgroup(key) in twins))
        self.reset.emit()
        for key in new:
            self._tell_mix(key)
        self.settings_changed.emit()

    def _before_formed(self, new: Sequence[str]) -> list[str]:
        """Formed groups that stand last go on standing there."""
        lasting = len(self._order) - self._formed_run()
        return [*self._order[:lasting], *(key for key in new if not self._is_formed(key))]

    def _formed_last(self, new: Sequence[str]) -> list[str]:
        lasting = len(self._order) - self._formed_run()
        return [*self._order[lasting:], *(key for key in new if self._is_formed(key))]

    def _formed_run(self) -> int:
        """How many of them stand last; a hand may have put one further up."""
        return len(list(takewhile(self._is_formed, reversed(self._order))))

    def _tell_mix(self, key: str) -> None:
        mix = self.mix(key)
        self._priorities[key] = mix.priority
        self.mix_changed.emit(mix)

    def _priority(self, key: str, alarmed: set[str | None]) -> int:
        talkgroup = self._store.state.talkgroups.get(_talkgroup(key))
        floor = self._store.state.floors.get(_talkgroup(key))
        if _talkgroup(key) in alarmed or (floor and floor.speaker and floor.emergency):
            return ALARM
        if talkgroup is not None and talkgroup.exercise:
            return EXERCISE
        return PRIORITIES[self._tile(key).priority]

    def _alarmed(self) -> set[str | None]:
        alarms = self._store.state.alarms.values()
        return {one.talkgroup for one in alarms if one.state != "closed"}

    def _rank(self) -> None:
        """An alarm has been raised or closed, or the site has said what a group is."""
        alarmed = self._alarmed()
        for key in self._order:
            if self._priority(key, alarmed) != self._priorities.get(key):
                self._tell_mix(key)

    def _with_room(self, new: Sequence[str]) -> Sequence[str]:
        """As many as there is room for, once tiles whose station has gone have made some."""
        excess = len(self._order) + len(new) - MAX_TILES
        if excess > 0:
            gone = [key for key in self._order if self._may_go(key)][:excess]
            for key in gone:
                self._order.remove(key)
                self._heard.pop(key, None)
                self._rows.pop(key, None)
                self._priorities.pop(key, None)
                self._along.discard(key)
        return new[: max(0, MAX_TILES - len(self._order))]

    def _may_go(self, key: str) -> bool:
        if key in self._announced or self._tile(key).attention == "selected":
            return False
        return not self._of(key).present

    def _is_formed(self, key: str) -> bool:
        """Groups that come and go stand last, so that no other's number changes with them."""
        return _talkgroup(key) in self._store.state.groups

    def _natural_place(self, key: str) -> tuple[bool, int, int, str, str]:
        """Those that last before those that were formed; the saved order, then that in which the
        site defined its groups, then by name."""
        talkgroup = _talkgroup(key)
        defined = list(self._store.state.talkgroups)
        rank = defined.index(talkgroup) if talkgroup in defined else len(defined)
        saved = self._saved_places.get(key, len(self._saved_places))
        return self._is_formed(key), saved, rank, self._name(key).casefold(), key

    def _resettle(self) -> None:
        """While settling, names from the site may still arrive and change the order."""
        if self._ticks_s() >= self._settle_until:
            return
        order = sorted(self._order, key=self._natural_place)
        if order != self._order:
            self._order = order
            self.reset.emit()

    def _tile(self, key: str) -> TileSettings:
        return self._settings.get(key, TileSettings())

    def _deselect_others(self, key: str) -> None:
        for other in self._order:
            if other != key and self._tile(other).attention == "selected":
                self.change(other, attention="monitored")

    def _take_slots(self, slots: Mapping[str, int]) -> None:
        for stream, slot in slots.items():
            self._of(stream).slot = slot
        for stream in self._heard.keys() - slots.keys():
            self._heard[stream].slot = -1
        self._all_changed()

    def _take_talking(self, said: protocol.Talking) -> None:
        heard = self._of(said.stream)
        ended = heard.talking and not said.on
        heard.speaker = said.speaker or (heard.speaker if said.ssrc == heard.ssrc else "")
        heard.talking, heard.ssrc, heard.secured = said.on, said.ssrc, said.secured
        heard.present = True
        if ended:
            heard.last_speaker, heard.last_s = self._speaker(said.stream), self._now_s()
        self._touch(said.stream)

    def _take_figures(self, figures: protocol.StreamFigures) -> None:
        heard = self._of(figures.stream)
        before = replace(heard)
        if heard.talking and not figures.talking:  # the word that it ended was lost
            heard.last_speaker, heard.last_s = self._speaker(figures.stream), self._now_s()
        heard.slot, heard.pan, heard.present = figures.slot, figures.pan, figures.present
        heard.missed = figures.missed
        heard.on_speaker = figures.output == "speaker"
        heard.talking, heard.speaker = figures.talking, figures.speaker or heard.speaker
        heard.secured = figures.spec.srtp is not None
        if heard != before or self._is_told_otherwise(figures.stream):
            self._touch(figures.stream)

    def _is_told_otherwise(self, stream: str) -> bool:
        """Whether the reason why it isn't heard is another than the one that is shown."""
        row = self._rows.get(stream)
        return row is not None and row.note != self._unheard(stream)

    def _silence_all_but(self, heard: set[str]) -> None:
        """What the engine no longer has can't talk."""
        for stream in self._heard.keys() - heard:
            one = self._heard[stream]
            if one.slot >= 0 or one.present or one.talking:
                one.slot, one.present, one.talking = -1, False, False
                self._touch(stream)

    def _of(self, stream: str) -> Heard:
        return self._heard.setdefault(stream, Heard())

    def _touch_talkgroups(self, talkgroups: set[str]) -> None:
        self._resettle()
        self._rank()
        self._touch(*(key for key in self._order if _talkgroup(key) in talkgroups))

    def _alarms_changed(self, _keys: tuple[str, ...]) -> None:
        self._rank()
        self._all_changed()

    def _has_tile(self, stream: str) -> bool:
        """An individual call has none: it is shown to those who are in it. Nor has a group that is
        over, or that others have formed for themselves."""
        talkgroup, state, member = _talkgroup(stream), self._store.state, self._member()
        group = state.groups.get(talkgroup)
        if talkgroup in state.calls or (group is not None and group.state == "ended"):
            return False
        return group is None or not member or member in group.members

    def _groups_changed(self, keys: tuple[str, ...]) -> None:
        """Also what is remembered of those that ended while this desk was closed."""
        changed = set(keys)
        known = {*self._order, *self._saved_order, *self._settings, *self._announced}
        of_these = [key for key in known if _talkgroup(key) in changed]
        gone = [key for key in of_these if not self._has_tile(key)]
        if gone:
            self.remove(gone)

    def _calls_changed(self, keys: tuple[str, ...]) -> None:
        """A call that was announced before the site told of it has a tile until now."""
        calls = set(keys)
        gone = [key for key in self._order if _talkgroup(key) in calls]
        for key in gone:
            self._order.remove(key)
            for table in (self._settings, self._rows, self._priorities):
                table.pop(key, None)
        ended = {key for key in calls if _has_ended(self._store.state.calls.get(key))}
        for key in [one for one in self._heard if _talkgroup(one) in ended]:
            del self._heard[key]
        if gone:
            self.reset.emit()

    def _all_changed(self) -> None:
        self._touch(*self._order)

    def _touch(self, *keys: str) -> None:
        """Tell of the rows that really differ."""
        differing = []
        for key in keys:
            if key not in self._order:
                continue
            old, new = self._rows.get(key), self._make(key)
            if old != new:
                self._rows[key] = new
                differing.append(key)
        if differing:
            self.changed.emit(tuple(differing))

    def _make(self, key: str) -> TalkgroupRow:
        talkgroup = self._store.state.talkgroups.get(_talkgroup(key))
        heard, tile = self._of(key), self._tile(key)
        why = self._unheard(key)
        talk, place = self._talks.get(key, ("", 0))
        kind, agency = self._speaker_is(key) if heard.talking else ("", "")
        in_front_at, heard_at = self._elsewhere.get(_talkgroup(key), ((), ()))
        return TalkgroupRow(
            key=key,
            talkgroup=_talkgroup(key),
            name=self._name(key),
            purpose=self._purpose(key),
            kind=talkgroup.group_kind if talkgroup else "other",
            exercise=talkgroup.exercise if talkgroup else False,
            attention=tile.attention,
            presence=self._presence(key, why),
            secured=heard.secured,
            unmarked=self._allows_open(),
            speaker=self._speaker(key) if heard.talking else "",
            last_speaker=heard.last_speaker or self._last_on_floor(key)[0],
            last_s=heard.last_s or self._last_on_floor(key)[1],
            gain_db=tile.gain_db,
            pan=heard.pan if tile.pan is None else tile.pan,
            placed=tile.pan is not None,
            favourite=_talkgroup(key) in self._favourites,
            speaker_kind=kind,
            speaker_agency=agency,
            muted=tile.muted,
            slot=heard.slot,
            alarm=self._has_alarm(key),
            station=key.partition("@")[2],
            note=why,
            transmitting=talk in ("sending", "unasked"),
            talk=talk,
            place=place,
            along=key in self._along,
            missed=heard.missed,
            priority=tile.priority,
            on_speaker=heard.on_speaker,
            follow=self._follow_state(key, self._priorities.get(key, 0)),
            in_front_at=in_front_at,
            heard_at=heard_at,
        )

    def _purpose(self, key: str) -> str:
        """Of two stations with one group: which of them this is."""
        if self._stations_of(_talkgroup(key)) > 1:
            return key.partition("@")[2]
        talkgroup = self._store.state.talkgroups.get(_talkgroup(key))
        return talkgroup.purpose if talkgroup else ""

    def _stations_of(self, talkgroup: str) -> int:
        if self._counted != self._order:
            self._counted, self._stations = list(self._order), Counter(map(_talkgroup, self._order))
        return self._stations[talkgroup]

    def _presence(self, key: str, why: str) -> Presence:
        if why:
            return "unreachable"
        if self._of(key).present:
            return "present"
        return "silent" if key in self._announced else "gone"

    def _name(self, key: str) -> str:
        """The site's name for the group, also for one that has ended, else the announced one, else
        its id."""
        state, talkgroup = self._store.state, _talkgroup(key)
        known = state.talkgroups.get(talkgroup) or state.groups.get(talkgroup)
        if known is not None:
            return known.name
        announced = self._announced.get(key)
        return announced.name if announced else _talkgroup(key)

    def _speaker(self, key: str) -> str:
        """Who speaks: by the floor's grant of this sender, else by what its RTCP says."""
        heard = self._of(key)
        floor = self._store.state.floors.get(_talkgroup(key))
        if floor and floor.unit and heard.ssrc and floor.ssrc == heard.ssrc:
            return self._store.call_sign(floor.unit)
        return heard.speaker or QCoreApplication.translate("Talkgroups", "Unknown")

    def _speaker_is(self, key: str) -> tuple[UnitKind | Literal[""], str]:
        """Of a unit that the site knows, by the floor's grant of this sender."""
        floor = self._store.state.floors.get(_talkgroup(key))
        ssrc = self._of(key).ssrc
        if floor is None or not floor.unit or not ssrc or floor.ssrc != ssrc:
            return "", ""
        unit = self._store.state.units.get(floor.unit)
        return (unit.unit_kind, unit.agency) if unit is not None and unit.defined_by else ("", "")

    def _last_on_floor(self, key: str) -> tuple[str, float | None]:
        """Who spoke last before this desk listened, by the site's log."""
        floor = self._store.state.floors.get(_talkgroup(key))
        if floor is None or not floor.ended_ms:
            return "", None
        return self._store.call_sign(floor.last_speaker), floor.ended_ms / 1000

    def _has_alarm(self, key: str) -> bool:
        return _talkgroup(key) in self._alarmed()


def _talkgroup(key: str) -> str:
    return key.partition("@")[0]


def _has_ended(call: Call | None) -> bool:
    return call is None or call.state == "ended"


def _settings_of(mix: protocol.SetMix) -> TileSettings:
    """Low can't be told from an exercise's, nor an alarm's from what was chosen before it."""
    attention: Attention = mix.attention
    priority: Priority = "high" if mix.priority == PRIORITIES["high"] else "normal"
    return TileSettings(
        attention=attention, gain_db=mix.gain_db, muted=mix.muted, priority=priority,
        output=mix.output,
    )  # fmt: skip
