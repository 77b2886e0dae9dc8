"""Who is on duty as what, and how to reach them."""

from __future__ import annotations

from console.domain.events.base import Body, BodyError, Id, Issi, Name, Phone, UnixMs


class DutySet(Body, frozen=True, tag="duty-set"):
    """One line of the duty list; the same ``duty`` id replaces it. Reachable by unit (a radio's id
    here), ISSI or phone, at least one of them."""

    duty: Id
    role: Name
    name: Name
    from_ms: UnixMs
    until_ms: UnixMs
    unit: Id | None = None
    issi: Issi | None = None
    phone: Phone = ""

    def __post_init__(self) -> None:
        if self.until_ms <= self.from_ms:
            raise BodyError("a duty ends after it has begun")
        if not (self.unit or self.issi or self.phone):
            raise BodyError("a duty names a unit, an ISSI or a phone")


class DutyEnded(Body, frozen=True, tag="duty-ended"):
    """It ends, or is struck off, at ``ended_ms`` whatever the list said."""

    duty: Id
    ended_ms: UnixMs
