"""The key under which nats-server keeps its store: made once, proved before each start, changed.

A server with the wrong key starts all the same and shows no streams (nats-server 2.15); the site
would then make new ones over those that are there. So a key is proved here first. The server gets
it through its environment: a command line and a configuration file can be read, and copied.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta

from console.site.address import SiteError
from console.site.log.sealed import keep_instead, keep_once

KEY_VARIABLE: Final = "VAKTBORD_STORE_KEY"
BEFORE_VARIABLE: Final = "VAKTBORD_STORE_KEY_BEFORE"
KEY_FILE: Final = "store.key"
PROOF_FILE: Final = "store.proof"
STORE: Final = "store"
CLUSTER_STORE: Final = "cluster"
"""A server of a cluster doesn't take over what one alone has stored: each has a folder."""
SERVERS_KEY: Final = "meta.key"
"""What nats-server writes into the folder of a stream that it keeps encrypted."""
MAX_FILE_BYTES: Final = 4_096
KEY_BYTES: Final = 32

File = TypeVar("File")

Key = Annotated[str, Meta(pattern=r"\Ak[0-9a-f]{64}\Z")]
"""Begins with a letter: nats-server reads a variable's text as a value of its configuration, where
digits make a number."""


class StoreKeys(msgspec.Struct, frozen=True):
    """``before``: what the store may still be kept under, "" = nothing is changing."""

    key: Key
    before: Annotated[str, Meta(pattern=r"\A(k[0-9a-f]{64})?\Z")] = ""
    v: Literal[1] = 1


class _Proof(msgspec.Struct, frozen=True):
    """Of the key that the store was last opened with; says nothing of the key itself."""

    proof: str
    v: Literal[1] = 1


def store_keys(folder: Path) -> StoreKeys:
    """The keys to start a server with on the stores of ``folder``. Raises SiteError, OSError."""
    keys, proof = _read(folder / KEY_FILE, StoreKeys), _read(folder / PROOF_FILE, _Proof)
    is_closed = any(any((folder / one).rglob(SERVERS_KEY)) for one in (STORE, CLUSTER_STORE))
    if keys is None:
        if is_closed:
            raise SiteError(f"the event log's key, {folder / KEY_FILE}, is lost. {_WHAT_TO_DO}")
        keep_once(folder / KEY_FILE, msgspec.json.encode(StoreKeys(_new_key())))
        return store_keys(folder)
    if is_closed and proof is not None and not _is_proved(keys, proof):
        raise SiteError(
            f"the key in {folder / KEY_FILE} is not the one that the event log is kept under. "
            f"{_WHAT_TO_DO}"
        )
    if not is_closed or proof is None:
        keep_instead(folder / PROOF_FILE, msgspec.json.encode(_Proof(_proof_of(keys.key))))
    return keys


def rotate(folder: Path) -> StoreKeys:
    """A new key from the next start on; the server then keeps what is there under it. Raises
    SiteError when the last change is not through."""
    old = store_keys(folder)
    if old.before:
        raise SiteError("the event log's key is being changed already; start the site first")
    keys = StoreKeys(_new_key(), before=old.key)
    keep_instead(folder / KEY_FILE, msgspec.json.encode(keys))
    return keys


def settle(folder: Path) -> None:
    """A server has opened all of its store with :func:`store_keys`: forget the key of before."""
    keys = store_keys(folder)
    if keys.before:
        keep_instead(folder / PROOF_FILE, msgspec.json.encode(_Proof(_proof_of(keys.key))))
        keep_instead(folder / KEY_FILE, msgspec.json.encode(StoreKeys(keys.key)))


def environment(keys: StoreKeys) -> dict[str, str]:
    """To be added to the server's."""
    before = {BEFORE_VARIABLE: keys.before} if keys.before else {}
    return {KEY_VARIABLE: keys.key, **before}


def jetstream_lines(keys: StoreKeys) -> list[str]:
    """For the block ``jetstream`` of the server's configuration; holds no secret."""
    before = [f"  prev_encryption_key: ${BEFORE_VARIABLE}"] if keys.before else []
    return ["  cipher: aes", f"  key: ${KEY_VARIABLE}", *before]


_WHAT_TO_DO: Final = (
    f"Put the right file back, or move {STORE}, {KEY_FILE} and {PROOF_FILE} out of that folder to "
    "begin an empty log: desks then send again what they keep of the last 72 hours"
)


def _new_key() -> str:
    return f"k{secrets.token_hex(KEY_BYTES)}"


def _proof_of(key: str) -> str:
    return hmac.new(key.encode(), b"vaktbord store 1", hashlib.sha256).hexdigest()


def _is_proved(keys: StoreKeys, proof: _Proof) -> bool:
    known = [_proof_of(key) for key in (keys.key, keys.before) if key]
    return any(hmac.compare_digest(one.encode(), proof.proof.encode()) for one in known)


def _read(path: Path, kind: type[File]) -> File | None:
    """None when there is none. Raises SiteError for one that can't be understood."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_FILE_BYTES), type=kind)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SiteError(f"{path} is damaged. {_WHAT_TO_DO}") from error
