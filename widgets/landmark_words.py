"""Places that are marked on the map, in words, and which icon stands for which kind."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from resources.map.places import nearest_place
from widgets import times
from widgets.contracts.landmarks import LandmarkKind, LandmarkRow

ICONS: Final[dict[LandmarkKind, str]] = {
    "incident": "map-pin-plus",
    "hospital": "building-hospital",
    "emergency-reception": "emergency-bed",
    "nursing-home": "home-heart",
    "heliport": "helicopter-landing",
    "meeting-point": "flag",
    "other": "map-pin",
}

translate = QCoreApplication.translate


def kind_words(kind: LandmarkKind) -> str:
    words: dict[LandmarkKind, str] = {
        "incident": translate("landmarks", "Incident pin"),
        "hospital": translate("landmarks", "Hospital"),
        "emergency-reception": translate("landmarks", "Emergency reception"),
        "nursing-home": translate("landmarks", "Nursing home"),
        "heliport": translate("landmarks", "Heliport"),
        "meeting-point": translate("landmarks", "Meeting point"),
        "other": translate("landmarks", "Other place"),
    }
    return words[kind]


def told(row: LandmarkRow, now_s: float) -> str:
    """A tooltip: its name, what it is, the note, who set it and when."""
    kind = kind_words(row.kind)
    if row.exercise:
        kind = translate("landmarks", "EXERCISE · {0}").format(kind)
    lines = [row.name, kind, row.note]
    if row.is_pin:
        when = times.clock_short(row.since_s)
        age = times.age(max(0.0, now_s - row.since_s))
        lines.append(translate("landmarks", "since {0} ({1}), {2}").format(when, age, row.who))
        if row.may_change:
            lines.append(translate("landmarks", "Hold it a moment, then drag: it moves."))
    return "\n".join(line for line in lines if line)


def near_words(lat: float, lon: float) -> str:
    """``near Horten``; "" = near nothing that has a name."""
    near = nearest_place(lat, lon)
    return translate("LandmarkHands", "near {0}").format(near.name) if near else ""


def far_words(metres: float) -> str:
    """``870 m``, ``3,42 km``, ``128 km``."""
    if metres < 1_000:
        return f"{round(metres)} m"
    km = metres / 1_000
    figure = QLocale().toString(km, "f", 2 if km < 20 else 1 if km < 100 else 0)
    return f"{figure} km"


def line_words(metres: float, bearing: float) -> str:
    """``3,42 km · 045°``"""
    return f"{far_words(metres)} · {round(bearing) % 360:03d}°"
