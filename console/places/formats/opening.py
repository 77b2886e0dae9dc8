"""Opens a file that somebody gives, zipped or not, and says what is in it. Nothing is unpacked."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from console.places.formats import delimited, geojson, gml
from console.places.rows import PlacesError, Row

MAX_MEMBERS: Final = 2_000
MAX_RATIO: Final = 250  # of what is unpacked to what is packed: XML comes to some 30
MAX_BYTES: Final = 64 * 2**30  # the whole country's names are some 5 GiB of XML
ENDINGS: Final = (".gml", ".xml", ".json", ".geojson", ".csv", ".txt")
HEAD: Final = 8_192
DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    NotImplementedError, RuntimeError, MemoryError,
)  # fmt: skip
"""What reading a zip file raises that is not whole."""


def read(path: Path, progress: Progress) -> Iterator[Row]:
    """The rows of all that is in the file. Raises PlacesError, OSError."""
    with path.open("rb") as file:
        if zipfile.is_zipfile(file):
            yield from _zipped(file, path.name, progress)
        else:
            progress.begin(path.name, path.stat().st_size)
            file.seek(0)
            yield from _rows(Counted(file, progress), path.name)


class Progress:
    """How far the reading is; ``on_step`` is called now and then."""

    def __init__(self) -> None:
        self.name, self.size, self.done = "", 0, 0

    def begin(self, name: str, size: int) -> None:
        self.name, self.size, self.done = name, size, 0


class Counted(io.RawIOBase):
    """A stream whose progress is told, and that ends with an error where it is too large."""

    def __init__(self, inner: IO[bytes], progress: Progress, most: int = MAX_BYTES) -> None:
        super().__init__()
        self._inner, self._progress, self._most = inner, progress, most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(size)
        self._progress.done += len(data)
        if self._progress.done > self._most:
            raise PlacesError(
                f"{self._progress.name} is larger than {self._most} bytes when unpacked: "
                "it is not one of Kartverket's files"
            )
        return data

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _zipped(file: IO[bytes], name: str, progress: Progress) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(file) as archive:
            for member in _members(archive, name):
                progress.begin(f"{name}: {member.filename}", member.file_size)
                with archive.open(member) as inner:
                    yield from _rows(Counted(inner, progress, member.file_size + 1), name)
    except DAMAGED as error:
        raise PlacesError(
            f"{name} is a damaged zip file ({error}): fetch it again from Geonorge"
        ) from error


def _members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """Those that can be read. Raises PlacesError for a bomb, or when there is none."""
    every = archive.infolist()
    if len(every) > MAX_MEMBERS:
        raise PlacesError(f"{name} holds {len(every)} files: more than {MAX_MEMBERS} are refused")
    wanted = [one for one in every if one.filename.lower().endswith(ENDINGS)]
    if not wanted:
        raise PlacesError(f"{name} holds no GML, GeoJSON or CSV file: choose one of those formats")
    for one in wanted:
        if one.flag_bits & 1:
            raise PlacesError(f"{name} has a password: unpack it first")
        if one.file_size > MAX_RATIO * max(one.compress_size, 4_096):
            raise PlacesError(
                f"{name}: {one.filename} would grow to {one.file_size} bytes from "
                f"{one.compress_size}: it is not one of Kartverket's files"
            )
    if sum(one.file_size for one in wanted) > MAX_BYTES:
        raise PlacesError(f"{name} would grow to more than {MAX_BYTES} bytes: it is refused")
    return wanted


def _rows(raw: Counted, name: str) -> Iterator[Row]:
    """By how the file begins, not by its name."""
    stream: io.BufferedReader[Any] = io.BufferedReader(raw, 1 << 20)
    head = stream.peek(HEAD)[:HEAD]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not head:
        raise PlacesError(f"{name} is empty")
    if start == b"<":
        yield from gml.rows(stream, name)
    elif start in (b"{", b"["):
        yield from geojson.rows(stream, name)
    else:
        yield from delimited.rows(stream, name, head)
