"""Kept bursts on disk: a file and a key each, bounded by age, bytes and number; oldest go first.

Files are written whole and renamed into place, so a crash leaves whole bursts and remains that the
next start clears away. Deleting a burst overwrites its key on the disk before anything is unlinked.
That a missed burst has been listened to since is one more small file beside it.
"""

from __future__ import annotations

import bisect
import contextlib
import logging
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import msgspec

from audio.home import make_private
from audio.recall.alarms import Window, Windows
from audio.recall.burst import BurstError, Facts, KeptPacket, Piece, unpack
from audio.recall.vault import (
    MARK_BYTES,
    WRAPPED_BYTES,
    SealError,
    Vault,
    facts_size,
    open_body,
    open_facts,
    open_mark,
    seal,
    seal_mark,
)

log = logging.getLogger(__name__)

KEEP_MS: Final = 24 * 3_600_000  # unless the desk says otherwise
MAX_KEEP_MS: Final = 168 * 3_600_000
MAX_BYTES: Final = 1 << 30  # of files; an hour of Opus in each of 16 groups is 170 MB
MAX_BURSTS: Final = 32_768
EXPIRED_AT_ONCE: Final = 8  # then new ones and questions have their turn
MAX_FACTS: Final = 4_096  # bytes of a file read at start
KINDS: Final = frozenset((".burst", ".key", ".new", ".heard", ".mark"))  # of files, by their ends
NAME: Final = re.compile(r"[0-9]{13}-[0-9a-f]{8}")


class Entry(msgspec.Struct):
    """One burst. ``facts`` is None for a damaged one: it only takes room until it is old."""

    facts: Facts | None
    size: int
    is_missed: bool = False


class Store:
    """One thread writes and deletes; looking and reading are for any. ``wall_ms``: unix time.

    Raises OSError, SealError when the folder or its key can't be used.
    """

    def __init__(
        self,
        folder: Path,
        wall_ms: Callable[[], float],
        *,
        max_bytes: int = MAX_BYTES,
        max_bursts: int = MAX_BURSTS,
    ) -> None:
        make_private(folder)
        self._folder = folder
        self._wall_ms = wall_ms
        self._max_bytes, self._max_bursts = max_bytes, max_bursts
        self._vault = Vault(folder / "key")
        self._lock = threading.Lock()  # of what follows; held for no file
        self._entries: dict[str, Entry] = {}
        self._order: list[str] = []  # names sort by start
        self._missed: dict[str, int] = {}
        self._windows = Windows(folder / "alarms.json")
        self._bound: dict[str, tuple[str, ...]] = {}  # bursts kept with alarms, and those
        self.keep_ms = self._read_keep()
        self.bytes = 0
        self.damaged = 0
        self._load()

    # -- looking ------------------------------------------------------------------------------

    def facts(self, burst: str) -> Facts:
        """Raises BurstError."""
        with self._lock:
            entry = self._entries.get(burst)
        if entry is None or entry.facts is None:
            raise BurstError("this burst is not kept, or not any more")
        return entry.facts

    def alarms_of(self, burst: str) -> tuple[str, ...]:
        with self._lock:
            return self._bound.get(burst, ())

    def kept_with(self, alarm: str) -> list[Facts]:
        """Oldest first."""
        with self._lock:
            names = sorted(name for name, alarms in self._bound.items() if alarm in alarms)
            found = [self._entries[name].facts for name in names]
        return [facts for facts in found if facts is not None]

    def newest(self, stream: str, count: int, before: str = "", *, alarm: str = "") -> list[Facts]:
        """Of one stream or (empty) of all, newest last; older than ``before`` if given, kept with
        this ``alarm`` if given."""
        found: list[Facts] = []
        with self._lock:
            end = bisect.bisect_left(self._order, before) if before else len(self._order)
            for name in reversed(self._order[:end]):
                facts = self._entries[name].facts
                if alarm and alarm not in self._bound.get(name, ()):
                    continue
                if facts is not None and stream in ("", facts.stream):
                    found.append(facts)
                    if len(found) >= count:
                        break
        return found[::-1]

    def spoken(self, group: str, from_ms: int, until_ms: int) -> list[Facts]:
        """What was said in the group between two times, oldest first: bursts whose middle lies
        there, of the stream that has most of them."""
        found: list[Facts] = []
        with self._lock:
            for name in self._order:
                facts = self._entries[name].facts
                if facts is None or facts.stream.partition("@")[0] != group:
                    continue
                if from_ms <= facts.start_ms + facts.length_ms // 2 <= until_ms:
                    found.append(facts)
        return fullest(found)

    def missed(self, streams: Iterable[str], since_ms: int, count: int) -> list[Facts]:
        """What was missed, or (``since_ms``) all since then; of these streams, none named: of
        all. Oldest first, at most ``count`` of the newest."""
        wanted = frozenset(streams)
        with self._lock:
            found = [
                entry.facts
                for name in self._order
                if (entry := self._entries[name]).facts is not None
                and (entry.facts.start_ms >= since_ms if since_ms else entry.is_missed)
                and (not wanted or entry.facts.stream in wanted)
            ]
        return found[-count:]

    def missed_counts(self) -> dict[str, int]:
        with self._lock:
            return dict(self._missed)

    def is_missed(self, burst: str) -> bool:
        with self._lock:
            entry = self._entries.get(burst)
            return entry is not None and entry.is_missed

    @property
    def count(self) -> int:
        return len(self._order)

    def mark_listened(self, burst: str) -> bool:
        """It is missed no more: for this engine at once, for the next by :meth:`keep_mark`.
        Returns whether it was."""
        with self._lock:
            entry = self._entries.get(burst)
            if entry is None or not entry.is_missed:
                return False
            entry.is_missed = False
            self._count_missed(entry, -1)
        return True

    def keep_mark(self, burst: str) -> None:
        """Noted beside the burst, for the next engine. What a power cut or a full disk makes of it
        means missed: better twice than never. Raises OSError, SealError."""
        with self._lock:
            entry = self._entries.get(burst)
        if entry is None or entry.facts is None or entry.facts.heard:
            return
        fresh = self._path(burst).with_suffix(".mark")
        fresh.unlink(missing_ok=True)
        try:
            _write(fresh, seal_mark(self._vault.unwrap(self._key_path(burst).read_bytes()), burst))
            fresh.replace(self._mark_path(burst))
        except OSError:
            fresh.unlink(missing_ok=True)
            raise

    def _has_mark(self, name: str) -> bool:
        try:
            with self._mark_path(name).open("rb") as file:
                sealed = file.read(MARK_BYTES + 1)
            open_mark(self._vault.unwrap(self._key_path(name).read_bytes()), name, sealed)
        except (OSError, SealError):
            return False
        return True

    def read(self, burst: str) -> list[KeptPacket]:
        """The packets as they came. Raises BurstError."""
        try:
            key = self._vault.unwrap(self._key_path(burst).read_bytes())
            return list(unpack(open_body(key, burst, self._path(burst).read_bytes())))
        except (OSError, SealError) as error:
            raise BurstError(f"the burst can't be read: {error}") from error

    # -- how long -----------------------------------------------------------------------------

    def keep_for(self, keep_ms: float) -> None:
        """Noted, because the next engine looks for what is old before anybody tells it. Raises
        OSError; then it holds for this one."""
        if keep_ms == self.keep_ms:
            return
        self.keep_ms = keep_ms
        fresh = self._keep_path.with_suffix(".fresh")
        fresh.unlink(missing_ok=True)
        _write(fresh, str(keep_ms).encode())
        fresh.replace(self._keep_path)

    def keep_for_alarm(self, window: Window) -> list[Facts]:
        """What is here of it already. Raises TooManyError, and OSError as :meth:`keep_for`."""
        before = {one.burst for one in self.kept_with(window.alarm)}
        try:
            self._windows.keep(window)
        finally:
            self._bind()
        return [one for one in self.kept_with(window.alarm) if one.burst not in before]

    def release(self, alarm: str) -> None:
        """Raises OSError as :meth:`keep_for`."""
        try:
            self._windows.release(alarm)
        finally:
            self._bind()

    def is_wanted(self, facts: Facts) -> bool:
        """Whether it is to be kept at all."""
        return self.keep_ms > 0 or bool(self._windows.of(facts))

    def _bind(self) -> None:
        """Anew, by the windows that there are."""
        found = {}
        for name, entry in list(self._entries.items()):
            alarms = self._windows.of(entry.facts) if entry.facts is not None else ()
            if alarms:
                found[name] = alarms
        with self._lock:
            self._bound = found

    def _read_keep(self) -> float:
        try:
            keep_ms = float(self._keep_path.read_text("ascii"))
        except (OSError, ValueError):
            return float(KEEP_MS)
        return keep_ms if 0 <= keep_ms <= MAX_KEEP_MS else float(KEEP_MS)

    @property
    def _keep_path(self) -> Path:
        return self._folder / "keep-ms"

    # -- writing ------------------------------------------------------------------------------

    def add(self, piece: Piece) -> Facts:
        """Makes room first, so that the bounds hold at any time. Raises OSError (a full disk):
        then nothing of it is left."""
        name = f"{piece.facts.start_ms:013}-{secrets.token_hex(4)}"
        facts = msgspec.structs.replace(piece.facts, burst=name)
        key, wrapped = self._vault.new_key()
        data = seal(key, name, msgspec.msgpack.encode(facts), piece.body)
        if len(data) > self._max_bytes:
            raise OSError("a burst larger than all that may be kept")
        self._make_room(len(data))
        try:
            _write(self._key_path(name), wrapped)
            fresh = self._path(name).with_suffix(".new")
            _write(fresh, data)
            fresh.replace(self._path(name))
        except OSError:
            self._shred(name)
            raise
        self._enter(name, Entry(facts, len(data), is_missed=not facts.heard))
        return facts

    def expire(self) -> bool:
        """Delete what is too old, :data:`EXPIRED_AT_ONCE` at most. Returns whether that was all."""
        before = f"{max(0, int(self._wall_ms() - self.keep_ms)):013}"
        with contextlib.suppress(OSError):  # it holds for this engine, and the next tries again
            if self._windows.expire(self._wall_ms()):
                self._bind()
        old = self._order[: bisect.bisect_left(self._order, before)]
        old = [name for name in old if name not in self._bound]
        for name in old[:EXPIRED_AT_ONCE]:
            self.delete(name)
        return len(old) <= EXPIRED_AT_ONCE

    def delete(self, burst: str) -> None:
        """Its key is destroyed on the disk first: what is left of it anywhere stays closed."""
        with self._lock:
            entry = self._entries.pop(burst, None)
            if entry is None:
                return
            self._order.remove(burst)
            self._bound.pop(burst, None)
            self.bytes -= entry.size
            if entry.is_missed:
                self._count_missed(entry, -1)
        self._shred(burst)

    def _make_room(self, size: int) -> None:
        """What is kept with alarms goes last of all."""
        while self._order and (
            self.bytes + size > self._max_bytes or len(self._order) >= self._max_bursts
        ):
            unbound = (name for name in self._order if name not in self._bound)
            self.delete(next(unbound, self._order[0]))

    def _enter(self, name: str, entry: Entry) -> None:
        alarms = self._windows.of(entry.facts) if entry.facts is not None else ()
        with self._lock:
            if alarms:
                self._bound[name] = alarms
            self._entries[name] = entry
            bisect.insort(self._order, name)
            self.bytes += entry.size
            if entry.is_missed:
                self._count_missed(entry, 1)

    def _count_missed(self, entry: Entry, step: int) -> None:
        stream = entry.facts.stream if entry.facts is not None else ""
        left = self._missed.get(stream, 0) + step
        if left > 0:
            self._missed[stream] = left
        else:
            self._missed.pop(stream, None)

    def _shred(self, name: str) -> None:
        """Whatever there is of it."""
        key = self._key_path(name)
        try:
            with key.open("r+b") as file:
                file.write(bytes(WRAPPED_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            pass
        except OSError as error:
            log.warning("a key could not be overwritten: %s", error)
        ends = (".burst", ".new", ".heard", ".mark")
        for path in (key, *(self._path(name).with_suffix(end) for end in ends)):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    # -- the start ----------------------------------------------------------------------------

    def _load(self) -> None:
        names: dict[str, set[str]] = {}
        for path in self._folder.iterdir():
            if path.suffix in KINDS and NAME.fullmatch(path.stem):
                names.setdefault(path.stem, set()).add(path.suffix)
        for name, kinds in names.items():
            if ".mark" in kinds:  # a crash while it was marked
                self._path(name).with_suffix(".mark").unlink(missing_ok=True)
            if kinds - {".heard", ".mark"} == {".burst", ".key"}:
                self._load_one(name, is_marked=".heard" in kinds)
            else:  # a crash while it was written or deleted
                self._shred(name)
        if self.damaged:
            log.warning("%d kept bursts are damaged and can't be played", self.damaged)
        self._make_room(0)

    def _load_one(self, name: str, *, is_marked: bool) -> None:
        facts: Facts | None = None
        size = 0
        try:
            size = self._path(name).stat().st_size
            facts = self._read_facts(name)
        except (OSError, SealError, msgspec.DecodeError):
            self.damaged += 1
        is_missed = (
            facts is not None and not facts.heard and not (is_marked and self._has_mark(name))
        )
        self._enter(name, Entry(facts, size, is_missed=is_missed))

    def _read_facts(self, name: str) -> Facts:
        with self._path(name).open("rb") as file:
            start = file.read(MAX_FACTS)
        if facts_size(start) > len(start):
            raise SealError("more facts than there can be")
        key = self._vault.unwrap(self._key_path(name).read_bytes())
        return msgspec.msgpack.decode(open_facts(key, name, start), type=Facts)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.burst"

    def _mark_path(self, name: str) -> Path:
        return self._folder / f"{name}.heard"

    def _key_path(self, name: str) -> Path:
        return self._folder / f"{name}.key"


def _write(path: Path, data: bytes) -> None:
    """A new file for this user alone. Not synced: a power cut may take the last bursts, and what
    it tears is found out by its seal."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - of a descriptor
        file.write(data)


def fullest(bursts: Iterable[Facts]) -> list[Facts]:
    """Those of the stream that has most of it: the same voice may have come on two."""
    of: dict[str, list[Facts]] = {}
    for facts in bursts:
        of.setdefault(facts.stream, []).append(facts)
    return max(of.values(), key=lambda found: sum(f.length_ms for f in found), default=[])
