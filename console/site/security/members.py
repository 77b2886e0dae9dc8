"""Who is enrolled at a site: one file on each node, merged by the newest entry of each name.

The file is the truth, not the log: it stands also when the log's disk is wiped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta
from ulid import ULID

from console.domain.events import Ulid
from console.domain.roles import Role
from console.site.address import SiteError
from console.site.security.pki import MemberName
from console.site.security.private import read_private, write_private

MAX_MEMBERS: Final = 2_000
MAX_FILE_BYTES: Final = 2_000_000
MemberId = Annotated[str, Meta(pattern=r"\A[a-z0-9-]{1,24}\Z")]


class Member(msgspec.Struct, frozen=True):
    """``changed`` is a ULID: of two entries of one name the greater one stands."""

    name: MemberId
    role: Role
    generation: Annotated[str, Meta(pattern=r"\A[0-9a-f]{12}\Z")]
    changed: Ulid
    label: Annotated[str, Meta(max_length=64)] = ""
    revoked: bool = False

    @property
    def named(self) -> MemberName:
        return MemberName(self.name, self.role, self.generation)


class _File(msgspec.Struct, frozen=True):
    members: Annotated[tuple[Member, ...], Meta(max_length=MAX_MEMBERS)]
    v: Literal[1] = 1


class Members:
    """All of them, also those that were taken out (so that no older entry brings them back)."""

    def __init__(self, members: Iterable[Member] = ()) -> None:
        self._members: dict[str, Member] = {}
        self.merge(members)

    @classmethod
    def load(cls, path: Path) -> Members:
        """Raises SiteError for a file that can't be used: without it everybody is shut out."""
        try:
            raw = read_private(path, MAX_FILE_BYTES)
            return cls(msgspec.json.decode(raw, type=_File).members)
        except FileNotFoundError:
            return cls()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SiteError(
                f"the list of members {path} can't be read ({error}): bring it back from a backup"
            ) from error

    def save(self, path: Path) -> None:
        whole = _File(tuple(self._members.values()))
        write_private(path, msgspec.json.format(msgspec.json.encode(whole)).decode())

    def change(self, member: Member) -> None:
        """This is how it is from now on, also when the clock was set back since the last one.
        Raises SiteError at the bound."""
        old = self._members.get(member.name)
        if old is not None and old.changed >= member.changed:
            later = str(ULID.from_int(int(ULID.from_str(old.changed)) + 1))
            member = msgspec.structs.replace(member, changed=later)
        self.merge((member,))

    def merge(self, members: Iterable[Member]) -> bool:
        """True when something has changed."""
        changed = False
        for member in members:
            old = self._members.get(member.name)
            if old is not None and old.changed >= member.changed:
                continue
            if old is None and len(self._members) >= MAX_MEMBERS:
                raise SiteError(f"a site has at most {MAX_MEMBERS} members; take some out")
            self._members[member.name] = member
            changed = True
        return changed

    @property
    def all(self) -> Mapping[str, Member]:
        return self._members

    def present(self) -> list[Member]:
        """Those who may come in."""
        return [member for member in self._members.values() if not member.revoked]

    def role_of(self, name: str) -> Role | None:
        """Of who may come in; None for anybody else."""
        member = self._members.get(name)
        return None if member is None or member.revoked else member.role

    def find(self, name: MemberName) -> Member | None:
        """Who a certificate names, None when it counts no more."""
        member = self._members.get(name.name)
        if member is None or member.revoked or member.named != name:
            return None
        return member
