"""A contact that bounces, sticks, or is held: no word cut, no latch turned twice."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from console.pedals.contact import BOUNCES, HELD_S, SETTLE_S, Contact

MOVES = st.lists(st.tuples(st.booleans(), st.floats(0.0001, 0.2)), max_size=60)


@given(MOVES, st.booleans())
def test_presses_and_releases_alternate_and_the_last_word_is_the_contacts(
    moves: list[tuple[bool, float]], stale: bool
) -> None:
    contact, now_s = Contact(is_down=stale), 100.0
    told: list[bool] = []
    was_up = not stale
    for down, after_s in moves:
        now_s += after_s
        before = list(told)
        told += contact.move(down, now_s)
        assert told[len(before) :] in ([], [True], [False], [False, True])
        was_up |= not down
    now_s += SETTLE_S
    told += contact.passed(now_s)
    assert all(a is not b for a, b in itertools.pairwise(told))
    assert told[:1] in ([], [True])
    if not contact.is_closed:
        assert told[-1:] in ([], [False])
    elif not stale:
        assert told[-1:] in ([], [True])
    assert was_up or not told, "what was down from the start is no press"


def test_a_press_is_told_at_once_and_a_bounce_never() -> None:
    contact = Contact()
    assert contact.move(True, 0.0) == (True,)
    for at_s in (0.002, 0.004, 0.006):
        assert contact.move(False, at_s) == ()
        assert contact.move(True, at_s + 0.001) == ()
    assert contact.move(False, 1.0) == ()
    assert contact.passed(1.0 + SETTLE_S / 2) == ()
    assert contact.move(True, 1.01) == ()
    assert contact.move(False, 1.015) == ()
    assert contact.passed(1.015 + SETTLE_S) == (False,)
    assert contact.passed(9.0) == ()


def test_a_release_that_nobody_looked_at_is_told_before_the_next_press() -> None:
    contact = Contact()
    contact.move(True, 0.0)
    contact.move(False, 1.0)
    assert contact.move(True, 2.0) == (False, True)


def test_one_that_was_down_from_the_start_has_to_be_let_go_first() -> None:
    contact = Contact(is_down=True)
    assert contact.trouble(0.0) == "held"
    assert contact.move(False, 1.0) == ()
    assert contact.move(True, 1.001) == (), "it bounced"
    assert contact.move(False, 1.002) == ()
    assert contact.passed(1.1) == ()
    assert contact.trouble(1.1) == ""
    assert contact.move(True, 2.0) == (True,)


def test_what_stands_on_it_and_what_bounces_is_noticed() -> None:
    contact = Contact()
    contact.move(True, 0.0)
    assert contact.trouble(HELD_S) == ""
    assert contact.trouble(HELD_S + 1) == "held"
    contact.move(False, 70.0)
    contact.passed(71.0)
    assert contact.trouble(71.0) == ""
    contact.move(True, 100.0)
    for n in range(BOUNCES):
        contact.move(False, 100.01 + n / 100)
        contact.move(True, 100.011 + n / 100)
    assert contact.trouble(100.1) == "chattering"
    assert contact.trouble(120.0) == "", "it is let be when it has stopped"
    repeated = Contact(counts_bounces=False)
    repeated.move(True, 0.0)
    for n in range(100):
        repeated.move(False, 1.0 + n / 30)
        assert repeated.move(True, 1.0 + n / 30) == ()
    assert repeated.trouble(5.0) == "", "X11 repeats a key that is held"
