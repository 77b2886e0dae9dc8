"""The way of a packet: sockets, jitter buffers, decoders, mix, tones, limiter, 10 ms of sound.

    epoll ─▶ Stream.receive ─▶ Sender: JitterBuffer ─▶ Decoder ─▶ frame ─▶ Mixer ─▶ tones ─▶ Limiter

A frame is mixed whole when it is due: what is changed in the mix is heard with the next frame.

Everything on one thread, once per tick: no locks, no queues between the stages. Packets wait in
the kernel until the tick; waking for each of them costs more than decoding it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from audio.levels import Levels
from audio.limiter import Limiter
from audio.meters import Meters
from audio.mix import Mixer, place
from audio.protocol import (
    MAX_STREAMS,
    SetAlarms,
    SetMaster,
    SetMix,
    StreamFigures,
    StreamSpec,
    Talking,
    ToneKind,
)
from audio.receive import Stream
from audio.sender import BLOCK
from audio.sockets import ListenError, make_watcher
from audio.tones import TonePlayer
from audio.voices import MAX_ACTIVE, Voices

MAX_ROUNDS: Final = 32  # datagrams taken from one socket in one tick; the rest in the next
TIDY_EVERY: Final = 500  # ticks: 5 s
MAX_CHANGES: Final = 4_096  # talk events waiting for the door; the oldest go
LEVELS_CYCLE: Final = 7  # ticks, of which
LEVELS_TICKS: Final = 3  # are measured: each stream about 20 times a second
SLOWLY_EVERY: Final = 25  # ticks: 0.25 s
TICK_MS: Final = 10.0
MAX_STEP_MS: Final = 1_000.0  # a clock that moves further in one tick has jumped


_NO_PEAKS: Final = np.zeros((1, 0), np.float32)


class Pipeline:
    """Called by one thread only."""

    def __init__(
        self,
        *,
        interface: str | None,
        meters: Meters,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._interface = interface
        self._clock = clock
        self._now_ms = clock() / 1e6
        self._jumped_ms = 0.0  # taken off the clock, so that time only ever goes on
        self._watcher = make_watcher()
        self._streams: dict[str, Stream] = {}
        self._wishes: dict[str, SetMix] = {}  # for streams not listened to yet
        self._free = list(range(MAX_STREAMS - 1, -1, -1))
        self._voices = Voices()
        self._levels = Levels(meters)
        self._mixer = Mixer()
        self._limiter = Limiter()
        self._tones = TonePlayer()
        self._alarms = SetAlarms(0)
        self._master = SetMaster()
        self._peaks = np.zeros((1, MAX_ACTIVE), np.float32)
        self._changes: list[Talking] = []
        self._ticks = 0

    # -- commands ---------------------------------------------------------------------------

    def listen(self, spec: StreamSpec) -> None:
        """Raises ListenError. The same spec again changes nothing."""
        if spec.interface is None and self._interface is not None:
            spec = msgspec.structs.replace(spec, interface=self._interface)
        old = self._streams.get(spec.stream)
        if old is not None and old.spec == spec:
            return
        if old is None and not self._free:
            raise ListenError(f"{MAX_STREAMS} streams are heard already; drop one first")
        if old is not None:
            self._remove(old)
        slot = self._free.pop()
        try:
            stream = Stream(spec, slot, self._voices.wake)
        except ListenError:
            self._free.append(slot)
            raise
        self._add(stream, old)

    def _add(self, stream: Stream, old: Stream | None) -> None:
        self._streams[stream.spec.stream] = stream
        self._watcher.add(stream.rtp, stream.receive)
        if stream.rtcp is not None:
            self._watcher.add(stream.rtcp, stream.receive_rtcp)
        wish = old.mix if old is not None else self._wishes.pop(stream.spec.stream, None)
        self.set_mix(wish or SetMix(stream.spec.stream))

    def drop(self, stream: str) -> None:
        self._wishes.pop(stream, None)
        known = self._streams.get(stream)
        if known is not None:
            self._remove(known)
            self._aim_all()

    def _remove(self, stream: Stream) -> None:
        del self._streams[stream.spec.stream]
        for one in (stream.rtp, stream.rtcp):
            if one is not None:
                self._watcher.remove(one)
        stream.close()
        for sender in stream.senders.values():
            sender.talking = False
        self._note(stream.talk_changes())
        self._voices.remove(stream.spec.stream)
        self._levels.clear(stream.slot)
        self._free.append(stream.slot)

    def set_mix(self, mix: SetMix) -> None:
        stream = self._streams.get(mix.stream)
        if stream is not None:
            stream.mix = mix
            self._aim_all()
        elif len(self._wishes) < MAX_STREAMS:
            self._wishes[mix.stream] = mix

    def set_master(self, master: SetMaster) -> None:
        self._master = master
        self._mixer.set_master(master.gain_db)

    @property
    def master(self) -> SetMaster:
        return self._master

    def set_alarms(self, alarms: SetAlarms) -> None:
        self._alarms = alarms
        self._tones.set_alarm(alarms.unacknowledged > 0 and not alarms.paused)

    def insist_on_alarms(self, insist: bool) -> None:
        """With nobody at the window, a paused alarm sounds all the same."""
        is_paused = self._alarms.paused and not insist
        self._tones.set_alarm(self._alarms.unacknowledged > 0 and not is_paused)

    @property
    def alarms(self) -> SetAlarms:
        return self._alarms

    def play(self, tone: ToneKind) -> None:
        self._tones.play(tone)

    def close(self) -> None:
        for stream in list(self._streams.values()):
            self._remove(stream)
        self._watcher.close()

    def _aim_all(self) -> None:
        """One selected group dims all the others, so a change touches every place."""
        streams = self._streams.values()
        is_any_selected = any(one.mix.attention == "selected" for one in streams)
        self._mixer.aim(
            {one.slot: place(one.mix, is_any_selected=is_any_selected) for one in streams}
        )

    # -- the tick ---------------------------------------------------------------------------

    def tick(self) -> NDArray[np.float32]:
        """The next 10 ms, (480, 2)."""
        now_ms = self._advance_clock()
        self._receive(now_ms)
        block = self._mix(now_ms)
        if not self._tones.idle:
            self._tones.add_to(block)
        out = self._limiter.process(block)
        if self._is_level_tick:
            self._levels.measure_master(out)
        self._ticks += 1
        if self._ticks % TIDY_EVERY == 0:
            for stream in self._streams.values():
                stream.tidy(now_ms)
        return out

    @property
    def _is_level_tick(self) -> bool:
        """Some ticks in a row, of a prime number: no length of frame always falls between."""
        return self._ticks % LEVELS_CYCLE < LEVELS_TICKS

    def _advance_clock(self) -> float:
        """The clock in ms, without its jumps: after one, time goes on by a tick."""
        now_ms = self._clock() / 1e6 - self._jumped_ms
        if not 0 <= now_ms - self._now_ms <= MAX_STEP_MS:
            self._jumped_ms += now_ms - self._now_ms - TICK_MS
            now_ms = self._now_ms + TICK_MS
        self._now_ms = now_ms
        return now_ms

    def _receive(self, now_ms: float) -> None:
        """One datagram per ready socket and round, so that a flood on one starves no other."""
        for _ in range(MAX_ROUNDS):
            if not self._watcher.serve(now_ms):
                return

    def _mix(self, now_ms: float) -> NDArray[np.float32]:
        voices = self._voices
        if voices.is_silent and self._mixer.is_idle:
            return np.zeros((BLOCK, 2), np.float32)
        sink = self._mixer.sink(self._peaks if self._is_level_tick else _NO_PEAKS)
        frames = voices.render(now_ms, sink)
        if len(voices.seated):
            self._mixer.seat(voices.seated, voices.slots_of(voices.seated))
        if len(frames):
            self._take_frames(frames, is_added=sink is not None)
        if self._ticks % SLOWLY_EVERY == 0:
            self._levels.measure_slowly(voices.active, self._jumped_ms)
        if voices.turned:
            self._after_turns()
        return self._mixer.next()

    def _take_frames(self, frames: NDArray[np.float32], *, is_added: bool) -> None:
        """Into the mix and the levels; ``is_added``: they went there one by one."""
        voices = self._voices
        if is_added:
            self._mixer.added(frames.shape[1] // BLOCK)
            if self._is_level_tick:
                self._levels.show(self._peaks[0, : len(frames)], voices.slots)
            return
        self._mixer.add(frames, voices.seats, voices.slots)
        if self._is_level_tick:
            self._levels.measure(frames, voices.slots)

    def _after_turns(self) -> None:
        """Somebody has begun or ended."""
        for name in dict.fromkeys(one.stream for one in self._voices.turned):
            self._note(self._streams[name].talk_changes())
        ended = {one.slot for one in self._voices.release()}
        for slot in ended.difference(one.slot for one in self._voices.active):
            self._levels.clear(slot)

    # -- telling ----------------------------------------------------------------------------

    def _note(self, changes: list[Talking]) -> None:
        self._changes += changes
        del self._changes[:-MAX_CHANGES]

    def drain_events(self) -> list[Talking]:
        changes, self._changes = self._changes, []
        return changes

    def slots(self) -> dict[str, int]:
        return {name: stream.slot for name, stream in self._streams.items()}

    def figures(self) -> tuple[StreamFigures, ...]:
        return tuple(stream.figures(self._now_ms) for stream in self._streams.values())
