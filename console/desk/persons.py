"""Who sits at this desk: a name, a PIN that the site checks, and the event that tells of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console.desk.news import SiteAnswered, SiteTold
from console.domain.events import AnyBody, PersonSignedIn, PersonSignedOut
from console.models.status import StatusModel
from console.site.security.persons import folded
from console.site.services.persons import SERVICE, Names, SignedIn, SignIn

ASK_S: Final = 6.0
REFRESH_MS: Final = 60_000
"""Persons come and go at the site while a desk is open."""

Ask = Callable[[str, str, bytes, float], None]
"""Service, key, payload, timeout."""


class Persons(QObject):
    """While the site is out of reach, who sits here goes on, and a new name is marked as not
    confirmed. Where the site has persons, whoever the desk was started with is asked for the PIN,
    once; the keyboard stays where it is."""

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
        self._knows_names = False
        self._prompted = ""  # whose PIN was asked for without a hand that wanted it
        self._was_up = status.status().site_link == "up"
        status.changed.connect(self._look)
        self._refresh = QTimer(self)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._ask_names)
        self._refresh.start()
        self._asked = ""  # whose PIN the site looks at now
        self._next: SignIn | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the site has confirmed who sits here, or has no persons to confirm."""
        return self._knows_names and not self._status.status().person_doubt

    def site_found(self) -> None:
        self._ask_names()

    def _look(self) -> None:
        """Asked before the site was in reach, it had no answer."""
        is_up = self._status.status().site_link == "up"
        came, self._was_up = is_up and not self._was_up, is_up
        if came:
            self._ask_names()

    def _ask_names(self) -> None:
        if self._status.status().site_link == "up" or not self._knows_names:
            self._ask(SERVICE, "names", b"{}", ASK_S)

    def name(self, person: str) -> None:
        """Somebody has typed a name; a person of the site is known also in small letters."""
        status = self._status.status()
        person = known_as(person, status.persons)
        if not status.persons:
            self._seat(person, confirmed=False)
        elif status.site_link == "up":
            self._status.set(sign_in=person, sign_in_note="", sign_in_wanted=True)
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
        if names is None:
            return
        self._knows_names = True
        self._status.set(persons=names.names)
        self._doubt()
        self._ask_who_sits_here()

    def _ask_who_sits_here(self) -> None:
        """A name that the desk was started with is nobody's word for it."""
        status = self._status.status()
        is_one = status.person in status.persons and status.person != self._prompted
        if is_one and status.person_doubt and not status.sign_in:
            self._prompted = status.person
            self._status.set(sign_in=status.person, sign_in_note="", sign_in_wanted=False)

    def _take_answer(self, who: str, payload: bytes | None) -> None:
        """Without one the name stands, marked: nobody is kept from working."""
        answer = _decoded(payload, SignedIn)
        if answer is not None and answer.why in ("wrong", "locked"):
            self._status.set(sign_in_note=answer.why, sign_in_wait_s=answer.seconds)
            return
        self._seat(who, confirmed=answer is not None and answer.confirmed)

    def _seat(self, person: str, *, confirmed: bool) -> None:
        before = self._status.status().person
        if before and before != person:
            self._say(PersonSignedOut(before))  # while it is still who sits here
        self._confirmed = person if confirmed else ""
        self._status.set(person=person, sign_in="", sign_in_note="")
        self._doubt()
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


def known_as(typed: str, persons: Sequence[str]) -> str:
    """How the site writes the name that was typed; as it was typed, if it knows none like it."""
    return next((one for one in persons if folded(one) == folded(typed)), typed)
