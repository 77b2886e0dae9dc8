"""The marks of units: shape and letter say the kind, so that colour may say the state."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets.contracts.rows import UnitKind, UnitRow
from widgets.look import font
from widgets.theme import Palette

LETTERS: dict[UnitKind, str] = {
    "ambulance": "",
    "doctor": "L",
    "first-responder": "F",
    "police": "P",
    "fire": "B",
    "helicopter": "H",
    "other": "·",
}


def colour(row: UnitRow, p: Palette) -> str:
    """Red for an alarm alone; amber while on a task, green when free."""
    if row.alarm is not None and row.alarm != "closed":
        return p.alarm
    return p.warning if row.urgency in {"red", "yellow"} else p.good


def agency_colour(agency: str, p: Palette) -> str:
    """Of who speaks. None of them is a state's colour."""
    colours = {
        "health": p.agency_health,
        "police": p.agency_police,
        "fire": p.agency_fire,
        "rescue": p.agency_rescue,
        "volunteer": p.agency_rescue,
    }
    return colours.get(agency, p.muted)


def paint_symbol(painter: QPainter, rect: QRectF, kind: UnitKind, fill: str, ink: str) -> None:
    """Filled with ``fill``; its cross or letter in ``ink``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    _shape(painter, rect, kind)
    if kind == "ambulance":
        _cross(painter, rect, ink)
        return
    painter.setPen(QColor(ink))
    painter.setFont(font(round(rect.height() * 0.62), bold=True))
    drop = rect.height() * (0.14 if kind == "first-responder" else 0.0)
    painter.drawText(rect.translated(0, drop), Qt.AlignmentFlag.AlignCenter, LETTERS[kind])


def _shape(painter: QPainter, rect: QRectF, kind: UnitKind) -> None:
    if kind == "ambulance":
        painter.drawRoundedRect(rect.adjusted(-1, 1, 1, -1), 3, 3)
    elif kind == "first-responder":
        points = (QPointF(rect.center().x(), rect.top() - 1), rect.bottomRight(), rect.bottomLeft())
        painter.drawPolygon(QPolygonF(points))
    elif kind in {"fire", "police"}:
        middle, half = rect.center(), rect.width() / 2 + 1
        painter.drawPolygon(
            QPolygonF(
                [middle + QPointF(*d) for d in ((0, -half), (half, 0), (0, half), (-half, 0))]
            )
        )
    else:
        painter.drawEllipse(rect)


def _cross(painter: QPainter, rect: QRectF, ink: str) -> None:
    arm, middle = rect.width() * 0.28, rect.center()
    painter.setPen(QPen(QColor(ink), 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
    painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))
