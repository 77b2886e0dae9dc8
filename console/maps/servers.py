"""``<home>/maps/servers.toml``: the tile servers of a site. Each entry stands for itself."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from console.maps import address
from console.maps.facts import MAX_ATTRIBUTION, MAX_NAME, MAX_ZOOM, one_line
from console.maps.faults import MapError

FILE: Final = "servers.toml"
MAX_FILE: Final = 100_000  # bytes
MAX_SERVERS: Final = 16
Zoom = Annotated[int, Meta(ge=0, le=MAX_ZOOM)]
Degrees = Annotated[float, Meta(ge=-180, le=180)]

EXAMPLE: Final = """# Map servers that can be chosen on the map. None is asked before somebody does.
# A server learns this machine's address and which part of the map is looked at: see docs/MAPS.md.
# Take away the "# " below to set one up; it is found when the list of maps is opened again.

# [[server]]
# name = "Kartverket topo"
# address = "https://cache.kartverket.no/v1/wmts/1.0.0/topo/default/webmercator/{z}/{y}/{x}.png"
# attribution = "© Kartverket (CC BY 4.0)"
# least = 3
# most = 18
# bounds = [-10.0, 55.0, 36.0, 82.0]  # west, south, east, north: nothing is asked outside of it
# cache_mb = 500
# cache_days = 30
"""


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[server]]``: an ``address`` with blanks, or WMTS ``capabilities`` and a ``layer``."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
    address: str = ""
    capabilities: str = ""
    layer: Annotated[str, Meta(max_length=200)] = ""
    kind: Literal["raster", "vector"] = "raster"
    attribution: Annotated[str, Meta(max_length=MAX_ATTRIBUTION)] = ""
    subdomains: Annotated[tuple[str, ...], Meta(max_length=16)] = ()
    least: Zoom = 0
    most: Zoom = 18
    bounds: tuple[Degrees, Degrees, Degrees, Degrees] = (-180.0, -85.0, 180.0, 85.0)
    cache_mb: Annotated[int, Meta(ge=1, le=20_000)] = 500
    cache_days: Annotated[int, Meta(ge=1, le=365)] = 30

    @property
    def source(self) -> str:
        """What its tiles are kept by: another source, other tiles."""
        return self.address or f"{self.capabilities} {self.layer}"

    @property
    def host(self) -> str:
        """Who learns what is looked at. Raises MapError ``entry``."""
        if self.capabilities:
            return address.check(self.capabilities, blanks=False)
        return address.check(self.address, subdomains=self.subdomains)


@dataclass(frozen=True, slots=True)
class Entry:
    """``server`` is None where there is a ``fault``."""

    name: str
    server: Server | None
    fault: MapError | None = None


def write_example(folder: Path) -> None:
    """Once, with nothing in it but comments. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with (folder / FILE).open("x", encoding="utf-8") as file:
            file.write(EXAMPLE)
    except FileExistsError:
        return


def read(folder: Path) -> tuple[Entry, ...]:
    """All that is set up, each with what is wrong with it; no file is no server."""
    try:
        with (folder / FILE).open("rb") as file:
            raw = file.read(MAX_FILE + 1)
        given = tomllib.loads(_bounded(raw).decode())
    except FileNotFoundError:
        return ()
    except MapError as fault:
        return (Entry(FILE, None, fault),)
    except (OSError, ValueError, RecursionError) as error:
        return (Entry(FILE, None, _unreadable(error)),)
    unknown = sorted(set(given) - {"server"})
    tables = given.get("server", [])
    if unknown or not isinstance(tables, list):
        what = unknown[0] if unknown else "server"
        detail = f"it has {what!r} where [[server]] belongs"
        return (Entry(FILE, None, MapError("entry", detail, "field", one_line(what, MAX_NAME))),)
    return _entries(tables)


def _bounded(raw: bytes) -> bytes:
    if len(raw) > MAX_FILE:
        raise MapError("entry", f"it is larger than {MAX_FILE:,} bytes", "too-large")
    return raw


def find(folder: Path, name: str) -> Server:
    """Raises MapError."""
    for entry in read(folder):
        if entry.name == name and entry.server is not None:
            return entry.server
    raise MapError("missing", f"{FILE} has no server named {name!r} (any more)")


def _entries(tables: list[Any]) -> tuple[Entry, ...]:
    made: dict[str, Entry] = {}
    for number, table in enumerate(tables[:MAX_SERVERS], 1):
        entry = _entry(number, table)
        if entry.name in made:
            fault = MapError("entry", "another server has the same name", "same-name")
            entry = Entry(f"{entry.name} ({number})", None, fault)
        made[entry.name] = entry
    return tuple(made.values())


def _entry(number: int, table: Any) -> Entry:
    named = table.get("name") if isinstance(table, dict) else None
    name = one_line(named, MAX_NAME) if isinstance(named, str) else ""
    name = name or f"{FILE}, {number}"
    try:
        server = msgspec.convert(table, Server)
        _check(server)
    except MapError as fault:
        return Entry(name, None, fault)
    except msgspec.ValidationError as error:
        return Entry(name, None, _malformed(error))
    return Entry(name, msgspec.structs.replace(server, name=name))


def _unreadable(error: Exception) -> MapError:
    """With the line, where the reader of the file tells it."""
    line = re.search(r"at line (\d+)", str(error))
    words = one_line(error, 200)
    return MapError("entry", words, "line", line[1]) if line else MapError("entry", words)


def _malformed(error: msgspec.ValidationError) -> MapError:
    """With the field that makes no sense, which msgspec puts in quotes."""
    field = re.search(r"`\$\.([^`]+)`|field `([^`]+)`", str(error))
    words = one_line(error, 200)
    if field is None:
        return MapError("entry", words)
    return MapError("entry", words, "field", one_line(field[1] or field[2], MAX_NAME))


def _check(server: Server) -> None:
    """What the types alone don't say. Raises MapError."""
    if bool(server.address) == bool(server.capabilities):
        detail = "it needs either an address or capabilities"
        raise MapError("entry", detail, "address-or-capabilities")
    if server.capabilities and not server.layer:
        raise MapError("entry", "capabilities need the name of a layer", "no-layer-named")
    if any(not re.fullmatch(r"[A-Za-z0-9-]{1,63}", one) for one in server.subdomains):
        raise MapError("entry", "a subdomain has odd characters", "subdomain")
    if server.least > server.most:
        raise MapError("entry", "least is larger than most", "least-most")
    west, south, east, north = server.bounds
    if west >= east or south >= north:
        raise MapError("entry", "bounds are west, south, east, north", "bounds")
    _ = server.host
