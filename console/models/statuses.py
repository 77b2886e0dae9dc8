"""What a status is called on the screen: resources/status.toml, in the screen's language."""

from __future__ import annotations

import tomllib
from functools import cache

from PySide6.QtCore import QLocale

import resources


@cache
def _names(language: str) -> dict[str, str]:
    rows = tomllib.loads(resources.path("status.toml").read_text("utf-8"))["status"]
    return {row["key"]: row.get(language, row["key"]) for row in rows}


def status_name(key: str) -> str:
    """The name of a status; an unknown key is shown as it is."""
    language = "nb" if QLocale().language() == QLocale.Language.NorwegianBokmal else "en"
    return _names(language).get(key, key)
