"""What waits above the map for somebody to look at it: as much of it as leaves the map its room,
the rest named in one line."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from widgets.group_bar import GroupBar
from widgets.layout_bar import LayoutBar
from widgets.left_muted import LeftMutedBar
from widgets.look import Look
from widgets.notice_bars import Form, NoticeBar, NoticeBars
from widgets.notices import Notice, Offer
from widgets.postbar import PostBar

SHARE: Final = 0.45
"""Of the map's column, what all that stands above the map may take."""
UNKNOWN: Final = 1 << 20  # before anything has been laid out
Waiter = LeftMutedBar | LayoutBar | NoticeBars | PostBar | GroupBar
TOLD: Final = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


def how_many_fit(heights: Sequence[int], room: int, line: int) -> int:
    """Of what is wanted, the most important first: all, or as many as leave a ``line`` for the
    rest; one at least, of any."""
    if sum(heights) <= room:
        return len(heights)
    sums = itertools.accumulate(heights, initial=line)
    return max(min(1, len(heights)), sum(used <= room for used in sums) - 1)


class WaitingStack(QWidget):
    """Each waiter lies in a holder of its own, which is hidden while there is no room: a waiter
    shows and hides itself as it likes, and need not know."""

    def __init__(
        self,
        look: Look,
        shown: Sequence[Waiter],
        by_weight: Sequence[Waiter],
        notices: NoticeBars,
        parent: QWidget | None = None,
    ) -> None:
        """``shown``: from the top; ``by_weight``: the same ones, those that stay longest first;
        ``notices``: the one of them that can be shortened."""
        super().__init__(parent)
        self._look = look
        self._by_weight = tuple(by_weight)
        self._notices = notices
        notices.all_wanted.connect(self.unfold)
        notices.changed.connect(self.look_again)  # also while they are folded away
        self._others: tuple[QWidget, ...] = ()
        self._height: Callable[[], int] = lambda: 0
        self._is_open = False
        self._line: NoticeBar | None = None
        self._said: tuple[object, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._holders = {waiter: self._holder(waiter) for waiter in shown}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.fit)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def _holder(self, waiter: Waiter) -> QWidget:
        holder = QWidget(self)
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(waiter)
        self._column.addWidget(holder)
        holder.hide()
        waiter.installEventFilter(self)
        return holder

    def stand_beside(self, others: Sequence[QWidget], height: Callable[[], int]) -> None:
        """What stands above the map because a hand, a call or an alarm wants it there comes before
        all that waits; ``height``: of all that the map's column has."""
        self._others, self._height = tuple(others), height
        for other in others:
            other.installEventFilter(self)

    def _room(self) -> int:
        gap, height = self._look.metrics.gap, self._height()
        shown = [other for other in self._others if not other.isHidden()]
        used = sum(other.sizeHint().height() + gap for other in shown)
        return round(height * SHARE) - used if height else UNKNOWN

    # --- what there is room for ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """One has something to say, or nothing any more: at once, so that nothing flickers."""
        if event.type() in TOLD:
            self.fit()
        elif event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()  # a sentence has become longer
        return super().event(event)

    def look_again(self) -> None:
        """There may be more room, or less."""
        self._soon.start()

    def _weighed(self) -> list[Waiter]:
        """Who hears nobody, or is told of no alarm, has to know that before anything else."""
        return sorted(
            self._by_weight, key=lambda one: one is not self._notices or not one.are_grave
        )

    def fit(self) -> None:
        """Of the notices the worst one stays before anything else goes."""
        wanted = [waiter for waiter in self._weighed() if not waiter.isHidden()]
        gap, room = self._look.metrics.gap, self._room()
        line = self._look.metrics.row + 6 + gap
        all_of_them = sum(one.whole_height() + gap for one in wanted)
        self._is_open &= all_of_them > room or self._notices.are_many
        form: Form = "all" if self._is_open else "worst" if all_of_them > room else "usual"
        rest = self._notices.take_form(form)
        heights = [waiter.sizeHint().height() + gap for waiter in wanted]
        count = how_many_fit(heights, room - (line if rest else 0), 0 if rest else line)
        kept = wanted if self._is_open else wanted[:count]
        self.setVisible(bool(wanted))
        for waiter, holder in self._holders.items():
            holder.setVisible(waiter in kept)
        folded = [name for one in wanted if one not in kept for name in one.names]
        self._tell([*(rest if self._notices in kept else ()), *folded])

    def _tell(self, names: Sequence[str]) -> None:
        said = (*names, self._is_open)
        if said == self._said:
            return
        self._said = said
        if self._line is not None:
            self._column.removeWidget(self._line)
            self._line.hide()
            self._line.deleteLater()
            self._line = None
        if names or self._is_open:
            self._line = self._made_line(names)
            self._column.addWidget(self._line)

    def _made_line(self, names: Sequence[str]) -> NoticeBar:
        what = self.tr("{0} more:").format(len(names)) if names else self.tr("All is shown.")
        offer: Offer = "fewer" if self._is_open else "more"
        notice = Notice("alert-circle", what, " · ".join(names), "\n".join(names), offer)
        line = NoticeBar(self._look, notice, self)
        line.taken.connect(self._turn)
        return line

    def _turn(self) -> None:
        self._is_open = not self._is_open
        self.fit()

    def is_folded(self, waiter: Waiter) -> bool:
        return _is_folded(waiter, self._holders[waiter])

    def unfold(self) -> None:
        """Somebody wants to see what the line names."""
        self._is_open = True
        self.fit()

    # --- look ---

    def set_look(self, look: Look) -> None:
        """Its waiters have been told by the window."""
        self._look = look
        self._column.setSpacing(look.metrics.gap)
        if self._line is not None:
            self._line.set_look(look)
        self.look_again()

    def retranslate(self) -> None:
        self._said = ()
        self.fit()


def _is_folded(waiter: Waiter, holder: QWidget) -> bool:
    return not waiter.isHidden() and holder.isHidden()
