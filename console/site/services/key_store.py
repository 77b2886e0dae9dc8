"""Where a site keeps its voice keys: a JetStream KV that nodes alone may read, each entry sealed.

A KV, because in a cluster every node has it then, and a node that takes over goes on with the same
keys: no rekey, no gap. Sealed (AES-256-GCM) under a key file that lies with the site's CA and is
copied with it, because the store's files are copied and backed up by people who are to hear nobody.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nats.aio.client import Client
from nats.js.errors import APIError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from console.domain.voice_keys import GroupKeys, VoiceKey
from console.site.address import SiteError
from console.site.log.logstore import VOICE_KEYS
from console.site.security.private import TooLongError, read_private, write_private

log = logging.getLogger(__name__)

SEAL_FILE: Final = "voice-seal.key"
MAX_SEAL_FILE_BYTES: Final = 256
MAX_ENTRIES: Final = 40_000
NONCE_BYTES: Final = 12
SEAL_BYTES: Final = 32
NO_KEYS: Final = (
    "Until it is mended no talkgroup of this site gets voice keys. Bring it back from a backup, or "
    "delete it: then every talkgroup gets a new key, and foreign senders' have to be added again. "
    "The site goes on by itself"
)
ANSWER_S: Final = 3.0
LOAD_S: Final = 10.0


class Foreign(msgspec.Struct, frozen=True, tag="foreign"):
    """The static key of a sender that is no member."""

    talkgroup: str
    key: VoiceKey


class Block(msgspec.Struct, frozen=True, tag="block"):
    """SSRCs that one station sends, and when it last asked (the site's clock)."""

    number: int
    member: str
    station: str
    used_ms: int


class Group(msgspec.Struct, frozen=True, tag="group"):
    keys: GroupKeys


Entry = Foreign | Block | Group
_T = TypeVar("_T")


class Seal:
    """Closes and opens entries; each is bound to its name, so that none stands in for another."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    @classmethod
    def open(cls, folder: Path) -> Seal:
        """The site's own, made when there is none. Raises SiteError with what to do."""
        path = folder / SEAL_FILE
        if not path.exists():
            try:
                write_private(path, base64.b64encode(secrets.token_bytes(SEAL_BYTES)).decode())
            except OSError as error:
                raise SiteError(f"{path} can't be written ({error.strerror})") from error
        return cls(_seal_key(path))

    def close(self, name: str, entry: Entry) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, msgspec.msgpack.encode(entry), name.encode())

    def read(self, name: str, sealed: bytes) -> Entry | None:
        """None: sealed under another key, or damaged."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            plain = self._aead.decrypt(nonce, rest, name.encode())
            entry: Entry = msgspec.msgpack.decode(plain, type=Entry)
        except (InvalidTag, ValueError, msgspec.DecodeError):
            return None
        return entry


def _seal_key(path: Path) -> bytes:
    """Raises SiteError with what to do."""
    try:
        raw = read_private(path, MAX_SEAL_FILE_BYTES)
        key = base64.b64decode(raw, validate=True)
    except (binascii.Error, TooLongError):
        key = b""
    except OSError as error:
        raise SiteError(f"{path} can't be read ({error.strerror}). {NO_KEYS}") from error
    except SiteError as error:
        raise SiteError(f"{error}. {NO_KEYS}") from error
    if len(key) != SEAL_BYTES:
        raise SiteError(f"{path} is damaged. {NO_KEYS}")
    return key


class KeyStore:
    """All entries in memory, as the KV has them; every node sees what any of them writes. On one
    event loop. ``unreadable`` counts entries that this site's seal does not open."""

    def __init__(self, seal: Seal, on_change: Callable[[Entry], None]) -> None:
        self._seal = seal
        self._on_change = on_change
        self._revisions: dict[str, int] = {}
        self._entries: dict[str, Entry] = {}
        self._writing: set[bytes] = set()  # nonces: what comes back of these is no news
        self.unreadable = 0

    async def open(self, nc: Client) -> asyncio.Task[None]:
        """Read all there is; the task goes on reading. Raises nats errors, TimeoutError."""
        js = nc.jetstream(timeout=ANSWER_S)
        self._kv = await js.key_value(VOICE_KEYS)
        self._revisions, self._entries = {}, {}
        watcher = await self._kv.watchall()
        async with asyncio.timeout(LOAD_S):
            async for entry in watcher:
                if entry is None:
                    break
                self._take(entry)
        return asyncio.create_task(self._follow(watcher), name="site-voice-keys")

    async def _follow(self, watcher: KeyValue.KeyWatcher) -> None:
        async for entry in watcher:
            if entry is not None:
                changed = self._take(entry)
                if changed is not None:
                    self._on_change(changed)

    def _take(self, entry: KeyValue.Entry) -> Entry | None:
        """What others have written; our own comes back and changes nothing."""
        revision = entry.revision or 0
        if self._revisions.get(entry.key, 0) >= revision or len(self._entries) >= MAX_ENTRIES:
            return None
        self._revisions[entry.key] = revision
        old = self._entries.pop(entry.key, None)
        if entry.operation is not None or entry.value is None:
            return old
        found = self._seal.read(entry.key, entry.value)
        if found is None:
            self.unreadable += 1
            log.error("a voice key was sealed under another key than this site's: passed over")
            return None
        self._entries[entry.key] = found
        return None if entry.value[:NONCE_BYTES] in self._writing else found

    # -- what there is ------------------------------------------------------------------------

    def groups(self) -> list[GroupKeys]:
        return [one.keys for one in self._entries.values() if isinstance(one, Group)]

    def group(self, talkgroup: str) -> GroupKeys | None:
        entry = self._entries.get(_group_name(talkgroup))
        return entry.keys if isinstance(entry, Group) else None

    def foreign(self) -> list[Foreign]:
        return [one for one in self._entries.values() if isinstance(one, Foreign)]

    def blocks(self) -> list[Block]:
        return [one for one in self._entries.values() if isinstance(one, Block)]

    # -- changing it --------------------------------------------------------------------------

    async def put_group(self, group: GroupKeys) -> bool:
        return await self._put(_group_name(group.talkgroup), Group(group))

    async def put_block(self, block: Block) -> bool:
        return await self._put(f"block.{block.number}", block)

    async def put_foreign(self, foreign: Foreign) -> bool:
        return await self._put(_foreign_name(foreign.talkgroup, foreign.key.kid), foreign)

    async def drop_group(self, talkgroup: str) -> None:
        await self._drop(_group_name(talkgroup))

    async def drop_foreign(self, talkgroup: str, kid: str) -> bool:
        name = _foreign_name(talkgroup, kid)
        if name not in self._entries:
            return False
        await self._drop(name)
        return True

    async def _put(self, name: str, entry: Entry) -> bool:
        """False: another node has written it meanwhile, and its word counts."""
        sealed = self._seal.close(name, entry)
        self._writing.add(sealed[:NONCE_BYTES])
        try:
            revision = await self._kv.update(name, sealed, last=self._revisions.get(name, 0))
        except KeyWrongLastSequenceError:
            return False
        finally:
            self._writing.discard(sealed[:NONCE_BYTES])
        if revision > self._revisions.get(name, 0):
            self._revisions[name] = revision
            self._entries[name] = entry
        return True

    async def _drop(self, name: str) -> None:
        self._entries.pop(name, None)
        try:
            await self._kv.delete(name)
        except APIError as error:
            log.warning("%s could not be deleted: %s", name, error)


def _group_name(talkgroup: str) -> str:
    return f"group.{_digest(talkgroup)}"


def _foreign_name(talkgroup: str, kid: str) -> str:
    return f"foreign.{_digest(talkgroup)}.{_digest(kid)}"


def _digest(text: str) -> str:
    """KV keys take fewer letters than talkgroups."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
