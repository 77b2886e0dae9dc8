"""What `doctor`, `site --stop` and the commands say of a site that is there, half there or gone."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.commands.doctor import Check, check_site
from console.domain.roles import MEMBER_ROLES
from console.site.address import SiteAddress
from console.site.contact import look_in
from console.site.log.client import close_client, come_in
from console.site.node.process import (
    ensure_site,
    find_node,
    is_site_process,
    read_site_file,
    stop_orphan,
    stop_site,
)
from console.site.node.report import report
from console.site.node.server import command_line
from console.site.security import identity

from .conftest import alone, wait_for
from .enrolling import Site, running
from .test_enrol_command import vaktbord

pytestmark = pytest.mark.system
__all__ = ["alone"]


def check(home: Path) -> Check:
    return check_site(home, "127.0.0.1")


@pytest.mark.usefixtures("alone")
def test_the_doctor_comes_in_before_it_says_that_a_site_answers(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    assert check(desk).verdict == "warning"
    with running(tmp_path / "site") as site:
        site.enrol(desk, "lv1")
        told = check(desk)
        assert (told.verdict, "as lv1, operator" in told.found) == ("ok", True), told
        site.enrol(tmp_path / "other", "lv2")
        site.revoke("lv2")
        told = check(tmp_path / "other")
        assert (told.verdict, "taken out of Prøvesiden" in told.found) == ("bad", True), told
        assert site.service._runner is not None
        site.service._runner._lease.stop()
        told = check(desk)
        assert (told.verdict, "services don't" in told.found) == ("bad", True), told
    told = check(desk)
    assert (told.verdict, "nothing listens there" in told.found) == ("bad", True), told


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


@pytest.mark.parametrize("role", MEMBER_ROLES)
def test_every_role_may_ask_whether_the_services_are_there(
    role: str, site: Site, tmp_path: Path
) -> None:
    assert look_in(site.enrol(tmp_path, f"r-{role}", role))  # type: ignore[arg-type]  # one of them


@pytest.fixture
def orphaned(alone: None, tmp_path: Path) -> Iterator[Path]:
    """A home whose site was killed while its server lives on."""
    home = tmp_path / "home"
    try:
        ensure_site(home, interface="127.0.0.1", name="Skolen")
        known = read_site_file(home)
        assert known is not None
        os.kill(known.pid, signal.SIGKILL)
        wait_for(lambda: not is_site_process(known.pid), "the site to be dead")
        yield home
    finally:
        stop_site(home)
        stop_orphan(home)


def test_a_server_without_its_site_is_told_and_can_be_stopped(orphaned: Path) -> None:
    pid = int((orphaned / "site" / "server.pid").read_text())
    assert command_line(pid), "the server lives"
    assert "services don't" in check(orphaned).found
    for words in (("state",), ("alarm", "raise", "--unit", "u1"), ("alarm", "list")):
        said = vaktbord(orphaned, *words)
        assert said.returncode == 0, said
        assert "NOT escalated" in said.stderr, words
    said = vaktbord(orphaned, "site", "--stop")
    assert (said.returncode, "its server" in said.stdout) == (0, True), said
    assert not command_line(pid)
    assert vaktbord(orphaned, "site", "--stop").returncode == 3


def test_the_status_of_a_site_is_asked_by_one_connection_of_each_that_may(home: Path) -> None:
    """As its server's own system user how that does, as the home's desk whether the services answer
    (which hear no other node than the one they run on), as the node all the rest."""
    ensure_site(home, interface="127.0.0.1")
    node = find_node(home)
    assert node is not None
    wait_for(lambda: look_in(node), "the services")
    before = connections(home, node)
    found = report(home)
    assert found is not None
    assert found.wrong == ()
    assert connections(home, node) - before == 3 + 1  # and the one that counts them


def connections(home: Path, node: SiteAddress) -> int:
    """That the server has had."""
    system = identity.load(home / "site" / "system")
    assert system is not None

    async def ask_server() -> int:
        nc = await come_in(node.place.urls, system, "test")
        try:
            server = nc._server_info["server_id"]
            answer = await nc.request(f"$SYS.REQ.SERVER.{server}.VARZ", b"", timeout=5)
            return int(json.loads(answer.data)["data"]["total_connections"])
        finally:
            await close_client(nc)

    return asyncio.run(ask_server())
