"""The two palettes, dark (night) and light (day); colours have one meaning each.

Saturated red belongs to alarms alone; receiving is cyan, sending violet, waiting amber.
Contrast is checked by tests/gui/test_theme.py: text at least 4.5:1 (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``."""

    name: str
    background: str
    panel: str
    card: str
    raised: str
    line: str
    text: str
    muted: str
    receiving: str
    sending: str
    alarm: str
    alarm_ground: str
    alarm_text: str
    warning: str
    good: str
    selected: str
    water: str
    land: str
    coast: str
    map_line: str
    map_label: str
    receiving_ground: str  # behind a tile that receives
    sending_ground: str
    meter_off: str
    tag_red: str  # urgency A: solid, so that it can be told from H without colour
    tag_red_ink: str
    map_wood: str  # what a site's own map brings: all of it quieter than any unit
    map_grass: str
    map_built: str
    map_work: str  # industry, schools, hospitals, airfields
    map_ice: str
    map_building: str
    map_road: str
    map_road_main: str
    map_motorway: str
    map_road_edge: str
    map_rail: str
    map_tone: str  # what a raster map is multiplied by at night, washed with by day
    ink: str  # symbols on a filled unit mark
    track: str  # a slider's empty part
    agency_health: str  # who speaks; shape and letter say it too
    agency_police: str
    agency_fire: str
    agency_rescue: str


NIGHT = Palette(
    name="night",
    background="#0e151b",
    panel="#141d24",
    card="#1b262f",
    raised="#22303b",
    line="#2f3e4a",
    text="#e8eef2",
    muted="#9db0bc",
    receiving="#4cc3ff",
    sending="#c79bff",
    alarm="#d92d20",
    alarm_ground="#5a1310",
    alarm_text="#ffffff",
    warning="#ffc247",
    good="#58d68d",
    selected="#ffffff",
    water="#0b131a",
    land="#1e2a33",
    coast="#3a4d5b",
    map_line="#33444f",
    map_label="#b4c4ce",
    receiving_ground="#123a54",
    sending_ground="#33264a",
    meter_off="#0f181f",
    tag_red="#ff8577",
    tag_red_ink="#2a0805",
    map_wood="#1c2f2d",
    map_grass="#1f312e",
    map_built="#232f39",
    map_work="#27313c",
    map_ice="#2a3944",
    map_building="#2c3945",
    map_road="#374753",
    map_road_main="#4d5c67",
    map_motorway="#6c664f",
    map_road_edge="#131b22",
    map_rail="#465159",
    map_tone="#465059",
    ink="#0e151b",
    track="#3a4b58",
    agency_health="#7fdca8",
    agency_police="#9db8ff",
    agency_fire="#ffb08a",
    agency_rescue="#e6d79a",
)

DAY = Palette(
    name="day",
    background="#e9eef1",
    panel="#f5f8fa",
    card="#ffffff",
    raised="#e6edf1",
    line="#c2ced6",
    text="#12202a",
    muted="#4a5d69",
    receiving="#00639c",
    sending="#6b32b8",
    alarm="#c4200f",
    alarm_ground="#fde3e0",
    alarm_text="#ffffff",
    warning="#8a5a00",
    good="#0f6e3c",
    selected="#12202a",
    water="#cfdfe8",
    land="#f4f3ee",
    coast="#8fa5b1",
    map_line="#c9c6ba",
    map_label="#3a4a54",
    receiving_ground="#dcf0fb",
    sending_ground="#efe6fb",
    meter_off="#cfd9df",
    tag_red="#a83a2c",
    tag_red_ink="#ffffff",
    map_wood="#e2ebd8",
    map_grass="#e9f0df",
    map_built="#ebe8e1",
    map_work="#e6e2df",
    map_ice="#ffffff",
    map_building="#d9d4ca",
    map_road="#ffffff",
    map_road_main="#fbeec4",
    map_motorway="#ebc573",
    map_road_edge="#b5ac95",
    map_rail="#a6abaf",
    map_tone="#f4f3ee",
    ink="#ffffff",
    track="#b3c1ca",
    agency_health="#0f6e3c",
    agency_police="#2a4fa8",
    agency_fire="#8f4212",
    agency_rescue="#6b5a10",
)

PALETTES = {palette.name: palette for palette in (NIGHT, DAY)}
