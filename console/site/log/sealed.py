"""Sealing what lies on disk: AES-256-GCM, each file under a key derived from the home's.

The home's key lies in a file that its owner alone can read, made once. A sealed message is bound to
its name, so that none can be put in another's place. Nonces are 96 bits by chance, which NIST SP
800-38D section 8.3 allows for 2^32 messages under one key; no outbox sees so many.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from console.site.security.private import fresh_private

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12


class SealError(ValueError):
    """What was sealed can't be opened: damaged, another's, or its key is gone."""


class Seal:
    """Seals and opens the messages of one file."""

    def __init__(self, key: bytes, salt: bytes, purpose: str) -> None:
        """``salt``: made with the file (:func:`new_salt`). ``purpose``: what the key is for."""
        derived = HKDF(SHA256(), KEY_BYTES, salt, purpose.encode()).derive(key)  # RFC 5869
        self._box = AESGCM(derived)

    def close(self, name: str, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, plain, name.encode())

    def open(self, name: str, sealed: bytes) -> bytes:
        """Raises SealError."""
        try:
            return self._box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError("damaged, or sealed under another key or name") from error


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def key_of(path: Path) -> bytes:
    """The key in this file, made if there is none. Raises OSError, and SealError for a file that
    holds no key."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        keep_once(path, new_key())
        key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise SealError(f"{path} holds no key")
    return key


def keep_once(path: Path, data: bytes) -> None:
    """On disk whole, 0600; of two processes that do it at once one wins and both may read on."""
    fresh = fresh_private(path, data)
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def keep_instead(path: Path, data: bytes) -> None:
    """The same in the place of what was there."""
    fresh_private(path, data).replace(path)
