"""Who else is at the site: a small figure in the top bar, and a list behind it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from widgets import times
from widgets.buttons import FlatButton, ghost
from widgets.contracts.rows import DeskStatus, OtherDesk
from widgets.look import Look
from widgets.tips import escaped, tip

MOST: Final = 24  # lines; the last one then says how many more there are


class OtherDesks(FlatButton):
    """Hidden until somebody else has been here."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, icon_name="users", skin=ghost, parent=parent)
        self._desks: tuple[OtherDesk, ...] = ()
        self._is_known = False
        self.menu = QMenu(self)
        self.clicked.connect(self.open)
        self.hide()

    def show_status(self, status: DeskStatus) -> None:
        known = status.site_link == "up"
        if (status.desks, known) == (self._desks, self._is_known):
            return
        self._desks, self._is_known = status.desks, known
        self.retranslate()

    def lines(self) -> tuple[str, ...]:
        """What the list says, those who are gone first."""
        words = [self._words(one) for one in self._desks[:MOST]]
        if len(self._desks) > MOST:
            words.append(self.tr("and {0} more").format(len(self._desks) - MOST))
        if not self._is_known:
            words.insert(0, self.tr("As it was before the site went out of reach:"))
        return tuple(words)

    def _words(self, desk: OtherDesk) -> str:
        who = f"{desk.label}: {desk.person}" if desk.person else desk.label
        if desk.gone_s is not None:
            return self.tr("{0} – gone since {1}").format(who, times.clock_short(desk.gone_s))
        return f"{who} – {desk.front}" if desk.front else who

    def open(self) -> None:
        """Downwards, over tiles or map: never over the alarms."""
        self.menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def retranslate(self) -> None:
        here = sum(one.gone_s is None for one in self._desks)
        said = self.tr("Other desks here: {0}").format(here)
        self.set_words(str(here), said)
        self.setToolTip(tip("\n".join((said, *self.lines()))))
        self.setVisible(bool(self._desks))
        self.menu.clear()
        for line in self.lines():
            self.menu.addAction(escaped(line))
