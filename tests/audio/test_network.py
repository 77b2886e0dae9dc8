"""Streams as the network brings them: foreign and secured senders, IPv4 and IPv6, one source."""

from __future__ import annotations

import base64
import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import ifaddr
import numpy as np
import pytest

from audio.meters import Meters
from audio.network.sockets import (
    ListenError,
    SelectorWatcher,
    make_watcher,
    open_pair,
    open_sender,
)
from audio.network.srtp import KEY_BYTES, Sealer, SrtpError
from audio.pipeline import Pipeline
from audio.protocol import SrtpProfile, StreamSpec
from tests.audio.engine_fixtures import peak_hz
from tests.audio.pipeline_lab import PAYLOAD_TYPE, Sound, lab, opus, packets, sine
from tests.ports import free_udp_port

KEY = bytes(range(44))
PROFILES: list[SrtpProfile] = list(KEY_BYTES)
PATIENCE_S = 20.0
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")


def has_gstreamer() -> bool:
    tool = shutil.which("gst-inspect-1.0")
    return (
        tool is not None
        and not subprocess.run([tool, "srtpenc"], capture_output=True, check=False).returncode
    )


def has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
        try:
            one.bind(("::1", 0))
        except OSError:
            return False
    return True


def ipv6_multicast() -> tuple[str, str] | None:
    """An interface that carries it (lo has no route for it), and its address."""
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            with contextlib.suppress(OSError, ListenError):
                with contextlib.closing(open_sender("ff12::7703", adapter.name)) as out:
                    out.sendto(b"", ("ff12::7703", 9))
                if isinstance(ip.ip, tuple) and not ip.ip[0].startswith("fe80"):
                    return adapter.name, ip.ip[0]
    return None


@contextlib.contextmanager
def sender(line: list[str]) -> Iterator[None]:
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def hear(folder: Path, spec: StreamSpec, wanted_s: float = 1.0) -> tuple[Sound, Pipeline]:
    """In real time, until so much has been heard."""
    pipeline = Pipeline(interface="127.0.0.1", meters=Meters(folder / "m", create=True))
    pipeline.listen(spec)
    blocks: list[Sound] = []
    loud, begun_s = 0, time.monotonic()
    while loud < wanted_s * 100:
        assert time.monotonic() - begun_s < PATIENCE_S, pipeline.figures()
        time.sleep(0.01)
        blocks.append(pipeline.tick())
        loud += int(np.abs(blocks[-1]).max() > 0.01)
    pipeline.close()
    return np.concatenate(blocks)[:, 0], pipeline


def assert_tone(heard: Sound, hz: float) -> None:
    loud = np.flatnonzero(np.abs(heard) > 0.01)
    assert abs(peak_hz(heard[loud[0] + 4_800 : loud[-1] - 4_800]) - hz) < 4


# -- foreign senders ------------------------------------------------------------------------


@pytest.mark.system
@needs_ffmpeg
def test_ffmpeg_secured_is_heard(tmp_path: Path) -> None:
    port, key = free_udp_port(), KEY[:30]
    profile: SrtpProfile = "AES_CM_128_HMAC_SHA1_80"
    line = ["ffmpeg", "-re", "-f", "lavfi", "-i", "sine=frequency=800", "-ac", "2", "-ar", "48000"]
    line += ["-c:a", "libopus", "-b:a", "24k", "-application", "voip"]
    line += ["-payload_type", str(PAYLOAD_TYPE), "-f", "rtp", "-srtp_out_suite", profile]
    line += ["-srtp_out_params", base64.b64encode(key).decode(), f"srtp://127.0.0.1:{port}"]
    spec = StreamSpec("a@h", port, PAYLOAD_TYPE, "opus", 48_000, 2, srtp=profile, key=key)
    with sender(line):
        heard, _ = hear(tmp_path, spec)
    assert_tone(heard, 800)


@pytest.mark.system
@pytest.mark.skipif(not has_gstreamer(), reason="needs GStreamer with its SRTP plug-in")
@pytest.mark.parametrize(
    ("profile", "cipher", "auth"),
    [
        ("AES_CM_128_HMAC_SHA1_80", "aes-128-icm", "hmac-sha1-80"),
        ("AEAD_AES_128_GCM", "aes-128-gcm", "null"),
        ("AEAD_AES_256_GCM", "aes-256-gcm", "null"),
    ],
)
def test_gstreamer_secured_is_heard(
    tmp_path: Path, profile: SrtpProfile, cipher: str, auth: str
) -> None:
    port, key = free_udp_port(), KEY[: KEY_BYTES[profile]]
    words = (
        f"audiotestsrc is-live=true freq=800 volume=0.3 ! audio/x-raw,rate=48000,channels=1 ! "
        f"opusenc ! rtpopuspay pt={PAYLOAD_TYPE} ! srtpenc key={key.hex()} rtp-cipher={cipher} "
        f"rtp-auth={auth} rtcp-cipher={cipher} rtcp-auth={auth} ! "
        f"udpsink host=127.0.0.1 port={port}"
    )
    spec = StreamSpec("a@h", port, PAYLOAD_TYPE, "opus", 48_000, 2, srtp=profile, key=key)
    with sender(["gst-launch-1.0", "-q", *words.split()]):
        heard, _ = hear(tmp_path, spec)
    assert_tone(heard, 800)


@pytest.mark.system
@needs_ffmpeg
@pytest.mark.parametrize(
    ("encoding", "codec", "rate", "payload_type"),
    [
        ("PCMA", "pcm_alaw", 8_000, 8),
        ("PCMU", "pcm_mulaw", 8_000, 0),
        ("L16", "pcm_s16be", 44_100, 11),
    ],
)
def test_ffmpegs_other_codecs_are_heard(
    tmp_path: Path, encoding: str, codec: str, rate: int, payload_type: int
) -> None:
    """The payload types are the static ones of RFC 3551, L16 at a rate that isn't ours."""
    port = free_udp_port()
    line = ["ffmpeg", "-re", "-f", "lavfi", "-i", "sine=frequency=800", "-ac", "1"]
    line += ["-ar", str(rate), "-c:a", codec, "-payload_type", str(payload_type)]
    line += ["-f", "rtp", f"rtp://127.0.0.1:{port}?pkt_size=1000"]
    spec = StreamSpec("a@h", port, payload_type, encoding, rate, 1)  # type: ignore[arg-type]  # one of them
    with sender(line):
        heard, _ = hear(tmp_path, spec)
    assert_tone(heard, 800)


# -- SRTP -----------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_secured_voice_is_heard_and_forged_voice_is_not(
    tmp_path: Path, profile: SrtpProfile
) -> None:
    key = KEY[: KEY_BYTES[profile]]
    sealer, stranger = Sealer(profile, key), Sealer(profile, key[::-1])
    plain = packets(opus(sine(800, 1.0)))
    with lab(tmp_path) as one:
        spec = one.listen(srtp=profile, key=key)
        forged = [stranger.rtp(data) for data in plain]
        assert not one.play((spec, forged)).any()
        assert not one.play((spec, plain)).any(), "nor what isn't secured at all"
        assert one.figures().refused == 100
        sealed = [sealer.rtp(data) for data in plain]
        heard = one.play((spec, sealed))
        assert np.abs(heard).max() > 0.1
        assert not one.play((spec, sealed)).any(), "replayed"
        assert one.figures().refused == 150
        assert one.figures().spec.key is None, "the key is told to nobody"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_key_of_the_wrong_length_is_refused_without_showing_it(profile: SrtpProfile) -> None:
    with pytest.raises(SrtpError) as caught:
        Sealer(profile, b"secret")
    assert "secret" not in str(caught.value)


def test_a_secured_stream_without_a_key_is_not_heard(tmp_path: Path) -> None:
    with lab(tmp_path) as one, pytest.raises(ListenError, match="key"):
        one.listen(srtp="AEAD_AES_128_GCM")


# -- addresses ------------------------------------------------------------------------------


def arrives(folder: Path, spec: StreamSpec, out: socket.socket, address: str) -> bool:
    """Whether what ``out`` sends to the address is taken by a stream that listens there."""
    with lab(folder) as one:
        one.pipeline.listen(spec)
        for data in packets(opus(sine(800, 0.1))):
            out.sendto(data, (address, spec.port))
        deadline_s = time.monotonic() + 1.0
        while not one.figures().packets and time.monotonic() < deadline_s:
            one.tick()
            time.sleep(0.01)
        return one.figures().packets > 0


def spec_of(group: str | None, **more: object) -> StreamSpec:
    return StreamSpec(
        "a@h", free_udp_port(), PAYLOAD_TYPE, "opus", 48_000, 2, group=group, **more  # type: ignore[arg-type]  # as the test says
    )  # fmt: skip


def test_multicast_is_heard_on_the_interface_alone(tmp_path: Path) -> None:
    with contextlib.closing(open_sender("239.77.3.1", "127.0.0.1")) as out:
        assert arrives(tmp_path, spec_of("239.77.3.1"), out, "239.77.3.1")


def test_a_group_that_was_not_joined_is_not_heard(tmp_path: Path) -> None:
    with contextlib.closing(open_sender("239.77.3.2", "127.0.0.1")) as out:
        port = free_udp_port()
        spec = StreamSpec("a@h", port, PAYLOAD_TYPE, "opus", 48_000, 2, group="239.77.3.1")
        with lab(tmp_path) as one:
            one.pipeline.listen(spec)
            other = StreamSpec("b@h", port, PAYLOAD_TYPE, "opus", 48_000, 2, group="239.77.3.2")
            one.pipeline.listen(other)
            out.sendto(packets(opus(sine(800, 0.02)))[0], ("239.77.3.2", port))
            deadline_s = time.monotonic() + 5.0
            while not one.pipeline.figures()[1].packets and time.monotonic() < deadline_s:
                one.tick()
            counts = [each.packets for each in one.pipeline.figures()]
    assert counts == [0, 1]


@pytest.mark.parametrize(("source", "is_heard"), [("127.0.0.1", True), ("127.0.0.9", False)])
def test_only_the_source_that_was_asked_for(tmp_path: Path, source: str, is_heard: bool) -> None:
    """RFC 4607."""
    with contextlib.closing(open_sender("232.77.3.1", "127.0.0.1")) as out:
        out.bind(("127.0.0.1", 0))
        spec = spec_of("232.77.3.1", source=source)
        assert arrives(tmp_path, spec, out, "232.77.3.1") == is_heard


@pytest.mark.skipif(not has_ipv6(), reason="needs IPv6")
def test_ipv6_is_heard(tmp_path: Path) -> None:
    with contextlib.closing(open_sender("::1", None)) as out:
        assert arrives(tmp_path, spec_of(None, interface="::1"), out, "::1")


@pytest.mark.skipif(ipv6_multicast() is None, reason="needs an interface with IPv6 multicast")
@pytest.mark.parametrize("source", ["any", "own", "2001:db8::9"])
def test_ipv6_multicast_is_heard(tmp_path: Path, source: str) -> None:
    found = ipv6_multicast()
    assert found is not None
    interface, address = found
    group = "ff12::7703" if source == "any" else "ff35::7703"
    wanted = {"any": None, "own": address}.get(source, source)
    with contextlib.closing(open_sender(group, interface)) as out:
        out.bind((address, 0))
        spec = spec_of(group, interface=interface, source=wanted)
        assert arrives(tmp_path, spec, out, group) == (wanted in (None, address))


def test_without_an_interface_both_families_are_heard(tmp_path: Path) -> None:
    spec = spec_of(None)
    with contextlib.ExitStack() as stack:
        one, other = open_pair(spec)
        stack.enter_context(contextlib.closing(one))
        assert other is not None
        stack.enter_context(contextlib.closing(other))
        one.settimeout(5.0)
        for address in ("127.0.0.1", "::1") if has_ipv6() else ("127.0.0.1",):
            out = stack.enter_context(contextlib.closing(open_sender(address, None)))
            out.sendto(b"here", (address, spec.port))
            assert one.recv(10) == b"here"


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (StreamSpec("a@h", 5_004, 0, "opus", 48_000, group="10.1.1.1"), "not a multicast"),
        (StreamSpec("a@h", 5_004, 0, "opus", 48_000, group="nonsense"), "not an address"),
        (StreamSpec("a@h", 5_004, 0, "opus", 48_000, interface="203.0.113.9"), "can't be heard"),
        (
            StreamSpec("a@h", 5_004, 0, "opus", 48_000, group="ff11::1", interface="none7"),
            "no interface",
        ),
    ],
)
def test_what_cannot_be_heard_says_why(tmp_path: Path, spec: StreamSpec, why: str) -> None:
    with lab(tmp_path) as one:
        with pytest.raises(ListenError, match=why):
            one.pipeline.listen(spec)
        assert one.pipeline.figures() == ()


def test_a_port_that_is_taken_says_so(tmp_path: Path) -> None:
    with lab(tmp_path) as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        spec = StreamSpec("a@h", taken.getsockname()[1], 0, "opus", 48_000)
        with pytest.raises(ListenError, match="taken by another program"):
            one.pipeline.listen(spec)


@pytest.mark.parametrize("make", [make_watcher, SelectorWatcher])
def test_both_ways_of_watching_are_one(make: object) -> None:
    watcher = make()  # type: ignore[operator]  # either of them
    heard: list[float] = []
    with contextlib.closing(watcher), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        one.settimeout(5.0)

        def receive(now_ms: float) -> None:
            heard.append(now_ms)
            assert one.recv(10) == b"x"

        watcher.add(one, receive)
        assert watcher.serve(6.0) == 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(b"x", one.getsockname())
        assert watcher.serve(7.0) == 1
        assert heard == [7.0]
        watcher.remove(one)
        assert watcher.serve(8.0) == 0
