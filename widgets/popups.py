"""Open menus and lists: they keep every key to themselves, also those that an alarm needs."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication


def close_popups() -> None:
    """All of them, whoever has opened them, with what they have opened."""
    before = None
    while (popup := QApplication.activePopupWidget()) is not None and popup is not before:
        popup.close()
        before = popup
