"""The site process: server, event log, announcement and services, under one lock per home."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nats.errors import Error as NatsError

from console.domain.events import TO_ALL
from console.site.address import SiteAddress, SiteError
from console.site.log.outbox import SpoolError
from console.site.node.composition import services_everywhere, services_once
from console.site.node.copywatch import CopyWatch, Pace
from console.site.node.keeper import ServerKeeper
from console.site.node.lock import FolderLock
from console.site.node.logmaker import LogMaker
from console.site.node.membership import Membership
from console.site.node.moving import MOVED_FILE, is_moved, mark_moved, move_log
from console.site.node.options import EVERYWHERE, SiteOptions, words_of
from console.site.node.others import Others
from console.site.node.papers import Papers, set_aside_first_log
from console.site.node.peers import Known, Peers, Told
from console.site.node.people import People
from console.site.node.policy import SharedPolicy, check_file
from console.site.node.process import (
    LOCK_FILE,
    SiteFile,
    failure_file,
    site_file,
    site_folder,
    write_site_file,
)
from console.site.node.replicas import Lacking
from console.site.node.runner import ServiceRunner
from console.site.node.server import PID_FILE, ServerConfig, end_orphan
from console.site.node.serverlog import ServerLog
from console.site.node.storewatch import StoreWatch
from console.site.security.private import write_private
from console.site.services.floods import Floods
from console.site.services.leasekeeper import LeaseKeeper
from console.site.services.service import NodeContext

if TYPE_CHECKING:
    from console.streams.announce import Announcer

log = logging.getLogger(__name__)

TICK_S: Final = 0.25
LEASE_TICK_S: Final = 0.05
PAPERS_EVERY_S: Final = 3_600.0
TELL_EVERY_S: Final = 2.0
RESTART_PAUSES_S: Final = (0.0, 0.5, 1.0, 2.0, 5.0)
RECOVER_EVERY_S: Final = 30.0
"""A server that can't write though there is room is started again so often, at most."""
CHANGE_FORM_S: Final = 3.0
"""So long a node waits, when the nodes have become enough, for the others to learn of it too."""


TAKEN_OUT: Final = (
    "this node was taken out of its site by another one; to be one again, join anew with another "
    "--home and a new code: `vaktbord site --join`"
)


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
        self._store: StoreWatch | None = None
        self._server_log: ServerLog | None = None
        self._floods = Floods()
        self._recover_due_s = 0.0
        self._renewing = Pace()
        self._are_files_due = False
        self._announcer: Announcer | None = None
        self._runner: ServiceRunner | None = None
        self._offers: dict[str, str] = {}
        self._papers_due_s = 0.0
        self._tell_due_s = 0.0
        self._out_of_form_ticks = 0
        self.stop = threading.Event()

    def start(self) -> SiteAddress:
        """Raises SiteError (AlreadyRunning is one); nothing is left behind then."""
        self._take_lock()
        try:
            return self._start()
        except (OSError, NatsError, SpoolError) as error:
            self.close()
            raise SiteError(self._why_not(error)) from error
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
            elif self._is_time_to_recover():
                log.warning("nats-server is started again, so that it writes the event log anew")
                failures = 0 if self._restart(0) else failures + 1
            elif damaged := self._copies_to_renew():
                failures = 0 if self._restart(0, without=damaged) else failures + 1
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
        for part in (self._store, self._peers, self._maker):
            if part is not None:
                part.stop()
        self._store = self._peers = self._maker = None
        if self._keeper is not None:
            self._keeper.close()
            self._keeper = None
            for path in (site_file(self._options.home), self._folder / PID_FILE):
                path.unlink(missing_ok=True)
        if self._server_log is not None:
            self._server_log.stop()
            self._server_log = None
        self._lock.release()

    def _why_not(self, error: Exception) -> str:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return (
                f"the site can't start: the disk that {self._folder} lies on is full. Make room "
                "there, then start it again"
            )
        return f"the site can't start: {error or type(error).__name__}"

    def _take_lock(self) -> None:
        try:
            taken = self._lock.take()
        except OSError as error:
            raise SiteError(f"{self._folder} can't be written: {error}") from error
        if not taken:
            raise AlreadyRunning("a site is running already in this home")

    def _start(self) -> SiteAddress:
        self._folder.chmod(0o700)
        check_file(self._folder)
        failure_file(self._options.home).unlink(missing_ok=True)
        if end_orphan(self._folder):
            log.warning("ended a server that an earlier site had left behind")
        if set_aside_first_log(self._folder):
            log.warning("the log of version 0.1 is kept beside the new one, and read no more")
        self._papers = Papers.open(self._folder, self._options.name)
        self._people = People(self._folder)
        keeper = self._keeper = ServerKeeper(self._options, self._folder, self._papers)
        if keeper.is_removed:
            raise SiteError(TAKEN_OUT)
        self._server_log = ServerLog(self._folder)
        self._server_log.start()
        keeper.start()
        self._membership = Membership(self._papers, self._tell_server)
        self._policy = SharedPolicy(self._folder)
        self._maker = LogMaker(
            self._folder, self._policy, keeper.address, lambda: keeper.replicas, self._move_log
        )
        if keeper.nodes.formed or keeper.server is None:
            self._maker.make_soon()  # others may have to come first
        else:
            self._maker.make()
        address = keeper.address()
        self._begin_to_tell()
        self._begin_to_watch_store(keeper)
        self._runner = self._new_runner(address)
        if self._maker.ready.is_set():
            self._runner.start()
            self._begin_to_announce()
        self._write_files(address)  # last: who finds us may ask anything
        log.info("the site %s answers at %s", address.name, address.url)
        return address

    def _begin_to_watch_store(self, keeper: ServerKeeper) -> None:
        self._store = StoreWatch(
            self._folder,
            lambda: keeper.own_server() if keeper.server is not None else None,
            keeper.address,
            self._holds_log_alone,
            CopyWatch(self._folder, keeper.me, lambda: keeper.is_clustered),
            on_loud=lambda member: self._floods.note(member, TO_ALL, time.monotonic()),
            by_hand=self._options.external,
        )
        self._store.start()

    def _holds_log_alone(self) -> bool:
        keeper, maker = self._keeper, self._maker
        return (
            keeper is not None
            and maker is not None
            and maker.ready.is_set()
            and keeper.server is not None
            and not keeper.is_clustered
            and keeper.nodes.holds_log(keeper.me)
        )

    def _new_runner(self, address: SiteAddress) -> ServiceRunner:
        assert self._keeper is not None
        context = NodeContext(
            address,
            self._folder,
            self._membership.present,
            self._membership.change,
            self._offers,
            Others(self._keeper, self._membership, self._answers),
            self._people,
            self._floods,
        )
        return ServiceRunner(
            services_everywhere(context, self._options),
            services_once(context, self._options),
            LeaseKeeper(self._keeper.address, f"{address.identity.name}-{secrets.token_hex(4)}"),
        )

    def _begin_to_tell(self) -> None:
        """The other nodes, once there are to be any."""
        keeper, people = self._keeper, self._people
        assert keeper is not None
        if not keeper.nodes.nodes or self._peers is not None:
            return
        knowledge = _Knowledge(self._membership, people, keeper, self._policy)
        peers = self._peers = Peers(keeper.me, keeper.address, knowledge)
        self._membership.on_change = lambda _member: peers.tell_soon()
        people.on_change, people.on_tried = peers.tell_soon, peers.tell_tried
        peers.start()

    def _answers(self, name: str) -> bool:
        """Whether that node runs."""
        peers = self._peers
        return peers is not None and peers.answers(name)

    def _tell_server(self) -> None:
        """The members have changed."""
        assert self._keeper is not None
        self._keeper.tell()

    def _move_log(self) -> None:
        """What a node held alone before the site had three; the others wait for it. Raises
        SiteError when it isn't done, nats errors, OSError, TimeoutError."""
        keeper = self._keeper
        assert keeper is not None
        server, done = keeper.server, self._folder / MOVED_FILE
        if server is None or server.config.cluster is None:
            return
        move_log(self._folder, server.config, self._papers.node, keeper.address())
        if keeper.nodes.holds_log_first(keeper.me):
            mark_moved(keeper.address())
        elif not done.exists() and not is_moved(keeper.address()):
            raise SiteError("the node that held the log alone has not brought it yet")
        done.touch(mode=0o600)

    # -- while it runs --------------------------------------------------------------------

    def _tick(self) -> None:
        assert self._runner is not None
        assert self._maker is not None
        self._renew_papers()
        self._tell_server_again()
        self._write_files_again()
        self._begin_to_tell()
        self._end_if_removed()
        if not self._maker.ready.is_set():
            return
        if not self._runner.is_started:
            self._start_services()
        if self._runner.is_log_missing():
            self._maker.make_soon()
        changed = self._membership.changed.is_set()
        self._membership.changed.clear()
        self._runner.tick(members_changed=changed)

    def _start_services(self) -> None:
        """While others may still be coming: what fails then is tried again, and costs no server."""
        assert self._runner is not None
        assert self._keeper is not None
        try:
            self._runner.start()
            self._begin_to_announce()
        except (SiteError, SpoolError, OSError):
            log.exception("the services could not be started; they are tried again")
            self._runner.stop()
            self._runner = self._new_runner(self._keeper.address())

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

    def _tell_server_again(self) -> None:
        assert self._keeper is not None
        if time.monotonic() < self._tell_due_s:
            return
        self._tell_due_s = time.monotonic() + TELL_EVERY_S
        try:
            self._keeper.tell_again()
        except (SiteError, OSError) as error:
            log.warning("the server does not take its members yet: %s", error)

    def _end_if_removed(self) -> None:
        """Another node has taken this one out: it is no site any more."""
        assert self._keeper is not None
        if self._keeper.is_removed and not self.stop.is_set():
            log.error("%s", TAKEN_OUT)
            write_failure(self._options.home, TAKEN_OUT)
            self.stop.set()

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

    def _restart(self, failures: int, without: Sequence[Lacking] = ()) -> bool:
        """Bring the server back where it was, on the disk that there is. ``without`` these copies
        of the log, which it then gets from the other nodes."""
        assert self._keeper is not None
        assert self._maker is not None
        self._out_of_form_ticks = 0
        self.stop.wait(RESTART_PAUSES_S[min(failures, len(RESTART_PAUSES_S) - 1)])
        try:
            self._keeper.restart(without)
        except (SiteError, OSError) as error:
            log.error("nats-server did not come back: %s", error)  # noqa: TRY400  # expected
            return False
        if self._store is not None:
            self._store.forget()
        self._are_files_due = True
        self._write_files_again()
        self._maker.make_soon()
        self._begin_to_announce()
        return True

    def _is_time_to_recover(self) -> bool:
        """Its disk was full, or failed, and has room now. Somebody else's server is not ours to
        start again."""
        store = self._store
        if store is None or self._options.external or not store.wants_restart:
            return False
        if time.monotonic() < self._recover_due_s:
            return False
        self._recover_due_s = time.monotonic() + RECOVER_EVERY_S
        return True

    def _copies_to_renew(self) -> Sequence[Lacking]:
        """Those of this node that are damaged."""
        store = self._store
        damaged = store.wants_new_copies if store is not None else ()
        if not damaged or self._options.external or not self._renewing.take(time.monotonic()):
            return ()
        names = ", ".join(one.stream for one in damaged)
        log.error("this node's copy of %s is damaged: it is made anew from the others'", names)
        return damaged

    # -- where it is found ----------------------------------------------------------------

    def _write_files_again(self) -> None:
        """What a full disk did not take is tried again."""
        if not self._are_files_due:
            return
        assert self._keeper is not None
        try:
            self._write_files(self._keeper.address())
        except OSError as error:
            log.warning("where the site is could not be written: %s", error)
        else:
            self._are_files_due = False

    def _write_files(self, address: SiteAddress) -> None:
        assert self._keeper is not None
        server = self._keeper.server
        name = server.config.name if server is not None else ""
        write_site_file(
            self._options.home,
            SiteFile(address.place, os.getpid(), name, words_of(self._options)),
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

    def __init__(
        self, membership: Membership, people: People, keeper: ServerKeeper, policy: SharedPolicy
    ) -> None:
        self._membership = membership
        self._people = people
        self._keeper = keeper
        self._policy = policy

    def all(self) -> Known:
        return Known(
            self._membership.everybody(),
            self._people.everybody(),
            self._keeper.nodes,
            self._policy.now(),
        )

    def learn(self, told: Told) -> None:
        if told.tried is not None:
            self._people.heard(told.tried, time.monotonic())
        if told.nodes is not None and self._keeper.learn(
            told.nodes.nodes, formed=told.nodes.formed
        ):
            self._keeper.tell()
        self._membership.merge(told.members)
        self._people.merge(told.persons)
        if told.policy is not None and self._policy.learn(told.policy):
            log.info("another node has told the site's policy")


def write_failure(home: Path, sentence: str) -> None:
    with contextlib.suppress(OSError):
        site_folder(home).mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(failure_file(home), sentence + "\n")
