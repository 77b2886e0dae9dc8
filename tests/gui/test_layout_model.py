"""The tiles' layout as a desk keeps it: what a hand changes and can undo, what comes from the site
when somebody sits down, and that none of it cuts anybody off."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from audio import protocol
from console.desk.layouts import LayoutDesk
from console.domain import events as e
from console.domain.events import LayoutPage, LayoutSaved, Placed, StandardLayoutSaved
from console.domain.layout import Layout, standard_key
from console.models.layout import LayoutModel
from tests.gui.test_models import Bench, announcement, figures


class Seat:
    """A desk's layout and who sits there, without a window or a site."""

    def __init__(
        self,
        groups: str = "abcd",
        role: str = "operator",
        remembers: Layout | None = None,
        person: str = "",
    ) -> None:
        self.bench = bench = Bench()
        self.role = role
        self.seen: list[str] = []
        self.said: list[tuple[LayoutSaved, str, bool]] = []
        self.confirmed = True
        bench.talkgroups.announced([announcement(one) for one in groups], ())
        bench.now_s += 60  # the order has settled
        self.tiles = bench.talkgroups
        self.model = LayoutModel(
            bench.store, self.tiles, layout=remembers or Layout(), shown="", publish=bench._publish,
            role=lambda: self.role, now_s=lambda: bench.now_s,
        )  # fmt: skip
        self.desk = LayoutDesk(
            bench.store, bench.status, self.model, seen="", say=self._say,
            role=lambda: self.role, trains=lambda: False, is_confirmed=lambda: self.confirmed,
        )  # fmt: skip
        self.desk.seen_changed.connect(self.seen.append)
        bench.status.set(person=person)
        self.desk.start()

    def _say(self, body: e.AnyBody, person: str, unconfirmed: bool) -> bool:
        assert isinstance(body, LayoutSaved)
        self.said.append((body, person, unconfirmed))
        return True

    def tell(self, body: e.AnyBody, person: str = "Kari") -> None:
        event = self.bench.author(body)
        self.bench.store.apply([msgspec.structs.replace(event, person=person)])

    def sits(self, person: str) -> None:
        self.bench.status.set(person=person, site_read=True)

    def speaks(self, group: str, *, on: bool = True) -> None:
        self.tiles.engine_said(protocol.Talking(f"{group}@gw.local", 5, on, "AMB 1-3"))

    def heard(self, group: str) -> Placed:
        return self.tiles.placed_as(f"{group}@gw.local")

    def order(self) -> str:
        return "".join(key[0] for key in self.tiles.keys())  # noqa: SIM118


def stream(group: str) -> str:
    return f"{group}@gw.local"


@pytest.fixture
def seat(qtbot: QtBot) -> Seat:
    return Seat()


KARIS = LayoutSaved(
    (LayoutPage("Vakt", ("a", "c")),),
    ("c",),
    (Placed(stream("c"), "selected", 3.0), Placed(stream("b"), "off"), Placed(stream("a"))),
)


# --- by hand ---


def test_pages_hold_what_was_put_there_and_the_favourites(seat: Seat) -> None:
    assert seat.model.make_page("  Vakt ") == "Vakt"
    assert seat.model.make_page("vakt") == ""
    seat.model.put_on_page("Vakt", stream("d"), True)
    seat.model.set_favourite(stream("c"), True)
    vakt, everything = seat.model.pages()
    assert (vakt.key, vakt.own) == ("Vakt", (stream("d"),))
    assert vakt.keys == (stream("c"), stream("d")), "a favourite is first on each page"
    assert everything.key == ""
    assert [key[0] for key in everything.keys] == list("cabd")
    assert seat.tiles.row(stream("c")).favourite


def test_a_tile_is_moved_and_a_new_station_moves_none(seat: Seat) -> None:
    seat.model.move_tile(stream("d"), stream("a"), behind=False)
    assert seat.order() == "dabc"
    seat.model.move_tile(stream("a"), stream("c"), behind=True)
    assert seat.order() == "dbca"
    seat.tiles.announced([announcement("e")], ())
    assert seat.order() == "dbcae"
    assert [key[0] for key in seat.tiles.settings()[1]] == list("dbcae"), "and is remembered"


def test_the_number_keys_that_select_another_group_now_are_told(seat: Seat) -> None:
    seat.model.move_tile(stream("d"), stream("b"), behind=False)
    done = seat.model.done()
    assert done is not None
    names = {key: seat.tiles.name(stream(key)) for key in "abcd"}
    assert done.numbers == (("2", names["d"]), ("3", names["b"]), ("4", names["c"]))
    seat.model.set_favourite(stream("a"), True)
    done = seat.model.done()
    assert done is not None
    assert done.numbers == (), "it stood first already"
    seat.model.put_on_page("Vakt", stream("a"), True)


@pytest.mark.parametrize("deed", ["make", "delete", "rename", "put", "favourite", "move", "place"])
def test_each_can_be_undone_for_ten_seconds(seat: Seat, deed: str) -> None:
    seat.model.make_page("Vakt")
    seat.model.put_on_page("Vakt", stream("a"), True)
    before = seat.model.current()
    do: dict[str, Callable[[], object]] = {
        "make": lambda: seat.model.make_page("Ny"),
        "delete": lambda: seat.model.delete_page("Vakt"),
        "rename": lambda: seat.model.rename_page("Vakt", "Natt"),
        "put": lambda: seat.model.put_on_page("Vakt", stream("b"), True),
        "favourite": lambda: seat.model.set_favourite(stream("d"), True),
        "move": lambda: seat.model.move_tile(stream("a"), stream("d"), behind=True),
        "place": lambda: seat.model.place({stream("a"): -0.5}),
    }
    do[deed]()
    assert seat.model.current() != before
    done = seat.model.done()
    assert done is not None
    assert done.until_s - seat.bench.now_s == 10.0
    seat.model.undo()
    assert seat.model.current() == before
    assert seat.model.done() is None
    seat.model.undo()
    assert seat.model.current() == before, "once"


def test_what_is_too_long_ago_stands(seat: Seat, monkeypatch: pytest.MonkeyPatch,
                                     qtbot: QtBot) -> None:  # fmt: skip
    monkeypatch.setattr("console.models.layout.UNDO_S", 0.05)
    seat.model.make_page("Vakt")
    qtbot.waitUntil(lambda: seat.model.done() is None, timeout=20_000)
    seat.model.undo()
    assert [page.key for page in seat.model.pages()] == ["Vakt", ""]


def test_an_undo_leaves_what_a_hand_has_changed_meanwhile(seat: Seat) -> None:
    seat.model.make_page("Vakt")
    seat.bench.actions.select(stream("b"))
    seat.bench.actions.set_gain(stream("a"), -9.0)
    seat.model.undo()
    assert (seat.heard("b").attention, seat.heard("a").gain_db) == ("selected", -9.0)


def test_all_the_way_over_the_stage_is_one_thing_to_undo(seat: Seat) -> None:
    for pan in (0.1, 0.2, 0.3):
        seat.model.hear_at(stream("a"), pan)
        assert seat.heard("a").pan == pan, "heard while it is held"
    seat.model.place({stream("a"): 0.3})
    seat.model.undo()
    assert seat.heard("a").pan is None
    last = [c for c in seat.bench.to_engine if isinstance(c, protocol.SetMix)][-1]
    assert (last.stream, last.pan) == (stream("a"), None), "automatic again, for the engine too"


# --- who sits down ---


def test_a_persons_layout_comes_with_them_and_can_be_sent_away(seat: Seat) -> None:
    seat.tell(KARIS)
    before = seat.model.current()
    seat.sits("Kari")
    assert seat.order() == "cbad"
    assert (seat.heard("c"), seat.heard("b").attention) == (KARIS.streams[0], "off")
    done = seat.model.done()
    assert done is not None
    assert (done.deed, done.what, done.softer, done.kept) == ("came", "Kari", ("b",), ())
    told = {c.stream: c.attention for c in seat.bench.to_engine if isinstance(c, protocol.SetMix)}
    assert (told[stream("c")], told[stream("b")]) == ("selected", "off")
    seat.model.undo()
    assert seat.model.current() == before


def test_a_layout_that_comes_cuts_nobody_off(seat: Seat) -> None:
    seat.tell(KARIS)
    seat.bench.actions.select(stream("a"))
    seat.speaks("a")
    seat.speaks("b")
    seat.sits("Kari")
    assert seat.heard("b").attention == "monitored", "somebody speaks there"
    assert seat.heard("a").attention == "selected", "and there it is in front"
    assert seat.heard("c").attention == "monitored", "only one is"
    done = seat.model.done()
    assert done is not None
    assert set(done.kept) == {"a", "b", "c"}
    seat.speaks("b", on=False)
    seat.model.make_page("Ny")
    seat.desk.save()
    [(body, person, _)] = seat.said
    kept = {one.stream: one.attention for one in body.streams}
    assert person == "Kari"
    assert kept[stream("b")] == "off", "what was held back for a moment is not her wish"
    seat.bench.actions.set_attention(stream("b"), "monitored")
    kept = {one.stream: one.attention for one in seat.model.current().streams}
    assert kept[stream("b")] == "monitored", "now it is"


def test_an_alarms_group_is_left_as_it_is_heard(seat: Seat) -> None:
    seat.tell(KARIS)
    seat.tell(e.AlarmRaised("al1", "u1", talkgroup="b"), person="")
    seat.sits("Kari")
    assert seat.heard("b").attention == "monitored"


def test_what_is_saved_elsewhere_changes_nothing_under_a_hand_that_works(seat: Seat) -> None:
    seat.sits("Kari")
    before = seat.model.current()
    seat.tell(KARIS)
    assert seat.model.current() == before
    seat.bench.status.set(site_read=False)
    seat.bench.status.set(site_read=True)
    assert seat.model.current() == before


def test_a_hand_that_was_quicker_than_the_site_goes_first(seat: Seat) -> None:
    seat.bench.status.set(person="Kari", site_read=False)
    seat.model.make_page("Nå")
    seat.tell(KARIS)
    seat.bench.status.set(site_read=True)
    assert [page.key for page in seat.model.pages()] == ["Nå", ""]


def test_changes_are_saved_in_the_name_of_who_made_them(seat: Seat) -> None:
    seat.sits("Kari")
    seat.model.make_page("Vakt")
    assert not seat.said, "not at each stroke"
    seat.confirmed = False
    seat.bench.status.set(undelivered=1)  # any news of the status
    seat.sits("Ola")
    [(body, person, unconfirmed)] = seat.said
    assert (person, unconfirmed) == ("Kari", True)
    assert body.pages == (LayoutPage("Vakt"),)
    seat.desk.save()
    assert len(seat.said) == 1, "Ola has changed nothing"


def test_what_comes_back_from_the_site_is_known(seat: Seat) -> None:
    seat.sits("Kari")
    seat.model.make_page("Vakt")
    seat.desk.save()
    seat.tell(seat.said[0][0])
    assert seat.seen[-1] == seat.bench.store.state.layouts["person:Kari"].saved.id
    seat.model.make_page("To")
    seat.model.undo()
    seat.desk.save()
    assert len(seat.said) == 1, "as it is there already"


def test_nobody_at_the_desk_and_no_site_save_nothing(seat: Seat) -> None:
    seat.sits("")
    seat.model.make_page("Vakt")
    seat.desk.save()
    seat.role = ""
    seat.sits("Kari")
    seat.model.make_page("To")
    seat.desk.save()
    assert not seat.said


def test_a_standard_is_saved_used_by_who_has_none_and_taken_back(seat: Seat) -> None:
    seat.model.make_page("Vakt")
    seat.model.save_standard("operator")
    [(body, _)] = seat.bench.published
    assert isinstance(body, StandardLayoutSaved)
    assert (body.role, body.pages) == ("operator", (LayoutPage("Vakt"),))
    seat.tell(body)
    other = Seat()
    other.tell(body)
    assert other.model.has_standard()
    other.sits("Ola")
    assert [page.key for page in other.model.pages()] == ["Vakt", ""]
    done = other.model.done()
    assert done is not None
    assert (done.deed, done.what) == ("standard-came", "operator")
    seat.model.undo()
    last = seat.bench.published[-1][0]
    assert last == StandardLayoutSaved(role="operator"), "there was none before"
    seat.tell(last)
    assert not seat.model.has_standard()
    assert standard_key("operator") in seat.bench.store.state.layouts


def test_what_a_desk_remembers_of_who_sits_there_gives_no_way_to_a_standard(qtbot: QtBot) -> None:
    pages = Layout((LayoutPage("Mine", ("a",)),))
    seat = Seat(remembers=pages, person="Kari")
    seat.tell(StandardLayoutSaved(role="operator", pages=KARIS.pages))
    seat.sits("Kari")
    assert [page.key for page in seat.model.pages()] == ["Mine", ""]
    seat.sits("Ola")
    assert [page.key for page in seat.model.pages()] == ["Vakt", ""], "he has none of his own"


def test_strangers_layouts_leave_no_more_than_a_desk_can_hold(seat: Seat) -> None:
    for n in range(4):
        many = tuple(Placed(f"g{n}-{i}@x", gain_db=-1.0) for i in range(512))
        seat.tell(LayoutSaved(streams=many), person=f"Person {n}")
        seat.sits(f"Person {n}")
    assert seat.order() == "abcd"
    assert len(seat.tiles.placed()) <= 512 + 4
    assert len(seat.tiles._settings) <= 512 + 4


def test_only_an_operators_desk_saves_standards(seat: Seat) -> None:
    assert "reception" in seat.model.standards()
    for role in ("reception", "trainer", ""):
        seat.role = role
        assert seat.model.standards() == ()


def test_a_station_that_is_not_there_yet_is_heard_as_saved_when_it_comes(seat: Seat) -> None:
    late = Placed(stream("late"), gain_db=-12.0)
    seat.tell(LayoutSaved(streams=(late, *KARIS.streams)))
    seat.sits("Kari")
    seat.tiles.announced([announcement("late")], ())
    assert seat.heard("late").gain_db == -12.0
    assert seat.order()[-1] == "l", "no number moves today"
    assert seat.tiles.settings()[1][0] == stream("late"), "tomorrow it is first"


def test_who_speaks_is_known_by_kind_and_agency(seat: Seat) -> None:
    unit = e.UnitDefined("p20", "P-20", "police", agency="police")
    seat.tell(unit, person="")
    seat.tell(e.FloorGranted("a", "p20", ssrc=5), person="")
    seat.speaks("a")
    row = seat.tiles.row(stream("a"))
    assert (row.speaker, row.speaker_kind, row.speaker_agency) == ("P-20", "police", "police")
    seat.tiles.engine_said(protocol.Status((figures(stream("a")),), "null", "none"))
    assert seat.tiles.row(stream("a")).speaker_kind == ""
