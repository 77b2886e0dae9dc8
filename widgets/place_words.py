"""Places in words: what one is, where it is, why coordinates are none, and how they are written."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from widgets import landmark_words
from widgets.contracts.landmarks import LandmarkKind
from widgets.contracts.rows import PlaceDoubt, PlaceForms, PlaceFound, PlaceKind


def kind_words(kind: PlaceKind) -> str:
    translate = QCoreApplication.translate
    words: dict[PlaceKind, str] = {
        "municipality": translate("places", "Municipality"),
        "town": translate("places", "Town"),
        "village": translate("places", "Village"),
        "hamlet": translate("places", "Hamlet"),
        "district": translate("places", "Part of a town"),
        "county": translate("places", "County"),
        "hospital": translate("places", "Hospital"),
        "airport": translate("places", "Airport"),
        "station": translate("places", "Station or stop"),
        "school": translate("places", "School"),
        "church": translate("places", "Church"),
        "cabin": translate("places", "Cabin or hotel"),
        "harbour": translate("places", "Harbour"),
        "building": translate("places", "Building"),
        "street": translate("places", "Street"),
        "address": translate("places", "Address"),
        "postal-area": translate("places", "Postal area"),
        "farm": translate("places", "Farm or house"),
        "housing": translate("places", "Housing or industry"),
        "road": translate("places", "Road, bridge or path"),
        "island": translate("places", "Island"),
        "mountain": translate("places", "Mountain or hill"),
        "lake": translate("places", "Lake"),
        "river": translate("places", "River or stream"),
        "fjord": translate("places", "Fjord"),
        "valley": translate("places", "Valley"),
        "glacier": translate("places", "Glacier"),
        "forest": translate("places", "Forest"),
        "bog": translate("places", "Bog"),
        "headland": translate("places", "Headland"),
        "bay": translate("places", "Bay"),
        "strait": translate("places", "Strait"),
        "skerry": translate("places", "Skerry or shallow"),
        "waterfall": translate("places", "Waterfall"),
        "terrain": translate("places", "In the terrain"),
        "water": translate("places", "At fresh water"),
        "sea": translate("places", "At sea"),
        "address-name": translate("places", "Name of an address"),
        "other": translate("places", "Place"),
        "coordinates": translate("places", "Coordinates"),
    }
    return words[kind]


def doubt_words(doubt: PlaceDoubt) -> str:
    """Why what was typed is no point, and what to do."""
    translate = QCoreApplication.translate
    words: dict[PlaceDoubt, str] = {
        "": "",
        "outside": translate(
            "places", "These coordinates lie outside the map. Look at the figures."
        ),
        "order": translate(
            "places",
            "It can't be told which is north and which is east. Write N and E beside them.",
        ),
        "minutes": translate("places", "Minutes and seconds go from 0 to 59."),
        "band": translate("places", "The zone or its letter does not fit these figures."),
        "zone": translate("places", "UTM zones of this map are 28 to 37; with X only odd ones."),
        "no-zone": translate(
            "places",
            "The UTM zone is missing. Write it first: 32 in the south, 33 in Nordland and Troms "
            "and on maps of all Norway, 35 in Finnmark.",
        ),
        "digits": translate("places", "MGRS needs as many figures for east as for north."),
        "hemisphere": translate("places", "S is the southern half of the Earth."),
    }
    return words[doubt]


def where_words(place: PlaceFound) -> str:
    """What it is, and of which municipality: ``Farm or house · Ringsaker``."""
    translate = QCoreApplication.translate
    if place.landmark_kind:
        return _marked_words(place.landmark_kind, exercise=place.exercise)
    parts = [kind_words(place.kind)]
    is_own = place.kind == "municipality" and place.municipality == place.name
    if place.municipality and not is_own:
        parts.append(place.municipality)
    if place.beside:
        parts.append(translate("places", "near {0}").format(place.beside))
    if place.known_as:
        parts.append(translate("places", "also {0}").format(place.known_as))
    return " · ".join(parts)


def _marked_words(kind: LandmarkKind, *, exercise: bool) -> str:
    """Of a pin, or a place of the site's own."""
    translate = QCoreApplication.translate
    words = landmark_words.kind_words(kind)
    if kind != "incident":
        words = translate("places", "Place of the site · {0}").format(words)
    return translate("landmarks", "EXERCISE · {0}").format(words) if exercise else words


def lacking_words(place: PlaceFound) -> str:
    """That another house than the one asked for is meant; "" = it is the one."""
    if not place.lacking:
        return ""
    words = QCoreApplication.translate("places", "No. {0} is not known there")
    return words.format(place.lacking)


def form_rows(forms: PlaceForms) -> tuple[tuple[str, str], ...]:
    """What each way to write them is called, and the coordinates."""
    translate = QCoreApplication.translate
    rows = (
        (translate("places", "Degrees"), forms.degrees),
        (translate("places", "Degrees and minutes"), forms.minutes),
        (translate("places", "UTM"), forms.utm),
        (translate("places", "UTM zone 33"), forms.utm33),
        ("MGRS", forms.mgrs),
    )
    return tuple(row for row in rows if row[1])


def fill_forms(menu: QMenu, forms: PlaceForms, copy: Callable[[str], object]) -> None:
    """An action for each form, that gives the coordinates to ``copy``."""
    menu.clear()
    for name, text in form_rows(forms):
        action = menu.addAction(f"{name}:  {text}")
        action.triggered.connect(lambda _=False, text=text: copy(text))
