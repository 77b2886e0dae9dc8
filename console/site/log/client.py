"""The NATS client with headers read so that no publisher can spoil or forge what the server says.

nats-py reads a message's headers as those of an e-mail: a publisher's own headers with an empty
line in them hide the server's, and bytes that are no text end the connection of everybody who reads
the message. The server appends its own headers after the publisher's, whatever those are, so of
each of the server's the last counts, wherever it begins.
"""

from __future__ import annotations

from typing import Final

from nats.aio.client import Client

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


class SiteClient(Client):
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
