"""An isolated LAN of hosts in network namespaces, with avahi as a foreign mDNS peer. Root only.

Everything it made is gone when the context ends, also after a failure; names carry the pid, so
several test runs live side by side.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

CLONE_NEWNET: Final = 0x40000000
_numbers = itertools.count(1)
TOOLS: Final = ("ip", "unshare")


def missing(*tools: str) -> str:
    """Why a lab can't be made here, or empty."""
    if os.geteuid() != 0:
        return "needs root"
    absent = [one for one in (*TOOLS, *tools) if shutil.which(one) is None]
    return f"needs {', '.join(absent)}" if absent else _forbidden()


@cache
def _forbidden() -> str:
    """Root in a container may not be allowed namespaces; a try tells."""
    name = f"vb{os.getpid()}try"
    tries = (("add", name), ("exec", name, "true"))
    try:
        for words in tries:
            done = subprocess.run(
                ["ip", "netns", *words], capture_output=True, text=True, check=False
            )
            if done.returncode:
                return f"needs network namespaces: {done.stderr.strip()}"
    finally:
        subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)
    return ""


def wait_until(condition: Callable[[], bool], timeout_s: float, what: str) -> float:
    """Seconds until the condition held; fails with ``what`` after the timeout."""
    started_s = time.monotonic()
    while not condition():
        if time.monotonic() - started_s > timeout_s:
            raise AssertionError(f"not within {timeout_s} s: {what}")
        time.sleep(0.01)
    return time.monotonic() - started_s


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


class Host:
    """One namespace: an address in each family, and the processes started in it."""

    def __init__(self, namespace: str, device: str, number: int) -> None:
        self.namespace = namespace
        self.device = device
        self.address = f"10.77.0.{number}"
        self.address6 = f"fd77::{number}"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(
        self, *command: str, env: dict[str, str] | None = None, log: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program in this host; it is ended with the lab."""
        output = log.open("wb") if log else None
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.namespace, *command],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=output or subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
        if output is not None:
            output.close()
        self._processes.append(process)
        return process

    def run(
        self, *command: str, env: dict[str, str] | None = None, timeout_s: float = 60.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in this host to its end."""
        return subprocess.run(
            ["ip", "netns", "exec", self.namespace, *command],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
        )

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """This thread, and threads it starts meanwhile, are in this host."""
        libc = ctypes.CDLL(None, use_errno=True)
        with (
            Path("/proc/thread-self/ns/net").open("rb") as home,
            Path(f"/run/netns/{self.namespace}").open("rb") as away,
        ):
            _set_namespace(libc, away.fileno())
            try:
                yield
            finally:
                _set_namespace(libc, home.fileno())

    def stop(self) -> None:
        for process in reversed(self._processes):
            end_group(process)
        self._processes.clear()


def _set_namespace(libc: ctypes.CDLL, descriptor: int) -> None:
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def end_group(process: subprocess.Popen[bytes], patience_s: float = 2.0) -> None:
    """End a process and its children: politely first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience_s)
            break
    with contextlib.suppress(ProcessLookupError):  # children that outlived their leader
        os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def lan(hosts: int) -> Iterator[list[Host]]:
    """``hosts`` hosts on one bridge, 10.77.0.1… and fd77::1…, with no link to the outside."""
    tag = f"vb{os.getpid() % 100_000}x{next(_numbers)}"
    bridge = f"{tag}b"
    made: list[Host] = []
    with contextlib.ExitStack() as stack:
        _namespace(stack, bridge)
        in_bridge = ("ip", "netns", "exec", bridge)
        _run(*in_bridge, "ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        _run(*in_bridge, "ip", "link", "set", "br0", "up")
        for number in range(1, hosts + 1):
            host = Host(f"{tag}h{number}", f"v{number}", number)
            _namespace(stack, host.namespace)
            stack.callback(host.stop)
            _plug_in(host, bridge, number)
            made.append(host)
        yield made


def _namespace(stack: contextlib.ExitStack, name: str) -> None:
    _run("ip", "netns", "add", name)
    stack.callback(subprocess.run, ["ip", "netns", "del", name], check=False, capture_output=True)
    for key in ("all", "default"):  # addresses are usable at once, without detection of doubles
        _write_sysctl(name, f"net/ipv6/conf/{key}/accept_dad", "0")
    _run("ip", "netns", "exec", name, "ip", "link", "set", "lo", "up")


def _write_sysctl(namespace: str, key: str, value: str) -> None:
    script = f"[ ! -e /proc/sys/{key} ] || echo {value} > /proc/sys/{key}"
    _run("ip", "netns", "exec", namespace, "sh", "-c", script)


def _plug_in(host: Host, bridge: str, number: int) -> None:
    peer = f"p{number}"
    _run(
        "ip", "link", "add", host.device, "netns", host.namespace,
        "type", "veth", "peer", "name", peer, "netns", bridge,
    )  # fmt: skip
    _run("ip", "-n", bridge, "link", "set", peer, "master", "br0", "up")
    _run("ip", "-n", host.namespace, "link", "set", host.device, "up")
    _run("ip", "-n", host.namespace, "addr", "add", f"{host.address}/24", "dev", host.device)
    _run(
        "ip", "-n", host.namespace, "addr", "add", f"{host.address6}/64",
        "dev", host.device, "nodad",
    )  # fmt: skip
    _run("ip", "-n", host.namespace, "route", "add", "224.0.0.0/4", "dev", host.device)


BUS_CONFIG: Final = """<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*" eavesdrop="true"/><allow receive_sender="*"/></policy></busconfig>
"""
AVAHI_CONFIG: Final = """[server]
host-name={name}
use-ipv4={ipv4}
use-ipv6={ipv6}
allow-interfaces={device}
enable-dbus=yes
[publish]
publish-hinfo=no
publish-workstation=no
publish-aaaa-on-ipv4=yes
[rlimits]
"""


class Avahi:
    """avahi-daemon with a bus of its own in one host: a foreign publisher."""

    def __init__(self, host: Host, name: str, folder: Path, *, ipv6: bool) -> None:
        self.host = host
        self.name = name
        self._folder = folder
        self._bus = folder / "bus"
        self.environment = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self._bus}"}
        self._ipv6 = ipv6
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self._folder / "bus.conf").write_text(BUS_CONFIG.format(path=self._bus))
        yes_no = {True: "yes", False: "no"}
        (self._folder / "avahi.conf").write_text(
            AVAHI_CONFIG.format(
                name=self.name,
                device=self.host.device,
                ipv4=yes_no[not self._ipv6],
                ipv6=yes_no[self._ipv6],
            )
        )
        self.host.start(
            "dbus-daemon", f"--config-file={self._folder}/bus.conf", "--nofork", "--nopidfile"
        )
        wait_until(self._bus.exists, 5, "the D-Bus daemon listens")
        self._start_daemon()

    def _start_daemon(self) -> None:
        log = self._folder / "avahi.log"
        # avahi's runtime folder is fixed: a private one, so that several daemons can coexist
        script = (
            "mkdir -p /run/avahi-daemon && mount -t tmpfs tmpfs /run/avahi-daemon && exec "
            f"avahi-daemon -f {self._folder}/avahi.conf --no-drop-root --no-rlimits --no-chroot"
        )
        self._daemon = self.host.start(
            "unshare", "-m", "bash", "-c", script, env=self.environment, log=log
        )
        wait_until(
            lambda: log.exists() and b"startup complete" in log.read_bytes(),
            10,
            "avahi-daemon has started",
        )

    def publish(self, name: str, port: int, *txt: str) -> subprocess.Popen[bytes]:
        """``avahi-publish-service NAME _rtp._udp PORT TXT…``; ends with the process."""
        return self.host.start(
            "avahi-publish-service", name, "_rtp._udp", str(port), *txt, env=self.environment
        )

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        assert self._daemon is not None
        os.killpg(self._daemon.pid, signal.SIGKILL)
        self._daemon.wait()


@contextlib.contextmanager
def avahi(host: Host, name: str = "foreign", *, ipv6: bool = False) -> Iterator[Avahi]:
    """A running avahi-daemon in ``host``."""
    with tempfile.TemporaryDirectory(prefix="vb-avahi-") as folder:
        daemon = Avahi(host, name, Path(folder), ipv6=ipv6)
        try:
            daemon.start()
            yield daemon
        finally:
            host.stop()


def opus_tone(host: Host, group: str, port: int, frequency: int, *extra: str) -> None:
    """ffmpeg sends a sine (amplitude 1/8) as Opus over RTP, payload type 111."""
    where = f"[{group}]" if ":" in group else group
    scheme = "srtp" if "-srtp_out_suite" in extra else "rtp"
    host.start(*_ffmpeg(frequency), *extra, f"{scheme}://{where}:{port}?ttl=1")


def _ffmpeg(frequency: int) -> Sequence[str]:
    return (
        "ffmpeg", "-nostdin", "-loglevel", "error", "-re",
        "-f", "lavfi", "-i", f"sine=frequency={frequency}:sample_rate=48000",
        "-ac", "2", "-c:a", "libopus", "-b:a", "32k", "-application", "voip",
        "-payload_type", "111", "-f", "rtp",
    )  # fmt: skip
