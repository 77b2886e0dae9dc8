"""A volume slider in decibels: thin line, round handle, one click goes there."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from widgets.buttons import SMALLEST_TARGET, focus_ring
from widgets.look import Look

MIN_DB: Final = -40
MAX_DB: Final = 12
STEP_DB: Final = 3
HANDLE_PX: Final = 6


class VolumeSlider(QSlider):
    """``gain_chosen`` is emitted when a hand moves it, never when :meth:`set_gain` does."""

    gain_chosen = Signal(float)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._dimmed = False
        self.setRange(MIN_DB, MAX_DB)
        self.setSingleStep(1)
        self.setPageStep(STEP_DB)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumHeight(SMALLEST_TARGET)
        self.valueChanged.connect(self._chosen)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.setMinimumHeight(look.metrics.px(SMALLEST_TARGET))
        self.updateGeometry()
        self.update()

    def set_gain(self, gain_db: float) -> None:
        value = round(min(MAX_DB, max(MIN_DB, gain_db)))
        if value != self.value() and not self.isSliderDown():
            self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(False)
            self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Grey while what it governs is muted."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def sizeHint(self) -> QSize:
        m = self._look.metrics
        return QSize(m.px(90), m.px(SMALLEST_TARGET))

    def minimumSizeHint(self) -> QSize:
        m = self._look.metrics
        return QSize(m.px(44), m.px(SMALLEST_TARGET))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._value_at(event.position().toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._value_at(event.position().toPoint()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Back to 0 dB."""
        self.setValue(0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only while it has focus: scrolling past a slider must not turn a talkgroup down."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        p, handle = self._look.palette, self._handle
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, x = self.height() / 2, self._x_of(self.value())
        self._line(painter, handle, self.width() - handle, middle, p.track)
        self._line(painter, handle, x, middle, p.track if self._dimmed else p.muted)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(p.muted if self._dimmed else p.text))
        painter.drawEllipse(QPointF(x, middle), handle, handle)
        if self.hasFocus():
            focus_ring(painter, self.rect().adjusted(-2, -2, 2, 2), p.text)
        painter.end()

    def _line(self, painter: QPainter, x0: float, x1: float, y: float, colour: str) -> None:
        painter.setPen(
            QPen(
                QColor(colour),
                self._look.metrics.px(4),
                Qt.PenStyle.SolidLine,
                Qt.PenCapStyle.RoundCap,
            )
        )
        painter.drawLine(QPointF(x0, y), QPointF(max(x0, x1), y))

    def _chosen(self, value: int) -> None:
        self.gain_chosen.emit(float(value))

    @property
    def _handle(self) -> int:
        """Half its width."""
        return self._look.metrics.px(HANDLE_PX)

    def _x_of(self, value: int) -> float:
        span = self.width() - 2 * self._handle
        return self._handle + span * (value - MIN_DB) / (MAX_DB - MIN_DB)

    def _value_at(self, point: QPoint) -> int:
        span = max(1, self.width() - 2 * self._handle)
        part = min(1.0, max(0.0, (point.x() - self._handle) / span))
        return MIN_DB + round(part * (MAX_DB - MIN_DB))
