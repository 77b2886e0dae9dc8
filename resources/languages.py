"""The languages of the screen, by their ISO 639-1 codes: Bokmål, Nynorsk, English."""

from __future__ import annotations

from typing import Final, Literal, get_args

Language = Literal["nb", "nn", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
SOURCE_LANGUAGE: Final[Language] = "en"  # what stands in the code
TRANSLATED: Final = tuple(name for name in LANGUAGES if name != SOURCE_LANGUAGE)
