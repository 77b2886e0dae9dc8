"""``python -m console.pedals``: reads pedals and keys until its standard input ends.

Wishes come in, a line each, and what is told goes out (:mod:`console.pedals.messages`). Log lines
go to standard error, which the desk keeps.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from audio.logs import logging_to
from console.pedals.messages import MAX_LINE, Told, encode, wish_of
from console.pedals.reader import Reader
from console.pedals.source import Sink, Source, Unread

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m console.pedals")
    parser.add_argument("--dev", type=Path, default=Path("/dev"))
    parser.add_argument("--sys", type=Path, default=Path("/sys"))
    parser.add_argument("--home", type=Path)
    parser.add_argument("--log-level", default="info")
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the desk that ends it
    if options.home is None:
        return _run(options)
    with logging_to(options.home.resolve() / "desk" / "pedals.log", options.log_level):
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    reader = Reader(lambda sink: sources(sink, options.dev, options.sys), _teller(ended))
    ear = threading.Thread(target=_listen, args=(reader, ended), daemon=True)
    ear.start()
    try:
        while not ended.is_set():
            reader.step()
    finally:
        reader.close()
    return 0


def sources(sink: Sink, dev: Path, sys_folder: Path) -> Sequence[Source]:
    """What this system has, the best first: a device of its own before any keyboard's key."""
    from console.pedals import global_key  # noqa: PLC0415

    found: list[Source] = []
    if sys.platform.startswith("linux"):
        from console.pedals.linux import LinuxDevices  # noqa: PLC0415  # it imports fcntl

        found.append(LinuxDevices(sink, dev=dev, sys=sys_folder))
        if global_key.x_display():
            found.append(global_key.XKeys(sink, global_key.x_display()))
        return found
    found += _elsewhere(sink)
    return found


def _elsewhere(sink: Sink) -> list[Source]:
    """Windows and macOS. Where a package can't be loaded, the rest goes on without."""
    from console.pedals import global_key, hid_devices  # noqa: PLC0415

    found: list[Source] = []
    try:
        import hid  # noqa: PLC0415

        found.append(hid_devices.HidDevices(sink, hid))
    except ImportError as error:
        logging.getLogger(__name__).warning("no HID devices: %s", error)
    try:
        from pynput import keyboard  # noqa: PLC0415

        found.append(global_key.ListenerKeys(sink, keyboard))
    except ImportError as error:
        logging.getLogger(__name__).warning("no keys of other windows: %s", error)
    return found


def _teller(ended: threading.Event) -> Callable[[Told], None]:
    """Each line whole and at once; a desk that has gone reads nothing any more."""
    out = sys.stdout.buffer

    def tell(told: Told) -> None:
        try:
            out.write(encode(told))
            out.flush()
        except OSError:
            ended.set()

    return tell


def _listen(reader: Reader, ended: threading.Event) -> None:
    """However the desk ends, the pipe does."""
    try:
        while line := sys.stdin.buffer.readline(MAX_LINE):
            _heard(reader, line)
    except OSError:
        pass
    ended.set()


def _heard(reader: Reader, line: bytes) -> None:
    try:
        reader.wish(wish_of(line))
    except UNREADABLE:
        reader.happens(Unread())


if __name__ == "__main__":
    sys.exit(main())
