"""The outbox on disk: what it keeps, for how long, and what a crash or a bad disk does to it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.events import (
    AlarmAcknowledged,
    AlarmRaised,
    AnyBody,
    Event,
    FloorGranted,
    MessageSent,
)
from console.site.log import outbox as outbox_module
from console.site.log.ids import EventIds
from console.site.log.outbox import KEEP_MS, Outbox, SpoolError, has_pending
from console.site.log.subjects import ALARMS, MESSAGES
from console.site.log.wire import encode
from console.site.security import identity
from tests.damage import schema_of_no_text

from .conftest import NewEar, Server, wait_for

IDS = EventIds()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool" / "one.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    box = Outbox(path)
    yield box
    box.close()


def pair(body: AnyBody) -> tuple[Event, bytes]:
    event = Event(id=IDS.next(1_000), time_ms=1_000, author="one", seq=1, body=body)
    return event, encode(event)


def raised(alarm: str = "A1") -> tuple[Event, bytes]:
    return pair(AlarmRaised(alarm=alarm, unit="u1"))


def message(text: str = "x") -> tuple[Event, bytes]:
    return pair(MessageSent(to="lv1", text=text))


def pending(outbox: Outbox) -> list[str]:
    return [row.id for row in outbox.pending(1_000)]


def ack(outbox: Outbox, *events: tuple[Event, bytes], epoch: str = "e1", first: int = 1) -> None:
    outbox.acked((event.id, epoch, first + n) for n, (event, _) in enumerate(events))


def test_pending_until_it_has_arrived(outbox: Outbox) -> None:
    one, two = message(), message()
    outbox.add([one, two], 0)
    assert pending(outbox) == [one[0].id, two[0].id]
    assert outbox.undelivered() == 2
    ack(outbox, one)
    assert pending(outbox) == [two[0].id]
    assert outbox.undelivered() == 1


def test_an_alarm_waits_behind_nothing_that_the_site_does_not_take(outbox: Outbox) -> None:
    said = [message(str(n)) for n in range(100)]
    alarm, answer = raised(), pair(AlarmAcknowledged("A1"))
    outbox.add([*said, alarm, answer], 0)
    first = [row.id for row in outbox.pending(64)]
    assert first == [alarm[0].id, answer[0].id, *(event.id for event, _ in said[:62])]
    assert [row.id for row in outbox.pending(1)] == [alarm[0].id]


def test_what_was_delivered_long_ago_costs_an_alarm_no_time(outbox: Outbox) -> None:
    """Counted in steps of SQLite's machine: a look at each of 5,000 rows would be 25,000."""
    old = [raised(f"B{n}") for n in range(5_000)]
    outbox.add(old, 0)
    ack(outbox, *old)
    outbox.answered([f"B{n}" for n in range(5_000)])
    thousands: list[int] = []
    outbox._db.set_progress_handler(lambda: thousands.append(1), 1_000)
    new = raised("A1")
    outbox.add([new], 0)
    assert outbox.undelivered() == 1
    ack(outbox, new)
    assert outbox.undelivered() == 1, "nobody has answered it"
    outbox.answered(["A1"])
    assert outbox.undelivered() == 0
    outbox._db.set_progress_handler(None, 0)
    assert len(thousands) < 5


def test_the_same_event_twice_is_one(outbox: Outbox) -> None:
    one = message()
    outbox.add([one], 0)
    outbox.add([one], 0)
    assert pending(outbox) == [one[0].id]


def test_an_alarm_is_kept_until_an_operator_has_answered(outbox: Outbox) -> None:
    alarm = raised()
    outbox.add([alarm], 0)
    ack(outbox, alarm)
    assert pending(outbox) == []
    assert outbox.unanswered() == {"A1"}
    assert outbox.undelivered() == 1
    outbox.prune(10 * KEEP_MS)
    assert outbox.seen_stream(ALARMS.name, "e2", 0) == 1, "still there to be sent again"
    outbox.answered(["A1"])
    ack(outbox, alarm)
    assert outbox.undelivered() == 0


def test_kept_72_hours_then_dropped(outbox: Outbox) -> None:
    one, waiting = message(), message()
    outbox.add([one, waiting], 5)
    ack(outbox, one)
    outbox.prune(5 + KEEP_MS)
    assert outbox.seen_stream(MESSAGES.name, "e2", 0) == 1
    ack(outbox, one)
    outbox.prune(6 + KEEP_MS)
    assert outbox.seen_stream(MESSAGES.name, "e3", 0) == 0
    assert pending(outbox) == [waiting[0].id], "what has not arrived stays for ever"


def test_sent_again_when_the_stream_is_another_or_lost_its_end(outbox: Outbox) -> None:
    events = [message(str(n)) for n in range(5)]
    outbox.add(events, 0)
    ack(outbox, *events)
    assert outbox.seen_stream(MESSAGES.name, "e1", 5) == 0
    assert outbox.seen_stream(MESSAGES.name, "e1", 3) == 2
    assert pending(outbox) == [event.id for event, _ in events[3:]]
    assert outbox.seen_stream(MESSAGES.name, "e2", 99) == 3
    assert outbox.seen_stream(ALARMS.name, "e2", 99) == 0


def test_floor_changes_are_sent_but_not_counted(outbox: Outbox) -> None:
    outbox.add([pair(FloorGranted(talkgroup="lv1", unit="u1"))], 0)
    assert len(pending(outbox)) == 1
    assert outbox.undelivered() == 0


def test_full_of_the_undelivered_it_takes_alarms_still(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "MAX_EVENTS", 5)
    monkeypatch.setattr(outbox_module, "ALARM_RESERVE", 2)
    old = [message(str(n)) for n in range(3)]
    outbox.add(old, 0)
    ack(outbox, *old)
    outbox.add([message() for _ in range(5)], 0)
    with pytest.raises(SpoolError, match="no room"):
        outbox.add([message()], 0)
    outbox.add([raised("A1")], 0)
    outbox.add([raised("A2")], 0)
    with pytest.raises(SpoolError, match="no room"):
        outbox.add([raised("A3")], 0)


def test_no_sequence_number_is_given_twice(path: Path) -> None:
    one, two = Outbox(path), Outbox(path)
    blocks = [box.reserve(10) for box in (one, two, one)]
    assert blocks == [1, 11, 21]
    one.give_back(25, 31)
    two.give_back(15, 21)
    assert two.reserve(10) == 25, "only the last block can be given back"
    one.close()
    two.close()


def test_a_torn_tail_costs_only_what_was_not_finished(path: Path) -> None:
    program = f"""
import os, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from console.site.log.outbox import Outbox
from tests.site.test_outbox import message
box = Outbox(Path({str(path)!r}))
for n in range(20):
    box.add([message(str(n))], 0)
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
    wal = path.with_name(path.name + "-wal")
    with wal.open("r+b") as file:
        file.truncate(wal.stat().st_size - 1_000)
    box = Outbox(path)
    assert len(pending(box)) == 19
    assert box.set_aside is None
    box.close()


@pytest.mark.parametrize(
    "junk", [b"not a database at all" * 100, os.urandom(8_192), schema_of_no_text()]
)
def test_a_damaged_file_is_put_aside_and_its_numbers_not_used_again(
    path: Path, junk: bytes
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(junk)
    assert not has_pending(path)
    box = Outbox(path)
    assert box.set_aside is not None
    assert "is damaged" in box.complaint
    assert box.set_aside.read_bytes() == junk
    assert box.reserve(1) > 1_000_000
    box.add([message()], 0)
    assert len(pending(box)) == 1
    box.close()


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="can't be written"):
        Outbox(tmp_path / "file" / "one.db")


@pytest.mark.system
def test_it_survives_kill_9_of_its_author(server: Server, new_ear: NewEar, tmp_path: Path) -> None:
    """An author that raised 20 alarms with the site away is killed; the next one delivers them."""
    home = tmp_path / "home"
    shutil.copytree(server.as_member("one").identity.folder, identity.folder_of(home, "operator"))
    server.kill()
    program = f"""
import sys, time
sys.path[:0] = {sys.path!r}
from pathlib import Path
from console.domain.events import AlarmRaised
from console.site.find import enrolled_at
from console.site.log.link import SiteLink
address = enrolled_at(Path({str(home)!r}))
link = SiteLink(address, author="one",
    spool=Path({str(tmp_path / "spool")!r}), on_events=len, on_state=lambda *_: None)
link.start()
for n in range(20):
    print("id", link.publish(AlarmRaised(alarm=f"A{{n}}", unit="u1")), flush=True)
while link.unstored:
    time.sleep(0.01)
print("stored", flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as author:
        assert author.stdout is not None
        ids = []
        for raw in author.stdout:
            words = raw.decode().split()
            ids += words[1:] if words[0] == "id" else []
            if words == ["stored"]:
                break
        author.send_signal(signal.SIGKILL)
    assert len(ids) == 20
    server.start()
    other = new_ear("two")
    heir = new_ear("one")
    assert heir.link.undelivered == 20
    other.wait_ids(ids)
    assert sorted(other.ids()) == sorted(ids)
    assert len({event.seq for event in other.events}) == 20
    fresh = heir.publish(AlarmRaised(alarm="later", unit="u1"))
    other.wait_ids([fresh])
    assert other.events[-1].seq > max(event.seq for event in other.events[:-1])
    wait_for(lambda: heir.link.undelivered == 21, "all to be there, none answered")


@pytest.mark.system
def test_events_go_out_even_when_the_disk_takes_none(
    server: Server, new_ear: NewEar, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = new_ear("one")
    ear.wait_up()

    def full(_events: object, _now_ms: int) -> None:
        raise SpoolError("no space left on device")

    monkeypatch.setattr(ear.link._spool._outbox, "add", full)
    ids = [ear.publish(AlarmRaised(alarm="A1", unit="u1"))]
    ear.wait_ids(ids)
    assert "memory only" in ear.link.complaint
    wait_for(lambda: ear.delivered == ids, "it to be delivered")
