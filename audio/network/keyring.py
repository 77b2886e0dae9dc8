"""The SRTP keys of one stream that is listened to: which of them opens a packet.

Foreign tools put no key id into their packets, so the key is found by trying: a sender's last good
one first, which is nearly always right. For a packet that fails, a stream that is patient tries
all others (:meth:`Ring.rtp_failed`), and one whose patience a flood has used up the likeliest
alone (:meth:`Ring.rtp_likely`), which the compiled way does by itself. So a flood costs two tries
a packet, whatever is forged, and nobody who changes from one key to the next loses a word.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final, Protocol

from audio.network.rollover import MAX_ROC, Memory, Seen, Trial, fingerprint, follow
from audio.network.srtp import MAX_OPENED, Opener, Sealer
from audio.protocol import SrtpKey

ROCS_PER_S: Final = 500.0  # of rollover counters, each a microsecond or three
MAX_ROCS: Final = 2.0 * MAX_ROC  # at once: who is joined late is heard from his first packet
NEAR_ROCS: Final = range(1, 33)  # tried on every packet: half a day of voice without a pause
MAX_SOUGHT: Final = 4  # packets whose rollover counter is being sought; the oldest gives way


class Numbered(Protocol):
    """What is asked of a jitter buffer."""

    @property
    def highest(self) -> int: ...


class Heard(Protocol):
    """What is asked of a sender."""

    @property
    def buffer(self) -> Numbered: ...


class Budget:
    """So many a second, and so many at once. Pure."""

    def __init__(self, per_s: float, most: float) -> None:
        self._per_ms, self._most, self._left = per_s / 1e3, most, most
        self._at_ms = float("-inf")

    def take(self, count: int, now_ms: float) -> int:
        """As many of these as there are."""
        since_ms = min(now_ms - self._at_ms, 1e9)
        self._left = min(self._most, self._left + max(since_ms, 0.0) * self._per_ms)
        self._at_ms = now_ms
        given = min(count, int(self._left))
        self._left -= given
        return given


class _Held:
    """One key."""

    def __init__(self, key: SrtpKey) -> None:
        self.key = key
        self.opener = Opener(key.profile, key.key)
        self.session, self.function = self.opener.addresses()
        self.name = fingerprint(key.profile, key.key)
        self.seen: dict[int, Seen] = {}  # senders' indices, as far as they were looked at
        self._sealer: Sealer | None = None
        self._trial: Trial | None = None

    @property
    def sealer(self) -> Sealer:
        """Of our own reports; made once, or its index would be used twice."""
        if self._sealer is None:
            self._sealer = Sealer(self.key.profile, self.key.key)
        return self._sealer

    @property
    def trial(self) -> Trial:
        if self._trial is None:
            self._trial = Trial(self.key.profile, self.key.key)
        return self._trial

    def note_seen(self, ssrc: int, seen: Seen) -> None:
        self.seen.pop(ssrc, None)
        self.seen[ssrc] = seen
        if len(self.seen) > MAX_OPENED:
            del self.seen[next(iter(self.seen))]


class _Sought:
    """A packet that no key opens, and the next rollover counter to try on it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.next = NEAR_ROCS.stop


class Ring:
    """Without a key nothing is opened. ``tries`` counts what was tried beyond the first key."""

    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory or Memory()
        self._held: list[_Held] = []
        self._last: dict[int, _Held] = {}  # the key that last opened something of an SSRC
        self._near, self._rocs = (Budget(ROCS_PER_S, MAX_ROCS) for _ in range(2))
        self._sought: dict[int, _Sought] = {}
        self.tries = 0

    # -- keys -------------------------------------------------------------------------------

    def set(self, keys: Iterable[SrtpKey], in_use: Iterable[int] = ()) -> None:
        """From the next packet on. A key that was here goes on with what is known of its senders.
        Raises SrtpError, and changes nothing then."""
        known = {(one.key.profile, one.key.key): one for one in self._held}
        held: dict[tuple[str, bytes], _Held] = {}
        for key in keys:
            same = (key.profile, key.key)
            one = held.get(same) or known.get(same) or _Held(key)
            one.key = key
            held.setdefault(same, one)
        for ssrc in in_use:
            if self._held and ssrc not in self._last:
                self._last[ssrc] = self._held[0]
        self._held = list(held.values())
        self._last = {ssrc: one for ssrc, one in self._last.items() if one in self._held}
        self._sought.clear()

    @property
    def keys(self) -> tuple[SrtpKey, ...]:
        return tuple(one.key for one in self._held)

    def key_of(self, ssrc: int) -> SrtpKey | None:
        """The one that a sender's next packet is tried with first."""
        held = self._first(ssrc, (ssrc,))
        return held.key if held is not None else None

    def addresses(self, ssrc: int) -> tuple[int, int]:
        """Of a sender's session (:meth:`Opener.addresses`); zeros: open it by :meth:`rtp`."""
        held = self._first(ssrc, (ssrc,))
        return (held.session, held.function) if held is not None else (0, 0)

    @property
    def likely_addresses(self) -> tuple[int, int, int]:
        """For a sender who is not in use: two sessions, the first and the likeliest other, and the
        function."""
        first, likely = (*(one.session for one in self._held[:2]), 0, 0)[:2]
        return first, likely, self._held[0].function if self._held else 0

    def forget(self, ssrc: int) -> None:
        """This sender is in use no more."""
        self._last.pop(ssrc, None)

    @property
    def sealer(self) -> Sealer | None:
        """Under the current key."""
        return self._held[0].sealer if self._held else None

    def _first(self, ssrc: int, in_use: Container[int]) -> _Held | None:
        """The key that is tried first: as the compiled way does it, which knows senders in use."""
        last = self._last.get(ssrc) if ssrc in in_use else None
        return last or next(iter(self._held), None)

    # -- opening ----------------------------------------------------------------------------

    def rtp(self, data: bytes, in_use: Mapping[int, Heard]) -> bytes | None:
        """By the key that is tried first. None: it is forged, replayed, too long, or another's."""
        held = self._first(int.from_bytes(data[8:12], "big"), in_use)
        return held.opener.rtp(data) if held is not None else None

    def rtp_failed(self, data: bytes, in_use: Mapping[int, Heard], now_ms: float) -> bytes | None:
        """By all others, and by other rollover counters."""
        ssrc = int.from_bytes(data[8:12], "big")
        for held in self._others(ssrc, in_use):
            self.tries += 1
            opened = held.opener.rtp(data)
            if opened is not None:
                self._note_last(ssrc, held)
                return opened
        return self._seek(data, ssrc, in_use, now_ms) if self._held else None

    def rtp_likely(self, data: bytes, in_use: Mapping[int, Heard]) -> bytes | None:
        """By the likeliest other alone."""
        ssrc = int.from_bytes(data[8:12], "big")
        held = next(self._others(ssrc, in_use), None)
        opened = held.opener.rtp(data) if held is not None else None
        if held is not None and opened is not None:
            self._note_last(ssrc, held)
        return opened

    def note_likely(self, ssrc: int, in_use: Container[int]) -> None:
        """The compiled way has opened something as :meth:`rtp_likely` does."""
        held = next(self._others(ssrc, in_use), None)
        if held is not None:
            self._note_last(ssrc, held)

    def rtcp(self, data: bytes, in_use: Mapping[int, Heard]) -> bytes | None:
        ssrc = int.from_bytes(data[4:8], "big")
        first = self._first(ssrc, in_use)
        if first is None:
            return None
        opened = first.opener.rtcp(data)
        for held in self._others(ssrc, in_use) if opened is None else ():
            first, opened = held, held.opener.rtcp(data)
            if opened is not None:
                break
        if opened is not None:
            first.opener.note(ssrc, in_use)
        return opened

    def _others(self, ssrc: int, in_use: Container[int]) -> Iterator[_Held]:
        """Keys but the first, the likeliest first: from the current one to the next, from any
        other to the current one."""
        first = self._first(ssrc, in_use)
        return (one for one in self._held if one is not first)

    def _note_last(self, ssrc: int, held: _Held) -> None:
        self._last.pop(ssrc, None)
        self._last[ssrc] = held
        if len(self._last) > MAX_OPENED:
            del self._last[next(iter(self._last))]

    def note(self, ssrc: int, in_use: Container[int]) -> None:
        """RTP of this sender was opened (:meth:`Opener.note`)."""
        held = self._first(ssrc, (ssrc,))
        if held is not None:
            held.opener.note(ssrc, in_use)

    # -- rollover counters --------------------------------------------------------------------

    def look(self, senders: Mapping[int, Heard]) -> None:
        """Now and then: how far the senders have got. Those past a wrap are remembered."""
        for ssrc, sender in senders.items():
            self.look_at(ssrc, sender)

    def look_at(self, ssrc: int, sender: Heard) -> None:
        """He is in use."""
        held, highest = self._first(ssrc, (ssrc,)), max(sender.buffer.highest, 0)
        if held is None:
            return
        before, sequence = held.seen.get(ssrc), highest & 0xFFFF
        seen = follow(before, sequence) if before is not None else Seen(highest >> 16, sequence)
        held.note_seen(ssrc, seen)
        known = self._memory.find(held.name, ssrc) if seen.roc else None
        if seen.roc and (known is None or known.roc != seen.roc):
            self._memory.note(held.name, ssrc, seen)

    def _seek(
        self, data: bytes, ssrc: int, in_use: Mapping[int, Heard], now_ms: float
    ) -> bytes | None:
        """No key opens it: its sender may have wrapped before it was heard, or in a silence."""
        if ssrc in in_use:
            self.look_at(ssrc, in_use[ssrc])
        for held in self._held:
            known = self._known(held, ssrc)
            if known is None and (ssrc in in_use or held.opener.has_opened(ssrc)):
                continue  # what was heard of him would be heard again
            rocs = NEAR_ROCS if known is None else range(known.roc, known.roc + 2)
            if self._near.take(len(rocs), now_ms) < len(rocs):
                continue
            roc = held.trial.find(data, rocs)
            if roc is not None and self._join(held, ssrc, roc, data):
                return held.opener.rtp(data)
        return None if ssrc in in_use else self._seek_slowly(data, ssrc, now_ms)

    def _known(self, held: _Held, ssrc: int) -> Seen | None:
        return held.seen.get(ssrc) or self._memory.find(held.name, ssrc)

    def _seek_slowly(self, data: bytes, ssrc: int, now_ms: float) -> bytes | None:
        """All in turn, as far as the budget goes, on one packet, as any other may be forged."""
        sought = self._sought.get(ssrc)
        if sought is None:
            sought = self._sought[ssrc] = _Sought(data)
            if len(self._sought) > MAX_SOUGHT:
                del self._sought[next(iter(self._sought))]
        count = self._rocs.take((MAX_ROC - sought.next) * len(self._held), now_ms)
        rocs = range(sought.next, sought.next + count // len(self._held))
        sought.next = rocs.stop
        if sought.next >= MAX_ROC:  # of this packet it is none
            del self._sought[ssrc]
        for held in self._held:
            if held.opener.has_opened(ssrc):
                continue
            roc = held.trial.find(sought.data, rocs)
            if roc is not None:
                self._sought.pop(ssrc, None)
                is_joined = self._join(held, ssrc, roc, sought.data)
                return held.opener.rtp(data) if is_joined else None
        return None

    def _join(self, held: _Held, ssrc: int, roc: int, data: bytes) -> bool:
        """What was sealed with this counter is opened next, unless it is older than what is
        known, or something old could be heard again."""
        seen, known = Seen(roc, int.from_bytes(data[2:4], "big")), self._known(held, ssrc)
        if known is not None and seen.index <= known.index:
            return False
        held.opener.join(ssrc, seen.index)
        held.note_seen(ssrc, seen)
        if roc:
            self._memory.note(held.name, ssrc, seen)
        self._note_last(ssrc, held)
        return True
