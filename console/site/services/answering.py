"""Answers what members ask a service of the site, each in its own inbox and nowhere else.

Each member has a subscription of its own here, which the server ends after as many asks as the
member's share allows (:mod:`console.site.services.shares`). What it asks beyond that the server
drops, at next to no cost and before this process has seen it, and nobody else is the later for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from nats.aio.msg import Msg

from console.domain.roles import Role
from console.site.log.client import Failure, SiteClient
from console.site.log.spoken import SPOKEN, is_spoken
from console.site.log.subjects import ASKED_KEY_AT, asks_of, member_in, role_in
from console.site.security.members import Member
from console.site.security.pki import MemberName
from console.site.services.service import NodeContext
from console.site.services.shares import QUICK, Quota, Share

log = logging.getLogger(__name__)

GRANT_S: Final = 0.05
"""So often is looked who has used of its share, and who is a member."""


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

    def __init__(self, context: NodeContext) -> None:
        self._context = context
        self._services: set[asyncio.Task[None]] = set()
        self.refused = 0

    async def begin(
        self, nc: SiteClient, service: str, on_ask: OnAsk, quota: Quota = QUICK
    ) -> None:
        """Until the connection is lost or closed. Of several nodes one answers each ask; asks of
        one member are answered in their order, one after the other."""
        answer = partial(self._answer, nc, service, on_ask)
        one = _Service(self._context, nc, service, answer, quota)
        await one.look()
        task = asyncio.create_task(one.run(), name=f"shares-{service}")
        self._services.add(task)
        task.add_done_callback(self._services.discard)

    async def _answer(self, nc: SiteClient, service: str, on_ask: OnAsk, msg: Msg) -> None:
        ask = asked(msg)
        if ask is None:
            self.refused += 1
            return
        try:
            answer = await on_ask(ask)
            with contextlib.suppress(*Failure):  # whoever serves sees for itself that it is lost
                await nc.publish(msg.reply, answer, headers=SPOKEN)
        except Exception:
            log.exception("an ask to %s could not be answered", service)


class _Asker:
    """One member at one service."""

    def __init__(self, who: MemberName, share: Share) -> None:
        self.who = who
        self.share = share
        self.waiting: deque[Msg] = deque()
        self.sids: list[int] = []
        self.task: asyncio.Task[None] | None = None


class _Service:
    """What is asked of one service by one connection."""

    def __init__(
        self,
        context: NodeContext,
        nc: SiteClient,
        name: str,
        answer: Callable[[Msg], Awaitable[None]],
        quota: Quota,
    ) -> None:
        self._context = context
        self._nc = nc
        self._name = name
        self._answer = answer
        self._quota = quota
        self._members: tuple[Member, ...] | None = None
        self._askers: dict[MemberName, _Asker] = {}
        self._used: set[_Asker] = set()

    async def run(self) -> None:
        while not self._nc.is_closed:
            await asyncio.sleep(GRANT_S)
            try:
                await self.look()
            except Failure:
                continue  # lost; whoever serves sees for itself
            except Exception:  # whatever it is: without this nobody is heard any more
                log.exception("the shares of %s could not be looked at", self._name)

    async def look(self) -> None:
        """Raises Failure."""
        await self._follow_members()
        now_s = time.monotonic()
        for asker in tuple(self._used):
            await self._grant(asker, now_s)
            if asker.share.is_exceeded(now_s):
                self._context.floods.note(asker.who.name, self._name, now_s)
            if asker.share.is_whole:
                self._used.discard(asker)

    async def _follow_members(self) -> None:
        """The node asks for itself too."""
        members = self._context.members()
        if members == self._members:
            return
        self._members = members
        present = {one.named for one in members} | {self._context.address.identity.named}
        for gone in self._askers.keys() - present:
            asker = self._askers.pop(gone)
            self._used.discard(asker)
            await self._nc.stop_listening(asker.sids)
        now_s = time.monotonic()
        for who in present - self._askers.keys():
            quota = QUICK if who.role == "site" else self._quota
            asker = self._askers[who] = _Asker(who, Share(quota, now_s))
            await self._grant(asker, now_s)

    async def _grant(self, asker: _Asker, now_s: float) -> None:
        more = asker.share.grant(now_s)
        if not more:
            return
        subject, take = f"{asks_of(self._name, asker.who)}.>", partial(self._take, asker)
        sid = await self._nc.listen_for(subject, f"vb-{self._name}", more, take)
        asker.sids = [*(one for one in asker.sids if self._nc.listens(one)), sid]

    def _take(self, asker: _Asker, msg: Msg) -> None:
        """Answered elsewhere than where all connections are read from."""
        asker.share.come()
        asker.waiting.append(msg)
        self._used.add(asker)
        if asker.task is None:
            asker.task = asyncio.create_task(self._work(asker), name=f"asks-{self._name}")

    async def _work(self, asker: _Asker) -> None:
        """Members take turns: who has asked most is not before others."""
        while asker.waiting and not self._nc.is_closed:
            await self._answer(asker.waiting.popleft())
            asker.share.answered()
            await asyncio.sleep(0)
        asker.task = None


def asked(msg: Msg) -> Ask | None:
    """None for what no member has said, or wants answered elsewhere than to itself."""
    tokens = msg.subject.split(".")
    role = role_in(msg.subject)
    if role is None or len(tokens) <= ASKED_KEY_AT or not is_spoken(msg):
        return None
    member = member_in(msg.subject)
    if not msg.reply.startswith(f"_INBOX_{member}."):
        return None
    return Ask(role, member, ".".join(tokens[ASKED_KEY_AT:]), msg.data)
