"""Sees to it that the log is there: its streams made, and what an earlier form held moved in."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from nats.errors import Error as NatsError

from console.site.address import SiteAddress, SiteError
from console.site.log.logstore import ensure_streams
from console.site.log.retention import read_retention
from console.site.node.policy import SharedPolicy

log = logging.getLogger(__name__)

RETRY_S: Final = 0.5
STOP_S: Final = 2.0
FAILURES: Final = (NatsError, OSError, TimeoutError, SiteError)


class LogMaker:
    """``address`` and ``replicas`` are asked each time; ``move`` brings over an earlier log and is
    quick when there is none."""

    def __init__(
        self,
        folder: Path,
        policy: SharedPolicy,
        address: Callable[[], SiteAddress],
        replicas: Callable[[], int],
        move: Callable[[], None],
    ) -> None:
        self._folder = folder
        self._policy = policy
        self._address = address
        self._replicas = replicas
        self._move = move
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._wishes = 0  # what was made for an earlier one does not count
        self._thread: threading.Thread | None = None
        self.ready = threading.Event()

    def make(self) -> None:
        """Now. Raises nats errors, OSError, TimeoutError, SiteError."""
        self._make()
        self.ready.set()

    def _make(self) -> None:
        retention = read_retention(self._folder)
        changed = self._policy.now(at_rest_s=0.0).changed
        asyncio.run(ensure_streams(self._address(), retention, self._replicas(), changed))
        self._move()

    def make_soon(self) -> None:
        """On a thread, until it is done; a cluster without its majority has to wait for it. The
        server may be another one than that of the last call."""
        with self._lock:
            self.ready.clear()
            self._wishes += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._try, name="site-log", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        thread = self._thread
        if thread is not None:
            thread.join(STOP_S)

    def _try(self) -> None:
        while not self._stopping.is_set():
            wish = self._wishes
            try:
                self._make()
            except FAILURES as error:
                log.info("the log is not there yet: %s", error or type(error).__name__)
            except Exception:
                log.exception("the log can't be made")
            else:
                if self._is_last(wish):
                    return
                continue
            self._stopping.wait(RETRY_S)

    def _is_last(self, wish: int) -> bool:
        """Ready, unless it was wished for again meanwhile."""
        with self._lock:
            if wish != self._wishes:
                return False
            self.ready.set()
            self._thread = None
            return True
