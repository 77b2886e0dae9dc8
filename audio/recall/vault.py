"""Keys and sealing: each burst under a key of its own, wrapped by the one of this home.

A burst's file and its key's file lie apart, so that a copy of the one is worth nothing once the
other has been destroyed. A burst's key seals three messages in its life, the facts, the body and
the mark that somebody has listened, with the numbers 0 to 2 as nonces: none ever comes twice with
another message, whatever crashes, as the mark is always the same.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from audio.private import write_private

MAGIC: Final = b"VBR1"
KEY_BYTES: Final = 32  # AES-256
WRAPPED_BYTES: Final = KEY_BYTES + 8  # RFC 3394
_FACTS_NONCE: Final = (0).to_bytes(12, "big")
_BODY_NONCE: Final = (1).to_bytes(12, "big")
_MARK_NONCE: Final = (2).to_bytes(12, "big")
_MARK: Final = b"listened"
MARK_BYTES: Final = len(_MARK) + 16  # with the seal of AES-GCM
_SIZE: Final = 4  # bytes of the facts' length


class SealError(ValueError):
    """What was sealed can't be opened: another's, damaged, or its key is gone."""


class Vault:
    """Holds the home's key, made at the first use. Raises OSError, SealError."""

    def __init__(self, path: Path) -> None:
        try:
            self._key = path.read_bytes()
        except FileNotFoundError:
            self._key = secrets.token_bytes(KEY_BYTES)
            write_private(path, self._key)
        if len(self._key) != KEY_BYTES:
            raise SealError(f"{path} is no key; put the right one back, or delete the folder")

    def new_key(self) -> tuple[bytes, bytes]:
        """A burst's key, and the same wrapped for the disk."""
        key = secrets.token_bytes(KEY_BYTES)
        return key, aes_key_wrap(self._key, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Raises SealError."""
        try:
            return aes_key_unwrap(self._key, wrapped)
        except (InvalidUnwrap, ValueError) as error:
            raise SealError("the burst's key is damaged or another home's") from error


def seal(key: bytes, name: str, facts: bytes, body: bytes) -> bytes:
    """The file of a burst. ``key`` is used for this one alone."""
    box, context = AESGCM(key), MAGIC + name.encode()
    head = box.encrypt(_FACTS_NONCE, facts, context)
    return b"".join(
        (MAGIC, len(head).to_bytes(_SIZE, "big"), head, box.encrypt(_BODY_NONCE, body, context))
    )


def facts_size(start: bytes) -> int:
    """Bytes of the file up to the end of the facts. Raises SealError."""
    if len(start) < len(MAGIC) + _SIZE or not start.startswith(MAGIC):
        raise SealError("this is no burst of ours")
    return len(MAGIC) + _SIZE + int.from_bytes(start[len(MAGIC) : len(MAGIC) + _SIZE], "big")


def open_facts(key: bytes, name: str, data: bytes) -> bytes:
    """``data``: the file, at least as far as :func:`facts_size`. Raises SealError."""
    return _open(key, name, _FACTS_NONCE, data[len(MAGIC) + _SIZE : facts_size(data)])


def open_body(key: bytes, name: str, data: bytes) -> bytes:
    """``data``: the whole file. Raises SealError."""
    return _open(key, name, _BODY_NONCE, data[facts_size(data) :])


def seal_mark(key: bytes, name: str) -> bytes:
    """That somebody has listened to this burst."""
    return AESGCM(key).encrypt(_MARK_NONCE, _MARK, MAGIC + name.encode())


def open_mark(key: bytes, name: str, sealed: bytes) -> None:
    """Raises SealError when it is no such mark of this burst, or not whole."""
    if _open(key, name, _MARK_NONCE, sealed) != _MARK:
        raise SealError("this mark says something else")


def _open(key: bytes, name: str, nonce: bytes, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, sealed, MAGIC + name.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("the burst is damaged, or not what its name says") from error
