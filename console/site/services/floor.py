"""The floor's arbiter at work: asks in, answers to who asked, and to all how each floor stands.

One thread with a connection of its own, so that no event of the log is before a key. Who gets the
floor is decided in :mod:`console.domain.floor_control`; here are the clock and the network. It
runs on the node that holds the site's lease alone, whose epoch every word of it bears.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.errors import Error as NatsError

from audio.ready import make_ready
from console.domain import floor_control as fc
from console.domain import floor_messages as fm
from console.domain import floor_rights, task_lease
from console.domain import floor_state as fs
from console.domain import floor_words as fw
from console.domain.authors import member_of
from console.site.log.client import close_client, come_in
from console.site.log.spoken import SPOKEN
from console.site.services.answering import Answering, Ask
from console.site.services.floor_world import FloorWorld
from console.site.services.service import NodeContext

log = logging.getLogger(__name__)

TICK_S: Final = 0.05
LATE_S: Final = 0.2
"""So long may pass between two looks at the clock; what is more this arbiter has stood still."""
FLUSH_S: Final = 2
RETRY_S: Final = 0.2
START_S: Final = 5.0
Failure = (NatsError, OSError, TimeoutError)


class FloorService:
    """``refused`` counts asks that were none, or not for who asked to ask."""

    name = "floor"

    def __init__(self, context: NodeContext, epoch: int, policy: fs.Policy | None = None) -> None:
        self._context = context
        self._epoch = epoch
        self._policy = policy or fs.Policy()
        self._floors = fs.Floors()
        self._tasks = task_lease.Tasks()
        self._world = FloorWorld(context, self._world_says)
        self._answering = Answering(context)
        self._nc: Client | None = None
        self._beaten_s = 0.0
        self._looked_s = 0.0
        self._patches: Mapping[str, tuple[str, ...]] = {}
        self._working: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._ended = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="floor", daemon=True)
        self.refused = 0

    # -- the node's thread --------------------------------------------------------------------

    def start(self) -> None:
        """Raises SpoolError."""
        make_ready()
        self._thread.start()
        self._world.start()
        self._ready.wait(START_S)

    def stop(self) -> None:
        self._ended = True
        if self._thread.ident is not None:
            self._thread.join()
        self._world.stop()

    def tick(self) -> None:
        """Time is kept by the service's own thread: a dead talker can't wait for the node."""

    def on_members_changed(self) -> None:
        """Who was taken out holds no floor."""
        present = {member.name for member in self._context.members()}
        self._call_soon(lambda: self._only(present))

    def _call_soon(self, call: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                loop.call_soon_threadsafe(call)

    # -- the floor's thread -------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not self._ended:
            try:
                await self._serve()
            except Failure as error:
                log.warning("the floor's connection: %s", error or type(error).__name__)
            except Exception:  # whatever it is: without this thread nobody gets a floor
                log.exception("the floor's arbiter failed")
            await asyncio.sleep(RETRY_S)
        self._loop = None

    async def _serve(self) -> None:
        """Until the connection is lost or the service ends."""
        self._begin_anew()
        address = self._context.address
        nc = await come_in(address.place.urls, address.identity, "floor")
        try:
            self._nc = nc
            await self._answering.begin(nc, fm.FLOOR, self._on_ask)
            await self._answering.begin(nc, fm.TASK, self._on_offer)
            await nc.flush(timeout=FLUSH_S)
            self._ready.set()
            while not (self._ended or nc.is_closed):
                await self._step(self._what_is_patched())
                await self._beat_when_due()
                await asyncio.sleep(TICK_S)
        finally:
            self._nc = None
            await close_client(nc)

    def _begin_anew(self) -> None:
        """Who talks while nobody is heard here says so again when it settles."""
        now_s = self._looked_s = time.monotonic()
        for floor in self._floors.floors.values():
            if floor.holder is not None:
                spoken_s = floor.holder.spoken_s(now_s)
                self._world.note(fw.Over(floor.holder.claim, spoken_s, "dead"))
        floor_of = self._floors.floor_of
        self._floors = fs.Floors(started_s=now_s, floor_of=floor_of)
        self._tasks = task_lease.Tasks(started_s=now_s)

    def _what_is_patched(self) -> fw.Happened:
        """Time has passed, and perhaps other groups are one floor than before."""
        patches = self._world.patches
        if patches is self._patches:
            return fw.Tick()
        self._patches = patches
        return fw.Patched(patches)

    # -- in -----------------------------------------------------------------------------------

    async def _on_ask(self, ask: Ask) -> bytes:
        asked = fm.decode_ask(ask.payload)
        if asked is None or member_of(asked.author) != ask.member:
            self.refused += 1
            why: fs.Why = "may-not-talk"
            return fm.encode(fm.FloorAnswer("malformed", "unknown", "denied", self._epoch, why=why))
        denied = self._why_not(ask, asked)
        if denied is not None:
            return fm.encode(denied)
        return fm.encode(self._answer(asked, self._happened(ask, asked)))

    def _why_not(self, ask: Ask, asked: fm.FloorAsk) -> fm.FloorAnswer | None:
        """A new arbiter that has not read the log yet takes the word of who talks already, and
        lets the others ask again."""
        if isinstance(asked, fm.FloorRelease):
            return None
        why: fs.Why | None
        if self._world.is_known:
            why = self._world.why_not(ask.role, ask.member, ask.key)
        else:
            held = isinstance(asked, fm.FloorRenew) and asked.held
            why = floor_rights.why_not_yet(ask.role, held=held)
        if why is None:
            return fm.FloorAnswer(asked.press, ask.key, "settling", self._epoch)
        if not why:
            return None
        self.refused += 1
        return fm.FloorAnswer(asked.press, ask.key, "denied", self._epoch, why=why)

    def _happened(self, ask: Ask, asked: fm.FloorAsk) -> fw.Happened:
        if isinstance(asked, fm.FloorRelease):
            return fw.Release(ask.key, asked.author, asked.press)
        level = floor_rights.level(
            ask.role, asked.level, has_alarm=self._world.has_alarm(ask.member)
        )
        claim = fs.Claim(asked.press, asked.author, ask.key, asked.ssrc, level, asked.also)
        if isinstance(asked, fm.FloorRequest):
            return fw.Request(claim)
        spoken_s = asked.spoken_ms / 1_000 if asked.held else 0.0
        return fw.Renew(msgspec.structs.replace(claim, spoken_s=spoken_s), asked.held)

    def _answer(self, asked: fm.FloorAsk, happened: fw.Happened) -> fm.FloorAnswer:
        """What of the effects is for who asked. The others come after it: who holds a key waits
        for nobody's broadcast."""
        effects = self._decide(happened)
        own = [
            one
            for one in effects
            if isinstance(one, fw.Answer) and (one.author, one.press) == (asked.author, asked.press)
        ]
        self._soon(self._carry_out([one for one in effects if one not in own]))
        return self._worded(own[-1])

    async def _on_offer(self, ask: Ask) -> bytes:
        offered = fm.decode(ask.payload, fm.TaskOffer)
        may = offered is not None and member_of(offered.author) == ask.member
        if offered is None or not may or ask.role != "operator":
            self.refused += 1
            return fm.encode(fm.TaskAnswer(False, self._epoch))
        now_s = time.monotonic()
        self._tasks, yours = task_lease.offer(
            self._tasks, ask.key, offered.author, now_s, held=offered.held
        )
        return fm.encode(fm.TaskAnswer(yours, self._epoch))

    def _world_says(self, happened: fw.Happened) -> None:
        """From the log's thread."""
        self._call_soon(lambda: self._soon(self._step(happened)))

    def _soon(self, work: Coroutine[None, None, None]) -> None:
        assert self._loop is not None
        task = self._loop.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("a floor could not be told", exc_info=error)

    def _only(self, present: set[str]) -> None:
        for floor in tuple(self._floors.floors.values()):
            held = () if floor.holder is None else (floor.holder.claim,)
            for claim in (*held, *floor.queue):
                if member_of(claim.author) not in present:
                    self._soon(self._step(fw.Gone(claim.author)))

    # -- out ----------------------------------------------------------------------------------

    async def _step(self, happened: fw.Happened) -> None:
        await self._carry_out(self._decide(happened))

    def _decide(self, happened: fw.Happened) -> tuple[fw.Effect, ...]:
        now_s = time.monotonic()
        stood = fw.Stood(now_s - self._looked_s - LATE_S)
        self._looked_s = now_s
        before: tuple[fw.Effect, ...] = ()
        if stood.seconds > 0.0:
            self._floors, before = fc.step(self._floors, stood, now_s, self._policy)
        self._floors, effects = fc.step(self._floors, happened, now_s, self._policy)
        return (*before, *effects)

    async def _carry_out(self, effects: Iterable[fw.Effect]) -> None:
        for effect in effects:
            match effect:
                case fw.Answer(author=author, talkgroup=talkgroup):
                    subject = f"vb.to.{member_of(author)}.{fm.FLOOR}.{talkgroup}"
                    await self._tell(subject, self._worded(effect))
                case fw.Changed(talkgroups=talkgroups):
                    for talkgroup in talkgroups:
                        await self._tell_state(talkgroup)
                case fw.Warned():
                    pass  # the talker's own engine counts the same time and sounds it
                case fw.Began() | fw.Over():
                    self._world.note(effect)

    def _worded(self, answer: fw.Answer) -> fm.FloorAnswer:
        return fm.FloorAnswer(
            answer.press,
            answer.talkgroup,
            answer.verdict,
            self._epoch,
            ssrc=answer.ssrc,
            place=answer.place,
            who=answer.who,
            why=answer.why,
            left_s=round(answer.left_s, 3),
        )

    def _state(self, talkgroup: str) -> fm.FloorState:
        floor = self._floors.at(talkgroup)
        key = self._floors.key(talkgroup)
        shared = tuple(
            one for one, at in self._floors.floor_of.items() if at == key and one != talkgroup
        )
        urgent = ""
        if floor.holder is not None and floor.holder.claim.level == "emergency":
            urgent = floor.holder.claim.author
        speakers = tuple(
            fm.FloorSpeaker(member_of(who), ssrc, who == urgent) for who, ssrc in fs.speakers(floor)
        )
        return fm.FloorState(talkgroup, speakers, len(floor.queue), shared)

    async def _tell_state(self, talkgroup: str) -> None:
        node = self._context.address.identity.name
        change = fm.FloorChange(self._epoch, self._state(talkgroup))
        await self._tell(f"vb.live.{fm.STATE}.site.{node}.{talkgroup}", change)

    async def _beat_when_due(self) -> None:
        now_s = time.monotonic()
        if now_s - self._beaten_s < fm.BEAT_S:
            return
        self._beaten_s = now_s
        node = self._context.address.identity.name
        told = tuple(self._state(group) for group in self._busy())[: fm.MAX_TOLD]
        await self._tell(f"vb.live.{fm.BEAT}.site.{node}.all", fm.FloorBeat(self._epoch, told))

    def _busy(self) -> list[str]:
        """Talkgroups whose floor is not free."""
        groups = []
        for key in self._floors.floors:
            patched = [one for one, at in self._floors.floor_of.items() if at == key]
            groups += patched or [key]
        return groups

    async def _tell(self, subject: str, message: msgspec.Struct) -> None:
        if self._nc is not None:
            with contextlib.suppress(*Failure):  # the loop sees for itself that it is lost
                await self._nc.publish(subject, fm.encode(message), headers=SPOKEN)
