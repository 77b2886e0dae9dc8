"""What a status is called on the screen: resources/status.toml, in the screen's language."""

from __future__ import annotations

from functools import cache

from console.domain.records import Unit
from resources.languages import Language
from resources.statuses import statuses
from widgets import languages


@cache
def _names(language: Language) -> dict[str, str]:
    return {status.key: getattr(status, language) for status in statuses()}


def status_name(key: str) -> str:
    """The name of a status; an unknown key is shown as it is."""
    return _names(languages.shown()).get(key, key)


def unit_status(unit: Unit) -> str:
    """In its own words, else as the list has it; "" = none is known."""
    return unit.status_text or (status_name(unit.status) if unit.status else "")
