"""A gateway while it runs: inputs in, the newest position of each unit out, and what is told of it.

One thread does all but the waiting: the inputs' threads hand bytes over, the site's link takes what
is said. Nothing is kept on disk but definitions: a position is worth telling only while it is new.
"""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Final

from console.domain.events import UnitDefined, UnitKind
from console.gateways import cot, nmea
from console.gateways.inputs import Arrivals, Came, Input
from console.gateways.pace import Pace
from console.gateways.sighting import Refused, Sender, Sighting, Why
from console.gateways.site import GatewaySite
from console.gateways.tally import Tally
from console.gateways.units import GatewayUnit, Units

log = logging.getLogger(__name__)

TURN_S: Final = 0.05
AT_ONCE: Final = 500  # arrivals of a turn
LOGGED: Final = 20
MAX_RECEIVERS: Final = 2_000
TOLD: Final[frozenset[Why]] = frozenset({"stranger", "ambiguous", "second-sender"})
"""What is said of a sender, once: somebody can do something about it."""
WHAT_TO_DO: Final[dict[Why, str]] = {
    "stranger": "is no unit here, and is shown as nobody; if it is one, add it to the mapping file",
    "ambiguous": "fits several units of the mapping file, and is shown as none of them",
    "second-sender": "fits a unit that another sender is heard for, and is left out",
}
Say = Callable[[str], None]


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Feed(ABC):
    """What an input's bytes mean. Used by one thread."""

    def __init__(
        self, units: Units, tally: Tally, say: Say, now_ms: Callable[[], int] = wall_ms
    ) -> None:
        self._units = units
        self._tally = tally
        self._say = say
        self._now_ms = now_ms

    @abstractmethod
    def take(self, came: Came, now_s: float) -> Iterable[tuple[GatewayUnit, Sighting]]:
        """What was received says. What is refused is counted."""

    @abstractmethod
    def rest(self, _now_s: float) -> Iterable[tuple[GatewayUnit, Sighting]]:
        """What has become complete by time alone."""

    def _refuse(self, why: Why, sender: Sender | None = None) -> None:
        self._tally.refused[why] += 1
        if sender is not None and why in TOLD and self._tally.is_news(why, sender):
            self._say(f"Sender {sender} {WHAT_TO_DO[why]}.")


class NmeaFeed(Feed):
    def __init__(
        self, units: Units, tally: Tally, say: Say, now_ms: Callable[[], int] = wall_ms
    ) -> None:
        super().__init__(units, tally, say, now_ms)
        self._receivers: dict[tuple[str, str], tuple[GatewayUnit, nmea.Receiver]] = {}

    def take(self, came: Came, now_s: float) -> Iterable[tuple[GatewayUnit, Sighting]]:
        for line in came.payload.splitlines():
            if not line.strip(b" \t\r\x00"):
                continue
            self._tally.received += 1
            found = self._one(line, came, now_s)
            if found is not None:
                yield found

    def _one(self, line: bytes, came: Came, now_s: float) -> tuple[GatewayUnit, Sighting] | None:
        sender = None
        try:
            message = nmea.read(line)
            if message is None:
                self._tally.ignored += 1
                return None
            origin = came.address or came.device
            sender = Sender(origin, came.address, came.device, talker=message.talker)
            unit = self._units.find(sender)
            self._units.hear(unit, sender, now_s)
            sighting = self._receiver(unit, sender).take(message, now_s)
        except Refused as refused:
            self._refuse(refused.why, sender)
            return None
        return None if sighting is None else (unit, sighting)

    def _receiver(self, unit: GatewayUnit, sender: Sender) -> nmea.Receiver:
        key = unit.unit, sender.origin
        if key not in self._receivers:
            if len(self._receivers) >= MAX_RECEIVERS:
                self._receivers.clear()
            self._receivers[key] = unit, nmea.Receiver(sender, self._now_ms)
        return self._receivers[key][1]

    def rest(self, _now_s: float) -> Iterable[tuple[GatewayUnit, Sighting]]:
        for unit, receiver in tuple(self._receivers.values()):
            sighting = receiver.rest(_now_s)
            if sighting is not None:
                yield unit, sighting


class CotFeed(Feed):
    def take(self, came: Came, now_s: float) -> Iterable[tuple[GatewayUnit, Sighting]]:
        self._tally.received += 1
        sender = None
        try:
            read = cot.read_message if came.is_message else cot.read
            sighting = read(came.payload, came.address)
            if sighting is None:
                self._tally.ignored += 1
                return
            sender = sighting.sender
            unit = self._units.find(sender)
            self._units.hear(unit, sender, now_s)
        except Refused as refused:
            self._refuse(refused.why, sender)
            return
        yield unit, sighting

    def rest(self, _now_s: float) -> Iterable[tuple[GatewayUnit, Sighting]]:
        return ()


class Gateway:
    """``say`` gets sentences for a person."""

    def __init__(
        self,
        feed: Feed,
        inputs: Iterable[Input],
        arrivals: Arrivals,
        site: GatewaySite,
        *,
        tally: Tally,
        say: Say,
        status_s: float,
    ) -> None:
        self._feed = feed
        self._inputs = tuple(inputs)
        self._arrivals = arrivals
        self._site = site
        self._tally = tally
        self._say = say
        self._status_s = status_s
        self._pace = Pace()
        self._faults = 0
        self.ended = threading.Event()

    def run(self) -> None:
        """Until ``ended`` is set. Raises SiteError, OSError,
        SpoolError at its start alone."""
        started: list[Input] = []
        try:
            for one in self._inputs:
                one.start()
                started.append(one)
            self._site.start()
            self._turn_forever()
        finally:
            for one in started:
                one.stop()
            self._site.stop()
            self._say(self.status())

    def _turn_forever(self) -> None:
        status_s = time.monotonic() + self._status_s
        while not self.ended.is_set():
            self._take_some()
            self._send_due()
            if time.monotonic() >= status_s:
                status_s = time.monotonic() + self._status_s
                self._say(self.status())

    def _take_some(self) -> None:
        came = self._arrivals.get(TURN_S)
        for _ in range(AT_ONCE):
            if came is None:
                break
            self._take(came)
            came = self._arrivals.get(0)
        self._keep_all(self._feed.rest)

    def _take(self, came: Came) -> None:
        self._keep_all(lambda now_s: self._feed.take(came, now_s))

    def _keep_all(self, found: Callable[[float], Iterable[tuple[GatewayUnit, Sighting]]]) -> None:
        """A fault of ours in one arrival costs no other."""
        try:
            for unit, sighting in found(time.monotonic()):
                self._keep(unit, sighting)
        except Exception:
            self._faults += 1
            if self._faults <= LOGGED:
                log.exception("something received could not be understood")

    def _keep(self, unit: GatewayUnit, sighting: Sighting) -> None:
        self._tally.positions += 1
        try:
            self._pace.take(unit, sighting, wall_ms())
        except Refused as refused:
            self._tally.refused[refused.why] += 1

    def _send_due(self) -> None:
        if not self._site.is_ready:
            return
        if self._site.is_here_again():
            self._pace.all_again()
        now_s = time.monotonic()
        for unit, sighting in tuple(self._pace.due(now_s, wall_ms())):
            if self._site.tell(unit, definition(unit, sighting.kind), sighting.position):
                self._pace.said(unit, now_s)
                self._tally.sent += 1
                self._tally.units.add(unit.unit)

    def status(self) -> str:
        """In plain words."""
        tally = self._tally
        tally.refused["overrun"] = self._arrivals.overrun
        words = f"{tally.in_words()}. Site: {self._site.in_words()}."
        if self._arrivals.let_go:
            words += f" {self._arrivals.let_go} pieces of a stream could be nothing."
        if self._faults:
            words += f" {self._faults} faults of the gateway's own (see its log)."
        return words


def definition(unit: GatewayUnit, kind: UnitKind | None) -> UnitDefined:
    """What the mapping says; the sender's own type where that says no kind."""
    return UnitDefined(
        unit=unit.unit,
        call_sign=unit.call_sign or unit.unit,
        unit_kind=unit.kind or kind or "other",
        agency=unit.agency,
    )
