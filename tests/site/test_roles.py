"""A home that has enrolled as each of the five roles: what its commands do, and may not."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from console.commands.site_voice import site_voice
from console.commands.talk_floor import floor_of
from console.domain.roles import MEMBER_ROLES, MemberRole
from console.site.address import SiteError
from console.site.find import ORDER, enrolled_as, enrolled_at, find_site
from console.site.security import identity

from .enrolling import Site, running
from .test_enrol_command import Said, vaktbord

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


@pytest.fixture(scope="module")
def homes(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[MemberRole, Path]:
    """A machine of each role."""
    homes = {role: tmp_path_factory.mktemp(role) for role in MEMBER_ROLES}
    for role, home in homes.items():
        site.enrol(home, f"m-{role}", role)
    return homes


RAISE = ("alarm", "raise", "--unit", "v1")
ACK = ("alarm", "ack")
MESSAGE = ("message", "send", "--to", "v1", "--text", "Hei", "--anyway")
MAY: dict[MemberRole, tuple[bool, bool, bool, bool]] = {
    "operator": (True, True, True, True),
    "trainer": (True, False, True, True),
    "reception": (True, False, True, True),
    "gateway": (True, False, True, True),
    "observer": (False, False, False, False),
}
"""Raises an alarm, acknowledges one, sends a message, reads messages. Written by hand."""


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(role, marks=[pytest.mark.long] if role in {"operator", "trainer"} else [])
        for role in MEMBER_ROLES
    ],
)
def test_each_role_uses_the_site_from_a_shell_as_what_it_is(
    role: MemberRole, site: Site, homes: dict[MemberRole, Path]
) -> None:
    home = homes[role]
    told = vaktbord(home, "state")
    assert (told.returncode, "Prøvesiden" in told.stdout) == (0, True), told
    assert ("left out" in told.stderr) == (role == "observer")
    assert vaktbord(home, "alarm", "list").returncode == 0
    assert vaktbord(home, "events").returncode == 0
    alarm = raised(homes["operator"], role == "operator")
    may_raise, may_answer, may_send, may_read = MAY[role]
    for may, said in (
        (may_raise, vaktbord(home, *RAISE)),
        (may_answer, vaktbord(home, *ACK, alarm)),
        (may_send, vaktbord(home, *MESSAGE)),
        (may_read, vaktbord(home, "message", "list")),
        (may_read, vaktbord(home, "events", "--kind", "message-sent")),
    ):
        _is_done_or_told(may, role, said)


@functools.cache
def raised(home: Path, _own: bool) -> str:
    """The id of an alarm that nobody has acknowledged, the operator's own or all others'."""
    said = vaktbord(home, *RAISE, "--json")
    return str(msgspec.json.decode(said.stdout)["alarm"])


def _is_done_or_told(may: bool, role: MemberRole, said: Said) -> None:
    if may:
        assert said.returncode == 0, said
        return
    assert said.returncode == 1, said
    assert f"enrolled as m-{role}, {role}" in said.stderr
    assert "Traceback" not in said.stderr
    assert "no desk would understand" not in said.stderr


@pytest.mark.parametrize("role", MEMBER_ROLES)
def test_each_role_has_its_voice_and_its_floor(
    role: MemberRole, homes: dict[MemberRole, Path]
) -> None:
    home = homes[role]
    with site_voice(home, use="publish") as voice:
        assert voice.ring is not None
        assert voice._policy is not None, "the site has told it"
    address = floor_of(home)
    assert address is not None
    assert address.identity.role == role


def test_which_of_several_identities_speaks_is_a_rule(site: Site, tmp_path: Path) -> None:
    assert enrolled_at(tmp_path) is None
    for role in reversed(ORDER["desk"]):
        site.enrol(tmp_path, f"n-{role}", role)
        assert enrolled_as(tmp_path) == role, "the one that comes first of those there are"
    assert enrolled_as(tmp_path, "publish") == "gateway"
    assert enrolled_as(tmp_path, "exercise") == "trainer"
    assert find_site(tmp_path, interface="127.0.0.1", seconds=0.1).identity.role == "operator"


def test_no_other_identity_steps_in_for_one_that_is_over(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.enrol(tmp_path, "o-trainer", "trainer")
    site.enrol(tmp_path, "o-operator")
    then = site.address.identity.certificate().not_valid_before_utc
    monkeypatch.setattr(
        identity, "ended", lambda folder: then if folder.name == "operator" else None
    )
    with pytest.raises(SiteError, match="enrol again"):
        enrolled_at(tmp_path)


def test_an_exercise_needs_a_trainer_and_says_what_there_is_instead(
    homes: dict[MemberRole, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.streams.browse.find_sites", lambda *_: ())
    with pytest.raises(SiteError, match="enrolled as reception; here it would need trainer"):
        find_site(homes["reception"], interface="127.0.0.1", use="exercise", seconds=0.1)
