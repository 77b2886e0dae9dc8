"""A desk's worth of fictional data behind the window's contracts, and a record of every action.

Names and places follow the public conventions of Nødnett; units, groups' numbers, persons and
call signs are made up.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.settings import MAX_VIEWS
from resources.statuses import statuses
from widgets.alarm_choice import SETTLE_S
from widgets.contracts.landmarks import LandmarkForm, LandmarkRow
from widgets.contracts.rows import (
    NUMBER_KEYS,
    AidRow,
    AlarmRow,
    AlarmState,
    Callee,
    CallRow,
    Conference,
    DeskRole,
    DeskStatus,
    DutyForm,
    DutyRow,
    EngineFigures,
    EngineHistory,
    GroupNews,
    HandoverRow,
    HandoverSaid,
    History,
    LayoutDeed,
    LayoutDone,
    LogRow,
    MapViewRow,
    PlaceDoubt,
    PlaceForms,
    PlaceFound,
    PostRow,
    ReceiverRow,
    Saving,
    SiteHistory,
    SiteLinkFigures,
    StandardText,
    StatusChoice,
    StreamRow,
    TalkgroupRow,
    TilePage,
    TimelineAsked,
    TimelineRow,
    TimelineStanding,
    UnitKind,
    UnitRow,
    Urgency,
)
from widgets.contracts.sources import Sources

NOW_S = 1_795_554_007.0  # 24 November 2026, in the evening


class FakeClock:
    """Stands still unless it is moved."""

    def __init__(self, now_s: float = NOW_S) -> None:
        self.time_s = now_s

    def now_s(self) -> float:
        return self.time_s

    def let_hand_react(self) -> None:
        """A press from now on is meant for the alarm that has come."""
        self.time_s += SETTLE_S


class FakeTalkgroups(QObject):
    changed = Signal(tuple)
    reset = Signal()

    def __init__(self, rows: Sequence[TalkgroupRow]) -> None:
        super().__init__()
        self.table = {row.key: row for row in rows}
        self.peaks: dict[int, float] = {}

    def keys(self) -> Sequence[str]:
        return tuple(self.table)

    def row(self, key: str) -> TalkgroupRow:
        return self.table[key]

    def levels(self, slots: Sequence[int]) -> Sequence[float]:
        return [self.peaks.get(slot, -120.0) for slot in slots]

    def put(self, *rows: TalkgroupRow) -> None:
        """Change rows, or add new ones at the end."""
        fresh = any(row.key not in self.table for row in rows)
        self.table.update({row.key: row for row in rows})
        if fresh:
            self.reset.emit()
        else:
            self.changed.emit(tuple(row.key for row in rows))

    def edit(self, key: str, **fields: Any) -> None:
        self.put(replace(self.table[key], **fields))


class FakeLayout(QObject):
    """Pages and favourites as a desk keeps them; notes what was asked, and can be undone once."""

    changed = Signal()

    def __init__(self, groups: FakeTalkgroups) -> None:
        super().__init__()
        self.groups = groups
        self.table: dict[str, list[str]] = {}
        self.favourites: list[str] = []
        self.page = ""
        self.now: LayoutDone | None = None
        self.asked: list[tuple[Any, ...]] = []
        self.roles: tuple[DeskRole, ...] = ("operator", "reception")
        self.is_standard = True

    def pages(self) -> Sequence[TilePage]:
        keys = tuple(self.groups.keys())

        def of(own: Sequence[str]) -> tuple[str, ...]:
            return tuple(key for key in keys if key in own or key in self.favourites)

        own = (TilePage(name, of(on), tuple(on)) for name, on in self.table.items())
        return (*own, TilePage("", keys))

    def shown(self) -> str:
        return self.page

    def done(self) -> LayoutDone | None:
        return self.now

    def standards(self) -> Sequence[DeskRole]:
        return self.roles

    def has_standard(self) -> bool:
        return self.is_standard

    def tell(self, done: LayoutDone | None) -> None:
        self.now = done
        self.changed.emit()

    def turn_to(self, page: str) -> None:
        self.page = page

    def make_page(self, name: str) -> str:
        self.asked.append(("make", name))
        if not name.strip() or name in self.table:
            return ""
        self.table[name] = []
        self._did("page-made", name)
        return name

    def rename_page(self, page: str, name: str) -> str:
        self.asked.append(("rename", page, name))
        if not name.strip() or name in self.table:
            return ""
        self.table = {name if one == page else one: on for one, on in self.table.items()}
        self._did("page-renamed", page, name)
        return name

    def delete_page(self, page: str) -> None:
        self.asked.append(("delete", page))
        del self.table[page]
        self._did("page-deleted", page)

    def move_page(self, page: str, step: int) -> None:
        self.asked.append(("move-page", page, step))

    def put_on_page(self, page: str, key: str, on: bool) -> None:
        self.asked.append(("put", page, key, on))
        left = [one for one in self.table[page] if one != key]
        self.table[page] = [*left, key] if on else left
        self._did("on-page" if on else "off-page", self.groups.row(key).name, page)

    def set_favourite(self, key: str, on: bool) -> None:
        self.asked.append(("favourite", key, on))
        left = [one for one in self.favourites if one != key]
        self.favourites = [*left, key] if on else left
        self.groups.edit(key, favourite=on)
        self._did("favourite" if on else "no-favourite", self.groups.row(key).name)

    def move_tile(self, key: str, beside: str, *, behind: bool) -> None:
        self.asked.append(("move", key, beside, behind))
        keys = [one for one in self.groups.keys() if one != key]  # noqa: SIM118
        keys.insert(keys.index(beside) + behind, key)
        was, self.groups.table = self.groups.table, {one: self.groups.table[one] for one in keys}
        self.groups.reset.emit()
        shifted = [
            (number, self.groups.row(now).name)
            for number, now, before in zip(NUMBER_KEYS, keys, was, strict=False)
            if now != before
        ]
        self._did("moved", self.groups.row(key).name, numbers=tuple(shifted))

    def hear_at(self, key: str, pan: float) -> None:
        self.asked.append(("hear", key, pan))
        self.groups.edit(key, pan=pan, placed=True)

    def place(self, places: Mapping[str, float | None]) -> None:
        self.asked.append(("place", dict(places)))
        for key, pan in places.items():
            self.groups.edit(key, pan=pan or 0.0, placed=pan is not None)

    def save_standard(self, role: DeskRole) -> None:
        self.asked.append(("save-standard", role))

    def use_standard(self) -> None:
        self.asked.append(("use-standard",))

    def undo(self) -> None:
        self.asked.append(("undo",))
        self.tell(None)

    def _did(self, deed: LayoutDeed, what: str, where: str = "", **more: Any) -> None:
        self.tell(LayoutDone(deed, what, where, until_s=NOW_S + 10, **more))


class FakeUnits(QObject):
    changed = Signal(tuple)
    reset = Signal()

    def __init__(self, rows: Sequence[UnitRow]) -> None:
        super().__init__()
        self.table = {row.key: row for row in rows}

    def keys(self) -> Sequence[str]:
        return tuple(self.table)

    def row(self, key: str) -> UnitRow:
        return self.table[key]

    def edit(self, key: str, **fields: Any) -> None:
        self.table[key] = replace(self.table[key], **fields)
        self.changed.emit((key,))


class FakeAlarms(QObject):
    changed = Signal(tuple)
    reset = Signal()

    def __init__(self, rows: Sequence[AlarmRow] = ()) -> None:
        super().__init__()
        self.table = {row.key: row for row in rows}

    def keys(self) -> Sequence[str]:
        rows = [row for row in self.table.values() if row.state != "closed"]
        rows.sort(key=lambda row: (row.state != "raised", -row.raised_s))
        return tuple(row.key for row in rows)

    def row(self, key: str) -> AlarmRow:
        return self.table[key]

    def just_closed(self, now_s: float) -> AlarmRow | None:
        """As if all had been closed at this desk."""
        rows = [row for row in self.table.values() if row.closed_s is not None]
        return next((row for row in rows if now_s - (row.closed_s or 0.0) < 60.0), None)

    def put(self, *rows: AlarmRow) -> None:
        self.table.update({row.key: row for row in rows})
        self.changed.emit(tuple(row.key for row in rows))

    def edit(self, key: str, **fields: Any) -> None:
        self.put(replace(self.table[key], **fields))


class FakeLog(QObject):
    appended = Signal(tuple)
    reset = Signal()

    def __init__(self, rows: Sequence[LogRow] = ()) -> None:
        super().__init__()
        self.list = list(rows)

    def rows(self) -> Sequence[LogRow]:
        return self.list

    def append(self, *rows: LogRow) -> None:
        self.list += rows
        self.appended.emit(rows)


class FakeStatus(QObject):
    changed = Signal()

    def __init__(self, status: DeskStatus) -> None:
        super().__init__()
        self.now = status
        self.peak_dbfs = -120.0

    def status(self) -> DeskStatus:
        return self.now

    def microphone_dbfs(self) -> float:
        return self.peak_dbfs

    def edit(self, **fields: Any) -> None:
        self.now = replace(self.now, **fields)
        self.changed.emit()


class FakeDiagnostics(QObject):
    changed = Signal()

    def __init__(self, rows: Sequence[StreamRow]) -> None:
        super().__init__()
        self.table = {row.key: row for row in rows}
        self.now: EngineFigures | None = ENGINE
        self.link = SITE_LINK
        self.asked = 0  # how often all rows were read
        self.site_asked = 0  # and the history of the site's link

    def engine(self) -> EngineFigures | None:
        return self.now

    def site(self) -> SiteLinkFigures:
        return self.link

    def streams(self) -> Sequence[StreamRow]:
        self.asked += 1
        return tuple(self.table.values()) if self.now else ()

    def stream(self, key: str) -> StreamRow | None:
        return self.table.get(key)

    def history(self, key: str) -> History:
        """Ten minutes with pauses, a rise, and some loss."""
        ages = [float(n - 599) for n in range(600)] if key in self.table else []
        is_silent = [math.sin(age / 17.0) < -0.4 for age in ages]
        delays = [
            math.nan if silent else 63.0 + (24.0 if -200 < age < -80 else 0.0) + age % 3
            for age, silent in zip(ages, is_silent, strict=True)
        ]
        losses = [
            math.nan if silent else (2.4 if -200 < age < -80 and age % 7 == 0 else 0.0)
            for age, silent in zip(ages, is_silent, strict=True)
        ]
        jitters = [one if math.isnan(one) else (one - 58.0) / 3.0 for one in delays]
        return History(ages, delays, jitters, losses)

    def engine_history(self) -> EngineHistory:
        ages = [float(n - 599) for n in range(600)]
        return EngineHistory(ages, [8.0 + 3.0 * math.sin(age / 31.0) for age in ages])

    def site_history(self) -> SiteHistory:
        """It was out of reach for a minute; what was said meanwhile waited."""
        self.site_asked += 1
        ages = [float(n - 599) for n in range(600)]
        is_cut = [-300 < age < -240 for age in ages]
        pairs = list(zip(ages, is_cut, strict=True))
        return SiteHistory(
            ages,
            [math.nan if cut else 12.0 + 3.0 * math.sin(age / 9.0) for age, cut in pairs],
            [0.0 if cut else 6.0 + age % 5 for age, cut in pairs],
            [float((age + 300) // 20 if cut else 0) for age, cut in pairs],
        )

    def tell(self, *rows: StreamRow) -> None:
        self.table.update({row.key: row for row in rows})
        self.changed.emit()


class FakeCalls(QObject):
    changed = Signal()

    def __init__(self, rows: Sequence[CallRow]) -> None:
        super().__init__()
        self.list = list(rows)
        self.group = ""
        self.is_more = False
        self.saving: Saving | None = None

    def rows(self) -> Sequence[CallRow]:
        return tuple(self.list)

    def tell(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self.changed.emit()


class FakeTimeline(QObject):
    replaced = Signal()
    added = Signal(tuple)
    changed = Signal()

    def __init__(self, rows: Sequence[TimelineRow]) -> None:
        super().__init__()
        self.list = list(rows)
        self.is_more = False
        self.is_cut = False
        self.is_asking = False
        self.standing = TimelineStanding(True, False, 1_234_567)
        self.saving: Saving | None = None
        self.asked: list[TimelineAsked] = []
        self.more_asked = 0
        self.is_watched = False

    def rows(self) -> Sequence[TimelineRow]:
        return tuple(self.list)

    def shift_s(self) -> float:
        return NOW_S - 5 * 3_600

    def ask(self, asked: TimelineAsked) -> None:
        """As a desk answers: the rows are others, or the same ones anew."""
        self.asked.append(asked)
        kinds = asked.categories
        self.list = [row for row in TIMELINE if not kinds or row.category in kinds]
        self.replaced.emit()
        self.changed.emit()

    def more(self) -> None:
        self.more_asked += 1

    def watch(self, is_watched: bool) -> None:
        self.is_watched = is_watched

    def tell(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self, name, value)
        self.changed.emit()

    def arrive(self, *rows: TimelineRow) -> None:
        self.list = sorted((*self.list, *rows), key=lambda row: -row.place)
        self.added.emit(rows)
        self.changed.emit()


class FakeButtons(QObject):
    moved = Signal(str, bool)
    lost = Signal(str, str)


class FakePlaces(QObject):
    """Answers when it is told to, with what stands in ``table``."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.table = [
            PlaceFound("Nes", "municipality", 60.55, 9.99, "Nes", 12.0),
            PlaceFound("Nes", "farm", 60.80, 10.70, "Ringsaker", 34.0),
            PlaceFound("Nesbyen", "village", 60.57, 9.10, "Nesbyen", 51.2, known_as="Nesbyn"),
        ]
        self.asked: list[tuple[str, float, float]] = []
        self.shown: list[PlaceFound] = []
        self.doubt: PlaceDoubt = ""
        self.is_asking = self.has_failed = False
        self.has_names = self.has_addresses = self.is_damaged = False
        self.answers_at_once = True

    def rows(self) -> Sequence[PlaceFound]:
        return tuple(self.shown)

    def ask(self, text: str, lat: float, lon: float) -> None:
        self.asked.append((text, lat, lon))
        self.is_asking = True
        if self.answers_at_once:
            self.answer()

    def answer(self) -> None:
        typed = self.asked[-1][0].strip().casefold()
        self.shown = [one for one in self.table if typed and typed in one.name.casefold()]
        self.is_asking = False
        self.changed.emit()

    def written(self, lat: float, lon: float) -> PlaceForms:
        return PlaceForms(f"{lat:.5f}, {lon:.5f}", "N60° 33.000' E009° 59.400'")


class FakeCallees:
    """Whoever has what was typed in his name."""

    def __init__(self) -> None:
        self.known = [
            Callee("lv2", "Legevakt 2 (Ola)"),
            Callee("a13", "AMB 1-3"),
            Callee("a14", "AMB 1-4"),
        ]

    def find(self, text: str) -> Sequence[Callee]:
        typed = text.strip().lower()
        return [one for one in self.known if typed and typed in one.name.lower()]


class FakePeople(QObject):
    """Messages, call-outs and groups as they stand; a change is told by ``tell``."""

    changed = Signal()

    def __init__(self, receivers: Sequence[ReceiverRow], posts: Sequence[PostRow]) -> None:
        super().__init__()
        self.known = list(receivers)
        self.sent = list(posts)
        self.duties = [*DUTIES]
        self.texts: list[StandardText] = []
        self.names: list[str] = []  # of talkgroups
        self.same = ""  # a group of LV-lege 12, Plass 2 and this desk

    def candidates(self) -> Sequence[ReceiverRow]:
        return tuple(self.known)

    def posts(self) -> Sequence[PostRow]:
        return tuple(self.sent)

    def on_duty(self) -> Sequence[DutyRow]:
        return tuple(self.duties)

    def waiting(self) -> PostRow | None:
        return next((row for row in self.sent if row.waits or row.called_off), None)

    def know(self, key: str) -> None:
        self.sent = [row for row in self.sent if row.key != key]
        self.changed.emit()

    def stored(self) -> Sequence[StandardText]:
        return tuple(self.texts)

    def statuses(self) -> Sequence[StatusChoice]:
        return tuple(StatusChoice(one.key, one.nb) for one in statuses())

    def conference(self, unit: str) -> Conference:
        chosen = dict.fromkeys(filter(None, (unit, self.duties[0].unit)))
        by_phone = " · ".join(f"{d.role} {d.name} {d.phone}" for d in self.duties if not d.unit)
        return Conference("KONF AMB 3-5", tuple(chosen), by_phone)

    def why_not(self, keys: Sequence[str]) -> str:
        kinds = {row.exercise for row in self.known if row.key in keys and row.kind != "desk"}
        return "øvelse og ekte" if len(kinds) > 1 else ""

    def why_no_group(self, name: str) -> str:
        return "finnes" if name in self.names else ""

    def same_group(self, members: Sequence[str]) -> str:
        return self.same if set(members) == {"u7", "lv-2"} else ""

    def why_no_patch(self, groups: Sequence[str]) -> str:
        return "" if "taken" not in groups else "koblet sammen allerede"

    def tell(self, *rows: PostRow) -> None:
        table = {row.key: row for row in self.sent}
        table.update({row.key: row for row in rows})
        self.sent = list(table.values())
        self.changed.emit()


class FakeGroupNews(QObject):
    """What is told of formed groups, the newest first, until it is sent away."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.told: list[GroupNews] = []

    def rows(self) -> Sequence[GroupNews]:
        return tuple(self.told)

    def tell(self, row: GroupNews) -> None:
        self.told = [row, *(one for one in self.told if one.key != row.key)]
        self.changed.emit()

    def drop(self, group: str) -> None:
        self.told = [one for one in self.told if one.key != group]
        self.changed.emit()


class FakeLandmarks(QObject):
    """Pins and places as a site that answers at once has them."""

    changed = Signal()

    def __init__(self, rows: Sequence[LandmarkRow] = ()) -> None:
        super().__init__()
        self.table = {row.key: row for row in rows}
        self.done: list[tuple[Any, ...]] = []
        self.keeps = self.marks = True

    def rows(self) -> Sequence[LandmarkRow]:
        return tuple(sorted(self.table.values(), key=lambda row: (not row.is_pin, row.name)))

    def may_mark(self) -> bool:
        return self.marks

    def find(self, key: str) -> LandmarkRow | None:
        return self.table.get(key)

    def put(self, *rows: LandmarkRow) -> None:
        self.table.update({row.key: row for row in rows})
        self.changed.emit()

    def set_landmark(self, form: LandmarkForm) -> str:
        self.done.append(("set", form))
        if not self.keeps:
            return ""
        key = form.key or f"n{len(self.table)}"
        row = LandmarkRow(key, form.kind, form.name, form.lat, form.lon, form.note, "Kari", NOW_S)
        self.put(row)
        return key

    def remove_landmark(self, key: str) -> bool:
        self.done.append(("remove", key))
        if self.keeps:
            self.table.pop(key, None)
            self.changed.emit()
        return self.keeps

    def restore_landmark(self, row: LandmarkRow) -> bool:
        self.done.append(("restore", row))
        self.put(row)
        return True


class FakeHandover(QObject):
    changed = Signal()

    def __init__(self, rows: Sequence[HandoverRow]) -> None:
        super().__init__()
        self.open = list(rows)
        self.read: HandoverSaid | None = None

    def rows(self) -> Sequence[HandoverRow]:
        return tuple(self.open)

    def last_read(self) -> HandoverSaid | None:
        return self.read

    def tell(self, *rows: HandoverRow) -> None:
        self.open = list(rows)
        self.changed.emit()


class FakeAid(QObject):
    changed = Signal()

    def __init__(self, rows: Sequence[AidRow]) -> None:
        super().__init__()
        self.rows = list(rows)
        self.why = ""

    def nearest(self, _alarm: str) -> Sequence[AidRow]:
        return tuple(self.rows)

    def why_nobody(self, _alarm: str) -> str:
        return self.why

    def tell(self, *rows: AidRow) -> None:
        self.rows = list(rows)
        self.changed.emit()


@dataclass
class FakePosting:
    """Notes what was said, and that it could (not) be kept."""

    done: list[tuple[Any, ...]] = field(default_factory=list)
    keeps: bool = True

    def send_message(self, to: Sequence[str], text: str) -> bool:
        return self._did("message", tuple(to), text)

    def call_out(self, to: Sequence[str], text: str) -> str:
        return "c9" if self._did("call-out", tuple(to), text) else ""

    def call_off(self, key: str) -> bool:
        return self._did("call-off", key)

    def form_group(self, name: str, members: Sequence[str]) -> bool:
        return self._did("group", name, tuple(members))

    def add_to_group(self, group: str, member: str) -> bool:
        return self._did("add", group, member)

    def remove_from_group(self, group: str, member: str) -> bool:
        return self._did("remove", group, member)

    def send_status(self, to: Sequence[str], status: str) -> bool:
        return self._did("status", tuple(to), status)

    def patch(self, groups: Sequence[str]) -> bool:
        return self._did("patch", tuple(groups))

    def set_duty(self, form: DutyForm) -> bool:
        return self._did("duty", form)

    def end_duty(self, key: str) -> bool:
        return self._did("off-duty", key)

    def store_text(self, text: str) -> bool:
        return self._did("store", text)

    def remove_text(self, key: str) -> bool:
        return self._did("unstore", key)

    def end_post(self, key: str) -> bool:
        return self._did("end", key)

    def read_message(self, key: str) -> bool:
        return self._did("read", key)

    def answer_callout(self, key: str, answer: str) -> bool:
        return self._did("answer", key, answer)

    def send_help(self, alarm: str, units: Sequence[str], text: str) -> str:
        return "c8" if self._did("help", alarm, tuple(units), text) else ""

    def note_alarm(self, alarm: str, text: str) -> bool:
        return self._did("note", alarm, text)

    def _did(self, *what: Any) -> bool:
        self.done.append(what)
        return self.keeps


@dataclass
class FakeActions:
    """Notes what was asked; ``talkgroups`` answers as the real one does."""

    talkgroups: FakeTalkgroups
    done: list[tuple[Any, ...]] = field(default_factory=list)
    can_note: bool = True

    def select(self, key: str) -> None:
        self.done.append(("select", key))
        rows = [
            replace(row, attention="selected" if row.key == key else "monitored")
            for row in self.talkgroups.table.values()
            if row.key == key or row.attention == "selected"
        ]
        self.talkgroups.put(*rows)

    def set_attention(self, key: str, attention: Any) -> None:
        self.done.append(("attention", key, attention))
        self.talkgroups.edit(key, attention=attention)

    def set_gain(self, key: str, gain_db: float) -> None:
        self.done.append(("gain", key, gain_db))
        self.talkgroups.edit(key, gain_db=gain_db)

    def set_pan(self, key: str, pan: float | None) -> None:
        self.done.append(("pan", key, pan))

    def set_muted(self, key: str, muted: bool) -> None:
        self.done.append(("muted", key, muted))
        self.talkgroups.edit(key, muted=muted)

    def set_priority(self, key: str, priority: Any) -> None:
        self.done.append(("priority", key, priority))
        self.talkgroups.edit(key, priority=priority)

    def set_master_gain(self, gain_db: float) -> None:
        self.done.append(("master", gain_db))

    def set_evened(self, evened: bool) -> None:
        self.done.append(("evened", evened))

    def pause_alarm_sound(self, paused: bool) -> None:
        self.done.append(("pause-alarm-sound", paused))

    def mute_all(self, muted: bool) -> None:
        self.done.append(("mute-all", muted))

    def press_to_talk(self, key: str, *, alone: bool = False, break_in: bool = False) -> None:
        how = [word for word, on in (("alone", alone), ("break-in", break_in)) if on]
        self.done.append(("press", key, *how))

    def call(self, whom: str, full: bool) -> None:
        self.done.append(("call", whom, full))

    def answer_call(self, call: str) -> None:
        self.done.append(("answer-call", call))

    def reject_call(self, call: str) -> None:
        self.done.append(("reject-call", call))

    def hang_up(self) -> None:
        self.done.append(("hang-up",))

    def mute_call(self, muted: bool) -> None:
        self.done.append(("mute-call", muted))

    def set_along(self, key: str, along: bool) -> None:
        self.done.append(("along", key, along))
        self.talkgroups.edit(key, along=along)

    def release_to_talk(self) -> None:
        self.done.append(("release",))

    def set_latch(self, latch: bool) -> None:
        self.done.append(("latch", latch))

    def learn_button(self, purpose: str) -> None:
        self.done.append(("learn", purpose))

    def stop_learning(self) -> None:
        self.done.append(("stop-learning",))

    def forget_button(self, purpose: str) -> None:
        self.done.append(("forget", purpose))

    def restore_button(self, purpose: str) -> None:
        self.done.append(("restore", purpose))

    def acknowledge(self, alarm: str) -> None:
        self.done.append(("acknowledge", alarm))

    def take(self, alarm: str) -> None:
        self.done.append(("take", alarm))

    def read_handover(self, rows: Sequence[HandoverRow]) -> bool:
        self.done.append(("handover-read", tuple(row.key for row in rows)))
        return self.can_note

    def note_handover(self, rows: Sequence[HandoverRow]) -> bool:
        self.done.append(("handover-noted", len(rows)))
        return self.can_note

    def reopen_alarm(self, alarm: str) -> None:
        self.done.append(("reopen", alarm))

    def hear_alarm(self, alarm: str) -> None:
        self.done.append(("hear-alarm", alarm))

    def close_alarm(self, alarm: str, reason: Any) -> None:
        self.done.append(("close", alarm, reason))

    def set_person(self, name: str) -> None:
        self.done.append(("person", name))

    def raise_own_alarm(self) -> None:
        self.done.append(("own-alarm",))

    def cancel_own_alarm(self) -> None:
        self.done.append(("own-alarm-cancelled",))

    def sign_in(self, pin: str) -> None:
        self.done.append(("sign-in", pin))

    def drop_sign_in(self) -> None:
        self.done.append(("drop-sign-in",))

    def enrol(self, code: str) -> None:
        self.done.append(("enrol", code))

    def list_devices(self) -> None:
        self.done.append(("list-devices",))

    def choose_device(self, name: str) -> None:
        self.done.append(("device", name))

    def choose_second(self, name: str) -> None:
        self.done.append(("second", name))

    def set_second_gain(self, gain_db: float) -> None:
        self.done.append(("second-gain", gain_db))

    def change_output(self, key: str) -> None:
        self.done.append(("output", key))

    def list_microphones(self) -> None:
        self.done.append(("list-microphones",))

    def choose_microphone(self, name: str) -> None:
        self.done.append(("microphone", name))

    def set_voice(self, suppress: bool, gain_control: bool, side_tone: bool) -> None:
        self.done.append(("voice", suppress, gain_control, side_tone))

    def hear_myself(self, on: bool) -> None:
        self.done.append(("hear-myself", on))

    def follow(self, key: str) -> None:
        self.done.append(("follow", key))

    def set_hold(self, seconds: float) -> None:
        self.done.append(("hold", seconds))

    def recall(self, key: str) -> None:
        self.done.append(("recall", key))

    def catch_up(self, key: str) -> None:
        self.done.append(("catch-up", key))

    def stop_replay(self) -> None:
        self.done.append(("stop-replay",))

    def set_catch_up_speed(self, speed: float) -> None:
        self.done.append(("speed", speed))

    def list_calls(self, key: str, before: str = "") -> None:
        self.done.append(("calls", key, before))

    def save_call(self, call: str, path: str, form: Any) -> None:
        self.done.append(("save", call, path, form))

    def play_spoken(self, talkgroup: str, from_s: float, until_s: float) -> None:
        self.done.append(("play", talkgroup, from_s, until_s))

    def note_copy(self, rows: Sequence[TimelineRow]) -> bool:
        self.done.append(("copy", *(row.key for row in rows)))
        return self.can_note

    def save_timeline(self, path: str) -> None:
        self.done.append(("save-timeline", path))

    def set_recall_hours(self, hours: float) -> None:
        self.done.append(("hours", hours))

    def start_site(self) -> None:
        self.done.append(("start-site",))


class FakeMapViews:
    def __init__(self) -> None:
        self.kept: dict[str, MapViewRow] = {}

    def views(self) -> Sequence[MapViewRow]:
        return tuple(self.kept.values())

    def keep(self, view: MapViewRow) -> bool:
        if len(self.kept) >= MAX_VIEWS and view.name not in self.kept:
            return False
        self.kept[view.name] = view
        return True

    def forget(self, name: str) -> None:
        self.kept.pop(name, None)


@dataclass
class Fakes:
    """The same objects as in ``sources``, with their hands free."""

    talkgroups: FakeTalkgroups
    units: FakeUnits
    alarms: FakeAlarms
    log: FakeLog
    status: FakeStatus
    clock: FakeClock
    actions: FakeActions
    diagnostics: FakeDiagnostics
    calls: FakeCalls
    timeline: FakeTimeline
    callees: FakeCallees
    people: FakePeople
    posting: FakePosting
    aid: FakeAid
    layout: FakeLayout
    handover: FakeHandover
    buttons: FakeButtons = field(default_factory=FakeButtons)
    map_views: FakeMapViews = field(default_factory=FakeMapViews)
    landmarks: FakeLandmarks = field(default_factory=FakeLandmarks)
    places: FakePlaces = field(default_factory=FakePlaces)
    group_news: FakeGroupNews = field(default_factory=FakeGroupNews)

    def sources(self) -> Sources:
        return Sources(
            self.talkgroups,
            self.units,
            self.alarms,
            self.log,
            self.status,
            self.clock,
            self.actions,
            self.diagnostics,
            self.calls,
            self.timeline,
            self.callees,
            self.people,
            self.posting,
            self.aid,
            self.layout,
            self.layout,
            self.handover,
            self.buttons,
            self.map_views,
            self.landmarks,
            self.landmarks,
            self.places,
            self.group_news,
        )


def make(
    *,
    talkgroups: Sequence[TalkgroupRow] | None = None,
    units: Sequence[UnitRow] | None = None,
    alarms: Sequence[AlarmRow] = (),
    log: Sequence[LogRow] | None = None,
    status: DeskStatus | None = None,
) -> Fakes:
    """An ordinary evening, unless told otherwise."""
    groups = FakeTalkgroups(TALKGROUPS if talkgroups is None else talkgroups)
    groups.peaks = {row.slot: -14.0 - row.slot for row in groups.table.values() if row.speaker}
    return Fakes(
        groups,
        FakeUnits(UNITS if units is None else units),
        FakeAlarms(alarms),
        FakeLog(LOG if log is None else log),
        FakeStatus(status or STATUS),
        FakeClock(),
        FakeActions(groups),
        FakeDiagnostics([_stream(row) for row in groups.table.values() if row.slot >= 0]),
        FakeCalls(CALLS),
        FakeTimeline(TIMELINE),
        FakeCallees(),
        FakePeople(RECEIVERS, ()),
        FakePosting(),
        FakeAid(AID),
        FakeLayout(groups),
        FakeHandover(HANDOVER),
    )


ENGINE = EngineFigures(
    device="Hodesett",
    device_latency_ms=90.2,
    ahead_ms=13.4,
    tick_ms_p99=1.84,
    cpu_share=0.083,
    kept=1_214,
    kept_bytes=184_000_000,
    publications=1,
)


SITE_LINK = SiteLinkFigures(
    site="Legevakten i Vestfold",
    node="192.168.110.120:54222",
    link="up",
    since_s=NOW_S - 7_200,
    round_trip_ms=12.4,
    valid_until_s=NOW_S + 80 * 86_400,
    applied=1_214_301,
    skipped=12,
    duplicates=31,
    late=2,
    held=1,
    undelivered=3,
    dropped=214,
)


def _stream(row: TalkgroupRow) -> StreamRow:
    """How it comes in: the sixth badly."""
    is_bad = row.slot == 5
    return StreamRow(
        row.key,
        row.name,
        talking=bool(row.speaker),
        secured=row.secured,
        delay_ms=(63.4 + 110 * is_bad) if row.speaker else None,
        jitter_ms=(2.1 + 31 * is_bad) if row.speaker else None,
        packets=(21_400 + 1_731 * row.slot) * (row.presence == "present"),
        lost=row.slot * 7 + 1_204 * is_bad,
        late=row.slot + 212 * is_bad,
        concealed_ms=row.slot * 140.0 + 18_000 * is_bad,
        rescued=310 * is_bad,
        refused=17 * is_bad,
        pan=(0.0, -1.0, 1.0, -0.33, 0.33, -0.67, 0.67)[row.slot % 7],
    )


def _call(n: int, group: str, who: str, ago_s: float, seconds: float, **more: Any) -> CallRow:
    return CallRow(
        f"{1_795_554_000_000 - n}-0000000{n}", group, who, NOW_S - ago_s, seconds, **more
    )


CALLS = (
    _call(0, "AMK-VESTF-1", "AMB 3-1 Tønsberg", 40, 7.2),
    _call(1, "Tønsberg-LV", "LV-lege 12", 87, 12.4, missed=True),
    _call(2, "04-SAMV-2", "P-20 Horten", 190, 4.0, is_opus=False),
    _call(3, "04-SAMV-1", "BR 1-1", 420, 6.1, missed=True),
    _call(4, "Mottak-SiV", "Mottak Tønsberg", 960, 31.0),
    _call(5, "AMK-VESTF-2", "AMK Tønsberg", 1_140, 65.3),
    _call(6, "Luftamb", "Helikopter 1-1 «Saver» <Åsgårdstrand/Tjøme>", 93_000, 9.5, missed=True),
)


def _happened(n: int, ago_s: float, category: Any, who: str, text: str, **more: Any) -> TimelineRow:
    return TimelineRow(
        f"e{n}",
        1_000_000 - n,
        NOW_S - ago_s,
        category,
        more.pop("kind", category),
        who,
        text,
        **more,
    )


TIMELINE = (
    _happened(0, 12, "voice", "AMB 3-1 Tønsberg", "Snakket", group="AMK-VESTF-1", unit="u1",
              talkgroup="g1", seconds=7.2),
    _happened(1, 40, "alarm", "AMB 3-1 Tønsberg", "Sikkerhetsalarm", unit="u1", urgent=True,
              group="AMK-VESTF-1", talkgroup="g1"),
    _happened(2, 95, "message", "Kari B. Hansen", "Til AMB 3-1 Tønsberg: Pasient med brystsmerter "
              "i tredje etasje, heisen står. Inngang fra baksiden ved parkeringsplassen; portkode "
              "hos vaktmester. Pårørende møter ved trappen.", by="Plass 1"),
    _happened(3, 130, "status", "P-20 Horten", "Status: På vei", unit="u2"),
    _happened(4, 300, "callout", "Kari B. Hansen", "Kalte ut LV-lege 12: Kjør til Åsgårdstrand",
              person="Kari B. Hansen"),
    _happened(5, 420, "group", "Kari B. Hansen", "Laget talegruppen SAMV-7: BR 1-1, P-20 Horten"),
    _happened(6, 1_900, "call", "LV-lege 12", "LV-lege 12 ringer Plass 1"),
    _happened(7, 9_000, "duty", "Kari B. Hansen", "Har vakt som lege: Ola Dahl, 24.11. 15:00"),
    _happened(8, 90_000, "person", "Kari B. Hansen", "Kari B. Hansen logget på"),
)  # fmt: skip
STATUS = DeskStatus(
    site="Legevakta i Tønsberg",
    position="Plass 1",
    person="Kari B. Hansen",
    site_link="up",
    site_read=True,
    engine_link="up",
    device="Hodesett",
    transmit_note="",
)
RECEIVE_ONLY = replace(STATUS, transmit_note="Mikrofonen virker ikke: se i menyen.")


def group(n: int, name: str, purpose: str, **fields: Any) -> TalkgroupRow:
    given: dict[str, Any] = {
        "key": f"tg{n}@stasjon-{n}.local",
        "talkgroup": f"tg{n}",
        "name": name,
        "purpose": purpose,
        "slot": n,
        "presence": "present",
        "secured": True,
    }
    return TalkgroupRow(**{**given, **fields})


TALKGROUPS = (
    group(
        0,
        "Tønsberg-LV",
        "Legevaktens egen gruppe",
        kind="legevakt",
        attention="selected",
        last_speaker="LV-lege 12",
        last_s=NOW_S - 87,
    ),
    group(
        1,
        "AMK-VESTF-1",
        "Oppdrag",
        kind="amk",
        speaker="AMB 3-1 Tønsberg",
        last_speaker="AMK Tønsberg",
        last_s=NOW_S - 300,
    ),
    group(
        2, "AMK-VESTF-2", "Oppdrag", kind="amk", last_speaker="AMK Tønsberg", last_s=NOW_S - 1_140
    ),
    group(
        3,
        "Sandefj-LV",
        "Nabolegevakt",
        kind="legevakt",
        last_speaker="LV Sandefjord",
        last_s=NOW_S - 6_460,
    ),
    group(
        4,
        "04-SAMV-1",
        "Politi, brann og helse",
        kind="joint",
        last_speaker="BR 1-1",
        last_s=NOW_S - 420,
    ),
    group(
        5, "04-SAMV-2", "Politi, brann og helse", kind="joint", speaker="P-20 Horten", secured=False
    ),
    group(
        6,
        "Mottak-SiV",
        "Akuttmottak",
        kind="hospital",
        last_speaker="Mottak Tønsberg",
        last_s=NOW_S - 960,
        gain_db=4.0,
    ),
    group(
        7,
        "Akutthj-VF",
        "Førsterespons",
        kind="other",
        last_speaker="FR Åsgårdstrand",
        last_s=NOW_S - 600,
    ),
    group(
        8,
        "Luftamb",
        "SAR og luftambulanse",
        kind="rescue",
        last_speaker="Helikopter 1-1",
        last_s=NOW_S - 10_600,
        gain_db=-9.0,
    ),
    group(
        9,
        "ØV-FELLES-1",
        "Kun øving",
        kind="exercise",
        exercise=True,
        muted=True,
        last_speaker="Øvingsleder",
        last_s=NOW_S - 7_200,
    ),
    group(10, "AMK-TELEM-1", "Medlytt", kind="amk", presence="silent"),
    group(11, "FELLES-2", "Felles", kind="joint", attention="off"),
    group(
        12,
        "HRS-SN-ANROP",
        "Redningssentralen",
        kind="rescue",
        presence="unreachable",
        secured=True,
        note="Mangler nøkkel 7",
    ),
    group(
        13,
        "Larvik-LV",
        "Nabolegevakt",
        kind="legevakt",
        presence="gone",
        last_speaker="LV Larvik",
        last_s=NOW_S - 93_000,
    ),
)

_PLACES = (
    ("Horten", 59.417, 10.485),
    ("Åsgårdstrand", 59.349, 10.468),
    ("Barkåker", 59.319, 10.388),
    ("Tønsberg", 59.267, 10.408),
    ("Nøtterøy", 59.222, 10.409),
    ("Tjøme", 59.112, 10.396),
    ("Stokke", 59.222, 10.299),
    ("Sandefjord", 59.131, 10.217),
    ("Larvik", 59.053, 10.029),
    ("Holmestrand", 59.489, 10.314),
    ("Revetal", 59.367, 10.257),
    ("Andebu", 59.301, 10.171),
)
_KINDS: tuple[tuple[UnitKind, str], ...] = (
    ("ambulance", "AMB"),
    ("doctor", "LV-lege"),
    ("first-responder", "FR"),
    ("fire", "BR"),
    ("police", "P"),
    ("helicopter", "Helikopter"),
)
_STATUSES: tuple[tuple[str, str, Urgency], ...] = (
    ("free", "Ledig", "none"),
    ("station", "Stasjon", "none"),
    ("responding", "Rykker ut", "red"),
    ("transporting", "Avreise med pasient", "yellow"),
    ("free", "Ledig", "none"),
    ("delivered", "Levert", "green"),
    ("visit", "Sykebesøk", "yellow"),
    ("free", "Ledig", "none"),
    ("station", "Stasjon", "none"),
    ("free", "Ledig", "none"),
    ("at-scene", "Framme", "red"),
    *(("free", "Ledig", "none"),) * 6,
    ("out-of-service", "Ute av drift", "none"),
    *(("station", "Stasjon", "none"),) * 4,
)


def _unit(n: int) -> UnitRow:
    place, lat, lon = _PLACES[n % len(_PLACES)]
    kind, prefix = _KINDS[(n * 7 // 5) % len(_KINDS)] if n % 2 else _KINDS[0]
    status, text, urgency = _STATUSES[n % len(_STATUSES)]
    sign = f"{prefix} {place}" if prefix == "FR" else f"{prefix} {3 + n // 14}-{n % 14 + 1}"
    return UnitRow(
        key=f"u{n}",
        call_sign=sign,
        kind=kind,
        status=status,
        status_text=text,
        urgency=urgency,
        since_s=NOW_S - 60 - 97 * n,
        lat=lat + 0.008 * (n % 5),
        lon=lon - 0.011 * (n % 7),
        accuracy_m=12.0,
        heading_deg=float(n * 37 % 360),
        fixed_s=NOW_S - n % 12,
        talkgroup="Tønsberg-LV" if kind == "doctor" else "AMK-VESTF-1",
        free=status in {"free", "station", "delivered"},
    )


UNITS = tuple(_unit(n) for n in range(40))

RECEIVERS = (
    ReceiverRow(
        "u7", "LV-lege 12", "unit", "LV-lege · Fiktiv Fjeld", on_duty=True, unit_kind="doctor"
    ),
    ReceiverRow("lv-2", "Plass 2", "desk", "Ola Nordby"),
    *(
        ReceiverRow(row.key, row.call_sign, "unit", row.status_text, unit_kind=row.kind)
        for row in UNITS
        if row.key != "u7"
    ),
    ReceiverRow("tg1", "AMK-VESTF-1", "group", "Oppdrag"),
    ReceiverRow("tg9", "ØV-FELLES-1", "group", "Kun øving", exercise=True),
)
DUTIES = (
    DutyRow(
        "d1", "LV-lege", "Fiktiv Fjeld", "u7", "LV-lege 12", "Ledig", "+47 00 00 00 00", NOW_S + 9e3
    ),
    DutyRow("d2", "Lungelege", "Ola Fiktivsen", phone="+47 00 00 00 01", until_s=NOW_S + 9e3),
    DutyRow("d3", "Vaktleder", "Kari B. Hansen", until_s=NOW_S + 9e3),
)
AID = (
    AidRow("u9", "P-20 Horten", "police", "Ledig", free=True, sent=True, distance_km=1.2),
    AidRow("u2", "AMB 3-3", "ambulance", "Ledig", free=True, distance_km=3.4),
    AidRow("u14", "AMB 4-1", "ambulance", "Stasjon", True, False, 11.8, NOW_S - 400),
    AidRow("u7", "LV-lege 12", "doctor", "Vakt", free=True, distance_km=23.6),
    AidRow("u3", "AMB 3-4", "ambulance", "Rykker ut", distance_km=2.2),
    AidRow("u5", "Helikopter 1-1", "helicopter", "Opptatt"),
)
HANDOVER = (
    HandoverRow(
        "a0",
        "alarm",
        "FR Nøtterøy",
        "i Nøtterøy · Akutthj-VF",
        "kvittert av Kari B. Hansen, ingen har den · 21:20 Kari B. Hansen: Ringt dem",
        NOW_S - 2_900,
    ),
    HandoverRow(
        "c1",
        "callout",
        "Kari B. Hansen",
        "Hjertestans, Storgata 14, Åsgårdstrand",
        "JA 1 · FORSINKET 1 · uten svar: FR Åsgårdstrand",
        NOW_S - 340,
    ),
    HandoverRow(
        "m1",
        "message",
        "AMB 3-1",
        "Trenger adressen en gang til, finner ikke nummer 14",
        "",
        NOW_S - 62,
    ),
    HandoverRow("g1", "group", "KOLS-KONF", "LV-lege 12, AMB 3-1", "til 02:00", NOW_S - 900),
    HandoverRow("p1", "patch", "04-SAMV-1 + AMK-VESTF-1", "", "til 01:30", NOW_S - 1_200),
    HandoverRow("d1", "duty", "LV-lege: Fiktiv Fjeld", "LV-lege 12 · Ledig", "til 08:00"),
    HandoverRow("i1", "missed", "AMB 3-1", "ringte, og fikk ikke svar", "", NOW_S - 4_000),
    HandoverRow("tg2@h", "missed", "AMK-VESTF-2", "3 anrop er ikke hørt her", "", NOW_S - 1_100),
    HandoverRow("o1", "signed-out", "Per Fiktivsen", "Plass 2", "", NOW_S - 7_000),
)
POSTS = (
    PostRow(
        "m1",
        "message",
        NOW_S - 62,
        "AMB 3-1",
        "Plass 1",
        "Trenger adressen en gang til, finner ikke nummer 14",
        mine=True,
        waits=True,
    ),
    PostRow(
        "c1",
        "callout",
        NOW_S - 340,
        "Kari B. Hansen",
        "LV-lege 12, AMB 3-5, FR Åsgårdstrand",
        "Hjertestans, Storgata 14, Åsgårdstrand",
        "JA 1 · FORSINKET 1 · uten svar: FR Åsgårdstrand",
        "LV-lege 12: JA\nAMB 3-5: FORSINKET 10 min\nFR Åsgårdstrand: –",
        can_end=True,
    ),
    PostRow(
        "g1",
        "group",
        NOW_S - 900,
        "Kari B. Hansen",
        "LV-lege 12, AMB 3-1, Plass 1",
        "KOLS-KONF",
        "til 02:00",
        mine=True,
        can_end=True,
    ),
    PostRow(
        "m0",
        "message",
        NOW_S - 1_800,
        "Kari B. Hansen",
        "AMK-VESTF-1, LV-lege 12",
        "Vegen er stengt ved Barkåker; kjør over Sem",
        "2 av 2 har den, 1 har lest den",
    ),
)

ALARM = AlarmRow(
    key="a1",
    unit="u4",
    call_sign="AMB 3-5 Horten",
    talkgroup="04-SAMV-1",
    raised_s=NOW_S - 42,
    place="1 km N for Horten",
    lat=59.43,
    lon=10.48,
    text="Åpen mikrofon i 10 s",
)
ANSWERED = AlarmRow(
    key="a0",
    unit="u10",
    call_sign="FR Nøtterøy",
    talkgroup="Akutthj-VF",
    state="acknowledged",
    raised_s=NOW_S - 2_900,
    acknowledged_by="Kari B. Hansen",
    acknowledged_s=NOW_S - 2_880,
    place="i Nøtterøy",
    lat=59.22,
    lon=10.41,
)


def _log(n: int, kind: str, who: str, text: str, **fields: Any) -> LogRow:
    return LogRow(f"l{n}", NOW_S - 2_000 + 95 * n, kind, who, text, **fields)


LOG = (
    _log(0, "position-joined", "Plass 1", "Plassen kom til"),
    _log(1, "status-changed", "AMB 3-1", "Status: Stasjon", unit="u0"),
    _log(2, "floor-released", "LV Sandefjord", "Snakket", talkgroup="Sandefj-LV", seconds=14.0),
    _log(3, "status-changed", "LV-lege 12", "Status: Sykebesøk", unit="u7"),
    _log(4, "floor-released", "AMK Tønsberg", "Snakket", talkgroup="AMK-VESTF-2", seconds=31.0),
    _log(5, "alarm-raised", "FR Nøtterøy", "Sikkerhetsalarm", unit="u10", urgent=True),
    _log(6, "alarm-acknowledged", "Kari B. Hansen", "Kvitterte alarmen fra FR Nøtterøy"),
    _log(7, "floor-released", "BR 1-1", "Snakket", talkgroup="04-SAMV-1", seconds=6.0),
    _log(8, "status-changed", "AMB 3-1", "Status: Rykker ut", unit="u0"),
    _log(9, "floor-released", "FR Åsgårdstrand", "Snakket", talkgroup="Akutthj-VF", seconds=9.0),
    _log(10, "message-sent", "AMK Tønsberg", "Til AMB 3-1: brystsmerter, Åsgårdstrand"),
    _log(11, "floor-released", "LV-lege 12", "Snakket", talkgroup="Tønsberg-LV", seconds=12.0),
)


def with_alarm() -> Fakes:
    """The evening above, forty seconds after AMB 3-5 pressed the button."""
    fakes = make(alarms=(ALARM, ANSWERED))
    states: tuple[tuple[str, AlarmState], ...] = (("u4", "raised"), ("u10", "acknowledged"))
    for unit, state in states:
        fakes.units.table[unit] = replace(
            fakes.units.table[unit],
            alarm=state,
            call_sign="AMB 3-5 Horten" if unit == "u4" else "FR Nøtterøy",
        )
    key = TALKGROUPS[4].key
    fakes.talkgroups.table[key] = replace(TALKGROUPS[4], alarm=True, speaker="AMB 3-5 Horten")
    fakes.talkgroups.peaks[4] = -9.0
    return fakes


def empty() -> Fakes:
    return make(talkgroups=(), units=(), log=(), status=replace(STATUS, person=""))


def cut_off() -> Fakes:
    """The site and the sound device are gone, two answers wait."""
    return make(
        alarms=(replace(ANSWERED, pending="close"),),
        status=replace(
            RECEIVE_ONLY,
            site_link="down",
            site_read=False,
            site_lost_s=NOW_S - 1_260,
            device_lost=True,
            undelivered=2,
            exercise=True,
        ),
    )
