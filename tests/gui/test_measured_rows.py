"""How far a unit is, and how long it may need: never cut where its row is short."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.turning import turn
from widgets import paint
from widgets.driving import Estimate

MEASURED = ((19.9, Estimate(18, 55)), (12.4, Estimate(11, None)), (149.0, Estimate(90, 250)))


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("percent", [100, 150])
def test_the_minutes_of_a_unit_are_whole_on_the_small_screen(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch, language: str, percent: int
) -> None:
    """Also without an upper figure: cut, those words would read as the least that it may be."""
    window, desk = open_desk(fakes.make(), size=SMALL, language=language)
    window.set_scale(percent)
    window.hands.unit_hands.measure_from_unit("u1")
    turn(50)
    delegate = window.units.list._delegate
    order = tuple(desk.units.keys())
    of = {key: MEASURED[n % len(MEASURED)] for n, key in enumerate(order)}
    monkeypatch.setattr(delegate, "_far_km", lambda key: of[key][0])
    monkeypatch.setattr(delegate, "_estimate", lambda key: of[key][1])
    seen, cut, real = [], [], paint.text

    def note(
        painter: QPainter, rect: QRect, words: str, ink: str, used: QFont, **how: object
    ) -> int:
        if "~" in words:
            seen.append(words)
            if QFontMetrics(used).horizontalAdvance(words) > rect.width():
                cut.append(words)
        return real(painter, rect, words, ink, used, **how)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(paint, "text", note)
    window.units.list.grab()
    assert any("–?" in words for words in seen)
    assert cut == []
