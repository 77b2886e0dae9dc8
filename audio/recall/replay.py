"""Plays kept bursts into the mix: a thread decodes ahead, the mix thread adds finished blocks.

Only the newest job counts: another one, or a stop, lets the one before go.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from audio.codecs.libopus import OpusError
from audio.protocol import ReplayKind
from audio.ready import make_ready
from audio.recall import decision
from audio.recall.burst import BurstError, Facts, KeptPacket
from audio.recall.decision import IDLE, Around, Course
from audio.recall.decode import BLOCK, EDGE, Sound, decode
from audio.recall.stretch import PauseSkipper, Stretcher

log = logging.getLogger(__name__)

MAX_AHEAD: Final = 200  # blocks of 10 ms decoded ahead; then the decoder waits
LEAD_IN: Final = 100  # blocks: a catch-up that was interrupted goes on from a second before
BETWEEN: Final = 30  # blocks of silence between two bursts
PACKETS_AT_ONCE: Final = 8  # decoded before the mix thread may have its turn
BREATH_S: Final = 0.001
MIDDLE: Final = np.float32(np.sqrt(0.5))  # of left and right
_EDGE: Final = np.linspace(0.0, 1.0, EDGE, dtype=np.float32)


class Block(msgspec.Struct, frozen=True, gc=False):
    """10 ms of the burst ``index`` of a job; ``is_last``: it has been played to its end."""

    index: int
    sound: Sound
    is_last: bool = False


class Job:
    """What is to be played."""

    def __init__(
        self, kind: ReplayKind, bursts: Sequence[Facts], speed: float, alarm: str = ""
    ) -> None:
        """``alarm``: whose they are, "" = they were not asked for so."""
        self.alarm = alarm
        self.kind = kind
        self.bursts = tuple(bursts)
        self.speed = speed
        self.blocks: queue.Queue[Block | None] = queue.Queue(MAX_AHEAD)  # None: the end
        self.is_cancelled = threading.Event()

    def put(self, block: Block | None) -> bool:
        """Waits for room. False when the job was cancelled."""
        while not self.is_cancelled.is_set():
            try:
                self.blocks.put(block, timeout=0.02)
            except queue.Full:
                continue
            return True
        return False


class Turn(msgspec.Struct, frozen=True):
    """What has changed in a replay, for those who show it. ``job`` None: it is over."""

    course: Course
    job: Job | None = None
    index: int = 0


class Replay:
    """``play``, ``set_speed`` and ``stop`` from any thread; ``add_to`` on the mix thread, which
    never waits.

    ``read`` gives a burst's packets (raises BurstError); ``listened`` is called for each burst that
    was played to its end or can't be played, from any thread; ``told`` at every turn, on the mix
    thread.
    """

    def __init__(
        self,
        read: Callable[[str], list[KeptPacket]],
        listened: Callable[[str], None],
        told: Callable[[Turn], None],
    ) -> None:
        self._read = read
        self._listened = listened
        self._told = told
        self._wishes: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._choosing = threading.Lock()
        self._chosen: Job | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recall-replay", daemon=True)
        # the mix thread's own
        self._job: Job | None = None
        self._course = IDLE
        self._index = -1
        self._told_speed = 0.0
        self._gain = 0.0
        self._ahead: deque[Block] = deque()  # played once already, to be played again
        self._behind: deque[Block] = deque(maxlen=LEAD_IN)

    def start(self) -> None:
        make_ready()
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self.stop()
        self._wishes.put(None)
        if self._thread.ident is not None:
            self._thread.join(timeout=5.0)

    # -- any thread ---------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """Whether the first block of what was wished for is there."""
        job = self._chosen
        return job is not None and not job.blocks.empty()

    def play(
        self, kind: ReplayKind, bursts: Sequence[Facts], speed: float, alarm: str = ""
    ) -> None:
        job = Job(kind, bursts, speed, alarm)
        self._choose(job)
        self._wishes.put(job)

    def set_speed(self, speed: float) -> None:
        """Heard as soon as what is decoded ahead has been played."""
        with self._choosing:
            if self._chosen is not None and self._chosen.kind == "catch-up":
                self._chosen.speed = speed

    def stop(self) -> None:
        self._choose(None)

    def _choose(self, job: Job | None) -> None:
        with self._choosing:
            if self._chosen is not None:
                self._chosen.is_cancelled.set()
            self._chosen = job

    # -- the mix thread -----------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        return self._chosen is None and self._job is None

    def add_to(
        self, block: NDArray[np.float32], gain_db: float, around: Around, now_ms: float
    ) -> None:
        """Adds to ``block`` (480, 2), in the middle. ``gain_db`` is that of the whole mix."""
        if self._job is not self._chosen and self._gain == 0.0:
            self._turn_to(self._chosen)
        if self._job is None:
            return
        self._follow(around, now_ms)
        is_wanted = self._job is self._chosen and self._course.state == "playing"
        target = 10 ** ((gain_db + self._course.gain_db) / 20) if is_wanted else 0.0
        if target or self._gain:
            self._play_one(block, target)

    def _turn_to(self, job: Job | None) -> None:
        was_playing = self._course.state != "idle"
        self._job, self._index = job, -1
        self._ahead.clear()
        self._behind.clear()
        self._course = decision.begin(job.kind) if job is not None else IDLE
        if job is None and was_playing:
            self._told(Turn(IDLE))

    def _follow(self, around: Around, now_ms: float) -> None:
        before, self._course = self._course, decision.follow(self._course, around, now_ms)
        turned = (before.state, before.why) != (self._course.state, self._course.why)
        if turned and self._course.state == "playing":
            self._ahead.extendleft(reversed(self._behind))
            self._behind.clear()
        is_faster = self._job is not None and self._job.speed != self._told_speed
        if self._index >= 0 and (turned or is_faster):
            self._tell()

    def _tell(self) -> None:
        if self._job is not None:
            self._told_speed = self._job.speed
        self._told(Turn(self._course, self._job, self._index))

    def _play_one(self, out: NDArray[np.float32], target: float) -> None:
        """One block more, on the way from the gain that was to the one that is wanted."""
        one = self._next()
        if one is None:
            self._gain = 0.0
            return
        slope = np.linspace(self._gain, target, BLOCK, endpoint=False, dtype=np.float32)
        out += (one.sound * slope * MIDDLE)[:, None]
        self._gain = target

    def _next(self) -> Block | None:
        """None when nothing is ready, or all has been played."""
        job = self._job
        if job is None:
            return None
        try:
            one = self._ahead.popleft() if self._ahead else job.blocks.get_nowait()
        except queue.Empty:
            return None
        if one is None:
            self._finish(job)
            return None
        if one.index != self._index:
            self._index = one.index
            self._behind.clear()
            self._tell()
        self._behind.append(one)
        if one.is_last:
            self._listened(job.bursts[one.index].burst)
        return one

    def _finish(self, job: Job) -> None:
        with self._choosing:
            if self._chosen is job:
                self._chosen = None
        self._turn_to(None)

    # -- the decoder's thread -----------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended.is_set():
            job = self._wishes.get()
            if job is None:
                return
            try:
                self._decode(job)
            except Exception:  # the next wish is another
                log.exception("a replay failed")
                job.put(None)

    def _decode(self, job: Job) -> None:
        for index, facts in enumerate(job.bursts):
            if job.is_cancelled.is_set():
                return
            for _ in range(BETWEEN if index else 0):
                if not job.put(Block(index, np.zeros(BLOCK, np.float32))):
                    return
            try:
                for block in self._blocks(job, index, facts):
                    if not job.put(block):
                        return
            except (BurstError, OpusError) as error:  # the next time it would be no better
                log.warning("a kept burst is passed over: %s", error)
                self._listened(facts.burst)
        job.put(None)

    def _blocks(self, job: Job, index: int, facts: Facts) -> Iterator[Block]:
        """One behind, so that the last is known."""
        held: Sound | None = None
        is_first = True
        for sound in _blocked(_hastened(decode(facts, self._read(facts.burst)), job)):
            if held is not None:
                yield Block(index, held)
            held = sound
            if is_first:
                held[:EDGE] *= _EDGE
                is_first = False
        if held is not None:
            held[-EDGE:] *= _EDGE[::-1]
            yield Block(index, held, is_last=True)


def _hastened(pieces: Iterator[Sound], job: Job) -> Iterator[Sound]:
    """A catch-up is faster and without pauses; a recall is as it was."""
    if job.kind == "recall":
        yield from _breathing(pieces)
        return
    skipper, stretcher = PauseSkipper(), Stretcher(job.speed)
    for piece in _breathing(pieces):
        stretcher.speed = job.speed  # a hand may have chosen another meanwhile
        yield stretcher.process(skipper.process(piece))
    yield stretcher.process(skipper.flush())
    yield stretcher.flush()


def _breathing(pieces: Iterator[Sound]) -> Iterator[Sound]:
    """Gives the interpreter to others now and then: the mix thread is one of them."""
    for n, piece in enumerate(pieces):
        yield piece
        if n % PACKETS_AT_ONCE == PACKETS_AT_ONCE - 1:
            time.sleep(BREATH_S)


def _blocked(pieces: Iterator[Sound]) -> Iterator[Sound]:
    """(480,) each; the last one filled up with silence."""
    rest = np.zeros(0, np.float32)
    for piece in pieces:
        line = np.concatenate((rest, piece))
        count = len(line) // BLOCK * BLOCK
        yield from (one.copy() for one in line[:count].reshape(-1, BLOCK))
        rest = line[count:]
    if len(rest):
        yield np.pad(rest, (0, BLOCK - len(rest)))
