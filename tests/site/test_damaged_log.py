"""A store that is damaged on disk: what is lost is told, and what authors still have comes back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import pytest

from console.domain.events import AlarmRaised, LandmarkDefined, MessageSent
from console.site.log.subjects import ALARMS, LANDMARKS, LAYOUTS, MESSAGES, PINS, LogStream
from console.site.node.logrecord import FILE, Seen
from console.site.node.process import ensure_site, stop_site

from .conftest import Ear, EarAt, alone, ear_at, wait_for
from .enrolling import running
from .test_enrol_command import vaktbord

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("alone")]
__all__ = ["alone", "ear_at"]

FORGOTTEN_S: Final = 12.0
"""So long after the last write nats-server still has a block in its memory, and some more."""
Damage = Callable[[Path], object]


def garbage(block: Path) -> None:
    block.write_bytes(os.urandom(block.stat().st_size))


def torn(block: Path) -> None:
    os.truncate(block, block.stat().st_size // 2)


def blocks(home: Path, stream: LogStream = ALARMS) -> list[Path]:
    return sorted((home / "site/store/jetstream/VB/streams" / stream.name / "msgs").glob("*.blk"))


def noted(home: Path, stream: LogStream, events: int) -> None:
    """So many have been written down."""
    file = home / "site" / FILE

    def is_noted() -> bool:
        if not file.exists():
            return False
        known = msgspec.json.decode(file.read_bytes())["streams"]
        return bool(known[stream.name]["events"] == events)

    wait_for(is_noted, f"{events} events in the record of {stream.name}")


@pytest.mark.parametrize("damage", [garbage, torn, Path.unlink])
def test_what_is_lost_is_told_and_what_authors_have_comes_back(
    tmp_path: Path, ear_at: EarAt, damage: Damage
) -> None:
    home = tmp_path / "site"
    with running(home) as site:
        author = site.enrol(tmp_path / "author", "lv1")
        desk = site.enrol(tmp_path / "desk", "lv2")
        ear = ear_at(author)
        ear.wait_up()
        said = [ear.publish(AlarmRaised(f"A-{n}", f"u{n}")) for n in range(10)]
        ear.wait_ids(said)
        assert ear.link.damaged == {}
        noted(home, ALARMS, 10)
        ear.link.stop()
    for block in blocks(home):
        damage(block)
    with running(home):
        late = ear_at(desk)
        wait_for(lambda: ALARMS.name in late.link.damaged, "the word that alarms are lost")
        assert set(late.link.damaged) == {ALARMS.name}
        assert len(late.state.alarms) < 10
        ear_at(author, "").wait_ids(said)
        late.wait_ids(said)
    ensure_site(home, interface="127.0.0.1")
    try:  # found once, and told as long as it may matter
        again = ear_at(desk, "again")
        again.wait_ids(said)
        assert set(again.link.damaged) == {ALARMS.name}
        listed = vaktbord(home, "alarm", "list")
        assert "part of the site's log was lost on its disk (VB_ALARMS" in listed.stderr
        assert "lost" not in vaktbord(home, "message", "list").stderr
        status = vaktbord(home, "site", "--status")
        assert (status.returncode, "VB_ALARMS" in status.stdout) == (1, True)
        assert vaktbord(home, "site", "--damage-seen").stdout == "Told no more: VB_ALARMS.\n"
        assert vaktbord(home, "site", "--status").returncode == 0
        seen = ear_at(desk, "seen")
        seen.wait_ids(said)
        assert seen.link.damaged == {}
    finally:
        stop_site(home)


def test_last_words_that_are_lost_are_said_again_and_push_out_no_newer_one(
    tmp_path: Path, ear_at: EarAt
) -> None:
    """Two programs of one member speak of the same place: the one that comes later has the older
    word, and the stream keeps one of each."""
    home = tmp_path / "site"
    with running(home) as site:
        author = site.enrol(tmp_path / "author", "lv1")
        desk = site.enrol(tmp_path / "desk", "lv2")
        older, newer = ear_at(author, "older"), ear_at(author, "newer")
        for ear in (older, newer):
            ear.wait_up()
        said = [older.publish(place(n, "før")) for n in range(5)]
        newer.wait_ids(said)
        said += [newer.publish(place(n, "nå")) for n in range(3)]
        older.wait_ids(said)
        noted(home, LANDMARKS, 5)
        for ear in (older, newer):
            ear.link.stop()
    for block in blocks(home, LANDMARKS):
        garbage(block)
    with running(home):
        watching = ear_at(desk)
        wait_for(lambda: LANDMARKS.name in watching.link.damaged, "the word that places are lost")
        again = ear_at(author, "newer")
        watching.wait_ids(said[5:])
        late = ear_at(author, "older")
        watching.wait_ids(said[3:5])
        wait_for(lambda: late.link.undelivered == 0, "all to be there")
        for ear in (watching, ear_at(desk, "late")):
            wait_for(partial(is_newest, ear), "the newest of each")
        assert again.link.counts.skipped == 0


def place(number: int, name: str) -> LandmarkDefined:
    return LandmarkDefined(landmark=f"P-{number}", name=name, lat=60.0, lon=10.0)


def is_newest(ear: Ear) -> bool:
    new, old = dict.fromkeys(("P-0", "P-1", "P-2"), "nå"), dict.fromkeys(("P-3", "P-4"), "før")
    return names(ear) == {**new, **old}


def names(ear: Ear) -> dict[str, str]:
    return {key: one.name for key, one in ear.state.landmarks.items()}


def test_a_block_that_is_damaged_while_the_site_runs_keeps_no_alarm_from_a_desk(
    tmp_path: Path, ear_at: EarAt
) -> None:
    """nats-server (2.15) finds it out when somebody reads, lets go of the block, and counts on from
    where that began: to a desk that has read further the next alarms would seem to be old."""
    home = tmp_path / "site"
    with running(home) as site:
        author = site.enrol(tmp_path / "author", "lv1")
        desk = site.enrol(tmp_path / "desk", "lv2")
        ear = ear_at(author)
        ear.wait_up()
        said = [ear.publish(AlarmRaised(f"A-{n}", f"u{n}")) for n in range(10)]
        ear.wait_ids(said)
        noted(home, ALARMS, 10)
        for block in blocks(home):
            garbage(block)
        time.sleep(FORGOTTEN_S)
        late = ear_at(desk)
        wait_for(lambda: ALARMS.name in late.link.damaged, "the word that alarms are lost")
        said.append(ear.publish(AlarmRaised("A-NEW", "u99")))
        late.wait_ids(said[-1:])
        ear.wait_ids(said)
        wait_for(lambda: "A-NEW" in ear.state.alarms, "the new alarm at the desk that was there")
        late.wait_ids(said)  # those of before come back from their author
        address = site.node
        told = ear_at(address)
        wait_for(lambda: ALARMS.name in told.link.damaged, "the site's own word")


def test_a_log_that_is_whole_is_not_called_damaged(tmp_path: Path, ear_at: EarAt) -> None:
    home = tmp_path / "site"
    with running(home) as site:
        author = site.enrol(tmp_path / "author", "lv1")
        ear = ear_at(author)
        ear.wait_up()
        said = [ear.publish(AlarmRaised("A-1", "u1")), ear.publish(MessageSent("u1", "Hei"))]
        ear.wait_ids(said)
        noted(home, MESSAGES, 1)
        said.append(ear.publish(MessageSent("u1", "Hei igjen")))  # after the record
        ear.wait_ids(said)
        ear.link.stop()
    with running(home):
        late = ear_at(author, "late")
        late.wait_ids(said)
        noted(home, MESSAGES, 2)
        assert late.link.damaged == {}


DAY_S = 86_400.0
NOW_S = 1_800_000_000.0
BEFORE = Seen("2026-01-01", first=1, last=100, events=90, bytes=50_000, oldest_s=NOW_S - DAY_S)


@pytest.mark.parametrize(
    ("after", "lacks"),
    [
        (BEFORE, False),
        (Seen("2026-01-01", 1, 120, 110, 60_000, NOW_S - DAY_S), False),
        (Seen("2026-02-02", 0, 0, 0, 0), True),
        (Seen("2026-01-01", 1, 99, 89, 50_000, NOW_S - DAY_S), True),
        (Seen("2026-01-01", 51, 100, 45, 25_000, NOW_S), True),
        (Seen("2026-01-01", 1, 100, 80, 45_000, NOW_S - DAY_S), True),
        (Seen("2026-01-01", 101, 100, 0, 0), True),
    ],
)
def test_what_can_not_have_gone_by_itself_is_missing(after: Seen, lacks: bool) -> None:
    assert after.lacks(BEFORE, ALARMS, 90 * DAY_S, NOW_S) is lacks


def test_what_is_over_or_has_made_room_is_not_missing() -> None:
    aged = Seen("2026-01-01", 51, 100, 45, 25_000, NOW_S)
    assert not aged.lacks(BEFORE, MESSAGES, DAY_S, NOW_S)
    torn_too = Seen("2026-01-01", 11, 100, 45, 25_000, NOW_S)
    assert torn_too.lacks(BEFORE, MESSAGES, DAY_S, NOW_S)
    full = Seen("2026-01-01", 1, 100, 90, MESSAGES.max_bytes, NOW_S - 100)
    assert not aged.lacks(full, MESSAGES, 30 * DAY_S, NOW_S)
    fewer = Seen("2026-01-01", 1, 100, 45, 25_000, NOW_S)
    assert not fewer.lacks(BEFORE, PINS, DAY_S, NOW_S)
    assert fewer.lacks(BEFORE, LAYOUTS, 365 * DAY_S, NOW_S)
