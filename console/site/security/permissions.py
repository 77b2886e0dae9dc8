"""What each role may publish and hear at the NATS server, made from console.domain.roles.

What is not in these lists is refused by the server. A member may use no JetStream interface but
Direct Get and the state of the streams it may read: who could make consumers could have stored
messages delivered where it may not publish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from console.domain.events import LIVE, UnitMoved
from console.domain.roles import MAY_SAY, Role, may_read
from console.site.log.subjects import NOW_NAME, STREAM_OF, STREAMS, kind_of

LIVE_HEARD: Final = ("vb.live.>",)
SERVICES: Final = "vb.ask.*"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Subjects, with NATS's wildcards."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions(name: str, role: Role) -> Permissions:
    """Of a member."""
    return Permissions(
        publish=(*_said(name, role), *_read_requests(role), f"{SERVICES}.{role}.{name}.>"),
        subscribe=(
            *(stream.told for stream in STREAMS if may_read(role, stream.token)),
            *LIVE_HEARD,
            f"vb.to.{name}.>",
            f"_INBOX_{name}.>",
        ),
    )


def _said(name: str, role: Role) -> tuple[str, ...]:
    subjects: list[str] = [f"vb.live.here.{role}.{name}.>"]
    for kind, roles in MAY_SAY.items():
        if role not in roles:
            continue
        subjects.append(f"vb.log.{STREAM_OF[kind].token}.{role}.{name}.{kind_of(kind)}.>")
        if kind in LIVE:
            token = "move" if kind is UnitMoved else "floor"
            subjects.append(f"vb.live.{token}.{role}.{name}.>")
    return tuple(dict.fromkeys(subjects))


def _read_requests(role: Role) -> tuple[str, ...]:
    names = [stream.name for stream in STREAMS if may_read(role, stream.token)]
    subjects: list[str] = []
    for stream in (*names, NOW_NAME):
        subjects += [f"$JS.API.DIRECT.GET.{stream}", f"$JS.API.STREAM.INFO.{stream}"]
    return tuple(subjects)
