"""The voice keys of this very home's site, from a shell: who can read its folder is the site."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError

from console.domain.voice_keys import MAX_FOREIGN, GroupKeys, VoiceKey
from console.site.address import SiteError
from console.site.find import no_site_here
from console.site.log.client import close_client, come_in
from console.site.node.process import find_address, site_folder
from console.site.security import identity
from console.site.services.key_store import Entry, Foreign, KeyStore, Seal

_T = TypeVar("_T")


def list_keys(home: Path) -> tuple[list[GroupKeys], list[Foreign]]:
    """Raises SiteError."""

    async def read(store: KeyStore) -> tuple[list[GroupKeys], list[Foreign]]:
        return store.groups(), store.foreign()

    return _at_store(home, read)


def add_foreign(home: Path, talkgroup: str, key: VoiceKey) -> None:
    """A static key for senders that are no members. Raises SiteError."""

    async def write(store: KeyStore) -> None:
        known = [one.key.kid for one in store.foreign() if one.talkgroup == talkgroup]
        if key.kid in known:
            raise SiteError(f"talkgroup {talkgroup} has a key {key.kid} already; remove it first")
        if len(known) >= MAX_FOREIGN:
            raise SiteError(f"a talkgroup has at most {MAX_FOREIGN} foreign keys; remove one")
        if not await store.put_foreign(Foreign(talkgroup, key)):
            raise SiteError("somebody else has changed it at this moment; try again")

    _at_store(home, write)


def remove_foreign(home: Path, talkgroup: str, kid: str) -> bool:
    """False: there was none. Raises SiteError."""

    async def drop(store: KeyStore) -> bool:
        return await store.drop_foreign(talkgroup, kid)

    return _at_store(home, drop)


async def unreadable_keys(nc: Client, home: Path) -> int:
    """How many of what is kept another seal than this site's has closed; ``nc`` is the node's.
    Raises Failure, APIError, SiteError."""
    async with _store(nc, home) as store:
        return store.unreadable


def _at_store(home: Path, act: Callable[[KeyStore], Awaitable[_T]]) -> _T:
    try:
        return asyncio.run(_connected(home, act))
    except (NatsError, APIError, OSError, TimeoutError) as error:
        raise SiteError(f"the site's keys can't be reached: {error}") from error


async def _connected(home: Path, act: Callable[[KeyStore], Awaitable[_T]]) -> _T:
    address = find_address(home)
    node = identity.load(site_folder(home) / "node")
    if address is None or node is None:
        raise SiteError(no_site_here(home))
    nc = await come_in(address.place.urls, node, "keys command")
    try:
        async with _store(nc, home) as store:
            return await act(store)
    finally:
        await close_client(nc)


@contextlib.asynccontextmanager
async def _store(nc: Client, home: Path) -> AsyncIterator[KeyStore]:
    store = KeyStore(Seal.open(site_folder(home) / "pki"), _nobody_listens)
    following = await store.open(nc)
    try:
        yield store
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


def _nobody_listens(_entry: Entry) -> None:
    """The command ends when it has written."""
