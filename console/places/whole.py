"""Whether a register's files are as they were written: a sum of each, and for what older programs
made, which wrote none, that nothing in it points outside."""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from console.places.kinds import WEIGHT
from console.places.rows import DamagedError

Array = NDArray[Any]

SUMS: Final = "sums.json"
DAMAGED: Final = (
    OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, OverflowError,
    MemoryError, DamagedError,
)  # fmt: skip
"""What reading files raises that are not whole."""
_ROWS: Final = (("text_at", "text_bytes"), ("key_at", "key_bytes"), ("post_at", "post_item"),
                ("near_at", "near_key"), ("house_at", "house_post"))  # fmt: skip
_LIKE: Final = (("item_", "item_name"), ("house_", "house_post"), ("post_", "post_item"),
                ("near_", "near_key"))  # fmt: skip


def write_sums(folder: Path) -> None:
    """Of all files that are in it. Raises OSError."""
    sums = {one.name: _sum(one) for one in sorted(folder.iterdir())}
    (folder / SUMS).write_text(json.dumps(sums), "utf-8")


def _sum(file: Path) -> int:
    """CRC-32 of its bytes."""
    made = 0
    with file.open("rb") as read:
        while some := read.read(1 << 20):
            made = zlib.crc32(some, made)
    return made


def check_sums(folder: Path) -> bool:
    """Whether there are any: older programs have written none. Raises any of DAMAGED."""
    if not (folder / SUMS).exists():
        return False
    for name, told in json.loads((folder / SUMS).read_text("utf-8")).items():
        file = folder / Path(name).name
        if not file.exists():
            raise DamagedError(f"{file.name} is missing")
        if _sum(file) != told:
            raise DamagedError(f"{file.name} is not as it was written")
    return True


def check_bounds(arrays: Mapping[str, Array], areas: int) -> None:
    """That nothing points outside. Raises DamagedError, LookupError."""
    for starts, inner in _ROWS:
        at = arrays[starts].astype(np.int64) if starts in arrays else np.zeros(0, np.int64)
        if len(at) and (at[-1] != len(arrays[inner]) or at[0] or (np.diff(at) < 0).any()):
            raise DamagedError(f"{starts}.npy is damaged")
    items = len(arrays["item_name"])
    most = {"item_name": len(arrays["text_at"]) - 1, "post_text": len(arrays["text_at"]) - 1,
            "item_area": areas, "item_kind": len(WEIGHT), "post_item": items,
            "near_key": len(arrays["key_at"]) - 1}  # fmt: skip
    for name, bound in most.items():
        if len(arrays[name]) and int(arrays[name].max()) >= bound:
            raise DamagedError(f"{name}.npy is damaged")
    for name, values in arrays.items():
        for start, one in _LIKE:
            is_one = name.startswith(start) and not name.endswith("_at")
            if is_one and len(values) != len(arrays[one]):
                raise DamagedError(f"{name}.npy is damaged")


def mapped(file: Path, maps: list[mmap.mmap]) -> Array:
    """An empty array can't be mapped: it is its header alone."""
    if file.stat().st_size <= 128:
        with file.open("rb") as read:
            np.lib.format.read_magic(read)
            shape, _, kind = np.lib.format.read_array_header_1_0(read)
        if shape != (0,):
            raise ValueError(f"{file.name} is cut off")
        return np.zeros(0, kind)
    loaded: Any = np.load(file, mmap_mode="r", allow_pickle=False)
    maps.append(loaded._mmap)
    return np.asarray(loaded)
