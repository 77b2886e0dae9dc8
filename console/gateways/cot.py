"""Cursor-on-Target: one event, as XML or as TAK's protobuf of version 1, to a position. Pure.

No XML library stands between: Python's own parser (expat) tells a document type before anything in
it is read, and without one there are no entities, neither those that grow nor those that fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree import ElementTree

from google.protobuf.message import DecodeError

from console.domain.events import Position, UnitKind
from console.gateways.sighting import (
    Refused,
    Sender,
    Sighting,
    accuracy_of,
    heading_of,
    number,
    speed_of,
)
from console.gateways.tak import TakMessage

MAX_EVENT: Final = 65_536  # bytes
MAX_NAME: Final = 128
MESH: Final = b"\xbf\x01\xbf"
"""What begins a datagram of protocol version 1; after it the message."""
STREAM: Final = 0xBF
"""What begins each message on TCP; then its length as a varint, then the message."""
UNKNOWN: Final = 9_999_999.0
END: Final = b"</event>"
MEASURED: Final = "m"
SIMULATED: Final = "m-s"
TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
KINDS: Final[tuple[tuple[re.Pattern[str], UnitKind], ...]] = (
    (re.compile(r"A-[A-Z]-H(-.*)?"), "helicopter"),
    (re.compile(r"G-U-S-M(-.*)?"), "ambulance"),
    (re.compile(r"G-U-U-L(-.*)?"), "police"),
)
"""What follows ``a-f-`` of a type, to a kind of unit; all else is ``other``."""


class _NoDocumentType(ElementTree.TreeBuilder):
    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        raise Refused("unreadable")


def read(payload: bytes, origin: str = "") -> Sighting | None:
    """None: a good event that says nobody's place (a ping, a drawing, a chat). Raises Refused."""
    if len(payload) > MAX_EVENT:
        raise Refused("unreadable")
    if payload.startswith(MESH):
        return _of_message(payload[len(MESH) :], origin)
    return _of_xml(payload, origin)


def read_message(payload: bytes, origin: str = "") -> Sighting | None:
    """One protobuf message of a stream. Raises Refused."""
    return _of_message(payload, origin)


# -- XML --------------------------------------------------------------------------------------


def _of_xml(payload: bytes, origin: str) -> Sighting | None:
    event = _tree(payload)
    if event.tag != "event":
        raise Refused("unreadable")
    if not event.get("type", "").startswith("a-"):
        return None
    point, detail = event.find("point"), event.find("detail")
    if point is None:
        raise Refused("malformed")
    contact, track, status = (
        {} if detail is None or (found := detail.find(name)) is None else dict(found.items())
        for name in ("contact", "track", "status")
    )
    said = {name: event.get(name, "") for name in ("time", "start", "stale")}
    return _sighting(
        kind=event.get("type", ""),
        how=event.get("how", ""),
        uid=event.get("uid", ""),
        callsign=contact.get("callsign", ""),
        times=(_ms(said["time"]), _ms(said["start"] or said["time"]), _ms(said["stale"])),
        point=tuple(number(point.get(name, "")) for name in ("lat", "lon", "ce")),
        motion=(_number(track.get("speed")), _number(track.get("course"))),
        battery=_number(status.get("battery")),
        origin=origin,
    )


def _tree(payload: bytes) -> ElementTree.Element:
    parser = ElementTree.XMLParser(target=_NoDocumentType())
    try:
        parser.feed(payload)
        tree: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError):
        raise Refused("unreadable") from None
    return tree


def _ms(text: str) -> int:
    """Unix milliseconds of a time with its zone. Raises Refused."""
    if TIME.fullmatch(text) is None:
        raise Refused("malformed")
    whole, dot, rest = text.partition(".")
    figures = re.match("[0-9]*", rest)
    micros, zone = (figures[0][:6], rest[figures.end() :]) if dot and figures else ("", "")
    plain = f"{whole}.{micros}{zone}" if dot else text
    try:
        at = datetime.fromisoformat(plain.replace("Z", "+00:00")).astimezone(UTC)
        return max(0, round(at.timestamp() * 1_000))
    except (ValueError, OverflowError):
        raise Refused("malformed") from None


def _number(text: str | None) -> float | None:
    """Of what may be left out: what is no number is as if it had not been told. Senders write
    ``NaN`` for a course they don't know."""
    try:
        return None if text is None else number(text)
    except Refused:
        return None


# -- protobuf ---------------------------------------------------------------------------------


def _of_message(payload: bytes, origin: str) -> Sighting | None:
    if len(payload) > MAX_EVENT:
        raise Refused("unreadable")
    message: Any = TakMessage()
    try:
        message.ParseFromString(payload)
    except (DecodeError, ValueError):
        raise Refused("unreadable") from None
    if not message.HasField("cotEvent") or not message.cotEvent.type.startswith("a-"):
        return None
    event = message.cotEvent
    detail = event.detail
    track = detail.track if detail.HasField("track") else None
    battery = detail.status.battery if detail.HasField("status") else 0
    return _sighting(
        kind=event.type,
        how=event.how,
        uid=event.uid,
        callsign=detail.contact.callsign,
        times=(event.sendTime, event.startTime or event.sendTime, event.staleTime),
        point=(event.lat, event.lon, event.ce),
        motion=(None, None) if track is None else (track.speed, track.course),
        battery=battery or None,  # 0 is what is not told there
        origin=origin,
    )


# -- both -------------------------------------------------------------------------------------


def _sighting(
    *,
    kind: str,
    how: str,
    uid: str,
    callsign: str,
    times: tuple[int, int, int],
    point: tuple[float, ...],
    motion: tuple[float | None, float | None],
    battery: float | None,
    origin: str,
) -> Sighting:
    """Raises Refused."""
    said_ms, start_ms, stale_ms = times
    lat, lon, error_m = point
    if not uid or len(uid) > MAX_NAME or len(callsign) > MAX_NAME:
        raise Refused("malformed")
    if not how.startswith(MEASURED) or how.startswith(SIMULATED):
        raise Refused("not-measured")
    if not (abs(lat) <= 90 and abs(lon) <= 180) or not error_m >= 0 or max(times) >= 2**53:
        raise Refused("malformed")
    if lat == lon == 0:
        raise Refused("no-fix")  # what is sent by who has none
    if min(said_ms, stale_ms) <= 0 or stale_ms < start_ms:
        raise Refused("malformed")
    speed, heading = motion
    at = Position(
        lat=lat,
        lon=lon,
        accuracy_m=accuracy_of(None if error_m >= UNKNOWN else error_m),
        heading_deg=heading_of(heading),
        speed_mps=speed_of(speed),
        fixed_ms=min(said_ms, start_ms),
        battery_percent=round(battery) if battery is not None and 0 <= battery <= 100 else None,
    )
    sender = Sender(origin=f"uid {uid}", address=origin, uid=uid, callsign=callsign)
    return Sighting(sender, at, stale_ms, kind_of(kind))


def kind_of(cot_type: str) -> UnitKind:
    atoms = cot_type.split("-", 2)
    rest = atoms[2] if len(atoms) > 2 else ""
    return next((kind for form, kind in KINDS if form.fullmatch(rest)), "other")


class Cutter:
    """Cuts what comes by TCP into events: XML one after another, protobuf each with its length.
    What is longer than an event may be is let go, up to where the next one begins."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, some: bytes) -> Iterator[tuple[bytes, bool] | None]:
        """Each event, and whether it is protobuf; None for what had to be let go."""
        self._rest += some
        while (step := self._next()) is not None:
            yield step[0]
        if len(self._rest) > MAX_EVENT + 16:
            self._rest = b""
            yield None

    def _next(self) -> tuple[tuple[bytes, bool] | None] | None:
        self._rest = self._rest.lstrip(b" \t\r\n\x00")
        if not self._rest:
            return None
        return self._next_message() if self._rest[0] == STREAM else self._next_xml()

    def _next_xml(self) -> tuple[tuple[bytes, bool] | None] | None:
        end = self._rest.find(END)
        if end < 0:
            return None
        event, self._rest = self._rest[: end + len(END)], self._rest[end + len(END) :]
        return ((event, False),)

    def _next_message(self) -> tuple[tuple[bytes, bool] | None] | None:
        size = shift = 0
        for at, byte in enumerate(self._rest[1:5], 2):
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                if size > MAX_EVENT:
                    break
                if len(self._rest) < at + size:
                    return None
                event, self._rest = self._rest[at : at + size], self._rest[at + size :]
                return ((event, True),)
        else:
            if len(self._rest) < 5:
                return None
        following = self._rest.find(b"<", 1)  # nothing tells where another message begins
        self._rest = self._rest[following:] if following >= 0 else b""
        return (None,)
