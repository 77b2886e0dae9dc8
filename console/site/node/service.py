"""The site process: server, event log, announcement and services, under one lock per home."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from nats.errors import Error as NatsError

from console.site.address import SiteAddress, SiteError, SitePlace
from console.site.log.logstore import ensure_streams
from console.site.log.outbox import SpoolError
from console.site.log.retention import read_retention
from console.site.node.composition import services_everywhere, services_once
from console.site.node.control import reload
from console.site.node.lock import FolderLock
from console.site.node.membership import Membership
from console.site.node.options import EVERYWHERE, SiteOptions
from console.site.node.papers import Papers, kept_port
from console.site.node.process import (
    SiteFile,
    failure_file,
    site_file,
    site_folder,
    write_site_file,
)
from console.site.node.runner import ServiceRunner
from console.site.node.server import (
    NatsServer,
    ServerConfig,
    end_orphan,
    free_port,
    new_name,
    reachable,
    url_of,
)
from console.site.security.private import write_private
from console.site.services.leasekeeper import LeaseKeeper
from console.site.services.service import NodeContext

if TYPE_CHECKING:
    from console.streams.announce import Announcer

log = logging.getLogger(__name__)

TICK_S: Final = 0.25
PAPERS_EVERY_S: Final = 3_600.0
START_TRIES: Final = 3
RESTART_PAUSES_S: Final = (0.0, 0.5, 1.0, 2.0, 5.0)


class AlreadyRunning(SiteError):  # noqa: N818  # an answer rather than an error
    """Another process is this home's site."""


class SiteService:
    """``start``, then ``run`` until ``stop`` is set, then ``close``."""

    def __init__(self, options: SiteOptions) -> None:
        self._options = options
        self._folder = site_folder(options.home)
        self._lock = FolderLock(self._folder / "site.lock")
        self._server: NatsServer | None = None
        self._announcer: Announcer | None = None
        self._runner: ServiceRunner | None = None
        self._offers: dict[str, str] = {}
        self._papers_due_s = 0.0
        self._server_lock = threading.RLock()  # one changes or restarts the server at a time
        self.stop = threading.Event()

    def start(self) -> SiteAddress:
        """Raises SiteError (AlreadyRunning is one); nothing is left behind then."""
        self._take_lock()
        try:
            return self._start()
        except (OSError, NatsError, SpoolError) as error:
            self.close()
            raise SiteError(f"the site can't start: {error or type(error).__name__}") from error
        except BaseException:
            self.close()
            raise

    def run(self) -> None:
        """Keep the server alive and the services at work."""
        failures = 0
        while not self.stop.wait(TICK_S):
            if self._server is not None and self._server.has_ended():
                with self._server_lock:
                    failures = 0 if self._restart(failures) else failures + 1
            self._tick()

    def _tick(self) -> None:
        assert self._runner is not None
        self._renew_papers()
        changed = self._membership.changed.is_set()
        self._membership.changed.clear()
        self._runner.tick(members_changed=changed)

    def _renew_papers(self) -> None:
        """The node's own certificates, long before they are over; its server shows a new one from
        then on. What fails is tried again."""
        if time.monotonic() < self._papers_due_s:
            return
        self._papers_due_s = time.monotonic() + PAPERS_EVERY_S
        try:
            if self._papers.renew():
                self._tell_server()
                self._membership.changed.set()
        except (SiteError, OSError):
            log.exception("the site's own certificates could not be renewed")

    def close(self) -> None:
        """In the reverse order of starting."""
        if self._announcer is not None:
            self._announcer.close()
            self._announcer = None
        if self._runner is not None:
            self._runner.stop()
            self._runner = None
        if self._server is not None:
            self._server.stop()
            self._server = None
            for path in (site_file(self._options.home), self._folder / "server.pid"):
                path.unlink(missing_ok=True)
        self._lock.release()

    def _take_lock(self) -> None:
        try:
            taken = self._lock.take()
        except OSError as error:
            raise SiteError(f"{self._folder} can't be written: {error}") from error
        if not taken:
            raise AlreadyRunning("a site is running already in this home")

    def _start(self) -> SiteAddress:
        self._folder.chmod(0o700)
        failure_file(self._options.home).unlink(missing_ok=True)
        if end_orphan(self._folder):
            log.warning("ended a server that an earlier site had left behind")
        self._papers = Papers.open(self._folder, self._options.name)
        self._server = self._start_server()
        address = self._address()
        asyncio.run(ensure_streams(address, read_retention(self._folder)))
        self._write_files(address)
        self._runner = self._new_runner(address)
        self._runner.start()
        self._announce(self._server.config)
        log.info("the site %s answers at %s", address.name, address.url)
        return address

    def _new_runner(self, address: SiteAddress) -> ServiceRunner:
        self._membership = Membership(self._papers, self._tell_server)
        context = NodeContext(
            address,
            self._folder,
            self._membership.present,
            self._membership.change,
            self._offers,
        )
        return ServiceRunner(
            services_everywhere(context, self._options),
            services_once(context, self._options),
            LeaseKeeper(self._address, f"{address.identity.name}-{secrets.token_hex(4)}"),
        )

    def _tell_server(self) -> None:
        """The members have changed."""
        with self._server_lock:
            assert self._server is not None
            members = tuple(self._papers.members.present())
            self._server.write(msgspec.structs.replace(self._server.config, members=members))
            if not self._server.has_ended():  # else it reads them when it is started again
                reload(self._address().url, self._papers.system)

    def _address(self) -> SiteAddress:
        """Our own way in."""
        assert self._server is not None
        config = self._server.config
        place = SitePlace(
            urls=(url_of(reachable(config.host), config.port),),
            name=self._options.name,
            site=self._papers.authority.site_id,
        )
        return SiteAddress(place, self._papers.node)

    def _start_server(self) -> NatsServer:
        """Another program may take the free port before the server does: try again."""
        host = self._options.host
        kept = kept_port(self._folder / "port")
        for tries_left in reversed(range(START_TRIES)):
            server = NatsServer(self._config(host, kept), self._papers.node)
            try:
                server.start()
            except SiteError:
                if not tries_left:
                    raise
                kept = 0
                continue
            self._server = server  # from now on `close` ends it, also when the disk is full
            write_private(self._folder / "port", str(server.config.port))
            return server
        raise AssertionError("unreachable: the last try raises")

    def _config(self, host: str, port: int) -> ServerConfig:
        papers = self._papers
        return ServerConfig(
            folder=self._folder,
            host=host,
            port=free_port(host, port),
            name=new_name(),
            tls=papers.server,
            node=papers.user(papers.node),
            system=papers.user(papers.system),
            members=tuple(papers.members.present()),
        )

    def _write_files(self, address: SiteAddress) -> None:
        assert self._server is not None
        write_private(self._folder / "server.pid", str(self._server.pid))
        write_site_file(
            self._options.home,
            SiteFile(place=address.place, pid=os.getpid(), server=self._server.config.name),
        )

    def _announce(self, config: ServerConfig) -> None:
        """A site that can't be announced still works for those who know where it is."""
        from console.streams.announce import (  # noqa: PLC0415  # zeroconf: after the server
            Announcer,
        )

        properties = {"txtvers": "1", "ca": self._papers.authority.site_id, **self._offers}
        interface = None if config.host == EVERYWHERE else config.host
        try:
            self._announcer = Announcer(interface)
            self._announcer.announce_site(self._options.name, config.port, properties)
        except Exception:
            log.exception("the site could not be announced on the network")

    def _restart(self, failures: int) -> bool:
        """The server died: bring it back where it was, on the disk that there is."""
        assert self._server is not None
        log.error("nats-server has ended; it is started again")
        self.stop.wait(RESTART_PAUSES_S[min(failures, len(RESTART_PAUSES_S) - 1)])
        config = self._server.config
        server = self._server
        try:
            port = free_port(config.host, config.port)  # another one only if this is taken now
            server = NatsServer(msgspec.structs.replace(config, port=port), self._papers.node)
            server.start()
            self._server = server
            address = self._address()
            asyncio.run(ensure_streams(address, read_retention(self._folder)))
        except (SiteError, OSError, NatsError, TimeoutError) as error:
            log.error("nats-server did not come back: %s", error)  # noqa: TRY400  # expected
            server.stop()
            return False
        self._write_files(address)
        return True


def write_failure(home: Path, sentence: str) -> None:
    with contextlib.suppress(OSError):
        site_folder(home).mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(failure_file(home), sentence + "\n")
