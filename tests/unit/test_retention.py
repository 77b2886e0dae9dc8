"""The site's policy on how long things are kept: read, bounded, and in plain words when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.domain.events import AlarmRaised, MessageSent
from console.site.address import SiteError
from console.site.log.retention import (
    BOUNDS_DAYS,
    Retention,
    keep_ms,
    read_retention,
    retention_of,
)
from console.site.log.subjects import ALARMS, DAY_S, MESSAGES, STREAM_OF, STREAMS, LogStream


def test_without_a_policy_it_is_as_the_streams_say(tmp_path: Path) -> None:
    kept = read_retention(tmp_path)
    for stream in STREAMS:
        assert kept.max_age_s(stream) == stream.max_age_s


def test_a_policy_changes_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        '[streams]\nunsecured = "refused"\n[retention]\nmessage = 14\n'
    )
    kept = read_retention(tmp_path)
    assert kept.max_age_s(MESSAGES) == 14 * DAY_S
    assert kept.max_age_s(ALARMS) == ALARMS.max_age_s


def test_todays_values_lie_within_the_bounds() -> None:
    for stream in STREAMS:
        least, most = BOUNDS_DAYS[stream.token]
        assert least <= stream.max_age_s / DAY_S <= most


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("[retention]\nalarm = 29", r"alarm = 29: from 30 to 3650 days"),
        ("[retention]\nmessage = 366", r"message = 366: from 1 to 365 days"),
        (
            "[retention]\nmessages = 3",
            r"messages: no such part of the log; use alarm, message,",
        ),
        ("[retention]\nmessage = 1.5", r"takes whole days"),
        ('[retention]\nmessage = "3"', r"takes whole days"),
        ("retention = 3", r"takes whole days"),
        ("[retention\n", r"no TOML"),
    ],
)
def test_a_wrong_policy_says_what_is_wrong(tmp_path: Path, policy: str, sentence: str) -> None:
    (tmp_path / "policy.toml").write_text(policy)
    with pytest.raises(SiteError, match=f"policy.toml: .*{sentence}"):
        read_retention(tmp_path)


@given(st.binary(max_size=200))
@example(b"[retention]\nmessage = 9223372036854775808")
@example(b"\xff")
@example(b"a=" + b"[" * 60_000)
def test_no_policy_makes_it_stumble(policy: bytes) -> None:
    try:
        assert isinstance(retention_of(policy), Retention)
    except ValueError as error:
        assert str(error)


def in_words(days: int) -> str:
    count, unit = (days // 365, "year") if days % 365 == 0 else (days, "day")
    return f"{count} {unit}{'s' * (count > 1)}"


def bounds_in_words(least: int, most: int) -> str:
    one, other = in_words(least), in_words(most)
    same_unit = one.split()[1].rstrip("s") == other.split()[1].rstrip("s")
    return f"{one.split()[0]} to {other}" if same_unit else f"{one} to {other}"


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.token)
def test_the_page_on_privacy_says_how_long(stream: LogStream) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "PRIVACY.md").read_text("utf-8")
    start = f"| {stream.name} (`{stream.token}`) |"
    [row] = [line for line in page.splitlines() if line.startswith(start)]
    *_, kept, bounds = [cell.strip() for cell in row.strip("|").split("|")]
    assert kept == in_words(stream.max_age_s // DAY_S)
    assert bounds == bounds_in_words(*BOUNDS_DAYS[stream.token])


def test_a_desk_shows_each_kind_as_long_as_the_log_says_it_keeps_it() -> None:
    usual = keep_ms({})
    assert usual[MessageSent] == MESSAGES.max_age_s * 1_000
    told = keep_ms({"VB_MESSAGES": 14 * DAY_S, "VB_ALARMS": 0, "VB_OTHER": 7})
    assert told[MessageSent] == 14 * DAY_S * 1_000
    assert AlarmRaised not in told, "for ever"
    assert {kind: ms for kind, ms in told.items() if usual[kind] == ms} == {
        kind: ms for kind, ms in usual.items() if STREAM_OF[kind] not in (MESSAGES, ALARMS)
    }
