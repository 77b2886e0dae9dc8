"""Whom one can write to, call out or put into a group; and what became of what was said."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from console.domain import events as e
from console.domain.callout import Asked, Callout, overview
from console.domain.duty import Duty, on_duty
from console.domain.group import Group
from console.domain.membership import called_out
from console.domain.message import Message, is_for, receipt_of_each, unread
from console.domain.mixing import of_exercise, reach
from console.domain.patch import Patch, in_the_way
from console.domain.state import State
from console.models.leaving import Leaving
from console.models.statuses import status_name, unit_status
from console.models.store import SiteStore
from resources.statuses import statuses
from widgets.contracts.rows import (
    Answer,
    Conference,
    DutyRow,
    PostRow,
    ReceiverRow,
    StandardText,
    StatusChoice,
)

GATHER_MS: Final = 200
CALLED_OFF_S: Final = 600.0
"""So long a desk that was called out is told that it was called off."""
MAX_POSTS: Final = 200
"""The newest; what is older is in the log."""
KINDS: Final = (
    e.MessageSent,
    e.StatusMessageSent,
    e.MessageDelivered,
    e.MessageRead,
    e.CalloutSent,
    e.CalloutAnswered,
    e.CalloutReminded,
    e.CalloutEnded,
    e.GroupFormed,
    e.GroupMemberAdded,
    e.GroupMemberRemoved,
    e.GroupEnded,
    e.PatchMade,
    e.PatchEnded,
    e.StoredMessageDefined,
    e.StoredMessageRemoved,
    e.TalkgroupDefined,
    e.TalkgroupRemoved,
    e.UnitDefined,
    e.UnitRemoved,
    e.StatusChanged,
    e.PositionJoined,
    e.PositionLeft,
    e.PersonSignedIn,
    e.PersonSignedOut,
    e.DutySet,
    e.DutyEnded,
)
"""What changes a row here."""

DOCTORS: Final = ("lege", "doctor", "doktor", "doavttir")
"""What a doctor's duty is called: roles are the site's own words."""
CONFERENCE: Final = "KONF"
"""How the name of a conference group begins: radios show it, so it is Norwegian everywhere."""
MAX_NAME: Final = 12  # characters of a name on radios
DUTY_MS: Final = 30_000
"""A duty begins and ends by the clock, without an event."""

translate = QCoreApplication.translate


class PeopleModel(QObject):
    """``me`` is as whom this desk is written to, "" = as nobody yet; ``person`` sits at it;
    ``trains``: what it says is an exercise's."""

    changed = Signal()

    def __init__(
        self,
        store: SiteStore,
        *,
        me: Callable[[], str],
        person: Callable[[], str] = str,
        trains: Callable[[], bool] = bool,
        now_s: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._me = me
        self._trains = trains
        self._now_s = now_s
        self._leaving = Leaving(me, person, now_s)
        self._seen_off: set[str] = (
            set()
        )  # call-outs that were called off, as whoever sits here knows
        self._gather = QTimer(self)
        self._gather.setInterval(GATHER_MS)
        self._gather.setSingleShot(True)
        self._gather.timeout.connect(self.changed)
        self._by_clock = QTimer(self)
        self._by_clock.setInterval(DUTY_MS)
        self._by_clock.timeout.connect(self.changed)
        self._by_clock.start()
        store.applied.connect(self._applied)
        store.expired.connect(lambda *_: self.changed.emit())

    def said(self, body: e.AnyBody) -> None:
        """This desk has said it: it is shown before the site has it."""
        if self._leaving.add(body):
            self.changed.emit()

    def _applied(self, events: tuple[e.Event, ...]) -> None:
        self._leaving.told(events)
        if not self._gather.isActive() and any(isinstance(x.body, KINDS) for x in events):
            self._gather.start()

    def retranslate(self) -> None:
        """Say it all again, in the language that the screen has now."""
        self.changed.emit()

    # -- who ----------------------------------------------------------------------------------

    def candidates(self) -> Sequence[ReceiverRow]:
        """Who is on duty first, then desks, units and talkgroups, each by name."""
        state, me = self._store.state, self._me()
        roles = self._roles()
        units = [
            ReceiverRow(
                key=unit.key,
                name=unit.call_sign,
                kind="unit",
                detail=roles.get(unit.key) or unit_status(unit),
                on_duty=unit.key in roles,
                exercise=unit.exercise,
                unit_kind=unit.unit_kind,
            )
            for unit in state.units.values()
        ]
        desks = [
            ReceiverRow(key=desk.key, name=desk.label, kind="desk", detail=desk.person)
            for desk in state.desks.values()
            if desk.present and desk.key != me
        ]
        groups = [
            ReceiverRow(
                key=group.key,
                name=group.name,
                kind="group",
                detail=group.purpose,
                exercise=group.exercise,
            )
            for group in state.talkgroups.values()
        ]
        return sorted((*units, *desks, *groups), key=_receiver_order)

    def on_duty(self) -> Sequence[DutyRow]:
        """Doctors first: it is them one looks for in a hurry."""
        on = on_duty(self._store.state.duties.values(), round(self._now_s() * 1_000))
        rows = [self._duty_row(duty) for duties in on.values() for duty in duties]
        return sorted(rows, key=lambda row: not _is_doctor(row))

    def _duty_row(self, duty: Duty) -> DutyRow:
        unit = self._store.state.units.get(duty.unit or "")
        return DutyRow(
            key=duty.key,
            role=duty.role,
            name=duty.name,
            unit=duty.unit or "",
            call_sign=unit.call_sign if unit else duty.unit or "",
            status_text=unit_status(unit) if unit and unit.status else "",
            phone=duty.phone,
            until_s=duty.ends_ms / 1_000,
            coverage=(unit.position.coverage or "") if unit and unit.position else "",
        )

    def _roles(self) -> dict[str, str]:
        """Of the units that stand on the duty list now: as what, and who it is."""
        on = on_duty(self._store.state.duties.values(), round(self._now_s() * 1_000))
        known: dict[str, str] = {}
        for duties in on.values():
            for duty in duties:
                if duty.unit is not None:
                    known.setdefault(duty.unit, _duty_words(duty))
        return known

    # -- what became of it --------------------------------------------------------------------

    def posts(self) -> Sequence[PostRow]:
        """What waits for this desk's answer first, then what is open, then the newest."""
        rows = self._rows(self._store.state)
        for state in self._leaving.states():
            rows += map(_leaving, self._rows(state))
        rows.sort(key=lambda row: (not row.waits, not row.can_end, -row.time_s))
        return rows[:MAX_POSTS]

    def _rows(self, state: State) -> list[PostRow]:
        return [
            *(self._of_callout(one) for one in state.callouts.values()),
            *(self._of_group(one) for one in state.groups.values()),
            *(self._of_patch(one) for one in state.patches.values()),
            *(self._of_message(one) for one in state.messages[-MAX_POSTS:]),
        ]

    def waiting(self) -> PostRow | None:
        """The oldest of what waits for this desk: a call-out's question, one that was called off,
        a message. Asked at every change, so nothing else is put into words for it."""
        state = self._store.state
        open_ones = [one for one in state.callouts.values() if one.state == "open"]
        asked = [row for row in map(self._of_callout, open_ones) if row.waits]
        if asked:
            return min(asked, key=lambda row: row.time_s)
        off = [one for one in state.callouts.values() if self._is_told_off(one)]
        if off:
            return self._called_off(min(off, key=lambda one: one.sent.time_ms))
        me = self._me()
        told = unread(state.messages[-MAX_POSTS:], state.receipts, me) if me else ()
        oldest = min(told, key=lambda one: one.time_ms, default=None)
        return None if oldest is None else self._of_message(oldest)

    def know(self, key: str) -> None:
        self._seen_off = {*self._seen_off, key} & self._store.state.callouts.keys()
        self.changed.emit()

    def _is_told_off(self, one: Callout) -> bool:
        """By another desk, to this one, just now."""
        me, ended = self._me(), one.ended
        if ended is None or one.reason != "cancelled" or one.key in self._seen_off:
            return False
        if not me or ended.author == me or self._now_s() - ended.time_ms / 1_000 > CALLED_OFF_S:
            return False
        asked = overview(one, called_out(self._store.state, one.to))
        return any(line.who == me for line in asked)

    def _called_off(self, one: Callout) -> PostRow:
        row = self._of_callout(one)
        return row if one.ended is None else replace(row, who=self._store.marked(one.ended))

    def _of_message(self, one: Message) -> PostRow:
        state, me = self._store.state, self._me()
        receipts = receipt_of_each(one, state.receipts)
        read = sum(r.state == "read" for r in receipts)
        got = sum(r.state != "sent" for r in receipts)
        words = translate("People", "{0} of {1} have it, {2} have read it")
        text = one.text if not one.number else _status_said(one)
        states = {
            "sent": translate("People", "sent"),
            "delivered": translate("People", "delivered"),
            "read": translate("People", "read"),
        }
        is_ours = bool(me) and is_for(one, me)
        return PostRow(
            key=one.key,
            kind="message",
            time_s=one.time_ms / 1_000,
            who=self._store.name(one.sender) if one.sender else self._store.marked(one),
            to=self._store.names(one.receivers),
            text=text,
            summary="" if is_ours else words.format(got, len(receipts), read),
            more="\n".join(f"{self._store.name(r.receiver)}: {states[r.state]}" for r in receipts),
            mine=is_ours,
            waits=is_ours and bool(unread((one,), state.receipts, me)),
            exercise=reach(state, (*one.receivers, one.sender or "")) == "exercise",
        )

    def _of_callout(self, one: Callout) -> PostRow:
        asked = overview(one, called_out(self._store.state, one.to))
        me = self._me()
        ours = next((line for line in asked if line.who == me), None) if me else None
        is_open = one.state == "open"
        return PostRow(
            key=one.key,
            kind="callout",
            time_s=one.sent.time_ms / 1_000,
            who=self._store.marked(one.sent),
            to=self._store.names(one.to),
            text=one.text,
            summary=self._answers(one, asked),
            more="\n".join(self._answer_line(line) for line in asked),
            mine=ours is not None,
            waits=is_open and ours is not None and ours.answer is None,
            wanted=_wanted(one) if is_open and ours is not None else (),
            can_end=is_open,
            exercise=one.exercise,
            called_off=one.reason == "cancelled",
        )

    def _answers(self, one: Callout, asked: Sequence[Asked]) -> str:
        """How many said what, and whom one waits for: nobody who is missing goes unsaid."""
        counts = [
            (word, sum(a.answer is not None and a.answer.answer == key for a in asked))
            for key, word in answer_words().items()
        ]
        parts = [f"{word} {count}" for word, count in counts if count]
        silent = [self._store.name(line.who) for line in asked if line.answer is None]
        if silent:
            parts.append(translate("People", "no answer: {0}").format(", ".join(silent)))
        if one.reason == "cancelled":
            parts.insert(0, translate("People", "Called off"))
        elif one.state == "ended":
            parts.insert(0, translate("People", "Ended"))
        return " · ".join(parts)

    def _answer_line(self, line: Asked) -> str:
        if line.answer is None:
            return f"{self._store.name(line.who)}: –"
        word = answer_words()[line.answer.answer]
        late = f" {line.answer.delay_min} min" if line.answer.delay_min else ""
        return f"{self._store.name(line.who)}: {word}{late}"

    def _of_group(self, one: Group) -> PostRow:
        is_active = one.state == "active"
        until = time.strftime("%H:%M", time.localtime(one.lapses_ms / 1_000))
        lasts = translate("People", "until {0}").format(until)
        return PostRow(
            key=one.key,
            kind="group",
            time_s=one.formed.time_ms / 1_000,
            who=self._store.marked(one.formed),
            to=self._store.names(one.members),
            text=one.name,
            summary=lasts if is_active else translate("People", "Ended"),
            mine=self._me() in one.members,
            can_end=is_active,
            exercise=one.exercise,
        )

    def _of_patch(self, one: Patch) -> PostRow:
        is_active = one.state == "active"
        until = time.strftime("%H:%M", time.localtime(one.lapses_ms / 1_000))
        words = {
            "active": translate("People", "until {0}").format(until),
            "refused": translate("People", "Refused: one of them is joined already"),
            "ended": translate("People", "Ended"),
        }
        names = " + ".join(map(self._store.name, one.groups))
        return PostRow(
            key=one.key,
            kind="patch",
            time_s=one.made.time_ms / 1_000,
            who=self._store.marked(one.made),
            to=names,
            text=names,
            summary=words[one.state],
            can_end=is_active,
        )

    # -- what fills a form --------------------------------------------------------------------

    def stored(self) -> Sequence[StandardText]:
        stored = self._store.state.stored.values()
        rows = [StandardText(one.title, one.text, one.key) for one in stored]
        return sorted(rows, key=lambda row: row.title.casefold())

    def statuses(self) -> Sequence[StatusChoice]:
        return tuple(StatusChoice(one.key, status_name(one.key)) for one in statuses())

    def conference(self, unit: str) -> Conference:
        """The first doctor who has a radio; who else is on duty is the hand's to choose."""
        duties = self.on_duty()
        doctor = next((row for row in duties if _is_doctor(row) and row.unit), None)
        chosen = [unit] if unit else []
        if doctor is not None and doctor.unit not in chosen:
            chosen.append(doctor.unit)
        by_phone = [row for row in duties if not row.unit and row.phone]
        said = (" ".join((row.role, row.name, row.phone)) for row in by_phone)
        sign = self._store.call_sign(unit) if unit else ""
        name = conference_name(sign, self._names_taken())
        return Conference(name, tuple(chosen), " · ".join(said))

    def _names_taken(self) -> Collection[str]:
        """Also by what this desk has formed a moment ago."""
        states = (self._store.state, *self._leaving.states())
        return {one.name.casefold() for state in states for one in state.talkgroups.values()}

    def why_not(self, keys: Sequence[str]) -> str:
        """An exercise is never mixed with what is real, in whatever form."""
        found = of_exercise(self._store.state, keys)
        real = self._store.names(key for key, exercise in found.items() if not exercise)
        exercise = self._store.names(key for key, exercise in found.items() if exercise)
        if self._trains() and real:
            words = translate("People", "This desk is in an exercise and reaches nobody real: {0}.")
            return words.format(real)
        if real and exercise:
            words = translate("People", "Real and exercise are never mixed. Exercise: {0}.")
            return words.format(exercise)
        return ""

    def why_no_group(self, name: str) -> str:
        if name.casefold() in self._names_taken():
            words = translate("People", "There is a talkgroup {0} already: give it another name.")
            return words.format(name)
        return ""

    def same_group(self, members: Sequence[str]) -> str:
        wanted = {*members, self._me()} - {""}
        groups = self._store.state.groups.values()
        active = (one for one in groups if one.state == "active")
        return next((one.name for one in active if set(one.members) == wanted), "")

    def why_no_patch(self, groups: Sequence[str]) -> str:
        taken = in_the_way(groups, self._store.state.patches.values())
        if taken is None:
            return ""
        both = next(key for key in groups if key in taken.groups)
        words = translate("People", "{0} is joined with another already: end that first.")
        return words.format(self._store.name(both))


def conference_name(call_sign: str, taken: Collection[str]) -> str:
    """One that no talkgroup has (``taken``: in small letters), as short as radios show it."""
    for n in count(1):
        number = str(n) if n > 1 else ""
        full = f"{CONFERENCE}{number} {call_sign}".strip()
        name = full if len(full) <= MAX_NAME or n == 1 else f"{CONFERENCE[0]}{number} {call_sign}"
        name = name[:MAX_NAME].strip()
        if name.casefold() not in taken:
            return name
    raise AssertionError


def _leaving(row: PostRow) -> PostRow:
    """Nobody has it, so nothing can be answered or ended."""
    words = translate("People", "on its way: the site has not got it yet")
    return replace(row, summary=words, more="", wanted=(), waits=False, can_end=False, leaving=True)


def _wanted(one: Callout) -> tuple[Answer, ...]:
    every: tuple[Answer, ...] = ("yes", "delayed", "no")
    return tuple(answer for answer in every if answer in one.wanted)


def answer_words() -> dict[str, str]:
    """The answers to a call-out, in their order."""
    return {
        "yes": translate("People", "YES"),
        "delayed": translate("People", "DELAYED"),
        "no": translate("People", "NO"),
    }


def _is_doctor(row: DutyRow) -> bool:
    words = row.role.casefold()
    return any(word in words for word in DOCTORS)


def _duty_words(duty: Duty) -> str:
    return f"{duty.role} · {duty.name}"


def _status_said(one: Message) -> str:
    return status_name(one.status) if one.status else str(one.number)


def _receiver_order(row: ReceiverRow) -> tuple[bool, int, str]:
    return (not row.on_duty, ("desk", "unit", "group").index(row.kind), row.name.casefold())
