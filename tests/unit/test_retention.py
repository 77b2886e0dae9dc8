"""The site's policy on how long things are kept: read, bounded, and in plain words when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.site.address import SiteError
from console.site.log.retention import (
    BOUNDS_DAYS,
    Retention,
    read_retention,
    retention_of,
)
from console.site.log.subjects import ALARMS, DAY_S, MESSAGES, STREAMS


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
