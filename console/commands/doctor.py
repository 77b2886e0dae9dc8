"""``vaktbord doctor``: checks this machine and says, check by check, what to do."""

from __future__ import annotations

import argparse
import ctypes
import datetime
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from console.commands.multicast import loop_problem
from console.commands.options import print_as_json
from console.site.address import ShutOutError, SiteError
from console.site.contact import look_in, why_silent
from console.site.find import find_site
from console.site.node.process import site_folder
from console.site.security import identity, pki
from console.streams.browse import Browser

Verdict = Literal["ok", "warning", "bad"]

CHILD_PATIENCE_S: Final = 15.0
BROWSE_S: Final = 1.5
OUR_GROUPS: Final = ("239.255.77.77", "ff02::7777", 0)
MDNS_GROUPS: Final = ("224.0.0.251", "ff02::fb", 5_353)
LITTLE_DISK_BYTES: Final = 2 * 10**9
NO_DISK_BYTES: Final = 200 * 10**6
CLOCK_STEP_S: Final = 0.05
WINDOW_LIBRARIES: Final = ("libGL.so.1", "libEGL.so.1", "libxcb-cursor.so.0", "libxkbcommon.so.0")


class Check(msgspec.Struct, frozen=True):
    """One finding; ``todo`` is empty where nothing needs to be done."""

    name: str
    verdict: Verdict
    found: str
    todo: str = ""


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "doctor",
        parents=[common],
        help="check this machine and say what to do",
        description="Check sound, network, site, clock and disk, each with a verdict (ok, "
        "warning, bad) and what to do. Exit code 1: something is bad.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns 1 when a check is bad."""
    checks = []
    for check in examine(options.home, options.interface):
        checks.append(check)
        if not options.json:
            print(as_text(check), flush=True)
    if options.json:
        document: dict[str, object] = {"checks": checks, "verdict": worst(checks)}
        print_as_json(document)
    else:
        print(f"\nAll in all: {worst(checks)}.")
    return int(worst(checks) == "bad")


def examine(home: Path, interface: str | None) -> Iterator[Check]:
    """Every check in turn; one that fails in an unforeseen way is itself a finding."""
    before = wall_minus_monotonic()
    checks: dict[str, Callable[[], Check]] = {
        "sound": check_sound,
        "engine": check_engine,
        "window": check_window,
        "multicast": lambda: check_multicast(interface),
        "mdns": lambda: check_mdns(interface),
        "site": lambda: check_site(home, interface),
        "certificates": lambda: check_certificates(home),
        "disk": lambda: check_disk(home),
        "clock": lambda: check_clock(before),
    }
    for name, check in checks.items():
        try:
            yield check()
        except (OSError, subprocess.SubprocessError) as error:
            yield Check(name, "bad", f"it could not be checked: {error}", "Mend that first.")


def worst(checks: list[Check]) -> Verdict:
    verdicts = {check.verdict for check in checks}
    return "bad" if "bad" in verdicts else "warning" if "warning" in verdicts else "ok"


def as_text(check: Check) -> str:
    line = f"{check.verdict:8} {check.name:13} {check.found}"
    return f"{line}\n{'':22} -> {check.todo}" if check.todo else line


def check_sound() -> Check:
    """Asked in a process of its own: a sound system may hang."""
    try:
        done = _python("-m", "audio.devices.listing")
    except subprocess.TimeoutExpired:
        found = f"the sound system did not answer within {CHILD_PATIENCE_S:.0f} s"
        return Check("sound", "bad", found, "Restart PulseAudio or PipeWire.")
    if done.returncode:
        return Check("sound", "bad", _last_line(done.stderr), "Install it; then run this again.")
    names = msgspec.json.decode(_last_line(done.stdout), type=list[str])
    if not names:
        todo = "Connect a sound card or start the sound server; until then choose --device null."
        return Check("sound", "warning", "no sound output was found", todo)
    return Check("sound", "ok", f"{len(names)} outputs: {', '.join(names)}")


def check_engine() -> Check:
    """It works as well without, at the cost of a third more of the processor."""
    done = _python("-m", "audio.compile", "--check")
    if not done.returncode:
        return Check("engine", "ok", "the engine's fast path is compiled")
    todo = "It works without, and takes a third more of the processor."
    return Check("engine", "ok", _last_line(done.stderr), todo)


def check_window() -> Check:
    """Qt loads, and what its X11 platform needs is there."""
    done = _python("-c", "import PySide6.QtWidgets")
    if done.returncode:
        todo = "Run ./vaktbord again: it installs the missing system libraries."
        return Check("window", "bad", _last_line(done.stderr), todo)
    missing = [] if sys.platform != "linux" else [n for n in WINDOW_LIBRARIES if not _loads(n)]
    if missing:
        todo = "Install these libraries with the system's package tool."
        return Check("window", "bad", f"missing: {', '.join(missing)}", todo)
    return Check("window", "ok", "Qt and its libraries load")


def check_multicast(interface: str | None) -> Check:
    """A datagram to a group of ours comes back."""
    problem = loop_problem(*OUR_GROUPS, interface)
    if problem:
        todo = "Check the firewall, and that the interface is up and has a multicast route."
        return Check("multicast", "bad", problem, todo)
    return Check("multicast", "ok", f"a datagram came back on {interface or 'every interface'}")


def check_mdns(interface: str | None) -> Check:
    """The mDNS group is heard, and what is announced can be read."""
    problem = loop_problem(*MDNS_GROUPS, interface)
    if problem:
        todo = "Let UDP port 5353 through the firewall."
        return Check("mdns", "bad", problem, todo)
    browser = Browser(interface, lambda _changed, _gone: None)
    browser.start()
    try:
        time.sleep(BROWSE_S)
        problem, count = browser.problem, len(browser.streams())
    finally:
        browser.stop()
    if problem:
        return Check("mdns", "bad", problem, "Choose another --interface.")
    return Check("mdns", "ok", f"{count} talkgroup streams are announced")


def check_site(home: Path, interface: str | None) -> Check:
    """By coming in: that a place is known, or that a server answers, says little."""
    try:
        site = find_site(home, interface=interface)
    except ShutOutError as error:
        return Check("site", "bad", str(error), "Enrol again: vaktbord enrol --join")
    except SiteError as error:
        return Check("site", "warning", str(error), "A desk works without one, but alone.")
    me = site.identity
    try:
        serves = look_in(site)
    except ShutOutError as error:
        return Check("site", "bad", f"refused: {error}", "Enrol again: vaktbord enrol --join")
    except SiteError as error:
        todo = "Start the site on its machine (`vaktbord site`), or mend the network to it."
        return Check("site", "bad", str(error), todo)
    where = f"{site.name} at {site.url}"
    if not serves:
        what, _, todo = why_silent(site).partition(". ")
        return Check("site", "bad", f"{where}: {what}", f"{todo}.")
    found = f"{where} lets this machine in as {me.name}, {me.role}, and its services answer"
    return Check("site", "ok", found)


def check_certificates(home: Path) -> Check:
    """As whom this home comes in at a site, and for how long still."""
    now = datetime.datetime.now(datetime.UTC)
    found: list[str] = []
    verdict: Verdict = "ok"
    todo = ""
    for folder in _identities(home):
        try:
            left = identity.days_left(folder, now)
        except SiteError as error:
            return Check("certificates", "bad", str(error), "Enrol again: vaktbord enrol --join")
        if left is None:
            continue
        found.append(f"{folder.name}: {left.days} days")
        if left.days < 0:
            verdict, todo = "bad", "It is over: enrol again with a new code, vaktbord enrol --join"
        elif left < pki.MEMBER_LIFE / 6 and verdict == "ok":
            verdict, todo = "warning", "It renews itself while this desk is connected to its site."
    if not found:
        return Check("certificates", "ok", "none: this home is enrolled at no site")
    return Check("certificates", verdict, ", ".join(found), todo)


def _identities(home: Path) -> Iterator[Path]:
    """The positions of this home: where it has enrolled, and at its own site."""
    for above in (home / "identity", site_folder(home) / "local"):
        yield from sorted(above.glob("*/")) if above.is_dir() else ()


def check_disk(home: Path) -> Check:
    """Room and right to write where all state lies."""
    folder = next(one for one in (home, *home.resolve().parents) if one.exists())
    if not os.access(folder, os.W_OK):
        todo = "Choose another --home, or make it writable."
        return Check("disk", "bad", f"{folder} can't be written to", todo)
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB free for {home}"
    if free >= LITTLE_DISK_BYTES:
        return Check("disk", "ok", found)
    return Check("disk", "bad" if free < NO_DISK_BYTES else "warning", found, "Free some space.")


def check_clock(before_s: float) -> Check:
    """``before_s``: wall minus monotonic time some seconds ago."""
    step_s = wall_minus_monotonic() - before_s
    if abs(step_s) > CLOCK_STEP_S:
        found = f"the clock jumped by {step_s:+.3f} s during this check"
        return Check("clock", "warning", found, "Let one time service alone set the clock.")
    synchronised = clock_is_synchronised()
    if synchronised is None:
        found = "steady; whether it is synchronised is not known here"
        return Check("clock", "warning", found, "Run chrony or systemd-timesyncd.")
    if not synchronised:
        todo = "Turn on time synchronisation: events of several desks are ordered by it."
        return Check("clock", "warning", "steady, but not synchronised", todo)
    return Check("clock", "ok", "steady and synchronised")


def wall_minus_monotonic() -> float:
    return time.time() - time.monotonic()


def clock_is_synchronised() -> bool | None:
    """What the system's time service says; None where none can be asked."""
    for line in (
        ["timedatectl", "show", "--property=NTPSynchronized", "--value"],
        ["chronyc", "-n", "waitsync", "1"],
    ):
        if shutil.which(line[0]) is None:
            continue
        done = _run(line)
        if line[0] == "chronyc":
            return done.returncode == 0
        if done.stdout.strip() in ("yes", "no"):
            return done.stdout.strip() == "yes"
    return None


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return _run([sys.executable, *arguments])


def _run(line: list[str]) -> subprocess.CompletedProcess[str]:
    """Raises TimeoutExpired, OSError."""
    return subprocess.run(
        line, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        timeout=CHILD_PATIENCE_S,
    )  # fmt: skip


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it failed without a word"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
