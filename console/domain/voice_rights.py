"""Who may have a talkgroup's keys, and what a site does with streams that have none. Pure."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.domain.roles import Role
from console.domain.voice_keys import Profile, Talkgroup

MAY_HEAR: Final[frozenset[Role]] = frozenset({"operator", "reception", "gateway"})
"""Standing talkgroups. An observer (a wall screen) shows who speaks and hears nobody."""
MAY_HEAR_EXERCISES: Final[frozenset[Role]] = MAY_HEAR | {"trainer"}
MAX_LISTED: Final = 256
Unsecured = Literal["refuse", "mark", "allow"]
Host = Annotated[str, Meta(max_length=120)]
SdpUrl = Annotated[str, Meta(max_length=200, pattern=r"\A(https://[!-?A-~]+)?\Z")]
Fingerprint = Annotated[str, Meta(pattern=r"\A(([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})?\Z")]


def why_not(role: Role, member: str, *, exercise: bool, members: frozenset[str] | None) -> str:
    """Why this member gets no keys of a talkgroup, "" = it does. ``members``: of a dynamic group
    or a call; None for a standing talkgroup."""
    if role not in (MAY_HEAR_EXERCISES if exercise else MAY_HEAR):
        return f"the role {role} has no keys of {'' if exercise else 'operational '}talkgroups"
    if members is not None and member not in members:
        return f"{member} is not in this group"
    return ""


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stream that the site knows of. Without ``sdp``: one without SRTP that is announced, this
    talkgroup's, from this station (its SRV host), or from any. With it: what that address describes
    is heard, announced or not; ``certificate`` is then the SHA-256 of what the station shows in
    TLS, in hexadecimal; without it the station is held to the site's CA and its own name."""

    talkgroup: Talkgroup
    host: Host = ""
    sdp: SdpUrl = ""
    certificate: Fingerprint = ""

    @property
    def fingerprint(self) -> str:
        """64 digits in lower case, "" = none."""
        return self.certificate.replace(":", "").lower()


class VoicePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[voice]`` of ``<home>/site/policy.toml``, as every member is told it, too. ``profiles``:
    other than :data:`DEFAULT_PROFILE`, by talkgroup."""

    unsecured: Unsecured = "refuse"
    rekey_hours: Annotated[float, Meta(ge=2, le=168)] = 24.0
    listed: Annotated[tuple[Listed, ...], Meta(max_length=MAX_LISTED)] = ()
    profiles: dict[Talkgroup, Profile] = {}

    def lists(self, talkgroup: str, host: str) -> bool:
        """Whether an announced stream is. One that is listed by its SDP is not announced."""
        return any(
            not one.sdp
            and one.talkgroup == talkgroup
            and one.host.lower().rstrip(".") in ("", host.lower())
            for one in self.listed
        )

    def profile(self, talkgroup: str) -> Profile:
        return self.profiles.get(talkgroup, DEFAULT_PROFILE)


DEFAULT_PROFILE: Final[Profile] = "AEAD_AES_256_GCM"
NO_SITE: Final = VoicePolicy(unsecured="mark")
"""Where nobody has enrolled: heard, and marked."""
