"""Coordinates as people write them, to a point; and a point as it is written in Norway.

What is read: latitude and longitude in degrees, degrees and minutes, or with seconds; UTM (zones
28, for Jan Mayen, to 37; with or without the band); MGRS. All are EUREF89, which for this purpose
is WGS 84. A text that could be two places, or is nowhere that a Norwegian desk sends anybody, is
refused in words: a wrong place would be worse than none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from console.places.utm import from_utm, middle_of, to_utm, zone_of

Doubt = Literal[
    "", "outside", "order", "minutes", "band", "zone", "no-zone", "digits", "hemisphere",
]  # fmt: skip
"""Why a text that looks like coordinates is no point; "" = it does not look like any."""
SOUTH, NORTH, WEST, EAST = 53.0, 84.0, -45.0, 75.0  # that the map shows
ZONES: Final = (32, 33, 35)
"""In which Norway is mapped: what is written without a zone is in one of them."""
MAX_TEXT: Final = 120

_SIDES: Final = {"n": (0, 1), "s": (0, -1), "e": (1, 1), "ø": (1, 1), "w": (1, -1), "v": (1, -1)}
_WORDS: Final = (
    (re.compile(r"\b(?:nord|north)\b"), "n"),
    (re.compile(r"\b(?:øst|aust|east)\b"), "ø"),
    (re.compile(r"\b(?:vest|west)\b"), "w"),
    (re.compile(r"\b(?:sør|south)\b"), "s"),
    (re.compile(r"\b(?:breddegrad|bredde|breidd|latitude|lat|lengdegrad|lengde|longitude"
                r"|long|lon|lng|pos|posisjon|position|wgs ?84|(?:euref|etrs|eu) ?89)\b[:.]?"), " "),
)  # fmt: skip
_SIGNS: Final = str.maketrans(
    {"º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "´": "'", "`": "'", "ʹ": "'",
     "″": '"', "”": '"', "“": '"', "„": '"', "−": "-", "–": "-", "\u00a0": " ", "\u202f": " "}
)  # fmt: skip
_ZONE: Final = (
    r"^(?:utm)?[\s,:]*(?:sone|zone)?\s*(?P<zone>\d{2})(?!\d)\s*(?P<band>[c-hj-np-x]?)[\s,:]*"
)
_ZONELESS: Final = r"^(?:utm\b)?[\s,:]*"
_ZONE_BEHIND: Final = re.compile(
    r"[\s,;(](?:(?:utm|sone|zone)[\s-]*(\d{2}[c-hj-np-x]?)|(\d{2}\s?[u-x]))\)?$"
)
"""Without a word only with the letter of a band of ours: a bare 32 may be a height."""
_SIDE: Final = r"\s*[:=]?\s*"
_FIRST, _SECOND = (rf"(?P<{n}>-?\d{{1,7}}(?:[.,]\d+)?)\s*(?:m\b)?" for n in ("first", "second"))
_NORTHING: Final = re.compile(r"(?<!\d)[5-9]\d{6}(?!\d)")  # of ours; an easting may be short
_METRES: Final = (
    rf"(?P<a>[neø]){_SIDE}{_FIRST}[\s,;/]*(?P<b>[neø]){_SIDE}{_SECOND}$",
    rf"{_FIRST}\s*(?:m?(?P<a>[neø]))[\s,;/]+{_SECOND}\s*(?:m?(?P<b>[neø]))$",
    rf"(?P<a>){_FIRST}[\s,;/]+(?P<b>){_SECOND}$",
)
"""Letters before the numbers, behind them, or none."""
_UTM: Final = tuple(re.compile(_ZONE + form) for form in _METRES)
_UTM_ZONELESS: Final = tuple(re.compile(_ZONELESS + form) for form in _METRES)
_COMPACT_LAT, _COMPACT_LON = (rf"(\d{{{n}}})(\d{{2}})(\d{{2}})?([.,]\d+)?" for n in (2, 3))
_COMPACT: Final = re.compile(rf"{_COMPACT_LAT}\s*([ns])[\s,;/]*{_COMPACT_LON}\s*([ewøv])")
_COMPACT_BEFORE: Final = re.compile(rf"([ns])\s*{_COMPACT_LAT}[\s,;/]*([ewøv])\s*{_COMPACT_LON}")
_MGRS: Final = re.compile(r"^(?:mgrs:?\s*)?(\d{2})\s*([c-hj-np-x])\s*([a-hj-np-z]{2})([\d\s]*)$")
_NUMBER: Final = r"\d{1,12}(?!\d)(?:[.,]\d{1,18}(?!\d))?"  # whole: no figure of it is another's
_ANGLE: Final = re.compile(
    rf"([nsewøv])?\s*([+-])?({_NUMBER})\s*°?(?:\s*({_NUMBER})\s*(?:'(?!')|min\b)?)?"
    rf"(?:\s*({_NUMBER})\s*(?:\"|''|sek\b|sec\b)?)?\s*([nsewøv])?"
)


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees; south and west negative. ``form``: how it was written."""

    lat: float
    lon: float
    form: Literal["degrees", "utm", "mgrs"] = "degrees"


def read(text: str) -> Point | Doubt:
    """The point that is meant, or why there is none."""
    plain = _plain(text)
    for reader in (_read_mgrs, _read_utm, _read_degrees):
        found = reader(plain)
        if found != "":
            return found
    return ""


def zoneless(text: str) -> tuple[tuple[int, Point], ...]:
    """Of UTM without a zone: those that Norway is mapped in, and where each would put it."""
    found = _first_match(_UTM_ZONELESS, _plain(text))
    order = _order_of(found) if found is not None else None
    if order is None:
        return ()
    made = ((zone, _point_of(*order, zone)) for zone in ZONES)
    return tuple((zone, point) for zone, point in made if _inside_of(point))


def _plain(text: str) -> str:
    """In small letters with one kind of signs, and one letter for a side; "" for what has no
    figure or is too long."""
    if len(text) > MAX_TEXT:
        return ""
    plain = text.strip().lower().translate(_SIGNS)
    for pattern, letter in _WORDS:
        plain = pattern.sub(letter, plain)
    plain = " ".join(plain.split()).lstrip(" /,;:").rstrip(" .,;")
    if plain[:1] + plain[-1:] in {"()", "[]"}:  # as it stood in what it was copied from
        plain = plain[1:-1].strip()
    return plain if any(c.isdigit() for c in plain) else ""


def _inside(point: Point) -> Point | Doubt:
    fits = SOUTH <= point.lat <= NORTH and WEST <= point.lon <= EAST
    return point if fits else "outside"


# --- MGRS ---


_COLUMNS: Final = ("stuvwxyz", "abcdefgh", "jklmnpqr")  # of zones 3, 1, 2, and so on
_ROWS: Final = "abcdefghjklmnpqrstuv"
_TURN_M: Final = 2_000_000  # then the letters of rows begin again


def _square_of(zone: int, east_m: float, north_m: float) -> str:
    """The two letters of a square of 100 km. Rows of even zones begin five letters later."""
    column = _COLUMNS[zone % 3][int(east_m // 100_000) - 1]
    row = _ROWS[(int(north_m // 100_000) + (0 if zone % 2 else 5)) % 20]
    return (column + row).upper()


def _corner_of(zone: int, band: str, square: str) -> tuple[float, float] | None:
    """East and north of the square's corner in this band; None for letters that the zone has not.
    ``band`` lies on the northern half."""
    column = _COLUMNS[zone % 3].find(square[0])
    row = (_ROWS.find(square[1]) - (0 if zone % 2 else 5)) % 20
    if column < 0 or square[1] not in _ROWS:
        return None
    low_m = float(to_utm(8.0 * "npqrstuvwx".index(band), middle_of(zone), zone)[1]) - 100_000
    north = row * 100_000.0
    while north < low_m:
        north += _TURN_M
    return (column + 1) * 100_000.0, north


def _read_mgrs(text: str) -> Point | Doubt:
    found = _MGRS.match(text)
    if found is None:
        return ""
    zone, band, square, figures = found.groups()
    parts = figures.split()
    digits = "".join(parts)
    is_uneven = len(parts) == 2 and len(parts[0]) != len(parts[1])
    if is_uneven or len(digits) % 2 or len(digits) > 10 or len(digits) < 2:
        return "digits"
    number, half_m = int(zone), 10.0 ** (5 - len(digits) // 2) / 2
    corner = _corner_of(number, band, square) if band >= "n" and 1 <= number <= 60 else None
    if corner is None:
        return "band" if band >= "n" else "outside"
    step = len(digits) // 2
    east, north = (float(one) * 2 * half_m for one in (digits[:step], digits[step:]))
    # The middle of what is named.
    lat, lon = from_utm(corner[0] + east + half_m, corner[1] + north + half_m, number)
    point = Point(float(lat), float(lon), "mgrs")
    if not _is_in_band(band, point.lat, half_m) or number not in _zones(point):
        return "band"
    return _inside(point)


def _is_in_band(band: str, lat: float, spare_m: float = 0.0) -> bool:
    """Bands are 8° high from 80° south, the last one 12°; ``spare_m``: a square may lie across."""
    low = -80.0 + 8.0 * "cdefghjklmnpqrstuvwx".index(band)
    high = 84.0 if band == "x" else low + 8.0
    spare = (spare_m + 1.0) / 111_000.0
    return low - spare <= lat <= high + spare


def _zones(point: Point) -> set[int]:
    """That the point is in, or just beside: a square may lie across the edge of its zone."""
    beside = 0.9  # degrees: half a square of 100 km, at 80° north less would not do
    steps = (-beside, 0.0, beside)
    return {
        zone_of(min(84.0, point.lat + up / 4), point.lon + step) for step in steps for up in steps
    }


# --- UTM ---


def _read_utm(text: str) -> Point | Doubt:
    if not _NORTHING.search(text):
        return ""
    behind = _ZONE_BEHIND.search(text)
    if behind is not None:
        zone = behind[1] or behind[2]
        text = f"{zone} {text[: behind.start()].rstrip(' ,;(')}"
    found = _first_match(_UTM, text)
    if found is None:
        found = _first_match(_UTM_ZONELESS, text)
        return "" if found is None else "order" if _order_of(found) is None else "no-zone"
    return _in_zone(found)


def _in_zone(found: re.Match[str]) -> Point | Doubt:
    zone, band = int(found["zone"]), found["band"]
    if not 28 <= zone <= 37 or band == "s" or (band == "x" and zone % 2 == 0):
        return "hemisphere" if band == "s" else "zone"
    order = _order_of(found)
    if order is None:
        return "order"
    point = _point_of(*order, zone)
    if not math.isfinite(point.lat + point.lon) or not _inside_of(point):
        return "outside"
    # "33 N" is how the northern half is written; band N itself lies at the equator.
    if band not in {"", "n"} and not _is_in_band(band, point.lat, 1_000.0):
        return "band"
    return point


def _first_match(forms: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    return next((one for form in forms if (one := form.match(text))), None)


def _order_of(found: re.Match[str]) -> tuple[float, float] | None:
    """East and north, metres."""
    first, second = (float(found[name].replace(",", ".")) for name in ("first", "second"))
    return _east_north(first, second, (found["a"], found["b"]))


def _point_of(east: float, north: float, zone: int) -> Point:
    lat, lon = from_utm(east, north, zone)
    return Point(float(lat), float(lon), "utm")


def _inside_of(point: Point) -> bool:
    return _inside(point) is point


def _east_north(first: float, second: float, sides: tuple[str, str]) -> tuple[float, float] | None:
    """By what is written beside them, else by their size: no easting of ours is as large as a
    northing."""
    is_north = [side == "n" for side in sides]
    is_east = [side in {"e", "ø"} for side in sides]
    if (is_north[0] and is_north[1]) or (is_east[0] and is_east[1]):
        return None
    if is_north[0] or is_east[1]:
        order = second, first
    elif is_north[1] or is_east[0]:
        order = first, second
    else:
        order = (first, second) if first < second else (second, first)
    fits = -1_500_000 < order[0] < 2_000_000 and 5_500_000 < order[1] < 9_500_000
    return order if fits else None


# --- latitude and longitude ---


def _read_degrees(text: str) -> Point | Doubt:
    halves = _halves(_unpacked(text))
    if halves is None:
        return ""
    read_both = [_angle(half) for half in halves]
    if any(one is None for one in read_both):
        is_meant = any(sign in text for sign in "°'\"") or _has_long_minutes(halves)
        return "minutes" if is_meant else ""
    (first, axis_a), (second, axis_b) = (one for one in read_both if one is not None)
    if axis_a is not None and axis_a == axis_b:
        return "order"
    if axis_a == 1 or axis_b == 0:
        first, second = second, first
    if abs(first) > 90 or abs(second) > 180:
        return "order" if axis_a is None and axis_b is None and abs(first) <= 180 else "outside"
    point = Point(first, second)
    if axis_a is None and axis_b is None and not _inside_of(point):
        turned = Point(second, first)
        return "order" if _inside_of(turned) else "outside"
    return _inside(point)


def _has_long_minutes(halves: tuple[str, str]) -> bool:
    """Whether it is north and east with more than 59 minutes or seconds. Without letters four
    figures may be a telephone number: they have to begin as degrees of the map do."""
    both = [_ANGLE.fullmatch(half.strip(" ,;")) for half in halves]
    if any(one is None for one in both):
        return False
    degrees, is_long = [], False
    for one in filter(None, both):
        _, _, *figures, _ = one.groups()
        first, *rest = (float(part.replace(",", ".")) for part in figures if part is not None)
        degrees.append(first)
        is_long = is_long or any(part >= 60 for part in rest)
    has_sides = any(one[1] or one[6] for one in both if one is not None)
    return is_long and (has_sides or (SOUTH <= degrees[0] <= NORTH and degrees[1] <= EAST))


def _unpacked(text: str) -> str:
    """DDMMSS and DDMM.mmm, as aircraft and GPS receivers write them, with spaces; whatever else as
    it is. The side stands behind each or before it."""
    if behind := _COMPACT.fullmatch(text):
        *lat, lat_side = behind.groups()[:5]
        *lon, lon_side = behind.groups()[5:]
    elif before := _COMPACT_BEFORE.fullmatch(text):
        lat_side, *lat = before.groups()[:5]
        lon_side, *lon = before.groups()[5:]
    else:
        return text
    return f"{_spaced(lat)} {lat_side} {_spaced(lon)} {lon_side}"


def _spaced(figures: Sequence[str | None]) -> str:
    *whole, part = figures
    return " ".join(filter(None, whole)) + (part or "")


def _halves(text: str) -> tuple[str, str] | None:
    """Where one angle ends and the other begins; None where that can't be told."""
    letters = re.findall(r"[nsewøv]", text)
    if letters:
        text = re.sub(r"(?<=\d)-(?=\d)", " ", text)  # 59-54-50 N
    if len(letters) == 2:
        if text[0] in "nsewøv":
            at = re.search(r"(?<=.)[nsewøv]", text)
            return None if at is None else _cut(text, at.start(), at.start())
        at = re.search(r"[nsewøv]", text)
        return None if at is None else _cut(text, at.end(), at.end())
    return _halves_without_letters(text)


def _halves_without_letters(text: str) -> tuple[str, str] | None:
    for pattern in (r"\s*;\s*", r",\s+", r"\s*/\s*"):
        parts = re.split(pattern, text)
        if len(parts) == 2:
            return parts[0], parts[1]
    if text.count("°") == 2:
        second = text.rindex("°")
        digits = re.search(r"[+-]?\d+(?:[.,]\d+)?\s*$", text[:second])
        return None if digits is None else _cut(text, digits.start(), digits.start())
    words = text.split(" ")
    if len(words) in {2, 4, 6}:
        half = len(words) // 2
        return " ".join(words[:half]), " ".join(words[half:])
    for number in (r"[+-]?\d{1,3}\.\d+", r"[+-]?\d{1,3},\d+"):
        pair = re.fullmatch(f"({number}),({number})", text)
        if pair:
            return pair[1], pair[2]
    return None


def _cut(text: str, end: int, start: int) -> tuple[str, str]:
    return text[:end].strip(" ,;/"), text[start:].strip(" ,;/")


def _angle(text: str) -> tuple[float, int | None] | None:
    """Degrees and the axis (0 latitude, 1 longitude), where it is said; None for what is none."""
    found = _ANGLE.fullmatch(text.strip(" ,;"))
    if found is None:
        return None
    before, sign, *figures, after = found.groups()
    side = before or after
    if (before and after) or (sign == "-" and side is not None):
        return None
    parts = [float(one.replace(",", ".")) for one in figures if one is not None]
    whole = [one for one in figures if one is not None][:-1]
    if any("." in one or "," in one for one in whole) or any(part >= 60 for part in parts[1:]):
        return None
    value = sum(part / 60**n for n, part in enumerate(parts))
    axis, way = _SIDES[side] if side else (None, 1)
    return value * (-1 if sign == "-" else 1) * way, axis


# --- writing ---


@dataclass(frozen=True, slots=True)
class Written:
    """One point in the forms that are used in Norway. ``utm33`` is empty where its own zone is 33,
    and both that and ``mgrs`` north of 84°."""

    degrees: str
    minutes: str
    utm: str
    utm33: str
    mgrs: str


def write(lat: float, lon: float) -> Written:
    """Good to a metre (minutes to 1.06 m: three decimals are what is spoken). Degrees and decimal
    minutes are what the air ambulance and the sea rescue work with, zone 33 is that of the national
    maps."""
    zone = zone_of(lat, lon)
    return Written(
        degrees=f"{lat:.5f}, {lon:.5f}",
        minutes=f"{_minutes(lat, 'NS', 2)} {_minutes(lon, 'EW', 3)}",
        utm=write_utm(lat, lon, zone) if lat <= 84 else "",
        utm33=write_utm(lat, lon, 33) if zone != 33 and -15 <= lon <= 45 and lat <= 84 else "",
        mgrs=_mgrs(lat, lon) if lat <= 84 else "",
    )


def _minutes(value: float, sides: str, width: int) -> str:
    thousandths = round(abs(value) * 60_000)
    degrees, rest = divmod(thousandths, 60_000)
    return f"{sides[value < 0]}{degrees:0{width}d}° {rest / 1000:06.3f}'"


def write_utm(lat: float, lon: float, zone: int) -> str:
    """In whole metres, with the band's letter."""
    east, north = to_utm(lat, lon, zone)
    band = "CDEFGHJKLMNPQRSTUVWX"[min(19, int((lat + 80) // 8))]
    return f"{zone}{band} {float(east):.0f} {float(north):.0f}"


def _mgrs(lat: float, lon: float) -> str:
    """Cut, not rounded, to whole metres, as MGRS is."""
    zone = zone_of(lat, lon)
    east, north = (math.floor(float(one)) for one in to_utm(lat, lon, zone))
    band = "CDEFGHJKLMNPQRSTUVWX"[min(19, int((lat + 80) // 8))]
    return f"{zone}{band}{_square_of(zone, east, north)} {east % 100_000:05d} {north % 100_000:05d}"
