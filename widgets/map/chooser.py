"""Which map is drawn above the base map: the button on the map, its menu, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from widgets.contracts.maps import MapFacts, MapProblem, MapRow, MapSource, OwnMap
from widgets.map.button import MapButton
from widgets.map.fault_words import problem_words, strange_words, unreadable_words, why_words
from widgets.map.gazetteer import Gazetteer, Key
from widgets.map.mvt import Spot
from widgets.map.names import PlaceIndex
from widgets.map.own import OwnDrawer
from widgets.map.tiles import TileStore
from widgets.theme import Palette
from widgets.tips import escaped, plain

MAX_ABOUT: Final = 80  # characters of what a stranger has named
NAMING_MS: Final = 200
STOP_S: Final = 0.3  # that the end of a window waits for a thread that reads
LINE: Final = 64  # characters of a sentence before it is broken


@dataclass(frozen=True, slots=True)
class Going:
    """How it goes with the map that is shown."""

    spoiled: int = 0  # parts that can't be read
    is_strange: bool = False  # it has no layer that is known, so that nothing of it is drawn
    is_unreadable: bool = False  # no tile of it could be read so far

    @property
    def nothing(self) -> str:
        """Why nothing of it is drawn, so that what is seen is the base map; "" = it is drawn."""
        if self.is_strange:
            return strange_words()
        return unreadable_words() if self.is_unreadable else ""


class MapChoiceMenu(QMenu):
    """Made anew each time it opens, and when what is there changes meanwhile."""

    file_wanted = Signal()
    again_wanted = Signal(str)

    def __init__(self, source: MapSource, parent: QWidget) -> None:
        super().__init__(parent)
        self._source = source
        self._going = Going()
        self._filled_with: tuple[object, ...] = ()
        source.changed.connect(self._changed)

    def open_at(self, at: QPoint, going: Going) -> None:
        """``at`` in global coordinates."""
        self._going = going
        self._source.look()
        self._fill()
        self.popup(at)
        chosen = [one for one in self.actions() if one.isChecked()]
        self.setActiveAction(chosen[0] if chosen else self.actions()[0])

    def _changed(self) -> None:
        if not self.isVisible() or self._filled_with == self._state():
            return
        if any(child.isVisible() for child in self.findChildren(QMenu)):
            return  # somebody reads there; the next opening tells the news
        active = self.activeAction()
        words = "" if active is None else active.text()
        self._fill()
        again = next((one for one in self.actions() if words and one.text() == words), None)
        if again is not None:
            self.setActiveAction(again)

    def _state(self) -> tuple[object, ...]:
        return tuple(self._source.rows()), self._source.chosen(), self._going

    def _fill(self) -> None:
        self._filled_with = self._state()
        self.setAccessibleName(self.tr("Map"))
        for child in self.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
            child.deleteLater()
        self.clear()
        group = QActionGroup(self)
        rows, chosen = self._source.rows(), self._source.chosen()
        self._choice(self, self.tr("Base map only"), "", group).setChecked(not chosen)
        files = [row for row in rows if not row.is_server]
        for row in files:
            self._file(row, group, is_chosen=row.key == chosen)
        servers = [row for row in rows if row.is_server]
        if servers:
            self.addSeparator()
        for row in servers:
            self._server(row, group, is_chosen=row.key == chosen)
        self.addSeparator()
        self.file = self.addAction(self.tr("Choose a file …"))
        self.file.triggered.connect(self.file_wanted)
        self._said(self, self.tr("Files in {0} are listed here.").format(self._source.folder()))

    def _choice(self, menu: QMenu, words: str, key: str, group: QActionGroup) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        group.addAction(action)
        action.triggered.connect(lambda: self._source.choose(key))
        return action

    def _file(self, row: MapRow, group: QActionGroup, *, is_chosen: bool) -> None:
        name = escaped(row.name)
        going = self._going if is_chosen else Going()
        if not row.problem and not row.is_picked and going == Going():
            self._choice(self, name, row.key, group).setChecked(is_chosen)
            return
        is_hidden = row.problem or going.nothing
        title = self.tr("{0}: can't be shown").format(name) if is_hidden else name
        menu = self._under(title, is_chosen=is_chosen)
        if not row.problem:
            self._choice(menu, self.tr("Show it"), row.key, group).setChecked(is_chosen)
        self._problem(menu, row)
        if going.nothing:
            self._said(menu, going.nothing)
        if going.spoiled:
            self._said(menu, self.tr("Parts of it that can't be read: {0}").format(going.spoiled))
        if row.problem:
            again = menu.addAction(self.tr("Try again"))
            again.triggered.connect(lambda: self.again_wanted.emit(row.key))
        if row.is_picked:
            self._said(menu, row.where)
            forget = menu.addAction(self.tr("Take it off this list"))
            forget.triggered.connect(lambda: self._source.forget(row.key))

    def _server(self, row: MapRow, group: QActionGroup, *, is_chosen: bool) -> None:
        """One step further than a file: it tells somebody else what is looked at."""
        title = escaped(row.name)
        nothing = self._going.nothing if is_chosen else ""
        if row.problem or nothing:
            title = self.tr("{0}: does not work").format(title)
        menu = self._under(title, is_chosen=is_chosen)
        if row.problem != "entry":
            words = self.tr("Show it, and ask {0} for it").format(escaped(row.where))
            self._choice(menu, words, row.key, group).setChecked(is_chosen)
            self._said(
                menu,
                self.tr("{0} learns which part of the map is looked at here.").format(row.where),
            )
        self._problem(menu, row)
        if nothing:
            self._said(menu, nothing)
        if row.failed:
            self._said(menu, self.tr("Questions without an answer: {0}").format(row.failed))

    def _problem(self, menu: QMenu, row: MapRow) -> None:
        if row.problem:
            self._said(menu, problem_words(row.problem))
        if row.why:
            self._said(menu, why_words(row.why, row.about[:MAX_ABOUT]))

    def _under(self, title: str, *, is_chosen: bool) -> QMenu:
        menu = self.addMenu(title)
        menu.setAccessibleName(title)
        menu.menuAction().setCheckable(is_chosen)
        menu.menuAction().setChecked(is_chosen)
        return menu

    def _said(self, menu: QMenu, words: str) -> None:
        """Something to be read, not pressed; in lines that fit a small screen."""
        for line in _lines(words):
            menu.addAction(escaped(line)).setEnabled(False)


class MapFileDialog(QFileDialog):
    """Not modal: an alarm closes it."""

    def __init__(self, folder: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setViewMode(QFileDialog.ViewMode.List)
        self.setModal(False)
        self.setWindowTitle(self.tr("Choose a map"))
        self.setNameFilters([self.tr("Maps") + " (*.mbtiles *.pmtiles)"])
        self.setDirectory(folder)
        labels = QFileDialog.DialogLabel
        self.setLabelText(labels.LookIn, self.tr("Folder:"))
        self.setLabelText(labels.FileName, self.tr("Name:"))
        self.setLabelText(labels.FileType, self.tr("Form:"))
        self.setLabelText(labels.Accept, self.tr("Show it"))
        self.setLabelText(labels.Reject, self.tr("Cancel"))


class OwnMaps(QObject):
    """Follows the choice: one drawer at a time. On Qt's thread, which draws and reads nothing."""

    changed = Signal()  # what is shown, or how it goes
    _opened = Signal(object, object)  # drawer, facts
    _failed = Signal(object)
    names_changed = Signal()  # of the places that are named: ``gazetteer.index``
    _spoiled = Signal(object, int, bool)
    _places = Signal(object, object, object)  # drawer, a tile's key, its spots
    _strange = Signal(object, bool)

    def __init__(self, source: MapSource, store: TileStore, places: PlaceIndex) -> None:
        super().__init__()
        self._source, self._store = source, store
        self.gazetteer = Gazetteer(places)
        self._naming = QTimer(self)  # tiles come in dozens
        self._naming.setSingleShot(True)
        self._naming.setInterval(NAMING_MS)
        self._naming.timeout.connect(self._name_more)
        self._key: str | None = None
        self._drawer: OwnDrawer | None = None
        self._others: list[OwnDrawer] = []  # of pictures for paper
        self.facts: MapFacts | None = None  # of what is shown; None: the base map alone
        self.going = Going()
        self._opened.connect(self._has_opened)
        self._failed.connect(self._has_failed)
        self._spoiled.connect(self._has_spoiled)
        self._places.connect(self._has_places)
        self._strange.connect(self._has_layers)
        self._button: MapButton | None = None
        self.menu: MapChoiceMenu | None = None
        self.dialog: MapFileDialog | None = None
        source.changed.connect(self._follow)
        self._follow()

    def close_dialog(self) -> None:
        """An alarm is not to wait behind it."""
        if self.dialog is not None:
            self.dialog.close()

    def button(self, palette: Palette, parent: QWidget) -> MapButton:
        """Opens the menu; made once."""
        self._button = made = MapButton("stack-2", palette, parent)
        self.menu = MapChoiceMenu(self._source, parent)
        self.menu.file_wanted.connect(self._open_dialog)
        self.menu.again_wanted.connect(self._again)
        made.clicked.connect(self._open_menu)
        return made

    def retranslate(self) -> None:
        if self._button is None:
            return
        words = self.tr("Which map is shown")
        problem = problem_words(self.problem) or self.going.nothing
        self._button.set_words(f"{words}\n{self._name}: {problem}" if problem else words)
        self._button.set_glyph("alert-circle" if problem else "stack-2")

    def attribution(self) -> str:
        """Of what is shown; "" = the base map's own."""
        if self.facts is None:
            return ""
        named = plain(self.facts.attribution or self.facts.name)
        if self.problem or self.going.nothing:
            named = self.tr("{0}: does not work").format(named)
        return self.tr("Map: {0} · GSHHG/WDBII (LGPL) · GeoNames, © Kartverket (CC BY 4.0)").format(
            named
        )

    @property
    def _name(self) -> str:
        key = self._source.chosen()
        found = next((row.name for row in self._source.rows() if row.key == key), "")
        return plain(found)

    def _open_menu(self) -> None:
        if self.menu is not None and self._button is not None:
            low = self._button.mapToGlobal(QPoint(0, self._button.height()))
            self.menu.open_at(low, self.going)

    def _open_dialog(self) -> None:
        if self.dialog is not None or self._button is None:
            return
        self.dialog = MapFileDialog(self._source.folder(), self._button.window())
        self.dialog.fileSelected.connect(self._source.add)
        self.dialog.finished.connect(self._dialog_left)
        self.dialog.show()

    def _dialog_left(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    @property
    def problem(self) -> MapProblem:
        """Of what is shown."""
        key = self._source.chosen()
        return next((row.problem for row in self._source.rows() if row.key == key), "")

    def stop(self) -> None:
        drawers, self._drawer = [*self._others, self._drawer], None
        self._others.clear()
        for drawer in drawers:
            if drawer is not None:
                drawer.stop(STOP_S)

    def draw_for(self, store: TileStore, until: SignalInstance) -> None:
        """Another store's pictures (for paper) have the same map above them, until a signal."""
        own = self._source.own() if self.facts is not None else None
        if own is None:
            return
        drawer = self._made(own, store)
        self._others.append(drawer)
        store.set_above(drawer)
        until.connect(lambda *_: self._end(drawer))

    def _end(self, drawer: OwnDrawer) -> None:
        drawer.stop()
        if drawer in self._others:
            self._others.remove(drawer)

    def _made(self, own: OwnMap, store: TileStore) -> OwnDrawer:
        return OwnDrawer(
            own,
            store,
            on_opened=self._say_opened,
            on_failed=self._say_failed,
            on_spoiled=self._say_spoiled,
            on_places=self._say_places,
            on_strange=self._say_strange,
        )

    def _again(self, key: str) -> None:
        """Also the one that is chosen already is opened anew."""
        self._key = None
        self._source.choose(key)
        self._source.look()

    def _follow(self) -> None:
        key = self._source.chosen()
        if key == self._key:
            self.changed.emit()
            return
        self._key = key
        if self._drawer is not None:
            self._drawer.stop()
            self._drawer = None
        self.facts, self.going = None, Going()
        self._forget_names()
        own = self._source.own() if key else None
        if own is not None:
            self._drawer = self._made(own, self._store)
        self._store.set_above(self._drawer)
        self.changed.emit()

    def _say_opened(self, drawer: OwnDrawer, facts: MapFacts) -> None:
        """On the drawer's thread, as the four below."""
        self._opened.emit(drawer, facts)

    def _say_failed(self, drawer: OwnDrawer) -> None:
        self._failed.emit(drawer)

    def _say_spoiled(self, drawer: OwnDrawer, number: int, is_all: bool) -> None:
        self._spoiled.emit(drawer, number, is_all)

    def _say_places(self, drawer: OwnDrawer, key: Key, spots: tuple[Spot, ...]) -> None:
        self._places.emit(drawer, key, spots)

    def _say_strange(self, drawer: OwnDrawer, is_strange: bool) -> None:
        self._strange.emit(drawer, is_strange)

    def _has_opened(self, drawer: object, facts: MapFacts) -> None:
        if drawer is self._drawer:
            self.facts = facts
            self.changed.emit()

    def _has_failed(self, drawer: object) -> None:
        if drawer is self._drawer:
            self._drawer = None
            self._store.set_above(None)
            self.changed.emit()

    def _has_spoiled(self, drawer: object, number: int, is_all: bool) -> None:
        if drawer is self._drawer:
            self.going = replace(self.going, spoiled=number, is_unreadable=is_all)
            self.changed.emit()

    def _has_layers(self, drawer: object, is_strange: bool) -> None:
        if drawer is self._drawer:
            self.going = replace(self.going, is_strange=is_strange)
            self.changed.emit()

    def _has_places(self, drawer: object, key: Key, spots: tuple[Spot, ...]) -> None:
        if drawer is self._drawer and self.gazetteer.take(key, spots):
            self._naming.start()

    def _name_more(self) -> None:
        self.gazetteer.renew()
        self.names_changed.emit()

    def _forget_names(self) -> None:
        self._naming.stop()
        self.gazetteer.clear()
        self.names_changed.emit()


def _lines(words: str) -> list[str]:
    """Broken at spaces, else where a line is full (a path has none)."""
    lines = [""]
    for word in words.split():
        rest = word
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LINE:
            lines.append("")
        while len(rest) > LINE:
            lines[-1], rest = rest[:LINE], rest[LINE:]
            lines.append("")
        lines[-1] = f"{lines[-1]} {rest}".strip()
    return [line for line in lines if line]
