"""Looks at this node's copies of a cluster's log now and then, and sees to it that who was answered
from one that was damaged reads anew when it is whole again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.js.api import StreamConfig

from console.site.log import damage
from console.site.log.subjects import NOW_NAME, STREAM_NAMED, STREAMS
from console.site.node import mended
from console.site.node.papers import new_change
from console.site.node.replicas import Lacking, ReplicaWatch, copies_at_all

log = logging.getLogger(__name__)

EVERY_S: Final = 10.0
ANSWER_S: Final = 5.0
FRESH_S: Final = 10.0
"""What was seen longer ago is no reason to give up a copy."""
AGAIN_S: Final = 300.0
MOST_S: Final = 3_600.0
"""Meanwhile one reader in three is told less than there is."""
DAY_S: Final = 86_400.0


class CopyWatch:
    """``folder`` is ``<home>/site``, ``me`` this node's server by name. ``look`` runs on one event
    loop, ``lacking`` and ``forget`` are for any thread."""

    def __init__(self, folder: Path, me: str, is_clustered: Callable[[], bool]) -> None:
        self._folder = folder
        self._me = me
        self._is_clustered = is_clustered
        self._due_s = 0.0
        self.unmendable: tuple[str, ...] = ()
        self.forget()

    def forget(self) -> None:
        """Another server is there."""
        self._watch = ReplicaWatch(self._me)
        self._looked_s = float("-inf")

    @property
    def lacking(self) -> tuple[Lacking, ...]:
        is_fresh = time.monotonic() - self._looked_s < FRESH_S
        return self._watch.lacking if is_fresh else ()

    @property
    def is_suspicious(self) -> bool:
        return self._watch.is_suspicious

    async def look(self, control: Client, voice: Client) -> None:
        """``control`` is the server's, of its system user, ``voice`` of the node. Raises nats
        errors, OSError, TimeoutError."""
        watch = self._watch
        is_due = time.monotonic() >= self._due_s or watch.is_suspicious
        if not is_due or not self._is_clustered():
            return
        watch.look(await copies_at_all(control), time.monotonic())
        self._looked_s = time.monotonic()
        self._due_s = self._looked_s + EVERY_S
        if watch.sure:
            self._note(watch.sure, tuple(one.stream for one in watch.lacking))
        self._note_unmendable(watch)
        if whole := watch.whole.intersection(mended.load(self._folder).due):
            await self._tell_readers(voice, whole)

    def _note_unmendable(self, watch: ReplicaWatch) -> None:
        """What was so before this server, or this process, is so until it is found to be whole."""
        known = mended.load(self._folder)
        still = set(watch.suspected).difference(one.stream for one in watch.lacking)
        streams = tuple(sorted({*watch.unmendable, *still.intersection(known.unmendable)}))
        self.unmendable = streams
        if streams == known.unmendable:
            return
        if streams:
            log.error("%s", mended.unmendable_sentence(streams))
        else:
            log.warning("this node's copies of the event log can be mended, or lack nothing now")
        self._keep(msgspec.structs.replace(known, unmendable=streams))

    def _note(self, streams: tuple[str, ...], lacking: tuple[str, ...]) -> None:
        """However a copy becomes whole again, by hand too: who was answered from it reads anew."""
        known = mended.load(self._folder)  # a command may have written it
        told = known.with_due(streams)
        found = tuple(name for name in lacking if name not in {*known.due} & {*known.found})
        if found:
            told = told.with_found(found, time.time_ns() // 1_000_000)
        if told != known:
            self._keep(told)

    async def _tell_readers(self, voice: Client, streams: frozenset[str]) -> None:
        """Of streams that members read; the newest of each unit belongs to others' readers."""
        named = {name for name in streams if name in STREAM_NAMED}
        if NOW_NAME in streams:
            named |= {one.name for one in STREAMS if one.replay == "last-per-key"}
        js = voice.jetstream(timeout=ANSWER_S)
        for name in sorted(named):
            config: StreamConfig = (await js.stream_info(name)).config
            told = damage.to_be_reread(config.metadata, new_change())
            await js.update_stream(config.evolve(metadata=told))
            log.warning("%s is whole again at this node: all read it anew", name)
        self._keep(mended.load(self._folder).without_due(streams))

    def _keep(self, now: mended.Mended) -> None:
        """A disk that does not take it keeps nobody from mending."""
        try:
            now.save(self._folder)
        except OSError as error:
            log.warning("that a copy was damaged can't be written down: %s", error)


class Pace:
    """How soon after one time copies are made anew the next time: where it did not help it is not
    done for ever, as each time desks lose this node for a moment."""

    def __init__(self) -> None:
        self._last_s = float("-inf")
        self._pause_s = AGAIN_S

    def take(self, now_s: float) -> bool:
        """Whether it may be done now; it is taken to be done then."""
        passed_s = now_s - self._last_s
        if passed_s < self._pause_s:
            return False
        self._pause_s = AGAIN_S if passed_s > DAY_S else min(2 * self._pause_s, MOST_S)
        self._last_s = now_s
        return True
