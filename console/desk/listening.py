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
MISSING_S: Final = 5.0
"""A stream that the engine has not got so long after it was asked for is asked for again."""
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
        self._missing_since: dict[str, float] = {}
        self._refused: set[str] = set()
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
            self._note(stream, spec)
            return self._forget(stream)
        self.unheard.pop(stream, None)
        if self._wanted.get(stream) == spec:
            return ()
        if len(self._wanted) >= protocol.MAX_STREAMS and stream not in self._wanted:
            self._note(stream, f"more than {protocol.MAX_STREAMS} streams on this network")
            return ()
        self._wanted[stream] = spec
        return (Listen(spec),)

    def gone(self, stream: str, now_s: float) -> None:
        """Its announcement ended (goodbye or expiry); what arrives is still heard."""
        self.unheard.pop(stream, None)
        if stream in self._wanted:
            self._unannounced_since[stream] = now_s

    def adopt(self, figures: tuple[StreamFigures, ...], now_s: float) -> tuple[Command, ...]:
        """Streams an engine already hears when the desk finds it (the desk was restarted).

        They are asked for once more, which changes nothing here but is what the next engine will
        be told. A secured one can't be: its key is not in the figures; its announcement does it.
        """
        commands: list[Command] = []
        for stream in figures:
            if stream.stream not in self._wanted:
                self._wanted[stream.stream] = stream.spec
                self._unannounced_since[stream.stream] = now_s
                commands += [Listen(stream.spec)] if stream.spec.srtp is None else []
        return tuple(commands)

    def refused(self, stream: str, why: str) -> None:
        """The engine could not listen (a port in use, too many groups, too busy)."""
        if stream in self._wanted:
            self._refused.add(stream)
            self._note(stream, why)

    def announced_now(self) -> frozenset[str]:
        """The streams that this desk takes to be announced."""
        known = self._wanted.keys() | self.unheard.keys()
        return frozenset(known - self._unannounced_since.keys())

    def present(self, figures: tuple[StreamFigures, ...], now_s: float) -> tuple[Command, ...]:
        """Takes the engine's figures; drops what is neither announced nor arriving, and asks
        again for what the engine should have and has not."""
        arriving = {one.stream for one in figures if one.present}
        commands = self._ask_again({one.stream for one in figures}, now_s)
        for stream, since in list(self._unannounced_since.items()):
            if stream in arriving:
                self._unannounced_since[stream] = now_s
            elif now_s - since >= LINGER_S:
                commands += self._forget(stream)
        return tuple(commands)

    def specs(self) -> Mapping[str, StreamSpec]:
        """What is listened to, by stream."""
        return self._wanted

    def wants(self, stream: str) -> bool:
        return stream in self._wanted

    def _ask_again(self, heard: set[str], now_s: float) -> list[Command]:
        for stream in self._refused & heard:
            self._refused.discard(stream)
            self.unheard.pop(stream, None)
        commands: list[Command] = []
        missing = self._wanted.keys() - heard
        self._missing_since = {s: self._missing_since.get(s, now_s) for s in missing}
        for stream, since_s in self._missing_since.items():
            spec = self._wanted[stream]
            if now_s - since_s >= MISSING_S and (spec.srtp is None or spec.key is not None):
                self._missing_since[stream] = now_s
                commands.append(Listen(spec))
        return commands

    def _note(self, stream: str, why: str) -> None:
        if len(self.unheard) < MAX_REASONS or stream in self.unheard:
            self.unheard[stream] = why

    def _forget(self, stream: str) -> tuple[Command, ...]:
        self._unannounced_since.pop(stream, None)
        self._refused.discard(stream)
        return (Drop(stream),) if self._wanted.pop(stream, None) is not None else ()
