"""The marks of units: shape and letter say the kind, colour and a small tag say the state."""

from __future__ import annotations

from typing import Final, Literal

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
TAG_SHARE: Final = 0.56  # of the mark's height


UnitState = Literal["alarm", "free", "busy", "off", "unknown"]
OFF: Final = "out-of-service"  # the status of the list that is neither free nor at work


def state_of(row: UnitRow) -> UnitState:
    if row.alarm is not None and row.alarm != "closed":
        return "alarm"
    if row.status == OFF:
        return "off"
    if row.free:
        return "free"
    return "busy" if row.status or row.urgency != "none" else "unknown"


def colour(row: UnitRow, p: Palette) -> str:
    """Red for an alarm alone; amber while on a task, green when free, else grey."""
    colours: dict[UnitState, str] = {
        "alarm": p.alarm,
        "free": p.good,
        "busy": p.warning,
        "off": p.muted,
        "unknown": p.muted,
    }
    return colours[state_of(row)]


TAGS: Final = {"red": "A", "yellow": "H", "green": "V", "none": "•"}


def state_tag(row: UnitRow) -> str:
    """What stands at the corner of a mark: the letter of the urgency of who is on a task (as
    legevaktindeks has them), ``•`` for a task without one, ``/`` for who is out of service."""
    state = state_of(row)
    if state == "off":
        return "/"
    is_working = state == "busy" or (state == "alarm" and row.urgency != "none")
    return TAGS[row.urgency] if is_working else ""


def paint_tag(painter: QPainter, mark: QRectF, tag: str, p: Palette) -> None:
    """A is filled, H and V are outlined: told apart without colour too."""
    if tag == "/":
        painter.setPen(QPen(QColor(p.water), 4.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(mark.bottomLeft(), mark.topRight())
        painter.setPen(QPen(QColor(p.text), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(mark.bottomLeft(), mark.topRight())
        return
    side = mark.height() * TAG_SHARE
    box = QRectF(mark.right() - side * 0.62, mark.bottom() - side * 0.62, side, side)
    ground, ink = (p.tag_red, p.tag_red_ink) if tag == "A" else (p.panel, p.text)
    painter.setPen(QPen(QColor(p.water if tag == "A" else p.text), 1.0))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box, 2.5, 2.5)
    painter.setPen(QColor(ink))
    painter.setFont(font(round(side * 0.82), bold=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tag)


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
