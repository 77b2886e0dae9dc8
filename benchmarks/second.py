"""What a second output device costs, and whether a clock of its own is ever heard.

64 talkgroups of steady tones, one selected and 63 monitored, are heard by an engine at two null
sinks of a private PulseAudio, in turn with one device and with two; CPU of the engine and of the
second device's process. Control: the same engine with one device. Then tones go over the bridge
between two simulated clocks that are off by up to 200 ppm, in bursts; controls: clocks that are
right, and no follower. Linux, PulseAudio.
"""

from __future__ import annotations

import contextlib
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from audio.client import EngineClient, ensure_engine, stop_engine
from audio.devices.bridge import LATE_S, Bridge
from audio.devices.follow import Follower
from audio.protocol import Listen, SetMix, SetSecondDevice, Status, StreamSpec
from benchmarks.drift import both
from benchmarks.receive import _compiled, _cpu_s
from benchmarks.soak import (
    PATIENCE_S,
    Detector,
    Sound,
    _process,
    count_gaps,
    decoded,
    environment,
    tone_packets,
    why_not,
)
from benchmarks.speech import write_packets

if TYPE_CHECKING:
    from tests.audio.pulse import Pulse

NAME: Final = "second"
STREAMS: Final = 64
FIRST_PORT: Final = 45_000
STEP: Final = 2
PAYLOAD_TYPE: Final = 96
RATE: Final = 48_000
BLOCK: Final = 480
GAIN_DB: Final = -24.0
SETTLE_S: Final = 3.0
PPM: Final = (0.0, 200.0, -200.0, 50.0, -50.0)
JITTER_S: Final = 0.003  # mean of an exponential
READ_AT_ONCE: Final = 2  # blocks, as a sound server asks for them
SILENT_S: Final = 1.0  # the bridge fills first
LOST_S: Final = 1.0
GOAL: Final = 0.02  # of a core, for all that a second device needs


def run(quick: bool) -> dict[str, Any]:
    """Raises RuntimeError without PulseAudio, its tools or a C compiler."""
    wanting = why_not()
    if wanting:
        raise RuntimeError(wanting)
    loop = tone_packets()
    with tempfile.TemporaryDirectory(prefix="v2-") as name:
        write_packets(Path(name) / "tones.packets", loop)
        cost = _Cost(Path(name)).measure(rounds=2 if quick else 7, seconds=8.0 if quick else 15.0)
    seconds = 120.0 if quick else 600.0
    source = both(decoded(loop))
    detector = Detector(source)
    clocks = [one_clock(ppm, seconds, source, detector, Follower()) for ppm in PPM]
    alone = one_clock(200.0, seconds, source, detector, _Deaf())
    return {"cost": cost, "seconds": seconds, "clocks": clocks, "no_follower": alone}


def report(result: dict[str, Any]) -> str:
    cost, alone = result["cost"], result["no_follower"]
    heads = ("clock ppm", "clicks", "gaps", "resyncs", "waiting ms", "spread ms", "bent ppm")
    rows = [(_name(row), row) for row in result["clocks"]]
    rows.append(("no follower", alone))
    is_whole = all(row["clicks"] == row["gaps"] == row["resyncs"] == 0 for _, row in rows[:-1])
    is_seen = alone["resyncs"] > 0
    verdict = ("met" if is_whole else "NOT met") if is_seen else "inconclusive: see the control"
    more = cost["engine_two"] - cost["engine_one"]
    return "\n".join(
        [
            f"{STREAMS} talkgroups at two real sinks, {len(cost['rounds'])} rounds in turn",
            f"{'':34}{'% of a core':>12}",
            f"{'control: engine, one device':34}{cost['engine_one'] * 100:12.2f}",
            f"{'engine, two devices':34}{cost['engine_two'] * 100:12.2f}",
            f"{'the second device’s process':34}{cost['speaker'] * 100:12.2f}",
            f"the engine's own more: {more * 100:+.2f} points (rounds "
            f"{min(cost['rounds']) * 100:+.2f} to {max(cost['rounds']) * 100:+.2f}); "
            f"goal {GOAL * 100:.0f}: {'met' if more <= GOAL else 'NOT met'}",
            f"at the second sink: {cost['gaps']} gaps, {cost['resyncs']} resyncs, "
            f"{cost['dropped']} blocks dropped, {cost['underflows']} underflows of the first",
            f"pulled out, until the headset has it: {statistics.median(cost['lost_s']):.2f} s, "
            f"at the most {max(cost['lost_s']):.2f} (goal {LOST_S:.0f}: "
            f"{'met' if max(cost['lost_s']) <= LOST_S else 'NOT met'})",
            f"a clock of its own, {result['seconds']:.0f} s each (simulated)",
            "".join(f"{one:>12}" for one in heads),
            *(_row(name, row) for name, row in rows),
            f"goal no click, no gap, no resync: {verdict}",
        ]
    )


def _name(row: dict[str, Any]) -> str:
    return f"{row['ppm']:+.0f}" if row["ppm"] else "control: 0"


def _row(name: str, row: dict[str, Any]) -> str:
    counts = f"{row['clicks']:12}{row['gaps']:12}{row['resyncs']:12}"
    return f"{name:>12}{counts}{row['waiting_ms']:12.1f}{row['spread_ms']:12.1f}{row['bent']:12.0f}"


# -- what it costs ---------------------------------------------------------------------------


class _Cost:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._send = _compiled("rtpsend.c", folder)

    def measure(self, rounds: int, seconds: float) -> dict[str, Any]:
        from tests.audio.pulse import pulse

        home = self._folder / "home"
        total_s = rounds * 2 * (seconds + 2 * SETTLE_S) + 2 * PATIENCE_S
        with pulse() as server, environment(server.env), self._sending(total_s):
            server.plug_in("headset")
            server.plug_in("speaker")
            try:
                address = ensure_engine(home, interface="127.0.0.1", device="pulse:headset")
                client = EngineClient(
                    home, role="tool", on_event=lambda _: None, on_lost=lambda _: None
                )
                with contextlib.closing(client):
                    client.connect()
                    _listen(client)
                    return _Rounds(client, address.pid, server, self._folder).run(rounds, seconds)
            finally:
                stop_engine(home)

    @contextlib.contextmanager
    def _sending(self, seconds: float) -> Iterator[None]:
        words = [STREAMS, FIRST_PORT, STEP, seconds, PAYLOAD_TYPE, self._folder / "tones.packets"]
        with _process([str(self._send), *map(str, words)]):
            yield


def _listen(client: EngineClient) -> None:
    for n in range(STREAMS):
        stream = f"{n}@second"
        port = FIRST_PORT + n * STEP
        client.send(Listen(StreamSpec(stream, port, PAYLOAD_TYPE, "opus", RATE, 2)))
        pan = 2 * n / STREAMS - 1
        client.send(SetMix(stream, GAIN_DB, pan, attention="monitored" if n else "selected"))


class _Rounds:
    """One device, then two, over and over, in one and the same engine."""

    def __init__(self, client: EngineClient, pid: int, server: Pulse, folder: Path) -> None:
        self._client, self._pid, self._server, self._folder = client, pid, server, folder

    def run(self, rounds: int, seconds: float) -> dict[str, Any]:
        self._wait(lambda status: status.device_state == "playing")
        self._wait(lambda status: all(one.talking for one in status.streams))
        before = self._client.status(PATIENCE_S)
        found = [self._round(seconds) for _ in range(rounds)]
        after = self._client.status(PATIENCE_S)
        ones, twos, speakers = ([row[n] for row in found] for n in range(3))
        counted = {"gaps": 3, "resyncs": 4, "dropped": 5}
        return {
            "engine_one": statistics.median(ones),
            "engine_two": statistics.median(twos),
            "speaker": statistics.median(speakers),
            "rounds": [two - one for one, two in zip(ones, twos, strict=True)],
            "underflows": after.underflows - before.underflows,
            **{name: sum(int(row[n]) for row in found) for name, n in counted.items()},
            "lost_s": [self._lost() for _ in range(rounds)],
        }

    def _lost(self) -> float:
        """From pulling the loudspeaker out until all is mixed for the headset."""
        begun_s = time.monotonic()
        self._server.pull_out("speaker")
        self._wait(lambda status: all(one.output == "headset" for one in status.streams))
        passed_s = time.monotonic() - begun_s
        self._server.plug_in("speaker")
        self._wait(lambda status: any(one.output == "speaker" for one in status.streams))
        return passed_s

    def _round(self, seconds: float) -> tuple[float, ...]:
        self._client.send(SetSecondDevice())
        self._wait(lambda status: status.second is None)
        time.sleep(SETTLE_S)
        (one,) = self._cost(seconds, self._pid)
        self._client.send(SetSecondDevice("pulse:speaker"))
        self._wait(lambda status: status.second is not None and status.second.state == "playing")
        time.sleep(SETTLE_S)
        out = self._folder / "speaker.raw"
        with self._server.recording(out, "speaker"):
            two, speaker = self._cost(seconds, self._pid, self._speaker())
        second = self._client.status(PATIENCE_S).second
        if second is None:
            raise RuntimeError("the second device went away")
        return one, two, speaker, _gaps(out), second.resyncs, second.dropped

    def _cost(self, seconds: float, *pids: int) -> tuple[float, ...]:
        """Of a core, each."""
        before, begun_s = [_cpu_s(pid) for pid in pids], time.monotonic()
        time.sleep(seconds)
        passed_s = time.monotonic() - begun_s
        return tuple((_cpu_s(pid) - old) / passed_s for pid, old in zip(pids, before, strict=True))

    def _speaker(self) -> int:
        children = Path(f"/proc/{self._pid}/task").glob("*/children")
        for pid in " ".join(one.read_text("ascii") for one in children).split():
            if b"audio.devices.speaker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        raise RuntimeError("the second device has no process")

    def _wait(self, condition: Callable[[Status], bool]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not condition(self._client.status(PATIENCE_S)):
            if time.monotonic() > deadline_s:
                raise RuntimeError("the engine found no device: is libasound2-plugins there?")
            time.sleep(0.02)


def _gaps(path: Path) -> int:
    from tests.audio.pulse import read_raw

    sound = read_raw(path)
    if np.abs(sound).max(initial=0.0) < 1e-3:
        raise RuntimeError("nothing was heard at the second sink")
    return count_gaps(sound)


# -- two clocks ------------------------------------------------------------------------------


class _Deaf(Follower):
    """The control: sound is read as it is written."""

    def look(self, waiting_s: float, wanted_s: float) -> float:
        super().look(waiting_s, wanted_s)
        return 1.0


def one_clock(
    ppm: float, seconds: float, source: Sound, detector: Detector, follower: Follower
) -> dict[str, Any]:
    """``ppm``: by which the second device's clock is the faster one."""
    bridge = Bridge(follower)
    ear, waiting = _Ear(detector), []
    blocks = itertools.cycle(source[: len(source) // BLOCK * BLOCK].reshape(-1, BLOCK, 2))
    chance = np.random.default_rng(3)
    count = round(seconds * RATE / BLOCK)
    writes = np.arange(count) * BLOCK / RATE + chance.exponential(JITTER_S, count)
    turns = np.arange(count) // READ_AT_ONCE * READ_AT_ONCE
    reads = turns * BLOCK / RATE / (1 + ppm * 1e-6) + chance.exponential(JITTER_S, count)
    next_write, held = 0, 0  # frames that the device has not played yet
    for read_s in np.maximum.accumulate(reads):
        while next_write < count and writes[next_write] <= read_s + LATE_S * bridge.is_dry:
            bridge.write(next(blocks), float(writes[next_write]))
            next_write += 1
        while held < BLOCK:
            block = bridge.read(float(read_s))
            held += len(block)
            ear.hear(block, float(read_s))
        held -= BLOCK
        waiting.append(bridge.waiting_s)
        if next_write == count:
            break
    late = np.array(waiting[len(waiting) // 2 :]) * 1e3
    return {
        "ppm": ppm,
        "clicks": ear.clicks,
        "gaps": ear.gaps,
        "resyncs": bridge.resyncs,
        "waiting_ms": float(late.mean()),
        "spread_ms": float(np.percentile(late, 99) - np.percentile(late, 1)),
        "bent": follower.drift_ppm,
    }


class _Ear:
    """Listens a minute at a time, once sound has come up."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._sound: list[Sound] = []
        self.clicks = self.gaps = 0

    def hear(self, block: Sound, now_s: float) -> None:
        if now_s < SILENT_S:
            return
        self._sound.append(block)
        if len(self._sound) >= 6_000:
            sound, self._sound = np.concatenate(self._sound), []
            self.clicks += self._detector.count_clicks(sound)
            self.gaps += count_gaps(sound)
