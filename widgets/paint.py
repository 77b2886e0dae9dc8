"""Small drawing helpers that every painted widget shares."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen

from widgets import icons
from widgets.look import font
from widgets.theme import Palette
from widgets.tips import plain

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
RADIUS = 5.0


def box(
    painter: QPainter,
    rect: QRect | QRectF,
    fill: str | None,
    line: str | None = None,
    width: float = 1.0,
    *,
    radius: float = RADIUS,
) -> None:
    """A rounded rectangle whose line lies wholly inside ``rect``."""
    inset = width / 2 if line else 0.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(line), width) if line else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else QBrush(Qt.BrushStyle.NoBrush))
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)


def text(
    painter: QPainter,
    rect: QRect,
    words: str,
    colour: str,
    used: QFont,
    *,
    align: Qt.AlignmentFlag = LEFT,
) -> int:
    """One line, with an ellipsis where it doesn't fit. Returns the width it took.

    Qt cuts words that are a fraction of a pixel wider than the room that was made for them in whole
    ones; those are drawn as they are."""
    if not words or rect.width() <= 0:
        return 0
    figures = QFontMetrics(used)
    shown = plain(words)
    if figures.horizontalAdvance(shown) > rect.width():
        shown = figures.elidedText(shown, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(used)
    painter.setPen(QColor(colour))
    painter.drawText(rect, int(align), shown)
    return figures.horizontalAdvance(shown)


def icon(painter: QPainter, x: int, middle: int, name: str, colour: str, *, size: int) -> int:
    """An icon centred on the line ``middle``. Returns its width."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(x, middle - size // 2, icons.pixmap(name, colour, size, ratio))
    return size


def tick(painter: QPainter, x: int, middle: int, side: int, p: Palette, *, ticked: bool) -> int:
    """A box to be chosen by. Returns where it ends."""
    place = QRect(x, middle - side // 2, side, side)
    box(painter, place, p.text if ticked else None, p.text if ticked else p.muted, 1.5, radius=3)
    if ticked:
        icon(painter, x + 2, middle, "check", p.background, size=side - 4)
    return x + side


def key_cap(painter: QPainter, rect: QRect, key: str, ink: str, line: str, *, px: int) -> None:
    """The little frame with a key's name in it."""
    box(painter, rect, None, line, 1.0, radius=3.0)
    text(painter, rect, key, ink, font(px, medium=True), align=CENTRE)


def key_cap_width(key: str, px: int) -> int:
    return max(px + 6, QFontMetrics(font(px, medium=True)).horizontalAdvance(key) + 10)
