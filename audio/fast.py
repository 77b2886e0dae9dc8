"""The usual case of each packet and frame in C (``_fast.c``), where that has been compiled.

Without it the same is done by the pure classes, more slowly. The binary's name has the checksum of
its source in it, so one that was made of another source is never loaded.
"""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Final, TypeVar

SOURCE: Final = Path(__file__).with_name("_fast.c")
PURE: Final = "VAKTBORD_PURE"  # set to 1: as if nothing were compiled

_Thing = TypeVar("_Thing", bound=Callable[..., object])


def module_name() -> str:
    """``_fast_`` and the first 64 bits of the source's SHA-256 (setup.py makes the same)."""
    return "_fast_" + hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]


@cache
def compiled() -> ModuleType | None:
    if os.environ.get(PURE) == "1":
        return None
    try:
        return importlib.import_module(f"audio.{module_name()}")
    except (ImportError, OSError):  # never made, made for another machine, or the source is gone
        return None


def is_compiled() -> bool:
    return compiled() is not None


def instead(pure: _Thing) -> _Thing:
    """A decorator: the compiled class or function of the same name, where there is one."""
    found: _Thing = getattr(compiled(), pure.__name__, pure)
    return found
