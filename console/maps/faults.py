"""The one error of this room: a map, or a tile of it, can't be had."""

from __future__ import annotations

from typing import Literal

Fault = Literal[
    "missing",  # there is no such file (any more)
    "no-access",
    "not-a-file",  # a folder, a device
    "not-a-map",  # none of the two forms
    "damaged",
    "unsupported",  # a form, compression or kind of tile that this program can't read
    "empty",
    "slow",  # it was given up
    "entry",  # servers.toml, or one server's part of it, makes no sense
    "unreachable",
    "certificate",
    "refused",  # the server wants a key, or this program not so often
    "server",  # it fails
    "no-tiles",  # it answers, and has none of the tiles asked for
    "wrong-type",  # it answers with something that is no tile
    "redirects",
    "capabilities",  # they can't be read, or have no layer that fits
    "tile",  # this tile alone
]
"""What is wrong, for the window to say in a person's language."""


class MapError(ValueError):
    """``code`` is for the window, ``detail`` (English, one line) for the log and the curious."""

    def __init__(self, code: Fault, detail: str) -> None:
        super().__init__(detail)
        self.code: Fault = code
        self.detail = detail
