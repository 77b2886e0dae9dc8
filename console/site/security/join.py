"""A newcomer's side of enrolment: knocks at a site's door with a code, and keeps what it gets.

Nothing that the network says is believed before the site has proved that it knows the code too.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from console.site.address import SiteAddress, SiteError, SitePlace
from console.site.security import identity, pki, proof
from console.site.security.proof import (
    Admitted,
    AdmittedNode,
    Begin,
    Begun,
    Claim,
    Refused,
    Seen,
    Why,
)

PATIENCE_S: Final = 15.0
MAX_ANSWER_BYTES: Final = 262_144

Said = TypeVar("Said")
Let = TypeVar("Let", Admitted, AdmittedNode)


class Turned(SiteError):  # noqa: N818  # an answer rather than an error
    """The door did not let us in; ``why`` is what a program goes by."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


class Joined(NamedTuple):
    """``label``: what people call this place, "" = nobody said."""

    address: SiteAddress
    label: str


def join(home: Path, door: str, code: str) -> Joined:
    """Enrol at ``door`` (``https://host:port``) with a code in its plain form; key, certificate
    and place lie below ``home`` when this returns. Blocks for some seconds. Raises SiteError, of
    which Turned is one, and OSError when it can't be written down."""
    host, port = _place(door)
    claim, admitted, seen = _claimed(host, port, code, Admitted)
    named = _checked(claim, admitted, claim.site_proof(seen, admitted))
    if named is None or (named.name, named.role) != (admitted.name, admitted.role):
        raise SiteError(NOT_TOGETHER)
    site = claim.site
    place = SitePlace((_url(host, admitted.port),), admitted.site, site, door)
    folder = identity.folder_of(home, admitted.role)
    identity.save(
        folder,
        key=claim.key_pem,
        certificate=admitted.certificate,
        ca=admitted.ca,
        place=place,
    )
    found = identity.load(folder)
    if found is None:
        raise SiteError("the certificate is over already: set this machine's clock right")
    return Joined(SiteAddress(place, found), admitted.label)


class NodeClaimed(msgspec.Struct, frozen=True):
    """What a new node has got, all of it proved to come from who knows the code. ``pack``: JSON."""

    key: str
    certificate: str
    ca: str
    pack: str


def claim_node(door: str, code: str) -> NodeClaimed:
    """By a code for a node, in its plain form. Nothing is written down. Raises SiteError, of which
    Turned is one."""
    host, port = _place(door)
    claim, admitted, seen = _claimed(host, port, code, AdmittedNode)
    _checked(claim, admitted, claim.site_proof(seen, admitted, admitted.pack))
    return NodeClaimed(claim.key_pem, admitted.certificate, admitted.ca, admitted.pack)


def _claimed(host: str, port: int, code: str, kind: type[Let]) -> tuple[_Claiming, Let, bytes]:
    """What was claimed and what was answered, not believed yet; and what the door showed."""
    begun, _ = _knock(host, port, "/enrol/begin", Begin(), Begun)
    is_node = kind is AdmittedNode
    claim = _Claiming(begun, code, node=is_node)
    path = "/enrol/node" if is_node else "/enrol/claim"
    admitted, seen = _knock(host, port, path, claim, kind)
    return claim, admitted, seen


class _Claiming:
    """What is claimed depends on the certificate that the door shows at that very connection."""

    def __init__(self, begun: Begun, code: str, *, node: bool) -> None:
        self._begun = begun
        self._code = code
        self._node = node
        key = pki.new_key()
        self.key_pem = pki.key_pem(key)
        self.request = pki.request_pem(key)
        self._nonce = proof.new_nonce()

    @property
    def site(self) -> str:
        return self._begun.site

    def seen(self, certificate: bytes) -> Seen:
        return Seen(self._nonce, self._begun.nonce, self._begun.site, certificate)

    def claim(self, certificate: bytes) -> Claim:
        seen = self.seen(certificate)
        self._key = proof.key_of(self._code, seen)
        made = proof.newcomers_proof(self._key, seen, self.request, node=self._node)
        return Claim(self._nonce, self._begun.nonce, self.request, made)

    def site_proof(
        self, certificate: bytes, admitted: Admitted | AdmittedNode, pack: str | None = None
    ) -> str:
        """What the site has to prove."""
        seen = self.seen(certificate)
        return proof.sites_proof(self._key, seen, admitted.ca, admitted.certificate, pack)


NOT_TOGETHER: Final = "the site's answer does not fit together; make a new code and try again"


def _checked(
    claim: _Claiming, admitted: Admitted | AdmittedNode, right: str
) -> pki.MemberName | None:
    """Whom the certificate names, once the site has proved itself. Raises SiteError."""
    if not proof.is_same(right, admitted.proof):
        raise SiteError(
            "what answers there does not know the code: it is not the site that made it; "
            "look for who pretends to be it"
        )
    ca = pki.load_certificate(admitted.ca)
    issued = pki.load_certificate(admitted.certificate)
    if (
        pki.fingerprint(ca) != claim.site
        or not pki.is_issued_by(issued, ca)
        or not pki.is_for(issued, claim.request)
    ):
        raise SiteError(NOT_TOGETHER)
    return pki.member_named(issued)


def _place(door: str) -> tuple[str, int]:
    """Raises SiteError."""
    try:
        at = urlsplit(door)
        scheme, host, port = at.scheme, at.hostname, at.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme != "https" or not host or not port:
        raise SiteError(f"{door} is no door; it looks like https://192.0.2.10:8443")
    return host, port


def _url(host: str, port: int) -> str:
    return f"tls://[{host}]:{port}" if ":" in host else f"tls://{host}:{port}"


def _knock(
    host: str, port: int, path: str, words: Begin | _Claiming, answer: type[Said]
) -> tuple[Said, bytes]:
    """What was answered, and the SHA-256 of the certificate that was shown. Raises SiteError."""
    connection = http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=_context())
    try:
        connection.connect()
        shown = hashlib.sha256(_certificate(connection.sock)).digest()
        said = words.claim(shown) if isinstance(words, _Claiming) else words
        connection.request("POST", path, msgspec.json.encode(said))
        response = connection.getresponse()
        status, raw = response.status, response.read(MAX_ANSWER_BYTES)
    except (OSError, http.client.HTTPException) as error:
        reason = str(error) or type(error).__name__
        raise SiteError(f"the door at {host} port {port} does not answer: {reason}") from error
    finally:
        connection.close()
    return _read(raw, status, answer), shown


def _read(raw: bytes, status: int, answer: type[Said]) -> Said:
    try:
        if status == http.client.OK:
            return msgspec.json.decode(raw, type=answer)
        refused = msgspec.json.decode(raw, type=Refused)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SiteError("what answers there is no site's door") from error
    raise Turned(refused.why, refused.error)


def _certificate(connection: Any) -> bytes:
    shown: bytes | None = connection.getpeercert(binary_form=True)
    if not shown:
        raise SiteError("the door shows no certificate")
    return shown


def _context() -> ssl.SSLContext:
    """Nobody is trusted yet, so no certificate is held to anything: the proofs are about the one
    that was shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
