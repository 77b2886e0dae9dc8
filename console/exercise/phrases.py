"""The phrases that come with the program: resources/voices, an index beside the sound files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

import resources

INDEX: Final = "voices/index.json"


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One over, as its speaker says it. ``file`` lies beside the index."""

    key: str
    speaker: str
    text: str
    seconds: Annotated[float, Meta(gt=0, le=60)]
    file: Annotated[str, Meta(pattern=r"\A[a-z0-9-]+\.opus\Z")]

    @property
    def path(self) -> Path:
        return resources.path(INDEX).parent / self.file


def load_phrases() -> Mapping[str, Phrase]:
    """By key. Raises OSError or msgspec.DecodeError when the program's own files are broken."""
    rows = msgspec.json.decode(resources.path(INDEX).read_bytes(), type=list[Phrase])
    return {row.key: row for row in rows}
