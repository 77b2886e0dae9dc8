"""The talk key while a menu is open: a menu keeps every key to itself, and who holds the talk key
must not talk to nobody."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from widgets.keys import TALK_KEY, TALK_MODIFIERS
from widgets.popups import close_popups


class MenuKeys(QObject):
    """``talk_pressed``: the menus are closed, and nothing was sent. It is not sent there and then:
    where the key's release goes while a menu closes is for the system to say, and a microphone
    must never stay open."""

    talk_pressed = Signal()

    def follow(self, window: QWidget) -> None:
        for menu in window.findChildren(QMenu):
            menu.installEventFilter(self)

    def eventFilter(self, menu: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(menu, QMenu):
            self.follow(menu)  # those in it may have been made just now
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() != TALK_KEY or event.modifiers() not in TALK_MODIFIERS:
            return False
        if not event.isAutoRepeat():
            close_popups()
            self.talk_pressed.emit()
        return True
