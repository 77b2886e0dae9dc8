"""What the microphone's processing does to real speech: noise taken away, levels evened, its cost.

Speech of resources/voices at a known level, with noise of a known level added, goes through the
chain block by block. Signal-to-noise ratio: speech that is left (the part of the output that is
like the input, by projection) over what is heard in the pauses. Control: the engine's own
high-pass, which stands in where the library is missing, and nothing at all.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from audio.microphone.chain import BLOCK, Chain

NAME: Final = "voice"
RATE: Final = 48_000
VOICES: Final = Path(__file__).resolve().parent.parent / "resources" / "voices"
PHRASES: Final = (
    "a11-kols-status", "amk-alarm-anrop", "a13-alarm-svar", "am-fall-les", "a12-fall-lv",
)  # fmt: skip
PAUSE_S: Final = 0.5
SPEECH_DBFS: Final = -26.0
WARM_UP_S: Final = 4.0  # the noise is learnt, the gain found
SNRS_DB: Final = (20.0, 10.0, 5.0)
LEVELS_DBFS: Final = (-46.0, -36.0, -26.0, -16.0)
LONGEST_DELAY: Final = 1_200  # samples
GOAL_SNR_DB: Final = 10.0
GOAL_SPREAD_DB: Final = 6.0  # of the levels that come out, for 20 dB of those that go in

Sound = NDArray[np.float64]


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError without the library."""
    if Chain(high_pass=True, suppress=True, gain_control=True).note:
        raise RuntimeError("needs the package livekit")
    voice = speech(PHRASES[:3] if quick else PHRASES)
    chains: dict[str, Callable[[], Chain]] = {
        "noise suppression": lambda: Chain(high_pass=True, suppress=True, gain_control=False),
        "control: own high-pass": lambda: Chain(high_pass=True, suppress=False, gain_control=False),
        "control: nothing": lambda: Chain(high_pass=False, suppress=False, gain_control=False),
    }
    return {
        "seconds": len(voice) / RATE,
        "noise": {
            f"{kind} {snr_db:.0f} dB": {
                name: snr_gain_db(make(), voice, noise(kind, len(voice)), snr_db)
                for name, make in chains.items()
            }
            for kind in ("pink", "hum")
            for snr_db in SNRS_DB
        },
        "levels": {f"{level:.0f}": levels_of(voice, level) for level in LEVELS_DBFS},
        "cost_us": {name: cost_us(make(), voice) for name, make in _all(chains).items()},
    }


def _all(chains: dict[str, Callable[[], Chain]]) -> dict[str, Callable[[], Chain]]:
    return {
        "all of it": lambda: Chain(high_pass=True, suppress=True, gain_control=True),
        **chains,
    }


def report(result: dict[str, Any]) -> str:
    rows = result["noise"]
    names = list(next(iter(rows.values())))
    gains = [row["noise suppression"] for row in rows.values()]
    out = [one["with"] for level, one in result["levels"].items() if float(level) < -20]
    spread = max(out) - min(out)
    return "\n".join(
        [
            f"{result['seconds']:.0f} s of speech; gain of the signal-to-noise ratio, dB",
            f"{'noise, ratio before':24}{''.join(f'{one:>26}' for one in names)}",
            *(
                f"{kind:24}{''.join(f'{row[one]:26.1f}' for one in names)}"
                for kind, row in rows.items()
            ),
            "level of the speech, dBFS, before and after gain control (control: without)",
            *(
                f"  {float(level):6.0f}{one['with']:10.1f}{one['without']:10.1f}"
                for level, one in result["levels"].items()
            ),
            f"cost of 10 ms, µs: {', '.join(f'{k} {v:.0f}' for k, v in result['cost_us'].items())}",
            f"goal at least {GOAL_SNR_DB:.0f} dB of noise: {_verdict(min(gains) >= GOAL_SNR_DB)}",
            f"goal 20 dB of levels (-46 to -26) within {GOAL_SPREAD_DB:.0f} dB: {spread:.1f} dB: "
            f"{_verdict(spread <= GOAL_SPREAD_DB)}",
        ]
    )


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "NOT met"


def speech(names: tuple[str, ...]) -> Sound:
    """With pauses, at SPEECH_DBFS while somebody speaks."""
    parts: list[Sound] = []
    for name in names:
        with av.open(str(VOICES / f"{name}.opus")) as file:
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            frames = [one for raw in file.decode(audio=0) for one in resampler.resample(raw)]
        parts += [one.to_ndarray().reshape(-1).astype(np.float64) for one in frames]
        parts.append(np.zeros(round(PAUSE_S * RATE)))
    sound = np.concatenate(parts)
    return sound * 10 ** ((SPEECH_DBFS - level_db(sound[spoken(sound)])) / 20)


def spoken(sound: Sound) -> NDArray[np.bool_]:
    """Where somebody speaks."""
    envelope = smoothed(np.abs(sound), 4_800)
    return np.asarray(envelope > 0.1 * envelope.max())


def paused(sound: Sound) -> NDArray[np.bool_]:
    """Where nobody does, with room on both sides."""
    return smoothed((np.abs(sound) > 1e-4).astype(np.float64), RATE // 4) < 1e-6


def smoothed(sound: Sound, count: int) -> Sound:
    """The mean of so many samples around each."""
    total = np.cumsum(np.pad(sound, (count // 2 + 1, count - count // 2 - 1)))
    return np.asarray((total[count - 1 :] - np.concatenate(([0.0], total[:-count]))) / count)[
        : len(sound)
    ]


def noise(kind: str, count: int) -> Sound:
    """Of RMS 1."""
    if kind == "hum":
        times = np.arange(count) / RATE
        parts = [np.sin(2 * np.pi * 50 * n * times) / n for n in (1, 2, 3, 5)]
        sound = np.sum(parts, axis=0)
    else:
        spectrum = np.fft.rfft(np.random.default_rng(1).standard_normal(count))
        spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
        sound = np.fft.irfft(spectrum, count)
    return np.asarray(sound / np.std(sound))


def level_db(sound: Sound) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


def through(chain: Chain, sound: Sound) -> Sound:
    blocks = sound[: len(sound) // BLOCK * BLOCK].astype(np.float32).reshape(-1, BLOCK)
    return np.concatenate([chain.process(one) for one in blocks]) / 32_768


def snr_gain_db(chain: Chain, voice: Sound, added: Sound, snr_db: float) -> float:
    """How much further the speech stands out afterwards."""
    added = added * 10 ** ((SPEECH_DBFS - snr_db) / 20)
    out = through(chain, voice + added)
    count = len(out)
    late = np.arange(count) > WARM_UP_S * RATE
    said, quiet = spoken(voice)[:count] & late, paused(voice)[:count] & late
    kept = _likeness(voice[:count] * said, out)
    taken_db = level_db(added[:count][quiet]) - level_db(out[quiet])
    return taken_db + 20 * float(np.log10(kept))


def _likeness(said: Sound, out: Sound) -> float:
    """The share of the speech that is left in the output, whatever its delay."""
    size = 1 << (2 * len(out)).bit_length()
    spectrum = np.fft.rfft(out, size) * np.conj(np.fft.rfft(said, size))
    return float(np.fft.irfft(spectrum, size)[:LONGEST_DELAY].max() / np.dot(said, said))


def levels_of(voice: Sound, dbfs: float) -> dict[str, float]:
    """Of speech that goes in so loud, once the gain has been found."""
    sound = voice * 10 ** ((dbfs - SPEECH_DBFS) / 20) + 1e-4 * noise("pink", len(voice))
    found = {}
    for name, is_on in (("with", True), ("without", False)):
        out = through(Chain(high_pass=True, suppress=True, gain_control=is_on), sound)
        late = np.arange(len(out)) > WARM_UP_S * RATE
        found[name] = level_db(out[spoken(voice)[: len(out)] & late])
    return found


def cost_us(chain: Chain, voice: Sound) -> float:
    blocks = voice[: 10 * RATE].astype(np.float32).reshape(-1, BLOCK)
    times = []
    for block in blocks:
        begun_s = time.perf_counter()
        chain.process(block)
        times.append((time.perf_counter() - begun_s) * 1e6)
    return statistics.median(times)
