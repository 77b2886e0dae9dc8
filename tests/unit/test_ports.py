"""Where a site listens: a port that is still free when the site comes back."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from console.site.node.server import PORTS, free_port
from tests import ports

GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_a_sites_port_is_none_that_the_system_gives_to_connections() -> None:
    if not GIVEN_OUT.exists():
        pytest.skip("this system says elsewhere which ones it gives out")
    first = int(GIVEN_OUT.read_text().split()[0])
    if first < PORTS.stop:
        pytest.skip("here the system gives out more than it does by itself")
    found = {free_port("127.0.0.1") for _ in range(50)}
    assert found <= set(PORTS)
    assert max(found) < first
    assert len(found) > 25


def test_the_wanted_one_is_had_unless_it_is_taken() -> None:
    port = ports.free_port()
    assert free_port("127.0.0.1", port) == port
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert free_port("127.0.0.1", port) != port


def test_tests_are_told_of_another_port_each_time() -> None:
    found = [ports.free_port() for _ in range(50)]
    assert len(set(found)) == 50
    assert not set(found) & set(PORTS)
