"""A member that asks the site's services without end: nobody else is the later for it, and all are
told who it is. Real processes all: the site, the one that floods, beside desks in this one."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import pytest

from console.domain import floor_messages as fm
from console.domain.events import AlarmRaised, MemberFlooded, TalkgroupDefined
from console.domain.roles import MemberRole
from console.site.address import SiteAddress, SiteError
from console.site.log.client import ask_site, close_client
from console.site.log.spoken import SPOKEN
from console.site.log.subjects import asks_of
from console.site.node.process import ensure_site, find_node, site_folder, stop_site
from console.site.node.server import end_orphan
from console.site.security.codes import typed
from console.site.security.join import join
from console.site.services import enrolment, persons
from console.site.services.asked import ask, connected
from console.site.services.enrolment import CodeMade, NewCode
from console.site.services.keys import KEYS, POLICY
from console.site.services.persons import SetPin, SignedIn, SignIn
from console.site.services.shares import QUICK

from .conftest import Ear, EarAt, wait_for
from .flooder import flooding
from .floor_lab import Key

pytestmark = pytest.mark.system

PRESSES: Final = itertools.count(1)
DESKS: Final = 5
FLOOD_S: Final = 4.0
ROUNDS: Final = 3
PRESS_S: Final = 0.1
CALM_S: Final = 2.0
AS_LONG: Final = 25.0
"""Times as long as before the flood a press and its release may take, on a machine that is busy
with the flood itself. With one subscription for all it was 100 to 900 times."""
LEAST_PER_S: Final = 4_000
"""Asks, for a flood: on a machine of its own some 100,000."""
FLOOD_LINES: Final = 20
"""What one that floods may add to a log."""
FLOODED: Final = {
    fm.FLOOR: fm.encode(fm.FloorRequest("mad-00000001", "mad", 77)),
    KEYS: b'{"v":1,"sends":true}',
    POLICY: b"",
    persons.SERVICE: msgspec.json.encode(SignIn("Kari N", "0000")),
    enrolment.SERVICE: b"{}",
}
KEY_OF: Final = {persons.SERVICE: "sign-in", enrolment.SERVICE: "renew"}


@dataclass
class Site:
    """In a process of its own."""

    home: Path
    node: SiteAddress
    members: dict[str, SiteAddress] = field(default_factory=dict)

    def member(self, name: str, role: MemberRole = "operator") -> SiteAddress:
        if name not in self.members:
            door = f"https://127.0.0.1:{(site_folder(self.home) / 'door').read_text()}"
            service = enrolment.at_node(self.node.identity.name)
            said = ask(self.node, service, "open", msgspec.json.encode(NewCode(name, role)))
            code = typed(msgspec.json.decode(said, type=CodeMade).code)
            self.members[name] = join(self.home / "members" / name, door, code).address
        return self.members[name]

    def lines(self) -> int:
        """Of all its logs, the nats-server's too."""
        folder = site_folder(self.home)
        logs = (*folder.glob("site.log*"), *folder.glob("nats.log*"))
        return sum(len(one.read_bytes().splitlines()) for one in logs)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    try:
        ensure_site(home, interface="127.0.0.1", name="Prøvesiden")
        node = find_node(home)
        assert node is not None
        one = Site(home, node)
        pin = msgspec.json.encode(SetPin("Kari N", "4711", new=True))
        ask(node, persons.SERVICE, "pin", pin)
        yield one
    finally:
        stop_site(home)
        end_orphan(home / "site")


@pytest.fixture(scope="module")
def desks(site: Site) -> Iterator[list[Key]]:
    """Each with a talkgroup of its own that it may talk in."""
    keys = [Key(site.member(f"lv{number}")) for number in range(DESKS)]
    try:
        for key in keys:
            key.start().wait_up()
            key.link.publish(TalkgroupDefined(f"g-{key.author}", key.author, "legevakt"))
        for key in keys:
            wait_for(lambda key=key: is_granted(key), "the arbiter to know the groups")  # type: ignore[misc]
        yield keys
    finally:
        for key in keys:
            key.link.stop()


def is_granted(key: Key) -> bool:
    return pressed(key) == "granted"


def pressed(key: Key) -> str:
    """What a press of the key comes to, given back at once. Raises SiteError."""
    group, number = f"g-{key.author}", next(PRESSES)
    verdict = key.press(group, number).verdict
    key.release(group, number)
    return verdict


class Hands:
    """Presses at each desk for as long as it lasts, and how long each took with its release."""

    def __init__(self, desks: list[Key]) -> None:
        self.took_s: list[float] = []
        self.failed: list[str] = []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._press, args=(one,)) for one in desks]

    def __enter__(self) -> Hands:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _press(self, key: Key) -> None:
        while not self._ended.wait(PRESS_S):
            began_s = time.monotonic()
            try:
                verdict = pressed(key)
            except SiteError as error:
                verdict = str(error)
            self.took_s.append(time.monotonic() - began_s)
            if verdict != "granted":
                self.failed.append(verdict)


@contextlib.contextmanager
def flooded(site: Site, service: str, name: str = "mad") -> Iterator[None]:
    """For a while; by one that is known to have asked thousands a second."""
    mad = site.member(name)
    payload = FLOODED[service].replace(b"mad", name.encode())
    subject = f"{asks_of(service, mad.identity.named)}.{KEY_OF.get(service, 'g-mad')}"
    with flooding(mad, subject, payload) as ended:
        began_s = time.monotonic()
        yield
        assert ended() > LEAST_PER_S * (time.monotonic() - began_s), "this was no flood"


@pytest.mark.parametrize("service", FLOODED)
def test_who_floods_a_service_keeps_nobody_else_waiting_and_fills_no_log(
    site: Site, desks: list[Key], service: str
) -> None:
    """In one of a few rounds: what a flood does it does in each, but on a machine that is busy with
    other things the site may lose its lease by itself."""
    site.member("mad")  # the server's log tells at length of each newcomer
    harms = []
    for _ in range(ROUNDS):
        harm = harm_of(site, desks, service)
        if not harm:
            return
        harms.append(harm)
    assert not harms


def harm_of(site: Site, desks: list[Key], service: str) -> str:
    """What a flood did, "" = nothing."""
    before = site.lines()
    with Hands(desks) as calm:
        time.sleep(CALM_S)
    with flooded(site, service), Hands(desks) as hands:
        time.sleep(FLOOD_S)
    assert len(hands.took_s) > DESKS
    failed, lines = (*calm.failed, *hands.failed), site.lines() - before
    if failed:
        return f"presses failed: {failed}"
    if most(hands) >= AS_LONG * max(most(calm), 0.01):
        return f"presses took {most(hands):.3f} s, in calm {most(calm):.3f}"
    return "" if lines < FLOOD_LINES else f"{lines} lines in the logs"


def most(hands: Hands) -> float:
    """Seconds that 95 of 100 presses took at the most."""
    took_s = sorted(hands.took_s)
    return took_s[len(took_s) * 95 // 100]


def test_others_sign_in_while_one_tries_pins_without_end(site: Site) -> None:
    desk = site.member("lv0")
    with flooded(site, persons.SERVICE):
        time.sleep(1.0)
        for _ in range(5):
            question = msgspec.json.encode(SignIn("Kari N", "4711"))
            said = ask(desk, persons.SERVICE, "sign-in", question)  # or it fails, in time
            assert msgspec.json.decode(said, type=SignedIn).confirmed


def test_all_are_told_who_it_is_once(site: Site, ear_at: EarAt) -> None:
    ear = ear_at(site.member("ears", "observer"))
    ear.wait_up()
    assert ear.link.wait_caught_up(10)
    with flooded(site, POLICY, "madder"):
        wait_for(lambda: told_of(ear, "madder"), "it to be told")
        time.sleep(1.0)
    assert told_of(ear, "madder") == [MemberFlooded("madder", POLICY)]
    assert set(ear.state.floods) >= {"madder"}
    log = (site_folder(site.home) / "site.log").read_text("utf-8")
    assert log.count("madder asks the service voice-policy far more than its share") == 1


def told_of(ear: Ear, member: str) -> list[MemberFlooded]:
    bodies = [one.body for one in list(ear.events)]
    return [one for one in bodies if isinstance(one, MemberFlooded) and one.member == member]


def test_its_own_alarm_is_taken_all_the_same(site: Site, ear_at: EarAt) -> None:
    ear, own = ear_at(site.member("lv1"), "ear"), ear_at(site.member("mad"), "alarm")
    ear.wait_up()
    own.wait_up()
    with flooded(site, fm.FLOOR):
        time.sleep(1.0)
        raised = own.publish(AlarmRaised("a-mad", "u1"))
        ear.wait_ids([raised])
        wait_for(lambda: raised in own.delivered, "the site's word that it has it")


def test_a_desk_that_comes_up_is_answered_whatever_it_asks_at_once(
    site: Site, ear_at: EarAt
) -> None:
    """All its talkgroups' keys, and nobody is told that it floods."""
    ear = ear_at(site.member("ears", "observer"))
    desk = site.member("busy")
    ask(desk, POLICY, "now", b"")  # the site knows of it

    async def come_up() -> int:
        nc = await connected(desk, "busy")
        try:
            asks = (
                ask_site(
                    nc,
                    f"{asks_of(KEYS, desk.identity.named)}.b{number}",
                    b'{"v":1}',
                    10.0,
                    nobody_s=10.0,  # as a key ring, which asks again
                )
                for number in range(1_024)
            )
            return len(await asyncio.gather(*asks))
        finally:
            await close_client(nc)

    for _ in range(2):
        assert asyncio.run(come_up()) == 1_024
        time.sleep(2.1)  # as long as a desk takes to come up again
    assert not told_of(ear, "busy")


def test_nobody_uses_up_anothers_share_by_what_the_server_repeats(
    site: Site, desks: list[Key]
) -> None:
    """Direct Get answers wherever its asker wishes; where the victim asks it does not know."""
    rogue, victim = site.member("rogue"), desks[0]

    async def attempt() -> None:
        nc = await connected(rogue, "trap")
        me = site.member(victim.author).identity
        onto = f"vb.ask.{fm.FLOOR}.{me.role}.{me.name}"
        for number in range(QUICK.burst * 2):
            reply = f"{onto}.{number:012x}.g-{me.name}" if number % 2 else f"{onto}.g-{me.name}"
            wish = json.dumps({"seq": 1}).encode()
            await nc.publish("$JS.API.DIRECT.GET.VB_RESOURCES", wish, reply=reply, headers=SPOKEN)
        await nc.flush()
        await close_client(nc)

    asyncio.run(attempt())
    assert is_granted(victim)
