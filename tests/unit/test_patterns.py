"""What is checked by a pattern is checked to its end: in Python's "$" a line's end may follow, and
what is checked so becomes a subject, a file's name or an address."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from audio.protocol import AlarmId, BurstId, PatchId
from console.domain.events import Id
from console.site.address import Url
from console.site.security.members import MemberId

ROOT = Path(__file__).resolve().parents[2]
LOOSE = re.compile(r"""Meta\([^)]*pattern=r?["'][^"']*(?<!\\Z)["']""")


@pytest.mark.parametrize(
    ("kind", "good"),
    [
        (AlarmId, "a-1"),
        (BurstId, "1795554000000-0123abcd"),
        (PatchId, "p_1"),
        (Id, "amb1"),
        (Url, "tls://site.example:4222"),
        (MemberId, "lv1"),
    ],
)
def test_a_lines_end_is_no_part_of_it(kind: type[str], good: str) -> None:
    assert msgspec.convert(good, kind) == good
    for bad in (good + "\n", "\n" + good):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(bad, kind)


def test_every_pattern_says_where_it_ends() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {loose[0]}"
        for room in ("audio", "console", "widgets")
        for path in sorted((ROOT / room).rglob("*.py"))
        for loose in LOOSE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_pattern_that_does_not_would_be_found() -> None:
    assert LOOSE.search('Annotated[str, Meta(min_length=1, pattern=r"^[a-z]+$")]')
    assert not LOOSE.search(r'Annotated[str, Meta(min_length=1, pattern=r"\A[a-z]+\Z")]')
