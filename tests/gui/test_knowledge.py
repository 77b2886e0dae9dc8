"""An empty list is the site's word only while the desk has all of it; else it says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.gui import fakes
from tests.gui.conftest import Open
from widgets.knowledge import doubt

SINCE_S = fakes.NOW_S - 1_260  # 21:39


def nothing(**status: Any) -> fakes.Fakes:
    desk = fakes.make(units=(), log=(), status=replace(fakes.STATUS, **status))
    desk.people.duties = []
    return desk


def test_a_site_that_was_read_and_has_nothing_says_so(open_desk: Open) -> None:
    window, _ = open_desk(nothing())
    assert window.alarms.told == "Ingen sikkerhetsalarmer"
    assert window.units._empty.accessibleName().startswith("Ingen enheter ennå")
    assert window.log._empty.accessibleName().startswith("Ingenting har hendt ennå")
    assert window.duty.lines[0].accessibleName() == "Ingen er ført opp på vakt"


def test_a_desk_that_never_reached_its_site_claims_nothing(open_desk: Open) -> None:
    window, desk = open_desk(nothing(site_link="down", site_read=False))
    why = "Ingen kontakt med sentralen ennå."
    assert window.alarms.told == f"Alarmer ukjent. {why}"
    assert window.units._empty.accessibleName() == f"Enheter ukjent. {why}"
    assert window.log._empty.accessibleName() == f"Det er ukjent hva som har hendt. {why}"
    assert window.duty.lines[0].accessibleName() == "Det er ukjent hvem som har vakt"
    desk.status.edit(site_link="up")
    assert window.alarms.told == "Alarmer ukjent. Loggen på sentralen leses inn."
    desk.status.edit(site_read=True)
    assert window.alarms.told == "Ingen sikkerhetsalarmer"


def test_what_was_known_before_the_site_was_lost_stays_marked_as_old(open_desk: Open) -> None:
    window, desk = open_desk(fakes.with_alarm())
    assert window.alarms.told == ""
    before = window.alarms.height()
    desk.status.edit(site_link="down", site_read=False, site_lost_s=SINCE_S)
    told = "Det kan være flere alarmer. Ingen kontakt med sentralen siden 21:39."
    assert window.alarms.told == told
    assert window.alarms.height() > before, "the line takes nothing from the alarms"
    assert window.alarms.card("a1").isVisible()
    assert window.units.model.rowCount() == len(fakes.UNITS)
    for heading in (window.units._heading, window.log._heading):
        assert heading.accessibleDescription() == "per 21:39"
    assert window.duty.lines[0].accessibleName().endswith("per 21:39")
    desk.status.edit(site_link="up", site_read=True, site_lost_s=None)
    assert window.alarms.told == ""
    assert window.alarms.height() == before
    assert window.units._heading.accessibleDescription() == ""


def test_a_site_whose_disk_is_full_does_not_say_that_there_is_no_alarm(open_desk: Open) -> None:
    window, desk = open_desk(nothing(site_disk="full"))
    why = "Sentralen kan ikke ta imot noe nytt."
    assert window.alarms.told == f"Alarmer ukjent. {why}"
    assert window.log._empty.accessibleName() == f"Det er ukjent hva som har hendt. {why}"
    assert window.units._empty.accessibleName().startswith("Ingen enheter ennå")  # told live
    desk.alarms.put(fakes.ALARM)
    assert window.alarms.told == f"Det kan være flere alarmer. {why}"
    desk.status.edit(site_disk="low")
    assert window.alarms.told == ""


def test_a_log_of_which_part_was_lost_does_not_say_that_there_is_no_alarm(open_desk: Open) -> None:
    window, desk = open_desk(nothing(log_lost_s=SINCE_S, log_lost_alarms=True))
    why = "En del av loggen på sentralen gikk tapt (21:39)."
    assert window.alarms.told == f"Alarmer ukjent. {why}"
    assert window.units._empty.accessibleName().startswith("Ingen enheter ennå")
    desk.alarms.put(fakes.ALARM)
    assert window.alarms.told == f"Det kan være flere alarmer. {why}"
    desk.status.edit(log_lost_alarms=False)
    assert window.alarms.told == ""


def test_a_log_that_the_site_can_not_mend_does_not_say_that_there_is_no_alarm(
    open_desk: Open,
) -> None:
    """Who is answered by a damaged copy reads fewer alarms than there are."""
    window, desk = open_desk(nothing(log_torn_note="node-1: VB_ALARMS", log_torn_alarms=True))
    assert window.alarms.told == "Alarmer ukjent. Alarmloggen på sentralen er skadet."
    desk.status.edit(log_torn_alarms=False)
    assert "Alarmer ukjent" not in window.alarms.told


def test_a_new_alarm_without_contact_does_not_say_that_there_is_none(open_desk: Open) -> None:
    window, desk = open_desk(nothing(site_link="down", site_read=False, site_lost_s=SINCE_S))
    assert window.alarms.told.startswith("Alarmer ukjent. Ingen kontakt med sentralen siden 21:39")
    desk.alarms.put(fakes.ALARM)
    assert window.alarms.told.startswith("Det kan være flere alarmer")


def test_yesterdays_knowledge_bears_its_day(desk_app: object) -> None:
    old = replace(fakes.STATUS, site_link="down", site_read=False, site_lost_s=SINCE_S)
    assert doubt(old, fakes.NOW_S).as_of == "per 21:39"
    assert doubt(old, fakes.NOW_S + 90_000).as_of == "per 24.11.2026 21:39"
