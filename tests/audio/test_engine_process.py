"""The engine as a process: real sockets, real kills, a real recording of what is heard."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from audio import protocol as p
from audio.client import EngineError, ensure_engine
from audio.codecs.frame import new_frames
from audio.codecs.opus import OpusDecoder
from audio.home import EngineAddress, claim_path, is_claimed, lock_path, read_address, write_address
from audio.sending.bursts import load
from tests.audio.engine_fixtures import (
    engine,
    listener,
    peak_hz,
    read_wav,
    silent_blocks,
    wait_until,
    write_tone,
)

pytestmark = pytest.mark.system
DESK = """
import sys, time
from pathlib import Path
from audio import client, protocol as p
c = client.EngineClient(Path(sys.argv[1]), role="desk", on_event=lambda e: None,
                        on_lost=lambda w: None)
c.connect()
c.send(p.Heartbeat())
print("here", flush=True)
if sys.argv[2] == "hog":
    sum(i for i in range(10**12))
time.sleep(600)
"""


def start_desk(home: Path, how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", DESK, str(home), how], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "here\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def spec(port: int) -> p.StreamSpec:
    return p.StreamSpec("tg@here", port, 111, "opus", 48_000, 2, group="239.77.9.1")


def decoded(path: Path) -> NDArray[np.float32]:
    """The file as it is after the codec alone."""
    decoder, out = OpusDecoder(), new_frames(1)[1][0]
    parts = []
    for payload, samples in load(path).frames:
        assert decoder.decode(payload, out) == samples
        parts.append(out.samples[:samples].copy())
    return np.concatenate(parts)


def test_killed_desk_is_heard_as_gone_and_finds_everything_again(tmp_path: Path) -> None:
    out = tmp_path / "mix.wav"
    with engine(tmp_path / "home") as home, listener(home) as tool:
        desk = start_desk(home, "sleep")
        try:
            tool.client.send(p.Listen(spec(46_004)))
            tool.client.send(p.SetMix("tg@here", -6.0, 0.5))
            tool.client.send(p.Record(str(out), 2.5))
            tool.client.status()
            before = tool.client.status(5.0)
        finally:
            end(desk)
        tool.wait_for(p.RecordDone)
        heard = read_wav(out)
        assert np.abs(heard).max() > 0.1, "the desk-gone tone"
        with listener(home, "desk") as again:
            after = again.client.status(5.0)
            assert [(one.spec, one.mix) for one in after.streams] == [
                (one.spec, one.mix) for one in before.streams
            ]


def test_a_desk_that_says_goodbye_is_not_missed(tmp_path: Path) -> None:
    out = tmp_path / "mix.wav"
    with engine(tmp_path / "home") as home, listener(home) as tool:
        with listener(home, "desk"):
            tool.client.send(p.Record(str(out), 1.0))
        tool.wait_for(p.RecordDone)
    assert np.abs(read_wav(out)).max() == 0.0


def test_a_hanging_desk_makes_no_gap(tmp_path: Path) -> None:
    sound, out = tmp_path / "tone.wav", tmp_path / "mix.wav"
    write_tone(sound, 800.0, 4.0)
    with engine(tmp_path / "home") as home, listener(home) as tool:
        tool.client.send(p.Listen(spec(46_014)))
        tool.client.send(p.Publish("tg@here", "239.77.9.1", 46_014))
        tool.client.status()
        desk = start_desk(home, "hog")
        try:
            tool.client.send(p.Record(str(out), 3.0))
            tool.client.send(p.Say("tg@here", str(sound), speaker="AMK"))
            done = tool.wait_for(p.RecordDone)
        finally:
            end(desk)
    heard = read_wav(out)[:, 0]
    assert done.underflows == 0
    assert silent_blocks(heard) == 0
    loud = np.flatnonzero(np.abs(heard) > 0.01)[0]
    assert abs(peak_hz(heard[loud + 4_800 : loud + 48_000]) - 800) < 3


def test_a_stream_that_is_told_to_talk_has_its_slot_by_then(tmp_path: Path) -> None:
    """Else a desk takes what it hears for something that it doesn't."""
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 11.0)
    with engine(tmp_path / "home") as home, listener(home) as tool:
        tool.client.send(p.Publish("tg@here", "239.77.9.1", 46_054))
        tool.client.send(p.Say("tg@here", str(sound)))
        for _ in range(8):
            tool.client.send(p.Listen(spec(46_054)))
            tool.wait_for(p.Talking)
            order = [type(one) for one in tool.events if isinstance(one, p.Slots | p.Talking)]
            assert order[0] is p.Slots
            tool.client.send(p.Drop("tg@here"))
            wait_until(lambda: not tool.client.status().streams, "it to be dropped")
            time.sleep(0.15)  # and that to be told
            tool.events.clear()


@pytest.mark.long
def test_ten_seconds_of_a_tone_are_recorded_whole(tmp_path: Path) -> None:
    """Over the network and back: no gap, no click, no packet out of place."""
    sound, out = tmp_path / "tone.wav", tmp_path / "mix.wav"
    write_tone(sound, 800.0, 11.0)
    with engine(tmp_path / "home") as home, listener(home) as tool:
        tool.client.send(p.Listen(spec(46_044)))
        tool.client.send(p.Publish("tg@here", "239.77.9.1", 46_044))
        tool.client.send(p.Say("tg@here", str(sound)))
        tool.wait_for(p.Talking)
        tool.client.send(p.Record(str(out), 10.0))
        done = tool.wait_for(p.RecordDone)
        status = tool.client.status()
    heard = read_wav(out)[:, 0]
    assert (done.underflows, status.underflows, status.unsent) == (0, 0, 0)
    assert len(heard) == 480_000
    middle = heard[9_600:]
    assert silent_blocks(middle) == 0
    assert abs(peak_hz(middle) - 800) < 0.5
    ideal = decoded(sound) * np.float32(np.sqrt(0.5))  # the middle between left and right
    assert np.abs(np.diff(middle)).max() < 1.02 * np.abs(np.diff(ideal)).max()


def test_killed_engine_is_noticed_and_replaced(tmp_path: Path) -> None:
    with engine(tmp_path / "home") as home:
        with listener(home) as tool:
            os.kill(tool.welcome.pid, signal.SIGKILL)
            tool.wait(lambda: bool(tool.lost))
            with pytest.raises(EngineError):
                tool.client.status(0.5)
            assert lock_path(home).exists()
            wait_until(lambda: not is_claimed(home), "its end: sockets close one by one")
            fresh = ensure_engine(home, interface="127.0.0.1", device="null")
        assert fresh.pid != tool.welcome.pid
        with listener(home) as again:
            assert again.welcome.pid == fresh.pid


def test_stale_address_of_somebody_else_is_taken_over(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    (home / "engine").mkdir(parents=True)
    claim_path(home).touch()
    write_address(home, EngineAddress(os.getpid(), "old", 1, path=str(home / "gone.sock")))
    with engine(home):
        found = read_address(home)
        assert found is not None
        assert found.pid != os.getpid()
        assert lock_path(home).stat().st_mode & 0o777 == 0o600
        assert Path(found.path).stat().st_mode & 0o777 == 0o600
    assert not is_claimed(home)


def test_two_clients_and_one_engine(tmp_path: Path) -> None:
    with engine(tmp_path / "home") as home, listener(home) as one, listener(home) as two:
        assert ensure_engine(home, interface=None).pid == one.welcome.pid == two.welcome.pid
        one.client.send(p.Listen(spec(46_024)))
        two.wait_for(p.Slots)
        one.client.send(p.Record("relative.wav", 1.0))
        assert one.wait_for(p.Refused).command == "record"
        assert not any(isinstance(event, p.Refused) for event in two.events)


def test_a_secured_stream_without_a_key_is_never_sent(tmp_path: Path) -> None:
    with engine(tmp_path / "home") as home, listener(home) as tool:
        tool.client.send(p.Publish("tg@here", "239.77.9.1", 46_034, srtp="AES_CM_128_HMAC_SHA1_80"))
        assert "key" in tool.wait_for(p.Refused).why
        assert tool.client.status().publications == ()


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"pid": 1, "token": "\xff"}', b'{"x":' + b"[" * 16_000, b"[]"]
)
def test_an_address_that_makes_no_sense_is_none(tmp_path: Path, content: bytes) -> None:
    lock_path(tmp_path).parent.mkdir()
    lock_path(tmp_path).write_bytes(content)
    assert read_address(tmp_path) is None


def test_random_bytes_at_the_door_end_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    with engine(tmp_path / "home") as home, listener(home) as tool:
        address = read_address(home)
        assert address is not None
        hello = p.encode(p.Hello(p.VERSION, address.token, "tool"))
        for turn in range(2_000):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
                one.settimeout(5.0)
                wait_until(lambda one=one: _connects(one, address.path), "let in")  # type: ignore[misc]  # bound now
                junk = chance.randbytes(chance.randrange(1, 400))
                try:
                    one.sendall((hello if turn % 2 else b"") + junk)
                except OSError:
                    continue
        status = tool.client.status(10.0)
        assert status.refused_commands > 100
        assert status.device == "null"


def _connects(one: socket.socket, path: str) -> bool:
    try:
        one.connect(path)
    except BlockingIOError:
        return False
    return True


def test_an_engine_whose_home_is_deleted_ends_and_leaves_its_successor_alone(
    tmp_path: Path,
) -> None:
    with engine(tmp_path / "home") as home:
        first = read_address(home)
        assert first is not None
        shutil.rmtree(home)
        second = ensure_engine(home, interface="127.0.0.1", device="null")
        assert second.pid != first.pid
        wait_until(lambda: not psutil.pid_exists(first.pid), "the first one's end")
        assert read_address(home) == second
        with listener(home) as tool:
            assert tool.welcome.pid == second.pid


def test_a_mute_of_all_is_told_and_ends_without_anybody(tmp_path: Path) -> None:
    """The desk that asked for it is dead by then."""
    with engine(tmp_path) as home, listener(home) as other:
        with listener(home) as desk:
            desk.client.send(p.MuteAll(1.5))
            assert desk.wait_for(p.AllMuted).seconds == pytest.approx(1.5, abs=0.5)
            assert 0 < desk.client.status().muted_s <= 1.5
        other.wait(lambda: any(e.seconds == 0 for e in other.events if isinstance(e, p.AllMuted)))
        assert other.client.status().muted_s == 0
        other.client.send(p.MuteAll(30.0))
        wait_until(lambda: other.client.status().muted_s > 20, "the next mute")
        other.client.send(p.MuteAll(0.0))
        wait_until(lambda: other.client.status().muted_s == 0, "its end")


@pytest.mark.parametrize("named_alike", [True, False])
def test_ones_own_voice_is_not_played_back_and_all_others_are(
    tmp_path: Path, named_alike: bool
) -> None:
    """Known by name, or by address and port; the same SSRC on another stream is somebody else."""
    mine, theirs, out = tmp_path / "mine.wav", tmp_path / "theirs.wav", tmp_path / "out.wav"
    write_tone(mine, 1_000.0, 1.5)
    write_tone(theirs, 500.0, 1.5)
    with engine(tmp_path) as home, listener(home) as tool:
        client = tool.client
        client.send(p.Listen(spec(47_310)))
        client.send(p.Listen(msgspec.structs.replace(spec(47_312), stream="other@here")))
        name = "tg@here" if named_alike else "mine"
        client.send(p.Publish(name, "239.77.9.1", 47_310, own=True))
        client.send(p.Publish("theirs", "239.77.9.1", 47_312))
        client.send(p.Record(str(out), 3.0))
        client.send(p.Say(name, str(mine), ssrc=4_242))
        client.send(p.Say("theirs", str(theirs), ssrc=4_242))
        done = tool.wait_for(p.RecordDone)
        assert done.seconds == pytest.approx(3.0, abs=0.1)
        talked = {e.stream for e in tool.events if isinstance(e, p.Talking) and e.on}
        assert talked == {"tg@here", "other@here"}, "its tile shows it all the same"
    sound = read_wav(out)[:, 0]
    heard = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    hz = np.fft.rfftfreq(len(sound), 1 / 48_000)
    own, other = (heard[np.abs(hz - tone) < 20].max() for tone in (1_000, 500))
    assert own < other / 300, "less than the codec's own noise"


def test_what_another_engine_publishes_as_its_own_is_heard_here(tmp_path: Path) -> None:
    mine, out = tmp_path / "mine.wav", tmp_path / "out.wav"
    write_tone(mine, 1_000.0, 1.5)
    with engine(tmp_path / "a") as home, listener(home) as here:
        here.client.send(p.Listen(spec(47_314)))
        with engine(tmp_path / "b") as other, listener(other) as there:
            there.client.send(p.Publish("tg@here", "239.77.9.1", 47_314, own=True))
            here.client.send(p.Record(str(out), 3.0))
            there.client.send(p.Say("tg@here", str(mine)))
            here.wait_for(p.RecordDone)
    assert abs(peak_hz(read_wav(out)[:, 0]) - 1_000) < 5
