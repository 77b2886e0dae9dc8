"""How long the log is kept is the log's own word, known to every link, also when it changes."""

from __future__ import annotations

import asyncio

import pytest

from console.site.address import SiteAddress
from console.site.log import session
from console.site.log.client import close_client, come_in
from console.site.log.logstore import stream_config
from console.site.log.retention import Retention
from console.site.log.subjects import DAY_S, MESSAGES, STREAMS

from .conftest import NewEar, Server, wait_for

pytestmark = pytest.mark.system


def keep(address: SiteAddress, retention: Retention) -> None:
    async def work() -> None:
        nc = await come_in(address.place.urls, address.identity, "policy")
        await nc.jetstream().update_stream(stream_config(MESSAGES, retention))
        await close_client(nc)

    asyncio.run(work())


def test_a_link_knows_how_long_the_log_is_kept_and_when_that_changes(
    server: Server, new_ear: NewEar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "KEPT_LOOK_S", 0.2)
    ear = new_ear("lv1")
    ear.wait_up()
    assert ear.link.kept_s == {stream.name: stream.max_age_s for stream in STREAMS}
    keep(server.address, Retention({"message": 14}))
    wait_for(lambda: ear.link.kept_s[MESSAGES.name] == 14 * DAY_S, "the new policy")
    server.kill()
    ear.wait_down()
    assert ear.link.kept_s[MESSAGES.name] == 14 * DAY_S, "what was said last counts"
