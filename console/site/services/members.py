"""The site's service for its members: the door, enrolment, renewal, and the persons there."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from console.domain.authors import SUFFIX
from console.domain.events import TO_ALL, AnyBody, Event, MemberFlooded
from console.site.address import LinkState, SiteError
from console.site.log.link import SiteLink
from console.site.log.outbox import SpoolError
from console.site.log.wire import EventError
from console.site.node.papers import kept_port, server_files
from console.site.node.people import People
from console.site.node.server import free_port
from console.site.security import pki
from console.site.security.private import write_private
from console.site.services import enrolment, persons
from console.site.services.asked import Asked
from console.site.services.door import Door
from console.site.services.enrolment import Enrolment
from console.site.services.persons import PersonDesk
from console.site.services.service import NodeContext

log = logging.getLogger(__name__)

PROGRAM: Final = "members"


class MembersService:
    """On each node. ``host`` is where the door is bound."""

    name = "members"

    def __init__(self, context: NodeContext, host: str) -> None:
        self._context = context
        self._host = host
        self._door = Door(server_files(context.folder))
        self._asked: Asked | None = None
        self._link: SiteLink | None = None

    def start(self) -> None:
        """Raises SiteError, SpoolError, OSError."""
        context = self._context
        authority = pki.Authority.load(context.folder / "pki")
        if authority is None:
            raise SiteError(f"the site's CA is missing in {context.folder}")
        people = context.people or People(context.folder)
        link = self._new_link()
        link.start()
        self._link = link
        enrolling = Enrolment(context, authority, self._door, self._tell)
        file = context.folder / "door"
        port = free_port(self._host, kept_port(file))
        self._door.start(self._host, port, enrolling.knock)
        write_private(file, str(self._door.port))
        context.offers["door"] = str(self._door.port)
        self._asked = Asked(
            context,
            PROGRAM,
            {
                enrolment.SERVICE: enrolling.answer_member,
                enrolment.at_node(context.address.identity.name): enrolling.answer_site,
                persons.SERVICE: PersonDesk(people, self._tell).answer,
            },
        )
        self._asked.start()  # last: what is asked needs the door

    def stop(self) -> None:
        self._door.stop()
        if self._asked is not None:
            self._asked.stop()
            self._asked = None
        if self._link is not None:
            self._link.stop()
            self._link = None

    def tick(self) -> None:
        """Door and questions have threads of their own; here is told who asks too much."""
        for flood in self._context.floods.take():
            if flood.service != TO_ALL:  # else who has seen it has written more of it
                log.warning(
                    "%s asks the service %s far more than its share; what is beyond it is dropped",
                    flood.member,
                    flood.service,
                )
            self._tell(MemberFlooded(flood.member, flood.service))

    def on_members_changed(self) -> None:
        """Perhaps the site's own certificate was signed for anew."""
        self._door.renew()

    def _new_link(self) -> SiteLink:
        """To say what has happened; it reads nothing."""
        return SiteLink(
            self._context.address,
            author=f"{self._context.address.identity.name}{SUFFIX}{PROGRAM}",
            spool=self._context.folder / "spool",
            on_events=_hears_nothing,
            on_state=_sees_for_itself,
            streams=(),
            live=False,
        )

    def _tell(self, body: AnyBody) -> None:
        """From any thread. What was done stands, also when it can't be told."""
        assert self._link is not None
        try:
            self._link.publish(body)
        except (EventError, SpoolError) as error:
            log.warning("%s was not told: %s", type(body).__name__, error)


def _hears_nothing(_events: Sequence[Event]) -> None:
    """No stream is read."""


def _sees_for_itself(_state: LinkState, _sentence: str) -> None:
    """The node watches its server itself."""
