"""What a desk's links have to tell, one class per kind of news; nothing here is done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from console.site.address import LinkState

if TYPE_CHECKING:
    from audio import protocol
    from console.domain.events import Event
    from console.domain.presence import Presence
    from console.domain.voice_rights import VoicePolicy
    from console.streams.announcement import Announcement


@dataclass(frozen=True, slots=True)
class EngineSaid:
    event: protocol.Event


@dataclass(frozen=True, slots=True)
class EngineIs:
    state: LinkState
    why: str


@dataclass(frozen=True, slots=True)
class SiteSaid:
    events: tuple[Event, ...]


def weight(item: object) -> int:
    """How much room it takes while it waits, in events."""
    return max(1, len(item.events)) if isinstance(item, SiteSaid) else 1


@dataclass(frozen=True, slots=True)
class SiteIs:
    state: LinkState
    why: str


@dataclass(frozen=True, slots=True)
class SiteFound:
    name: str


@dataclass(frozen=True, slots=True)
class SiteMissing:
    """``enrol``: a site was found where this desk may enrol, its name."""

    why: str
    enrol: str = ""


@dataclass(frozen=True, slots=True)
class ShutOut:
    """This desk can't come in as what it was enrolled as; ``site``: where it may enrol again, "" =
    none is found."""

    why: str
    site: str
    how: Literal["taken-out", "over", "damaged"]


@dataclass(frozen=True, slots=True)
class EnrolmentEnded:
    """``why``: a word of the door, or "failed"; "" = this desk is enrolled, and ``label`` is what
    the site calls it for people."""

    why: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class KeysChanged:
    """The site has given, or taken, voice keys."""

    talkgroup: str


@dataclass(frozen=True, slots=True)
class PolicyTold:
    """What the site does with streams that are not secured."""

    policy: VoicePolicy


@dataclass(frozen=True, slots=True)
class PresenceIs:
    """Who is at the site (by its id) now."""

    site: str
    presence: Presence


@dataclass(frozen=True, slots=True)
class ListedTrouble:
    """A sentence for each station that the site lists and that hands out no SDP; none: all do."""

    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StreamsFound:
    changed: tuple[Announcement, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteTold:
    """Said live, or to this desk alone."""

    subject: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class SiteAnswered:
    """A service's answer to an ask of this desk; nothing, when none came."""

    service: str
    key: str
    payload: bytes | None
