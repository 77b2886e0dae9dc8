"""The figures of the link to the site: counted over all links, and put together for the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from console.domain.state import State
from console.site.address import LinkState
from console.site.log.link import SiteLink
from console.site.log.subjects import ALARMS
from widgets.contracts.rows import SiteLinkFigures

FLOODS_SHOWN_S: Final = 900.0
"""The site tells of one again every ten minutes, while it goes on."""


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """``complaint``: why the outbox keeps events in memory only, "" = it is on disk. Times are unix
    seconds; counts are since the start, over all links that were laid."""

    undelivered: int = 0
    skipped: int = 0
    complaint: str = ""
    site: str = ""  # its name; "" = none has been found
    node: str = ""  # host and port
    link: LinkState = "connecting"
    since_s: float | None = None  # up since
    valid_until_s: float | None = None  # our certificate
    round_trip_ms: float | None = None
    dropped: int = 0
    faults: int = 0
    malformed_positions: int = 0
    positions_ahead: int = 0
    odd_times: int = 0
    damaged: Mapping[str, int] = field(default_factory=dict)  # as SiteLink.damaged


@dataclass(frozen=True, slots=True)
class Counted:
    """What a link has counted; the next one begins at nothing."""

    skipped: int = 0  # all that was no position
    dropped: int = 0
    faults: int = 0
    malformed_positions: int = 0
    positions_ahead: int = 0
    odd_times: int = 0

    def plus(self, link: SiteLink | None) -> Counted:
        if link is None:
            return self
        counts, refused = link.counts, link.refused_positions
        return Counted(
            self.skipped + counts.skipped - link.unreadable_positions,
            self.dropped + counts.dropped + counts.overruns,
            self.faults + counts.faults,
            self.malformed_positions + refused["malformed"],
            self.positions_ahead + refused["ahead"],
            self.odd_times + link.odd_times,
        )


def damage_told(damaged: Mapping[str, int]) -> dict[str, object]:
    """For the desk's status: of the log's parts that are not whole."""
    return {
        "log_lost_s": max(damaged.values()) / 1_000 if damaged else None,
        "log_lost_alarms": ALARMS.name in damaged,
        "log_lost_note": ", ".join(sorted(damaged)),
    }


def site_link_figures(
    link: SiteFigures,
    state: State,
    failed: int,
    listed: tuple[int, int] = (0, 0),
    now_s: float = 0.0,
) -> SiteLinkFigures:
    """``failed``: events that could not be applied; ``listed``: streams that the site lists, and
    fetches of them that failed."""
    counts = state.counts
    since_ms = (now_s - FLOODS_SHOWN_S) * 1_000
    return SiteLinkFigures(
        site=link.site,
        node=link.node,
        link=link.link,
        since_s=link.since_s,
        round_trip_ms=link.round_trip_ms,
        valid_until_s=link.valid_until_s,
        applied=counts.applied,
        skipped=link.skipped,
        refused=counts.refused,
        duplicates=counts.duplicates,
        late=counts.late,
        held=state.waiting_count,
        undelivered=link.undelivered,
        dropped=link.dropped,
        faults=link.faults + failed,
        listed=listed[0],
        listed_failures=listed[1],
        malformed_positions=link.malformed_positions + counts.malformed_positions,
        positions_ahead=link.positions_ahead,
        odd_times=link.odd_times,
        older_fixes=counts.older_fixes,
        floods=tuple(sorted(who for who, told in state.floods.items() if told.time_ms > since_ms)),
        damaged=tuple(sorted(link.damaged)),
    )
