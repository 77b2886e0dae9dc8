"""What is asked of the timeline, and the same in FTS5's words. Pure.

Nothing that a person types is FTS5 syntax: only letters and figures of it reach the expression,
each word in quotes of ours. A word finds what begins with it; one in quotation marks, itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from console.timeline.entries import Category, first_n, key_of_category, key_of_id
from console.timeline.folding import words_of

MAX_WORDS: Final = 16
"""Of one question; those after them are left out."""
_PARTS: Final = re.compile(r'"([^"]*)"|(\S+)')


class Term(msgspec.Struct, frozen=True):
    """Words that stand side by side; the last one may go on where ``is_begun``."""

    words: tuple[str, ...]
    is_begun: bool = True


class Question(msgspec.Struct, frozen=True):
    """``categories``: none = all. ``about``: an id of each must be named. Times are unix
    milliseconds, until is not included; 0 = open."""

    text: str = ""
    categories: tuple[Category, ...] = ()
    about: tuple[str, ...] = ()
    from_ms: int = 0
    until_ms: int = 0
    statuses: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For words that a status is called on this screen, the statuses' keys."""
    kinds: tuple[tuple[str, tuple[Category, ...]], ...] = ()
    """For words that a kind of event is called on this screen, the categories."""


ALL_OF_IT: Final = Question()


def terms(text: str) -> tuple[Term, ...]:
    found: list[Term] = []
    for quoted, plain in _PARTS.findall(text):
        words = words_of(quoted or plain)
        if words:
            found.append(Term(words, is_begun=not quoted))
    return tuple(found[:MAX_WORDS])


def phrase(term: Term) -> str:
    """In FTS5's words: letters and figures between quotes."""
    return f'"{" ".join(term.words)}"' + (" *" if term.is_begun else "")


def expression(question: Question) -> str:
    """For MATCH; "" = everything fits."""
    parts = [_any_of("keys", map(key_of_category, question.categories))]
    parts += [_any_of("keys", (key_of_id(one),)) for one in question.about]
    statuses, kinds = dict(question.statuses), dict(question.kinds)
    for term in terms(question.text):
        also = [Term(words_of(key), is_begun=False) for key in statuses.get(_plain(term), ())]
        either = [phrase(one) for one in (term, *also) if one.words]
        named = _any_of("keys", map(key_of_category, kinds.get(_plain(term), ())))
        written = f"(words : ({' OR '.join(either)}))"
        parts.append(f"({written} OR {named})" if named else written)
    return " AND ".join(part for part in parts if part)


def span(question: Question, before: int | None) -> tuple[int, int]:
    """Places from, and below which, the answer lies."""
    until = first_n(question.until_ms) if question.until_ms else 2**62
    return first_n(question.from_ms), min(until, until if before is None else before)


def _plain(term: Term) -> str:
    return " ".join(term.words)


def _any_of(column: str, tokens: Iterable[str]) -> str:
    """Tokens of ours: they need no quotes, and get them all the same."""
    listed = " OR ".join(f'"{token}"' for token in tokens)
    return f"({column} : ({listed}))" if listed else ""
