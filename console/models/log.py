"""The event log in words, newest last, bounded."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from audio import protocol
from console.domain import events as e
from console.domain.expiry import KeepMs, is_expired
from console.models.alarms import place_in_words
from console.models.statuses import status_name
from console.models.store import SiteStore
from widgets.contracts.rows import LogRow

MAX_ROWS: Final = 1_000
MAX_WORDS_AT_ONCE: Final = 1_000  # a late desk reads a long log; only its end is put into words


translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Taken:
    """A kept burst was taken out of this desk's engine: the site's log does not know of it."""

    id: str
    time_s: float
    told: protocol.Exported


class LogModel(QObject):
    appended = Signal(tuple)
    reset = Signal()

    def __init__(
        self,
        store: SiteStore,
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._now_s = now_s
        self._events: deque[e.Event | Taken] = deque(maxlen=MAX_ROWS)
        self._rows: deque[LogRow] = deque(maxlen=MAX_ROWS)
        self._seen: dict[str, None] = {}  # the last 2 * MAX_ROWS
        store.applied.connect(self._applied)
        store.retold.connect(self._retold)
        store.expired.connect(self._expired)

    def rows(self) -> Sequence[LogRow]:
        return tuple(self._rows)

    def _applied(self, events: tuple[e.Event, ...]) -> None:
        worded = [x for x in events if type(x.body) in WORDS and x.id not in self._seen]
        fresh = tuple(self._row(event) for event in worded[-MAX_WORDS_AT_ONCE:])
        if not fresh:
            return
        self._events.extend(worded[-MAX_WORDS_AT_ONCE:])
        self._see(row.key for row in fresh)
        self._rows.extend(fresh)
        self.appended.emit(fresh)

    def note_export(self, told: protocol.Exported) -> None:
        now_s = self._now_s()
        taken = Taken(f"{told.burst.burst}-{now_s}", now_s, told)
        self._events.append(taken)
        self._rows.append(self._row(taken))
        self.appended.emit((self._rows[-1],))

    def retranslate(self) -> None:
        """Say it all again, in the language that the screen has now."""
        self._rows = deque((self._row(event) for event in self._events), maxlen=MAX_ROWS)
        self.reset.emit()

    def _see(self, keys: Iterable[str]) -> None:
        self._seen.update(dict.fromkeys(keys))
        while len(self._seen) > 2 * MAX_ROWS:
            del self._seen[next(iter(self._seen))]

    def _retold(self) -> None:
        """All of it comes once more, in its order; but what the site never knew."""
        kept = [one for one in self._events if isinstance(one, Taken)]
        self._events.clear()
        self._events.extend(kept)
        self._rows.clear()
        self._rows.extend(self._row(one) for one in kept)
        self._seen.clear()
        self.reset.emit()

    def _expired(self, now_ms: int, keep_ms: KeepMs) -> None:
        """What was taken out of this desk's own engine stays: the site never knew it."""
        kept = [
            one
            for one in self._events
            if isinstance(one, Taken) or not is_expired(one, now_ms, keep_ms)
        ]
        if len(kept) < len(self._events):
            self._events = deque(kept, maxlen=MAX_ROWS)
            self.retranslate()

    def _row(self, event: e.Event | Taken) -> LogRow:
        return (
            self._row_of_export(event) if isinstance(event, Taken) else log_row(self._store, event)
        )

    def _row_of_export(self, taken: Taken) -> LogRow:
        told, burst = taken.told, taken.told.burst
        spoken = time.strftime("%H:%M:%S", time.localtime(burst.start_ms / 1e3))
        words = translate("Log", "Took out a call: {0} {1}, {2}")
        who = burst.speaker or translate("Talkgroups", "Unknown")
        return LogRow(
            key=taken.id,
            time_s=taken.time_s,
            kind="exported",
            who=told.who or translate("Log", "Somebody"),
            text=words.format(who, spoken, told.path),
            talkgroup=self._store.talkgroup_name(burst.stream.partition("@")[0]),
            seconds=told.seconds,
        )


def log_row(store: SiteStore, event: e.Event) -> LogRow:
    """A kind that has words, as a row. Any thread."""
    body = event.body
    unit = getattr(body, "unit", "") or _alarm_unit(store, body) or _caller(store, body)
    talkgroup = getattr(body, "talkgroup", "") or ""
    return LogRow(
        key=event.id,
        time_s=event.time_ms / 1000,
        kind=str(body.__struct_config__.tag),
        who=_who(store, event, unit),
        text=ALL_WORDS[type(body)](store, body) + _where(store, event),
        unit=unit,
        talkgroup=store.talkgroup_name(talkgroup) if talkgroup else "",
        seconds=body.spoke_ms / 1000 if isinstance(body, e.FloorReleased) else None,
        urgent=isinstance(body, e.AlarmRaised | e.AlarmEscalated),
        unconfirmed=event.unconfirmed and _who(store, event, unit) == event.person,
    )


def _where(store: SiteStore, event: e.Event) -> str:
    """At which desk somebody came or went."""
    if not isinstance(event.body, e.PersonSignedIn | e.PersonSignedOut):
        return ""
    return f" · {store.desk_name(event.author)}"


def _alarm_unit(store: SiteStore, body: Any) -> str:
    alarm = store.state.reports.get(getattr(body, "alarm", ""))
    return alarm.unit if alarm else ""


def _caller(store: SiteStore, body: e.AnyBody) -> str:
    """A unit, told of by who carries its voice."""
    if not isinstance(body, e.CallOffered) or body.caller not in store.state.units:
        return ""
    return body.caller


def _who(store: SiteStore, event: e.Event, unit: str) -> str:
    """The unit it is about, or who did it where it was a person at a desk."""
    if unit and not isinstance(event.body, BY_PERSON):
        return store.call_sign(unit)
    if isinstance(event.body, e.PositionJoined | e.PositionLeft):
        return event.body.label
    if isinstance(event.body, e.PersonSignedIn | e.PersonSignedOut):
        return event.body.name  # who need not be who sits there by now
    if isinstance(event.body, e.MessageSent | e.StatusMessageSent) and event.body.sender:
        return store.call_sign(event.body.sender)
    return store.who(event)


def _raised(_store: SiteStore, body: e.AlarmRaised) -> str:
    return " · ".join(part for part in (translate("Log", "Safety alarm"), body.text) if part)


def _about(store: SiteStore, alarm_id: str, words: str) -> str:
    """``words`` with the call sign of the alarm's unit in the place of {0}."""
    alarm = store.state.reports.get(alarm_id)
    return words.format(store.call_sign(alarm.unit) if alarm else "?")


def _closed(store: SiteStore, body: e.AlarmClosed) -> str:
    reasons = {
        "real": translate("Log", "real"),
        "false-press": translate("Log", "false press"),
        "test": translate("Log", "test"),
    }
    about = _about(store, body.alarm, translate("Log", "Closed {0}'s alarm"))
    return " · ".join(part for part in (about, reasons[body.reason], body.note) if part)


def _message(store: SiteStore, body: e.MessageSent) -> str:
    to = store.names((body.to, *body.also))
    return translate("Log", "To {0}: {1}").format(to, body.text)


def _status_message(store: SiteStore, body: e.StatusMessageSent) -> str:
    to = store.names((body.to, *body.also))
    said = status_name(body.status) if body.status else str(body.number)
    return translate("Log", "To {0}: {1}").format(to, said)


def _noted(store: SiteStore, body: e.AlarmNoted) -> str:
    about = _about(store, body.alarm, translate("Log", "Noted about {0}'s alarm"))
    return f"{about} · {body.text}"


def _sent_units(store: SiteStore, body: e.AlarmUnitsSent) -> str:
    about = _about(store, body.alarm, translate("Log", "Sent to {0}'s alarm"))
    parts = (f"{about}: {store.names(body.units)}", body.text)
    return " · ".join(part for part in parts if part)


def _called_out(store: SiteStore, body: e.CalloutSent) -> str:
    return translate("Log", "Called out {0}: {1}").format(store.names(body.to), body.text)


def _callout_answer(store: SiteStore, body: e.CalloutAnswered) -> str:
    answers = {
        "yes": translate("Log", "yes"),
        "no": translate("Log", "no"),
        "delayed": translate("Log", "delayed"),
    }
    words = translate("Log", "{0} answers the call-out: {1}")
    said = words.format(store.name(body.by), answers[body.answer])
    return f"{said} {body.delay_min} min" if body.delay_min else said


def _called(store: SiteStore, body: e.CallOffered) -> str:
    return translate("Log", "Called {0}").format(store.names((body.callee,)))


def _call_ended(store: SiteStore, body: e.CallEnded) -> str:
    call = store.state.calls.get(body.call)
    if call is None:
        return translate("Log", "Ended a call")
    endings: dict[e.CallReason, str] = {
        "hung-up": translate("Log", "Ended the call of {0} to {1}"),
        "rejected": translate("Log", "Rejected the call of {0} to {1}"),
        "busy": translate("Log", "Busy: the call of {0} to {1}"),
        "no-answer": translate("Log", "No answer: the call of {0} to {1}"),
        "cancelled": translate("Log", "Given up: the call of {0} to {1}"),
        "lost": translate("Log", "Lost: the call of {0} to {1}"),
    }
    sides = (store.names((one,)) for one in call.members)
    return endings[body.reason].format(*sides)


def _callout_ended(store: SiteStore, body: e.CalloutEnded) -> str:
    is_off = body.reason == "cancelled"
    known = store.state.callouts.get(body.callout)
    said = translate("Log", "Called it off") if is_off else translate("Log", "Ended the call-out")
    if known is not None:
        said = f"{said}: {store.names(known.to)}"
    return " · ".join(part for part in (said, body.text) if part)


def _group_formed(store: SiteStore, body: e.GroupFormed) -> str:
    words = translate("Log", "Formed the talkgroup {0}: {1}")
    return words.format(body.name, store.names(body.members))


def _group_ended(store: SiteStore, body: e.GroupEnded) -> str:
    group = store.state.groups.get(body.group)
    lapsed = translate("Log", "The talkgroup {0} has lapsed")
    words = lapsed if body.reason == "lapsed" else translate("Log", "Ended the talkgroup {0}")
    return words.format(group.name if group else body.group)


def _patched(store: SiteStore, body: e.PatchMade) -> str:
    patch = store.state.patches.get(body.patch)
    is_refused = patch is not None and patch.refused_for
    refused = translate("Log", "Refused to join {0}: one of them is joined already")
    words = refused if is_refused else translate("Log", "Joined {0}")
    return words.format(store.names(body.groups))


def _unpatched(store: SiteStore, body: e.PatchEnded) -> str:
    patch = store.state.patches.get(body.patch)
    names = store.names(patch.groups) if patch else body.patch
    return translate("Log", "{0} are joined no more").format(names)


def _member(store: SiteStore, body: e.GroupMemberAdded | e.GroupMemberRemoved) -> str:
    group = store.state.groups.get(body.group)
    added = translate("Log", "Put {0} into {1}")
    is_new = isinstance(body, e.GroupMemberAdded)
    words = added if is_new else translate("Log", "Took {0} out of {1}")
    return words.format(store.name(body.member), group.name if group else body.group)


def _call_named(store: SiteStore, call: str, words: str) -> str:
    """``words`` with the two of the call in the place of {0}."""
    known = store.state.calls.get(call)
    both = (store.name(known.caller), store.name(known.callee)) if known else (call,)
    return words.format(" – ".join(both))


def _duty_set(_store: SiteStore, body: e.DutySet) -> str:
    spans = [
        time.strftime("%d.%m. %H:%M", time.localtime(ms / 1e3))
        for ms in (body.from_ms, body.until_ms)
    ]
    return translate("Log", "On duty as {0}: {1}, {2}").format(
        body.role, body.name, " – ".join(spans)
    )


def _duty_ended(store: SiteStore, body: e.DutyEnded) -> str:
    known = store.state.duties.get(body.duty)
    who = f"{known.role}: {known.name}" if known else body.duty
    return translate("Log", "The duty has ended: {0}").format(who)


def _handover(_store: SiteStore, body: e.HandoverRead) -> str:
    words = translate("Log", "Has read the hand-over: {0} alarms, {1} call-outs, {2} messages open")
    return words.format(body.alarms, body.callouts, body.messages)


def _landmark(_store: SiteStore, body: e.LandmarkDefined) -> str:
    said = translate("Log", "Site place: {0}").format(body.name)
    return " · ".join(part for part in (said, body.note) if part)


def _pin(_store: SiteStore, body: e.PinSet) -> str:
    said = translate("Log", "Incident pin: {0}").format(body.name)
    where = place_in_words(body.lat, body.lon)
    return " · ".join(part for part in (said, where, body.note) if part)


def _no_landmark(_store: SiteStore, body: e.LandmarkRemoved) -> str:
    return translate("Log", "Removed the site place {0}").format(body.name or body.landmark)


def _no_pin(_store: SiteStore, body: e.PinRemoved) -> str:
    return translate("Log", "Removed the incident pin {0}").format(body.name or body.pin)


def _flood(body: e.MemberFlooded) -> str:
    words = translate("Log", "{0} asks the site far too often; the others notice nothing of it")
    if body.service == e.TO_ALL:
        words = translate("Log", "{0} says far too much to everybody: alarms may come late")
    return words.format(body.member)


def _status(_store: SiteStore, body: e.StatusChanged) -> str:
    return translate("Log", "Status: {0}").format(body.text or status_name(body.status))


BY_PERSON: Final = (
    e.AlarmAcknowledged,
    e.AlarmTaken,
    e.AlarmNoted,
    e.AlarmUnitsSent,
    e.AlarmClosed,
    e.AlarmReopened,
    e.MessageSent,
    e.StatusMessageSent,
)
"""About a unit perhaps, but done by who sits at a desk."""

WORDS: Final[Mapping[type, Callable[[SiteStore, Any], str]]] = {
    e.AlarmRaised: _raised,
    e.AlarmEscalated: lambda s, b: _about(
        s, b.alarm, translate("Log", "Nobody has acknowledged {0}'s alarm")
    ),
    e.AlarmAcknowledged: lambda s, b: _about(
        s, b.alarm, translate("Log", "Acknowledged {0}'s alarm")
    ),
    e.AlarmTaken: lambda s, b: _about(s, b.alarm, translate("Log", "Took over {0}'s alarm")),
    e.AlarmNoted: _noted,
    e.AlarmUnitsSent: _sent_units,
    e.AlarmClosed: _closed,
    e.AlarmReopened: lambda s, b: _about(
        s, b.alarm, translate("Log", "Reopened {0}'s alarm: closed by a slip")
    ),
    e.MessageSent: _message,
    e.StatusMessageSent: _status_message,
    e.CalloutSent: _called_out,
    e.CalloutAnswered: _callout_answer,
    e.CalloutReminded: lambda s, b: translate("Log", "No answer yet from {0}").format(
        s.names(b.to)
    ),
    e.CalloutEnded: _callout_ended,
    e.CallOffered: _called,
    e.CallEnded: _call_ended,
    e.GroupFormed: _group_formed,
    e.GroupEnded: _group_ended,
    e.PatchMade: _patched,
    e.PatchEnded: _unpatched,
    e.PersonSignedIn: lambda _s, _b: translate("Log", "Signed in"),
    e.PersonSignedOut: lambda _s, _b: translate("Log", "Signed out"),
    e.HandoverRead: _handover,
    e.StatusChanged: _status,
    e.FloorReleased: lambda _s, _b: translate("Log", "Spoke"),
    e.PositionJoined: lambda _s, _b: translate("Log", "Desk joined"),
    e.PositionLeft: lambda _s, _b: translate("Log", "Desk left"),
    e.MemberEnrolled: lambda _s, b: translate("Log", "Enrolled: {0}").format(b.label or b.member),
    e.MemberRevoked: lambda _s, b: translate("Log", "Taken out: {0}").format(b.member),
    e.CodeTried: lambda _s, b: translate(
        "Log", "{0} wrong codes were tried while the one for {1} is open"
    ).format(b.wrong, b.member),
    e.SignInLocked: lambda _s, b: translate("Log", "Too many wrong PINs for {0}").format(b.who),
    e.MemberFlooded: lambda _s, b: _flood(b),
    e.PinSet: _pin,
    e.PinRemoved: _no_pin,
}
"""Positions, definitions and the beginning of a burst are not told in the log."""

ALL_WORDS: Final[Mapping[type, Callable[[SiteStore, Any], str]]] = {
    **WORDS,
    e.GroupMemberAdded: _member,
    e.GroupMemberRemoved: _member,
    e.CallAnswered: lambda s, b: _call_named(
        s, b.call, translate("Log", "The call {0} was answered")
    ),
    e.DutySet: _duty_set,
    e.DutyEnded: _duty_ended,
    e.LandmarkDefined: _landmark,
    e.LandmarkRemoved: _no_landmark,
}
"""With what the panel leaves out, and the timeline shows."""
