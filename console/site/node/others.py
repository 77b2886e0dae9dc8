"""The site's other nodes, as who may read this one's folder asks about them: taken in, taken out.

A node is taken out of the cluster first, then of the list: once it is out of the list nobody lets
it in, by its certificate or by the key that it shows the other nodes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.errors import Error as NatsError

from console.site.address import SiteAddress, SiteError
from console.site.log.client import close_client, come_in
from console.site.node.joining import NodePack
from console.site.node.keeper import ServerKeeper
from console.site.node.membership import Membership
from console.site.node.nodes import KnownNode, Node
from console.site.node.papers import new_change

log = logging.getLogger(__name__)

ANSWER_S: Final = 3.0
ASK_ALL_S: Final = 0.7
"""So long servers have to say that they are there."""
GONE_S: Final = 5.0
POLL_S: Final = 0.2
REMOVE: Final = "$JS.API.SERVER.REMOVE"
PING: Final = "$SYS.REQ.SERVER.PING.IDZ"
Failure = (NatsError, OSError, TimeoutError, ValueError, KeyError, TypeError)


class Others:
    """``answers``: whether a node has said something within seconds."""

    def __init__(
        self, keeper: ServerKeeper, membership: Membership, answers: Callable[[str], bool]
    ) -> None:
        self._keeper = keeper
        self._membership = membership
        self._answers = answers

    @property
    def is_waiting(self) -> bool:
        return self._keeper.server is None

    def expect(self) -> None:
        self._keeper.expect()

    def admit(self, name: str) -> NodePack:
        return self._keeper.admit(name)

    def known(self) -> tuple[KnownNode, ...]:
        me = self._keeper.me
        return tuple(
            KnownNode(
                name=node.name,
                url=node.url,
                answers=node.name == me or (not node.removed and self._answers(node.name)),
                me=node.name == me,
                removed=node.removed,
            )
            for node in self._keeper.nodes.nodes
        )

    def remove(self, name: str) -> None:
        """Blocks for some seconds. Raises SiteError, OSError."""
        node = self._removable(name)
        if self._keeper.is_clustered:
            try:
                asyncio.run(_remove_peer(self._keeper.own_server(), name))
            except Failure as error:
                raise SiteError(
                    f"{name} could not be taken out just now ({error or type(error).__name__}): "
                    "try again in a moment"
                ) from error
        self._keeper.take_out(node)
        for member in self._membership.present():
            if member.name in node.positions:
                gone = msgspec.structs.replace(member, revoked=True, changed=new_change())
                self._membership.change(gone)

    def _removable(self, name: str) -> Node:
        """Raises SiteError with why not."""
        keeper = self._keeper
        node = keeper.nodes.find(name)
        if node is None:
            raise SiteError(f"{name} is no node of this site; `vaktbord site --nodes` shows them")
        if name == keeper.me:
            raise SiteError(f"{name} is this node; take it out at another one")
        if self._answers(name):
            raise SiteError(
                f"{name} runs: end it there first (`vaktbord site --stop`), then take it out"
            )
        if not keeper.has_log_of(name):
            raise SiteError(
                f"{name} has the log alone still, and without it all of that is gone: bring it back"
            )
        if keeper.nodes.formed and not keeper.is_clustered:
            raise SiteError("the nodes are just becoming one cluster; try again in a moment")
        return node


class Cluster:
    """The servers' own group, which knows who holds what."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc

    async def group(self) -> tuple[set[str], str]:
        """The names of all of it, and its leader, "" = none."""
        server = self._nc._server_info["server_id"]  # nats-py tells it nowhere else
        asked = await self._nc.request(f"$SYS.REQ.SERVER.{server}.JSZ", b"{}", timeout=ANSWER_S)
        data = json.loads(asked.data)["data"]
        meta = data["meta_cluster"]
        me = self._nc._server_info["server_name"]
        names = {str(one["name"]) for one in meta.get("replicas") or []}
        return {me, *names}, str(meta.get("leader", ""))

    async def running(self) -> set[str]:
        """Servers that say that they are there."""
        inbox = self._nc.new_inbox()
        heard = await self._nc.subscribe(inbox)
        await self._nc.publish(PING, b"", reply=inbox)
        until_s = time.monotonic() + ASK_ALL_S
        found = set()
        with contextlib.suppress(TimeoutError, NatsError):
            while (left_s := until_s - time.monotonic()) > 0:
                said = json.loads((await heard.next_msg(left_s)).data)
                found.add(str(said["name"]))
        return found


async def _remove_peer(at: SiteAddress, name: str) -> None:
    nc = await come_in(at.place.urls, at.identity, "site nodes")
    try:
        cluster = Cluster(nc)
        group, leader = await cluster.group()
        running = await cluster.running()
        check_majority(group, running, name)
        if name not in group:  # it has never come up, or is out already
            return
        if not leader:
            raise SiteError("the nodes have no leader just now; try again in a moment")
        said = await nc.request(REMOVE, json.dumps({"peer": name}).encode(), timeout=ANSWER_S)
        answer = json.loads(said.data)
        if not answer.get("success"):
            raise SiteError(f"the cluster refused it: {answer.get('error', {})}")
        until_s = time.monotonic() + GONE_S
        while name in (await cluster.group())[0]:
            if time.monotonic() > until_s:
                raise TimeoutError("it is not out of the cluster yet")
            await asyncio.sleep(POLL_S)
    finally:
        await close_client(nc)


def check_majority(group: set[str], running: set[str], name: str) -> None:
    """Raises SiteError when the cluster can't do it, or could do nothing afterwards."""
    if name in running:
        raise SiteError(f"the server of {name} runs: end it there first, then take it out")
    for left in (group, group - {name}):
        if len(running & left) <= len(left) // 2:
            silent = ", ".join(sorted(left - running - {name})) or "none"
            raise SiteError(
                f"of {len(group)} nodes {len(running & group)} answer: that is no majority, so "
                f"nothing can be taken out. Bring another one back first (silent too: {silent})"
            )
