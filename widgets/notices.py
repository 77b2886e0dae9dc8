"""Calm bars that say what is out of reach, and what that means for the person here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.contracts import DeskStatus
from widgets.look import Look, font
from widgets.tips import tip

Offer = Literal["", "start-site", "enrol"]


@dataclass(frozen=True, slots=True)
class Notice:
    """``detail`` is for whoever mends it: it stands in the tooltip, in the program's own words."""

    icon: str
    what: str
    meaning: str
    detail: str = ""
    offer: Offer = ""


def notices(status: DeskStatus) -> tuple[Notice, ...]:
    """The ones that hold now, worst first."""
    return (*_sound(status), *_microphone(status), *_recall(status), *_site(status))


def _sound(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if status.engine_link == "down":
        return (
            Notice(
                "unlink",
                translate("notices", "The sound engine has stopped."),
                translate("notices", "It is being started again; nothing is heard until then."),
                status.engine_note,
            ),
        )
    return (*_first_device(status), *_second_device(status))


def _first_device(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if (status.device_lost or status.device_note) and _has_second(status):
        return (
            Notice(
                "device-speaker-off",
                translate("notices", "The sound device is gone."),
                translate("notices", "Everything is heard from {0}.").format(status.second_device),
                status.device_note,
            ),
        )
    if status.device_lost:
        return (
            Notice(
                "device-speaker-off",
                translate("notices", "The sound device is gone."),
                translate("notices", "Plug it in again, or choose another one in the menu."),
                status.device_note,
            ),
        )
    if status.device_note:
        return (
            Notice(
                "headphones",
                translate("notices", "Sound goes to {0}, not where it should.").format(
                    status.device
                ),
                translate("notices", "It goes back by itself when the chosen device is there."),
                status.device_note,
            ),
        )
    return ()


def _has_second(status: DeskStatus) -> bool:
    return bool(status.second_chosen and status.second_device and not status.second_note)


def _second_device(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if not (status.second_chosen and status.second_note):
        return ()
    return (
        Notice(
            "device-speaker-off",
            translate("notices", "The loudspeaker does not play."),
            translate("notices", "Its groups are heard with the others."),
            status.second_note,
        ),
    )


def _microphone(status: DeskStatus) -> tuple[Notice, ...]:
    """Only who has chosen one misses it; and it is told once what is wrong with the engine."""
    translate, known = QCoreApplication.translate, status.microphone
    is_missed = known.chosen != "null" and known.state in ("none", "lost") and known.note
    if not is_missed or status.engine_link == "down":
        return ()
    return (
        Notice(
            "microphone-off",
            translate("notices", "The microphone is not there."),
            translate("notices", "Plug it in again, or choose another one in the menu."),
            known.note,
        ),
    )


def _recall(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if not status.recall_note:
        return ()
    return (
        Notice(
            "history",
            translate("notices", "What is said can't be kept for recall."),
            translate("notices", "It is heard all the same, but can't be heard again."),
            status.recall_note,
        ),
    )


def _site(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    found: list[Notice] = []
    if status.refused_role:
        found.append(
            Notice(
                "alert-circle",
                translate("notices", "This desk may not say that."),
                translate("notices", "It is enrolled as {0}. An operator's desk has to.").format(
                    _role(status.refused_role)
                ),
            )
        )
    elif status.refused_answer:
        found.append(
            Notice(
                "alert-circle",
                translate("notices", "Your last answer could not be kept."),
                translate("notices", "Say it by radio or telephone, and give it again."),
            )
        )
    if status.outbox_note:
        found.append(
            Notice(
                "alert-circle",
                translate("notices", "Your answers can't be written to disk."),
                translate("notices", "They are sent all the same: don't close this desk."),
                status.outbox_note,
            )
        )
    if status.shut_out:
        words = {
            "over": translate("notices", "This machine's certificate has ended."),
            "damaged": translate("notices", "This machine's enrolment is damaged."),
        }
        out = translate("notices", "This machine has been taken out of {0}.")
        found.append(
            Notice(
                "alert-circle",
                words.get(status.shut_out, out.format(status.enrol_offer)),
                translate("notices", "Nothing is sent from here. Enrol it again, with a new code."),
                status.site_note,
                "enrol" if status.enrol_offer else "",
            )
        )
    elif status.enrol_offer:
        found.append(
            Notice(
                "cloud-off",
                translate("notices", "{0} was found.").format(status.enrol_offer),
                translate("notices", "This desk is not enrolled there yet."),
                status.site_note,
                "enrol",
            )
        )
    elif status.site_offer:
        found.append(
            Notice(
                "cloud-off",
                translate("notices", "No site was found."),
                translate("notices", "Talkgroups are heard; units and alarms come from a site."),
                status.site_note,
                "start-site",
            )
        )
    elif status.site_link == "down":
        found.append(
            Notice(
                "cloud-off",
                translate("notices", "No contact with the site."),
                translate("notices", "Talkgroups are still heard. Your answers wait and are sent."),
                status.site_note,
            )
        )
    return tuple(found)


def _role(role: str) -> str:
    translate = QCoreApplication.translate
    return {
        "operator": translate("notices", "operator"),
        "trainer": translate("notices", "trainer"),
        "reception": translate("notices", "reception"),
        "gateway": translate("notices", "gateway"),
        "observer": translate("notices", "wall screen"),
    }.get(role, role)


class NoticeBars(QWidget):
    """Above the map, so that neither tiles nor alarms move when one comes or goes."""

    site_wanted = Signal()
    enrol_wanted = Signal()

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
        for notice in shown:
            bar = NoticeBar(self._look, notice, self)
            wanted = self.enrol_wanted if notice.offer == "enrol" else self.site_wanted
            bar.taken.connect(wanted)
            self._column.addWidget(bar)
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
    """``taken`` fires when its offer, if it has one, was pressed."""

    taken = Signal()

    def __init__(self, look: Look, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._notice = notice
        self.button: FlatButton | None = None
        if notice.offer:
            self.button = FlatButton(look, icon_name="antenna", parent=self)
            words = self.tr("Start a site on this machine")
            if notice.offer == "enrol":
                words = self.tr("Enrol this desk (F9)")
            self.button.set_words(words, words)
            self.button.clicked.connect(self.taken)
        lines = (f"{notice.what} {notice.meaning}", notice.detail)
        self.setAccessibleName(lines[0])
        self.setToolTip(tip("\n".join(filter(None, lines))))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        self._look = look
        if self.button is not None:
            self.button.set_look(look)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line, or two where a button would leave too little room for the words."""
        m = self._look.metrics
        return QSize(200, m.row + 6 + (m.row if self.button is not None else 0))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        if self.button is not None:
            size = self.button.sizeHint()
            self.button.setGeometry(
                self.width() - size.width() - 8,
                self.height() - size.height() - 5,
                size.width(),
                size.height(),
            )

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.warning, 1.5)
        line = self.rect().adjusted(0, 0, 0, -(m.row if self.button is not None else 0))
        middle = line.center().y()
        x = 12 + paint.icon(painter, 12, middle, self._notice.icon, p.warning, size=m.icon)
        rest = line.adjusted(x + 9, 0, -10, 0)
        bold = font(m.small, bold=True)
        paint.text(painter, rest, self._notice.what, p.text, bold)
        rest.setLeft(rest.left() + QFontMetrics(bold).horizontalAdvance(self._notice.what) + 8)
        paint.text(painter, rest, self._notice.meaning, p.muted, font(m.small))
        painter.end()
