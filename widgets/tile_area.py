"""The tiles with what stands over them: the tabs of the pages, or one line to type in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from widgets.buttons import FlatButton, ghost
from widgets.contracts.actions import Arranging
from widgets.contracts.rows import TilePage
from widgets.contracts.sources import LayoutSource, TalkgroupSource
from widgets.labels import Words
from widgets.layout_menu import LayoutMenu
from widgets.look import Look, font
from widgets.page_tabs import PageTabs
from widgets.search import SearchField
from widgets.text_field import TextField
from widgets.tiles import Direction, TileGrid

GATHER_MS: Final = 50  # news on other pages are looked at no more often
MAX_NAME: Final = 24
MAX_PAGES: Final = 12  # without that of all tiles

Naming = Literal["", "new", "rename"]


class TileSearch(SearchField):
    """Escape leaves it, with words or without."""

    def wants_escape(self) -> bool:
        return True


class TileArea(QWidget):
    """``chosen``: a talkgroup that was looked for; ``left``: the keyboard goes to the tiles."""

    chosen = Signal(str)
    left = Signal()

    def __init__(
        self,
        look: Look,
        grid: TileGrid,
        talkgroups: TalkgroupSource,
        *,
        layout: LayoutSource,
        arranging: Arranging,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.grid = grid
        self._talkgroups = talkgroups
        self._layout = layout
        self._arranging = arranging
        self._page = layout.shown()
        self._pages: tuple[TilePage, ...] = ()
        self._naming: Naming = ""
        self._named = ""  # the page that is given another name
        self._put = ""  # the tile that a new page is for
        self._make_parts(look)
        self._lay_out()
        self._connect()
        self._show_pages()
        self.retranslate()

    def _make_parts(self, look: Look) -> None:
        self.tabs = PageTabs(look)
        self.menu = LayoutMenu(self)
        self.search_row, self.name_row = QWidget(), QWidget()
        self.search = TileSearch(look, "Ctrl+G")
        self.search_end = FlatButton(look, icon_name="x", skin=ghost)
        self.name = TextField(MAX_NAME)
        self.name_note = Words(look, ink="warning", icon_name="alert-circle")
        self.name_end = FlatButton(look, icon_name="x", skin=ghost)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)

    def _lay_out(self) -> None:
        for row, parts in (
            (self.search_row, (self.search, self.search_end)),
            (self.name_row, (self.name, self.name_note, self.name_end)),
        ):
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            for part in parts:
                line.addWidget(part, 0 if isinstance(part, FlatButton) else 1)
        self.head = QWidget(self)
        self._stack = QStackedLayout(self.head)
        for row in (self.tabs, self.search_row, self.name_row):
            self._stack.addWidget(row)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.head)
        self._column.addWidget(self.grid, 1)
        self.name_note.hide()

    def _connect(self) -> None:
        self._talkgroups.changed.connect(self._soon)  # no lambda: it would outlive the window
        self._layout.changed.connect(self._show_pages)
        self._talkgroups.reset.connect(self._show_pages)
        self._gather.timeout.connect(self._show_tabs)
        self.tabs.turned.connect(self.turn_to)
        self.tabs.searched.connect(self.search_for)
        self.tabs.menu_wanted.connect(self.open_menu)
        self.search.textChanged.connect(self.grid.filter)
        self.search.returnPressed.connect(self._choose_found)
        self.search.down_pressed.connect(self.grid.focus_current)
        self.search.escaped.connect(self.leave)
        self.name.returnPressed.connect(self._give_name)
        self.name.textEdited.connect(self._name_typed)
        self.name.bounded.connect(self._name_typed)
        self.name.escaped.connect(self.leave)
        for end in (self.search_end, self.name_end):
            end.clicked.connect(self.leave)
        self.grid.chosen.connect(lambda _key: self.leave())
        self.grid.tile_dragged.connect(self._dragged)
        self.grid.tile_dropped.connect(self._dropped)
        self.grid.menu_asked.connect(self._open_tile_menu)
        self._connect_menus()

    def _connect_menus(self) -> None:
        arranging, tile, menu = self._arranging, self.grid.menu, self.menu
        tile.favourite_chosen.connect(arranging.set_favourite)
        tile.page_chosen.connect(lambda key, page, on: arranging.put_on_page(page, key, on))
        tile.page_wanted.connect(self.name_new_page)
        menu.new_wanted.connect(lambda: self.name_new_page(""))
        menu.rename_wanted.connect(self.rename_page)
        menu.delete_wanted.connect(self._delete_page)
        menu.move_wanted.connect(arranging.move_page)
        menu.standard_wanted.connect(arranging.save_standard)
        menu.use_standard_wanted.connect(arranging.use_standard)

    # --- what is shown ---

    def _soon(self, _keys: object = ()) -> None:
        if not self._gather.isActive():
            self._gather.start()

    def _show_pages(self) -> None:
        """A page that is there no more gives way to that of all tiles."""
        self._pages = tuple(self._layout.pages())
        pages = {page.key: page for page in self._pages}
        shown = self._layout.shown()
        self._page = shown if shown in pages else ""
        self.grid.show_page(pages[self._page].keys if self._page else None)
        self._show_tabs()

    def _show_tabs(self) -> None:
        keys = tuple(self._talkgroups.keys())
        rows = {key: self._talkgroups.row(key) for key in keys}
        if all(key in rows for key in self._pages[-1].keys):  # that of all
            self.tabs.show_pages(self._pages, self._page, rows)

    @property
    def page(self) -> str:
        """The page that is shown, "" = that of all tiles."""
        return self._page

    def turn_to(self, page: str) -> None:
        self._arranging.turn_to(page)
        self.leave()
        self._show_pages()
        self.grid.verticalScrollBar().setValue(0)

    def turn(self, step: int) -> None:
        """To the next page or the one before; round at the ends."""
        keys = [page.key for page in self._layout.pages()]
        self.turn_to(keys[(keys.index(self._page) + step) % len(keys)])

    def reveal(self, key: str) -> None:
        """A talkgroup that somebody has chosen is to be seen: on the first page that has it."""
        if self.grid.shows(key):
            return
        self.leave()
        if not self.grid.shows(key):
            has = (page.key for page in self._layout.pages() if key in page.keys)
            self.turn_to(next(has, ""))

    # --- looking for one ---

    @property
    def is_searching(self) -> bool:
        return self._stack.currentWidget() is self.search_row

    def search_for(self) -> None:
        self._naming = ""
        self._stack.setCurrentWidget(self.search_row)
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _choose_found(self) -> None:
        key = self.grid.found() if self.search.text().strip() else ""
        if key:
            self.leave()
            self.chosen.emit(key)

    @property
    def is_open(self) -> bool:
        """Whether a line to type in stands in the tabs' place."""
        return self._stack.currentWidget() is not self.tabs

    def leave(self) -> None:
        """Back to the tabs."""
        if not self.is_open:
            return
        had_keyboard = self.search.hasFocus() or self.name.hasFocus()
        self._naming = self._put = ""
        self._stack.setCurrentWidget(self.tabs)
        self.search.clear()
        self.name.clear()
        self.name_note.hide()
        self._show_tabs()
        if had_keyboard:
            self.left.emit()

    # --- pages ---

    def open_menu(self, at: QPoint | None = None) -> None:
        below = self.tabs.menu.mapToGlobal(QPoint(0, self.tabs.height() + 2))
        page = self._page
        pages = [one.key for one in self._layout.pages() if one.key]
        self.menu.open_for(page, pages, self._layout, at or below)

    def name_new_page(self, key: str) -> None:
        """``key``: the tile that is to be on it; empty: none yet."""
        self._put = key
        self._ask_name("new", "")

    def rename_page(self, page: str) -> None:
        self._named = page
        self._ask_name("rename", page)

    def _ask_name(self, naming: Naming, text: str) -> None:
        self._naming = naming
        self.name.setText(text)
        self._say_name()
        self._stack.setCurrentWidget(self.name_row)
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name.selectAll()

    def _name_typed(self) -> None:
        """What did not fit is said; what was wrong with another name is not."""
        cut = self.name.cut_words()
        self.name_note.say(cut)
        self.name_note.setVisible(bool(cut))

    def _give_name(self) -> None:
        typed, put = self.name.text(), self._put
        if self.name.must_look():
            return
        if self._naming == "rename" and typed.strip() == self._named:
            self.leave()
            return
        give: dict[Naming, Callable[[], str]] = {
            "new": lambda: self._arranging.make_page(typed),
            "rename": lambda: self._arranging.rename_page(self._named, typed),
        }
        kept = give[self._naming]() if self._naming else ""
        if not kept:
            self.name_note.say(self._why_not(typed))
            self.name_note.show()
            return
        if put:
            self._arranging.put_on_page(kept, put, True)
        self.turn_to(kept)

    def _why_not(self, typed: str) -> str:
        if not typed.strip():
            return self.tr("Type a name first")
        if self._naming == "new" and len(self._layout.pages()) > MAX_PAGES:
            return self.tr("No more than 12 pages")
        return self.tr("That name is taken")

    def _delete_page(self, page: str) -> None:
        self._arranging.delete_page(page)
        self._show_pages()

    # --- order ---

    def _open_tile_menu(self, key: str, at: QPoint) -> None:
        menu = self.grid.menu
        menu.open_for(self._talkgroups.row(key), at, self._layout.pages(), self.grid.hold_s)

    def _dragged(self, _key: str, at: QPoint) -> None:
        page = self.tabs.page_at(at) if not self.is_open else None
        self.tabs.mark(page)
        self.grid.scroll_towards(at)
        self.grid.mark(None if page else self.grid.place_at(at))

    def _dropped(self, key: str, at: QPoint) -> None:
        """On a tab: it is on that page too. On itself: that was a click."""
        page = self.tabs.page_at(at) if not self.is_open else None
        place = self.grid.place_at(at)
        self.drop_drag()
        if page is not None:
            self._arranging.put_on_page(page, key, True)
        elif place is not None and place[0] == key:
            self.grid.chosen.emit(key)
        elif place is not None:
            self._arranging.move_tile(key, place[0], behind=place[1])

    def drop_drag(self) -> bool:
        self.tabs.mark(None)
        return self.grid.drop_drag()

    def move_current(self, direction: Direction) -> None:
        """The tile with the keyboard goes one place on."""
        key = self.grid.current if self.grid.has_focus() else ""
        beside = self.grid.beside(key, direction) if not self.is_searching else ""
        if beside:
            self._arranging.move_tile(key, beside, behind=direction in ("right", "down"))
            self.grid.focus_key(key)

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        m = look.metrics
        self._column.setSpacing(m.gap)
        self.head.setFixedHeight(m.control)
        for part in (self.tabs, self.search, self.search_end, self.name_note, self.name_end):
            part.set_look(look)
        for field in (self.search, self.name):
            field.setFont(font(m.small))
            field.setFixedHeight(m.control)

    def retranslate(self) -> None:
        self.tabs.retranslate()
        self.search.set_hint(self.tr("Search talkgroup, purpose or station"))
        for end in (self.search_end, self.name_end):
            end.set_words("", self.tr("Back to the pages"))
        self._say_name()

    def _say_name(self) -> None:
        words = {
            "rename": self.tr("The page's new name, then Enter"),
            "new": self.tr("The new page's name, then Enter"),
        }.get(self._naming or "new", "")
        self.name.setPlaceholderText(words)
        self.name.setAccessibleName(words)
        self.name.setToolTip(words)
