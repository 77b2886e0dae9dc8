"""RED: what is packed is read again, and no bytes raise (RFC 2198)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.network import red, rtcp, rtp
from tests.examples import example

TYPES = st.integers(0, 127)
COPIES = st.lists(
    st.builds(
        red.Block,
        TYPES,
        st.integers(1, red.MAX_OFFSET),
        st.binary(min_size=1, max_size=red.MAX_LENGTH),
    ),
    max_size=red.MAX_BLOCKS,
)
OWN = st.builds(red.Block, TYPES, st.just(0), st.binary(max_size=200))


@given(COPIES, OWN)
def test_what_is_packed_is_read_again(copies: list[red.Block], own: red.Block) -> None:
    assert red.unpack(red.pack(copies, own)) == (*copies, own)


@given(COPIES, OWN, st.data())
def test_what_is_cut_off_is_refused_or_loses_its_end_alone(
    copies: list[red.Block], own: red.Block, data: st.DataObject
) -> None:
    whole = red.pack(copies, own)
    found = red.unpack(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert found is None or found[:-1] == tuple(copies)


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_and_hold_no_more_than_came(data: bytes) -> None:
    found = red.unpack(data)
    if found is not None:
        assert len(found) <= red.MAX_BLOCKS + 1
        heads = red.HEADER * (len(found) - 1) + red.LAST_HEADER
        assert sum(len(one.payload) for one in found) + heads == len(data)


def test_the_bytes_of_rfc_2198() -> None:
    """Section 3's fields, by hand: F=1, type 111, 1,920 earlier, three bytes; then type 111."""
    data = bytes((0x80 | 111, 1_920 >> 6, (1_920 & 0x3F) << 2, 3, 111)) + b"olden"
    assert red.unpack(data) == (red.Block(111, 1_920, b"old"), red.Block(111, 0, b"en"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\x00\x00\x01",  # a copy's header and no last one
        b"\xef\x00\x00\x05\x6fabc",  # a copy of five bytes in three
        b"\xef\x00\x04\x00" * 5 + b"\x6f",  # five copies
        b"\xef" * 1_200,
    ],
)
def test_what_cannot_be_is_refused(data: bytes) -> None:
    assert red.unpack(data) is None


@pytest.mark.parametrize(
    "copy",
    [
        red.Block(111, 0, b"x"),
        red.Block(111, red.MAX_OFFSET + 1, b"x"),
        red.Block(111, 960, b""),
        red.Block(111, 960, bytes(red.MAX_LENGTH + 1)),
        red.Block(128, 960, b"x"),
    ],
)
def test_what_red_has_no_room_for_is_not_sent(copy: red.Block) -> None:
    with pytest.raises(ValueError, match="don't fit"):
        red.pack([copy], red.Block(111, 0, b"own"))


def example_bytes(name: str) -> bytes:
    """Each line's hexadecimal, up to the words."""
    lines = [one.split("  ")[0] for one in example(name).splitlines()]
    return bytes.fromhex("".join(lines))


def test_the_document_s_packet() -> None:
    packet = rtp.parse(example_bytes("red packet"))
    assert packet is not None
    assert (packet.payload_type, packet.sequence, packet.timestamp) == (112, 1_002, 97_920)
    assert red.unpack(packet.payload) == (
        red.Block(111, 1_920, bytes.fromhex("7807a1")),
        red.Block(111, 0, bytes.fromhex("78c2f35d")),
    )


def test_the_document_s_report() -> None:
    data = example_bytes("receiver report")
    block = rtcp.Quality(0x1234ABCD, 0.125, 25, 1_002, 96, 0x8D3A1F00, 2 * 65_536)
    report = rtcp.Report(0x51C0FFEE, (block,), (112, 1.5))
    assert rtcp.reports(data) == (report,)
    assert (
        rtcp.receiver_report(report.reporter, report.blocks, "vaktbord-51c0ffee", report.red)
        == data
    )
