"""Services that may block for a while, their questions answered one after the other on a connection
and a thread of their own; and how a program without a link asks one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import msgspec

from audio.ready import make_ready
from console.site.address import SiteAddress, SiteError
from console.site.log.client import CONNECT_S, Failure, SiteClient, ask_site, close_client, come_in
from console.site.log.subjects import asks_of
from console.site.services.answering import Answering, Ask
from console.site.services.service import NodeContext
from console.site.services.shares import SLOW

log = logging.getLogger(__name__)

GRACE_S: Final = 0.5
FLUSH_S: Final = 1
PAUSE_S: Final = 0.5
START_S: Final = 5.0
NOBODY_S: Final = 2.0
"""Whoever asks once has perhaps enrolled just now, at a site that has much to do."""


class Failed(msgspec.Struct, frozen=True):
    """What any question may be answered with instead: a sentence for a person."""

    error: str


Answerer = Callable[[Ask], bytes]
"""Raises SiteError with what to tell the asker; may block for a while."""


class Asked:
    """``answerers`` by service, called one after the other: of each member one question at a time,
    so that whoever asks waits for one of each other at most."""

    def __init__(self, context: NodeContext, name: str, answerers: Mapping[str, Answerer]) -> None:
        self._context = context
        self._address = context.address
        self._name = name
        self._answerers = answerers
        self._thread: threading.Thread | None = None
        self._up = threading.Event()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"site-{name}-answers")

    def start(self) -> None:
        """Raises SiteError when the server does not take it."""
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=f"site-{self._name}", daemon=True)
        make_ready()
        self._thread.start()
        if not self._up.wait(START_S):
            self.stop()
            raise SiteError(f"the service {self._name} could not come in at the site's own server")

    def stop(self) -> None:
        if self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = None
        self._worker.shutdown()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(*Failure):
                await self._one_connection()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), PAUSE_S)

    async def _one_connection(self) -> None:
        lost = asyncio.Event()
        nc = await self._connect(lost)
        try:
            answering = Answering(self._context)
            for service, answerer in self._answerers.items():
                await answering.begin(nc, service, partial(self._answer, answerer), SLOW)
            await nc.flush()
            self._up.set()
            waits = [asyncio.create_task(one.wait()) for one in (lost, self._stopping)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            with contextlib.suppress(*Failure):
                await nc.flush(FLUSH_S)  # what has just been answered
        finally:
            await close_client(nc)

    async def _connect(self, lost: asyncio.Event) -> SiteClient:
        async def on_lost() -> None:
            lost.set()

        async def on_error(error: Exception) -> None:
            log.info("%s: %s", self._name, error)

        return await connected(
            self._address,
            self._name,
            error_cb=on_error,
            disconnected_cb=on_lost,
            closed_cb=on_lost,
        )

    async def _answer(self, answerer: Answerer, question: Ask) -> bytes:
        """At most one of each member and service waits at a time."""
        return await self._loop.run_in_executor(self._worker, answered, answerer, question)


def answered(answerer: Answerer, question: Ask) -> bytes:
    try:
        return answerer(question)
    except SiteError as error:
        return msgspec.json.encode(Failed(str(error)))
    except Exception:
        log.exception("a question of %s failed", question.member)
        return msgspec.json.encode(Failed("the site could not do it; see its log"))


def ask(
    address: SiteAddress, service: str, key: str, payload: bytes, timeout_s: float = 10.0
) -> bytes:
    """Ask once, from a program that has no link. Blocks. Raises SiteError, with the site's own
    words when it refuses."""
    try:
        said = asyncio.run(_ask(address, service, key, payload, timeout_s))
    except (*Failure, TimeoutError) as error:
        raise SiteError(f"the site does not answer: {error or type(error).__name__}") from error
    raise_failed(said)
    return said


def raise_failed(said: bytes) -> None:
    """Raises SiteError when it is a :class:`Failed`."""
    try:
        failed = msgspec.json.decode(said, type=Failed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    raise SiteError(failed.error)


async def _ask(
    address: SiteAddress, service: str, key: str, payload: bytes, timeout_s: float
) -> bytes:
    me = address.identity
    nc = await connected(address, "asks")
    try:
        subject = f"{asks_of(service, me.named)}.{key}"
        return await ask_site(nc, subject, payload, timeout_s, nobody_s=NOBODY_S)
    finally:
        await close_client(nc)


async def connected(address: SiteAddress, name: str, **options: Any) -> SiteClient:
    """A client that has come in; the caller closes it. Raises Failure."""
    place, identity = address.place, address.identity
    async with asyncio.timeout(CONNECT_S + GRACE_S):
        return await come_in(place.urls, identity, name, dont_randomize=False, **options)
