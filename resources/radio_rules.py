"""Radio procedure in radio_rules.toml: cards of phrases and rules, and the moment each is for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import resources

Moment = Literal["call", "talking", "busy", "alarm", "callout", "cut-off"]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """``phrase`` is said in Norwegian whatever the screen's language; "" = a rule alone."""

    phrase: str
    nb: str
    nn: str
    en: str


@dataclass(frozen=True, slots=True)
class RuleCard:
    """``source`` is a section of the joint radio regulations, "" = none says it."""

    when: Moment
    nb: str
    nn: str
    en: str
    source: str
    lines: tuple[RuleLine, ...]


@cache
def rule_cards() -> tuple[RuleCard, ...]:
    """Raises ValueError or KeyError when the file is broken."""
    rows = tomllib.loads(resources.path("radio_rules.toml").read_text("utf-8"))["card"]
    return tuple(_card(row) for row in rows)


def ordered(now: Moment) -> tuple[RuleCard, ...]:
    """Those for this moment first, then how one calls, then the others in the file's order."""
    return tuple(sorted(rule_cards(), key=lambda card: (card.when != now, card.when != "call")))


def _card(row: dict[str, object]) -> RuleCard:
    when = row["when"]
    if when not in get_args(Moment):
        raise ValueError(f"radio_rules.toml: {when!r} is no moment")
    lines = row["line"]
    assert isinstance(lines, list)
    return RuleCard(
        when=when,  # type: ignore[arg-type]  # one of the moments, as was just checked
        nb=str(row["nb"]),
        nn=str(row["nn"]),
        en=str(row["en"]),
        source=str(row["source"]),
        lines=tuple(
            RuleLine(str(one.get("phrase", "")), str(one["nb"]), str(one["nn"]), str(one["en"]))
            for one in lines
        ),
    )
