"""What people write, as it stands in an event: without control characters but line ends and tabs.

Pasted text has them, nobody sees them, and a terminal or a printer may obey them. Each becomes a
space, as a form shows it. Who *says* something is held to this (the log's ``publishing``, whoever
speaks; a command's own options before that), who reads is not: an alarm that a foreign gateway
told with a stray byte in its words is heard all the same.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from console.domain.events import AnyBody, UnitMoved

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_ENDS: Final = re.compile(r"\r\n?")


def plain(text: str) -> str:
    if text.isprintable():
        return text
    return _CONTROL.sub(" ", _LINE_ENDS.sub("\n", text))


def plain_body(body: AnyBody) -> AnyBody:
    """All that is written in it, :func:`plain`; itself where it is that already."""
    if isinstance(body, UnitMoved):  # has no words, and comes by the thousand
        return body
    return _plain(body)  # type: ignore[no-any-return]  # of the type that it was given


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, msgspec.Struct):
        return _plain_struct(value)
    return value


def _plain_struct(value: msgspec.Struct) -> msgspec.Struct:
    changed = {}
    for name in value.__struct_fields__:
        was = getattr(value, name)
        now = _plain(was)
        if now != was:
            changed[name] = now
    return msgspec.structs.replace(value, **changed) if changed else value
