"""The site's policy on how long things are kept: read, bounded, and in plain words when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from console.domain.events import AlarmRaised, MessageSent
from console.domain.voice_rights import VoicePolicy
from console.site.address import SiteError
from console.site.log.retention import (
    BOUNDS_DAYS,
    Retention,
    keep_ms,
    read_retention,
    retention_of,
)
from console.site.log.subjects import ALARMS, DAY_S, MESSAGES, STREAM_OF, STREAMS, LogStream
from console.site.node.options import SiteOptions
from console.site.node.policy import check_file
from console.site.node.service import SiteService
from console.site.services.voice_policy import ALLOWED


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
    ("policy", "told"),
    [
        ('[voice]\nunsecured = "maybe"', r"unsecured = 'maybe': it takes \"refuse\", \"mark\""),
        ("[voice]\nrekey_hours = -1", "rekey_hours = -1: it takes a number of hours from 2 to 168"),
        ("[voice]\nrekey_hours = nan", "rekey_hours = nan: it takes a number of hours"),
        ("[voice]\nrekey_hours = inf", "rekey_hours = inf: it takes"),
        ("[voice]\nrekey = 3", "rekey: there is no such setting; use unsecured, rekey_hours"),
        ('[[voice.listed]]\ntalkgroup = "a"\nhosts = "b"', r"listed = .*\[\[voice.listed\]\]"),
        ("voice = 3", r"\[voice\] is a table of unsecured"),
        ('[voise]\nunsecured = "mark"', r"voise: there is no such .* \[retention\] and \[voice\]"),
        ("nonsense = 1", "nonsense: there is no such section or setting"),
        ("[retention]\nalarm = true", "alarm takes whole days, from 30 to 3650: True"),
        ("[retention", "this is no TOML"),
        ("a = " + "[" * 5_000, "this is no TOML"),
    ],
)
def test_a_site_does_not_start_with_a_policy_that_cant_be_meant(
    policy: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "policy.toml").write_text(policy)
    service = SiteService(SiteOptions(tmp_path, "Prøvesiden", "127.0.0.1"))
    with pytest.raises(SiteError, match=told) as raised:
        service.start()
    service.close()
    assert str(tmp_path / "site" / "policy.toml") in str(raised.value)


def test_whatever_a_policy_may_hold_is_told() -> None:
    assert tuple(ALLOWED) == VoicePolicy.__struct_fields__


def test_a_whole_policy_that_can_be_meant(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        '[voice]\nunsecured = "mark"\nrekey_hours = 12\n[[voice.listed]]\ntalkgroup = "lv1"\n'
        'host = "old-gateway.local"\n[voice.profiles]\nlv1 = "AEAD_AES_128_GCM"\n'
        "[retention]\nalarm = 90\n"
    )
    check_file(tmp_path)


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
