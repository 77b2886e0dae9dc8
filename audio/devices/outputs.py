"""Which sound output is wanted, by names that outlast a device's being plugged in again. Pure.

A name is a PortAudio device's, ``"default"``, ``"null"`` or ``"pulse:<sink>"`` (a sink of the
sound server). ALSA numbers cards in the order in which they came, so its numbers are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

NULL: Final = "null"
DEFAULT: Final = "default"
SINK_PREFIX: Final = "pulse:"
_CARD_NUMBER: Final = re.compile(r" \(hw:\d+,\d+\)$")


def identity(name: str) -> str:
    """What is remembered of a name: ``Jabra: USB Audio (hw:2,0)`` is ``Jabra: USB Audio``."""
    return _CARD_NUMBER.sub("", name)


def sink_of(name: str) -> str | None:
    """The sound server's sink that the name stands for, if it stands for one."""
    return name.removeprefix(SINK_PREFIX) if name.startswith(SINK_PREFIX) else None


def present(name: str, there: Collection[str]) -> str | None:
    """The name of today of the device that is meant; None = it is not there. The default and no
    device at all always are."""
    if name in (DEFAULT, NULL) or name in there:
        return name
    meant = identity(name)
    return next((one for one in there if identity(one) == meant), None)


def ranked(first: str, others: Sequence[str]) -> tuple[str, ...]:
    """In the order in which they are tried: what was chosen, then the next choices, then what the
    system plays to by itself. Who chose silence gets silence."""
    if first == NULL:
        return (NULL,)
    return tuple(dict.fromkeys((first, *others, DEFAULT)))
