"""How a unit's row is painted, and the chips that choose which kinds are listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from widgets import paint, times
from widgets.buttons import SMALLEST_TARGET, FlatButton, Skin
from widgets.contracts.rows import UnitRow, Urgency
from widgets.contracts.sources import Clock
from widgets.driving import Estimate
from widgets.look import Look, font
from widgets.rows import Index, RowDelegate
from widgets.symbols import colour, paint_symbol
from widgets.theme import Palette
from widgets.tips import tip
from widgets.unit_order import Filter, has_alarm
from widgets.unit_words import (
    alarm_words,
    distance_words,
    estimate_brief,
    estimate_words,
    filter_words,
    heard_in_short,
    is_radio_in_trouble,
    radio_words,
    tag_words,
)

NAME_SHARE, MEASURED_NAME_SHARE = 0.44, 0.66  # of a line; the rest says the status
ROOMY_ROW: Final = 46  # px: two lines, but for the compact form


class UnitDelegate(RowDelegate):
    """Columns line up from row to row. Below them, where there is room, who is in it and when it
    was heard."""

    def __init__(
        self,
        look: Look,
        clock: Clock,
        far_km: Callable[[str], float | None],
        measures: Callable[[], bool],
        parent: QWidget,
        *,
        estimate: Callable[[str], Estimate | None],
    ) -> None:
        """``measures``: whether distances are shown, in place of how long a status lasts, and how
        long a unit may need, in place of when it was heard."""
        super().__init__(look, parent)
        self._clock = clock
        self._far_km = far_km
        self._measures = measures
        self._estimate = estimate

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        m = self.look.metrics
        return QSize(100, m.row if m.compact else ROOMY_ROW)

    def ground(self, row: UnitRow) -> str:
        p = self.look.palette
        return p.alarm_ground if has_alarm(row) else p.card

    def paint_row(self, painter: QPainter, rect: QRect, row: UnitRow) -> None:
        m, p = self.look.metrics, self.look.palette
        ink = p.alarm_text if has_alarm(row) and p.name == "night" else p.text
        self._symbol(painter, rect, row)
        line = rect if m.compact else QRect(rect.left(), rect.top() + 2, rect.width(), 24)
        tag, last = self._tag_width(), self._last_width()
        right = line.right() - 8
        self._last(painter, QRect(right - last, line.top(), last, line.height()), row, ink)
        tag_left = right - last - 8 - tag
        if row.urgency != "none":
            height = m.small + 8
            top = line.center().y() - height // 2 + 1
            self._tag(painter, QRect(tag_left, top, tag, height), row.urgency)
        left = line.left() + m.icon + 22
        share = NAME_SHARE if not (m.compact and self._measures()) else MEASURED_NAME_SHARE
        name = QRect(left, line.top(), round((tag_left - left) * share), line.height())
        paint.text(painter, name, row.call_sign, ink, font(m.small, bold=True))
        start = name.right() + 8
        status = QRect(start, line.top(), tag_left - 6 - start, line.height())
        if row.urgency == "none":
            status.setRight(right - last - 6)
        self._trouble(painter, status, row, ink)
        words = alarm_words() if has_alarm(row) else row.status_text
        quiet = ink if has_alarm(row) else p.muted
        paint.text(painter, status, words, quiet, font(m.small))
        if not m.compact:
            below = QRect(left, line.bottom() - 2, right - left, rect.bottom() - line.bottom() - 1)
            self._paint_below(painter, below, row, quiet)

    def _trouble(self, painter: QPainter, status: QRect, row: UnitRow, ink: str) -> None:
        """A radio that may soon not be reached, by a mark at the end of the status."""
        if is_radio_in_trouble(row):
            m, p = self.look.metrics, self.look.palette
            name = "antenna-off" if row.coverage in ("weak", "none") else "battery-1"
            used = ink if has_alarm(row) else p.warning
            x = status.right() - m.icon + 3
            paint.icon(painter, x, status.center().y() + 1, name, used, size=m.icon - 2)
            status.setRight(x - 4)

    def _paint_below(self, painter: QPainter, line: QRect, row: UnitRow, ink: str) -> None:
        m = self.look.metrics
        used = font(m.small - 2)
        if self._measures():
            heard = estimate_words(self._estimate(row.key))
        else:
            heard = heard_in_short(row, self._clock.now_s())
        width = paint.text(painter, line, heard, ink, used, align=paint.RIGHT) if heard else 0
        line.setRight(line.right() - width - (10 if width else 0))
        trouble = radio_words(row) if is_radio_in_trouble(row) else ""
        parts = (trouble, row.talkgroup, ", ".join(row.crew))
        paint.text(painter, line, " · ".join(filter(None, parts)), ink, used)

    def _symbol(self, painter: QPainter, rect: QRect, row: UnitRow) -> None:
        m, p = self.look.metrics, self.look.palette
        fill = colour(row, p)
        side = m.icon
        place = QRectF(rect.left() + 11, rect.center().y() - side / 2 + 1, side, side)
        paint_symbol(painter, place, row.kind, fill, "#ffffff" if fill == p.alarm else p.ink)

    def _tag_width(self) -> int:
        used = QFontMetrics(font(self.look.metrics.small - 2, bold=True))
        urgencies: tuple[Urgency, ...] = ("red", "yellow", "green")
        return max(used.horizontalAdvance(tag_words(u, self.look)) for u in urgencies) + 14

    def _last_width(self) -> int:
        words = distance_words(1_234.0) if self._measures() else "00 min"
        if self._measures() and self.look.metrics.compact:
            words = f"{distance_words(19.9)} {estimate_brief(Estimate(50, 100))}"
        return QFontMetrics(font(self.look.metrics.small)).horizontalAdvance(words) + 2

    def _tag(self, painter: QPainter, rect: QRect, urgency: Urgency) -> None:
        """Red is filled, the others outlined: told apart without colour too."""
        p = self.look.palette
        used, words = font(self.look.metrics.small - 2, bold=True), tag_words(urgency, self.look)
        if urgency == "red":
            paint.box(painter, rect, p.tag_red, None, radius=3)
            paint.text(painter, rect, words, p.tag_red_ink, used, align=paint.CENTRE)
            return
        ink = p.warning if urgency == "yellow" else p.good
        paint.box(painter, rect, p.card, ink, 1.5, radius=3)
        paint.text(painter, rect, words, ink, used, align=paint.CENTRE)

    def _last(self, painter: QPainter, rect: QRect, row: UnitRow, ink: str) -> None:
        """How far, once a place is chosen; else for how long."""
        used = font(self.look.metrics.small)
        if self._measures():
            words = distance_words(self._far_km(row.key)) or "–"
            if self.look.metrics.compact:
                words = f"{words} {estimate_brief(self._estimate(row.key))}"
            paint.text(painter, rect, words, ink, used, align=paint.RIGHT)
        elif row.since_s is not None:
            quiet = ink if has_alarm(row) else self.look.palette.muted
            words = times.age(self._clock.now_s() - row.since_s)
            paint.text(painter, rect, words, quiet, used, align=paint.RIGHT)


def chip_skin(p: Palette) -> Skin:
    return Skin(p.card, p.raised, p.text, p.line)


class KindChip(FlatButton):
    """Shows the mark that the map and the list have for a kind, or the word for those who are free;
    while it is chosen, a frame and a tick."""

    def __init__(self, look: Look, which: Filter, key: str, parent: QWidget | None = None) -> None:
        super().__init__(look, skin=chip_skin, parent=parent)
        self.which = which
        self._shortcut = key
        self.setCheckable(True)
        self.toggled.connect(lambda _on: self.retranslate())
        self.retranslate()

    def retranslate(self) -> None:
        words = filter_words(self.which)
        self.set_words(words if self.which == "free" else "", self._said(words))
        only = self.tr("Only: {0}").format(words)
        self.setToolTip(tip(f"{only} ({self._shortcut})"))

    def _said(self, words: str) -> str:
        return ", ".join((words, self.tr("chosen"))) if self.isChecked() else words

    def sizeHint(self) -> QSize:
        if self.text():
            return super().sizeHint()
        side = max(self._look.metrics.control, SMALLEST_TARGET)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        m, p = self._look.metrics, self._look.palette
        painter = QPainter(self)
        if self.which != "free":
            middle, side = QRectF(self.rect()).center(), m.icon - 1
            place = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
            paint_symbol(painter, place, self.which, p.text, p.card)
        if self.isChecked():
            paint.box(painter, self.rect(), None, p.selected, 2.0)
            paint.icon(painter, self.width() - 11, 6, "check", p.selected, size=9)
        painter.end()
