"""What happens at a fictional site with 2,000 units and 200 talkgroups, event by event.

Nothing here knows of Qt: ``bench desk`` and ``bench night`` hand these events to a desk.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ulid import ULID

from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmNoted,
    AlarmRaised,
    AlarmTaken,
    AnyBody,
    CalloutAnswered,
    CalloutEnded,
    CalloutSent,
    Event,
    FloorGranted,
    FloorReleased,
    MessageDelivered,
    MessageRead,
    MessageSent,
    PersonSignedIn,
    Position,
    StatusChanged,
    TalkgroupDefined,
    UnitDefined,
    UnitMoved,
)
from console.streams.announcement import Announcement

KINDS: Final = ("ambulance", "doctor", "first-responder", "police", "fire", "helicopter")
SIGNS: Final = ("AMB", "LEGE", "FR", "POLITI", "BRANN", "LEGEHELI")
STATUSES: Final = (
    ("available", "green"),
    ("responding", "red"),
    ("at-scene", "yellow"),
    ("transporting", "yellow"),
)
SOUTH_WEST: Final = (58.9, 8.6)
SIDE_DEG: Final = 1.2


@dataclass
class BusySite:
    """Events in order, with ids and times that follow ``now_ms``; the same seed, the same night."""

    units: int = 2_000
    talkgroups: int = 200
    now_ms: int = 1_790_000_000_000
    _chance: random.Random = field(default_factory=lambda: random.Random(4))
    _seq: int = 0

    def tell(self, body: AnyBody, author: str = "gateway", person: str = "") -> Event:
        self._seq += 1
        self.now_ms += 1
        moment = ULID.from_timestamp(self.now_ms / 1e3)
        return Event(str(moment), self.now_ms, author, self._seq, body, person)

    def group(self, n: int) -> str:
        return f"tg{n % self.talkgroups}"

    def unit(self, n: int) -> str:
        return f"u{n % self.units}"

    # -- the beginning -----------------------------------------------------------------------

    def announcements(self) -> tuple[Announcement, ...]:
        """One stream for each talkgroup, of one fictional gateway."""
        return tuple(
            Announcement(
                stream=f"{self.group(n)}@gateway.local",
                talkgroup=self.group(n),
                name=f"GRUPPE-{n}",
                host="gateway.local",
                port=20_000 + 2 * n,
                payload_type=111,
                encoding="opus",
                clock_rate=48_000,
                channels=2,
                addresses=("127.0.0.1",),
                group=f"239.255.{n // 250}.{n % 250 + 1}",
            )
            for n in range(self.talkgroups)
        )

    def beginning(self) -> list[Event]:
        """All that is defined, and where each unit is."""
        defined: list[AnyBody] = [
            TalkgroupDefined(self.group(n), f"GRUPPE-{n}", purpose="Fiktiv")
            for n in range(self.talkgroups)
        ]
        for n in range(self.units):
            kind: Any = KINDS[n % len(KINDS)]
            sign = f"{SIGNS[n % len(SIGNS)]} {n // 60}-{n % 60}"
            defined.append(UnitDefined(self.unit(n), sign, kind, talkgroup=self.group(n)))
            defined.append(self.moves(n))
            defined.append(self.changes_status(n))
        return [self.tell(body) for body in defined]

    # -- what goes on ------------------------------------------------------------------------

    def moves(self, n: int) -> UnitMoved:
        lat, lon = (side + self._chance.random() * SIDE_DEG for side in SOUTH_WEST)
        at = Position(lat, lon, accuracy_m=12.0, heading_deg=self._chance.random() * 359)
        return UnitMoved(self.unit(n), at)

    def changes_status(self, n: int) -> StatusChanged:
        status, urgency = self._chance.choice(STATUSES)
        chosen: Any = urgency
        return StatusChanged(self.unit(n), status, chosen)

    def traffic(self) -> Iterator[Event]:
        """Without end: mostly positions, then statuses, bursts and messages."""
        for n in itertools.count():
            if n % 10 == 1:
                yield self.tell(self.changes_status(self._chance.randrange(self.units)))
            elif n % 10 == 3:
                group, unit = self.group(self._chance.randrange(64)), self.unit(n)
                yield self.tell(FloorGranted(group, unit))
                yield self.tell(FloorReleased(group, unit, spoke_ms=4_000))
            elif n % 100 == 5:
                yield self.tell(MessageSent(self.group(n), f"Fiktiv melding {n}"))
            else:
                yield self.tell(self.moves(self._chance.randrange(self.units)))

    def incident(self, n: int) -> list[Event]:
        """An alarm with all that follows it, a call-out with its answers, a message that is read,
        and a person who comes on."""
        alarm, callout = f"A-{n}", f"C-{n}"
        called = tuple(self.unit(n * 7 + k) for k in range(3))
        message = self.tell(MessageSent(self.unit(n), f"Fiktiv beskjed {n}"), "desk2")
        steps: list[AnyBody] = [
            AlarmRaised(alarm, self.unit(n), self.group(n), Position(59.2, 10.2), "Fiktiv"),
            AlarmAcknowledged(alarm),
            AlarmTaken(alarm),
            AlarmNoted(alarm, "Fiktivt notat"),
            CalloutSent(callout, called, "Fiktiv utkalling"),
            *(CalloutAnswered(callout, one, "yes") for one in called),
            CalloutEnded(callout, "done"),
            AlarmClosed(alarm, "test"),
            MessageDelivered(message.id, self.unit(n)),
            MessageRead(message.id, self.unit(n)),
            PersonSignedIn(f"Fiktiv Person {n % 5}"),
        ]
        return [message, *(self.tell(body, "desk2", "Fiktiv Person") for body in steps)]
