"""Where receivers' reports go out: one socket per interface, and what it can't take is dropped."""

from __future__ import annotations

import contextlib
import socket
from typing import Final

from audio.network.sockets import ListenError, open_sender

MAX_SOCKETS: Final = 64  # interfaces and families; reports by one more are not sent


class Postbox:
    """Called by one thread only; nothing blocks and nothing raises."""

    def __init__(self) -> None:
        self._sockets: dict[tuple[bool, str | None], socket.socket | None] = {}

    def send(self, data: bytes, address: str, port: int, interface: str | None) -> None:
        out = self._socket(address, interface)
        if out is not None:
            with contextlib.suppress(OSError):  # full, or no way there: the next one will tell
                out.sendto(data, (address, port))

    def _socket(self, address: str, interface: str | None) -> socket.socket | None:
        key = (":" in address, interface)
        if key not in self._sockets and len(self._sockets) < MAX_SOCKETS:
            try:
                self._sockets[key] = open_sender(address, interface)
            except (ListenError, OSError, ValueError):
                self._sockets[key] = None
        return self._sockets.get(key)

    def close(self) -> None:
        for one in self._sockets.values():
            if one is not None:
                one.close()
