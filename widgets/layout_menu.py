"""What can be done to pages, and to a layout as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from widgets.contracts.rows import DeskRole
from widgets.contracts.sources import LayoutSource
from widgets.tips import escaped


def role_words(role: str) -> str:
    """Those at positions of a role."""
    translate = QCoreApplication.translate
    return {
        "operator": translate("roles", "operators"),
        "trainer": translate("roles", "trainers"),
        "reception": translate("roles", "receptions"),
        "gateway": translate("roles", "gateways"),
        "observer": translate("roles", "wall screens"),
    }.get(role, role)


class LayoutMenu(QMenu):
    """Signals carry the page that was shown when it was opened."""

    new_wanted = Signal()
    rename_wanted = Signal(str)
    delete_wanted = Signal(str)
    move_wanted = Signal(str, int)
    standard_wanted = Signal(str)
    use_standard_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = ""
        self.new = self.addAction("")
        self.rename, self.delete = self.addAction("…"), self.addAction("…")
        self.left, self.right = self.addAction("…"), self.addAction("…")
        self.addSeparator()
        self.standard = self.addMenu("")
        self.use_standard = self.addAction("")
        self.new.triggered.connect(self.new_wanted)
        self.rename.triggered.connect(lambda: self.rename_wanted.emit(self._page))
        self.delete.triggered.connect(lambda: self.delete_wanted.emit(self._page))
        self.left.triggered.connect(lambda: self.move_wanted.emit(self._page, -1))
        self.right.triggered.connect(lambda: self.move_wanted.emit(self._page, 1))
        self.use_standard.triggered.connect(self.use_standard_wanted)

    def open_for(self, page: str, pages: Sequence[str], source: LayoutSource, at: QPoint) -> None:
        """``page``: the one that is shown, empty = that of all tiles, which is always there; ``at``
        in global coordinates."""
        self._page = page
        name = escaped(page)
        self.new.setText(self.tr("New page …"))
        self.rename.setText(self.tr("Rename “{0}” …").format(name))
        self.delete.setText(self.tr("Delete “{0}”").format(name))
        self.left.setText(self.tr("Move “{0}” to the left").format(name))
        self.right.setText(self.tr("Move “{0}” to the right").format(name))
        for action in (self.rename, self.delete, self.left, self.right):
            action.setVisible(bool(page))
        self.left.setEnabled(bool(page) and pages.index(page) > 0)
        self.right.setEnabled(bool(page) and pages.index(page) < len(pages) - 1)
        self._show_standard(source)
        self.setAccessibleName(self.tr("Pages and layout"))
        self.popup(at)
        self.setActiveAction(self.new)

    def _show_standard(self, source: LayoutSource) -> None:
        roles = source.standards()
        self.standard.setTitle(self.tr("Save this layout as the standard of"))
        self.standard.menuAction().setVisible(bool(roles))
        self.standard.clear()
        for role in roles:
            self._add_role(role)
        self.use_standard.setText(self.tr("Use the standard layout"))
        self.use_standard.setVisible(source.has_standard())

    def _add_role(self, role: DeskRole) -> None:
        action = self.standard.addAction(role_words(role))
        action.triggered.connect(lambda: self.standard_wanted.emit(role))
