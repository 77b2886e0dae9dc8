"""What goes on to the site: the newest, once a second and unit; nothing old, stale or ahead."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.events import Position
from console.domain.fixes import AHEAD_MS
from console.gateways.pace import DAY_MS, ROLLOVER_MS, Pace
from console.gateways.sighting import IN_WORDS, Refused, Sender, Sighting, Why
from console.gateways.tally import Tally
from console.gateways.units import GatewayUnit, MappingError, read_mapping

NOW_MS: Final = 1_795_723_200_000
AMB1, AMB2 = GatewayUnit("amb1", uid="1"), GatewayUnit("amb2", uid="2")


def seen(fixed_ms: int, lat: float = 59.0, stale_ms: int = 0) -> Sighting:
    return Sighting(Sender("x"), Position(lat, 10.0, fixed_ms=fixed_ms), stale_ms)


def why(pace: Pace, sighting: Sighting, now_ms: int = NOW_MS) -> Why | None:
    try:
        pace.take(AMB1, sighting, now_ms)
    except Refused as refused:
        return refused.why
    return None


@pytest.mark.parametrize(
    ("sighting", "reason"),
    [
        (seen(NOW_MS), None),
        (seen(NOW_MS + AHEAD_MS), None),
        (seen(NOW_MS + AHEAD_MS + 1), "ahead"),
        (seen(NOW_MS - DAY_MS), None),
        (seen(NOW_MS - DAY_MS - 1), "old"),
        (seen(NOW_MS - ROLLOVER_MS), "week-rollover"),
        (seen(NOW_MS - ROLLOVER_MS + DAY_MS), "week-rollover"),
        (seen(NOW_MS - 2 * ROLLOVER_MS), "week-rollover"),
        (seen(NOW_MS - ROLLOVER_MS + 30 * DAY_MS), "old"),
        (seen(1_150_000_000_000), "old"),  # 2006, by another way
        (seen(NOW_MS, stale_ms=NOW_MS), "stale"),
        (seen(NOW_MS, stale_ms=NOW_MS + 1), None),
        (seen(NOW_MS, lat=float("nan")), "malformed"),
        (seen(NOW_MS, lat=90.1), "malformed"),
    ],
)
def test_each_is_judged(sighting: Sighting, reason: Why | None) -> None:
    assert why(Pace(), sighting) == reason


def test_an_older_fix_is_refused_and_the_same_again_says_nothing_anew() -> None:
    pace = Pace()
    assert why(pace, seen(NOW_MS)) is None
    ((unit, _),) = pace.due(1.0, NOW_MS)
    pace.said(unit, 1.0)
    assert why(pace, seen(NOW_MS - 1)) == "older"
    assert why(pace, seen(NOW_MS)) is None
    assert not list(pace.due(9.0, NOW_MS))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 0.4), st.sampled_from((AMB1, AMB2))), max_size=60))
def test_one_a_second_and_unit_the_newest_wins(steps: list[tuple[float, GatewayUnit]]) -> None:
    pace, now_s = Pace(), 100.0
    said: dict[str, list[tuple[float, int]]] = {"amb1": [], "amb2": []}
    newest: dict[str, int] = {}

    def send() -> None:
        for unit, sighting in tuple(pace.due(now_s, NOW_MS)):
            pace.said(unit, now_s)
            said[unit.unit].append((now_s, sighting.position.fixed_ms))
            assert sighting.position.fixed_ms == newest[unit.unit]

    for number, (step_s, unit) in enumerate(steps):
        now_s += step_s
        newest[unit.unit] = NOW_MS - 60_000 + number
        pace.take(unit, seen(newest[unit.unit]), NOW_MS)
        send()
    now_s += 1.0
    send()
    for unit_key, times in said.items():
        assert all(b[0] - a[0] >= 1.0 for a, b in itertools.pairwise(times))
        assert not newest.get(unit_key) or times[-1][1] == newest[unit_key]


def test_what_waited_for_the_site_goes_on_if_it_is_not_stale_by_then() -> None:
    pace = Pace()
    pace.take(AMB1, seen(NOW_MS, stale_ms=NOW_MS + 120_000), NOW_MS)
    pace.take(AMB2, seen(NOW_MS), NOW_MS)
    for unit, _ in tuple(pace.due(1.0, NOW_MS)):
        pace.said(unit, 1.0)
    pace.all_again()
    assert {unit.unit for unit, _ in pace.due(5.0, NOW_MS + 60_000)} == {"amb1", "amb2"}
    assert {unit.unit for unit, _ in pace.due(5.0, NOW_MS + 120_000)} == {"amb2"}


def test_the_tally_is_in_plain_words() -> None:
    tally = Tally()
    assert tally.in_words() == "0 received, 0 positions sent on (0 units); 0 refused"
    tally.received, tally.sent, tally.ignored = 9, 4, 2
    tally.units = {"amb1"}
    tally.refused["checksum"], tally.refused["stale"] = 1, 2
    assert tally.in_words() == (
        "9 received, 4 positions sent on (1 unit), 2 without a position in them; 3 refused: 2 "
        "stale by their sender's own word, 1 with a wrong or no checksum"
    )
    assert all(words for words in IN_WORDS.values())


# -- the mapping file ------------------------------------------------------------------------------


def write(folder: Path, text: str) -> Path:
    path = folder / "units.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_mapping_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
        [[unit]]
        unit = "amb1"
        call_sign = "AMB 1-1"
        kind = "ambulance"
        address = "192.0.2.17"
        talker = "GP"

        [[unit]]
        unit = "lv1"
        kind = "doctor"
        uid = "ANDROID-1"

        [[unit]]
        unit = "lv1"
        kind = "doctor"
        device = "/dev/ttyUSB0"
        """,
    )
    first, second, third = read_mapping(path)
    assert (first.unit, first.talker, first.kind) == ("amb1", "GP", "ambulance")
    assert (second.unit, third.unit) == ("lv1", "lv1")
    assert read_mapping(write(tmp_path, "")) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[[unit]]\nunit = 'a b'\nuid = 'x'",
            "line 2: unit = 'a b': an id is 1 to 40 of the letters",
        ),
        ('[[unit]]\nunit = "a\\n"\nuid = "x"', "line 2: unit = 'a\\\\n': an id is"),
        ("[[unit]]\nuid = 'x'", "line 1: this entry has no unit; an id is"),
        ("[[unit]]\nunit = 'a'", "line 1: a has nothing that its sender is told by"),
        ("# ours\n\n[[unit]]\nunit = 'a'\nuid = ''", "line 5: uid = '': it is 1 to 128 characters"),
        (
            "[[unit]]\nunit = 'a'\nuid = 'x'\n[[unit]]\n\nunit = 'b'\nuidd = 'x'",
            "line 7: nothing here is called 'uidd'; there are unit, call_sign",
        ),
        (
            "[[unit]]\nunit = 'a'\nuid = 'x'\nkind = 'tank'",
            "line 4: kind = 'tank': a kind is one of ambulance, doctor",
        ),
        (
            f"[[unit]]\nunit = 'a'\ncall_sign = '{'x' * 65}'\nuid = 'x'",
            "line 3: call_sign = .*: a call sign is 1 to 64 characters",
        ),
        (
            "[[unit]]\nunit = 'a'\nuid = 'x'\n[[unit]]\nunit = 'b'\nuid = 'x'",
            "line 4: a and b are told by the same",
        ),
        (
            "[[unit]]\nunit = 'a'\nuid = 'x'\n[[unit]]\nunit = 'a'\nuid = 'y'\nkind = 'fire'",
            "line 4: a stands there twice, as two different things",
        ),
        ("unit = 3", "each unit is an entry that begins with"),
        ("[[units]]\nunit = 'a'", "nothing here is called 'units'"),
        ("[[unit", "this is no TOML"),
        ("[[unit]]\nunit = amb1", "line 2: this is no TOML"),
        ("[[unit]]\nunit = 'a'\ntalker = 'gps'", "line 3: talker = 'gps': a talker is two capital"),
        ("unit = [{unit = 'a b', uid = 'x'}]", "units.toml: unit = 'a b': an id is"),
        ("a = " + "[" * 5_000, "no TOML"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_told_in_a_sentence(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(MappingError, match=told) as error:
        read_mapping(write(tmp_path, text))
    assert not re.search(r"regex|\$\.|`str`|Errno|\^\[", str(error.value))


def test_a_mapping_from_an_editor_of_windows(tmp_path: Path) -> None:
    path = tmp_path / "units.toml"
    path.write_bytes("\ufeff[[unit]]\r\nunit = 'a'\r\nuid = 'Ø'\r\n".encode())
    assert [one.unit for one in read_mapping(path)] == ["a"]
    path.write_bytes("[[unit]]\r\nunit = 'a'\r\nuid = 'Ø'\r\n".encode("cp1252"))
    with pytest.raises(MappingError, match="no text in UTF-8: save it so"):
        read_mapping(path)


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"none\.toml: there is no such file"):
        read_mapping(tmp_path / "none.toml")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120) | st.binary(max_size=120))
def test_whatever_the_file_it_is_a_mapping_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str | bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    try:
        assert isinstance(read_mapping(path), tuple)
    except MappingError as error:
        assert str(error)
