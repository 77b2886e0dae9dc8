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
    "busy",  # somebody writes it
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

Why = Literal[
    "",  # the code says it all
    "tiles-of",  # about: the form of its tiles
    "compression",
    "version",  # about: which
    "line",  # about: the number of the line that can't be read
    "field",  # about: its name
    "too-large",
    "same-name",
    "address-or-capabilities",
    "no-layer-named",
    "subdomain",
    "least-most",
    "bounds",
    "address",
    "password",
    "unknown-blank",  # about: the blank
    "lacking-blank",  # about: the blank
    "no-subdomains",
    "status",  # about: HTTP's number
    "type",  # about: what it says that it sends
    "too-long",
    "no-name",
    "no-answer",
    "no-connection",
    "expired",
    "issuer",
    "other-name",
    "unsecured",
    "round",
    "no-wmts",
    "unknown-layer",  # about: the name
    "no-rest",
    "no-mercator",
    "other-host",  # about: which
]
"""More of it, where that helps who has to mend it."""


class MapError(ValueError):
    """``code``, ``why`` and what that is ``about`` are for the window, which has words for them;
    ``detail`` (English, one line) is for logs."""

    def __init__(self, code: Fault, detail: str, why: Why = "", about: object = "") -> None:
        super().__init__(detail)
        self.code: Fault = code
        self.detail = detail
        self.why: Why = why
        self.about = str(about)
