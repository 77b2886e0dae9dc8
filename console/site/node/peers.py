"""Nodes of a site tell each other of members, persons, nodes and the site's policy, so that each
can let everybody in.

On ``vb.site.papers``, which no member may hear or say: every ``TELL_S`` a digest of what a node
knows; who knows something else answers with all it knows, and the newest entry of each name stands.
Wrong PINs are told there too, once, so that all nodes together allow no more than one would.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Annotated, Final, Protocol

import msgspec
from msgspec import Meta
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from console.site.address import SiteAddress, SiteError
from console.site.log.client import Failure, close_client, come_in
from console.site.node.nodes import Nodes, digest
from console.site.node.people import Tried
from console.site.node.policy import Policy
from console.site.security.members import Member
from console.site.security.persons import Person
from console.site.worker import Worker

log = logging.getLogger(__name__)

SUBJECT: Final = "vb.site.papers"
TELL_S: Final = 1.0
FLUSH_S: Final = 2
RETRY_S: Final = 0.3
FRESH_S: Final = 4.0
"""So long after its last word a node counts as running."""
NEWS_S: Final = 0.1
"""So often it is looked whether something is new here."""
AT_ONCE: Final = 80
"""Members or persons in one message, well below the server's limit of 64 KiB."""
REFUSED: Final = "authorization violation"
"""nats-py has no kind of its own for it."""
REFUSALS: Final = 10
"""In a row, until it is said that a node doesn't let this one in: those who have just joined are
let in within seconds."""


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """``digest`` alone asks; the rest answers, and tells of what has just happened."""

    sender: Annotated[str, Meta(max_length=24)]
    digest: Annotated[str, Meta(max_length=64)] = ""
    members: Annotated[tuple[Member, ...], Meta(max_length=AT_ONCE)] = ()
    persons: Annotated[tuple[Person, ...], Meta(max_length=AT_ONCE)] = ()
    nodes: Nodes | None = None
    policy: Policy | None = None
    tried: Tried | None = None


class Known(msgspec.Struct, frozen=True):
    """All that a node knows and the others are to know."""

    members: tuple[Member, ...]
    persons: tuple[Person, ...]
    nodes: Nodes
    policy: Policy

    @property
    def digest(self) -> str:
        return digest(self.members, self.nodes, self.persons, self.policy.changed)


class Knowledge(Protocol):
    """Calls come from threads of the peers'; they may raise SiteError, OSError."""

    def all(self) -> Known: ...
    def learn(self, told: Told) -> None: ...


class Peers(Worker):
    """``address`` is where the node comes in just now: its own server and the others'."""

    THREAD = "site-peers"
    END_S = 3.0

    def __init__(self, me: str, address: Callable[[], SiteAddress], knowledge: Knowledge) -> None:
        super().__init__()
        self._me = me
        self._address = address
        self._knowledge = knowledge
        self._news = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections: set[Client] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self._refused: dict[str, int] = {}
        self._heard_s: dict[str, float] = {}
        self.rejected = 0

    def tell_soon(self) -> None:
        """Something is new here; from any thread."""
        self._news += 1

    def tell_tried(self, tried: Tried) -> None:
        """From any thread; lost with who hears nothing just now."""
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                loop.call_soon_threadsafe(self._tell_tried, Told(self._me, tried=tried))

    def answers(self, name: str) -> bool:
        """Whether that node has said something within seconds."""
        return time.monotonic() - self._heard_s.get(name, float("-inf")) < FRESH_S

    async def _keep(self) -> None:
        """At every node's server: until they are one cluster none of them passes a word on."""
        talks: dict[str, asyncio.Task[None]] = {}
        self._loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            for url in self._address().place.urls:
                if url not in talks or talks[url].done():
                    talks[url] = asyncio.create_task(self._talk_at(url), name=f"site-peers-{url}")
            for url in talks.keys() - set(self._address().place.urls):
                talks.pop(url).cancel()
            await asyncio.sleep(RETRY_S)
        await asyncio.gather(*talks.values(), return_exceptions=True)

    async def _talk_at(self, url: str) -> None:
        try:
            nc = await come_in((url,), self._address().identity, "site peers")
            self._refused.pop(url, None)
            self._connections.add(nc)
            try:
                await self._until_lost(nc)
            finally:
                self._connections.discard(nc)
                await close_client(nc)
        except (NatsError, OSError, TimeoutError, SiteError) as error:
            self._not_told(url, error)
        except Exception:
            log.exception("the other nodes can't be told")

    def _not_told(self, url: str, error: Exception) -> None:
        log.debug("%s can't be told: %s", url, error or type(error).__name__)
        if REFUSED not in str(error).lower():
            self._refused.pop(url, None)
            return
        self._refused[url] = self._refused.get(url, 0) + 1
        if self._refused[url] == REFUSALS:
            log.warning(
                "%s does not let this node in: it was taken out of the site, or is new", url
            )

    async def _until_lost(self, nc: Client) -> None:
        await nc.subscribe(SUBJECT, cb=partial(self._on_told, nc))
        before = ""
        while nc.is_connected and not self._stopping.is_set():
            known = await asyncio.to_thread(self._knowledge.all)
            if known.digest != before:  # something is new here: no need to be asked
                await self._tell_all(nc, known)
                before = known.digest
            await self._say(nc, Told(self._me, known.digest))
            await nc.flush(FLUSH_S)
            await self._wait_for_news()

    async def _wait_for_news(self) -> None:
        until_s = time.monotonic() + TELL_S
        heard = self._news
        while heard == self._news and time.monotonic() < until_s and not self._stopping.is_set():
            await asyncio.sleep(NEWS_S)

    async def _on_told(self, nc: Client, msg: Msg) -> None:
        try:
            told = msgspec.json.decode(msg.data, type=Told)
            if told.sender == self._me:
                return
            self._heard_s[told.sender] = time.monotonic()
            if not told.digest:
                await asyncio.to_thread(self._knowledge.learn, told)
                return
            known = await asyncio.to_thread(self._knowledge.all)
        except (msgspec.DecodeError, UnicodeDecodeError, SiteError, OSError) as error:
            self.rejected += 1
            log.warning("another node's word can't be used: %s", error)
            return
        if told.digest != known.digest:
            await self._tell_all(nc, known)

    def _tell_tried(self, told: Told) -> None:
        for nc in self._connections:
            task = asyncio.get_running_loop().create_task(self._say_if_possible(nc, told))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _say_if_possible(self, nc: Client, told: Told) -> None:
        with contextlib.suppress(*Failure):
            await self._say(nc, told)

    async def _tell_all(self, nc: Client, known: Known) -> None:
        await self._say(nc, Told(self._me, nodes=known.nodes))
        await self._say(nc, Told(self._me, policy=known.policy))
        for start in range(0, len(known.members), AT_ONCE):
            part = known.members[start : start + AT_ONCE]
            await self._say(nc, Told(self._me, members=part))
        for start in range(0, len(known.persons), AT_ONCE):
            await self._say(nc, Told(self._me, persons=known.persons[start : start + AT_ONCE]))

    async def _say(self, nc: Client, told: Told) -> None:
        await nc.publish(SUBJECT, msgspec.json.encode(told))
