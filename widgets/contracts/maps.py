"""Maps that a site brings along, drawn above the base map, and how one of them is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from widgets.contracts.sources import Signal

MapKind = Literal["raster", "vector"]
MapProblem = Literal[
    "",
    "missing",
    "no-access",
    "not-a-file",
    "not-a-map",
    "damaged",
    "unsupported",
    "empty",
    "slow",
    "busy",
    "entry",
    "unreachable",
    "certificate",
    "refused",
    "server",
    "no-tiles",
    "wrong-type",
    "redirects",
    "capabilities",
    "tile",
]


MapWhy = Literal[
    "",  # the code says it all
    "tiles-of",  # about: the form of its tiles
    "compression",
    "version",  # about: which
    "line",  # about: the number of the line that can't be read
    "field",  # about: its name
    "too-large",
    "same-name",
    "address-or-capabilities",
    "no-layer-named",
    "subdomain",
    "least-most",
    "bounds",
    "address",
    "password",
    "unknown-blank",  # about: the blank
    "lacking-blank",  # about: the blank
    "no-subdomains",
    "status",  # about: HTTP's number
    "type",  # about: what it says that it sends
    "too-long",
    "no-name",
    "no-answer",
    "no-connection",
    "expired",
    "issuer",
    "other-name",
    "unsecured",
    "round",
    "no-wmts",
    "unknown-layer",  # about: the name
    "no-rest",
    "no-mercator",
    "other-host",  # about: which
]


class MapFacts(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> MapKind: ...
    @property
    def attribution(self) -> str:
        """Who must be named where the map is shown; plain text, "" = the map doesn't say."""
        ...

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees; there is no tile outside."""
        ...

    @property
    def least(self) -> int:
        """The lowest zoom; at zoom 0 the world is one tile."""
        ...

    @property
    def most(self) -> int: ...
    @property
    def layers(self) -> Sequence[str]:
        """Of a vector map, as far as it names them."""
        ...


class OwnMap(Protocol):
    """A file or a server. Every call may block: the map's own drawing thread alone makes them."""

    def open(self, told: Callable[[], None]) -> MapFacts:
        """``told`` is called, on any thread, when tiles have come that were not there yet.
        Raises ValueError or OSError: it can't be shown."""
        ...

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """PNG, JPEG, WebP, or a Mapbox vector tile, unpacked; ``y`` counts from the north. None
        where there is none. Raises BlockingIOError: not there yet, ask again when told. Raises
        ValueError or OSError: this one can't be had."""
        ...

    def close(self) -> None:
        """Once; also one that could not be opened."""
        ...


@dataclass(frozen=True, slots=True)
class MapRow:
    """One map that could be chosen. ``where``: a file's path, or the host that is asked."""

    key: str
    name: str
    where: str
    is_server: bool = False
    is_picked: bool = False  # a file that lies elsewhere than in the folder
    kind: MapKind = "raster"
    problem: MapProblem = ""
    why: MapWhy = ""  # more of the problem, where that helps
    about: str = ""  # what that is about: a name, a number
    failed: int = 0  # questions to a server without an answer, or tiles that can't be read


class MapSource(Protocol):
    """``changed``: rows, or the choice, differ."""

    @property
    def changed(self) -> Signal: ...  # ()

    def rows(self) -> Sequence[MapRow]: ...
    def chosen(self) -> str:
        """A row's key, "" = the base map alone."""
        ...

    def folder(self) -> str:
        """Where files are looked for."""
        ...

    def own(self) -> OwnMap | None:
        """The chosen one, to be opened by the map's thread; another object for each call."""
        ...

    def look(self) -> None:
        """Look through the folder again; ``changed`` tells what is there."""
        ...

    def choose(self, key: str) -> None: ...
    def add(self, path: str) -> None:
        """A file that somebody has picked; it is chosen."""
        ...

    def forget(self, key: str) -> None:
        """A picked file is listed no more."""
        ...
