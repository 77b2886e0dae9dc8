"""When voice packets arrive over Wi-Fi: traces from files, and models, for ``bench jitter``.

A file is CSV, one packet a line in the order sent: ``sent ms, arrived ms``; nothing after the comma
is a packet that was lost; lines that begin with # are left out. The two clocks count from anywhere.

The models add up what is published of Wi-Fi's delays, with parameters drawn anew by each seed:

- contention on the air, and repetition by the radio: Poisson numbers of 1 ms, and for a few packets
  of 7.5 ms, 12 on average (C. Huitema, "Wi-Fi Jitter", measured in flats);
- what follows a late packet comes with it, never before it (the same; reordering by block ack);
- other stations' aggregates: up to 5.484 ms of air each (IEEE 802.11, aPPDUMaxTime), queued;
- scans: the radio is away for 30 to 111 ms a channel, channel by channel (Linux mac80211,
  IEEE80211_CHANNEL_TIME and IEEE80211_PASSIVE_CHANNEL_TIME);
- power saving: multicast waits for the beacon, every 102.4 ms, while any station dozes;
- microwave ovens: the air is taken for half of each 20 ms of mains.
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

TXOP_MS: Final = (1.0, 5.484)
SHORT_MS: Final = 1.0
LONG_MS: Final = 7.5
LONG_MEAN: Final = 12.0
SCANNED: Final = 8  # channels, one after the other
SCAN_EVERY_MS: Final = 250.0
AWAY_MS: Final = (30.0, 111.0)
BEACON_MS: Final = 102.4
MAINS_MS: Final = 20.0
SPELL_MS: Final = (3_000.0, 20_000.0)  # how long a neighbour dozes, or heats his dinner
AIR_MS: Final = 0.3  # between two packets that were held back together
MAX_LINES: Final = 2_000_000  # of a file; what follows is left out
LEAST_PACKETS: Final = 50
PERIODS_MS: Final = (2.5, 120.0)  # a packet of an RTP stream
MAX_PAUSE_MS: Final = 3_600_000.0

Numbers = NDArray[np.floating[Any]]


class TraceError(RuntimeError):
    """The file is no trace; the text says where and why."""


class Trace(msgspec.Struct, frozen=True):
    """One way through a network."""

    sent_ms: Numbers
    arrived_ms: Numbers  # NaN: lost
    period_ms: float

    def late_ms(self) -> Numbers:
        """How much later than the quickest; NaN: lost."""
        away = self.arrived_ms - self.sent_ms
        return np.asarray(away - np.nanmin(away))


class Kind(msgspec.Struct, frozen=True):
    """Bounds between which each seed draws."""

    busy: tuple[float, float]  # share of the air that others take
    repeated: tuple[float, float]  # share of packets with the long process
    scans_a_minute: tuple[float, float]
    dozing: tuple[float, float]  # share of the time
    ovens: tuple[float, float]  # share of the time
    lost: tuple[float, float]  # share of packets


KINDS: Final = {
    "good": Kind((0.05, 0.3), (0.0, 0.0005), (0.0, 0.05), (0.0, 0.0), (0.0, 0.0), (0.0, 0.001)),
    "bad": Kind((0.3, 0.6), (0.0003, 0.0014), (0.05, 0.2), (0.0, 0.01), (0.0, 0.0), (0.001, 0.01)),
    "2.4 GHz": Kind((0.4, 0.75), (0.003, 0.012), (0.2, 1.0), (0.0, 0.1), (0.0, 0.3), (0.003, 0.03)),
}


# -- from a file ------------------------------------------------------------------------------


def read(path: Path) -> Trace:
    """Raises TraceError."""
    try:
        with path.open(encoding="utf-8") as file:
            lines = list(itertools.islice(file, MAX_LINES))
    except (OSError, UnicodeDecodeError) as error:
        raise TraceError(f"{path}: {error}") from error
    rows = [_row(path, n, line) for n, line in enumerate(lines, 1) if _counts(line)]
    return trace_of(str(path), np.array(rows, np.float64).reshape(-1, 2))


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _row(path: Path, number: int, line: str) -> tuple[float, float]:
    words = [one.strip() for one in line.split(",")]
    try:
        sent, arrived = words
        row = float(sent), float(arrived) if arrived else math.nan
    except ValueError:
        row = math.nan, math.nan
    if not math.isfinite(row[0]) or math.isinf(row[1]):
        wanted = "two numbers with a comma between, or one and a comma"
        raise TraceError(f"{path}, line {number}: {wanted}, not {line.strip()[:40]!r}")
    return row


def trace_of(name: str, rows: Numbers) -> Trace:
    """``rows``: (n, 2), sent and arrived. Raises TraceError."""
    sent, arrived = rows.T
    if np.isfinite(arrived).sum() < LEAST_PACKETS:
        raise TraceError(f"{name}: {np.isfinite(arrived).sum()} packets arrived; 50 are needed")
    steps = np.diff(sent)
    if (steps < 0).any() or steps.max() > MAX_PAUSE_MS:
        at = int(np.argmax((steps < 0) | (steps > MAX_PAUSE_MS))) + 2
        raise TraceError(f"{name}, packet {at}: sent before the one above, or an hour after it")
    period_ms = float(np.median(steps))
    if not PERIODS_MS[0] <= period_ms <= PERIODS_MS[1]:
        raise TraceError(f"{name}: a packet every {period_ms:.1f} ms is no voice (2.5 to 120)")
    return Trace(sent, arrived, period_ms)


# -- models -----------------------------------------------------------------------------------


def modelled(kind: Kind, seed: int, seconds: float, period_ms: float) -> Trace:
    """The same for the same seed."""
    chance = np.random.default_rng(seed)
    drawn: dict[str, Any] = {
        name: float(chance.uniform(*bounds))
        for name, bounds in msgspec.structs.asdict(kind).items()
    }
    sent = np.arange(round(seconds * 1e3 / period_ms)) * period_ms
    at: Numbers = sent + _contention(chance, len(sent), drawn["repeated"])
    at += _queue(chance, len(sent), period_ms, drawn["busy"])
    at = _ovens(chance, at, _spells(chance, sent, drawn["ovens"]))
    at = _scans(chance, at, drawn["scans_a_minute"])
    at = _beacons(at, _spells(chance, sent, drawn["dozing"]))
    at = in_order(at)
    at[chance.random(len(at)) < drawn["lost"]] = np.nan
    return Trace(sent, at, period_ms)


def in_order(at: Numbers) -> Numbers:
    """None overtakes another, and each takes its time on the air."""
    steps = np.arange(len(at)) * AIR_MS
    return np.asarray(np.maximum.accumulate(at - steps) + steps)


def _contention(chance: np.random.Generator, count: int, repeated: float) -> Numbers:
    short = chance.poisson(1.0, count)
    delay = short * SHORT_MS - np.where(short >= 1, chance.random(count), 0.0)
    return delay + np.where(
        chance.random(count) < repeated, chance.poisson(LONG_MEAN, count) * LONG_MS, 0.0
    )


def _queue(chance: np.random.Generator, count: int, period_ms: float, busy: float) -> Numbers:
    """Work before ours, by Lindley's recursion: others' aggregates come at random."""
    mean_ms = sum(TXOP_MS) / 2
    numbers = chance.poisson(busy * period_ms / mean_ms, count)
    work = np.array([chance.uniform(*TXOP_MS, n).sum() for n in numbers]) - period_ms
    total = np.cumsum(work)
    return np.asarray(total - np.minimum.accumulate(np.minimum(total, 0.0)))


def _spells(chance: np.random.Generator, sent: Numbers, share: float) -> NDArray[np.bool_]:
    """Whether it is so at each time."""
    found = np.zeros(len(sent), bool)
    at_ms = 0.0
    while share > 0 and at_ms < sent[-1]:
        spell_ms = chance.uniform(*SPELL_MS)
        at_ms += chance.exponential(spell_ms * (1 - share) / share)
        found |= (sent >= at_ms) & (sent < at_ms + spell_ms)
        at_ms += spell_ms
    return found


def _ovens(chance: np.random.Generator, at: Numbers, held: NDArray[np.bool_]) -> Numbers:
    """What comes in the half that is taken waits for its end, and a little for its turn."""
    phase = at % MAINS_MS
    wait = np.where(phase < MAINS_MS / 2, MAINS_MS / 2 - phase, 0.0)
    return at + np.where(held, wait + chance.exponential(2.0, len(at)), 0.0)


def _scans(chance: np.random.Generator, at: Numbers, a_minute: float) -> Numbers:
    at = at.copy()
    for _ in range(chance.poisson(a_minute * at[-1] / 60_000)):
        begun = chance.uniform(0, at[-1])
        for channel in range(SCANNED):
            away = begun + channel * SCAN_EVERY_MS
            back = away + chance.uniform(*AWAY_MS)
            at[(at >= away) & (at < back)] = back
    return at


def _beacons(at: Numbers, held: NDArray[np.bool_]) -> Numbers:
    return np.where(held, np.ceil(at / BEACON_MS) * BEACON_MS, at)
