"""The microphone put to use: the gate's shell, the encoder, side tone, and the test of oneself.

One thread takes all in turn: keys, blocks of voice, what the mix and the transmitter have to say.
What a key or a fault makes of the gate is decided in :mod:`audio.microphone.gate`.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio import protocol as p
from audio.codecs.libopus import OpusError
from audio.codecs.opus_encoder import OpusEncoder
from audio.devices.outputs import NULL
from audio.meters import Meters
from audio.microphone import gate as g
from audio.microphone.captured import Block
from audio.microphone.microphone import Microphone
from audio.microphone.own_voice import OwnVoice
from audio.mixing.mix import from_db
from audio.sending.transmit import Transmitter

log = logging.getLogger(__name__)

MAX_WAITING: Final = 256  # keys, blocks and news; then blocks are lost, and presses refused
MAX_BLOCKS: Final = 64  # waiting here, 0.64 s; then they are lost
PASSED_S: Final = 0.05  # between two looks at the time
DEAD_S: Final = 0.5  # without a block, and the gate closes
BLOCK: Final = 480  # samples: 10 ms
BLOCK_S: Final = BLOCK / 48_000
FADE: Final = 120  # samples, 2.5 ms: the gate opens without a click
HEARD_DB: Final = -6.0  # of the test of oneself: a loudspeaker's way back is no endless echo
MAX_TONES: Final = 8

Reply = Callable[[p.Event], None]
_SCALE: Final = np.float32(1 / 32_768)
_RISE: Final = np.linspace(0.0, 1.0, FADE, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Command:
    client: int
    command: p.KeyCommand
    reply: Reply


@dataclass(frozen=True, slots=True)
class _Test:
    """Of the microphone, by a client."""

    client: int
    until_s: float


class Talker:
    """``handle``, ``left``, ``permitted`` from any thread, never blocking; ``take_tones`` and
    ``own_voice.add_to`` by the mix thread."""

    def __init__(self, meters: Meters, transmitter: Transmitter, tell: Reply) -> None:
        self._transmitter = transmitter
        self._tell = tell
        self.microphone = Microphone(meters, tell, self._take)
        self.own_voice = OwnVoice()
        self.gate = g.Gate()
        self._test: _Test | None = None
        self._items: queue.SimpleQueue[_Command | Block | g.Event | None] = queue.SimpleQueue()
        self._wishes: dict[int, p.SetMicrophone] = {}  # of who is here, the last one's counts
        self._tones: deque[p.ToneKind] = deque(maxlen=MAX_TONES)
        self._encoder: OpusEncoder | None = None
        self._half: tuple[int, NDArray[np.float32]] | None = None  # a block that waits for another
        self._is_first = True
        self._block_s = 0.0  # the last one came
        self._thread = threading.Thread(target=self._run, name="talk", daemon=True)

    def start(self) -> None:
        self.microphone.start()
        self._thread.start()

    def stop(self) -> None:
        self._items.put(None)
        if self._thread.ident is not None:
            self._thread.join(timeout=2.0)
        self.microphone.stop()

    # -- other threads ----------------------------------------------------------------------

    def handle(self, client: int, command: p.TalkCommand, reply: Reply) -> str:
        """Returns why it was refused at once, else an empty string."""
        match command:
            case p.SetMicrophone():
                self._wishes.pop(client, None)
                self._wishes[client] = command
                self.microphone.want(command)
            case p.GetMicrophones():
                self.microphone.list_names(reply)
            case _:
                return self._key(client, command, reply)
        return ""

    def _key(
        self,
        client: int,
        command: p.KeyCommand,
        reply: Reply,
    ) -> str:
        """What closes the gate has twice the room; lost all the same, the lease runs out."""
        is_up = isinstance(command, p.StopTalking | p.CloseLine | p.Preempted)
        if self._items.qsize() >= MAX_WAITING * (2 if is_up else 1):
            return "the engine is too busy; send it again"
        match command:
            case p.StopTalking():
                self._items.put(g.Released(client))
            case p.CloseLine():
                self._items.put(g.Released(client, is_line=True))
            case p.Preempted(publications=publications, by=by):
                self._items.put(g.Preempted(publications, by))
            case _:
                self._items.put(_Command(client, command, reply))
        return ""

    def left(self, client: int) -> None:
        """With the last who wanted a microphone it closes: an engine that waits for its next desk
        has no open ear in an empty room."""
        self._items.put(g.Left(client))
        if self._wishes.pop(client, None) is not None:
            others = tuple(self._wishes.values())
            self.microphone.want(others[-1] if others else p.SetMicrophone(NULL))

    def take_tones(self) -> list[p.ToneKind]:
        """To be sounded now."""
        return [self._tones.popleft() for _ in range(len(self._tones))]

    def permitted(self, at_s: float) -> None:
        """The permit tone's last sample is heard at that time."""
        self._items.put(g.Permitted(at_s))

    def _take(self, block: Block) -> None:
        if self._items.qsize() < MAX_BLOCKS:
            self._items.put(block)

    def _unsent(self, publication: str, why: str) -> None:
        self._items.put(g.Unsent(publication, why))

    @property
    def state(self) -> p.TalkChanged:
        gate, microphone = self.gate, self.microphone.figures
        is_mute = gate.state == "open" and microphone.state == "silent"
        why = gate.why or (microphone.why if is_mute else "")
        return p.TalkChanged(gate.state, why, gate.publications, gate.cause, gate.is_line)

    @property
    def heard_s(self) -> float:
        """What is left of a test of oneself."""
        test = self._test
        return max(test.until_s - time.monotonic(), 0.0) if test is not None else 0.0

    # -- the talk thread --------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            item = self._next()
            if item is None:
                break
            try:
                self._take_in(item)
            except Exception:  # without this thread nobody could ever talk again
                log.exception("the talk thread failed")
                self._apply(g.Step(g.Gate(why="something went wrong; press again"), "deny"))
        self._apply(g.Step(g.Gate()))

    def _take_in(self, item: _Command | Block | g.Event) -> None:
        match item:
            case Block():
                self._hear(item)
            case _Command():
                self._obey(item)
            case _:
                self._step(item)
        self._look(time.monotonic())

    def _next(self) -> _Command | Block | g.Event | None:
        """While nobody talks no time matters, and a thread that wakes costs the mix."""
        is_idle = self.gate.state == "idle" and self._test is None
        try:
            return self._items.get(timeout=None if is_idle else PASSED_S)
        except queue.Empty:
            return g.Passed()

    def _look(self, now_s: float) -> None:
        """At what nobody tells."""
        if self.gate.state in ("opening", "open") and now_s - self._block_s > DEAD_S:
            self._step(g.Failed(self.microphone.why_not or "the microphone has stopped"))
        if self._test is not None and now_s >= self._test.until_s:
            self._end_test()

    def _step(self, event: g.Event) -> None:
        test = self._test
        if isinstance(event, g.Left) and test is not None and test.client == event.client:
            self._end_test()
        self._apply(g.step(self.gate, event, time.monotonic()))

    def _apply(self, step: g.Step) -> None:
        before, after = self.gate, step.gate
        self.gate = after
        if step.tone is not None:
            self._tones.append(step.tone)
        if _told(before) != _told(after):
            self._tell(self.state)
        if after.state == "open" and before.state != "open":
            self._open(after)
        if before.state in ("open", "closing") and after.state in ("idle", "opening"):
            self._close()
        elif lost := set(before.publications).difference(after.publications):
            self._transmitter.leave_talk(lost)
        self.microphone.set_busy(self.gate.state != "idle")

    def _open(self, gate: g.Gate) -> None:
        try:
            self._encoder = OpusEncoder()
        except OpusError as error:
            self._step(g.Failed(str(error)))
            return
        self._half, self._is_first = None, True
        if not self._transmitter.begin_talk(gate.publications, self._unsent):
            self._step(g.Failed("too much is waiting to be sent"))
            return
        side_tone_db = self.microphone.side_tone_db
        if side_tone_db is not None:
            self.own_voice.hear(from_db(side_tone_db))

    def _close(self) -> None:
        self._transmitter.end_talk()
        self.own_voice.hear(0.0)
        self._encoder = None

    # -- commands ---------------------------------------------------------------------------

    def _obey(self, asked: _Command) -> None:
        match asked.command:
            case p.Talk(publications=publications, max_s=max_s):
                most_s = g.MOST_S if max_s is None else max_s
                self._press(asked, g.Pressed(asked.client, publications, most_s))
            case p.OpenLine(publications=publications):
                self._press(asked, g.Pressed(asked.client, publications, is_line=True))
            case p.KeepTalking():
                self._step(g.Renewed(asked.client))
            case p.HearMyself():
                self._hear_myself(asked, asked.command)
            case _:
                raise AssertionError("the keys are all that is put here")

    def _press(self, asked: _Command, press: g.Pressed) -> None:
        name = "open-line" if press.is_line else "talk"
        if self.gate.state == "idle" or (self.gate.is_line and not press.is_line):
            why, publication = self._why_not(press.publications)
            if why:
                if not press.is_line:
                    self._tones.append("deny")
                asked.reply(p.Refused(name, why, publication))
                return
            self._end_test()
        step = g.step(self.gate, press, time.monotonic())
        if step.busy:
            asked.reply(p.Refused(name, "somebody talks already at this position"))
        self._apply(step)

    def _why_not(self, publications: tuple[str, ...]) -> tuple[str, str]:
        """Why nothing of this could be heard, and on which publication."""
        published = self._transmitter.publications()
        for one in publications:
            if one not in published:
                return f"{one} is not published", one
        return self._microphone_s_why_not(), ""

    def _microphone_s_why_not(self) -> str:
        why = self.microphone.why_not
        if not why and time.monotonic() - self._block_s > DEAD_S:
            return "the microphone gives no sound"
        return why

    def _hear_myself(self, asked: _Command, wish: p.HearMyself) -> None:
        is_other_s = self._test is not None and self._test.client != asked.client
        if not wish.seconds:
            if not is_other_s:
                self._end_test()
            return
        why = self._microphone_s_why_not()
        if is_other_s or self.gate.state != "idle":
            why = "the microphone is in use"
        if why:
            asked.reply(p.Refused("hear-myself", why))
            return
        self._test = _Test(asked.client, time.monotonic() + wish.seconds)
        self.own_voice.hear(from_db(HEARD_DB), wish.delay_s)
        self._tell(p.HearingMyself(wish.seconds))

    def _end_test(self) -> None:
        if self._test is not None:
            self._test = None
            self.own_voice.hear(0.0)
            self._tell(p.HearingMyself(0.0))

    # -- voice ------------------------------------------------------------------------------

    def _hear(self, block: Block) -> None:
        self._block_s = time.monotonic()
        self._step(g.Passed())
        if self._test is None and self.gate.state in ("idle", "opening"):
            return
        voice = np.frombuffer(block.sound, "<i2").astype(np.float32) * _SCALE
        self.own_voice.put(voice)
        begin_s = block.end_s - BLOCK_S
        if g.takes(self.gate, begin_s, block.end_s):
            self._send(block.number, voice)
        elif self.gate.state == "closing" and begin_s >= self.gate.until_s:
            self._flush()
            self._step(g.Drained())

    def _send(self, number: int, voice: NDArray[np.float32]) -> None:
        """Two blocks are a frame; one whose neighbour was lost goes out with silence."""
        if self._is_first:
            self._is_first = False
            voice[:FADE] *= _RISE
        if self._half is None:
            self._half = number, voice
            return
        first, half = self._half
        if number == first + 1:
            self._half = None
            self._encode(first, half, voice)
        else:
            self._encode(first, half, np.zeros_like(half))
            self._half = number, voice

    def _flush(self) -> None:
        """What waits, and what the encoder itself holds back (6.5 ms)."""
        first, half = self._half or (None, np.zeros(BLOCK, np.float32))
        self._half = None
        self._encode(first, half, np.zeros(BLOCK, np.float32))

    def _encode(
        self, number: int | None, first: NDArray[np.float32], second: NDArray[np.float32]
    ) -> None:
        """``number`` of the first block; None: it follows the last frame."""
        assert self._encoder is not None
        try:
            payload = self._encoder.encode(np.concatenate((first, second)))
        except OpusError as error:
            self._step(g.Failed(str(error)))
            return
        self._transmitter.voice(payload, None if number is None else number * BLOCK)


def _told(gate: g.Gate) -> tuple[str, str, tuple[str, ...], str, bool]:
    return gate.state, gate.why, gate.publications, gate.cause, gate.is_line
