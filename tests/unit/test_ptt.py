"""One press of the talk key, from the request to the last word."""

from __future__ import annotations

import pytest

from audio import protocol as p
from console.desk import ptt
from console.desk.floor_board import FENCE_S, FRESH_S, FloorBoard
from console.desk.ptt_publication import publication
from console.domain import floor_messages as fm
from console.domain.floor_state import Verdict


class Hand:
    """Presses a key, and writes down all that follows."""

    def __init__(self, *groups: str, arbiter: bool = True, occupied: tuple[str, ...] = ()) -> None:
        self.now_s = 10.0
        self.arbiter = arbiter
        reaches = tuple(ptt.Reach(f"{one}@gw", one, 7, one in occupied) for one in groups)
        self.over, self.said = ptt.press(
            reaches,
            press_id="press-01",
            author="lv1",
            level="normal",
            arbiter=arbiter,
            now_s=self.now_s,
        )

    def happens(self, event: ptt.Event) -> tuple[ptt.Effect, ...]:
        self.over, self.said = ptt.step(self.over, event, self.now_s)
        return self.said

    def told(
        self, group: str, verdict: Verdict, who: str = "", place: int = 0
    ) -> tuple[ptt.Effect, ...]:
        left_s = 60.0 if verdict == "granted" else 0.0
        answer = fm.FloorAnswer("press-01", group, verdict, 1, who=who, place=place, left_s=left_s)
        return self.happens(ptt.Answered(answer))

    def passes(self, seconds: float) -> tuple[ptt.Effect, ...]:
        self.now_s += seconds
        return self.happens(ptt.Passed(self.arbiter))

    def opens(self) -> None:
        self.happens(ptt.Gate(p.TalkChanged("open", publications=("a@gw",))))

    def states(self) -> list[ptt.TargetState]:
        return [one.state for one in self.over.targets]


def asks(effects: tuple[ptt.Effect, ...]) -> list[tuple[str, type]]:
    return [(one.talkgroup, type(one.asked)) for one in effects if isinstance(one, ptt.Ask)]


def talks(effects: tuple[ptt.Effect, ...]) -> list[p.Talk]:
    return [one for one in effects if isinstance(one, p.Talk)]


def test_a_press_asks_is_granted_and_opens_the_gate() -> None:
    hand = Hand("a")
    assert asks(hand.said) == [("a", fm.FloorRequest)]
    assert hand.told("a", "granted") == (p.Talk(("a@gw",), 60.0),)
    hand.opens()
    assert hand.over.left_s(hand.now_s) == 60.0
    said = hand.passes(0.2)
    assert p.KeepTalking() in said
    assert asks(said) == [("a", fm.FloorRenew)]


def test_key_up_closes_the_gate_first_and_then_gives_the_floor_back() -> None:
    hand = Hand("a")
    hand.told("a", "granted")
    hand.opens()
    stop, release = hand.happens(ptt.KeyUp())
    assert stop == p.StopTalking()
    assert asks((release,)) == [("a", fm.FloorRelease)]
    assert hand.happens(ptt.KeyUp()) == ()


def test_of_several_groups_those_that_grant_are_talked_on_and_the_others_are_named() -> None:
    hand = Hand("a", "b", "c")
    assert hand.told("a", "granted") == (), "the others may answer in a moment"
    hand.told("b", "denied")
    said = hand.told("c", "queued", who="lv2", place=1)
    assert talks(said) == [p.Talk(("a@gw",), 60.0)]
    assert asks(said) == [("c", fm.FloorRelease)], "nobody waits for what is not joined"
    assert hand.states() == ["granted", "denied", "denied"]
    assert hand.over.targets[2].why == "busy"


def test_the_first_grant_does_not_wait_long_for_a_group_that_is_silent() -> None:
    hand = Hand("a", "b")
    hand.told("a", "granted")
    assert talks(hand.passes(ptt.GATHER_S + 0.01)) == [p.Talk(("a@gw",), 60.0)]
    assert hand.states() == ["granted", "denied"]
    assert hand.told("b", "granted") == (), "it was left out, and its floor given back"


def test_who_waits_talks_when_it_is_his_turn() -> None:
    hand = Hand("a")
    hand.told("a", "queued", who="lv2", place=2)
    assert (hand.states(), hand.over.targets[0].place) == (["queued"], 2)
    assert asks(hand.passes(0.2)) == [("a", fm.FloorRequest)]
    assert talks(hand.told("a", "granted"))


def test_the_pre_empted_closes_and_says_by_whom() -> None:
    hand = Hand("a", "b")
    hand.told("a", "granted")
    hand.told("b", "granted")
    hand.opens()
    assert hand.told("a", "pre-empted", who="lv2") == (p.Preempted(("a@gw",), "lv2"),)
    assert (hand.states(), hand.over.targets[0].who) == (["pre-empted", "granted"], "lv2")
    assert hand.over.gate == "open"


@pytest.mark.parametrize(
    ("cause", "state"),
    [("timeout", "timed-out"), ("lease", "failed"), ("failed", "failed"), ("gone", "failed")],
)
def test_a_gate_that_closes_by_itself_gives_the_floor_back(
    cause: p.TalkCause, state: ptt.TargetState
) -> None:
    hand = Hand("a")
    hand.told("a", "granted")
    hand.opens()
    said = hand.happens(ptt.Gate(p.TalkChanged("idle", "it is so", cause=cause)))
    assert asks(said) == [("a", fm.FloorRelease)]
    assert (hand.states(), hand.over.gate) == ([state], "closed")
    assert talks(hand.passes(0.2)) == [], "the key must go up first"


def test_without_an_arbiter_one_listens_before_one_talks() -> None:
    free = Hand("a", arbiter=False)
    assert talks(free.said) == [p.Talk(("a@gw",), 60.0)]
    assert free.over.is_unasked
    busy = Hand("a", arbiter=False, occupied=("a",))
    assert (busy.said, busy.states(), busy.over.targets[0].why) == ((), ["denied"], "occupied")


def test_an_arbiter_that_falls_silent_in_an_over_leaves_it_marked_and_finds_it_again() -> None:
    hand = Hand("a")
    hand.told("a", "granted")
    hand.opens()
    hand.arbiter = False
    hand.passes(ptt.SILENT_S)
    assert (hand.states(), hand.over.is_unasked) == (["unasked"], True)
    [renewal] = [one.asked for one in hand.passes(0.2) if isinstance(one, ptt.Ask)]
    assert isinstance(renewal, fm.FloorRenew)
    assert renewal.held
    assert renewal.spoken_ms == 1_200
    hand.told("a", "granted")
    assert not hand.over.is_unasked


def test_who_talks_without_leave_stops_when_the_floor_is_anothers_and_waits_for_it() -> None:
    hand = Hand("a", arbiter=False)
    hand.opens()
    assert hand.told("a", "queued", who="lv2", place=1) == (p.Preempted(("a@gw",), "lv2"),)
    assert hand.told("a", "queued", who="lv2", place=1) == (), "once"
    assert hand.states() == ["queued"]
    hand.happens(ptt.Gate(p.TalkChanged("idle", "lv2 talks", cause="preempted")))
    assert (hand.over.gate, hand.over.note) == ("closed", "")
    assert hand.over.opened_s is None, "what he has said so far is not of his turn"
    assert talks(hand.told("a", "granted")), "with the key still down it is his turn"


@pytest.mark.parametrize("is_closed_first", [True, False])
def test_a_turn_that_comes_while_the_gate_still_closes_is_taken(is_closed_first: bool) -> None:
    hand = Hand("a", arbiter=False)
    hand.opens()
    hand.told("a", "queued", who="lv2", place=1)
    closes = ptt.Gate(p.TalkChanged("idle", "lv2 talks", cause="preempted"))
    said = hand.happens(closes) if is_closed_first else ()
    said += hand.told("a", "granted")
    said += () if is_closed_first else hand.happens(closes)
    assert talks((*said, *hand.passes(0.2))) == [p.Talk(("a@gw",), 60.0)]


def test_who_talks_in_another_group_gives_up_the_one_that_is_anothers() -> None:
    hand = Hand("a", "b", arbiter=False)
    hand.opens()
    said = hand.told("a", "queued", who="lv2", place=1)
    assert said[0] == p.Preempted(("a@gw",), "lv2")
    assert asks(said) == [("a", fm.FloorRelease)]
    assert hand.states() == ["pre-empted", "unasked"]


def test_who_waits_while_the_arbiter_falls_silent_talks_when_nobody_else_does() -> None:
    hand = Hand("a")
    hand.told("a", "queued", who="lv2", place=1)
    hand.happens(ptt.Heard("a@gw", on=True))
    hand.arbiter = False
    assert talks(hand.passes(ptt.SILENT_S)) == []
    assert hand.states() == ["queued"], "no denial for who has waited"
    hand.happens(ptt.Heard("a@gw", on=False))
    assert talks(hand.passes(0.2)) == [p.Talk(("a@gw",), 60.0)]
    assert hand.over.is_unasked


def test_nobody_waits_without_an_arbiter_for_ever() -> None:
    hand = Hand("a")
    hand.told("a", "queued", who="lv2", place=1)
    hand.happens(ptt.Heard("a@gw", on=True))
    hand.arbiter = False
    for _ in range(round(ptt.ALONE_S / 0.2) + 1):
        hand.passes(0.2)
    assert (hand.states(), hand.over.targets[0].why) == (["denied"], "occupied")
    hand.happens(ptt.Heard("a@gw", on=False))
    assert talks(hand.passes(60.0)) == [], "a microphone that nobody thinks of stays closed"


@pytest.mark.parametrize("verdict", ["granted", "queued"])
def test_a_desk_that_stood_still_itself_does_not_think_the_arbiter_silent(verdict: Verdict) -> None:
    hand = Hand("a")
    hand.told("a", verdict, place=1)
    hand.now_s += 5.0
    hand.happens(ptt.Passed(arbiter=True, stood_s=4.6))
    assert hand.states() == [verdict]
    hand.told("a", verdict, place=1)
    hand.happens(ptt.Passed(arbiter=True, stood_s=4.6))
    hand.passes(ptt.SILENT_S)
    assert hand.states() == ["unasked"], "but when it has listened and heard nothing"


def test_an_arbiter_that_never_answers_is_waited_for_a_second() -> None:
    hand = Hand("a")
    hand.arbiter = False
    assert talks(hand.passes(ptt.SILENT_S)) == [p.Talk(("a@gw",), 60.0)]
    assert hand.over.is_unasked


def test_a_grant_that_comes_after_the_key_went_up_is_given_back() -> None:
    hand = Hand("a")
    hand.happens(ptt.KeyUp())
    assert asks(hand.told("a", "granted")) == [("a", fm.FloorRelease)]


def test_a_group_that_the_engine_is_not_ready_for_is_asked_for_when_it_is() -> None:
    over, said = ptt.press(
        (ptt.Reach("a@gw", "a", None), ptt.Reach("b@gw", "b", None, why_not="unicast")),
        press_id="press-01",
        author="lv1",
        level="normal",
        arbiter=True,
        now_s=0.0,
    )
    assert (said, over.targets[1].state, over.targets[1].note) == ((), "denied", "unicast")
    over, _ = ptt.step(over, ptt.Ready("a@gw", 9), 0.01)
    over, said = ptt.step(over, ptt.Passed(arbiter=True), 0.02)
    assert asks(said) == [("a", fm.FloorRequest)]


def beat(epoch: int, *floors: fm.FloorState) -> bytes:
    return fm.encode(fm.FloorBeat(epoch, floors))


BEAT = f"vb.live.{fm.BEAT}.site.node-1.all"


def test_the_board_believes_the_site_alone_and_no_older_arbiter() -> None:
    board = FloorBoard()
    held = fm.FloorState("a", (fm.FloorSpeaker("lv1", 7),))
    assert board.take(BEAT.replace(".site.", ".operator."), beat(9, held), 0.0) is None
    assert board.take(BEAT, beat(2, held), 0.0) == frozenset({"a"})
    assert board.take(BEAT, beat(1), 0.1) == frozenset(), "fenced"
    assert board.for_engine("a@gw", "a") == p.Floor("a@gw", True, (7,), epoch=2)
    assert board.take(BEAT, beat(2), 0.4) == frozenset({"a"}), "what is not named is free"
    assert board.take(BEAT, b"[" * 3_000, 0.5) == frozenset()
    assert board.unread == 1
    assert board.is_fresh(0.4 + FRESH_S / 2)
    assert not board.is_fresh(0.4 + FRESH_S)
    assert board.take(BEAT, beat(1, held), 0.4 + FENCE_S) == frozenset({"a"}), (
        "a wiped disk begins anew"
    )


def test_what_stood_still_itself_has_not_missed_the_arbiter() -> None:
    board = FloorBoard()
    board.take(BEAT, beat(2), 0.0)
    board.stood(5.0, 5.0)
    assert board.is_fresh(5.0 + FRESH_S / 2)
    assert not board.is_fresh(5.0 + FRESH_S)
    board.take(BEAT, beat(2), 20.0)
    board.stood(5.0, 20.1)
    assert not board.is_fresh(20.11 + FRESH_S), "a beat that was read first is no younger for it"


def test_where_a_desk_can_talk_and_why_not() -> None:
    spec = p.StreamSpec("a@gw", 5_004, 111, "opus", 48_000, 2, group="239.77.1.1")
    wish = publication(spec, "Kari")
    assert isinstance(wish, p.Publish)
    assert (wish.address, wish.own, wish.name) == ("239.77.1.1", True, "Kari")
    for change in ({"group": None}, {"source": "10.0.0.1"}, {"encoding": "PCMA"}):
        from msgspec.structs import replace  # noqa: PLC0415

        assert isinstance(publication(replace(spec, **change), "Kari"), str)
