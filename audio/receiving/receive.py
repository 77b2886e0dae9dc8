"""One stream as it arrives: its sockets, its key, its senders. All is counted, nothing raises."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from audio import fast
from audio.codecs import opus
from audio.codecs.libopus import OpusError
from audio.codecs.table import decoder_for, timestamp_rate
from audio.network import red, rtcp, rtp
from audio.network.keyring import Ring
from audio.network.postbox import Postbox
from audio.network.sockets import open_pair
from audio.protocol import (
    MAX_PACKET,
    FloorMark,
    FloorMarked,
    SetMix,
    StreamFigures,
    StreamSpec,
    Talking,
)
from audio.receiving.feedback import Feedback, Tally
from audio.receiving.floor import OCCUPIED_MS, FloorGate
from audio.receiving.jitter import COUNTED, MS, Counts, JitterBuffer
from audio.receiving.sender import Sender

MAX_SENDERS: Final = 8  # SSRCs of one stream; one more takes the place of the longest silent
MAX_NAMES: Final = 32  # SSRCs whose name is remembered; the oldest goes
FORGET_MS: Final = 30_000.0  # a sender silent this long is forgotten
REPLACE_MS: Final = 2_000.0  # at the bound, one silent this long gives way
LONGEST: Final = MAX_PACKET + 1  # bytes; what fills them is too long
PATIENCE: Final = 10  # packets that fail, and are tried with all keys, between two looks
RTCP_PATIENCE: Final = 50  # the same of RTCP; then none is opened
PRESENT_MS: Final = 3_000.0  # packets within this time: the stream is there


@dataclass(slots=True)
class Refusals:
    """Datagrams that were not taken, by why; each is counted once. Of those that were taken:
    ``copies`` and ``undecodable``."""

    malformed: int = 0
    oversized: int = 0
    wrong_type: int = 0
    unauthentic: int = 0
    crowded: int = 0  # more senders than MAX_SENDERS
    undecodable: int = 0  # of senders since forgotten, or with no decoder to be had
    copies: int = 0  # taken without one of the copies in it, which could be none

    def total(self) -> int:
        counted = self.malformed + self.oversized + self.wrong_type
        return counted + self.unauthentic + self.crowded + self.undecodable + self.copies


Tap = Callable[[int, int, int, bytes, float], object]
"""Sequence number, timestamp, SSRC, payload and arrival of each packet that was accepted."""


@fast.instead
class StreamState:
    """What the usual case of a datagram needs. ``tap`` is called with every packet that is put
    into a jitter buffer. ``_session`` and ``_unprotect``: libsrtp's, as addresses; 0 = unknown."""

    senders: dict[int, Sender]
    rtp: socket.socket
    tap: Tap | None
    _is_sealed: bool
    _number: int
    _payload_type: int
    _session: int
    _next: int  # and of the likeliest other key
    _unprotect: int
    patience: int  # packets that fail under their first key, for which all is tried
    forged: int  # those that failed when there was none left
    _last: Sender | None  # the newest packet's, where this is compiled

    def receive(self, now_ms: float) -> None:
        """One datagram from the RTP socket."""
        try:
            data = self.rtp.recv(LONGEST)
        except OSError:  # nothing there after all, or an ICMP error of a unicast peer
            return
        self._take(data, now_ms)

    def _take(self, data: bytes, now_ms: float) -> None:
        raise NotImplementedError


class Stream(StreamState):
    """A stream that is listened to. Raises ListenError when it can't be.

    ``wake`` is called for a sender that has something to play again, ``tap`` for each packet.
    """

    def __init__(
        self, spec: StreamSpec, slot: int, wake: Callable[[Sender], None], ring: Ring | None = None
    ) -> None:
        """Without a ``ring`` it is heard as it comes, whatever the spec says."""
        self.spec = spec
        self.slot = slot
        self.mix = SetMix(spec.stream)
        self.refused = Refusals()
        self.senders: dict[int, Sender] = {}
        self._last = None
        self.talking: Sender | None = None
        self.tap = None
        self.floor = FloorGate(self.original_of)
        self.is_own: Callable[[int], bool] = lambda _ssrc: False  # the voice of who sits here
        self._marked: FloorMark = ""  # of who talks, as it was told last
        self._types = (bytes((spec.payload_type,)), bytes((spec.payload_type | 0x80,)))  # 2nd byte
        self._red_type = spec.red if spec.encoding == "opus" else None
        self._feedback = Feedback(random.SystemRandom())
        self._gaps_told = 0  # in the sequence numbers, at the last report
        self._sender_address: Any = None  # of the newest sender report: reports go there
        self._wake = wake
        self._names: dict[int, str] = {}
        self._originals: dict[int, int] = {}
        self._forgotten = Counts()
        self._newest: JitterBuffer | None = None  # the next sender's packets come the same way
        self.rtp, self.rtcp = open_pair(spec)
        self._number, self._payload_type = self.rtp.fileno(), spec.payload_type
        self.ring: Ring | None = None
        self._is_sealed, self._session, self._next, self._unprotect = False, 0, 0, 0
        self.forged = 0
        self.be_patient()
        if ring is not None:
            self.take_keys(ring)

    def take_keys(self, ring: Ring) -> None:
        """It is secured from now on, or its ring has other keys. Our own reports begin anew: an
        SRTCP index of theirs may not come twice under one key."""
        self.ring, self._is_sealed = ring, True
        self._session, self._next, self._unprotect = ring.likely_addresses
        for sender in self.senders.values():
            sender.session = ring.addresses(sender.ssrc)[0]
        self._feedback.begin_anew()

    def close(self) -> None:
        if self.ring is not None:
            self.ring.look(self.senders)
        self._number = -1  # another socket may get the number
        self.rtp.close()
        if self.rtcp is not None:
            self.rtcp.close()

    # -- arriving ---------------------------------------------------------------------------

    def _take(self, data: bytes, now_ms: float) -> None:
        """A datagram as it came."""
        if data[1:2] not in self._types or len(data) == LONGEST:
            self._take_other(data, now_ms)
            return
        opened = self._open(data, now_ms)
        if opened is not None:
            self._take_opened(opened, now_ms)

    def _open(self, data: bytes, now_ms: float) -> bytes | None:
        """None: it is counted."""
        if self.ring is None:
            return data
        opened = self.ring.rtp(data, self.senders)
        if opened is None and self.patience > 0:
            self.patience -= 1
            return self._open_failed(data, now_ms)
        if opened is None:
            opened = self.ring.rtp_likely(data, self.senders)
            self.forged += opened is None
            self._note_session(data)
        return opened

    def _open_failed(self, data: bytes, now_ms: float) -> bytes | None:
        opened = None
        if self.ring is not None:
            opened = self.ring.rtp_failed(data, self.senders, now_ms)
            self._note_session(data)
        if opened is None:
            self._refuse()
        return opened

    def _take_failed(self, data: bytes, now_ms: float) -> None:
        """RTP that the key which is tried first has not opened."""
        opened = self._open_failed(data, now_ms)
        if opened is not None:
            self._take_opened(opened, now_ms)

    def _take_switched(self, opened: bytes, now_ms: float) -> None:
        """The likeliest other key has opened it."""
        if self.ring is not None:
            self.ring.note_likely(int.from_bytes(opened[8:12], "big"), self.senders)
        self._note_session(opened)
        self._take_opened(opened, now_ms)

    def be_patient(self) -> None:
        """A few times a second."""
        self.patience, self._rtcp_patience = PATIENCE, RTCP_PATIENCE

    def _note_session(self, data: bytes) -> None:
        """Another key may have opened it than the one before."""
        sender = self.senders.get(int.from_bytes(data[8:12], "big"))
        if sender is not None and self.ring is not None:
            sender.session = self.ring.addresses(sender.ssrc)[0]

    def _take_opened(self, data: bytes, now_ms: float) -> None:
        """RTP of this stream's payload type, opened if it was sealed."""
        packet = rtp.parse(data)
        if packet is None:
            self._note_opened(data[8:12])
            self._refuse()
            return
        self._note_sources(data, packet.ssrc)
        if self._may_be_heard(packet, now_ms):
            self._put(packet, now_ms)

    def _note_sources(self, data: bytes, ssrc: int) -> None:
        """Whose voice a patch has sent on. Packets with CSRCs never go the compiled way."""
        if not data[0] & 0x0F:
            return
        sources = rtp.sources(data)
        if len(sources) == 2 and sources[1] == rtp.PATCHED:
            self._originals.pop(ssrc, None)
            self._originals[ssrc] = sources[0]
            if len(self._originals) > MAX_NAMES:
                del self._originals[next(iter(self._originals))]

    def original_of(self, ssrc: int) -> int | None:
        """The SSRC that a patch has this voice from; None: it comes from no patch."""
        return self._originals.get(ssrc)

    def _put(self, packet: rtp.Packet, now_ms: float) -> Sender | None:
        sender = self.senders.get(packet.ssrc) or self._admit(packet.ssrc, now_ms)
        if sender is not None:
            sender.buffer.put(packet, now_ms)
            self._show_tap(packet, now_ms)
            if not sender.is_active:
                self._wake(sender)
        return sender

    def _may_be_heard(self, packet: rtp.Packet, now_ms: float) -> bool:
        """Who is heard already goes on until :meth:`look_at_floor`."""
        if not self.floor.is_controlled:
            return True
        sender = self.senders.get(packet.ssrc)
        if (sender is not None and sender.is_active) or self.is_own(packet.ssrc):
            return True
        return self.floor.judge(packet, now_ms) == "pass"

    def _take_other(self, data: bytes, now_ms: float) -> None:
        """What is no plain packet of this stream; RTCP may come on the same port (RFC 5761)."""
        if len(data) == LONGEST:
            self.refused.oversized += 1
        elif rtp.is_rtcp(data):
            self._take_rtcp(data, now_ms)
        elif len(data) > 1 and data[1] & 0x7F == self._red_type:
            self._take_red(data, now_ms)
        elif rtp.parse(data) is None:
            self.refused.malformed += 1
        else:
            self.refused.wrong_type += 1

    def _take_red(self, data: bytes, now_ms: float) -> None:
        """A packet with copies of earlier ones (RFC 2198): as if all had come by themselves."""
        opened = self._open(data, now_ms)
        if opened is None:
            return
        self._note_opened(opened[8:12])
        packet = rtp.parse(opened)
        blocks = red.unpack(packet.payload) if packet is not None else None
        if packet is None or blocks is None:
            self._refuse()
            return
        if blocks[-1].payload_type != self.spec.payload_type:
            self.refused.wrong_type += 1
            return
        primary = msgspec.structs.replace(packet, payload=blocks[-1].payload)
        sender = self._put(primary, now_ms) if self._may_be_heard(primary, now_ms) else None
        if sender is None:
            return
        copies = [one for one in blocks[:-1] if one.payload_type == self.spec.payload_type]
        if copies:
            sender.buffer.expect_copies(max(one.offset for one in copies) / MS, now_ms)
        are_copies = [self._put_copy(sender, packet, one, now_ms) for one in copies]
        self.refused.copies += not all(are_copies)

    def _put_copy(self, sender: Sender, packet: rtp.Packet, copy: red.Block, now_ms: float) -> bool:
        """Its number follows from its time, as all packets between are equally long. Returns
        whether it can be a copy at all."""
        samples = opus.duration(copy.payload)
        if not samples or copy.offset % samples:
            return False
        sequence = (packet.sequence - copy.offset // samples) & 0xFFFF
        timestamp = (packet.timestamp - copy.offset) & 0xFFFFFFFF
        original = rtp.Packet(
            copy.payload_type, False, sequence, timestamp, packet.ssrc, copy.payload
        )
        if sender.buffer.put_copy(original, now_ms):
            self._show_tap(original, now_ms)
        return True

    def _show_tap(self, packet: rtp.Packet, now_ms: float) -> None:
        if self.tap is not None:
            self.tap(packet.sequence, packet.timestamp, packet.ssrc, packet.payload, now_ms)

    def receive_rtcp(self, now_ms: float) -> None:
        """One datagram from the socket beside it."""
        if self.rtcp is None:
            return
        try:
            data, where = self.rtcp.recvfrom(LONGEST)
        except OSError:
            return
        if len(data) == LONGEST:
            self.refused.oversized += 1
        elif self._take_rtcp(data, now_ms):
            self._sender_address = where

    def _note_opened(self, ssrc: bytes) -> None:
        if self.ring is not None:
            self.ring.note(int.from_bytes(ssrc, "big"), self.senders)

    def _refuse(self) -> None:
        if self.ring is None:
            self.refused.malformed += 1
        else:
            self.refused.unauthentic += 1

    def _open_rtcp(self, data: bytes) -> bytes | None:
        """A flood costs names and reports, not sound."""
        if self.ring is None:
            return data
        if self._rtcp_patience <= 0:
            return None
        opened = self.ring.rtcp(data, self.senders)
        self._rtcp_patience -= opened is None
        return opened

    def _take_rtcp(self, data: bytes, now_ms: float) -> bool:
        """Whether it came from one of the stream's senders."""
        opened = self._open_rtcp(data)
        if opened is None:
            self.refused.unauthentic += 1
            return False
        self._note_opened(opened[4:8])
        if not rtcp.split(opened):
            self.refused.malformed += 1
        sent_at = rtcp.sent_at(opened)
        listeners = {one.reporter for one in rtcp.reports(opened)}.difference(sent_at)
        for ssrc in listeners:
            self._feedback.note_member(ssrc, now_ms)
        for ssrc, name in rtcp.names(opened).items():
            if ssrc not in listeners or ssrc in self.senders:  # who only listens has a name too
                self._remember(ssrc, name)
        for ssrc in rtcp.goodbyes(opened):
            if ssrc in self.senders:
                self.senders[ssrc].buffer.goodbye()
        for ssrc, middle in sent_at.items():
            self._feedback.note_sent_at(ssrc, middle, now_ms)
        return bool(sent_at)

    def name_of(self, ssrc: int) -> str:
        """Who that is, also when he is not heard any more; empty: nobody has said."""
        sender = self.senders.get(ssrc)
        return sender.name if sender is not None else self._names.get(ssrc, "")

    def _remember(self, ssrc: int, name: str) -> None:
        if ssrc in self.senders:
            self.senders[ssrc].name = name
        self._names.pop(ssrc, None)
        self._names[ssrc] = name
        if len(self._names) > MAX_NAMES:
            del self._names[next(iter(self._names))]

    def _admit(self, ssrc: int, now_ms: float) -> Sender | None:
        self._note_opened(ssrc.to_bytes(4, "big"))
        if len(self.senders) >= MAX_SENDERS and not self._make_room(now_ms):
            self.refused.crowded += 1
            return None
        try:
            decoder = decoder_for(self.spec)
        except OpusError:
            self.refused.undecodable += 1
            return None
        sender = Sender(self.spec.stream, self.slot, ssrc, timestamp_rate(self.spec), decoder)
        sender.name = self._names.get(ssrc, "")
        sender.session = self.ring.addresses(ssrc)[0] if self.ring is not None else 0
        if self._newest is not None:
            sender.buffer.learn_from(self._newest)
        self._newest = sender.buffer
        self.senders[ssrc] = sender
        return sender

    def _make_room(self, now_ms: float) -> bool:
        silent = min(self.senders.values(), key=lambda one: one.buffer.heard_ms)
        if now_ms - silent.buffer.heard_ms < REPLACE_MS:
            return False
        self._forget(silent)
        return True

    def _forget(self, sender: Sender) -> None:
        counts, sum_of = sender.buffer.counts, self._forgotten
        for field in COUNTED:
            setattr(sum_of, field, getattr(sum_of, field) + getattr(counts, field))
        self.refused.undecodable += sender.undecodable
        del self.senders[sender.ssrc]
        self._last = None
        if self.ring is not None:
            self.ring.look_at(sender.ssrc, sender)
            self.ring.forget(sender.ssrc)

    # -- the floor ------------------------------------------------------------------------------

    def look_at_floor(self, now_ms: float) -> list[FloorMarked]:
        """A few times a second where the floor is controlled: time passes for it. Returns what is
        known otherwise than before of who talks."""
        for sender in list(self.senders.values()):
            if not sender.is_active or self.is_own(sender.ssrc):
                continue
            if self.floor.is_lost(sender.ssrc, now_ms):
                self._forget(sender)
        for packet, arrived_ms in self.floor.granted(now_ms):
            begun = self._put(packet, arrived_ms)
            if begun is not None:
                begun.buffer.vouch()
        if self.talking is None:
            return []
        before, self._marked = self._marked, self.floor.mark(self.talking.ssrc, now_ms)
        if before == self._marked:
            return []
        return [FloorMarked(self.spec.stream, self.talking.ssrc, self._marked)]

    def is_occupied(self, now_ms: float) -> bool:
        """See :class:`Occupied`."""
        return self.floor.is_anybody_waiting(now_ms) or any(
            now_ms - one.buffer.heard_ms < OCCUPIED_MS and not self.is_own(one.ssrc)
            for one in self.senders.values()
        )

    # -- reporting --------------------------------------------------------------------------

    def report(self, now_ms: float, postbox: Postbox) -> None:
        """How it is heard, to its senders, if it is time (RFC 3550 section 6.4.2)."""
        gaps = 0
        for one in self.senders.values():
            gaps += one.buffer.numbering.gaps
        if gaps != self._gaps_told:
            has_copies = any(one.buffer.has_copies(now_ms) for one in self.senders.values())
            self._feedback.note_loss(self._tallies(), now_ms, has_copies=has_copies)
        if self._feedback.is_due(now_ms):
            self._gaps_told = gaps
            self._send_report(now_ms, postbox)

    def _tallies(self) -> list[Tally]:
        return [_tally(one) for one in self.senders.values()]

    def _send_report(self, now_ms: float, postbox: Postbox) -> None:
        blocks, run = self._feedback.make(self._tallies(), now_ms)
        sealer = self.ring.sealer if self.ring is not None else None
        if not blocks or (self.ring is not None and sealer is None):
            return
        able = (self._red_type, run) if self._red_type is not None else None
        ssrc = self._feedback.ssrc
        data = rtcp.receiver_report(ssrc, blocks, f"vaktbord-{ssrc:08x}", able)
        self._post(data if sealer is None else sealer.rtcp(data), postbox)

    def _post(self, data: bytes, postbox: Postbox) -> None:
        """To the group, or where the sender's own reports come from (RFC 4961, RFC 5760)."""
        spec = self.spec
        if spec.group is not None and spec.source is None:
            if spec.port < 65_535:
                postbox.send(data, spec.group, spec.port + 1, spec.interface)
        elif self._sender_address is not None and self.rtcp is not None:
            with contextlib.suppress(OSError):  # full, or no way there: the next one will tell
                self.rtcp.sendto(data, self._sender_address)

    # -- telling ----------------------------------------------------------------------------

    def who_talks(self) -> Sender | None:
        """The one who goes on, else the next; None = silence."""
        if self.talking is not None and self.talking.talking:
            return self.talking
        return next((one for one in self.senders.values() if one.talking), None)

    def talk_changes(self, now_ms: float) -> list[Talking]:
        """What has begun or ended since the last call."""
        now, before = self.who_talks(), self.talking
        if now is before:
            return []
        self.talking = now
        changes = [self._talk(before, on=False)] if before is not None else []
        if now is not None:
            self._marked = self.floor.mark(now.ssrc, now_ms)
            changes.append(self._talk(now, on=True))
        return changes

    def _talk(self, sender: Sender, *, on: bool) -> Talking:
        stream, secured = self.spec.stream, self.is_secured
        return Talking(stream, sender.ssrc, on, sender.name, secured, self._marked)

    @property
    def is_secured(self) -> bool:
        return self.ring is not None

    def tidy(self, now_ms: float) -> None:
        """Forget senders that have long been silent."""
        if self.ring is not None:
            self.ring.look(self.senders)
        for sender in list(self.senders.values()):
            if now_ms - sender.buffer.heard_ms > FORGET_MS and not sender.is_active:
                self._forget(sender)

    def figures(self, now_ms: float) -> StreamFigures:
        senders = self.senders.values()
        counts = [self._forgotten, *(one.buffer.counts for one in senders)]
        undecodable = sum(one.undecodable for one in senders)
        talker = self.talking
        return StreamFigures(
            stream=self.spec.stream,
            slot=self.slot,
            spec=without_key(self.spec),
            mix=self.mix,
            present=any(now_ms - one.buffer.heard_ms < PRESENT_MS for one in senders),
            talking=talker is not None,
            speaker=talker.name if talker else "",
            packets=sum(one.packets for one in counts),
            lost=sum(one.lost for one in counts),
            late=sum(one.late for one in counts),
            concealed=sum(one.concealed for one in counts),
            rescued=sum(one.rescued for one in counts),
            refused=self.refused.total() + undecodable + self.forged,
            jitter_ms=talker.buffer.delays.jitter_ms if talker else 0.0,
            delay_ms=talker.delay_ms if talker else 0.0,
            secured=self.is_secured,
            kids=tuple(one.kid for one in self.ring.keys) if self.ring is not None else (),
            kid=self._last_kid(),
            floor=self._marked if talker is not None else "",
            floorless=self.floor.dropped,
            occupied=self.is_occupied(now_ms),
        )

    def _last_kid(self) -> int | None:
        newest = max(self.senders.values(), key=lambda one: one.buffer.heard_ms, default=None)
        key = (
            self.ring.key_of(newest.ssrc) if self.ring is not None and newest is not None else None
        )
        return key.kid if key is not None else None


def _tally(sender: Sender) -> Tally:
    buffer = sender.buffer
    numbering = buffer.numbering
    return Tally(
        sender.ssrc,
        numbering.first,
        buffer.highest,
        buffer.counts.packets - numbering.before,
        numbering.gaps,
        numbering.missing,
        int(buffer.delays.jitter_ms * buffer.clock_rate / 1_000),
    )


def without_key(spec: StreamSpec) -> StreamSpec:
    return msgspec.structs.replace(spec, key=None) if spec.key is not None else spec
