"""The RTP session of a talkgroup that was formed (DGNA): known from the group's id alone. Pure.

No station need be there for its members to hear each other: each finds the same session without
being told, and nobody's end ends it. One of their desks announces it for those who look for
streams by DNS-SD; what that announcement says is taken by nobody who knows the rule.
"""

from __future__ import annotations

import hashlib
from typing import Final

from audio import protocol
from console.domain.voice_keys import VoiceKey
from console.streams.addresses import group_of
from console.streams.announce import Offer
from console.streams.announcement import MAX_NAME_BYTES, Announcement

PORT: Final = 5_004
PAYLOAD_TYPE: Final = 111


def host_of_group(group: str) -> str:
    """The SRV host under which a group's session is announced, whoever does it."""
    return f"dgna-{hashlib.sha256(group.encode()).hexdigest()[:12]}.local"


def session_group(group: str, interface: str | None) -> str:
    """Its multicast group, of the version that ``interface`` speaks."""
    return group_of(group, interface, "group")


def session_stream(group: str) -> str:
    """The identity of a group's session, and so of its tile."""
    return protocol.stream_id(group, host_of_group(group))


def is_session(stream: str) -> bool:
    """Whether a stream's identity is that of a group's session, and not of a station's voice."""
    group, _, host = stream.lower().partition("@dgna-")
    return host != "" and host_of_group(stream[: len(group)]) == f"dgna-{host}"


def session(group: str, name: str, key: VoiceKey, interface: str | None) -> Announcement:
    """As a station would announce it. ``key``: what is sent under now."""
    return Announcement(
        stream=session_stream(group),
        talkgroup=group,
        name=_short(name),
        host=host_of_group(group),
        port=PORT,
        payload_type=PAYLOAD_TYPE,
        encoding="opus",
        clock_rate=48_000,
        channels=2,
        group=session_group(group, interface),
        srtp=key.profile,
        kid=key.kid,
    )


def offer_of(found: Announcement) -> Offer:
    """What is said of it on the network, for those who do not know the rule."""
    return Offer(
        name=found.name,
        talkgroup=found.talkgroup,
        port=found.port,
        group=found.group,
        payload_type=found.payload_type,
        srtp=found.srtp,
        kid=found.kid,
    )


def _short(name: str) -> str:
    """One DNS label."""
    return name.encode()[:MAX_NAME_BYTES].decode("utf-8", "ignore")
