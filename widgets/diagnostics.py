"""The diagnostics: how the link to the site does, the sound engine, and how streams come in."""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from widgets.buttons import FlatButton
from widgets.contracts.rows import StreamRow
from widgets.contracts.sources import DiagnosticsSource
from widgets.emptiness import ListNote
from widgets.engine_line import figures_of
from widgets.figures import Figures
from widgets.look import Look
from widgets.page import Page
from widgets.rows import RowList, RowModel
from widgets.site_line import site_figures
from widgets.stream_table import StreamDelegate, TableHead, said
from widgets.toggle import Toggle

if TYPE_CHECKING:
    from widgets.plots import Plots

log = logging.getLogger(__name__)

COPIED_MS: Final = 3_000  # that it has been copied is said for so long
PLOTS_PX: Final = 15  # times the height of a letter
PLOTS_COMPACT_PX: Final = 11


class DiagnosticsPage(Page):
    """Reads its source only while it can be seen."""

    def __init__(
        self, look: Look, source: DiagnosticsSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, parent)
        self._source = source
        self._key = ""
        self.copy = FlatButton(look)
        self.copy.clicked.connect(self.copy_figures)
        self.head.insertWidget(1, self.copy)
        self.site = Figures(look)
        self.figures = Figures(look)
        self.head_row = TableHead(look)
        self.list = RowList(StreamDelegate(look, self), self)
        self.model: RowModel[StreamRow] = RowModel(said, self)
        self.list.setModel(self.model)
        self.plots: Plots | None = None
        self.of_sound = Toggle(look, icon_name="activity")
        self.of_site = Toggle(look, icon_name="antenna")
        self._choice = QHBoxLayout()
        for one in (self.of_sound, self.of_site):  # not exclusive by Qt: Tab would pass one over
            one.clicked.connect(lambda _down, one=one: self._draw(one))
            self._choice.addWidget(one)
        self._choice.addStretch(1)
        self.of_sound.setChecked(True)
        self._empty = ListNote(look, "activity", self.list)
        for part in (self.site, self.figures, self.head_row):
            self.column.addWidget(part)
        self.column.addWidget(self.list, 1)
        self.column.addLayout(self._choice)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(COPIED_MS)
        self._calm.timeout.connect(self._name_copy)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        source.changed.connect(self._changed)
        self.retranslate()

    def stops(self) -> tuple[QWidget, ...]:
        return self.list, self.of_sound, self.of_site, self.copy

    def open(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what it shows ---

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._load_plots()
        self.reload()

    def _load_plots(self) -> None:
        """Without them the table says the same."""
        if self.plots is not None:
            return
        try:
            from widgets.plots import Plots  # noqa: PLC0415 (when it is asked for)
        except ImportError as error:
            log.warning("no plots are shown: %s", error)
            return
        self.plots = Plots(self._look, self)
        self.column.addWidget(self.plots)
        self.set_look(self._look)

    def _changed(self) -> None:
        if self.isVisible():
            self.reload()

    def reload(self) -> None:
        engine, rows = self._source.engine(), self._source.streams()
        self.site.show_figures(site_figures(self._source.site(), rows, time.time()))
        self.figures.show_figures(figures_of(engine))
        self._choose_figures()
        self.model.take(rows)
        self._empty.setVisible(not rows)
        self._choose(rows)
        self._show_history()

    def _choose(self, rows: Sequence[StreamRow]) -> None:
        """The one that was chosen, else one that talks, else the first."""
        keys = [row.key for row in rows]
        if self._key not in keys:
            self._key = next((row.key for row in rows if row.talking), keys[0] if keys else "")
        if self._key:
            index = self.model.index(keys.index(self._key))
            if self.list.currentIndex() != index:
                choose = QItemSelectionModel.SelectionFlag.ClearAndSelect
                self.list.selectionModel().setCurrentIndex(index, choose)

    def _chosen(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self._key = self.model.row(index.row()).key
            self._show_history()

    def _draw(self, chosen: Toggle) -> None:
        for one in (self.of_sound, self.of_site):
            one.setChecked(one is chosen)
        self._choose_figures()
        self._show_history()

    def _choose_figures(self) -> None:
        """Where there is little room, only those that belong to what is drawn."""
        is_short, is_site = self._look.metrics.short, self.of_site.isChecked()
        self.site.setHidden(is_short and not is_site)
        is_engine = bool(self.figures.figures())
        self.figures.setHidden(not is_engine or (is_short and is_site))

    def _show_history(self) -> None:
        """What was asked for alone is read."""
        if self.plots is None:
            return
        if self.of_site.isChecked():
            self.plots.show_site(self._source.site_history())
        else:
            stream = self._source.history(self._key)
            self.plots.show_sound(stream, self._source.engine_history())

    @property
    def current(self) -> str:
        """The stream whose history is shown."""
        return self._key

    # --- the clipboard ---

    def copy_figures(self) -> None:
        QApplication.clipboard().setText(self.as_text())
        words = self.tr("Copied")
        self.copy.set_words(words)
        self._calm.start()

    def as_text(self) -> str:
        """Figures alone: no addresses, no keys, nobody's name."""
        rows = self._source.streams()
        link = dataclasses.replace(self._source.site(), node="")
        site = site_figures(link, rows, time.time())
        figures = (*site, *figures_of(self._source.engine()))
        told = [f"{one.what}: {one.value}" for one in figures]
        return "\n".join((self.title.text(), *told, "", *map(said, rows)))

    def _name_copy(self) -> None:
        self.copy.set_words(self.tr("Copy"), self.tr("Copy the figures as text"))

    # --- look ---

    def set_look(self, look: Look) -> None:
        super().set_look(look)
        for part in (self.site, self.figures, self.head_row, self.list, self._empty):
            part.set_look(look)
        if self.plots is not None:
            self.plots.set_look(look)
            m = look.metrics
            lines = PLOTS_COMPACT_PX if m.compact else PLOTS_PX
            self.plots.setFixedHeight(lines * m.small)
        self._choose_figures()

    def retranslate(self) -> None:
        super().retranslate()
        self.setAccessibleName(self.tr("Diagnostics"))
        self.title.say(self.tr("Diagnostics of site and sound"))
        self.list.setAccessibleName(self.tr("Streams, and how they come in"))
        self._empty.set_words(
            self.tr("Nothing is heard"),
            self.tr("Figures stand here as soon as the sound engine listens to a stream."),
        )
        self.of_sound.set_words(self.tr("Sound"), self.tr("Ten minutes of sound and processor"))
        self.of_site.set_words(self.tr("Site"), self.tr("Ten minutes of the link to the site"))
        self._calm.stop()
        self._name_copy()
        self.head_row.retranslate()
        if self.plots is not None:
            self.plots.retranslate()
        if self.isVisible():
            self.reload()
