"""In which groups a desk has voice, where their sessions are, and what is never heard in them."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import protocol as p
from console.cli import command_parser
from console.commands.station import Station
from console.desk.group_rules import MAX_HERE, groups_here
from console.desk.group_voice import GroupVoice
from console.domain.group import Group
from console.domain.held_keys import HeldKeys
from console.domain.mark import Mark
from console.domain.voice_rights import VoicePolicy
from console.streams.announce import AnnounceError, Offer
from console.streams.announcement import Announcement, Service, read_stream
from console.streams.group_session import (
    host_of_group,
    is_session,
    offer_of,
    session,
    session_stream,
)
from console.streams.keys import KeysError
from tests.unit import test_voice_plan as plans
from tests.unit.test_call_streams import Ring, Told

GROUP = "G-64SRY9ZZ"
DOCUMENTED = "dgna-cd4c27f78a47.local"  # docs/PROTOCOL.md


def group(key: str, *members: str, ended: bool = False, number: int = 1) -> Group:
    formed = Mark(f"{number:026d}", 0, "desk", "")
    return Group(
        key, key.upper(), formed, members, 1,
        ended=msgspec.structs.replace(formed, id=f"{number + 1:026d}") if ended else None,
    )  # fmt: skip


# -- where a group's session is ------------------------------------------------------------------


def test_every_member_finds_the_same_session_without_being_told() -> None:
    found = session(GROUP, "Skred", plans.key(1), "10.0.0.1")
    assert found == session(GROUP, "Skred", plans.key(1), "10.0.0.2")
    assert found.stream == session_stream(GROUP)
    assert (found.group or "").startswith("239.79.")
    assert (session(GROUP, "Skred", plans.key(1), "fe80::1").group or "").startswith("ff15:7a::")
    later = session(GROUP, "Skred 2", plans.key(2), "10.0.0.1")
    same = {"stream", "talkgroup", "host", "port", "payload_type", "group"}
    assert all(getattr(found, one) == getattr(later, one) for one in same), "new key, same place"


def test_it_is_where_the_protocol_says() -> None:
    first, second, *_ = number = hashlib.sha256(GROUP.encode()).digest()
    found = session(GROUP, "Skred", plans.key(1), None)
    assert found.group == f"239.79.{first}.{second}"
    assert (found.port, found.payload_type) == (5_004, 111)
    assert found.stream == f"{GROUP}@dgna-{number.hex()[:12]}.local" == f"{GROUP}@{DOCUMENTED}"
    six = session(GROUP, "Skred", plans.key(1), "fe80::1").group
    assert ipaddress.ip_address(six or "") == ipaddress.ip_address(
        f"ff15:7a::{first:02x}{second:02x}"
    )


@pytest.mark.parametrize("given", [["--talkgroup", GROUP], ["--talkgroup", "G1", "--formed"]])
def test_a_shell_sends_in_the_session_under_the_site_s_key_or_not_at_all(given: list[str]) -> None:
    line = ["publish", "sound.wav", *given]
    with pytest.raises(KeysError, match="--site-key"):
        Station(command_parser("publish").parse_args(line), None)
    made = Station(command_parser("publish").parse_args([*line, "--site-key"]), None)
    where = session(given[1], "x", plans.key(1), None)
    assert (made.host, made.group, made.port) == (where.host, where.group, where.port)
    own = command_parser("publish").parse_args(["publish", "sound.wav", "--talkgroup", "lv1"])
    assert Station(own, None).host is None


def test_what_is_announced_of_it_is_read_back_as_it_is() -> None:
    found = session(GROUP, "Skred", plans.key(1), None)
    offer = offer_of(found)
    text = b"".join(
        bytes([len(one)]) + one
        for one in (f"{k}={v}".encode() for k, v in offer.properties().items())
    )
    assert read_stream(Service(offer.name, found.host, offer.port, text)) == found


@given(st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True), st.text(min_size=1, max_size=40))
def test_a_session_is_known_by_its_host_and_no_other_station_is_one(key: str, other: str) -> None:
    assert is_session(session_stream(key))
    assert not is_session(f"{key}@{host_of_group(key + 'x')}")
    assert not is_session(f"{key}@gateway.local")
    assert not is_session(other)
    long = session(key, "Æ" * 60, plans.key(1), None)
    assert 0 < len(long.name.encode()) <= 63


# -- in which groups a desk has voice ------------------------------------------------------------


def test_a_desk_has_voice_where_it_is_a_member_and_the_group_is_not_over() -> None:
    groups = {
        one.key: one
        for one in (
            group("later", "two", number=9),
            group("ours", "two", "three"),
            group("theirs", "three"),
            group("over", "two", ended=True),
        )
    }
    assert list(groups_here(groups, "two")) == ["ours", "later"]
    assert groups_here(groups, "") == {}
    many = {f"g{n}": group(f"g{n}", "two", number=n) for n in range(MAX_HERE + 9)}
    assert list(groups_here(many, "two")) == [f"g{n}" for n in range(MAX_HERE)]


# -- what is heard of it -------------------------------------------------------------------------


def ears(policy: VoicePolicy = plans.STRICT) -> tuple[Any, Ring]:
    ring = Ring()
    ring.all[GROUP] = HeldKeys(plans.key(1))
    return plans.listening(ring, policy), ring


def test_a_session_is_heard_under_the_group_s_keys_and_kept_when_they_change() -> None:
    ear, ring = ears()
    here = session(GROUP, "Skred", plans.key(1), None)
    assert [type(one) for one in ear.announced(here)] == [p.SetKeys, p.Listen]
    ring.all[GROUP] = HeldKeys(plans.key(2))
    told = ear.announced(session(GROUP, "Skred", plans.key(2), None))
    assert [type(one) for one in told] == [p.SetKeys], "without listening anew"
    assert ear.end([here.stream]) == (p.Drop(here.stream),)
    assert ear.end([here.stream]) == ()
    assert ear.known() == ()


@pytest.mark.parametrize("policy", ["refuse", "mark", "allow"])
def test_a_formed_group_is_never_heard_in_the_clear_whatever_the_policy(policy: Any) -> None:
    ear, _ = ears(VoicePolicy(unsecured=policy))
    opened = plans.stream(None, GROUP)
    ear.groups_are(frozenset({GROUP}))
    assert ear.announced(opened) == ()
    assert "never is without" in ear.unheard[opened.stream] or policy == "refuse"
    ear, _ = ears(VoicePolicy(unsecured=policy))
    before = ear.announced(opened)  # before the site has told of the group
    after = ear.groups_are(frozenset({GROUP}))
    assert after == ((p.Drop(opened.stream),) if before else ())


# -- announcing ----------------------------------------------------------------------------------


class Announces(Told):
    def __init__(self) -> None:
        super().__init__()
        self.hosts: list[str | None] = []
        self.fails = False

    def announce(self, offer: Offer, *, host: str | None = None) -> str:
        if self.fails:
            raise AnnounceError("more than 512 announcements from one station")
        self.hosts.append(host)
        return super().announce(offer)


def voice() -> tuple[GroupVoice, Ring, Announces]:
    ring, told = Ring(), Announces()
    return GroupVoice(ring, None, announcer=lambda: told), ring, told


def found_of(made: GroupVoice) -> Announcement:
    found = made.session(GROUP, "Skred")
    assert found is not None
    return found


def test_a_session_is_there_with_the_first_key_and_announced_under_the_group_s_own_host() -> None:
    made, ring, told = voice()
    made.join(GROUP)
    assert ring.sends == [GROUP]
    assert made.session(GROUP, "Skred") is None, "without a key nothing is heard, nor sent"
    ring.all[GROUP] = HeldKeys(plans.key(1))
    for _ in range(3):
        made.announce(found_of(made))
    assert (told.said, told.hosts) == (["announce"], [host_of_group(GROUP)])
    ring.all[GROUP] = HeldKeys(plans.key(2))
    made.announce(found_of(made))
    assert told.said == ["announce", "change"]
    assert [one.kid for one in told.standing.values()] == [plans.key(2).kid]
    made.leave(GROUP)
    assert ring.forgotten == [GROUP]
    assert not told.standing
    made.withdraw(GROUP)
    made.stop()
    made.announce(session(GROUP, "Skred", plans.key(1), None))  # a timer is late
    assert told.said[-2:] == ["withdraw", "close"]


def test_a_session_that_can_t_be_announced_is_heard_all_the_same_and_complained_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made, ring, told = voice()
    ring.all[GROUP] = HeldKeys(plans.key(1))
    told.fails = True
    for _ in range(5):
        made.announce(found_of(made))
    assert len([one for one in caplog.records if "could not be announced" in one.message]) == 1
    told.fails = False
    made.announce(found_of(made))
    assert told.standing
