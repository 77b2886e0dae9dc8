"""Standard texts in standard_texts.toml, that fill the forms for messages and call-outs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import resources

TextKind = Literal["message", "callout"]
Language = Literal["nb", "nn", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same in each of the desk's languages."""

    nb: str
    nn: str
    en: str


@dataclass(frozen=True, slots=True)
class Standard:
    """``title`` stands on a button, ``text`` is what is sent; ⟨…⟩ in it is to be written over."""

    kind: TextKind
    title: Words
    text: Words


@cache
def standard_texts() -> tuple[Standard, ...]:
    """Raises ValueError, KeyError or TypeError when the file is broken."""
    rows = tomllib.loads(resources.path("standard_texts.toml").read_text("utf-8"))["text"]
    return tuple(_standard(row) for row in rows)


def _standard(row: dict[str, object]) -> Standard:
    kind = row["kind"]
    if kind not in get_args(TextKind):
        raise ValueError(f"standard_texts.toml: {kind!r} is no kind of text")
    title, text = row["title"], row["text"]
    assert isinstance(title, dict)
    assert isinstance(text, dict)
    return Standard(kind, Words(**title), Words(**text))  # type: ignore[arg-type]  # just checked
