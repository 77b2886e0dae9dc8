"""Every subject tried by every role at a real server, against a table that is written out here by
hand and not computed by the code that makes the permissions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Final, get_args

import nats
import pytest
from nats.aio.client import Client

from console.domain.events import AnyBody
from console.domain.roles import MEMBER_ROLES
from console.site.address import SiteAddress
from console.site.log.client import inbox_of, tls_options
from console.site.log.subjects import kind_of

from .conftest import PATIENCE_S, Server

pytestmark = pytest.mark.system

OPERATOR, TRAINER, RECEPTION, GATEWAY, OBSERVER = map(str, MEMBER_ROLES)
NETS: Final = {OPERATOR, TRAINER, GATEWAY}
EVERYBODY: Final = {OPERATOR, TRAINER, RECEPTION, GATEWAY, OBSERVER}
LAST: Final = "vb.last.of.all"
NOBODY: Final[set[str]] = set()

SAID: Final[dict[str, tuple[str, str, set[str]]]] = {
    "talkgroup-defined": ("resource", "talkgroup.g1", NETS),
    "talkgroup-removed": ("resource", "talkgroup.g1", NETS),
    "unit-defined": ("resource", "unit.u1", NETS),
    "unit-removed": ("resource", "unit.u1", NETS),
    "unit-moved": ("move", "u1", NETS),
    "status-changed": ("status", "u1", NETS),
    "floor-granted": ("floor", "g1", {TRAINER, GATEWAY}),
    "floor-released": ("floor", "g1", {TRAINER, GATEWAY}),
    "alarm-raised": ("alarm", "a1", NETS | {RECEPTION}),
    "alarm-acknowledged": ("alarm", "a1", {OPERATOR}),
    "alarm-taken": ("alarm", "a1", {OPERATOR}),
    "alarm-closed": ("alarm", "a1", {OPERATOR}),
    "alarm-reopened": ("alarm", "a1", {OPERATOR}),
    "alarm-escalated": ("alarm", "a1", NOBODY),
    "alarm-noted": ("alarm", "a1", {OPERATOR}),
    "alarm-units-sent": ("alarm", "a1", {OPERATOR}),
    "alarm-voice-kept": ("alarm", "a1", EVERYBODY),
    "message-sent": ("message", "u1", NETS | {RECEPTION}),
    "status-message-sent": ("message", "u1", NETS | {RECEPTION}),
    "message-delivered": ("message", "m1", NETS | {RECEPTION}),
    "message-read": ("message", "m1", NETS | {RECEPTION}),
    "stored-message-defined": ("resource", "stored.s1", {OPERATOR, GATEWAY}),
    "stored-message-removed": ("resource", "stored.s1", {OPERATOR, GATEWAY}),
    "callout-sent": ("callout", "c1", NETS),
    "callout-answered": ("callout", "c1", NETS | {RECEPTION}),
    "callout-reminded": ("callout", "c1", NOBODY),
    "callout-ended": ("callout", "c1", NETS),
    "group-formed": ("group", "g1", NETS),
    "group-member-added": ("group", "g1", NETS),
    "group-member-removed": ("group", "g1", NETS),
    "group-ended": ("group", "g1", NETS),
    "patch-made": ("group", "patch.p1", {OPERATOR}),
    "patch-ended": ("group", "patch.p1", {OPERATOR}),
    "call-offered": ("call", "c1", NETS | {RECEPTION}),
    "call-answered": ("call", "c1", NETS | {RECEPTION}),
    "call-ended": ("call", "c1", NETS | {RECEPTION}),
    "duty-set": ("people", "duty.d1", {OPERATOR, GATEWAY}),
    "duty-ended": ("people", "duty.d1", {OPERATOR, GATEWAY}),
    "person-signed-in": ("people", "desk.x", EVERYBODY),
    "person-signed-out": ("people", "desk.x", EVERYBODY),
    "handover-read": ("people", "desk.x", EVERYBODY - {OBSERVER, GATEWAY}),
    "recording-heard": ("audit", "desk.x", EVERYBODY),
    "recording-exported": ("audit", "desk.x", EVERYBODY),
    "log-exported": ("audit", "desk.x", EVERYBODY),
    "position-joined": ("resource", "desk.x", EVERYBODY),
    "position-left": ("resource", "desk.x", EVERYBODY),
    "member-enrolled": ("member", "x", NOBODY),
    "member-revoked": ("member", "x", NOBODY),
    "code-tried": ("member", "x", NOBODY),
    "member-flooded": ("member", "x", NOBODY),
    "sign-in-locked": ("member", "x", NOBODY),
    "layout-saved": ("layout", "x", EVERYBODY),
    "standard-layout-saved": ("layout", "x", {OPERATOR}),
    "landmark-defined": ("landmark", "x", {OPERATOR, TRAINER}),
    "landmark-removed": ("landmark", "x", {OPERATOR, TRAINER}),
    "pin-set": ("pin", "x", {OPERATOR, TRAINER}),
    "pin-removed": ("pin", "x", {OPERATOR, TRAINER}),
}
"""Kind: where it is logged, its key, who may say it besides the site itself."""

READ: Final[dict[str, tuple[str, set[str]]]] = {
    "alarm": ("VB_ALARMS", EVERYBODY),
    "message": ("VB_MESSAGES", EVERYBODY - {OBSERVER}),
    "resource": ("VB_RESOURCES", EVERYBODY),
    "status": ("VB_STATUS", EVERYBODY),
    "floor": ("VB_CALLS", EVERYBODY),
    "move": ("VB_TRACKS", EVERYBODY),
    "member": ("VB_MEMBERS", EVERYBODY),
    "callout": ("VB_CALLOUTS", EVERYBODY - {OBSERVER}),
    "group": ("VB_GROUPS", EVERYBODY),
    "people": ("VB_PEOPLE", EVERYBODY),
    "call": ("VB_PRIVATE", EVERYBODY),
    "audit": ("VB_AUDIT", {OPERATOR, TRAINER}),
    "layout": ("VB_LAYOUTS", EVERYBODY),
    "landmark": ("VB_LANDMARKS", EVERYBODY),
    "pin": ("VB_PINS", EVERYBODY),
}
"""Token of a stream: its name, who may read it."""

LIVE: Final = {"move": NETS, "floor": {TRAINER, GATEWAY}, "here": EVERYBODY}
OTHERS: Final = ("key", "keys", "patch", "site", "x")
SERVICES: Final = ("enrol", "person", "floor", "key", "x")
JETSTREAM: Final = (
    "$JS.API.INFO",
    "$JS.API.ACCOUNT.PURGE.VB",
    "$JS.API.STREAM.NAMES",
    "$JS.API.STREAM.LIST",
    "$JS.API.STREAM.CREATE.{0}",
    "$JS.API.STREAM.UPDATE.{0}",
    "$JS.API.STREAM.DELETE.{0}",
    "$JS.API.STREAM.PURGE.{0}",
    "$JS.API.STREAM.MSG.GET.{0}",
    "$JS.API.STREAM.MSG.DELETE.{0}",
    "$JS.API.STREAM.SNAPSHOT.{0}",
    "$JS.API.STREAM.RESTORE.{0}",
    "$JS.API.STREAM.LEADER.STEPDOWN.{0}",
    "$JS.API.CONSUMER.CREATE.{0}",
    "$JS.API.CONSUMER.CREATE.{0}.c",
    "$JS.API.CONSUMER.CREATE.{0}.c.vb.log.>",
    "$JS.API.CONSUMER.DURABLE.CREATE.{0}.c",
    "$JS.API.CONSUMER.MSG.NEXT.{0}.c",
    "$JS.API.CONSUMER.NAMES.{0}",
    "$JS.API.CONSUMER.LIST.{0}",
    "$JS.API.CONSUMER.INFO.{0}.c",
    "$JS.API.CONSUMER.DELETE.{0}.c",
    "$JS.API.DIRECT.GET.{0}.vb.log.alarm.operator.other.alarm-raised.a1",
    "$JS.ACK.{0}.c.1.1.1.1.0",
    "$JS.FC.{0}.c.x",
)
"""Nobody's but the site's; {0} is a stream."""
NEVER: Final = (
    "vb", "vb.x", "x", "vb.log", "vb.log.alarm", "$SYS.REQ.SERVER.PING", "$SYS.REQ.USER.INFO",
    "$SYS.ACCOUNT.VB.CONNECT", "$KV.x.y", "$KV.VB_SITE.lease", "$O.x.y", "_INBOX.x", "_INBOX_.x",
    "_INBOX_other.x", "vb.to.other.x", "vb.to.all.x", "vb.live.store.site.node-1.all",
)  # fmt: skip
WIDE: Final = (
    ">", "*", "vb.>", "*.>", "vb.*.>", "vb.log.>", "vb.log.alarm.>", "vb.told.>", "vb.told.*.>",
    "vb.*.alarm.>", "vb.ask.>", "vb.ask.*.*.*.>", "vb.to.>", "vb.to.*.>", "vb.to.other.>",
    "$SYS.>", "$JS.>", "$JS.EVENT.>", "$JS.API.>", "$KV.>", "$O.>", "_INBOX.>", "_INBOX_other.>",
    "_INBOX_other.x", "_R_.>", "_GR_.>",
)  # fmt: skip
"""What nobody but the site may listen to."""


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, SiteAddress]]:
    server = Server(tmp_path_factory.mktemp("matrix") / "site")
    found: dict[str, SiteAddress] = {role: server.enrol(f"m-{role}", role) for role in MEMBER_ROLES}
    for role in MEMBER_ROLES:
        server.enrol(f"o-{role}", role)
    try:
        server.start()
        yield found
    finally:
        server.stop()


class Tried:
    """One member's connection, and what the server refused it."""

    def __init__(self, address: SiteAddress) -> None:
        self._address = address
        self.refused: set[str] = set()

    async def __aenter__(self) -> Tried:
        self.nc: Client = await nats.connect(
            self._address.url,
            allow_reconnect=False,
            inbox_prefix=inbox_of(self._address.identity),
            error_cb=self._on_error,
            **tls_options(self._address.identity),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.nc.close()

    async def _on_error(self, error: Exception) -> None:
        violation = re.search(r'permissions violation for \w+ to "([^"]+)"', str(error))
        if violation is not None:
            self.refused.add(violation[1])

    async def publish(self, subjects: list[str]) -> set[str]:
        """The refused ones, in lower case as nats-py tells them."""
        for subject in subjects:
            await self.nc.publish(subject, b"x")
        return await self._told()

    async def subscribe(self, subjects: list[str], queue: str = "") -> set[str]:
        for subject in subjects:
            await self.nc.subscribe(subject, queue=queue, cb=_passed_over)
        return await self._told()

    async def _told(self) -> set[str]:
        """The server refuses in the order in which it is asked."""
        await self.nc.publish(LAST, b"x")
        async with asyncio.timeout(PATIENCE_S):
            while LAST not in self.refused:
                await asyncio.sleep(0.01)
        return self.refused - {LAST}


async def _passed_over(_message: object) -> None:
    """Whether one may listen is asked, not what is heard."""


def publishing(role: str, name: str) -> dict[str, bool]:
    """Subject: whether this member may publish there."""
    subjects: dict[str, bool] = {}
    for kind, (token, key, roles) in SAID.items():
        subjects[f"vb.log.{token}.{role}.{name}.{kind}.{key}"] = role in roles
        for other in MEMBER_ROLES:
            subjects[f"vb.log.{token}.{other}.o-{other}.{kind}.{key}"] = False
            if other != role:
                subjects[f"vb.log.{token}.{other}.{name}.{kind}.{key}"] = False
        subjects[f"vb.log.{token}.site.{name}.{kind}.{key}"] = False
        subjects[f"vb.told.{token}.{role}.{name}.{kind}.{key}"] = False
        for wrong in set(READ) - {token}:
            subjects[f"vb.log.{wrong}.{role}.{name}.{kind}.{key}"] = False
    for token in (*LIVE, *OTHERS):
        may = role in LIVE.get(token, NOBODY)
        subjects[f"vb.live.{token}.{role}.{name}.x"] = may
        subjects[f"vb.live.{token}.{role}.o-{role}.x"] = False
        subjects[f"vb.live.{token}.site.node-1.x"] = False
    for service in SERVICES:
        subjects[f"vb.ask.{service}.{role}.{name}.x"] = True
        subjects[f"vb.ask.{service}.{role}.o-{role}.x"] = False
        subjects[f"vb.ask.{service}.site.node-1.x"] = False
        subjects[f"vb.ask.{service}.site.{name}.x"] = False
    for token, (stream, readers) in READ.items():
        subjects[f"$JS.API.DIRECT.GET.{stream}"] = role in readers
        subjects[f"$JS.API.STREAM.INFO.{stream}"] = role in readers
        subjects |= {pattern.format(stream): False for pattern in JETSTREAM}
        subjects[f"vb.log.{token}.x"] = False
    subjects |= {"$JS.API.DIRECT.GET.VB_NOW": True, "$JS.API.STREAM.INFO.VB_NOW": True}
    subjects |= dict.fromkeys(NEVER, False)
    subjects |= {f"vb.to.{name}.x": False, f"_INBOX_{name}.x": False}
    return subjects


def listening(role: str, name: str) -> dict[str, bool]:
    subjects = {f"vb.told.{token}.>": role in readers for token, (_, readers) in READ.items()}
    subjects |= dict.fromkeys(("vb.live.>", f"vb.to.{name}.>", f"_INBOX_{name}.>"), True)
    subjects |= dict.fromkeys(WIDE, False)
    subjects |= {f"vb.ask.{service}.>": False for service in SERVICES}
    subjects |= {f"vb.to.o-{role}.>": False, f"_INBOX_o-{role}.>": False}
    return subjects


def test_the_table_knows_every_kind_there_is() -> None:
    assert set(SAID) == {kind_of(kind) for kind in get_args(AnyBody)}


@pytest.mark.parametrize("role", MEMBER_ROLES)
def test_a_role_says_what_the_table_has_and_nothing_else(
    members: dict[str, SiteAddress], role: str
) -> None:
    wanted = publishing(role, f"m-{role}")

    async def attempt() -> set[str]:
        async with Tried(members[role]) as tried:
            return await tried.publish(list(wanted))

    refused = asyncio.run(attempt())
    assert refused == {subject.lower() for subject, may in wanted.items() if not may}


@pytest.mark.parametrize("queue", ["", "vb-enrol"])
@pytest.mark.parametrize("role", MEMBER_ROLES)
def test_a_role_hears_what_the_table_has_and_steals_no_question(
    members: dict[str, SiteAddress], role: str, queue: str
) -> None:
    wanted = listening(role, f"m-{role}")

    async def attempt() -> set[str]:
        async with Tried(members[role]) as tried:
            return await tried.subscribe(list(wanted), queue)

    refused = asyncio.run(attempt())
    assert refused == {subject.lower() for subject, may in wanted.items() if not may}
