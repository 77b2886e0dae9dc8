"""Which of several desks does what only one may do (a patch, keeping an alarm's voice); pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

LEASE_S: Final = 3.0
"""Without an offer of who does it for so long, another does."""
SETTLE_S: Final = 1.5
"""So long a new arbiter lets only those have a task who say that they do it already."""
MAX_TASKS: Final = 1_024
"""At the bound the one that was offered longest ago is forgotten."""


class Lease(msgspec.Struct, frozen=True):
    author: str
    heard_s: float


class Tasks(msgspec.Struct, frozen=True):
    started_s: float = 0.0
    leases: Mapping[str, Lease] = msgspec.field(default_factory=dict)


def offer(tasks: Tasks, task: str, author: str, now_s: float, *, held: bool) -> tuple[Tasks, bool]:
    """Whether who offers is the one who does it."""
    known = tasks.leases.get(task)
    is_free = known is None or now_s - known.heard_s > LEASE_S
    is_settled = now_s - tasks.started_s >= SETTLE_S
    is_theirs = known is not None and known.author == author
    if not is_theirs and not (is_free and (is_settled or held)):
        return tasks, False
    leases = {key: lease for key, lease in tasks.leases.items() if key != task}
    leases[task] = Lease(author, now_s)  # last: the first is who was heard longest ago
    kept = dict(list(leases.items())[-MAX_TASKS:])
    return msgspec.structs.replace(tasks, leases=kept), True
