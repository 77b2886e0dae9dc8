"""Keeps a node's lease: one thread that reads, takes and renews it in the log's key-value store."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import BucketNotFoundError, KeyNotFoundError
from nats.js.errors import Error as JetStreamError
from nats.js.kv import KeyValue

from console.site.address import SiteAddress
from console.site.log.client import close_client, come_in
from console.site.log.logstore import LEASES
from console.site.services.lease import LOOK_S, RENEW_S, Lease, LeaseValue, Step
from console.site.worker import Worker

log = logging.getLogger(__name__)

KEY: Final = "lease.services"
ANSWER_S: Final = 0.5
RETRY_S: Final = 0.2
FAILURES: Final = (NatsError, JetStreamError, OSError, TimeoutError, msgspec.DecodeError)


class LeaseKeeper(Worker):
    """``epoch`` is the held lease's, 0 while another node holds it or nobody can tell. When it ends
    it gives the lease back, so that another node need not wait."""

    THREAD = "site-lease"
    END_S = 2.0

    def __init__(self, address: Callable[[], SiteAddress], me: str) -> None:
        super().__init__()
        self._address = address
        self._lease = Lease(me)
        self.is_log_missing = False

    @property
    def epoch(self) -> int:
        return self._lease.epoch if self._lease.is_held(time.monotonic()) else 0

    async def _keep(self) -> None:
        while not self._stopping.is_set():
            try:
                address = self._address()
                nc = await come_in(address.place.urls, address.identity, "site lease")
                try:
                    await self._until_lost(nc)
                finally:
                    await close_client(nc)
            except BucketNotFoundError:
                self.is_log_missing = True
            except FAILURES as error:
                log.info("the lease can't be read: %s", error or type(error).__name__)
            except Exception:
                log.exception("the lease can't be kept")
            await asyncio.sleep(RETRY_S)

    async def _until_lost(self, nc: Client) -> None:
        store = await nc.jetstream(timeout=ANSWER_S).key_value(LEASES)
        while not self._stopping.is_set():
            started_s = time.monotonic()
            step = self._lease.step(started_s)
            is_written = step != "look" and await self._write(store, step)
            if not is_written:
                await self._look(store)
            pause_s = RENEW_S if is_written else LOOK_S
            await asyncio.sleep(max(0.0, started_s + pause_s - time.monotonic()))
        await self._give_back(store)

    async def _look(self, store: KeyValue) -> None:
        try:
            entry = await store.get(KEY)
        except KeyNotFoundError:
            self._lease.seen(0, LeaseValue("", 0), time.monotonic())
            return
        value = msgspec.json.decode(entry.value or b"", type=LeaseValue)
        self._lease.seen(entry.revision or 0, value, time.monotonic())

    async def _write(self, store: KeyValue, step: Step) -> bool:
        wish = self._lease.wish(step, time.time_ns() // 1_000_000)
        asked_s = time.monotonic()
        try:
            revision = await self._set(store, wish)
        except JetStreamError as error:
            log.debug("the lease was not ours to write: %s", error)
            return False
        self._lease.written(revision, wish, asked_s)
        return True

    async def _set(self, store: KeyValue, value: LeaseValue) -> int:
        return await store.update(KEY, msgspec.json.encode(value), last=self._lease.revision)

    async def _give_back(self, store: KeyValue) -> None:
        if self.epoch:
            with contextlib.suppress(*FAILURES):
                await self._set(store, LeaseValue("", self._lease.epoch))
