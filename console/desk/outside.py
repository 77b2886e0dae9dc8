"""What the rest of a desk knows and asks of what is outside: its engine, its site, the streams.

Before the window has been painted there is nothing outside: what is said then goes nowhere.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from audio import protocol
from console.desk.audit import AuditTrail
from console.domain.events import AnyBody
from console.models.status import StatusModel

if TYPE_CHECKING:
    from console.desk.floor import FloorDesk
    from console.desk.links import Links
    from console.desk.listening import Listening


class Outside(QObject):
    """``links``, ``listening`` and ``floor`` are put in when they are made."""

    def __init__(
        self, status: StatusModel, is_confirmed: Callable[[], bool], parent: QObject
    ) -> None:
        """``is_confirmed``: whether the site knows that it is who sits here."""
        super().__init__(parent)
        self.links: Links | None = None
        self.listening: Listening | None = None
        self.floor: FloorDesk | None = None
        self._status = status
        self._is_confirmed = is_confirmed
        self._audit = AuditTrail()

    # -- who this desk is -----------------------------------------------------------------

    def label(self) -> str:
        return self._status.status().position or platform.node() or "?"

    def role(self) -> str:
        """This desk's at its site, "" = it is at none."""
        return self.links.role if self.links is not None else ""

    def member(self) -> str:
        """As whom this desk is at its site, "" = it is at none."""
        return self.links.member if self.links is not None else ""

    def trains(self) -> bool:
        """Whether what this desk says is an exercise's."""
        return self.links is not None and self.links.trains

    # -- what is known of it --------------------------------------------------------------

    def has_all_of_site(self) -> bool:
        return self.links is not None and self.links.has_all_of_site

    def kept_s(self) -> Mapping[str, int]:
        """How long the site's log keeps its streams; a stream that is not named, as usual."""
        return self.links.kept_s if self.links is not None else {}

    def grants(self) -> bool:
        """Whether the site has ever given this desk's floors to be talked on."""
        return self.floor is not None and self.floor.grants

    def allows_open(self) -> bool:
        return self.listening is not None and self.listening.allows_open

    def why_unheard(self, stream: str) -> str:
        return self.listening.unheard.get(stream, "") if self.listening is not None else ""

    # -- what is said to it ---------------------------------------------------------------

    def to_engine(self, command: protocol.Command) -> None:
        if self.links is not None:
            self._audit.asked(command)
            self.links.to_engine(command)

    def note(self, told: protocol.Event) -> None:
        """For the site's audit: what was heard again here, and what was taken out."""
        body = self._audit.told(told)
        if body is not None:
            self.say(body)

    def publish(self, body: AnyBody, *, cause: str | None = None) -> bool:
        """A hand's answer. False when nothing could take it, which the window then says."""
        taken = self.say(body, cause=cause)
        role = "" if self.links is None else self.links.may_not(body)
        self._status.set(refused_answer=not taken, refused_role=role)
        return taken

    def say(self, body: AnyBody, *, cause: str | None = None) -> bool:
        return self.links is not None and self.links.publish(
            body,
            cause=cause,
            person=self._status.status().person,
            unconfirmed=not self._is_confirmed(),
        )

    def say_as(self, body: AnyBody, person: str, unconfirmed: bool) -> bool:
        """In the name of who has sat here until now."""
        return self.links is not None and self.links.publish(
            body, cause=None, person=person, unconfirmed=unconfirmed
        )

    def ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> None:
        if self.links is not None:
            self.links.ask(service, key, payload, timeout_s)

    def enrol(self, code: str) -> None:
        if self.links is not None:
            self.links.enrol(code)

    def start_site(self) -> None:
        if self.links is not None:
            self.links.start_site()
