"""A site as a leaf node of a region's cluster: the region has a copy, says nothing, may be away."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import nats
import pytest
from nats.js.api import ExternalStream, StreamConfig, StreamSource

from console.domain.events import AlarmRaised, Event
from console.site.log.wire import encode
from console.site.node.papers import Papers
from console.site.node.server import Region, ServerConfig, server_binary
from console.site.security.private import write_private
from tests.ports import free_port

from .conftest import EarAt, Server, wait_for

pytestmark = pytest.mark.system

HUB = """
server_name: region
host: 127.0.0.1
port: {port}
jetstream {{ store_dir: "{folder}/store", domain: region }}
accounts {{ VB {{ jetstream: enabled, users: [ {{ user: region, password: fictional }} ] }} }}
no_auth_user: region
leafnodes {{
  host: 127.0.0.1
  port: {leaf_port}
  tls {{ cert_file: "{certificate}", key_file: "{key}", ca_file: "{ca}", verify: true }}
  authorization {{ account: VB }}
}}
"""


class Hub:
    """The region's server, with a CA of its own."""

    def __init__(self, folder: Path) -> None:
        papers = Papers.open(folder, "Region")
        self.tls = papers.routes(("127.0.0.1",))
        self.port, self.leaf_port = free_port("127.0.0.1"), free_port("127.0.0.1")
        self._conf = folder / "hub.conf"
        self._conf.write_text(
            HUB.format(
                port=self.port,
                leaf_port=self.leaf_port,
                folder=folder,
                certificate=self.tls.certificate,
                key=self.tls.key,
                ca=self.tls.ca,
            )
        )

    def start(self) -> None:
        self.process = subprocess.Popen(
            [server_binary(), "-c", str(self._conf)], stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def ask(self, work: Any) -> Any:
        async def asked() -> Any:
            nc = await nats.connect(
                f"nats://127.0.0.1:{self.port}", allow_reconnect=False, max_reconnect_attempts=1
            )
            try:
                return await work(nc)
            finally:
                await nc.close()

        try:
            return asyncio.run(asked())
        except (nats.errors.Error, OSError, TimeoutError):
            return None

    def copy(self) -> Any:
        """Have a copy of the site's alarms."""
        source = StreamSource(name="VB_ALARMS", external=ExternalStream(api="$JS.site-a.API"))
        config = StreamConfig(name="SITE_A_ALARMS", mirror=source)
        return self.ask(lambda nc: nc.jetstream().add_stream(config))

    def copied(self) -> int:
        info = self.ask(lambda nc: nc.jetstream().stream_info("SITE_A_ALARMS"))
        return info.state.messages if info is not None else -1


def ask_site(hub: Hub, work: Any) -> Any:
    """Of the site's JetStream, through the region."""
    return hub.ask(lambda nc: work(nc.jetstream(domain="site-a", timeout=1)))


FORGET = StreamConfig(name="VB_ALARMS", subjects=["vb.log.alarm.>"], max_age=1)


class LeafSite(Server):
    region: Region | None = None

    def _config(self) -> ServerConfig:
        return msgspec.structs.replace(super()._config(), region=self.region)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = Hub(tmp_path / "region")
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


@pytest.fixture
def leaf(tmp_path: Path, hub: Hub) -> Iterator[LeafSite]:
    site = LeafSite(tmp_path / "site")
    where = {
        "urls": [f"tls://127.0.0.1:{hub.leaf_port}"],
        "domain": "site-a",
        "certificate": str(hub.tls.certificate),
        "key": str(hub.tls.key),
        "ca": str(hub.tls.ca),
    }
    write_private(tmp_path / "site" / "region.json", msgspec.json.encode(where).decode())
    site.region = Region.load(tmp_path / "site")
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.mark.long  # a source behind a leaf comes when the server asks again: up to a minute
@pytest.mark.timeout(300)
def test_the_region_copies_says_nothing_and_may_be_away(
    hub: Hub, leaf: LeafSite, ear_at: EarAt
) -> None:
    desk, other = ear_at(leaf.as_member("one")), ear_at(leaf.as_member("two"))
    desk.wait_up()
    ids = [desk.publish(AlarmRaised(alarm=f"A{n}", unit="u1")) for n in range(5)]
    other.wait_ids(ids)
    wait_for(lambda: hub.copy() is not None, "the region to have its copy", 90.0)
    wait_for(lambda: hub.copied() == 5, "all to be copied", 90.0)

    forged = Event(id="0" * 26, time_ms=0, author="one", seq=1, body=AlarmRaised("X", "u9"))
    for subject in ("vb.log.alarm.operator.one.alarm-raised.X", "vb.told.alarm.operator.one.x.X"):
        hub.ask(lambda nc, subject=subject: nc.publish(subject, encode(forged)))

    hub.ask(lambda nc: nc.publish("$KV.VB_LEASES.lease.services", b"{}"))
    there = ask_site(hub, lambda js: js.stream_info("VB_ALARMS"))
    assert there is not None, "it may look at a stream"
    for work in (
        lambda js: js.delete_stream("VB_ALARMS"),
        lambda js: js.purge_stream("VB_ALARMS"),
        lambda js: js.update_stream(FORGET),
    ):
        assert ask_site(hub, work) is None, "but not change it"

    hub.stop()
    ids += [desk.publish(AlarmRaised(alarm=f"B{n}", unit="u1")) for n in range(5)]
    other.wait_ids(ids)
    assert sorted(other.ids()) == sorted(ids), "what the region said did not come in"
    assert other.link.counts.skipped == 0
    assert [state for state, _ in desk.states] == ["connecting", "up"]
    hub.start()
    wait_for(lambda: hub.copied() == 10, "the copy to be whole again", 60.0)
