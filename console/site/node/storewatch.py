"""Watches the store of this node's server: the room on its disk, and whether it can be written.

A nats-server (2.15) that finds no room for a stream's message writes that stream no more, also when
there is room again, until it is started anew; it goes on serving, and says so only in its log and
its health. So the health is asked here, and told to everybody; the node starts its server again
when there is room. What the disk has lost is looked for too: of a node alone beside what was there
before (:mod:`logrecord`), of one of several beside the others' copies (:mod:`copywatch`). And who
says so much that others may not be heard is told of (:mod:`talkers`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from nats.aio.client import Client

from console.site.address import SiteAddress, SiteError
from console.site.log.client import Failure, close_client, come_in
from console.site.log.spoken import SPOKEN
from console.site.log.store_state import Condition, StoreState, state_of, subject_of
from console.site.node.copywatch import CopyWatch
from console.site.node.logrecord import LogRecord
from console.site.node.replicas import Lacking
from console.site.node.talkers import Talker, loud, sentence, talkers
from console.site.worker import Worker

log = logging.getLogger(__name__)

LOOK_S: Final = 5.0
LOOK_SOON_S: Final = 1.0
"""While something is wrong."""
RETRY_S: Final = 1.0
LOG_EVERY_S: Final = 10.0
LOUD_EVERY_S: Final = 10.0
ANSWER_S: Final = 3.0
STEP_S: Final = 0.1
WRITE_ERROR: Final = "write error"
NO_STORE: Final = ("not enabled", "disabled")
"""What nats-server's health says of a stream that it writes no more, and of JetStream that it has
turned off."""
ALL: Final = "JetStream"
WORDS: Final[dict[Condition, str]] = {
    "well": "the disk of the event log has room again: %d MB",
    "low": "the disk of the event log is nearly full: %d MB are left",
    "full": "the disk of the event log is full: %d MB are left. What is said waits where it was "
    "said; make room. `vaktbord site --status` tells the rest",
    "failed": "the event log can't be written, though %d MB are free",
}


class StoreWatch(Worker):
    """``folder`` (``<home>/site``) lies on the store's disk. ``server`` is this node's, asked as
    its system user, None while it runs none; ``voice`` the same, as the node itself. ``has_log``:
    whether this node alone holds the log, and its streams are made. ``copies`` is for one of
    several. ``by_hand``: somebody else starts the server; ``on_loud`` gets each member that says
    far too much, every :data:`LOUD_EVERY_S` (this thread)."""

    THREAD = "site-store"
    END_S = 2.0

    def __init__(
        self,
        folder: Path,
        server: Callable[[], SiteAddress | None],
        voice: Callable[[], SiteAddress],
        has_log: Callable[[], bool],
        copies: CopyWatch,
        *,
        on_loud: Callable[[str], None],
        by_hand: bool = False,
    ) -> None:
        super().__init__()
        self._on_loud = on_loud
        self._by_hand = by_hand
        self._has_log = has_log
        self._copies = copies
        self._folder = folder
        self._server = server
        self._voice = voice
        self._condition: Condition = "well"
        self.state: StoreState | None = None

    @property
    def wants_restart(self) -> bool:
        """Whether the server would write again if it were started anew."""
        state = self.state
        return state is not None and bool(state.failed) and state.has_room

    @property
    def wants_new_copies(self) -> tuple[Lacking, ...]:
        """Those of this node that are damaged, and whole at all others. A disk that takes nothing
        takes no new copy either; a copy that is damaged may be what can't be written."""
        state, lacking = self.state, self._copies.lacking
        if state is None or not state.has_room:
            return ()
        others = set(state.failed).difference(one.stream for one in lacking)
        return () if others else lacking

    def forget(self) -> None:
        """Another server is there."""
        self.state = None
        self._copies.forget()

    async def _keep(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._until_lost()
            except (*Failure, SiteError) as error:
                log.debug("the server's store can't be watched: %s", error)
            except Exception:
                log.exception("the server's store can't be watched")
            await self._pause(RETRY_S)

    async def _until_lost(self) -> None:
        server = self._server()
        if server is None:
            return
        async with contextlib.AsyncExitStack() as opened:
            control, voice = await _come_in(opened, server), await _come_in(opened, self._voice())
            record, look_s = LogRecord(self._folder, voice), 0.0
            louder = _Louder(self._on_loud)
            while not self._stopping.is_set() and not control.is_closed:
                failed = await failed_streams(control)
                state = look(self._folder, failed, by_hand=self._by_hand)
                state = msgspec.structs.replace(state, lacks=self._copies.unmendable)
                self._note(state)
                subject = subject_of(self._voice().identity.name)
                await voice.publish(subject, msgspec.json.encode(state), headers=SPOKEN)
                if self._has_log() and time.monotonic() >= look_s:
                    await _look_at_log(record)
                    look_s = time.monotonic() + LOG_EVERY_S
                await self._copies.look(control, voice)
                await louder.look(control)
                is_well = state.condition == "well" and not self._copies.is_suspicious
                await self._pause(LOOK_S if is_well else LOOK_SOON_S)

    async def _pause(self, pause_s: float) -> None:
        """In short steps, so that the end is not kept waiting."""
        until_s = asyncio.get_running_loop().time() + pause_s
        while not self._stopping.is_set() and asyncio.get_running_loop().time() < until_s:
            await asyncio.sleep(STEP_S)

    def _note(self, state: StoreState) -> None:
        self.state = state
        if state.condition != self._condition:
            self._condition = state.condition
            log.log(
                logging.INFO if state.condition == "well" else logging.ERROR,
                WORDS[state.condition],
                state.free // 10**6,
            )


class _Louder:
    """Of one connection to the server, which may be too busy to answer."""

    def __init__(self, on_loud: Callable[[str], None]) -> None:
        self._on_loud = on_loud
        self._heard: Mapping[int, Talker] = {}
        self._heard_s = float("-inf")

    async def look(self, control: Client) -> None:
        passed_s = time.monotonic() - self._heard_s
        if passed_s < LOUD_EVERY_S:
            return
        with contextlib.suppress(TimeoutError):
            now = await talkers(control)
            for member, per_s in loud(self._heard, now, passed_s):
                log.error("%s", sentence(member, per_s))
                self._on_loud(member)
            self._heard, self._heard_s = now, time.monotonic()


async def _look_at_log(record: LogRecord) -> None:
    """A full disk takes nothing; the log itself is still to be watched."""
    try:
        await record.look()
    except OSError as error:
        log.info("what the log holds can't be written down: %s", error)


def look(folder: Path, failed: Iterable[str], *, by_hand: bool = False) -> StoreState:
    """Raises OSError."""
    disk = shutil.disk_usage(folder)
    return state_of(disk.free, disk.total, tuple(failed), by_hand=by_hand)


async def failed_streams(control: Client) -> tuple[str, ...]:
    """Those that the server writes no more. ``control`` is the server's, of its system user.
    Raises Failure."""
    server = control._server_info["server_id"]  # nats-py tells it nowhere else
    subject = f"$SYS.REQ.SERVER.{server}.HEALTHZ"
    answer = await control.request(subject, b'{"details": true}', timeout=ANSWER_S)
    return tuple(_failed_in(json.loads(answer.data)))


def _failed_in(health: dict[str, Any]) -> Iterable[str]:
    for one in health.get("data", {}).get("errors") or ():
        why = str(one.get("error", ""))
        if one.get("type") == "STREAM" and WRITE_ERROR in why:
            yield str(one.get("stream", ""))[:64]
        elif one.get("type") == "JETSTREAM" and any(words in why for words in NO_STORE):
            yield ALL


async def _come_in(opened: contextlib.AsyncExitStack, address: SiteAddress) -> Client:
    nc = await come_in(address.place.urls[:1], address.identity, "site store")
    opened.push_async_callback(close_client, nc)
    return nc
