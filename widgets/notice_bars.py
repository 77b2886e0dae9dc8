"""Calm bars above the map that say the notices."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets import paint
from widgets.buttons import FlatButton
from widgets.contracts.rows import DeskStatus
from widgets.look import Look, font
from widgets.notices import MAX_BARS, Hearing, Notice, Offer, notices, shown_of
from widgets.tips import tip

GAP: Final = 8  # between the two sentences
Form = Literal["worst", "usual", "all"]


class NoticeBars(QWidget):
    """Above the map, so that neither tiles nor alarms move when one comes or goes."""

    site_wanted = Signal()
    enrol_wanted = Signal()
    all_wanted = Signal()
    changed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._all: tuple[Notice, ...] = ()
        self._shown: tuple[Notice, ...] = ()
        self._form: Form = "usual"
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called where there is no room for them."""
        return tuple(notice.what for notice in self._all)

    def whole_height(self) -> int:
        """As usual; a sentence that takes two lines is taken for one."""
        m = self._look.metrics
        return len(shown_of(self._all)) * (m.row + 6 + m.gap) - m.gap

    @property
    def are_many(self) -> bool:
        """Whether not each of them has a line of its own."""
        return len(self._all) > MAX_BARS

    @property
    def are_grave(self) -> bool:
        """The first of them, which is the worst, tells whether all are."""
        return any(notice.is_grave for notice in self._all[:1])

    def take_form(self, form: Form) -> tuple[str, ...]:
        """Returns the names of those that are left out, where nothing here tells of them."""
        if form != self._form:
            self._form = form
            self._show()
        return self.names[1:] if form == "worst" else ()

    def show_status(self, status: DeskStatus, now: Hearing) -> None:
        before, self._all = self._all, notices(status, now)
        self._show()
        if self._all != before:
            self.changed.emit()

    def _show(self) -> None:
        shown = shown_of(self._all)
        if self._form != "usual":
            shown = self._all[:1] if self._form == "worst" else self._all
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        for notice in shown:
            bar = NoticeBar(self._look, notice, self)
            bar.taken.connect(lambda offer=notice.offer: self._taken(offer))
            self._column.addWidget(bar)
        self.setVisible(bool(shown))

    def _taken(self, offer: Offer) -> None:
        if offer == "more":
            self.all_wanted.emit()
        elif offer == "enrol":
            self.enrol_wanted.emit()
        else:
            self.site_wanted.emit()

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
    """``taken`` fires when its offer, if it has one, was pressed. One line, or two where the words
    don't fit into one, or a button would leave too little room for them."""

    taken = Signal()

    def __init__(self, look: Look, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._notice = notice
        self._is_tall = False
        self.button: FlatButton | None = None
        if notice.offer:
            self.button = self._made_button(notice.offer)
        lines = (f"{notice.what} {notice.meaning}", notice.detail)
        self.setAccessibleName(lines[0])
        self.setToolTip(tip("\n".join(filter(None, lines))))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _made_button(self, offer: Offer) -> FlatButton:
        words = {
            "start-site": self.tr("Start a site on this machine"),
            "enrol": self.tr("Enrol this desk (F9)"),
            "more": self.tr("Show all"),
            "fewer": self.tr("Show fewer"),
        }[offer]
        icon = "antenna" if offer in ("start-site", "enrol") else ""
        button = FlatButton(self._look, icon_name=icon, parent=self)
        button.set_words(words, words)
        button.clicked.connect(self.taken)
        return button

    @property
    def _is_summary(self) -> bool:
        """It stays on one line: what it names is told in full beside it."""
        return self._notice.offer in ("more", "fewer")

    def set_look(self, look: Look) -> None:
        self._look = look
        if self.button is not None:
            self.button.set_look(look)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        m = self._look.metrics
        is_two = self._is_tall or (self.button is not None and not self._is_summary)
        return QSize(200, m.row + 6 + (m.row if is_two else 0))

    def elides(self) -> bool:
        """Whether words of its own are cut."""
        return not self._is_summary and any(
            QFontMetrics(used).horizontalAdvance(words) > where.width()
            for where, words, used, _ in self._parts()
        )

    def resizeEvent(self, _event: QResizeEvent) -> None:
        if self.button is not None:
            size = self.button.sizeHint()
            bottom = (self.height() - size.height()) // 2 if self._is_summary else 5
            self.button.setGeometry(
                self.width() - size.width() - 8,
                self.height() - size.height() - bottom,
                size.width(),
                size.height(),
            )
        is_tall = not self._is_summary and self._one_line() > self._room()
        if is_tall != self._is_tall:
            self._is_tall = is_tall
            self.updateGeometry()

    def _fonts(self) -> tuple[QFont, QFont]:
        small = self._look.metrics.small
        return font(small, bold=True), font(small)

    def _one_line(self) -> int:
        bold, plain = self._fonts()
        what = QFontMetrics(bold).horizontalAdvance(self._notice.what)
        return what + GAP + QFontMetrics(plain).horizontalAdvance(self._notice.meaning)

    def _room(self) -> int:
        right = 10
        if self.button is not None and self._is_summary:
            right = self.button.width() + 18
        return self.width() - self._left() - right

    def _left(self) -> int:
        return 12 + self._look.metrics.icon + 9

    def _parts(self) -> tuple[tuple[QRect, str, QFont, str], ...]:
        """Where each of the two sentences stands, in which font and colour."""
        m, p = self._look.metrics, self._look.palette
        bold, plain = self._fonts()
        high = m.row + 6 if self.height() < 2 * m.row else (self.height() + 1) // 2
        line = QRect(self._left(), 0, self._room(), high)
        rest = QRect(line)
        if self._is_tall:
            right = self.button.width() + 16 if self.button is not None else 0
            rest = QRect(line.left(), line.bottom() - 5, line.width() - right, high)
        else:
            rest.setLeft(
                line.left() + QFontMetrics(bold).horizontalAdvance(self._notice.what) + GAP
            )
        return (line, self._notice.what, bold, p.text), (
            rest, self._notice.meaning, plain, p.muted,
        )  # fmt: skip

    def paintEvent(self, _event: QPaintEvent) -> None:
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.card, p.warning, 1.5)
        parts = self._parts()
        middle = parts[0][0].center().y()
        paint.icon(painter, 12, middle, self._notice.icon, p.warning, size=m.icon)
        for where, words, used, ink in parts:
            paint.text(painter, where, words, ink, used)
        painter.end()
