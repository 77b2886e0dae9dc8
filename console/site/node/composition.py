"""What runs on a node beside its server: the one place where the services are put together."""

from __future__ import annotations

from console.site.node.options import SiteOptions
from console.site.services.floor import FloorService
from console.site.services.keys import KeyService
from console.site.services.members import MembersService
from console.site.services.service import MakeService, NodeContext, Service
from console.site.services.turnover import TurnoverService
from console.site.services.watch import SiteWatch


def services_everywhere(context: NodeContext, options: SiteOptions) -> list[Service]:
    """On each node of the site, in the order of their start."""
    return [MembersService(context, options.host)]


def services_once(context: NodeContext, options: SiteOptions) -> list[MakeService]:
    """On the node that holds the lease, in the order of their start."""
    return [
        lambda epoch: FloorService(context, epoch),  # first: a key that is held waits for it
        lambda _epoch: SiteWatch(context, options.escalate_s),
        lambda _epoch: KeyService(context),
        lambda _epoch: TurnoverService(context),
    ]
