"""Ports for tests.

Below those of exercises' voices, of sites, and those that systems give out by themselves: a port
that was asked of the system, and let go for the program that is to have it, is soon given to any
connection that is made meanwhile. And every worker has its own, so that none takes what another is
about to take."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import socket
from typing import Final

FIRST: Final = 15_000
EACH: Final = 600
WORKERS: Final = 8


def _of_worker() -> range:
    """A run beside the others' (pytest-xdist's gw0, gw1 …)."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    return range(FIRST + number * EACH, FIRST + (number + 1) * EACH, 2)


def _in_turn() -> itertools.cycle[int]:
    """Another beginning in every process: two runs of the tests may go on at once."""
    ours = list(_of_worker())
    begin = random.SystemRandom().randrange(len(ours))
    return itertools.cycle(ours[begin:] + ours[:begin])


_next = _in_turn()


def free_port(host: str = "127.0.0.1") -> int:
    """Nobody has it, and nobody was told of it just before."""
    return _free(host, socket.SOCK_STREAM)


def free_udp_port(host: str = "127.0.0.1") -> int:
    """An even one whose neighbour, RTCP's, is free too."""
    return _free(host, socket.SOCK_DGRAM)


def _free(host: str, kind: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in itertools.islice(_next, EACH // 2):
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for number in (port, port + 1):
                stack.enter_context(socket.socket(family, kind)).bind((host, number))
            return port
    raise OSError(f"no port of {_of_worker()} is free on {host}")
