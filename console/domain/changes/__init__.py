"""What each kind of event changes: one function per kind, by theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from console.domain.changes import (
    alarms,
    audit,
    floors,
    groups,
    landmarks,
    layouts,
    messages,
    resources,
)
from console.domain.events import Event

if TYPE_CHECKING:
    from console.domain.draft import Draft

CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    **resources.CHANGES,
    **floors.CHANGES,
    **alarms.CHANGES,
    **messages.CHANGES,
    **groups.CHANGES,
    **audit.CHANGES,
    **layouts.CHANGES,
    **landmarks.CHANGES,
}
