"""Words that have just the room that was made for them are drawn whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.turning import turn
from widgets import paint
from widgets.look import font

WORDS = (
    "Svarene dine venter og blir sendt.",
    "Ingen kontakt med sentralen siden 21:39.",
    "Legevakta i Tønsberg",
    "AMB 3-5 Horten",
    "Sikkerhetsalarm",
    "+47 00 00 00 01",
)


@pytest.mark.parametrize("bold", [False, True])
def test_no_ellipsis_where_the_room_is_as_wide_as_the_words(
    desk_app: QApplication, bold: bool
) -> None:
    image = QImage(800, 60, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    cut, not_cut = [], []
    for px in range(10, 32):
        used = font(px, bold=bold)
        for words in WORDS:
            wide = QFontMetrics(used).horizontalAdvance(words)
            whole = QRect(0, 0, wide, 60)
            less = whole.adjusted(0, 0, -1, 0)
            if paint.text(painter, whole, words, "#ffffff", used) != wide:
                cut.append((px, words))
            if paint.text(painter, less, words, "#ffffff", used) >= wide:
                not_cut.append((px, words))
    painter.end()
    assert cut == []
    assert not_cut == [], "an ellipsis says that there is more"


def test_what_a_notice_means_is_whole_at_the_largest_size(open_desk: Open) -> None:
    """As wide as its line: 547 of 547 pixels."""
    window, _ = open_desk(fakes.cut_off(), size=SMALL)
    window.set_scale(150)
    turn(100)
    cut: list[str] = []

    def elided(figures: QFontMetrics, words: str, *how: object) -> str:
        shown = real(figures, words, *how)  # type: ignore[arg-type]  # as it came
        if shown != words:
            cut.append(words)
        return shown

    real = QFontMetrics.elidedText
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QFontMetrics, "elidedText", elided)
        window.notices.grab()
    assert cut == []
