"""The timeline's process beside a real site: reads all of it, goes on where it was, ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest

from console.domain.events import AlarmRaised, Event, MessageSent, UnitDefined
from console.site.address import SiteError
from console.site.find import EnrolmentOver
from console.site.log.subjects import MESSAGES
from console.site.node.process import child_environment
from console.site.security.identity import folder_of
from console.timeline import keeper
from console.timeline.database import TimelineError
from console.timeline.folder import folder_of as timeline_of
from console.timeline.process import TimelineProcess
from console.timeline.query import ALL_OF_IT
from tests.timeline.lab import DAY_MS, NOW_MS, bytes_in, found, keep, reading, said

from .conftest import Ear, NewEar, Server, wait_for

pytestmark = pytest.mark.system


class Keeping:
    """A home with a certificate of the site, and the process that keeps its timeline."""

    def __init__(self, home: Path, server: Server) -> None:
        self.home = home
        self.server = server
        self.folder = timeline_of(home)
        self.process: TimelineProcess | None = None

    def enrol(self, name: str, role: str = "operator") -> None:
        """As whom this home comes in from now on."""
        self.server.as_member(name, role)  # type: ignore[arg-type]  # a role
        ours = folder_of(self.home, "operator")
        shutil.rmtree(ours, ignore_errors=True)
        shutil.copytree(self.server.folder.parent / "members" / name, ours)

    def start(self) -> TimelineProcess:
        self.process = TimelineProcess(self.home, interface="127.0.0.1", log_level="debug")
        self.process.start()
        return self.process

    def stop(self) -> None:
        if self.process is not None:
            self.process.stop()

    def count(self) -> int:
        try:
            with reading(self.folder) as reader:
                standing = reader.standing()
                return -1 if standing.is_behind else standing.events
        except TimelineError:
            return -1

    def until(self, count: int) -> None:
        wait_for(lambda: self.count() == count, f"{count} rows, there are {self.count()}")


@pytest.fixture
def keeping(tmp_path: Path, server: Server) -> Iterator[Keeping]:
    keeping = Keeping(tmp_path / "home", server)
    keeping.enrol("desk1")
    try:
        yield keeping
    finally:
        keeping.stop()


@pytest.fixture
def author(new_ear: NewEar) -> Ear:
    ear = new_ear("lv2")
    ear.wait_up()
    return ear


def say(ear: Ear, texts: range) -> None:
    for n in texts:
        ear.publish(MessageSent("u1", f"beskjed {n} qxhemmelig"))
    wait_for(lambda: ear.link.undelivered == 0, "the site to have them")


def test_the_past_and_what_comes_and_not_a_word_of_it_readable(
    keeping: Keeping, author: Ear
) -> None:
    author.publish(UnitDefined("u1", "AMB 3-1", "ambulance"))
    say(author, range(300))
    keeping.start()
    keeping.until(300)
    author.publish(AlarmRaised("a1", "u1", text="qxhemmelig alarm"))
    keeping.until(301)
    assert len(found(keeping.folder, "AMB 3-1", categories=("alarm",))) == 1
    assert len(found(keeping.folder, '"beskjed 299"')) == 1
    assert b"qxhemmelig" not in bytes_in(keeping.home / "desk")
    with reading(keeping.folder) as reader:
        [(kept,)] = reader._db.execute("SELECT value FROM meta WHERE key = 'kept'")
    assert msgspec.json.decode(kept)[MESSAGES.name] == MESSAGES.max_age_s  # the site's own word


def test_a_killed_one_comes_again_goes_on_and_nothing_is_there_twice(
    keeping: Keeping, author: Ear
) -> None:
    process = keeping.start()
    for round_ in range(3):
        say(author, range(round_ * 400, round_ * 400 + 400))
        wait_for(lambda: process.pid and keeping.count() != 0, "some of it")
        killed = process.pid
        os.kill(killed, signal.SIGKILL)
        wait_for(partial(_is_another, process, killed), "another process")
    keeping.until(1_200)
    texts = [e.body.text for e in _all(keeping) if isinstance(e.body, MessageSent)]
    assert len(texts) == len(set(texts)) == 1_200


def _is_another(process: TimelineProcess, killed: int) -> bool:
    return process.pid not in (0, killed)


def _all(keeping: Keeping) -> list[Event]:
    with reading(keeping.folder) as reader:
        return list(reader.all(ALL_OF_IT, 10_000))


def test_it_goes_on_where_it_had_come_to(keeping: Keeping, author: Ear) -> None:
    say(author, range(50))
    keeping.start()
    keeping.until(50)
    keeping.stop()
    with reading(keeping.folder) as reader:
        seqs = dict(reader._db.execute("SELECT stream, seq FROM cursors"))
    assert seqs["VB_MESSAGES"] == 50
    say(author, range(50, 60))
    keeping.start()
    keeping.until(60)


def test_a_stream_made_anew_is_read_anew_and_what_its_authors_sent_again_is_there_once(
    keeping: Keeping, author: Ear, server: Server
) -> None:
    say(author, range(30))
    keeping.start()
    keeping.until(30)
    server.kill()
    server.wipe()
    server.start()
    wait_for(lambda: author.link.is_caught_up, "the author to be back")
    say(author, range(30, 40))
    keeping.until(40)


def test_another_role_reads_less_and_nothing_else_stays(keeping: Keeping, author: Ear) -> None:
    say(author, range(5))
    author.publish(AlarmRaised("a1", "u1", text="alarm"))
    keeping.start()
    keeping.until(6)
    keeping.stop()
    keeping.enrol("wall1", "observer")
    keeping.start()
    keeping.until(1)
    assert not found(keeping.folder, "beskjed")


def test_who_was_taken_out_keeps_nothing(
    keeping: Keeping, author: Ear, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, so that a minute is a second."""
    monkeypatch.setattr(keeper, "SHUT_OUT_S", 1.0)
    say(author, range(5))
    ended = threading.Event()
    one = keeper.Keeper(keeping.home, interface="127.0.0.1", ended=ended)
    thread = threading.Thread(target=one.run)
    thread.start()
    try:
        keeping.until(5)
        known = server.papers.members.all["desk1"]
        gone = msgspec.structs.replace(known, revoked=True, changed="7" + "Z" * 25)
        server.papers.change(gone)
        server.reload()
        wait_for(lambda: not found(keeping.folder), "an empty timeline")
    finally:
        ended.set()
        thread.join()


def test_an_enrolment_that_is_over_leaves_nothing(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(keeping.folder, [said(MessageSent("u1", "beskjed"))])
    ended = threading.Event()

    def over(*_: object, **__: object) -> None:
        ended.set()
        raise EnrolmentOver("ended")

    monkeypatch.setattr(keeper, "find_site", over)
    keeper.Keeper(keeping.home, interface=None, ended=ended).run()
    assert not found(keeping.folder)


def test_without_a_site_what_is_past_its_time_goes_all_the_same(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_ms = time.time_ns() // 1_000_000
    keep(keeping.folder, [said(MessageSent("u1", "gammel"), NOW_MS - now_ms + 31 * DAY_MS)])
    ended = threading.Event()

    def away(*_: object, **__: object) -> None:
        ended.set()
        raise SiteError("no site")

    monkeypatch.setattr(keeper, "find_site", away)
    keeper.Keeper(keeping.home, interface=None, ended=ended).run()
    assert not found(keeping.folder)


def test_a_folder_that_can_not_be_written_is_told_and_tried_again(
    keeping: Keeping, author: Ear
) -> None:
    say(author, range(3))
    keeping.folder.mkdir(parents=True)
    (keeping.folder / "timeline.db").mkdir()  # as root, what may not be written is written
    process = keeping.start()
    wait_for(lambda: "can't be" in process.trouble, "the trouble to be told")
    (keeping.folder / "timeline.db").rmdir()
    keeping.until(3)
    assert process.trouble == ""


def test_it_ends_with_its_desk_however_that_ends(keeping: Keeping) -> None:
    """A process that stands for the desk is killed; the timeline's ends by itself."""
    code = (
        "import sys, time; from pathlib import Path;"
        "from console.timeline.process import TimelineProcess;"
        "p = TimelineProcess(Path(sys.argv[1]), interface='127.0.0.1', log_level='info');"
        "p.start()\n"
        "while not p.pid: time.sleep(0.02)\n"
        "print(p.pid, flush=True)\n"
        "time.sleep(100)"
    )
    line = [sys.executable, "-c", code, str(keeping.home)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, env=child_environment()) as desk:
        try:
            assert desk.stdout is not None
            pid = int(desk.stdout.readline())
            wait_for((keeping.folder / "timeline.lock").exists, "the process to have begun")
            desk.kill()
            wait_for(lambda: not _is_alive(pid), "its end")
        finally:
            desk.kill()


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_second_one_beside_it_does_nothing(keeping: Keeping) -> None:
    process = keeping.start()
    wait_for(lambda: process.pid and (keeping.folder / "timeline.db").exists(), "the first")
    line = [sys.executable, "-m", "console.timeline", "--home", str(keeping.home)]
    done = subprocess.run(line, stdin=subprocess.DEVNULL, env=child_environment(), check=False)
    assert done.returncode == 3
