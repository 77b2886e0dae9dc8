"""What a desk remembers survives, and a broken file never stops a desk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from console.settings import (
    MAX_OTHER_DEVICES,
    DeskSettings,
    SettingsFile,
    TileSettings,
    clean_name,
    with_device,
    with_microphone,
)


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


def test_devices_chosen_before_stand_in_for_the_one_that_is_chosen_now() -> None:
    settings = DeskSettings(author="desk-1")
    for name in ("headset", "speaker", "null", "headset"):
        settings = with_device(settings, name)
    assert settings.device == "headset"
    assert settings.other_devices == ("speaker", "default"), "silence stands in for nothing"
    for number in range(9):
        settings = with_device(settings, f"usb {number}")
    assert len(settings.other_devices) == MAX_OTHER_DEVICES


def test_microphones_are_remembered_as_outputs_are() -> None:
    settings = DeskSettings(author="desk-1")
    assert settings.microphone == "null", "a desk that only listens opens none"
    for name in ("default", "headset", "headset", "null", "stand"):
        settings = with_microphone(settings, name)
    assert settings.microphone == "stand"
    assert settings.other_microphones == ("headset", "default")
    assert settings.device == "default"


def test_a_new_desk_has_an_author_of_its_own(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    assert file.load().author != file.load().author
    assert file.complaint == ""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"author": "no spaces allowed"}',
        b'{"author": 4}',
        b"[]",
        b"[" * 200_000,
        b'{"author": "desk-1", "person": "\xff"}',
    ],
)
def test_a_broken_file_is_put_aside_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.load().author
    assert "settings.json" in file.complaint
    assert (tmp_path / "settings.broken").read_bytes() == content


def test_one_wrong_value_costs_that_value_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        '{"author": "desk-1", "theme": "pink", "person": "Fiktiv Person", "master_gain_db": 400,'
        ' "tiles": {"a@h": {"gain_db": -6}}}'
    )
    file = SettingsFile(path)
    known = file.load()
    assert (known.author, known.theme, known.person) == ("desk-1", "night", "Fiktiv Person")
    assert (known.master_gain_db, known.tiles["a@h"].gain_db) == (0.0, -6.0)
    assert file.complaint


def test_the_author_outlives_a_file_cut_short(tmp_path: Path) -> None:
    """What he has said and nobody has got yet lies in an outbox of his name."""
    path = tmp_path / "settings.json"
    path.write_text('{\n  "author": "desk-1",\n  "positi')
    assert SettingsFile(path).load().author == "desk-1"


def test_a_name_from_the_command_line_fits_an_event() -> None:
    assert clean_name("  Kari\udce9\u202e Nordmann\n") == "Kari Nordmann"
    assert len(clean_name("x" * 500)) == 64
