"""A pipeline that plays scripts from stdin, one line of JSON each, and answers with all it made.

Run twice by test_fast.py, with the compiled module and without.
"""

from __future__ import annotations

import base64
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import msgspec

from audio import fast
from audio.codecs.opus_encoder import OpusEncoder
from audio.network import rtp
from audio.network.srtp import Sealer
from audio.protocol import SetKeys, SrtpKey, StreamSpec, Talking
from audio.recall.burst import Piece
from audio.recall.gather import Deliver, Gathering
from audio.receiving.jitter import COUNTED
from tests.audio.pipeline_lab import FRAME, PAYLOAD_TYPE, Lab, sine
from tests.ports import free_udp_port

KEY = bytes(range(30))
PROFILE: Final = "AES_CM_128_HMAC_SHA1_80"
KEYS: Final = (SrtpKey(0, PROFILE, KEY), SrtpKey(1, "AEAD_AES_128_GCM", bytes(range(60, 88))))
TICK_MS = 10.0


class Script(msgspec.Struct, frozen=True):
    """What is sent, and how the network treats it. Shares are of all packets."""

    seed: int
    packets: int = 60
    codec: str = "opus"
    sealed: bool = False
    sequence: int = 0  # of the first
    timestamp: int = 0
    drift_ppm: float = 0.0  # of the sender's clock
    jitter_ms: float = 0.0
    lost: float = 0.0
    doubled: float = 0.0
    mangled: float = 0.0  # a byte of it is another
    paused: float = 0.0  # of packets after which the sender is silent for a while
    senders: int = 1
    is_kept: bool = False  # by the recall itself, else every packet is told
    devices: int = 1
    switched: int = 0  # packets, after which another key is used; 0: it never is


def payloads() -> list[bytes]:
    encoder = OpusEncoder(bitrate=24_000, expected_loss_percent=10)
    return [encoder.encode(one) for one in sine(440.0, 1.0).reshape(-1, FRAME)]


def arrivals(script: Script, sounds: list[bytes]) -> list[tuple[float, bytes]]:
    """When, in ms, and the datagram."""
    chance = random.Random(script.seed)
    found: list[tuple[float, bytes]] = []
    for ssrc in range(1, script.senders + 1):
        sealers = [Sealer(one.profile, one.key) for one in KEYS] if script.sealed else []
        found += _of_sender(script, ssrc, sounds, chance, sealers)
    return sorted(found, key=lambda one: one[0])


def _of_sender(
    script: Script, ssrc: int, sounds: list[bytes], chance: random.Random, sealers: list[Sealer]
) -> list[tuple[float, bytes]]:
    found = []
    sent_ms, step = 0.0, FRAME if script.codec == "opus" else 160
    timestamp = script.timestamp
    for n in range(script.packets):
        payload = sounds[n % len(sounds)] if script.codec == "opus" else bytes([n % 256]) * 160
        data = rtp.build(
            rtp.Packet(
                PAYLOAD_TYPE, n == 0, (script.sequence + n) & 0xFFFF, timestamp & 0xFFFFFFFF,
                0xFFFFFF00 + ssrc, payload,
            )
        )  # fmt: skip
        if sealers:
            data = sealers[0 < script.switched <= n].rtp(data)
        if chance.random() < script.mangled:
            at = chance.randrange(len(data))
            data = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        if chance.random() >= script.lost:
            times = 2 if chance.random() < script.doubled else 1
            found += [(sent_ms + chance.random() * script.jitter_ms, data) for _ in range(times)]
        sent_ms += 20.0 * (1 + script.drift_ppm / 1e6)
        timestamp += step
        if chance.random() < script.paused:
            pause_ms = chance.choice((40.0, 100.0, 300.0, 700.0))
            sent_ms += pause_ms
            timestamp += int(pause_ms / 20.0 * step) if chance.random() < 0.7 else 0
    return found


def play(script: Script, sounds: list[bytes], folder: Path) -> dict[str, Any]:
    spec = StreamSpec(
        "a@h", free_udp_port(), PAYLOAD_TYPE, "opus" if script.codec == "opus" else "PCMA",
        48_000 if script.codec == "opus" else 8_000, 2 if script.codec == "opus" else 1,
        srtp=PROFILE if script.sealed else None, key=KEY if script.sealed else None,
    )  # fmt: skip
    lab = Lab(folder)
    try:
        if script.sealed and script.switched:
            lab.pipeline.set_keys(SetKeys(spec.stream, KEYS))
        lab.pipeline.listen(spec)
        lab.pipeline.spread("both" if script.devices == 2 else "headset")
        return _played(lab, spec, script, sounds)
    finally:
        lab.close()


def _deliver_to(pieces: list[Piece]) -> Deliver:
    def deliver(piece: Piece) -> bool:
        pieces.append(piece)
        return True

    return deliver


def _played(lab: Lab, spec: StreamSpec, script: Script, sounds: list[bytes]) -> dict[str, Any]:
    waiting = arrivals(script, sounds)
    stream = lab.pipeline._streams[spec.stream]
    tapped: list[tuple[object, ...]] = []
    pieces: list[Piece] = []
    gathering = Gathering(_deliver_to(pieces), lambda *_: True, lambda: 1e12)
    stream.tap = lambda *words: tapped.append((*words[:3], len(words[3]), words[4]))
    if script.is_kept:
        stream.tap = gathering.tap(stream)
    begun_ms, blocks = lab.now_ns / 1e6, []
    until_ms = waiting[-1][0] + 700.0 if waiting else 0.0
    for tick in range(int(until_ms / TICK_MS)):
        if script.sealed and script.switched and tick == 2 * script.switched + 20:
            lab.pipeline.set_keys(SetKeys(spec.stream, KEYS[::-1]))
        while waiting and waiting[0][0] <= tick * TICK_MS:
            lab.send(spec, waiting.pop(0)[1])
        blocks.append(lab.tick().tobytes())
        if lab.pipeline.second is not None:
            blocks.append(lab.pipeline.second.tobytes())
        for change in lab.pipeline.drain_events():
            if isinstance(change, Talking):
                gathering.talked(change, lab.now_ns / 1e6)
        gathering.look(lab.now_ns / 1e6)
    gathering.end(spec.stream, lab.now_ns / 1e6)
    figures = msgspec.structs.replace(lab.figures(), spec=msgspec.structs.replace(spec, key=None))
    return {
        "blocks": base64.b64encode(b"".join(blocks)).decode("ascii"),
        "figures": {**msgspec.to_builtins(figures), "spec": ""},
        "refused": str(stream.refused),
        "tries": stream.ring.tries if stream.ring is not None else 0,
        "begun_ms": begun_ms,
        "tapped": tapped,
        "pieces": [
            [one.facts.ssrc, one.facts.start_ms, one.facts.length_ms, one.body.hex()]
            for one in pieces
        ],
        "senders": [
            [
                ssrc, one.delay_ms, one.talking, one.undecodable,
                *(getattr(one.buffer.counts, name) for name in COUNTED),
                one.buffer.heard_ms, one.buffer.delays.target_ms, one.buffer.delays.base_ms,
                one.buffer.delays.jitter_ms, one.buffer.excess_ms(0.0), len(one.buffer._waiting),
            ]
            for ssrc, one in stream.senders.items()
        ],
    }  # fmt: skip


def main() -> None:
    sounds = payloads()
    print(json.dumps({"compiled": fast.is_compiled()}), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            script = msgspec.json.decode(line, type=Script)
            print(json.dumps(play(script, sounds, Path(folder))), flush=True)


if __name__ == "__main__":
    main()
