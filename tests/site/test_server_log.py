"""What nats-server complains of is found in the site's own log, whoever fills the server's."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

import pytest

from console.site.address import SiteAddress
from console.site.log.client import close_client, come_in
from console.site.node import server, serverlog
from console.site.node.serverlog import MOST_ALIKE, MOST_KINDS, OTHER, Collator, Tail

from .conftest import alone, wait_for
from .enrolling import running

__all__ = ["alone"]

FORBIDDEN: Final = 12_000
HEAD: Final = "[7] 2026/11/27 19:03:03.710181"
EARLY: Final = "TLS Handshake First"
"""What the server warns of when it is started."""


async def say_forbidden(address: SiteAddress) -> None:
    nc = await come_in(address.place.urls, address.identity, "test")
    try:
        for number in range(FORBIDDEN):
            await nc.publish(f"vb.site.{number}", b"")
            if not number % 1_000:
                await nc.flush(10)
        await nc.flush(10)
    finally:
        await close_client(nc)


@pytest.mark.system
@pytest.mark.usefixtures("alone")
def test_who_says_what_it_may_not_washes_nothing_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server, "MAX_SERVER_LOG_BYTES", 300_000)
    monkeypatch.setattr(serverlog, "MINUTE_S", 3.0)
    caplog.set_level(logging.WARNING, serverlog.__name__)
    home = tmp_path / "home"

    def told(what: str) -> list[str]:
        return [one.message for one in caplog.records if what in one.message]

    with running(home) as site:
        rogue = site.enrol(tmp_path / "rogue", "lv9")
        wait_for(lambda: told("will fail to connect"), "what the server warned of at its start")
        asyncio.run(say_forbidden(rogue))
        wait_for(lambda: told("more of these"), "the sum of them")
    logs = list((home / "site").glob("nats.log*"))
    assert len(logs) > 1
    assert not any(EARLY in one.read_text() for one in logs), "it has been washed out there"
    found = told("Publish violation of lv9.operator: vb.site.")
    assert MOST_ALIKE < len(found) < 40
    assert sum(int(one.split()[1]) for one in told("more of these") if "lv9" in one) > 1_000
    assert not told("found in connect proto"), "which it says of every connection"


def line(text: str, level: str = "ERR") -> str:
    return f"{HEAD} [{level}] {text}"


def forbidden(who: str, subject: str) -> str:
    says = (
        f'127.0.0.1:44522 - cid:67 - "v2:py:x\\n [ERR] \\" - " - "VB/user:{who}.operator.c3.site"'
    )
    return line(f'{says} - Publish Violation - Subject "{subject}"')


def test_each_kind_is_told_a_few_times_and_then_counted() -> None:
    collator = Collator()
    lines = [forbidden("lv9", f"vb.site.{n}") for n in range(50)]
    told = collator.take(
        [*lines, line("JetStream stream 'VB > VB_ALARMS' critical write error")], 1
    )
    assert [said for _, said in told] == [
        *(f"Publish violation of lv9.operator: vb.site.{n}" for n in range(MOST_ALIKE)),
        "JetStream stream 'VB > VB_ALARMS' critical write error",
    ]
    assert collator.take([line("routine", "INF"), "no line of a server"], 2) == []
    [(level, said)] = collator.take([], 62)
    assert level == logging.ERROR
    assert said == "47 more of these within a minute: Publish violation of lv9.operator: vb.site.49"
    assert collator.take([], 200) == []


def test_no_number_of_kinds_fills_the_log() -> None:
    collator = Collator()
    lines = [line(f"{'x' * n} is odd", "WRN") for n in range(1_000)]
    assert len(collator.take(lines, 1)) == MOST_KINDS
    [(_, said)] = collator.take([], 62)
    assert said == f"{1_000 - MOST_KINDS - MOST_ALIKE} more of these within a minute: {OTHER}"


def test_what_a_client_says_of_itself_is_not_quoted() -> None:
    [(_, said)] = Collator().take([line('cid:5 - "v1:Kari N" - "me" - Slow Consumer')], 1)
    assert said == 'cid:5 - "…" - Slow Consumer'


def test_a_file_is_followed_when_it_is_renamed(tmp_path: Path) -> None:
    path = tmp_path / "nats.log"
    path.write_text("of before\n")
    tail = Tail(path)
    assert tail.lines() == []
    with path.open("a") as file:
        file.write("one\ntw")
        file.flush()
        assert tail.lines() == ["one"]
        path.rename(tmp_path / "nats.log.1")
        assert tail.lines() == []
        file.write("o\n")
        file.flush()
        assert tail.lines() == ["two"], "before another one is there"
        file.write("three\n")
    path.write_text("four\n")
    assert tail.lines() == ["three", "four"]
    path.unlink()
    assert tail.lines() == []
    tail.close()
