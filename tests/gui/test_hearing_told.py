"""The notices say what holds at this moment, and change when it does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest

from tests.gui import fakes
from tests.gui.conftest import Open
from widgets.contracts.rows import DeskStatus
from widgets.notice_bars import NoticeBar
from widgets.notices import Hearing, hearing
from widgets.window import DeskWindow

OUT = {"site_link": "down", "site_read": False, "site_lost_s": fakes.NOW_S - 60}


def shown(window: DeskWindow) -> str:
    QTest.qWait(0)  # bars that are new are shown by the event loop
    return "|".join(bar.accessibleName() for bar in window.notices.findChildren(NoticeBar)
                    if not bar.isHidden())  # fmt: skip


def three() -> fakes.Fakes:
    return fakes.make(talkgroups=fakes.TALKGROUPS[:3])


def test_without_the_site_it_says_how_many_talkgroups_are_heard_now(open_desk: Open) -> None:
    window, desk = open_desk(three())
    desk.status.edit(**OUT)
    assert "Talegruppene høres fortsatt." in shown(window)
    first, *others = desk.talkgroups.keys()
    desk.talkgroups.edit(first, presence="unreachable")
    assert "Bare 2 av 3 talegrupper høres." in shown(window)
    for one in others:
        desk.talkgroups.edit(one, presence="unreachable")
    assert "Ingen talegruppe høres." in shown(window)
    assert "høres fortsatt" not in shown(window)
    assert "Svarene dine venter og blir sendt." in shown(window)
    for one in (first, *others):
        desk.talkgroups.edit(one, presence="present")
    assert "Talegruppene høres fortsatt." in shown(window)


def test_a_desk_without_a_site_claims_no_voices_that_it_does_not_hear(open_desk: Open) -> None:
    window, desk = open_desk(fakes.make(talkgroups=[fakes.TALKGROUPS[12]]))
    desk.status.edit(**OUT, site_offer=True)
    assert "Ingen talegruppe høres. Enheter og alarmer kommer fra en sentral." in shown(window)


@pytest.mark.parametrize("silence", [
    {"engine_link": "down"}, {"device_lost": True}, {"muted_until_s": fakes.NOW_S + 20},
])  # fmt: skip
def test_where_nothing_sounds_at_all_nothing_is_called_heard(
    open_desk: Open, silence: dict[str, object]
) -> None:
    window, desk = open_desk(three())
    desk.status.edit(**OUT, **silence)
    assert "Ingen kontakt med sentralen. Svarene dine venter og blir sendt." in shown(window)


def test_what_is_off_or_muted_is_not_missed() -> None:
    on, *others = fakes.TALKGROUPS[:3]
    rows = [replace(on, presence="gone"), replace(others[0], muted=True)]
    rows.append(replace(others[1], attention="off"))
    assert hearing(DeskStatus(), rows) == Hearing(0, 1)
    assert hearing(DeskStatus(), rows[1:]) == Hearing()
