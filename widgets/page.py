"""A page in the map's place: never in front of the tiles or the alarms, never modal."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.detach import DetachButton
from widgets.labels import Ink, Words
from widgets.look import Look
from widgets.scrolled import ScrolledColumn


class PageTitle(Words):
    """``said``: a page may come to show something else."""

    said = Signal(str)

    def say(
        self, text: str, *, ink: Ink | None = None, icon_name: str = "", more: str = ""
    ) -> None:
        super().say(text, ink=ink, icon_name=icon_name, more=more)
        self.said.emit(text)


class Page(QWidget):
    """A subclass fills ``column``, which is scrolled where it has too little room, and puts its own
    buttons into ``head``, before the last two.

    ``name`` is that under which it is remembered; ``detach_wanted``: out of the window, or back.
    """

    closed = Signal()
    detach_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.title = PageTitle(look, size="title", bold=True)
        self.close_button = FlatButton(look, icon_name="x", key="Esc")
        self.close_button.clicked.connect(self.closed)
        self.detach_button = DetachButton(look)
        self.detach_button.clicked.connect(self.detach_wanted)
        self.title.said.connect(self.detach_button.set_panel)
        self.head = QHBoxLayout()
        self.head.addWidget(self.title, 1)
        self.head.addWidget(self.detach_button)
        self.head.addWidget(self.close_button)
        self.body = ScrolledColumn(self)
        self.column = self.body.column
        self._whole = QVBoxLayout(self)
        self._whole.addLayout(self.head)
        self._whole.addWidget(self.body, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.hide()

    @property
    def name(self) -> str:
        return type(self).__name__.removesuffix("Page").lower()

    def set_out(self, is_out: bool) -> None:
        self.detach_button.set_out(is_out)

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops before the last two buttons, in order."""
        raise NotImplementedError

    def tab_stops(self) -> tuple[QWidget, ...]:
        return (*self.stops(), self.detach_button, self.close_button)

    def open(self) -> None:
        """It has just been shown: take the keyboard."""
        raise NotImplementedError

    @property
    def has_keyboard(self) -> bool:
        """Whether a key that is pressed now is for it."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def set_look(self, look: Look) -> None:
        self._look = look
        m = look.metrics
        self._whole.setContentsMargins(m.gap + 6, m.gap + 2, m.gap + 6, m.gap + 4)
        self._whole.setSpacing(m.gap)
        self.column.setSpacing(m.gap)
        self.head.setSpacing(m.gap)
        for part in self.findChildren(Words) + self.findChildren(FlatButton):
            part.set_look(look)
        self.update()

    def retranslate(self) -> None:
        self.detach_button.retranslate()
        self.close_button.set_words("", self.tr("Close this page"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        p = self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.panel, p.line)
        painter.end()


class FreshPage(Page):
    """It is made anew when what it shows has changed, but only while it is seen, and not more often
    than every ``GATHER_MS``. A subclass calls ``_changed`` when something has."""

    GATHER_MS: ClassVar[int]

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._gather = QTimer(self)
        self._gather.setInterval(self.GATHER_MS)
        self._gather.setSingleShot(True)
        self._gather.timeout.connect(self.reload)

    def reload(self) -> None:
        raise NotImplementedError

    def _changed(self) -> None:
        if self.isVisible() and not self._gather.isActive():
            self._gather.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        self._gather.stop()
        super().hideEvent(event)
