"""The floor: who talks, who waits, who is told what. Times are seconds of an even clock."""

from __future__ import annotations

import msgspec
import pytest

from console.domain import floor_control as fc
from console.domain import floor_queue as fq
from console.domain import floor_state as fs
from console.domain import floor_words as fw
from console.domain.floor_words import Answer, Began, Changed, Over, Warned

POLICY = fs.Policy()


class Arbiter:
    """One arbiter that is asked things in turn; ``said`` is what it answered last."""

    def __init__(self, *, settled: bool = True) -> None:
        self.now_s = 100.0
        self.floors = fs.Floors(started_s=99.0 if settled else self.now_s, settled=settled)
        self.said: tuple[fw.Effect, ...] = ()

    def happens(self, happened: fw.Happened) -> tuple[fw.Effect, ...]:
        self.floors, self.said = fc.step(self.floors, happened, self.now_s, POLICY)
        return self.said

    def press(
        self, author: str, level: fs.Level = "normal", group: str = "lv1", press: str = ""
    ) -> str:
        self.happens(fw.Request(claim(author, level, group, press)))
        return self.verdict(author)

    def keep(self, *authors: str, group: str = "lv1") -> None:
        for author in authors:
            self.happens(fw.Renew(claim(author, group=group), held=True))

    def release(self, author: str, group: str = "lv1") -> None:
        self.happens(fw.Release(group, author, claim(author).press))

    def wait(self, seconds: float, *renewing: str) -> None:
        """In steps as the service makes them, those who hold their key renewing it."""
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self.happens(fw.Tick())
            for author in renewing:
                self.happens(fw.Renew(claim(author), held=self.holder() == author))

    def verdict(self, author: str) -> str:
        return next((one.verdict for one in answers(self.said) if one.author == author), "")

    def holder(self, group: str = "lv1") -> str:
        holder = self.floors.at(group).holder
        return holder.claim.author if holder else ""

    def queue(self, group: str = "lv1") -> list[str]:
        return [one.author for one in self.floors.at(group).queue]


def claim(author: str, level: fs.Level = "normal", group: str = "lv1", press: str = "") -> fs.Claim:
    return fs.Claim(press or f"press-{author}", author, group, ssrc=7, level=level)


def answers(effects: tuple[fw.Effect, ...]) -> list[Answer]:
    return [one for one in effects if isinstance(one, Answer)]


def kinds(effects: tuple[fw.Effect, ...]) -> list[type]:
    return [type(one) for one in effects]


def test_a_free_floor_is_granted_logged_and_told_to_all() -> None:
    arbiter = Arbiter()
    assert arbiter.press("lv1") == "granted"
    assert kinds(arbiter.said) == [Answer, Began, Changed]
    [answer] = answers(arbiter.said)
    assert (answer.ssrc, answer.left_s, answer.who) == (7, POLICY.most_s, "")


def test_who_comes_second_waits_and_gets_it_when_the_first_lets_go() -> None:
    arbiter = Arbiter()
    arbiter.press("lv1")
    assert arbiter.press("lv2") == "queued"
    assert answers(arbiter.said)[0].who == "lv1"
    arbiter.press("lv3")
    assert [one.place for one in answers(arbiter.said)] == [2]
    arbiter.release("lv1")
    told = {one.author: (one.verdict, one.place) for one in answers(arbiter.said)}
    assert told == {"lv1": ("released", 0), "lv2": ("granted", 0), "lv3": ("queued", 1)}


@pytest.mark.parametrize(
    ("talks", "comes", "verdict"),
    [
        ("normal", "high", "queued"),
        ("normal", "pre-emptive", "granted"),
        ("high", "pre-emptive", "granted"),
        ("pre-emptive", "pre-emptive", "queued"),
        ("pre-emptive", "emergency", "granted"),
        ("emergency", "emergency", "queued"),
        ("emergency", "pre-emptive", "queued"),
        ("normal", "normal", "queued"),
    ],
)
def test_who_takes_the_floor_from_whom(talks: fs.Level, comes: fs.Level, verdict: str) -> None:
    arbiter = Arbiter()
    arbiter.press("lv1", talks)
    assert arbiter.press("lv2", comes) == verdict
    taken = [one for one in answers(arbiter.said) if one.author == "lv1"]
    assert [(one.verdict, one.who) for one in taken] == (
        [("pre-empted", "lv2")] if verdict == "granted" else []
    )


def test_the_queue_goes_by_level_and_within_it_by_who_came_first() -> None:
    arbiter = Arbiter()
    arbiter.press("lv1", "emergency")
    for author, level in (("a", "normal"), ("b", "high"), ("c", "normal"), ("d", "emergency")):
        arbiter.press(author, level)  # type: ignore[arg-type]
    assert arbiter.queue() == ["d", "b", "a", "c"]


def test_who_is_passed_over_too_often_is_passed_over_no_more() -> None:
    arbiter = Arbiter()
    arbiter.press("talks")
    arbiter.now_s += 0.1
    arbiter.press("patient")
    last = "talks"
    for number in range(fs.MAX_OVERTAKEN + 1):
        arbiter.now_s += 0.1
        arbiter.keep(last)
        arbiter.happens(fw.Renew(claim("patient")))
        arbiter.press(f"high{number}", "high")
        arbiter.release(last)
        last = arbiter.holder()
    assert last == "patient"


def test_the_same_press_is_one_press_however_often_it_is_said() -> None:
    arbiter = Arbiter()
    assert [arbiter.press("lv1") for _ in range(3)] == ["granted"] * 3
    assert Began not in kinds(arbiter.said)
    arbiter.press("lv2")
    assert arbiter.press("lv2") == "queued"
    assert arbiter.queue() == ["lv2"]
    arbiter.release("lv1")
    assert arbiter.press("lv1") == "released", "it came late, the key is up"


def test_a_new_press_of_the_same_program_ends_the_one_whose_end_was_lost() -> None:
    arbiter = Arbiter()
    arbiter.press("lv1", press="first-press")
    arbiter.press("lv2")
    assert arbiter.press("lv1", press="second-press") == "queued"
    assert arbiter.holder() == "lv2"


def test_a_dead_talker_is_taken_off_within_a_second_and_the_next_is_served() -> None:
    arbiter = Arbiter()
    arbiter.press("dead")
    arbiter.press("next")
    arbiter.wait(0.9, "next")
    assert arbiter.holder() == "next"
    arbiter.keep("dead")
    assert arbiter.verdict("dead") == "unknown", "its gate must close"


def test_who_waits_and_is_heard_of_no_more_is_no_longer_waited_for() -> None:
    arbiter = Arbiter()
    arbiter.press("lv1")
    arbiter.press("dead")
    arbiter.wait(0.9, "lv1")
    assert arbiter.queue() == []


def test_the_time_out_timer_warns_and_then_ends_the_over() -> None:
    arbiter = Arbiter()
    arbiter.press("lv1")
    seen: list[fw.Effect] = []
    for _ in range(620):
        arbiter.now_s += 0.1
        seen += arbiter.happens(fw.Tick())
        if arbiter.holder():
            arbiter.keep("lv1")
    assert [round(one.left_s) for one in seen if isinstance(one, Warned)] == [10]
    [over] = [one for one in seen if isinstance(one, Over)]
    assert (over.end, round(over.spoken_s)) == ("timed-out", 60)
    assert arbiter.press("lv1") == "timed-out", "the key must go up first"


def test_a_queue_that_is_full_denies_but_never_an_emergency() -> None:
    arbiter = Arbiter()
    arbiter.press("lv1")
    for number in range(fq.MAX_QUEUE):
        arbiter.press(f"w{number}")
    assert arbiter.press("late") == "denied"
    assert answers(arbiter.said)[0].why == "queue-full"
    assert arbiter.press("urgent", "emergency") == "granted"
    assert len(arbiter.queue()) == fq.MAX_QUEUE


def test_a_member_that_leaves_leaves_with_all_its_programs() -> None:
    arbiter = Arbiter()
    arbiter.press("lv1_cli-3f")
    arbiter.press("lv2")
    arbiter.press("lv1")
    arbiter.happens(fw.Gone("lv1"))
    assert (arbiter.holder(), arbiter.queue()) == ("lv2", [])


def test_a_new_arbiter_hears_first_who_holds_what() -> None:
    arbiter = Arbiter(settled=False)
    assert arbiter.press("new") == "settling"
    talker = msgspec.structs.replace(claim("talks"), spoken_s=50.0)
    arbiter.happens(fw.Renew(talker, held=True))
    assert arbiter.verdict("talks") == "granted"
    assert round(answers(arbiter.said)[0].left_s) == 10, "the time-out timer goes on"
    arbiter.happens(fw.Renew(claim("rival"), held=True))
    assert arbiter.verdict("rival") == "unknown", "two can't have held it"
    arbiter.now_s += POLICY.settle_s + 0.01
    arbiter.happens(fw.Tick())
    assert (arbiter.verdict("new"), arbiter.holder()) == ("queued", "talks")


def test_without_a_holder_a_new_arbiter_grants_as_soon_as_it_has_settled() -> None:
    arbiter = Arbiter(settled=False)
    arbiter.press("new")
    arbiter.now_s += POLICY.settle_s + 0.01
    arbiter.happens(fw.Tick())
    assert arbiter.verdict("new") == "granted"
    arbiter.keep("old")
    assert arbiter.verdict("old") == "unknown", "too late: the floor has been given"


def test_one_who_asks_nobody_is_waited_for_but_not_by_an_emergency() -> None:
    arbiter = Arbiter()
    arbiter.happens(fw.Heard("lv1", "a13", 99))
    assert arbiter.press("lv1") == "queued"
    assert answers(arbiter.said)[0].who == "a13"
    assert arbiter.press("lv2", "emergency") == "granted"
    assert fs.speakers(arbiter.floors.at("lv1")) == (("lv2", 7), ("a13", 99))
    arbiter.release("lv2")
    arbiter.happens(fw.Heard("lv1", "a13", on=False))
    assert arbiter.holder() == "lv1"


def test_patched_groups_have_one_floor_and_parted_ones_two() -> None:
    arbiter = Arbiter()
    arbiter.press("a", group="lv1")
    arbiter.press("b", "high", group="lv2")
    arbiter.press("c", group="lv2")
    arbiter.happens(fw.Patched({"p1": ("lv1", "lv2")}))
    told = {one.author: one.verdict for one in answers(arbiter.said)}
    assert (told["a"], arbiter.holder("lv1"), arbiter.holder("lv2")) == ("pre-empted", "b", "b")
    assert [one.talkgroups for one in arbiter.said if isinstance(one, Changed)][-1] == (
        "lv1",
        "lv2",
    )
    assert arbiter.press("d", group="lv1") == "queued"
    arbiter.happens(fw.Patched({}))
    assert (arbiter.holder("lv1"), arbiter.holder("lv2")) == ("d", "b")
    assert arbiter.queue("lv2") == ["c"]


def test_one_press_in_two_groups_is_two_claims_and_ends_in_each_by_itself() -> None:
    arbiter = Arbiter()
    assert [arbiter.press("lv1", group=group) for group in ("a", "b")] == ["granted"] * 2
    arbiter.release("lv1", group="a")
    arbiter.keep("lv1", group="b")
    assert (arbiter.verdict("lv1"), arbiter.holder("a"), arbiter.holder("b")) == (
        "granted",
        "",
        "lv1",
    )


def test_an_arbiter_that_stood_still_itself_lets_nobody_die_of_it() -> None:
    arbiter = Arbiter()
    arbiter.press("a")
    arbiter.press("b")
    arbiter.now_s += 5.0
    arbiter.happens(fw.Stood(4.9))
    assert (arbiter.holder(), arbiter.queue()) == ("a", ["b"])
    arbiter.keep("a")
    arbiter.wait(0.7, "a")
    assert (arbiter.holder(), arbiter.queue()) == ("a", []), "who says no more is gone as ever"
    arbiter.wait(0.7)
    assert arbiter.holder() == ""


def test_an_arbiter_that_stood_still_counts_the_over_all_the_same() -> None:
    arbiter = Arbiter()
    arbiter.press("a")
    arbiter.now_s += POLICY.most_s
    arbiter.happens(fw.Stood(POLICY.most_s))
    assert arbiter.verdict("a") == "timed-out"


def test_who_was_missed_for_a_moment_talks_on_if_nobody_has_wanted_to_meanwhile() -> None:
    arbiter = Arbiter()
    arbiter.press("a")
    arbiter.wait(0.8)
    assert arbiter.holder() == "", "taken for dead"
    arbiter.keep("a")
    assert (arbiter.holder(), arbiter.verdict("a")) == ("a", "granted")
    arbiter.wait(0.8)
    arbiter.press("b")
    arbiter.keep("a")
    assert (arbiter.holder(), arbiter.verdict("a")) == ("b", "unknown"), "another's by now"


def test_who_has_let_go_or_whose_time_is_out_does_not_come_back_by_a_late_word() -> None:
    arbiter = Arbiter()
    arbiter.press("a")
    arbiter.release("a")
    arbiter.keep("a")
    assert (arbiter.holder(), arbiter.verdict("a")) == ("", "released")
    arbiter.press("b")
    arbiter.wait(POLICY.most_s + 0.1, "b")
    arbiter.keep("b")
    assert (arbiter.holder(), arbiter.verdict("b")) == ("", "timed-out")


def test_who_is_missed_while_a_radio_net_talks_does_not_talk_into_it() -> None:
    arbiter = Arbiter()
    arbiter.press("a")
    arbiter.wait(0.8)
    arbiter.happens(fw.Heard("lv1", "amb1", 9))
    arbiter.keep("a")
    assert (arbiter.holder(), arbiter.verdict("a")) == ("", "unknown")


def held(arbiter: Arbiter, author: str, level: fs.Level, press: str = "") -> str:
    arbiter.happens(fw.Renew(claim(author, level, press=press), held=True))
    return arbiter.verdict(author)


def test_an_emergency_that_was_missed_takes_the_floor_back_from_a_calm_voice() -> None:
    arbiter = Arbiter()
    arbiter.press("a", "emergency")
    arbiter.press("b")
    arbiter.wait(0.8, "b")
    assert arbiter.holder() == "b", "it was taken for dead"
    assert held(arbiter, "a", "emergency") == "granted"
    assert (arbiter.holder(), arbiter.verdict("b")) == ("a", "pre-empted")


def test_while_an_arbiter_settles_an_emergency_is_believed_before_a_calm_voice() -> None:
    arbiter = Arbiter(settled=False)
    assert held(arbiter, "b", "normal") == "granted"
    assert held(arbiter, "a", "emergency") == "granted"
    assert (arbiter.holder(), held(arbiter, "b", "normal")) == ("a", "pre-empted")


def test_an_arbiter_that_stands_still_as_it_settles_first_hears_who_talks() -> None:
    arbiter = Arbiter(settled=False)
    arbiter.press("b")
    arbiter.now_s += 0.9
    arbiter.happens(fw.Stood(0.8))
    assert arbiter.holder() == "", "it has listened for a tenth of a second"
    assert held(arbiter, "a", "normal") == "granted"


def test_a_late_word_after_the_key_came_up_takes_no_floor() -> None:
    arbiter = Arbiter()
    arbiter.press("a")
    arbiter.wait(0.8)
    arbiter.release("a")
    arbiter.keep("a")
    assert (arbiter.holder(), arbiter.verdict("a")) == ("", "released")


def test_who_falls_silent_now_and_then_has_no_more_time_for_it() -> None:
    arbiter = Arbiter()
    arbiter.press("a")
    for _ in range(4):
        arbiter.wait(20.0, "a")
        arbiter.wait(0.8)
        arbiter.keep("a")  # which says that nothing has been spoken
    assert (arbiter.holder(), arbiter.verdict("a")) == ("", "timed-out")


def test_one_member_with_many_programs_does_not_keep_the_others_out() -> None:
    arbiter = Arbiter()
    arbiter.press("x")
    verdicts = [arbiter.press(f"r_{n}", "emergency") for n in range(fq.MAX_QUEUE + 1)]
    assert verdicts[0] == "granted", "an emergency takes the floor"
    assert verdicts.count("queued") == fq.MAX_OF_MEMBER
    assert arbiter.press("b") == "queued"


def test_a_full_queue_has_room_for_emergencies() -> None:
    arbiter = Arbiter()
    arbiter.press("x", "emergency")
    for n in range(fq.MAX_QUEUE):
        assert arbiter.press(f"d{n}") == "queued"
    assert arbiter.press("late") == "denied"
    assert arbiter.press("need", "emergency") == "queued"
    assert arbiter.queue()[0] == "need"
