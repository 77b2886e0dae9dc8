"""Rows of the page for people: who can be chosen, and what became of what was said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from widgets import paint, times
from widgets.contracts.rows import Answer, PostKind, PostRow, ReceiverKind, ReceiverRow
from widgets.look import Look, font
from widgets.rows import Index, RowDelegate
from widgets.symbols import paint_symbol

RECEIVER_ICONS: Final[dict[ReceiverKind, str]] = {"desk": "headphones", "group": "users"}
POST_ICONS: Final[dict[PostKind, str]] = {
    "message": "message-circle",
    "status": "activity",
    "patch": "antenna",
    "callout": "user-check",
    "group": "users",
}

NAMED: Final[tuple[PostKind, ...]] = ("group", "patch")
"""Kinds whose text is what they are called."""
ANSWERS: Final[tuple[Answer, ...]] = ("yes", "delayed", "no")
"""In the order of their buttons."""

translate = QCoreApplication.translate


def answer_words(answer: Answer) -> str:
    words: dict[Answer, str] = {
        "yes": translate("PeopleRows", "Yes"),
        "delayed": translate("PeopleRows", "Delayed"),
        "no": translate("PeopleRows", "No"),
    }
    return words[answer]


def kind_words(kind: PostKind) -> str:
    words: dict[PostKind, str] = {
        "message": translate("PeopleRows", "Message"),
        "status": translate("PeopleRows", "Status"),
        "patch": translate("PeopleRows", "Join groups"),
        "callout": translate("PeopleRows", "Call-out"),
        "group": translate("PeopleRows", "Talkgroup"),
    }
    return words[kind]


def post_words(kind: PostKind) -> str:
    """What it is once it has been said; :func:`kind_words` is what one does."""
    return translate("PeopleRows", "Joined groups") if kind == "patch" else kind_words(kind)


def not_kept_words() -> str:
    return translate(
        "PeopleRows",
        "This could not be kept, not even on this machine's disk. Say it by voice.",
    )


class ReceiverDelegate(RowDelegate):
    """A box that is ticked where somebody is chosen, the mark of the kind, name, and what for."""

    def __init__(self, look: Look, is_chosen: Callable[[str], bool], parent: QWidget) -> None:
        super().__init__(look, parent)
        self._is_chosen = is_chosen

    def paint_row(self, painter: QPainter, rect: QRect, row: ReceiverRow) -> None:
        m, p = self.look.metrics, self.look.palette
        middle, x = rect.center().y() + 1, rect.left() + 10
        side = m.icon
        x = paint.tick(painter, x, middle, side, p, ticked=self._is_chosen(row.key)) + 10
        self._mark(painter, x, middle, row)
        x += side + 10
        right = rect.right() - 10
        if row.exercise:
            right = _exercise_mark(painter, self.look, rect, right)
        name = QRect(x, rect.top(), round((right - x) * 0.4), rect.height())
        paint.text(painter, name, row.name, p.text, font(m.small, bold=True))
        rest = QRect(name.right() + 10, rect.top(), right - name.right() - 10, rect.height())
        ink = p.good if row.on_duty else p.muted
        paint.text(painter, rest, row.detail, ink, font(m.small, bold=row.on_duty))

    def _mark(self, painter: QPainter, x: int, middle: int, row: ReceiverRow) -> None:
        m, p = self.look.metrics, self.look.palette
        if row.kind == "unit":
            place = QRectF(x, middle - m.icon / 2, m.icon, m.icon)
            paint_symbol(painter, place, row.unit_kind, p.muted, p.card)
        else:
            paint.icon(painter, x, middle, RECEIVER_ICONS[row.kind], p.muted, size=m.icon)


class PostDelegate(RowDelegate):
    """Two lines: when, who, to whom; what was said, and what became of it."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        m = self.look.metrics
        return QSize(100, 2 * (m.small + 8) + 6)

    def paint_row(self, painter: QPainter, rect: QRect, row: PostRow) -> None:
        m, p = self.look.metrics, self.look.palette
        height = (rect.height() - 4) // 2
        top = QRect(rect.left() + 10, rect.top() + 2, rect.width() - 20, height)
        low = top.translated(0, height)
        ink = p.warning if row.waits else p.muted
        middle = top.center().y() + 1
        x = top.left() + m.icon + 9
        mark = "clock" if row.leaving else POST_ICONS[row.kind]
        paint.icon(painter, top.left(), middle, mark, ink, size=m.icon)
        top.setLeft(x)
        low.setLeft(x)
        self._first_line(painter, top, row)
        self._second_line(painter, low, row)

    def _first_line(self, painter: QPainter, line: QRect, row: PostRow) -> None:
        m, p = self.look.metrics, self.look.palette
        at = times.clock_short(row.time_s)
        used = paint.text(painter, line, at, p.muted, font(m.small))
        line.setLeft(line.left() + used + 10)
        if row.exercise:
            line.setRight(_exercise_mark(painter, self.look, line, line.right()))
        said = row.text if row.kind in NAMED else row.who
        width = paint.text(painter, line, said, p.text, font(m.small, bold=True))
        line.setLeft(line.left() + width + 8)
        if row.kind != "patch":
            paint.text(painter, line, f"→ {row.to}", p.muted, font(m.small))

    def _second_line(self, painter: QPainter, line: QRect, row: PostRow) -> None:
        m, p = self.look.metrics, self.look.palette
        quiet = row.kind != "message" and not row.can_end
        if row.summary:
            room = QRect(line)
            if row.kind not in NAMED:
                room.setLeft(line.left() + round(line.width() * 0.42))
            paint.text(painter, room, row.summary, p.muted if quiet else p.text, font(m.small))
            line.setRight(room.left() - 10)
        if row.kind not in NAMED:
            ink = p.text if row.waits else p.muted
            paint.text(painter, line, row.text, ink, font(m.small, bold=row.waits))


def exercise_word() -> str:
    return translate("PeopleRows", "EXERCISE")


def _exercise_mark(painter: QPainter, look: Look, rect: QRect, right: int) -> int:
    """Returns where the words must end."""
    m, p = look.metrics, look.palette
    used, words = font(m.small - 2, bold=True), exercise_word()
    width = QFontMetrics(used).horizontalAdvance(words) + 12
    high = m.small + 6
    place = QRect(right - width, rect.center().y() - high // 2 + 1, width, high)
    paint.box(painter, place, None, p.warning, 1.5, radius=3)
    paint.text(painter, place, words, p.warning, used, align=paint.CENTRE)
    return right - width - 8


def said_receiver(row: ReceiverRow, chosen: bool) -> str:
    """For a screen reader."""
    tick = translate("PeopleRows", "chosen") if chosen else ""
    exercise = exercise_word() if row.exercise else ""
    return ", ".join(part for part in (row.name, exercise, row.detail, tick) if part)


def said_post(row: PostRow) -> str:
    """For a screen reader, and the tooltip: each receiver has a line."""
    said = ", ".join(
        part
        for part in (
            times.clock_short(row.time_s),
            post_words(row.kind),
            exercise_word() if row.exercise else "",
            row.who,
            row.to,
            row.text,
            row.summary,
        )
        if part
    )
    return f"{said}\n{row.more}" if row.more else said
