"""Message types made ready before threads share them.

msgspec works out what a type consists of when something is first decoded as it. While one thread
is at that, another that decodes the same type reads what is half built: the process dies (msgspec
0.22.0, with CPython 3.11). So all types are worked out before threads that decode are started.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec

_lock = threading.Lock()
_ready: set[type[msgspec.Struct]] = set()


def make_ready() -> None:
    """All that have been imported by now. Any thread; to be called before one is started that
    decodes, and cheap when there is nothing new."""
    with _lock:
        for kind in _kinds(msgspec.Struct):
            if kind not in _ready and _build(kind):
                _ready.add(kind)


def unready() -> tuple[str, ...]:
    """Types of which something is not to be found: whoever decodes them gets an error."""
    make_ready()
    return tuple(
        sorted(
            f"{k.__module__}.{k.__qualname__}" for k in _kinds(msgspec.Struct) if k not in _ready
        )
    )


def _build(kind: type[msgspec.Struct]) -> bool:
    try:
        msgspec.json.Decoder(kind)
    except (NameError, TypeError):  # what it names is there for the type checker alone
        return False
    return True


def _kinds(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)
