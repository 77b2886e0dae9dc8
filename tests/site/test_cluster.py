"""Three nodes hold one log: how they come to be, and what is left when one of them dies."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.events import AlarmRaised, MessageSent
from console.site.address import SiteAddress, SiteError
from console.site.node.nodes import Nodes, join, nodes_file
from console.site.node.papers import Papers, local_folder
from console.site.node.peers import ask_to_admit
from console.site.node.process import find_address, read_site_file, site_folder, stop_site
from console.site.node.server import end_orphan
from console.site.security import identity

from .conftest import ClusterSite, Ear, EarAt, wait_for

pytestmark = pytest.mark.system

FORM_S = 60.0


class Home:
    """One machine that is a node: a home and its real site process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder = site_folder(path)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> Home:
        line = [sys.executable, "-m", "console.site", "--home", str(self.path)]
        line += ["--interface", "127.0.0.1", "--log-level", "info", *words]
        self.process = subprocess.Popen(line)
        return self

    def wait_running(self) -> SiteAddress:
        wait_for(lambda: find_address(self.path) is not None, "the node to answer", FORM_S)
        found = find_address(self.path)
        assert found is not None
        return found

    def join(self, first: Home) -> Home:
        join(self.folder, ask_to_admit(as_node(first)))
        return self

    @property
    def is_clustered(self) -> bool:
        conf = self.folder / "nats.conf"
        return conf.exists() and "cluster {" in conf.read_text()

    def kill(self) -> None:
        """The whole machine: the site's process and its server."""
        pid = self.folder / "server.pid"
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        os.kill(int(pid.read_text()), signal.SIGKILL)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
        stop_site(self.path)
        end_orphan(self.folder)


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[list[Home]]:
    made = [Home(tmp_path / f"home-{n}") for n in range(3)]
    try:
        yield made
    finally:
        for one in made:
            one.stop()


def as_node(home: Home) -> SiteAddress:
    known = read_site_file(home.path)
    ours = identity.load(home.folder / "node")
    assert known is not None
    assert ours is not None
    return SiteAddress(known.place, ours)


def address_at(home: Home) -> SiteAddress:
    """As this home's own desk, at any of the nodes."""
    known = read_site_file(home.path)
    ours = identity.load(local_folder(home.folder, "operator"))
    assert known is not None
    assert ours is not None
    return SiteAddress(known.place, ours)


def test_a_site_grows_from_one_node_to_three_and_loses_nothing(
    homes: list[Home], ear_at: EarAt
) -> None:
    """What one node held is moved; a desk goes on; a node is killed; alarms arrive all the same."""
    first, second, third = homes
    first.start("--cluster", "--name", "Klynga")
    first.wait_running()
    desk = ear_at(address_at(first))
    desk.wait_up()
    ids = [desk.publish(AlarmRaised(alarm=f"A{n}", unit="u1")) for n in range(5)]
    ids += [desk.publish(MessageSent(to="lv1", text=f"{n}")) for n in range(5)]
    desk.wait_ids(ids)
    wait_for(lambda: len(desk.delivered) == len(ids), "all to be there")

    second.join(first).start()
    wait_for(lambda: len(Nodes.load(nodes_file(first.folder)).nodes) == 2, "the second to be known")
    assert not first.is_clustered, "two nodes would need both of them"
    second.wait_running()
    waiting = ear_at(address_at(second))
    waiting.wait_ids(ids)

    third.join(first).start()
    for one in homes:
        wait_for(lambda one=one: one.is_clustered, "the cluster to form", FORM_S)  # type: ignore[misc]  # a default binds the loop's home
    wait_for(lambda: not (first.folder / "store").exists(), "the old log to be moved", FORM_S)
    late = ear_at(address_at(third), "late")
    late.wait_ids(ids)
    assert sorted(late.ids()) == sorted(ids)
    assert desk.state.picture() == late.state.picture()
    lose_one_node(homes, desk, late, ids)


def lose_one_node(homes: list[Home], desk: Ear, late: Ear, ids: list[str]) -> None:
    """The one that the desk has come in at; then it comes back with an empty disk."""
    first = homes[0]
    desk.wait_up()
    wait_for(lambda: desk.link.is_caught_up, "the desk to be back", FORM_S)
    first.kill()
    raised = desk.publish(AlarmRaised(alarm="B1", unit="u1"))
    wait_for(lambda: raised in late.ids(), "an alarm to reach the others", FORM_S)
    wait_for(lambda: raised in desk.ids(), "the desk to go to another node", FORM_S)
    assert sorted(desk.ids()) == sorted([*ids, raised])
    first.start()
    wait_for(lambda: find_address(first.path) is not None, "the node to come back", FORM_S)


def test_a_home_that_is_a_site_becomes_no_node_of_another(homes: list[Home]) -> None:
    first, second, _ = homes
    Papers.open(second.folder, "Two")
    before = (second.folder / "pki" / "ca.pem").read_bytes()
    first.start("--cluster")
    first.wait_running()
    with pytest.raises(SiteError, match="is a site already"):
        second.join(first)
    assert (second.folder / "pki" / "ca.pem").read_bytes() == before


def test_no_member_comes_in_among_the_nodes(tmp_path: Path) -> None:
    """Who came in at the nodes' own port could say anything: it takes a certificate of their own
    CA, which no member has."""
    site = ClusterSite(tmp_path / "site")
    try:
        site.start()
        member = site.as_member("one")
        config = site.nats.config.cluster
        assert config is not None
        for folder in (member.identity.folder, site.papers.node.folder):
            assert not answers_as_node(config.port, folder, config.tls.ca)
        assert answers_as_node(config.port, config.tls.certificate.parent, config.tls.ca)
    finally:
        site.stop()


def answers_as_node(port: int, ours: Path, ca: Path) -> bool:
    """Whether the other side goes on after a handshake with this certificate."""
    context = ssl.create_default_context(cafile=ca)
    context.load_cert_chain(ours / identity.CERTIFICATE, ours / identity.KEY)
    with socket.create_connection(("127.0.0.1", port), 5) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as secured:
                secured.sendall(b'CONNECT {"verbose":false,"name":"x"}\r\nPING\r\n')
                return bool(secured.recv(1))
        except (ssl.SSLError, ConnectionError):
            return False
