"""How soon 200 talkgroup streams announced at once are all known, beside avahi on the same LAN.

A station announces; a desk's browser and, on a host of its own, ``avahi-browse --resolve`` look
for the streams, all in network namespaces (root). *Waiting*: both look already when the station
begins. *Late*: both begin when all has been announced, avahi with a daemon just started; our time
counts from when the process has loaded its modules. Without root our browser alone is measured,
on loopback, and the result says so.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from console.streams.announce import Announcer, Offer
from console.streams.announcement import Announcement
from console.streams.browse import Browser

if TYPE_CHECKING:
    from tests.netlab import Host

NAME: Final = "discover"
STREAMS: Final = 200
LOOPBACK: Final = "127.0.0.1"
PATIENCE_S: Final = 40.0
SETTLE_S: Final = (4.0, 8.0)
"""After which a browser's first questions, or an announcer's first words, are over; spread over
one refresh, because an answer may wait for a second after it (RFC 6762 section 6)."""
FIRST_PORT: Final = 6_000
TOOLS: Final = ("ip", "unshare", "stdbuf", "avahi-daemon", "avahi-browse", "dbus-daemon")
ROOT: Final = Path(__file__).resolve().parent.parent

Row = dict[str, float | None]
"""Seconds until half of the streams and until all were known; None = not within the patience."""


def run(quick: bool) -> dict[str, Any]:
    """The median over rounds, by who waited or came late."""
    why_not = _why_no_peer()
    one_round = _on_loopback if why_not else _on_a_lan
    rounds = [one_round() for _ in range(1 if quick else 5)]
    return {
        "streams": STREAMS,
        "rounds": len(rounds),
        "why_no_peer": why_not,
        **{name: _median([one[name] for one in rounds]) for name in rounds[0]},
    }


def report(result: dict[str, Any]) -> str:
    lines = [
        f"{result['streams']} streams announced at once; median of {result['rounds']}",
        f"{'':32}{'half known s':>14}{'all known s':>14}",
    ]
    for name, title in _TITLES.items():
        if name in result:
            row = result[name]
            lines.append(f"{title:32}{_shown(row['half_s']):>14}{_shown(row['all_s']):>14}")
    if result["why_no_peer"]:
        return "\n".join([*lines, f"No peer: {result['why_no_peer']}."])
    return "\n".join([*lines, _ratio("waiting", result), _ratio("late", result)])


_TITLES: Final = {
    "waiting": "waiting: vaktbord",
    "waiting_avahi": "  peer: avahi-browse --resolve",
    "late": "late: vaktbord",
    "late_avahi": "  peer: avahi-browse --resolve",
}


def _shown(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.2f}"


def _ratio(case: str, result: Mapping[str, Any]) -> str:
    ours, peer = result[case]["all_s"], result[f"{case}_avahi"]["all_s"]
    if ours is None or peer is None:
        return f"{case}: not all were found within {PATIENCE_S:.0f} s, so there is no ratio"
    return f"{case}: all are known after {ours / peer:.2f} × avahi's time"


def _median(rows: Sequence[Row]) -> Row:
    """Of each figure; a round that never got there is the slowest of all."""

    def middle(name: str) -> float | None:
        ordered = sorted((row[name] for row in rows), key=lambda s: PATIENCE_S if s is None else s)
        return ordered[len(ordered) // 2]

    return {"half_s": middle("half_s"), "all_s": middle("all_s")}


# -- the rounds ---------------------------------------------------------------------------


def _why_no_peer() -> str:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "network namespaces need root"
    absent = [one for one in TOOLS if shutil.which(one) is None]
    if absent:
        return f"{', '.join(absent)} not installed"
    try:
        import tests.netlab  # noqa: F401
    except ImportError:
        return "the test network (tests/) is not part of an installation"
    return ""


def _on_loopback() -> dict[str, Row]:
    browse = _own("browse", LOOPBACK)
    with _Watched(browse) as waiting:
        _settle()
        with _Watched(_own("announce", LOOPBACK)) as station:
            found = {"waiting": waiting.row(since_s=station.wait_begun())}
            _settle()
            with _Watched(browse) as late:
                found["late"] = late.row(since_s=late.wait_begun())
    return found


def _on_a_lan() -> dict[str, Row]:
    from tests import netlab

    with netlab.lan(4) as (station, desk, second, third), netlab.avahi(second, "waiting") as avahi:
        announce = (*_inside(station.namespace), *_own("announce", station.address))
        browse = (*_inside(desk.namespace), *_own("browse", desk.address))
        peer = (*_inside(second.namespace), *AVAHI_BROWSE)
        with _Watched(browse) as ours, _Watched(peer, avahi.environment) as theirs:
            _settle()
            with _Watched(announce) as announcing:
                since_s = announcing.wait_begun()
                found = {"waiting": ours.row(since_s), "waiting_avahi": theirs.row(since_s)}
                _settle()
                with _Watched(browse) as ours_late:
                    found["late"] = ours_late.row(since_s=ours_late.wait_begun())
                found["late_avahi"] = _late_avahi(third)
    return found


def _late_avahi(host: Host) -> Row:
    from tests import netlab

    command = (*_inside(host.namespace), *AVAHI_BROWSE)
    with netlab.avahi(host, "late") as avahi, _Watched(command, avahi.environment) as theirs:
        return theirs.row(since_s=theirs.started_s)


def _settle() -> None:
    time.sleep(random.uniform(*SETTLE_S))


AVAHI_BROWSE: Final = ("stdbuf", "-oL", "avahi-browse", "--resolve", "--parsable", "_rtp._udp")


def _inside(namespace: str) -> tuple[str, ...]:
    return "ip", "netns", "exec", namespace


def _own(role: str, address: str) -> tuple[str, ...]:
    return sys.executable, "-m", "benchmarks.discover", role, address


NO_MORE: Final[Mapping[str, str]] = {}


class _Watched:
    """A program that tells what it finds line by line, and when each line came."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] = NO_MORE) -> None:
        self._command = command
        self._environment = {**os.environ, **environment}
        self._changed = threading.Condition()
        self._found: dict[str, float] = {}
        self._begun_s: float | None = None
        self.started_s = 0.0

    def __enter__(self) -> _Watched:
        self.started_s = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, name="bench-discover")
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()

    def wait_begun(self) -> float:
        """When it said that it begins, by the machine's monotonic clock."""
        with self._changed:
            self._changed.wait_for(lambda: self._begun_s is not None, PATIENCE_S)
        if self._begun_s is None:
            raise RuntimeError(f"{' '.join(self._command)} did not begin")
        return self._begun_s

    def row(self, since_s: float) -> Row:
        """Waits until all are known, or for the patience."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._found) >= STREAMS, PATIENCE_S)
            at_s = sorted(self._found.values())
        return {
            "half_s": _after(at_s, STREAMS // 2, since_s),
            "all_s": _after(at_s, STREAMS, since_s),
        }

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._take(line, time.monotonic())

    def _take(self, line: str, now_s: float) -> None:
        """avahi: ``=;interface;protocol;name;…``; ours: ``=;;;name`` and ``begin <seconds>``."""
        with self._changed:
            if line.startswith("begin "):
                self._begun_s = float(line.split()[1])
            elif line.startswith("="):
                self._found.setdefault(line.split(";")[3].strip(), now_s)
            self._changed.notify_all()


def _after(at_s: Sequence[float], count: int, since_s: float) -> float | None:
    return at_s[count - 1] - since_s if len(at_s) >= count else None


# -- the processes ------------------------------------------------------------------------


def main(role: str, address: str) -> None:
    """Until SIGTERM."""
    from signal import SIGTERM, signal

    ending = threading.Event()
    signal(SIGTERM, lambda *_: ending.set())
    with _browsing(address) if role == "browse" else _announcing(address):
        ending.wait()


@contextlib.contextmanager
def _browsing(address: str) -> Iterator[None]:
    def tell(changed: tuple[Announcement, ...], _gone: tuple[str, ...]) -> None:
        for one in changed:
            if one.addresses:
                sys.stdout.write(f"=;;;{one.name}\n")
        sys.stdout.flush()

    browser = Browser(address, tell)
    _say_begin()
    browser.start()
    try:
        yield
    finally:
        browser.stop()


@contextlib.contextmanager
def _announcing(address: str) -> Iterator[None]:
    announcer = Announcer(address)
    _say_begin()
    try:
        for n in range(STREAMS):
            group = f"239.77.{n // 250}.{n % 250 + 1}"
            announcer.announce(
                Offer(name=f"bench-{n}", talkgroup=f"bench-{n}", port=FIRST_PORT + n, group=group)
            )
        yield
    finally:
        announcer.close()


def _say_begin() -> None:
    print(f"begin {time.monotonic()}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
