"""Records when packets arrive behind a queue: ``python -m tools.record_arrivals FOLDER``. Root.

A voice packet every 20 ms goes from one network namespace to another beside TCP and UDP traffic of
the same host, through one token bucket with a queue as a Wi-Fi access point has one: sockets,
TCP, queue and timestamps are this kernel's. There is no radio: ``benchmarks/arrivals.py`` models
one. One CSV file for each kind, as ``vaktbord bench jitter --trace`` reads them.
"""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from tests.netlab import Host, lan, missing

PORT: Final = 5004
PACKET_S: Final = 0.02
PAYLOAD: Final = bytes(80)  # of an Opus frame at 28 kbit/s, more or less
LINGER_S: Final = 1.0
CHUNK: Final = 16_384
SO_TIMESTAMPNS: Final = 35  # <asm-generic/socket.h>


class Link(msgspec.Struct, frozen=True):
    """A bottleneck and who else is on it."""

    mbit_s: tuple[float, ...]  # one of them for RATE_S at a time, as rate control does
    queue_ms: int  # of the lowest rate
    tcp_s: tuple[float, float]  # on and off, means
    udp_kbytes: int  # of a burst
    udp_every_s: float
    seconds: float = 60.0


RATE_S: Final = 1.5
LINKS: Final = {
    "good": Link((120.0, 90.0), 20, (0.4, 4.0), 60, 2.0),
    "bad": Link((26.0, 39.0, 52.0), 60, (1.5, 6.0), 60, 1.0),
    "crowded": Link((6.5, 13.0, 19.5), 100, (3.0, 4.0), 40, 0.5),
}


def main() -> None:
    wanting = missing("tc")
    if wanting or len(sys.argv) < 2:
        sys.exit(wanting or __doc__)
    for name, link in LINKS.items():
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        with lan(2) as (near, far):
            lines = record(link, near, far)
        text = "# send ms, arrival ms; empty: lost\n" + "".join(lines)
        (Path(sys.argv[1]) / f"{name}.csv").write_text(text, "ascii")
        print(name, len(lines), "packets")


def record(link: Link, near: Host, far: Host) -> list[str]:
    ended = threading.Event()
    shape(near, link.mbit_s[0], link)
    with contextlib.ExitStack() as stack:
        threads = [
            threading.Thread(target=one, args=(link, near, far, ended))
            for one in (change_rate, talk_tcp, talk_udp)
        ]
        for one in threads:
            stack.callback(one.join)
        stack.callback(ended.set)
        for one in threads:
            one.start()
        sent, arrived = voice(link, near, far)
    begun = sent[0]
    return [f"{(at - begun) / 1e6:.1f},{_ms(arrived.get(n), begun)}\n" for n, at in enumerate(sent)]


def _ms(at: int | None, begun: int) -> str:
    return "" if at is None else f"{(at - begun) / 1e6:.1f}"


def shape(host: Host, mbit_s: float, link: Link) -> None:
    limit = round(min(link.mbit_s) * 1e3 / 8 * link.queue_ms)
    done = host.run(
        "tc", "qdisc", "replace", "dev", host.device, "root",
        "tbf", "rate", f"{mbit_s}mbit", "burst", "6kb", "limit", str(limit),
    )  # fmt: skip
    done.check_returncode()


def change_rate(link: Link, near: Host, _far: Host, ended: threading.Event) -> None:
    chance = random.Random(1)
    while not ended.wait(chance.expovariate(1 / RATE_S)):
        shape(near, chance.choice(link.mbit_s), link)


def talk_tcp(link: Link, near: Host, far: Host, ended: threading.Event) -> None:
    """Sends for a while, then pauses."""
    chance = random.Random(2)
    with _inside(far, socket.SOCK_STREAM) as server, _inside(near, socket.SOCK_STREAM) as client:
        server.bind((far.address, PORT))
        server.listen(1)
        client.connect((far.address, PORT))
        client.settimeout(0.2)
        reader = threading.Thread(target=_drain, args=(server,))
        reader.start()
        while not ended.is_set():
            until_s = time.monotonic() + chance.expovariate(1 / link.tcp_s[0])
            while time.monotonic() < until_s and not ended.is_set():
                with contextlib.suppress(TimeoutError):
                    client.send(bytes(CHUNK))
            ended.wait(chance.expovariate(1 / link.tcp_s[1]))
        client.shutdown(socket.SHUT_RDWR)
        reader.join()


def _drain(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        while connection.recv(1 << 18):
            pass


def talk_udp(link: Link, near: Host, far: Host, ended: threading.Event) -> None:
    """Bursts that no congestion control holds back, as of a video's key frames."""
    chance = random.Random(3)
    with _inside(near, socket.SOCK_DGRAM) as out:
        while not ended.wait(chance.expovariate(1 / link.udp_every_s)):
            for _ in range(link.udp_kbytes):
                out.sendto(bytes(1_000), (far.address, PORT + 2))


def voice(link: Link, near: Host, far: Host) -> tuple[list[int], dict[int, int]]:
    """When each packet went, and when the kernel saw it come: ns of the same clock."""
    sent: list[int] = []
    arrived: dict[int, int] = {}
    with _inside(far, socket.SOCK_DGRAM) as inn, _inside(near, socket.SOCK_DGRAM) as out:
        inn.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        inn.bind((far.address, PORT))
        inn.settimeout(LINGER_S)
        reader = threading.Thread(target=_listen, args=(inn, arrived))
        reader.start()
        begun_s = time.monotonic()
        for number in range(round(link.seconds / PACKET_S)):
            time.sleep(max(0.0, begun_s + number * PACKET_S - time.monotonic()))
            sent.append(time.time_ns())
            out.sendto(struct.pack("!I", number) + PAYLOAD, (far.address, PORT))
        reader.join()
    return sent, arrived


def _listen(inn: socket.socket, arrived: dict[int, int]) -> None:
    with contextlib.suppress(TimeoutError):
        while True:
            data, notes, _, _ = inn.recvmsg(256, 128)
            seconds, nanoseconds = struct.unpack("@qq", notes[0][2][:16])
            arrived[struct.unpack_from("!I", data)[0]] = seconds * 1_000_000_000 + nanoseconds


@contextlib.contextmanager
def _inside(host: Host, kind: socket.SocketKind) -> Iterator[socket.socket]:
    with host.inside():
        made = socket.socket(socket.AF_INET, kind)
    with made:
        yield made


if __name__ == "__main__":
    main()
