"""Who is here: said every second, believed for 2.5 s, and by nobody for another."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.events import Event, PositionJoined, PositionLeft
from console.domain.presence import (
    AWAY_S,
    MAX_HEARD,
    MAX_HERE_BYTES,
    MAX_PRESENT,
    Here,
    Presence,
    Sitting,
    at_site_again,
    away,
    heard,
    here_of,
    still_here,
    with_presence,
)
from console.domain.state import State, apply_all
from console.site.address import SiteAddress, SitePlace
from console.site.log.counts import LinkCounts
from console.site.log.here import decode_here
from console.site.log.ids import EventIds
from console.site.log.line import Line
from console.site.log.presence import Attendance
from console.site.log.session import Session
from console.site.log.wire import EventError
from console.site.security.identity import Identity

from .authors import Author
from .conftest import NewEar, Server, wait_for

IDS = EventIds()
HERE = Here(author="lv1", label="Legevakt 1")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 5)), max_size=30))
def test_present_is_who_was_heard_within_two_and_a_half_seconds(
    words: list[tuple[str, float]],
) -> None:
    presence: Presence = {}
    last: dict[str, float] = {}
    now_s = 0.0
    for author, after_s in words:
        now_s += after_s
        presence = still_here(presence, now_s)
        presence = heard(presence, Here(author=author, label=author), now_s)
        last[author] = now_s
        presence = still_here(presence, now_s)
        assert set(presence) == {one for one, at_s in last.items() if now_s - at_s <= AWAY_S}


def test_who_hears_nobody_at_all_says_of_no_one_that_they_are_away() -> None:
    """A cable that is pulled between two words of one second."""
    presence = heard(heard({}, Here("a", "a"), 0.1), Here("me", "me"), 1.0)
    assert still_here(presence, 60.0) is presence
    presence = heard(presence, Here("me", "me"), 2.0)
    assert set(still_here(presence, 2.7)) == {"me"}


def test_after_a_loss_the_others_have_time_to_come_back() -> None:
    presence = at_site_again(heard({}, Here("a", "a"), 0.0), 100.0)
    for now_s in range(100, 107):
        presence = still_here(heard(presence, Here("me", "me"), float(now_s)), float(now_s))
        assert set(presence) == {"a", "me"}
    presence = still_here(heard(presence, Here("me", "me"), 108.0), 108.0)
    assert set(presence) == {"me"}


def test_only_who_said_no_goodbye_is_missed() -> None:
    before = heard(heard({}, Here("a", "A"), 0.0), Here("b", "B"), 0.0)
    assert away(before, {}, ["b"]) == (Here("a", "A"),)
    assert away(before, before, []) == ()


@given(
    st.builds(
        Sitting,
        st.text(min_size=1, max_size=64),
        st.text(max_size=64),
        st.sampled_from(["", "x" * 40]),
        st.lists(st.sampled_from(["x" * 40, "y"]), max_size=MAX_HEARD).map(tuple),
    )
)
def test_whatever_a_desk_hears_its_word_fits_and_is_understood(sitting: Sitting) -> None:
    try:
        said = msgspec.json.encode(here_of("lv1", 7, sitting))
    except UnicodeEncodeError:
        return  # half a character, which no name here has
    here = decode_here("vb.live.here.operator.lv1.desk", said)
    assert (here.label, here.person, here.front) == (sitting.label, sitting.person, sitting.front)
    assert here.hears == sitting.hears[: len(here.hears)]
    assert len(said) <= MAX_HERE_BYTES


def test_the_table_has_a_bound() -> None:
    presence: Presence = {}
    for n in range(MAX_PRESENT + 10):
        presence = heard(presence, Here(author=f"a{n}", label="x"), 0.0)
    assert len(presence) == MAX_PRESENT
    assert heard(presence, Here(author="a1", label="x"), 1.0)["a1"].heard_s == 1.0


def test_a_desk_that_said_no_goodbye_is_away_and_one_that_left_is_not_here() -> None:
    joined = [
        Event(IDS.next(n), n, f"lv{n}", 1, PositionJoined(label=f"Legevakt {n}")) for n in range(3)
    ]
    left = Event(IDS.next(9), 9, "lv2", 2, PositionLeft(label="Legevakt 2"))
    state = apply_all(State(), [*joined, left])
    presence = heard(heard({}, Here("lv0", "x"), 0.0), Here("lv2", "x"), 0.0)
    seen = with_presence(state, presence)
    assert {key: desk.present for key, desk in seen.desks.items()} == {
        "lv0": True,
        "lv1": False,
        "lv2": False,
    }


def attendance(told: list[set[str]], clock: list[float]) -> Attendance:
    """Of a program that the site has not taken in; ``clock`` holds the time."""
    identity = Identity("lv1", "operator", Path("none"))
    address = SiteAddress(SitePlace(("tls://127.0.0.1:1",), "Test site", "none"), identity)
    counts = LinkCounts()
    return Attendance(
        Line(address, counts),
        "lv1",
        None,
        before={},
        tell=lambda presence: told.append(set(presence)),
        counts=counts,
        now_s=lambda: clock[0],
    )


def test_what_is_said_again_is_known_later_and_told_to_nobody() -> None:
    told: list[set[str]] = []
    clock = [0.0]
    here = attendance(told, clock)
    word = msgspec.json.encode(HERE)
    for clock[0] in (0.0, 1.0, 2.0):
        here.hear("vb.live.here.operator.lv1.desk", word)
        here.look(clock[0])
    assert (told, here.now["lv1"].heard_s) == ([{"lv1"}], 2.0)


def test_without_a_site_nobodys_silence_says_a_thing() -> None:
    """As when it ends between the words of two who speak at different times."""
    told: list[set[str]] = []
    clock = [0.0]
    here = attendance(told, clock)
    for name, clock[0] in (("lv1", 0.0), ("lv2", AWAY_S)):
        word = Here(author=name, label=name)
        here.hear(f"vb.live.here.operator.{name}.desk", msgspec.json.encode(word))
    here.look(60.0)
    assert told[-1] == set(here.now) == {"lv1", "lv2"}
    here._line.session = cast("Session", object())
    here.look(60.0)
    assert told[-1] == set(here.now) == {"lv2"}


@pytest.mark.parametrize(
    "subject",
    [
        "vb.live.here.operator.lv2.desk",
        "vb.live.here.operator.lv1.cli",
        "vb.live.here.operator.lv1",
        "vb.live.here.operator.lv1.desk.more",
        "vb.live.here",
    ],
)
def test_nobody_is_here_for_another(subject: str) -> None:
    with pytest.raises(EventError):
        decode_here(subject, msgspec.json.encode(HERE))
    assert decode_here("vb.live.here.operator.lv1.desk", msgspec.json.encode(HERE)) == HERE


@given(st.binary(max_size=1_200))
def test_no_bytes_end_a_listener(payload: bytes) -> None:
    with pytest.raises(EventError):
        decode_here("vb.live.here.operator.lv1.desk", payload)


@pytest.mark.system
def test_a_desk_that_dies_is_shown_away_within_three_seconds(
    server: Server, new_ear: NewEar, tmp_path: Path
) -> None:
    """Killed, and hung: a process that is stopped is no longer here either."""
    ear = new_ear("one", label="Legevakt 1")
    author = Author(server.as_member("two"), tmp_path / "authors", label="Legevakt 2")
    try:
        wait_for(lambda: set(ear.presence) == {"one", "two"}, "both to be here")
        assert ear.presence["two"].here.label == "Legevakt 2"
        author.process.send_signal(signal.SIGSTOP)
        wait_for(lambda: set(ear.presence) == {"one"}, "the hung desk to be away", 3.0)
        author.process.send_signal(signal.SIGCONT)
        wait_for(lambda: set(ear.presence) == {"one", "two"}, "it to be back")
        os.kill(author.process.pid, signal.SIGKILL)
        wait_for(lambda: set(ear.presence) == {"one"}, "the dead desk to be away", 3.0)
    finally:
        author.process.send_signal(signal.SIGCONT)
        author.stop()


@pytest.mark.system
def test_what_a_desk_has_in_front_and_who_sits_there_is_known_at_once(
    server: Server, new_ear: NewEar
) -> None:
    one, two = new_ear("one", label="Legevakt 1"), new_ear("two", label="Legevakt 2")
    wait_for(lambda: set(one.presence) == {"one", "two"}, "both to be here")
    two.link.sit(Sitting("Legevakt 2", "Kari", "lv1", ("lv2", "lv3")))
    wait_for(lambda: one.presence["two"].here.front == "lv1", "what it has in front", 1.0)
    here = one.presence["two"].here
    assert (here.person, here.hears) == ("Kari", ("lv2", "lv3"))


@pytest.mark.system
def test_a_site_that_was_away_for_a_while_makes_nobody_away(
    server: Server, new_ear: NewEar
) -> None:
    one, two = new_ear("one", label="Legevakt 1"), new_ear("two", label="Legevakt 2")
    wait_for(lambda: set(one.presence) == {"one", "two"}, "both to be here")
    known = len(one.presences)
    server.kill()
    one.wait_down()
    time.sleep(AWAY_S + 0.5)
    server.start()
    one.wait_up()
    two.wait_up()
    time.sleep(AWAY_S)
    assert all(set(told) == {"one", "two"} for told in one.presences[known:])
