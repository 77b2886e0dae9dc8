"""How a desk comes to be enrolled: where it may be, with a code that somebody types; and whether
the enrolment that there is still counts. On the seeker's thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from console.site.address import ShutOutError, SiteAddress, SiteError
from console.site.find import enrolled_as, enrolled_at
from console.site.security import identity
from console.site.security.codes import BadCode, typed
from console.site.security.join import Turned, join
from console.streams.announcement import SiteAnnouncement
from console.streams.browse import find_sites

log = logging.getLogger(__name__)

BROWSE_S: Final = 1.0
FORGET_AFTER: Final = 5
"""A site that so many looks have missed is offered no more; one may be missed on a busy network."""


class Enrolling:
    """``over``: why the enrolment that there was is of no use."""

    def __init__(
        self, home: Path, interface: str | None, on_ended: Callable[[str, str], None]
    ) -> None:
        """``on_ended`` gets why it failed, "" = it did not, and what the site calls this desk."""
        self.over: ShutOutError | None = None
        self._home = home
        self._interface = interface
        self._on_ended = on_ended
        self._found: SiteAnnouncement | None = None  # where this desk may enrol
        self._missed = 0
        self._code = ""
        self._lock = threading.Lock()

    @property
    def offered(self) -> str:
        """The site at which this desk may enrol, "" = there is none."""
        return self._found.site if self._found is not None else ""

    def give(self, code: str) -> None:
        """On any thread."""
        with self._lock:
            self._code = code

    def enrolled(self) -> SiteAddress | None:
        try:
            found = enrolled_at(self._home)
        except ShutOutError as over:
            self.over = over
            return None
        self.over = None
        return found

    def look_around(self) -> bool:
        """For a site to enrol at. Whether there is one."""
        found = [one for one in find_sites(self._interface, BROWSE_S) if one.door_url]
        self._missed = 0 if found else self._missed + 1
        if found or self._missed >= FORGET_AFTER:
            self._found = found[0] if found else None
        return bool(found)

    def enrol(self, address: SiteAddress | None, shut_out: ShutOutError | None) -> bool:
        """With the code that was given, if one was. ``address``: where this desk is enrolled, and
        ``shut_out`` why that site takes it no more. True when it has succeeded."""
        with self._lock:
            code, self._code = self._code, ""
        if not code:
            return False
        door = self._door(address, shut_out)
        if not door:
            self._on_ended("failed", "")
            return False
        ended = enrolled_as(self._home) if self.over or shut_out else None
        try:
            new, label = join(self._home, door, typed(code))
            if ended is not None and ended != new.identity.role:
                identity.set_aside(identity.folder_of(self._home, ended))
        except Turned as turned:
            self._on_ended(turned.why, "")
        except BadCode:
            self._on_ended("malformed", "")
        except (SiteError, OSError) as error:
            log.warning("enrolment: %s", error)
            self._on_ended("failed", "")
        else:
            self._on_ended("", label)
            self._found, self.over = None, None
            return True
        return False

    def _door(self, address: SiteAddress | None, shut_out: ShutOutError | None) -> str:
        """Where this desk may enrol: at the site that was found, or again where it has been."""
        if self._found is not None or address is None or shut_out is None:
            return "" if self._found is None else self._found.door_url
        found = find_sites(self._interface, BROWSE_S)
        doors = [one.door_url for one in found if one.fingerprint == address.place.site]
        return next((door for door in doors if door), address.place.door)
