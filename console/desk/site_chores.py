"""What a desk does for its site now and then: starts it again, renews its certificate, sends what a
command has left, measures how far away the site is. On the seeker's thread."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from pathlib import Path
from typing import Final

from console.site.address import SiteAddress, SiteError
from console.site.log.link import SiteLink
from console.site.log.outbox import SpoolError
from console.site.node.process import is_orphaned, read_site_file, revive_site
from console.site.services.renewal import renew_if_due
from console.site.visit import left_over, send_left_over

log = logging.getLogger(__name__)

MEASURE_S: Final = 5.0
LEFT_OVER_EVERY_S: Final = 5.0
RENEW_EVERY_S: Final = 3_600.0
GONE_S: Final = 3.0
"""So long somebody else may take to start this home's site again, once its process is gone."""
REVIVE_EVERY_S: Final = 10.0
END_S: Final = 5.0


class SiteChores:
    def __init__(self, home: Path) -> None:
        self._home = home
        self._revive_due_s = 0.0
        self._renew_due_s = 0.0
        self._left_over_due_s = 0.0
        self._measured_s = float("-inf")
        self._sending = threading.Thread()  # none yet

    def stop(self) -> None:
        if self._sending.is_alive():
            self._sending.join(timeout=END_S)

    def revive(self, address: SiteAddress | None) -> None:
        """Start the site of this home again, where this desk is at home, when its process has died.
        Its server may go on, and the link with it: without this nobody would give the floor, or
        let an alarm escalate, until the next desk starts."""
        now_s, known = time.monotonic(), read_site_file(self._home)
        is_ours = (
            known is not None
            and address is not None
            and known.place == address.place
            and is_orphaned(self._home)
        )
        if not is_ours:
            self._revive_due_s = now_s + GONE_S
        elif now_s >= self._revive_due_s:
            self._revive_due_s = now_s + REVIVE_EVERY_S
            log.warning("the site of this machine has died; it is started again")
            try:
                revive_site(self._home)
            except (SiteError, OSError) as error:
                log.warning("the site could not be started again: %s", error)

    def measure(self, link: SiteLink) -> None:
        """How far the site is, every few seconds."""
        now_s = time.monotonic()
        if now_s - self._measured_s >= MEASURE_S:
            self._measured_s = now_s
            link.measure()

    def renew(self, address: SiteAddress) -> bool:
        """Two thirds through its life the certificate is signed for anew; the link shows the new
        one when it next connects. Whether it was."""
        now_s = time.monotonic()
        if now_s < self._renew_due_s:
            return False
        self._renew_due_s = now_s + RENEW_EVERY_S
        try:
            return renew_if_due(address)
        except (SiteError, OSError) as error:
            log.warning("the certificate could not be renewed yet: %s", error)
            return False

    def send_left_over(self, address: SiteAddress) -> None:
        """What a command of this home could not deliver; on a thread of its own, as it blocks."""
        now_s = time.monotonic()
        if now_s < self._left_over_due_s:
            return
        self._left_over_due_s = now_s + LEFT_OVER_EVERY_S
        if left_over(self._home, address) is None or self._sending.is_alive():
            return
        self._sending = threading.Thread(
            target=self._send_now, args=(address,), name="site-left-over", daemon=True
        )
        self._sending.start()

    def _send_now(self, address: SiteAddress) -> None:
        try:
            count = send_left_over(self._home, address)
            log.info("%d events of earlier commands have been sent", count)
        except (SiteError, SpoolError, sqlite3.Error, OSError) as error:
            log.warning("what commands had kept could not be sent yet: %s", error)
