"""A network cut and healed between desk and site: nothing is lost either way, and it is told."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import pytest

from console.domain.events import AlarmRaised, Event, MessageSent
from console.site.log.subjects import STREAM_OF
from tests import netlab
from tests.netlab import Host

from .conftest import Ear, Server, wait_for

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(bool(netlab.missing()), reason=netlab.missing()),
]

NOBODY: Final = "02:00:00:00:00:99"
TOLD_S: Final = 3.0
HEALED_S: Final = 60.0
Direction = Literal["both", "to site", "to desk"]


def deafen(sender: Host, receiver: Host) -> None:
    """What ``sender`` sends to ``receiver`` goes to a MAC address that nobody has: it vanishes, and
    nobody says so."""
    entry = ("dev", sender.device, "lladdr", NOBODY, "nud", "permanent")
    sender.run("ip", "neigh", "replace", receiver.address, *entry)


def heal(sender: Host, receiver: Host) -> None:
    sender.run("ip", "neigh", "del", receiver.address, "dev", sender.device)


@contextlib.contextmanager
def cut(site: Host, desk: Host, direction: Direction) -> Iterator[None]:
    ways = []
    if direction != "to desk":
        ways.append((desk, site))
    if direction != "to site":
        ways.append((site, desk))
    for sender, receiver in ways:
        deafen(sender, receiver)
    try:
        yield
    finally:
        for sender, receiver in ways:
            heal(sender, receiver)


@contextlib.contextmanager
def ear_in(host: Host, site: Server, name: str, folder: Path) -> Iterator[Ear]:
    ear = Ear(site.as_member(name), folder / "spool", name, label=name)
    with host.inside():
        ear.start()
    try:
        yield ear
    finally:
        ear.link.stop()


def speak(ear: Ear, word: str, count: int) -> list[str]:
    return [
        ear.publish(
            AlarmRaised(alarm=f"{word}-{n}", unit="u1")
            if n % 2
            else MessageSent(to="lv1", text=f"{word} {n}")
        )
        for n in range(count)
    ]


def in_order(events: list[Event]) -> bool:
    """Of each author in each stream; what answers something in another stream names it as its
    cause and is held back until that is there."""
    by_author: dict[tuple[str, str], list[int]] = {}
    for event in events:
        key = (event.author, STREAM_OF[type(event.body)].name)
        by_author.setdefault(key, []).append(event.seq)
    return all(seqs == sorted(seqs) for seqs in by_author.values())


def cut_and_heal(folder: Path, direction: Direction, seconds: float) -> None:
    with netlab.lan(2) as (at_site, at_desk), contextlib.ExitStack() as stack:
        with at_site.inside():
            site = Server(folder / "site", at_site.address)
            stack.callback(site.stop)
            site.enrol("near")
            site.enrol("far")
            site.start()
        near = stack.enter_context(ear_in(at_site, site, "near", folder))
        far = stack.enter_context(ear_in(at_desk, site, "far", folder))
        for ear in (near, far):
            ear.wait_up()
        ids = speak(near, "near-before", 10) + speak(far, "far-before", 10)
        for ear in (near, far):
            ear.wait_ids(ids)
        wait_for(lambda: {"near", "far"} <= set(near.presence), "both to be here")
        with cut(at_site, at_desk, direction):
            begun = time.monotonic()
            ids += speak(near, "near-cut", 20) + speak(far, "far-cut", 20)
            wait_for(lambda: far.states[-1][0] == "down", "the operator to be told", TOLD_S)
            wait_for(lambda: "far" not in near.presence, "the others to see it", TOLD_S)
            while time.monotonic() < begun + seconds:
                ids += speak(far, f"far-{time.monotonic_ns()}", 1)
                ids += speak(near, f"near-{time.monotonic_ns()}", 1)
                time.sleep(seconds / 20)
        for ear in (near, far):
            wait_for(lambda ear=ear: set(ids) <= set(ear.ids()), f"{len(ids)} events", HEALED_S)  # type: ignore[misc]  # a default binds the loop's ear
            assert sorted(ear.ids()) == sorted(ids), "nothing lost, nothing twice"
            assert in_order(ear.events)
        wait_for(lambda: "far" in near.presence, "the desk to be here again", HEALED_S)
        assert far.state.picture() == near.state.picture()


def test_a_cut_of_four_seconds(tmp_path: Path) -> None:
    cut_and_heal(tmp_path, "both", 4.0)


@pytest.mark.long
@pytest.mark.parametrize("direction", ["both", "to site", "to desk"])
def test_a_cut_of_thirty_seconds(tmp_path: Path, direction: Direction) -> None:
    cut_and_heal(tmp_path, direction, 30.0)
