"""The site's own certificate authority: keys, and the certificates it gives to nodes and members.

X.509 by RFC 5280, P-256 keys. A member's certificate names it in one subject alternative name,
``<name>.<role>.<generation>.vaktbord.internal``, which is its user at the NATS server; a node's
server certificate names ``site.vaktbord.internal``. Neither can be used as the other: a member's is
for clients alone (extended key usage), a node's server certificate for servers alone.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from console.domain.roles import ROLES, Role
from console.site.address import SiteError
from console.site.security.private import TooLongError, read_private, write_private

DOMAIN: Final = "vaktbord.internal"
SERVER_NAME: Final = f"site.{DOMAIN}"
CA_LIFE: Final = datetime.timedelta(days=3_650)
MEMBER_LIFE: Final = datetime.timedelta(days=30)
"""Renewed by itself when two thirds are over; a desk that was off for longer enrols again."""
NODE_LIFE: Final = datetime.timedelta(days=365)
SKEW: Final = datetime.timedelta(minutes=10)
"""A desk's clock may be that wrong."""
MAX_PEM_BYTES: Final = 16_384
ENROL_ANEW: Final = "move that folder away and enrol every desk anew"
T = TypeVar("T")


class MemberName(msgspec.Struct, frozen=True):
    """Whom a certificate speaks of. ``generation`` is new at each enrolment, so that an old
    certificate of a name that was taken out and enrolled again stays shut out."""

    name: str
    role: Role
    generation: str

    @property
    def user(self) -> str:
        return f"{self.name}.{self.role}.{self.generation}.{DOMAIN}"


def new_generation() -> str:
    return secrets.token_hex(6)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def kept_key(path: Path) -> ec.EllipticCurvePrivateKey | None:
    """None when there is none that can be used. Raises OSError, and SiteError when others can read
    it."""
    try:
        key = serialization.load_pem_private_key(read_private(path, MAX_PEM_BYTES), None)
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return key if isinstance(key, ec.EllipticCurvePrivateKey) else None


def key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def request_pem(key: ec.EllipticCurvePrivateKey) -> str:
    """A certificate request (RFC 2986) that proves possession of the key and asks for nothing:
    name and role are the CA's to say."""
    empty = x509.Name([])
    request = x509.CertificateSigningRequestBuilder().subject_name(empty).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def member_named(certificate: x509.Certificate) -> MemberName | None:
    """None: it is no member's."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    found = [parsed_user(name) for name in names.get_values_for_type(x509.DNSName)]
    return found[0] if len(found) == 1 else None


def parsed_user(user: str) -> MemberName | None:
    """Of :attr:`MemberName.user`."""
    name, _, rest = user.partition(".")
    role, _, rest = rest.partition(".")
    generation, _, domain = rest.partition(".")
    roles = {one: one for one in ROLES}
    if domain != DOMAIN or role not in roles or not name or not generation:
        return None
    return MemberName(name, roles[role], generation)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256, 64 hexadecimal digits."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def pin_of(certificate: x509.Certificate) -> str:
    """SHA-256 of its public key (SubjectPublicKeyInfo, DER), as nats-server pins one."""
    der = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()


def addresses_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The IP addresses that a certificate is for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(one) for one in names.get_values_for_type(x509.IPAddress))


def load_certificate(pem: str) -> x509.Certificate:
    """Raises SiteError."""
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise SiteError(f"that is not a certificate: {error}") from error


class Authority:
    """The CA of one site, kept in one folder: ``ca.pem`` and ``ca-key.pem``."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self.certificate = certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def site_id(self) -> str:
        """The CA's fingerprint names the site."""
        return fingerprint(self.certificate)

    @classmethod
    def new(cls, site: str) -> Authority:
        key = new_key()
        name = _common_name(f"Vaktbord {site}")
        builder = (
            _builder(name, name, key.public_key(), CA_LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
        )
        return cls(key, builder.sign(key, hashes.SHA256()))

    @classmethod
    def load(cls, folder: Path, or_else: str = ENROL_ANEW) -> Authority | None:
        """None when there is none. Raises SiteError for one that can't be used, with what to do,
        at last ``or_else``: another in its place would shut out everybody who is enrolled."""
        key_file, file = folder / "ca-key.pem", folder / "ca.pem"
        if not file.exists() and not key_file.exists():
            return None
        todo = f"bring {folder} back from a backup, or {or_else}"
        key = _of_ca(
            key_file, lambda: serialization.load_pem_private_key(_private_pem(key_file), None), todo
        )
        certificate = _of_ca(
            file, lambda: x509.load_pem_x509_certificate(file.read_bytes()[:MAX_PEM_BYTES]), todo
        )
        if not isinstance(key, ec.EllipticCurvePrivateKey) or (
            key.public_key() != certificate.public_key()
        ):
            raise SiteError(f"{key_file} is not the key of {file} beside it: {todo}")
        return cls(key, certificate)

    def save(self, folder: Path) -> None:
        write_private(folder / "ca-key.pem", key_pem(self._key))
        write_private(folder / "ca.pem", self.pem)

    def issue_member(self, member: MemberName, request: str) -> str:
        """A client's certificate for the key in a request. Raises SiteError."""
        return self._issue(
            _public_key(request), member.user, ExtendedKeyUsageOID.CLIENT_AUTH, MEMBER_LIFE
        )

    def issue_node(self, request: str) -> str:
        """A server's certificate. Raises SiteError."""
        return self._issue(
            _public_key(request), SERVER_NAME, ExtendedKeyUsageOID.SERVER_AUTH, NODE_LIFE
        )

    def issue_route(self, request: str, addresses: Sequence[str]) -> str:
        """For a node towards the other nodes, whom it calls and who call it, each by its IP
        address. Raises SiteError."""
        names = [x509.IPAddress(ip_address(one)) for one in addresses]
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        name = _common_name("route")
        certificate = (
            _builder(name, self.certificate.subject, _public_key(request), NODE_LIFE)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        """For another node of the site alone."""
        return key_pem(self._key)

    def has_issued(self, certificate: x509.Certificate) -> bool:
        return is_issued_by(certificate, self.certificate)

    def _issue(
        self,
        public: ec.EllipticCurvePublicKey,
        dns: str,
        usage: ObjectIdentifier,
        life: datetime.timedelta,
    ) -> str:
        subject = _common_name(dns.removesuffix(f".{DOMAIN}"))
        certificate = (
            _builder(subject, self.certificate.subject, public, life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(dns)]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _of_ca(file: Path, read: Callable[[], T], todo: str) -> T:
    """Raises SiteError, which names the file."""
    try:
        return read()
    except FileNotFoundError as error:
        raise SiteError(f"{file} of the CA is missing: {todo}") from error
    except OSError as error:
        raise SiteError(f"{file} of the CA can't be read ({error.strerror}): {todo}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm, TooLongError) as error:
        raise SiteError(f"{file} of the CA is damaged: {todo}") from error


def _private_pem(file: Path) -> bytes:
    return read_private(file, MAX_PEM_BYTES)


def is_issued_by(certificate: x509.Certificate, ca: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(ca)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def is_for(certificate: x509.Certificate, request: str) -> bool:
    """Whether it was made for the key that asked. Raises SiteError for what is no request."""
    return certificate.public_key() == _public_key(request)


def is_due(certificate: x509.Certificate, now: datetime.datetime) -> bool:
    """Time to renew: two thirds of its life are over."""
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return now >= certificate.not_valid_before_utc + life * 2 / 3


def digest(der: bytes) -> bytes:
    """SHA-256: what a proof is bound to."""
    return hashlib.sha256(der).digest()


def is_request(request: str) -> bool:
    """Whether a certificate can be made for it."""
    try:
        _public_key(request)
    except SiteError:
        return False
    return True


def _public_key(request: str) -> ec.EllipticCurvePublicKey:
    if len(request) > MAX_PEM_BYTES:
        raise SiteError("the certificate request is too long")
    try:
        loaded = x509.load_pem_x509_csr(request.encode())
        valid = loaded.is_signature_valid
        public = loaded.public_key()
    except ValueError as error:
        raise SiteError(f"that is no certificate request: {error}") from error
    if not valid or not isinstance(public, ec.EllipticCurvePublicKey):
        raise SiteError("the certificate request is not signed by a P-256 key")
    return public


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    life: datetime.timedelta,
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])
