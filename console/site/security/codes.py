"""One-time enrolment codes: made, tried against, used. Pure; the time is given, in seconds.

No try makes a code void: then whoever guesses could keep others out. How many may be tried is
bounded in :mod:`console.site.security.tries`, far below what would find one (docs/SECURITY.md has
the sum).
"""

from __future__ import annotations

import secrets
from typing import Final

import msgspec

from console.domain.roles import Newcomer
from console.site.address import SiteError

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs, without 0 and O, 1 and I."""
LENGTH: Final = 8  # 40 bits
LIFE_S: Final = 600.0
TOLD_AT: Final = (5, 50, 500)
"""Wrong tries while a code is open; fewer are somebody's mistyping."""
MAX_OPEN: Final = 4
"""Each costs a wrong try one scrypt."""


class OpenCode(msgspec.Struct, frozen=True):
    """For whom it is. ``code`` is in its plain form, without the dash."""

    code: str
    name: str
    role: Newcomer
    label: str
    ends_s: float
    wrong: int = 0


class Codes:
    """Those of one node, in memory alone: a site that starts again has none."""

    def __init__(self) -> None:
        self._open: tuple[OpenCode, ...] = ()

    def open(self, name: str, role: Newcomer, label: str, now_s: float) -> OpenCode:
        """A new code in the place of the name's last one. Raises SiteError at the bound."""
        others = tuple(one for one in self.usable(now_s) if one.name != name)
        if len(others) >= MAX_OPEN:
            raise SiteError(
                f"{MAX_OPEN} codes are open already, for {', '.join(one.name for one in others)}; "
                "use one, ask anew for one of these names, or end one with "
                "`vaktbord enrol --cancel NAME`"
            )
        made = OpenCode(new_code(), name, role, label, now_s + LIFE_S)
        self._open = (*others, made)
        return made

    def usable(self, now_s: float) -> tuple[OpenCode, ...]:
        self._open = tuple(one for one in self._open if now_s < one.ends_s)
        return self._open

    def use(self, code: OpenCode) -> None:
        """Nobody else comes in by it."""
        self._open = tuple(one for one in self._open if one.code != code.code)

    def cancel(self, name: str, now_s: float) -> OpenCode | None:
        """None: no code is open for that name."""
        found = next((one for one in self.usable(now_s) if one.name == name), None)
        if found is not None:
            self.use(found)
        return found

    def tried_wrong(self) -> tuple[OpenCode, ...]:
        """Whose code a newcomer meant can't be seen, so it counts for all. Those of which it is to
        be told."""
        self._open = tuple(msgspec.structs.replace(one, wrong=one.wrong + 1) for one in self._open)
        return tuple(one for one in self._open if one.wrong in TOLD_AT)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """As it is read out: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


class BadCode(SiteError):  # noqa: N818  # of who typed
    """What was typed can be no code."""


def typed(text: str) -> str:
    """The plain form of what somebody typed. Raises BadCode, a SiteError."""
    plain = "".join(text.split()).replace("-", "").upper()
    if len(plain) != LENGTH or any(sign not in ALPHABET for sign in plain):
        raise BadCode(
            f"a code has {LENGTH} letters and figures like {shown(ALPHABET[-8:])}, "
            "none of them 0, 1, I or O"
        )
    return plain
