"""An SSRC of ours never comes twice under one key, and numbers never wrap under one."""

from __future__ import annotations

import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import protocol as p
from audio.network import rtp
from audio.network.srtp import Opener
from audio.protocol import SetSendKey, SrtpKey
from audio.sending import publication
from audio.sending.ssrcs import COUNTS, RESERVED, Ssrcs, UsedUpError
from tests.audio.engine_fixtures import wait_until, write_tone
from tests.audio.test_transmit import ended, receiving, sending

PROFILE: p.SrtpProfile = "AES_CM_128_HMAC_SHA1_80"
OLD, NEW = (SrtpKey(n, PROFILE, bytes(range(n, n + 30))) for n in (1, 2))

TAKER = """
import pathlib, sys
from audio.sending.ssrcs import Ssrcs
ssrcs = Ssrcs(pathlib.Path(sys.argv[1]))
while True:
    print(ssrcs.take("key", 7), flush=True)
"""


@pytest.mark.system
def test_none_comes_twice_however_the_engine_is_killed(tmp_path: Path) -> None:
    seen: list[int] = []
    for _ in range(3):
        command = [sys.executable, "-c", TAKER, str(tmp_path / "ssrcs.json")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as taker:
            assert taker.stdout is not None
            seen += [int(taker.stdout.readline()) for _ in range(RESERVED + 10)]
            taker.send_signal(signal.SIGKILL)
            seen += [int(line) for line in taker.stdout if line.endswith("\n")]
    assert len(seen) == len(set(seen))
    assert {one >> 16 for one in seen} == {7}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.one_of(st.integers(1, 600), st.none()), max_size=8))
def test_none_comes_twice_whatever_is_taken_between_restarts(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int | None]
) -> None:
    """None: the engine is gone without a word."""
    path = tmp_path_factory.mktemp("home") / "ssrcs.json"
    seen: list[int] = []
    ssrcs = Ssrcs(path)
    for step in steps:
        if step is None:
            ssrcs = Ssrcs(path)
        else:
            seen += [ssrcs.take("key") for _ in range(step)]
            ssrcs.refill()
    assert len(seen) == len(set(seen))
    assert all(one >> 16 > p.MAX_BLOCK for one in seen), "none that a site gives out"


def test_when_all_of_a_block_have_been_used_a_new_key_is_needed(tmp_path: Path) -> None:
    ssrcs = Ssrcs()
    ssrcs.take("first", 7)
    for _ in range(COUNTS - 1):
        ssrcs.take("first", 7)
    with pytest.raises(UsedUpError, match="new key"):
        ssrcs.take("first", 7)
    assert ssrcs.take("second", 7) >> 16 == 7


def test_a_disk_that_takes_nothing_silences_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ssrcs = Ssrcs(tmp_path / "file" / "ssrcs.json")
    found = {ssrcs.take("key", 7) for _ in range(100)}
    assert len(found) == 100
    assert 7 not in {one >> 16 for one in found}, "nothing is known of what was used there"
    assert "can't be noted" in ssrcs.note


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"block":1,"next":0,"keys":{}}', b"\xff"])
def test_a_damaged_count_is_begun_anew_elsewhere(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "ssrcs.json"
    path.write_bytes(damage)
    assert Ssrcs(path).take("key") >> 16 > p.MAX_BLOCK
    assert path.stat().st_mode & 0o777 == 0o600


def next_ssrcs(events: list[p.Event]) -> list[int]:
    return [one.ssrc for one in events if isinstance(one, p.NextSsrc)]


def test_a_new_key_inside_a_burst_keeps_its_numbers_and_the_next_burst_has_another_ssrc(
    tmp_path: Path,
) -> None:
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 0.4)
    openers = Opener(PROFILE, OLD.key), Opener(PROFILE, NEW.key)
    bursts: list[list[tuple[int, rtp.Packet]]] = [[], []]
    with sending() as (transmitter, events), receiving() as (port, voice, control):
        wish = p.Publish("tg@here", "127.0.0.1", port, srtp=PROFILE, key=OLD.key)
        transmitter.handle(wish, events.append)
        transmitter.handle(SetSendKey("tg@here", OLD, 7), events.append)
        for _ in range(2):
            transmitter.handle(p.Say("tg@here", str(sound), "AMK", 4_711), events.append)
        for n in range(40):
            data = voice.recv(2_000)
            opened = [one.rtp(data) for one in openers]
            kid = next(i for i, one in enumerate(opened) if one is not None)
            packet = rtp.parse(opened[kid] or b"")
            assert packet is not None
            bursts[n // 20].append((kid, packet))
            if n == 5:
                transmitter.handle(SetSendKey("tg@here", NEW, 7), events.append)
        wait_until(lambda: ended(events) == 2, "both bursts have ended")
        report = control.recv(2_000)
    for burst in bursts:
        assert len({one.ssrc for _, one in burst}) == 1
        numbers = [one.sequence for _, one in burst]
        assert numbers == list(range(numbers[0], numbers[0] + 20)), "without a wrap"
        assert burst[0][1].ssrc >> 16 == 7, "of the site's block, not what the command wished"
    assert [kid for kid, _ in bursts[0]] == sorted(kid for kid, _ in bursts[0])
    assert {kid for kid, _ in bursts[0]} == {0, 1}
    assert {kid for kid, _ in bursts[1]} == {1}
    assert bursts[0][0][1].ssrc != bursts[1][0][1].ssrc
    assert openers[0].rtcp(report) is not None
    assert len(set(next_ssrcs(events))) == 3, "opened, another block, another key"


def _has_ended(events: list[p.Event], count: int) -> bool:
    return ended(events) == count


def test_the_ssrc_of_the_next_over_is_told_and_is_the_one_that_comes() -> None:
    with sending() as (transmitter, events), receiving() as (port, voice, _):
        wish = p.Publish("tg@here", "127.0.0.1", port, srtp=PROFILE, key=OLD.key)
        transmitter.handle(wish, events.append)
        wait_until(lambda: len(next_ssrcs(events)) == 1, "it is told")
        for kid, key in ((0, OLD), (1, NEW)):
            if kid:
                transmitter.handle(SetSendKey("tg@here", key), events.append)
                wait_until(lambda: len(next_ssrcs(events)) == 2, "the new one is told")
            transmitter.begin_talk(("tg@here",), lambda *_: None)
            transmitter.voice(b"\xf8\xff\xfe", 0)
            packet = rtp.parse(Opener(PROFILE, key.key).rtp(voice.recv(2_000)) or b"")
            assert packet is not None
            assert packet.ssrc == next_ssrcs(events)[-1]
            assert transmitter.sending()[0] == p.PublicationFigures(
                "tg@here", packet.ssrc, secured=True, kid=2 if kid else 0
            )
            transmitter.end_talk()
            wait_until(partial(_has_ended, events, kid + 1), "the over has ended")
    assert len(set(next_ssrcs(events))) == 2


def test_numbers_never_wrap_under_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A burst without an end goes on with another SSRC, and an over begins with one that lasts."""
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 0.2)
    monkeypatch.setattr(publication, "MAX_OF_SSRC", 15)
    monkeypatch.setattr(publication, "MAX_OF_OVER", 5)
    opener = Opener(PROFILE, OLD.key)
    with sending() as (transmitter, events), receiving() as (port, voice, _):
        wish = p.Publish("tg@here", "127.0.0.1", port, srtp=PROFILE, key=OLD.key)
        transmitter.handle(wish, events.append)
        transmitter.handle(p.Say("tg@here", str(sound), loop=True), events.append)
        found = [rtp.parse(opener.rtp(voice.recv(2_000)) or b"") for _ in range(40)]
        told = next_ssrcs(events)
        transmitter.handle(p.Unpublish("tg@here"), events.append)
    ssrcs = [one.ssrc for one in found if one is not None]
    assert [ssrcs.count(one) for one in dict.fromkeys(ssrcs)] == [15, 15, 10]
    assert len(told) == 1, "the microphone's has not been used"


def test_a_publication_that_is_not_there_or_a_key_that_is_none_is_refused() -> None:
    with sending() as (transmitter, events), receiving() as (port, _, _):
        transmitter.handle(SetSendKey("tg@here", OLD), events.append)
        transmitter.handle(p.Publish("tg@here", "127.0.0.1", port), events.append)
        wrong = SrtpKey(3, "AEAD_AES_256_GCM", bytes(30))
        transmitter.handle(SetSendKey("tg@here", wrong), events.append)
        refused = p.Refused
        wait_until(lambda: sum(type(e) is refused for e in events) == 2, "both are refused")
    whys = [one.why for one in events if isinstance(one, p.Refused)]
    assert "not published" in whys[0]
    assert "44 bytes" in whys[1]
