"""Whether this node's copies of the log are those of the cluster's other nodes.

A nats-server (2.15) whose blocks are damaged passes over what it can't read, in a cluster too: the
copy is then shorter, or stands still, no other node fills it up, and every reader whose question
happens to come to it is answered from what is left. So each node compares its copies with the
others', and begins anew with one that lacks something, which both others have whole.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any, Final

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg

from console.site.log.clocks import APART_MS, instant_ms
from console.site.node.nodes import REPLICAS

PING: Final = "$SYS.REQ.SERVER.PING.JSZ"
ASK: Final = b'{"accounts": true, "streams": true, "config": true}'
ASK_ALL_S: Final = 0.7
"""So long servers have to answer."""
ACCOUNT: Final = "VB"
LOOKS: Final = 4
"""So often in a row a copy must be found to lack the same: what age takes away goes at each node at
a moment of its own."""
STUCK_S: Final = 20.0
"""A copy that is behind and has not moved for so long is not being filled up."""
APART_S: Final = APART_MS / 1_000 + 60.0
"""By more than this, what age takes away goes at no node before the others': each goes by its own
clock, and servers look once a minute or so."""
FULL_SHARE: Final = 0.9
_NAME: Final = re.compile(r"\A[\w-]{1,64}\Z")


class Copy(msgspec.Struct, frozen=True):
    """One node's of one stream. ``group`` is the servers' own, that keeps its copies together."""

    created: str
    group: str
    first: int
    last: int
    messages: int
    bytes: int
    oldest_s: float  # unix seconds; of an empty one there is none
    newest_s: float
    max_age_s: float
    max_bytes: int
    keeps_all: bool  # of each subject


class Lacking(msgspec.Struct, frozen=True):
    """A stream of which this node's copy is damaged."""

    stream: str
    group: str


Copies = Mapping[str, Copy]
"""By stream."""


class ReplicaWatch:
    """Of the node's server ``me``. ``lacking``: to be begun anew, as all other nodes have it whole;
    ``unmendable``: what this node lacks and not all others have."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._found: dict[str, int] = {}  # by stream, in how many looks
        self._stood: dict[str, tuple[Copy, float]] = {}  # by stream, since when it has been so
        self.lacking: tuple[Lacking, ...] = ()
        self.unmendable: tuple[str, ...] = ()
        self.whole: frozenset[str] = frozenset()
        """Streams of which this copy is the same as the others' just now."""

    @property
    def is_suspicious(self) -> bool:
        return bool(self._found)

    def look(self, seen: Mapping[str, Copies], now_s: float, clock_s: float) -> None:
        """``seen`` is by server, ``now_s`` by the wall's clock."""
        mine = seen.get(self._me, {})
        others = [copies for name, copies in seen.items() if name != self._me]
        lacks = {
            name for name, copy in mine.items() if self._lacks(name, copy, others, now_s, clock_s)
        }
        self._found = {name: self._found.get(name, 0) + 1 for name in lacks}
        sure = sorted(name for name, times in self._found.items() if times >= LOOKS)
        mendable = [name for name in sure if _are_whole(mine[name], _of(name, others), now_s)]
        self.lacking = tuple(Lacking(name, mine[name].group) for name in mendable)
        self.unmendable = tuple(name for name in sure if name not in mendable)
        self.whole = frozenset(
            name
            for name, copy in mine.items()
            if name not in lacks and all(copy.last >= one.last for one in _of(name, others))
        )

    def _lacks(
        self, name: str, mine: Copy, others: Iterable[Copies], now_s: float, clock_s: float
    ) -> bool:
        theirs = _of(name, others)
        stood = self._stood.get(name)
        if stood is None or stood[0].last != mine.last or stood[0].messages != mine.messages:
            self._stood[name] = stood = (mine, clock_s)
        is_stuck = clock_s - stood[1] >= STUCK_S
        return any(
            (is_stuck and mine.last < one.last) or lacks(mine, one, now_s)
            for one in theirs
            if one.created == mine.created
        )


def _of(name: str, all_copies: Iterable[Copies]) -> list[Copy]:
    return [copies[name] for copies in all_copies if name in copies]


def _are_whole(mine: Copy, others: Sequence[Copy], now_s: float) -> bool:
    """Whether all other nodes have it, and the same of it: then this one's copy is not needed."""
    return (
        len(others) >= REPLICAS - 1
        and all(one.created == mine.created and one.last >= mine.last for one in others)
        and not any(lacks(one, other, now_s) for one, other in permutations(others, 2))
    )


def lacks(mine: Copy, theirs: Copy, now_s: float) -> bool:
    """Whether something is missing here that is there, and that can't have gone by itself. A copy
    that has not come as far lacks nothing yet."""
    missing = theirs.messages - mine.messages
    if mine.last < theirs.last or missing <= 0:
        return False
    if not _may_go(theirs, now_s):
        return True
    if not mine.messages:
        return not theirs.max_age_s or theirs.newest_s + theirs.max_age_s > now_s + APART_S
    is_torn = theirs.keeps_all and missing > mine.first - theirs.first
    return is_torn or mine.oldest_s > theirs.oldest_s + APART_S


def _may_go(copy: Copy, now_s: float) -> bool:
    """Whether its oldest go by age or size about now."""
    is_over = copy.max_age_s and copy.oldest_s + copy.max_age_s <= now_s + APART_S
    return bool(is_over) or copy.bytes >= copy.max_bytes * FULL_SHARE


async def copies_at_all(control: Client) -> dict[str, Copies]:
    """Of every server of the cluster, by its name. ``control`` is a server's, of its system user.
    Raises nats errors, OSError, TimeoutError."""
    found: dict[str, Copies] = {}

    async def on_answer(msg: Msg) -> None:
        said = json.loads(msg.data)
        found[str(said["server"]["name"])] = _copies_in(said.get("data") or {})

    inbox = control.new_inbox()
    subscription = await control.subscribe(inbox, cb=on_answer)
    try:
        await control.publish(PING, ASK, reply=inbox)
        await asyncio.sleep(ASK_ALL_S)
    finally:
        await subscription.unsubscribe()
    return found


def _copies_in(said: Mapping[str, Any]) -> dict[str, Copy]:
    """Of what a server says of its JetStream."""
    accounts = [one for one in said.get("account_details") or () if one.get("name") == ACCOUNT]
    streams = (one for account in accounts for one in account.get("stream_detail") or ())
    return {str(one["name"]): _copy(one) for one in streams if one.get("cluster")}


def _copy(one: Mapping[str, Any]) -> Copy:
    state, config = one["state"], one.get("config") or {}
    max_bytes = config.get("max_bytes", -1)
    return Copy(
        created=str(one.get("created", "")),
        group=str(one["cluster"].get("raft_group", "")),
        first=state["first_seq"],
        last=state["last_seq"],
        messages=state["messages"],
        bytes=state["bytes"],
        oldest_s=instant_ms(state.get("first_ts", "")) / 1_000,
        newest_s=instant_ms(state.get("last_ts", "")) / 1_000,
        max_age_s=config.get("max_age", 0) / 1e9,
        max_bytes=max_bytes if max_bytes > 0 else 2**63,
        keeps_all=config.get("max_msgs_per_subject", -1) < 0,
    )


def forget_copy(store: Path, one: Lacking) -> None:
    """Of a server that does not run; it gets all of it from the others when it is started. Raises
    OSError."""
    jetstream = store / "jetstream"
    for name, folder in (
        (one.stream, jetstream / ACCOUNT / "streams"),
        (one.group, jetstream / "SYS" / "_js_"),
    ):
        if _NAME.match(name) and (folder / name).exists():
            shutil.rmtree(folder / name)
