"""Who of those that talk now is shown in large. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from widgets.contracts.rows import TalkgroupRow


@dataclass(frozen=True, slots=True)
class Speaking:
    """Talkgroups with somebody talking, most important first; when each was first seen so."""

    rows: tuple[TalkgroupRow, ...]
    since_s: Mapping[str, float] = field(default_factory=dict)


def audible(row: TalkgroupRow) -> bool:
    is_on = row.follow == "followed" or not (row.muted or row.attention == "off")
    return bool(row.speaker) and is_on and not row.transmitting


def most_important(rows: Iterable[TalkgroupRow], before: Speaking, now_s: float) -> Speaking:
    """Alarm first, then what is followed, then the selected group, then whoever has talked
    longest: no jumping about."""
    talking = [row for row in rows if audible(row)]
    same = {row.key: row.speaker for row in before.rows}
    since = {
        row.key: before.since_s[row.key] if same.get(row.key) == row.speaker else now_s
        for row in talking
    }
    talking.sort(
        key=lambda row: (
            not row.alarm,
            row.follow != "followed",
            row.attention != "selected",
            since[row.key],
        )
    )
    return Speaking(tuple(talking), since)
