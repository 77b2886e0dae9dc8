"""What is open when a shift ends: alarms, what is muted, pins, call-outs, unread messages, groups,
patches, duty, missed calls, and who has signed out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from console.domain import events as e
from console.domain.alarm import Alarm
from console.domain.helping import sent_to
from console.domain.mark import Mark
from console.models.alarms import alarm_position, place_in_words
from console.models.people import PeopleModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from widgets.contracts.rows import HandoverKind, HandoverRow, HandoverSaid

SHIFT_S: Final = 12 * 3_600.0
"""So far back one looks for calls that nobody answered here and for who has signed out."""
MAX_LEFT: Final = 50
MAX_NOTES: Final = 5  # of one alarm, the newest
POSTS: Final[dict[str, HandoverKind]] = {
    "callout": "callout",
    "group": "group",
    "patch": "patch",
    "message": "message",
}

translate = QCoreApplication.translate


class HandoverModel(QObject):
    """``me``: as whom this desk is at its site, "" = at none yet."""

    changed = Signal()

    def __init__(
        self,
        store: SiteStore,
        people: PeopleModel,
        talkgroups: TalkgroupModel,
        *,
        me: Callable[[], str],
        now_s: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._people = people
        self._talkgroups = talkgroups
        self._me = me
        self._now_s = now_s
        self._left: deque[e.Event] = deque(maxlen=MAX_LEFT)
        store.applied.connect(self._applied)
        store.retold.connect(self._left.clear)
        for told in (
            store.alarms_changed,
            store.pins_changed,
            store.calls_changed,
            talkgroups.changed,
        ):
            told.connect(lambda _keys: self.changed.emit())
        people.changed.connect(self.changed)

    def _applied(self, events: tuple[e.Event, ...]) -> None:
        self._left.extend(x for x in events if isinstance(x.body, e.PersonSignedOut))
        if any(isinstance(x.body, e.PersonSignedOut | e.HandoverRead) for x in events):
            self.changed.emit()

    def retranslate(self) -> None:
        self.changed.emit()

    def last_read(self) -> HandoverSaid | None:
        read = [one for one in self._store.state.desks.values() if one.handover_by]
        if not read:
            return None
        last = max(read, key=lambda one: one.handover_by)
        person = last.handover_person or last.label
        return HandoverSaid(person, last.label, last.handover_ms / 1_000)

    def rows(self) -> Sequence[HandoverRow]:
        return (
            *self._alarms(),
            *self._muted(),
            *self._pins(),
            *self._posts(),
            *self._duties(),
            *self._missed(),
            *self._signed_out(),
        )

    # -- one kind each ------------------------------------------------------------------------

    def _alarms(self) -> Iterator[HandoverRow]:
        alarms = [one for one in self._store.state.alarms.values() if one.state != "closed"]
        for one in sorted(alarms, key=lambda a: a.raised.id):
            at = alarm_position(self._store.state, one)
            place = place_in_words(at.lat, at.lon) if at is not None else ""
            group = self._store.talkgroup_name(one.talkgroup) if one.talkgroup else ""
            yield HandoverRow(
                key=one.key,
                kind="alarm",
                who=self._store.call_sign(one.unit),
                text=" · ".join(part for part in (place, group, one.text) if part),
                detail=" · ".join((self._stands(one), *self._done(one))),
                time_s=one.raised.time_ms / 1_000,
                urgent=one.state == "raised",
                exercise=one.exercise,
            )

    def _muted(self) -> Iterator[HandoverRow]:
        """Talkgroups that are not heard at this desk; one that is off is off by its layout."""
        for key in tuple(self._talkgroups.keys()):
            row = self._talkgroups.row(key)
            if row.muted and row.attention != "off":
                yield HandoverRow(
                    key=key,
                    kind="muted",
                    who=row.name,
                    text=translate("Handover", "is not heard at this desk"),
                    exercise=row.exercise,
                )

    def _pins(self) -> Iterator[HandoverRow]:
        for one in sorted(self._store.state.pins.values(), key=lambda pin: pin.since_ms):
            place = place_in_words(one.lat, one.lon)
            yield HandoverRow(
                key=one.key,
                kind="pin",
                who=one.name,
                text=" · ".join(part for part in (place, one.note) if part),
                detail=self._store.marked(one.set),
                time_s=one.since_ms / 1_000,
                exercise=one.exercise,
            )

    def _stands(self, alarm: Alarm) -> str:
        """Who has it, or that nobody has."""
        if alarm.state == "in-progress" and alarm.taken is not None:
            return translate("Handover", "with {0}").format(self._store.marked(alarm.taken))
        if alarm.answered is not None:
            who = self._store.marked(alarm.answered)
            return translate("Handover", "acknowledged by {0}, nobody has it").format(who)
        return translate("Handover", "NOBODY HAS ANSWERED")

    def _done(self, alarm: Alarm) -> Iterator[str]:
        sent = sent_to(self._store.state, alarm)
        if sent:
            yield translate("Handover", "sent: {0}").format(self._store.names(sent))
        for note in alarm.notes[-MAX_NOTES:]:
            yield self._noted(note)

    def _noted(self, note: Mark) -> str:
        at = time.strftime("%H:%M", time.localtime(note.time_ms / 1_000))
        return f"{at} {self._store.who(note)}: {note.text}"

    def _posts(self) -> Iterator[HandoverRow]:
        """What waits to be read here, and what has not been ended."""
        posts = [one for one in self._people.posts() if one.waits or one.can_end]
        order = ("callout", "message", "group", "patch")
        for one in sorted(posts, key=lambda row: (order.index(row.kind), row.time_s)):
            is_named = one.kind in ("group", "patch")
            yield HandoverRow(
                key=one.key,
                kind=POSTS[one.kind],
                who=one.text if is_named else one.who,
                text=one.to if one.kind == "group" else "" if is_named else one.text,
                detail=one.summary,
                time_s=one.time_s,
                exercise=one.exercise,
            )

    def _duties(self) -> Iterator[HandoverRow]:
        for one in self._people.on_duty():
            until = time.strftime("%H:%M", time.localtime(one.until_s))
            reach = (one.call_sign, one.status_text, one.phone)
            yield HandoverRow(
                key=one.key,
                kind="duty",
                who=f"{one.role}: {one.name}",
                text=" · ".join(part for part in reach if part),
                detail=translate("Handover", "until {0}").format(until),
            )

    def _missed(self) -> Iterator[HandoverRow]:
        """Calls to this desk that nobody answered, then what was said and not heard."""
        since_ms = (self._now_s() - SHIFT_S) * 1_000
        me = self._me()
        for one in self._store.state.calls.values():
            is_missed = one.callee == me and one.answered is None and one.ended is not None
            is_rejected = one.reason == "rejected"
            if me and is_missed and not is_rejected and one.offered.time_ms >= since_ms:
                yield HandoverRow(
                    key=one.key,
                    kind="missed",
                    who=self._store.name(one.caller),
                    text=translate("Handover", "called, and was not answered"),
                    time_s=one.offered.time_ms / 1_000,
                    exercise=one.exercise,
                )
        for key in tuple(self._talkgroups.keys()):
            row = self._talkgroups.row(key)
            if row.missed:
                words = translate("Handover", "{0} calls not heard here")
                yield HandoverRow(
                    key=key,
                    kind="missed",
                    who=row.name,
                    text=words.format(row.missed),
                    time_s=row.last_s,
                    exercise=row.exercise,
                )

    def _signed_out(self) -> Iterator[HandoverRow]:
        since_ms = (self._now_s() - SHIFT_S) * 1_000
        for one in self._left:
            if isinstance(one.body, e.PersonSignedOut) and one.time_ms >= since_ms:
                yield HandoverRow(
                    key=one.id,
                    kind="signed-out",
                    who=one.body.name,
                    text=self._store.desk_name(one.author),
                    time_s=one.time_ms / 1_000,
                )
