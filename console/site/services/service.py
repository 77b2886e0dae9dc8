"""What a node of a site runs beside its server: services, each started and stopped by the node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from console.site.address import SiteAddress, SiteError
from console.site.node.joining import NodePack
from console.site.node.nodes import KnownNode
from console.site.node.people import People
from console.site.security.members import Member
from console.site.services.floods import Floods


class Service(Protocol):
    """All calls come from the node's main thread and must be quick."""

    name: str

    def start(self) -> None:
        """Raises SiteError, SpoolError or OSError: a node does not come up without it."""

    def stop(self) -> None:
        """Also of one that did not start."""

    def tick(self) -> None:
        """Four times a second."""

    def on_members_changed(self) -> None:
        """Somebody was enrolled, taken out, or signed for anew; the server knows already."""


class OtherNodes(Protocol):
    """The other nodes of the site, for who may read this one's folder. From any thread but the
    node's main one; all raise SiteError, OSError."""

    @property
    def is_waiting(self) -> bool:
        """Whether this one has no server of its own until there are enough of them."""

    def expect(self) -> None:
        """Another home may become a node from now on."""

    def admit(self, name: str) -> NodePack:
        """What makes another home the node of that name, for that home alone."""

    def remove(self, name: str) -> None:
        """For good; one that does not run."""

    def known(self) -> tuple[KnownNode, ...]:
        """All of them, this one too."""


class NoOthers:
    """Of a node without them."""

    is_waiting = False

    def expect(self) -> None:
        raise SiteError("this site takes no other nodes")

    def admit(self, name: str) -> NodePack:
        raise SiteError(f"this site takes no other nodes, so not {name}")

    def remove(self, name: str) -> None:
        raise SiteError(f"this site has no other nodes, so not {name}")

    def known(self) -> tuple[KnownNode, ...]:
        return ()


@dataclass(frozen=True)
class NodeContext:
    """What services get of their node. ``address`` is the node's own way in; ``folder`` is
    ``<home>/site``; ``members`` are those who may come in now; ``change_member`` enrols or takes
    out (any thread; the server has been told when it returns; raises SiteError, OSError).
    ``offers`` is what the services add to the node's announcement, before it is made. ``people``
    may sign in, at every node of the site; None: the service keeps them itself. ``floods`` is where
    it is said who asks, or says, too much."""

    address: SiteAddress
    folder: Path
    members: Callable[[], tuple[Member, ...]]
    change_member: Callable[[Member], None]
    offers: dict[str, str] = field(default_factory=dict)
    nodes: OtherNodes = field(default_factory=NoOthers)
    people: People | None = None
    floods: Floods = field(default_factory=Floods)


MakeService = Callable[[int], Service]
"""Of a service that runs on one node of the site at a time: its fencing epoch in (greater than that
of every earlier holder), the service out, not started."""
