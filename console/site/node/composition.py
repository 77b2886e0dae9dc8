"""What runs on a node beside its server: the one place where the services are put together."""

from __future__ import annotations

from console.site.node.options import SiteOptions
from console.site.services.escalation import EscalationService
from console.site.services.service import MakeService, NodeContext, Service
from console.site.services.turnover import TurnoverService


def services_everywhere(_context: NodeContext, _options: SiteOptions) -> list[Service]:
    """On each node of the site, in the order of their start."""
    return []


def services_once(context: NodeContext, options: SiteOptions) -> list[MakeService]:
    """On the node that holds the lease, in the order of their start."""
    return [
        lambda _epoch: EscalationService(context, options.escalate_s),
        lambda _epoch: TurnoverService(context),
    ]
