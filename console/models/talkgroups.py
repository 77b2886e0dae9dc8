"""Talkgroup tiles: announcements, the engine's word on what is heard, the site's names, settings.

A tile is a stream (talkgroup + station). Where it stands is :mod:`console.models.tile_order`'s,
what the engine says of it :mod:`console.models.heard`'s, what the site says of its group
:mod:`console.models.group_facts`'.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, Signal

from audio import protocol
from console.domain.events import Placed
from console.domain.layout import merged
from console.models.group_facts import ALARM, PRIORITIES, GroupFacts, group_of
from console.models.heard import HeardStreams
from console.models.store import SiteStore
from console.models.tile_order import MAX_TILES, TileOrder
from console.settings import TileSettings
from widgets.contracts.rows import (
    Attention,
    FollowState,
    Presence,
    Priority,
    TalkgroupRow,
    TalkState,
)

if TYPE_CHECKING:  # neither is needed to draw the first window
    import numpy as np
    from numpy.typing import NDArray

    from console.streams.announcement import Announcement

Elsewhere = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""By talkgroup: the desks that have it in front, and those that hear it."""


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
        self._settings = dict(settings)
        self._announced: dict[str, Announcement] = {}
        self._facts = GroupFacts(store, self._announced, member)
        self._order = TileOrder(order, self._facts, ticks_s)
        self._heard = HeardStreams(self._speaker, now_s)
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
        return tuple(self._order.shown)

    def row(self, key: str) -> TalkgroupRow:
        """Raises KeyError for a stream that has no tile."""
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._make(key)
        return row

    def name(self, stream: str) -> str:
        """What a stream's group is called, with a tile or without."""
        return self._facts.name(stream)

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
        if key not in self._order.shown:
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
        self._arrange(merged(self._order.all_known(), shown))
        self.reset.emit()
        self.settings_changed.emit()

    def settle(self, placed: Sequence[Placed]) -> None:
        """Another layout: its order, and how its streams are heard, those too that are not there
        yet. Others stay as they are, behind them."""
        tiles = {one.stream: self._heard_as(one) for one in placed}
        differing = [key for key, tile in tiles.items() if tile != self._tile(key)]
        self._settings.update(tiles)
        self._arrange(tuple(dict.fromkeys((*tiles, *self._order.all_known()))))
        for key in differing:
            if key in self._order.shown:
                self._tell_mix(key)
        self._all_changed()
        self.reset.emit()
        self.settings_changed.emit()

    def placed(self) -> tuple[Placed, ...]:
        """How each stream is heard, in order; those of formed groups, which end, are left out."""
        lasting = (key for key in self._order.all_known() if not self._facts.is_formed(key))
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

    def _arrange(self, known: Sequence[str]) -> None:
        for key in self._order.arrange(known) & self._settings.keys():
            del self._settings[key]

    def set_favourites(self, talkgroups: frozenset[str]) -> None:
        changed, self._favourites = self._favourites ^ talkgroups, talkgroups
        self._touch(*(key for key in self._order.shown if group_of(key) in changed))

    def set_along(self, key: str, along: bool) -> None:
        """Whether the talk key talks there as well as in the selected group."""
        if key not in self._order.shown:
            return
        (self._along.add if along else self._along.discard)(key)
        self._touch(key)

    def set_hot(self, talkgroups: frozenset[str]) -> None:
        """Where a unit in need may have its microphone open: heard here though it was muted or
        turned down, but for a group that is off."""
        changed, self._hot = self._hot ^ talkgroups, talkgroups
        for key in self._order.shown:
            if group_of(key) in changed:
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
            self._touch(*(key for key in self._order.shown if group_of(key) in changed))

    def here(self) -> tuple[str, tuple[str, ...]]:
        """The talkgroup in front, "" = none, and the others that are heard at this desk."""
        heard = [key for key in self._order.shown if self._is_heard(key)]
        front = [key for key in heard if self._tile(key).attention == "selected"]
        others = dict.fromkeys(group_of(key) for key in heard if key not in front)
        return (group_of(front[0]) if front else ""), tuple(others)

    def _is_heard(self, key: str) -> bool:
        tile = self._tile(key)
        return tile.attention != "off" and not tile.muted and not self._unheard(key)

    def along(self) -> tuple[str, ...]:
        """In the order of the tiles."""
        return tuple(key for key in self._order.shown if key in self._along)

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
        is_hot = group_of(key) in self._hot and tile.attention != "off"
        return protocol.SetMix(
            stream=key,
            gain_db=max(tile.gain_db, 0.0) if is_hot else tile.gain_db,
            pan=tile.pan,
            muted=tile.muted and not is_hot,
            attention=tile.attention,
            priority=self._priority(key, self._facts.alarmed()),
            output=tile.output,
        )

    def settings(self) -> tuple[dict[str, TileSettings], tuple[str, ...]]:
        """What to remember, :data:`MAX_TILES` of each."""
        kept = self._order.remembered()
        remembered = set(kept)
        return {key: tile for key, tile in self._settings.items() if key in remembered}, kept

    def announced(self, found: Sequence[Announcement], gone: Sequence[str]) -> None:
        for stream in gone:
            self._announced.pop(stream, None)
        for announcement in found:
            self._announced[announcement.stream] = announcement
        new = tuple(
            a.stream
            for a in found
            if a.stream not in self._order.shown and self._facts.has_tile(a.stream)
        )
        if new:
            self._place(self._with_room(new))
        self._touch(*gone, *(a.stream for a in found))

    def engine_said(self, event: protocol.Event) -> None:
        match event:
            case protocol.Slots(slots=slots):
                self._heard.take_slots(slots)
                self._all_changed()
            case protocol.Talking():
                self._heard.take_talking(event)
                self._touch(event.stream)
            case protocol.Status(streams=streams):
                self._take_figures(streams)
                self._follow(event.followed.stream if event.followed is not None else "")
            case protocol.Followed(stream=stream):
                self._follow(stream)
            case protocol.Refused(stream=stream) if stream:
                self._touch(stream)
            case _:
                pass

    def adopt(self, figures: Sequence[protocol.StreamFigures]) -> None:
        """Streams and settings of an engine that was here before this desk."""
        figures = [one for one in figures if one.spec.keep and self._facts.has_tile(one.stream)]
        new = tuple(f.stream for f in figures if f.stream not in self._order.shown)
        for stream in figures:
            self._settings.setdefault(stream.stream, _settings_of(stream.mix))
        if new:
            self._place(self._with_room(new))

    def remove(self, streams: Sequence[str]) -> None:
        """Their group is over, or no more this desk's: no tile, and nothing remembered."""
        gone = set(streams)
        shown = [key for key in self._order.shown if key in gone]
        self._order.remove(gone)
        self._along -= gone
        self._heard.forget(gone)
        tables: tuple[dict[str, Any], ...] = (
            self._settings, self._rows, self._priorities, self._announced,
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
        self._heard.silence()
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
        self._order.place(new)
        twins = {group_of(key) for key in new}
        self._touch(*(key for key in self._order.shown if group_of(key) in twins))
        self.reset.emit()
        for key in new:
            self._tell_mix(key)
        self.settings_changed.emit()

    def _tell_mix(self, key: str) -> None:
        mix = self.mix(key)
        self._priorities[key] = mix.priority
        self.mix_changed.emit(mix)

    def _priority(self, key: str, alarmed: set[str | None]) -> int:
        return self._facts.priority(key, self._tile(key).priority, alarmed)

    def _rank(self) -> None:
        """An alarm has been raised or closed, or the site has said what a group is."""
        alarmed = self._facts.alarmed()
        for key in self._order.shown:
            if self._priority(key, alarmed) != self._priorities.get(key):
                self._tell_mix(key)

    def _with_room(self, new: Sequence[str]) -> Sequence[str]:
        """As many as there is room for, once tiles whose station has gone have made some."""
        excess = len(self._order.shown) + len(new) - MAX_TILES
        if excess > 0:
            gone = [key for key in self._order.shown if self._may_go(key)][:excess]
            for key in gone:
                self._order.shown.remove(key)
                self._heard.forget((key,))
                self._rows.pop(key, None)
                self._priorities.pop(key, None)
                self._along.discard(key)
        return new[: max(0, MAX_TILES - len(self._order.shown))]

    def _may_go(self, key: str) -> bool:
        if key in self._announced or self._tile(key).attention == "selected":
            return False
        return not self._heard.of(key).present

    def _resettle(self) -> None:
        """While settling, names from the site may still arrive and change the order."""
        if self._order.resettle():
            self.reset.emit()

    def _tile(self, key: str) -> TileSettings:
        return self._settings.get(key, TileSettings())

    def _deselect_others(self, key: str) -> None:
        for other in self._order.shown:
            if other != key and self._tile(other).attention == "selected":
                self.change(other, attention="monitored")

    def _take_figures(self, streams: Sequence[protocol.StreamFigures]) -> None:
        for figures in streams:
            if self._heard.take_figures(figures) or self._is_told_otherwise(figures.stream):
                self._touch(figures.stream)
        self._touch(*self._heard.silence_all_but({figures.stream for figures in streams}))

    def _speaker(self, stream: str) -> str:
        return self._facts.speaker(stream, self._heard.of(stream))

    def _is_told_otherwise(self, stream: str) -> bool:
        """Whether the reason why it isn't heard is another than the one that is shown."""
        row = self._rows.get(stream)
        return row is not None and row.note != self._unheard(stream)

    def _touch_talkgroups(self, talkgroups: set[str]) -> None:
        self._resettle()
        self._rank()
        self._touch(*(key for key in self._order.shown if group_of(key) in talkgroups))

    def _alarms_changed(self, _keys: tuple[str, ...]) -> None:
        self._rank()
        self._all_changed()

    def _groups_changed(self, keys: tuple[str, ...]) -> None:
        """Also what is remembered of those that ended while this desk was closed."""
        changed = set(keys)
        known = {*self._order.shown, *self._order.saved, *self._settings, *self._announced}
        of_these = [key for key in known if group_of(key) in changed]
        gone = [key for key in of_these if not self._facts.has_tile(key)]
        if gone:
            self.remove(gone)

    def _calls_changed(self, keys: tuple[str, ...]) -> None:
        """A call that was announced before the site told of it has a tile until now."""
        calls = set(keys)
        gone = [key for key in self._order.shown if group_of(key) in calls]
        for key in gone:
            self._order.shown.remove(key)
            for table in (self._settings, self._rows, self._priorities):
                table.pop(key, None)
        ended = {key for key in calls if self._facts.is_over(key)}
        self._heard.forget(one for one in self._heard.streams() if group_of(one) in ended)
        if gone:
            self.reset.emit()

    def _all_changed(self) -> None:
        self._touch(*self._order.shown)

    def _touch(self, *keys: str) -> None:
        """Tell of the rows that really differ."""
        differing = []
        for key in keys:
            if key not in self._order.shown:
                continue
            old, new = self._rows.get(key), self._make(key)
            if old != new:
                self._rows[key] = new
                differing.append(key)
        if differing:
            self.changed.emit(tuple(differing))

    def _make(self, key: str) -> TalkgroupRow:
        talkgroup = self._store.state.talkgroups.get(group_of(key))
        heard, tile = self._heard.of(key), self._tile(key)
        why = self._unheard(key)
        talk, place = self._talks.get(key, ("", 0))
        kind, agency = self._facts.speaker_is(key, heard.ssrc) if heard.talking else ("", "")
        in_front_at, heard_at = self._elsewhere.get(group_of(key), ((), ()))
        return TalkgroupRow(
            key=key,
            talkgroup=group_of(key),
            name=self._facts.name(key),
            purpose=self._purpose(key),
            kind=talkgroup.group_kind if talkgroup else "other",
            exercise=talkgroup.exercise if talkgroup else False,
            attention=tile.attention,
            presence=self._presence(key, why),
            secured=heard.secured,
            unmarked=self._allows_open(),
            speaker=self._speaker(key) if heard.talking else "",
            last_speaker=heard.last_speaker or self._facts.last_on_floor(key)[0],
            last_s=heard.last_s or self._facts.last_on_floor(key)[1],
            gain_db=tile.gain_db,
            pan=heard.pan if tile.pan is None else tile.pan,
            placed=tile.pan is not None,
            favourite=group_of(key) in self._favourites,
            speaker_kind=kind,
            speaker_agency=agency,
            muted=tile.muted,
            slot=heard.slot,
            alarm=group_of(key) in self._facts.alarmed(),
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
        if self._order.stations_of(group_of(key)) > 1:
            return key.partition("@")[2]
        talkgroup = self._store.state.talkgroups.get(group_of(key))
        return talkgroup.purpose if talkgroup else ""

    def _presence(self, key: str, why: str) -> Presence:
        if why:
            return "unreachable"
        if self._heard.of(key).present:
            return "present"
        return "silent" if key in self._announced else "gone"


def _settings_of(mix: protocol.SetMix) -> TileSettings:
    """Low can't be told from an exercise's, nor an alarm's from what was chosen before it."""
    attention: Attention = mix.attention
    priority: Priority = "high" if mix.priority == PRIORITIES["high"] else "normal"
    return TileSettings(
        attention=attention, gain_db=mix.gain_db, muted=mix.muted, priority=priority,
        output=mix.output,
    )  # fmt: skip
