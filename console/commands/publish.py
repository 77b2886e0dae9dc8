"""``vaktbord publish``: a sound file as a talkgroup stream, announced like any station's."""

from __future__ import annotations

import argparse
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
from console.commands.interrupts import end_by_sigterm
from console.commands.station import ANNOUNCE_S, Station, add_station_options
from console.commands.tool_engine import ToolEngine, tool_engine
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
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns 0 when the file has been sent or Ctrl-C came, 1 when it failed."""
    end_by_sigterm()
    try:
        keys = read_keys(options)
        with tempfile.TemporaryDirectory(prefix="vaktbord-publish-") as folder:
            sound = as_wav(options.file, Path(folder) / "sound.wav")
            with tool_engine(options.interface, options.log_level) as engine:
                return Publishing(options, engine, keys).run(sound)
    except (KeysError, EngineError, AnnounceError, FileError, OSError) as error:
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

    def run(self, sound: Path) -> int:
        """Raises EngineError or AnnounceError."""
        announcer = Announcer(self._options.interface)
        try:
            handle = announcer.announce(self._station.offer())
            publication = protocol.stream_id(self._options.talkgroup, announcer.host)
            self._start(publication, sound)
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
        self._engine.send(self._station.publish(publication, own=False))
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
