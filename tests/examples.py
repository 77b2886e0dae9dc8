"""The examples of docs/PROTOCOL.md, as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

DOCUMENT: Final = Path(__file__).resolve().parent.parent / "docs" / "PROTOCOL.md"
_EXAMPLE: Final = re.compile(r"^<!-- example: ([^\n]+?) -->\n```\w+\n(.*?)^```$", re.M | re.S)


def examples() -> dict[str, str]:
    """Name to text."""
    return dict(_EXAMPLE.findall(DOCUMENT.read_text("utf-8")))


def example(name: str) -> str:
    return examples()[name]
