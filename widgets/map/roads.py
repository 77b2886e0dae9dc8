"""What the shapes of a vector map are drawn as: three schemas that such maps come in.

OpenMapTiles, Protomaps' basemap and Shortbread (VersaTiles) are known by their layers' names; of
any other map the layers whose names say what they hold (roads, water, buildings, rails) are drawn.
Each shape becomes one *kind*, a word of the tables below; ``~`` at its end is a tunnel.
"""

from __future__ import annotations

from typing import Final

from widgets.map.mvt import AREA, LINE, NAME_ONLY, POINT, Properties

ROADS: Final = ("motorway", "trunk", "primary", "secondary", "tertiary", "minor", "service")
"""The most important first."""
AREAS: Final = ("earth", "wood", "grass", "residential", "industrial", "ice", "airfield", "water")
"""In the order in which they are drawn, before all lines; buildings come after them."""
BUILDING: Final = "building"
LINES: Final = ("waterway", "boundary", "ferry", "runway", "path", "track", "rail")
"""Before the roads."""
TUNNEL: Final = "~"

KEYS: Final = frozenset(
    ("class", "subclass", "kind", "kind_detail", "pmap:kind", "pmap:kind_detail", "brunnel",
     "tunnel", "is_tunnel", "rail", "admin_level", "maritime", "disputed", "min_admin_level",
     "pmap:min_admin_level", "ref", "name", "type")
)  # fmt: skip
AREA_LAYERS: Final = {
    "water": "water", "ocean": "water", "water_polygons": "water", "earth": "earth",
    "building": BUILDING, "buildings": BUILDING,
}  # fmt: skip
LAND_LAYERS: Final = {"landcover", "landuse", "land", "natural", "park", "aeroway", "sites"}
ROAD_LAYERS: Final = {"transportation", "roads", "streets", "transit", "ferries"}
NAME_LAYERS: Final = {"transportation_name", "street_labels"}
BORDER_LAYERS: Final = {"boundary", "boundaries"}
RIVER_LAYERS: Final = {"waterway", "water_lines", "physical_line"}
PLACE_LAYERS: Final = {"place", "places", "place_labels", "place_label"}
PLACES: Final = {
    "city": "city", "town": "town", "village": "village", "island": "island", "suburb": "suburb",
    "borough": "suburb", "hamlet": "hamlet", "quarter": "quarter", "neighbourhood": "quarter",
    "isolated_dwelling": "farm", "farm": "farm", "locality": "farm", "islet": "farm",
}  # fmt: skip
NOTHING: Final = {
    "water_name", "bridges", "street_polygons", "water_polygons_labels", "water_lines_labels",
    "public_transport", "building_height",
}  # fmt: skip
"""Layers whose names would be taken for what they don't hold."""
LABELS: Final = "label"
"""So is a layer whose name has this in it: the words to something that another layer draws."""

LAND: Final = {
    "wood": "wood", "forest": "wood", "scrub": "wood", "park": "grass", "grass": "grass",
    "grassland": "grass", "meadow": "grass", "recreation_ground": "grass", "cemetery": "grass",
    "pitch": "grass", "golf_course": "grass", "village_green": "grass", "garden": "grass",
    "nature_reserve": "", "national_park": "", "protected_area": "", "residential": "residential",
    "suburb": "residential", "neighbourhood": "residential", "urban_area": "residential",
    "commercial": "industrial", "industrial": "industrial", "retail": "industrial",
    "railway": "industrial", "hospital": "industrial", "school": "industrial",
    "university": "industrial", "college": "industrial", "military": "industrial",
    "ice": "ice", "glacier": "ice", "aerodrome": "airfield", "airfield": "airfield",
    "apron": "airfield", "runway": "airfield", "taxiway": "airfield",
}  # fmt: skip
ROAD: Final = {
    "highway": "motorway", "major_road": "primary", "medium_road": "tertiary",
    "minor_road": "minor", "unclassified": "minor", "residential": "minor",
    "living_street": "minor", "road": "minor", "street": "minor", "busway": "service",
    "pedestrian": "path",
    "footway": "path", "cycleway": "path", "steps": "path", "bridleway": "path", "other": "path",
    "track": "track", "path": "path", "rail": "rail", "light_rail": "rail", "subway": "rail",
    "tram": "rail", "narrow_gauge": "rail", "transit": "rail", "ferry": "ferry", "runway": "runway",
    "taxiway": "runway", **{name: name for name in ROADS},
}  # fmt: skip
OTHERS: Final = (
    (("water", "vann", "vatn", "innsj", "elv", "hav", "lake", "ocean"), "water", "waterway"),
    (("build", "bygning"), BUILDING, ""),
    (("rail", "bane"), "", "rail"),
    (("road", "street", "highway", "veg", "vei", "transport"), "", "minor"),
)
"""For layers that no schema knows: part of a name, what its areas are, and its lines."""
COUNTRY, COUNTY = 2, 4  # OpenStreetMap's admin_level


def takes(layer: str) -> bool:
    known = (AREA_LAYERS, LAND_LAYERS, ROAD_LAYERS, NAME_LAYERS, BORDER_LAYERS, RIVER_LAYERS,
             PLACE_LAYERS)  # fmt: skip
    return layer not in NOTHING and (
        any(layer in one for one in known) or _other(layer) is not None
    )


def has_water(layers: frozenset[str]) -> bool:
    """Whether what is no water on this map is land: the coarser coast below it must not show."""
    return not layers.isdisjoint(name for name, kind in AREA_LAYERS.items() if kind == "water")


def sort(layer: str, shape: int, properties: Properties) -> str:
    """The kind; "" = it is not drawn."""
    if shape == POINT or layer in PLACE_LAYERS:
        return _place(layer, properties) if shape == POINT else ""
    if layer in NAME_LAYERS:
        road = _road(properties)
        return f"{NAME_ONLY}{road}" if shape == LINE and road else ""
    if layer in AREA_LAYERS:
        return AREA_LAYERS[layer] if shape == AREA else ""
    if layer in LAND_LAYERS:
        return _land(layer, properties) if shape == AREA else _runway(properties)
    if layer in ROAD_LAYERS | BORDER_LAYERS | RIVER_LAYERS:
        return _line(layer, properties) if shape == LINE else ""
    area, line = _other(layer) or ("", "")
    return area if shape == AREA else line


def _place(layer: str, properties: Properties) -> str:
    if layer not in PLACE_LAYERS:
        return ""
    return next((PLACES[word] for word in _words(properties) if word in PLACES), "")


def _line(layer: str, properties: Properties) -> str:
    if layer in ROAD_LAYERS:
        return _tunnelled(_road(properties), properties)
    return _border(properties) if layer in BORDER_LAYERS else "waterway"


def _words(properties: Properties) -> tuple[str, ...]:
    """The finest first."""
    keys = ("kind_detail", "pmap:kind_detail", "class", "kind", "pmap:kind", "subclass", "type")
    return tuple(str(properties[key]) for key in keys if key in properties)


def _land(layer: str, properties: Properties) -> str:
    found = next((LAND[word] for word in _words(properties) if word in LAND), "")
    return found or ("airfield" if layer == "aeroway" else "")


def _runway(properties: Properties) -> str:
    return "runway" if {"runway", "taxiway"} & set(_words(properties)) else ""


def _road(properties: Properties) -> str:
    if properties.get("rail") is True:
        return "rail"
    words = [word.removesuffix("_construction") for word in _words(properties)]
    words = [word.removesuffix("_link") for word in words]
    return next((ROAD[word] for word in words if word in ROAD), "")


def _tunnelled(kind: str, properties: Properties) -> str:
    inside = properties.get("brunnel") == "tunnel" or any(
        properties.get(key) in (True, 1, "yes") for key in ("tunnel", "is_tunnel")
    )
    return f"{kind}{TUNNEL}" if kind and inside else kind


def _border(properties: Properties) -> str:
    if properties.get("maritime") in (1, True):
        return ""
    level = next((properties[k] for k in ("admin_level", "min_admin_level",
                  "pmap:min_admin_level", "kind_detail") if k in properties), None)  # fmt: skip
    if level is None:
        return "boundary" if properties.get("kind") in ("country", "region", "county") else ""
    return "boundary" if str(level) in (str(COUNTRY), str(COUNTY)) else ""


def _other(layer: str) -> tuple[str, str] | None:
    name = layer.casefold()
    if LABELS in name:
        return None
    return next(
        ((area, line) for parts, area, line in OTHERS if any(part in name for part in parts)), None
    )
