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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Literal

import numpy as np
from ulid import ULID

from console.places.building import AddressesPart, NamesPart, Tally, Thin, sorted_rows
from console.places.folding import shown
from console.places.formats import opening
from console.places.index import Builder, Index
from console.places.rows import DamagedError, PlacesError, SuspectError
from console.places.whole import DAMAGED

log = logging.getLogger(__name__)

CURRENT: Final = "current.json"
LOCK: Final = "lock"
MAKING: Final = ".new-"
MAX_SOURCES: Final = 400
Part = Literal["names", "addresses"]
PARTS: Final[tuple[Part, ...]] = ("names", "addresses")
NOT_TO_KEEP: Final = (
    "what was imported before is damaged: take it away with `vaktbord places remove`, then import "
    "all files again"
)
MOST_TOLD: Final = 3  # municipalities of which much would be lost


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``kept``: from before, of municipalities that no file named."""

    tally: Tally
    kept_names: int = 0
    kept_addresses: int = 0
    took_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Opened:
    """``damaged``: of a part that can't be used what is wrong with it, and what to do."""

    parts: dict[str, Index] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)


def folder_of(home: Path) -> Path:
    return home / "places"


def current(home: Path) -> dict[str, Path]:
    """The folders of the parts that are there: those that are pointed to; where what points is
    damaged, the newest."""
    folder = folder_of(home)
    try:
        named = json.loads((folder / CURRENT).read_text("utf-8"))
        return {part: folder / str(Path(named[part]).name) for part in PARTS if named.get(part)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        log.warning("%s is damaged; the newest folders are taken", folder / CURRENT)
        log.debug("%s", error)
        return _newest(folder)


def _newest(folder: Path) -> dict[str, Path]:
    """Folders have their name only once they are whole, and it tells when they were made."""
    found = {part: sorted(folder.glob(f"{part}-*")) for part in PARTS}
    return {part: folders[-1] for part, folders in found.items() if folders}


def stamp(home: Path) -> tuple[int, int]:
    """Another one after each import."""
    try:
        found = (folder_of(home) / CURRENT).stat()
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_ino


def opened(home: Path) -> Opened:
    """The parts, mapped; one that is damaged is left out and told of."""
    made = Opened()
    for part, folder in current(home).items():
        try:
            made.parts[part] = Index.open(folder)
        except DamagedError as error:
            made.damaged[part] = damage_in_words(part, str(error))
    return made


def damage_in_words(part: str, why: str) -> str:
    return (
        f"the imported {part} are damaged ({why}) and are left out: import their files again, "
        "`vaktbord places import FILE …`"
    )


def import_files(
    home: Path,
    files: Sequence[Path],
    *,
    is_fresh: bool = False,
    is_forced: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Imported:
    """Read all files, then change the register; nothing is changed when it raises. ``is_fresh``:
    leave out what the old one has of other municipalities; ``is_forced``: also what seems to be cut
    off takes its municipalities' place. Raises PlacesError, OSError."""
    begun_s = time.monotonic()
    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(folder):
        _tidy(folder)
        tally = Tally()
        names, addresses = NamesPart(tally), AddressesPart(tally)
        for file in files:
            _read(file, names, addresses, tell)
        if tally.cut and not is_forced:
            raise SuspectError(f"{tally.cut}: it is cut off. Fetch it again")
        if not tally.names and not tally.addresses:
            raise PlacesError(
                f"not one of {tally.bad_rows} rows could be used"
                + "".join(f"; {why}: {one!r}" for why, (_, one) in list(tally.bad.items())[:3])
            )
        before = opened(home)
        for words in before.damaged.values():
            tell(f"Nothing is kept from before: {words}")
        old = before.parts
        kept = {"names": 0, "addresses": 0}
        try:
            if not is_forced:
                _check_whole(old, names, addresses)
            tell("Making the register of what was read")
            if tally.names and "names" in old and not is_fresh:
                kept["names"] = names.keep(old["names"])
            if tally.addresses and "addresses" in old and not is_fresh:
                kept["addresses"] = addresses.keep(old["addresses"])
        except DAMAGED as error:  # an older program's, of which no sums are known
            raise DamagedError(NOT_TO_KEEP) from error
        made: dict[Part, Made] = {}
        if tally.names:
            made["names"] = names.end(), tally.names + kept["names"]
        if tally.addresses:
            made["addresses"] = addresses.end(), tally.addresses + kept["addresses"]
        write(home, made, [file.name for file in files])
        _tidy(folder)
    return Imported(tally, kept["names"], kept["addresses"], time.monotonic() - begun_s)


def _check_whole(old: Mapping[str, Index], names: NamesPart, addresses: AddressesPart) -> None:
    """Raises SuspectError where much of a municipality would be lost."""
    thin: list[tuple[str, Thin]] = []
    if "names" in old:
        one = old["names"]
        thin += [("names", row) for row in names.thin(one, np.ones(len(one)))]
    if "addresses" in old:
        one = old["addresses"]
        houses = np.diff(one.array("house_at").astype(np.int64))
        thin += [("addresses", row) for row in addresses.thin(one, houses)]
    if thin:
        told = "; ".join(f"{part} of {row}" for part, row in thin[:MOST_TOLD])
        more = f"; and as little of {len(thin) - MOST_TOLD} more" if len(thin) > MOST_TOLD else ""
        raise SuspectError(f"what was read seems to be cut off: {told}{more}. Fetch it again")


Made = tuple[Builder, int]
"""What is to be written, and how many rows went into it."""


def write(home: Path, made: Mapping[Part, Made], sources: Sequence[str]) -> None:
    """Make these parts, and put them in the place of what was there. ``sources``: names of the
    files they are from. Raises OSError."""
    folder = folder_of(home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    told = [shown(one) for one in sources[:MAX_SOURCES]]
    _point_to(home, {part: _save(folder, part, *one, told) for part, one in made.items()})


def remove(home: Path) -> bool:
    """Take the register away; whether there was one. Raises OSError."""
    folder = folder_of(home)
    if not (folder / CURRENT).exists():
        return False
    with alone(folder):
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


def _save(folder: Path, part: Part, builder: Builder, count: int, sources: list[str]) -> Path:
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


def _point_to(home: Path, made: Mapping[Part, Path]) -> None:
    named = {part: where.name for part, where in (*current(home).items(), *made.items())}
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
def alone(folder: Path) -> Iterator[None]:
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
