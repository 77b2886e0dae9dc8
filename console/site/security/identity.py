"""Who this position is at its site: a key and a certificate in a folder of the home."""

from __future__ import annotations

import datetime
import shutil
import ssl
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from console.domain.roles import Role
from console.site.address import DamagedError, SiteError, SitePlace
from console.site.security import pki
from console.site.security.private import read_private, write_private

KEY: Final = "key.pem"
CERTIFICATE: Final = "certificate.pem"
CA: Final = "ca.pem"
PLACE: Final = "site.json"


class Identity(msgspec.Struct, frozen=True):
    """``folder`` holds the key (0600), the certificate, and the CA that everything is held to.
    ``generation`` is that of the enrolment, known to this member and its site alone."""

    name: str
    role: Role
    folder: Path
    generation: str = ""

    def context(self) -> ssl.SSLContext:
        """TLS 1.3 alone, the server held to the site's CA and to a server's name. Raises
        SiteError."""
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            context.load_verify_locations(self.folder / CA)
            context.load_cert_chain(self.folder / CERTIFICATE, self.folder / KEY)
        except (OSError, ssl.SSLError) as error:
            check(self.folder)
            raise SiteError(f"the certificate in {self.folder} can't be used: {error}") from error
        return context

    def files(self) -> tuple[Path, Path, Path]:
        """Certificate, key, and the CA."""
        return self.folder / CERTIFICATE, self.folder / KEY, self.folder / CA

    @property
    def named(self) -> pki.MemberName:
        return pki.MemberName(self.name, self.role, self.generation)

    def certificate(self) -> x509.Certificate:
        """Raises SiteError."""
        return _certificate(self.folder / CERTIFICATE)


def _certificate(file: Path) -> x509.Certificate:
    """Raises SiteError."""
    try:
        return pki.load_certificate(file.read_text(encoding="ascii"))
    except FileNotFoundError as error:
        raise DamagedError(file, "it is missing") from error
    except OSError as error:
        raise SiteError(f"{file} can't be read: {error.strerror}") from error
    except (SiteError, UnicodeDecodeError) as error:
        raise DamagedError(file, "it holds no certificate") from error


def check(folder: Path) -> None:
    """Whether key, certificate and CA can be used together. Raises SiteError, of which DamagedError
    names the file that can't."""
    public = _certificate(folder / CERTIFICATE).public_key()
    _certificate(folder / CA)
    file = folder / KEY
    try:
        key = serialization.load_pem_private_key(read_private(file, pki.MAX_PEM_BYTES), None)
    except FileNotFoundError as error:
        raise DamagedError(file, "it is missing") from error
    except OSError as error:
        raise SiteError(f"{file} can't be read: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise DamagedError(file, "it holds no key") from error
    if key.public_key() != public:
        raise DamagedError(file, "it is not the certificate's key")


def folder_of(home: Path, role: Role) -> Path:
    """A home may be a desk (operator) and play an exercise (trainer); which of them speaks is
    :data:`console.site.find.ORDER`."""
    return home / "identity" / role


def is_there(folder: Path) -> bool:
    """Whether somebody has enrolled here, be it over or damaged."""
    return (folder / CERTIFICATE).exists()


def set_aside(folder: Path) -> None:
    """One that counts no more, when the home has enrolled as something else: kept once, as
    ``<role>.old``, and never read again. Raises OSError."""
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)


def load(folder: Path) -> Identity | None:
    """None when nobody has enrolled here, or the certificate is over. Raises SiteError when what
    is there can't be used."""
    if not (folder / CERTIFICATE).exists():
        return None
    check(folder)  # a key that others can read is no key
    found = Identity("", "observer", folder)
    certificate = found.certificate()
    member = pki.member_named(certificate)
    if member is None:
        raise SiteError(f"the certificate in {folder} is of no member; enrol again")
    if certificate.not_valid_after_utc <= datetime.datetime.now(datetime.UTC):
        return None
    return Identity(member.name, member.role, folder, member.generation)


def days_left(folder: Path, now: datetime.datetime) -> datetime.timedelta | None:
    """Negative when it is over; None: nobody has enrolled there. Raises SiteError for what can't
    be used."""
    if not (folder / CERTIFICATE).exists():
        return None
    check(folder)
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
    """Where the site was when we enrolled, or were there last; None: that was never written down.
    Raises DamagedError."""
    try:
        return msgspec.json.decode((folder / PLACE).read_bytes(), type=SitePlace)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedError(folder / PLACE, "it holds no site's address") from error
