"""Words for an alarm that more than one part of the window says."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def reason_words(reason: str) -> str:
    """Why an alarm was closed."""
    words = {
        "real": QCoreApplication.translate("AlarmWords", "was real"),
        "false-press": QCoreApplication.translate("AlarmWords", "false press"),
        "test": QCoreApplication.translate("AlarmWords", "test"),
    }
    return words.get(reason, reason)
