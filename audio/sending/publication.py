"""One stream of our own: its socket, its key, its speakers, and what waits to be said on it.

All of it is touched by the thread of :mod:`audio.sending.transmit` alone.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from audio.network.rollover import fingerprint
from audio.network.sockets import open_sender
from audio.network.srtp import Sealer, SrtpError
from audio.protocol import PublicationFigures, Publish, Say, SrtpKey
from audio.sending.bursts import Burst
from audio.sending.copies import Copier
from audio.sending.listeners import Listeners
from audio.sending.patches import SentOn
from audio.sending.relayed import MAX_RELAYED, PAUSE_S, Relayed
from audio.sending.ssrcs import Ssrcs, UsedUpError

log = logging.getLogger(__name__)

MAX_SPEAKERS: Final = 256  # remembered per publication; then the oldest is forgotten
MAX_OF_SSRC: Final = 0x8000  # secured packets; then another: who joins late could not open it
MAX_OF_OVER: Final = 0x1000  # packets, 80 s: kept for an over of the microphone


@dataclass(slots=True)
class Speaker:
    ssrc: int
    sequence: int = field(default_factory=lambda: secrets.randbits(15))  # and MAX_OF_SSRC: no wrap
    offset: int = field(default_factory=lambda: secrets.randbits(32))
    packets: int = 0
    octets: int = 0


@dataclass(slots=True)
class Sending:
    """A burst on its way."""

    burst: Burst
    speaker: Speaker
    name: str
    loop: bool
    copier: Copier
    at: int = 0
    is_first: bool = True
    due_s: float = 0.0
    timestamp: int = 0
    reported_s: float = float("-inf")
    unsent_since_s: float | None = None  # the system has taken nothing since then
    live: Live | None = None  # said into the microphone, not read from a file


@dataclass(slots=True)
class Live:
    """One over of the microphone, on all the publications that it goes out on."""

    on_unsent: Callable[[str, str], None]  # publication and why; it hears nothing more
    first: int | None = None  # position of the first sample, in the microphone's count
    at: int = 0  # of the next frame, in samples from the first


class Publication:
    """Touched by the pacing thread alone."""

    def __init__(self, wish: Publish, ssrcs: Ssrcs) -> None:
        if wish.srtp is not None and wish.key is None:
            raise SrtpError("a secured stream needs a key; it is never sent in the clear")
        self.wish = wish
        self._ssrcs = ssrcs
        self.sealer: Sealer | None = None
        self.key_name = ""  # fingerprint
        self.kid: int | None = None
        self.block = 0
        self.speakers: dict[str, Speaker] = {}
        self.waiting: deque[tuple[Say, Burst]] = deque()
        self.sending: Sending | None = None
        self.relayed: dict[str, Relayed] = {}  # by source; the one sent last is the last
        self.free_s = 0.0  # the next burst may begin
        self.unsent = 0  # packets that the system did not take
        self.told_s = float("-inf")  # when that was last told
        self.live: Speaker | None = None  # of the microphone; None: all SSRCs are used up
        self._live_of: tuple[str, int] | None = None  # key and block that it was made for
        with contextlib.ExitStack() as undoing:
            self.socket: socket.socket = open_sender(wish.address, wish.interface)
            undoing.callback(self.socket.close)
            self.listeners = Listeners(wish, self.socket)
            undoing.callback(self.listeners.close)
            if wish.srtp is not None and wish.key is not None:
                self.take_key(SrtpKey(0, wish.srtp, wish.key), 0)
            undoing.pop_all()

    def take_key(self, key: SrtpKey, block: int) -> None:
        """From the next packet on. A burst under way keeps its SSRC, whose numbers go on, so that
        it is heard whole; all others have new ones. Raises SrtpError."""
        name = fingerprint(key.profile, key.key)
        if name != self.key_name:
            self.sealer = Sealer(key.profile, key.key)
            self.listeners.take_key(key.profile, key.key)
        elif block == self.block:
            self.kid = key.kid
            return
        self.key_name, self.block, self.kid = name, block, key.kid
        self.speakers.clear()

    def _new_speaker(self) -> Speaker:
        """Raises UsedUpError."""
        return Speaker(self._ssrcs.take(self.key_name, self.block))

    def speaker(self, say: Say) -> Speaker:
        """Raises UsedUpError."""
        is_own_choice = bool(say.ssrc) and self.sealer is None
        key = f"{say.ssrc if is_own_choice else 0}:{say.speaker}"
        known = self.speakers.pop(key, None)
        if known is None or self.is_full(known):
            known = Speaker(say.ssrc) if is_own_choice else self._new_speaker()
        self.speakers[key] = known
        if len(self.speakers) > MAX_SPEAKERS:
            del self.speakers[next(iter(self.speakers))]
        return known

    def is_full(self, speaker: Speaker) -> bool:
        """Whether it has said as much as one SSRC may under a key."""
        return self.sealer is not None and speaker.packets >= MAX_OF_SSRC

    def renew(self, speaker: Speaker) -> Speaker:
        """In the middle of a burst that has no end: before its numbers wrap, another SSRC. Raises
        UsedUpError."""
        fresh = self._new_speaker()
        fresh.offset = speaker.offset
        self.speakers = {k: fresh if one is speaker else one for k, one in self.speakers.items()}
        return fresh

    def relay_of(self, one: SentOn, now_s: float) -> tuple[Relayed, int]:
        """Under which SSRC this goes out, and how many numbers after the last. Raises
        UsedUpError."""
        now_of, known = (self.key_name, self.block), self.relayed.pop(one.source, None)
        step = known.step(one.sequence, one.timestamp) if known is not None else None
        is_next = known is not None and known.of != now_of and now_s - known.sent_s >= PAUSE_S
        if known is None or step is None or is_next or known.count >= MAX_OF_SSRC:
            ssrc = self._ssrcs.take(self.key_name, self.block)
            fresh = Relayed(ssrc, now_of, one.sequence, one.timestamp, one.name)
            if known is not None:
                fresh.is_on, fresh.sent_s = known.is_on, known.sent_s
            known, step = fresh, 0
        self.relayed[one.source] = known
        if len(self.relayed) > MAX_RELAYED:
            del self.relayed[next(iter(self.relayed))]
        return known, step

    def renew_live(self) -> bool:
        """Between two overs of the microphone: whether the next one has another SSRC."""
        now_of, live = (self.key_name, self.block), self.live
        is_full = live is not None and live.packets >= MAX_OF_SSRC - MAX_OF_OVER
        if live is not None and self._live_of == now_of and not (is_full and self.sealer):
            return False
        self._live_of = now_of
        try:
            self.live = self._new_speaker()
        except UsedUpError as error:
            log.warning("%s: %s", self.wish.publication, error)
            self.live = None
        return self.live is not None

    def read_reports(self, now_s: float) -> None:
        if self.listeners.is_due(now_s):
            ours = {one.ssrc for one in self.speakers.values()}
            ours.update(one.ssrc for one in self.relayed.values())
            if self.live is not None:
                ours.add(self.live.ssrc)
            self.listeners.read(ours, now_s)

    def figures(self) -> PublicationFigures:
        ssrc = self.live.ssrc if self.live is not None else 0
        return PublicationFigures(self.wish.publication, ssrc, self.sealer is not None, self.kid)

    def close(self) -> None:
        self.listeners.close()
        self.socket.close()

    def send(self, data: bytes, port: int, *, is_rtcp: bool = False) -> str:
        """Returns why it was not sent, else an empty string."""
        if self.sealer is not None:
            data = self.sealer.rtcp(data) if is_rtcp else self.sealer.rtp(data)
        try:
            self.socket.sendto(data, (self.wish.address, port))
        except OSError as error:
            self.unsent += 1
            return error.strerror or str(error)
        return ""
