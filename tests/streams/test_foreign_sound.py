"""Foreign talkgroups heard: avahi announces, ffmpeg or GStreamer sends, `vaktbord mix` records.

One recording serves all tests: every sender has a tone of its own, found again by FFT. The examples
of docs/PROTOCOL.md are among the senders, run as they stand there.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import wave
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from audio.client import stop_engine
from tests import netlab
from tests.examples import example
from tests.netlab import Avahi, Host

WHY_NOT = netlab.missing(
    "avahi-daemon", "avahi-publish-service", "dbus-daemon", "ffmpeg", "gst-launch-1.0"
)
pytestmark = [pytest.mark.netns, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

AMPLITUDE: Final = 0.04
EXAMPLE_AMPLITUDE: Final = 0.125  # of ffmpeg's sine; all together stay below the limiter's ceiling
LISTED_S: Final = 2
HEARD_S: Final = 4
PORT: Final = 5_004
UNICAST_PORT: Final = 6_000
TOLERANCE_DB: Final = 1.5
OPUS: Final = ("pt=111", "rtpmap=opus/48000/2")
CM_80: Final = bytes(range(30))
GCM_128: Final = bytes(range(100, 128))
GCM_256: Final = bytes(range(200, 244))


class Foreign(msgspec.Struct, frozen=True):
    """A talkgroup made without a line of ours: what is announced, and what sends it."""

    talkgroup: str
    frequency_hz: int
    group: str | None
    txt: tuple[str, ...]
    program: tuple[str, ...]

    def announced(self) -> tuple[str, ...]:
        group = (f"grp={self.group}",) if self.group else ()
        return ("txtvers=1", f"tg={self.talkgroup}", *group, *self.txt)


def ffmpeg(
    frequency_hz: int, to: str, codec: Sequence[str], *more: str, scheme: str = "rtp"
) -> tuple[str, ...]:
    return (
        "ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi",
        "-i", f"aevalsrc={AMPLITUDE}*sin({frequency_hz}*2*PI*t):s=48000",
        *codec, *more, "-f", "rtp", f"{scheme}://{to}?ttl=1",
    )  # fmt: skip


def gstreamer(frequency_hz: int, group: str, *elements: str) -> tuple[str, ...]:
    middle = [word for element in elements for word in ("!", *element.split())]
    return (
        "gst-launch-1.0", "-q", "audiotestsrc", "is-live=true", f"freq={frequency_hz}",
        f"volume={AMPLITUDE}", "!", "audio/x-raw,rate=48000,channels=1", *middle,
        "!", "udpsink", f"host={group}", f"port={PORT}", "ttl-mc=1",
    )  # fmt: skip


def srtpenc(key: bytes, cipher: str, authentication: str) -> str:
    return (
        f"srtpenc key={key.hex()} rtp-cipher={cipher} rtp-auth={authentication} "
        f"rtcp-cipher={cipher} rtcp-auth={authentication}"
    )


FF_OPUS: Final = ("-c:a", "libopus", "-b:a", "32k", "-payload_type", "111")
GST_OPUS: Final = ("opusenc", "rtpopuspay pt=111")
GCM_TXT: Final = "srtp=AEAD_AES_128_GCM"
FOREIGN: Final = (
    Foreign("ff-opus", 410, "239.77.3.1", OPUS, ffmpeg(410, f"239.77.3.1:{PORT}", FF_OPUS)),
    Foreign(
        "ff-pcmu", 530, "239.77.3.2", ("pt=0",),
        ffmpeg(530, f"239.77.3.2:{PORT}", ("-ar", "8000", "-c:a", "pcm_mulaw")),
    ),
    Foreign(
        "ff-pcma", 670, "239.77.3.3", ("pt=8", "rtpmap=PCMA/8000"),
        ffmpeg(670, f"239.77.3.3:{PORT}", ("-ar", "8000", "-c:a", "pcm_alaw")),
    ),
    Foreign(
        "ff-l16", 790, "239.77.3.4", ("pt=97", "rtpmap=L16/48000"),
        ffmpeg(790, f"239.77.3.4:{PORT}", ("-c:a", "pcm_s16be", "-payload_type", "97")),
    ),
    Foreign(
        "ff-cm80", 910, "239.77.3.5", (*OPUS, "srtp=AES_CM_128_HMAC_SHA1_80", "kid=7"),
        ffmpeg(
            910, f"239.77.3.5:{PORT}", FF_OPUS, "-srtp_out_suite", "AES_CM_128_HMAC_SHA1_80",
            "-srtp_out_params", base64.b64encode(CM_80).decode(), scheme="srtp",
        ),
    ),
    Foreign("ff-unicast", 1_030, None, OPUS, ffmpeg(1_030, f"10.77.0.2:{UNICAST_PORT}", FF_OPUS)),
    Foreign("ff-ipv6", 1_150, "ff15::77:1", OPUS, ffmpeg(1_150, f"[ff15::77:1]:{PORT}", FF_OPUS)),
    Foreign("ff-ssm", 1_250, "232.77.3.1", OPUS, ffmpeg(1_250, f"232.77.3.1:{PORT}", FF_OPUS)),
    Foreign("gst-opus", 1_370, "239.77.3.6", OPUS, gstreamer(1_370, "239.77.3.6", *GST_OPUS)),
    Foreign(
        "gst-l16", 1_490, "239.77.3.7", ("pt=96", "rtpmap=L16/44100/1"),
        gstreamer(
            1_490, "239.77.3.7",
            "audioresample", "audioconvert", "audio/x-raw,rate=44100", "rtpL16pay pt=96",
        ),
    ),
    Foreign(
        "gst-gcm128", 1_610, "239.77.3.8", (*OPUS, "srtp=AEAD_AES_128_GCM", "kid=8"),
        gstreamer(1_610, "239.77.3.8", *GST_OPUS, srtpenc(GCM_128, "aes-128-gcm", "null")),
    ),
    Foreign(
        "gst-gcm256", 1_730, "239.77.3.9", (*OPUS, "srtp=AEAD_AES_256_GCM", "kid=9"),
        gstreamer(1_730, "239.77.3.9", *GST_OPUS, srtpenc(GCM_256, "aes-256-gcm", "null")),
    ),
    Foreign(
        "gst-cm80", 1_870, "239.77.3.10", (*OPUS, "srtp=AES_CM_128_HMAC_SHA1_80", "kid=7"),
        gstreamer(1_870, "239.77.3.10", *GST_OPUS, srtpenc(CM_80, "aes-128-icm", "hmac-sha1-80")),
    ),
)  # fmt: skip
EXAMPLES: Final = {
    "lv1": ("station ffmpeg opus", 2_010),
    "lv2": ("station gstreamer opus", 2_130),
    "lab-l16": ("station gstreamer l16", 2_270),
    "lab-alaw": ("station ffmpeg pcma", 2_390),
    "lv3": ("station ffmpeg srtp", 2_530),
}
SENT: Final = {
    **{one.talkgroup: (one.frequency_hz, AMPLITUDE) for one in FOREIGN},
    **{group: (frequency, EXAMPLE_AMPLITUDE) for group, (_, frequency) in EXAMPLES.items()},
}
SECURED: Final = {"ff-cm80", "gst-cm80", "gst-gcm128", "gst-gcm256", "lv3"}


class Heard(msgspec.Struct, frozen=True):
    """What the two commands and the example of a desk said; the recording as ``(n, 2)`` floats."""

    listed: dict[str, dict[str, Any]]
    mixed: dict[str, dict[str, Any]]
    by_a_foreign_desk: str
    sound: NDArray[np.float64]

    def level_db(self, frequency_hz: float) -> float:
        """The power at a frequency in both channels together, 0 dB = a sine of amplitude 1."""
        spectrum, hz_per_bin = self._spectrum()
        at = round(frequency_hz / hz_per_bin)
        return float(10 * np.log10(spectrum[at - 6 : at + 7].sum()))

    def _spectrum(self) -> tuple[NDArray[np.float64], float]:
        window = np.hanning(len(self.sound))
        transformed = np.fft.rfft(self.sound * window[:, None], axis=0)
        power = (np.abs(transformed) ** 2).sum(axis=1)
        return 4 * power / (len(window) * (window**2).sum()), 48_000 / len(window)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    folder = tmp_path_factory.mktemp("foreign")
    with netlab.lan(2) as (station, desk), netlab.avahi(station) as avahi:
        _publish(station, avahi)
        listed = _vaktbord(desk, folder, "streams", "--seconds", str(LISTED_S))
        out = folder / "mix.wav"
        mixed = _vaktbord(desk, folder, "mix", "--seconds", str(HEARD_S), "--out", str(out))
        yield Heard(listed, mixed, _foreign_desk(desk, folder), _last_half(out))


def _publish(station: Host, avahi: Avahi) -> None:
    for one in FOREIGN:
        station.start(*one.program)
        port = PORT if one.group else UNICAST_PORT
        avahi.publish(f"Foreign {one.talkgroup}", port, *one.announced())
    for name, _ in EXAMPLES.values():
        station.start("sh", "-c", example(name), env=avahi.environment)


def _foreign_desk(desk: Host, folder: Path) -> str:
    """Hears lv1 with an engine of ours that somebody has started."""
    home = folder / "engine-home"
    command = ("-m", "audio", "--home", str(home), "--interface", desk.address)
    started = desk.run(sys.executable, *command, "--device", "null", "--detach")
    assert started.returncode == 0, started.stderr
    try:
        ended = desk.run(sys.executable, "-c", example("desk engine"), str(home))
    finally:
        stop_engine(home)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _vaktbord(desk: Host, folder: Path, command: str, *words: str) -> dict[str, dict[str, Any]]:
    """Its rows by talkgroup."""
    line = [
        sys.executable, "-m", "console.cli", command, "--home", str(folder),
        "--interface", desk.address, "--srtp-keys", str(_key_file(folder)), "--json",
        "--unicast-port", f"ff-unicast={UNICAST_PORT}", *words,
    ]  # fmt: skip
    run = desk.run(*line)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    return {one["talkgroup"]: one for one in json.loads(run.stdout)["streams"]}


def _key_file(folder: Path) -> Path:
    file = folder / "keys.toml"
    if not file.exists():
        file.touch(mode=0o600)
        profiles = (
            ("7", "AES_CM_128_HMAC_SHA1_80", CM_80),
            ("8", "AEAD_AES_128_GCM", GCM_128),
            ("9", "AEAD_AES_256_GCM", GCM_256),
        )
        entries = [
            f'[[key]]\nkid = "{kid}"\nprofile = "{profile}"\n'
            f'key = "{base64.b64encode(key).decode()}"\n'
            for kid, profile, key in profiles
        ]
        file.write_text("".join(entries) + example("keys.toml"), "utf-8")
    return file


def _last_half(path: Path) -> NDArray[np.float64]:
    """By then all streams play."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48_000, 2, 2)
        raw = file.readframes(file.getnframes())
    sound = np.frombuffer(raw, "<i2").reshape(-1, 2) / 32_768
    assert abs(len(sound) - HEARD_S * 48_000) <= 480
    return sound[-HEARD_S * 24_000 :]


@pytest.mark.parametrize("talkgroup", SENT)
def test_it_is_listed_and_can_be_heard(heard: Heard, talkgroup: str) -> None:
    one = heard.listed[talkgroup]
    assert one["receivable"], one["why_not"]
    assert one["stream"] == f"{talkgroup}@foreign.local"
    assert one["secured"] == (talkgroup in SECURED)


@pytest.mark.parametrize("talkgroup", SENT)
def test_its_tone_is_in_the_mix_as_loud_as_it_was_sent(heard: Heard, talkgroup: str) -> None:
    one = heard.mixed[talkgroup]
    assert one["heard"], one["why_not"]
    assert one["refused"] == 0
    frequency_hz, amplitude = SENT[talkgroup]
    assert abs(heard.level_db(frequency_hz) - 20 * np.log10(amplitude)) < TOLERANCE_DB


def test_nothing_else_is_in_the_mix(heard: Heard) -> None:
    """What lies between the tones is far below them: no noise of loss, no second playing."""
    sent_db = 20 * np.log10(AMPLITUDE)
    tones = sorted(frequency_hz for frequency_hz, _ in SENT.values())
    for low, high in pairwise(tones):
        assert heard.level_db((low + high) / 2) < sent_db - 25


def test_a_desk_made_from_the_protocol_s_example_hears_it(heard: Heard) -> None:
    said = re.fullmatch(r"(\d+) packets, 0 lost, talking: True\n", heard.by_a_foreign_desk)
    assert said is not None, heard.by_a_foreign_desk
    assert int(said[1]) > 50
