"""`vaktbord publish`: heard by `vaktbord mix`, and by ffmpeg and GStreamer as any station is."""

from __future__ import annotations

import base64
import contextlib
import json
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from numpy.typing import NDArray

from console.cli import main
from tests import netlab
from tests.examples import example
from tests.netlab import Host, wait_until

WHY_NOT = netlab.missing("ffmpeg", "gst-launch-1.0")

FREQUENCY_HZ: Final = 640
AMPLITUDE: Final = 0.25
SECONDS: Final = 2
LISTED_S: Final = "3"  # an answer may wait for a second, and the machine may be busy
GROUP: Final = "239.77.5.5"
CM_80: Final = bytes(range(30))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Two seconds of a tone, mono, at a rate that is not the engine's."""
    file = tmp_path / "tone.wav"
    t = np.arange(2 * 44_100) / 44_100
    samples = (AMPLITUDE * 32_767 * np.sin(2 * np.pi * FREQUENCY_HZ * t)).astype("<i2")
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(44_100)
        out.writeframes(samples.tobytes())
    return file


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "keys.toml"
    file.touch(mode=0o600)
    file.write_text(
        f'[[key]]\nkid = "7"\ntalkgroup = "own"\nprofile = "AES_CM_128_HMAC_SHA1_80"\n'
        f'key = "{base64.b64encode(CM_80).decode()}"\n',
        "utf-8",
    )
    return file


@contextlib.contextmanager
def publishing(host: Host, sound: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """On the air, over and over, when the context begins."""
    log = sound.with_suffix(".log")
    line = [
        sys.executable, "-m", "console.cli", "publish", str(sound), "--talkgroup", "own", "--loop",
        "--name", "Our own", "--group", GROUP, "--interface", host.address, *more,
    ]  # fmt: skip
    with log.open("wb") as output, host.inside():
        process = subprocess.Popen(line, stdout=output, stderr=output)
    try:
        wait_until(lambda: b"Our own: " in log.read_bytes(), 20, "it says that it is on the air")
        yield process
    finally:
        try:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0, log.read_text()
            assert "Traceback" not in log.read_text()
        finally:
            process.kill()
            process.wait()


def level_db(path: Path) -> float:
    """Of the tone in the recording's last half, the mean of its channels."""
    with wave.open(str(path)) as file:
        channels, rate = file.getnchannels(), file.getframerate()
        raw = file.readframes(file.getnframes())
    whole: NDArray[np.float64] = np.frombuffer(raw, "<i2").reshape(-1, channels) / 32_768
    sound = whole[len(whole) // 2 :]
    window = np.hanning(len(sound))
    power = (np.abs(np.fft.rfft(sound * window[:, None], axis=0)) ** 2).mean(axis=1)
    at = round(FREQUENCY_HZ * len(sound) / rate)
    near = power[at - 20 : at + 21].sum()
    return float(10 * np.log10(4 * near / (len(window) * (window**2).sum())))


SENT_DB: Final = 20 * np.log10(AMPLITUDE)
MIDDLE_DB: Final = 3.0  # less on each side, for the same power from both (audio/mixing/mix.py)


def vaktbord(desk: Host, home: Path, *words: str) -> tuple[int, list[dict[str, Any]]]:
    """Its exit code and the streams that it names."""
    common = ("--home", str(home), "--interface", desk.address, "--json")
    run = desk.run(sys.executable, "-m", "console.cli", *words, *common)
    return run.returncode, json.loads(run.stdout)["streams"]


@pytest.mark.parametrize("command", ["publish", "mix", "streams"])
def test_each_says_how_it_is_used(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"usage: vaktbord {command}" in capsys.readouterr().out


@pytest.mark.netns
@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
class TestOnALan:
    def test_secured_it_is_heard_by_who_has_the_key(
        self, sound: Path, keys: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "mix.wav"
        has_key = ("--srtp-keys", str(keys))
        with netlab.lan(2) as (station, desk):
            with publishing(station, sound, *has_key):
                line = ("mix", "--seconds", str(SECONDS), "--out", str(out))
                _, (row,) = vaktbord(desk, tmp_path, *line, *has_key, "--talkgroup", "OUR OWN")
                assert (row["talkgroup"], row["secured"], row["heard"]) == ("own", True, True)
                assert abs(level_db(out) - (SENT_DB - MIDDLE_DB)) < 1.5
                _, (row,) = vaktbord(desk, tmp_path, "streams", "--seconds", LISTED_S)
                assert "--srtp-keys" in row["why_not"]
            code, rows = vaktbord(desk, tmp_path, "streams", "--seconds", LISTED_S)
            assert (code, rows) == (3, []), "it has said goodbye"

    @pytest.mark.parametrize("more", [(), ("--red",)])
    def test_it_is_heard_as_the_protocol_s_examples_say(
        self, sound: Path, tmp_path: Path, more: tuple[str, ...]
    ) -> None:
        """Copies are allowed, and nobody asks for them."""
        with netlab.lan(2) as (station, desk), publishing(station, sound, *more):
            heard_by = {
                tmp_path / f"{program}.wav": desk.start(
                    "sh", "-c", f"cd {tmp_path} && {example(f'desk {program}')}"
                )
                for program in ("ffmpeg", "gstreamer")
            }
            for out, process in heard_by.items():
                process.wait(30)
                assert abs(level_db(out) - SENT_DB) < 1.5
