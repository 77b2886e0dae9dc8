"""The menu of the microphone: which one, what is done to a voice, its level, hearing oneself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget, QWidgetAction

from widgets.buttons import SMALLEST_TARGET, FlatButton
from widgets.contracts.rows import DeviceChoice, Microphone
from widgets.labels import Words
from widgets.levels import METER_MS
from widgets.look import Look
from widgets.meter import lit_segments, paint_meter

SEGMENTS: Final = 36
CLIPS_DBFS: Final = -0.1
CLIP_SHOWN: Final = 25  # readings, 1 s: nobody sees a single one
WIDTH: Final = 260
MARGIN: Final = 12


class MicrophoneMenu(QMenu):
    """``voice_wanted`` carries noise suppression, gain control and side tone."""

    chosen = Signal(str)
    voice_wanted = Signal(bool, bool, bool)
    hearing_wanted = Signal(bool)

    def __init__(
        self, look: Look, level_dbfs: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._known = Microphone()
        self._choices: list[QAction] = []
        self._together = QActionGroup(self)
        self._line = self.addSeparator()
        self.suppress, self.gain_control, self.side_tone = (self._switch() for _ in range(3))
        self.addSeparator()
        self.level = MicrophoneLevel(look, level_dbfs)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(self.level)
        self.addAction(holder)
        self.level.button.clicked.connect(lambda: self.hearing_wanted.emit(not self._known.hearing))
        self.retranslate()

    def _switch(self) -> QAction:
        action = QAction(self)
        action.setCheckable(True)
        action.triggered.connect(self._switched)
        self.addAction(action)
        return action

    def show_microphone(self, known: Microphone) -> None:
        before, self._known = self._known, known
        if known.choices != before.choices:
            self._list()
        for action in self._choices:
            action.setChecked(action.data() == known.chosen)
        self.suppress.setChecked(known.suppress)
        self.gain_control.setChecked(known.gain_control)
        self.side_tone.setChecked(known.side_tone)
        self.level.show_microphone(known)

    def _list(self) -> None:
        """Made anew only when it differs: it may be open."""
        for action in self._choices:
            self.removeAction(action)
            self._together.removeAction(action)
            action.deleteLater()
        self._choices = [self._choice(one) for one in self._known.choices]
        self.insertActions(self._line, self._choices)

    def _choice(self, choice: DeviceChoice) -> QAction:
        words = {"default": self.tr("The system's choice"), "null": self.tr("No microphone")}
        text = choice.label or words.get(choice.name, choice.name)
        action = QAction(text.replace("&", "&&"), self)
        action.setCheckable(True)
        action.setData(choice.name)
        action.triggered.connect(lambda: self.chosen.emit(choice.name))
        self._together.addAction(action)
        return action

    def _switched(self) -> None:
        self.voice_wanted.emit(
            self.suppress.isChecked(), self.gain_control.isChecked(), self.side_tone.isChecked()
        )

    def set_look(self, look: Look) -> None:
        self.level.set_look(look)

    def retranslate(self) -> None:
        self.setTitle(self.tr("Microphone"))
        self.suppress.setText(self.tr("Suppress noise"))
        self.gain_control.setText(self.tr("Even out my level"))
        self.side_tone.setText(self.tr("Hear my own voice softly while I talk"))
        self._list()
        self.level.retranslate()


class MicrophoneLevel(QWidget):
    """How loud it is now, in words too, and the button that lets one hear oneself."""

    def __init__(self, look: Look, level_dbfs: Callable[[], float]) -> None:
        super().__init__()
        self._level_dbfs = level_dbfs
        self._known = Microphone()
        self._clipped = 0  # readings for which it is still shown
        self.words = Words(look, size="small")
        self.bar = Bar(look)
        self.button = FlatButton(look, icon_name="headphones")
        line = QHBoxLayout()
        line.addWidget(self.words, 1)
        line.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 4, MARGIN, 6)
        column.addWidget(self.bar)
        column.addLayout(line)
        self._timer = QTimer(self)
        self._timer.setInterval(METER_MS)
        self._timer.timeout.connect(self.read)
        self.retranslate()

    def show_microphone(self, known: Microphone) -> None:
        self._known = known
        is_open = known.state in ("ready", "silent")
        self.button.setEnabled(is_open)
        words = self.tr("Stop") if known.hearing else self.tr("Hear yourself")
        self.button.set_words(words, words)
        self.read()

    def read(self) -> None:
        """The level of now."""
        level = self._level_dbfs() if self._known.state in ("ready", "silent") else -120.0
        self._clipped = CLIP_SHOWN if level >= CLIPS_DBFS else max(self._clipped - 1, 0)
        self.bar.set_level(level, is_clipped=self._clipped > 0)
        self.words.say(
            self._said(), ink="warning" if self._clipped or self._known.note else "muted",
            more=self._known.note,
        )  # fmt: skip

    def _said(self) -> str:
        known = self._known
        if known.chosen == "null":
            return self.tr("No microphone is chosen")
        if known.state in ("none", "lost"):
            return self.tr("The microphone is not there")
        if known.state == "silent":
            return self.tr("No signal: is it muted?")
        return self.tr("Too loud") if self._clipped else known.name

    def showEvent(self, event: object) -> None:
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

    def set_look(self, look: Look) -> None:
        for part in (self.words, self.bar, self.button):
            part.set_look(look)

    def retranslate(self) -> None:
        self.bar.setAccessibleName(self.tr("The microphone's level"))
        self.show_microphone(self._known)


class Bar(QWidget):
    """Repaints only when another segment is lit."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._lit = 0
        self._is_clipped = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def lit(self) -> int:
        return self._lit

    def set_level(self, peak_dbfs: float, *, is_clipped: bool) -> None:
        lit = lit_segments(peak_dbfs, SEGMENTS)
        if (lit, is_clipped) != (self._lit, self._is_clipped):
            self._lit, self._is_clipped = lit, is_clipped
            self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, SMALLEST_TARGET // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        p = self._look.palette
        painter = QPainter(self)
        on = p.warning if self._is_clipped else p.sending
        paint_meter(painter, self.rect(), self._lit, SEGMENTS, on=on, off=p.background)
        painter.end()
