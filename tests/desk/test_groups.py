"""Formed groups (DGNA) between whole desks: heard and talked in by who is in them, nobody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from audio import protocol
from console.domain.events import GroupEnded, GroupFormed, GroupMemberAdded, GroupMemberRemoved
from console.streams.announce import Announcer, Offer
from console.streams.browse import Browser
from console.streams.group_session import host_of_group, session_stream
from tests.audio.engine_fixtures import read_wav, write_tone
from tests.audio.mic_lab import tone
from tests.audio.pulse import missing
from tests.desk.processes import LOOPBACK, ROOT, end, engine_of, environment
from tests.desk.test_calls import (
    HERE_HZ,
    THERE_HZ,
    Desks,
    Levels,
    desks,  # noqa: F401  # a fixture
    heard,
    is_bare,
    presence,
    status,
)
from tests.desk.test_desk_hands import Sitting

pytestmark = [
    pytest.mark.pulse,
    pytest.mark.system,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

GROUP = "G1"
TILE = session_stream(GROUP)
ADDED_S = 3.0  # a second on a machine that is not busy
BACK_S = 5.0


def member(desk: Sitting) -> str:
    return desk.desk.parts.outside.member()


def form(desk: Sitting, *members: str) -> None:
    lapses_ms = time.time_ns() // 1_000_000 + 3_600_000
    assert desk.desk.parts.outside.say(GroupFormed(GROUP, "Skred", members, lapses_ms))


def tiles(desk: Sitting) -> tuple[str, ...]:
    return tuple(desk.desk.parts.talkgroups.keys())


def has_tile(desk: Sitting) -> bool:
    return tiles(desk) == (TILE,)


def has_none(desk: Sitting) -> bool:
    return tiles(desk) == ()


def can_talk(desk: Sitting) -> bool:
    floor = desk.desk.parts.outside.floor
    return floor is not None and TILE in floor._ssrcs and TILE in floor._controlled


def select(desk: Sitting) -> None:
    """With its own key the operator talks where this tile is."""
    desk.until(partial(has_tile, desk), f"the tile: {tiles(desk)}")
    desk.desk.parts.actions.select(TILE)
    desk.until(partial(can_talk, desk), "it can be talked in")


def press(desk: Sitting) -> None:
    desk.desk.parts.actions.talk_pressed.emit((TILE,), False)


def release(desk: Sitting) -> None:
    desk.desk.parts.actions.talk_released.emit()


def states(desk: Sitting) -> list[str]:
    return [one.state for one in status(desk).transmit.targets]


def is_open(desk: Sitting) -> bool:
    return status(desk).transmit.is_open


def talks(told: list[protocol.Event]) -> bool:
    return any(isinstance(e, protocol.Talking) and e.on and e.stream == TILE for e in told)


def test_members_talk_in_a_group_by_the_floor_and_nobody_else_hears_it(
    desks: Desks,  # noqa: F811
) -> None:
    here, there = desks.here, desks.other()
    three = desks.lan.home / "three"  # a third member, who is not in it
    form(here, member(here), "two")
    for desk in (here, there):
        select(desk)
        assert desk.desk.parts.talkgroups.row(TILE).name == "Skred"
    with (
        engine_of(here.net.home) as (mine, told_here),
        engine_of(there.net.home) as (theirs, told_there),
    ):
        assert mine.status(10.0).streams[0].spec.srtp == "AEAD_AES_256_GCM", "never in the clear"
        spy = desks.lan.start(
            "mix", "--out", str(three / "heard.wav"), "--seconds", "5", home=three
        )
        press(here)
        desks.until(partial(is_open, here), f"{status(here).transmit}")
        desks.mouths["here"].say(tone(HERE_HZ, 10.0))
        desks.mouths["there"].say(tone(THERE_HZ, 10.0))
        press(there)
        desks.until(lambda: states(there) == ["queued"], "one talks at a time")
        assert heard(there, theirs, told_there, 1.5).dbfs(HERE_HZ) > -45.0, "who talks is heard"
        back = heard(here, mine, told_here, 0.5)
        assert max(back.dbfs(THERE_HZ), back.dbfs(HERE_HZ)) < -70.0, "who waits is not, nor I"
        desks.ended(spy)
        spied = Levels(read_wav(three / "heard.wav").mean(axis=1))
        assert spied.dbfs(HERE_HZ) < -80.0, "no keys, no word"
        release(here)
        desks.until(partial(is_open, there), "the other's turn")
        desks.mouths["there"].say(tone(THERE_HZ, 3.0))
        assert heard(here, mine, told_here, 1.5).dbfs(THERE_HZ) > -45.0
        release(there)

        assert here.desk.parts.outside.say(GroupMemberRemoved(GROUP, "two"))
        desks.until(partial(has_none, there), "who is taken out has no tile")
        desks.until(partial(is_bare, theirs), "and hears nothing, nor can send")
        assert has_tile(here), "who is left goes on"
        press(here)
        desks.until(partial(is_open, here), f"{status(here).transmit}")
        told_there.clear()
        desks.mouths["here"].say(tone(HERE_HZ, 12.0))
        said_s = time.monotonic()
        assert here.desk.parts.outside.say(GroupMemberAdded(GROUP, "two"))
        desks.until(partial(talks, told_there), "who is taken in hears who talks already")
        took_s = time.monotonic() - said_s
        assert took_s < ADDED_S, took_s

        assert here.desk.parts.outside.say(GroupEnded(GROUP))  # with the key still down
        for desk in (here, there):
            desks.until(partial(has_none, desk), "it is over")
        for engine in (mine, theirs):
            desks.until(partial(is_bare, engine), "nothing is heard, nor can be sent")
        assert not is_open(here)
        release(here)


def announcers(browser: Browser) -> list[tuple[str, ...]]:
    return [one.addresses for one in browser.streams() if one.stream == TILE]


@pytest.mark.long
def test_the_group_goes_on_when_the_desk_that_announces_it_is_killed(
    desks: Desks,  # noqa: F811
) -> None:
    """One announces; whose end nobody hears, and another goes on announcing it."""
    here = desks.here
    browser = Browser(LOOPBACK, lambda _new, _gone: None)
    browser.start()
    line = [sys.executable, "-m", "tests.desk.answering_desk", str(desks.two), "pulse:mic2.monitor"]
    other = subprocess.Popen(line, env=environment(), cwd=ROOT)
    three: Sitting | None = None
    try:
        desks.until(lambda: "two" in presence(here), "it is here")
        tasks = here.desk.linked.tasks
        tasks._timer.stop()  # the other is first to offer itself
        three = sit_down_third(desks.lan.home / "three")
        three.desk.linked.tasks._timer.stop()
        form(here, member(here), "two")
        desks.until(lambda: len(announcers(browser)) == 1, "the other announces it")
        select(here)
        assert has_none(three), "who is not in it sees nothing of it"
        with engine_of(three.net.home) as (theirs, _):
            assert is_bare(theirs), "and hears nothing"
        assert here.desk.parts.outside.say(GroupMemberAdded(GROUP, "three"))
        select(three)
        for one in (here, three):
            one.desk.linked.tasks._timer.start()
        with engine_of(three.net.home) as (theirs, told):
            assert f"group.{GROUP}" not in tasks._ours
            os.kill(other.pid, signal.SIGKILL)
            killed_s = time.monotonic()
            press(here)
            desks.until(partial(is_open, here), f"{status(here).transmit}")
            desks.mouths["here"].say(tone(HERE_HZ, 4.0))
            desks.until(partial(talks, told), "those who are left hear each other")
            took_s = time.monotonic() - killed_s
            assert took_s < BACK_S, took_s
            assert heard(three, theirs, told, 1.0).dbfs(HERE_HZ) > -45.0
            release(here)
            desks.until(
                lambda: any(
                    f"group.{GROUP}" in desk.desk.linked.tasks._ours for desk in (here, three)
                ),
                "another announces it",
            )
            assert time.monotonic() - killed_s < BACK_S + 5.0
            assert has_tile(here), "nothing has changed on the screen"
            assert has_tile(three)
            assert here.desk.parts.outside.say(GroupEnded(GROUP))
            desks.until(lambda: not announcers(browser), "and ends with the group")
    finally:
        if three is not None:
            three.desk.end()
            three.window.deleteLater()
        browser.stop()
        other.kill()
        end(other)


def sit_down_third(home: Path) -> Sitting:
    from tests.desk.test_calls import ready, sit_down  # noqa: PLC0415

    desk = sit_down(home, "mic2", "Nils Nordmann")
    ready(desk)
    return desk


@pytest.mark.long
def test_a_stranger_who_announces_the_group_moves_nobody(
    desks: Desks,  # noqa: F811
) -> None:
    """Key ids are no secret: who says that the group is elsewhere, under its session's name or
    under his own, neither takes it away nor gets a word."""
    here = desks.here
    form(here, member(here), "two")
    select(here)
    assert here.desk.parts.outside.links is not None
    held = here.desk.parts.outside.links._ring.held(GROUP)
    assert held is not None
    assert held.current is not None
    key = held.current
    lie = Offer("Skred", GROUP, 5_004, "239.77.9.1", srtp=key.profile, kid=key.kid)
    stranger = Announcer(LOOPBACK, host="stranger.local")
    theirs = f"{GROUP}@stranger.local"
    try:
        stranger.announce(lie, host=host_of_group(GROUP))
        stranger.announce(lie)
        desks.until(lambda: theirs in tiles(here), "a station more")
        with engine_of(here.net.home) as (mine, _):
            specs = {one.stream: one.spec for one in mine.status(10.0).streams}
        assert (specs[TILE].group or "").startswith("239.79."), "where it was"
        assert tiles(here) == (TILE, theirs)
        assert here.desk.parts.talkgroups.row(TILE).attention == "selected"
        press(here)
        desks.until(partial(is_open, here), f"{status(here).transmit}")
        release(here)
    finally:
        stranger.close()


@pytest.mark.long
def test_a_shell_of_a_member_sends_in_the_session_and_never_in_the_clear(
    desks: Desks,  # noqa: F811
) -> None:
    here, lan, two = desks.here, desks.lan, desks.two
    form(here, member(here), "two")
    select(here)
    file = two / "tone.wav"
    write_tone(file, THERE_HZ, 4.0)
    to_it = ["publish", str(file), "--talkgroup", GROUP, "--formed"]
    in_the_clear = lan.start(*to_it, home=two)
    with engine_of(here.net.home) as (mine, told):
        station = lan.start(*to_it, "--site-key", "--floor", home=two)
        desks.until(partial(talks, told), "its voice comes, in the group's own tile")
        assert heard(here, mine, told, 1.5).dbfs(THERE_HZ) > -45.0
        desks.ended(station)
    assert in_the_clear.wait(10.0) == 1
    assert has_tile(here), "and no other"
