"""What each role is shown from a shell, and the word it gets where it may not or is not the one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from subprocess import DEVNULL, PIPE, Popen
from typing import Final, get_args

import pytest

from console.cli import main
from console.commands import events
from console.domain.events import AlarmRaised, CalloutSent, MessageSent
from console.domain.roles import MemberRole
from console.site.visit import spool_of, visit

from .enrolling import Site, running

pytestmark = pytest.mark.system

ROLES: Final = get_args(MemberRole)
LISTS: Final = {
    ("alarm", "list"): "A-1", ("message", "list"): "fiktiv beskjed",
    ("message", "stored", "list"): "No stored texts.", ("callout", "list"): "C-1",
    ("group", "list"): "No groups.", ("call", "list"): "No calls.",
    ("duty", "list"): "No duties.", ("pin", "list"): "No pins.",
    ("landmark", "list"): "No landmarks.", ("state",): "A-1", ("events",): "A-1",
}  # fmt: skip
HIDDEN: Final = {"message": "message", "callout": "callout"}
"""From an observer, who follows along and reads what nobody writes to him."""
UNSAID: Final = "It was NOT said and is NOT kept: use your voice"
ON_THE_SITE: Final = (
    ("enrol", "--list"), ("enrol", "--name", "lv9"), ("person", "list"), ("site", "--nodes"),
    ("site", "--status"), ("site", "--stop"), ("keys", "list"),
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("roles")
    with running(folder / "site-home") as site:
        for role in ROLES:
            address = site.enrol(folder / role, f"m-{role}", role)
            if role == "operator":
                with visit(address, spool=spool_of(folder / role)) as guest:
                    guest.read_all()
                    guest.deliver(AlarmRaised("A-1", "u1"))
                    guest.deliver(MessageSent("u1", "fiktiv beskjed"))
                    guest.deliver(CalloutSent("C-1", ("u1",), "fiktiv"))
        yield site


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_a_role_is_shown_what_it_may_see_and_told_what_it_may_not(
    site: Site, role: MemberRole, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(site, role, *words)
    told = capsys.readouterr()
    if role == "observer" and words[0] in HIDDEN:
        assert code == 1
        assert told.err.endswith(f"observer: that role may not read {HIDDEN[words[0]]}\n")
        return
    assert (code, LISTS[words] in told.out) == (0, True)
    assert "Traceback" not in told.err
    assert ("left out" in told.err) is (role == "observer" and words[0] in ("state", "events"))
    assert "audit" not in told.err, "of which neither shows anything"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("alarm", "raise", "--unit", "u1"), "alarm-raised is not for that role to say"),
        (("message", "send", "--to", "u1", "--text", "x"), "may not read message"),
        (("callout", "send", "--to", "u1", "--text", "x"), "may not read callout"),
    ],
)
def test_what_a_role_may_not_say_is_said_to_be_unsaid(
    site: Site, words: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site, "observer", *words) == 1
    told = capsys.readouterr().err
    assert why in told
    assert told.endswith(f"{UNSAID}\n")


@pytest.mark.parametrize("words", ON_THE_SITE, ids=" ".join)
def test_what_is_done_on_the_sites_machine_starts_no_second_site(
    site: Site, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """To be told to start one here would take this position away from its site."""
    assert run(site, "observer", *words) == (1 if words[0] == "keys" else 3)
    told = capsys.readouterr().err
    assert "is a position of Prøvesiden (observer). Do this on that site's own machine" in told
    assert "start it" not in told


def test_who_follows_ends_when_it_is_taken_out(site: Site) -> None:
    """Else whoever waits there for an alarm waits for ever."""
    home = site.home.parent / "gone"
    site.enrol(home, "gone", "operator")
    line = [sys.executable, "-m", "console.cli", "events", "--follow", "--home", str(home)]
    follower = Popen([*line, "--interface", "127.0.0.1"], stdout=DEVNULL, stderr=PIPE, text=True)
    try:
        assert follower.stderr is not None
        assert "Connected" in follower.stderr.readline()
        time.sleep(3 * events.LOOK_S)
        assert follower.poll() is None, "it goes on while nothing happens"
        site.revoke("gone")
        assert follower.wait(20) == 1
        assert "has been taken out of Prøvesiden" in follower.stderr.read()
    finally:
        follower.kill()
        follower.communicate()


def run(site: Site, role: str, *words: str) -> int:
    return main([*words, "--home", str(site.home.parent / role), "--interface", "127.0.0.1"])
