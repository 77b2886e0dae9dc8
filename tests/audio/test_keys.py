"""Keys by id: another one inside an over is not heard, one that is gone opens nothing, a flood of
forged packets costs little and no word."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import pipeline
from audio import protocol as p
from audio.codecs.opus import OpusDecoder
from audio.network import keyring, rtp
from audio.network.keyring import Ring
from audio.network.rollover import Memory, Seen, Trial, derive, follow
from audio.network.sockets import ListenError
from audio.network.srtp import KEY_BYTES, LEAP, Sealer
from audio.protocol import SetKeys, SrtpKey
from audio.receiving.receive import PATIENCE
from audio.receiving.sender import Sender
from tests.audio.pipeline_lab import Lab, lab, opus, packets, sine

PACKETS: Final = 60
PROFILES: Final = tuple(KEY_BYTES)


def key(kid: int, profile: p.SrtpProfile = "AES_CM_128_HMAC_SHA1_80") -> SrtpKey:
    return SrtpKey(kid, profile, random.Random(kid).randbytes(KEY_BYTES[profile]))


def seal(one: SrtpKey, plain: list[bytes]) -> list[bytes]:
    sealer = Sealer(one.profile, one.key)
    return [sealer.rtp(data) for data in plain]


def opened(ring: Ring, data: bytes, in_use: dict[int, Sender], now_ms: float) -> bytes | None:
    """As a patient stream does it."""
    found = ring.rtp(data, in_use)
    return found if found is not None else ring.rtp_failed(data, in_use, now_ms)


def voice() -> list[bytes]:
    return packets(opus(sine(440.0, 1.2)), sequence=65_500)


@pytest.mark.parametrize("next_profile", PROFILES)
def test_another_key_inside_an_over_is_not_heard(
    tmp_path: Path, next_profile: p.SrtpProfile
) -> None:
    """Handed out early, used, and the old one taken away at last: every sample as without keys."""
    plain, old, new = voice(), key(1), key(2, next_profile)
    with lab(tmp_path) as one:
        expected = one.play((one.listen("a@h"), plain))
    with lab(tmp_path) as one:
        one.pipeline.set_keys(SetKeys("a@h", (old,)))
        spec = one.listen("a@h")
        sealed = seal(old, plain[:30]) + seal(new, plain[30:])
        sound = [one.play((spec, sealed[:20]), more=0)]
        one.pipeline.set_keys(SetKeys("a@h", (old, new)))
        sound.append(one.play((spec, sealed[20:40]), more=0))
        one.pipeline.set_keys(SetKeys("a@h", (new, old)))
        sound.append(one.play((spec, sealed[40:45]), more=0))
        one.pipeline.set_keys(SetKeys("a@h", (new,)))
        sound.append(one.play((spec, sealed[45:])))
        figures = one.figures()
    assert np.array_equal(np.concatenate(sound), expected)
    assert (figures.packets, figures.refused, figures.lost) == (60, 0, 0)
    assert (figures.secured, figures.kids, figures.kid) == (True, (2,), 2)


def test_a_key_that_is_gone_opens_nothing_from_the_next_packet_on(tmp_path: Path) -> None:
    plain, old, new = voice(), key(1), key(2)
    with lab(tmp_path) as one:
        one.pipeline.set_keys(SetKeys("a@h", (old,)))
        spec = one.listen("a@h")
        sealed = seal(old, plain)
        one.play((spec, sealed[:30]), more=0)
        one.pipeline.set_keys(SetKeys("a@h", (new,)))
        one.play((spec, sealed[30:]))
        figures = one.figures()
    assert (figures.packets, figures.refused) == (30, 30)


def test_without_any_key_nothing_is_heard_in_the_clear_either(tmp_path: Path) -> None:
    plain = voice()
    with lab(tmp_path) as one:
        spec = one.listen("a@h")
        one.pipeline.set_keys(SetKeys("a@h", ()))
        assert not one.play((spec, plain)).any()
        figures = one.figures()
    assert (figures.packets, figures.refused, figures.secured) == (0, 60, True)


def test_what_was_heard_is_not_heard_again_whatever_happens_to_its_key(tmp_path: Path) -> None:
    """Kept by an attacker, and sent again after the keys, and then the spec, have changed."""
    plain, old, new = voice(), key(1), key(2)
    with lab(tmp_path) as one:
        one.pipeline.set_keys(SetKeys("a@h", (old, new)))
        spec = one.listen("a@h")
        sealed = seal(old, plain)
        one.play((spec, sealed))
        one.pipeline.set_keys(SetKeys("a@h", (new, old)))
        one.play((spec, sealed))
        assert (one.figures().packets, one.figures().refused) == (60, 60)
        again = one.listen("a@h", label="moved")
        one.play((again, sealed))
        assert one.figures().packets == 0


def test_keys_said_first_are_remembered_and_dropped_with_the_stream(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        with pytest.raises(ListenError, match="no key was given"):
            one.listen("a@h", srtp="AES_CM_128_HMAC_SHA1_80")
        one.pipeline.set_keys(SetKeys("a@h", (key(1),)))
        one.listen("a@h", srtp="AES_CM_128_HMAC_SHA1_80")
        one.pipeline.drop("a@h")
        with pytest.raises(ListenError, match="no key was given"):
            one.listen("a@h", srtp="AES_CM_128_HMAC_SHA1_80")


def test_a_key_of_the_wrong_length_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        one.pipeline.set_keys(SetKeys("a@h", (key(1),)))
        one.listen("a@h")
        wrong = SrtpKey(2, "AEAD_AES_256_GCM", bytes(30))
        with pytest.raises(ListenError, match="44 bytes, not 30"):
            one.pipeline.set_keys(SetKeys("a@h", (key(1), wrong)))
        assert one.figures().kids == (1,)


def test_no_key_is_shown() -> None:
    assert "key=" not in repr(key(7))


def forged(like: bytes, chance: random.Random) -> bytes:
    """The same header, so that it seems to be the one that is due."""
    return like[:12] + chance.randbytes(len(like) - 12)


def flooded(one: Lab, sealed: list[bytes], chance: random.Random) -> None:
    spec = one.pipeline._streams["a@h"].spec
    for data in sealed:
        for _ in range(10):
            one.send(spec, forged(data, chance))
        one.send(spec, data)
        one.tick(2)


def test_a_flood_forged_as_the_packets_that_are_due_costs_a_try_each_and_no_word(
    tmp_path: Path,
) -> None:
    """While the sender changes from one key to the next."""
    plain, chance = voice(), random.Random(1)
    keys = tuple(key(n) for n in range(4))
    with lab(tmp_path) as one:
        one.pipeline.set_keys(SetKeys("a@h", keys))
        one.listen("a@h")
        flooded(one, seal(keys[0], plain[:30]) + seal(keys[1], plain[30:]), chance)
        one.tick(50)
        figures, ring = one.figures(), one.pipeline._streams["a@h"].ring
    assert (figures.packets, figures.refused, figures.lost) == (60, 600, 0)
    assert ring is not None
    looks = 2 * PACKETS // 5 + 1
    assert 0 < ring.tries <= 3 * PATIENCE * looks, "all keys for a few, the likeliest for the rest"


def test_twenty_thousand_forged_packets_a_second_at_one_stream_cost_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 before each tick, whatever the machine is busy with otherwise."""
    monkeypatch.setattr(pipeline, "FLOOD_S", 60.0)
    plain, chance = voice()[:30], random.Random(1)
    keys = key(1), key(2)
    with lab(tmp_path) as one:
        one.pipeline.set_keys(SetKeys("a@h", keys))
        spec = one.listen("a@h")
        for data in seal(keys[0], plain[:15]) + seal(keys[1], plain[15:]):
            spoilt = forged(data, chance)
            for n in range(200):
                one.send(spec, data if n == 100 else spoilt)
            one.tick()
            one.send(spec, spoilt)
            one.tick()
        one.tick(50)
        figures = one.figures()
    assert (figures.packets, figures.refused, figures.lost) == (30, 30 * 200, 0)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 400), st.floats(0.0, 500.0)), max_size=40))
def test_a_budget_gives_what_it_has_and_no_more(wishes: list[tuple[int, float]]) -> None:
    budget, now_ms, given_ = keyring.Budget(100.0, 50.0), 0.0, 0
    for count, pause_ms in wishes:
        now_ms += pause_ms
        got = budget.take(count, now_ms)
        assert 0 <= got <= min(count, 50)
        given_ += got
    assert given_ <= 50 + now_ms * 0.1


# -- rollover counters -------------------------------------------------------------------------


class Foreign:
    """A sender that has been sending for long: libsrtp's own, led on by its packets."""

    def __init__(self, one: SrtpKey, index: int = 0) -> None:
        self._sealer = Sealer(one.profile, one.key)
        self._index = 0
        while self._index < index:
            self._index = min(self._index + LEAP, index)
            self._make()

    def _make(self) -> bytes:
        (data,) = packets([b"voice %d" % self._index], sequence=self._index & 0xFFFF)
        return self._sealer.rtp(data)

    def next(self) -> bytes:
        self._index += 1
        return self._make()


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PROFILES), st.integers(0, 32), st.integers(0, 65_535), st.integers(0, 2**32))
def test_who_is_joined_after_any_number_of_wraps_is_opened_from_his_first_packet(
    profile: p.SrtpProfile, wraps: int, sequence: int, seed: int
) -> None:
    one, ring = key(1, profile), Ring()
    foreign, chance = Foreign(one, wraps << 16 | sequence), random.Random(seed)
    in_use: dict[int, Sender] = {}
    ring.set((key(2), one))
    for n in range(3):
        data = foreign.next()
        spoilt = forged(data, chance)
        assert opened(ring, spoilt, in_use, 20.0 * n) is None
        found = opened(ring, data, in_use, 20.0 * n)
        assert found is not None
        packet = rtp.parse(found)
        assert packet is not None
        assert packet.payload.startswith(b"voice ")
        sender = in_use.setdefault(7, Sender("a@h", 0, 7, 48_000, OpusDecoder()))
        sender.buffer.put(packet, 20.0 * n)
        ring.note(7, in_use)
        assert opened(ring, data, in_use, 20.0 * n) is None, "doubled"


def test_many_wraps_are_sought_in_time_whatever_others_forge() -> None:
    """What there is to seek with is used up by them, and comes back slowly."""
    one, ring, now_ms, chance = key(1), Ring(), 0.0, random.Random(1)
    ring.set((one,))
    for _ in range(400):
        opened(
            ring, forged(packets([bytes(40)], ssrc=chance.getrandbits(32))[0], chance), {}, now_ms
        )
    foreign, asked = Foreign(one, 70 << 16), 0
    while opened(ring, foreign.next(), {}, now_ms) is None:
        asked += 1
        now_ms += 20.0
        assert asked < 50, "a second of voice"


def test_what_is_sought_is_bounded_whatever_is_sent() -> None:
    one, ring, chance, found = key(1), Ring(), random.Random(1), 0

    class Counting(Trial):
        def find(self, _data: bytes, rocs: Iterable[int]) -> int | None:
            nonlocal found
            found += len(list(rocs))
            return None

    ring.set((one,))
    ring._held[0]._trial = Counting(one.profile, one.key)
    for n in range(2_000):  # in a tenth of a second
        ssrc = chance.choice((7, 8, chance.getrandbits(32)))
        data = forged(packets([bytes(40)], ssrc=ssrc)[0], chance)
        assert opened(ring, data, {}, n / 20) is None
    assert found <= 2 * (keyring.MAX_ROCS + 0.1 * keyring.ROCS_PER_S + 1)
    assert len(ring._sought) <= keyring.MAX_SOUGHT


def test_what_was_known_is_opened_at_once_after_a_restart_and_nothing_older(
    tmp_path: Path,
) -> None:
    path, one = tmp_path / "rollovers.json", key(1)
    foreign = Foreign(one, 300 << 16)
    ring = Ring(memory := Memory(path))
    ring.set((one,))
    old = foreign.next()
    assert opened(ring, old, {}, 0.0) is not None
    assert memory.is_stale
    memory.save()
    assert path.stat().st_mode & 0o777 == 0o600
    assert one.key.hex() not in path.read_text()
    after = Ring(Memory(path))
    after.set((one,))
    after._rocs, after._near = keyring.Budget(0.0, 0.0), keyring.Budget(0.0, 4.0)
    assert opened(after, old, {}, 0.0) is None, "not even the last packet that was heard"
    assert opened(after, foreign.next(), {}, 0.0) is not None


@pytest.mark.parametrize("damage", [b"", b"[]", b"\xff", b'{"a":{"roc":-1,"sequence":1}}'])
def test_a_memory_that_cannot_be_read_is_an_empty_one(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "rollovers.json"
    path.write_bytes(damage)
    memory = Memory(path)
    assert memory.find("a", 1) is None
    memory.note("a", 1, Seen(1, 2))
    memory.save()
    assert Memory(path).find("a", 1) == Seen(1, 2)


@given(st.integers(0, 2**32), st.lists(st.integers(0, 0x7FFF), max_size=30))
def test_an_index_is_followed_through_any_wraps(start: int, steps: list[int]) -> None:
    index, seen = start, Seen(start >> 16, start & 0xFFFF)
    for step in steps:
        index += step
        seen = follow(seen, index & 0xFFFF)
        assert seen.index == index
        assert follow(seen, (index - 100) & 0xFFFF) == seen, "out of order"


def test_keys_are_derived_as_the_standard_says() -> None:
    """RFC 3711 appendix B.3."""
    master = bytes.fromhex("E1F97A0D3E018BE0D64FA32C06DE4139")
    salt = bytes.fromhex("0EC675AD498AFEEBB6960B3AABE6")
    assert derive(master, salt, 0, 16).hex().upper() == "C61E7A93744F39EE10734AFE3FF7A087"
    assert derive(master, salt, 2, 14).hex().upper() == "30CBBC08863D8C85D49DB34A9AE1"
    assert derive(master, salt, 1, 20).hex().upper().startswith("CEBE321F6FF7716B6FD4AB49AF256A15")


def test_a_foreign_sender_past_two_wraps_is_heard_whole(tmp_path: Path) -> None:
    """By the whole engine path, on real sockets."""
    plain, one = voice(), key(1)
    sealer = Sealer(one.profile, one.key)
    for index in range(0, 2 << 16, LEAP):
        sealer.rtp(packets([b"before"], sequence=index & 0xFFFF)[0])
    with lab(tmp_path) as bench:
        bench.pipeline.set_keys(SetKeys("a@h", (one,)))
        spec = bench.listen("a@h")
        bench.play((spec, [sealer.rtp(data) for data in plain]))
        figures = bench.figures()
    assert (figures.packets, figures.refused, figures.lost) == (60, 0, 0)
