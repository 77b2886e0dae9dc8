"""A part of the site that works on a thread of its own until it is told to end."""

from __future__ import annotations

import asyncio
import threading
from typing import ClassVar

from audio.ready import make_ready


class Worker:
    """Fulfilled by ``_keep``, or by ``_work`` where there is no event loop; either looks at
    ``_stopping`` often. ``END_S``: so long the end waits for it."""

    THREAD: ClassVar[str]
    END_S: ClassVar[float]

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=self.THREAD, daemon=True)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(self.END_S)

    def _work(self) -> None:
        asyncio.run(self._keep())

    async def _keep(self) -> None:
        raise NotImplementedError
