"""A cluster of which one node's copy of the log is damaged: it is made anew from the others', and
who was answered from it is told what it missed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Final, cast

import msgspec
import pytest
from nats.aio.client import Client

from console.domain.events import AlarmRaised, MessageSent
from console.site.address import SiteAddress, SiteError
from console.site.log.client import Failure, close_client, come_in
from console.site.log.store_state import StoreState, heard, state_of
from console.site.node import copywatch
from console.site.node.copywatch import CopyWatch, Pace
from console.site.node.mended import load, sentence, unmendable_sentence
from console.site.node.process import read_site_file
from console.site.node.replicas import (
    Copies,
    Copy,
    Lacking,
    ReplicaWatch,
    copies_at_all,
    forget_copy,
    lacks,
)
from console.site.node.storewatch import StoreWatch, failed_streams, look
from console.site.security import identity

from .conftest import ClusterSite, Ear, EarAt, alone, ear_at, wait_for
from .machines import Machine, at_all, grown, machines
from .test_full_disk import LONG, fill_up, may_mount

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("alone"), pytest.mark.timeout(300)]
__all__ = ["alone", "ear_at"]

MEND_S: Final = 180.0
FORGOTTEN_S: Final = 12.0
"""So long after the last write nats-server still has a block in its memory, and some more."""


def spoil(machine: Machine) -> None:
    """Its blocks of alarms."""
    blocks = sorted((machine.folder / "cluster/jetstream/VB/streams/VB_ALARMS/msgs").glob("*.blk"))
    assert blocks
    for block in blocks:
        block.write_bytes(os.urandom(block.stat().st_size))


def become_cluster(made: list[Machine]) -> None:
    made[0].start("--name", "Klynga").wait_running()
    grown(made)


def twenty_raised(author: Ear) -> list[str]:
    """Kept by the cluster, and told back."""
    author.wait_up()
    said = alarms_of(author, 20)
    author.wait_ids(said)
    wait_for(lambda: len(author.delivered) == len(said), "all to be there")
    return said


def alarms_of(ear: Ear, count: int, first: int = 0) -> list[str]:
    return [ear.publish(AlarmRaised(f"A-{n}", f"u{n}")) for n in range(first, first + count)]


@pytest.mark.long
def test_a_nodes_damaged_copy_is_made_anew_and_readers_miss_nothing(
    tmp_path: Path, ear_at: EarAt
) -> None:
    """nats-server (2.15) would let it be, and answer one reader in three from what is left."""
    with machines(tmp_path, 3) as made:
        damaged = made[1]
        become_cluster(made)
        author = ear_at(made[0].own_address())
        said = twenty_raised(author)
        damaged.stop()
        spoil(damaged)
        damaged.start().wait_running()
        desk = at_all(made[2].own_address(), made)
        readers = [ear_at(desk, f"reader{n}") for n in range(6)]
        said += alarms_of(author, 1, 100)
        wait_for(lambda: is_mended(damaged), "the copy to be mended", MEND_S)
        for reader in readers:
            all_heard(reader, said)
        assert "copy of the event log was damaged" in damaged.run("site", "--status").stdout
        assert damaged.run("site", "--damage-seen").stdout == "Told no more: VB_ALARMS.\n"
        assert "damaged" not in damaged.run("site", "--status").stdout
        assert len(copies(made[0])) == 3
        for one in made:
            wait_for(partial(is_well, one), f"{one.name} to say so", MEND_S)


@pytest.mark.long
def test_a_copy_that_is_damaged_as_its_node_runs_is_whole_again(
    tmp_path: Path, ear_at: EarAt
) -> None:
    with machines(tmp_path, 3) as made:
        become_cluster(made)
        desk = at_all(made[0].own_address(), made)
        author = ear_at(desk)
        said = twenty_raised(author)
        for number, damaged in enumerate(made):
            time.sleep(FORGOTTEN_S)
            spoil(damaged)
            readers = [ear_at(desk, f"r{number}{n}") for n in range(6)]
            said += alarms_of(author, 1, 100 + number)
            for reader in readers:
                all_heard(reader, said)
                reader.link.stop()
            wait_for(partial(are_all, made[0], len(said)), "all copies to be whole", MEND_S)


@pytest.mark.long
def test_what_two_nodes_lack_is_told_at_desks_and_mended_by_hand(
    tmp_path: Path, ear_at: EarAt
) -> None:
    """As INSTALL has it. Nobody sends again what was said: its author is gone."""
    with machines(tmp_path, 3) as made:
        become_cluster(made)
        author = ear_at(made[0].own_address())
        said = twenty_raised(author)
        author.link.stop()
        damaged, whole = made[:2], made[2]
        for one in damaged:
            one.stop()
            spoil(one)
        for one in damaged:
            one.start()
        for one in damaged:
            one.wait_running()
        told: dict[str, StoreState] = {}
        desk = at_all(whole.own_address(), made)
        reader = ear_at(desk, on_said=lambda subject, payload: take_state(told, subject, payload))
        names = {one.name for one in damaged}
        wait_for(lambda: {n for n in told if "VB_ALARMS" in told[n].lacks} == names, "it", MEND_S)
        for one in made:
            lacks = "lacks some of VB_ALARMS" in one.run("site", "--status").stdout
            assert lacks is (one in damaged)
        for one in damaged:
            one.stop()
            (one.folder / "cluster").rename(one.folder / "moved-away")
        for one in damaged:
            one.start().wait_running()
            wait_for(partial(is_well, one), f"{one.name} to be filled", MEND_S)
        wait_for(partial(are_all, whole, len(said)), "all copies to be whole", MEND_S)
        all_heard(reader, said)
        wait_for(lambda: not any(state.lacks for state in told.values()), "it to be over", MEND_S)


def take_state(told: dict[str, StoreState], subject: str, payload: bytes) -> None:
    if found := heard(subject, payload):
        told[found[0]] = found[1]


DISK_BYTES: Final = 40 * 2**20
LEFT_BYTES: Final = 150_000
FULL: Final = 1
"""The number of the node whose disk it is."""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[ClusterSite]:
    """Three servers, one of them on a disk of its own."""
    folder = tmp_path / f"node-{FULL}"
    folder.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "none", str(folder)]
    if not may_mount() or subprocess.run(mounted, check=False).returncode:
        pytest.skip("a disk of its own needs the right to mount one")
    site = ClusterSite(tmp_path / "site")
    try:
        site.start()
        yield site
    finally:
        site.stop()
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def test_a_node_whose_disk_is_full_keeps_nobody_waiting_and_gets_all_when_there_is_room(
    small: ClusterSite, ear_at: EarAt
) -> None:
    """nats-server turns JetStream off there, which its node tells everybody, and sees to that it is
    started again when there is room, as it does for one alone."""
    server, folder = small.servers[FULL], small.servers[FULL].config.folder
    ear = ear_at(small.as_member("lv1"))
    ear.wait_up()
    ballast = folder / "ballast"
    fill_up(ballast, LEFT_BYTES)
    said = [ear.publish(MessageSent("u1", f"{n} {LONG}")) for n in range(500)]
    said += alarms_of(ear, 1)
    ear.wait_ids(said)
    wait_for(lambda: look_at(small).condition == "full", "the node to know", MEND_S)
    said += alarms_of(ear, 1, 1)
    ear.wait_ids(said)
    ballast.unlink()
    wait_for(lambda: look_at(small).condition == "failed", "room that does not help", MEND_S)
    server.stop()
    server.start()
    wait_for(lambda: look_at(small).condition == "well", "it to write again", MEND_S)
    wait_for(lambda: has_all(small, len(said)), "its copies to be whole", MEND_S)


def look_at(site: ClusterSite) -> StoreState:
    """As the node's own watch does."""
    folder = site.servers[FULL].config.folder

    async def asked() -> StoreState:
        nc = await come_in(site.place.urls[FULL : FULL + 1], site.papers.system, "test")
        try:
            return look(folder, await failed_streams(nc))
        finally:
            await close_client(nc)

    return asyncio.run(asked())


def has_all(site: ClusterSite, count: int) -> bool:
    async def read() -> Copies:
        nc = await come_in(site.place.urls[:1], site.papers.system, "test")
        try:
            return (await copies_at_all(nc)).get(f"node-{FULL}", {})
        finally:
            await close_client(nc)

    found = asyncio.run(read())
    names = ("VB_ALARMS", "VB_MESSAGES")
    return sum(found[name].messages for name in names if name in found) == count


def all_heard(ear: Ear, said: Sequence[str]) -> None:
    """Each once."""
    wait_for(lambda: set(said) <= set(ear.ids()), "all alarms", MEND_S)
    assert len(ear.ids()) == len(set(ear.ids()))


def is_mended(machine: Machine) -> bool:
    """And readers have been told."""
    known = load(machine.folder)
    return "VB_ALARMS" in known.found and not known.due


def is_well(machine: Machine) -> bool:
    """By its own word; the services run on one node of the three."""
    return "All is well" in machine.run("site", "--status").stdout


def are_all(machine: Machine, messages: int) -> bool:
    """At least so many: where the stream's leader was the damaged one, the author has found its
    log shorter than before, and said all again."""
    with contextlib.suppress(*Failure, KeyError):
        found = [one["VB_ALARMS"] for one in copies(machine)]
        same = {(one.first, one.last, one.messages) for one in found}
        return len(found) == 3 and len(same) == 1 and found[0].messages >= messages
    return False


def copies(machine: Machine) -> list[Copies]:
    """Of every node, as this one's server is told."""
    known, system = read_site_file(machine.path), identity.load(machine.folder / "system")
    assert known is not None
    assert system is not None

    async def read() -> list[Copies]:
        nc = await come_in(known.place.urls[:1], system, "test")
        try:
            return list((await copies_at_all(nc)).values())
        finally:
            await close_client(nc)

    return asyncio.run(read())


NOW_S: Final = 1_800_000_000.0
DAY_S: Final = 86_400.0
WHOLE: Final = Copy(
    "2026",
    "S-1",
    1,
    100,
    100,
    50_000,
    NOW_S - DAY_S,
    NOW_S - 9,
    90 * DAY_S,
    10**8,
    keeps_all=True,
    at_s=NOW_S,
)
AGEING: Final = msgspec.structs.replace(WHOLE, max_age_s=DAY_S)
"""Its oldest is about to go."""
FEW: Final = msgspec.structs.replace(AGEING, keeps_all=False)


def but(copy: Copy = WHOLE, **fields: object) -> Copy:
    return msgspec.structs.replace(copy, **fields)


@pytest.mark.parametrize(
    ("mine", "theirs", "is_lacking"),
    [
        (WHOLE, WHOLE, False),
        (but(last=99, messages=99), WHOLE, False),  # on its way
        (but(last=0, messages=0), WHOLE, False),
        (but(last=99, messages=98), WHOLE, True),  # a log that grows as it is looked at
        (but(messages=99), WHOLE, True),
        (but(first=101, messages=0, oldest_s=0.0, newest_s=0.0), WHOLE, True),
        (but(first=51, messages=50, oldest_s=NOW_S - 900), WHOLE, True),
        (WHOLE, but(messages=99), False),
        # one of them has heard of another policy already
        (but(first=51, messages=50), but(max_age_s=DAY_S), False),
        (but(AGEING, first=51, messages=50), WHOLE, False),
        # its oldest are about to go, or have gone where the clock is ahead
        (but(AGEING, first=51, messages=50), AGEING, False),
        (but(AGEING, first=51, messages=50, oldest_s=NOW_S - 900), AGEING, False),
        (but(AGEING, first=101, messages=0), AGEING, False),
        (
            but(AGEING, first=51, messages=50, at_s=NOW_S + 10 * DAY_S),
            but(AGEING, oldest_s=NOW_S),
            False,
        ),
        (but(AGEING, first=51, messages=49), AGEING, True),
        (but(AGEING, messages=99), AGEING, True),
        (but(FEW, first=51, messages=49), FEW, False),
        (but(FEW, messages=49), FEW, True),
        (but(first=51, messages=50), but(bytes=10**8), False),
    ],
)
def test_what_can_not_have_gone_by_itself_is_lacking(
    mine: Copy, theirs: Copy, is_lacking: bool
) -> None:
    assert lacks(mine, theirs) is is_lacking


Looked = tuple[tuple[str, ...], tuple[str, ...], bool]


class Nodes:
    """What the watch of node ``me`` finds in looks at all nodes' copies, by the second."""

    def __init__(self, me: str = "a") -> None:
        self.watch = ReplicaWatch(me)
        self.now_s = 0.0

    def look(self, *copies: Copy, seconds: int = 1) -> Looked:
        """At those of a, b and c; given up, not to be mended, suspicious."""
        seen = {name: {"VB_ALARMS": copy} for name, copy in zip("abc", copies, strict=False)}
        for _ in range(seconds):
            self.watch.look(seen, self.now_s)
            self.now_s += 1
        lacking = tuple(one.stream for one in self.watch.lacking)
        return lacking, self.watch.unmendable, self.watch.is_suspicious


FINE: Final[Looked] = ((), (), False)
DOUBT: Final[Looked] = ((), (), True)
GIVEN_UP: Final[Looked] = (("VB_ALARMS",), (), True)
UNMENDABLE: Final[Looked] = ((), ("VB_ALARMS",), True)


def test_a_copy_is_given_up_only_where_all_others_have_it_whole() -> None:
    torn = but(messages=50)
    nodes = Nodes()
    assert nodes.look(torn, WHOLE, WHOLE, seconds=10) == DOUBT
    assert nodes.look(torn, WHOLE, WHOLE) == GIVEN_UP
    assert nodes.watch.lacking == (Lacking("VB_ALARMS", "S-1"),)
    assert nodes.look(WHOLE, WHOLE, WHOLE) == FINE
    assert nodes.watch.whole == {"VB_ALARMS"}
    for others in ((WHOLE, but(messages=60)), (WHOLE, but(last=99)), (WHOLE,)):
        nodes = Nodes()
        assert nodes.look(torn, *others, seconds=70) == DOUBT, "another one may be starting"
        assert nodes.look(torn, *others, seconds=10) == UNMENDABLE
        assert nodes.look(torn, WHOLE, WHOLE) == GIVEN_UP
        assert nodes.look(torn, *others) == DOUBT


def test_nodes_give_up_their_copies_one_after_the_other() -> None:
    """Each of another stream: two that are restarted at once are no majority."""
    torn = but(messages=50)
    seen = {
        "a": {"VB_ALARMS": WHOLE, "VB_PINS": WHOLE, "VB_AUDIT": torn},
        "b": {"VB_ALARMS": torn, "VB_PINS": WHOLE, "VB_AUDIT": WHOLE},
        "c": {"VB_ALARMS": WHOLE, "VB_PINS": torn, "VB_AUDIT": WHOLE},
    }
    given_up: dict[str, int] = {}
    for name in seen:
        watch = ReplicaWatch(name)
        for second in range(60):
            watch.look(seen, second)
            if watch.lacking:
                given_up.setdefault(name, second)
    assert given_up == {"a": 10, "b": 25, "c": 40}


def test_a_copy_that_is_behind_and_stands_still_is_given_up() -> None:
    behind = but(last=0, messages=0)
    nodes = Nodes()
    assert nodes.look(behind, WHOLE, WHOLE, seconds=45) == FINE
    assert nodes.look(behind, WHOLE, WHOLE, seconds=10) == DOUBT
    assert nodes.look(behind, WHOLE, WHOLE) == GIVEN_UP
    for moved in range(1, 100):
        assert nodes.look(but(last=moved, messages=moved), WHOLE, WHOLE) == FINE
    nodes = Nodes()
    assert nodes.look(behind, behind, WHOLE, seconds=130) == UNMENDABLE, "two stand still"


def test_a_copy_that_is_only_behind_is_never_given_up() -> None:
    """Of a log in which nothing was said for an hour, and then at a moment when this disk is slow;
    or whose leader changed as it was being filled, when nats-server waits for 30 s."""
    nodes = Nodes()
    assert nodes.look(WHOLE, WHOLE, WHOLE, seconds=3_600) == FINE
    more = but(last=101, messages=101)
    for _ in range(20):
        assert nodes.look(WHOLE, more, more, seconds=40) == FINE
        assert nodes.look(more, more, more) == FINE


def test_a_copy_that_waits_until_another_is_filled_is_not_given_up() -> None:
    """As after days away, by a slow line."""
    watch, behind = ReplicaWatch("a"), but(last=50, messages=50)
    for second in range(99):
        filling = but(last=second, messages=second)
        seen = {"a": {"VB_ALARMS": behind, "VB_CALLS": filling}}
        seen |= {name: {"VB_ALARMS": WHOLE, "VB_CALLS": WHOLE} for name in "bc"}
        watch.look(seen, second)
        assert not watch.is_suspicious, second
    seen["a"] = {"VB_ALARMS": behind, "VB_CALLS": WHOLE}
    for second in range(99, 99 + 60):
        watch.look(seen, second)
    assert watch.lacking == (Lacking("VB_ALARMS", "S-1"),)


@pytest.mark.parametrize("gap_s", [1, 60, 700, 30 * DAY_S])
@pytest.mark.parametrize("keeps_all", [True, False])
@pytest.mark.parametrize("ahead_s", [(0, 0, 0), (9, 0, 0), (540, 0, 0), (540, 300, 0), (0, 0, 600)])
def test_what_age_takes_away_at_one_node_first_is_no_damage(
    gap_s: float, keeps_all: bool, ahead_s: tuple[int, int, int]
) -> None:
    """However seldom something is said, and whichever clock is ahead."""
    nodes, begun = [Nodes(name) for name in "abc"], NOW_S
    total = 60

    def copy(ahead: float, now_s: float) -> Copy:
        at_s = now_s + ahead
        gone = min(total, max(0, int((at_s - DAY_S - begun) // gap_s) + 1))
        oldest_s = begun + gone * gap_s if gone < total else 0.0
        return but(
            AGEING, first=gone + 1, last=total, messages=total - gone, oldest_s=oldest_s,
            keeps_all=keeps_all, at_s=at_s,
        )  # fmt: skip

    goes = [round(begun + number * gap_s + DAY_S) - max(ahead_s) for number in range(4)]
    for second in sorted({at + n for at in goes for n in range(-3, max(ahead_s) + 60)}):
        copies = [copy(ahead, second) for ahead in ahead_s]
        for one in nodes:
            one.now_s = second
            assert one.look(*copies) == FINE, second - goes[0]


def test_what_has_gone_as_if_by_age_and_is_not_old_elsewhere_is_found_in_time() -> None:
    nodes, front = Nodes(), but(AGEING, first=51, messages=50)
    assert nodes.look(front, AGEING, AGEING, seconds=660) == FINE
    assert nodes.look(front, AGEING, AGEING, seconds=20) == GIVEN_UP
    years = but(front, at_s=NOW_S + 400 * DAY_S)
    assert Nodes().look(years, AGEING, AGEING, seconds=3_600) == FINE, "its clock is wrong"


def test_a_log_that_grows_is_whole_where_the_others_were_a_look_ago() -> None:
    nodes = Nodes()
    for n in range(5):
        further = but(last=101 + n, messages=101 + n)
        assert nodes.look(but(last=100 + n, messages=100 + n), further, further) == FINE
    assert nodes.watch.whole == {"VB_ALARMS"}
    nodes.look(but(last=50, messages=50), WHOLE, WHOLE, seconds=2)
    assert not nodes.watch.whole


def test_a_copy_is_whole_only_by_the_word_of_all_others() -> None:
    """A server that was started just now sees the others late: readers would be told too early."""
    nodes = Nodes()
    torn = but(messages=50)
    for others in ((), (WHOLE,)):
        assert nodes.look(WHOLE, *others) == FINE
        assert not nodes.watch.whole
    assert nodes.look(torn, WHOLE, WHOLE, seconds=11) == GIVEN_UP
    assert nodes.look(torn) == DOUBT
    assert not nodes.watch.whole
    assert nodes.look(torn, WHOLE, WHOLE) == GIVEN_UP


def test_what_can_not_be_mended_is_told_until_it_is_and_readers_are_told_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a new start, and when it was mended by hand."""
    now_s, seen, told = [1_000.0], [WHOLE, WHOLE, WHOLE], list[frozenset[str]]()

    async def copies_now(_control: object) -> dict[str, Copies]:
        return {name: {"VB_ALARMS": one} for name, one in zip("abc", seen, strict=True)}

    async def tell_readers(_watch: CopyWatch, _voice: object, streams: frozenset[str]) -> None:
        told.append(streams)

    monkeypatch.setattr(copywatch, "copies_at_all", copies_now)
    clock = SimpleNamespace(monotonic=lambda: now_s[0], time_ns=time.time_ns)
    monkeypatch.setattr(copywatch, "time", clock)
    monkeypatch.setattr(CopyWatch, "_tell_readers", tell_readers)
    nobody = cast("Client", None)

    def look(watch: CopyWatch, seconds: int) -> tuple[str, ...]:
        for _ in range(seconds):
            asyncio.run(watch.look(nobody, nobody))
            now_s[0] += 1
        assert load(tmp_path).unmendable == watch.unmendable
        return watch.unmendable

    watch = CopyWatch(tmp_path, "a", lambda: True)
    assert look(watch, 20) == ()
    seen[:2] = but(messages=50), but(messages=60)
    assert look(watch, 70) == ()
    assert look(watch, 20) == ("VB_ALARMS",)
    assert "lacks some of VB_ALARMS" in unmendable_sentence(watch.unmendable)
    watch.forget()
    assert look(watch, 3) == ("VB_ALARMS",), "another server on the same disk"
    again = CopyWatch(tmp_path, "a", lambda: True)
    assert look(again, 3) == ("VB_ALARMS",)
    assert (again.lacking, told, load(tmp_path).found) == ((), [], {})
    seen[1] = WHOLE
    assert look(again, 30) == ()
    assert again.lacking and load(tmp_path).found
    now_s[0] += 60
    assert not again.lacking, "what was seen a minute ago is no reason"
    seen[0] = WHOLE
    assert look(again, 1) == ()
    assert told == [frozenset(("VB_ALARMS",))]


def test_copies_are_made_anew_ever_more_seldom_where_it_does_not_help() -> None:
    pace = Pace()
    done = [second for second in range(0, 3 * 86_400, 10) if pace.take(float(second))]
    assert done[:4] == [0, 300, 900, 2_100]
    assert done[-1] - done[-2] == 3_600
    assert pace.take(done[-1] + 2 * DAY_S)
    assert not pace.take(done[-1] + 2 * DAY_S + 299)
    assert pace.take(done[-1] + 2 * DAY_S + 300)


def test_a_damaged_copy_that_can_not_be_written_is_made_anew_too(tmp_path: Path) -> None:
    """nats-server starts with it, and writes it no more at the next word, each time again. On a
    disk that is full, or takes nothing else either, none is given up."""
    copies_there = cast("CopyWatch", SimpleNamespace(lacking=(Lacking("VB_ALARMS", "S-1"),)))
    nowhere = cast("SiteAddress", None)
    watch = StoreWatch(
        tmp_path,
        lambda: None,
        lambda: nowhere,
        lambda: False,
        copies_there,
        on_loud=lambda _member: None,
    )
    assert watch.wants_new_copies == ()
    for free, failed, is_wanted in (
        (10**12, (), True),
        (10**12, ("VB_ALARMS",), True),
        (10**12, ("VB_ALARMS", "VB_PINS"), False),
        (10**12, ("JetStream",), False),
        (10**6, (), False),
    ):
        watch.state = state_of(free, 2 * 10**12, failed)
        assert bool(watch.wants_new_copies) is is_wanted, failed


def test_a_copy_that_is_given_up_halfway_is_never_an_empty_one_that_passes_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The servers' own record of what is done goes first: a node that has it and an empty stream
    takes itself to be up to date (nats-server 2.15), and may become the leader."""
    jetstream = tmp_path / "jetstream"
    stream, group = jetstream / "VB/streams/VB_ALARMS", jetstream / "SYS/_js_/S-1"
    for folder in (stream, group):
        folder.mkdir(parents=True)
        (folder / "one").touch()
    with pytest.raises(SiteError):
        forget_copy(tmp_path, Lacking("VB_ALARMS", ""))
    assert stream.exists()

    def fail(path: Path, to: Path) -> None:
        if path == stream:
            raise OSError
        path.replace(to)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail)
        with pytest.raises(OSError):
            forget_copy(tmp_path, Lacking("VB_ALARMS", "S-1"))
    assert (stream / "one").exists()
    assert not group.exists()
    forget_copy(tmp_path, Lacking("VB_ALARMS", "S-1"))
    assert not stream.exists()
    assert [one.name for one in tmp_path.iterdir()] == ["jetstream"]


def test_what_is_to_be_done_by_hand_is_said_as_that() -> None:
    assert sentence({}, by_hand=True) == unmendable_sentence(()) == ""
    found = {"VB_ALARMS": 1_800_000_000_000}
    assert "VB_ALARMS, found 2027-01-15" in (told := sentence(found, by_hand=False))
    assert "and is made anew" in told
    assert "move cluster below site away and start it again" in sentence(found, by_hand=True)
