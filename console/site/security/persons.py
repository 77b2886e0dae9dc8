"""Who may sign in at a site's positions: names, and PINs as scrypt hashes, in a file of the site.

A PIN has four digits at least, which a stolen file does not keep from anybody for long: scrypt and
the file's mode make it dear, the bound on tries at the site makes it safe over the network.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta
from ulid import ULID

from console.domain.events import Name, Ulid
from console.site.address import SiteError
from console.site.security.private import read_private, write_private

MAX_PERSONS: Final = 2_000
MAX_FILE_BYTES: Final = 2_000_000
MIN_PIN: Final = 4
MAX_PIN: Final = 8
SCRYPT_N: Final = 2**15
SCRYPT_R: Final = 8
SCRYPT_MEMORY: Final = 64 * 2**20
_HEX32: Final = "^[0-9a-f]{32}$"
_HEX64: Final = "^[0-9a-f]{64}$"


class Person(msgspec.Struct, frozen=True):
    """``changed`` is a ULID: of two entries of one name the greater one stands."""

    name: Name
    salt: Annotated[str, Meta(pattern=_HEX32)]
    pin: Annotated[str, Meta(pattern=_HEX64)]
    changed: Ulid
    removed: bool = False


class _File(msgspec.Struct, frozen=True):
    persons: Annotated[tuple[Person, ...], Meta(max_length=MAX_PERSONS)]
    v: Literal[1] = 1


class Persons:
    """All of them, also those who were removed."""

    def __init__(self, persons: Iterable[Person] = ()) -> None:
        self._persons: dict[str, Person] = {}
        self.merge(persons)

    @classmethod
    def load(cls, path: Path) -> Persons:
        """Raises SiteError for a file that can't be used."""
        try:
            raw = read_private(path, MAX_FILE_BYTES)
            return cls(msgspec.json.decode(raw, type=_File).persons)
        except FileNotFoundError:
            return cls()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SiteError(
                f"the list of persons {path} can't be read ({error}): bring it back from a "
                "backup, or remove it and give every person a PIN anew"
            ) from error

    def save(self, path: Path) -> None:
        whole = _File(tuple(self._persons.values()))
        write_private(path, msgspec.json.format(msgspec.json.encode(whole)).decode())

    def merge(self, persons: Iterable[Person]) -> bool:
        """True when something has changed. Raises SiteError at the bound."""
        changed = False
        for person in persons:
            old = self._persons.get(person.name)
            if old is not None and old.changed >= person.changed:
                continue
            if old is None and len(self._persons) >= MAX_PERSONS:
                raise SiteError(f"a site has at most {MAX_PERSONS} persons; remove some")
            self._persons[person.name] = person
            changed = True
        return changed

    def set_pin(self, name: str, pin: str, change: str) -> None:
        """Add a person, or give one another PIN. ``change``: a ULID. Raises SiteError, also for a
        name that only differs in case or spaces from another one's."""
        check_pin(pin)
        alike = [one for one in self.names() if folded(one) == folded(name) and one != name]
        if alike:
            raise SiteError(f"there is {alike[0]} already: write the name just so, or another one")
        salt = secrets.token_hex(16)
        self._change(Person(name, salt, hashed(pin, salt), change))

    def remove(self, name: str, change: str) -> None:
        """The name stays, so that no older entry brings it back; the PIN's hash does not. Raises
        SiteError when there is nobody of that name."""
        known = self.find(name)
        if known is None:
            raise SiteError(f"nobody here is called {name}; `vaktbord person list` shows who is")
        self._change(Person(known.name, "0" * 32, "0" * 64, change, removed=True))

    def _change(self, person: Person) -> None:
        """It stands, also when the clock was set back since the last change."""
        old = self._persons.get(person.name)
        if old is not None and old.changed >= person.changed:
            later = str(ULID.from_int(int(ULID.from_str(old.changed)) + 1))
            person = msgspec.structs.replace(person, changed=later)
        self.merge((person,))

    def find(self, name: str) -> Person | None:
        found = self._persons.get(name)
        return None if found is None or found.removed else found

    @property
    def all(self) -> tuple[Person, ...]:
        """Also those who were removed."""
        return tuple(self._persons.values())

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(one.name for one in self._persons.values() if not one.removed))


def folded(name: str) -> str:
    """What two names have in common that an eye can't tell apart at night."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def check_pin(pin: str) -> None:
    """Raises SiteError."""
    if not (pin.isascii() and pin.isdecimal() and MIN_PIN <= len(pin) <= MAX_PIN):
        raise SiteError(f"a PIN has {MIN_PIN} to {MAX_PIN} figures")
    if len(set(pin)) == 1 or pin in "0123456789876543210":
        raise SiteError("that PIN is among the first that anybody tries; choose another one")


def hashed(pin: str, salt: str) -> str:
    """Takes some 80 ms."""
    return hashlib.scrypt(
        pin.encode(), salt=bytes.fromhex(salt), n=SCRYPT_N, r=SCRYPT_R, p=1, maxmem=SCRYPT_MEMORY,
        dklen=32,
    ).hex()  # fmt: skip


def is_pin_of(person: Person, pin: str) -> bool:
    return hmac.compare_digest(hashed(pin, person.salt), person.pin)
