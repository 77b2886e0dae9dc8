"""``python -m console.timeline --home DIR``: keeps the timeline until its standard input ends."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

from audio.logs import logging_to
from console.site.node.lock import FolderLock
from console.timeline.folder import folder_of
from console.timeline.keeper import Keeper

NICE: Final = 10
"""The desk and the sound come first."""
TAKEN: Final = 3
MAX_WHY: Final = 400


def main() -> int:
    """3: another one keeps it already."""
    parser = argparse.ArgumentParser(prog="python -m console.timeline")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--interface")
    parser.add_argument("--log-level", default="info")
    options = parser.parse_args()
    home = options.home.resolve()
    lock = FolderLock(folder_of(home) / "timeline.lock")
    if not lock.take():
        return TAKEN
    if hasattr(os, "nice"):
        os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the desk that ends it
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    threading.Thread(target=_until_parent_ends, args=(ended,), daemon=True).start()
    with logging_to(home / "desk" / "timeline.log", options.log_level):
        Keeper(home, interface=options.interface, ended=ended, on_trouble=_tell).run()
    lock.release()
    return 0


def _tell(why: str) -> None:
    """To the desk, a line for each. One that has gone reads nothing any more."""
    with contextlib.suppress(OSError):
        sys.stdout.write(" ".join(why.split())[:MAX_WHY] + "\n")
        sys.stdout.flush()


def _until_parent_ends(ended: threading.Event) -> None:
    """However it ends, the pipe does."""
    with contextlib.suppress(OSError):
        while sys.stdin.buffer.read(1):
            pass
    ended.set()


if __name__ == "__main__":
    sys.exit(main())
