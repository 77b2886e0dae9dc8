"""What is noted for those who look later changes nothing in the picture; who floods the site stands
beside it, for the diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from console.domain import bounds
from console.domain.events import (
    CodeTried,
    Event,
    LogExported,
    MemberEnrolled,
    MemberFlooded,
    MemberRevoked,
    RecordingExported,
    RecordingHeard,
    SignInLocked,
)
from console.domain.mark import mark_of

if TYPE_CHECKING:
    from console.domain.draft import Draft


def noted(_draft: Draft, _event: Event, _body: Any) -> None:
    """It stands in the log, and that is all."""


def flooded(draft: Draft, event: Event, body: MemberFlooded) -> None:
    known = draft.floods.get(body.member)
    if known is None and draft.is_full(draft.floods, bounds.MAX_FLOODS):
        return
    if known is None or event.id > known.id:
        draft.floods.set(body.member, mark_of(event, body.service))


CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = {
    **dict.fromkeys(
        (
            RecordingHeard,
            RecordingExported,
            LogExported,
            MemberEnrolled,
            MemberRevoked,
            CodeTried,
            SignInLocked,
        ),
        noted,
    ),
    MemberFlooded: flooded,
}
