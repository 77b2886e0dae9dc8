"""The adaptive jitter buffer of one sender: pure, with time given from outside.

Packets go in with their arrival time; frames come out in the order and at the pace of playout.
All media times are in samples at 48 kHz, whatever the codec's clock. How long a packet waits is
told by :mod:`audio.receiving.delays`. Inside a burst playout drifts back by shortening; words are
cut off only when that was not enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from audio import fast
from audio.network.rtp import Packet
from audio.receiving.delays import ROUNDING_MS, Delays

RATE: Final = 48_000  # samples a second
MS: Final = RATE // 1_000
LOOK_EVERY_MS: Final = 100.0  # one decision about the delay in this time, by its least excess
SHORTEN_ABOVE_MS: Final = 12.0  # over the target: play a little faster; a tick alone is 10
HURRY_ABOVE_MS: Final = 40.0  # over the target: look, and shorten, more often
HURRY_EVERY_MS: Final = 40.0  # by a pitch period of 5 to 10 ms: a fifth faster
RESYNC_LOOKS: Final = 30  # so many in a row above that: jump; 1.2 s
RESYNC_NOW_MS: Final = 250.0  # over the target: jump at the first look
WHOLE_MS: Final = 2_000  # of a burst's beginning no word is left out, however late it came
HEAD_MS: Final = 40.0  # more for a burst that seems to lack its first packets
MAX_HEAD: Final = 3  # numbers from the last one heard: one or two packets are missing
STARVE_MS: Final = 60  # of invented sound with nothing arriving: the burst is over
STRAY_MS: Final = 250  # a new sender's packet that stays alone this long was no burst
NOTHING_YET: Final = -(1 << 20)  # no extended sequence number comes near it
MAX_UNLEARNT: Final = 32  # arrival times
MAX_PACKETS: Final = 128  # waiting (2.5 ms each: 320 ms); at the bound the oldest goes
MAX_GAP_MS: Final = 120  # a longer hole is silence of the sender, not loss
SHORTEST: Final = 120  # samples, 2.5 ms: no packet is shorter
SLACK: Final = 96  # samples, 2 ms: rounding of other clocks and resampling, no gap
MAX_JUMP: Final = 3_000  # sequence numbers (RFC 3550 A.1 MAX_DROPOUT)
MAX_BACK: Final = 100  # (RFC 3550 A.1 MAX_MISORDER)
STALE_MS: Final = 500.0  # after such a pause no packet is a late one of the burst before
LENGTHEN_BELOW_MS: Final = 5.0  # under the target: play a little slower, before it starves
LOSS_SEEN_MS: Final = 10_000.0  # after a loss, copies are worth waiting for
COPIES_KEPT_MS: Final = 1_000.0  # the latest of the copies of so long decides about the wait
COPIES_GONE_MS: Final = 10_000.0  # without a copy: the sender makes none any more
MAX_LEAP_MS: Final = 2_000.0  # a timestamp this far off within a burst: the sender began anew

Kind = Literal["frame", "lost", "starved", "silence", "idle"]
Step = Literal["keep", "shorten", "lengthen", "resync"]


@fast.instead
@dataclass(slots=True)
class Counts:
    packets: int = 0
    lost: int = 0
    late: int = 0
    duplicate: int = 0
    dropped: int = 0  # by the bound, or by a jump to catch up
    concealed: int = 0  # samples that had to be invented
    rescued: int = 0  # frames that came as a copy alone


@dataclass(slots=True)
class Numbering:
    """What the sequence numbers tell of loss, since the sender last began anew (RFC 3550 A.3)."""

    first: int = 0  # extended sequence number
    before: int = 0  # packets that had come before it
    gaps: int = 0
    missing: int = 0  # numbers within them


COUNTED: Final = ("packets", "lost", "late", "duplicate", "dropped", "concealed", "rescued")


@fast.instead
class Next(msgspec.Struct, frozen=True, gc=False):
    """What to play now: a payload; or ``samples`` to conceal (``payload`` then is the packet
    that follows the loss, with its redundancy) or of silence; or nothing."""

    kind: Kind
    payload: bytes = b""
    samples: int = 0
    arrived_ms: float = 0.0
    media: int = 0  # extended timestamp of a frame, samples at 48 kHz


IDLE: Final = Next("idle")


@fast.instead
class BufferState:
    """What the usual case of putting and taking needs."""

    __slots__ = (
        "_aim_ms", "_clock_rate", "_expected", "_high_looks", "_highest", "_least_ms", "_looked_ms",
        "_media", "_relative_ms", "_starved", "_timestamp", "_unlearnt_ms", "_waiting", "counts",
        "delays", "heard_ms", "playing", "talking",
    )  # fmt: skip


class JitterBuffer(BufferState):
    """``put`` as packets come; ``take`` whenever a frame is needed, then ``advance``. With the
    compiled module the next packet of a burst does not come by here (receive.StreamState), nor
    does the next frame (sender.SenderState)."""

    __slots__ = (
        "_copied_ms", "_gap_ms", "_gone", "_is_known", "_latest_ms", "_whole_until", "numbering",
    )  # fmt: skip

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._waiting: dict[int, Next] = {}  # by extended sequence number
        self._highest = NOTHING_YET  # extended sequence number
        self._timestamp = 0  # extended, of the highest
        self._is_known = False  # has spoken before: one packet is enough to begin
        self._expected = 0  # sequence number to play next
        self._media = 0  # what to play next, samples
        self._starved = 0  # samples invented in a row with nothing waiting
        self._gone = False  # said goodbye
        self._unlearnt_ms: list[float] = []  # relative arrival times
        self._whole_until = 0  # samples: until then nothing is left out
        self._relative_ms = 0.0  # of the newest packet
        self._aim_ms = 0.0  # relative time at which samples should be played
        self._looked_ms = 0.0
        self._least_ms = float("inf")
        self._high_looks = 0
        self._gap_ms = float("-inf")  # when a gap in the numbers was last seen
        self._copied_ms = float("-inf")  # when copies last came
        self._latest_ms = float("-inf")  # and the ones that decide about the wait
        self.delays = Delays()
        self.counts = Counts()
        self.numbering = Numbering()
        self.heard_ms = float("-inf")  # when the last packet came
        self.talking = False  # a burst is here, waiting or playing
        self.playing = False

    def excess_ms(self, now_ms: float) -> float:
        """How much later than the target the next sample is being played."""
        return now_ms - self._media / MS - self._aim_ms

    def learn_from(self, other: JitterBuffer) -> None:
        """Another sender of the same stream came the same way."""
        self.delays.learn_from(other.delays)
        self._gap_ms, self._copied_ms, self._latest_ms = (
            other._gap_ms,
            other._copied_ms,
            other._latest_ms,
        )

    @property
    def clock_rate(self) -> int:
        return self._clock_rate

    @property
    def highest(self) -> int:
        """Extended sequence number; of no use before the first packet."""
        return self._highest

    # -- putting ----------------------------------------------------------------------------

    def put(self, packet: Packet, now_ms: float) -> None:
        """Arrival times are learnt from a few at a time: memory that is cold costs most of all."""
        self.counts.packets += 1
        timestamp = self._timestamp + ((packet.timestamp - self._timestamp) & 0xFFFFFFFF)
        clock_rate = self._clock_rate
        media = timestamp if clock_rate == RATE else timestamp * RATE // clock_rate
        relative_ms = now_ms - media / MS
        if (
            self.talking
            and packet.sequence == (self._highest + 1) & 0xFFFF
            and abs(relative_ms - self._relative_ms) < MAX_LEAP_MS
        ):  # nearly always: the next one of a burst
            self._highest += 1
            self._timestamp = timestamp
            self.heard_ms = now_ms
            self._relative_ms = relative_ms
            self._unlearnt_ms.append(relative_ms)
            if not self.playing or len(self._unlearnt_ms) >= MAX_UNLEARNT:
                self._learn(now_ms)
            if len(self._waiting) >= MAX_PACKETS:
                self._drop_oldest()
            self._waiting[self._highest] = Next("frame", packet.payload, 0, now_ms, media)
        else:
            self._put_other(packet, now_ms)

    def _put_other(self, packet: Packet, now_ms: float) -> None:
        """The first of a burst, or one that is late, early, doubled or of another numbering."""
        if not self.talking and now_ms - self.heard_ms > STALE_MS:
            self._restart_if_behind(packet)
        self.heard_ms = now_ms
        before = self._highest
        sequence, timestamp = self._extend(packet, now_ms)
        media = timestamp * RATE // self._clock_rate
        relative_ms = now_ms - media / MS
        if self.talking and abs(relative_ms - self._relative_ms) >= MAX_LEAP_MS:
            self._restart(packet)
            sequence, media = packet.sequence, packet.timestamp * RATE // self._clock_rate
            relative_ms = now_ms - media / MS
        if sequence < self._expected and (self.playing or not self.talking):
            self.counts.late += 1
            if not self.talking:  # left over from the burst before
                return
        elif not self.talking:
            self._begin(sequence, media, relative_ms, now_ms)
            if 1 < sequence - before <= MAX_HEAD and not packet.marker:
                self._wait_for_head()
        self._relative_ms = relative_ms
        self._unlearnt_ms.append(relative_ms)
        self._learn(now_ms)
        self._store(sequence, Next("frame", packet.payload, 0, now_ms, media))

    def put_copy(self, packet: Packet, now_ms: float) -> bool:
        """A copy of an earlier packet: kept if that has not come and is still to be played. It
        teaches nothing about arrival times and counts neither as late nor as doubled. Returns
        whether it was kept."""
        behind = (self._highest - packet.sequence) & 0xFFFF
        if not (self.talking and 0 < behind <= MAX_BACK) or len(self._waiting) >= MAX_PACKETS:
            return False
        sequence = self._highest - behind
        before = (self._timestamp - packet.timestamp) & 0xFFFFFFFF
        media = (self._timestamp - before) * RATE // self._clock_rate
        if sequence in self._waiting or before > MAX_GAP_MS * self._clock_rate // 1_000:
            return False
        if sequence < self._expected:
            if self.playing:
                return False
            self._expected, self._media = sequence, media  # the burst's first packet was lost
        self._waiting[sequence] = Next("frame", packet.payload, 0, now_ms, media)
        self.counts.rescued += 1
        return True

    def expect_copies(self, late_ms: float, now_ms: float) -> None:
        """Copies come, this much later than their originals: wait for them while there is loss."""
        self._copied_ms = now_ms
        if now_ms - self._gap_ms > LOSS_SEEN_MS:
            self.delays.copies_ms = 0.0
        elif late_ms >= self.delays.copies_ms or now_ms - self._latest_ms > COPIES_KEPT_MS:
            self.delays.copies_ms, self._latest_ms = late_ms, now_ms

    def has_copies(self, now_ms: float) -> bool:
        """The sender sends copies along now."""
        return now_ms - self._copied_ms <= COPIES_KEPT_MS

    def _forget_copies(self, now_ms: float) -> None:
        if now_ms - self._copied_ms > COPIES_GONE_MS:
            self.delays.copies_ms = 0.0

    def vouch(self) -> None:
        """It is no stray packet: he has been given the floor."""
        self._is_known = True

    def goodbye(self) -> None:
        """The sender has left (RTCP BYE): what waits is played, nothing is invented after it."""
        self._gone = True

    def _extend(self, packet: Packet, now_ms: float) -> tuple[int, int]:
        """Sequence number and timestamp without their wraps; a sender may start over."""
        highest = self._highest
        jump = (packet.sequence - highest) & 0xFFFF
        if jump >= 0x8000:
            jump -= 0x10000
        if highest == NOTHING_YET or not -MAX_BACK <= jump <= MAX_JUMP:
            self._restart(packet)
            return packet.sequence, packet.timestamp
        step = (packet.timestamp - self._timestamp) & 0xFFFFFFFF
        if step >= 0x80000000:
            step -= 0x100000000
        timestamp = self._timestamp + step
        self._note_jump(jump, now_ms)
        if jump > 0:
            self._highest, self._timestamp = highest + jump, timestamp
        return highest + jump, timestamp

    def _note_jump(self, jump: int, now_ms: float) -> None:
        numbering = self.numbering
        if jump > 1:
            numbering.gaps += 1
            numbering.missing += jump - 1
            self._gap_ms = now_ms
        elif jump < 0 and numbering.missing:
            numbering.missing -= 1  # out of order: it was not lost after all

    def _restart_if_behind(self, packet: Packet) -> None:
        """Some gateways number every burst from the same start."""
        if (packet.sequence - self._highest - 1) & 0xFFFF >= 0x8000:
            self._restart(packet)

    def _restart(self, packet: Packet) -> None:
        self._waiting.clear()
        self.numbering = Numbering(packet.sequence, self.counts.packets - 1)
        self._highest, self._timestamp = packet.sequence, packet.timestamp
        self._expected = packet.sequence
        self._end_burst()

    def _begin(self, sequence: int, media: int, relative_ms: float, now_ms: float) -> None:
        self.talking = True
        self._expected, self._media = sequence, media
        self._whole_until = media + WHOLE_MS * MS
        self._starved = 0
        self._gone = False
        self._wait(relative_ms, now_ms)

    def _wait(self, relative_ms: float, now_ms: float) -> None:
        """Play from here, after the wait."""
        self.playing = False
        self._learn(now_ms)
        self._forget_copies(now_ms)
        self.delays.begin(relative_ms, now_ms)
        self._relative_ms = relative_ms
        self._aim_ms = self.delays.base_ms + self.delays.target_ms
        self._looked_ms, self._least_ms, self._high_looks = now_ms, float("inf"), 0

    def _wait_for_head(self) -> None:
        """Packets before this one are missing, of the burst's very beginning for all that is known:
        they may have been overtaken, or come as copies."""
        self.delays.grow(HEAD_MS)
        self._aim_ms = self.delays.base_ms + self.delays.target_ms

    def _store(self, sequence: int, waiting: Next) -> None:
        if sequence < self._expected:
            if self.playing:
                return
            self._expected, self._media = sequence, waiting.media  # came out of order, in time
        if sequence in self._waiting:
            self.counts.duplicate += 1
            return
        if len(self._waiting) >= MAX_PACKETS:
            self._drop_oldest()
        self._waiting[sequence] = waiting

    def _drop_oldest(self) -> None:
        del self._waiting[min(self._waiting)]
        self.counts.dropped += 1

    def _learn(self, now_ms: float) -> None:
        if self._unlearnt_ms:
            self.delays.learn(self._unlearnt_ms, now_ms)
            self._unlearnt_ms.clear()
        self._aim_ms = self.delays.base_ms + self.delays.target_ms

    def unlearn(self) -> None:
        """This machine was late, not the network: what was found just now teaches nothing."""
        self._unlearnt_ms.clear()

    # -- taking -----------------------------------------------------------------------------

    def take(self, now_ms: float) -> Next:
        """The next thing to play. Call again when its samples have been played."""
        if not self.playing and not self._may_begin(now_ms):
            return IDLE
        found = self._waiting.get(self._expected)
        if found is None:
            return self._missing(now_ms)
        gap = found.media - self._media
        if not -SLACK <= gap <= SLACK:
            return self._bridge(found, gap, now_ms)
        del self._waiting[self._expected]
        self._media = found.media
        self._expected += 1
        self._starved = 0
        return found

    @property
    def is_next_here(self) -> bool:
        """The frame that follows without a gap."""
        found = self._waiting.get(self._expected)
        return found is not None and -SLACK <= found.media - self._media <= SLACK

    def advance(self, samples: int) -> None:
        """``samples`` of the sender's time have been invented or were silence."""
        self._media += samples

    def played(self, samples: int, now_ms: float) -> Step:
        """A frame of ``samples`` was decoded (all of them, if it is shortened afterwards). What
        to do about the delay: most answers are "keep"."""
        self._least_ms = min(self._least_ms, now_ms - self._media / MS - self._aim_ms)
        self._media += samples
        if now_ms - self._looked_ms < LOOK_EVERY_MS:
            return "keep"
        return self._decide(now_ms)

    def _decide(self, now_ms: float) -> Step:
        least_ms = self._least_ms - ROUNDING_MS
        self._least_ms, self._looked_ms = float("inf"), now_ms
        self._learn(now_ms)
        self._forget_copies(now_ms)
        self.delays.follow(now_ms)
        self._aim_ms = self.delays.base_ms + self.delays.target_ms
        if least_ms > HURRY_ABOVE_MS:
            return self._hurry(least_ms, now_ms)
        self._high_looks = 0
        if least_ms < -LENGTHEN_BELOW_MS:  # the network got worse, or the sender's clock is slow
            return "lengthen"
        return "shorten" if least_ms > SHORTEN_ABOVE_MS else "keep"

    def _hurry(self, least_ms: float, now_ms: float) -> Step:
        """Far behind: shorten more often; jump where that was not enough, or would take long."""
        self._looked_ms = now_ms - LOOK_EVERY_MS + HURRY_EVERY_MS
        self._high_looks += 1
        is_hopeless = least_ms > RESYNC_NOW_MS or self._high_looks >= RESYNC_LOOKS
        if not is_hopeless or self._media < self._whole_until:
            return "shorten"
        self._high_looks = 0
        return "resync"

    def catch_up(self, now_ms: float) -> int:
        """Drop what is waiting until the delay is back at the target. Returns packets dropped."""
        dropped = 0
        while self.excess_ms(now_ms) > ROUNDING_MS and len(self._waiting) > 1:
            dropped += self._waiting.pop(self._expected, None) is not None
            self._expected = min(self._waiting)
            self._media = self._waiting[self._expected].media
        self.counts.dropped += dropped
        return dropped

    def _may_begin(self, now_ms: float) -> bool:
        """After the wait; and not for one stray packet (RFC 3550 A.1, probation)."""
        if not self.talking:
            return False
        excess_ms = self.excess_ms(now_ms)
        if excess_ms < -ROUNDING_MS:
            return False
        if len(self._waiting) < 2 and not self._is_known:
            if now_ms - self.heard_ms >= STRAY_MS:
                self.counts.dropped += len(self._waiting)
                self._waiting.clear()
                self._end_burst()
            return False
        if not self._is_known:
            self.delays.grow(excess_ms)  # long packets: the second one came after the wait
            self._aim_ms = self.delays.base_ms + self.delays.target_ms
        self.playing = self._is_known = True
        return True

    def _bridge(self, found: Next, gap: int, now_ms: float) -> Next:
        """Across a gap in the sender's time where none is in its numbers."""
        gap -= min(self._starved, max(gap, 0))  # what was invented counts
        self._starved = 0
        self._media = found.media
        if abs(gap) > MAX_GAP_MS * MS:  # the sender's own pause, or its clock
            self._wait(found.arrived_ms - found.media / MS, now_ms)
            return self.take(now_ms)
        if gap <= SLACK:
            return self.take(now_ms)
        self._media -= gap
        return Next("silence", samples=gap)

    def _missing(self, now_ms: float) -> Next:
        """Lost when later packets are here; else wait a little for it, inventing sound."""
        if not self._waiting:
            return self._starve()
        following = min(self._waiting)
        found = self._waiting[following]
        missing, gap = following - self._expected, found.media - self._media
        credit = min(self._starved, max(gap, 0))  # what was invented stands for what is lost
        self._starved = 0
        self._media += credit
        length = gap // missing  # of a packet, it seems
        if not SLACK < gap - credit <= MAX_GAP_MS * MS or length < SHORTEST:
            self.counts.lost += missing
            self._expected = following
            return self.take(now_ms)
        covered, begun = divmod(credit, length)  # packets, and samples of the next one
        self.counts.lost += covered + 1
        self._expected += covered + 1
        samples = length - begun
        self.counts.concealed += samples
        return Next("lost", found.payload if self._expected == following else b"", samples)

    def _starve(self) -> Next:
        samples = 10 * MS
        if self._gone or self._starved >= STARVE_MS * MS:
            self._end_burst()
            return IDLE
        self._starved += samples
        self.counts.concealed += samples
        return Next("starved", samples=samples)

    def _end_burst(self) -> None:
        self.talking = self.playing = False
        self._starved = 0
