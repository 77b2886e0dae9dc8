"""The way of a packet: sockets, jitter buffers, decoders, mix, tones, limiter, 10 ms of sound.

    epoll ─▶ Stream.receive ─▶ Sender: JitterBuffer ─▶ Decoder ─▶ frame ─▶ Mixer ─┐
                                                      Limiter ◀─ tones ◀─ replay ◀┘
                                                      a bus of these for each device

A frame is mixed whole when it is due: what is changed in the mix is heard with the next frame.

Everything on one thread, once per tick: no locks, no queues between the stages. Packets wait in
the kernel until the tick; waking for each of them costs more than decoding it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from audio.meters import Meters
from audio.microphone.own_voice import OwnVoice
from audio.mixing import loudness
from audio.mixing.bus import Bus
from audio.mixing.duck import Ranks
from audio.mixing.follow import Follow
from audio.mixing.levels import Levels
from audio.mixing.loudness import Evener
from audio.mixing.mix import NOWHERE, Mixer, pan_of, place
from audio.mixing.places import Places
from audio.mixing.routing import EVERYWHERE, HEADSET, SPEAKER, Spread, bus_of
from audio.mixing.tones import TonePlayer
from audio.network.keyring import Ring
from audio.network.postbox import Postbox
from audio.network.rollover import Memory
from audio.network.sockets import ListenError, make_watcher
from audio.network.srtp import SrtpError
from audio.protocol import (
    MAX_STREAMS,
    Floor,
    FloorMarked,
    Followed,
    Occupied,
    SetAlarms,
    SetKeys,
    SetMaster,
    SetMix,
    SrtpKey,
    StreamFigures,
    StreamSpec,
    Talking,
    ToneKind,
)
from audio.recall.decision import Around
from audio.recall.service import Recall
from audio.receiving.floor import FloorGate
from audio.receiving.receive import Stream, Tap
from audio.receiving.sender import BLOCK, Sender
from audio.receiving.voices import MAX_ACTIVE, Voices

LEAST_ROUNDS: Final = 32  # datagrams taken from one socket in one tick, and under a flood
MAX_ROUNDS: Final = 512  # so many, as far as there is time; the rest in the next
FLOOD_S: Final = 0.004  # for those
TIDY_EVERY: Final = 500  # ticks: 5 s
MAX_CHANGES: Final = 4_096  # talk events waiting for the door; the oldest go
LEVELS_CYCLE: Final = 7  # ticks, of which
LEVELS_TICKS: Final = 3  # are measured: each stream about 20 times a second
SLOWLY_EVERY: Final = 25  # ticks: 0.25 s
REPORT_EVERY: Final = 10  # ticks between two looks whether a report to a sender is due
TICK_MS: Final = 10.0
LATE_TICK_MS: Final = 40.0  # since the one before: more than any device asks for at once
LATE_TICKS_APART_MS: Final = 250.0  # else it is the device's way, and arrivals are learnt from
MAX_STEP_MS: Final = 1_000.0  # a clock that moves further in one tick has jumped


FLOOR_EVERY: Final = 5  # ticks between two looks at who has the floor, and who sends at all
Told = Talking | FloorMarked | Occupied | Followed
_NO_PEAKS: Final = np.zeros((1, 0), np.float32)


class Pipeline:
    """Called by one thread only."""

    def __init__(
        self,
        *,
        interface: str | None,
        meters: Meters,
        clock: Callable[[], int] = time.monotonic_ns,
        recall: Recall | None = None,
        rollovers: Memory | None = None,
    ) -> None:
        self._interface = interface
        self.rollovers = rollovers or Memory()
        self._rings: dict[str, Ring] = {}  # of streams whose keys were set
        self._clock = clock
        self._recall = recall
        self._now_ms = clock() / 1e6
        self._last_ms = self._now_ms  # of the tick before
        self._stalled_ms = float("-inf")  # when a tick was late
        self._jumped_ms = 0.0  # taken off the clock, so that time only ever goes on
        self._watcher = make_watcher()
        self._streams: dict[str, Stream] = {}
        self._wishes: dict[str, SetMix] = {}  # for streams not listened to yet
        self._free = list(range(MAX_STREAMS - 1, -1, -1))
        self._voices = Voices()
        self._postbox = Postbox()
        self._levels = Levels(meters)
        self._evener = Evener()
        self._mixer = Mixer()
        self._places = Places()
        self._ranks = Ranks()
        self._follow = Follow()
        self._is_orphan = False
        self._buses = (Bus(), Bus())  # the headset's and the loudspeaker's
        self._spread: Spread = "headset"
        self._masters_db = (0.0, 0.0)
        self.second: NDArray[np.float32] | None = None  # of the last tick, for the loudspeaker
        self._tones = TonePlayer()
        self._alarms = SetAlarms(0)
        self._master = SetMaster()
        self._own_voice: OwnVoice | None = None
        self._is_own: Callable[[StreamSpec, int], bool] = lambda _spec, _ssrc: False
        self._peaks = np.zeros((1, MAX_ACTIVE), np.float32)
        self._changes: list[Told] = []
        self._floors: dict[str, FloorGate] = {}  # that were told, also of streams not heard yet
        self._controlled: dict[str, Stream] = {}
        self._taps: dict[str, Tap] = {}
        self._relays: dict[str, Tap] = {}
        self._occupied: set[str] = set()
        self._ticks = 0
        if recall is not None:
            recall.ask_level(lambda mix: self._masters_db[bus_of(mix, self._spread)])
            recall.ask_follow(
                self._follow.as_heard,
                # What recall asks of is kept.
                lambda mix, since_ms: self._follow.was_dimmed(mix, since_ms, is_kept=True),
            )

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
            stream = Stream(spec, slot, self._voices.wake, self._ring(spec, old))
        except ListenError:
            self._free.append(slot)
            raise
        self._add(stream, old)

    def stream(self, name: str) -> Stream | None:
        return self._streams.get(name)

    def relay(self, stream: str, to: Tap | None) -> None:
        """Each packet of it that is accepted; None: to nobody any more."""
        self._relays.pop(stream, None)
        if to is not None:
            self._relays[stream] = to
        if stream in self._streams:
            self._set_tap(self._streams[stream])

    def _set_tap(self, stream: Stream) -> None:
        name = stream.spec.stream
        keep, relay = self._taps.get(name), self._relays.get(name)
        stream.tap = _both(keep, relay) if keep and relay else keep or relay

    def _ring(self, spec: StreamSpec, old: Stream | None) -> Ring | None:
        """Keys that were set, else the spec's; what was known of their senders goes on. Raises
        ListenError."""
        if spec.stream in self._rings:
            return self._rings[spec.stream]
        if spec.srtp is None:
            return None
        if spec.key is None:
            raise ListenError("the stream is secured and no key was given; see --srtp-keys")
        ring = old.ring if old is not None and old.ring is not None else Ring(self.rollovers)
        _set_keys(ring, (SrtpKey(0, spec.srtp, spec.key),), ())
        return ring

    def set_keys(self, wish: SetKeys) -> None:
        """Raises ListenError; then the keys are as they were."""
        stream = self._streams.get(wish.stream)
        ring = self._rings.get(wish.stream) or (stream.ring if stream is not None else None)
        ring = ring or Ring(self.rollovers)
        if wish.stream not in self._rings and len(self._rings) >= MAX_STREAMS:
            raise ListenError(f"{MAX_STREAMS} streams have keys already; drop one first")
        _set_keys(ring, wish.keys, stream.senders if stream is not None else ())
        self._rings[wish.stream] = ring
        if stream is not None:
            stream.take_keys(ring)

    def set_floor(self, wish: Floor) -> None:
        """Raises ListenError."""
        gate = self._floors.get(wish.stream)
        if gate is None and len(self._floors) >= MAX_STREAMS:
            raise ListenError(f"the floors of {MAX_STREAMS} streams are known; drop one first")
        gate = self._floors.setdefault(wish.stream, gate or FloorGate())
        stream = self._streams.get(wish.stream)
        if gate.tell(wish, self._now_ms) and stream is not None:
            self._take_floor(stream, gate)
            self._note(stream.look_at_floor(self._now_ms))

    def _take_floor(self, stream: Stream, gate: FloorGate) -> None:
        stream.floor, gate.original_of = gate, stream.original_of
        if gate.is_controlled:
            self._controlled[stream.spec.stream] = stream
        else:
            self._controlled.pop(stream.spec.stream, None)

    def _add(self, stream: Stream, old: Stream | None) -> None:
        name = stream.spec.stream
        self._streams[name] = stream
        stream.is_own = lambda ssrc: self._is_own(stream.spec, ssrc)
        if name in self._floors:
            self._take_floor(stream, self._floors[name])
        self._watcher.add(stream.rtp, stream.receive)
        if stream.rtcp is not None:
            self._watcher.add(stream.rtcp, stream.receive_rtcp)
        if self._recall is not None and stream.spec.keep:
            self._taps[name] = self._recall.gathering.tap(stream)
        self._set_tap(stream)
        wish = old.mix if old is not None else self._wishes.pop(name, None)
        self.set_mix(wish or SetMix(name))

    def drop(self, stream: str) -> None:
        self._wishes.pop(stream, None)
        self._rings.pop(stream, None)
        self._floors.pop(stream, None)
        self._places.forget(stream)
        known = self._streams.get(stream)
        if stream == self._follow.stream:
            self._follow.end(self._now_ms, "gone")
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
        self._note(stream.talk_changes(self._now_ms))
        self._controlled.pop(stream.spec.stream, None)
        self._note_occupied(stream.spec.stream, is_on=False)
        if self._recall is not None:
            self._recall.gathering.end(stream.spec.stream, self._now_ms)
            self._taps.pop(stream.spec.stream, None)
        self._voices.remove(stream.spec.stream)
        self._levels.clear(stream.slot)
        self._free.append(stream.slot)
        self._look_who_ranks(self._now_ms)

    def set_mix(self, mix: SetMix) -> None:
        stream = self._streams.get(mix.stream)
        if stream is not None:
            self._follow.turned(stream.mix, mix, self._now_ms)
            stream.mix = mix
            if stream.talking is not None and self._wants_place(mix.stream):
                self._places.take(mix.stream)
            self._look_who_ranks(self._now_ms)
            self._aim_all()
        elif len(self._wishes) < MAX_STREAMS:
            self._wishes[mix.stream] = mix

    def set_master(self, master: SetMaster) -> None:
        self._master = master
        self._set_levels()
        self._evener.switch(is_on=master.evened)
        self._mixer.even(self._evener.gains())

    def _set_levels(self) -> None:
        """A loudspeaker that stands in for the headset is no softer than that was."""
        first_db, second_db = self._master.gain_db, self._master.second_db
        if self._spread == "speaker":
            second_db = max(first_db, second_db)
        self._masters_db = first_db, second_db
        self._mixer.set_master(first_db, second_db)

    @property
    def master(self) -> SetMaster:
        return self._master

    def spread(self, where: Spread) -> None:
        """Which devices sound what from now on."""
        if where == self._spread:
            return
        self._spread = where
        self._mixer.set_sides(2 if where == "headset" else 4)
        self._set_levels()
        self._aim_all()

    def follow(self, stream: str, hold_s: float) -> None:
        """Empty: none. Raises ListenError for one that is not heard."""
        if not stream:
            self._follow.end(self._now_ms, "asked")
        elif stream not in self._streams:
            raise ListenError("only a group that is heard can be followed")
        else:
            talks = self._streams[stream].talking is not None
            self._follow.begin(stream, hold_s, self._now_ms, talks=talks)
        self._look_who_ranks(self._now_ms)
        self._aim_all()

    @property
    def followed(self) -> Followed | None:
        return self._follow.figures(self._now_ms)

    def set_orphan(self, *, is_orphan: bool) -> None:
        """Whether nobody is at the window: it hangs, or its desk has gone."""
        self._is_orphan = is_orphan

    def _look_at_follow(self, now_ms: float) -> None:
        if self._follow.stream:
            stream = self._streams.get(self._follow.stream)
            if stream is None:  # it could not be heard anew
                self._follow.end(now_ms, "gone")
            else:
                talks = stream.talking is not None
                self._follow.look(now_ms, talks=talks, is_orphan=self._is_orphan)
            if not self._follow.stream:
                self._look_who_ranks(now_ms)
                self._aim_all()
        self._follow.take_news(lambda news: self._note([news]))

    def set_alarms(self, alarms: SetAlarms) -> None:
        if alarms.unacknowledged > self._alarms.unacknowledged:
            self._follow.end(self._now_ms, "alarm")
            self._aim_all()
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
        self._postbox.close()

    def _aim_all(self) -> None:
        """One selected group dims all the others on its device, so a change touches every place."""
        streams = [(one, bus_of(self._mix_of(one), self._spread)) for one in self._streams.values()]
        selected = {bus for one, bus in streams if one.mix.attention == "selected"}
        places = {}
        for one, bus in streams:
            mix = self._mix_of(one)
            automatic = self._places.pan(one.spec.stream)
            left, right = place(mix, is_any_selected=bus in selected, automatic=automatic)
            gain = self._ranks.gain(self._follow.rank(mix))
            if self._follow.is_dimmed(mix, is_kept=one.spec.keep):
                is_behind = bus in selected and mix.attention == "monitored"
                gain = min(gain, self._follow.gain(is_behind=is_behind))
            places[one.slot] = self._sides(left * gain, right * gain, bus)
        self._mixer.aim(places)

    def _mix_of(self, stream: Stream) -> SetMix:
        """As it is mixed now: what is followed is in front."""
        return self._follow.as_heard(stream.mix)

    def _sides(self, left: float, right: float, bus: int) -> tuple[float, ...]:
        if self._spread == "headset":
            return left, right
        return (left, right, 0.0, 0.0) if bus == HEADSET else (0.0, 0.0, left, right)

    def _look_who_ranks(self, now_ms: float) -> None:
        """Whose turn it is may have changed."""
        talking = [one for one in self._voices.active if one.talking]
        mixes = [
            self._mix_of(self._streams[one.stream])
            for one in talking
            if not self._is_sent_here(one)
        ]
        heard = [one.priority for one in mixes if not (one.muted or one.attention == "off")]
        if self._ranks.set_talking(max(heard, default=0), now_ms):
            self._aim_all()

    def leave_out(self, is_own: Callable[[StreamSpec, int], bool]) -> None:
        """Senders, by stream and SSRC, who are not mixed."""
        self._is_own = is_own

    def hear_own(self, own_voice: OwnVoice) -> None:
        """One's own voice, past all that is done to others'."""
        self._own_voice = own_voice

    def is_sounding(self, tone: ToneKind) -> bool:
        return self._tones.is_sounding(tone)

    def mute_all(self, seconds: float) -> None:
        """No voices for so long; 0 ends it."""
        for bus in self._buses:
            bus.room.mute(seconds, self._now_ms)
        if self._recall is not None:
            self._recall.set_muted_until(self._now_ms + seconds * 1_000)

    @property
    def muted_s(self) -> float:
        return self._buses[HEADSET].room.muted_s(self._now_ms)

    # -- the tick ---------------------------------------------------------------------------

    def tick(self) -> NDArray[np.float32]:
        """The next 10 ms, (480, 2); the loudspeaker's, if there is one, are :attr:`second`."""
        now_ms = self._advance_clock()
        self._receive(now_ms)
        blocks = self._mix(now_ms)
        if self._recall is not None:
            self._serve_recall(self._recall, blocks, now_ms)
        is_stepped = self._ranks.step(now_ms)
        if self._follow.step(now_ms) or is_stepped:
            self._aim_all()
        for bus, block in zip(self._buses, blocks, strict=False):
            bus.tame(block, now_ms, is_alarm=self._tones.is_alarm)
        if self._own_voice is not None:
            self._own_voice.add_to(blocks[self._front], is_alarm=self._tones.is_alarm)
        if not self._tones.idle:
            self._add_tones(blocks)
        outs = [bus.limit(block) for bus, block in zip(self._buses, blocks, strict=False)]
        self.second = outs[SPEAKER] if len(outs) > 1 else None
        if self._is_level_tick:
            self._levels.measure_master(outs)
        self._ticks += 1
        if self._ticks % REPORT_EVERY == 0:
            self._report(now_ms)
        if self._ticks % FLOOR_EVERY == 0:
            self._look_at_floors(now_ms)
            self._look_at_follow(now_ms)
        if self._ticks % TIDY_EVERY == 0:
            for stream in self._streams.values():
                stream.tidy(now_ms)
        return outs[HEADSET]

    @property
    def _front(self) -> int:
        """The bus of what is not a group's: replay, and the operator's own tones."""
        return SPEAKER if self._spread == "speaker" else HEADSET

    def _add_tones(self, blocks: list[NDArray[np.float32]]) -> None:
        other = blocks[SPEAKER] if self._spread == "both" else None
        self._tones.add_to(blocks[self._front], other, EVERYWHERE)

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
        self._last_ms, self._now_ms = self._now_ms, now_ms
        return now_ms

    def _receive(self, now_ms: float) -> None:
        """One datagram per ready socket and round, so that a flood on one starves no other."""
        until_s = float("inf")
        for n in range(MAX_ROUNDS):
            if not self._watcher.serve(now_ms):
                break
            if n % LEAST_ROUNDS == LEAST_ROUNDS - 1:
                until_s = min(until_s, time.perf_counter() + FLOOD_S)
                if time.perf_counter() > until_s:
                    break
        if now_ms - self._last_ms > LATE_TICK_MS:
            self._excuse_network(now_ms)

    def _excuse_network(self, now_ms: float) -> None:
        """What a late tick finds had come earlier: no reason to let packets wait for longer."""
        if now_ms - self._stalled_ms > LATE_TICKS_APART_MS:
            self._stalled_ms = now_ms
            for sender in self._voices.active:
                sender.buffer.unlearn()

    def _report(self, now_ms: float) -> None:
        """To the senders that are heard now: how well."""
        for name in {one.stream for one in self._voices.active}:
            self._streams[name].report(now_ms, self._postbox)

    def _mix(self, now_ms: float) -> list[NDArray[np.float32]]:
        """Of the voices, a block for each device."""
        voices = self._voices
        if voices.is_silent and self._mixer.is_idle:
            devices = 1 if self._spread == "headset" else 2
            return [np.zeros((BLOCK, 2), np.float32) for _ in range(devices)]
        seated = voices.seat_woken()
        if len(seated):
            self._seat(seated)
        sink = self._mixer.sink(self._peaks if self._is_level_tick else _NO_PEAKS)
        frames = voices.render(now_ms, sink)
        if voices.turned:
            self._look_who_ranks(now_ms)
        if len(frames):
            self._take_frames(frames, is_mixed=sink is not None)
        if self._ticks % SLOWLY_EVERY == 0:
            self._levels.measure_slowly(voices.active, self._jumped_ms)
        if voices.turned:
            self._after_turns()
        return self._mixer.next()

    def _take_frames(self, frames: NDArray[np.float32], *, is_mixed: bool) -> None:
        """Those that were due: measured, and mixed if they have not been as they were decoded."""
        voices = self._voices
        if self._ticks % loudness.CYCLE < loudness.TICKS:
            self._even(frames)
        if is_mixed:
            self._mixer.added(frames.shape[1] // BLOCK)
        else:
            self._mixer.add(frames, voices.seats)
        if self._is_level_tick and is_mixed:
            self._levels.show(self._peaks[0, : len(frames)], voices.slots)
        elif self._is_level_tick:
            self._levels.measure(frames, voices.slots)

    def _look_at_floors(self, now_ms: float) -> None:
        for stream in self._streams.values():
            stream.be_patient()
        for stream in self._controlled.values():
            self._note(stream.look_at_floor(now_ms))
        looked_at = {one.stream for one in self._voices.active}
        for name in looked_at.union(self._occupied, self._controlled):
            self._note_occupied(name, is_on=self._streams[name].is_occupied(now_ms))

    def _note_occupied(self, name: str, *, is_on: bool) -> None:
        if is_on != (name in self._occupied):
            self._occupied ^= {name}
            self._note([Occupied(name, is_on)])

    def _serve_recall(
        self, recall: Recall, blocks: list[NDArray[np.float32]], now_ms: float
    ) -> None:
        recall.gathering.look(now_ms)
        if not recall.replay.is_idle:
            gain_db = self._masters_db[self._front]
            recall.replay.add_to(blocks[self._front], gain_db, self._around(), now_ms)

    def _around(self) -> Around:
        """What a replay has to give way to."""
        is_live = any(
            one.talking is not None and mix.attention == "selected" and not mix.muted
            for one, mix in ((one, self._mix_of(one)) for one in self._streams.values())
            if not self._follow.is_dimmed(mix, is_kept=one.spec.keep)
        )
        return Around(self._tones.has_alarm, is_live)

    def _seat(self, seats: NDArray[np.intp]) -> None:
        """Somebody new speaks."""
        senders = self._voices.senders_of(seats)
        self._evener.seat(seats, [(one.stream, one.ssrc) for one in senders])
        unplaced = [one.stream for one in senders if self._wants_place(one.stream)]
        if sum(self._places.take(stream) for stream in unplaced):
            self._aim_all()
        slots = [NOWHERE if self._is_sent_here(one) else one.slot for one in senders]
        self._mixer.seat(seats, np.array(slots, np.intp), self._evener.gains()[seats])

    def _is_sent_here(self, sender: Sender) -> bool:
        """By who sits here; or it comes from a patch, and is heard where it comes from."""
        stream = self._streams[sender.stream]
        original = stream.original_of(sender.ssrc)
        if original is not None and self._is_heard(original):
            return True
        return self._is_own(stream.spec, sender.ssrc)

    def _is_heard(self, ssrc: int) -> bool:
        return any(
            ssrc in one.senders
            and one.senders[ssrc].is_active
            and not (mix.muted or mix.attention == "off")
            for one, mix in ((one, self._mix_of(one)) for one in self._streams.values())
        )

    def _even(self, frames: NDArray[np.float32]) -> None:
        if self._evener.measure(frames, self._voices.seats):
            self._mixer.even(self._evener.gains())

    def _wants_place(self, stream: str) -> bool:
        mix = self._streams[stream].mix
        return mix.pan is None and mix.attention == "monitored"

    def _after_turns(self) -> None:
        """Somebody has begun or ended."""
        for name in dict.fromkeys(one.stream for one in self._voices.turned):
            self._note(self._streams[name].talk_changes(self._now_ms))
        ended = {one.slot for one in self._voices.release()}
        for slot in ended.difference(one.slot for one in self._voices.active):
            self._levels.clear(slot)

    # -- telling ----------------------------------------------------------------------------

    def _note(self, changes: Sequence[Told]) -> None:
        self._changes += changes
        for change in changes if self._recall is not None else ():
            if self._recall is not None and isinstance(change, Talking):
                self._recall.gathering.talked(change, self._now_ms)
        del self._changes[:-MAX_CHANGES]

    def drain_events(self) -> list[Told]:
        changes, self._changes = self._changes, []
        return changes

    def slots(self) -> dict[str, int]:
        return {name: stream.slot for name, stream in self._streams.items()}

    def figures(self) -> tuple[StreamFigures, ...]:
        return tuple(
            msgspec.structs.replace(
                stream.figures(self._now_ms),
                pan=pan_of(self._mix_of(stream), self._places.pan(name)),
                output="speaker"
                if bus_of(self._mix_of(stream), self._spread) == SPEAKER
                else "headset",
            )
            for name, stream in self._streams.items()
        )


def _both(one: Tap, other: Tap) -> Tap:
    def tap(sequence: int, timestamp: int, ssrc: int, payload: bytes, now_ms: float) -> None:
        one(sequence, timestamp, ssrc, payload, now_ms)
        other(sequence, timestamp, ssrc, payload, now_ms)

    return tap


def _set_keys(ring: Ring, keys: Iterable[SrtpKey], in_use: Iterable[int]) -> None:
    """Raises ListenError."""
    try:
        ring.set(keys, in_use)
    except SrtpError as error:
        raise ListenError(str(error)) from error
