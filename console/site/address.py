"""Where a site is and how to come in: what a desk needs to connect."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

LinkState = Literal["up", "connecting", "down"]


class SiteAddress(msgspec.Struct, frozen=True):
    """``user`` and ``password`` are empty where the site asks for none (``--insecure-lan``)."""

    url: Annotated[str, Meta(pattern=r"^nats://\S{1,200}$")]
    name: Annotated[str, Meta(min_length=1, max_length=63)]
    user: Annotated[str, Meta(max_length=64)] = ""
    password: Annotated[str, Meta(max_length=128)] = ""
    insecure: bool = False

    def __repr__(self) -> str:
        """Without the password: addresses end up in logs."""
        return f"SiteAddress({self.name!r}, {self.url!r})"


class SiteError(Exception):
    """The site can't be found, started or reached. The text is one sentence for a person."""
