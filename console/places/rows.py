"""What the readers of Kartverket's files hand on, before it is put into the register."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameRow:
    """A named place. ``x`` to the east and ``y`` to the north in ``epsg``, degrees for 4258."""

    name: str
    x: float
    y: float
    epsg: int
    kind: str = "other"
    weight: int = 5
    number: str = ""  # of the municipality, four digits
    municipality: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address; ``letter`` may be empty. Without ``street`` it is "farm/holding" by numbers."""

    street: str
    house: int
    letter: str
    x: float
    y: float
    epsg: int
    number: str = ""
    municipality: str = ""
    postcode: str = ""
    town: str = ""
    extra: str = ""  # the address's own name, a farm's for example
    farm: int = 0  # what a street's address lies on: farm and holding numbers, 0 = not told
    holding: int = 0


@dataclass(frozen=True, slots=True)
class BadRow:
    """What could not be used, and why in a few words. ``is_cut``: its file ends in the midst of
    it, so that more is likely to be missing."""

    why: str
    example: str = ""
    is_cut: bool = False


Row = NameRow | AddressRow | BadRow


class PlacesError(Exception):
    """The text says what is wrong with a file, and what to do."""


class SuspectError(PlacesError):
    """What was read seems to be cut off, and would take the place of more. It can be forced."""


class DamagedError(PlacesError):
    """A part of the register is not as it was written."""
