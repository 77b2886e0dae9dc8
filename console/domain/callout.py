"""A call-out: a message that asks for answers, who has given which, and who is to be reminded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from console.domain.events import (
    CalloutAnswered,
    CalloutEnded,
    CalloutReminded,
    CalloutSent,
    Event,
)
from console.domain.mark import Mark, first, mark_of

CalloutState = Literal["open", "ended"]
Step = Literal["answer", "remind", "end"]

NEXT: Final[Mapping[CalloutState, Mapping[Step, CalloutState]]] = {
    "open": {"answer": "open", "remind": "open", "end": "ended"},
    "ended": {},
}
"""What may follow what. Nothing but its end ends a call-out: not speech, not that all answered."""

LATE: Final[frozenset[tuple[CalloutState, Step]]] = frozenset(
    {("ended", "answer"), ("ended", "remind")}
)
"""Overtaken when it came: noted all the same, changes no state."""

MAX_ANSWERS: Final = 512
"""Of one call-out, one of each who answers; those of who comes later are not kept."""


class Given(Mark, frozen=True):
    """The last answer of one who was called out."""

    by: str = ""
    answer: str = ""  # yes, no, delayed
    delay_min: int = 0


class Callout(msgspec.Struct, frozen=True):
    key: str
    sent: Mark
    to: tuple[str, ...]
    text: str
    wanted: tuple[str, ...]
    reminder_s: int = 0
    reminders: int = 0  # at most so many
    exercise: bool = False
    answers: tuple[Given, ...] = ()  # in the order of who gave them
    reminded: tuple[tuple[int, Mark], ...] = ()  # number and who told it, in their order
    ended: Mark | None = None
    reason: str = ""

    @property
    def state(self) -> CalloutState:
        return "open" if self.ended is None else "ended"


class Asked(msgspec.Struct, frozen=True):
    """One line of the overview. ``via`` is the group that was called out, "" = they themselves."""

    who: str
    answer: Given | None = None
    via: str = ""


def from_sent(event: Event, body: CalloutSent) -> Callout:
    return Callout(
        key=body.callout,
        sent=mark_of(event),
        to=body.to,
        text=body.text,
        wanted=body.answers,
        reminder_s=body.reminder_s,
        reminders=body.reminders,
        exercise=body.exercise,
    )


def sent_again(old: Callout, event: Event, body: CalloutSent) -> Callout:
    """Two under one id: the older one says what it is, the answers stay."""
    if event.id >= old.sent.id:
        return old
    return msgspec.structs.replace(
        from_sent(event, body),
        answers=old.answers,
        reminded=old.reminded,
        ended=old.ended,
        reason=old.reason,
    )


def allowed(state: CalloutState, step: Step) -> bool:
    return step in NEXT[state]


def answer(callout: Callout, event: Event, body: CalloutAnswered) -> Callout:
    """The last answer of each stands, however they came."""
    known = {given.by: given for given in callout.answers}
    old = known.get(body.by)
    if old is not None and old.id >= event.id:
        return callout
    if old is None and len(known) >= MAX_ANSWERS:
        return callout
    known[body.by] = Given(
        **msgspec.structs.asdict(mark_of(event)),
        by=body.by,
        answer=body.answer,
        delay_min=body.delay_min,
    )
    return msgspec.structs.replace(callout, answers=tuple(known[by] for by in sorted(known)))


def remind(callout: Callout, event: Event, body: CalloutReminded) -> Callout:
    """A site of several nodes may tell the same reminder more than once: the first stands."""
    known = dict(callout.reminded)
    mark = first(known.get(body.number), mark_of(event))
    if mark is None or mark == known.get(body.number):
        return callout
    known[body.number] = mark
    return msgspec.structs.replace(callout, reminded=tuple(sorted(known.items(), key=_number)))


def end(callout: Callout, event: Event, body: CalloutEnded) -> Callout:
    """The first end stands."""
    if callout.ended is not None and callout.ended.id <= event.id:
        return callout
    return msgspec.structs.replace(callout, ended=mark_of(event, body.text), reason=body.reason)


def overview(callout: Callout, members: Mapping[str, Iterable[str]]) -> tuple[Asked, ...]:
    """Who has answered what and who has not. ``members`` of the groups among the receivers, as
    they are now; one without known members stands for itself. Then those who answered unasked."""
    given = {one.by: one for one in callout.answers}
    lines: dict[str, Asked] = {}
    for receiver in callout.to:
        people = sorted(members.get(receiver, ()))
        for who in people or (receiver,):
            via = receiver if people else ""
            lines.setdefault(who, Asked(who, given.get(who), via))
    for by, one in given.items():
        lines.setdefault(by, Asked(by, one))
    return tuple(lines.values())


def missing(callout: Callout, members: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Who has not answered yet."""
    return tuple(line.who for line in overview(callout, members) if line.answer is None)


def _number(item: tuple[int, Mark]) -> int:
    return item[0]
