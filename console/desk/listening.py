"""Which streams the engine is told to hear: a pure decision from announcements and presence.

An announcement is only a hint; presence is RTP arriving. So a stream whose announcement is gone
is kept as long as packets come, and dropped :data:`LINGER_S` after the last of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from audio import protocol
from audio.protocol import Command, Drop, Listen, StreamFigures, StreamSpec
from console.streams.announcement import Announcement
from console.streams.keys import StreamKeys
from console.streams.plan import plan

LINGER_S: Final = 30.0
MAX_REASONS: Final = 1_024


class Listening:
    """Keeps the wanted set; every method returns the commands that follow."""

    def __init__(
        self,
        *,
        interface: str | None,
        keys: StreamKeys | None,
        unicast_ports: Mapping[str, int],
    ) -> None:
        self._interface = interface
        self._keys = keys
        self._unicast_ports = dict(unicast_ports)
        self._wanted: dict[str, StreamSpec] = {}
        self._unannounced_since: dict[str, float] = {}
        self.unheard: dict[str, str] = {}  # stream to why it can't be heard

    def announced(self, announcement: Announcement) -> tuple[Command, ...]:
        """A stream was found or has changed."""
        stream = announcement.stream
        self._unannounced_since.pop(stream, None)
        spec = plan(
            announcement,
            interface=self._interface,
            keys=self._keys,
            unicast_ports=self._unicast_ports,
        )
        if isinstance(spec, str):
            if len(self.unheard) < MAX_REASONS:
                self.unheard[stream] = spec
            return self._forget(stream)
        self.unheard.pop(stream, None)
        if self._wanted.get(stream) == spec:
            return ()
        if len(self._wanted) >= protocol.MAX_STREAMS and stream not in self._wanted:
            self.unheard[stream] = f"more than {protocol.MAX_STREAMS} streams on this network"
            return ()
        self._wanted[stream] = spec
        return (Listen(spec),)

    def gone(self, stream: str, now_s: float) -> None:
        """Its announcement ended (goodbye or expiry); what arrives is still heard."""
        self.unheard.pop(stream, None)
        if stream in self._wanted:
            self._unannounced_since[stream] = now_s

    def adopt(self, figures: tuple[StreamFigures, ...], now_s: float) -> None:
        """Streams an engine already hears when the desk finds it (the desk was restarted)."""
        for stream in figures:
            if stream.stream not in self._wanted:
                self._wanted[stream.stream] = stream.spec
                self._unannounced_since[stream.stream] = now_s

    def present(self, figures: tuple[StreamFigures, ...], now_s: float) -> tuple[Command, ...]:
        """Takes the engine's figures; drops what is neither announced nor arriving."""
        arriving = {one.stream for one in figures if one.present}
        commands: list[Command] = []
        for stream, since in list(self._unannounced_since.items()):
            if stream in arriving:
                self._unannounced_since[stream] = now_s
            elif now_s - since >= LINGER_S:
                commands += self._forget(stream)
        return tuple(commands)

    def wants(self, stream: str) -> bool:
        return stream in self._wanted

    def _forget(self, stream: str) -> tuple[Command, ...]:
        self._unannounced_since.pop(stream, None)
        return (Drop(stream),) if self._wanted.pop(stream, None) is not None else ()
