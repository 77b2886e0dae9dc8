"""What holds for every floor, whatever is asked in whatever order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain import floor_control as fc
from console.domain import floor_queue as fq
from console.domain import floor_state as fs
from console.domain import floor_words as fw

AUTHORS = ("lv1", "lv2", "lv2_cli-1", "am1", "gw1")
GROUPS = ("a", "b", "c")
PATCHES: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"p": ("a", "b")},
    {"p": ("b", "c"), "q": ("a", "x")},
)
POLICY = fs.Policy(most_s=3.0, warning_s=1.0)

claims = st.builds(
    lambda author, number, group, level: fs.Claim(
        f"{author}-{number:08}", author, group, ssrc=number, level=level
    ),
    st.sampled_from(AUTHORS),
    st.integers(0, 6),
    st.sampled_from(GROUPS),
    st.sampled_from(tuple(fs.LEVELS)),
)
happenings = st.one_of(
    st.builds(fw.Request, claims),
    st.builds(fw.Renew, claims, st.booleans()),
    claims.map(lambda one: fw.Release(one.talkgroup, one.author, one.press)),
    st.sampled_from(AUTHORS).map(fw.Gone),
    st.builds(fw.Heard, st.sampled_from(GROUPS), st.sampled_from(("u1", "u2")), on=st.booleans()),
    st.sampled_from(PATCHES).map(fw.Patched),
    st.just(fw.Tick()),
)
lives = st.lists(st.tuples(happenings, st.sampled_from((0.0, 0.05, 0.2, 0.5, 1.5))), max_size=60)


def key(claim: fs.Claim) -> tuple[str, str, str]:
    return claim.author, claim.press, claim.talkgroup


class Witness:
    """Watches one arbiter through all that it says."""

    def __init__(self) -> None:
        self.asked: set[tuple[str, str, str]] = set()
        self.talking: dict[tuple[str, str, str], str] = {}  # press to talkgroup

    def take(self, happened: fw.Happened, after: fs.Floors, said: tuple[fw.Effect, ...]) -> None:
        if isinstance(happened, fw.Request | fw.Renew):
            claim = happened.claim
            self.asked.add(key(claim))
            told = [one for one in said if isinstance(one, fw.Answer)]
            assert any((one.author, one.press, one.talkgroup) == key(claim) for one in told)
        for one in said:
            self.hear(one)
        by_floor = [after.key(group) for group in self.talking.values()]
        assert len(by_floor) == len(set(by_floor)), "two talk on one floor"
        held = {key(floor.holder.claim) for floor in after.floors.values() if floor.holder}
        assert held == self.talking.keys(), "what was said is what is so"

    def hear(self, one: fw.Effect) -> None:
        match one:
            case fw.Began(claim=claim):
                assert key(claim) in self.asked, "nobody asked for it"
                self.talking[key(claim)] = claim.talkgroup
            case fw.Over(claim=claim):
                del self.talking[key(claim)]
            case _:
                pass


def check_queue(floors: fs.Floors) -> None:
    for floor in floors.floors.values():
        assert len(floor.queue) <= fq.MAX_QUEUE
        ranks = [one.rank for one in floor.queue]
        assert ranks == sorted(ranks, reverse=True), "nobody waits behind a lower one"
        waits = [one for one in floor.queue if one.level == "emergency"]
        if floors.settled and waits:
            assert floor.holder is not None
            assert floor.holder.claim.level == "emergency"
        assert all(one.overtaken <= fs.MAX_OVERTAKEN + fq.MAX_QUEUE for one in floor.queue)


@settings(max_examples=300, deadline=None)
@given(lives)
def test_what_always_holds(life: list[tuple[fw.Happened, float]]) -> None:
    now_s, floors, witness = 0.0, fs.Floors(), Witness()
    for happened, pause_s in life:
        now_s += pause_s
        floors, said = fc.step(floors, happened, now_s, POLICY)
        witness.take(happened, floors, said)
        check_queue(floors)


@settings(max_examples=300, deadline=None)
@given(lives)
def test_after_a_second_of_silence_every_floor_is_free(
    life: list[tuple[fw.Happened, float]],
) -> None:
    now_s, floors = 0.0, fs.Floors()
    for happened, pause_s in life:
        now_s += pause_s
        floors, _ = fc.step(floors, happened, now_s, POLICY)
    for _ in range(20 * fq.MAX_QUEUE):  # each who is served next may be dead as well
        now_s += 0.1
        floors, _ = fc.step(floors, fw.Tick(), now_s, POLICY)
    assert all(one.holder is None and not one.queue for one in floors.floors.values())
