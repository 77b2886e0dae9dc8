"""What a member of a site may say and read, by its role: the one table of it.

The server's permissions (:mod:`console.site.security.permissions`) and the readers' checks are
both made from here, so neither knows more than the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from console.domain import events as e

Role = Literal["operator", "trainer", "reception", "gateway", "observer", "site"]
"""``site`` is a node of the site itself; nobody enrols as one but another node."""
MemberRole = Literal["operator", "trainer", "reception", "gateway", "observer"]
Newcomer = MemberRole | Literal["node"]
"""What a one-time code is for: a position, or another machine that becomes the site too."""
NEWCOMERS: Final[tuple[Newcomer, ...]] = (*get_args(MemberRole), "node")
ROLES: Final[tuple[Role, ...]] = get_args(Role)
MEMBER_ROLES: Final[tuple[MemberRole, ...]] = get_args(MemberRole)

_ALL: Final = frozenset(MEMBER_ROLES)
_DESKS: Final = frozenset[Role]({"operator"})
_NETS: Final = frozenset[Role]({"operator", "trainer", "gateway"})
"""Who tells of units and groups: a desk by hand, a radio gateway, an exercise."""
_REAL: Final = frozenset[Role]({"operator", "gateway"})
"""Of what bears no mark of an exercise."""
_WORLDS: Final = frozenset[Role]({"trainer", "gateway"})
_PLACERS: Final = frozenset[Role]({"operator", "trainer"})
"""Who marks places on the map; what a trainer marks is an exercise's."""
_SITE: Final = frozenset[Role]({"site"})

MAY_SAY: Final[Mapping[type, frozenset[Role]]] = {
    e.TalkgroupDefined: _NETS,
    e.TalkgroupRemoved: _NETS,
    e.UnitDefined: _NETS,
    e.UnitRemoved: _NETS,
    e.UnitMoved: _NETS,
    e.StatusChanged: _NETS,
    e.FloorGranted: _WORLDS | _SITE,
    e.FloorReleased: _WORLDS | _SITE,
    e.AlarmRaised: _NETS | {"reception"},
    e.AlarmAcknowledged: _DESKS | _SITE,  # the site of an alarm that is the same as one answered
    e.AlarmTaken: _DESKS,
    e.AlarmClosed: _DESKS,
    e.AlarmReopened: _DESKS,
    e.AlarmEscalated: _SITE,
    e.MessageSent: _NETS | {"reception"},
    e.PositionJoined: _ALL,
    e.PositionLeft: _ALL | _SITE,
    e.MemberEnrolled: _SITE,
    e.MemberRevoked: _SITE,
    e.CodeTried: _SITE,
    e.SignInLocked: _SITE,
    e.MemberFlooded: _SITE,
    e.AlarmNoted: _DESKS,
    e.AlarmUnitsSent: _DESKS,
    e.AlarmVoiceKept: _ALL,
    e.StatusMessageSent: _NETS | {"reception"},
    e.MessageDelivered: _NETS | {"reception"},
    e.MessageRead: _NETS | {"reception"},
    e.StoredMessageDefined: _REAL,
    e.StoredMessageRemoved: _REAL,
    e.CalloutSent: _NETS,
    e.CalloutAnswered: _NETS | {"reception"},
    e.CalloutReminded: _SITE,
    e.CalloutEnded: _NETS | _SITE,
    e.GroupFormed: _NETS,
    e.GroupMemberAdded: _NETS,
    e.GroupMemberRemoved: _NETS,
    e.GroupEnded: _NETS | _SITE,
    e.PatchMade: _DESKS,
    e.PatchEnded: _DESKS | _SITE,
    e.CallOffered: _NETS | {"reception"},
    e.CallAnswered: _NETS | {"reception"},
    e.CallEnded: _NETS | _SITE | {"reception"},
    e.DutySet: _REAL,
    e.DutyEnded: _REAL,
    e.HandoverRead: _ALL - {"observer", "gateway"},
    e.PersonSignedIn: _ALL,
    e.PersonSignedOut: _ALL,
    e.RecordingHeard: _ALL,
    e.RecordingExported: _ALL,
    e.LogExported: _ALL,
    e.LayoutSaved: _ALL,
    e.StandardLayoutSaved: _DESKS,
    e.LandmarkDefined: _PLACERS,
    e.LandmarkRemoved: _PLACERS,
    e.PinSet: _PLACERS,
    e.PinRemoved: _PLACERS,
}

MAY_READ: Final[Mapping[str, frozenset[Role]]] = {
    "alarm": _ALL | _SITE,
    **dict.fromkeys(("message", "callout"), (_ALL - {"observer"}) | _SITE),
    "resource": _ALL | _SITE,
    "status": _ALL | _SITE,
    "floor": _ALL | _SITE,
    "move": _ALL | _SITE,
    "member": _ALL | _SITE,
    **dict.fromkeys(("group", "people", "call", "layout", "landmark", "pin"), _ALL | _SITE),
    "audit": frozenset({"operator", "trainer", "site"}),
}
"""By the stream's token in the log's subjects. A wall screen (observer) shows no messages and no
call-outs: their texts may be about a patient."""


def may_say(role: Role, kind: type) -> bool:
    return role in MAY_SAY[kind]


def who_may_say(kind: type) -> tuple[Role, ...]:
    """The members' roles among them, in the order of :data:`ROLES`; the site's is nobody's to
    take."""
    return tuple(role for role in MEMBER_ROLES if role in MAY_SAY[kind])


def is_exercise(role: Role) -> bool:
    """Whatever it says is of an exercise, and says so."""
    return role == "trainer"


def may_read(role: Role, token: str) -> bool:
    return role in MAY_READ[token]
