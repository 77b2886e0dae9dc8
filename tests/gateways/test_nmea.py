"""NMEA 0183 against sentences of our own: what is a position, where and when, and what is none."""

from __future__ import annotations

import random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.events import Position
from console.domain.fixes import is_place
from console.gateways.gateway import NmeaFeed
from console.gateways.inputs import Came
from console.gateways.nmea import ESTIMATED_M, QUIET_S, RANGE_ERROR_M, Receiver, read, sentence_of
from console.gateways.sighting import Refused, Sender, Why
from console.gateways.tally import Tally
from console.gateways.units import GatewayUnit, Units

from .sentences import clock, gga, place, rmc, sentence

NOW_MS: Final = 1_795_723_200_000  # 2026-11-26 20:00:00 UTC
LAT, LON = 59.417, 10.483
HERE: Final = place(LAT, LON)


class Line:
    """One receiver at a clock that the test turns."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self.now_ms = now_ms
        self.now_s = 1_000.0
        self.receiver = Receiver(Sender("x"), lambda: self.now_ms)

    def turn(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1_000)
        self.now_s += seconds

    def hear(self, *lines: bytes) -> list[Position]:
        found = []
        for line in lines:
            message = read(line)
            assert message is not None
            sighting = self.receiver.take(message, self.now_s)
            if sighting is not None:
                found.append(sighting.position)
            self.turn(0.01)
        return found

    def rest(self) -> Position:
        self.turn(QUIET_S)
        sighting = self.receiver.rest(self.now_s)
        assert sighting is not None
        assert self.receiver.rest(self.now_s) is None, "told once"
        return sighting.position


def why_refused(*lines: bytes) -> Why:
    with pytest.raises(Refused) as refused:
        Line().hear(*lines)
    return refused.value.why


def near(at: Position, lat: float = LAT, lon: float = LON) -> bool:
    return abs(at.lat - lat) < 1e-6 and abs(at.lon - lon) < 1e-6


# -- what each sentence says -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "talker", ["GP", "GN", "GL", "GA", "GB", "BD", "GQ", "QZ", "GI", "II", "IN"]
)
@pytest.mark.parametrize(
    "body",
    [
        "RMC,200000.00,A,{at},,,261126,,,A",
        "RMC,200000,A,{at},,,261126,,",  # before NMEA 2.3
        "RMC,200000.00,A,{at},,,261126,,,D,V",  # 4.10 has one more
        "GGA,200000.00,{at},1,08,1.2,12.0,M,40.0,M,,",
        "GGA,200000.000,{at},2,08,1.2,12.0,M,40.0,M,1.0,0101",
        "GNS,200000.00,{at},AA,14,0.9,12.0,40.0,,",
        "GNS,200000.00,{at},NNNA,14,0.9,12.0,40.0,,,V",
        "GLL,{at},200000.00,A,A",
        "GLL,{at},200000.00,A",
        "GLL,{at},200000,A,",
    ],
)
def test_each_sentence_with_a_place_gives_it(talker: str, body: str) -> None:
    line = Line()
    line.hear(sentence(talker + body.format(at=HERE)))
    at = line.rest()
    assert near(at)
    assert at.fixed_ms == NOW_MS


@pytest.mark.parametrize(
    ("lat", "lon"), [(-33.9, 18.4), (78.22, 15.65), (70.98, -8.5), (0.5, -0.25), (-0.01, 0.01)]
)
def test_south_and_west_have_their_signs(lat: float, lon: float) -> None:
    line = Line()
    line.hear(rmc(lat, lon, NOW_MS))
    assert near(line.rest(), lat, lon)


def test_the_sentences_of_one_moment_are_one_position() -> None:
    line = Line()
    assert not line.hear(
        gga(LAT, LON, NOW_MS, hdop="2.5"),
        rmc(LAT, LON, NOW_MS),
        sentence("GPVTG,84.4,T,,M,22.4,N,41.5,K,A"),
    )
    (at,) = line.hear(gga(LAT, LON, NOW_MS + 1_000))
    assert at.accuracy_m == pytest.approx(2.5 * RANGE_ERROR_M)
    assert at.heading_deg == pytest.approx(84.4)
    assert at.speed_mps == pytest.approx(22.4 * 1_852 / 3_600)


def test_knots_become_metres_a_second_and_north_is_0() -> None:
    line = Line()
    line.hear(rmc(LAT, LON, NOW_MS, knots="10.0", course="360.0"))
    at = line.rest()
    assert at.speed_mps == pytest.approx(5.14444, abs=1e-5)
    assert at.heading_deg == 0


@pytest.mark.parametrize(("hdop", "metres"), [("0.6", 5.0), ("99.99", 499.95), ("", 0.0)])
def test_the_accuracy_is_no_better_than_a_receiver_can_know(hdop: str, metres: float) -> None:
    line = Line()
    line.hear(gga(LAT, LON, NOW_MS, hdop=hdop))
    assert line.rest().accuracy_m == pytest.approx(metres)


def test_dead_reckoning_is_marked_by_its_accuracy() -> None:
    line = Line()
    line.hear(gga(LAT, LON, NOW_MS, quality="6"))
    assert line.rest().accuracy_m == ESTIMATED_M


def test_an_old_hdop_is_forgotten() -> None:
    line = Line()
    line.hear(gga(LAT, LON, NOW_MS))
    line.rest()
    line.turn(60)
    line.hear(rmc(LAT, LON, NOW_MS + 60_000))
    assert line.rest().accuracy_m == 0


# -- when it was -----------------------------------------------------------------------------------

MIDNIGHT: Final = 1_795_737_600_000  # 2026-11-27 00:00:00 UTC


@pytest.mark.parametrize("skew_s", [-300, 0, 300])
@pytest.mark.parametrize("fixed_ms", [MIDNIGHT - 1_000, MIDNIGHT, MIDNIGHT + 500])
def test_midnight_is_passed_with_and_without_a_date(skew_s: int, fixed_ms: int) -> None:
    """A sentence has but the time of the day; this machine's clock may be on the other day."""
    plain = Line(MIDNIGHT + skew_s * 1_000)
    plain.hear(sentence(f"GPGLL,{HERE},{clock(fixed_ms)},A,A"))
    assert plain.rest().fixed_ms == fixed_ms
    dated = Line(MIDNIGHT + skew_s * 1_000)
    dated.hear(rmc(LAT, LON, MIDNIGHT - 1_000), gga(LAT, LON, MIDNIGHT - 1_000))
    dated.turn((fixed_ms - MIDNIGHT + 1_000) / 1_000)
    dated.hear(gga(LAT, LON, fixed_ms))
    assert dated.rest().fixed_ms == fixed_ms


def test_the_date_is_the_receivers_by_rmc_or_zda() -> None:
    """Not this machine's, which may be wrong by a day."""
    line = Line(NOW_MS + 5 * 86_400_000)
    line.hear(sentence("GPZDA,195959.50,26,11,2026,00,00"))
    line.turn(0.5)
    line.hear(gga(LAT, LON, NOW_MS))
    assert line.rest().fixed_ms == NOW_MS


def test_a_leap_second_is_a_second() -> None:
    line = Line()
    line.hear(sentence(f"GPRMC,195960.00,A,{HERE},,,261126,,,A"))
    assert line.rest().fixed_ms == NOW_MS - 1_000


# -- what is none ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("GPRMC,200000.00,V,{at},,,261126,,,N", "no-fix"),
        ("GPRMC,200000.00,V,,,,,,,261126,,,N", "no-fix"),
        ("GPRMC,,V,,,,,,,,,,N", "no-fix"),
        ("GPRMC,200000.00,V,{at},,,261126,,,E", "no-fix"),
        ("GPRMC,200000.00,A,{at},,,261126,,,N", "no-fix"),
        ("GPRMC,200000.00,A,{at},,,261126,,,S", "not-measured"),
        ("GPRMC,200000.00,A,{at},,,261126,,,M", "not-measured"),
        ("GPRMC,200000.00,A,{at},,,261126,,,Q", "malformed"),
        ("GPRMC,,A,{at},,,261126,,,A", "no-fix"),
        ("GPRMC,200000.00,A,0000.0000,N,00000.0000,E,,,261126,,,A", "no-fix"),
        ("GPGGA,200000.00,0000.00,S,00000.00,W,1,08,1.0,,M,,M,,", "no-fix"),
        ("GPGGA,200000.00,{at},0,00,99.9,,M,,M,,", "no-fix"),
        ("GPGGA,200000.00,,,,,0,00,99.9,,M,,M,,", "no-fix"),
        ("GPGGA,200000.00,{at},,08,1.0,,M,,M,,", "no-fix"),
        ("GPGGA,200000.00,{at},7,08,1.0,,M,,M,,", "not-measured"),
        ("GPGGA,200000.00,{at},8,08,1.0,,M,,M,,", "not-measured"),
        ("GPGGA,200000.00,{at},9,08,1.0,,M,,M,,", "malformed"),
        ("GNGNS,200000.00,{at},NN,00,99.9,,,,", "no-fix"),
        ("GNGNS,200000.00,{at},?,00,99.9,,,,", "malformed"),
        ("GPGLL,{at},200000.00,V,N", "no-fix"),
        ("GPGLL,,,,,200000.00,V,N", "no-fix"),
        ("GPGLL,{at},,A,A", "no-fix"),
        ("GPGLL", "malformed"),
        ("GPGLL,{at}", "malformed"),  # NMEA 1.5: nobody knows when it was
        ("GPGLL,{at},200000.00", "malformed"),
        ("GPGLL,{at},200000.00,A,A,X", "malformed"),
        ("GPGLL,{at},200000.00,Z,A", "malformed"),
        ("GPGLL,{at},200000.00,A,AA", "malformed"),
        ("GPGLL,{at},2000,A,A", "malformed"),
        ("IIGLL,5925.0,N,1028.0,E,200000.00,A,A", "malformed"),
        ("GPRMC,246060.00,A,{at},,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,{at},,,321326,,,A", "malformed"),
        ("GPRMC,200000.00,A,9117.0,N,01028.0,E,,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,5960.0,N,01028.0,E,,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,5925.0,N,18101.0,E,,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,-925.0,N,01028.0,E,,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,5925.0,E,01028.0,N,,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,01028.0,N,5925.0,E,,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,5925.0,,01028.0,,,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,{at},nan,,261126,,,A", "malformed"),
        ("GPRMC,200000.00,A,{at},1_0,,261126,,,A", "malformed"),
        ("GPGGA,200000.00,{at},1,08,inf,12.0,M,40.0,M,,", "malformed"),
    ],
)
def test_what_is_no_good_fix_is_refused_with_its_reason(body: str, why: Why) -> None:
    assert why_refused(sentence(body.format(at=HERE))) == why


def test_the_checksum_is_demanded() -> None:
    good = rmc(LAT, LON, NOW_MS)
    assert why_refused(good.replace(b"RMC", b"RMB")) == "checksum"
    assert why_refused(good[: good.index(b"*")]) == "checksum"
    assert why_refused(good.replace(b"5", b"6", 1)) == "checksum"


def test_a_sentence_that_denies_the_fix_takes_it_from_the_others_of_its_moment() -> None:
    """Whichever comes first."""
    void = rmc(LAT, LON, NOW_MS, status="V", mode="N")
    for order in ((gga(LAT, LON, NOW_MS), void), (void, gga(LAT, LON, NOW_MS))):
        line = Line()
        refused = 0
        for one in order:
            try:
                line.hear(one)
            except Refused as error:
                assert error.why == "no-fix"
                refused += 1
        assert refused >= 1
        line.turn(QUIET_S)
        assert line.receiver.rest(line.now_s) is None


def test_a_malformed_sentence_takes_nothing_from_the_others_of_its_moment() -> None:
    bad = sentence(f"GPGLL,{HERE},200000.00,A,A,X")
    for order in ((rmc(LAT, LON, NOW_MS), bad), (bad, rmc(LAT, LON, NOW_MS))):
        feed, tally = feed_of(GatewayUnit("amb1"))
        assert not list(feed.take(Came(b"".join(order), address="192.0.2.1"), 1.0))
        assert tally.refused == {"malformed": 1}
        ((_, sighting),) = feed.rest(9.0)
        assert near(sighting.position)


@pytest.mark.parametrize(
    "body", ["GPGSV,1,1,00", "HERMC,200000.00,A,{at},,,261126,,,A", "PUBX,00,1", "GPGSA,A,3,,1,1"]
)
def test_other_sentences_and_other_instruments_are_passed_over(body: str) -> None:
    assert read(sentence(body.format(at=HERE))) is None


def test_what_stands_before_a_sentence_is_left_out() -> None:
    plain = rmc(LAT, LON, NOW_MS)
    assert sentence_of(b"UdPbC\x00\\s:GP0001*00\\" + plain) == plain.strip()
    assert sentence_of(b"$GPRMC,2000" + plain) == plain.strip()


# -- a line of senders -----------------------------------------------------------------------------


def feed_of(*units: GatewayUnit, said: list[str] | None = None) -> tuple[NmeaFeed, Tally]:
    tally = Tally()
    say = said.append if said is not None else print
    return NmeaFeed(Units(units), tally, say, lambda: NOW_MS), tally


def test_a_stranger_is_told_once_counted_and_is_nobody() -> None:
    said: list[str] = []
    feed, tally = feed_of(GatewayUnit("amb1", address="192.0.2.1"), said=said)
    for _ in range(3):
        assert not list(feed.take(Came(rmc(LAT, LON, NOW_MS), address="192.0.2.2"), 1.0))
    assert tally.refused["stranger"] == 3
    (sentence_said,) = said
    assert "192.0.2.2" in sentence_said
    assert not list(feed.rest(9.0))


def test_two_receivers_of_one_address_are_told_apart_by_their_talker() -> None:
    feed, _ = feed_of(
        GatewayUnit("amb1", address="192.0.2.1", talker="GP"),
        GatewayUnit("amb2", address="192.0.2.1", talker="GL"),
    )
    both = rmc(LAT, LON, NOW_MS) + rmc(60.0, 11.0, NOW_MS, talker="GL")
    assert not list(feed.take(Came(both, address="192.0.2.1"), 1.0))
    places = {unit.unit: sighting.position.lat for unit, sighting in feed.rest(9.0)}
    assert places == {"amb1": pytest.approx(LAT), "amb2": pytest.approx(60.0)}


def test_one_unit_is_heard_from_one_sender_at_a_time() -> None:
    said: list[str] = []
    feed, tally = feed_of(GatewayUnit("amb1"), said=said)
    list(feed.take(Came(rmc(LAT, LON, NOW_MS), address="192.0.2.1"), 1.0))
    list(feed.take(Came(rmc(60.0, 11.0, NOW_MS), address="192.0.2.2"), 2.0))
    assert tally.refused["second-sender"] == 1
    assert len(said) == 1
    ((_, sighting),) = feed.rest(9.0)
    assert near(sighting.position)
    list(feed.take(Came(rmc(60.0, 11.0, NOW_MS + 99), address="192.0.2.2"), 70.0))
    ((_, sighting),) = feed.rest(79.0)
    assert near(sighting.position, 60.0, 11.0), "the first has been silent for a minute"


# -- the door --------------------------------------------------------------------------------------

GOOD: Final = (
    rmc(LAT, LON, NOW_MS, knots="22.4", course="84.4"),
    gga(LAT, LON, NOW_MS),
    sentence(f"GNGNS,200000.00,{HERE},AA,14,0.9,12.0,40.0,,,V"),
    sentence(f"GPGLL,{HERE},200000.00,A,A"),
    sentence("GPVTG,77.5,T,,M,0.004,N,0.008,K,A"),
    sentence("GPZDA,200000.00,26,11,2026,00,00"),
)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """Good sentences with bytes changed, cut, or fields exchanged; often with a right checksum."""
    line = draw(st.sampled_from(GOOD))
    if draw(st.booleans()):
        fields = line[1 : line.index(b"*")].decode().split(",")
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.integers(0, len(fields) - 1))
            fields[at] = draw(
                st.sampled_from(("", "nan", "-1", "1e9", "9" * 30, "A", "V", "5925.0", "*", ","))
                | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=12)
            )
        return sentence(",".join(fields))
    noise = bytearray(line)
    for _ in range(draw(st.integers(1, 6))):
        noise[draw(st.integers(0, len(noise) - 1))] = draw(st.integers(0, 255))
    return bytes(noise[: draw(st.integers(0, len(noise)))])


@settings(max_examples=500, deadline=None)
@given(st.lists(spoilt() | st.binary(max_size=300) | st.sampled_from(GOOD), max_size=8))
def test_whatever_comes_is_a_position_or_nothing_or_counted(lines: list[bytes]) -> None:
    feed, tally = feed_of(GatewayUnit("amb1"))
    now_s, taken = 1.0, 0
    for line in lines:
        now_s += 0.1
        for _, sighting in (*feed.take(Came(line, address="192.0.2.1"), now_s), *feed.rest(now_s)):
            at = sighting.position
            assert is_place(at)
            assert at.accuracy_m <= 100_000
            assert at.speed_mps is None or at.speed_mps <= 200
            taken += 1
    assert taken <= tally.received
    assert sum(tally.refused.values()) + tally.ignored <= tally.received


def test_a_flood_of_noise_costs_no_position() -> None:
    chance = random.Random(7)
    feed, tally = feed_of(GatewayUnit("amb1"))
    for _ in range(2_000):
        list(feed.take(Came(chance.randbytes(80), address="192.0.2.9"), 1.0))
    list(feed.take(Came(GOOD[0], address="192.0.2.1"), 2.0))
    assert len(list(feed.rest(9.0))) == 1
    assert tally.refused["unreadable"] + tally.refused["checksum"] >= 2_000
