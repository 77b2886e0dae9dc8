"""A site whose process dies while its server goes on: the desk beside it starts it again."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.desk import site_chores
from console.domain.events import AlarmRaised
from console.site.address import SiteAddress, SiteError
from console.site.node.process import (
    ensure_site,
    find_address,
    is_site_process,
    read_site_file,
    stop_site,
)
from console.site.node.server import command_line, end_orphan
from console.site.services.asked import ask
from tests.desk.processes import LOOPBACK, wait_for

from .test_links import Seat

pytestmark = pytest.mark.system


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    ensure_site(home, interface=LOOPBACK, name="Legevakten")
    try:
        yield home
    finally:
        stop_site(home)
        end_orphan(home / "site")


def pid_of(home: Path) -> int:
    known = read_site_file(home)
    return 0 if known is None else known.pid


def is_served(address: SiteAddress) -> bool:
    """Whether the services that run on one node alone are there."""
    try:
        return bool(ask(address, "voice-policy", "now", b"{}", timeout_s=1.0))
    except SiteError:
        return False


def is_site_of(home: Path, process: Path) -> bool:
    with contextlib.suppress(OSError):
        words = process.read_bytes().decode(errors="replace").split("\0")
        return "console.site" in words and str(home) in words
    return False


def count_sites(home: Path) -> int:
    return sum(is_site_of(home, one) for one in Path("/proc").glob("[0-9]*/cmdline"))


def kill_site(home: Path) -> int:
    pid = pid_of(home)
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not is_site_process(pid), "it to be dead")
    return pid


def test_a_site_that_was_killed_is_started_again_and_all_of_it_serves(home: Path) -> None:
    seat = Seat(home)
    seat.seeker.start()
    try:
        wait_for(seat.is_up, "the site")
        address = seat.sites[-1]
        wait_for(lambda: is_served(address), "its services")
        dead = kill_site(home)
        server = int((home / "site" / "server.pid").read_text())
        assert command_line(server), "its server goes on"
        assert seat.is_up(), "and so does the link"
        assert not is_served(address), "but nobody serves"
        wait_for(lambda: pid_of(home) != dead and is_site_process(pid_of(home)), "a new site")
        wait_for(lambda: is_served(address), "its services")
        wait_for(seat.is_up, "the link")
        assert seat.seeker.publish(AlarmRaised("al1", "a13"))
        wait_for(lambda: seat.has(AlarmRaised) == 1, "the alarm back")
        found = find_address(home)
        assert found is not None
        assert (found.name, found.place.port) == ("Legevakten", address.place.port)
    finally:
        seat.seeker.stop()


def test_two_desks_of_one_home_start_one_site(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_chores, "GONE_S", 0.5)
    seats = [Seat(home), Seat(home)]
    for seat in seats:
        seat.seeker.start()
    try:
        wait_for(lambda: all(seat.is_up() for seat in seats), "the site")
        dead = kill_site(home)
        wait_for(lambda: pid_of(home) != dead and is_site_process(pid_of(home)), "a new site")
        wait_for(lambda: all(seat.is_up() for seat in seats), "the links")
        wait_for(lambda: count_sites(home) == 1, "the one that came too late to end")
    finally:
        for seat in seats:
            seat.seeker.stop()


def test_a_site_that_somebody_has_ended_stays_ended(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_chores, "GONE_S", 0.1)
    revived = threading.Event()
    monkeypatch.setattr(site_chores, "revive_site", lambda _home: revived.set())
    seat = Seat(home)
    seat.seeker.start()
    try:
        wait_for(seat.is_up, "the site")
        assert stop_site(home)
        wait_for(lambda: seat.states[-1] == "down", "its end to be seen")
        assert not revived.wait(1.0)
    finally:
        seat.seeker.stop()
