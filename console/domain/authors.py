"""Who says a thing: an author is a member, or a member's second program (``lv1_cli-3f``)."""

from __future__ import annotations

from typing import Final

SUFFIX: Final = "_"


def member_of(author: str) -> str:
    """The member whose program an author is; only this part of the name is proved."""
    return author.partition(SUFFIX)[0]
