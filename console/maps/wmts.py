"""WMTS 1.0.0 capabilities (OGC 07-057r7): which address a layer's tiles have in Web Mercator.

Only what fits without reckoning is taken: a tile matrix set of EPSG:3857 that begins in the world's
corner, with 256 pixels a tile and a matrix for each zoom, and a REST address.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from console.maps import address
from console.maps.facts import MAX_ZOOM
from console.maps.faults import MapError

MAX_CAPABILITIES: Final = 8_000_000  # bytes
WMTS: Final = "{http://www.opengis.net/wmts/1.0}"
OWS: Final = "{http://www.opengis.net/ows/1.1}"
AT_0: Final = 559_082_264.0287178  # scale's denominator at zoom 0 with pixels of 0.28 mm, E.4
CORNER_M: Final = 20_037_508.34
MERCATOR: Final = ("3857", "900913")
FORMATS: Final = ("image/png", "image/jpeg", "image/webp", "image/png8", "image/jpgpng")


@dataclass(frozen=True, slots=True)
class Layer:
    """Where a layer's tiles are."""

    address: str  # with {TileMatrix}, {TileRow} and {TileCol}
    names: tuple[str, ...]  # of the matrices, from zoom ``least``
    least: int

    @property
    def most(self) -> int:
        return self.least + len(self.names) - 1

    def at(self, z: int, x: int, y: int) -> str:
        named = self.address.replace("{TileMatrix}", self.names[z - self.least])
        return named.replace("{TileCol}", str(x)).replace("{TileRow}", str(y))


def layer_of(raw: bytes, name: str) -> Layer:
    """Raises MapError ``capabilities``."""
    try:
        root = fromstring(raw, forbid_dtd=True)
        contents = root.find(f"{WMTS}Contents")
        if contents is None:
            raise MapError("capabilities", "these are no WMTS capabilities", "no-wmts")
        return _layer(contents, name)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        if isinstance(error, MapError):
            raise
        raise MapError("capabilities", f"they can't be read: {error}", "no-wmts") from error


def _layer(contents: Element, name: str) -> Layer:
    layers = contents.findall(f"{WMTS}Layer")
    layer = next((one for one in layers if _text(one, f"{OWS}Identifier") == name), None)
    if layer is None:
        raise MapError("capabilities", f"there is no layer named {name!r}", "unknown-layer", name)
    template = next((t for form in FORMATS for t in _templates(layer, form)), "")
    if not template:
        detail = "the layer has no REST address for PNG, JPEG or WebP"
        raise MapError("capabilities", detail, "no-rest")
    linked = [
        _text(link, f"{WMTS}TileMatrixSet") for link in layer.iter(f"{WMTS}TileMatrixSetLink")
    ]
    for one in contents.findall(f"{WMTS}TileMatrixSet"):
        matrices = _text(one, f"{OWS}Identifier")
        if matrices in linked and _text(one, f"{OWS}SupportedCRS").endswith(MERCATOR):
            least, names = _zooms(one)
            if names:
                return Layer(_filled(template, matrices, _style(layer)), names, least)
    detail = "the layer has no tiles of 256 pixels in Web Mercator from the world's corner"
    raise MapError("capabilities", detail, "no-mercator")


def _templates(layer: Element, form: str) -> list[str]:
    found = layer.findall(f"{WMTS}ResourceURL")
    return [
        one.get("template", "")
        for one in found
        if one.get("resourceType") == "tile" and one.get("format") == form
    ]


def _style(layer: Element) -> str:
    styles = layer.findall(f"{WMTS}Style")
    styles.sort(key=lambda one: one.get("isDefault") != "true")
    return _text(styles[0], f"{OWS}Identifier") if styles else "default"


def _filled(template: str, matrices: str, style: str) -> str:
    made = template
    for blank, value in (("TileMatrixSet", matrices), ("Style", style), ("style", style)):
        made = made.replace(f"{{{blank}}}", value)
    left = {match.group(1) for match in address.BLANK.finditer(made)}
    if left != {"TileMatrix", "TileRow", "TileCol"}:
        detail = f"the layer's address can't be filled in: {made[:200]}"
        raise MapError("capabilities", detail, "address")
    try:
        address.check(made)
    except MapError as fault:
        raise MapError("capabilities", fault.detail, fault.why, fault.about) from fault
    return made


def _zooms(matrices: Element) -> tuple[int, tuple[str, ...]]:
    """The longest run of zooms from the first that fits; matrices of other kinds are left out."""
    named: dict[int, str] = {}
    for one in matrices.findall(f"{WMTS}TileMatrix"):
        zoom = _zoom(one)
        if zoom is not None:
            named.setdefault(zoom, _text(one, f"{OWS}Identifier"))
    if not named:
        return 0, ()
    least = most = min(named)
    while most + 1 in named:
        most += 1
    return least, tuple(named[z] for z in range(least, most + 1))


def _zoom(matrix: Element) -> int | None:
    scale = float(_text(matrix, f"{WMTS}ScaleDenominator") or "nan")
    if not math.isfinite(scale) or scale <= 0:
        return None
    exact = math.log2(AT_0 / scale)
    corner = [float(part) for part in _text(matrix, f"{WMTS}TopLeftCorner").split()]
    sides = {_text(matrix, f"{WMTS}TileWidth"), _text(matrix, f"{WMTS}TileHeight")}
    fits = len(corner) == 2 and all(
        abs(part - edge) < 10 for part, edge in zip(corner, (-CORNER_M, CORNER_M), strict=True)
    )
    zoom = round(exact)
    if not fits or sides != {"256"} or abs(exact - zoom) > 0.001 or not 0 <= zoom <= MAX_ZOOM:
        return None
    return zoom


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()
