"""The imported register below ``<home>/places``: made whole beside the old one, then put in its
place by one rename of a small file that says which folders are the newest.

A killed import leaves a folder that nothing points to; the next import takes it away. Folders that
are no more pointed to stay for as long as a running desk may have them open.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal

from ulid import ULID

from console.places.building import AddressesPart, NamesPart, Tally, sorted_rows
from console.places.formats import opening
from console.places.index import Builder, Index
from console.places.rows import PlacesError

log = logging.getLogger(__name__)

CURRENT: Final = "current.json"
LOCK: Final = "lock"
MAKING: Final = ".new-"
MAX_SOURCES: Final = 400
Part = Literal["names", "addresses"]
PARTS: Final[tuple[Part, ...]] = ("names", "addresses")
DAMAGED: Final = (OSError, ValueError, KeyError, TypeError, IndexError, EOFError)
"""What opening a part raises whose files are not whole."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``kept``: from before, of municipalities that no file named."""

    tally: Tally
    kept_names: int = 0
    kept_addresses: int = 0
    took_s: float = 0.0


def folder_of(home: Path) -> Path:
    return home / "places"


def current(home: Path) -> dict[str, Path]:
    """The folders of the parts that are there. Damage is as if there were none."""
    folder = folder_of(home)
    try:
        named = json.loads((folder / CURRENT).read_text("utf-8"))
        return {part: folder / str(Path(named[part]).name) for part in PARTS if named.get(part)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        log.warning("%s can't be read: %s", folder / CURRENT, error)
        return {}


def stamp(home: Path) -> tuple[int, int]:
    """Another one after each import."""
    try:
        found = (folder_of(home) / CURRENT).stat()
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_ino


def opened(home: Path) -> dict[str, Index]:
    """The parts, mapped; one that is damaged is left out and logged."""
    made: dict[str, Index] = {}
    for part, folder in current(home).items():
        try:
            made[part] = Index.open(folder)
        except DAMAGED as error:
            log.warning("the register of %s in %s can't be read: %s", part, folder, error)
    return made


def import_files(
    home: Path,
    files: Sequence[Path],
    *,
    is_fresh: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Imported:
    """Read all files, then change the register; nothing is changed when it raises. ``is_fresh``:
    leave out what the old one has of other municipalities. Raises PlacesError, OSError."""
    begun_s = time.monotonic()
    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder):
        _tidy(folder)
        tally = Tally()
        names, addresses = NamesPart(tally), AddressesPart(tally)
        for file in files:
            _read(file, names, addresses, tell)
        if not tally.names and not tally.addresses:
            raise PlacesError(
                f"not one of {tally.bad_rows} rows could be used"
                + "".join(f"; {why}: {one!r}" for why, (_, one) in list(tally.bad.items())[:3])
            )
        old = {} if is_fresh else opened(home)
        tell("Making the register of what was read")
        kept_names = names.keep(old["names"]) if tally.names and "names" in old else 0
        kept_addresses = (
            addresses.keep(old["addresses"]) if tally.addresses and "addresses" in old else 0
        )
        made: dict[Part, Path] = {}
        sources = [file.name for file in files][:MAX_SOURCES]
        if tally.names:
            made["names"] = _save(folder, "names", names.end(), sources, tally.names + kept_names)
        if tally.addresses:
            count = tally.addresses + kept_addresses
            made["addresses"] = _save(folder, "addresses", addresses.end(), sources, count)
        _point_to(home, made)
        _tidy(folder)
    return Imported(tally, kept_names, kept_addresses, time.monotonic() - begun_s)


def remove(home: Path) -> bool:
    """Take the register away; whether there was one. Raises OSError."""
    folder = folder_of(home)
    if not current(home):
        return False
    with _alone(folder):
        (folder / CURRENT).unlink(missing_ok=True)
        _tidy(folder)
    return True


def _read(
    file: Path, names: NamesPart, addresses: AddressesPart, tell: Callable[[str], None]
) -> None:
    progress = opening.Progress()
    told_s = time.monotonic()
    tell(f"Reading {file.name}")
    rows = opening.read(file, progress)
    for seen in sorted_rows(rows, names, addresses, names.tally):
        if time.monotonic() - told_s >= 2.0:
            told_s = time.monotonic()
            share = 100 * progress.done // max(1, progress.size)
            tell(f"Reading {progress.name}: {min(99, share)} %, {seen} rows")
    names.flush()
    addresses.flush()


def _save(folder: Path, part: Part, builder: Builder, sources: list[str], count: int) -> Path:
    making = folder / f"{MAKING}{part}-{ULID()}"
    making.mkdir(mode=0o700)
    builder.meta |= {"sources": sources, "count": count, "made_s": round(time.time())}
    builder.save(making)
    for file in making.iterdir():
        with file.open("rb+") as written:
            os.fsync(written.fileno())
    done = folder / making.name.removeprefix(MAKING)
    making.rename(done)
    return done


def _point_to(home: Path, made: dict[Part, Path]) -> None:
    newest: dict[str, Path] = {**current(home), **dict(made.items())}
    named = {part: where.name for part, where in newest.items()}
    target = folder_of(home) / CURRENT
    beside = target.with_suffix(".tmp")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(named, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)


def _tidy(folder: Path) -> None:
    """What nothing points to. A desk on Windows may still have files open: they go next time."""
    kept = {where.name for where in current(folder.parent).values()}
    for one in folder.iterdir():
        is_ours = one.name.startswith((MAKING, *(f"{part}-" for part in PARTS)))
        if is_ours and one.is_dir() and one.name not in kept:
            shutil.rmtree(one, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One import at a time. Raises PlacesError."""
    with (folder / LOCK).open("a+b") as file:
        if not _lock(file):
            raise PlacesError("another import is running: wait until it is done")
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[Any]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(file: IO[Any]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
