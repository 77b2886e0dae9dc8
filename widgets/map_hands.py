"""What a hand does with the map: views, units in a box, a talkgroup's units, pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from resources.map.places import nearest_place
from widgets.contracts.rows import MapViewRow, PostKind
from widgets.contracts.sources import Sources
from widgets.landmark_words import near_words
from widgets.map_menu import UnitsDeed, UnitsMenu, ViewMenu
from widgets.pages import DeskPages
from widgets.parts import DeskParts
from widgets.save import NewFileDialog, documents, free

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrintDialog

    from widgets.map.picture import Caption
    from widgets.map.view import MapView

KINDS: Final[dict[UnitsDeed, PostKind]] = {
    "message": "message",
    "callout": "callout",
    "group": "group",
}
PICTURE_ENDS: Final = {"PNG (*.png)": ".png", "PDF, A4 (*.pdf)": ".pdf"}


def _picture_stem() -> str:
    when, name = (
        time.strftime("%Y-%m-%d_%H-%M-%S"),
        QCoreApplication.translate("PictureDialog", "map"),
    )
    return f"{when}_{name}"


class PictureDialog(NewFileDialog):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(_picture_stem(), PICTURE_ENDS, None, parent)

    def title(self) -> str:
        return self.tr("Save the map as a picture")


class MapHands(QObject):
    """``target``: the talkgroup that a key is about now."""

    def __init__(
        self,
        parts: DeskParts,
        sources: Sources,
        pages: DeskPages,
        target: Callable[[], str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._parts, self._sources, self._pages = parts, sources, pages
        self._target, self._window = target, parent
        self.menu, self.boxed = ViewMenu(parent), UnitsMenu(parent)
        self.dialog: PictureDialog | QPrintDialog | None = None
        place = parts.map_place
        place.units_boxed.connect(self.boxed.open_for)
        place.more_wanted.connect(self.open_menu)
        self.boxed.wanted.connect(self._do_with)
        self.menu.in_view.wanted.connect(self._do_with)
        self.menu.view_chosen.connect(lambda view: self._on_map(lambda m: m.show_view(view)))
        self.menu.keep_wanted.connect(self.keep_view)
        self.menu.view_forgotten.connect(self._forget_view)
        self.menu.save_wanted.connect(self.save_picture)
        self.menu.print_wanted.connect(self.print_map)

    @property
    def _map(self) -> MapView | None:
        """None until it is loaded."""
        return self._parts.map_place.map

    def make_way(self) -> None:
        """An alarm has come: a dialog hides its place."""
        self._parts.map_place.make_way()
        self._drop_dialog()

    def _on_map(self, act: Callable[[MapView], object]) -> None:
        self._pages.clear_map()
        if self._map is not None:
            act(self._map)

    # --- units ---

    def show_group(self) -> None:
        """Where those are whose radios are on the talkgroup."""
        key = self._target()
        if key:
            self.show_units_of(self._sources.talkgroups.row(key).name)

    def show_units_of(self, talkgroup: str) -> None:
        def act(shown: MapView) -> None:
            if not shown.show_group(talkgroup):
                self._parts.say_done(self.tr("No unit of {0} has a position.").format(talkgroup))

        self._on_map(act)

    def follow(self, key: str) -> None:
        """Keep it in the middle; once more, and the map is let go."""

        def act(shown: MapView) -> None:
            if shown.following.key == key:
                shown.following.let_go()
            else:
                shown.follow(key)

        if self._is_unit(key):
            self._on_map(act)

    def toggle_trail(self, key: str) -> None:
        """A unit that has not moved has none to be seen: then words are the sign."""

        def act(shown: MapView) -> None:
            is_drawn = shown.toggle_trail(key)
            if not shown.layer.trails.has_way(key):
                words = self.tr("{0} has not moved yet: its trail is drawn from here on.")
                if not is_drawn:
                    words = self.tr("The trail of {0} is not drawn any more.")
                self._parts.say_done(words.format(self._sources.units.row(key).call_sign))

        if self._is_unit(key):
            self._on_map(act)

    def _is_unit(self, key: str) -> bool:
        """Says so where none is chosen."""
        if not key:
            self._parts.say_done(
                self.tr("No unit is chosen: choose one in the list or on the map.")
            )
        return bool(key)

    @property
    def is_following(self) -> bool:
        return self._map is not None and bool(self._map.following.key)

    def let_go(self) -> None:
        if self._map is not None:
            self._map.following.let_go()

    def _do_with(self, deed: UnitsDeed, keys: tuple[str, ...]) -> None:
        if deed == "map":
            self._on_map(lambda shown: shown.show_units(keys))
        else:
            self._pages.write_to_all(keys, KINDS[deed])

    # --- views ---

    def open_menu(self, at: QPoint | None = None) -> None:
        """By the key below its button."""
        if self._map is None:
            return
        self._pages.clear_map()
        button = self._map.more
        self.menu.open_for(
            self._sources.map_views.views(),
            self._map.units_in_view(),
            at or button.mapToGlobal(QPoint(0, button.height())),
        )

    def keep_view(self) -> None:
        """It is called after where it is and how far it reaches: nobody is asked for a name."""
        shown, views = self._map, self._sources.map_views
        if shown is None:
            return
        near = nearest_place(*shown.middle())
        where = near.name if near is not None else self.tr("Map")
        view = shown.kept_view(f"{where} · {shown.reach_km()} km")
        if views.keep(view):
            words = self.tr("This view is kept as {0}: V shows it again.").format(view.name)
            self._parts.say_done(words, lambda: views.forget(view.name))
        else:
            self._parts.say_done(
                self.tr("There are as many views as can be kept: forget one first (V).")
            )

    def _forget_view(self, name: str) -> None:
        views = self._sources.map_views
        gone: MapViewRow | None = next((one for one in views.views() if one.name == name), None)
        if gone is not None:
            views.forget(name)
            self._parts.say_done(
                self.tr("{0} is forgotten.").format(name), lambda: views.keep(gone)
            )

    # --- pictures ---

    def _caption(self, shown: MapView) -> Caption:
        """That it is an exercise, where it is, when, and whose desk it was seen at."""
        from widgets.map.picture import Caption  # noqa: PLC0415 (with the map)

        status = self._sources.status.status()
        when = time.strftime("%d.%m.%Y %H:%M:%S", time.localtime(self._sources.clock.now_s()))
        near = near_words(*shown.middle())
        words = (status.site, near, when, status.position, "Vaktbord")
        is_exercise = status.exercise or shown.has_exercise()
        return Caption(
            " · ".join(part for part in words if part), self.tr("EXERCISE") if is_exercise else ""
        )

    def save_picture(self) -> None:
        self._drop_dialog()
        dialog = PictureDialog(self._window)
        dialog.decided.connect(self._save)
        self._ask(dialog)

    def _save(self, path: str, end: str) -> None:
        if self._map is None:
            return
        caption = self._caption(self._map)
        if end == ".pdf":
            sheet = self._map.sheet(caption)
            sheet.ready.connect(lambda picture: self._saved(path, _to_pdf(picture, path)))
        else:
            seen = self._map.picture(caption)
            seen.ready.connect(lambda picture: self._saved(path, picture.save(path)))

    def _saved(self, path: str, is_done: bool) -> None:
        words = self.tr("The map is saved: {0}")
        if not is_done:
            words = self.tr("{0} can't be written: choose another folder, or make room.")
        self._parts.say_done(words.format(path))

    def print_map(self) -> None:
        from PySide6.QtPrintSupport import (  # noqa: PLC0415 (half a second)
            QPrintDialog,
            QPrinter,
            QPrinterInfo,
        )

        self._drop_dialog()
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(_picture_stem())  # in the printer's queue
        if not QPrinterInfo.availablePrinterNames():  # then it is a file, and Qt has no name for it
            folder = documents()
            printer.setOutputFileName(str(folder / free(folder, _picture_stem(), ".pdf")))
        dialog = QPrintDialog(printer, self._window)
        dialog.setWindowTitle(self.tr("Print the map"))
        dialog.setModal(False)
        dialog.accepted.connect(lambda: self._print(printer))
        self._ask(dialog)

    def _print(self, printer: object) -> None:
        if self._map is not None:
            sheet = self._map.sheet(self._caption(self._map))
            sheet.ready.connect(lambda picture: self._printed(picture, printer))

    def _printed(self, picture: QImage, printer: object) -> None:
        from widgets.map.picture import on_paper  # noqa: PLC0415

        if not on_paper(picture, printer):  # type: ignore[arg-type]
            self._parts.say_done(
                self.tr("The printer takes nothing: save the map as a PDF instead.")
            )

    def _ask(self, dialog: PictureDialog | QPrintDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(lambda _result: self._drop_dialog())
        dialog.show()

    def _drop_dialog(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.close()
            dialog.deleteLater()


def _to_pdf(picture: QImage, path: str) -> bool:
    from widgets.map.picture import to_pdf  # noqa: PLC0415 (with the map, after the first paint)

    return to_pdf(picture, path)
