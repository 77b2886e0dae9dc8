"""The engine process put together: claim, meters, pipeline, engine, door; and its orderly end."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from audio import home as place
from audio import protocol
from audio.door import Door, Handlers
from audio.engine import Engine
from audio.exclusive import TakenError
from audio.logs import logging_to
from audio.meters import Meters
from audio.network.rollover import Memory
from audio.pipeline import Pipeline
from audio.ready import make_ready
from audio.recall.service import Recall
from audio.sending.ssrcs import Ssrcs

log = logging.getLogger("audio")

BUSY: Final = 3
POLL_S: Final = 0.5  # so that a signal is seen where waiting can't be interrupted


def run(
    home: Path,
    *,
    interface: str | None,
    device: str,
    log_level: str,
    report: Callable[[int, str], None],
) -> int:
    """Until Stop, a signal, or too long without a client. Returns the exit code."""
    try:
        claim = place.Claim(home)
    except TakenError:
        report(BUSY, f"an audio engine runs below {home} already")
        return BUSY
    except OSError as error:
        report(1, f"{home} can't be used: {error.strerror}")
        return 1
    with contextlib.ExitStack() as stack:
        stack.callback(claim.release)
        stack.enter_context(logging_to(place.log_path(home), log_level))
        make_ready()
        try:
            ending = _assemble(home, interface, device, stack)
        except (OSError, ValueError) as error:
            log.exception("the engine could not start")
            report(1, str(error))
            return 1
        gc.collect()
        gc.freeze()
        report(0, "")
        why = ending.wait(claim.is_there)
    return 1 if why else 0


class Ending:
    """Why and when the process ends; any thread or signal may bring it about."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._why = ""

    def come(self, why: str = "") -> None:
        self._why = self._why or why
        self._event.set()

    def wait(self, is_at_home: Callable[[], bool]) -> str:
        """Also ends when the home is deleted: nobody could find or stop this engine again."""
        while not self._event.wait(POLL_S):
            if not is_at_home():
                self.come("its home has been deleted")
        return self._why


def _assemble(
    home: Path, interface: str | None, device: str, stack: contextlib.ExitStack
) -> Ending:
    """Everything is closed again by ``stack``, in reverse. Raises OSError, ValueError."""
    ending = Ending()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: ending.come())
    meters = Meters(place.meters_path(home), create=True)
    recall = Recall(place.recall_dir(home), lambda event: door.tell_all(event))  # noqa: PLW0108 - the door comes after
    pipeline = Pipeline(
        interface=interface,
        meters=meters,
        recall=recall,
        rollovers=Memory(place.rollovers_path(home)),
    )
    engine = Engine(
        pipeline,
        device=device,
        interface=interface,
        tell_all=lambda event: door.tell_all(event),  # noqa: PLW0108 - the door comes after
        on_end=ending.come,
        recall=recall,
        meters=meters,
        ssrcs=Ssrcs(place.ssrcs_path(home)),
    )
    stack.callback(engine.stop)
    token = secrets.token_hex(16)
    door = Door(
        place.socket_path(home) if hasattr(socket, "AF_UNIX") else None,
        welcome=protocol.Welcome(protocol.VERSION, os.getpid(), str(place.meters_path(home))),
        token=token,
        handlers=Handlers(
            command=lambda number, command: engine.command(
                number, command, lambda event: door.tell(number, event)
            ),
            joined=engine.joined,
            left=engine.left,
        ),
    )
    stack.callback(door.close)
    engine.count_refused(lambda: door.refused)
    engine.start()
    door.start()
    path = "" if door.port else str(place.socket_path(home))
    place.write_address(
        home,
        place.EngineAddress(os.getpid(), token, protocol.VERSION, path=path, port=door.port),
    )
    return ending
