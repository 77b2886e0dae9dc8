"""Starts and stops a node's services: some always, some while the node holds the site's lease."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from console.site.address import SiteError
from console.site.log.outbox import SpoolError
from console.site.services.leasekeeper import LeaseKeeper
from console.site.services.service import MakeService, Service

log = logging.getLogger(__name__)


class ServiceRunner:
    """All from the node's main thread. One service that fails costs no other."""

    def __init__(
        self, everywhere: Sequence[Service], once: Sequence[MakeService], lease: LeaseKeeper
    ) -> None:
        self._everywhere = everywhere
        self._once = once
        self._lease = lease
        self._started: list[Service] = []
        self._leased: list[Service] = []
        self._epoch = 0
        self.is_started = False
        self.failures = 0

    def start(self) -> None:
        """Raises SiteError, SpoolError, OSError."""
        self.is_started = True
        for service in self._everywhere:
            self._started.append(service)
            service.start()
        self._lease.start()

    def is_log_missing(self) -> bool:
        """True once for each time that it was looked for in vain: a disk came back empty."""
        missing = self._lease.is_log_missing
        self._lease.is_log_missing = False
        return missing

    def stop(self) -> None:
        """In the reverse order of starting; the lease is given back when its services are done."""
        self._end(self._leased)
        self._lease.stop()
        self._end(self._started)

    def tick(self, members_changed: bool) -> None:
        self.follow_lease()
        for service in (*self._started, *self._leased):
            try:
                if members_changed:
                    service.on_members_changed()
                service.tick()
            except Exception:
                self._failed(service)

    def follow_lease(self) -> None:
        """More often than :meth:`tick`: until it has, nobody gives the floor."""
        epoch = self._lease.epoch
        if epoch == self._epoch:
            return
        self._end(self._leased)
        self._epoch = epoch
        if not epoch:
            log.warning("another node runs the site's services now, or none can tell")
            return
        log.info("this node runs the site's services, epoch %d", epoch)
        for make in self._once:
            self._begin(make(epoch))

    def _begin(self, service: Service) -> None:
        try:
            service.start()
        except (SiteError, SpoolError, OSError):
            self._failed(service)
        else:
            self._leased.append(service)

    def _end(self, services: list[Service]) -> None:
        while services:
            service = services.pop()
            try:
                service.stop()
            except Exception:
                self._failed(service)

    def _failed(self, service: Service) -> None:
        self.failures += 1
        log.exception("the service %s failed", service.name)
