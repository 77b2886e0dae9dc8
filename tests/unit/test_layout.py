"""Layouts of the talkgroups: whose each is, what an order becomes, what is never cut."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.events import (
    BodyError,
    Event,
    LayoutPage,
    LayoutSaved,
    Placed,
    StandardLayoutSaved,
)
from console.domain.events.layouts import MAX_PAGES
from console.domain.layout import (
    Layout,
    fit_name,
    fitted,
    merged,
    moved,
    one_front,
    page_moved,
    person_key,
    renamed,
    softened,
    translated,
    wanted,
    with_favourite,
    with_group,
    with_page,
    without_page,
)
from console.domain.state import State, apply_all

from .test_state import ulid

KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


def saved(n: int, page: str, **envelope: object) -> Event:
    fields = {"person": "Kari", **envelope}
    body = LayoutSaved((LayoutPage(page),))
    return Event(ulid(n), n, "lv1", n, body, **fields)  # type: ignore[arg-type]  # by their names


def test_the_newest_of_a_person_counts_whichever_comes_first() -> None:
    both = [saved(2, "ny"), saved(1, "gammel")]
    for events in (both, both[::-1]):
        state = apply_all(State(), events)
        assert state.layouts[person_key("Kari")].layout.pages == (LayoutPage("ny"),)


def test_neither_an_exercise_nor_a_name_that_nobody_confirmed_takes_a_layouts_place() -> None:
    events = [
        saved(1, "min"),
        saved(2, "falsk", unconfirmed=True),
        saved(3, "øving", exercise=True),
        saved(4, "ingens", person=""),
    ]
    state = apply_all(State(), events)
    real = wanted(state.layouts, "Kari", "operator", exercise=False)
    drill = wanted(state.layouts, "Kari", "trainer", exercise=True)
    assert real is not None
    assert drill is not None
    assert [p.name for p in real.layout.pages] == ["min"]
    assert [p.name for p in drill.layout.pages] == ["øving"]
    assert state.counts.illegal == 1


def test_who_has_none_of_their_own_gets_the_standard_of_the_role() -> None:
    standard = StandardLayoutSaved(role="operator", favourites=("lv1",))
    state = apply_all(State(), [Event(ulid(1), 1, "lv1", 1, standard), saved(2, "min")])
    assert wanted(state.layouts, "Ola", "reception", exercise=False) is None
    for person in ("Ola", ""):
        found = wanted(state.layouts, person, "operator", exercise=False)
        assert found is not None
        assert found.layout.favourites == ("lv1",)
    none = Event(ulid(3), 3, "lv1", 3, StandardLayoutSaved(role="operator"))
    state = apply_all(state, [none])
    assert wanted(state.layouts, "Ola", "operator", exercise=False) is None, "taken back"


def test_two_pages_of_one_name_are_refused_where_they_come_in() -> None:
    with pytest.raises(BodyError, match="one name"):
        LayoutSaved((LayoutPage("Vakt"), LayoutPage("vakt")))
    with pytest.raises(BodyError, match="twice"):
        LayoutSaved(streams=(Placed("a@h"), Placed("a@h")))
    raw = b'{"kind":"layout-saved","pages":[{"name":""}]}'
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=LayoutSaved)


def test_pages_are_made_renamed_moved_filled_and_deleted() -> None:
    layout = with_page(with_page(Layout(), " Vakt\n"), "Samvirke")
    assert with_page(layout, "VAKT") == layout == with_page(layout, " \t")
    assert renamed(layout, "Vakt", "samvirke") == layout
    assert renamed(layout, "Vakt", "vakt").pages[0].name == "vakt", "its own name otherwise"
    assert [p.name for p in page_moved(layout, "Vakt", 1).pages] == ["Samvirke", "Vakt"]
    assert page_moved(layout, "Vakt", -1) == layout
    full = with_group(with_group(layout, "Vakt", "lv1", on=True), "Vakt", "lv1", on=True)
    assert full.pages[0].groups == ("lv1",)
    assert with_group(full, "Vakt", "lv1", on=False).pages[0].groups == ()
    assert without_page(full, "Vakt").pages == (LayoutPage("Samvirke"),)
    assert with_favourite(with_favourite(full, "a", on=True), "a", on=False) == full
    for n in range(MAX_PAGES):
        layout = with_page(layout, f"Side {n}")
    assert len(layout.pages) == MAX_PAGES
    assert fit_name("\u202eVakt \x07 " + "x" * 90) == "Vakt " + "x" * 19


@given(KEYS.filter(bool), st.integers(-2, 9), st.sets(st.sampled_from("abcdefgh")), st.data())
def test_a_moved_tile_is_where_it_was_put_and_favourites_stay_first(
    order: list[str], to: int, favourites: set[str], data: st.DataObject
) -> None:
    order.sort(key=lambda key: key not in favourites)
    key = data.draw(st.sampled_from(order))
    after = moved(order, key, to, tuple(favourites))
    assert sorted(after) == sorted(order)
    assert [k for k in after if k != key] == [k for k in order if k != key]
    assert list(after) == sorted(after, key=lambda k: k not in favourites), "stable"


@given(KEYS, KEYS)
def test_what_is_not_there_today_keeps_its_place_behind_its_neighbour(
    known: list[str], shown: list[str]
) -> None:
    order = merged(known, shown)
    assert [key for key in order if key in shown] == shown
    assert set(order) == {*known, *shown}
    assert len(order) == len(set(order))


def test_nothing_in_front_or_sounding_is_cut_or_made_softer() -> None:
    off = Placed("a@h", "off", -30.0, 0.5)
    heard, front = Placed("a@h", gain_db=-3.0), Placed("a@h", "selected", 2.0)
    assert softened(heard, off, sounds=False) == off, "silence may be turned off"
    assert softened(heard, off, sounds=True) == Placed("a@h", "monitored", -3.0, 0.5)
    assert softened(front, off, sounds=False) == Placed("a@h", "monitored", 2.0, 0.5)
    assert softened(front, Placed("a@h"), sounds=True).attention == "selected"
    assert softened(off, Placed("a@h", "off"), sounds=True) == Placed("a@h", "off")
    two = (Placed("a@h", "selected"), Placed("b@h", "selected"))
    assert [one.attention for one in one_front(two, "b@h")] == ["monitored", "selected"]
    assert [one.attention for one in one_front(two, "")] == ["selected", "monitored"]


def test_a_group_that_another_station_carries_now_is_heard_as_before() -> None:
    layout = Layout(streams=(Placed("lv1@old", gain_db=-6.0), Placed("b@h"), Placed("c@gone")))
    here = translated(layout, ("lv1@new", "b@h", "b@second"))
    assert here.streams == (Placed("lv1@new", gain_db=-6.0), Placed("b@h"), Placed("c@gone"))


def test_what_is_too_large_for_an_event_loses_what_is_as_usual_first() -> None:
    usual = tuple(Placed(f"gruppe-{n}@{'x' * 40}.local") for n in range(500))
    loud = Placed("viktig@h", "selected", 6.0, -1.0, "high")
    left = fitted(Layout(streams=(*usual, loud)))
    assert loud in left.streams
    assert left.order == tuple(one.stream for one in (*usual, loud) if one in left.streams)
    body = LayoutSaved(left.pages, left.favourites, left.streams)
    assert len(msgspec.json.encode(Event(ulid(1), 1, "lv1", 1, body, person="K" * 64))) < 32_768
    small = Layout(streams=usual[:20])
    assert fitted(small) is small
