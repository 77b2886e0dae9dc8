"""``vaktbord publish``: a sound file as a talkgroup stream, announced like any station's."""

from __future__ import annotations

import argparse
import contextlib
import queue
import secrets
import sys
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Final

import av
import av.error

from audio import protocol
from audio.client import EngineError
from console.commands.hearing import read_keys
from console.commands.interrupts import end_by_sigterm
from console.commands.secured import SecuredBySite
from console.commands.site_voice import CommandVoice, site_voice
from console.commands.station import ANNOUNCE_S, Station, add_site_key_option, add_station_options
from console.commands.talk_floor import FloorKey, floor_of
from console.commands.tool_engine import ToolEngine, tool_engine
from console.site.address import SiteError
from console.site.log.outbox import SpoolError
from console.streams.announce import AnnounceError, Announcer
from console.streams.keys import KeysError, StreamKeys

RATE: Final = 48_000
MAX_FILE_S: Final = 4 * 3_600
MIN_FILE_S: Final = 0.02  # one frame
POLL_S: Final = 0.1


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
    add_site_key_option(parser)
    parser.add_argument(
        "--floor",
        action="store_true",
        help="ask that site for the floor, without which desks play no member's voice; a minute "
        "is the most",
    )
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns 0 when the file has been sent or Ctrl-C came, 1 when it failed."""
    end_by_sigterm()
    try:
        keys = read_keys(options)
        with tempfile.TemporaryDirectory(prefix="vaktbord-publish-") as folder:
            sound = as_wav(options.file, Path(folder) / "sound.wav")
            bursts: queue.SimpleQueue[protocol.BurstSent] = queue.SimpleQueue()
            with tool_engine(options.interface, options.log_level, also=_into(bursts)) as engine:
                publishing = Publishing(options, engine, keys, bursts)
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
        self,
        options: argparse.Namespace,
        engine: ToolEngine,
        keys: StreamKeys | None,
        bursts: queue.SimpleQueue[protocol.BurstSent],
    ) -> None:
        """``bursts``: what the engine says of those that it sends."""
        self._bursts = bursts
        self._ssrc = 0  # of the burst under way
        self._options = options
        self._engine = engine
        self._station = Station(options, keys)
        self._site: SecuredBySite | None = None

    def secure(self, site: CommandVoice) -> None:
        """Nothing is sent before there is a key. Raises SiteError."""
        self._site = SecuredBySite(self._options.talkgroup, site, self._engine.send)
        self._site.wait()

    def keys_changed(self, _talkgroup: str) -> None:
        """On the keyring's thread."""
        if self._site is not None:
            self._site.follow()

    def run(self, sound: Path) -> int:
        """Raises EngineError or AnnounceError."""
        announcer = Announcer(self._options.interface, host=self._station.host)
        floor = self._floor_key()
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
            self._wait_sent(floor)
        except KeyboardInterrupt:
            return 0
        finally:
            announcer.close()
            if floor is not None:
                floor.stop()
        return 0

    def _floor_key(self) -> FloorKey | None:
        """Started. Raises SiteError."""
        address = floor_of(self._options.home, "publish") if self._options.floor else None
        if address is None:
            if self._options.floor:
                raise SiteError("this home has enrolled at no site, which could give the floor")
            return None
        key = FloorKey(
            address, self._options.talkgroup, "normal", lambda told: print(told, flush=True)
        )
        key.start()
        return key

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

    def _wait_sent(self, floor: FloorKey | None) -> None:
        while self._engine.ended_bursts == 0:
            self._look(floor)
            self._engine.check()
            if self._site is not None:
                self._site.check()
            if self._engine.refusals:
                raise EngineError(next(iter(self._engine.refusals.values())))

    def _look(self, floor: FloorKey | None) -> None:
        """At what the engine sends: receivers wait 0.2 s for the floor of a burst that has begun.
        Raises SiteError when it is not given."""
        with contextlib.suppress(queue.Empty):
            burst = self._bursts.get(timeout=POLL_S)
            self._ssrc = burst.ssrc if burst.on else 0
            if floor is None:
                return
            why = floor.request(burst.ssrc, lambda: False) if burst.on else ""
            if why:
                raise SiteError(why)
            if not burst.on:
                floor.release()
        if floor is not None and self._ssrc:
            why = floor.renew(self._ssrc)
            if why:
                raise SiteError(why)


def _into(bursts: queue.SimpleQueue[protocol.BurstSent]) -> Callable[[protocol.Event], None]:
    def take(event: protocol.Event) -> None:
        if isinstance(event, protocol.BurstSent):
            bursts.put(event)

    return take


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
