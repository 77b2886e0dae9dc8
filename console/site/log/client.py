"""The NATS client with headers read so that no publisher can spoil or forge what the server says.

nats-py reads a message's headers as those of an e-mail: a publisher's own headers with an empty
line in them hide the server's, and bytes that are no text end the connection of everybody who reads
the message. The server appends its own headers after the publisher's, whatever those are, so of
each of the server's the last counts, wherever it begins.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from console.site.address import EnrolmentOverError, SiteAddress, SiteError, TakenOutError
from console.site.log.spoken import SPOKEN
from console.site.security.identity import Identity, ended
from console.site.security.pki import SERVER_NAME

Failure = (NatsError, OSError, TimeoutError)
CONNECT_S: Final = 2
CLOSE_S: Final = 1.0
NOBODY_S: Final = 0.3
NOBODY_PAUSE_S: Final = 0.06
ONE_TRY: Final[dict[str, Any]] = {
    "allow_reconnect": False,
    "max_reconnect_attempts": 1,  # of each address; whoever connects tries again
    "reconnect_time_wait": 0.01,
}

REFUSED: Final = "authorization violation"
"""What a nats-server says to a certificate of its own CA whose name is not in its list."""
SERVERS_OWN: Final = (
    "Nats-Stream",
    "Nats-Subject",
    "Nats-Sequence",
    "Nats-Time-Stamp",
    "Nats-Num-Pending",
    "Nats-Last-Sequence",
)
MAX_HEADERS: Final = 64
_STATUS_AT: Final = len(b"NATS/1.0")


OnMsg = Callable[[Msg], None]


@dataclass(slots=True)
class _Listening:
    """``left``: so many messages the server still delivers."""

    left: int
    on_msg: OnMsg


class SiteClient(Client):
    """``listen_for`` is a subscription that the server ends: nats-py's own ``unsubscribe(limit)``
    loses what waits when the last message has come, and each of its subscriptions has a queue of
    its own, so that messages of several come in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._listening: dict[int, _Listening] = {}

    async def listen_for(self, subject: str, queue: str, most: int, on_msg: OnMsg) -> int:
        """The server delivers ``most`` messages, then none. All that come are handed on in the
        order of the wire, on the loop, and ``on_msg`` must be quick. It ends with the connection,
        also where that is made anew. The number is :meth:`stop_listening`'s. Raises Failure."""
        self._sid += 1
        self._listening[self._sid] = _Listening(most, on_msg)
        command = f"SUB {subject} {queue} {self._sid}\r\nUNSUB {self._sid} {most}\r\n"
        await self._send_command(command.encode())
        await self._flush_pending()
        return self._sid

    def listens(self, sid: int) -> bool:
        return sid in self._listening

    async def stop_listening(self, sids: Sequence[int]) -> None:
        """Raises Failure."""
        for sid in sids:
            if self._listening.pop(sid, None) is not None:
                await self._send_command(f"UNSUB {sid}\r\n".encode())
        await self._flush_pending()

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        one = self._listening.get(sid)
        if one is None:
            await super()._process_msg(sid, subject, reply, data, headers)
            return
        one.left -= 1
        if not one.left:
            del self._listening[sid]
        found = read_headers(headers)
        one.on_msg(self._build_message(sid, subject, reply, data, found))

    async def _process_headers(self, headers: bytes) -> dict[str, str] | None:
        return read_headers(headers)


def read_headers(raw: bytes) -> dict[str, str] | None:
    """None when there are none."""
    if not raw:
        return None
    text = raw.decode("utf-8", "replace")
    first, *lines = text.split("\r\n", MAX_HEADERS)
    pairs = (line.partition(":") for line in lines)
    found = {key: value.strip() for key, colon, value in pairs if colon}
    found.pop("Status", None)  # the server says it in the first line
    status, _, description = first[_STATUS_AT:].strip().partition(" ")
    if status.isdecimal():
        found["Status"], found["Description"] = status, description
    for key in SERVERS_OWN:
        _, found_it, rest = text.rpartition(f"{key}: ")
        if found_it:
            found[key] = rest.partition("\r\n")[0]
    return found


async def ask_site(
    nc: Client, subject: str, payload: bytes, timeout_s: float, nobody_s: float = NOBODY_S
) -> bytes:
    """What a service of the site answers. That nobody listens, which the server says at once, may
    be for a moment alone: while the services move to another node, and until they know of who has
    just enrolled. After ``nobody_s`` it is believed. Raises Failure."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + min(nobody_s, timeout_s)
    while True:
        try:
            answer = await nc.request(subject, payload, timeout=timeout_s, headers=SPOKEN)
        except NoRespondersError:
            if loop.time() > until_s:
                raise
            await asyncio.sleep(NOBODY_PAUSE_S)
        else:
            return bytes(answer.data)


async def come_in(urls: Sequence[str], identity: Identity, name: str, **options: Any) -> SiteClient:
    """The one way to a server of ours: one try, the first address first, unless ``options`` (of
    nats-py) say otherwise. The caller closes it. Raises Failure, SiteError."""
    nc = SiteClient()
    usual = {"dont_randomize": True, "error_cb": _told_by_the_exception, **ONE_TRY}
    try:
        await nc.connect(
            list(urls),
            name=f"vaktbord {name}",
            connect_timeout=CONNECT_S,
            inbox_prefix=inbox_of(identity),
            **tls_options(identity),
            **{**usual, **options},
        )
    except BaseException:
        await close_client(nc)
        raise
    return nc


def why_not_in(address: SiteAddress, said: str) -> SiteError:
    """Of ``said``, the last that was heard when coming in failed. A server that refuses has proved
    itself before; one whose TLS fails is either not ours, or holds our certificate to be over."""
    me = address.identity
    if REFUSED in said.lower():
        return TakenOutError(address.name, me.name, me.role)
    over = ended(me.folder)
    if over is not None:
        return EnrolmentOverError(over)
    if "certificate_verify_failed" in said.lower():
        return SiteError(
            f"what answers at {address.url} is not {address.name}, where this machine has "
            "enrolled: its certificate is another site's"
        )
    if "connect call failed" in said.lower():
        said = f"nothing listens there ({said})"
    return SiteError(f"{address.name} at {address.url} can't be reached: {said}")


async def _told_by_the_exception(error: Exception) -> None:
    """nats-py logs errors of a connection attempt that it raises as well."""


def inbox_of(identity: Identity) -> str:
    """Nobody else may listen there."""
    return f"_INBOX_{identity.name}"


def tls_options(identity: Identity) -> dict[str, Any]:
    """How one connects to a server of ours. Raises SiteError."""
    logging.getLogger("asyncio").addFilter(_is_worth_telling)
    return {
        "tls": identity.context(),
        "tls_hostname": SERVER_NAME,
        "tls_handshake_first": True,
    }


def _is_worth_telling(record: logging.LogRecord) -> bool:
    """asyncio finds fault with how nats-py turns to TLS (bpo-44011), at the end of each
    connection."""
    return not record.getMessage().startswith("returning true from eof_received()")


async def close_client(nc: Client) -> None:
    """Also one that never came up, or is lost already, or whose server has stopped reading."""
    with contextlib.suppress(*Failure):
        async with asyncio.timeout(CLOSE_S):
            await nc.close()
    for subscription in nc._subs.values():  # left over when closing took too long
        subscription._stop_processing()
    transport = nc._transport
    if transport is not None and transport._io_writer is not None:  # type: ignore[attr-defined]  # of TCP
        with contextlib.suppress(AttributeError):  # one that was closed twice has let go
            transport._io_writer.transport.abort()  # type: ignore[attr-defined]  # TLS waits 30 s for a peer's last word
