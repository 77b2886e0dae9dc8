"""Which sender is which unit: a file that somebody wrote, and one sender at a time for each."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from console.domain.events import Agency, Id, Name, UnitKind
from console.gateways.sighting import Refused, Sender

MAX_UNITS: Final = 5_000
MAX_BYTES: Final = 4_000_000
HOLD_S: Final = 60.0
"""So long after its last word a sender is the only one that its unit is heard from."""
Text = Annotated[str, Meta(min_length=1, max_length=128)]
ALONE: Final = ("address", "device", "uid", "callsign")
KEYS: Final = (*ALONE, "talker")
ANYBODY: Final = ""
"""In the place of a key: a single unit, whoever sends."""


class GatewayUnit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit of the mapping file and what its sender is told by; each that is given must fit."""

    unit: Id
    call_sign: Name | None = None
    kind: UnitKind | None = None
    agency: Agency = "health"
    address: Text | None = None
    device: Text | None = None
    talker: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None
    uid: Text | None = None
    callsign: Text | None = None

    def fits(self, sender: Sender) -> bool:
        wanted = ((getattr(self, key), getattr(sender, key)) for key in KEYS)
        return all(ours is None or ours == theirs for ours, theirs in wanted)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unit: Annotated[tuple[GatewayUnit, ...], Meta(max_length=MAX_UNITS)] = ()


class MappingError(Exception):
    """The mapping can't be used. The text is one sentence that says what to do."""


def read_mapping(path: Path) -> tuple[GatewayUnit, ...]:
    """Raises MappingError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MappingError(f"{path} is larger than {MAX_BYTES:,} bytes")
        document = tomllib.loads(path.read_text("utf-8"))
        units = msgspec.convert(document, type=_File).unit
    except OSError as error:
        raise MappingError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MappingError(f"{path} is no TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise MappingError(f"{path}: {error}; see docs/GATEWAYS.md") from error
    _check(path, units)
    return units


def _check(path: Path, units: Iterable[GatewayUnit]) -> None:
    said: dict[tuple[object, ...], str] = {}
    names: dict[str, GatewayUnit] = {}
    for one in units:
        told_by = tuple(getattr(one, key) for key in KEYS)
        if not any(told_by):
            raise MappingError(
                f"{path}: {one.unit} has nothing that its sender is told by: give one of "
                f"{', '.join(KEYS)}"
            )
        if said.setdefault(told_by, one.unit) != one.unit:
            raise MappingError(f"{path}: {said[told_by]} and {one.unit} are told by the same")
        before = names.setdefault(one.unit, one)
        if (before.call_sign, before.kind, before.agency) != (one.call_sign, one.kind, one.agency):
            raise MappingError(f"{path}: {one.unit} stands there twice, as two different things")


class Units:
    """``hold_s``: see :data:`HOLD_S`."""

    def __init__(self, units: Iterable[GatewayUnit], hold_s: float = HOLD_S) -> None:
        self._told_by: defaultdict[tuple[str, str], list[GatewayUnit]] = defaultdict(list)
        for one in units:  # found by the first that it gives; a stranger costs six looks
            key = next((key for key in KEYS if getattr(one, key) is not None), ANYBODY)
            self._told_by[key, getattr(one, key, None) or ""].append(one)
        self._hold_s = hold_s
        self._heard: dict[str, tuple[str, float]] = {}  # unit: from whom, and when

    def find(self, sender: Sender) -> GatewayUnit:
        """Raises Refused for who is no unit, or may be several."""
        near = [self._told_by.get((key, getattr(sender, key)), ()) for key in KEYS]
        near.append(self._told_by.get((ANYBODY, ""), ()))
        fitting = {one.unit: one for some in near for one in some if one.fits(sender)}
        if len(fitting) != 1:
            raise Refused("ambiguous" if fitting else "stranger")
        (found,) = fitting.values()
        return found

    def hear(self, unit: GatewayUnit, sender: Sender, now_s: float) -> None:
        """From one sender at a time: two that fit one unit would have it jump between them. Raises
        Refused for the second."""
        holder, heard_s = self._heard.get(unit.unit, ("", 0.0))
        if holder not in ("", sender.origin) and now_s - heard_s < self._hold_s:
            raise Refused("second-sender")
        self._heard[unit.unit] = sender.origin, now_s
