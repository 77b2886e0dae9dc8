"""Sentences and events of the right form with any values: a place, or a reason why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.events import Event, UnitMoved
from console.domain.fixes import is_place
from console.gateways.cot import MESH
from console.gateways.gateway import CotFeed, Feed, Gateway, NmeaFeed
from console.gateways.inputs import Arrivals, Came
from console.gateways.sighting import Sighting
from console.gateways.tally import Tally
from console.gateways.units import GatewayUnit, MappingError, Units, read_mapping

from .sentences import cot, sentence
from .test_cot import LAT, LON, NOW_MS, message

some = settings(max_examples=60, deadline=None)
ODD: Final = st.sampled_from([
    "", "0", "1", "A", "V", "N", "E", "200000", "235960", "240000", "5925.02", "01028.98",
    "9000.00",
    "9060.0", "nan", "inf", "1e5", "1e99", "1_0", "261126", "320126", "010180", "311299", "9999",
    "31", "12", "01", "999999999999", "-1", "+1", ".", "5925.", "1.2", "A" * 40, "ANNN",
])  # fmt: skip


def whole(sighting: Sighting) -> None:
    """A desk can take it as it is told to the site."""
    assert is_place(sighting.position)
    event = Event("01ARZ3NDEKTSV4RRFFQ69G5FAV", 1, "x", 1, UnitMoved("amb1", sighting.position))
    assert msgspec.json.decode(msgspec.json.encode(event), type=Event) == event


@st.composite
def sentences(draw: st.DrawFn) -> bytes:
    fields = draw(st.sampled_from([
        "GPRMC,200000,A,5925.02,N,01028.98,E,1.0,5.0,261126,,,A",
        "GPGGA,235959,5925.02,N,01028.98,E,1,8,1.0,5,M,,M,,",
        "GNGNS,000001,5925.02,N,01028.98,E,AN,8,1.0,5,,,", "GPGLL,5925.02,N,01028.98,E,200000,A,A",
        "GPVTG,5,T,,M,3,N,,K,A", "GPZDA,235959,31,12,9999,00,00", "GPZDA,000001,01,01,0001,00,00",
    ])).split(",")  # fmt: skip
    for _ in range(draw(st.integers(0, 3))):
        fields[draw(st.integers(1, len(fields) - 1))] = draw(ODD)
    return sentence(",".join(fields))


@some
@given(st.lists(st.tuples(sentences(), st.sampled_from([0.0, 0.3, 4_000.0])), max_size=6))
def test_any_figures_of_a_receiver(lines: list[tuple[bytes, float]]) -> None:
    feed = NmeaFeed(Units([GatewayUnit("amb1")]), Tally(), print, lambda: NOW_MS)
    now_s = 1.0
    for line, later_s in lines:
        for _, sighting in (*feed.take(Came(line, address="a"), now_s), *feed.rest(now_s)):
            whole(sighting)
        now_s += later_s
    for _, sighting in feed.rest(now_s + 1.0):
        whole(sighting)


@pytest.mark.parametrize("day", ["31,12,9999", "01,01,0001", "01,01,1", "31,12,1979"])
@pytest.mark.parametrize("clock", ["000001", "235959"])
def test_a_date_at_the_end_of_all_dates_ends_nothing(day: str, clock: str) -> None:
    """The day after it there is none."""
    tally = Tally()
    feed = NmeaFeed(Units([GatewayUnit("amb1")]), tally, print, lambda: NOW_MS)
    place = f"GPGGA,{clock},5925.02,N,01028.98,E,1,8,1.0,5,M,,M,,"
    for body in (f"GPZDA,235959,{day},00,00", place):
        list(feed.take(Came(sentence(body), address="a"), 1.0))
    assert dict(tally.refused) == {"malformed": 1}
    ((_, sighting),) = feed.rest(5.0)
    whole(sighting)


def test_a_fault_of_ours_with_what_waited_does_not_end_the_gateway(tmp_path: Path) -> None:
    class Broken(Feed):
        asked = 0

        def take(self, _came: Came, _now_s: float) -> Any:
            raise AssertionError

        def rest(self, _now_s: float) -> Any:
            Broken.asked += 1
            if Broken.asked >= 2:
                gateway.ended.set()
            raise OverflowError("date value out of range")

    class Away:
        is_ready = False

        def start(self) -> None: ...
        def stop(self) -> None: ...
        def in_words(self) -> str:
            return "away"

    said: list[str] = []
    tally = Tally()
    feed = Broken(Units([]), tally, said.append)
    site = cast(Any, Away())
    gateway = Gateway(feed, (), Arrivals(), site, tally=tally, say=said.append, status_s=60.0)
    gateway.run()
    assert "2 faults of the gateway's own" in said[-1]


TEXTS: Final = st.sampled_from([
    "NaN", "inf", "1e400", "", "0", "91", "59.4", "-1", "1_0", "0x1", "1e308", " 5 ", "5&#10;",
    "&#0;", "&#xD800;", "2026-11-26T20:00:00Z",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
    "2026-11-26T20:00:00.1+99:99", "2026-11-26T24:00:00Z", "a-f-G-U-S-M", "a-", "m", "x" * 129,
])  # fmt: skip
NAMES: Final = ("uid", "kind", "how", "time", "start", "stale", "lat", "lon", "ce")


def all_of(payload: bytes, *, is_message: bool = False) -> None:
    tally = Tally()
    feed = CotFeed(Units([GatewayUnit("amb1")]), tally, print)
    found = list(feed.take(Came(payload, is_message=is_message), 1.0))
    assert len(found) + tally.ignored + sum(tally.refused.values()) == 1
    for _, sighting in found:
        whole(sighting)
        assert 0 < sighting.stale_ms < 2**53


@some
@given(
    st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=3),
    st.tuples(TEXTS, TEXTS, TEXTS, TEXTS),
)
def test_any_values_of_an_event(values: dict[str, str], more: tuple[str, ...]) -> None:
    speed, course, battery, name = more
    usual: dict[str, Any] = {"uid": "T-1", "lat": LAT, "lon": LON, "ms": NOW_MS}
    detail = f'<track speed="{speed}" course="{course}"/><status battery="{battery}"/>' \
        f'<contact callsign="{name}"/>'  # fmt: skip
    all_of(cot(**{**usual, **values, "detail": detail}))


TIMES: Final = st.sampled_from([0, 1, NOW_MS, 2**53 - 1, 2**53, 2**63, 2**64 - 1])
FLOATS: Final = st.floats() | st.sampled_from([59.4, 10.4, -0.0, 1e308])


@some
@given(st.fixed_dictionaries({}, optional={
    "lat": FLOATS, "lon": FLOATS, "ce": FLOATS, "sendTime": TIMES, "startTime": TIMES,
    "staleTime": TIMES, "uid": st.text(max_size=200), "how": st.sampled_from(["", "m-g", "m-s"]),
}), st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=3)), max_size=3))  # fmt: skip
def test_any_values_of_a_message(values: dict[str, Any], damage: list[tuple[int, bytes]]) -> None:
    payload = bytearray(message(**values))
    for at, some_bytes in damage:
        payload[at : at + len(some_bytes)] = some_bytes
    all_of(MESH + bytes(payload))
    all_of(bytes(payload), is_message=True)


KEYS: Final = st.sampled_from(
    ["unit", "call_sign", "kind", "agency", "address", "talker", "uid", "uidd"]
)
VALUES: Final = st.sampled_from([
    "'a'", "'a b'", "''", "3", "true", "[]", "{}", "['a']", "1979-05-27", "nan", "'health'",
    "'GP'", "'fire'", '"a\\n"', "amb1", "'''\n[[unit]]\n'''", "{ a = 1 }", "'" + "x" * 200 + "'",
    "9" * 5_000,
])  # fmt: skip
HEADS: Final = st.sampled_from(
    ["[[unit]]", "[[ unit ]]", "[unit]", "[[units]]", "# x", "", "\ufeff"]
)


@some
@given(
    st.lists(HEADS | st.tuples(KEYS, VALUES).map(" = ".join), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_units_file_is_a_mapping_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed-units.toml"
    path.write_bytes(end.join(lines).encode("utf-8", "surrogatepass"))
    try:
        assert isinstance(read_mapping(path), tuple)
    except MappingError as error:
        assert str(error).startswith(str(path))
        assert "$." not in str(error)
        assert "regex" not in str(error)
