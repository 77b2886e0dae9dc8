"""Answers what members ask of the site (``vb.ask.…``): one connection, on a thread of its own.

Who asks is proved by the subject, which the server lets that member alone publish to. The answer
goes into that member's own inbox and nowhere else: a reply subject is the asker's choice, and the
site may speak where the asker may not.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec
import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from console.domain.roles import Role
from console.site.address import SiteAddress, SiteError
from console.site.log.session import Failure, inbox_of, tls_options
from console.site.log.subjects import MEMBER_AT, role_in

log = logging.getLogger(__name__)

CONNECT_S: Final = 2
PAUSE_S: Final = 0.5
START_S: Final = 5.0
MAX_WAITING: Final = 64
"""Questions that are being worked on; the next is told that the site is busy."""
MAX_QUESTION_BYTES: Final = 20_000
SERVICE_AT: Final = 2


class Question(msgspec.Struct, frozen=True):
    """``key`` is the rest of the subject, "" = none."""

    role: Role
    member: str
    key: str
    payload: bytes


class Failed(msgspec.Struct, frozen=True):
    """What any question may be answered with instead: a sentence for a person."""

    error: str


Answerer = Callable[[Question], bytes]
"""Raises SiteError with what to tell the asker; may block for a while."""


class Asked:
    """``answerers`` by service, called one after the other. Of all nodes of a site that answer a
    service one gets each question."""

    def __init__(self, address: SiteAddress, name: str, answerers: Mapping[str, Answerer]) -> None:
        self._address = address
        self._name = name
        self._answerers = answerers
        self._thread: threading.Thread | None = None
        self._up = threading.Event()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"site-{name}-answers")
        self._waiting = 0
        self._answering: set[asyncio.Task[None]] = set()
        self.refused = 0

    def start(self) -> None:
        """Raises SiteError when the server does not take it."""
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=f"site-{self._name}", daemon=True)
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
            for service in self._answerers:
                await nc.subscribe(f"vb.ask.{service}.>", queue=f"vb-{service}", cb=self._take)
            await nc.flush()
            self._up.set()
            waits = [asyncio.create_task(one.wait()) for one in (lost, self._stopping)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*self._answering, return_exceptions=True)
        finally:
            with contextlib.suppress(*Failure):
                await nc.close()

    async def _connect(self, lost: asyncio.Event) -> Client:
        async def on_lost() -> None:
            lost.set()

        async def on_error(error: Exception) -> None:
            log.info("%s: %s", self._name, error)

        self._nc = await nats.connect(
            list(self._address.place.urls),
            name=f"vaktbord {self._name}",
            allow_reconnect=False,
            connect_timeout=CONNECT_S,
            error_cb=on_error,
            disconnected_cb=on_lost,
            closed_cb=on_lost,
            inbox_prefix=inbox_of(self._address.identity),
            **tls_options(self._address.identity),
        )
        return self._nc

    async def _take(self, msg: Msg) -> None:
        question = read_question(msg.subject, msg.reply, msg.data)
        if question is None:
            self.refused += 1
            return
        if self._waiting >= MAX_WAITING:
            await self._nc.publish(msg.reply, msgspec.json.encode(Failed("the site is busy")))
            return
        self._waiting += 1
        task = asyncio.create_task(self._answer(msg.subject, msg.reply, question))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, subject: str, reply: str, question: Question) -> None:
        answerer = self._answerers[subject.split(".")[SERVICE_AT]]
        try:
            said = await self._loop.run_in_executor(self._worker, answered, answerer, question)
            with contextlib.suppress(*Failure):
                await self._nc.publish(reply, said)
        finally:
            self._waiting -= 1


def read_question(subject: str, reply: str, payload: bytes) -> Question | None:
    """None for what gets no answer: too long, or to be answered elsewhere than at its asker."""
    role = role_in(subject)
    if role is None or len(payload) > MAX_QUESTION_BYTES:
        return None
    tokens = subject.split(".")
    member = tokens[MEMBER_AT]
    if not reply.startswith(f"_INBOX_{member}."):
        return None
    return Question(role, member, ".".join(tokens[MEMBER_AT + 1 :]), payload)


def answered(answerer: Answerer, question: Question) -> bytes:
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
    nc = await nats.connect(
        list(address.place.urls),
        name="vaktbord asks",
        allow_reconnect=False,
        connect_timeout=CONNECT_S,
        error_cb=_told_by_the_exception,
        inbox_prefix=inbox_of(me),
        **tls_options(me),
    )
    try:
        subject = f"vb.ask.{service}.{me.role}.{me.name}.{key}"
        return bytes((await nc.request(subject, payload, timeout=timeout_s)).data)
    finally:
        await nc.close()


async def _told_by_the_exception(error: Exception) -> None:
    """nats-py logs errors of a connection attempt that it raises as well."""
