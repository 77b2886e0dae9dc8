"""What a command tells the site's audit: who heard, or took out, what."""

from __future__ import annotations

import getpass
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from console.domain.events import AnyBody
from console.site.address import SiteAddress, SiteError
from console.site.find import find_site
from console.site.log.outbox import SpoolError
from console.site.log.wire import EventError
from console.site.visit import spool_of, visit


def note_where_a_site_is(
    home: Path, interface: str | None, bodies: Sequence[AnyBody], person: str
) -> None:
    """Without a site the engine's own audit log has to do."""
    try:
        address = find_site(home, interface=interface)
    except SiteError:
        return
    note_at(address, home, bodies, person)


def note_at(address: SiteAddress, home: Path, bodies: Sequence[AnyBody], person: str = "") -> None:
    """What the site doesn't take now waits in the outbox of the commands of this home."""
    try:
        with visit(
            address, spool=spool_of(home), person=person or getpass.getuser(), streams=()
        ) as guest:
            for body in bodies:
                guest.deliver(body)
    except (SiteError, SpoolError, EventError, sqlite3.Error) as error:
        print(f"vaktbord: the site's audit does not have it: {error}", file=sys.stderr)
