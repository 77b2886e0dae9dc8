"""PMTiles 3: tiles behind one another in a file, found through directories. Read by one thread.

The ``pmtiles`` package knows the form; what is here are the bounds that it does not have (a
directory of 100 bytes may unpack to gigabytes), and directories that are kept once they have been
read. The file is read, not mapped: one that another program cuts short under a map is an error
here and would end the process there.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from pmtiles.tile import (
    Compression,
    HeaderDict,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    deserialize_header,
    zxy_to_tileid,
)

from console.maps.facts import (
    MAX_ATTRIBUTION,
    MAX_LAYERS,
    MAX_NAME,
    Facts,
    Kind,
    bounds_of,
    is_tile,
    one_line,
    zooms_of,
)
from console.maps.faults import MapError
from console.maps.unpacking import MAX_PACKED, checked, unpacked

MAGIC: Final = b"PMTiles"
HEAD: Final = 127  # bytes
MAX_DIRECTORY: Final = 1_000_000  # bytes, unpacked; makers aim at some 100,000
MAX_METADATA: Final = 2_000_000
MAX_DEPTH: Final = 4  # of directories; the form has two
MAX_KEPT: Final = 200_000  # entries of all directories that are kept
KINDS: Final[dict[TileType, Kind]] = {
    TileType.MVT: "vector",
    TileType.PNG: "raster",
    TileType.JPEG: "raster",
    TileType.WEBP: "raster",
}
READABLE: Final = (Compression.NONE, Compression.GZIP)
BROKEN: Final = (EOFError, ValueError, OverflowError, TypeError, IndexError, MemoryError)

Directory = NDArray[np.uint64]  # (n, 4): tile's number, run, length, offset; by number


class _Layer(msgspec.Struct):
    id: str


class _Metadata(msgspec.Struct):
    name: str = ""
    attribution: str = ""
    vector_layers: list[_Layer] = []


class PmtilesFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._size = 0
        self._head: HeaderDict | None = None
        self._kind: Kind = "raster"
        self._kept: OrderedDict[tuple[int, int], Directory] = OrderedDict()

    def open(self) -> Facts:
        """Raises MapError."""
        try:
            return self._open()
        except MapError as fault:
            self.close()
            if fault.code == "tile":  # its directories are packed as tiles are
                raise MapError("damaged", fault.detail) from fault
            raise
        except OSError as error:
            self.close()
            raise MapError("no-access", str(error)) from error

    def close(self) -> None:
        file, self._file = self._file, None
        self._kept.clear()
        if file is not None:
            file.close()

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Unpacked; None where there is none. Raises MapError."""
        if not is_tile(z, x, y) or self._head is None:
            return None
        head, number = self._head, zxy_to_tileid(z, x, y)
        at, length = head["root_offset"], head["root_length"]
        for _ in range(MAX_DEPTH):
            entry = _entry(self._directory(at, length), number)
            if entry is None:
                return None
            run, length, offset = entry
            if run:
                data = self._read(head["tile_data_offset"] + offset, length, MAX_PACKED, "tile")
                return checked(data, self._kind) if data else None
            at = head["leaf_directory_offset"] + offset
        raise MapError("tile", "its directories lead nowhere")

    def _open(self) -> Facts:
        self._file = self._path.open("rb")
        self._size = self._file.seek(0, 2)
        self._head = head = _header(self._read(0, HEAD, HEAD, "header"))
        if head["internal_compression"] not in READABLE or head["tile_compression"] not in (
            *READABLE,
            Compression.UNKNOWN,
        ):
            detail = "compressed with Brotli or Zstandard, not with gzip"
            raise MapError("unsupported", detail, "compression")
        if head["tile_type"] not in KINDS:
            form = head["tile_type"].name
            raise MapError("unsupported", f"its tiles are {form}", "tiles-of", form)
        self._kind = KINDS[head["tile_type"]]
        if not len(self._directory(head["root_offset"], head["root_length"])):
            raise MapError("empty", "there is no tile in it")
        zooms = zooms_of(head["min_zoom"], head["max_zoom"])
        if zooms is None:
            raise MapError("damaged", "its zoom levels make no sense")
        said = self._metadata()
        edges = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
        return Facts(
            name=one_line(said.name, MAX_NAME) or self._path.stem[:MAX_NAME],
            kind=self._kind,
            attribution=one_line(said.attribution, MAX_ATTRIBUTION),
            bounds=bounds_of(head[edge] / 1e7 for edge in edges),  # type: ignore[literal-required]
            least=zooms[0],
            most=zooms[1],
            layers=tuple(one.id[:MAX_NAME] for one in said.vector_layers[:MAX_LAYERS]),
        )

    def _metadata(self) -> _Metadata:
        """It says nothing that can't be done without."""
        assert self._head is not None
        at, length = self._head["metadata_offset"], self._head["metadata_length"]
        try:
            raw = unpacked(self._read(at, length, MAX_METADATA, "metadata"), MAX_METADATA)
            return msgspec.json.decode(raw, type=_Metadata)
        except (MapError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _Metadata()

    def _directory(self, at: int, length: int) -> Directory:
        known = self._kept.get((at, length))
        if known is not None:
            self._kept.move_to_end((at, length))
            return known
        raw = unpacked(self._read(at, length, MAX_DIRECTORY, "directory"), MAX_DIRECTORY)
        try:
            entries = deserialize_directory(gzip.compress(raw, 1))  # it takes nothing else
            rows = [(e.tile_id, e.run_length, e.length, e.offset) for e in entries]
            made = np.array(rows, np.uint64).reshape(-1, 4)
        except BROKEN as error:
            raise MapError("damaged", f"a directory of it is damaged: {error}") from error
        self._kept[at, length] = made
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > MAX_KEPT:
            self._kept.popitem(last=False)
        return made

    def _read(self, at: int, length: int, most: int, what: str) -> bytes:
        if self._file is None:
            raise MapError("tile", "the file has been closed")
        if length > most:
            raise MapError("damaged", f"a {what} of it is larger than {most:,} bytes")
        if at + length > self._size:
            raise MapError("damaged", f"the file ends before a {what} of it does")
        try:
            self._file.seek(at)
            data = self._file.read(length)
        except OSError as error:
            raise MapError("damaged", str(error)) from error
        if len(data) != length:
            raise MapError("damaged", f"the file ends before a {what} of it does")
        return data


def _header(raw: bytes) -> HeaderDict:
    try:
        return deserialize_header(raw)
    except SpecVersionUnsupported as error:
        version = raw[len(MAGIC)]
        detail = f"PMTiles version {version}, not 3"
        raise MapError("unsupported", detail, "version", version) from error
    except (MagicNumberNotFound, UnicodeDecodeError) as error:
        raise MapError("not-a-map", "it does not begin as PMTiles do") from error
    except ValueError as error:  # a compression or kind of tile that nobody has named
        raise MapError("unsupported", str(error)) from error


def _entry(directory: Directory, number: int) -> tuple[int, int, int] | None:
    """Run, length and offset of what holds a tile; a run of 0 is another directory."""
    at = int(np.searchsorted(directory[:, 0], np.uint64(number), side="right")) - 1
    if at < 0:
        return None
    first, run, length, offset = directory[at].tolist()
    return (run, length, offset) if run == 0 or number - first < run else None
