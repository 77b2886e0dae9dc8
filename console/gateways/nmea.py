"""NMEA 0183: one receiver's sentences put together into positions. Pure; the caller has the clock.

Sentences of one moment belong together: RMC says speed and date, GGA and GNS how good the fix is,
VTG the speed. They come within some hundred milliseconds of each other and in any order, so a fix
is finished by the first sentence of another moment, or when nothing has come for :data:`QUIET_S`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, Final

from pynmeagps import NMEAMessage, NMEAReader
from pynmeagps.exceptions import NMEAMessageError, NMEAParseError, NMEAStreamError, NMEATypeError

from console.domain.events import Position
from console.gateways.sighting import (
    Refused,
    Sender,
    Sighting,
    accuracy_of,
    heading_of,
    number,
    speed_of,
)

TALKERS: Final = frozenset({"GP", "GN", "GL", "GA", "GB", "BD", "GQ", "QZ", "GI", "II", "IN"})
"""GPS, several systems, GLONASS, Galileo, BeiDou (BD before NMEA 4.11), QZSS (QZ before it), NavIC,
integrated instrumentation, integrated navigation (with an inertial unit, or a ship's bridge)."""
MAX_SENTENCE: Final = 256  # bytes; the standard has 82, receivers have more
FORM: Final = re.compile(rb"\$[A-Za-z0-9,.+\- ;:/()_<>=#&'\"?@%\[\]]*\*[0-9A-Fa-f]{2}")
KNOT_MPS: Final = 1_852 / 3_600
RANGE_ERROR_M: Final = 5.0
"""One standard deviation of a single frequency receiver's range to a satellite. Times the HDOP it
is the radius in which two fixes of three lie; no receiver says more than the HDOP here."""
ESTIMATED_M: Final = 100.0  # at least: dead reckoning, in a tunnel, say
QUIET_S: Final = 0.25
HDOP_S: Final = 10.0  # so long the last HDOP holds where not every moment has its own
DATE_S: Final = 3_600.0  # so long a date that was told is counted on from
ROUND_S: Final = 12 * 3_600
FIRST_YEAR, LAST_YEAR = 1980, 3000  # of GPS; of what a receiver may say
LATITUDE: Final = re.compile(r"[0-9]{4}(\.[0-9]{1,12})?")
LONGITUDE: Final = re.compile(r"[0-9]{5}(\.[0-9]{1,12})?")
CLOCK: Final = re.compile(r"[0-9]{6}(\.[0-9]{1,6})?")
DAY: Final = re.compile(r"[0-9]{6}")
HAVE_PLACE: Final = frozenset({"RMC", "GGA", "GNS", "GLL"})
READ: Final = frozenset({*HAVE_PLACE, "VTG", "ZDA"})
GLL_FIELDS: Final = (6, 7)  # before NMEA 2.3 there was no mode

FIX: Final = frozenset("ADFPR")
NO_FIX, ESTIMATED, BY_HAND, SIMULATED = "N", "E", "M", "S"
QUALITY: Final[Mapping[str, str]] = {
    "0": NO_FIX, "1": "A", "2": "D", "3": "P", "4": "R", "5": "F", "6": ESTIMATED, "7": BY_HAND,
    "8": SIMULATED,
}  # fmt: skip
"""GGA's figure as the letter that the other sentences have."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known so far of one moment's fix; ``clock`` None = nothing."""

    clock: time_of_day | None = None
    lat: float = 0.0
    lon: float = 0.0
    is_estimated: bool = False
    hdop: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    touched_s: float = 0.0


NOTHING: Final = Moment()


def sentence_of(line: bytes) -> bytes:
    """What of a line is a sentence: what stands before it (IEC 61162-450's tag block, the rest of a
    cut one) is left out. Raises Refused."""
    start = line.rfind(b"$")
    sentence = line[max(start, 0) :].strip(b" \t\r\n\x00")
    if start < 0 or len(sentence) > MAX_SENTENCE or not sentence.isascii():
        raise Refused("unreadable")
    if FORM.fullmatch(sentence) is None:
        raise Refused("checksum" if b"*" not in sentence else "unreadable")
    return sentence


def read(line: bytes) -> NMEAMessage | None:
    """None: a good sentence that has no position in it, or another kind of instrument's. Raises
    Refused."""
    sentence = sentence_of(line)
    kind, talker = sentence[3:6].decode(), sentence[1:3].decode()
    try:
        message = NMEAReader.parse(sentence + b"\r\n")
    except NMEAParseError:
        raise Refused("checksum") from None
    except (NMEAMessageError, NMEATypeError, NMEAStreamError, ValueError, LookupError):
        raise Refused("unreadable") from None
    if message is None:
        raise Refused("unreadable")
    return message if kind in READ and talker in TALKERS else None


class Receiver:
    """One receiver. ``take`` and ``rest`` give what is to be sent on, at most one position."""

    def __init__(self, sender: Sender, now_ms: Callable[[], int]) -> None:
        self._sender = sender
        self._now_ms = now_ms
        self._moment = NOTHING
        self._void: time_of_day | None = None  # the moment of which it was said that it has no fix
        self._hdop: tuple[float, float] | None = None  # it, and when
        self._dated: tuple[datetime, float] | None = None  # the receiver's own time, and when

    def take(self, message: NMEAMessage, now_s: float) -> Sighting | None:
        """A sentence that :func:`read` gave. Raises Refused for one without a good fix; what had
        been known of the moment before it is not lost: ask :meth:`rest`."""
        fields, kind = _Fields(message), message.msgID
        if kind == "ZDA":
            self._note_zda(fields, now_s)
            return None
        if kind == "VTG":
            self._add_speed(fields, now_s)
            return None
        if kind == "RMC":
            self._note_rmc(fields, now_s)
        moment = self._placed(fields, kind, now_s)
        if moment.hdop is not None:
            self._hdop = moment.hdop, now_s
        before = self._moment
        if before.clock == moment.clock:
            self._moment = _together(before, moment)
            return None
        self._moment = moment
        return self._finished(before, now_s)

    def _placed(self, fields: _Fields, kind: str, now_s: float) -> Moment:
        """One sentence that says that there is no fix takes away what the others say of the same
        moment, whichever comes first; one that makes no sense says nothing of them."""
        try:
            moment = _placed(fields, kind, now_s)
        except Refused as refused:
            if refused.why == "malformed":
                raise
            clock = fields.raw("time")
            self._void = _clock(clock) if CLOCK.fullmatch(clock) else None
            if self._void is None or self._void == self._moment.clock:
                self._moment = NOTHING
            raise
        if moment.clock == self._void:
            raise Refused("no-fix")
        return moment

    def rest(self, now_s: float) -> Sighting | None:
        """The fix that nothing more has come to."""
        if self._moment is NOTHING or now_s - self._moment.touched_s < QUIET_S:
            return None
        done, self._moment = self._moment, NOTHING
        return self._finished(done, now_s)

    def _finished(self, moment: Moment, now_s: float) -> Sighting | None:
        if moment.clock is None:
            return None
        at = Position(
            lat=moment.lat,
            lon=moment.lon,
            accuracy_m=self._accuracy_m(moment, now_s),
            heading_deg=moment.heading_deg,
            speed_mps=moment.speed_mps,
            fixed_ms=self._fixed_ms(moment.clock, now_s),
        )
        return Sighting(self._sender, at)

    def _accuracy_m(self, moment: Moment, now_s: float) -> float:
        hdop = moment.hdop
        if hdop is None and self._hdop is not None and now_s - self._hdop[1] <= HDOP_S:
            hdop = self._hdop[0]
        told_m = accuracy_of(None if hdop is None else max(1.0, hdop) * RANGE_ERROR_M)
        return max(told_m, ESTIMATED_M) if moment.is_estimated else told_m

    # -- when -----------------------------------------------------------------------------

    def _note_rmc(self, fields: _Fields, now_s: float) -> None:
        day, clock = fields.raw("date"), fields.raw("time")
        if day and clock:
            self._note_date(_day(day), _clock(clock), now_s)

    def _note_zda(self, fields: _Fields, now_s: float) -> None:
        parts = [fields.raw(name) for name in ("year", "month", "day")]
        clock = fields.raw("time")
        if not all(parts) or not clock:
            return
        try:
            told = date(*(int(number(part)) for part in parts))
        except (ValueError, OverflowError):
            raise Refused("malformed") from None
        if not FIRST_YEAR <= told.year < LAST_YEAR:  # a day from them there may be no date
            raise Refused("malformed")
        self._note_date(told, _clock(clock), now_s)

    def _note_date(self, day: date, clock: time_of_day, now_s: float) -> None:
        self._dated = datetime.combine(day, clock, UTC), now_s

    def _fixed_ms(self, clock: time_of_day, now_s: float) -> int:
        """The day on which it was that time of the day last, or nearly: by the receiver's own date
        where it tells one, also past midnight; else by this machine's."""
        near = datetime.fromtimestamp(self._now_ms() / 1_000, UTC)
        if self._dated is not None and now_s - self._dated[1] <= DATE_S:
            near = self._dated[0] + timedelta(seconds=now_s - self._dated[1])
        at = datetime.combine(near.date(), clock, UTC)
        off_s = (at - near).total_seconds()
        at += timedelta(days=(off_s < -ROUND_S) - (off_s > ROUND_S))
        return max(1, round(at.timestamp() * 1_000))

    # -- how fast -------------------------------------------------------------------------

    def _add_speed(self, fields: _Fields, now_s: float) -> None:
        if self._moment is NOTHING or fields.raw("posMode") == NO_FIX:
            return
        speed, heading = fields.speed("sogn"), fields.heading("cogt")
        self._moment = replace(
            self._moment,
            speed_mps=self._moment.speed_mps if speed is None else speed,
            heading_deg=self._moment.heading_deg if heading is None else heading,
            touched_s=now_s,
        )


class _Fields:
    """A sentence's fields as they stand there, by the parser's names for them."""

    def __init__(self, message: NMEAMessage) -> None:
        self._message: Any = message
        names = [name for name in vars(message) if not name.startswith("_")]
        self._raw = dict(zip(names, message.payload, strict=False))
        self.count = len(message.payload)

    def raw(self, name: str) -> str:
        """ "" where there is none."""
        return str(self._raw.get(name, ""))

    def number(self, name: str) -> float | None:
        text = self.raw(name)
        return number(text) if text else None

    def speed(self, name: str) -> float | None:
        knots = self.number(name)
        return None if knots is None else speed_of(knots * KNOT_MPS)

    def heading(self, name: str) -> float | None:
        return heading_of(self.number(name))

    def degrees(self, name: str, side: str, form: re.Pattern[str], most: float) -> float:
        """Raises Refused."""
        text, sign = self.raw(name), SIGNS.get(self.raw(side))
        if sign is None or form.fullmatch(text) is None:
            raise Refused("malformed")
        whole = 2 if form is LATITUDE else 3
        value = getattr(self._message, name)
        if float(text[whole:]) >= 60 or not isinstance(value, float | int):
            raise Refused("malformed")
        # The parser gives degrees without regard to a side that it doesn't know: the sign is ours.
        angle = sign * abs(float(value))
        if not abs(angle) <= most:
            raise Refused("malformed")
        return angle


SIGNS: Final[Mapping[str, int]] = {"N": 1, "E": 1, "S": -1, "W": -1}
NORTH_SOUTH, EAST_WEST = "NS", "EW"


def _placed(fields: _Fields, kind: str, now_s: float) -> Moment:
    """Raises Refused."""
    if kind == "GLL" and fields.count not in GLL_FIELDS:
        raise Refused("malformed")
    quality = _quality(fields, kind)
    if quality == NO_FIX:
        raise Refused("no-fix")
    if quality in (BY_HAND, SIMULATED):
        raise Refused("not-measured")
    if quality != ESTIMATED and quality not in FIX:
        raise Refused("malformed")
    if fields.raw("NS") not in ("N", "S") or fields.raw("EW") not in ("E", "W"):
        raise Refused("malformed" if fields.raw("lat") or fields.raw("lon") else "no-fix")
    clock = fields.raw("time")
    if not clock:
        raise Refused("no-fix")  # nobody knows when it was
    lat = fields.degrees("lat", NORTH_SOUTH, LATITUDE, 90)
    lon = fields.degrees("lon", EAST_WEST, LONGITUDE, 180)
    if lat == lon == 0:
        raise Refused("no-fix")  # what trackers send that have none, also with an A
    is_rmc = kind == "RMC"
    return Moment(
        clock=_clock(clock),
        lat=lat,
        lon=lon,
        is_estimated=quality == ESTIMATED,
        hdop=fields.number("HDOP"),
        speed_mps=fields.speed("spd") if is_rmc else None,
        heading_deg=fields.heading("cog") if is_rmc else None,
        touched_s=now_s,
    )


def _quality(fields: _Fields, kind: str) -> str:
    """A letter of the mode indicator; "N" wherever one of the flags says that there is no fix."""
    if kind == "GGA":
        return QUALITY.get(fields.raw("quality") or "0", "?")
    if kind == "GNS":  # a letter for each system: the best of them is what the fix is
        letters = set(fields.raw("posMode") or NO_FIX)
        known = [one for one in "RFPDAEMS" if one in letters]
        return known[0] if known else NO_FIX if letters == {NO_FIX} else "?"
    status, mode = fields.raw("status"), fields.raw("posMode")
    if status not in ("A", "V", ""):
        return "?"
    if status != "A":
        return NO_FIX
    return mode or "A"  # before NMEA 2.3 there was no mode


def _together(one: Moment, other: Moment) -> Moment:
    """Two sentences of one moment: what the first did not say is the second's."""
    return replace(
        one,
        is_estimated=one.is_estimated or other.is_estimated,
        hdop=other.hdop if one.hdop is None else one.hdop,
        speed_mps=other.speed_mps if one.speed_mps is None else one.speed_mps,
        heading_deg=other.heading_deg if one.heading_deg is None else one.heading_deg,
        touched_s=other.touched_s,
    )


def _clock(text: str) -> time_of_day:
    """``hhmmss.ss``. A leap second is the second before it. Raises Refused."""
    if CLOCK.fullmatch(text) is None:
        raise Refused("malformed")
    hours, minutes, seconds = int(text[:2]), int(text[2:4]), int(text[4:6])
    micros = int(text[7:].ljust(6, "0") or 0)
    try:
        return time_of_day(hours, minutes, min(seconds, 59) if seconds == 60 else seconds, micros)
    except ValueError:
        raise Refused("malformed") from None


def _day(text: str) -> date:
    """``ddmmyy``: 1980 is the first year of GPS. Raises Refused."""
    if DAY.fullmatch(text) is None:
        raise Refused("malformed")
    year = int(text[4:])
    try:
        return date(1900 + year if year >= 80 else 2000 + year, int(text[2:4]), int(text[:2]))
    except ValueError:
        raise Refused("malformed") from None
