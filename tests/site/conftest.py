"""A real nats-server in a folder of the test's own, and links that write down what they hear."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import nats
import pytest

from console.domain.events import AnyBody, Event
from console.domain.presence import Presence
from console.domain.roles import MemberRole
from console.domain.state import State, apply_all
from console.site.address import LinkState, SiteAddress, SitePlace
from console.site.log.client import come_in
from console.site.log.link import SiteLink
from console.site.log.logstore import ensure_streams
from console.site.log.subjects import STREAMS
from console.site.node.control import reload
from console.site.node.papers import Papers, new_change
from console.site.node.process import stop_site
from console.site.node.server import (
    ClusterConfig,
    ExternalServer,
    NatsServer,
    ServerConfig,
    end_orphan,
    new_name,
    server_binary,
    url_of,
)
from console.site.node.storekey import environment
from console.site.security import identity, pki
from console.site.security.members import Member
from console.site.security.pki import key_pem, new_generation, new_key, request_pem
from tests import netlab
from tests.ports import free_port

PATIENCE_S = 20.0


def wait_for(condition: Callable[[], object], what: str, timeout_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s for {what}"
        time.sleep(0.01)


class Server:
    """A nats-server with a site's papers, that can be killed, wiped and brought back at the same
    address. ``address`` is the node's own way in; ``as_member`` is that of whom it enrols."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.folder = folder
        self.papers = Papers.open(folder, "Test site")
        self._port = free_port(host)
        self._host = host
        self.nats = NatsServer(self._config(), self.papers.node)
        self.place = SitePlace(
            (url_of(host, self._port),), "Test site", self.papers.authority.site_id
        )
        self.address = SiteAddress(self.place, self.papers.node)

    def _config(self) -> ServerConfig:
        papers = self.papers
        return ServerConfig(
            self.folder,
            self._host,
            self._port,
            new_name(),
            papers.server,
            papers.user(papers.node),
            papers.user(papers.system),
            tuple(papers.members.present()),
        )

    def enrol(self, name: str, role: MemberRole = "operator") -> SiteAddress:
        """Takes effect at the next start or :meth:`reload`."""
        member = Member(name, role, new_generation(), new_change())
        self.papers.change(member)
        key = new_key()
        certificate = self.papers.authority.issue_member(member.named, request_pem(key))
        folder = self.folder.parent / "members" / name
        identity.save(
            folder,
            key=key_pem(key),
            certificate=certificate,
            ca=self.papers.authority.pem,
            place=self.place,
        )
        found = identity.load(folder)
        assert found is not None
        return SiteAddress(self.place, found)

    def as_member(self, name: str, role: MemberRole = "operator") -> SiteAddress:
        """Enrolled once, and let in."""
        folder = self.folder.parent / "members" / name
        known = identity.load(folder)
        if known is not None:
            return SiteAddress(self.place, known)
        address = self.enrol(name, role)
        if not self.nats.has_ended():
            self.reload()
        return address

    def reload(self) -> None:
        """Read the members again."""
        config = self.nats.config
        self.nats.write(
            msgspec.structs.replace(config, members=tuple(self.papers.members.present()))
        )
        reload(self.address.url, self.papers.system)

    def start(self) -> None:
        self.nats = NatsServer(self._config(), self.papers.node)
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


class ExternalSite(Server):
    """As :class:`Server`, but nats-server is started by somebody else, with our configuration."""

    def start(self) -> None:
        config = self._config()
        self.nats = ExternalServer(config, self.papers.node)
        keys = self.nats._write_first()
        self.process = subprocess.Popen(
            [server_binary(), "-c", str(config.file)],
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment(keys)},
        )
        self.nats.start()
        asyncio.run(ensure_streams(self.address))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


class ClusterSite(Server):
    """Three nats-servers that hold one log."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        super().__init__(folder, host)
        self._ports = [self._port, free_port(host), free_port(host)]
        self._routes = [free_port(host) for _ in range(3)]
        self.servers = [NatsServer(self._node_config(n), self.papers.node) for n in range(3)]
        urls = tuple(url_of(host, port) for port in self._ports)
        self.place = SitePlace(urls, "Test site", self.papers.authority.site_id)
        self.address = SiteAddress(self.place, self.papers.node)

    def _node_config(self, number: int) -> ServerConfig:
        routes = self.papers.routes((self._host,))
        pin = pki.pin_of(pki.load_certificate(routes.certificate.read_text()))
        folder = self.folder.parent / f"node-{number}"
        folder.mkdir(exist_ok=True)
        ours, route = f"{self._host}:{self._ports[number]}", f"{self._host}:{self._routes[number]}"
        return msgspec.structs.replace(
            self._config(),
            folder=folder,
            port=self._ports[number],
            name=f"node-{number}",
            cluster=ClusterConfig(
                name="test",
                host=self._host,
                port=self._routes[number],
                advertise=route,
                client_advertise=ours,
                tls=routes,
                pins=(pin,),
                routes=tuple(f"tls://{self._host}:{port}" for port in self._routes),
            ),
        )

    def reload(self) -> None:
        for number, server in enumerate(self.servers):
            server.write(self._node_config(number))
            if not server.has_ended():
                reload(url_of(self._host, self._ports[number]), self.papers.system)

    def start(self) -> None:
        """Those that do not run; all have all of the log when it returns."""
        for number, server in enumerate(self.servers):
            if server.has_ended():
                self.servers[number] = NatsServer(self._node_config(number), self.papers.node)
                self.servers[number].start()
        self.nats = self.servers[0]
        wait_for(lambda: asyncio.run(self._is_whole()), "the cluster to be whole", 60.0)

    async def _is_whole(self) -> bool:
        try:
            await ensure_streams(self.address, replicas=3)
            nc = await come_in(self.place.urls, self.papers.node, "test")
            js = nc.jetstream()
            infos = [await js.stream_info(stream.name) for stream in STREAMS]
            await nc.close()
        except (nats.errors.Error, OSError, TimeoutError):
            return False
        peers = [one for info in infos for one in (info.cluster.replicas or [])]  # type: ignore[union-attr]  # it is one
        return len(peers) == 2 * len(infos) and all(one.current for one in peers)

    def kill(self, number: int = 0) -> None:
        process = self.servers[number]._process
        assert process is not None
        process.kill()
        process.wait()

    def wipe(self, number: int = 0) -> None:
        shutil.rmtree(self.servers[number].config.folder / "store")

    def stop(self) -> None:
        for server in self.servers:
            server.stop()


FORMS: Final = {"embedded": Server, "external": ExternalSite, "cluster": ClusterSite}


class Ear:
    """A link and all that it was told; ``mistake`` is raised by the next callbacks for events."""

    def __init__(self, address: SiteAddress, spool: Path | None, author: str, **options: object):
        self.events: list[Event] = []
        self.batches: list[int] = []
        self.states: list[tuple[LinkState, str]] = []
        self.delivered: list[str] = []
        self.state = State()
        self.presence: Presence = {}
        self.presences: list[Presence] = []
        self.mistake: Exception | None = None
        self._lock = threading.Lock()
        self.link = SiteLink(
            address,
            author=author,
            spool=spool,
            on_events=self._on_events,
            on_state=lambda state, sentence: self.states.append((state, sentence)),
            on_delivered=self.delivered.append,
            on_presence=self._on_presence,
            **options,  # type: ignore[arg-type]  # the keywords of SiteLink
        )

    def _on_events(self, events: Sequence[Event]) -> None:
        if self.mistake is not None:
            raise self.mistake
        with self._lock:
            self.events.extend(events)
            self.batches.append(len(events))
            self.state = apply_all(self.state, events)

    def _on_presence(self, presence: Presence) -> None:
        self.presence = presence
        self.presences.append(presence)

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
EarAt = Callable[..., Ear]
Run = Callable[..., int]
ReadJson = Callable[..., Any]


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
def read_json(run: Run, capsys: pytest.CaptureFixture[str]) -> ReadJson:
    """Of a command that prints one document; each file says by ``run`` at which site."""

    def read(*words: str) -> Any:
        capsys.readouterr()
        assert run(*words, "--json") == 0
        return json.loads(capsys.readouterr().out)

    return read


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "site")
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module", params=FORMS)
def any_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A site in each of the forms it can have; the tests of a module share it."""
    site = FORMS[request.param](tmp_path_factory.mktemp(request.param) / "site")
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture
def new_ear(tmp_path: Path, server: Server) -> Iterator[NewEar]:
    """Make a started link: ``new_ear("lv1")``, enrolled as an operator unless ``role`` says
    otherwise; ``address`` for a link elsewhere. Its spool is the test's own."""
    with ears(tmp_path / "spool") as make:

        def enrolled(author: str, role: MemberRole = "operator", **options: object) -> Ear:
            return make(server.as_member(author.partition("_")[0], role), author, **options)

        yield enrolled


@contextlib.contextmanager
def ears(spool: Path) -> Iterator[Callable[..., Ear]]:
    made: list[Ear] = []

    def make(address: SiteAddress, author: str, **options: object) -> Ear:
        ear = Ear(address, spool, author, **options)
        ear.start()
        made.append(ear)
        return ear

    try:
        yield make
    finally:
        for ear in made:
            ear.link.stop()


@pytest.fixture
def ear_at(tmp_path: Path) -> Iterator[EarAt]:
    """A link to an address, as whom that names: ``ear_at(address)``; a second one of the same
    member beside it: ``ear_at(address, "late")``."""
    with ears(tmp_path / "spool") as make:

        def come_in(address: SiteAddress, program: str = "", **options: object) -> Ear:
            name = address.identity.name
            return make(address, f"{name}_{program}" if program else name, **options)

        yield come_in


def elsewhere(address: SiteAddress, url: str, name: str = "Nowhere") -> SiteAddress:
    """The same member, sent to another place."""
    place = SitePlace((url,), name, address.place.site)
    return SiteAddress(place, address.identity)
