"""The row of tabs over the tiles: a page each, and what happens on those that are not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from widgets import paint
from widgets.buttons import SMALLEST_TARGET, TIGHT_PAD, FlatButton, focus_ring, ghost
from widgets.contracts.rows import TalkgroupRow, TilePage
from widgets.look import Look, font
from widgets.theme import Palette
from widgets.tips import plain, tip

GAP: Final = 4
MOST_MISSED: Final = 99


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What happens in talkgroups that cannot be seen now, by how many of them."""

    alarms: int = 0
    talking: int = 0
    missed: int = 0  # calls

    @classmethod
    def of(cls, rows: Iterable[TalkgroupRow]) -> Elsewhere:
        """What is off here is nobody's to listen to, but an alarm is an alarm."""
        alarms = talking = missed = 0
        for row in rows:
            alarms += row.alarm
            missed += row.missed
            talking += bool(row.speaker) and row.attention != "off" and not row.muted
        return cls(alarms, talking, missed)

    def __add__(self, other: Elsewhere) -> Elsewhere:
        return Elsewhere(
            self.alarms + other.alarms, self.talking + other.talking, self.missed + other.missed
        )


class PageTab(FlatButton):
    """A page's name and how many tiles it has, or what happens there: icon and word or number."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, skin=ghost, parent=parent)
        self.page = ""
        self._count = ""
        self._now = Elsewhere()
        self._is_shown = False
        self._is_target = False
        self._told: object = None

    def show_page(self, page: str, name: str, count: str, now: Elsewhere, *, shown: bool) -> bool:
        """Whether that is another than before."""
        told = (page, name, count, now, shown)
        if told == self._told:
            return False
        self._told = told
        self.page, self._count, self._now, self._is_shown = page, count, now, shown
        one, more = self.tr("1 talkgroup"), self.tr("{0} talkgroups").format(count)
        said = [name, self.tr("shown") if shown else "", one if count == "1" else more]
        said += self._news()
        words = ", ".join(part for part in said if part)
        self.set_words(plain(name), words)
        self.setToolTip(tip("\n".join(part for part in said if part)))
        self.updateGeometry()
        self.update()
        return True

    def widest(self) -> int:
        """With what is told in the most words."""
        m = self._look.metrics
        alarm = self.tr("ALARM")
        words = f"{self.text()} {alarm}"
        used = QFontMetrics(font(m.small, bold=True))
        return used.horizontalAdvance(words) + m.icon + 2 * TIGHT_PAD + 4

    def forget(self) -> None:
        """Say it again, in another language."""
        self._told = None

    def set_target(self, is_target: bool) -> None:
        """A tile is held over it."""
        if is_target != self._is_target:
            self._is_target = is_target
            self.update()

    def _news(self) -> list[str]:
        now, said = self._now, []
        if now.alarms:
            said.append(self.tr("ALARM"))
        if now.talking:
            said.append(self.tr("Receiving: {0}").format(now.talking))
        if now.missed:
            said.append(self.tr("Missed calls: {0}").format(now.missed))
        return said

    def _badge(self, p: Palette) -> tuple[str, str, str]:
        """Icon, words and colour, the worst first; no icon: how many tiles there are."""
        now = self._now
        if now.alarms:
            return "alert-circle", self.tr("ALARM"), self._alarm_ink(p)
        if now.talking:
            return "volume", str(now.talking), p.receiving
        if now.missed:
            return "history", str(min(now.missed, MOST_MISSED)), p.warning
        return "", self._count, p.muted

    def _alarm_ink(self, p: Palette) -> str:
        return p.alarm_text if p.name == "night" else p.text

    def _content_width(self) -> int:
        m, (icon, words, _) = self._look.metrics, self._badge(self._look.palette)
        name = QFontMetrics(font(m.small, bold=True)).horizontalAdvance(self.text())
        badge = QFontMetrics(font(m.small, bold=bool(icon))).horizontalAdvance(words)
        return name + (5 if words else 0) + badge + (m.icon if icon else 0) + 2

    def sizeHint(self) -> QSize:
        width = self._content_width() + 2 * TIGHT_PAD
        return QSize(max(width, SMALLEST_TARGET), self._look.metrics.control)

    def minimumSizeHint(self) -> QSize:
        """A long name is cut; the tip has it whole."""
        return QSize(SMALLEST_TARGET, self._look.metrics.control)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        p, m = self._look.palette, self._look.metrics
        fill = p.raised if self._is_shown or self.underMouse() or self._is_target else p.panel
        line = p.selected if self._is_target else p.muted if self._is_shown else p.line
        ink = p.text if self._is_shown else p.muted
        if self._now.alarms:
            fill, line, ink = p.alarm_ground, p.alarm, self._alarm_ink(p)
        paint.box(painter, self.rect(), fill, line, 2.0 if self._is_target else 1.0)
        icon, words, badge_ink = self._badge(p)
        used = font(m.small, bold=bool(icon))
        room = self.rect().adjusted(TIGHT_PAD, 0, -TIGHT_PAD, 0)
        width = QFontMetrics(used).horizontalAdvance(words) + (m.icon if icon else 0)
        name = QRect(room.left(), 0, room.width() - width - 5, self.height())
        x = name.left() + paint.text(painter, name, self.text(), ink, font(m.small, bold=True)) + 5
        if icon:
            side = m.icon - 2
            x += paint.icon(painter, x, self.height() // 2, icon, badge_ink, size=side) + 2
        paint.text(
            painter, QRect(x, 0, room.right() + 2 - x, self.height()), words, badge_ink, used
        )
        if self.hasFocus():
            focus_ring(painter, self.rect(), ink)
        painter.end()


class PageTabs(QWidget):
    """``turned``: to a page; ``searched``: a talkgroup is looked for; ``menu_wanted``: what can be
    done to pages, at a place on the screen."""

    turned = Signal(str)
    searched = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._pages: tuple[TilePage, ...] = ()
        self._shown = ""
        self._news: dict[str, Elsewhere] = {}
        self._tabs: list[PageTab] = []
        self._laid_out = 0  # tabs
        self._hidden: tuple[PageTab, ...] = ()
        self.more = PageTab(look, self)
        self.list = QMenu(self)
        self.more.set_words(self.tr("More"))
        self.search = FlatButton(look, icon_name="search", skin=ghost, parent=self)
        self.menu = FlatButton(look, icon_name="dots", skin=ghost, parent=self)
        self.more.clicked.connect(self._open_list)
        self.search.clicked.connect(self.searched)
        self.menu.clicked.connect(lambda: self.menu_wanted.emit(self._below(self.menu)))

    # --- what it is told ---

    def show_pages(
        self, pages: Sequence[TilePage], shown: str, rows: Mapping[str, TalkgroupRow]
    ) -> None:
        """``rows``: of all tiles. What happens on a page is told by its tab; that of all tiles
        tells of those that are on none."""
        self._pages, self._shown = tuple(pages), shown
        seen = next((frozenset(page.keys) for page in pages if page.key == shown), frozenset())
        on_pages = seen.union(*(page.keys for page in pages if page.key))
        self._news = {
            page.key: Elsewhere.of(
                rows[key] for key in page.keys if key not in (seen if page.key else on_pages)
            )
            for page in pages
        }
        while len(self._tabs) < len(self._pages):
            self._tabs.append(self._new_tab())
        while len(self._tabs) > len(self._pages):
            tab = self._tabs.pop()
            tab.hide()
            tab.deleteLater()
        self._say()

    def _new_tab(self) -> PageTab:
        tab = PageTab(self._look, self)
        tab.clicked.connect(lambda: self.turned.emit(tab.page))
        return tab

    def _say(self) -> None:
        changed = [self._tell(tab, one) for tab, one in zip(self._tabs, self._pages, strict=True)]
        if any(changed) or len(changed) != self._laid_out:
            self._lay_out()

    def _tell(self, tab: PageTab, page: TilePage) -> bool:
        is_shown, now = page.key == self._shown, self._news[page.key]
        name, count = self.name_of(page.key), str(len(page.keys))
        return tab.show_page(page.key, name, count, now, shown=is_shown)

    def name_of(self, page: str) -> str:
        return page or self.tr("All")

    def news_of(self, page: str) -> Elsewhere:
        return self._news[page]

    # --- tiles that are held over it ---

    def page_at(self, at: QPoint) -> str | None:
        """In global coordinates. That of all tiles is none to be put on."""
        for tab in self._tabs:
            if tab.isVisible() and tab.page and tab.rect().contains(tab.mapFromGlobal(at)):
                return tab.page
        return None

    def mark(self, page: str | None) -> None:
        for tab in self._tabs:
            tab.set_target(page is not None and tab.page == page)

    # --- geometry ---

    def _below(self, button: QWidget) -> QPoint:
        return button.mapToGlobal(QPoint(0, button.height() + 2))

    def _open_list(self) -> None:
        """Those for which there is no room."""
        self.list.clear()
        for tab in self._hidden:
            action = self.list.addAction(tab.accessibleName().replace("&", "&&"))
            action.triggered.connect(lambda _=False, page=tab.page: self.turned.emit(page))
        self.list.popup(self._below(self.more))

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.metrics.control)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        self._laid_out = len(self._tabs)
        high = self._look.metrics.control
        right = self.width()
        for button in (self.menu, self.search):
            right -= high
            button.setGeometry(right, 0, high, high)
        room = right - GAP
        shown = self._fitting(room)
        self._hidden = tuple(tab for tab in self._tabs if tab not in shown)
        self._tell_hidden()
        x = 0
        for tab in self._tabs:
            if tab in shown:
                width = min(tab.sizeHint().width(), max(SMALLEST_TARGET, room - x))
                tab.setGeometry(x, 0, width, high)
                x += width + GAP
            tab.setVisible(tab in shown)
        self.more.setVisible(bool(self._hidden))
        self.more.setGeometry(x, 0, min(self.more.sizeHint().width(), room - x), high)

    def _fitting(self, room: int) -> list[PageTab]:
        """The shown page's and that of all tiles always; of the others as many as there is room
        for: those with an alarm first, then from the left."""
        widths = {tab: tab.sizeHint().width() + GAP for tab in self._tabs}
        if sum(widths.values()) - GAP <= room:
            return list(self._tabs)
        always = [tab for tab in self._tabs if not tab.page or tab.page == self._shown]
        left = room - sum(widths[tab] for tab in always) - self.more.widest()
        shown = list(always)
        others = [tab for tab in self._tabs if tab not in always]
        for tab in sorted(others, key=lambda tab: not self._news[tab.page].alarms):
            if widths[tab] > left:
                break
            left -= widths[tab]
            shown.append(tab)
        return shown

    def _tell_hidden(self) -> None:
        now = sum((self._news[tab.page] for tab in self._hidden if tab.page), Elsewhere())
        count = len(self._hidden)
        self.more.show_page("", self.tr("More"), str(count), now, shown=False)
        pages = self.tr("{0} more pages").format(count)
        self.more.setAccessibleName(", ".join((pages, *self.more._news())))
        self.more.setToolTip(tip("\n".join((pages, *self.more._news()))))

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        for button in (*self._tabs, self.more, self.search, self.menu):
            button.set_look(look)
        self.setFixedHeight(look.metrics.control)
        self._lay_out()

    def retranslate(self) -> None:
        search = self.tr("Search talkgroup (Ctrl+G)")
        menu = self.tr("Pages and layout (Shift+P)")
        for button, words in ((self.search, search), (self.menu, menu)):
            button.set_words("", words)
            button.setToolTip(words)
        for tab in (*self._tabs, self.more):
            tab.forget()
        self._say()
