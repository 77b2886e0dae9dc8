"""What a status is called on the screen: resources/status.toml, in the screen's language."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QLocale

from resources.statuses import statuses


@cache
def _names(language: str) -> dict[str, str]:
    return {status.key: getattr(status, language) for status in statuses()}


def status_name(key: str) -> str:
    """The name of a status; an unknown key is shown as it is."""
    language = "nb" if QLocale().language() == QLocale.Language.NorwegianBokmal else "en"
    return _names(language).get(key, key)
