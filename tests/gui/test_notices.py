"""Several notices at once: none is cut, none covers anything, and the map keeps its place."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from resources.languages import LANGUAGES
from tests.gui import fakes
from tests.gui.conftest import SCREENS, Open
from widgets.contracts.rows import Microphone, OtherDesk, OwnAlarm
from widgets.notice_bars import NoticeBar
from widgets.notices import MAX_BARS, notices, shown_of
from widgets.window import DeskWindow

GONE = OtherDesk(
    "a", "Tønsberg legevakt plass 3", "Anne-Marie Kristoffersen", gone_s=fakes.NOW_S, is_news=True
)
EVERYTHING = {
    "device_lost": True, "device_note": "it was unplugged",
    "second_chosen": "pulse:wall", "second_note": "it is not there",
    "microphone": Microphone("pulse:usb", "Jabra", "lost", "Jabra is gone", relied_on=True),
    "recall_note": "the disk is full", "refused_answer": True, "outbox_note": "the disk is full",
    "site_link": "down", "site_note": "no answer", "listed_notes": ("lv9: no answer",),
    "desks": (GONE, OtherDesk("b", "Legevakt 2", "Kari N")), "undelivered": 12,
    "exercise": True, "muted_until_s": fakes.NOW_S + 20,
    "own_alarm": OwnAlarm("raised", cancel_until_s=fakes.NOW_S + 9),
}  # fmt: skip


def bars(window: DeskWindow) -> list[NoticeBar]:
    found = [one for one in window.notices.findChildren(NoticeBar) if one.isVisible()]
    return sorted(found, key=lambda one: one.y())


def settle(window: DeskWindow) -> None:
    for _ in range(3):  # a bar that becomes two lines high moves the next ones
        QTest.qWait(10)


@SCREENS
@pytest.mark.parametrize("theme", ["night", "day"])
def test_all_at_once_leave_tiles_alarms_and_the_map_their_places(
    open_desk: Open, language: str, size: tuple[int, int], theme: str
) -> None:
    window, desk = open_desk(fakes.with_alarm(), size=size, language=language, theme=theme)
    places = [part.geometry() for part in (window.tiles, window.alarms, window.talk_place)]
    desk.status.edit(**EVERYTHING)
    settle(window)
    assert (window.width(), window.height()) == size
    assert places == [p.geometry() for p in (window.tiles, window.alarms, window.talk_place)]
    assert window.map_place.height() > window.height() * 0.4
    shown = bars(window)
    assert len(shown) == MAX_BARS
    for upper, lower in itertools.pairwise(shown):
        assert upper.geometry().bottom() < lower.geometry().top()
    assert window.notices.geometry().bottom() < window.map_place.geometry().top()


@SCREENS
def test_no_words_of_a_notice_are_cut(
    open_desk: Open, language: str, size: tuple[int, int]
) -> None:
    window, desk = open_desk(size=size, language=language)
    quiet = desk.status.status()
    told = {**EVERYTHING, "enrol_offer": "Legevakten i Tønsberg", "site_offer": True}
    for disk, by_hand in itertools.product(
        ("full", "failed", "low", "one-of-several"), (False, True)
    ):
        desk.status.now = quiet
        desk.status.edit(site_disk=disk, site_disk_free=1_234_567_890, site_disk_by_hand=by_hand)
        settle(window)
        assert [bar.elides() for bar in bars(window)] == [False]
    for of_alarms in (True, False):
        desk.status.now = quiet
        desk.status.edit(log_lost_s=fakes.NOW_S, log_lost_alarms=of_alarms)
        settle(window)
        assert [bar.elides() for bar in bars(window)] == [False]
        desk.status.now = quiet
        desk.status.edit(log_torn_note="node-1a2b3c: VB_ALARMS", log_torn_alarms=of_alarms)
        settle(window)
        assert [bar.elides() for bar in bars(window)] == [False]
    pairs = {"device_note": ("device_lost",), "second_note": ("second_chosen",)}
    for name in told:
        desk.status.now = quiet
        desk.status.edit(**{one: told[one] for one in (name, *pairs.get(name, ()))})
        settle(window)
        assert len(bars(window)) == len(notices(desk.status.status()))
        for bar in bars(window):
            assert not bar.elides(), bar.accessibleName()
            if bar.button is not None:
                assert bar.rect().contains(bar.button.geometry())


def test_the_worst_are_shown_and_the_others_when_they_are_asked_for(
    open_desk: Open, qtbot: QtBot
) -> None:
    window, desk = open_desk(size=(1_366, 768))
    desk.status.edit(**EVERYTHING)
    settle(window)
    everything = notices(desk.status.status())
    shown = bars(window)
    assert shown[0].accessibleName().startswith(everything[0].what)
    last = shown[-1]
    assert f"{len(everything) - MAX_BARS + 1} " in last.accessibleName()
    assert everything[-1].what in last.toolTip()
    assert last.button is not None
    QTest.mouseClick(last.button, Qt.MouseButton.LeftButton)
    settle(window)
    assert len(bars(window)) == len(everything)
    fewer = window.waiting.findChildren(NoticeBar)[-1]
    assert fewer.button is not None and fewer not in bars(window)
    QTest.mouseClick(fewer.button, Qt.MouseButton.LeftButton)
    settle(window)
    assert len(bars(window)) == MAX_BARS
    desk.status.edit(refused_answer=False, outbox_note="", site_link="up", device_lost=False,
                     device_note="", recall_note="", listed_notes=())  # fmt: skip
    settle(window)
    assert len(bars(window)) == len(notices(desk.status.status())) <= MAX_BARS


def test_a_disk_of_the_site_that_is_nearly_full_says_what_is_left(open_desk: Open) -> None:
    window, desk = open_desk()
    desk.status.edit(site_disk="low", site_disk_free=1_234_567_890)
    settle(window)
    assert "1,2 GB" in bars(window)[0].accessibleName()
    desk.status.edit(site_link="down")  # what was told of it is old
    settle(window)
    assert "1,2 GB" not in bars(window)[0].accessibleName()


def test_one_of_several_machines_that_can_not_write_is_no_alarm(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    desk.status.edit(site_disk="one-of-several", site_disk_note="node-1a2b3c")
    settle(window)
    told = bars(window)[0]
    assert "The others go on, and all gets through." in told.accessibleName()
    assert "node-1a2b3c" in told.toolTip()
    desk.status.edit(site_disk="full")
    settle(window)
    assert "Alarms and messages don't get through." in bars(window)[0].accessibleName()


def test_a_log_that_the_site_can_not_mend_says_whom_to_call(open_desk: Open) -> None:
    window, desk = open_desk(language="en")
    desk.status.edit(log_torn_note="node-1a2b3c: VB_MESSAGES")
    settle(window)
    told = bars(window)[0]
    assert "Call whoever looks after the site, at night too." in told.accessibleName()
    assert "Older events" in told.accessibleName()
    assert "node-1a2b3c: VB_MESSAGES" in told.toolTip()
    desk.status.edit(log_torn_alarms=True)
    settle(window)
    assert "Older alarms" in bars(window)[0].accessibleName()
    desk.status.edit(log_torn_note="", log_torn_alarms=False)
    settle(window)
    assert not bars(window)


@pytest.mark.parametrize(
    ("disk", "by_hand", "said"),
    [
        ("full", True, "full. Make room there, then start nats-server by hand. Alarms"),
        ("failed", True, "disk. Start nats-server there by hand. Alarms"),
        ("full", False, "full. Make room there; the rest goes by itself. Alarms"),
        ("failed", False, "disk. Alarms"),
    ],
)
def test_a_site_that_can_not_write_says_who_has_to_do_what(
    open_desk: Open, disk: str, *, by_hand: bool, said: str
) -> None:
    window, desk = open_desk(language="en")
    desk.status.edit(site_disk=disk, site_disk_by_hand=by_hand)
    settle(window)
    told = bars(window)[0].accessibleName()
    assert f"{said} and messages don't get through." in told


def test_an_offer_is_never_among_the_others(open_desk: Open) -> None:
    _, desk = open_desk()
    desk.status.edit(**{**EVERYTHING, "enrol_offer": "Legevakten"})
    everything = notices(desk.status.status())
    assert len(everything) > MAX_BARS
    shown = shown_of(everything)
    assert "enrol" in [one.offer for one in shown]
    assert len(shown) == MAX_BARS


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_to_wait_with_his_pin_can_read_it(open_desk: Open, language: str) -> None:
    window, desk = open_desk(size=(1_366, 768), language=language)
    desk.status.edit(
        sign_in="Anne-Marie Kristoffersen", sign_in_note="locked", sign_in_wait_s=960.0
    )
    QTest.qWait(20)
    assert not window.pin_bar.elides(), window.pin_bar.accessibleName()
