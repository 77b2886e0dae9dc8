"""How the site of this home does, for who can read its folder: each thing asked, none guessed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from console.site.address import SiteError, SitePlace
from console.site.contact import SILENT, look_in
from console.site.log.client import Failure, close_client, come_in
from console.site.log.store_state import StoreState, size_words
from console.site.node.process import (
    SiteFile,
    find_node,
    is_site_process,
    read_site_file,
    site_folder,
)
from console.site.node.storewatch import failed_streams, look
from console.site.security import identity


class SiteReport(msgspec.Struct, frozen=True):
    """``wrong``: what is to be mended, a sentence each with what to do. ``store`` is None where
    this node runs no server of its own, or it can't be asked."""

    name: str
    url: str
    pid: int
    store: StoreState | None
    wrong: tuple[str, ...]


def report(home: Path) -> SiteReport | None:
    """None: no site runs here. Blocks for some seconds at most."""
    known = read_site_file(home)
    if known is None or not is_site_process(known.pid):
        return None
    wrong: list[str] = []
    store = _store(home, known, wrong)
    _look_at_services(home, wrong)
    return SiteReport(known.place.name, known.place.url, known.pid, store, tuple(wrong))


def _store(home: Path, known: SiteFile, wrong: list[str]) -> StoreState | None:
    if not known.server:
        return None
    try:
        state = asyncio.run(_asked(site_folder(home), known.place))
    except (*Failure, SiteError) as error:
        wrong.append(f"its server can't be asked how it does: {error or type(error).__name__}")
        return None
    if state.condition != "well":
        wrong.append(store_sentence(state))
    return state


async def _asked(folder: Path, place: SitePlace) -> StoreState:
    """Of the server itself, as its system user."""
    system = identity.load(folder / "system")
    if system is None:
        raise SiteError(f"the certificate in {folder / 'system'} is over")
    nc = await come_in(place.urls[:1], system, "site status")
    try:
        return look(folder, await failed_streams(nc))
    finally:
        await close_client(nc)


def _look_at_services(home: Path, wrong: list[str]) -> None:
    try:
        node = find_node(home)
        if node is None:
            wrong.append("its server does not answer")
        elif not look_in(node):
            wrong.append(SILENT)
    except SiteError as error:
        wrong.append(str(error))


def store_sentence(state: StoreState) -> str:
    free, streams = size_words(state.free), ", ".join(state.failed)
    if state.condition == "full":
        return (
            f"the disk of its event log is full ({free} left): nothing new is kept or told, and "
            "waits where it was said. Make room; the site then goes on by itself"
        )
    if state.condition == "failed":
        return (
            f"its event log can't be written ({streams}), though {free} are free: look at the "
            "disk, and at site/nats.log. The site tries again by itself every half minute; a "
            "server that somebody else starts (--external) has to be started again"
        )
    return f"the disk of its event log is nearly full: {free} left of {size_words(state.size)}"
