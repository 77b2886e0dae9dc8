"""What the site says of its members: who was let in, who was taken out, who tried in vain, who asks
too much."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from console.domain.events.base import Body, Id, Name


class MemberEnrolled(Body, frozen=True, tag="member-enrolled"):
    """The same name again: its earlier certificate counts no more."""

    member: Id
    role: Annotated[str, Meta(max_length=24)]
    label: Annotated[str, Meta(max_length=64)] = ""


class MemberRevoked(Body, frozen=True, tag="member-revoked"):
    member: Id


class CodeTried(Body, frozen=True, tag="code-tried"):
    """Somebody guesses: so many wrong codes were tried while this member's was open, which still
    is."""

    member: Id
    role: Annotated[str, Meta(max_length=24)]
    wrong: Annotated[int, Meta(ge=1)]


class SignInLocked(Body, frozen=True, tag="sign-in-locked"):
    """Too many wrong PINs for one name, or at one position."""

    member: Id
    who: Name
    seconds: Annotated[int, Meta(ge=0)]


TO_ALL: Final = "live"


class MemberFlooded(Body, frozen=True, tag="member-flooded"):
    """It asks this service of the site far more than any position does: broken, or somebody
    else's. What is beyond its share goes unanswered. Told again while it goes on. The service
    :data:`TO_ALL` is none: it says far more live than any position does, which nobody can drop for
    the others, and what they hear may come late."""

    member: Id
    service: Annotated[str, Meta(max_length=40)]
