"""Calm bars that say what is out of reach, and what that means for the person here."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.contracts import DeskStatus
from widgets.look import Look, font

Notice = tuple[str, str, str]  # icon, what is wrong, what it means


def notices(status: DeskStatus) -> tuple[Notice, ...]:
    """The ones that hold now, worst first."""
    translate = QCoreApplication.translate
    found: list[Notice] = []
    if status.engine_link == "down":
        found.append(
            (
                "unlink",
                translate("notices", "The sound engine has stopped."),
                status.engine_note
                or translate("notices", "It is being started again; nothing is heard until then."),
            )
        )
    elif status.device_lost:
        found.append(
            (
                "device-speaker-off",
                translate("notices", "The sound device is gone."),
                translate("notices", "Plug it in again, or choose another one in the system."),
            )
        )
    if status.site_link == "down":
        found.append(
            (
                "cloud-off",
                translate("notices", "No contact with the site."),
                status.site_note
                or translate(
                    "notices", "Talkgroups are still heard. Your answers wait and are sent."
                ),
            )
        )
    return tuple(found)


class NoticeBars(QWidget):
    """Above the map, so that neither tiles nor alarms move when one comes or goes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: tuple[Notice, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_status(self, status: DeskStatus) -> None:
        shown = notices(status)
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        for icon_name, what, meaning in shown:
            self._column.addWidget(NoticeBar(self._look, icon_name, what, meaning, self))
        self.setVisible(bool(shown))

    def _clear(self) -> None:
        for bar in self.findChildren(NoticeBar):
            self._column.removeWidget(bar)
            bar.hide()
            bar.deleteLater()

    def retranslate(self) -> None:
        """The window shows the status again after a change of language."""
        self._shown = ()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._column.setSpacing(look.metrics.gap)
        for bar in self.findChildren(NoticeBar):
            bar.set_look(look)


class NoticeBar(QWidget):
    def __init__(
        self, look: Look, icon_name: str, what: str, meaning: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon_name
        self._what = what
        self._meaning = meaning
        self.setAccessibleName(f"{what} {meaning}")
        self.setToolTip(f"{what}\n{meaning}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.metrics.row + 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.warning, 1.5)
        x = 12 + paint.icon(
            painter, 12, self.height() // 2, self._icon_name, p.warning, size=m.icon
        )
        rest = self.rect().adjusted(x + 9, 0, -10, 0)
        bold = font(m.small, bold=True)
        paint.text(painter, rest, self._what, p.text, bold)
        rest.setLeft(rest.left() + QFontMetrics(bold).horizontalAdvance(self._what) + 8)
        paint.text(painter, rest, self._meaning, p.muted, font(m.small))
        painter.end()
