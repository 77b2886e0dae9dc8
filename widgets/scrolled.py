"""What is higher than its place: scrolled up and down, never to the side."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)


class ScrolledArea(QScrollArea):
    """What stands in it is as wide as it is itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class WholeArea(ScrolledArea):
    """Some of what stands in its ``inner`` is seen whole or not at all: a button that is cut
    through can be neither read nor pressed with confidence. What an edge would cut is blank."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.inner = QWidget()
        self.column = QVBoxLayout(self.inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self.inner)
        self._blanks = QWidget(self), QWidget(self)  # at the upper edge, and at the lower one
        for blank in self._blanks:
            blank.setAutoFillBackground(True)
            blank.hide()
        self.verticalScrollBar().valueChanged.connect(self.hide_cut)

    def places(self) -> Iterable[QRect]:
        """Where in ``inner`` that is which is never cut."""
        raise NotImplementedError

    def hide_cut(self) -> None:
        top, room = self.verticalScrollBar().value(), self.viewport().height()
        end = top + room
        whole = [one for one in self.places() if one.height() <= room]
        above = max(
            (one.bottom() + 1 for one in whole if one.top() < top <= one.bottom()), default=top
        )
        below = min((one.top() for one in whole if one.top() < end <= one.bottom()), default=end)
        width = self.viewport().width()
        edges = QRect(0, 0, width, above - top), QRect(0, below - top, width, end - below)
        for blank, edge in zip(self._blanks, edges, strict=True):
            blank.setVisible(edge.height() > 0)
            if edge.height() > 0:
                blank.setGeometry(edge)
                blank.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hide_cut()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # what stands in it is moved after this
            QTimer.singleShot(0, self, self.hide_cut)
        return super().eventFilter(watched, event)


class ScrolledColumn(WholeArea):
    """A ``column`` that is squeezed as far as it can still be read, and is scrolled where that is
    not enough. What gets the keyboard is brought into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inner.setObjectName("column")
        self.inner.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow_keyboard)

    def places(self) -> Iterable[QRect]:
        for kind in (QAbstractButton, QLineEdit):
            for one in self.inner.findChildren(kind):
                if one.isVisibleTo(self.inner):
                    yield QRect(one.mapTo(self.inner, QPoint(0, 0)), one.size())

    def _follow_keyboard(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            self.ensureWidgetVisible(now)
