"""The site process: server, event log, announcement and escalation, under one lock per home."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from nats.errors import Error as NatsError

from console.site.address import SiteAddress, SiteError
from console.site.log.logstore import ensure_streams
from console.site.log.outbox import SpoolError
from console.site.node.lock import FolderLock
from console.site.node.process import (
    SiteFile,
    failure_file,
    site_file,
    site_folder,
    write_site_file,
)
from console.site.node.server import (
    NatsServer,
    ServerConfig,
    address_of,
    end_orphan,
    free_port,
    new_config,
    write_private,
)
from console.site.services.escalation import DEFAULT_AFTER_S
from console.site.services.watch import SiteWatch

if TYPE_CHECKING:
    from console.streams.announce import Announcer

log = logging.getLogger(__name__)

LOOPBACK: Final = "127.0.0.1"
EVERYWHERE: Final = "0.0.0.0"
MAX_NAME_BYTES: Final = 63
TICK_S: Final = 0.25
START_TRIES: Final = 3
RESTART_PAUSES_S: Final = (0.0, 0.5, 1.0, 2.0, 5.0)


class SiteOptions(msgspec.Struct, frozen=True):
    home: Path
    name: str
    interface: str | None = None
    insecure_lan: bool = False
    escalate_s: int = DEFAULT_AFTER_S


class Secret(msgspec.Struct, frozen=True):
    """Kept between starts, so that a link that was connected comes in again."""

    user: str
    password: str
    port: int = 0


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
        self._watch: SiteWatch | None = None
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
        """Keep the server alive and the alarms watched."""
        failures = 0
        while not self.stop.wait(TICK_S):
            if self._server is not None and self._server.has_ended():
                failures = 0 if self._restart(failures) else failures + 1
            if self._watch is not None:
                self._watch.tick()

    def close(self) -> None:
        """In the reverse order of starting."""
        if self._announcer is not None:
            self._announcer.close()
            self._announcer = None
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
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
        self._server = self._start_server()
        config = self._server.config
        address = address_of(config, self._options.name, insecure=self._options.insecure_lan)
        asyncio.run(ensure_streams(address))
        self._write_files(address)
        self._announce(config)
        self._watch = SiteWatch(address, self._folder / "spool", self._options.escalate_s)
        self._watch.start()
        log.info("the site %s answers at %s", address.name, address.url)
        return address

    def _start_server(self) -> NatsServer:
        """Another program may take the free port before the server does: try again."""
        host = bind_host(self._options)
        kept = self._secret()
        for tries_left in reversed(range(START_TRIES)):
            server = NatsServer(self._config(host, kept))
            try:
                server.start()
            except SiteError:
                if not tries_left:
                    raise
                kept = msgspec.structs.replace(kept, port=0)
                continue
            self._server = server  # from now on `close` ends it, also when the disk is full
            self._keep_secret(msgspec.structs.replace(kept, port=server.config.port))
            return server
        raise AssertionError("unreachable: the last try raises")

    def _config(self, host: str, kept: Secret) -> ServerConfig:
        open_to_all = self._options.insecure_lan
        return new_config(
            self._folder,
            host=host,
            port=free_port(host, kept.port),
            user="" if open_to_all else kept.user,
            password="" if open_to_all else kept.password,
        )

    def _secret(self) -> Secret:
        try:
            return msgspec.json.decode((self._folder / "secret.json").read_bytes(), type=Secret)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return Secret(user="desk", password=secrets.token_urlsafe(32))

    def _keep_secret(self, kept: Secret) -> None:
        write_private(self._folder / "secret.json", msgspec.json.encode(kept).decode())

    def _write_files(self, address: SiteAddress) -> None:
        assert self._server is not None
        write_private(self._folder / "server.pid", str(self._server.pid))
        write_site_file(
            self._options.home,
            SiteFile(address=address, pid=os.getpid(), server=self._server.config.name),
        )

    def _announce(self, config: ServerConfig) -> None:
        """A site that can't be announced still works for those who know where it is."""
        from console.streams.announce import (  # noqa: PLC0415  # zeroconf: after the server
            Announcer,
        )

        properties = {"txtvers": "1", "insecure": "1" if self._options.insecure_lan else "0"}
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
            server = NatsServer(msgspec.structs.replace(config, port=port))
            server.start()
            address = address_of(
                server.config, self._options.name, insecure=self._options.insecure_lan
            )
            asyncio.run(ensure_streams(address))
        except (SiteError, OSError, NatsError, TimeoutError) as error:
            log.error("nats-server did not come back: %s", error)  # noqa: TRY400  # expected
            server.stop()
            return False
        self._server = server
        self._write_files(address)
        return True


def bind_host(options: SiteOptions) -> str:
    """Loopback until enrolment exists; the network only when somebody has said so."""
    if options.insecure_lan:
        return options.interface or EVERYWHERE
    if options.interface and _is_loopback(options.interface):
        return options.interface
    return LOOPBACK


def _is_loopback(interface: str) -> bool:
    try:
        return ip_address(interface).is_loopback
    except ValueError:
        raise SiteError(f"{interface} is not an IP address") from None


def default_name() -> str:
    """This machine's name, as a DNS label allows it."""
    name = f"Vaktbord {socket.gethostname()}"
    return name.encode()[:MAX_NAME_BYTES].decode(errors="ignore")


def write_failure(home: Path, sentence: str) -> None:
    with contextlib.suppress(OSError):
        site_folder(home).mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(failure_file(home), sentence + "\n")
