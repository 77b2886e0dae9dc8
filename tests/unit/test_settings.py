"""What a desk remembers survives, and a broken file never stops a desk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from console.settings import (
    MAX_OTHER_DEVICES,
    MAX_SCREENS,
    DeskSettings,
    ScreenSettings,
    SettingsFile,
    TileSettings,
    WindowPlace,
    clean_name,
    with_device,
    with_microphone,
    with_screens,
)


def test_round_trip(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "desk" / "settings.json")
    settings = DeskSettings(
        person="Fiktiv Person",
        order=("a@h", "b@h"),
        tiles={"a@h": TileSettings(attention="off", gain_db=-6.0)},
    )
    file.save(settings)
    assert file.load() == settings
    assert stat.S_IMODE((tmp_path / "desk" / "settings.json").stat().st_mode) == 0o600


def test_devices_chosen_before_stand_in_for_the_one_that_is_chosen_now() -> None:
    settings = DeskSettings()
    for name in ("headset", "speaker", "null", "headset"):
        settings = with_device(settings, name)
    assert settings.device == "headset"
    assert settings.other_devices == ("speaker", "default"), "silence stands in for nothing"
    for number in range(9):
        settings = with_device(settings, f"usb {number}")
    assert len(settings.other_devices) == MAX_OTHER_DEVICES


def test_microphones_are_remembered_as_outputs_are() -> None:
    settings = DeskSettings()
    assert settings.microphone == "auto", "none before the site grants a floor, then the default"
    for name in ("default", "headset", "headset", "null", "stand"):
        settings = with_microphone(settings, name)
    assert settings.microphone == "stand"
    assert settings.other_microphones == ("headset", "default")
    assert settings.device == "default"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"theme": "no such"}',
        b'{"theme": 4}',
        b"[]",
        b"[" * 200_000,
        b'{"theme": "night", "person": "\xff"}',
    ],
)
def test_a_broken_file_is_put_aside_and_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.load().theme == "night"
    assert "settings.json" in file.complaint
    assert (tmp_path / "settings.broken").read_bytes() == content


def test_one_wrong_value_costs_that_value_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        '{"position": "Pult 1", "theme": "pink", "person": "Fiktiv Person", "master_gain_db": 400,'
        ' "tiles": {"a@h": {"gain_db": -6}}}'
    )
    file = SettingsFile(path)
    known = file.load()
    assert (known.position, known.theme, known.person) == ("Pult 1", "night", "Fiktiv Person")
    assert (known.master_gain_db, known.tiles["a@h"].gain_db) == (0.0, -6.0)
    assert file.complaint


def test_a_name_from_the_command_line_fits_an_event() -> None:
    assert clean_name("  Kari\udce9\u202e Nordmann\n") == "Kari Nordmann"
    assert len(clean_name("x" * 500)) == 64


def test_how_windows_stand_is_kept_for_each_set_of_screens_and_bounded(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    settings = DeskSettings(scale=150, toured=True)
    place = WindowPlace(-1_920, 0, 1_366, 768, maximised=True)
    known = ScreenSettings(place, {"map": place}, "timeline")
    for n in range(MAX_SCREENS + 3):
        settings = with_screens(settings, f"{n}", known)
    settings = with_screens(settings, "5", ScreenSettings())
    settings = with_screens(settings, "new", known)
    assert len(settings.screens) == MAX_SCREENS
    assert list(settings.screens)[-3:] == ["18", "5", "new"], "the one used last stands last"
    assert settings.screens["5"] == ScreenSettings()
    assert "0" not in settings.screens
    file.save(settings)
    assert file.load() == settings


def test_a_window_that_is_nowhere_costs_no_other_setting(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "day", "scale": 900, "screens": {"a": {"window": {"x": 1e9}}}}')
    file = SettingsFile(path)
    assert file.load() == DeskSettings(theme="day")
    assert file.complaint
