"""Cursor-on-Target against events of our own: XML and protobuf, good ones, bombs and nonsense."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.fixes import is_place
from console.gateways import cot as door
from console.gateways.cot import MAX_EVENT, MESH, Cutter, kind_of, read, read_message
from console.gateways.gateway import CotFeed
from console.gateways.inputs import Came
from console.gateways.sighting import Refused, Sighting, Why
from console.gateways.tak import TakMessage
from console.gateways.tally import Tally
from console.gateways.units import GatewayUnit, Units

from .sentences import cot, iso

NOW_MS: Final = 1_795_723_200_123
LAT, LON = 59.417, 10.483
DETAIL: Final = (
    '<contact callsign="AMB 1-1" endpoint="*:-1:stcp"/><track course="84.4" speed="11.5"/>'
    '<status battery="78"/><remarks>fictional</remarks>'
)


def found(payload: bytes) -> Sighting:
    sighting = read(payload)
    assert sighting is not None
    return sighting


def why(payload: bytes) -> Why:
    with pytest.raises(Refused) as refused:
        read(payload)
    return refused.value.why


def message(**fields: Any) -> bytes:
    made: Any = TakMessage()
    event = made.cotEvent
    usual = {
        "uid": "T-1", "type": "a-f-G-U-C", "how": "m-g", "lat": LAT, "lon": LON, "ce": 9.5,
        "sendTime": NOW_MS, "startTime": NOW_MS, "staleTime": NOW_MS + 120_000,
    }  # fmt: skip
    for name, value in {**usual, **fields}.items():
        setattr(event, name, value)
    event.detail.contact.callsign = "AMB 1-1"
    event.detail.track.speed = 11.5
    event.detail.track.course = 84.4
    event.detail.status.battery = 78
    return bytes(made.SerializeToString())


@pytest.mark.parametrize("payload", [cot("T-1", LAT, LON, NOW_MS, detail=DETAIL), MESH + message()])
def test_xml_and_protobuf_say_the_same(payload: bytes) -> None:
    sighting = found(payload)
    at = sighting.position
    assert (at.lat, at.lon, at.accuracy_m) == (LAT, LON, 9.5)
    assert (at.speed_mps, at.heading_deg, at.battery_percent) == (11.5, 84.4, 78)
    assert at.fixed_ms == NOW_MS
    assert sighting.stale_ms == NOW_MS + 120_000
    assert (sighting.sender.uid, sighting.sender.callsign) == ("T-1", "AMB 1-1")


def test_the_time_of_the_fix_is_the_earlier_of_time_and_start() -> None:
    payload = cot("T-1", LAT, LON, NOW_MS, start=iso(NOW_MS - 5_000))
    assert found(payload).position.fixed_ms == NOW_MS - 5_000


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-26T20:00:00.123Z",
        "2026-11-26T21:00:00.123+01:00",
        "2026-11-26T20:00:00.123456789Z",
    ],
)
def test_times_with_any_zone_and_any_figures(text: str) -> None:
    assert found(cot("T-1", LAT, LON, NOW_MS, time=text)).position.fixed_ms == NOW_MS


@pytest.mark.parametrize(
    "ce", ["9999999", "9999999.0", "0", "0.0"]
)  # the last: nobody is that exact
def test_an_unknown_error_is_no_accuracy(ce: str) -> None:
    assert found(cot("T-1", LAT, LON, NOW_MS, ce=ce)).position.accuracy_m == 0


def test_what_may_be_left_out_and_makes_no_sense_is_as_if_it_had_not_been_told() -> None:
    detail = '<track course="NaN" speed="-1"/><status battery="full"/>'
    at = found(cot("T-1", LAT, LON, NOW_MS, detail=detail)).position
    assert (at.heading_deg, at.speed_mps, at.battery_percent) == (None, None, None)


@pytest.mark.parametrize(
    ("cot_type", "kind"),
    [
        ("a-f-A-C-H", "helicopter"), ("a-f-A-M-H-Q", "helicopter"), ("a-f-G-U-S-M", "ambulance"),
        ("a-n-G-U-U-L", "police"), ("a-f-G-U-C", "other"), ("a-f", "other"), ("a-", "other"),
        ("a-f-A-C-F", "other"),
    ],
)  # fmt: skip
def test_the_kind_by_the_type(cot_type: str, kind: str) -> None:
    assert kind_of(cot_type) == kind


@pytest.mark.parametrize("kind", ["t-x-c-t", "t-x-d-d", "b-m-p-s-m", "u-d-f", "b-t-f", "", "af"])
def test_what_is_nobodys_place_is_passed_over(kind: str) -> None:
    assert read(cot("T-1", LAT, LON, NOW_MS, kind=kind)) is None
    assert read(MESH + message(type=kind)) is None


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"lat": "NaN"}, "malformed"), ({"lat": "inf"}, "malformed"), ({"lat": "91"}, "malformed"),
        ({"lon": "-180.01"}, "malformed"), ({"lat": ""}, "malformed"),
        ({"lat": "5_9"}, "malformed"),
        ({"lat": "٥٩"}, "malformed"), ({"lat": "0x3b"}, "malformed"), ({"ce": "-1"}, "malformed"),
        ({"ce": "NaN"}, "malformed"), ({"lat": "1e400"}, "malformed"), ({"lat": 59, "lon": 181},
        "malformed"), ({"lat": 0, "lon": "0.0"}, "no-fix"), ({"how": "h-e"}, "not-measured"),
        ({"how": ""}, "not-measured"), ({"how": "m-s"}, "not-measured"),
        ({"time": "yesterday"}, "malformed"), ({"stale": "never"}, "malformed"),
        ({"time": "2026-13-26T20:00:00Z"}, "malformed"), ({"time": "2026-11-26T20:00:00"},
        "malformed"), ({"stale_ms": -1}, "malformed"), ({"uid": ""}, "malformed"),
        ({"uid": "x" * 129}, "malformed"),
    ],
)  # fmt: skip
def test_what_is_no_position_is_refused_with_its_reason(wrong: dict[str, Any], reason: Why) -> None:
    usual: dict[str, Any] = {"uid": "T-1", "lat": LAT, "lon": LON, "ms": NOW_MS}
    assert why(cot(**{**usual, **wrong})) == reason


@pytest.mark.parametrize(
    "wrong",
    [
        {"lat": float("nan")}, {"lon": float("inf")}, {"lat": 90.1}, {"ce": float("nan")},
        {"ce": -1.0}, {"uid": ""}, {"staleTime": 0}, {"staleTime": NOW_MS - 1},
        {"sendTime": 2**63, "startTime": 2**63, "staleTime": 2**63 + 1},
    ],
)  # fmt: skip
def test_what_is_no_position_is_refused_in_protobuf_too(wrong: dict[str, Any]) -> None:
    assert why(MESH + message(**wrong)) == "malformed"


BOMB: Final = b"""<?xml version="1.0"?><!DOCTYPE event [<!ENTITY a "ha">%s]>
<event version="2.0" uid="&z;" type="a-f-G" how="m-g"><point lat="59" lon="10" ce="1"/></event>"""
LAUGHS: Final = b"".join(
    b'<!ENTITY %c "%s">' % (this, (b"&%c;" % before) * 10)
    for before, this in zip(range(97, 122), range(98, 123), strict=True)
)


@pytest.mark.parametrize(
    "payload",
    [
        BOMB % LAUGHS,
        BOMB % (b'<!ENTITY z "' + b"x" * 50_000 + b'">'),
        BOMB.replace(b"%s", b'<!ENTITY z SYSTEM "file:///etc/passwd">'),
        BOMB.replace(b"%s", b'<!ENTITY % p SYSTEM "http://192.0.2.1/x">%p;'),
        b'<!DOCTYPE event SYSTEM "http://192.0.2.1/x.dtd"><event/>',
        b"<!DOCTYPE event><event type='a-f'/>",
        b"<event uid='&unknown;'/>",
        b"<event>" * 9_000,
        b"<a>" * 20_000 + b"</a>" * 20_000,
        b"<point/>", b"", b"\x00" * 100, b"\xff\xfe<\x00", b"<event", b"hello", b"<event/><event/>",
        b'<?xml version="1.0" encoding="utf-7"?><event/>', b"\xbf", b"\xbf\x01", MESH + b"\xff" * 9,
        b" " * (MAX_EVENT + 1),
    ],
)  # fmt: skip
def test_bombs_entities_and_nonsense_are_refused_at_once(payload: bytes) -> None:
    begun = time.perf_counter()
    try:
        assert read(payload) is None
    except Refused as refused:
        assert refused.why in ("unreadable", "malformed")
    assert time.perf_counter() - begun < 1.0


# -- a stream --------------------------------------------------------------------------------------


def varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*made, number))


def framed(payload: bytes) -> bytes:
    return b"\xbf" + varint(len(payload)) + payload


@settings(max_examples=200, deadline=None)
@given(st.lists(st.booleans(), max_size=6), st.integers(1, 700))
def test_a_stream_is_cut_into_its_events_wherever_it_is_torn(kinds: list[bool], piece: int) -> None:
    events = [
        message(uid=f"T-{n}") if is_message else cot(f"T-{n}", LAT, LON, NOW_MS, detail=DETAIL)
        for n, is_message in enumerate(kinds)
    ]
    stream = b"\n".join(
        framed(one) if is_message else one for one, is_message in zip(events, kinds, strict=True)
    )
    cutter, taken = Cutter(), []
    for start in range(0, len(stream), piece):
        for one in cutter.feed(stream[start : start + piece]):
            assert one is not None
            taken.append(one)
    assert taken == list(zip(events, kinds, strict=True))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=200) | st.just(b"\xbf\xff\xff\xff\xff\x01"), max_size=10))
def test_noise_in_a_stream_ends_nothing_and_the_next_event_is_found(noise: list[bytes]) -> None:
    cutter = Cutter()
    for some in noise:
        list(cutter.feed(some))
    taken: list[object] = []
    for _ in range(80):  # what noise may have promised is an event's length at most
        taken += cutter.feed(cot("T-1", LAT, LON, NOW_MS, detail="<x>" + "y" * 2_000 + "</x>"))
    assert taken
    good = [one for one in taken if one and not one[1] and read_or_none(one[0])]  # type: ignore[index]
    assert good


def read_or_none(payload: bytes) -> Sighting | None:
    try:
        return read(payload)
    except Refused:
        return None


def test_a_stream_without_end_is_let_go() -> None:
    cutter = Cutter()
    let_go = 0
    for _ in range(10):
        let_go += sum(one is None for one in cutter.feed(b"<event>" + b"x" * 20_000))
    assert let_go >= 2
    assert len(cutter._rest) < 2 * MAX_EVENT


# -- senders, and the door -------------------------------------------------------------------------


def feed_of(*units: GatewayUnit, said: list[str] | None = None) -> tuple[CotFeed, Tally]:
    tally = Tally()
    return CotFeed(Units(units), tally, said.append if said is not None else print), tally


def test_units_are_told_by_uid_or_callsign_and_nobody_is_shown_as_another() -> None:
    said: list[str] = []
    feed, tally = feed_of(
        GatewayUnit("amb1", uid="T-1"), GatewayUnit("amb2", callsign="AMB 1-2"),
        GatewayUnit("amb3", uid="T-3", callsign="AMB 1-3"), said=said,
    )  # fmt: skip

    def unit_of(uid: str, callsign: str) -> str:
        detail = f'<contact callsign="{callsign}"/>'
        payload = cot(uid, LAT, LON, NOW_MS, detail=detail)
        return "".join(unit.unit for unit, _ in feed.take(Came(payload), 1.0))

    assert unit_of("T-1", "anything") == "amb1"
    assert unit_of("T-2", "AMB 1-2") == "amb2"
    assert unit_of("T-3", "AMB 1-3") == "amb3"
    assert unit_of("T-3", "AMB 1-2") == "", "the callsign is another's"
    assert unit_of("T-9", "AMB 1-2") == "", "a second sender with that callsign"
    assert unit_of("T-1", "AMB 1-2") == "", "fits two"
    assert unit_of("T-8", "Nobody") == ""
    assert dict(tally.refused) == {"second-sender": 2, "ambiguous": 1, "stranger": 1}
    assert len(said) == 4


GOOD: Final = (cot("T-1", LAT, LON, NOW_MS, detail=DETAIL), MESH + message())


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    noise = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(noise) - 1))
        with_what = draw(st.binary(min_size=1, max_size=4) | st.sampled_from((b"&", b"NaN", b"<")))
        noise[at : at + draw(st.integers(0, 3))] = with_what
    return bytes(noise[: draw(st.integers(0, len(noise)))] if draw(st.booleans()) else noise)


@settings(max_examples=500, deadline=None)
@given(spoilt() | st.binary(max_size=200) | st.binary(max_size=200).map(lambda b: MESH + b))
def test_whatever_comes_is_a_position_or_nothing_or_counted(payload: bytes) -> None:
    feed, tally = feed_of(GatewayUnit("amb1"))
    for is_message in (False, True):
        for _, sighting in feed.take(Came(payload, is_message=is_message), 1.0):
            assert is_place(sighting.position)
            assert sighting.position.accuracy_m <= 100_000
            assert 0 < sighting.stale_ms < 2**53
    taken = tally.received - tally.ignored - sum(tally.refused.values())
    assert 0 <= taken <= 2


def test_a_message_of_a_stream_is_read_as_one_of_the_mesh() -> None:
    one, other = read_message(message()), found(MESH + message())
    assert one == other
    assert door.END == b"</event>"


def test_the_sound_library_has_its_own_messages_beside_these() -> None:
    """Both name a file ``track.proto``."""
    names = ("console.gateways.tak", "livekit.rtc")
    for one, other in (names, names[::-1]):
        subprocess.run([sys.executable, "-c", f"import {one}, {other}"], check=True)
