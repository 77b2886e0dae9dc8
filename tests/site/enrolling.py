"""A whole site in this process, with its real server and door, and what one does at them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from console.domain.roles import MemberRole
from console.site.address import SiteAddress
from console.site.node.options import SiteOptions
from console.site.node.service import SiteService
from console.site.security import identity
from console.site.security.codes import typed
from console.site.security.join import join
from console.site.services import enrolment
from console.site.services.asked import ask
from console.site.services.enrolment import CodeMade, NewCode, TakeOut


class Site:
    """Made by :func:`running`."""

    def __init__(self, home: Path, service: SiteService, address: SiteAddress) -> None:
        self.home = home
        self.service = service
        self.address = address

    @property
    def node(self) -> SiteAddress:
        ours = identity.load(self.home / "site" / "node")
        assert ours is not None
        return SiteAddress(self.address.place, ours)

    @property
    def door(self) -> str:
        return f"https://127.0.0.1:{(self.home / 'site' / 'door').read_text()}"

    def open_code(self, name: str, role: MemberRole = "operator", label: str = "") -> str:
        """In its plain form."""
        said = self.ask_node("open", NewCode(name, role, label))
        return typed(msgspec.json.decode(said, type=CodeMade).code)

    def enrol(self, home: Path, name: str, role: MemberRole = "operator") -> SiteAddress:
        return join(home, self.door, self.open_code(name, role)).address

    def revoke(self, name: str) -> None:
        self.ask_node("revoke", TakeOut(name))

    def ask_node(self, key: str, question: msgspec.Struct) -> bytes:
        node = self.node
        service = enrolment.at_node(node.identity.name)
        return ask(node, service, key, msgspec.json.encode(question))


@contextlib.contextmanager
def running(home: Path) -> Iterator[Site]:
    service = SiteService(SiteOptions(home, "Prøvesiden", "127.0.0.1"))
    address = service.start()
    turning = threading.Thread(target=service.run, name="site-under-test")
    turning.start()
    try:
        yield Site(home, service, address)
    finally:
        service.stop.set()
        turning.join()
        service.close()
