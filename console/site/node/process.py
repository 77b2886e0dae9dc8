"""The site process from outside: find the one that runs, start one that outlives us, stop it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Annotated, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

import console
from console.domain.roles import Role
from console.site.address import SiteAddress, SiteError, SitePlace
from console.site.node.papers import local_folder
from console.site.node.server import command_line, read_banner
from console.site.security import identity
from console.site.security.private import write_private

START_S: Final = 20.0
STOP_S: Final = 15.0
POLL_S: Final = 0.03
MAX_FILE_BYTES: Final = 16_384


class SiteFile(msgspec.Struct, frozen=True):
    """``<home>/site/site.json``: who is the site of this home. Readable by its owner alone."""

    place: SitePlace
    pid: int
    server: str  # the nats-server's own name; empty while other nodes hold the log
    words: Annotated[tuple[Annotated[str, Meta(max_length=300)], ...], Meta(max_length=16)] = ()
    """How it was started, for who starts it again."""
    v: Literal[2] = 2


def site_folder(home: Path) -> Path:
    return home / "site"


def site_file(home: Path) -> Path:
    return site_folder(home) / "site.json"


def failure_file(home: Path) -> Path:
    """Where a site that could not start says why, in one sentence."""
    return site_folder(home) / "failed"


def find_address(home: Path, role: Role = "operator") -> SiteAddress | None:
    """The site of this home, None when none answers (a stale file is left to the next site)."""
    known = read_site_file(home)
    return _address(home, known, role) if known is not None and _answers(home, known) else None


def find_node(home: Path) -> SiteAddress | None:
    """As the site's node itself: who can read its folder is the site. Raises SiteError."""
    known = _running(home)
    if known is None:
        return None
    ours = identity.load(site_folder(home) / "node")
    return None if ours is None else SiteAddress(known.place, ours)


def _address(home: Path, known: SiteFile, role: Role) -> SiteAddress:
    """As whom this home comes in. Raises SiteError."""
    ours = identity.load(local_folder(site_folder(home), role))
    if ours is None:
        raise SiteError(f"the site below {home} has no {role}'s certificate here; start it again")
    return SiteAddress(known.place, ours)


def ensure_site(home: Path, *, interface: str | None, name: str | None = None) -> SiteAddress:
    """The site that runs, else a new detached one. Raises SiteError."""
    running = _running(home)
    if running is not None:
        return _address(home, running, "operator")
    words = ["--interface", interface] if interface else []
    return _started(home, (*words, *(["--name", name] if name else [])))


def is_orphaned(home: Path) -> bool:
    """Whether the process of this home's site is gone though nobody has ended it. Its server may go
    on, but none of the site's services then."""
    known = read_site_file(home)
    if known is None or is_site_process(known.pid):
        return False
    return bool(command_line(os.getpid()))  # else nobody can tell here


def revive_site(home: Path) -> SiteAddress:
    """An orphaned one, started as it was. Raises SiteError."""
    known = _running(home) or read_site_file(home)
    return _started(home, known.words if known is not None else ())


def _started(home: Path, words: Sequence[str]) -> SiteAddress:
    with contextlib.suppress(FileNotFoundError):
        failure_file(home).unlink()
    _start_detached(home, words)
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        running = _running(home)
        if running is not None:
            return _address(home, running, "operator")
        _raise_failure(home)
        time.sleep(POLL_S)
    raise SiteError(f"the site did not start within {START_S:.0f} s; see {site_folder(home)}")


def stop_site(home: Path) -> bool:
    """End this home's site process. False when there was none."""
    known = read_site_file(home)
    if known is None or not is_site_process(known.pid):
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(known.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S
    while is_site_process(known.pid):
        if time.monotonic() > deadline:
            raise SiteError(f"the site (process {known.pid}) does not end")
        time.sleep(POLL_S)
    return True


def read_site_file(home: Path) -> SiteFile | None:
    """None when there is none, or none that makes sense."""
    try:
        with site_file(home).open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE_BYTES), type=SiteFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def write_site_file(home: Path, known: SiteFile) -> None:
    write_private(site_file(home), msgspec.json.encode(known).decode() + "\n")


def is_site_process(pid: int) -> bool:
    """Not merely a process with that number: numbers are used again."""
    words = command_line(pid) if pid > 0 else []
    programs = {Path(word).name for word in words[:3]}
    return "console.site" in words or ("site" in words and bool(programs & _FRONT_DOORS))


_FRONT_DOORS: Final = {"console.cli", "vaktbord"}


def _running(home: Path) -> SiteFile | None:
    """The site with its process: a server whose site was killed is no site any more."""
    known = read_site_file(home)
    if known is None or not is_site_process(known.pid) or not _answers(home, known):
        return None
    return known


def _answers(home: Path, known: SiteFile) -> bool:
    try:
        at = urlsplit(known.place.url)
        port = at.port or 0
        ours = identity.load(site_folder(home) / "node")
        context = ours.context() if ours is not None else None
    except (ValueError, SiteError, OSError):
        return False
    if context is None:
        return False
    banner = read_banner(at.hostname or "127.0.0.1", port, context)
    name = banner.get("server_name")
    return name is not None and known.server in ("", name)


def _start_detached(home: Path, words: Sequence[str]) -> None:
    """The child forks the site and ends at once, so that nobody here has to wait for it."""
    line = [sys.executable, "-m", "console.site", "--detach", "--home", str(home), *words]
    folder = site_folder(home)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "start.log").open("wb") as output:
            code = _launch(line, output)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SiteError(f"the site can't be started: {error}") from error
    if code != 0:
        _raise_failure(home)
        raise SiteError(f"the site can't be started; see {folder / 'start.log'}")


def _launch(line: list[str], output: IO[bytes]) -> int:
    """0 when it is under way."""
    if sys.platform == "win32":  # no fork: the child itself is the site
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        subprocess.Popen(
            line,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=child_environment(),
            creationflags=flags,
        )
        return 0
    return subprocess.run(
        line,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=child_environment(),
        timeout=START_S,
        check=False,
    ).returncode


def child_environment() -> dict[str, str]:
    """The child finds this program wherever it was started from."""
    project = str(Path(console.__file__).resolve().parent.parent)
    path = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{project}{os.pathsep}{path}" if path else project}


def _raise_failure(home: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        raise SiteError(failure_file(home).read_text(encoding="utf-8").strip())
