"""One stream of the event log read in order: from where the reader stopped, then as it grows.

An ordered push consumer with flow control and heartbeats. A gap, or a heartbeat that stays out, is
``broken``: the link then connects anew and the reader goes on after the last event that it had.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, StreamInfo

from console.site.log.subjects import NEWEST, LogStream

HEARTBEAT_S: Final = 2.0
SILENCE_S: Final = 3 * HEARTBEAT_S
INACTIVE_S: Final = 30.0
"""The server forgets a consumer whose reader has been away so long."""
ACK_TOKENS: Final = 9
"""``$JS.ACK.stream.consumer.delivered.sseq.cseq.time.pending``; newer servers put the domain and
the account before ``stream`` (NATS ADR-15)."""


@dataclass
class Cursor:
    """How far a stream has been read. ``epoch`` tells this stream from one made anew."""

    epoch: str = ""
    seq: int = 0


def epoch_of(info: StreamInfo) -> str:
    return info.created.isoformat() if info.created is not None else ""


class LogReader:
    def __init__(
        self,
        stream: LogStream,
        cursor: Cursor,
        *,
        everything: bool,
        on_payload: Callable[[bytes, LogStream], None],
        on_caught_up: Callable[[], None],
        on_broken: Callable[[str], None],
    ) -> None:
        self._stream = stream
        self._cursor = cursor
        self._everything = everything
        self._on_payload = on_payload
        self._on_caught_up = on_caught_up
        self._on_broken = on_broken
        self._next = 1
        self._heard = time.monotonic()
        self.caught_up = False

    async def start(self, nc: Client, js: JetStreamContext, info: StreamInfo) -> None:
        self._nc = nc
        config = self._config(info)
        config.deliver_subject = nc.new_inbox()
        await nc.subscribe(config.deliver_subject, cb=self._on_msg)
        consumer = await js.add_consumer(self._stream.name, config)
        self._heard = time.monotonic()
        if not consumer.num_pending and self._next == 1:
            self._mark_caught_up()

    def check(self, now: float) -> None:
        if now - self._heard > SILENCE_S:
            self._on_broken(f"{self._stream.name} has been silent for {SILENCE_S:.0f} s")

    def _config(self, info: StreamInfo) -> ConsumerConfig:
        config = ConsumerConfig(
            ack_policy=AckPolicy.NONE,
            max_deliver=1,
            flow_control=True,
            idle_heartbeat=HEARTBEAT_S,
            inactive_threshold=INACTIVE_S,
            mem_storage=True,
            num_replicas=1,
        )
        epoch = epoch_of(info)
        if self._cursor.epoch == epoch and 0 < self._cursor.seq <= info.state.last_seq:
            return _from(config, self._cursor.seq + 1)
        self._cursor.epoch, self._cursor.seq = epoch, 0
        return self._config_from_start(config, info)

    def _config_from_start(self, config: ConsumerConfig, info: StreamInfo) -> ConsumerConfig:
        if self._everything or self._stream.replay == "all":
            return config
        if self._stream.replay == "newest":
            return _from(config, max(1, info.state.last_seq - NEWEST + 1))
        config.deliver_policy = DeliverPolicy.LAST_PER_SUBJECT
        config.filter_subject = self._stream.subjects
        return config

    async def _on_msg(self, msg: Msg) -> None:
        self._heard = time.monotonic()
        if msg.headers and "Status" in msg.headers:
            await self._on_status(msg)
            return
        position = _position(msg.reply)
        if position is None:
            return  # nothing of this consumer's: somebody wrote to our inbox
        stream_seq, consumer_seq, left = position
        if consumer_seq != self._next:
            self._on_broken(f"{self._stream.name} skipped from {self._next} to {consumer_seq}")
            return
        self._next += 1
        self._cursor.seq = stream_seq
        self._on_payload(msg.data, self._stream)
        if left == 0:
            self._mark_caught_up()

    async def _on_status(self, msg: Msg) -> None:
        """Answer flow control, also when a heartbeat says that we are stalled on it."""
        assert msg.headers is not None
        stalled = msg.headers.get("Nats-Consumer-Stalled")
        if stalled:
            await self._nc.publish(stalled)
        elif msg.reply:
            await self._nc.publish(msg.reply)
        last = msg.headers.get("Nats-Last-Consumer", "")
        if last.isdecimal() and int(last) >= self._next:
            self._on_broken(f"{self._stream.name} lost what came before {last}")

    def _mark_caught_up(self) -> None:
        if not self.caught_up:
            self.caught_up = True
            self._on_caught_up()


def _from(config: ConsumerConfig, seq: int) -> ConsumerConfig:
    config.deliver_policy = DeliverPolicy.BY_START_SEQUENCE
    config.opt_start_seq = seq
    return config


def _position(reply: str) -> tuple[int, int, int] | None:
    """(stream sequence, consumer sequence, messages left) from a delivery's reply subject."""
    tokens = reply.split(".")
    if len(tokens) < ACK_TOKENS or tokens[:2] != ["$JS", "ACK"]:
        return None
    if len(tokens) > ACK_TOKENS:
        tokens = tokens[2:]
    numbers = (tokens[5], tokens[6], tokens[8])
    if not all(n.isdecimal() for n in numbers):
        return None
    stream_seq, consumer_seq, left = map(int, numbers)
    return stream_seq, consumer_seq, left
