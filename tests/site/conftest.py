"""A real nats-server in a folder of the test's own, and links that write down what they hear."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from console.domain.events import AnyBody, Event
from console.domain.state import State, apply_all
from console.site.address import LinkState, SiteAddress
from console.site.log.link import SiteLink
from console.site.log.logstore import ensure_streams
from console.site.node.process import stop_site
from console.site.node.server import NatsServer, address_of, end_orphan, free_port, new_config
from tests import netlab

PATIENCE_S = 20.0


def wait_for(condition: Callable[[], object], what: str, timeout_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s for {what}"
        time.sleep(0.01)


class Server:
    """A nats-server that can be killed, wiped and brought back at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        config = new_config(
            folder, host="127.0.0.1", port=free_port("127.0.0.1"), user="desk", password="secret"
        )
        self.nats = NatsServer(config)
        self.address: SiteAddress = address_of(config, "Test site", insecure=False)

    def start(self) -> None:
        self.nats.start()
        asyncio.run(ensure_streams(self.address))

    def kill(self) -> None:
        process = self.nats._process
        assert process is not None
        process.kill()
        process.wait()

    def wipe(self) -> None:
        shutil.rmtree(self.folder / "store")

    def stop(self) -> None:
        self.nats.stop()
        end_orphan(self.folder)


class Ear:
    """A link and all that it was told."""

    def __init__(self, address: SiteAddress, spool: Path | None, author: str, **options: object):
        self.events: list[Event] = []
        self.batches: list[int] = []
        self.states: list[tuple[LinkState, str]] = []
        self.delivered: list[str] = []
        self.state = State()
        self._lock = threading.Lock()
        self.link = SiteLink(
            address,
            author=author,
            spool=spool,
            on_events=self._on_events,
            on_state=lambda state, sentence: self.states.append((state, sentence)),
            on_delivered=self.delivered.append,
            **options,  # type: ignore[arg-type]  # the keywords of SiteLink
        )

    def _on_events(self, events: Sequence[Event]) -> None:
        with self._lock:
            self.events.extend(events)
            self.batches.append(len(events))
            self.state = apply_all(self.state, events)

    def start(self) -> Ear:
        self.link.start()
        return self

    def publish(self, body: AnyBody, cause: str | None = None) -> str:
        return self.link.publish(body, cause=cause)

    def ids(self) -> list[str]:
        with self._lock:
            return [event.id for event in self.events]

    def wait_up(self) -> None:
        wait_for(lambda: self.states and self.states[-1][0] == "up", "the link to be up")

    def wait_down(self) -> None:
        wait_for(lambda: self.states and self.states[-1][0] == "down", "the link to be down")

    def wait_ids(self, ids: Sequence[str]) -> None:
        wanted = set(ids)
        wait_for(lambda: wanted <= set(self.ids()), f"{len(wanted)} events")


NewEar = Callable[..., Ear]


@pytest.fixture
def alone() -> Iterator[None]:
    """On a host of its own where that can be had: other sites may be on this machine's loopback."""
    if netlab.missing():
        yield
        return
    with netlab.lan(1) as (host,), host.inside():
        yield


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder whose site, should there be one, ends with the test."""
    home = tmp_path / "home"
    try:
        yield home
    finally:
        stop_site(home)
        end_orphan(home / "site")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "site")
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def new_ear(tmp_path: Path) -> Iterator[NewEar]:
    """Make a started link: ``new_ear(address, "lv1")``; its spool is the test's own."""
    ears: list[Ear] = []

    def make(address: SiteAddress, author: str, **options: object) -> Ear:
        ear = Ear(address, tmp_path / "spool", author, **options)
        ear.start()
        ears.append(ear)
        return ear

    try:
        yield make
    finally:
        for ear in ears:
            ear.link.stop()
