"""A sound file as the Opus packets of one talk burst: Ogg Opus as it is, anything else encoded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

from audio.codecs import libopus
from audio.codecs.opus import OpusDecoder
from audio.codecs.opus_encoder import FRAME, OpusEncoder

MAX_SECONDS: Final = 4 * 3_600  # a longer file is refused
MAX_SAMPLES: Final = MAX_SECONDS * libopus.RATE
TOO_LONG: Final = f"holds more than {MAX_SECONDS // 3_600} hours of sound; send a part of it"


class BurstError(ValueError):
    """The file can't be sent. One sentence for a person."""


class Burst(msgspec.Struct, frozen=True):
    """``frames``: packets with their length in samples at 48 kHz."""

    frames: tuple[tuple[bytes, int], ...]

    @property
    def seconds(self) -> float:
        return sum(samples for _, samples in self.frames) / libopus.RATE


def load(path: Path) -> Burst:
    """Reads the whole file. Raises BurstError."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                raise BurstError(f"{path} has no sound in it")
            is_opus = container.streams.audio[0].codec_context.name in ("opus", "libopus")
            frames = (_copied if is_opus else _encoded)(container, path)
    except (OSError, av.FFmpegError, libopus.OpusError) as error:
        raise BurstError(f"{path} can't be read as sound: {error}") from error
    if not frames:
        raise BurstError(f"{path} has no sound in it")
    return Burst(tuple(frames))


def _copied(container: av.container.InputContainer, path: Path) -> list[tuple[bytes, int]]:
    decoder = OpusDecoder()
    frames: list[tuple[bytes, int]] = []
    length = 0
    for packet in container.demux(audio=0):
        payload = bytes(packet)
        samples = decoder.duration(payload)
        if samples:
            frames.append((payload, samples))
            length += samples
        if length > MAX_SAMPLES:
            raise BurstError(f"{path} {TOO_LONG}")
    return frames


def _encoded(container: av.container.InputContainer, path: Path) -> list[tuple[bytes, int]]:
    """Frame by frame, so that a long file takes little memory."""
    encoder = OpusEncoder()
    frames: list[tuple[bytes, int]] = []
    rest = np.zeros(0, np.float32)
    for piece in _resampled(container):
        rest = np.concatenate((rest, piece))
        whole = len(rest) - len(rest) % FRAME
        frames += [(encoder.encode(one), FRAME) for one in rest[:whole].reshape(-1, FRAME)]
        rest = rest[whole:]
        if len(frames) * FRAME > MAX_SAMPLES:
            raise BurstError(f"{path} {TOO_LONG}")
    if len(rest):
        frames.append((encoder.encode(np.pad(rest, (0, FRAME - len(rest)))), FRAME))
    return frames


def _resampled(container: av.container.InputContainer) -> Iterator[NDArray[np.float32]]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=libopus.RATE)
    for frame in container.decode(audio=0):
        for converted in resampler.resample(frame):
            yield np.asarray(converted.to_ndarray(), np.float32).reshape(-1)
    for converted in resampler.resample(None):
        yield np.asarray(converted.to_ndarray(), np.float32).reshape(-1)
