"""Nodes of a site tell each other of members and nodes, so that each can let everybody in.

On ``vb.site.papers``, which no member may hear or say: every ``TELL_S`` a digest of what a node
knows; who knows something else answers with all it knows, and the newest entry of each name stands.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Annotated, Final, Protocol

import msgspec
from msgspec import Meta
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from console.site.address import SiteAddress, SiteError
from console.site.log.client import close_client, come_in
from console.site.node.nodes import MAX_NODES, Node, NodePack, digest
from console.site.security.members import Member

log = logging.getLogger(__name__)

SUBJECT: Final = "vb.site.papers"
TELL_S: Final = 1.0
ADMIT: Final = "vb.site.admit"
FLUSH_S: Final = 2
ANSWER_S: Final = 5.0
RETRY_S: Final = 0.3
STOP_S: Final = 3.0
AT_ONCE: Final = 200
"""Members in one message, well below the server's limit of 64 KiB."""


class Told(msgspec.Struct, frozen=True):
    """``digest`` alone asks; members and nodes answer."""

    sender: Annotated[str, Meta(max_length=24)]
    digest: Annotated[str, Meta(max_length=64)] = ""
    members: Annotated[tuple[Member, ...], Meta(max_length=AT_ONCE)] = ()
    nodes: Annotated[tuple[Node, ...], Meta(max_length=MAX_NODES)] = ()


class Knowledge(Protocol):
    """What a node knows. Calls come from the peers' thread; they may raise SiteError, OSError."""

    def members(self) -> tuple[Member, ...]: ...
    def nodes(self) -> tuple[Node, ...]: ...
    def learn(self, members: tuple[Member, ...], nodes: tuple[Node, ...]) -> None: ...
    def admit(self) -> NodePack: ...


class Peers:
    """``address`` is where the node comes in just now: its own server and the others'."""

    def __init__(self, me: str, address: Callable[[], SiteAddress], knowledge: Knowledge) -> None:
        self._me = me
        self._address = address
        self._knowledge = knowledge
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._talk()), name="site-peers", daemon=True
        )
        self.rejected = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    async def _talk(self) -> None:
        """At every node's server: until they are one cluster none of them passes a word on."""
        talks: dict[str, asyncio.Task[None]] = {}
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
            try:
                await self._until_lost(nc)
            finally:
                await close_client(nc)
        except (NatsError, OSError, TimeoutError, SiteError) as error:
            log.debug("%s can't be told: %s", url, error or type(error).__name__)
        except Exception:
            log.exception("the other nodes can't be told")

    async def _until_lost(self, nc: Client) -> None:
        await nc.subscribe(SUBJECT, cb=partial(self._on_told, nc))
        await nc.subscribe(ADMIT, queue="nodes", cb=self._on_admit)
        before = ""
        while nc.is_connected and not self._stopping.is_set():
            members, nodes = self._knowledge.members(), self._knowledge.nodes()
            now = digest(members, nodes)
            if now != before:  # something is new here: no need to be asked
                await self._tell_all(nc, members, nodes)
                before = now
            await self._say(nc, Told(self._me, now))
            await nc.flush(FLUSH_S)
            await asyncio.sleep(TELL_S)

    async def _on_told(self, nc: Client, msg: Msg) -> None:
        try:
            told = msgspec.json.decode(msg.data, type=Told)
            if told.sender == self._me:
                return
            if told.members or told.nodes:
                await asyncio.to_thread(self._knowledge.learn, told.members, told.nodes)
        except (msgspec.DecodeError, UnicodeDecodeError, SiteError, OSError) as error:
            self.rejected += 1
            log.warning("another node's word can't be used: %s", error)
            return
        members, nodes = self._knowledge.members(), self._knowledge.nodes()
        if told.digest and told.digest != digest(members, nodes):
            await self._tell_all(nc, members, nodes)

    async def _on_admit(self, msg: Msg) -> None:
        try:
            given = await asyncio.to_thread(self._knowledge.admit)
        except (SiteError, OSError) as error:
            log.warning("another node can't be taken: %s", error)
            return
        await msg.respond(msgspec.json.encode(given))

    async def _tell_all(
        self, nc: Client, members: tuple[Member, ...], nodes: tuple[Node, ...]
    ) -> None:
        await self._say(nc, Told(self._me, nodes=nodes))
        for start in range(0, len(members), AT_ONCE):
            await self._say(nc, Told(self._me, members=members[start : start + AT_ONCE]))

    async def _say(self, nc: Client, told: Told) -> None:
        await nc.publish(SUBJECT, msgspec.json.encode(told))


def ask_to_admit(address: SiteAddress) -> NodePack:
    """Of the site's node, by a program of the same home. Raises SiteError."""
    try:
        return msgspec.json.decode(asyncio.run(_ask_to_admit(address)), type=NodePack)
    except (NatsError, OSError, TimeoutError, msgspec.DecodeError) as error:
        raise SiteError(f"the site takes no other node just now: {error}") from error


async def _ask_to_admit(address: SiteAddress) -> bytes:
    nc = await come_in(address.place.urls, address.identity, "site admit")
    try:
        async with asyncio.timeout(ANSWER_S):
            while True:
                with contextlib.suppress(NoRespondersError):  # it has only just come up
                    return bytes((await nc.request(ADMIT, b"", timeout=ANSWER_S)).data)
                await asyncio.sleep(RETRY_S)
    finally:
        await close_client(nc)
