"""The site process: server, event log, announcement and services, under one lock per home."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nats.errors import Error as NatsError

from console.site.address import SiteAddress, SiteError
from console.site.log.outbox import SpoolError
from console.site.node.composition import services_everywhere, services_once
from console.site.node.keeper import ServerKeeper
from console.site.node.lock import FolderLock
from console.site.node.logmaker import LogMaker
from console.site.node.membership import Membership
from console.site.node.moving import move_log
from console.site.node.nodes import Node, NodePack
from console.site.node.options import EVERYWHERE, SiteOptions
from console.site.node.papers import Papers, set_aside_first_log
from console.site.node.peers import Peers
from console.site.node.process import (
    LOCK_FILE,
    SiteFile,
    failure_file,
    site_file,
    site_folder,
    write_site_file,
)
from console.site.node.runner import ServiceRunner
from console.site.node.server import ServerConfig, end_orphan
from console.site.security.members import Member
from console.site.security.private import write_private
from console.site.services.leasekeeper import LeaseKeeper
from console.site.services.service import NodeContext

if TYPE_CHECKING:
    from console.streams.announce import Announcer

log = logging.getLogger(__name__)

TICK_S: Final = 0.25
LEASE_TICK_S: Final = 0.05
PAPERS_EVERY_S: Final = 3_600.0
RESTART_PAUSES_S: Final = (0.0, 0.5, 1.0, 2.0, 5.0)
CHANGE_FORM_S: Final = 3.0
"""So long a node waits, when the nodes have become enough, for the others to learn of it too."""


class AlreadyRunning(SiteError):  # noqa: N818  # an answer rather than an error
    """Another process is this home's site."""


class SiteService:
    """``start``, then ``run`` until ``stop`` is set, then ``close``."""

    def __init__(self, options: SiteOptions) -> None:
        self._options = options
        self._folder = site_folder(options.home)
        self._lock = FolderLock(self._folder / LOCK_FILE)
        self._keeper: ServerKeeper | None = None
        self._maker: LogMaker | None = None
        self._peers: Peers | None = None
        self._announcer: Announcer | None = None
        self._runner: ServiceRunner | None = None
        self._offers: dict[str, str] = {}
        self._papers_due_s = 0.0
        self._out_of_form_ticks = 0
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
        while not self._is_ended_after_a_tick():
            assert self._keeper is not None
            if self._keeper.has_ended():
                log.error("nats-server has ended; it is started again")
                failures = 0 if self._restart(failures) else failures + 1
            elif self._is_time_for_another_form():
                failures = 0 if self._change_form() else failures + 1
            self._tick()

    def _is_ended_after_a_tick(self) -> bool:
        """The lease is followed more closely."""
        for _ in range(round(TICK_S / LEASE_TICK_S)):
            if self.stop.wait(LEASE_TICK_S):
                return True
            if self._runner is not None and self._runner.is_started:
                self._runner.follow_lease()
        return False

    def close(self) -> None:
        """In the reverse order of starting."""
        if self._announcer is not None:
            self._announcer.close()
            self._announcer = None
        if self._runner is not None:
            self._runner.stop()
            self._runner = None
        for part in (self._peers, self._maker):
            if part is not None:
                part.stop()
        self._peers = self._maker = None
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None
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
        if set_aside_first_log(self._folder):
            log.warning("the log of version 0.1 is kept beside the new one, and read no more")
        self._papers = Papers.open(self._folder, self._options.name)
        keeper = self._keeper = ServerKeeper(self._options, self._folder, self._papers)
        keeper.start()
        self._membership = Membership(self._papers, self._tell_server)
        self._maker = LogMaker(
            self._folder, keeper.address, lambda: keeper.replicas, self._move_log
        )
        if keeper.nodes.are_enough or keeper.server is None:
            self._maker.make_soon()  # others may have to come first
        else:
            self._maker.make()
        address = keeper.address()
        if keeper.nodes.nodes:
            self._peers = Peers(keeper.me, keeper.address, _Knowledge(self._membership, keeper))
            self._peers.start()
        self._runner = self._new_runner(address)
        if self._maker.ready.is_set():
            self._runner.start()
            self._begin_to_announce()
        self._write_files(address)  # last: who finds us may ask anything
        log.info("the site %s answers at %s", address.name, address.url)
        return address

    def _new_runner(self, address: SiteAddress) -> ServiceRunner:
        assert self._keeper is not None
        context = NodeContext(
            address,
            self._folder,
            self._membership.present,
            self._membership.change,
            self._offers,
            self._keeper.admit,
        )
        return ServiceRunner(
            services_everywhere(context, self._options),
            services_once(context, self._options),
            LeaseKeeper(self._keeper.address, f"{address.identity.name}-{secrets.token_hex(4)}"),
        )

    def _tell_server(self) -> None:
        """The members have changed."""
        assert self._keeper is not None
        self._keeper.tell()

    def _move_log(self) -> None:
        """What this node held alone before the site had three."""
        assert self._keeper is not None
        server = self._keeper.server
        if server is not None:
            move_log(self._folder, server.config, self._papers.node, self._keeper.address())

    # -- while it runs --------------------------------------------------------------------

    def _tick(self) -> None:
        assert self._runner is not None
        assert self._maker is not None
        self._renew_papers()
        if not self._maker.ready.is_set():
            return
        if not self._runner.is_started:
            self._runner.start()
            self._begin_to_announce()
        if self._runner.is_log_missing():
            self._maker.make_soon()
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

    def _is_time_for_another_form(self) -> bool:
        assert self._keeper is not None
        waiting = self._keeper.is_out_of_form()
        self._out_of_form_ticks = self._out_of_form_ticks + 1 if waiting else 0
        return self._out_of_form_ticks * TICK_S >= CHANGE_FORM_S

    def _change_form(self) -> bool:
        """The services come in at another address from now on."""
        assert self._runner is not None
        assert self._keeper is not None
        log.info("the site's nodes are enough: they hold the log together from now on")
        self._runner.stop()
        came_back = self._restart(0)
        self._runner = self._new_runner(self._keeper.address())
        return came_back

    def _restart(self, failures: int) -> bool:
        """Bring the server back where it was, on the disk that there is."""
        assert self._keeper is not None
        assert self._maker is not None
        self._out_of_form_ticks = 0
        self.stop.wait(RESTART_PAUSES_S[min(failures, len(RESTART_PAUSES_S) - 1)])
        try:
            self._keeper.restart()
            self._write_files(self._keeper.address())
        except (SiteError, OSError) as error:
            log.error("nats-server did not come back: %s", error)  # noqa: TRY400  # expected
            return False
        self._maker.make_soon()
        self._begin_to_announce()
        return True

    # -- where it is found ----------------------------------------------------------------

    def _write_files(self, address: SiteAddress) -> None:
        assert self._keeper is not None
        server = self._keeper.server
        name = ""
        if server is not None:
            name = server.config.name
            if server.pid is not None:
                write_private(self._folder / "server.pid", str(server.pid))
        write_site_file(
            self._options.home, SiteFile(place=address.place, pid=os.getpid(), server=name)
        )

    def _begin_to_announce(self) -> None:
        assert self._keeper is not None
        if self._keeper.server is not None and self._announcer is None:
            self._announce(self._keeper.server.config)

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


class _Knowledge:
    """What the peers may know and teach."""

    def __init__(self, membership: Membership, keeper: ServerKeeper) -> None:
        self._membership = membership
        self._keeper = keeper

    def members(self) -> tuple[Member, ...]:
        return self._membership.everybody()

    def admit(self) -> NodePack:
        return self._keeper.admit()

    def nodes(self) -> tuple[Node, ...]:
        return self._keeper.nodes.nodes

    def learn(self, members: tuple[Member, ...], nodes: tuple[Node, ...]) -> None:
        if self._keeper.learn(nodes):
            self._keeper.tell()
        self._membership.merge(members)


def write_failure(home: Path, sentence: str) -> None:
    with contextlib.suppress(OSError):
        site_folder(home).mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(failure_file(home), sentence + "\n")
