"""A node must bring its server back: none of its services may keep it from that."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from console.site.services.floor import FloorService
from console.site.services.keys import KeyService
from console.site.services.service import NodeContext, Service
from console.site.services.turnover import TurnoverService
from console.site.services.watch import SiteWatch
from tests.site.conftest import Server

pytestmark = pytest.mark.system
QUICK_S = 15.0
"""Seconds that matter to nobody; a client that goes on trying takes minutes."""

SERVICES: dict[str, Callable[[NodeContext], Service]] = {
    "floor": lambda context: FloorService(context, 1),
    "keys": KeyService,
    "turnover": TurnoverService,
    "watch": lambda context: SiteWatch(context, 60),
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_whose_server_has_gone_starts_and_ends(server: Server, name: str) -> None:
    context = NodeContext(
        server.address,
        server.folder,
        lambda: tuple(server.papers.members.present()),
        server.papers.change,
    )
    server.kill()
    service = SERVICES[name](context)

    def live() -> None:
        service.start()
        service.stop()

    life = threading.Thread(target=live, daemon=True)
    life.start()
    life.join(QUICK_S)
    assert not life.is_alive()
