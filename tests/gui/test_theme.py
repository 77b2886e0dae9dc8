"""Colours: readable everywhere, and red for alarms alone."""

from __future__ import annotations

import colorsys

import pytest

from widgets import tile_state
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
    alarm_ink = p.alarm_text if p.name == "night" else p.text
    pairs += [(alarm_ink, p.alarm_ground)]
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


def test_every_state_has_its_own_icon() -> None:
    assert len(set(tile_state.ICONS.values())) == len(tile_state.ICONS)
