"""RTP and RTCP: what is built is read again, and no bytes raise."""

from __future__ import annotations

import struct
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.network import rtcp, rtp

PACKETS = st.builds(
    rtp.Packet,
    st.integers(0, 127),
    st.booleans(),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.binary(max_size=200),
)


@given(PACKETS)
def test_what_is_built_is_read_again(packet: rtp.Packet) -> None:
    assert rtp.parse(rtp.build(packet)) == packet


@given(PACKETS, st.integers(0, 15), st.none() | st.integers(0, 9), st.integers(0, 9))
def test_contributors_extension_and_padding_are_taken_off(
    packet: rtp.Packet, contributors: int, extension: int | None, padding: int
) -> None:
    """RFC 3550 5.1 and 5.3.1."""
    data = bytearray(rtp.build(packet))
    first = 0x80 | contributors | (0x10 if extension is not None else 0) | (0x20 if padding else 0)
    middle = bytes(4 * contributors)
    if extension is not None:
        middle += struct.pack("!HH", 0xBEDE, extension) + bytes(4 * extension)
    tail = bytes(padding - 1) + bytes((padding,)) if padding else b""
    assert (
        rtp.parse(bytes((first,)) + bytes(data[1:12]) + middle + bytes(data[12:]) + tail) == packet
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(12),  # version 0
        b"\x80" + bytes(10),  # one byte short
        b"\x8f" + bytes(11),  # fifteen contributors announced
        b"\x90" + bytes(11) + b"\0\0\0\xff",  # an extension of 1,020 bytes
        b"\xa0" + bytes(11),  # padding of none
        b"\xa0" + bytes(11) + b"\xff",  # padding of more than there is
    ],
)
def test_what_cannot_be_is_refused(data: bytes) -> None:
    assert rtp.parse(data) is None


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing(data: bytes) -> None:
    for read in (rtp.parse, rtp.is_rtcp, rtcp.split, rtcp.names, rtcp.goodbyes):
        read(data)


TEXT = st.text(max_size=80)


@given(st.integers(0, 0xFFFFFFFF), TEXT, TEXT, st.binary(max_size=8))
def test_a_report_says_who_speaks(ssrc: int, cname: str, name: str, junk: bytes) -> None:
    data = rtcp.report(ssrc, ntp=0, timestamp=0, packets=1, octets=2, cname="v-" + cname, name=name)
    assert len(data) % 4 == 0
    assert rtp.is_rtcp(data)
    told = rtcp.names(data + junk)
    assert set(told) == {ssrc}
    assert not {unicodedata.category(c) for c in told[ssrc]} & {"Cc", "Cf", "Zl", "Zp"}
    assert len(told[ssrc]) <= rtcp.MAX_NAME


def test_goodbyes_are_heard() -> None:
    bye = struct.pack("!BBHII", 0x82, rtcp.BYE, 2, 7, 9)
    assert rtcp.goodbyes(rtcp.source_description(7, "c", "n") + bye) == (7, 9)


def test_control_characters_of_a_stranger_are_not_shown() -> None:
    data = rtcp.source_description(7, "c", "AMK\x1b[2J\u202e Vest")
    assert rtcp.names(data) == {7: "AMK[2J Vest"}
