"""Data the program carries: fonts, icons, translations, map, voices. No logic."""

from __future__ import annotations

from importlib import resources as _resources
from pathlib import Path


def path(name: str) -> Path:
    """The file or folder ``name`` (``/`` between parts) as it lies beside this module."""
    return Path(str(_resources.files(__package__))).joinpath(*name.split("/"))
