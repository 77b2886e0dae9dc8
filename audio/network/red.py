"""RED payloads: a packet that carries copies of earlier ones beside its own (RFC 2198). Pure.

Every block but the last has a header of four bytes: a set bit, its payload type (7 bits), how much
earlier its timestamp is (14 bits) and its length (10 bits). The last one, the packet's own, has one
byte: its payload type. Then come the blocks, in the same order, the oldest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

MAX_OFFSET: Final = (1 << 14) - 1  # timestamp units: 341 ms at 48 kHz
MAX_LENGTH: Final = (1 << 10) - 1  # bytes of one copy
MAX_BLOCKS: Final = 4  # copies in one packet; one that names more is refused
HEADER: Final = 4  # bytes for each copy
LAST_HEADER: Final = 1
_MORE: Final = 0x80


class Block(msgspec.Struct, frozen=True, gc=False):
    """``offset``: how much earlier than the packet's own timestamp; 0 = the packet's own."""

    payload_type: int
    offset: int
    payload: bytes


def pack(copies: Sequence[Block], own: Block) -> bytes:
    """Raises ValueError for what RED has no room for."""
    if len(copies) > MAX_BLOCKS or not all(_fits(one) for one in copies):
        raise ValueError("these copies don't fit into one RED payload")
    heads = [
        ((_MORE | one.payload_type) << 24 | one.offset << 10 | len(one.payload)).to_bytes(4, "big")
        for one in copies
    ]
    payloads = [one.payload for one in copies]
    return b"".join((*heads, bytes((own.payload_type,)), *payloads, own.payload))


def _fits(copy: Block) -> bool:
    return (
        0 <= copy.payload_type < _MORE
        and 0 < copy.offset <= MAX_OFFSET
        and 0 < len(copy.payload) <= MAX_LENGTH
    )


def unpack(data: bytes) -> tuple[Block, ...] | None:
    """The copies and, as the last, the packet's own. None for what is cut off or too much."""
    heads: list[int] = []
    at = 0
    while at < len(data) and data[at] & _MORE:
        heads.append(int.from_bytes(data[at : at + HEADER], "big"))
        at += HEADER
        if len(heads) > MAX_BLOCKS:
            return None
    if at >= len(data):
        return None
    own_type = data[at]
    at += LAST_HEADER
    blocks = []
    for head in heads:
        length = head & MAX_LENGTH
        blocks.append(Block(head >> 24 & 0x7F, head >> 10 & MAX_OFFSET, data[at : at + length]))
        at += length
    if at > len(data):
        return None
    return (*blocks, Block(own_type, 0, data[at:]))
