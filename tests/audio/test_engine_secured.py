"""Two real engines and keys between them: changed in the middle of a word, killed, patched."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from audio import protocol as p
from audio.client import ensure_engine
from audio.protocol import Floor, PatchLeg, SetKeys, SetSendKey, SrtpKey
from tests.audio.engine_fixtures import Listener, engine, listener, wait_until, write_tone

pytestmark = pytest.mark.system
PROFILE: p.SrtpProfile = "AES_CM_128_HMAC_SHA1_80"
KEYS = tuple(SrtpKey(n, PROFILE, bytes(range(n, n + 30))) for n in range(4))
GROUP, PORT = "239.77.61.1", 46_180


def spec(stream: str = "tg@there", group: str = GROUP) -> p.StreamSpec:
    return p.StreamSpec(stream, PORT, 111, "opus", 48_000, 2, group=group, srtp=PROFILE)


def figures(tool: Listener) -> p.StreamFigures:
    return tool.client.status(10.0).streams[0]


def publish(tool: Listener, key: SrtpKey, sound: Path) -> int:
    """And speak; returns the SSRC."""
    wish = p.Publish("tg@here", GROUP, PORT, srtp=PROFILE, key=key.key)
    for command in (wish, SetSendKey("tg@here", key, 7), p.Say("tg@here", str(sound), "AMK")):
        tool.client.send(command)
    return tool.wait_for(p.BurstSent).ssrc


def test_a_key_changes_within_a_word_and_a_killed_sender_never_repeats_himself(
    tmp_path: Path,
) -> None:
    sound, ssrcs = tmp_path / "tone.wav", []
    write_tone(sound, 800.0, 2.5)
    with contextlib.ExitStack() as stack:
        there, here = (stack.enter_context(engine(tmp_path / name)) for name in ("there", "here"))
        ear = stack.enter_context(listener(there))
        ear.client.send(SetKeys("tg@there", KEYS[:2]))
        ear.client.send(p.Listen(spec()))
        ear.client.status(10.0)
        with listener(here) as mouth:
            ssrcs.append(publish(mouth, KEYS[0], sound))
            wait_until(lambda: figures(ear).packets > 30, "he is heard")
            mouth.client.send(SetSendKey("tg@here", KEYS[1], 7))
            wait_until(lambda: figures(ear).kid == 1, "under the next key")
            ear.client.send(SetKeys("tg@there", KEYS[1:3]))
            mouth.wait(lambda: any(isinstance(e, p.BurstSent) and not e.on for e in mouth.events))
            wait_until(lambda: figures(ear).packets >= 125, "all of it has come")
            one = figures(ear)
            assert (one.refused, one.lost, one.packets) == (0, 0, 125)
            assert (one.secured, one.kids, one.kid) == (True, (1, 2), 1)
            sending = mouth.client.status(10.0).sending
            assert [(each.secured, each.kid) for each in sending] == [(True, 1)]
            os.kill(mouth.welcome.pid, signal.SIGKILL)
            mouth.wait(lambda: bool(mouth.lost))
        ensure_engine(here, interface="127.0.0.1", device="null")
        with listener(here) as mouth:
            ssrcs.append(publish(mouth, KEYS[1], sound))
            wait_until(lambda: figures(ear).packets > 155, "he is heard again")
            assert figures(ear).refused == 0
            ear.client.send(SetKeys("tg@there", KEYS[2:]))
            wait_until(lambda: figures(ear).refused > 5, "and not under a key that is gone")
    assert len(set(ssrcs)) == 2
    assert {one >> 16 for one in ssrcs} == {7}


@pytest.mark.long
def test_floors_patches_and_alarms_are_taken_at_the_door(tmp_path: Path) -> None:
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 1.0)
    with contextlib.ExitStack() as stack:
        there, here = (stack.enter_context(engine(tmp_path / name)) for name in ("there", "here"))
        ear, mouth = (stack.enter_context(listener(one)) for one in (there, here))
        for name, group in (("tg@there", GROUP), ("other@there", "239.77.61.2")):
            ear.client.send(SetKeys(name, KEYS[:1]))
            ear.client.send(p.Listen(spec(name, group)))
            ear.client.send(p.Publish(name, group, PORT, srtp=PROFILE, key=KEYS[0].key))
        legs = tuple(PatchLeg(name, name) for name in ("tg@there", "other@there"))
        ear.wait(lambda: sum(isinstance(one, p.NextSsrc) for one in ear.events) == 2)
        ear.client.send(p.KeepForAlarm("tg@there", "A-1", 1.0, 30.0))
        ear.client.send(p.Patch("P-1", legs))
        assert ear.wait_for(p.PatchChanged) == p.PatchChanged("P-1", on=True)
        ssrc = publish(mouth, KEYS[0], sound)
        until_s = time.monotonic() + 10.0
        while not any(isinstance(one, p.Talking) and not one.on for one in ear.events):
            assert time.monotonic() < until_s, ear.events
            ear.client.send(Floor("tg@there", controlled=True, ssrcs=(ssrc,), epoch=1))
            time.sleep(0.1)
        kept = ear.wait_for(p.AlarmKept)
        (patch,) = ear.client.status(10.0).patches
        ended = ear.wait_for(p.PatchChanged)
        ear.wait(
            lambda: ear.events.count(p.PatchChanged("P-1", False, "who held it has gone")) == 1
        )
        ear.client.send(p.KeepPatch("P-1"))
        ear.wait(lambda: any(isinstance(one, p.Refused) for one in ear.events))
    assert ended.on
    talking = [one for one in ear.events if isinstance(one, p.Talking) and one.stream == "tg@there"]
    assert (talking[0].ssrc, talking[0].floor, talking[0].secured) == (ssrc, "held", True)
    assert p.Occupied("tg@there", on=True) in ear.events
    (burst,) = kept.bursts
    assert (burst.ssrc, burst.alarms) == (ssrc, ("A-1",))
    assert burst.floor in {"held", ""}, "as it was when the burst began: the word may come later"
    assert (patch.packets, patch.looped, patch.lost) == (50, 0, 0)
