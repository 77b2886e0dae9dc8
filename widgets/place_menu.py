"""What can be done with a place on the map: any point, a pin of an incident, a site's place."""

from __future__ import annotations

from typing import Final, Literal, get_args

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.landmarks import LandmarkRow
from widgets.contracts.rows import PlaceForms
from widgets.place_words import fill_forms
from widgets.tips import escaped
from widgets.unit_menu import deed_words

PlaceDeed = Literal["measure", "line", "pin", "place", "edit", "move", "remove"]
"""``measure``: how far the units are from here; ``line``: a line from here."""
PLACE_DEEDS: Final[tuple[PlaceDeed, ...]] = get_args(PlaceDeed)
OF_POINT: Final = ("pin", "place")
OF_LANDMARK: Final = ("edit", "move", "remove")


def place_words(deed: PlaceDeed) -> str:
    translate = QCoreApplication.translate
    words: dict[PlaceDeed, str] = {
        "measure": deed_words("measure"),
        "line": deed_words("line"),
        "pin": translate("place-menu", "Set an incident pin here …"),
        "place": translate("place-menu", "Make this a site place …"),
        "edit": translate("place-menu", "Change …"),
        "move": translate("place-menu", "Move …"),
        "remove": translate("place-menu", "Remove"),
    }
    return words[deed]


class PlaceMenu(QMenu):
    """``wanted`` carries a :data:`PlaceDeed`."""

    wanted = Signal(str)
    copy_wanted = Signal(str)  # coordinates as they are written

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = self.addAction("")
        self._name.setEnabled(False)
        self.deeds: dict[PlaceDeed, QAction] = {}
        for deed in PLACE_DEEDS:
            if deed in ("pin", "edit"):
                self.addSeparator()
            action = self.deeds[deed] = self.addAction("")
            action.triggered.connect(lambda _=False, deed=deed: self.wanted.emit(deed))
        self.addSeparator()
        self.copy = self.addMenu("")

    @property
    def measure(self) -> QAction:
        return self.deeds["measure"]

    def open_at(
        self, at: QPoint, *, row: LandmarkRow | None, may_mark: bool, forms: PlaceForms
    ) -> None:
        """``row``: the pin or place that it is about, None = the point itself. ``forms``: its
        coordinates."""
        self._name.setVisible(row is not None)
        self._name.setText("" if row is None else escaped(row.name))
        self.setAccessibleName("" if row is None else row.name)
        for deed, action in self.deeds.items():
            action.setText(place_words(deed))
            action.setVisible(deed not in (OF_POINT if row is not None else OF_LANDMARK))
            action.setEnabled(True)
        for deed in OF_POINT:
            self.deeds[deed].setEnabled(may_mark)
        for deed in OF_LANDMARK:
            self.deeds[deed].setEnabled(row is not None and row.may_change)
        self.copy.setTitle(self.tr("Copy coordinates"))
        fill_forms(self.copy, forms, self.copy_wanted.emit)
        self.popup(at)
        self.setActiveAction(self.measure)
