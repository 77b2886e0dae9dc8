"""Where an engine's files lie below ``--home``, its claim to be the only one, its address."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from audio.exclusive import Exclusive, TakenError
from audio.protocol import UNREADABLE

MAX_SOCKET_PATH: Final = 100  # bytes; sun_path has 104 to 108
MAX_FILE_BYTES: Final = 16_384


class EngineAddress(msgspec.Struct, frozen=True):
    """In ``engine.json`` (0600). ``path`` is the socket; on Windows ``port`` on loopback."""

    pid: int
    token: str
    version: int
    path: str = ""
    port: int = 0

    def __repr__(self) -> str:
        return f"EngineAddress(pid={self.pid}, path={self.path!r}, port={self.port})"


def engine_dir(home: Path) -> Path:
    return home / "engine"


def lock_path(home: Path) -> Path:
    return engine_dir(home) / "engine.json"


def meters_path(home: Path) -> Path:
    return engine_dir(home) / "meters"


def log_path(home: Path) -> Path:
    return engine_dir(home) / "engine.log"


def recall_dir(home: Path) -> Path:
    return engine_dir(home) / "recall"


def rollovers_path(home: Path) -> Path:
    return engine_dir(home) / "rollovers.json"


def ssrcs_path(home: Path) -> Path:
    return engine_dir(home) / "ssrcs.json"


def socket_path(home: Path) -> Path:
    """Below the home; where that is too long for a socket, in a private folder of the system's."""
    path = engine_dir(home) / "door.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    return runtime / f"vaktbord-{name}" / "door.sock"


def make_private(folder: Path) -> None:
    """A folder of ours that nobody else can look into. Raises OSError, also if it is another's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32":
        folder.chmod(0o700)  # fails on a folder that a stranger has made in /tmp


def read_address(home: Path) -> EngineAddress | None:
    """None when there is none, or nothing that can be read."""
    try:
        with lock_path(home).open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE_BYTES), type=EngineAddress)
    except (OSError, *UNREADABLE):
        return None


def write_address(home: Path, address: EngineAddress) -> None:
    path = lock_path(home)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(msgspec.json.encode(address))
    fresh.replace(path)


def claim_path(home: Path) -> Path:
    return engine_dir(home) / "engine.lock"


class Claim:
    """This process is the engine of this home until :meth:`release`. Raises TakenError."""

    def __init__(self, home: Path) -> None:
        make_private(engine_dir(home))
        self._home = home
        self._lock = Exclusive(claim_path(home))

    def is_there(self) -> bool:
        """False when the home has been deleted; another engine may live in its place by now."""
        return self._lock.is_there()

    def release(self) -> None:
        if self.is_there():
            with contextlib.suppress(FileNotFoundError):
                lock_path(self._home).unlink()
        self._lock.release()


def is_claimed(home: Path) -> bool:
    """Whether an engine lives below this home, answering or not."""
    if not claim_path(home).exists():
        return False
    try:
        Exclusive(claim_path(home)).release()
    except TakenError:
        return True
    return False
