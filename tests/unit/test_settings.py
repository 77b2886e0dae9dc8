"""What a desk remembers survives, and a broken file never stops a desk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from console.settings import DeskSettings, SettingsFile, TileSettings


def test_round_trip(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "desk" / "settings.json")
    settings = DeskSettings(
        author="desk-1",
        person="Fiktiv Person",
        order=("a@h", "b@h"),
        tiles={"a@h": TileSettings(attention="off", gain_db=-6.0)},
    )
    file.save(settings)
    assert file.load() == settings
    assert stat.S_IMODE((tmp_path / "desk" / "settings.json").stat().st_mode) == 0o600


def test_a_new_desk_has_an_author_of_its_own(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    assert file.load().author != file.load().author
    assert file.complaint == ""


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b'{"author": "no spaces allowed"}', b'{"author": 4}', b"[]"]
)
def test_a_broken_file_is_put_aside_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.load().author
    assert "settings.json" in file.complaint
    assert (tmp_path / "settings.broken").read_bytes() == content
