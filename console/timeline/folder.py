"""Where below a home the timeline lies; apart, so that who asks needs no database."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = "timeline"


def folder_of(home: Path) -> Path:
    return home / "desk" / FOLDER
