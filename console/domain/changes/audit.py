"""What is noted for those who look later changes nothing in the picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from console.domain.events import (
    CodeTried,
    Event,
    LogExported,
    MemberEnrolled,
    MemberRevoked,
    RecordingExported,
    RecordingHeard,
    SignInLocked,
)

if TYPE_CHECKING:
    from console.domain.draft import Draft


def noted(_draft: Draft, _event: Event, _body: Any) -> None:
    """It stands in the log, and that is all."""


CHANGES: Final[Mapping[type, Callable[[Draft, Event, Any], None]]] = dict.fromkeys(
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
)
