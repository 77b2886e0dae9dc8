"""The languages of the screen as Qt has them: their locales, and which one is shown now."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale

from resources.languages import LANGUAGES, SOURCE_LANGUAGE, Language

_NORWAY: Final = QLocale.Country.Norway
LOCALES: Final[dict[str, QLocale]] = {
    "nb": QLocale(QLocale.Language.NorwegianBokmal, _NORWAY),
    "nn": QLocale(QLocale.Language.NorwegianNynorsk, _NORWAY),
    "en": QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom),
}
NAMES: Final[dict[str, str]] = {"nb": "Norsk bokmål", "nn": "Norsk nynorsk", "en": "English"}


def shown(locale: QLocale | None = None) -> Language:
    """The language of a locale, of Qt's default one without; English for one that isn't ours."""
    wanted = (locale or QLocale()).language()
    ours = (name for name in LANGUAGES if LOCALES[name].language() == wanted)
    return next(ours, SOURCE_LANGUAGE)
