"""Who sits at this desk: a name, a PIN that the site checks, and the event that tells of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from console.desk.news import SiteAnswered, SiteTold
from console.domain.events import AnyBody, PersonSignedIn, PersonSignedOut
from console.models.status import StatusModel
from console.site.services.persons import SERVICE, Names, SignedIn, SignIn

ASK_S: Final = 6.0

Ask = Callable[[str, str, bytes, float], None]
"""Service, key, payload, timeout."""


class Persons(QObject):
    """While the site is out of reach, who sits here goes on, and a new name is marked as not
    confirmed."""

    signed_in = Signal(str)

    def __init__(
        self,
        status: StatusModel,
        ask: Ask,
        say: Callable[[AnyBody], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._status = status
        self._ask = ask
        self._say = say
        self._confirmed = ""
        self._asked = ""  # whose PIN the site looks at now
        self._next: SignIn | None = None

    def site_found(self) -> None:
        self._ask(SERVICE, "names", b"{}", ASK_S)

    def name(self, person: str) -> None:
        """Somebody has typed a name."""
        status = self._status.status()
        if not status.persons:
            self._seat(person, confirmed=False)
        elif status.site_link == "up":
            self._status.set(sign_in=person, sign_in_note="")
        else:
            self._seat(person, confirmed=False)

    def pin(self, pin: str) -> None:
        """One is asked at a time: an answer doesn't say whose it is, and must confirm nobody
        else."""
        who = self._status.status().sign_in
        if who:
            self._status.set(sign_in_note="working")
            self._next = SignIn(who, pin)
            self._ask_next()

    def _ask_next(self) -> None:
        if not self._asked and self._next is not None:
            wanted, self._next = self._next, None
            self._asked = wanted.name
            self._ask(SERVICE, "sign-in", msgspec.json.encode(wanted), ASK_S)

    def drop(self) -> None:
        self._next = None
        self._status.set(sign_in="", sign_in_note="")

    def site_told(self, item: SiteTold | SiteAnswered) -> None:
        if not isinstance(item, SiteAnswered) or item.service != SERVICE:
            return
        if item.key == "names":
            self._take_names(item.payload)
        elif self._asked:
            who, self._asked = self._asked, ""
            if who == self._status.status().sign_in and self._next is None:
                self._take_answer(who, item.payload)
            self._ask_next()

    def _take_names(self, payload: bytes | None) -> None:
        names = _decoded(payload, Names)
        if names is not None:
            self._status.set(persons=names.names)
            self._doubt()

    def _take_answer(self, who: str, payload: bytes | None) -> None:
        """Without one the name stands, marked: nobody is kept from working."""
        answer = _decoded(payload, SignedIn)
        if answer is not None and answer.why in ("wrong", "locked"):
            self._status.set(sign_in_note=answer.why, sign_in_wait_s=answer.seconds)
            return
        self._seat(who, confirmed=answer is not None and answer.confirmed)

    def _seat(self, person: str, *, confirmed: bool) -> None:
        before = self._status.status().person
        self._confirmed = person if confirmed else ""
        self._status.set(person=person, sign_in="", sign_in_note="")
        self._doubt()
        if before and before != person:
            self._say(PersonSignedOut(before))
        if person:
            self._say(PersonSignedIn(person, confirmed))
        self.signed_in.emit(person)

    def _doubt(self) -> None:
        status = self._status.status()
        doubt = bool(status.persons) and status.person != self._confirmed
        self._status.set(person_doubt=doubt and bool(status.person))


Decoded = TypeVar("Decoded", Names, SignedIn)


def _decoded(payload: bytes | None, kind: type[Decoded]) -> Decoded | None:
    try:
        return None if payload is None else msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
