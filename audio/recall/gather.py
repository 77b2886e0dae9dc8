"""The packets of the bursts under way, on the mix thread: one append each, no file, no waiting.

A burst ends when the pipeline says so (:class:`Talking`). A sender that was never said to talk,
because another did at the same time, ends after two seconds of silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from audio import fast
from audio.protocol import FloorMark, SetMix, Talking
from audio.recall.burst import Facts, Piece, pack
from audio.receiving.receive import MAX_SENDERS, Stream

MAX_PIECE_BYTES: Final = (
    512 * 1_024
)  # 120 s of Opus, 65 s of G.711; what is longer is kept in pieces
MAX_PIECE_MS: Final = 120_000.0
GOLDEN: Final = (5**0.5 - 1) / 2  # whose multiples are spread evenly between whole numbers
MAX_UNDER_WAY: Final = (
    64 * 1_024 * 1_024
)  # bytes of all streams; then packets are not kept, and counted
MAX_GATHERED: Final = 2 * MAX_SENDERS  # senders of one stream
MIN_PACKETS: Final = 5  # of one that was never said to talk; fewer are strays
NEXT_MS: Final = 150.0  # a pause this long just before the end: what follows it is the next burst's
SILENT_MS: Final = 2_000.0
LOOK_MS: Final = 500.0

Deliver = Callable[[Piece], bool]
"""False: no room for it."""


@fast.instead
class UnderWayState:
    """What the next packet of a burst needs."""

    __slots__ = ("body", "last_ms", "packets", "until_ms")


@fast.instead
class TapState:
    """Whose packets are kept, and whether there is room for them. Compiled: the usual packet is
    appended without a call."""

    __slots__ = ("is_full", "senders")


class UnderWay(UnderWayState):
    """One sender's packets."""

    __slots__ = ("first_ms", "floor", "heard", "resumed_after", "resumed_at", "resumed_ms")

    def __init__(self, ssrc: int, now_ms: float, heard: bool, floor: FloorMark) -> None:
        self.body = bytearray()
        self.first_ms = self.last_ms = self.resumed_ms = now_ms
        self.until_ms = now_ms + MAX_PIECE_MS * _share(ssrc)  # another piece begins
        self.resumed_at = 0  # where in the body sound went on after a pause
        self.packets = self.resumed_after = 0  # in all, and before that pause
        self.heard, self.floor = heard, floor


def _share(ssrc: int) -> float:
    """Of the longest piece, 0.5 to 1, evenly spread: of many who talk without end not all pieces
    end in one tick, and what is under way is always about the same."""
    return 0.5 + ssrc * GOLDEN % 1.0 / 2


class Tap(TapState):
    """Called for each packet of one stream that was accepted."""

    __slots__ = ("_gathering", "_stream")

    def __init__(self, stream: Stream, gathering: Gathering) -> None:
        self._stream = stream
        self._gathering = gathering
        self.senders: dict[int, UnderWay] = {}
        self.is_full = gathering.is_full

    def __call__(
        self, sequence: int, timestamp: int, ssrc: int, payload: bytes, now_ms: float
    ) -> None:
        one = self.senders.get(ssrc)
        if one is None:
            one = self._begin(ssrc, now_ms)
        elif now_ms - one.last_ms >= NEXT_MS:
            one.resumed_at, one.resumed_ms = len(one.body), now_ms
            one.resumed_after = one.packets
        one.last_ms = now_ms
        if self.is_full:
            self._gathering.lost += 1
            return
        one.packets += 1
        one.body += pack(sequence, timestamp, now_ms, payload)
        if len(one.body) >= MAX_PIECE_BYTES or now_ms >= one.until_ms:
            self.end(ssrc, now_ms)

    def _begin(self, ssrc: int, now_ms: float) -> UnderWay:
        if len(self.senders) >= MAX_GATHERED:
            del self.senders[next(iter(self.senders))]
        mark = self._stream.floor.mark(ssrc, now_ms)
        one = self.senders[ssrc] = UnderWay(ssrc, now_ms, self._is_audible(now_ms), mark)
        return one

    def _is_audible(self, now_ms: float) -> bool:
        return self._gathering.is_audible(self._stream.mix, now_ms)

    def end(self, ssrc: int, now_ms: float) -> None:
        """Hand the burst over; what came after a pause just now begins the next one."""
        one = self.senders.pop(ssrc, None)
        if one is None or not one.body:
            return
        body, last_ms = bytes(one.body), one.last_ms
        if one.resumed_at and now_ms - one.resumed_ms < 2 * NEXT_MS:
            body, last_ms = body[: one.resumed_at], one.resumed_ms - NEXT_MS
            following = self.senders[ssrc] = UnderWay(ssrc, one.resumed_ms, one.heard, one.floor)
            following.body += one.body[one.resumed_at :]
            following.packets, following.last_ms = one.packets - one.resumed_after, one.last_ms
        facts = self._facts(ssrc, one, last_ms - one.first_ms, now_ms)
        self._gathering.hand_over(Piece(facts, body))

    def _facts(self, ssrc: int, one: UnderWay, length_ms: float, now_ms: float) -> Facts:
        spec = self._stream.spec
        return Facts(
            burst="",
            stream=spec.stream,
            ssrc=ssrc,
            speaker=self._stream.name_of(ssrc),
            start_ms=max(0, int(self._gathering.wall_ms() - (now_ms - one.first_ms))),
            length_ms=max(0, round(length_ms)),
            encoding=spec.encoding,
            clock_rate=spec.clock_rate,
            channels=spec.channels,
            secured=self._stream.is_secured,
            floor=one.floor,
            heard=one.heard and self._is_audible(now_ms) and not self._was_dimmed(one),
        )

    def _was_dimmed(self, one: UnderWay) -> bool:
        return self._gathering.was_dimmed(self._stream.mix, one.first_ms)

    def look(self, now_ms: float) -> int:
        """End what nobody will say the end of. Returns bytes under way."""
        talking = self._stream.talking.ssrc if self._stream.talking is not None else None
        for ssrc, one in list(self.senders.items()):
            if ssrc != talking and now_ms - one.last_ms >= SILENT_MS:
                if one.packets >= MIN_PACKETS:
                    self.end(ssrc, now_ms)
                self.senders.pop(ssrc, None)
        return sum(len(one.body) for one in self.senders.values())


class Gathering:
    """All streams' taps. ``wall_ms``: unix time. Called by the mix thread alone."""

    def __init__(
        self,
        deliver: Deliver,
        is_audible: Callable[[SetMix, float], bool],
        wall_ms: Callable[[], float],
    ) -> None:
        self._deliver = deliver
        self._taps: dict[str, Tap] = {}
        self._looked_ms = 0.0
        self.is_audible = is_audible
        self.was_dimmed: Callable[[SetMix, float], bool] = lambda _mix, _since_ms: False
        self.wall_ms = wall_ms
        self.is_full = False
        self.lost = 0  # packets and bursts that were not kept

    def tap(self, stream: Stream) -> Tap:
        """A stream begins to be listened to."""
        one = self._taps[stream.spec.stream] = Tap(stream, self)
        return one

    def end(self, stream: str, now_ms: float) -> None:
        """It is not listened to any more; what is under way is kept."""
        tap = self._taps.pop(stream, None)
        if tap is not None:
            while tap.senders:  # at most twice: the beginning of a next one may be left
                tap.end(next(iter(tap.senders)), now_ms)

    def talked(self, change: Talking, now_ms: float) -> None:
        tap = self._taps.get(change.stream)
        if tap is not None and not change.on:
            tap.end(change.ssrc, now_ms)

    def look(self, now_ms: float) -> None:
        """Once per tick; does something twice a second."""
        if now_ms - self._looked_ms < LOOK_MS:
            return
        self._looked_ms = now_ms
        self.is_full = sum(tap.look(now_ms) for tap in self._taps.values()) > MAX_UNDER_WAY
        for tap in self._taps.values():
            tap.is_full = self.is_full

    def hand_over(self, piece: Piece) -> None:
        if not self._deliver(piece):
            self.lost += 1
