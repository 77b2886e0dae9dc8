"""A pipeline that is sent mutated RTP, SRTP and RTCP, and an account of every datagram.

``python -m tests.audio.fuzz_packets COUNT SEED`` prints it as JSON. Run by test_fuzz.py with the
compiled module, without, and with one that was compiled with sanitizers.
"""

from __future__ import annotations

import random
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from audio import fast
from audio import pipeline as stages
from audio.mixing import loudness
from audio.network import red, rtcp
from audio.network.srtp import KEY_BYTES, Sealer
from audio.protocol import Encoding, SetKeys, SetMix, SrtpKey, SrtpProfile, StreamSpec
from audio.receiving import feedback, jitter, receive, voices
from audio.receiving.receive import Stream
from tests.audio.pipeline_lab import FRAME, PAYLOAD_TYPE, Lab, opus, packets, sine
from tests.ports import free_udp_port

RED_TYPE: Final = 112
MASK: Final = 0xFFFFFFFF
BATCH: Final = 8  # datagrams of one stream in one tick; no kernel buffer fills up
RENEWED: Final = 2_000  # packets: a session of libsrtp keeps each sender that a mutation makes up
TALKER: Final = 30_000  # packets of one; then another begins, before the numbers go round
HEALTHY: Final = "healthy@h"
SPARED: Final = 100  # ticks from the first packet of the healthy stream until it is listened to
LEVEL: Final = 0.05  # so soft that the guard of long loudness leaves it alone


class Account(msgspec.Struct):
    """Of all datagrams: taken as RTP, as RTCP, or refused."""

    compiled: bool
    sent: int = 0
    packets: int = 0
    reports: int = 0
    refused: int = 0
    bad_inside: int = 0  # taken, but with a copy in it or a payload that was none
    grown_kib: int = 0
    over_bounds: list[str] = []
    healthy_packets: int = 0
    healthy_sent: int = 0
    healthy_bad: int = 0  # lost, late, invented or refused
    quietest: float = 1.0  # of the healthy stream, in 10 ms, once it is heard
    loudest: float = 0.0


# -- what is sent ------------------------------------------------------------------------------


class Station:
    """A sender whose packets are right, for others to mutate."""

    def __init__(self, spec: StreamSpec, payloads: list[bytes], step: int) -> None:
        self.spec = spec
        self.sealer: Sealer | None = None
        self._payloads = payloads
        self._step = step
        self._number = 0
        self.recent: list[bytes] = [b"\x80"]

    def packet(self) -> bytes:
        """The next one, not sealed; now and then with a copy of the one before it."""
        n = self._number = self._number + 1
        if n % RENEWED == 1 and self.spec.srtp and self.spec.key:
            self.sealer = Sealer(self.spec.srtp, self.spec.key)
        payload, payload_type = self._payloads[n % len(self._payloads)], PAYLOAD_TYPE
        if self.spec.red is not None and n % 3 == 0:
            copy = red.Block(PAYLOAD_TYPE, FRAME, self._payloads[(n - 1) % len(self._payloads)])
            payload = red.pack([copy], red.Block(PAYLOAD_TYPE, 0, payload))
            payload_type = RED_TYPE
        (data,) = packets(
            [payload], ssrc=7 + n // TALKER, sequence=n % TALKER, timestamp=n * self._step & MASK,
            payload_type=payload_type,
        )  # fmt: skip
        return data

    def report(self, chance: random.Random) -> bytes:
        """A compound packet as senders and receivers make them."""
        ssrc = chance.choice((7, chance.getrandbits(32)))
        kind = chance.randrange(3)
        blocks = [rtcp.Quality(7, chance.random(), 3, 100, 5, 6, 7)] * chance.randrange(4)
        if kind == 0:
            return rtcp.receiver_report(ssrc, blocks, "somebody", (RED_TYPE, 1.5))
        made = rtcp.report(
            ssrc, ntp=chance.getrandbits(64), timestamp=3, packets=4, octets=5, cname="c", name="N"
        )
        return made + struct.pack("!BBHI", 0x81, rtcp.BYE, 1, ssrc) if kind == 1 else made


Mutation = Callable[[bytearray, random.Random], bytearray]


def flip(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.randrange(1, 9)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(len(data))]


def stretch(data: bytearray, chance: random.Random) -> bytearray:
    return data + chance.randbytes(chance.choice((1, 3, 4, 40, 500, 1_400, 2_000)))


def lie_about_lengths(data: bytearray, chance: random.Random) -> bytearray:
    """RTCP's words, RED's blocks, an extension's size: all 16 bits at some even place."""
    at = chance.randrange(max(len(data) - 1, 1)) & ~1
    data[at : at + 2] = chance.choice((0, 1, 0xFF, 0x7FFF, 0xFFFF)).to_bytes(2, "big")
    return data


def change_head(data: bytearray, chance: random.Random) -> bytearray:
    """CSRCs, an extension, padding, or another version, that are there or not."""
    data[0] = (data[0] & 0xC0 if chance.random() < 0.9 else 0) | chance.randrange(64)
    if chance.random() < 0.5 and data[0] & 0x10:
        words = chance.randrange(4)
        data[12:12] = struct.pack("!HH", 0xBEDE, words) + chance.randbytes(4 * words)
    if chance.random() < 0.5 and data[0] & 0x20:
        data += bytes((0, 0, 3))
    return data


def other_type(data: bytearray, chance: random.Random) -> bytearray:
    kinds = (PAYLOAD_TYPE, RED_TYPE, rtcp.SR, rtcp.RR, rtcp.SDES, rtcp.BYE, chance.randrange(256))
    data[1:2] = bytes((chance.choice(kinds),))
    return data


def other_time(data: bytearray, chance: random.Random) -> bytearray:
    """Another number, timestamp or sender."""
    at, size = chance.choice(((2, 2), (4, 4), (8, 4)))
    data[at : at + size] = chance.randbytes(size)
    return data


def other_sender(data: bytearray, chance: random.Random) -> bytearray:
    data[8:12] = chance.randrange(12).to_bytes(4, "big")
    return data


def noise(_data: bytearray, chance: random.Random) -> bytearray:
    size = chance.choice((0, 1, 2, 11, 12, 13, 200, 1_480, 1_481, 1_984, 1_985, 9_000))
    return bytearray(chance.randbytes(size))


MUTATIONS: Final[tuple[Mutation, ...]] = (
    flip, cut, stretch, lie_about_lengths, change_head, other_type, other_time, other_sender, noise,
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """By one to three mutations."""
    found = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        if found:
            found = chance.choice(MUTATIONS)(found, chance)
    return bytes(found)


def datagram(station: Station, chance: random.Random) -> bytes:
    """Right, doubled, spliced of two, or mutated: before it is sealed or after."""
    kind = chance.random()
    if kind < 0.1:
        return chance.choice(station.recent)
    if kind < 0.2:
        first, second = chance.choice(station.recent), chance.choice(station.recent)
        return first[: chance.randrange(len(first) + 1)] + second[chance.randrange(len(second)) :]
    is_report = chance.random() < 0.2
    inner = station.report(chance) if is_report else station.packet()
    if chance.random() < 0.5:
        inner = mutated(inner, chance)
    data = sealed(station, inner, is_report=is_report)
    station.recent = [*station.recent[-15:], data or b"\x80"]
    return mutated(data, chance) if chance.random() < 0.3 else data


def sealed(station: Station, inner: bytes, *, is_report: bool) -> bytes:
    """As somebody does who has the key; what libsrtp would not seal goes as it is."""
    if station.sealer is None:
        return inner
    try:
        return station.sealer.rtcp(inner) if is_report else station.sealer.rtp(inner)
    except Exception:  # pylibsrtp has several
        return inner


# -- what becomes of it ------------------------------------------------------------------------


def count_reports(account: Account) -> None:
    """RTCP that is taken has no figure of its own: counted where all of it goes by."""
    take = Stream._take_rtcp

    def counted(self: Stream, data: bytes, now_ms: float) -> bool:
        before = self.refused.total()
        is_senders = take(self, data, now_ms)
        account.reports += self.refused.total() == before
        return is_senders

    Stream._take_rtcp = counted  # type: ignore[method-assign]  # in this process alone


def keys_of(spec: StreamSpec, srtp: SrtpProfile, key: bytes) -> SetKeys:
    """Its own is the second of three: others are tried before and after it."""
    wrong = (bytes(len(key)), bytes([1]) * len(key))
    keys = (wrong[0], key, wrong[1])
    return SetKeys(spec.stream, tuple(SrtpKey(n, srtp, one) for n, one in enumerate(keys)))


def stations() -> list[Station]:
    voice = opus(sine(440.0, 1.0))

    def station(
        name: str, encoding: Encoding, rate: int, payloads: list[bytes], *,
        srtp: SrtpProfile | None = None, red: int | None = None,
    ) -> Station:  # fmt: skip
        channels = 2 if rate > 8_000 else 1
        key = bytes(range(KEY_BYTES[srtp])) if srtp else None
        spec = StreamSpec(
            f"{name}@h", free_udp_port(), PAYLOAD_TYPE, encoding, rate, channels,
            srtp=srtp, key=key, red=red,
        )  # fmt: skip
        return Station(spec, payloads, FRAME if encoding == "opus" else rate // 50)

    return [
        station("plain", "opus", 48_000, voice),
        station("red", "opus", 48_000, voice, red=RED_TYPE),
        station("aes-cm", "opus", 48_000, voice, srtp="AES_CM_128_HMAC_SHA1_80"),
        station("gcm", "opus", 48_000, voice, srtp="AEAD_AES_128_GCM", red=RED_TYPE),
        station("pcma", "PCMA", 8_000, [bytes(range(160))]),
        station("l16", "L16", 44_100, [bytes(882)]),
    ]


def tables(lab: Lab) -> dict[str, tuple[int, int]]:
    """Of all that could grow: how long it is, and how long it may be."""
    found = {
        "active": (len(lab.pipeline._voices.active), voices.MAX_ACTIVE),
        "changes": (len(lab.pipeline._changes), stages.MAX_CHANGES),
        "talkers": (len(lab.pipeline._evener._rows), loudness.MAX_TALKERS),
    }
    for name, stream in lab.pipeline._streams.items():
        buffers = [one.buffer for one in stream.senders.values()]
        told = stream._feedback
        found |= {
            f"{name} senders": (len(buffers), receive.MAX_SENDERS),
            f"{name} names": (len(stream._names), receive.MAX_NAMES),
            f"{name} members": (len(told._members), feedback.MAX_MEMBERS),
            f"{name} sent at": (len(told._sent_at), feedback.MAX_SOURCES),
            f"{name} told": (len(told._told), feedback.MAX_SOURCES),
            f"{name} waiting": (max((len(b._waiting) for b in buffers), default=0),
                                jitter.MAX_PACKETS),
            f"{name} unlearnt": (max((len(b._unlearnt_ms) for b in buffers), default=0),
                                 jitter.MAX_UNLEARNT),
        }  # fmt: skip
    return found


def rss_kib() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4


class Fire:
    """All of it: ``run`` once."""

    def __init__(self, lab: Lab, count: int, seed: int, account: Account) -> None:
        self._lab = lab
        self._count = count
        self._chance = random.Random(seed)
        self._account = account
        self._stations = stations()
        self._tone = opus(sine(1_000.0, 1.0, LEVEL))
        self._healthy = lab.listen(HEALTHY)
        for station in self._stations:
            if station.spec.srtp is not None and station.spec.key is not None:
                lab.pipeline.set_keys(keys_of(station.spec, station.spec.srtp, station.spec.key))
            lab.pipeline.listen(station.spec)
            lab.pipeline.set_mix(SetMix(station.spec.stream, muted=True))

    def run(self) -> None:
        ticks = 0
        warm_kib = 0
        while self._account.sent < self._count:
            if ticks % 2 == 0:
                self._send_healthy(ticks // 2)
            for station in self._stations:
                self._fire(station)
            self._look(self._lab.tick(), ticks)
            ticks += 1
            if self._account.sent < self._count * 0.4:
                warm_kib = max(warm_kib, rss_kib())
        self._account.grown_kib = rss_kib() - warm_kib
        self._sum_up()

    def _send_healthy(self, n: int) -> None:
        payload = self._tone[n % len(self._tone)]
        (data,) = packets([payload], ssrc=9, sequence=n & 0xFFFF, timestamp=n * FRAME & 0xFFFFFFFF)
        self._lab.send(self._healthy, data)
        self._account.healthy_sent += 1

    def _fire(self, station: Station) -> None:
        for _ in range(BATCH):
            data = datagram(station, self._chance)
            port = station.spec.port + (self._chance.random() < 0.1)
            self._lab.send(station.spec, data, port=port)
        self._account.sent += BATCH

    def _look(self, block: np.ndarray[tuple[int, int], np.dtype[np.float32]], ticks: int) -> None:
        account = self._account
        if ticks > SPARED:
            peak = float(np.abs(block).max())
            account.quietest = min(account.quietest, peak)
            account.loudest = max(account.loudest, peak)
        if ticks % 100 == 0:
            over = [name for name, (size, most) in tables(self._lab).items() if size > most]
            account.over_bounds += [name for name in over if name not in account.over_bounds]

    def _sum_up(self) -> None:
        account = self._account
        for figures in self._lab.pipeline.figures():
            stream = self._lab.pipeline._streams[figures.stream]
            if figures.stream == HEALTHY:
                account.healthy_packets = figures.packets
                account.healthy_bad = figures.lost + figures.late + figures.concealed
                account.healthy_bad += figures.refused
                continue
            inside = stream.refused.undecodable + stream.refused.copies
            account.packets += figures.packets
            whole = stream.refused.total() - inside + stream.forged
            account.refused += whole
            account.bad_inside += figures.refused - whole


def main(count: int, seed: int) -> None:
    account = Account(fast.is_compiled())
    count_reports(account)
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder))
        try:
            Fire(lab, count, seed, account).run()
        finally:
            lab.close()
    print(msgspec.json.encode(account).decode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
