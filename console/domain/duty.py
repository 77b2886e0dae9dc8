"""The duty list: who is on duty as what, now or at another time that is given from outside."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from console.domain.events import DutyEnded, DutySet, Event
from console.domain.mark import Mark, last, mark_of


class Duty(msgspec.Struct, frozen=True):
    key: str
    role: str
    name: str
    from_ms: int
    until_ms: int
    set: Mark
    unit: str | None = None
    issi: str | None = None
    phone: str = ""
    ended: Mark | None = None
    ended_ms: int = 0

    @property
    def ends_ms(self) -> int:
        """As listed, or earlier if somebody ended it after it was set."""
        if self.ended is None or self.ended.id < self.set.id:
            return self.until_ms
        return min(self.ended_ms, self.until_ms)


def from_set(event: Event, body: DutySet) -> Duty:
    return Duty(
        key=body.duty,
        role=body.role,
        name=body.name,
        from_ms=body.from_ms,
        until_ms=body.until_ms,
        set=mark_of(event),
        unit=body.unit,
        issi=body.issi,
        phone=body.phone,
    )


def set_again(old: Duty, event: Event, body: DutySet) -> Duty:
    """The newest word counts."""
    if event.id <= old.set.id:
        return old
    return msgspec.structs.replace(from_set(event, body), ended=old.ended, ended_ms=old.ended_ms)


def end(duty: Duty, event: Event, body: DutyEnded) -> Duty:
    ended = last(duty.ended, mark_of(event))
    if ended == duty.ended:
        return duty
    return msgspec.structs.replace(duty, ended=ended, ended_ms=body.ended_ms)


def is_on(duty: Duty, now_ms: int) -> bool:
    return duty.from_ms <= now_ms < duty.ends_ms


def on_duty(duties: Iterable[Duty], now_ms: int) -> dict[str, tuple[Duty, ...]]:
    """Role to who has it now. Where duties overlap (a hand-over), who came on last stands first:
    that is whom to call, the others are there still."""
    roles: dict[str, tuple[Duty, ...]] = {}
    on = [duty for duty in duties if is_on(duty, now_ms)]
    for duty in sorted(on, key=lambda d: (d.from_ms, d.set.id), reverse=True):
        roles[duty.role] = (*roles.get(duty.role, ()), duty)
    return dict(sorted(roles.items()))
