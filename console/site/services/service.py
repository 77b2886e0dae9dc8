"""What a node of a site runs beside its server: services, each started and stopped by the node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from console.site.address import SiteAddress, SiteError
from console.site.node.nodes import NodePack
from console.site.security.members import Member


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


def nobody_joins() -> NodePack:
    """Raises SiteError."""
    raise SiteError("this site has one node; start it with `vaktbord site --cluster`")


@dataclass(frozen=True)
class NodeContext:
    """What services get of their node. ``address`` is the node's own way in; ``folder`` is
    ``<home>/site``; ``members`` are those who may come in now; ``change_member`` enrols or takes
    out (any thread; the server has been told when it returns; raises SiteError, OSError).
    ``offers`` is what the services add to the node's announcement, before it is made.
    ``admit_node`` gives what makes another home a node of this site, for that home alone."""

    address: SiteAddress
    folder: Path
    members: Callable[[], tuple[Member, ...]]
    change_member: Callable[[Member], None]
    offers: dict[str, str] = field(default_factory=dict)
    admit_node: Callable[[], NodePack] = nobody_joins


MakeService = Callable[[int], Service]
"""Of a service that runs on one node of the site at a time: its fencing epoch in (greater than that
of every earlier holder), the service out, not started."""
