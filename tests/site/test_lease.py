"""The lease: never two holders who believe in it, always one when nobody stands in the way."""

from __future__ import annotations

import time
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.site.services.lease import HOLD_S, RENEW_S, TAKE_S, Lease, LeaseValue
from console.site.services.leasekeeper import LeaseKeeper

from .conftest import Server, wait_for

STEP_S: Final = 0.05


class Store:
    """A key-value store with compare-and-set, at revision 0 when it is empty."""

    def __init__(self) -> None:
        self.revision = 0
        self.value = LeaseValue("", 0)

    def set(self, value: LeaseValue, last: int) -> bool:
        if last != self.revision:
            return False
        self.revision, self.value = self.revision + 1, value
        return True


class Node:
    """A node whose clock started anywhere, that may hang, and whose requests take their time."""

    def __init__(self, name: str, store: Store, clock_s: float) -> None:
        self.lease = Lease(name)
        self.store = store
        self.clock_s = clock_s
        self.due_s = 0.0
        self.hangs_until_s = 0.0

    def at(self, now_s: float) -> float:
        return now_s + self.clock_s

    def run(self, now_s: float, answer_lost: bool) -> None:
        if now_s < max(self.due_s, self.hangs_until_s):
            return
        self.due_s = now_s + RENEW_S
        mine_s = self.at(now_s)
        step = self.lease.step(mine_s)
        if step == "look":
            self.lease.seen(self.store.revision, self.store.value, mine_s)
            return
        wish = self.lease.wish(step, int(mine_s * 1_000))
        if self.store.set(wish, self.lease.revision) and not answer_lost:
            self.lease.written(self.store.revision, wish, mine_s)
        else:
            self.lease.seen(self.store.revision, self.store.value, mine_s)


TROUBLE = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["hang", "lost", "die", "wipe", "nothing"]),
    st.floats(0.05, 3.0),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=3), st.lists(TROUBLE, max_size=12))
def test_never_two_who_believe_in_it_and_epochs_grow(
    clocks: list[float], troubles: list[tuple[int, str, float]]
) -> None:
    store = Store()
    nodes = [Node(f"n{n}", store, clock) for n, clock in enumerate(clocks)]
    now_s, greatest, holder = 0.0, 0, ""
    for who, trouble, seconds in troubles:
        node = nodes[who]
        if trouble == "hang":
            node.hangs_until_s = now_s + seconds
        elif trouble == "die":
            node.lease = Lease(f"again-{now_s}")
        end_s = now_s + seconds
        while now_s < end_s:
            for one in nodes:
                one.run(now_s, answer_lost=trouble == "lost" and one is node)
            believers = [one for one in nodes if one.lease.is_held(one.at(now_s))]
            assert len(believers) <= 1
            for one in believers:
                if one.lease.epoch != greatest:
                    assert one.lease.epoch > greatest, holder
                    greatest = one.lease.epoch
            now_s += STEP_S
    for one in nodes:
        one.hangs_until_s = 0.0
    while now_s < end_of(troubles) + 3 * TAKE_S:
        for one in nodes:
            one.run(now_s, answer_lost=False)
        now_s += STEP_S
    assert sum(one.lease.is_held(one.at(now_s - STEP_S)) for one in nodes) == 1


def end_of(troubles: list[tuple[int, str, float]]) -> float:
    return sum(seconds for *_, seconds in troubles)


def test_the_holder_gives_up_before_another_may_take_it() -> None:
    assert HOLD_S + RENEW_S < TAKE_S


def test_after_a_wiped_store_the_epoch_still_grows() -> None:
    store = Store()
    node = Node("n1", store, 0.0)
    node.run(0.0, answer_lost=False)
    node.run(1.0, answer_lost=False)
    before = node.lease.epoch
    fresh = Node("n2", Store(), 2_000.0)
    fresh.run(0.0, answer_lost=False)
    fresh.run(1.0, answer_lost=False)
    assert before
    assert fresh.lease.epoch > before


@pytest.mark.system
def test_one_of_two_keepers_holds_it_and_the_other_takes_over(server: Server) -> None:
    one, two = (LeaseKeeper(lambda: server.address, name) for name in ("one", "two"))
    one.start()
    wait_for(lambda: one.epoch, "the first to hold it")
    two.start()
    first = one.epoch
    begun = time.monotonic()
    while time.monotonic() < begun + 2 * TAKE_S:
        assert not two.epoch
        time.sleep(0.01)
    assert one.epoch in (first, 0), "held on, or given up for lack of CPU; never two"
    one.stop()
    wait_for(lambda: two.epoch > first, "the other to take over")
    assert not one.epoch or one.epoch < two.epoch
    two.stop()
