"""Colours: readable everywhere, red for alarms alone, and nothing told by colour alone.

What is really drawn on what is measured in tests/gui/test_contrast.py.
"""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from resources.languages import LANGUAGES
from widgets import tile_state
from widgets.app import use_language
from widgets.contracts.rows import UnitKind
from widgets.symbols import LETTERS, paint_symbol
from widgets.theme import DAY, NIGHT, Palette

TEXT = 4.5  # WCAG 2.2, 1.4.3
GRAPHICS = 3.0  # 1.4.11


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("p", [NIGHT, DAY], ids=lambda p: p.name)
def test_words_can_be_read_on_every_ground(p: Palette) -> None:
    quiet = (p.background, p.panel, p.card, p.raised)
    pairs = [(ink, ground) for ground in quiet for ink in (p.text, p.muted)]
    pairs += [(ink, ground) for ground in quiet[:3] for ink in (p.receiving, p.sending, p.good)]
    pairs += [(p.warning, ground) for ground in quiet[:3]]
    pairs += [(p.text, ground) for ground in (p.receiving_ground, p.sending_ground)]
    pairs += [(p.muted, p.receiving_ground), (p.receiving, p.receiving_ground)]
    pairs += [(p.sending, p.sending_ground), (p.ink, p.sending), (p.ink, p.warning)]
    pairs += [(p.ink, p.good), (p.ink, p.receiving), (p.tag_red_ink, p.tag_red)]
    pairs += [(p.alarm_text, p.alarm), (p.map_label, p.land), (p.tag_red, p.card)]
    grounds = (p.map_wood, p.map_grass, p.map_built, p.map_work, p.map_ice, p.map_building)
    pairs += [(p.map_label, ground) for ground in (*grounds, p.map_road, p.map_tone)]
    alarm_ink = p.alarm_text if p.name == "night" else p.text
    pairs += [(alarm_ink, p.alarm_ground)]
    pairs += [(p.text, p.line), (p.sending, p.raised), (p.map_label, p.water)]
    pairs += [(p.tag_red_ink, p.alarm)] if p.name == "day" else []
    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < TEXT} == {}


@pytest.mark.parametrize("p", [NIGHT, DAY], ids=lambda p: p.name)
def test_frames_of_states_stand_out(p: Palette) -> None:
    frames = (p.selected, p.receiving, p.sending, p.warning, p.alarm)
    assert all(contrast(frame, p.background) >= GRAPHICS for frame in frames)


@pytest.mark.parametrize("p", [NIGHT, DAY], ids=lambda p: p.name)
def test_saturated_red_belongs_to_alarms_alone(p: Palette) -> None:
    for name in p.__dataclass_fields__:
        colour = str(getattr(p, name))
        if not colour.startswith("#") or "alarm" in name:
            continue
        r, g, b = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
        hue, lightness, saturation = colorsys.rgb_to_hls(r, g, b)
        red = (hue < 0.035 or hue > 0.95) and saturation > 0.65 and 0.25 < lightness < 0.65
        assert not red, f"{name} {colour} could be taken for an alarm"


# --- who sees few colours ---

# Machado, Oliveira and Fernandes 2009, for linear RGB: no red, or no green, at all.
SEEN = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)
TOLD_APART = 20.0  # CIE 1976; 2.3 is a just noticeable difference, side by side


def seen(colour: str, how: str) -> np.ndarray:
    """In CIELAB, as somebody with that sees it."""
    given = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    linear = np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)
    xyz = np.array(TO_XYZ) @ np.clip(np.array(SEEN[how]) @ linear, 0, 1) / np.array(WHITE)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("how", SEEN)
@pytest.mark.parametrize("p", [NIGHT, DAY], ids=lambda p: p.name)
def test_a_unit_on_a_task_is_told_from_a_free_one_on_the_map(p: Palette, how: str) -> None:
    """There alone colour is all there is between the two: the marks have the kind's shape. An alarm
    has rings, a frame and a filled label besides."""
    assert np.linalg.norm(seen(p.warning, how) - seen(p.good, how)) > TOLD_APART


@pytest.mark.parametrize("how", SEEN)
def test_receiving_and_sending_need_more_than_their_colours(how: str) -> None:
    """Why every state has an icon and a word: this is what colours alone come to."""
    pairs = [(p.receiving, p.sending) for p in (NIGHT, DAY)]
    pairs += [(p.alarm, p.warning) for p in (NIGHT, DAY)]
    distances = [float(np.linalg.norm(seen(a, how) - seen(b, how))) for a, b in pairs]
    assert min(distances) < TOLD_APART


def test_every_state_has_its_own_icon_and_its_own_word(desk_app: QApplication) -> None:
    assert len(set(tile_state.ICONS.values())) == len(tile_state.ICONS)
    for language in LANGUAGES:
        use_language(desk_app, language)
        words = [tile_state.word(state) for state in tile_state.ICONS]
        assert all(words)
        assert len(set(words)) == len(words), language


def _mark(kind: UnitKind) -> bytes:
    """Without any colour."""
    image = QImage(24, 24, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    paint_symbol(painter, QRectF(3, 3, 18, 18), kind, "#ffffff", "#000000")
    painter.end()
    return bytes(image.constBits())


def test_every_kind_of_unit_has_its_own_shape(desk_app: QApplication) -> None:
    marks = {kind: _mark(kind) for kind in LETTERS}
    assert len(set(marks.values())) == len(marks)
