"""How the site of this home does, for who can read its folder: each thing asked, none guessed."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

import msgspec
from nats.aio.client import Client
from nats.js.errors import APIError

from console.site.address import SiteAddress, SiteError
from console.site.contact import MEANWHILE, SILENT, enter, look_in
from console.site.key_desk import unreadable_keys
from console.site.log import damage
from console.site.log.client import Failure, close_client, come_in
from console.site.log.store_state import StoreState, sentence_of
from console.site.log.subjects import STREAMS
from console.site.node import mended, talkers
from console.site.node.keyfiles import key_problems, seal_problem
from console.site.node.papers import local_folder
from console.site.node.process import (
    SiteFile,
    is_site_process,
    read_site_file,
    site_folder,
)
from console.site.node.storewatch import failed_streams, look
from console.site.security import identity
from console.site.security.identity import Identity
from console.site.services.key_store import SEAL_FILE

ANSWER_S: Final = 5.0
LISTEN_S: Final = 0.5
SEEN: Final = "`vaktbord site --damage-seen` when everybody knows of it"


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
    is_written = store is None or not store.takes_nothing
    _ask_services(home, known, wrong, SILENT if is_written else MEANWHILE)
    asyncio.run(_look_in(home, known, wrong))
    _look_at_copies(home, known, wrong)
    wrong += key_problems(site_folder(home))
    return SiteReport(known.place.name, known.place.url, known.pid, store, tuple(wrong))


def _store(home: Path, known: SiteFile, wrong: list[str]) -> StoreState | None:
    if not known.server:
        return None
    try:
        state, louds = asyncio.run(_asked(home, known))
    except (*Failure, SiteError) as error:
        wrong.append(f"its server can't be asked how it does: {error or type(error).__name__}")
        return None
    if state.condition != "well":
        wrong.append(sentence_of(state))
    wrong += [talkers.sentence(member, per_s) for member, per_s in louds]
    return state


async def _asked(home: Path, known: SiteFile) -> tuple[StoreState, list[tuple[str, int]]]:
    """Of the server itself, as its system user; and which members say far too much just now."""
    nc = await come_in(known.place.urls[:1], _own(site_folder(home) / "system"), "site status")
    try:
        before, before_s = await talkers.talkers(nc), time.monotonic()
        state = look(site_folder(home), await failed_streams(nc), by_hand=_by_hand(known))
        await asyncio.sleep(LISTEN_S)
        now = await talkers.talkers(nc)
        return state, talkers.loud(before, now, time.monotonic() - before_s)
    finally:
        await close_client(nc)


def _by_hand(known: SiteFile) -> bool:
    """Somebody else starts the server."""
    return "--external" in known.words


def _own(folder: Path) -> Identity:
    """One of the site's own. Raises SiteError."""
    ours = identity.load(folder)
    if ours is None:
        raise SiteError(f"the certificate in {folder} is over")
    return ours


def _ask_services(home: Path, known: SiteFile, wrong: list[str], silent: str) -> None:
    """As this home's own desk: services hear the members, and of several nodes the one alone that
    they run on. ``silent``: what it means that they don't answer."""
    try:
        if not look_in(SiteAddress(known.place, _own(local_folder(site_folder(home), "operator")))):
            wrong.append(silent)
    except SiteError as error:
        wrong.append(f"its services can't be asked: {error}")


async def _look_in(home: Path, known: SiteFile, wrong: list[str]) -> None:
    """As the node itself, by one connection for all that is left."""
    try:
        node = SiteAddress(known.place, _own(site_folder(home) / "node"))
        nc = await enter(node, "site status")
    except SiteError as error:
        wrong.append(str(error))
        return
    try:
        await _look_at_log(nc, wrong)
        await _look_at_sealed(nc, home, wrong)
    finally:
        await close_client(nc)


async def _look_at_log(nc: Client, wrong: list[str]) -> None:
    try:
        damaged = await _damaged(nc)
    except (*Failure, APIError) as error:
        wrong.append(f"its event log can't be looked at: {error or type(error).__name__}")
        return
    if told := damage.sentence(damaged, damaged):
        wrong.append(f"{told}. {SEEN}")


def _look_at_copies(home: Path, known: SiteFile, wrong: list[str]) -> None:
    """Of a node of several."""
    copies = mended.load(site_folder(home))
    found = copies.told(time.time_ns() // 1_000_000)
    if told := mended.sentence(found, by_hand=_by_hand(known)):
        wrong.append(f"{told}. {SEEN}")
    if told := mended.unmendable_sentence(copies.unmendable):
        wrong.append(told)


async def _look_at_sealed(nc: Client, home: Path, wrong: list[str]) -> None:
    """Whether the seal is the one that the voice keys were sealed with."""
    if seal_problem(site_folder(home)):
        return
    try:
        count = await unreadable_keys(nc, home)
    except (*Failure, APIError, SiteError) as error:
        wrong.append(f"the site's keys can't be reached: {error or type(error).__name__}")
        return
    if count:
        wrong.append(
            f"{count} voice keys were sealed with another {SEAL_FILE} than the one in "
            f"{site_folder(home) / 'pki'}: put that back from a backup and start the site again. "
            "Without it talkgroups have new keys, and foreign senders' have to be added again"
        )


async def _damaged(nc: Client) -> dict[str, int]:
    """As :attr:`SiteLink.damaged`. Raises nats errors, OSError, TimeoutError."""
    now_ms = time.time_ns() // 1_000_000
    js = nc.jetstream(timeout=ANSWER_S)
    infos = {stream.name: await js.stream_info(stream.name) for stream in STREAMS}
    found = {name: damage.damaged_ms(info, now_ms) for name, info in infos.items()}
    return {name: at for name, at in found.items() if at is not None}


def forget_damage(home: Path, node: SiteAddress) -> tuple[str, ...]:
    """Whoever had to know of it does; the streams that are no longer told of. Raises SiteError."""
    try:
        streams = asyncio.run(_forget_damage(node))
        copies = mended.load(site_folder(home))
        if copies.found:
            copies.seen().save(site_folder(home))
        return tuple(sorted({*streams, *copies.found}))
    except (*Failure, APIError) as error:
        raise SiteError(f"the log does not take it: {error or type(error).__name__}") from error


async def _forget_damage(node: SiteAddress) -> tuple[str, ...]:
    nc = await come_in(node.place.urls, node.identity, "site status")
    try:
        damaged = await _damaged(nc)
        js = nc.jetstream(timeout=ANSWER_S)
        for name in damaged:
            config = (await js.stream_info(name)).config
            await js.update_stream(config.evolve(metadata=damage.unmarked(config.metadata)))
    finally:
        await close_client(nc)
    return tuple(sorted(damaged))
