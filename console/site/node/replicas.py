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

from console.site.address import SiteError
from console.site.log.clocks import APART_MS, instant_ms
from console.site.node.nodes import REPLICAS

PING: Final = "$SYS.REQ.SERVER.PING.JSZ"
ASK: Final = b'{"accounts": true, "streams": true, "config": true}'
ASK_ALL_S: Final = 0.7
"""So long servers have to answer."""
ACCOUNT: Final = "VB"
LOOKS: Final = 4
SURE_S: Final = 10.0
"""So often in a row, and for so long, a copy must be found to lack something: what age, a purge or
another policy takes away goes at each node at a moment of its own."""
TURN_S: Final = 15.0
"""Where several nodes have damaged copies, of different streams, each gives up its own later by so
much than the one before, in the order of their names: two at once would be no majority."""
STUCK_S: Final = 45.0
"""A copy that has been behind and has not moved for so long is not being filled up. nats-server
(2.15) takes up to 30 s to see that nothing comes any more, as when the leader changes, and begins
again then."""
UNMENDED_S: Final = 60.0
"""So long it may take until the others are there, and whole."""
APART_S: Final = APART_MS / 1_000 + 60.0
"""What age takes away goes at no node so long before the others': each goes by its own clock, and
servers look once a minute or so."""
FULL_SHARE: Final = 0.9
GIVEN_UP: Final = "given-up"
"""Of the store's folder, where copies are on their way to be removed."""
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
    at_s: float = 0.0  # when it was so, by its server's clock


class Lacking(msgspec.Struct, frozen=True):
    """A stream of which this node's copy is damaged."""

    stream: str
    group: str


Copies = Mapping[str, Copy]
"""By stream."""


class ReplicaWatch:
    """Of the node's server ``me``. ``sure``: streams that lack something. ``lacking``: of those,
    to be begun anew, as all other nodes have it whole; ``unmendable``: not all others have."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._found: dict[str, tuple[int, float]] = {}  # by stream, in how many looks, since when
        self._unmended: dict[str, float] = {}  # by stream, since when it is sure
        self._stood: dict[str, tuple[int, int, float]] = {}  # behind, and since when
        self._stuck: set[str] = set()
        self._fronts: dict[tuple[str, str], tuple[int, float]] = {}
        self._were: dict[str, int] = {}  # by stream, how far the others were a look ago
        self._was: dict[str, int] = {}  # and this copy
        self.sure: tuple[str, ...] = ()
        self.lacking: tuple[Lacking, ...] = ()
        self.unmendable: tuple[str, ...] = ()
        self.whole: frozenset[str] = frozenset()
        """Streams of which this copy is the same as the others' just now."""

    @property
    def is_suspicious(self) -> bool:
        return bool(self._found)

    @property
    def suspected(self) -> Iterable[str]:
        """Streams that seem to lack something just now."""
        return self._found.keys()

    def look(self, seen: Mapping[str, Copies], clock_s: float) -> None:
        """``seen`` is by server, ``clock_s`` goes on steadily."""
        mine = seen.get(self._me, {})
        others = _but(self._me, seen)
        self.lacking, self.whole = (), frozenset()
        if not others:  # as after a start: nothing is known
            return
        self._stuck.clear()
        if self._is_being_filled(mine):
            self._stood.clear()
        lacks = {name for name, copy in mine.items() if self._lacks(name, copy, others, clock_s)}
        found = {name: self._found.get(name, (0, clock_s)) for name in lacks}
        self._found = {name: (times + 1, since) for name, (times, since) in found.items()}
        self._judge(mine, others, self._wait_s(seen), clock_s)
        self._note_whole({name: copy for name, copy in mine.items() if name not in lacks}, others)

    def _wait_s(self, seen: Mapping[str, Copies]) -> float:
        """How long a copy must lack something."""
        before = {node for node in seen if node < self._me}
        damaged = any(_has_damage(seen[node], _but(node, seen)) for node in before)
        return SURE_S + (TURN_S * len(before) if damaged else 0.0)

    def _judge(
        self, mine: Copies, others: Mapping[str, Copies], wait_s: float, clock_s: float
    ) -> None:
        sure = self.sure = tuple(
            name
            for name, (times, since) in sorted(self._found.items())
            if times >= LOOKS and clock_s - since >= wait_s
        )
        mendable = [name for name in sure if self._is_mendable(mine[name], name, others)]
        self.lacking = tuple(Lacking(name, mine[name].group) for name in mendable)
        self._unmended = {
            name: self._unmended.get(name, clock_s) for name in sure if name not in mendable
        }
        self.unmendable = tuple(
            name for name, since in self._unmended.items() if clock_s - since >= UNMENDED_S
        )

    def _is_mendable(self, mine: Copy, name: str, others: Mapping[str, Copies]) -> bool:
        theirs = _of(name, others.values())
        if name in self._stuck and any(one.last <= mine.last for one in theirs):
            return False  # another one stands as this does
        return _are_whole(mine, theirs)

    def _note_whole(self, sound: Copies, others: Mapping[str, Copies]) -> None:
        """A log that grows is never as far everywhere: it is enough to have come to where the
        others were a look ago. Where not all of them have answered nobody knows."""
        theirs = {name: _of(name, others.values()) for name in sound}
        far = {
            name: max(one.last for one in copies)
            for name, copies in theirs.items()
            if len(copies) >= REPLICAS - 1
        }
        self.whole = frozenset(
            name for name, last in far.items() if sound[name].last >= self._were.get(name, last)
        )
        self._were = far

    def _lacks(self, name: str, mine: Copy, others: Mapping[str, Copies], clock_s: float) -> bool:
        theirs = {
            node: copies[name]
            for node, copies in others.items()
            if name in copies and copies[name].created == mine.created
        }
        is_stuck = self._is_stuck(name, mine, theirs.values(), clock_s)
        fronts = [
            self._is_front_lost((name, node), mine, one, clock_s) for node, one in theirs.items()
        ]
        return is_stuck or any(fronts) or any(lacks(mine, one) for one in theirs.values())

    def _is_being_filled(self, mine: Copies) -> bool:
        """Some copy is, as after days away: the others may wait for their turn."""
        was, self._was = self._was, {name: copy.last for name, copy in mine.items()}
        return any(
            was.get(name, copy.last) < copy.last < self._were.get(name, 0)
            for name, copy in mine.items()
        )

    def _is_stuck(self, name: str, mine: Copy, theirs: Iterable[Copy], clock_s: float) -> bool:
        """Behind, and not moving: a quiet stream stands still too, and is one behind for a moment
        whenever something comes."""
        if all(mine.last >= one.last for one in theirs):
            self._stood.pop(name, None)
            return False
        last, messages, since = self._stood.get(name, (-1, -1, clock_s))
        if (last, messages) != (mine.last, mine.messages):
            since = clock_s
        self._stood[name] = (mine.last, mine.messages, since)
        if clock_s - since < STUCK_S:
            return False
        self._stuck.add(name)
        return True

    def _is_front_lost(
        self, key: tuple[str, str], mine: Copy, theirs: Copy, clock_s: float
    ) -> bool:
        """What has gone by age here goes there within minutes, by its clock; what has not is not
        old. Times alone don't tell: where something is said once a week, one message more or less
        is a week."""
        if _missing(mine, theirs) <= 0 or not _may_go(mine, theirs):
            self._fronts.pop(key, None)
            return False
        first, since = self._fronts.get(key, (mine.first, clock_s))
        if theirs.first >= first:
            first, since = mine.first, clock_s
        self._fronts[key] = (first, since)
        return clock_s - since > max(APART_S, abs(mine.at_s - theirs.at_s) + 60.0)


def _but(node: str, seen: Mapping[str, Copies]) -> dict[str, Copies]:
    return {name: copies for name, copies in seen.items() if name != node}


def _has_damage(copies: Copies, others: Mapping[str, Copies]) -> bool:
    return any(
        lacks(copy, one) for name, copy in copies.items() for one in _of(name, others.values())
    )


def _of(name: str, all_copies: Iterable[Copies]) -> list[Copy]:
    return [copies[name] for copies in all_copies if name in copies]


def _are_whole(mine: Copy, others: Sequence[Copy]) -> bool:
    """Whether all other nodes have it, and the same of it: then this one's copy is not needed."""
    return (
        len(others) >= REPLICAS - 1
        and all(one.created == mine.created and one.last >= mine.last for one in others)
        and not any(_may_lack(one, other) for one, other in permutations(others, 2))
    )


def lacks(mine: Copy, theirs: Copy) -> bool:
    """Whether something is missing here that is there, and that can't have gone by itself. What
    this one has not come to yet is not missing."""
    missing = _missing(mine, theirs)
    if missing <= 0:
        return False
    if not _may_go(mine, theirs):
        return True
    gone = mine.first - theirs.first  # the most that can have gone from the front
    return missing > gone if theirs.keeps_all else gone <= 0


def _may_lack(mine: Copy, theirs: Copy) -> bool:
    """As :func:`lacks`, and also where it can't be told yet from what age takes away."""
    is_shorter = not mine.messages or mine.oldest_s > theirs.oldest_s + APART_S
    return lacks(mine, theirs) or (_missing(mine, theirs) > 0 and is_shorter)


def _missing(mine: Copy, theirs: Copy) -> int:
    """At least so many; of what goes by other limits, which one of them knows already, nothing can
    be said."""
    if (mine.max_age_s, mine.max_bytes) != (theirs.max_age_s, theirs.max_bytes):
        return 0
    return theirs.messages - mine.messages - max(0, theirs.last - mine.last)


def _may_go(mine: Copy, theirs: Copy) -> bool:
    """Whether its oldest go by age or size about now, by the clock of either."""
    now_s = max(mine.at_s, theirs.at_s)
    is_over = theirs.max_age_s and theirs.oldest_s + theirs.max_age_s <= now_s + APART_S
    return bool(is_over) or theirs.bytes >= theirs.max_bytes * FULL_SHARE


async def copies_at_all(control: Client) -> dict[str, Copies]:
    """Of every server of the cluster, by its name. ``control`` is a server's, of its system user.
    Raises nats errors, OSError, TimeoutError."""
    found: dict[str, Copies] = {}

    async def on_answer(msg: Msg) -> None:
        said = json.loads(msg.data)
        server = said["server"]
        at_s = instant_ms(server.get("time", "")) / 1_000
        found[str(server["name"])] = _copies_in(said.get("data") or {}, at_s)

    inbox = control.new_inbox()
    subscription = await control.subscribe(inbox, cb=on_answer)
    try:
        await control.publish(PING, ASK, reply=inbox)
        await asyncio.sleep(ASK_ALL_S)
    finally:
        await subscription.unsubscribe()
    return found


def _copies_in(said: Mapping[str, Any], at_s: float) -> dict[str, Copy]:
    """Of what a server says of its JetStream, by its clock then."""
    accounts = [one for one in said.get("account_details") or () if one.get("name") == ACCOUNT]
    streams = (one for account in accounts for one in account.get("stream_detail") or ())
    return {str(one["name"]): _copy(one, at_s) for one in streams if one.get("cluster")}


def _copy(one: Mapping[str, Any], at_s: float) -> Copy:
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
        at_s=at_s,
    )


def forget_copy(store: Path, one: Lacking) -> None:
    """Of a server that does not run; it gets all of it from the others when it is started. Raises
    OSError, and SiteError for what can't be told which it is."""
    if not (_NAME.match(one.stream) and _NAME.match(one.group)):
        raise SiteError(f"{one.stream} is not made anew: its copy's group is {one.group!r}")
    jetstream, aside = store / "jetstream", store / GIVEN_UP
    shutil.rmtree(aside, ignore_errors=True)  # of one that was ended in the midst of this
    aside.mkdir(mode=0o700)
    # The group's record first: a server that has that, and an empty stream, takes itself to be up
    # to date. The other way round it goes on with what it has, and is found damaged once more.
    for folder in (
        jetstream / "SYS" / "_js_" / one.group,
        jetstream / ACCOUNT / "streams" / one.stream,
    ):
        if folder.exists():
            folder.rename(aside / folder.name)  # at once, whatever comes
    shutil.rmtree(aside, ignore_errors=True)
