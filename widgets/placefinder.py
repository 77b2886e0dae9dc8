"""Where one types a place, over the map: a line, the places that may be meant, and the one chosen.

It takes the keyboard only while it is asked for and covers nothing but map. An alarm that is shown
(F3) closes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStyleOptionViewItem, QVBoxLayout, QWidget

from widgets import paint
from widgets.buttons import FlatButton, ghost
from widgets.contracts.rows import PlaceFound
from widgets.contracts.sources import PlaceSource
from widgets.labels import Words
from widgets.landmark_words import ICONS
from widgets.look import Look, font
from widgets.place_words import doubt_words, fill_forms, lacking_words, where_words
from widgets.rows import Index, RowDelegate, RowList, RowModel
from widgets.search import SearchField
from widgets.unit_words import distance_words

MOST_TYPED: Final = 120
MOST_PX: Final = 520
EDGE_PX: Final = 10
BUTTONS_GAP_PX: Final = 12  # to the map's own buttons
FOOT_PX: Final = 96  # scale bar and legend
ROW_PX: Final = 44
NO_BREAK: Final = "\N{NO-BREAK SPACE}"  # coordinates are read in one line
MOST_ROWS: Final = 8  # in view; more are scrolled


class FinderField(SearchField):
    """Arrows move in the list below while one types on; Escape always leaves."""

    moved = Signal(int)

    def __init__(self, look: Look, key: str, parent: QWidget) -> None:
        super().__init__(look, key, parent)
        self.escaped.disconnect(self.clear)  # what was typed can be gone on with

    def wants_escape(self) -> bool:
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: MOST_ROWS - 1,
            Qt.Key.Key_PageUp: 1 - MOST_ROWS,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)


class PlaceDelegate(RowDelegate):
    """The name and how far it is; below, what it is and in which municipality."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(100, self.look.metrics.px(ROW_PX))

    def paint_row(self, painter: QPainter, rect: QRect, row: PlaceFound) -> None:
        m, p = self.look.metrics, self.look.palette
        line = rect.adjusted(10, 3, -10, -rect.height() // 2)
        below = rect.adjusted(10, rect.height() // 2 - 1, -10, -3)
        far = distance_words(row.far_km)
        far_width = m.px(74)
        right = QRect(line.right() - far_width, line.y(), far_width, line.height())
        paint.text(painter, right, far, p.muted, font(m.small), align=Qt.AlignmentFlag.AlignRight)
        line.setRight(right.left() - 6)
        if row.landmark_kind:
            name, middle = ICONS[row.landmark_kind], line.center().y() + 1
            wide = paint.icon(painter, line.left(), middle, name, p.selected, size=m.icon)
            line.setLeft(line.left() + wide + 6)
        paint.text(painter, line, row.name, p.text, font(m.body, bold=True))
        lacking = lacking_words(row)
        words = f"{lacking} · {where_words(row)}" if lacking else where_words(row)
        paint.text(painter, below, words, p.warning if lacking else p.muted, font(m.small))


class PlaceFinder(QWidget):
    """``chosen``: a place to be shown and marked; ``unmarked``: its mark goes; ``copied``:
    coordinates to be put on the clipboard; ``menu_wanted``: what else can be done with a place."""

    menu_wanted = Signal(object, QPoint)
    chosen = Signal(object)
    unmarked = Signal()
    copied = Signal(str)
    left = Signal()  # with the keyboard, which is to go back to the map
    moved = Signal()  # what it covers is another part of the map

    def __init__(
        self,
        look: Look,
        source: PlaceSource,
        middle: Callable[[], tuple[float, float]],
        buttons_left: Callable[[], int],
        parent: QWidget,
    ) -> None:
        """``middle``: of the map, in degrees; ``buttons_left``: where the map's own begin."""
        super().__init__(parent)
        self._look = look
        self._source = source
        self._middle = middle
        self._buttons_left = buttons_left
        self._place: PlaceFound | None = None
        self._is_choice_due = False  # Enter was pressed before the answer had come
        self.field = FinderField(look, "Ctrl+O", self)
        self.field.setMaxLength(MOST_TYPED)
        self._delegate = PlaceDelegate(look, self)
        self.list = RowList(self._delegate, self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.model: RowModel[PlaceFound] = RowModel(_said, self)
        self.list.setModel(self.model)
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.close_button = FlatButton(look, icon_name="x", key="Esc")
        self._make_card(look)
        self._lay_out()
        self.field.textChanged.connect(self._ask)
        self.field.moved.connect(self._move)
        self.field.returnPressed.connect(self._choose)
        self.field.escaped.connect(self.drop)
        self.close_button.clicked.connect(self.drop)
        self.list.clicked.connect(self._clicked)
        source.changed.connect(self._answered)
        self._dress_note()
        self._show_parts(is_open=False)
        self.retranslate()

    def _make_card(self, look: Look) -> None:
        """What is marked on the map."""
        self.card = QWidget(self)
        self.card_name = Words(look, size="body", bold=True)
        self.card_words = QLabel()
        self.card_words.setTextFormat(Qt.TextFormat.PlainText)
        self.card_words.setWordWrap(True)
        self.copy = FlatButton(look)
        self.copy.clicked.connect(self._open_forms)
        self.unmark = FlatButton(look, icon_name="x", skin=ghost)
        self.unmark.clicked.connect(self.take_mark_away)
        self.forms = QMenu(self)
        self.more = FlatButton(look, icon_name="dots")
        self.more.clicked.connect(self._open_menu)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self.field, 1)
        head.addWidget(self.close_button)
        column.addLayout(head)
        column.addWidget(self.list)
        column.addWidget(self.note)
        words = QVBoxLayout(self.card)
        words.setContentsMargins(4, 0, 0, 0)
        words.setSpacing(2)
        line = QHBoxLayout()
        words.addLayout(line)
        words.addWidget(self.card_words)
        line.addWidget(self.card_name, 1)
        line.addWidget(self.copy)
        line.addWidget(self.more)
        line.addWidget(self.unmark)
        column.addWidget(self.card)

    # --- opening and leaving ---

    @property
    def is_open(self) -> bool:
        return not self.isHidden() and not self.field.isHidden()

    @property
    def has_keyboard(self) -> bool:
        return self.field.hasFocus()

    @property
    def marked(self) -> PlaceFound | None:
        return self._place

    def open(self) -> None:
        """The keyboard is in the line; what was typed before is there to be typed over."""
        self._show_parts(is_open=True)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._ask()

    def drop(self) -> None:
        had_keyboard = self.has_keyboard
        self._is_choice_due = False
        self._show_parts(is_open=False)
        if had_keyboard:
            self.left.emit()

    def take_mark_away(self) -> None:
        self._place = None
        self.unmarked.emit()
        self._show_parts(is_open=self.is_open)

    def _show_parts(self, *, is_open: bool) -> None:
        for part in (self.field, self.close_button, self.list):
            part.setVisible(is_open)
        self.note.setVisible(is_open and bool(self.note.text()))
        self.card.setVisible(not is_open and self._place is not None)
        self.setVisible(is_open or self._place is not None)
        self.place()

    # --- typing ---

    def _ask(self) -> None:
        if self.is_open:
            self._is_choice_due = False
            self._source.ask(self.field.text(), *self._middle())

    def _answered(self) -> None:
        if not self.is_open:
            return
        rows = list(self._source.rows())
        self.model.take(rows)
        if rows:
            # Where the zone is missing Enter alone must not go to one of several places.
            is_open_which = self._source.doubt == "no-zone" and len(rows) > 1
            self.list.setCurrentIndex(QModelIndex() if is_open_which else self.model.index(0))
            self.list.scrollToTop()
        self._tell()
        self.place()
        if self._is_choice_due:
            self._choose()

    def _tell(self) -> None:
        source, typed = self._source, self.field.text().strip()
        words = doubt_words(source.doubt)
        if source.has_failed:
            words = self.tr("The search failed. The program's log says why.")
        elif not words and typed and not source.rows():
            words = self.tr("Nothing is found.")
        if source.is_damaged:
            hint = self.tr(
                "What was imported is damaged and left out. Import it again (vaktbord places "
                "import)."
            )
            words = f"{words} {hint}".strip()
        elif not (source.has_names and source.has_addresses) and not source.rows():
            hint = self.tr(
                "Known here: towns, villages and municipalities. An import of Kartverket's files "
                "brings all names and addresses (vaktbord places import)."
            )
            if source.has_names:
                hint = self.tr("No addresses have been imported here.")
            elif source.has_addresses:
                hint = self.tr("Names of farms, mountains and the like have not been imported.")
            words = f"{words} {hint}".strip()
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def _move(self, step: int) -> None:
        count = self.model.rowCount()
        if count:
            at = max(0, min(count - 1, self.list.currentIndex().row() + step))
            self.list.setCurrentIndex(self.model.index(at))

    def _clicked(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self._choose()

    def _choose(self) -> None:
        """What is in the list belongs to what was typed before, until its answer has come."""
        if self._source.is_asking:
            self._is_choice_due = True
            return
        self._is_choice_due = False
        index = self.list.currentIndex()
        if self.is_open and self.model.rowCount() and index.isValid():
            self._mark(self.model.row(index.row()))
            self.drop()

    def _mark(self, place: PlaceFound) -> None:
        self._place = place
        self._tell_card()
        self.chosen.emit(place)

    def _tell_card(self) -> None:
        place = self._place
        if place is not None:
            lacking = lacking_words(place)
            self.card_name.say(place.name)
            words = where_words(place)
            written = self._source.written(place.lat, place.lon)
            whole = written.minutes.replace(" ", NO_BREAK)
            self.card_words.setText(" · ".join(one for one in (lacking, words, whole) if one))
            self.place()

    def _open_forms(self) -> None:
        if self._place is not None:
            forms = self._source.written(self._place.lat, self._place.lon)
            fill_forms(self.forms, forms, self.copied.emit)
            self.forms.popup(self.copy.mapToGlobal(QPoint(0, self.copy.height())))
            self.forms.setActiveAction(self.forms.actions()[0])

    def _open_menu(self) -> None:
        if self._place is not None:
            below = self.more.mapToGlobal(QPoint(0, self.more.height()))
            self.menu_wanted.emit(self._place, below)

    # --- looks ---

    def place(self) -> None:
        """At the map's upper left, as high as what is in it."""
        parent, m = self.parentWidget(), self._look.metrics
        if parent is None or self.isHidden():
            self.moved.emit()
            return
        width = min(m.px(MOST_PX), self._buttons_left() - m.px(BUTTONS_GAP_PX) - EDGE_PX)
        most = parent.height() - m.px(FOOT_PX)
        rows = min(MOST_ROWS, self.model.rowCount())
        self.list.setFixedHeight(rows * m.px(ROW_PX))
        self.list.setVisible(self.is_open and rows > 0)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        needed = layout.heightForWidth(width) if layout.hasHeightForWidth() else 0
        height = max(needed, self.sizeHint().height())
        if height > most and rows:
            self.list.setFixedHeight(max(m.px(ROW_PX), self.list.height() - (height - most)))
            height = most
        self.setGeometry(EDGE_PX, EDGE_PX, max(200, width), height)
        self.raise_()
        self.moved.emit()

    def set_look(self, look: Look) -> None:
        self._look = look
        self._dress_note()
        for part in (self.field, self.list, self.close_button, self.card_name,
                     self.copy, self.more, self.unmark):  # fmt: skip
            part.set_look(look)
        self.place()
        self.update()

    def _dress_note(self) -> None:
        self.note.setFont(font(self._look.metrics.small))
        self.note.setStyleSheet(f"color: {self._look.palette.muted}")
        self.card_words.setFont(font(self._look.metrics.small))
        self.card_words.setStyleSheet(f"color: {self._look.palette.text}")

    def retranslate(self) -> None:
        self.field.set_hint(
            self.tr("Place, address or coordinates"),
            self.tr("Find a place: its name, an address, or coordinates"),
        )
        self.close_button.set_words("", self.tr("Close the search"))
        self.copy.set_words(self.tr("Copy"), self.tr("Copy coordinates"))
        self.more.set_words("", self.tr("Nearest units, a line, a pin …"))
        self.more.setToolTip(self.more.accessibleName())
        self.unmark.set_words("", self.tr("Take the mark away"))
        self.list.setAccessibleName(self.tr("Places that may be meant"))
        self.setAccessibleName(self.tr("Find a place"))
        self._tell_card()
        if self.is_open:
            self._tell()

    def paintEvent(self, _event: QPaintEvent) -> None:
        p = self._look.palette
        painter = QPainter(self)
        paint.box(painter, self.rect(), p.panel, p.muted, 1.5, radius=8)
        painter.end()


def _said(place: PlaceFound) -> str:
    parts = (place.name, lacking_words(place), where_words(place), distance_words(place.far_km))
    return ", ".join(part for part in parts if part)
