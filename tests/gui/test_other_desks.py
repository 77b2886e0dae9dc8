"""Who else is at the site: the figure in the top bar, its list, the notice, and the tiles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain import events as e
from console.domain.presence import Here, Presence, Seen
from console.models import desks
from console.models.desks import DesksModel
from console.settings import TileSettings
from tests.gui import fakes
from tests.gui.conftest import Open
from tests.gui.test_models import Bench, announcement
from widgets.contracts.rows import OtherDesk
from widgets.notices import notices

KARI = Here("lv2", "Legevakt 2", "Kari N", 0, "lv1", ("lv2", "lv3"))
OLA = Here("lv3", "Legevakt 3", "Ola N", 0, "", ("lv1",))


def presence(*here: Here) -> Presence:
    return {one.author: Seen(one, 0.0) for one in here}


class Room(Bench):
    """A desk's models, and the others of its site."""

    def __init__(self) -> None:
        super().__init__(tiles={"lv1@gw.local": TileSettings(attention="selected")})
        self.wall_s = 1_000.0
        self.desks = DesksModel(
            self.store, self.talkgroups, self.status, own=lambda: "lv1", wall_s=lambda: self.wall_s
        )

    def shown(self) -> tuple[OtherDesk, ...]:
        return self.status.status().desks


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room()


def test_others_are_shown_but_not_oneself(room: Room) -> None:
    room.say(e.TalkgroupDefined("lv1", "Tønsberg-LV", "legevakt"))
    room.desks.take("s", presence(Here("lv1", "Legevakt 1"), OLA, KARI))
    assert room.shown() == (
        OtherDesk("lv2", "Legevakt 2", "Kari N", "Tønsberg-LV"),
        OtherDesk("lv3", "Legevakt 3", "Ola N"),
    )


def test_who_vanishes_is_told_of_for_a_while_and_who_left_is_not(room: Room) -> None:
    room.say(e.PositionJoined("Legevakt 2"))
    room.desks.take("s", presence(OLA, KARI))
    room.desks.take("s", presence(OLA))
    gone = room.shown()[0]
    assert (gone.key, gone.gone_s, gone.is_news) == ("lv2", 997.5, True)
    room.wall_s += desks.NEWS_S
    room.desks.show()
    assert [(one.key, one.is_news) for one in room.shown()] == [("lv2", False), ("lv3", False)]
    room.desks.take("s", presence(OLA, KARI))
    assert all(one.gone_s is None for one in room.shown()), "it is back"
    room.author.name = "lv3"
    room.say(e.PositionLeft("Legevakt 3"))
    room.desks.take("s", presence(KARI))
    assert [one.key for one in room.shown()] == ["lv2"]
    room.desks.take("other site", {})
    assert room.shown() == ()


def test_who_is_gone_is_forgotten_in_the_end_and_their_number_is_bounded(room: Room) -> None:
    crowd = [Here(f"d{n}", f"Desk {n}") for n in range(desks.MAX_GONE + 5)]
    room.desks.take("s", presence(*crowd))
    room.desks.take("s", {})
    assert len(room.shown()) == desks.MAX_GONE
    room.wall_s += desks.REMEMBERED_S + 10
    room.desks.show()
    assert room.shown() == ()


def test_a_tile_tells_where_else_its_group_is(room: Room) -> None:
    room.unheard.clear()
    room.talkgroups.announced((announcement("lv1"), announcement("lv9")), ())
    room.desks.take("s", presence(KARI, OLA))
    row = room.talkgroups.row("lv1@gw.local")
    assert (row.in_front_at, row.heard_at) == (("Legevakt 2 (Kari N)",), ("Legevakt 3 (Ola N)",))
    assert room.talkgroups.row("lv9@gw.local").in_front_at == ()
    room.desks.take("s", presence(OLA))
    assert room.talkgroups.row("lv1@gw.local").in_front_at == ()


def test_what_the_others_are_told_of_this_desk(room: Room) -> None:
    room.talkgroups.announced(tuple(announcement(one) for one in ("lv1", "lv2", "lv3", "ål")), ())
    room.talkgroups.change("lv3@gw.local", muted=True)
    room.status.set(person="Kari")
    told = room.desks.sitting("Legevakt 1")
    assert (told.label, told.person, told.front, told.hears) == (
        "Legevakt 1", "Kari", "lv1", ("lv2",),
    )  # fmt: skip
    room.unheard["lv1@gw.local"] = "no key"
    nameless = room.desks.sitting("")
    assert (nameless.label, nameless.front) == ("?", "")


def test_the_list_and_the_notice_on_the_screen(open_desk: Open) -> None:
    window, desk = open_desk()
    top = window.top.desks
    assert top.isHidden()
    here = OtherDesk("lv2", "Legevakt 2", "Kari N", "Tønsberg-LV")
    gone = OtherDesk("lv3", "Legevakt 3", "Ola N", gone_s=fakes.NOW_S, is_news=True)
    desk.status.edit(desks=(gone, here))
    assert top.isVisible()
    assert top.text() == "1"
    QTest.mouseClick(top, Qt.MouseButton.LeftButton)
    assert top.menu.isVisible()
    lines = [one.text() for one in top.menu.actions()]
    assert lines[0].startswith("Legevakt 3: Ola N – borte siden ")
    assert lines[1] == "Legevakt 2: Kari N – Tønsberg-LV"
    [notice] = notices(desk.status.status())
    assert notice.what.startswith("Legevakt 3 (Ola N) har vært borte siden ")
    assert window.notices.isVisible()
    desk.alarms.put(fakes.ALARM)
    assert not top.menu.isVisible(), "it would keep F1 to itself"
    desk.status.edit(desks=(replace(gone, is_news=False), here), site_link="down")
    assert "borte siden" not in window.notices.accessibleName()
    assert "utenfor rekkevidde" in top.lines()[0]


def test_a_tile_shows_how_many_others_have_it_in_front(open_desk: Open) -> None:
    window, desk = open_desk()
    row = fakes.TALKGROUPS[0]
    tile = window.tiles.tile(row.key)
    before = tile.grab().toImage()
    desk.talkgroups.edit(row.key, in_front_at=("Legevakt 2 (Kari N)",), heard_at=("<b>L 3",))
    assert "Legevakt 2 (Kari N)" in tile.toolTip()
    assert "&lt;b&gt;L 3" in tile.toolTip()
    assert tile.grab().toImage() != before
