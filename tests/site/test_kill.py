"""kill -9 of any process while 1,000 alarms and messages are raised: none lost, none twice."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from .authors import Author
from .conftest import ClusterSite, Ear, Server, ears, wait_for

pytestmark = pytest.mark.system

EVENTS: Final = 1_000
FEWER: Final = 300  # where time is short
AUTHORS: Final = 3
ARRIVE_S: Final = 90.0


@contextlib.contextmanager
def authors(site: Server, folder: Path) -> Iterator[list[Author]]:
    made: list[Author] = []
    try:
        for n in range(AUTHORS):
            made.append(Author(site.as_member(f"author-{n}"), folder / "authors"))
        yield made
    finally:
        for author in made:
            author.stop()


class Rounds:
    """One kill after another at one site; what must hold is looked at after each."""

    def __init__(self, site: Server, speakers: list[Author], desks: list[Ear], seed: int) -> None:
        self.site = site
        self.speakers = speakers
        self.desks = desks
        self.chance = random.Random(seed)
        self.seen = 0

    def play(self, events: int) -> None:
        share = events // len(self.speakers)
        for author in self.speakers:
            author.speak(share, self.chance.getrandbits(30))
        begun = sum(len(author.raised) for author in self.speakers)
        moment = begun + self.chance.randrange(events // 2)
        wait_for(
            lambda: sum(len(author.raised) for author in self.speakers) >= moment,
            "the moment to kill",
            ARRIVE_S,
        )
        self.kill_one()
        for author in self.speakers:
            author.wait_spoken()
        self.check()

    def kill_one(self) -> None:
        if self.chance.random() < 0.4:
            author = self.chance.choice(self.speakers)
            author.kill()
            author.start()
            return
        empty = self.chance.random() < 0.4
        if isinstance(self.site, ClusterSite):
            number = self.chance.randrange(3)
            self.site.kill(number)
            if empty:
                self.site.wipe(number)
        else:
            self.site.kill()
            if empty:
                self.site.wipe()
        self.site.start()

    def check(self) -> None:
        raised = [event_id for author in self.speakers for event_id in author.raised]
        sent = [event_id for author in self.speakers for event_id in author.sent]
        must = {*raised, *sent}
        for desk in self.desks:
            wait_for(lambda desk=desk: must <= set(desk.ids()), f"{len(must)} events", ARRIVE_S)  # type: ignore[misc]  # a default binds the loop's desk
            twice = [one for one, times in Counter(desk.ids()).items() if times > 1]
            assert not twice, "told once"
        self.seen = len(must)


def play(site: Server, folder: Path, rounds: int, events: int, seed: int) -> None:
    with authors(site, folder) as speakers, ears(folder / "spool") as make:
        desks = [make(site.as_member(f"desk-{n}"), f"desk-{n}") for n in range(2)]
        for desk in desks:
            desk.wait_up()
        game = Rounds(site, speakers, desks, seed)
        for _ in range(rounds):
            game.play(events)
        late = make(site.as_member("late"), "late", replay="all")
        game.desks.append(late)
        game.check()
        wait_for(lambda: len({len(set(desk.ids())) for desk in game.desks}) == 1, "all to be told")
        assert all(not desk.state.counts.refused for desk in game.desks), "beyond the bounds"
        pictures = [desk.state.picture() for desk in game.desks]
        assert pictures[0] == pictures[1] == pictures[2]
        assert game.seen > rounds * events // 3


@pytest.mark.timeout(300)
def test_ten_rounds(server: Server, tmp_path: Path) -> None:
    play(server, tmp_path, rounds=10, events=FEWER, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_rounds(server: Server, tmp_path: Path, seed: int) -> None:
    """Ten at a time: of twenty the alarms, none of which is closed, are more than a picture has."""
    play(server, tmp_path, rounds=10, events=EVENTS, seed=1_000 + seed)


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_any_node_of_three(tmp_path: Path) -> None:
    site = ClusterSite(tmp_path / "site")
    try:
        site.start()
        play(site, tmp_path, rounds=5, events=EVENTS, seed=7)
    finally:
        site.stop()
