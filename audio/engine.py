"""The mix thread: commands in, ten milliseconds of sound out, paced by the device.

Commands are applied between two ticks, so the pipeline needs no lock. A device that stops is
replaced by nobody's ear at once (:mod:`audio.devices.keeper` looks for it), so nothing else stops.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from audio import protocol as p
from audio.devices.keeper import Keeper
from audio.devices.outputs import ranked
from audio.devices.pair import Pair
from audio.devices.portaudio import RATE, NullOutput, Output
from audio.meters import Meters
from audio.microphone.talk import Talker
from audio.mixing.limiter import Limiter
from audio.network.sockets import ListenError
from audio.pipeline import Pipeline
from audio.recall.service import Recall
from audio.recorder import Recorder
from audio.sending.patches import PatchError, Patches
from audio.sending.ssrcs import Ssrcs
from audio.sending.transmit import Transmitter
from audio.watch import Watch

log = logging.getLogger(__name__)

MAX_COMMANDS: Final = 4_096  # waiting for the mix thread; one more is refused
COMMANDS_PER_TICK: Final = 16  # so that a flood of them delays no sound
MAX_RECORDERS: Final = 8
TICKS_KEPT: Final = 1_000  # 10 s, for the 99th percentile
LOOK_EVERY: Final = 10  # ticks between two looks at heartbeat, slots and an opened device
FADE_TICKS: Final = 5  # 50 ms of fade at the end
LIMITER_MS: Final = Limiter.DELAY * 1e3 / RATE

Reply = Callable[[p.Event], None]


class Engine:
    """``command``, ``joined``, ``left`` from any thread, never blocking; ``tell_all`` is called
    from the engine's threads, ``on_end`` once from one of them, with why if it failed."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        device: str,
        interface: str | None,
        tell_all: Callable[[p.Event], None],
        on_end: Callable[[str], None],
        recall: Recall,
        meters: Meters,
        ssrcs: Ssrcs | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._recall = recall
        self._tell_all = tell_all
        self._on_end = on_end
        self._output: Output = NullOutput()
        self._keeper = Keeper(ranked(device, ()), tell_all)
        self._pair = Pair(self._keeper, tell_all)
        self._summed = Limiter()  # of what both devices sound, for recordings
        self._transmitter = Transmitter(interface, tell_all, ssrcs)
        self._talker = Talker(meters, self._transmitter, tell_all)
        self._patches = Patches(pipeline, self._transmitter, tell_all)
        self._is_permitting = False
        pipeline.leave_out(self._transmitter.is_own)
        pipeline.hear_own(self._talker.own_voice)
        self._commands: queue.SimpleQueue[tuple[p.Command, Reply]] = queue.SimpleQueue()
        self._recorders: list[Recorder] = []
        self._watching = threading.Lock()  # held for microseconds, never across a decode
        self._watch = Watch(time.monotonic())
        self._ticks = 0
        self._tick_ms: deque[float] = deque(maxlen=TICKS_KEPT)
        self._past_underflows = 0
        self._refused: Callable[[], int] = lambda: 0
        self._slots: dict[str, int] = {}
        self._muted_s = 0.0  # left of a mute of all, when last looked at
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mix", daemon=True)

    def start(self) -> None:
        self._keeper.start()
        self._pair.second.start()
        self._recall.start()
        self._talker.start()
        self._thread.start()

    def stop(self) -> None:
        """After a fade. Recordings in progress are finished with what they have."""
        self._ended.set()
        self._thread.join(timeout=3.0)
        for recorder in self._recorders:
            recorder.stop()
            recorder.join()
        self._talker.stop()
        self._transmitter.close()
        self._output.close()
        self._keeper.stop()
        self._pair.second.stop()
        self._pipeline.close()
        self._note_rollovers()
        self._recall.stop()

    def count_refused(self, counter: Callable[[], int]) -> None:
        """Who knows of all commands that were not done, and of frames that were none."""
        self._refused = counter

    # -- the door's thread ------------------------------------------------------------------

    def command(self, client: int, command: p.Command, reply: Reply) -> str:
        """``client``: its number at the door. Returns why it was refused at once, or empty."""
        match command:
            case p.Heartbeat():
                with self._watching:
                    self._watch.beat(time.monotonic())
            case p.Publish() | p.Say() | p.Unpublish() | p.SetSendKey():
                self._transmitter.handle(command, reply)
            case p.Recall() | p.CatchUp() | p.StopReplay() | p.Export() | p.ListBursts():
                return self._recall.command(command, reply)
            case p.KeepBursts() | p.KeepForAlarm() | p.ReleaseAlarm() | p.SetReplaySpeed():
                return self._recall.command(command, reply)
            case (
                p.Talk() | p.KeepTalking() | p.StopTalking() | p.HearMyself() | p.Preempted()
                | p.OpenLine() | p.CloseLine() | p.SetMicrophone() | p.GetMicrophones()
            ):  # fmt: skip
                return self._talker.handle(client, command, reply)
            case p.GetDevices():
                self._keeper.list_devices(reply)
            case p.Stop():
                self._on_end("")
            case _:
                return self._queue(command, reply)
        return ""

    def _queue(self, command: p.Command, reply: Reply) -> str:
        if self._commands.qsize() >= MAX_COMMANDS:
            return "the engine is too busy; send it again"
        self._commands.put((command, reply))
        return ""

    def joined(self, is_desk: bool) -> None:
        with self._watching:
            self._watch.joined(is_desk=is_desk, now_s=time.monotonic())

    def left(self, client: int, is_desk: bool, said_goodbye: bool, linger_s: float | None) -> None:
        self._talker.left(client)
        with self._watching:
            self._watch.left(
                is_desk=is_desk,
                said_goodbye=said_goodbye,
                now_s=time.monotonic(),
                linger_s=linger_s,
            )

    # -- the mix thread ---------------------------------------------------------------------

    def _run(self) -> None:
        """What nobody foresaw ends the engine loudly; the desk starts another within a second."""
        try:
            while not self._ended.is_set():
                self._step()
            self._fade_out()
        except Exception as error:
            log.exception("the mix thread failed")
            self._on_end(f"the mix thread failed: {error}")

    def _step(self) -> None:
        if not self._output.wait():
            self._past_underflows += self._output.underflows
            self._output = self._keeper.lost(self._output)
            return
        begun_s = time.perf_counter()
        self._apply_commands()
        for tone in self._talker.take_tones():
            self._pipeline.play(tone)
        if self._pair.is_chosen:
            self._pipeline.spread(self._pair.look())
        self._play(self._pipeline.tick(), self._pipeline.second)
        self._tell_permitted()
        self._tell()
        self._tick_ms.append((time.perf_counter() - begun_s) * 1e3)
        self._ticks += 1

    def _play(self, block: NDArray[np.float32], second: NDArray[np.float32] | None) -> None:
        self._output.put(block)
        if self._pair.is_chosen:
            self._pair.put(second)
        if second is not None and self._recorders:
            block = self._summed.process(block + second)
        for recorder in self._recorders:
            recorder.add(block)

    def _tell_permitted(self) -> None:
        """The permit tone is over once the device has played what it was given."""
        was, self._is_permitting = self._is_permitting, self._pipeline.is_sounding("permit")
        if was and not self._is_permitting:
            ahead_ms = self._output.ahead_ms + LIMITER_MS + self._output.latency_ms
            self._talker.permitted(time.monotonic() + ahead_ms / 1e3)

    def _fade_out(self) -> None:
        gains = np.linspace(1.0, 0.0, FADE_TICKS + 1, dtype=np.float32)
        for begin, end in itertools.pairwise(gains):
            if not self._output.wait():
                return
            block, second = self._pipeline.tick(), self._pipeline.second
            ramp = np.linspace(begin, end, len(block), dtype=np.float32)[:, None]
            self._play(block * ramp, None if second is None else second * ramp)

    def _take_opened_device(self) -> None:
        opened = self._keeper.take(self._output)
        if opened is not None:
            self._past_underflows += self._output.underflows
            self._output = opened

    def _apply_commands(self) -> None:
        for _ in range(COMMANDS_PER_TICK):
            if self._commands.empty():  # this thread alone takes from it
                return
            command, reply = self._commands.get_nowait()
            try:
                self._do(command, reply)
            except (ListenError, PatchError, OSError) as error:
                tag = str(type(command).__struct_config__.tag)
                reply(p.Refused(tag, _why(error), p.named_stream(command)))

    def _do(self, command: p.Command, reply: Reply) -> None:
        match command:
            case p.GetStatus():
                reply(self._status())
            case p.Record():
                self._record(command, reply)
            case p.Patch() | p.KeepPatch() | p.Unpatch():
                self._patches.handle(command, time.monotonic())
            case p.SetDevice(name=name, others=others):
                self._past_underflows += self._output.underflows
                self._output = self._keeper.choose(name, others, self._output)
            case p.SetSecondDevice(name=name):
                self._pair.choose(name)
                self._pipeline.spread(self._pair.look())
            case _:
                self._change_mix(command)

    def _change_mix(self, command: p.Command) -> None:
        """Raises ListenError."""
        match command:
            case p.Listen(spec=spec):
                self._pipeline.listen(spec)
            case p.SetKeys():
                self._pipeline.set_keys(command)
            case p.Floor():
                self._pipeline.set_floor(command)
            case p.Drop(stream=stream):
                self._pipeline.drop(stream)
            case p.SetMix():
                self._pipeline.set_mix(command)
            case p.SetMaster():
                self._pipeline.set_master(command)
            case p.MuteAll(seconds=seconds):
                self._pipeline.mute_all(seconds)
            case p.Follow(stream=stream, hold_s=hold_s):
                self._pipeline.follow(stream, hold_s)
            case p.SetAlarms():
                self._pipeline.set_alarms(command)
            case p.Play(tone=tone):
                self._pipeline.play(tone)
            case _:  # the door keeps hello and goodbye to itself
                raise OSError("this command is not for the mix")

    def _tell(self) -> None:
        events = self._pipeline.drain_events()
        if events:  # of a stream that is told to talk it is known by then that it is heard here
            self._tell_slots()
        for event in events:
            self._tell_all(event)
        if self._ticks % LOOK_EVERY:
            return
        self._take_opened_device()
        self._note_rollovers()
        self._patches.look(time.monotonic())
        self._recall.set_deaf(is_deaf=self._pair.is_silent)
        self._look_at_desk()
        self._tell_mute()
        self._recorders = [one for one in self._recorders if not one.finished]
        self._tell_slots()

    def _tell_slots(self) -> None:
        slots = self._pipeline.slots()
        if slots != self._slots:
            self._slots = slots
            self._tell_all(p.Slots(dict(slots)))

    def _note_rollovers(self) -> None:
        """On another thread: a disk may be slow."""
        memory = self._pipeline.rollovers
        if memory.is_stale:
            memory.is_stale = not self._recall.aside(memory.save)

    def _tell_mute(self) -> None:
        left_s = self._pipeline.muted_s
        if left_s > self._muted_s or (self._muted_s and not left_s):  # begun, prolonged or over
            self._tell_all(p.AllMuted(left_s))
        self._muted_s = left_s

    def _look_at_desk(self) -> None:
        with self._watching:
            verdict, is_missing = self._watch.look(time.monotonic()), self._watch.is_missing
            is_alone = self._watch.is_alone
        if verdict.sound is not None:
            self._pipeline.play(verdict.sound)
        self._pipeline.insist_on_alarms(is_missing)
        self._pipeline.set_orphan(is_orphan=is_missing or is_alone)
        if verdict.should_end:
            self._on_end("")

    def _record(self, wish: p.Record, reply: Reply) -> None:
        if not Path(wish.path).is_absolute():
            raise OSError(f"{wish.path} is not an absolute path; the engine's folder is another")
        if len(self._recorders) >= MAX_RECORDERS:
            raise OSError(f"{MAX_RECORDERS} recordings run already; wait for one")
        if not self._recorders:
            self._summed = Limiter()
        before = self._underflows()

        def done(seconds: float, lost: int) -> None:
            reply(p.RecordDone(wish.path, seconds, self._underflows() - before + lost))

        self._recorders.append(Recorder(Path(wish.path), wish.seconds, done))

    def _status(self) -> p.Status:
        ticks = sorted(self._tick_ms)
        return p.Status(
            streams=self._figures(),
            device=self._keeper.name,
            device_state=self._keeper.state,
            device_why=self._keeper.why,
            device_latency_ms=self._output.latency_ms,
            ahead_ms=self._output.ahead_ms + LIMITER_MS,
            publications=self._transmitter.publications(),
            underflows=self._underflows(),
            unsent=self._transmitter.unsent(),
            ticks=self._ticks,
            tick_ms_p99=ticks[int(len(ticks) * 0.99)] if ticks else 0.0,
            cpu_s=time.process_time(),
            refused_commands=self._refused(),
            unacknowledged_alarms=self._pipeline.alarms.unacknowledged,
            master=self._pipeline.master,
            recall=self._recall.figures(),
            muted_s=self._pipeline.muted_s,
            replay=self._recall.replaying,
            second=self._pair.figures(),
            microphone=self._talker.microphone.figures,
            talk=self._talker.state,
            heard_s=self._talker.heard_s,
            sending=self._transmitter.sending(),
            patches=self._patches.figures(),
            followed=self._pipeline.followed,
        )

    def _figures(self) -> tuple[p.StreamFigures, ...]:
        missed = self._recall.missed()
        return tuple(
            msgspec.structs.replace(one, missed=missed[one.stream]) if one.stream in missed else one
            for one in self._pipeline.figures()
        )

    def _underflows(self) -> int:
        return self._past_underflows + self._output.underflows


def _why(error: ListenError | PatchError | OSError) -> str:
    """A file that can't be had is named, without the system's number for it."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)
