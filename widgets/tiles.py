"""The grid of talkgroup tiles: those of a page, in an order that never changes by itself.

What is on other pages costs nothing: it has no tile until it is shown, and is told no news."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from widgets.buttons import ENTER
from widgets.contracts.rows import HOLDS_S, NUMBER_KEYS
from widgets.contracts.sources import Clock, TalkgroupSource
from widgets.emptiness import EmptyNote
from widgets.folding import fits
from widgets.look import Look
from widgets.tile import Tile
from widgets.tile_menu import TileMenu

MAX_TILES: Final = 512
SCROLL_BAR_PX: Final = 10
SCROLL_EDGE_PX: Final = 24
Direction = Literal["left", "right", "up", "down"]


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
    tile_dragged = Signal(str, QPoint)
    tile_dropped = Signal(str, QPoint)
    menu_asked = Signal(str, QPoint)
    follow_wanted = Signal(str)
    hold_chosen = Signal(float)

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
        self._made: dict[str, Tile] = {}
        self._tiles: dict[str, Tile] = {}  # those that are shown
        self._seen: list[Tile] | None = None  # None: to be looked for
        self._page: tuple[str, ...] | None = None  # None: all
        self._typed = ""
        self._is_read = False  # until a page is shown
        self._current = ""
        self._can_send = True
        self.hold_s = HOLDS_S[1]
        self.menu = TileMenu(self)
        self.menu.follow_wanted.connect(self.follow_wanted)
        self.menu.hold_chosen.connect(self.hold_chosen)
        self.menu.priority_chosen.connect(self.priority_chosen)
        self.menu.calls_wanted.connect(self.calls_wanted)
        self.menu.along_chosen.connect(self.along_chosen)
        self._inner = QWidget(self)
        self._inner.setObjectName("tiles")
        self._empty = EmptyNote(look, "broadcast-off", self._inner)
        self._marker = QFrame(self._inner)
        self._marker.setObjectName("drop-marker")
        self._marker.hide()
        self.setWidget(self._inner)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        source.changed.connect(self._changed)
        source.reset.connect(self.reload)
        self.verticalScrollBar().valueChanged.connect(self._forget_seen)
        self.retranslate()

    # --- reading ---

    def reload(self) -> None:
        """Take the source's list: tiles that stay are kept, in the source's order."""
        self._is_read = True
        known = list(self._source.keys())[:MAX_TILES]
        for gone in set(self._made) - set(known):
            tile = self._made.pop(gone)
            tile.hide()
            tile.deleteLater()
        on_page = None if self._page is None else frozenset(self._page)
        keys = [key for key in known if self._is_shown(key, on_page)]
        before = self._tiles
        self._tiles = {key: self._made.get(key) or self._new_tile(key) for key in keys}
        for key, tile in before.items():
            if key not in self._tiles and key in self._made:
                tile.hide()
        if self._current not in self._tiles:
            self._set_current(keys[0] if keys else "")
        self._changed(tuple(keys))
        self._number()
        self._lay_out()
        self._say_empty()
        for tile in self._tiles.values():
            tile.show()
        if self.hasFocus():
            self.focus_current()

    def _is_shown(self, key: str, on_page: frozenset[str] | None) -> bool:
        """What is typed is looked for on all pages; an alarm is never hidden by it."""
        if not self._typed:
            return on_page is None or key in on_page
        row = self._source.row(key)
        return row.alarm or fits(f"{row.name} {row.purpose} {row.station}", self._typed)

    def show_page(self, keys: Sequence[str] | None) -> None:
        """Those alone, in the source's order; None: all."""
        page = None if keys is None else tuple(keys)
        if page != self._page or not self._is_read:
            self._page = page
            self.reload()

    def filter(self, typed: str) -> None:
        """Those alone that fit what is typed, wherever they are; nothing typed: the page."""
        if typed.strip() != self._typed:
            self._typed = typed.strip()
            self.reload()

    def found(self) -> str:
        """The first that fits what is typed, "" = none does. One with an alarm that doesn't fit is
        shown, but not meant."""
        for key in self._tiles:
            row = self._source.row(key)
            if fits(f"{row.name} {row.purpose} {row.station}", self._typed):
                return key
        return ""

    def shows(self, key: str) -> bool:
        return key in self._tiles

    def refresh_times(self) -> None:
        """Once a minute: a time of day becomes an age."""
        self._changed(tuple(self._tiles))

    def _changed(self, keys: Sequence[str]) -> None:
        now_s = self._clock.now_s()
        for key in keys:
            if key in self._tiles:
                self._tiles[key].show_row(self._source.row(key), now_s)
            elif self._typed and key in set(self._source.keys()) and self._source.row(key).alarm:
                self.reload()
                return

    def metered(self) -> list[Tile]:
        """The tiles that can be seen and may sound."""
        return [tile for tile in self.visible_tiles() if tile.row.slot >= 0]

    def visible_tiles(self) -> Sequence[Tile]:
        """Asked 25 times a second, looked for when they have moved."""
        if self._seen is None:
            top = self.verticalScrollBar().value()
            view = QRect(0, top, self.width(), self.viewport().height())
            tiles = self._tiles.values()
            self._seen = [tile for tile in tiles if tile.geometry().intersects(view)]
        return self._seen

    def _forget_seen(self) -> None:
        self._seen = None

    # --- tiles ---

    def tile(self, key: str) -> Tile:
        """Also of one that is not shown. Raises KeyError for a stream that the source has not."""
        if key not in self._tiles:
            tile = self._made.get(key) or self._new_tile(key)
            tile.show_row(self._source.row(key), self._clock.now_s())
        return self._made[key]

    def tiles(self) -> tuple[Tile, ...]:
        """Those that are shown."""
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
        tile.focused.connect(self._focused)
        tile.menu_wanted.connect(self._open_menu)
        tile.dragged.connect(self.tile_dragged)
        tile.dropped.connect(self.tile_dropped)
        self._made[key] = tile
        return tile

    def _open_menu(self, key: str, at: QPoint) -> None:
        self.focus_key(key)
        self.menu_asked.emit(key, at)

    def _number(self) -> None:
        """By the order of all of them: a number means the same group whichever page is shown."""
        numbers = dict(zip(self._source.keys(), NUMBER_KEYS, strict=False))
        for key, tile in self._tiles.items():
            tile.set_key_number(numbers.get(key, ""))

    def key_of_number(self, number: str) -> str | None:
        """The talkgroup that a number key selects."""
        keys, n = tuple(self._source.keys()), NUMBER_KEYS.index(number)
        return keys[n] if n < len(keys) else None

    def set_hold(self, seconds: float) -> None:
        """What the menu is to show as chosen."""
        self.hold_s = seconds

    def set_can_send(self, can: bool) -> None:
        self._can_send = can
        for tile in self._made.values():
            tile.set_can_send(can)

    # --- the current tile: where Tab enters, what the arrows move ---

    @property
    def current(self) -> str:
        return self._current

    def _focused(self, key: str) -> None:
        if key in self._tiles:
            self._set_current(key)

    def _set_current(self, key: str) -> None:
        if self._current in self._made:
            self._made[self._current].set_roving(False)
        self._current = key
        if key in self._tiles:
            self._tiles[key].set_roving(True)

    def focus_key(self, key: str) -> None:
        if key in self._tiles:
            self._tiles[key].setFocus(Qt.FocusReason.OtherFocusReason)
            self.bring_into_view(key)

    def bring_into_view(self, key: str) -> None:
        if key in self._tiles:
            self.ensureWidgetVisible(self._tiles[key], 0, self._look.metrics.gap)

    def has_focus(self) -> bool:
        """Whether the keyboard is on a tile or on one of its controls."""
        focused = QApplication.focusWidget() or self.window()
        return focused is self or self.isAncestorOf(focused)

    def focus_current(self) -> None:
        """While there is no tile, the keyboard waits here for the first one."""
        if self._current in self._tiles:
            self.focus_key(self._current)
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

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
        for tile in self._made.values():
            tile.set_look(look)
        self._lay_out()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Talkgroups"))
        self._say_empty()
        for tile in self._made.values():
            tile.retranslate()

    def _say_empty(self) -> None:
        if self._typed:
            words = self.tr("No talkgroup fits the search")
            self._empty.set_words(words, self.tr("Press Esc to see the page again."))
        elif self._source.keys():
            self._empty.set_words(
                self.tr("No talkgroups on this page yet"),
                self.tr("Drag tiles to its tab, or use a tile's menu (P): “On pages”."),
            )
        else:
            self._empty.set_words(
                self.tr("No talkgroups found yet on this network"),
                self.tr(
                    "They appear here as soon as a station announces one. If none comes: check the "
                    "network cable, and run “vaktbord doctor”."
                ),
            )

    # --- a tile that is held over the others ---

    def place_at(self, at: QPoint) -> tuple[str, bool] | None:
        """In global coordinates: beside which tile it would come to stand, and whether behind."""
        spot = self._inner.mapFromGlobal(at)
        if not self.viewport().rect().contains(self.viewport().mapFromGlobal(at)):
            return None
        for key, tile in self._tiles.items():
            box = tile.geometry()
            if box.adjusted(0, 0, self._look.metrics.gap, self._look.metrics.gap).contains(spot):
                return key, spot.x() > box.center().x()
        last = next(reversed(self._tiles), None)
        return (last, True) if last is not None else None

    def mark(self, place: tuple[str, bool] | None) -> None:
        """Where it would come to stand."""
        self._marker.setVisible(place is not None)
        if place is None:
            return
        key, is_behind = place
        box, gap = self._tiles[key].geometry(), self._look.metrics.gap
        x = box.right() + 1 if is_behind else box.left() - gap
        self._marker.setStyleSheet(f"background: {self._look.palette.selected}")
        self._marker.setGeometry(max(0, x + gap // 2 - 2), box.top(), 4, box.height())
        self._marker.raise_()

    def scroll_towards(self, at: QPoint) -> None:
        """A tile that is held at the edge goes further than what is seen."""
        y, bar = self.viewport().mapFromGlobal(at).y(), self.verticalScrollBar()
        if y < SCROLL_EDGE_PX:
            bar.setValue(bar.value() - SCROLL_EDGE_PX)
        elif y > self.viewport().height() - SCROLL_EDGE_PX:
            bar.setValue(bar.value() + SCROLL_EDGE_PX)

    def drop_drag(self) -> bool:
        """What is held stays where it was. Whether something was."""
        held = [tile for tile in self._tiles.values() if tile.drop_drag()]
        self.mark(None)
        return bool(held)

    def beside(self, key: str, direction: Direction) -> str:
        """The tile next to another one, "" = none is there."""
        keys, columns = list(self._tiles), self._columns()
        steps = {"left": -1, "right": 1, "up": -columns, "down": columns}
        if key not in keys:
            return ""
        at = keys.index(key) + steps[direction]
        return keys[at] if 0 <= at < len(keys) else ""

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
        self._forget_seen()
