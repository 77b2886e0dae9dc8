"""Persons at the site: checks name and PIN for the positions, and keeps the list.

A position asks for itself alone; whoever may read the site's own folder changes the list.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.domain.events import AnyBody, Name, SignInLocked
from console.site.address import SiteError
from console.site.node.people import People
from console.site.security.persons import MAX_PIN, check_pin, is_pin_of
from console.site.services.answering import Ask

log = logging.getLogger(__name__)

SERVICE: Final = "person"
POSITIONS: Final = ("operator", "trainer", "reception")
"""Where people sit."""

Pin = Annotated[str, Meta(max_length=MAX_PIN)]


class SignIn(msgspec.Struct, frozen=True):
    name: Name
    pin: Pin


class SignedIn(msgspec.Struct, frozen=True):
    """``why``: "" = confirmed; ``no-persons``: this site asks for no PIN; ``wrong``: name or PIN;
    ``locked``: for so many seconds."""

    confirmed: bool
    why: Literal["", "no-persons", "wrong", "locked"] = ""
    seconds: float = 0.0


class Names(msgspec.Struct, frozen=True):
    names: tuple[str, ...]


class SetPin(msgspec.Struct, frozen=True):
    """``new``: of somebody who isn't there yet; else of somebody who is."""

    name: Name
    pin: Pin
    new: bool


class Remove(msgspec.Struct, frozen=True):
    name: Name


class PersonDesk:
    """All from one thread."""

    def __init__(self, people: People, tell: Callable[[AnyBody], None]) -> None:
        self._people = people
        self._tell = tell

    def answer(self, question: Ask) -> bytes:
        """Raises SiteError."""
        try:
            return msgspec.json.encode(self._doing(question))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SiteError(f"the site does not understand: {error}") from error
        except OSError as error:
            raise SiteError(f"the site could not write it down: {error}") from error

    def _doing(self, question: Ask) -> msgspec.Struct:
        key, is_site = question.key, question.role == "site"
        if key == "names" and (is_site or question.role in POSITIONS):
            return Names(self._people.names())
        if key == "sign-in" and question.role in POSITIONS:
            return self._sign_in(question.member, question.payload)
        if key == "pin" and is_site:
            return self._set_pin(msgspec.json.decode(question.payload, type=SetPin))
        if key == "remove" and is_site:
            return self._remove(msgspec.json.decode(question.payload, type=Remove))
        raise SiteError("that is not for this member to ask")

    def _sign_in(self, member: str, payload: bytes) -> SignedIn:
        if not self._people.names():
            return SignedIn(False, "no-persons")
        wanted = msgspec.json.decode(payload, type=SignIn)
        now_s = time.monotonic()
        left_s = self._people.left_s(member, wanted.name, now_s)
        if left_s > 0:
            return SignedIn(False, "locked", left_s)
        person = self._people.find(wanted.name)
        if person is not None and is_pin_of(person, wanted.pin):
            self._people.right(member, wanted.name)
            return SignedIn(True)
        return self._wrong(member, wanted.name, now_s)

    def _wrong(self, member: str, name: str, now_s: float) -> SignedIn:
        """Which of name and PIN it was is not said."""
        lock_s = self._people.wrong(member, name, now_s)
        if not lock_s:
            return SignedIn(False, "wrong")
        log.warning("too many wrong PINs at %s: locked for %.0f s", member, lock_s)
        self._tell(SignInLocked(member, name, round(lock_s)))
        return SignedIn(False, "locked", lock_s)

    def _set_pin(self, wanted: SetPin) -> Names:
        check_pin(wanted.pin)
        is_there = self._people.find(wanted.name) is not None
        if wanted.new and is_there:
            raise SiteError(
                f"{wanted.name} is there already; `vaktbord person pin` gives another PIN"
            )
        if not wanted.new and not is_there:
            raise SiteError(f"nobody here is called {wanted.name}; add with `vaktbord person add`")
        self._people.set_pin(wanted.name, wanted.pin)
        return Names(self._people.names())

    def _remove(self, wanted: Remove) -> Names:
        self._people.remove(wanted.name)
        return Names(self._people.names())
