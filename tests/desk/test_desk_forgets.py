"""A desk shows things for as long as its own site keeps them, not as sites usually do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from console.domain.events import MessageSent
from console.site.find import find_site
from console.site.log.ids import EventIds
from console.site.node.process import ensure_site
from console.site.visit import visit
from tests.desk.processes import LOOPBACK, Net
from tests.desk.test_desk_hands import Sitting, sit_down

pytestmark = pytest.mark.system

DAY_MS = 86_400_000


def say(home: Path, text: str, days_ago: int) -> None:
    """As one who had no way to the site since then: the site has it for the first time now."""
    ids, next_id, then_ms = (
        EventIds(),
        EventIds.next,
        time.time_ns() // 1_000_000 - days_ago * DAY_MS,
    )
    with visit(find_site(home, interface=LOOPBACK), spool=home / f"cli-{days_ago}") as guest:
        guest.read_all()
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(
                EventIds, "next", lambda _ids, now_ms: next_id(ids, min(now_ms, then_ms))
            )
            guest.deliver(MessageSent(to="a13", text=text))


@pytest.fixture
def keeping(lan: Net, qapp: QApplication) -> Iterator[Sitting]:
    """At a site that keeps messages for a day, where a month is usual, and that has an older one
    all the same."""
    policy = lan.home / "site" / "policy.toml"
    policy.write_text(policy.read_text() + "[retention]\nmessage = 1\n")
    ensure_site(lan.home, interface=LOOPBACK)
    say(lan.home, "to dager gammel (fiktiv)", 2)
    say(lan.home, "ny (fiktiv)", 0)
    here = sit_down(lan)
    try:
        yield here
    finally:
        here.desk.end()
        here.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_desk_forgets_by_its_sites_policy(keeping: Sitting) -> None:
    desk = keeping.desk
    told: list[str] = []
    desk.parts.store.applied.connect(
        lambda events: told.extend(getattr(one.body, "text", "") for one in events)
    )

    def shown() -> set[str]:
        return {one.text for one in desk.parts.store.state.messages}

    keeping.until(lambda: "to dager gammel (fiktiv)" in told, "the log")
    keeping.until(lambda: shown() == {"ny (fiktiv)"}, "the old one gone when all has been read")
    say(keeping.net.home, "tre dager gammel (fiktiv)", 3)
    keeping.until(lambda: len(shown()) == 2, "one that had no way to the site for three days")
    desk.linked.upkeep.forget_expired()  # what its timer does every hour
    assert shown() == {"ny (fiktiv)"}
