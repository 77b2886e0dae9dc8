"""Which sender is which unit: a file that somebody wrote, and one sender at a time for each."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import msgspec
from msgspec import Meta

from console.domain.events import Agency, Id, Name, UnitKind
from console.gateways.sighting import Refused, Sender, printable
from console.oswords import why

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
    talker: Annotated[str, Meta(pattern=r"\A[A-Z]{2}\Z")] | None = None
    uid: Text | None = None
    callsign: Text | None = None

    def fits(self, sender: Sender) -> bool:
        wanted = ((getattr(self, key), getattr(sender, key)) for key in KEYS)
        return all(ours is None or ours == theirs for ours, theirs in wanted)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unit: Annotated[tuple[GatewayUnit, ...], Meta(max_length=MAX_UNITS)] = ()


class MappingError(Exception):
    """The mapping can't be used. The text is one sentence that says where and what to do."""


MEANT: Final[Mapping[str, str]] = {
    "unit": "an id is 1 to 40 of the letters A to Z (large or small), figures, - and _",
    "call_sign": "a call sign is 1 to 64 characters in quotation marks",
    "kind": f"a kind is one of {', '.join(get_args(UnitKind))}",
    "agency": f"an agency is one of {', '.join(get_args(Agency))}",
    "talker": "a talker is two capital letters, as GP or GN",
    **dict.fromkeys(ALONE, "it is 1 to 128 characters in quotation marks"),
}
"""What may stand at each name of an entry."""
FORM: Final = "each unit is an entry that begins with [[unit]]; see docs/GATEWAYS.md"
_HEAD: Final = re.compile(r"\s*\[\[\s*[\"']?unit[\"']?\s*\]\]")
_WHERE: Final = re.compile(r"\$\.unit\[(\d+)\](?:\.(\w+))?")
_NAMED: Final = re.compile(r"(unknown|required) field `([^`]*)`")
_TOML_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)$")


def read_mapping(path: Path) -> tuple[GatewayUnit, ...]:
    """Raises MappingError."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise MappingError(f"{path}: {why(error)}") from error
    if len(raw) > MAX_BYTES:
        raise MappingError(f"{path} is larger than {MAX_BYTES:,} bytes")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise MappingError(f"{path} is no text in UTF-8: save it so") from error
    document = _document(path, text)
    lines = _Lines(path, text)
    try:
        units = msgspec.convert(document, type=_File).unit
    except msgspec.ValidationError as error:
        raise MappingError(_in_words(str(error), document, lines)) from error
    _check(units, lines)
    return units


def _document(path: Path, text: str) -> dict[str, Any]:
    """Raises MappingError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _TOML_LINE.search(str(error))
        what = _TOML_LINE.sub("", str(error))
        where = f"{path}, line {at[1]}" if at is not None else f"{path}"
        raise MappingError(
            f"{where}: this is no TOML ({what}): a line is a name, =, and a value, words in "
            f"quotation marks; {FORM}"
        ) from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise MappingError(f"{path} is no TOML that can be read: {FORM}") from error


class _Lines:
    """Where in a file each unit stands: TOML's reader forgets it."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.split("\n")
        self._heads = [n for n, line in enumerate(self._lines) if _HEAD.match(line)]

    def at(self, unit: int, key: str = "") -> str:
        """``units.toml, line 3``: of this entry's key, else of where it begins; the file alone
        where that can't be told."""
        if unit >= len(self._heads):
            return f"{self._path}"
        first = self._heads[unit]
        end = self._heads[unit + 1] if unit + 1 < len(self._heads) else len(self._lines)
        starts = (f"{key}{mark}" for mark in (" ", "=", "\t"))
        own = tuple(starts) if key else ()
        found = (
            n for n in range(first + 1, end) if own and self._lines[n].lstrip().startswith(own)
        )
        return f"{self._path}, line {next(found, first) + 1}"


def _in_words(error: str, document: Mapping[str, Any], lines: _Lines) -> str:
    """What msgspec says in its own words."""
    where, named = _WHERE.search(error), _NAMED.search(error)
    if where is None:
        if "length" in error:
            return f"{lines.at(MAX_UNITS)}: more than {MAX_UNITS:,} units"
        what = f"nothing here is called {_shown(named[2])}; " if named is not None else ""
        return f"{lines.at(MAX_UNITS)}: {what}{FORM}"
    number, key = int(where[1]), where[2] or ""
    if named is not None and named[1] == "unknown":
        known = ", ".join(GatewayUnit.__struct_fields__)
        line = lines.at(number, named[2])
        return f"{line}: nothing here is called {_shown(named[2])}; there are {known}"
    if named is not None:
        return f"{lines.at(number)}: this entry has no {named[2]}; {MEANT['unit']}"
    if key not in MEANT:
        return f"{lines.at(number)}: this is no unit; {FORM}"
    value = document["unit"][number][key]
    return f"{lines.at(number, key)}: {key} = {_shown(value)}: {MEANT[key]}"


def _shown(value: object) -> str:
    return printable(f"{value!r}"[:60])


def _check(units: Sequence[GatewayUnit], lines: _Lines) -> None:
    """Raises MappingError."""
    said: dict[tuple[object, ...], int] = {}
    names: dict[str, GatewayUnit] = {}
    for number, one in enumerate(units):
        told_by = tuple(getattr(one, key) for key in KEYS)
        if not any(told_by):
            raise MappingError(
                f"{lines.at(number)}: {one.unit} has nothing that its sender is told by: give one "
                f"of {', '.join(KEYS)}"
            )
        first = units[said.setdefault(told_by, number)].unit
        if first != one.unit:
            raise MappingError(f"{lines.at(number)}: {first} and {one.unit} are told by the same")
        before = names.setdefault(one.unit, one)
        if (before.call_sign, before.kind, before.agency) != (one.call_sign, one.kind, one.agency):
            raise MappingError(
                f"{lines.at(number)}: {one.unit} stands there twice, as two different things"
            )


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
