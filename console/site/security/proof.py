"""How a newcomer and a site prove to each other that both know the code, over a network that
neither trusts: what goes over the wire, and what is computed from it. Pure.

Both proofs are HMACs under a key that scrypt (RFC 7914) makes from the code, over what each side
sees of the other: the certificate that was shown in TLS, the newcomer's key, what was issued. Who
sits in the middle shows another certificate, so that nothing it passes on fits; what it can do is
guess codes against a proof that it has seen, at 32 MiB and some 80 ms of a core a guess, for the
ten minutes of a code's life (docs/SECURITY.md has the sum).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.domain.roles import MemberRole
from console.site.security.pki import MAX_PEM_BYTES

SCRYPT_N: Final = 2**15
SCRYPT_R: Final = 8
SCRYPT_MEMORY: Final = 64 * 2**20  # it takes 128 * N * r = 32 MiB
NONCE_BYTES: Final = 32
NONCE_LIFE_S: Final = 60
_STAMP_BYTES: Final = 8
_RANDOM_BYTES: Final = 8

Digest = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Pem = Annotated[str, Meta(max_length=MAX_PEM_BYTES)]
MAX_PACK: Final = 120_000
Why = Literal[
    "no-code", "wrong-code", "other-kind", "too-late", "slow-down", "busy", "malformed",
    "not-found", "failed",
]  # fmt: skip


class Begin(msgspec.Struct, frozen=True):
    """POST /enrol/begin"""

    v: Literal[1] = 1


class Begun(msgspec.Struct, frozen=True):
    """``site`` is the CA's fingerprint: what all that comes later is held to."""

    site: Digest
    nonce: Digest
    v: Literal[1] = 1


class Claim(msgspec.Struct, frozen=True):
    """POST /enrol/claim, or /enrol/node by who is to be a node of the site. ``request`` is a
    certificate request (PKCS #10, PEM)."""

    nonce: Digest
    site_nonce: Digest
    request: Pem
    proof: Digest
    v: Literal[1] = 1


class Admitted(msgspec.Struct, frozen=True):
    """``site`` is what the site is called, ``port`` its NATS server's, on the door's host;
    ``label`` what people call the new member's place, "" = nobody said."""

    certificate: Pem
    ca: Pem
    proof: Digest
    name: str
    role: MemberRole
    site: Annotated[str, Meta(min_length=1, max_length=63)]
    port: Annotated[int, Meta(ge=1, le=65_535)]
    label: Annotated[str, Meta(max_length=64)] = ""
    v: Literal[1] = 1


class AdmittedNode(msgspec.Struct, frozen=True):
    """``pack`` is what makes a home a node (console.site.node.joining), as JSON."""

    certificate: Pem
    ca: Pem
    pack: Annotated[str, Meta(max_length=MAX_PACK)]
    proof: Digest
    v: Literal[1] = 1


class Refused(msgspec.Struct, frozen=True):
    """``error`` is a sentence for a person, ``why`` what a program goes by."""

    why: Why
    error: Annotated[str, Meta(max_length=300)]


class Seen(msgspec.Struct, frozen=True):
    """What a proof is about besides the code. ``certificate``: SHA-256 of the DER that the door
    showed in TLS."""

    nonce: str
    site_nonce: str
    site: str
    certificate: bytes

    @property
    def both(self) -> bytes:
        return bytes.fromhex(self.nonce) + bytes.fromhex(self.site_nonce)


def key_of(code: str, seen: Seen) -> bytes:
    """Takes some 80 ms, and 32 MiB; lets other threads run."""
    return hashlib.scrypt(
        code.encode(),
        salt=seen.both + bytes.fromhex(seen.site),
        n=SCRYPT_N,
        r=SCRYPT_R,
        p=1,
        maxmem=SCRYPT_MEMORY,
        dklen=32,
    )


def newcomers_proof(key: bytes, seen: Seen, request: str, *, node: bool = False) -> str:
    """``node``: of who is to be a node of the site."""
    word = b"new node" if node else b"newcomer"
    return _mac(key, word, seen.both, seen.certificate, _hash(request))


def sites_proof(key: bytes, seen: Seen, ca: str, certificate: str, pack: str | None = None) -> str:
    """``pack``: for a node."""
    issued = (seen.both, seen.certificate, _hash(ca), _hash(certificate))
    if pack is None:
        return _mac(key, b"site", *issued)
    return _mac(key, b"node", *issued, _hash(pack))


def is_same(proof: str, other: str) -> bool:
    return hmac.compare_digest(proof, other)


def new_nonce() -> str:
    return secrets.token_hex(NONCE_BYTES)


class Nonces:
    """The site's: each carries its time and a seal, so that nothing is kept for who never comes
    back."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def new(self, now_s: float) -> str:
        stamped = int(now_s * 1_000).to_bytes(_STAMP_BYTES, "big")
        body = stamped + secrets.token_bytes(_RANDOM_BYTES)
        return (body + self._seal(body)).hex()

    def is_fresh(self, nonce: str, now_s: float) -> bool:
        raw = bytes.fromhex(nonce)
        body, seal = raw[: _STAMP_BYTES + _RANDOM_BYTES], raw[_STAMP_BYTES + _RANDOM_BYTES :]
        if not hmac.compare_digest(seal, self._seal(body)):
            return False
        age_s = now_s - int.from_bytes(body[:_STAMP_BYTES], "big") / 1_000
        return -1 <= age_s <= NONCE_LIFE_S

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")[: NONCE_BYTES - len(body)]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _mac(key: bytes, *parts: bytes) -> str:
    """The first part is a word of its own in each proof, none of which begins another; all others
    have fixed lengths."""
    return hmac.new(key, b"".join(parts), "sha256").hexdigest()
