"""The volume of everything that is heard."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.look import Look, font
from widgets.slider import VolumeSlider


class MasterVolume(QWidget):
    """One slider over everything that is heard; the alarm tone is not turned down by it."""

    gain_chosen = Signal(float)
    mute_chosen = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._gain_db = 0.0
        self._is_muted = False
        self.mute = FlatButton(look, icon_name="volume")
        self.mute.clicked.connect(self.mute_chosen)
        self.slider = VolumeSlider(look)
        self.slider.gain_chosen.connect(self._moved)
        self._line = QHBoxLayout(self)
        self._line.addWidget(self.slider, 1, Qt.AlignmentFlag.AlignBottom)
        self._line.addWidget(self.mute, 0, Qt.AlignmentFlag.AlignBottom)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.retranslate()

    def _moved(self, gain_db: float) -> None:
        self._gain_db = gain_db
        self.update()
        self.gain_chosen.emit(gain_db)

    def set_muted(self, muted: bool) -> None:
        """All voices, for a while."""
        self._is_muted = muted
        self.slider.set_dimmed(muted)
        self.mute.set_icon_name("volume-off" if muted else "volume")
        self._name_mute()

    def _name_mute(self) -> None:
        mute, hear = self.tr("Mute all voices for 30 s"), self.tr("Hear voices again")
        words = hear if self._is_muted else mute
        self.mute.set_words("", words)
        self.mute.setToolTip(f"{words} (Ctrl+M)")

    def set_gain(self, gain_db: float) -> None:
        self._gain_db = gain_db
        self.slider.set_gain(gain_db)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.metrics.right, self._look.metrics.bottom_bar - 16)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.slider.set_look(look)
        self.mute.set_look(look)
        pad = 10 if look.metrics.compact else 14
        self._line.setContentsMargins(pad, 0, pad, pad)
        self.updateGeometry()
        self.update()

    def retranslate(self) -> None:
        self.slider.setAccessibleName(self.tr("Volume of everything"))
        self._name_mute()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.line)
        pad = 12 if m.compact else 16
        middle = (self.height() - self.slider.height()) // 2
        line = QRect(pad, middle - m.body, self.width() - 2 * pad, 2 * m.body)
        x = (
            pad
            + paint.icon(painter, pad, line.center().y() + 1, "headphones", p.muted, size=m.icon)
            + 9
        )
        words = f"{self._gain_db:+.0f} dB" if round(self._gain_db) else "0 dB"
        used = paint.text(painter, line, words, p.muted, font(m.body), align=paint.RIGHT)
        line.setLeft(x)
        line.setRight(line.right() - used - 8)
        paint.text(painter, line, self.tr("Volume"), p.text, font(m.body, bold=True))
        painter.end()
