"""Hostile mDNS on the wire: `vaktbord streams` goes on, stays small, counts, and still finds."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from console.streams.announce import Announcer, Offer
from tests import netlab
from tests.netlab import Host, wait_until

WHY_NOT = netlab.missing()
pytestmark = [pytest.mark.netns, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

MDNS: Final = ("224.0.0.251", 5_353)
ANSWER: Final = 0x8400
TRUNCATED_QUERY: Final = 0x0200
PTR, TXT, SRV, A, AAAA, NSEC, ANY = 12, 16, 33, 1, 28, 47, 255
TYPE: Final = b"\x04_rtp\x04_udp\x05local\x00"
INSTANCES: Final = 10_000
LOOK_S: Final = 6  # the attack and a station after it take two, on a machine that is not busy
PAUSE_EVERY: Final = 8  # packets: a sender faster than any LAN would only fill the kernel's buffer
MAX_GROWTH_KIB: Final = 40_000


def label(text: bytes) -> bytes:
    return bytes([len(text)]) + text


def record(name: bytes, type_: int, data: bytes, ttl_s: int = 120) -> bytes:
    return name + struct.pack("!HHIH", type_, 0x8001, ttl_s, len(data)) + data


def packet(records: Iterable[bytes], flags: int = ANSWER) -> bytes:
    every = list(records)
    return struct.pack("!HHHHHH", 0, flags, 0, len(every), 0, 0) + b"".join(every)


def station(number: int, text: bytes) -> list[bytes]:
    """All that a station says of itself."""
    name = label(b"flood-%d" % number) + TYPE
    host = label(b"h%d" % number) + b"\x05local\x00"
    return [
        record(TYPE, PTR, name),
        record(name, SRV, struct.pack("!HHH", 0, 0, 5_004) + host),
        record(name, TXT, text),
        record(host, A, struct.pack("!I", 0x0A00_0000 + number)),
    ]


def ten_thousand_stations() -> Iterator[bytes]:
    text = b"".join(map(label, (b"tg=f", b"pt=111", b"rtpmap=opus/48000/2", b"grp=239.66.6.6")))
    for first in range(0, INSTANCES, 10):
        yield packet(one for n in range(first, first + 10) for one in station(n, text))


def ten_thousand_names() -> Iterator[bytes]:
    """PTR records alone: each name is one more to ask about."""
    for first in range(0, INSTANCES, 50):
        names = (label(b"name-%d" % n) + TYPE for n in range(first, first + 50))
        yield packet(record(TYPE, PTR, name) for name in names)


def one_name_of_ten_thousand_hosts() -> Iterator[bytes]:
    name = label(b"shared") + TYPE
    for first in range(0, INSTANCES, 50):
        hosts = (label(b"s%d" % n) + b"\x05local\x00" for n in range(first, first + 50))
        yield packet(record(name, SRV, struct.pack("!HHH", 0, 0, 5_004) + one) for one in hosts)


def huge_texts() -> Iterator[bytes]:
    for number in range(500):
        text = b"".join(label(b"k%d=" % n + b"x" * 240) for n in range(35))
        yield packet(station(number, text[: 1_301 + 14 * number]))


def wrong_types() -> Iterator[bytes]:
    """Data of one type under another, cut data, types nobody asked for, absurd lifetimes."""
    source = Random(5)
    types = (PTR, TXT, SRV, A, AAAA, NSEC, ANY, 0, 65_535)
    for number in range(2_000):
        name = source.choice((label(b"wrong-%d" % (number % 50)) + TYPE, TYPE, b"\x00"))
        data = source.choice((b"", b"\x00", b"\xc0\x0c", name, source.randbytes(40), b"\x3f" * 70))
        ttl_s = source.choice((0, 1, 2**31, 2**32 - 1))
        yield packet([record(name, source.choice(types), data, ttl_s)])


def loops() -> Iterator[bytes]:
    """Names that point at themselves, at each other, past the end, and very long ones."""
    head = struct.pack("!HHHHHH", 0, ANSWER, 0, 1, 0, 0)
    tail = struct.pack("!HHIH", PTR, 0x8001, 120, 2) + b"\xc0\x0c"
    for _ in range(200):
        yield head + b"\xc0\x0c" + tail
        yield head + b"\xc0\x0e\xc0\x0c" + tail
        yield head + b"\xc0\xff" + tail
        yield head + b"\xff\xff" + tail
        yield head + label(b"a" * 63) * 30 + b"\xc0\x0c" + tail
        yield packet([record(TYPE, PTR, label(b"\xff\xfe\x00\x1b[31m") * 4 + TYPE)])


def noise() -> Iterator[bytes]:
    source = Random(7)
    for _ in range(3_000):
        start = source.choice((b"", struct.pack("!HHHHHH", 0, ANSWER, 1, 9, 9, 9)))
        yield start + source.randbytes(source.randrange(0, 1_400))


def queries_that_never_end() -> Iterator[bytes]:
    """Each says that more is to come (TC), which a receiver is to wait for."""
    for number in range(3_000):
        question = label(b"q%d" % number) + TYPE + struct.pack("!HH", ANY, 1)
        yield struct.pack("!HHHHHH", 0, TRUNCATED_QUERY, 1, 0, 0, 0) + question


class Streams:
    """``vaktbord streams --json`` while it looks, on a host of its own."""

    def __init__(self, host: Host, folder: Path) -> None:
        self._out, self._errors = folder / "out.json", folder / "errors"
        with self._out.open("wb") as out, self._errors.open("wb") as errors, host.inside():
            self._process = subprocess.Popen(
                [
                    sys.executable, "-m", "console.cli", "streams", "--home", str(folder),
                    "--interface", host.address, "--seconds", str(LOOK_S), "--json",
                ],
                stdout=out, stderr=errors,
            )  # fmt: skip

    def __enter__(self) -> Streams:
        try:
            wait_until(self._listens, 10, "it listens on port 5353")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def _listens(self) -> bool:
        """A socket is bound to port 5353 (0x14E9) in its namespace, where it is alone."""
        return ":14E9 " in Path(f"/proc/{self._process.pid}/net/udp").read_text()

    @property
    def looks(self) -> bool:
        return self._process.poll() is None

    def resident_kib(self) -> int:
        """The most that it ever had in memory."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])

    def result(self) -> dict[str, Any]:
        """Waits for its end."""
        errors = self._errors.read_text
        assert self._process.wait(60) == 0, errors()
        assert "Traceback" not in errors()
        document: dict[str, Any] = json.loads(self._out.read_text())
        return document


def send(packets: Iterable[bytes], host: Host) -> None:
    with host.inside():
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(host.address))
        for number, data in enumerate(packets):
            sender.sendto(data, MDNS)
            if number % PAUSE_EVERY == 0:
                time.sleep(0.001)


Attack = Callable[[], Iterator[bytes]]


@pytest.mark.parametrize(
    ("attacks", "counted"),
    [
        (
            (ten_thousand_stations, ten_thousand_names),
            {"table-full", "evicted", "pending-full"},
        ),
        (
            (
                one_name_of_ten_thousand_hosts,
                huge_texts,
                wrong_types,
                loops,
                noise,
                queries_that_never_end,
            ),
            {"name-full", "too-long"},
        ),
    ],
    ids=("floods", "malformed"),
)
def test_it_goes_on_stays_small_and_still_finds_a_station(
    attacks: tuple[Attack, ...], counted: set[str], tmp_path: Path
) -> None:
    with netlab.lan(1) as (host,), Streams(host, tmp_path) as streams:
        before_kib = streams.resident_kib()
        for attack in attacks:
            send(attack(), host)
        with host.inside():
            announcer = Announcer(host.address)
        try:
            handle = announcer.announce(
                Offer(name="Real", talkgroup="real", port=5_004, group="239.77.1.1")
            )
            assert announcer.wait(handle, 5) == "Real"
            assert streams.looks, "the attack outlasted the look"
            grown_kib = streams.resident_kib() - before_kib
            found = streams.result()
        finally:
            announcer.close()
    print(f"{grown_kib} KiB more; {found['refused']}")
    assert "real" in {one["talkgroup"] for one in found["streams"]}
    assert len(found["streams"]) <= 512
    assert len(found["not_understood"]) <= 64
    assert grown_kib < MAX_GROWTH_KIB
    assert counted <= found["refused"].keys()
    # those that do not fit into the tables, less what the kernel dropped
    assert sum(found["refused"].values()) > INSTANCES / 2
