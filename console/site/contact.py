"""How a site is from here, tried and not guessed: come in, and ask a service."""

from __future__ import annotations

import asyncio
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoServersError

from console.site.address import SiteAddress, SiteError
from console.site.log.client import Failure, close_client, why_not_in
from console.site.log.spoken import SPOKEN, is_spoken
from console.site.log.store_state import TOLD, StoreState, heard, sentence_of
from console.site.log.subjects import asks_of
from console.site.services.asked import connected

WITNESS: Final = "voice-policy"
"""A service that every role may ask; it answers where the site's lease is held, like those that
escalate alarms and give the floor."""
SERVICES_S: Final = 3.0
"""When another node takes over, the services are silent for about a second and a half."""
ASK_S: Final = 1.0
PAUSE_S: Final = 0.2
SILENT: Final = (
    "its server answers, but its services don't: alarms are kept and told and NOT escalated, "
    "nobody gives the floor or new keys. Start the site again on its machine: `vaktbord site`"
)
MEANWHILE: Final = (
    "its services don't answer meanwhile: nobody gives the floor or new keys, nothing escalates"
)
"""Where the log can't be written, which they need too; a new start of the site is no help."""
DISK_S: Final = 2.0
"""A node whose disk takes nothing says so every second."""


def look_in(address: SiteAddress) -> bool:
    """Whether the site's services answer. Blocks for a few seconds at most. Raises SiteError for a
    site that can't be reached, and ShutOutError when it refuses us."""
    return asyncio.run(_look_in(address))


async def _look_in(address: SiteAddress) -> bool:
    nc = await enter(address, "looks in")
    try:
        return await serves(nc, address)
    finally:
        await close_client(nc)


def disk_problem(address: SiteAddress) -> str:
    """Why the site's log takes nothing, in a sentence; "" where no node says so. Blocks for a few
    seconds: for when something has failed."""
    try:
        state = asyncio.run(_hear_of_disk(address))
    except (*Failure, SiteError):
        return ""
    return sentence_of(state) if state is not None else ""


async def _hear_of_disk(address: SiteAddress) -> StoreState | None:
    nc = await enter(address, "looks in")
    found: asyncio.Future[StoreState] = asyncio.get_running_loop().create_future()

    async def hear(msg: Msg) -> None:
        told = heard(msg.subject, msg.data) if is_spoken(msg) else None
        if told is not None and told[1].takes_nothing and not found.done():
            found.set_result(told[1])

    try:
        await nc.subscribe(f"{TOLD}*.all", cb=hear)
        async with asyncio.timeout(DISK_S):
            return await found
    except TimeoutError:
        return None
    finally:
        await close_client(nc)


def why_silent(address: SiteAddress) -> str:
    """Of a site whose services don't answer: what it comes of, and what to do. Blocks as
    :func:`disk_problem`."""
    problem = disk_problem(address)
    return f"{problem}. And {MEANWHILE}" if problem else SILENT


async def enter(address: SiteAddress, name: str) -> Client:
    """The caller closes it. Raises as :func:`look_in`."""
    heard: list[str] = []

    async def on_error(error: Exception) -> None:
        heard.append(str(error) or type(error).__name__)

    try:
        return await connected(address, name, error_cb=on_error)
    except Failure as error:
        said = str(error) or type(error).__name__
        if isinstance(error, NoServersError | TimeoutError):
            said = heard[-1] if heard else "no answer"
        raise why_not_in(address, said) from error


async def serves(nc: Client, address: SiteAddress) -> bool:
    """Whether its services answer."""
    subject = f"{asks_of(WITNESS, address.identity.named)}.all"
    loop = asyncio.get_running_loop()
    until_s = loop.time() + SERVICES_S
    while loop.time() < until_s:
        try:
            await nc.request(subject, b"", timeout=ASK_S, headers=SPOKEN)
        except Failure:  # nobody is there to answer, which the server says at once
            await asyncio.sleep(PAUSE_S)
        else:
            return True
    return False
