"""Who this position is at its site: a key and a certificate in a folder of the home."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509

from console.domain.roles import Role
from console.site.address import SiteError, SitePlace
from console.site.security import pki
from console.site.security.private import read_private, write_private

KEY: Final = "key.pem"
CERTIFICATE: Final = "certificate.pem"
CA: Final = "ca.pem"
PLACE: Final = "site.json"


class Identity(msgspec.Struct, frozen=True):
    """``folder`` holds the key (0600), the certificate, and the CA that everything is held to."""

    name: str
    role: Role
    folder: Path

    def context(self) -> ssl.SSLContext:
        """TLS 1.3 alone, the server held to the site's CA and to a server's name. Raises
        SiteError."""
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            context.load_verify_locations(self.folder / CA)
            context.load_cert_chain(self.folder / CERTIFICATE, self.folder / KEY)
        except (OSError, ssl.SSLError) as error:
            raise SiteError(f"the certificate in {self.folder} can't be used: {error}") from error
        return context

    def files(self) -> tuple[Path, Path, Path]:
        """Certificate, key, and the CA."""
        return self.folder / CERTIFICATE, self.folder / KEY, self.folder / CA

    def certificate(self) -> x509.Certificate:
        """Raises SiteError."""
        try:
            return pki.load_certificate((self.folder / CERTIFICATE).read_text(encoding="ascii"))
        except (OSError, UnicodeDecodeError) as error:
            raise SiteError(f"the certificate in {self.folder} can't be read: {error}") from error


def folder_of(home: Path, role: Role) -> Path:
    """A home may be a desk (operator) and play an exercise (trainer)."""
    return home / "identity" / role


def load(folder: Path) -> Identity | None:
    """None when nobody has enrolled here, or the certificate is over. Raises SiteError when what
    is there can't be used."""
    if not (folder / CERTIFICATE).exists():
        return None
    read_private(folder / KEY, pki.MAX_PEM_BYTES)  # a key that others can read is no key
    found = Identity("", "observer", folder)
    certificate = found.certificate()
    member = pki.member_named(certificate)
    if member is None:
        raise SiteError(f"the certificate in {folder} is of no member; enrol again")
    if certificate.not_valid_after_utc <= datetime.datetime.now(datetime.UTC):
        return None
    return Identity(member.name, member.role, folder)


def days_left(folder: Path, now: datetime.datetime) -> datetime.timedelta | None:
    """Negative when it is over; None: nobody has enrolled there. Raises SiteError for what can't
    be used."""
    if not (folder / CERTIFICATE).exists():
        return None
    try:
        read_private(folder / KEY, pki.MAX_PEM_BYTES)
    except OSError as error:
        raise SiteError(f"the key in {folder} can't be read: {error}") from error
    return Identity("", "observer", folder).certificate().not_valid_after_utc - now


def ended(folder: Path) -> datetime.datetime | None:
    """When the certificate there ended: a position that was off for too long enrols again. None:
    there is none, or it is not over."""
    try:
        end = Identity("", "observer", folder).certificate().not_valid_after_utc
    except SiteError:
        return None
    return end if end <= datetime.datetime.now(datetime.UTC) else None


def save(folder: Path, *, key: str, certificate: str, ca: str, place: SitePlace | None) -> None:
    """The key first and the certificate last: without it nothing of the rest counts."""
    write_private(folder / KEY, key)
    write_private(folder / CA, ca)
    if place is not None:
        write_private(folder / PLACE, msgspec.json.encode(place).decode())
    write_private(folder / CERTIFICATE, certificate)


def load_place(folder: Path) -> SitePlace | None:
    """Where the site was when we enrolled, or were there last."""
    try:
        return msgspec.json.decode((folder / PLACE).read_bytes(), type=SitePlace)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
