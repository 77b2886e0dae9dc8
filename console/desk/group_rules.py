"""In which formed groups a desk has voice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from console.domain.group import Group

MAX_HERE: Final = 64
"""Groups in which one desk has voice: whoever forms a thousand with this desk in them takes no more
of it. Those that were formed first, so that nobody who is talked with is lost."""


def groups_here(groups: Mapping[str, Group], member: str) -> dict[str, Group]:
    """Those that this desk is in, in the order in which they were formed."""
    if not member:
        return {}
    inside = [one for one in groups.values() if one.state == "active" and member in one.members]
    first = sorted(inside, key=lambda one: one.formed.id)[:MAX_HERE]
    return {one.key: one for one in first}
