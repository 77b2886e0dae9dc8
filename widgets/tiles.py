"""The grid of talkgroup tiles, in an order that never changes by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from widgets.buttons import ENTER
from widgets.contracts.sources import Clock, TalkgroupSource
from widgets.emptiness import EmptyNote
from widgets.look import Look
from widgets.tile import Tile
from widgets.tile_menu import TileMenu

MAX_TILES: Final = 512
NUMBER_KEYS: Final = "1234567890"
SCROLL_BAR_PX: Final = 10


class TileGrid(QScrollArea):
    """Signals as :class:`Tile`'s, for any tile."""

    chosen = Signal(str)
    talk_pressed = Signal(str)
    talk_released = Signal()
    mute_chosen = Signal(str, bool)
    gain_chosen = Signal(str, float)
    catch_up_wanted = Signal(str)
    priority_chosen = Signal(str, str)
    calls_wanted = Signal(str)
    along_chosen = Signal(str, bool)

    def __init__(
        self,
        look: Look,
        source: TalkgroupSource,
        clock: Clock,
        figures: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._figures = figures
        self._look = look
        self._source = source
        self._clock = clock
        self._tiles: dict[str, Tile] = {}
        self._current = ""
        self._can_send = True
        self.menu = TileMenu(self)
        self.menu.priority_chosen.connect(self.priority_chosen)
        self.menu.calls_wanted.connect(self.calls_wanted)
        self.menu.along_chosen.connect(self.along_chosen)
        self._inner = QWidget(self)
        self._inner.setObjectName("tiles")
        self._empty = EmptyNote(look, "broadcast-off", self._inner)
        self.setWidget(self._inner)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        source.changed.connect(self._changed)
        source.reset.connect(self.reload)
        self.retranslate()
        self.reload()

    # --- reading ---

    def reload(self) -> None:
        """Take the source's list: tiles that stay are kept, in the source's order."""
        keys = list(self._source.keys())[:MAX_TILES]
        for gone in set(self._tiles) - set(keys):
            tile = self._tiles.pop(gone)
            tile.hide()
            tile.deleteLater()
        self._tiles = {key: self._tiles.get(key) or self._new_tile(key) for key in keys}
        if self._current not in self._tiles:
            self._set_current(keys[0] if keys else "")
        self._changed(tuple(keys))
        self._number()
        self._lay_out()

    def refresh_times(self) -> None:
        """Once a minute: a time of day becomes an age."""
        self._changed(tuple(self._tiles))

    def _changed(self, keys: Sequence[str]) -> None:
        now_s = self._clock.now_s()
        for key in keys:
            if key in self._tiles:
                self._tiles[key].show_row(self._source.row(key), now_s)

    def metered(self) -> list[Tile]:
        """The tiles that can be seen and may sound."""
        return [tile for tile in self.visible_tiles() if tile.row.slot >= 0]

    def visible_tiles(self) -> Iterator[Tile]:
        top = self.verticalScrollBar().value()
        view = QRect(0, top, self.width(), self.viewport().height())
        return (tile for tile in self._tiles.values() if tile.geometry().intersects(view))

    # --- tiles ---

    def tile(self, key: str) -> Tile:
        return self._tiles[key]

    def tiles(self) -> tuple[Tile, ...]:
        return tuple(self._tiles.values())

    def _new_tile(self, key: str) -> Tile:
        tile = Tile(self._look, self._source.row(key), self._figures, self._inner)
        tile.set_can_send(self._can_send)
        tile.chosen.connect(self.chosen)
        tile.talk_pressed.connect(self.talk_pressed)
        tile.talk_released.connect(self.talk_released)
        tile.mute_chosen.connect(self.mute_chosen)
        tile.gain_chosen.connect(self.gain_chosen)
        tile.catch_up_wanted.connect(self.catch_up_wanted)
        tile.focused.connect(self._set_current)
        tile.menu_wanted.connect(self._open_menu)
        tile.show()
        return tile

    def _open_menu(self, key: str, at: QPoint) -> None:
        self.focus_key(key)
        self.menu.open_for(self._source.row(key), at)

    def _number(self) -> None:
        for n, tile in enumerate(self._tiles.values()):
            tile.set_key_number(NUMBER_KEYS[n] if n < len(NUMBER_KEYS) else "")

    def key_of_number(self, number: str) -> str | None:
        """The talkgroup that a number key selects."""
        keys, n = list(self._tiles), NUMBER_KEYS.index(number)
        return keys[n] if n < len(keys) else None

    def set_can_send(self, can: bool) -> None:
        self._can_send = can
        for tile in self._tiles.values():
            tile.set_can_send(can)

    # --- the current tile: where Tab enters, what the arrows move ---

    @property
    def current(self) -> str:
        return self._current

    def _set_current(self, key: str) -> None:
        if self._current in self._tiles:
            self._tiles[self._current].set_roving(False)
        self._current = key
        if key in self._tiles:
            self._tiles[key].set_roving(True)

    def focus_key(self, key: str) -> None:
        if key in self._tiles:
            self._tiles[key].setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(self._tiles[key], 0, self._look.metrics.gap)

    def has_focus(self) -> bool:
        """Whether the keyboard is on a tile or on one of its controls."""
        return self.isAncestorOf(QApplication.focusWidget() or self.window())

    def focus_current(self) -> None:
        self.focus_key(self._current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns(),
            Qt.Key.Key_Down: self._columns(),
        }.get(Qt.Key(event.key()))
        keys = list(self._tiles)
        if event.key() in ENTER and self._current:
            self.chosen.emit(self._current)
            return
        if step is None or not keys:
            super().keyPressEvent(event)
            return
        at = keys.index(self._current) + step
        if 0 <= at < len(keys):
            self.focus_key(keys[at])

    # --- geometry ---

    def set_look(self, look: Look) -> None:
        self._look = look
        self._empty.set_look(look)
        for tile in self._tiles.values():
            tile.set_look(look)
        self._lay_out()

    def retranslate(self) -> None:
        self._empty.set_words(
            self.tr("No talkgroups found yet on this network"),
            self.tr(
                "They appear here as soon as a station announces one. If none comes: check the "
                "network cable, and run “vaktbord doctor”."
            ),
        )
        for tile in self._tiles.values():
            tile.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _columns(self) -> int:
        gap = self._look.metrics.gap
        return max(1, (self.viewport().width() + gap) // (self._look.metrics.tile_width + gap))

    def _lay_out(self) -> None:
        m, columns = self._look.metrics, self._columns()
        width = self.width() - m.px(SCROLL_BAR_PX)
        tile_width = (width - (columns - 1) * m.gap) // columns
        for n, tile in enumerate(self._tiles.values()):
            row, column = divmod(n, columns)
            x, y = column * (tile_width + m.gap), row * (m.tile_height + m.gap)
            tile.setGeometry(x, y, tile_width, m.tile_height)
        rows = -(-len(self._tiles) // columns)
        height = rows * (m.tile_height + m.gap) if rows else self.viewport().height()
        self._inner.resize(width, height)
        self._empty.setVisible(not self._tiles)
        self._empty.setGeometry(0, 0, width, self.viewport().height())
