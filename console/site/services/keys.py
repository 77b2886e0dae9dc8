"""The key service of a site: hands out voice keys, and replaces them in time.

One thread with a connection of its own. What to do is decided in console.domain.voice_keys; here
are the clock, the network and the chance. It runs on the node that holds the site's lease; the next
one reads in the store what it knew.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from audio.ready import make_ready
from console.domain import voice_keys
from console.domain.authors import SUFFIX
from console.domain.events import Event
from console.domain.roles import Role
from console.domain.voice_keys import (
    GroupKeys,
    Handout,
    KeyNews,
    KeyRequest,
    KeyTurn,
    Profile,
    Times,
    VoiceKey,
)
from console.site.address import LinkState, SiteError
from console.site.log.client import SiteClient, close_client, come_in
from console.site.log.link import SiteLink
from console.site.log.spoken import SPOKEN
from console.site.log.subjects import GROUPS, PRIVATE, RESOURCES
from console.site.services.answering import Answering, Ask
from console.site.services.blocks import Blocks
from console.site.services.key_store import Block, Entry, Foreign, Group, KeyStore, Seal
from console.site.services.service import NodeContext
from console.site.services.voice_policy import POLICY_FILE, PolicyFile
from console.site.services.voice_world import VoiceWorld
from console.streams.keys import KEY_BYTES

log = logging.getLogger(__name__)

KEYS: Final = "keys"
POLICY: Final = "voice-policy"
PKI: Final = "pki"
MAX_GROUPS: Final = 1_024
MAX_TALKGROUP: Final = 40
TICK_S: Final = 0.1
LOOK_S: Final = 1.0  # at the policy's file
FLUSH_S: Final = 2
RETRY_S: Final = 0.3
SEAL_LOOK_S: Final = 2.0
UNSEALED: Final = (
    "the site can't open its voice keys: on its machine `vaktbord site --status` says what to do"
)
WAIT_LOG_S: Final = 5.0
HOUR_MS: Final = 3_600_000
Failure = (NatsError, APIError, OSError, TimeoutError)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class KeyService:
    """``times``: other than the policy's, for tests."""

    name = "keys"

    def __init__(
        self,
        context: NodeContext,
        *,
        times: Times | None = None,
    ) -> None:
        self._context = context
        self._address = context.address
        self._node = context.address.identity.name
        self._fixed_times = times
        self._roles: Mapping[str, Role] = {}
        self._world = VoiceWorld(self._role_of)
        self._policy = PolicyFile(context.folder / POLICY_FILE)
        self._groups: dict[str, GroupKeys] = {}
        self._foreign: dict[str, tuple[VoiceKey, ...]] = {}
        self._blocks = Blocks(())
        self._dirty: set[str] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self._looked_s = 0.0
        self._complaint = ""
        self.answering = Answering(context)
        self._link = SiteLink(
            context.address,
            author=f"{self._node}{SUFFIX}keys",
            spool=None,
            on_events=self._on_events,
            on_state=self._on_state,
            live=False,
            streams=(RESOURCES, GROUPS, PRIVATE),  # talkgroups, dynamic groups, calls
        )
        self._ready = threading.Event()
        self._serving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="site-keys", daemon=True)

    def start(self) -> None:
        """Raises SpoolError, OSError."""
        self._take_roles()
        self._policy.look()
        make_ready()
        self._thread.start()
        self._ready.wait()
        self._link.start()

    def wait_serving(self, timeout_s: float) -> bool:
        return self._serving.wait(timeout_s)

    def stop(self) -> None:
        self._link.stop()
        if self._thread.ident is not None:
            self._call(self._stop.set)
            self._thread.join()

    def tick(self) -> None:
        """The service's own thread keeps the time."""

    @property
    def complaint(self) -> str:
        """What is wrong with the policy's file, or the seal's; "" = nothing."""
        return self._policy.complaint or self._complaint

    def on_members_changed(self) -> None:
        """Somebody has come, gone, or has another role."""
        self._take_roles()
        self._call(self._reconsider)

    def _role_of(self, member: str) -> Role | None:
        return self._roles.get(member)

    def _take_roles(self) -> None:
        self._roles = {one.name: one.role for one in self._context.members()}

    def _call(self, work: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(work)

    def _on_events(self, events: Sequence[Event]) -> None:
        self._world.take(events)
        self._call(self._reconsider)

    def _on_state(self, state: LinkState, sentence: str) -> None:
        """The supervisor sees for itself when the server is gone."""

    # -- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        while not self._stop.is_set():
            try:
                seal = self._opened_seal()
                if seal is None:
                    await self._serve_without_keys()
                else:
                    self._store = KeyStore(seal, self._stored_elsewhere)
                    await self._serve()
            except Failure as error:
                log.info("the key service has no server: %s", error or type(error).__name__)
            except Exception:
                log.exception("the key service failed")
            self._serving.clear()
            await self._pause(RETRY_S)

    def _opened_seal(self) -> Seal | None:
        """None: its file can't be used, which is told once."""
        try:
            seal = Seal.open(self._context.folder / PKI)
        except SiteError as error:
            if self._complaint != str(error):
                log.error("voice keys: %s", error)  # noqa: TRY400  # the sentence says all
            self._complaint = str(error)
            return None
        self._complaint = ""
        return seal

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return

    async def _serve(self) -> None:
        """From one connection to its loss."""
        self._nc = nc = await self._connect()
        following: asyncio.Task[None] | None = None
        try:
            following = await self._store.open(nc)
            self._load()
            await self._until_log_is_read()
            self._reconsider()
            await self.answering.begin(nc, KEYS, self._answer_keys)
            await self.answering.begin(nc, POLICY, self._answer_policy)
            await nc.flush(FLUSH_S)
            self._serving.set()
            await self._tell_all()
            while not (self._stop.is_set() or nc.is_closed or following.done()):
                await self._tick()
                await self._pause(TICK_S)
            await self._write()
        finally:
            if following is not None:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
            await close_client(nc)

    async def _serve_without_keys(self) -> None:
        """Until the seal can be used: who asks is told why there are none, and what else this
        service answers is answered."""
        nc = await self._connect()
        try:
            await self.answering.begin(nc, KEYS, self._refuse_keys)
            await self.answering.begin(nc, POLICY, self._answer_policy)
            while not (self._stop.is_set() or nc.is_closed) and self._opened_seal() is None:
                await self._pause(SEAL_LOOK_S)
        finally:
            await close_client(nc)

    async def _refuse_keys(self, ask: Ask) -> bytes:
        return _refusal(ask.key, UNSEALED)

    async def _connect(self) -> SiteClient:
        """Raises Failure."""
        address = self._address
        return await come_in(
            address.place.urls, address.identity, "keys", ping_interval=1, max_outstanding_pings=2
        )

    async def _until_log_is_read(self) -> None:
        """Who may hear what stands in the log. Raises TimeoutError."""
        if not await asyncio.to_thread(self._link.wait_caught_up, WAIT_LOG_S):
            raise TimeoutError("the log could not be read")

    def _load(self) -> None:
        """What this process knows already counts, where the store has not got it: the disk may have
        been wiped under the server, and members go on with their keys."""
        stored = {one.talkgroup: one for one in self._store.groups()}
        self._dirty |= self._groups.keys() - stored.keys()
        kept = {name: self._groups[name] for name in self._dirty if name in self._groups}
        self._groups = {**stored, **kept}
        self._blocks = Blocks(self._store.blocks())
        self._take_foreign()

    def _take_foreign(self) -> None:
        found: dict[str, tuple[VoiceKey, ...]] = {}
        for one in self._store.foreign():
            known = found.get(one.talkgroup, ())
            found[one.talkgroup] = (*known, one.key)[: voice_keys.MAX_FOREIGN]
        self._foreign = found

    def _stored_elsewhere(self, entry: Entry) -> None:
        """Another node, or a command, has written."""
        match entry:
            case Group(keys=group):
                known = self._groups.get(group.talkgroup)
                holders = known.holders if known is not None else frozenset()
                merged = msgspec.structs.replace(group, holders=group.holders | holders)
                self._groups[group.talkgroup] = merged
            case Foreign(talkgroup=talkgroup):
                self._take_foreign()
                self._tell_soon(talkgroup)
            case Block():
                self._blocks = Blocks(self._store.blocks())

    # -- what is asked ------------------------------------------------------------------------

    async def _answer_keys(self, ask: Ask) -> bytes:
        try:
            request = msgspec.json.decode(ask.payload, type=KeyRequest)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return _refusal(ask.key, f"the request can't be read: {error}")
        if ask.member not in self._roles:  # just enrolled: the server knows it before we are told
            self._take_roles()
        may_ask = not self._world.why_not(ask.member, ask.key)
        block = 0
        if request.station and may_ask:
            block = await self._block(ask.member, request.station)
        # Nothing is waited for from here on: who was taken out meanwhile gets no newer key, and
        # what is told is what the group is now.
        why = self._world.why_not(ask.member, ask.key)
        if why:
            return _refusal(ask.key, why)
        group = self._groups.get(ask.key) or (self._new_group(ask.key) if request.sends else None)
        if group is None:
            return self._without_group(ask.key)
        self._keep(voice_keys.given(group, ask.member))
        foreign = self._foreign.get(ask.key, ())
        told = voice_keys.handout(group, foreign, block, now_ms(), self._times)
        return msgspec.json.encode(told)

    async def _answer_policy(self, _ask: Ask) -> bytes:
        return msgspec.json.encode(self._policy.policy)

    def _new_group(self, talkgroup: str) -> GroupKeys | None:
        if len(self._groups) >= MAX_GROUPS or not 0 < len(talkgroup) <= MAX_TALKGROUP:
            return None
        return voice_keys.begun(talkgroup, self._fresh(talkgroup), now_ms(), self._times)

    def _without_group(self, talkgroup: str) -> bytes:
        """Nobody of ours sends there; a foreign sender may."""
        foreign = self._foreign.get(talkgroup)
        if foreign is None:
            return _refusal(talkgroup, "nobody of this site sends there yet")
        return msgspec.json.encode(Handout(talkgroup, 1, voice_keys.foreign_told(foreign)))

    async def _block(self, member: str, station: str) -> int:
        block, is_new = self._blocks.take(member, station, now_ms(), self._times)
        if block is None:
            log.warning("no SSRC block is left for %s", member)
            return 0
        if is_new and not await self._store.put_block(block):
            return 0  # another node has given this one out at this moment; the next ask gets one
        return block.number

    # -- what changes -------------------------------------------------------------------------

    @property
    def _times(self) -> Times:
        hours = self._policy.policy.rekey_hours
        return self._fixed_times or Times(life_ms=round(hours * HOUR_MS))

    def _fresh(self, talkgroup: str) -> Callable[[], VoiceKey]:
        profile = self._policy.policy.profile(talkgroup)
        return lambda: new_key(profile, self._kids(talkgroup))

    def _kids(self, talkgroup: str) -> set[str]:
        group = self._groups.get(talkgroup)
        if group is None:
            return set()
        known = (group.current, group.next, *(one.key for one in group.former))
        return {one.kid for one in known if one is not None}

    def _keep(self, group: GroupKeys) -> None:
        if self._groups.get(group.talkgroup) != group:
            self._groups[group.talkgroup] = group
            self._dirty.add(group.talkgroup)

    def _reconsider(self) -> None:
        """Who holds keys that it may not hold any more."""
        for group in list(self._groups.values()):
            name = group.talkgroup
            gone = frozenset(m for m in group.holders if self._world.why_not(m, name))
            fresh = voice_keys.without(group, gone, now_ms(), self._fresh(name))
            if fresh is not group:
                log.info("talkgroup %s is rekeyed: %d taken out", name, len(gone))
                self._keep(fresh)
                self._tell_soon(name, also=gone)

    async def _tick(self) -> None:
        moment, times = now_ms(), self._times
        for name in list(self._groups):
            group = self._groups.get(name)  # as it is now: others ask while this one is told
            if group is not None and self._world.is_over(name):
                await self._forget(name)  # a thousand calls a day would leave no room
            elif group is not None and voice_keys.due_ms(group, times) <= moment:
                await self._pass(group, moment, times)
        await self._write()
        if time.monotonic() - self._looked_s >= LOOK_S:
            self._looked_s = time.monotonic()
            if self._policy.look():
                policy = msgspec.json.encode(self._policy.policy)
                await self._say(f"vb.live.{POLICY}.site.{self._node}.all", policy)

    async def _pass(self, group: GroupKeys, moment: int, times: Times) -> None:
        name = group.talkgroup
        fresh = voice_keys.passed(group, moment, self._fresh(name), times)
        if fresh is None:
            log.info("nobody asks for the keys of talkgroup %s any more", name)
            await self._forget(name)
            return
        self._keep(fresh)
        if fresh.current != group.current:
            turn = KeyTurn(1, fresh.current.kid)
            subject = f"vb.live.key-turn.site.{self._node}.{name}"
            await self._say(subject, msgspec.json.encode(turn))
        elif fresh.next != group.next:
            await self._tell(name)

    async def _forget(self, name: str) -> None:
        del self._groups[name]
        await self._store.drop_group(name)

    async def _write(self) -> None:
        for name in list(self._dirty):
            self._dirty.discard(name)
            group = self._groups.get(name)
            try:
                if group is None or await self._store.put_group(group):
                    continue
            except Failure as error:  # a cluster may be without a leader for seconds
                self._dirty.add(name)
                log.info("keys are not stored yet: %s", error or type(error).__name__)
                return
            stored = self._store.group(name)  # another node was first; its keys count
            if stored is not None and stored.current != group.current:
                self._groups[name] = stored
                await self._tell(name)

    # -- who is told --------------------------------------------------------------------------

    async def _tell_all(self) -> None:
        """After a loss: what was to be told meanwhile may have been lost."""
        for name in list(self._groups):
            await self._tell(name)

    def _tell_soon(self, talkgroup: str, also: frozenset[str] = frozenset()) -> None:
        asyncio.get_running_loop().create_task(self._tell(talkgroup, also))

    async def _tell(self, talkgroup: str, also: frozenset[str] = frozenset()) -> None:
        """Each is told to ask; no key is sent that nobody has asked for, because only what comes
        into an inbox of chance is sure to come from the site."""
        group = self._groups.get(talkgroup)
        if group is None:
            return
        news = msgspec.json.encode(KeyNews(1, (talkgroup,)))
        for member in group.holders | also:
            await self._say(f"vb.to.{member}.keys", news)

    async def _say(self, subject: str, payload: bytes) -> None:
        try:
            await self._nc.publish(subject, payload, headers=SPOKEN)
        except Failure as error:
            log.info("%s was not told: %s", subject, error)


def new_key(profile: Profile, taken: set[str]) -> VoiceKey:
    """Its name is a number as engines take it, and no other key's of the talkgroup."""
    kid = str(secrets.randbelow(2**32))
    while kid in taken:
        kid = str(secrets.randbelow(2**32))
    return VoiceKey(kid, profile, secrets.token_bytes(KEY_BYTES[profile]))


def _refusal(talkgroup: str, why: str) -> bytes:
    return msgspec.json.encode(Handout(talkgroup[:40] or "?", 1, refused=why[:300]))
