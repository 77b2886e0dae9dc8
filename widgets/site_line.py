"""What the diagnostics say of the link to the site, in words and units. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from widgets import times
from widgets.contracts.rows import SiteLinkFigures, StreamRow
from widgets.figures import Figure

SOON_S: Final = 7 * times.DAY_S  # a certificate that ends so soon should have been renewed
SLOW_MS: Final = 100.0


def site_figures(
    site: SiteLinkFigures, streams: Sequence[StreamRow], now_s: float
) -> tuple[Figure, ...]:
    return (*_link(site, now_s), *_events(site, streams))


def _link(site: SiteLinkFigures, now_s: float) -> tuple[Figure, ...]:
    translate = QCoreApplication.translate
    is_up = site.link == "up"
    name = site.site or translate("site", "None found")
    what = translate("site", "Site at {0}") if site.node else translate("site", "Site")
    since = "–"
    if is_up and site.since_s is not None:
        since = times.last_heard(site.since_s, now_s)
    slow = site.round_trip_ms is not None and site.round_trip_ms > SLOW_MS
    return (
        Figure(what.format(site.node), name, wide=True, is_odd=not site.site),
        Figure(translate("site", "Connected"), since, is_odd=not is_up),
        Figure(translate("site", "Round trip"), _ms(site.round_trip_ms), is_odd=slow),
        _certificate(site, now_s),
    )


def _certificate(site: SiteLinkFigures, now_s: float) -> Figure:
    translate = QCoreApplication.translate
    what = translate("site", "Secured until")
    if site.valid_until_s is None:
        return Figure(what, translate("site", "Not secured"), is_odd=bool(site.site))
    until = times.day(site.valid_until_s)
    return Figure(what, until, is_odd=site.valid_until_s - now_s < SOON_S)


def _events(site: SiteLinkFigures, streams: Sequence[StreamRow]) -> tuple[Figure, ...]:
    translate = QCoreApplication.translate
    secured = sum(one.secured for one in streams)
    is_open = secured < len(streams)
    return (
        Figure(
            translate("site", "Secured · open"), _pair(secured, len(streams) - secured),
            is_odd=is_open,
        ),
        Figure(translate("site", "Events"), _number(site.applied), wide=True),
        Figure(
            translate("site", "Bad · refused"), _pair(site.skipped, site.refused),
            is_odd=bool(site.skipped or site.refused),
        ),
        Figure(translate("site", "Twice · late"), _pair(site.duplicates, site.late)),
        Figure(
            translate("site", "Held · not sent"), _pair(site.held, site.undelivered),
            is_odd=site.undelivered > 0,
        ),
        Figure(
            translate("site", "Lost · faults"), _pair(site.dropped, site.faults),
            is_odd=bool(site.dropped or site.faults),
        ),
        *_damage(site),
        *_odd_times(site),
        *_positions(site),
        *_floods(site),
        *_listed(site),
    )  # fmt: skip


def _damage(site: SiteLinkFigures) -> tuple[Figure, ...]:
    if not site.damaged:
        return ()
    what = QCoreApplication.translate("site", "Partly lost from the log")
    return (Figure(what, ", ".join(site.damaged), wide=True, is_odd=True),)


def _odd_times(site: SiteLinkFigures) -> tuple[Figure, ...]:
    if not site.odd_times:
        return ()
    what = QCoreApplication.translate("site", "Events of a wrong clock")
    return (Figure(what, _number(site.odd_times), wide=True, is_odd=True),)


def _positions(site: SiteLinkFigures) -> tuple[Figure, ...]:
    """How many positions were refused, by reason; only where some were."""
    translate = QCoreApplication.translate
    reasons = (
        (site.malformed_positions, translate("site", "Refused positions, malformed")),
        (site.positions_ahead, translate("site", "Refused positions, from the future")),
        (site.older_fixes, translate("site", "Refused positions, out of order")),
    )
    return tuple(
        Figure(what, _number(count), wide=True, is_odd=True) for count, what in reasons if count
    )


def _floods(site: SiteLinkFigures) -> tuple[Figure, ...]:
    """Who is broken, or not who it seems; only where somebody is."""
    if not site.floods:
        return ()
    what = QCoreApplication.translate("site", "Asks or says far too much")
    return (Figure(what, ", ".join(site.floods), wide=True, is_odd=True),)


def _listed(site: SiteLinkFigures) -> tuple[Figure, ...]:
    """Only where the site lists any."""
    if not (site.listed or site.listed_failures):
        return ()
    what = QCoreApplication.translate("site", "Listed · failed")
    pair = _pair(site.listed, site.listed_failures)
    return (Figure(what, pair, is_odd=site.listed_failures > 0),)


def _pair(one: int, other: int) -> str:
    return f"{_number(one)} · {_number(other)}"


def _number(value: int) -> str:
    return QLocale().toString(value)


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{QLocale().toString(value, 'f', 1)} ms"
