"""A member gone mad: the same question again and again, as fast as it is told to, read by nobody.

``python -m tests.site.flooder <identity folder> <url> <subject> <a second> <payload>``; its replies
go to an inbox of its own. It says when it begins, ends when its standard input does, and prints how
often it has asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Final

from console.site.address import SiteAddress
from console.site.log.spoken import HEADER
from console.site.security import identity
from console.site.security.identity import Identity
from console.site.security.pki import SERVER_NAME

from .machines import environment

AT_ONCE: Final = 200
PONG_S: Final = 0.3
BEGUN: Final = "begun"
HELLO: Final = (
    b'CONNECT {"verbose":false,"pedantic":false,"headers":true,"lang":"flood","version":"1"}\r\n'
)


def question(subject: str, inbox: str, payload: bytes) -> bytes:
    header = f"NATS/1.0\r\n{HEADER}: 1\r\n\r\n".encode()
    sizes = f"{len(header)} {len(header) + len(payload)}"
    return f"HPUB {subject} {inbox} {sizes}\r\n".encode() + header + payload + b"\r\n"


async def flood(member: Identity, url: str, asked: bytes, per_s: int) -> int:
    """How often it was asked."""
    host, _, port = url.removeprefix("tls://").rpartition(":")
    heard, wire = await asyncio.open_connection(
        host, int(port), ssl=member.context(), server_hostname=SERVER_NAME
    )
    reading = asyncio.create_task(_read(heard))
    wire.write(HELLO)
    print(BEGUN, flush=True)
    began_s = pong_s = time.monotonic()
    count = 0
    while not (reading.done() or select.select([sys.stdin], [], [], 0)[0]):
        now_s = time.monotonic()
        if now_s - pong_s > PONG_S:
            wire.write(b"PONG\r\n")
            pong_s = now_s
        if count > (now_s - began_s) * per_s:
            await asyncio.sleep(0.002)
            continue
        wire.write(asked * AT_ONCE)
        await wire.drain()
        count += AT_ONCE
    return count


async def _read(heard: asyncio.StreamReader) -> None:
    """Until the server has had enough of it."""
    while await heard.read(65_536):
        pass


@contextlib.contextmanager
def flooding(
    member: SiteAddress, subject: str, payload: bytes = b"{}", per_s: int = 100_000
) -> Iterator[Callable[[], int]]:
    """In a process of its own, begun already. What is given ends it and says how often it asked."""
    folder, url = str(member.identity.folder), member.url
    line = [sys.executable, "-m", "tests.site.flooder", folder, url, subject, str(per_s)]
    process = Popen(
        [*line, payload.decode()], stdin=PIPE, stdout=PIPE, env=environment(), text=True
    )

    def ended() -> int:
        return int(process.communicate(timeout=20)[0])

    try:
        assert process.stdout is not None
        assert process.stdout.readline() == BEGUN + "\n"
        yield ended
    finally:
        process.kill()
        process.wait()


def main() -> None:
    folder, url, subject, per_s, payload = sys.argv[1:]
    me = identity.load(Path(folder))
    assert me is not None
    asked = question(subject, f"_INBOX_{me.name}.x", payload.encode())
    print(asyncio.run(flood(me, url, asked, int(per_s))), flush=True)


if __name__ == "__main__":
    main()
