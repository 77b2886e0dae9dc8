"""What was said to people is in the list at once, as what it is: on its way, then at the site."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.domain import events as e
from console.models.leaving import MOST, Leaving
from console.models.people import PeopleModel
from tests.gui import fakes
from tests.gui.conftest import SMALL, Open
from tests.gui.test_models import Bench
from tests.gui.test_people import open_people, type_and_enter
from widgets.contracts.rows import PostRow

ME = "lv-1"
ON_ITS_WAY = "on its way: the site has not got it yet"
BODIES: tuple[e.AnyBody, ...] = (
    e.MessageSent("a1", "kom", also=("a2",)),
    e.StatusMessageSent("a1", 32_768, "call-me"),
    e.CalloutSent("c1", ("a1",), "Storgata 14", exercise=True),
    e.GroupFormed("g1", "KOLS", ("a1", ME), lapses_ms=10**13),
    e.PatchMade("p1", ("lv1", "lv2"), lapses_ms=10**13),
)


@pytest.fixture
def bench(qapp: object) -> Bench:
    return Bench()


def told_back(bench: Bench, body: e.AnyBody, by: str = ME) -> e.Event:
    """As the site has it."""
    event = msgspec.structs.replace(bench.author(body), author=by)
    bench.store.apply([event])
    return event


def people(bench: Bench) -> PeopleModel:
    return PeopleModel(
        bench.store, me=lambda: ME, person=lambda: "Kari Nordmann", now_s=lambda: 200.0
    )


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_it_is_on_its_way_until_the_site_tells_it_back(bench: Bench, body: e.AnyBody) -> None:
    model, told = people(bench), []
    model.changed.connect(lambda: told.append(True))
    model.said(body)
    assert told, "at once"
    (row,) = model.posts()
    assert (row.summary, row.leaving) == (ON_ITS_WAY, True)
    assert (row.who, row.time_s) == ("Kari Nordmann", 200.0)
    assert not row.can_end
    assert not row.wanted
    assert model.waiting() is None
    event = told_back(bench, body)
    (row,) = model.posts()
    assert not row.leaving
    assert row.summary != ON_ITS_WAY
    if isinstance(body, e.MessageSent):
        assert row.key == event.id


def test_another_s_words_are_not_ours_and_what_is_said_twice_is_there_twice(bench: Bench) -> None:
    model, message = people(bench), e.MessageSent("a1", "kom")
    model.said(message)
    model.said(message)
    told_back(bench, message, by="lv-2")
    assert [row.leaving for row in model.posts()].count(True) == 2
    told_back(bench, message)
    assert [row.leaving for row in model.posts()].count(True) == 1
    model.said(e.AlarmAcknowledged("al1"))
    assert len(model.posts()) == 3, "an answer to an alarm is the alarm's"


def test_it_is_told_back_as_the_log_has_it(bench: Bench) -> None:
    model = people(bench)
    model.said(e.MessageSent("a1", "Ring\x07 meg"))
    told_back(bench, e.MessageSent("a1", "Ring  meg"))
    assert not any(row.leaving for row in model.posts())


@given(texts=st.lists(st.text(max_size=8), max_size=2 * MOST))
def test_no_more_are_kept_than_can_be_looked_at(texts: list[str]) -> None:
    leaving = Leaving(lambda: ME, lambda: "", lambda: 0.0)
    for text in texts:
        leaving.add(e.MessageSent("a1", text))
    assert len(leaving.states()) == min(len(texts), MOST)


def test_the_window_shows_it_chosen_and_follows_it_to_the_site(open_desk: Open) -> None:
    """Below what is open, where it would not be looked for."""
    window, desk = open_desk(size=SMALL)
    opened = [replace(fakes.POSTS[1], key=f"c{n}", can_end=True) for n in range(9)]
    desk.people.sent = list(opened)
    open_people(window)
    posts = window.people.posts
    leaving = PostRow(
        "leaving-1", "message", fakes.NOW_S, "Kari", "LV-lege 12", "Ring", leaving=True
    )
    send = desk.posting.send_message

    def said(to: object, text: str) -> bool:
        desk.people.sent = [*opened, leaving]
        return send(to, text)  # type: ignore[arg-type]  # as it came

    desk.posting.send_message = said  # type: ignore[method-assign]  # the desk's model tells it so
    type_and_enter(window, "lege 12")
    QTest.keyClicks(window.people.text, "Ring")
    QTest.keyClick(window.people.text, Qt.Key.Key_Return)
    row = window.people._current_post()
    assert row == leaving, "at once"
    assert posts.viewport().rect().contains(posts.visualRect(posts.currentIndex()).center())
    desk.people.sent.remove(leaving)
    desk.people.tell(replace(leaving, key="01J", summary="0 av 1 har den", leaving=False))
    QTest.qWait(100)
    row = window.people._current_post()
    assert row is not None
    assert row.key == "01J"
    assert posts.viewport().rect().contains(posts.visualRect(posts.currentIndex()).center())
