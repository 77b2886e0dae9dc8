"""What the command line says of a desk, against what the desk remembers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import msgspec

from console.settings import DeskSettings, clean_name

GIVEN: Final = ("position", "person", "theme", "language", "device")
NAMES: Final = ("position", "person")


def settings_with(known: DeskSettings, options: argparse.Namespace) -> DeskSettings:
    """What was remembered, but where the command line says otherwise."""
    given = {name: getattr(options, name) for name in GIVEN}
    for name in NAMES:
        given[name] = None if given[name] is None else clean_name(given[name])
    return msgspec.structs.replace(known, **{k: v for k, v in given.items() if v is not None})


def devices_below(root: Path | None) -> tuple[str, ...]:
    """Where pedals are read, None = where the system has them."""
    return () if root is None else ("--dev", str(root / "dev"), "--sys", str(root / "sys"))
