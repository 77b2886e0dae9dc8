"""Asks a running nats-server to read its configuration again: members come and go without a stop.

Over the server's system account, so that it is the same on every system (a signal is not).
"""

from __future__ import annotations

import asyncio
import json
from typing import Final

from nats.errors import Error as NatsError

from console.site.address import SiteError
from console.site.log.client import come_in
from console.site.security.identity import Identity

ANSWER_S: Final = 5.0


def reload(url: str, system: Identity) -> None:
    """Blocks. Raises SiteError, with the server's own words."""
    try:
        asyncio.run(_reload(url, system))
    except (NatsError, OSError, TimeoutError) as error:
        raise SiteError(
            f"the server could not be asked to read its configuration: {error}"
        ) from error


async def _reload(url: str, system: Identity) -> None:
    nc = await come_in((url,), system, "site control")
    try:
        server = nc._server_info["server_id"]  # nats-py tells it nowhere else
        answer = await nc.request(f"$SYS.REQ.SERVER.{server}.RELOAD", b"", timeout=ANSWER_S)
        said = json.loads(answer.data)
        if "error" in said:
            raise SiteError(f"the server refused its configuration: {said['error']}")
    finally:
        await nc.close()
