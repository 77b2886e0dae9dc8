"""The key service and keyrings at a real server: who gets keys, when they change, what lasts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import msgspec
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from console.domain.events import (
    CallEnded,
    CallOffered,
    GroupFormed,
    GroupMemberRemoved,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
)
from console.domain.roles import MEMBER_ROLES, MemberRole
from console.domain.voice_keys import Handout, KeyNews, KeyRequest, Times, Told, VoiceKey
from console.domain.voice_rights import VoicePolicy
from console.site.address import SiteAddress
from console.site.keyring import KeyRing, station_of
from console.site.log.client import ask_site, close_client, inbox_of, tls_options
from console.site.log.link import SiteLink
from console.site.log.spoken import SPOKEN
from console.site.log.subjects import asks_of
from console.site.node.papers import new_change
from console.site.services.blocks import Blocks
from console.site.services.key_store import Block, KeyStore, Seal
from console.site.services.keys import KEYS, KeyService, new_key
from console.site.services.service import NodeContext
from tests.site.conftest import NewEar, Server, wait_for


class Hand:
    """A member's link with its keyring."""

    def __init__(
        self,
        address: SiteAddress,
        program: str = "",
        station: str = "ab" * 16,
        also: Callable[[str], None] = lambda _talkgroup: None,
    ) -> None:
        self._also = also
        self.changes: list[str] = []
        self.policies: list[VoicePolicy] = []
        self.ring = KeyRing(
            self._ask,
            on_change=self._changed,
            on_policy=self.policies.append,
            station=station,
        )
        name = address.identity.name
        self.link = SiteLink(
            address,
            author=f"{name}_{program}" if program else name,
            spool=None,
            on_events=lambda _events: None,
            on_state=lambda state, _why: self.ring.site_is(state == "up"),
            on_said=self.ring.said,
            streams=(),
        )
        self.ring.start()
        self.link.start()

    def _changed(self, talkgroup: str) -> None:
        self.changes.append(talkgroup)
        self._also(talkgroup)

    def _ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> Future[bytes]:
        return self.link.ask(service, key, payload, timeout_s)

    def stop(self) -> None:
        self.link.stop()
        self.ring.stop()

    def current(self, talkgroup: str = "lv1") -> str | None:
        held = self.ring.held(talkgroup)
        return held.current.kid if held is not None and held.current is not None else None

    def kids(self, talkgroup: str = "lv1") -> set[str]:
        return {one.kid for one in self.ring.keys(talkgroup)}


class Site:
    """A server with a key service beside it."""

    def __init__(self, server: Server, times: Times | None = None) -> None:
        self.server = server
        self.times = times
        self.service = self.started()

    def started(self) -> KeyService:
        members = self.server.papers.members
        context = NodeContext(
            self.server.address,
            self.server.folder,
            lambda: tuple(members.present()),
            self.server.papers.change,
        )
        service = KeyService(context, times=self.times)
        service.start()
        assert service.wait_serving(20)
        return service

    def restart(self) -> None:
        self.service.stop()
        self.service = self.started()

    def revoke(self, name: str) -> None:
        members = self.server.papers.members
        gone = msgspec.structs.replace(members.all[name], revoked=True, changed=new_change())
        self.server.papers.change(gone)
        self.service.on_members_changed()
        self.server.reload()


NewHand = Callable[..., Hand]


@pytest.fixture
def site(server: Server) -> Iterator[Site]:
    site = Site(server)
    try:
        yield site
    finally:
        site.service.stop()


@pytest.fixture
def hand(server: Server) -> Iterator[NewHand]:
    made: list[Hand] = []

    def make(name: str, role: MemberRole = "operator", program: str = "") -> Hand:
        made.append(Hand(server.as_member(name, role), program))
        return made[-1]

    try:
        yield make
    finally:
        for one in made:
            one.stop()


async def _asked(address: SiteAddress, talkgroup: str, request: KeyRequest) -> Handout:
    async with connected(address) as nc:
        subject = f"{asks_of(KEYS, address.identity.named)}.{talkgroup}"
        payload = msgspec.json.encode(request)
        answer = await ask_site(nc, subject, payload, 5.0, nobody_s=5.0)
    return msgspec.json.decode(answer, type=Handout)


@contextlib.asynccontextmanager
async def connected(address: SiteAddress) -> AsyncIterator[Client]:
    nc = Client()
    try:
        await nc.connect(
            list(address.place.urls),
            inbox_prefix=inbox_of(address.identity),
            allow_reconnect=False,
            **tls_options(address.identity),
        )
        yield nc
    finally:
        await close_client(nc)


def asked(address: SiteAddress, talkgroup: str = "lv1", *, station: str = "") -> Handout:
    return asyncio.run(_asked(address, talkgroup, KeyRequest(1, station, sends=True)))


def note(told: list[bytes]) -> Callable[[Msg], Awaitable[None]]:
    async def take(msg: Msg) -> None:
        told.append(msg.data)

    return take


def test_each_role_gets_the_keys_of_what_it_may_hear_and_no_others(
    server: Server, site: Site, new_ear: NewEar
) -> None:
    trainer = new_ear("t1", "trainer")
    operator = new_ear("o1")
    operator.wait_up()
    operator.publish(TalkgroupDefined("lv1", "Legevakt 1"))
    # A trainer may define groups; to call an operational one an exercise opens nothing.
    trainer.wait_up()
    trainer.publish(TalkgroupDefined("lv1", "Legevakt 1", exercise=True))
    trainer.publish(TalkgroupDefined("ex1", "Øvelse 1", exercise=True))
    trainer_address = server.as_member("t1", "trainer")
    wait_for(lambda: asked(trainer_address, "ex1").keys, "the exercise's keys")
    may = {
        (role, group): bool(asked(server.as_member(f"x-{role}", role), group).keys)
        for role in MEMBER_ROLES
        for group in ("lv1", "ex1", "undefined")
    }
    all_of_them = {"operator", "reception", "gateway"}
    assert {role for (role, group), has in may.items() if has and group == "lv1"} == all_of_them
    assert {r for (r, g), has in may.items() if has and g == "undefined"} == all_of_them
    assert {r for (r, g), has in may.items() if has and g == "ex1"} == {*all_of_them, "trainer"}
    assert "observer" in asked(server.as_member("x-observer", "observer")).refused


def test_a_group_that_is_no_exercise_any_more_takes_its_trainers_out(
    server: Server, site: Site, new_ear: NewEar
) -> None:
    trainer, operator = new_ear("t1", "trainer"), new_ear("o1")
    trainer.wait_up()
    trainer.publish(TalkgroupDefined("ex1", "Øvelse 1", exercise=True))
    address = server.as_member("t1", "trainer")
    wait_for(lambda: asked(address, "ex1").keys, "the exercise's keys")
    old = {one.kid for one in asked(address, "ex1").keys}
    operator.wait_up()
    operator.publish(TalkgroupDefined("ex1", "Ny gruppe"))
    wait_for(lambda: asked(address, "ex1").refused, "the trainer to be refused")
    others = server.as_member("o1")
    wait_for(lambda: not old & {k.kid for k in asked(others, "ex1").keys}, "all its keys to go")
    operator.publish(TalkgroupRemoved("ex1"))
    wait_for(lambda: asked(address, "ex1").keys, "it to be the trainers' again")


def test_a_dynamic_groups_members_alone_have_its_keys(
    server: Server, site: Site, new_ear: NewEar
) -> None:
    leader = new_ear("o1")
    inside, outside = server.as_member("lv2"), server.as_member("lv3")
    leader.wait_up()
    lapses_ms = time.time_ns() // 1_000_000 + 3_600_000
    leader.publish(GroupFormed("dg1", "Søk Åsen", ("o1", "lv2"), lapses_ms))
    wait_for(lambda: "not in this group" in asked(outside, "dg1").refused, "the group to be known")
    held = {one.kid for one in asked(inside, "dg1").keys}
    assert held
    leader.publish(GroupMemberRemoved("dg1", "lv2"))
    wait_for(lambda: asked(inside, "dg1").refused, "the member to be out")
    left = server.as_member("o1")
    wait_for(lambda: not held & {k.kid for k in asked(left, "dg1").keys}, "all that it held to go")


def test_the_two_of_a_call_alone_have_its_keys_and_nobody_once_it_is_over(
    server: Server, site: Site, new_ear: NewEar
) -> None:
    caller = new_ear("o1")
    callee, outside = server.as_member("lv2"), server.as_member("lv3")
    caller.wait_up()
    caller.publish(CallOffered("I-1", "o1", "lv2"))
    wait_for(lambda: "not in this group" in asked(outside, "I-1").refused, "the call to be known")
    held = {one.kid for one in asked(callee, "I-1").keys}
    assert held == {one.kid for one in asked(server.as_member("o1"), "I-1").keys}
    assert held
    caller.publish(CallEnded("I-1", "hung-up"))
    for member in (callee, server.as_member("o1")):
        wait_for(partial(_is_refused, member, "I-1"), "no keys any more")
    wait_for(lambda: "I-1" not in site.service._groups, "a thousand calls leave no room")
    assert "I-1" not in {one.talkgroup for one in site.service._store.groups()}


def _is_refused(member: SiteAddress, talkgroup: str) -> bool:
    return bool(asked(member, talkgroup).refused)


def test_who_carries_a_unit_s_voice_has_the_keys_of_its_calls_and_no_other_s(
    server: Server, site: Site, new_ear: NewEar
) -> None:
    """A radio is no member: the gateway that told of it is there in its place."""
    caller, gateway = new_ear("o1"), new_ear("gw1", "gateway")
    other = server.as_member("gw2", "gateway")
    for one in (caller, gateway):
        one.wait_up()
    gateway.publish(UnitDefined("amb1", "AMB 1-1", "ambulance"))
    gateway.publish(UnitDefined("lv2", "Not yours", "other"))  # by the name of a member
    server.as_member("lv2")
    caller.publish(CallOffered("I-1", "o1", "amb1"))
    caller.publish(CallOffered("I-2", "o1", "lv2"))
    mine = server.as_member("gw1", "gateway")
    wait_for(lambda: asked(mine, "I-1").keys, "the gateway has the call's keys")
    wait_for(lambda: "not in this group" in asked(other, "I-1").refused, "another has none")
    wait_for(
        lambda: "not in this group" in asked(mine, "I-2").refused, "nobody stands for a member"
    )


def test_who_was_taken_out_holds_no_key_that_the_others_use(
    server: Server, site: Site, hand: NewHand
) -> None:
    stays, goes = hand("lv1"), hand("lv2")
    for one in (stays, goes):
        one.ring.want_to_send("lv1")
    wait_for(lambda: stays.current() and stays.current() == goes.current(), "the same key")
    held = goes.kids()
    began = time.monotonic()
    site.revoke("lv2")
    wait_for(lambda: not stays.kids() & held, "every key that it held to be gone")
    assert time.monotonic() - began < 10  # two seconds; this machine may be busy
    assert goes.kids() <= held
    assert stays.current() is not None


def test_the_next_key_comes_early_and_a_dead_site_turns_to_it_all_the_same(
    server: Server, hand: NewHand
) -> None:
    site = Site(server, Times(life_ms=3_000, early_ms=2_000, overlap_ms=60_000))
    try:
        one, other = hand("lv1"), hand("lv2")
        for each in (one, other):
            each.ring.want_to_send("lv1")
        wait_for(lambda: len(one.kids()) > 1 and one.kids() == other.kids(), "the next key")
        first = one.current()
        site.service.stop()
        server.kill()
        wait_for(lambda: one.current() != first, "the turn at one")
        wait_for(lambda: other.current() == one.current(), "the turn at the other")
        assert first in one.kids()  # receivers take both for a while
    finally:
        site.service.stop()


def test_keys_survive_a_restart_of_the_site_and_a_wiped_disk_under_a_living_one(
    server: Server, site: Site, hand: NewHand
) -> None:
    address = server.as_member("lv1")
    before = [one.kid for one in asked(address).keys]
    asked(server.as_member("lv2"))
    wait_for(lambda: "lv2" in holders(server, site), "it to be written who holds keys")
    site.restart()
    assert [one.kid for one in asked(address).keys] == before
    assert "lv2" in holders(server, site)  # so that taking it out now still rekeys
    server.kill()
    server.wipe()
    server.start()
    wait_for(lambda: [one.kid for one in again(address)] == before, "the same keys again")


def again(address: SiteAddress) -> tuple[Told, ...]:
    try:
        return asked(address).keys
    except (NatsError, OSError):  # the service is not back yet
        return ()


def holders(server: Server, site: Site) -> frozenset[str]:
    async def read() -> frozenset[str]:
        async with connected(server.address) as nc:
            store = KeyStore(Seal.open(server.folder / "pki"), lambda _entry: None)
            (await store.open(nc)).cancel()
        group = store.group("lv1")
        return group.holders if group is not None else frozenset()

    return asyncio.run(read())


def test_nothing_on_disk_and_nothing_told_to_others_has_a_key_in_it(
    server: Server, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    address, other = server.as_member("lv1"), server.as_member("lv2")
    told: list[bytes] = []

    async def watch() -> Handout:
        async with connected(other) as nc:
            for subject in ("vb.live.>", "vb.to.lv2.>"):
                await nc.subscribe(subject, cb=note(told))
            await nc.flush()
            answer = await _asked(address, "lv1", KeyRequest(1, sends=True))
            await asyncio.sleep(0.5)
        return answer

    keys = asyncio.run(watch()).keys
    assert keys
    server.nats.stop()
    on_disk = [path.read_bytes() for path in server.folder.rglob("*") if path.is_file()]
    for one in keys:
        encoded = msgspec.json.encode(one.key).strip(b'"')
        for bytes_ in (*on_disk, *told, caplog.text.encode()):
            assert one.key not in bytes_ and encoded not in bytes_


def test_no_member_can_read_the_store_or_answer_in_the_sites_place(
    server: Server, site: Site, hand: NewHand
) -> None:
    """Also not by the way of Direct Get, which answers onto any subject with bytes of its own."""
    victim = hand("lv1")
    victim.ring.want_to_send("lv1")
    wait_for(victim.current, "a key")
    before, asked_before = victim.kids(), len(victim.changes)
    forged = msgspec.json.encode(
        Handout("lv1", 1, (voice_told(new_key("AEAD_AES_256_GCM", set())),))
    )

    address = server.as_member("rogue", "observer")

    async def attack() -> list[bytes]:
        got = []
        async with connected(address) as nc:
            subject = "vb.log.resource.observer.rogue.position-joined.desk.rogue"
            stored = await nc.jetstream(timeout=2).publish(subject, forged, headers=SPOKEN)
            for target in ("vb.to.lv1.keys", "vb.live.key-turn.site.node.lv1"):
                for extra in ({}, {"no_hdr": True}):
                    ask = json.dumps({"seq": stored.seq, **extra}).encode()
                    await nc.publish("$JS.API.DIRECT.GET.VB_RESOURCES", ask, reply=target)
            for subject in ("$JS.API.DIRECT.GET.KV_VB_KEYS", "$JS.API.STREAM.MSG.GET.KV_VB_KEYS"):
                with contextlib.suppress(NatsError):
                    got.append((await nc.request(subject, b'{"seq":1}', timeout=0.3)).data)
            await asyncio.sleep(0.3)
        return got

    assert asyncio.run(attack()) == []
    assert victim.kids() == before and len(victim.changes) == asked_before
    assert victim.link.counts.forged == 4


def voice_told(key: VoiceKey) -> Told:
    return Told(key.kid, key.profile, key.key, "current")


def test_an_ask_that_wants_its_answer_elsewhere_gets_none(server: Server, site: Site) -> None:
    addresses = server.as_member("lv1"), server.as_member("lv2")
    got: list[bytes] = []

    async def attack() -> list[bytes]:
        async with connected(addresses[0]) as victim, connected(addresses[1]) as rogue:
            await victim.subscribe("vb.to.lv1.>", cb=note(got))
            await victim.flush()
            payload = msgspec.json.encode(KeyRequest(1, sends=True))
            for reply in ("vb.to.lv1.keys", "_INBOX_lv1.x", ""):
                subject = f"{asks_of(KEYS, addresses[1].identity.named)}.lv1"
                await rogue.publish(subject, payload, reply=reply, headers=SPOKEN)
            await rogue.flush()
            await asyncio.sleep(0.3)
        return got

    asked(addresses[1])  # it is heard by now
    assert asyncio.run(attack()) == []
    assert site.service.answering.refused == 3


def test_every_station_has_its_own_block_of_ssrcs(server: Server, site: Site) -> None:
    one, other = server.as_member("lv1"), server.as_member("lv2")
    blocks = [asked(a, station=s * 32).block for a in (one, other) for s in ("a", "b")]
    assert len(set(blocks)) == 4 and all(0 < block <= 0x7FFF for block in blocks)
    site.restart()
    assert [asked(a, station=s * 32).block for a in (one, other) for s in ("a", "b")] == blocks
    assert asked(one).block == 0


def test_a_block_is_given_to_another_only_when_every_key_of_its_time_has_gone() -> None:
    times = Times(life_ms=1_000, early_ms=100, overlap_ms=10)
    blocks = Blocks(())
    first, is_new = blocks.take("lv1", "a", 0, times)
    assert first is not None and is_new
    assert blocks.take("lv1", "a", 10, times) == (first, False)
    numbers = {blocks.take("lv1", f"{n:x}", 10, times)[0] for n in range(200)}
    assert None in numbers and len(numbers) == 64 + 1
    later, _ = blocks.take("lv1", "ff", 10_000_000, times)
    assert later is not None


def test_the_policy_is_read_again_and_a_wrong_one_changes_nothing(
    server: Server, site: Site, hand: NewHand
) -> None:
    one = hand("lv1")
    wait_for(lambda: one.policies, "the policy")
    assert one.policies[-1].unsecured == "refuse"
    path = server.folder / "policy.toml"
    path.write_text('[voice]\nunsecured = "mark"\n[[voice.listed]]\ntalkgroup = "lv9"\n')
    wait_for(lambda: one.policies[-1].unsecured == "mark", "the new policy")
    assert one.policies[-1].lists("lv9", "any.local")
    told = len(one.policies)
    path.write_text('[voice]\nunsecured = "perhaps"\n')
    wait_for(lambda: "perhaps" in site.service.complaint, "the complaint")
    assert "policy.toml" in site.service.complaint and len(one.policies) == told


def test_an_ask_that_makes_no_sense_is_answered_with_why(server: Server, site: Site) -> None:
    payloads = (b"", b"{}", b"[1]", b"\xff", b"[" * 5_000, b'{"v":2}', b'{"v":1,"station":1}')
    address = server.as_member("lv1")

    async def ask() -> list[Handout]:
        subject = f"{asks_of(KEYS, address.identity.named)}.lv1"
        async with connected(address) as nc:
            said = [await ask_site(nc, subject, p, 5.0, nobody_s=5.0) for p in payloads]
        return [msgspec.json.decode(one, type=Handout) for one in said]

    for answer in asyncio.run(ask()):
        assert not answer.keys and "can't be read" in answer.refused


def test_a_ring_survives_whatever_it_is_told(server: Server, site: Site, hand: NewHand) -> None:
    one = hand("lv1")
    one.ring.want_to_send("lv1")
    wait_for(one.current, "a key")
    for payload in (b"", b"{}", b"[]", b"\xff\xfe", b"[" * 5_000, b'{"v":1,"kid":"9"}'):
        for subject in (
            "vb.to.lv1.keys",
            "vb.live.key-turn.site.n.lv1",
            "vb.live.voice-policy.site.n.all",
        ):
            one.ring.said(subject, payload)
    one.ring.said("vb.to.lv1.keys", msgspec.json.encode(KeyNews(1, ("lv1", "other"))))
    one.ring.want_to_send("lv2")
    wait_for(lambda: one.current("lv2"), "a key after all that")


def test_a_station_keeps_its_name(tmp_path: Path) -> None:
    name = station_of(tmp_path)
    assert station_of(tmp_path) == name
    assert (tmp_path / "voice-station").stat().st_mode & 0o077 == 0
    (tmp_path / "voice-station").write_text("nonsense")
    assert station_of(tmp_path) not in (name, "nonsense")


def test_a_seal_that_does_not_fit_opens_nothing(tmp_path: Path) -> None:
    seal, other = Seal.open(tmp_path / "a"), Seal.open(tmp_path / "b")
    sealed = seal.close("block.1", Block(1, "lv1", "a", 0))
    assert seal.read("block.1", sealed) == Block(1, "lv1", "a", 0)
    assert seal.read("block.2", sealed) is None  # bound to its name
    assert other.read("block.1", sealed) is None
    assert seal.read("block.1", b"") is None and seal.read("block.1", sealed[:20]) is None
    assert Seal.open(tmp_path / "a").read("block.1", sealed) is not None
