"""A formed group's tile: last, for its members alone, gone when it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pytestqt.qtbot import QtBot

from console.domain import events as e
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.models.tile_order import SETTLE_S
from console.settings import TileSettings
from console.streams.group_session import session_stream
from tests.gui.model_bench import Author
from tests.gui.test_call_rows import announced

FAR_MS = 1_900_000_000_000
GROUP = "G1"
STATION = f"{GROUP}@there.local"


class Clock:
    s = 0.0


def bench(
    settings: Mapping[str, TileSettings] = {}, order: Sequence[str] = ()
) -> tuple[SiteStore, Author, TalkgroupModel, Clock]:
    store, clock = SiteStore(), Clock()
    tiles = TalkgroupModel(
        store,
        settings=settings,
        order=order,
        unheard=lambda _stream: "",
        member=lambda: "two",
        ticks_s=lambda: clock.s,
    )
    return store, Author(), tiles, clock


def formed(*members: str) -> e.GroupFormed:
    return e.GroupFormed(GROUP, "Skred", members, FAR_MS)


def test_it_stands_last_so_that_no_other_number_changes_when_it_comes_or_goes(
    qtbot: QtBot,
) -> None:
    store, author, tiles, clock = bench()
    tiles.announced([announced("lv1")], [])
    clock.s = SETTLE_S + 1
    store.apply([author(formed("two", "three"))])
    tiles.announced([announced(GROUP)], [])
    tiles.announced([announced("lv2")], [])
    assert tiles.keys() == ("lv1@there.local", "lv2@there.local", STATION)
    tiles.change(STATION, gain_db=3.0)
    store.apply([author(e.GroupEnded(GROUP))])
    assert tiles.keys() == ("lv1@there.local", "lv2@there.local")
    assert STATION not in tiles.settings()[0], "nothing of it is remembered"
    tiles.announced([announced(GROUP)], [])
    assert len(tiles.keys()) == 2, "its station is late"


def test_who_is_not_in_it_has_no_tile_and_who_is_taken_in_has_one(qtbot: QtBot) -> None:
    store, author, tiles, _ = bench()
    tiles.announced([announced(GROUP)], [])
    assert tiles.keys() == (STATION,), "announced before the site has told"
    store.apply([author(formed("three"))])
    assert tiles.keys() == ()
    tiles.announced([announced(GROUP)], [])
    assert tiles.keys() == ()
    store.apply([author(e.GroupMemberAdded(GROUP, "two"))])
    tiles.announced([announced(GROUP)], [])
    assert tiles.keys() == (STATION,)
    store.apply([author(e.GroupMemberRemoved(GROUP, "two"))])
    assert tiles.keys() == ()


def test_what_is_remembered_of_a_group_that_ended_meanwhile_is_forgotten(qtbot: QtBot) -> None:
    ours = session_stream(GROUP)
    store, author, tiles, _ = bench(settings={ours: TileSettings(gain_db=3.0)}, order=(ours, "x@y"))
    assert ours in tiles.settings()[0]
    store.apply([author(formed("two")), author(e.GroupEnded(GROUP))])
    assert tiles.settings() == ({}, ("x@y",))
