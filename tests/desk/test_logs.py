"""A site, a desk, an engine and commands at work: no log of theirs holds what was said, or who."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest

from console.domain.events import (
    AlarmClosed,
    AlarmRaised,
    AlarmTaken,
    AnyBody,
    MessageSent,
    Position,
    StatusChanged,
    TalkgroupDefined,
    UnitDefined,
    UnitMoved,
)
from console.site.address import SiteAddress
from console.site.find import find_site
from console.site.log.client import inbox_of, tls_options
from console.site.visit import visit
from tests.desk.processes import LOOPBACK, Net, end, engine_of, wait_for

pytestmark = pytest.mark.system

MARKER = "zqBrystsmerterQz"
LAT = 59.123456
NOTED_BY_DESIGN = {"audit.log"}


def bodies() -> list[AnyBody]:
    return [
        TalkgroupDefined(talkgroup="lv1", name=f"Gruppe {MARKER}"[:64]),
        UnitDefined(unit="u1", call_sign=MARKER, unit_kind="ambulance"),
        UnitMoved(unit="u1", position=Position(lat=LAT, lon=10.5)),
        StatusChanged(unit="u1", status="free", text=MARKER),
        AlarmRaised(alarm="A1", unit="u1", text=MARKER, position=Position(lat=LAT, lon=10.5)),
        AlarmTaken(alarm="A1", note=MARKER),
        AlarmClosed(alarm="A1", reason="real", note=MARKER),
        MessageSent(to="lv1", text=MARKER),
    ]


async def say_nonsense(address: SiteAddress) -> None:
    """Straight to the server: what a broken program of a member might send."""
    me = address.identity
    async with await nats.connect(
        list(address.place.urls), inbox_prefix=inbox_of(me), **tls_options(me)
    ) as nc:
        where = f"{me.role}.{me.name}"
        for body in (
            {"kind": MARKER},
            {"kind": "status-changed", "unit": MARKER + " ", "status": "s"},
            {"kind": "status-changed", "unit": "u1", "status": "s", "urgency": MARKER},
            {"kind": "message-sent", "to": "lv1", "text": MARKER * 200},
        ):
            event = {"id": "0" * 26, "time_ms": 1, "author": me.name, "seq": 1, "body": body}
            payload = json.dumps(event).encode()
            await nc.publish(f"vb.log.status.{where}.status-changed.u1", payload)
            await nc.publish(f"vb.live.move.{where}.u1", payload)
            await nc.publish(f"vb.log.message.{where}.alarm-escalated.x", payload)
        await nc.flush()


def logs_below(home: Path) -> Iterator[Path]:
    for file in home.rglob("*.log*"):
        if file.is_file() and file.name.removesuffix(".1") not in NOTED_BY_DESIGN:
            yield file


def secrets_below(home: Path) -> set[str]:
    """Keys as they stand in files, and in hexadecimal digits."""
    found: set[str] = set()
    for file in home.rglob("*"):
        if not file.is_file() or file.suffix in {".log", ".db"} or file.stat().st_size > 20_000:
            continue
        data = file.read_bytes()
        if file.name.endswith("key"):
            found.add(data.hex()[:64])
        text = data.decode(errors="replace")
        found |= set(re.findall(r"k[0-9a-f]{64}", text))
        for pem in re.findall(r"PRIVATE KEY-----\n(.+?)\n-----", text, re.DOTALL):
            found |= set(pem.split("\n"))
    return found


def test_no_log_holds_what_was_said_or_who_or_where_or_a_key(lan: Net) -> None:
    lan.start("site", "--log-level", "debug")
    wait_for((lan.home / "site" / "site.json").exists, "the site")
    desk = lan.desk("--log-level", "debug", "--person", MARKER)
    with engine_of(lan.home):
        address = find_site(lan.home, interface=LOOPBACK)
        with visit(address, spool=lan.home / "cli", person=MARKER) as guest:
            for body in bodies():
                if isinstance(body, UnitMoved):
                    guest._link.publish(body)
                else:
                    guest.deliver(body)
        asyncio.run(say_nonsense(address))
        said = ("raise", "--unit", "u1", "--text", MARKER, "--person", MARKER)
        assert lan.start("alarm", *said).wait(30) == 0
        desk_log = lan.home / "desk" / "desk.log"
        wait_for(lambda: "malformed" in text(desk_log), "what the desk has skipped")
        time.sleep(0.5)
    end(desk)
    lan.stop()
    logs = {file.relative_to(lan.home).as_posix(): text(file) for file in logs_below(lan.home)}
    assert logs["desk/desk.log"]
    assert logs["site/site.log"]
    for name in ("desk/desk.log", "site/site.log", "engine/engine.log"):
        for line in logs[name].splitlines():
            assert {"time", "level", "logger", "message"} <= set(json.loads(line))
    assert "site/nats.log" in logs
    for name, content in logs.items():
        for secret in (MARKER, MARKER.lower(), str(LAT)):
            assert secret not in content, (name, content[content.find(secret) - 300 :][:600])
    keys = secrets_below(lan.home)
    assert len(keys) > 4
    together = "\n".join(logs.values())
    assert not [key for key in keys if key and key in together]


def text(file: Path) -> str:
    return file.read_text("utf-8", errors="replace") if file.exists() else ""
