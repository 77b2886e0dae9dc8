"""What the diagnostics tell of the link, with a real site; and that nothing of it goes astray."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pytest

from console.desk.site_figures import (
    FLOODS_SHOWN_S,
    Counted,
    SiteFigures,
    site_link_figures,
)
from console.domain.events import AlarmRaised
from console.domain.mark import Mark
from console.domain.state import Counts, State
from tests.desk.processes import wait_for
from tests.desk.test_links import NewServer, Seat, new_server, seat, settle_in
from widgets.contracts.rows import SiteLinkFigures

__all__ = ["new_server", "seat"]


@pytest.mark.system
def test_the_link_tells_where_since_when_how_far_and_until_when_it_is_secured(
    seat: Seat, new_server: NewServer, tmp_path: Path
) -> None:
    nothing = seat.seeker.figures()
    assert (nothing.site, nothing.link, nothing.since_s) == ("", "connecting", None)
    server = new_server("first")
    settle_in(tmp_path / "home", server)
    begun_s = time.time()
    seat.seeker.start()
    wait_for(lambda: seat.seeker.figures().round_trip_ms is not None, "the way there and back")
    told = seat.seeker.figures()
    assert told.site == server.place.name
    assert told.node == server.place.url.removeprefix("tls://")
    assert told.link == "up"
    assert told.since_s is not None
    assert begun_s <= told.since_s <= time.time()
    assert told.round_trip_ms is not None
    assert told.round_trip_ms > 0
    assert told.valid_until_s is not None
    assert told.valid_until_s > time.time()
    server.kill()
    wait_for(lambda: seat.seeker.figures().link == "down", "the loss")
    lost = seat.seeker.figures()
    assert (lost.since_s, lost.round_trip_ms) == (None, None)


@pytest.mark.system
def test_counts_outlive_the_link_that_counted(
    seat: Seat, new_server: NewServer, tmp_path: Path
) -> None:
    settle_in(tmp_path / "home", new_server("first"))
    seat.seeker.start()
    seat.seeker.publish(AlarmRaised("al1", "a13"))
    wait_for(lambda: seat.seeker.is_caught_up, "the site")
    link = seat.seeker._link
    assert link is not None
    counts = link.counts
    counts.skipped, counts.dropped, counts.hand_over_errors = 3, 2, 1
    seat.seeker.relink()
    wait_for(lambda: seat.seeker._link not in (None, link), "another link")
    told = seat.seeker.figures()
    assert (told.skipped, told.dropped, told.faults) == (3, 2, 1)


def test_no_link_counts_nothing() -> None:
    assert Counted(1, 2, 3).plus(None) == Counted(1, 2, 3)


def test_who_floods_the_site_is_shown_while_it_goes_on() -> None:
    floods = {
        who: Mark(f"{n}" * 26, 1_000 * at_s, "site")
        for n, (who, at_s) in enumerate([("lv9", 2_000), ("gw1", 2_500), ("lv1", 1_000)])
    }
    state = msgspec.structs.replace(State(), floods=floods)
    shown = [
        site_link_figures(SiteFigures(), state, 0, now_s=now_s).floods
        for now_s in (2_600.0, 2_600.0 + FLOODS_SHOWN_S)
    ]
    assert shown == [("gw1", "lv9"), ()]


def test_each_figure_finds_its_place() -> None:
    counts = Counts(
        applied=1, duplicates=2, late=3, refused=4, malformed_positions=20, older_fixes=21
    )
    link = SiteFigures(5, 6, "", "S", "h:1", "up", 7.0, 8.0, 9.0, 10, 11, 12, 13)
    shown = site_link_figures(link, msgspec.structs.replace(State(), counts=counts), failed=100)
    assert shown == SiteLinkFigures(
        site="S", node="h:1", link="up", since_s=7.0, round_trip_ms=9.0, valid_until_s=8.0,
        applied=1, skipped=6, refused=4, duplicates=2, late=3, held=0, undelivered=5, dropped=10,
        faults=111, malformed_positions=32, positions_ahead=13, older_fixes=21,
    )  # fmt: skip
