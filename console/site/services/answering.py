"""Answers what members ask a service of the site, each in its own inbox and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg

from console.domain.roles import Role
from console.site.log.spoken import SPOKEN, is_spoken
from console.site.log.subjects import member_in, role_in

log = logging.getLogger(__name__)

KEY_AT: Final = 5
MAX_WAITING: Final = 10_000
"""Asked and not yet answered; more are dropped by the client, and the askers ask again."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks was proved by the server, which lets a member publish under its own name alone."""

    role: Role
    member: str
    key: str
    payload: bytes


OnAsk = Callable[[Ask], Awaitable[bytes]]


class Answering:
    """``refused`` counts what was no ask: the site may publish anywhere, so an answer onto any
    other subject than the asker's inbox would let a member speak where it may not."""

    def __init__(self) -> None:
        self.refused = 0

    async def begin(self, nc: Client, service: str, on_ask: OnAsk) -> None:
        """Of several nodes one answers each ask."""

        async def take(msg: Msg) -> None:
            ask = asked(msg)
            if ask is None:
                self.refused += 1
                return
            try:
                answer = await on_ask(ask)
            except Exception:
                log.exception("an ask to %s could not be answered", service)
                return
            await nc.publish(msg.reply, answer, headers=SPOKEN)

        await nc.subscribe(
            f"vb.ask.{service}.>", queue=f"vb-{service}", cb=take, pending_msgs_limit=MAX_WAITING
        )


def asked(msg: Msg) -> Ask | None:
    """None for what no member has said, or wants answered elsewhere than to itself."""
    tokens = msg.subject.split(".")
    role = role_in(msg.subject)
    if role is None or len(tokens) <= KEY_AT or not is_spoken(msg):
        return None
    member = member_in(msg.subject)
    if not msg.reply.startswith(f"_INBOX_{member}."):
        return None
    return Ask(role, member, ".".join(tokens[KEY_AT:]), msg.data)
