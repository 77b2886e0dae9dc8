"""What a node of a site has on disk to prove itself: the CA, its own certificates, the members.

``<home>/site/``: ``pki/`` (the CA), ``node/`` and ``system/`` (the node's own two users),
``server/`` (what the NATS server and the door show), ``local/<role>/`` (the positions of this very
home, which need no code: who can read this folder is the site), ``members.json``.
"""

from __future__ import annotations

import datetime
import secrets
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from cryptography import x509
from ulid import ULID

from console.domain.roles import MemberRole, Role
from console.site.address import SiteError
from console.site.node.server import TlsFiles
from console.site.security import identity, pki
from console.site.security.identity import Identity
from console.site.security.members import Member, Members
from console.site.security.pki import Authority, MemberName

LOCAL: Final[dict[MemberRole, str]] = {"operator": "desk", "trainer": "exercise"}
"""The positions that every home has with its site, and how their names begin."""
ROUTES: Final = "routes"
JOIN_ANEW: Final = (
    "let this machine join its site's nodes anew, with another --home and a new code: "
    "`vaktbord site --join`"
)


def local_folder(site_folder: Path, role: Role) -> Path:
    return site_folder / "local" / role


def server_files(site_folder: Path) -> TlsFiles:
    """What the NATS server and the door show."""
    folder = site_folder / "server"
    return TlsFiles(
        certificate=folder / identity.CERTIFICATE,
        key=folder / identity.KEY,
        ca=site_folder / "pki" / identity.CA,
    )


class Papers:
    """Opened by the site's process alone, under its lock."""

    def __init__(self, folder: Path, authority: Authority, members: Members) -> None:
        self._folder = folder
        self.authority = authority
        self.members = members

    @classmethod
    def open(cls, folder: Path, site: str) -> Papers:
        """What is there, and what is missing made new. Raises SiteError, OSError."""
        authority = Authority.load(folder / "pki")
        if authority is None and (folder / "nodes.json").exists():
            raise SiteError(
                f"the CA of this node's site is missing in {folder / 'pki'}: bring it back from a "
                "backup, or join again with a new code: `vaktbord site --join`"
            )
        if authority is None:
            authority = Authority.new(site)
            authority.save(folder / "pki")
        papers = cls(folder, authority, Members.load(folder / "members.json"))
        papers.renew()
        return papers

    def renew(self) -> bool:
        """Make what is missing, or two thirds through its life. True when the server's own has
        changed, which it has to be told."""
        for name in ("node", "system"):
            self._renew_own(name)
        for role, prefix in LOCAL.items():
            self._renew_local(role, prefix)
        is_new = self._renew_server()
        return self._renew_routes() or is_new

    @property
    def node(self) -> Identity:
        """As whom the site's services come in."""
        return self._own("node")

    @property
    def system(self) -> Identity:
        """As whom the node asks its server to read its configuration again."""
        return self._own("system")

    @property
    def positions(self) -> tuple[str, ...]:
        """The members that this home is without a code."""
        named = (_named(local_folder(self._folder, role)) for role in LOCAL)
        return tuple(one.name for one in named if one is not None)

    @property
    def server(self) -> TlsFiles:
        return server_files(self._folder)

    def routes(self, addresses: Sequence[str]) -> TlsFiles:
        """What the node shows to the other nodes, who find it at these IP addresses and know its
        key. Raises SiteError, OSError."""
        folder = self._folder / ROUTES
        authority = self.routes_authority()
        key = pki.kept_key(folder / identity.KEY) or pki.new_key()
        certificate = authority.issue_route(pki.request_pem(key), addresses)
        identity.save(
            folder, key=pki.key_pem(key), certificate=certificate, ca=authority.pem, place=None
        )
        return TlsFiles(folder / identity.CERTIFICATE, folder / identity.KEY, folder / identity.CA)

    def routes_authority(self) -> Authority:
        """The CA of the nodes among themselves."""
        folder = self._folder / "pki-routes"
        authority = Authority.load(folder, JOIN_ANEW)
        if authority is None:
            authority = Authority.new("routes")
            authority.save(folder)
        return authority

    def user(self, own: Identity) -> str:
        """Its name at the NATS server."""
        named = pki.member_named(own.certificate())
        if named is None:
            raise SiteError(f"the certificate in {own.folder} names nobody")
        return named.user

    def change(self, member: Member) -> None:
        """Enrol or take out; on disk when this returns. Raises OSError, SiteError."""
        self.members.change(member)
        self.members.save(self._folder / "members.json")

    def merge(self, members: Iterable[Member]) -> bool:
        """What another node knows; on disk when this returns. True when something was new. Raises
        OSError, SiteError."""
        if not self.members.merge(members):
            return False
        self.members.save(self._folder / "members.json")
        return True

    # -- making ---------------------------------------------------------------------------

    def _own(self, name: str) -> Identity:
        found = identity.load(self._folder / name)
        if found is None:
            raise SiteError(f"the site's own certificate in {self._folder / name} is over")
        return found

    def _renew_own(self, name: str) -> None:
        folder = self._folder / name
        if not _is_due(folder, self.authority):
            return
        known = _named(folder)
        who = known or MemberName(f"{name}-{secrets.token_hex(3)}", "site", pki.new_generation())
        self._issue(folder, who)

    def _renew_local(self, role: MemberRole, prefix: str) -> None:
        folder = local_folder(self._folder, role)
        known = _named(folder)
        member = self.members.find(known) if known is not None else None
        if member is not None and not _is_due(folder, self.authority):
            return
        if member is None:
            name = known.name if known is not None else f"{prefix}-{secrets.token_hex(3)}"
            member = Member(name, role, pki.new_generation(), changed=new_change())
            self.change(member)
        self._issue(folder, member.named)

    def _renew_server(self) -> bool:
        folder = self._folder / "server"
        if not _is_due(folder, self.authority):
            return False
        key = pki.new_key()
        certificate = self.authority.issue_node(pki.request_pem(key))
        identity.save(
            folder, key=pki.key_pem(key), certificate=certificate, ca=self.authority.pem, place=None
        )
        return True

    def _renew_routes(self) -> bool:
        folder = self._folder / ROUTES
        if not (folder / identity.CERTIFICATE).exists():
            return False  # not a node among others, or not yet
        if not _is_due(folder, self.routes_authority()):
            return False
        self.routes(pki.addresses_of(_certificate(folder)))
        return True

    def _issue(self, folder: Path, who: MemberName) -> None:
        key = pki.new_key()
        certificate = self.authority.issue_member(who, pki.request_pem(key))
        identity.save(
            folder, key=pki.key_pem(key), certificate=certificate, ca=self.authority.pem, place=None
        )


def kept_port(file: Path) -> int:
    """The same as last time, so that who knows where it was finds it there; 0 = any."""
    try:
        port = int(file.read_text())
    except (OSError, ValueError):
        return 0
    return port if 1_024 <= port <= 65_535 else 0


def set_aside_first_log(folder: Path) -> bool:
    """A log from before there was a CA: its events bear no role and no member, so nobody could
    believe them. True when there was one; it is kept. Raises OSError."""
    store = folder / "store"
    if (folder / "members.json").exists() or not store.exists():
        return False
    store.rename(folder / f"store-0.1-{secrets.token_hex(3)}")
    return True


def new_change() -> str:
    """A ULID for :attr:`Member.changed`."""
    return str(ULID.from_timestamp(time.time()))


def _certificate(folder: Path) -> x509.Certificate:
    """Raises OSError, SiteError, UnicodeDecodeError."""
    return pki.load_certificate((folder / identity.CERTIFICATE).read_text(encoding="ascii"))


def _named(folder: Path) -> MemberName | None:
    try:
        return pki.member_named(_certificate(folder))
    except (OSError, SiteError, UnicodeDecodeError):
        return None


def _is_due(folder: Path, authority: Authority) -> bool:
    try:
        certificate = _certificate(folder)
    except (OSError, SiteError, UnicodeDecodeError):
        return True
    if not (folder / identity.KEY).exists() or not authority.has_issued(certificate):
        return True
    return pki.is_due(certificate, datetime.datetime.now(datetime.UTC))
