"""Hostile bytes on the ports of a real engine: it goes on, counts them, and plays the rest."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio import protocol as p
from audio.network import rtcp
from tests.audio.engine_fixtures import Listener, engine, listener, read_wav, wait_until
from tests.audio.pipeline_lab import PAYLOAD_TYPE, lab, opus, packets, sine
from tests.ports import free_udp_port

pytestmark = pytest.mark.system
ENCODINGS: list[tuple[p.Encoding, int]] = [
    ("opus", 48_000),
    ("PCMA", 8_000),
    ("PCMU", 16_000),
    ("L16", 44_100),
]
ROUNDS = 12_000


def junk(chance: random.Random, good: list[bytes]) -> bytes:
    """Noise, a packet with bytes changed, cut or stretched, or an RTCP packet of noise."""
    kind = chance.randrange(6)
    if kind == 0:
        return chance.randbytes(chance.choice((0, 1, 11, 12, 13, 200, 1_500, 1_501, 9_000)))
    if kind == 1:
        head = struct.pack("!BBH", 0x80 | chance.randrange(32), chance.randrange(192, 224), 4)
        return head + chance.randbytes(chance.randrange(60))
    if kind == 2:
        return rtcp.source_description(chance.randrange(9), "c", "x" * chance.randrange(200))[
            : chance.randrange(1, 99)
        ]
    data = bytearray(chance.choice(good))
    for _ in range(chance.randrange(1, 6)):
        data[chance.randrange(len(data) if kind == 3 else 12)] = chance.randrange(256)
    if kind == 5:
        return bytes(data[: chance.randrange(len(data))])
    data[:2] = bytes((0x80, PAYLOAD_TYPE))
    return bytes(data)


def flood(ports: list[int], make: Callable[[], bytes]) -> None:
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as out:
        for n in range(ROUNDS):
            out.sendto(make(), ("127.0.0.1", ports[n % len(ports)] + n // len(ports) % 2))
            if n % 200 == 0:
                time.sleep(0.01)  # so that the kernel's buffers don't swallow it


def refused(tool: Listener) -> list[int]:
    return [one.refused for one in tool.client.status(10.0).streams]


def test_the_engine_goes_on_whatever_comes(tmp_path: Path) -> None:
    chance = random.Random(11)
    good = packets(opus(sine(800, 1.0)))
    specs = [
        p.StreamSpec(f"{encoding}@h", free_udp_port(), PAYLOAD_TYPE, encoding, rate)
        for encoding, rate in ENCODINGS
    ]
    sealed = p.StreamSpec(
        "sealed@h", free_udp_port(), PAYLOAD_TYPE, "opus", 48_000,
        srtp="AES_CM_128_HMAC_SHA1_80", key=bytes(30),
    )  # fmt: skip
    with engine(tmp_path / "home") as home, listener(home) as tool:
        for spec in (*specs, sealed):
            tool.client.send(p.Listen(spec))
        assert len(refused(tool)) == 5
        flood([spec.port for spec in (*specs, sealed)], lambda: junk(chance, good))
        wait_until(lambda: min(refused(tool)) > 100, "every stream has refused some")
        out = tmp_path / "after.wav"
        voice = p.StreamSpec("voice@h", free_udp_port(), PAYLOAD_TYPE, "opus", 48_000)
        for spec in specs:
            tool.client.send(p.Drop(spec.stream))
        tool.client.send(p.Listen(voice))
        tool.client.send(p.Publish("voice@h", "127.0.0.1", voice.port))
        tool.client.send(p.Record(str(out), 1.0))
        tool.client.send(p.Play("test"))
        tool.wait_for(p.RecordDone)
        assert not tool.lost
        assert tool.client.status(10.0).ticks > 0
    assert np.abs(read_wav(out)).max() > 0.1


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(ENCODINGS),
    st.lists(
        st.tuples(
            st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.integers(0, 9),
            st.binary(max_size=400), st.integers(0, 7),
        ),
        max_size=120,
    ),
)  # fmt: skip
def test_well_formed_nonsense_is_played_or_counted(
    tmp_path: Path,
    encoding: tuple[p.Encoding, int],
    sent: list[tuple[int, int, int, bytes, int]],
) -> None:
    """Any sequence, time, sender and payload, in any order, with any pauses."""
    with lab(tmp_path) as one:
        spec = p.StreamSpec("a@h", free_udp_port(), PAYLOAD_TYPE, *encoding)
        one.pipeline.listen(spec)
        for sequence, timestamp, ssrc, payload, pause in sent:
            head = struct.pack("!BBHII", 0x80, PAYLOAD_TYPE, sequence, timestamp, ssrc)
            one.send(spec, head + payload)
            heard = one.tick(pause)
            assert np.isfinite(heard).all()
        one.tick(60)
        figures = one.figures()
        stream = one.pipeline._streams["a@h"]
        assert figures.packets + stream.refused.crowded == len(sent)
        assert not figures.talking
