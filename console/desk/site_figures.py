"""The diagnostics of the link to the site, put together for the window. Pure."""

from __future__ import annotations

from console.desk.site_seeker import SiteFigures
from console.domain.state import State
from widgets.contracts.rows import SiteLinkFigures


def site_link_figures(
    link: SiteFigures, state: State, failed: int, listed: tuple[int, int] = (0, 0)
) -> SiteLinkFigures:
    """``failed``: events that could not be applied; ``listed``: streams that the site lists, and
    fetches of them that failed."""
    counts = state.counts
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
        older_fixes=counts.older_fixes,
    )
