"""Who says far more to this node's server than any position does, and so keeps all others waiting.

What a member may say live goes to every desk, and nats-server (2.15) knows no rate of a user: it
can only be told who it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from nats.aio.client import Client

ANSWER_S: Final = 3.0
LOUD_PER_S: Final = 5_000
"""A gateway that tells 2,000 positions a second says some 300 messages in it."""
MOST: Final = 16
SITE: Final = "site"
"""The role of the site's own."""


class Talker(msgspec.Struct, frozen=True):
    """One connection: whose, and how much it has said so far."""

    member: str
    role: str
    said: int


async def talkers(control: Client) -> dict[int, Talker]:
    """Those that have said the most, by the number of their connection. ``control`` is the
    server's, of its system user. Raises nats errors, OSError, TimeoutError."""
    server = control._server_info["server_id"]  # nats-py tells it nowhere else
    ask = json.dumps({"auth": True, "sort": "msgs_from", "limit": MOST}).encode()
    subject = f"$SYS.REQ.SERVER.{server}.CONNZ"
    answer = await control.request(subject, ask, timeout=ANSWER_S)
    return _talkers_in(json.loads(answer.data).get("data") or {})


def _talkers_in(said: Mapping[str, Any]) -> dict[int, Talker]:
    found = {}
    for one in said.get("connections") or ():
        member, _, rest = str(one.get("authorized_user", "")).partition(".")
        found[int(one["cid"])] = Talker(member, rest.partition(".")[0], int(one["in_msgs"]))
    return found


def loud(
    before: Mapping[int, Talker], now: Mapping[int, Talker], seconds: float
) -> list[tuple[str, int]]:
    """Members, and how much each of them has said in a second; the loudest first."""
    rates: dict[str, float] = {}
    for number, one in now.items():
        if one.role != SITE and number in before:
            more = max(0, one.said - before[number].said) / seconds
            rates[one.member] = rates.get(one.member, 0.0) + more
    found = [(member, round(rate)) for member, rate in rates.items() if rate > LOUD_PER_S]
    return sorted(found, key=lambda one: one[1], reverse=True)


def sentence(member: str, per_s: int) -> str:
    return (
        f"{member} says {per_s:,} messages a second, far more than any position does: all others "
        "may hear alarms late, or lose the site for moments. If it is broken end it; if nobody "
        f"knows why take it out: `vaktbord enrol --revoke {member}`"
    )
