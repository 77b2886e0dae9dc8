"""``vaktbord publish``: a sound file as a talkgroup stream, announced like any station's."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import threading
import time
import wave
from pathlib import Path
from typing import Final

import av
import av.error
import msgspec

from audio import protocol
from audio.client import EngineError
from console.commands.hearing import read_keys
from console.commands.interrupts import end_by_sigterm
from console.commands.site_voice import CommandVoice, site_voice
from console.commands.station import ANNOUNCE_S, Station, add_station_options
from console.commands.tool_engine import ToolEngine, tool_engine
from console.desk.keyring import KeyedEngine
from console.domain.voice_keys import VoiceKey
from console.site.address import SiteError
from console.site.log.outbox import SpoolError
from console.streams.announce import AnnounceError, Announcer, Offer
from console.streams.keys import KeysError, StreamKeys

RATE: Final = 48_000
MAX_FILE_S: Final = 4 * 3_600
MIN_FILE_S: Final = 0.02  # one frame
POLL_S: Final = 0.1
KEY_S: Final = 10.0


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
    add_station_options(parser)
    parser.add_argument("--loop", action="store_true", help="again and again, until Ctrl-C")
    parser.add_argument(
        "--site-key",
        action="store_true",
        help="secure it with the talkgroup's key, from the site where this --home has enrolled",
    )
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns 0 when the file has been sent or Ctrl-C came, 1 when it failed."""
    end_by_sigterm()
    try:
        keys = read_keys(options)
        with tempfile.TemporaryDirectory(prefix="vaktbord-publish-") as folder:
            sound = as_wav(options.file, Path(folder) / "sound.wav")
            with tool_engine(options.interface, options.log_level) as engine:
                publishing = Publishing(options, engine, keys)
                if not options.site_key:
                    return publishing.run(sound)
                with site_voice(
                    options.home,
                    publishing.keys_changed,
                    station=secrets.token_hex(16),
                    use="publish",
                ) as site:
                    publishing.secure(site)
                    return publishing.run(sound)
    except (
        KeysError, EngineError, AnnounceError, FileError, SiteError, SpoolError, OSError,
    ) as error:  # fmt: skip
        print(error, file=sys.stderr)
        return 1


class Publishing:
    """From announcement to goodbye."""

    def __init__(
        self, options: argparse.Namespace, engine: ToolEngine, keys: StreamKeys | None
    ) -> None:
        self._options = options
        self._engine = engine
        self._station = Station(options, keys)
        self._site: SecuredBySite | None = None

    def secure(self, site: CommandVoice) -> None:
        """Nothing is sent before there is a key. Raises SiteError."""
        self._site = SecuredBySite(self._options.talkgroup, site, self._engine)
        self._site.wait()

    def keys_changed(self, _talkgroup: str) -> None:
        """On the keyring's thread."""
        if self._site is not None:
            self._site.follow()

    def run(self, sound: Path) -> int:
        """Raises EngineError or AnnounceError."""
        announcer = Announcer(self._options.interface)
        try:
            offer = self._station.offer()
            if self._site is not None:
                offer = self._site.secured(offer)
            handle = announcer.announce(offer)
            publication = protocol.stream_id(self._options.talkgroup, announcer.host)
            self._start(publication, sound)
            if self._site is not None:
                self._site.announced(announcer, handle, offer)
            name = announcer.wait(handle, ANNOUNCE_S)
            if name is None:
                raise AnnounceError(announcer.problem or "the announcement got no way out in time")
            where = f"{self._station.group} port {self._station.port}"
            print(f"{name}: {where}, Ctrl-C ends it", flush=True)
            self._wait_sent()
        except KeyboardInterrupt:
            return 0
        finally:
            announcer.close()
        return 0

    def _start(self, publication: str, sound: Path) -> None:
        wish = self._station.publish(publication, own=False)
        if self._site is not None:
            self._site.publish(wish)
        else:
            self._engine.send(wish)
        self._engine.send(
            protocol.Say(
                publication, str(sound), speaker=self._station.name, loop=self._options.loop
            )
        )

    def _wait_sent(self) -> None:
        while self._engine.ended_bursts == 0:
            time.sleep(POLL_S)
            self._engine.check()
            if self._engine.refusals:
                raise EngineError(next(iter(self._engine.refusals.values())))


class SecuredBySite:
    """One publication under the talkgroup's key, through every rekey, and what is announced of
    it."""

    def __init__(self, talkgroup: str, site: CommandVoice, engine: ToolEngine) -> None:
        """Raises SiteError where this home has no site."""
        if site.shut_out is not None:
            raise site.shut_out
        if site.ring is None:
            raise SiteError("this home has enrolled at no site, which could give a key")
        self._talkgroup = talkgroup
        self._ring = site.ring
        self._keyed = KeyedEngine(site.ring, engine.send)
        self._lock = threading.Lock()  # guards what is announced
        self._standing: tuple[Announcer, str, Offer] | None = None
        self._ring.want_to_send(talkgroup)

    def wait(self) -> None:
        """Raises SiteError when no key has come."""
        deadline_s = time.monotonic() + KEY_S
        while self._current() is None:
            if time.monotonic() > deadline_s:
                why = self._ring.why(self._talkgroup) or "the site does not answer"
                raise SiteError(f"there is no key of talkgroup {self._talkgroup}: {why}")
            time.sleep(POLL_S)

    def _current(self) -> VoiceKey | None:
        held = self._ring.held(self._talkgroup)
        return held.current if held is not None else None

    def secured(self, offer: Offer) -> Offer:
        key = self._current()
        assert key is not None, "it was waited for"
        return msgspec.structs.replace(offer, srtp=key.profile, kid=key.kid)

    def publish(self, wish: protocol.Publish) -> None:
        key = self._current()
        assert key is not None, "it was waited for"
        self._keyed.send(msgspec.structs.replace(wish, srtp=key.profile, key=None))

    def announced(self, announcer: Announcer, handle: str, offer: Offer) -> None:
        with self._lock:
            self._standing = announcer, handle, offer
        self.follow()

    def follow(self) -> None:
        """The key first, which receivers hold already; what is announced follows."""
        self._keyed.keys_changed(self._talkgroup)
        with self._lock:
            if self._standing is None or self._current() is None:
                return
            announcer, handle, offer = self._standing
            secured = self.secured(offer)
            if secured != offer:
                announcer.change(handle, secured)
                self._standing = announcer, handle, secured


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
