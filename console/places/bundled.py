"""The names that come with the program, as an index in memory: searched at once, always."""

from __future__ import annotations

import json

import resources
from console.places.building import Areas
from console.places.index import Builder, Index
from console.places.kinds import NUMBER, weight_of


def bundled() -> Index:
    """Some 600 towns and villages and all municipalities. Raises OSError, ValueError."""
    rows = json.loads(resources.path("map/names.json").read_text("utf-8"))
    builder, areas = Builder(), Areas()
    for name, lat, lon, population, kind, municipality, others in rows:
        if kind == "town":
            shown = "town" if population >= 5_000 else "village"
            weight = weight_of(shown, population=max(population, 200))
        else:
            shown, weight = "municipality", weight_of("municipality")
        builder.add(
            name, lat, lon, kind=NUMBER[shown], weight=weight,
            area=areas.number("", municipality), others=others,
        )  # fmt: skip
    builder.areas = areas.listed()
    return builder.index()
