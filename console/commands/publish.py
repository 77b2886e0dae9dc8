"""``vaktbord publish``: a sound file as a talkgroup stream, announced like any station's."""

from __future__ import annotations

import argparse
import hashlib
import ipaddress
import signal
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Final

import av
import av.error

from audio import protocol
from audio.client import EngineError
from console.commands.hearing import read_keys
from console.commands.options import port
from console.commands.tool_engine import ToolEngine, tool_engine
from console.streams.announce import AnnounceError, Announcer, Offer
from console.streams.announcement import GroupError, check_group
from console.streams.keys import KeysError, StreamKey, StreamKeys

DEFAULT_PORT: Final = 5_004
RED_TYPE: Final = 112
RATE: Final = 48_000
MAX_FILE_S: Final = 4 * 3_600
MIN_FILE_S: Final = 0.02  # one frame
POLL_S: Final = 0.1
ANNOUNCE_S: Final = 5.0


class FileError(Exception):
    """The sound file can't be read. The text is one sentence."""


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "publish",
        parents=[common],
        help="send a sound file as a talkgroup stream",
        description="Announce a talkgroup stream and send a sound file on it (Opus over RTP). "
        "Any file that FFmpeg's libraries read will do. Ctrl-C withdraws it.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--talkgroup", required=True, metavar="NAME", help="the talkgroup's id")
    parser.add_argument("--name", help="the name shown (default: the talkgroup's id)")
    parser.add_argument("--loop", action="store_true", help="again and again, until Ctrl-C")
    parser.add_argument(
        "--group",
        type=group,
        metavar="ADDR",
        help="multicast group (default: one of 239.77.0.0/16, or of ff15:77::/32 on an IPv6 "
        "interface, by the talkgroup's id)",
    )
    parser.add_argument("--port", type=port, default=DEFAULT_PORT, metavar="N")
    parser.add_argument("--srtp-keys", type=Path, metavar="FILE", help="secure it with its key")
    parser.add_argument(
        "--red",
        action="store_const",
        const=RED_TYPE,
        help="while receivers report loss, send copies of earlier packets along (RFC 2198); a "
        "program that neither understands them nor sends RTCP reports would then hear nothing",
    )
    parser.set_defaults(func=run)


def group(text: str) -> str:
    """An argparse type: a multicast group that may be used."""
    try:
        return check_group(text)
    except GroupError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("grp=")) from None


def default_group(talkgroup: str, interface: str | None) -> str:
    """The same for the same talkgroup, so that two stations of it meet."""
    number = int.from_bytes(hashlib.sha256(talkgroup.encode()).digest()[:2], "big")
    if interface is not None and ":" in interface:
        return str(ipaddress.IPv6Address(f"ff15:77::{number:x}"))
    return f"239.77.{number >> 8}.{number & 255}"


def run(options: argparse.Namespace) -> int:
    """Returns 0 when the file has been sent or Ctrl-C came, 1 when it failed."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        keys = read_keys(options)
        with tempfile.TemporaryDirectory(prefix="vaktbord-publish-") as folder:
            sound = as_wav(options.file, Path(folder) / "sound.wav")
            with tool_engine(options.interface, options.log_level) as engine:
                return Publishing(options, engine, keys).run(sound)
    except (KeysError, EngineError, AnnounceError, FileError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _interrupt(*_: object) -> None:
    """SIGTERM ends it as Ctrl-C does: with a goodbye."""
    raise KeyboardInterrupt


class Publishing:
    """From announcement to goodbye."""

    def __init__(
        self, options: argparse.Namespace, engine: ToolEngine, keys: StreamKeys | None
    ) -> None:
        self._options = options
        self._engine = engine
        self._group = options.group or default_group(options.talkgroup, options.interface)
        self._kid, self._key = _key(options.talkgroup, keys)

    def run(self, sound: Path) -> int:
        """Raises EngineError or AnnounceError."""
        announcer = Announcer(self._options.interface)
        try:
            handle = announcer.announce(self._offer())
            publication = protocol.stream_id(self._options.talkgroup, announcer.host)
            self._start(publication, sound)
            name = announcer.wait(handle, ANNOUNCE_S)
            if name is None:
                raise AnnounceError(announcer.problem or "the announcement got no way out in time")
            print(f"{name}: {self._group} port {self._options.port}, Ctrl-C ends it", flush=True)
            self._wait_sent()
        except KeyboardInterrupt:
            return 0
        finally:
            announcer.close()
        return 0

    def _offer(self) -> Offer:
        return Offer(
            name=self._options.name or self._options.talkgroup,
            talkgroup=self._options.talkgroup,
            port=self._options.port,
            group=self._group,
            srtp=self._key.profile if self._key else None,
            kid=self._kid,
            red=self._options.red,
        )

    def _start(self, publication: str, sound: Path) -> None:
        name = (self._options.name or self._options.talkgroup)[:64]
        self._engine.send(
            protocol.Publish(
                publication=publication,
                address=self._group,
                port=self._options.port,
                name=name,
                interface=self._options.interface,
                srtp=self._key.profile if self._key else None,
                key=self._key.key if self._key else None,
                red=self._options.red,
            )
        )
        self._engine.send(
            protocol.Say(publication, str(sound), speaker=name, loop=self._options.loop)
        )

    def _wait_sent(self) -> None:
        while self._engine.ended_bursts == 0:
            time.sleep(POLL_S)
            self._engine.check()
            if self._engine.refusals:
                raise EngineError(next(iter(self._engine.refusals.values())))


def _key(talkgroup: str, keys: StreamKeys | None) -> tuple[str | None, StreamKey | None]:
    """Asked to secure, a stream is never sent in the clear."""
    if keys is None:
        return None, None
    kid = keys.kid_for(talkgroup)
    key = keys.find(kid, talkgroup)
    if key is None or kid is None:
        raise KeysError(f"the key file has no key with a kid for talkgroup {talkgroup}; add one")
    return kid, key


def as_wav(source: Path, target: Path) -> Path:
    """Any sound that PyAV reads as 48 kHz, mono, 16 bits. Raises :class:`FileError`."""
    try:
        with av.open(str(source)) as container, wave.open(str(target), "wb") as out:
            if not container.streams.audio:
                raise FileError(f"{source} has no sound in it")
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            _convert(container, out)
            length_s = out.getnframes() / RATE
    except (av.error.FFmpegError, OSError) as error:
        raise FileError(f"{source} could not be read as sound: {error.strerror}") from error
    if length_s < MIN_FILE_S:
        raise FileError(f"{source} has no sound in it")
    return target


def _convert(container: av.container.InputContainer, out: wave.Wave_write) -> None:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for frame in container.decode(audio=0):
        for converted in resampler.resample(frame):
            out.writeframes(converted.to_ndarray().tobytes())
        if out.getnframes() > MAX_FILE_S * RATE:
            raise FileError(f"more than {MAX_FILE_S // 3600} hours of sound; send a part of it")
    for converted in resampler.resample(None):
        out.writeframes(converted.to_ndarray().tobytes())
