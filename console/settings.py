"""What a desk remembers between shifts: one JSON file below ``<home>/desk``, written whole."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.domain.layout import Layout
from resources.languages import Language

log = logging.getLogger(__name__)

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # msgspec raises all
MAX_TILES: Final = 512
MAX_NAME: Final = 64
MAX_OTHER_DEVICES: Final = 4
MAX_PANELS: Final = 32
MAX_SCREENS: Final = 16  # sets of screens; then the one that was used longest ago goes
MAX_VIEWS: Final = 9  # of the map: as many as there are keys for them
MAX_PATH: Final = 4_200  # characters: Linux has no longer path, and some for a key
MAX_FAR: Final = 100_000  # pixels
AUTO_MICROPHONE: Final = "auto"
"""Nobody has chosen: the system's own as soon as a site gives this desk the floor, until then none
is opened."""


class TileSettings(msgspec.Struct, frozen=True):
    """How one talkgroup stream is heard."""

    attention: Literal["selected", "monitored", "off"] = "monitored"
    gain_db: Annotated[float, Meta(ge=-96, le=24)] = 0.0
    pan: Annotated[float, Meta(ge=-1, le=1)] | None = None  # None: placed automatically
    muted: bool = False
    priority: Literal["high", "normal", "low"] = "normal"
    output: Literal["auto", "headset", "speaker"] = "auto"


class ButtonSettings(msgspec.Struct, frozen=True):
    """A pedal or another button outside the window, as :mod:`console.pedals` names it."""

    purpose: Literal["talk", "call", "replay"]
    device: Annotated[str, Meta(max_length=256)]
    control: Annotated[str, Meta(max_length=256)]
    label: Annotated[str, Meta(max_length=256)] = ""


class WindowPlace(msgspec.Struct, frozen=True):
    """Where a window stood, in device-independent pixels."""

    x: Annotated[int, Meta(ge=-MAX_FAR, le=MAX_FAR)]
    y: Annotated[int, Meta(ge=-MAX_FAR, le=MAX_FAR)]
    width: Annotated[int, Meta(ge=1, le=MAX_FAR)]
    height: Annotated[int, Meta(ge=1, le=MAX_FAR)]
    maximised: bool = False


class ScreenSettings(msgspec.Struct, frozen=True):
    """Of one set of screens: the desk's window, panels in windows of their own, the page shown, and
    where panels that are home again had stood."""

    window: WindowPlace | None = None
    panels: Annotated[dict[str, WindowPlace], Meta(max_length=MAX_PANELS)] = {}
    page: Annotated[str, Meta(max_length=MAX_NAME)] = ""
    left: Annotated[dict[str, WindowPlace], Meta(max_length=MAX_PANELS)] = {}


class MapView(msgspec.Struct, frozen=True):
    """A part of the map under a name: its middle in degrees, its zoom in quarters."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    lat: Annotated[float, Meta(ge=-85, le=85)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    step: Annotated[int, Meta(ge=0, le=100)]


class DeskSettings(msgspec.Struct, frozen=True):
    """Everything remembered."""

    position: Annotated[str, Meta(max_length=MAX_NAME)] = ""
    person: Annotated[str, Meta(max_length=MAX_NAME)] = ""
    theme: Literal["night", "day"] = "night"
    language: Language = "nb"
    scale: Annotated[int, Meta(ge=100, le=200)] = 100  # percent
    screens: Annotated[dict[str, ScreenSettings], Meta(max_length=MAX_SCREENS)] = {}
    toured: bool = False  # the first-run tour has been taken, or sent away
    device: Annotated[str, Meta(max_length=256)] = "default"
    other_devices: Annotated[
        tuple[Annotated[str, Meta(max_length=256)], ...], Meta(max_length=MAX_OTHER_DEVICES)
    ] = ()  # what was chosen before, newest first: they stand in for it
    second_device: Annotated[str, Meta(max_length=256)] = ""  # for monitored groups; empty: none
    second_gain_db: Annotated[float, Meta(ge=-96, le=24)] = 0.0
    microphone: Annotated[str, Meta(max_length=256)] = AUTO_MICROPHONE
    other_microphones: Annotated[
        tuple[Annotated[str, Meta(max_length=256)], ...], Meta(max_length=MAX_OTHER_DEVICES)
    ] = ()  # as other_devices
    suppress: bool = True  # noise
    gain_control: bool = True
    side_tone: bool = False
    latch: bool = False  # the talk key: a press opens, the next one closes
    buttons: Annotated[tuple[ButtonSettings, ...], Meta(max_length=3)] = ()
    master_gain_db: Annotated[float, Meta(ge=-96, le=24)] = 0.0
    catch_up_speed: Annotated[float, Meta(ge=1, le=2)] = 1.5
    recall_hours: Annotated[float, Meta(ge=0, le=168)] = 24.0  # 0: no burst is kept
    evened: bool = True
    hold_s: Annotated[float, Meta(ge=1, le=120)] = 20.0  # that a conversation is followed
    tiles: Annotated[dict[str, TileSettings], Meta(max_length=MAX_TILES)] = {}
    order: Annotated[tuple[str, ...], Meta(max_length=MAX_TILES)] = ()
    layout: Layout = Layout()  # its pages and favourites; the rest is above
    page: Annotated[str, Meta(max_length=MAX_NAME)] = ""  # that was shown last
    views: Annotated[tuple[MapView, ...], Meta(max_length=MAX_VIEWS)] = ()  # of the map
    layout_seen: Annotated[str, Meta(max_length=26)] = ""
    """The event of the site's that this layout came from, or that was made of it."""
    map: Annotated[str, Meta(max_length=MAX_PATH)] = ""  # the site's own map that is shown
    map_files: Annotated[
        tuple[Annotated[str, Meta(max_length=MAX_PATH)], ...], Meta(max_length=16)
    ] = ()  # that were picked elsewhere than in the maps' folder
    v: Literal[1] = 1


def with_screens(settings: DeskSettings, key: str, known: ScreenSettings) -> DeskSettings:
    """How the windows stand on one set of screens; the one used last stands last."""
    screens = {**{k: one for k, one in settings.screens.items() if k != key}, key: known}
    kept = dict(list(screens.items())[-MAX_SCREENS:])
    return msgspec.structs.replace(settings, screens=kept)


def with_device(settings: DeskSettings, name: str) -> DeskSettings:
    """Another device is chosen; those before it stand in for it when it is gone."""
    others = _others(name, settings.device, settings.other_devices)
    return msgspec.structs.replace(settings, device=name, other_devices=others)


def with_microphone(settings: DeskSettings, name: str) -> DeskSettings:
    """As :func:`with_device`. The same again changes nothing."""
    others = _others(name, settings.microphone, settings.other_microphones)
    return msgspec.structs.replace(settings, microphone=name, other_microphones=others)


def _others(name: str, before: str, others: tuple[str, ...]) -> tuple[str, ...]:
    known = dict.fromkeys(
        one for one in (before, *others) if one not in (name, "null", AUTO_MICROPHONE)
    )
    return tuple(known)[:MAX_OTHER_DEVICES]


def salvaged(raw: bytes) -> DeskSettings:
    """What of a broken file makes sense."""
    settings = DeskSettings()
    try:
        given = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except UNREADABLE:
        return settings
    for field in msgspec.structs.fields(DeskSettings):
        with contextlib.suppress(*UNREADABLE):
            value = msgspec.json.decode(given.get(field.name, b""), type=field.type)
            settings = msgspec.structs.replace(settings, **{field.name: value})
    return settings


def clean_name(name: str, most: int = MAX_NAME) -> str:
    """A name that can stand in an event and on the screen, whatever was typed."""
    return "".join(c for c in name if c.isprintable()).strip()[:most]


class SettingsFile:
    """Reads and writes the file; a broken one is put aside, told, and never stops the desk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.complaint = ""
        self.is_new = False

    def load(self) -> DeskSettings:
        raw = b""
        try:
            raw = self._path.read_bytes()
            return msgspec.json.decode(raw, type=DeskSettings)
        except FileNotFoundError:
            self.is_new = True
            return DeskSettings()
        except (*UNREADABLE, OSError) as error:
            self._put_aside(error)
            self.is_new = True
            return salvaged(raw)

    def save(self, settings: DeskSettings) -> None:
        """Whole or not at all. Raises OSError (disk full, no permission)."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(settings)))
            file.flush()
            os.fsync(file.fileno())  # else a power cut leaves an empty file of this name
        fresh.chmod(0o600)
        fresh.replace(self._path)

    def _put_aside(self, error: Exception) -> None:
        aside = self._path.with_suffix(".broken")
        self.complaint = f"{self._path} could not be read ({error}); it is kept as {aside.name}"
        log.warning("%s", self.complaint)
        try:
            self._path.replace(aside)
        except OSError as second:
            log.warning("and it could not be put aside: %s", second)
