"""What a desk makes of the site's individual calls, and when the other side is lost."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.desk import call_rules as rules
from console.domain.call import Call
from console.domain.events import CallReason
from console.domain.mark import Mark
from console.domain.presence import AWAY_S

ME, OTHER = "lv1", "lv2"


def mark(number: int, author: str) -> Mark:
    return Mark(f"{number:026}", 0, author)


def made(
    key: str,
    number: int,
    *,
    caller: str = OTHER,
    callee: str = ME,
    answered: str = "",
    ended: CallReason | None = None,
) -> Call:
    """``answered``: by which program."""
    return Call(
        key,
        caller,
        callee,
        "half",
        mark(number, caller),
        answered=mark(number + 50, answered) if answered else None,
        ended=mark(number + 90, caller) if ended else None,
        reason=ended or "",
    )


def by_another(call: Call, author: str) -> Call:
    return msgspec.structs.replace(call, offered=mark(1, author))


def table(*calls: Call) -> dict[str, Call]:
    return {one.key: one for one in calls}


def test_what_rings_here_is_shown_in_the_order_in_which_it_came() -> None:
    late, early = made("late", 2), made("early", 1)
    elsewhere = made("elsewhere", 3, caller="amb1", callee=OTHER)
    over = made("over", 4, ended="no-answer")
    now = rules.stand(table(late, early, elsewhere, over), ME, ())
    assert now == rules.Stand(incoming=(early, late))
    assert rules.stand(table(late), "", ()) == rules.NOTHING, "a desk at no site has no calls"


def test_a_desk_talks_in_what_it_has_offered_or_answered_itself_alone() -> None:
    mine = made("mine", 1, answered=ME)
    by_shell = made("shell", 2, answered=f"{ME}_cli-1234")
    calls = table(mine, by_shell)
    assert rules.stand(calls, ME, {"mine"}).current == mine
    assert rules.stand(calls, ME, ()).current is None, "a desk that was started again opens nothing"
    assert rules.orphans(calls, ME, ()) == (mine,), (
        "and says that it is lost; a shell's call is not"
    )
    assert not rules.orphans(calls, ME, {"mine"})
    offered = made("offered", 3, caller=ME, callee=OTHER)
    assert rules.stand(table(offered), ME, {"offered"}).outgoing == offered
    assert rules.orphans(table(offered), ME, ()) == (offered,), "nobody would ever answer it"


def test_of_two_that_were_answered_at_once_the_later_one_is_talked_in() -> None:
    first, second = made("first", 1, answered=ME), made("second", 2, answered=ME)
    calls, mine = table(first, second), {"first", "second"}
    assert rules.stand(calls, ME, mine).current == second
    assert rules.surplus(calls, ME, mine) == (first,)


@pytest.mark.parametrize(
    ("call", "is_watched"),
    [
        (made("offered by a desk", 1), True),
        (by_another(made("by a unit's gateway", 1, caller="amb1", answered=ME), "gateway"), False),
        (made("answered by a shell", 1, caller=ME, callee=OTHER, answered=f"{OTHER}_cli-1"), False),
        (made("not answered yet", 1, caller=ME, callee=OTHER), False),
    ],
    ids=lambda one: one.key if isinstance(one, Call) else "",
)
def test_only_a_desk_that_says_that_it_is_here_can_be_missed(call: Call, is_watched: bool) -> None:
    assert rules.is_watched(call, ME) == is_watched


CASE: dict[str, Any] = {
    "now_s": 100.0, "since_s": 10.0, "seen_s": 99.5, "voice_s": 99.9, "up_s": 5.0,
    "watched": True, "full": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "fields", "lost"),
    [
        ("all is well", {}, False),
        ("not seen, not heard", {"seen_s": 97.5, "voice_s": 99.4}, True),
        ("not seen, but its voice comes", {"seen_s": 90.0}, False),
        ("half duplex: seen, silent for long", {"full": False, "voice_s": None}, False),
        ("half duplex: not seen", {"full": False, "voice_s": 80.0, "seen_s": 97.5}, True),
        ("never seen, just answered", {"seen_s": None, "voice_s": None, "since_s": 99.0}, False),
        ("never seen, answered long ago", {"seen_s": None, "voice_s": None}, True),
        ("a shell or a unit", {"watched": False, "seen_s": None, "voice_s": None}, False),
        ("the site has just come back", {"seen_s": 80.0, "voice_s": 80.0, "up_s": 93.0}, False),
        ("the site is back for long", {"seen_s": 80.0, "voice_s": 80.0, "up_s": 92.0}, True),
        ("no site: its voice comes", {"up_s": None, "seen_s": 50.0}, False),
        ("no site: its voice was away shortly", {"up_s": None, "voice_s": 91.0}, False),
        ("no site, no voice", {"up_s": None, "voice_s": 90.0}, True),
        ("no site, half duplex", {"up_s": None, "voice_s": None, "full": False}, False),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_who_is_lost(what: str, fields: dict[str, Any], lost: bool) -> None:
    assert rules.is_lost(**{**CASE, **fields}) == lost, what


SECONDS = st.floats(0, 100)


@given(SECONDS, st.one_of(st.none(), SECONDS), st.one_of(st.none(), SECONDS), st.booleans())
def test_a_desk_that_is_dead_is_lost_in_time_and_a_live_one_never(
    since_s: float, seen_s: float | None, voice_s: float | None, full: bool
) -> None:
    """However it died: three seconds after its last sign of life; and not while it gives one."""
    last_s = max(since_s, seen_s or 0.0, voice_s or 0.0)
    case = {**CASE, "since_s": since_s, "seen_s": seen_s, "voice_s": voice_s, "full": full}
    case["up_s"] = -rules.BACK_S
    assert rules.is_lost(**{**case, "now_s": last_s + AWAY_S + rules.SILENT_S})
    if seen_s is not None:
        assert not rules.is_lost(**{**case, "now_s": max(seen_s, since_s) + AWAY_S - 0.1})
    if voice_s is not None:
        now_s = max(voice_s, since_s) + rules.SILENT_S - 0.1
        assert not rules.is_lost(**{**case, "now_s": now_s})


@given(
    st.lists(
        st.tuples(st.sampled_from((ME, OTHER)), st.sampled_from(("", ME, OTHER, f"{ME}_cli-1"))),
        max_size=8,
    ),
    st.frozensets(st.integers(0, 7)),
)
def test_whatever_stands_in_the_log_one_call_is_talked_in_at_most_and_none_is_forgotten(
    rows: list[tuple[str, str]], mine: frozenset[int]
) -> None:
    calls = table(
        *(
            made(str(n), n, caller=who, callee=OTHER if who == ME else ME, answered=answered)
            for n, (who, answered) in enumerate(rows)
        )
    )
    ours = {str(n) for n in mine}
    now = rules.stand(calls, ME, ours)
    assert now.current is None or now.current.key in ours
    orphans = rules.orphans(calls, ME, ours)
    assert not {one.key for one in orphans} & ours
    for call in calls.values():
        said = [m.author for m in (call.offered, call.answered) if m is not None]
        is_ours = call.key in ours or ME not in said
        on = call.state == "connected" and call.key in ours
        assert is_ours or call in orphans or (call.state == "ringing" and call in now.incoming)
        assert not on or call == now.current or call in rules.surplus(calls, ME, ours)
