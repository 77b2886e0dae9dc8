"""The desk's links on their threads, against a real engine and real sites that come and go."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audio import protocol
from audio.client import EngineClient, ensure_engine, stop_engine
from console.desk import engine_link, site_chores, site_seeker
from console.desk.engine_link import EngineLink
from console.desk.site_seeker import MAX_EARLY, SiteSeeker
from console.domain.events import AlarmAcknowledged, AlarmRaised, Event, MessageSent
from console.site.address import SiteAddress
from console.site.log.link import SiteLink
from console.site.node.process import SiteFile, find_address, write_site_file
from console.site.security import identity
from console.streams.announcement import SiteAnnouncement
from tests.desk.processes import LOOPBACK, engine_of, wait_for
from tests.site.conftest import Server

pytestmark = pytest.mark.system


# -- the engine --------------------------------------------------------------------------------


class Desk:
    """The engine's link and what it told."""

    def __init__(self, home: Path) -> None:
        self.events: list[protocol.Event] = []
        self.states: list[str] = []
        self.link = EngineLink(
            home, interface=LOOPBACK, device="null", log_level="info",
            on_event=self.events.append, on_state=lambda state, _why: self.states.append(state),
        )  # fmt: skip

    def is_up(self) -> bool:
        return bool(self.states) and self.states[-1] == "up"

    def wait_for_engine(self, n: int) -> None:
        wait_for(lambda: self.told(protocol.Welcome) == n and self.is_up(), "the engine")

    def told(self, kind: type[protocol.Event]) -> int:
        return sum(isinstance(one, kind) for one in self.events)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    desk.link.start()
    try:
        yield desk
    finally:
        desk.link.stop()
        stop_engine(tmp_path)


def spec(n: int) -> protocol.StreamSpec:
    return protocol.StreamSpec(
        f"g{n}@gw.local", 5_004, 111, "opus", 48_000, 2, group=f"239.77.9.{n % 200 + 1}"
    )


def kill_engine(home: Path) -> None:
    pid = json.loads((home / "engine" / "engine.json").read_bytes())["pid"]
    os.kill(pid, signal.SIGKILL)


def test_an_engine_killed_again_and_again_sounds_the_alarm_each_time(
    desk: Desk, tmp_path: Path
) -> None:
    desk.link.send(protocol.SetAlarms(2))
    desk.link.send(protocol.Listen(spec(1)))
    for n in range(1, 4):
        desk.wait_for_engine(n)
        with engine_of(tmp_path) as (engine, _):
            wait_for(lambda: engine.status(10.0).unacknowledged_alarms == 2, "the tone")
            wait_for(lambda: len(engine.status(10.0).streams) == 1, "the stream")
        kill_engine(tmp_path)


def test_more_commands_than_are_kept_lose_no_wish(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(desk.is_up, "the engine")
    stuck, go_on = threading.Event(), threading.Event()
    real: Callable[..., None] = EngineClient.send

    def slow(self: EngineClient, command: protocol.Command) -> None:
        stuck.set()
        assert go_on.wait(30.0)
        real(self, command)

    monkeypatch.setattr(EngineClient, "send", slow)
    for _ in range(2):  # the first is sent by the method that was looked up before
        desk.link.send(protocol.Heartbeat())
    assert stuck.wait(30.0)
    for _ in range(engine_link.MAX_COMMANDS):
        desk.link.send(protocol.Heartbeat())
    desk.link.send(protocol.SetAlarms(3))  # there is no room for it
    go_on.set()
    with engine_of(tmp_path) as (engine, _):
        wait_for(lambda: engine.status(10.0).unacknowledged_alarms == 3, "the tone")


def test_a_command_that_no_engine_takes_does_not_cost_the_link(desk: Desk, tmp_path: Path) -> None:
    wait_for(desk.is_up, "the engine")
    desk.link.send(protocol.SetMix("g1@gw.local", gain_db=400.0))
    desk.link.send(protocol.SetAlarms(1))
    with engine_of(tmp_path) as (engine, _):
        wait_for(lambda: engine.status(10.0).unacknowledged_alarms == 1, "the tone")
    assert desk.states == ["connecting", "up"]


def test_the_engines_state_is_told_again_when_asked(desk: Desk) -> None:
    wait_for(desk.is_up, "the engine")
    desk.link.tell_again()
    wait_for(lambda: desk.told(protocol.Welcome) == 2 and desk.states.count("up") == 2, "again")


def test_what_nobody_foresaw_ends_no_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ensure_engine
    failures = iter(range(2))

    def failing(*given: Any, **named: Any) -> Any:
        if next(failures, None) is not None:
            raise RuntimeError("what nobody foresaw")
        return real(*given, **named)

    monkeypatch.setattr("audio.client.ensure_engine", failing)
    desk = Desk(tmp_path)
    desk.link.start()
    try:
        wait_for(desk.is_up, "the engine after all")
        assert desk.states.count("down") == 2
    finally:
        desk.link.stop()
        stop_engine(tmp_path)


# -- the site ----------------------------------------------------------------------------------


NewServer = Callable[..., Server]


class Seat:
    """The site's link and what it told."""

    def __init__(self, home: Path) -> None:
        self.events: list[Event] = []
        self.states: list[str] = []
        self.sites: list[SiteAddress] = []
        self.none: list[str] = []
        self.offers: list[str] = []
        self.enrolled: list[str] = []
        self.labels: list[str] = []
        self.shut_out: list[tuple[str, str]] = []
        self.seeker = SiteSeeker(
            home, interface=LOOPBACK, person="Kari Nordmann",
            on_events=self.events.extend, on_state=lambda state, _why: self.states.append(state),
            on_site=self.sites.append, on_none=self._none,
            on_enrolled=self._enrolled,
            on_shut_out=lambda why, site: self.shut_out.append((str(why), site)),
        )  # fmt: skip

    def _enrolled(self, why: str, label: str) -> None:
        self.enrolled.append(why)
        self.labels.append(label)

    def _none(self, why: str, enrol: str) -> None:
        self.none.append(why)
        self.offers.append(enrol)

    def is_up(self) -> bool:
        return bool(self.states) and self.states[-1] == "up"

    def has(self, body: type) -> int:
        return sum(isinstance(event.body, body) for event in self.events)


@pytest.fixture
def seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    """Sites are servers alone here: none of them is to be started again."""
    monkeypatch.setattr(site_chores, "is_orphaned", lambda _home: False)
    seat = Seat(tmp_path / "home")
    try:
        yield seat
    finally:
        seat.seeker.stop()


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[NewServer]:
    """``like``: the same site, with the same papers and an empty log."""
    servers: list[Server] = []

    def make(name: str, like: Server | None = None) -> Server:
        if like is not None:
            shutil.copytree(like.folder, tmp_path / name, ignore=shutil.ignore_patterns("store"))
        server = Server(tmp_path / name)
        servers.append(server)
        server.start()
        return server

    try:
        yield make
    finally:
        for server in servers:
            server.stop()


def settle_in(home: Path, server: Server) -> None:
    """As if this server were the site of this home."""
    papers = shutil.ignore_patterns("store", "nats*")
    shutil.copytree(server.folder, home / "site", ignore=papers, dirs_exist_ok=True)
    write_site_file(home, SiteFile(server.place, os.getpid(), server.nats.config.name))


def test_a_site_at_another_port_is_found_and_gets_what_was_said_meanwhile(
    seat: Seat, new_server: NewServer, tmp_path: Path
) -> None:
    first = new_server("first")
    settle_in(tmp_path / "home", first)
    seat.seeker.start()
    assert seat.seeker.publish(AlarmRaised("al1", "a13")), "before any site is found"
    wait_for(lambda: seat.has(AlarmRaised) == 1, "its own alarm back")
    first.kill()
    wait_for(lambda: seat.states[-1] == "down", "the loss to be told")
    assert seat.seeker.publish(AlarmAcknowledged("al1"))
    settle_in(tmp_path / "home", new_server("second", like=first))
    wait_for(lambda: seat.has(AlarmAcknowledged) == 1, "the answer, by the new site's own word")
    assert len(seat.sites) == 2


def test_a_site_of_the_network_that_moved_is_looked_for(
    seat: Seat, new_server: NewServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its home is another machine's: nothing but mDNS tells of its new port."""
    first = new_server("first")
    second = new_server("second", like=first)
    ours = first.as_member("desk-1")
    second.as_member("desk-1")
    second.papers.members.merge(first.papers.members.all.values())
    second.reload()
    folder = identity.folder_of(tmp_path / "home", "operator")
    shutil.copytree(ours.identity.folder, folder)

    def found(*_: object) -> tuple[SiteAnnouncement, ...]:
        port = second.nats.config.port
        here = ("127.0.0.1",)
        return (
            SiteAnnouncement("Test site", "x.local", 9, here, "ab" * 32),
            SiteAnnouncement("Test site", "h.local", port, here, first.place.site),
        )

    seat.seeker.start()
    wait_for(seat.is_up, "the site")
    monkeypatch.setattr(site_seeker, "find_sites", found)
    first.kill()
    wait_for(lambda: len(seat.sites) == 2 and seat.is_up(), "the site at its new port")
    assert seat.sites[1].url == second.address.url
    assert seat.none == [], "no site of one's own is offered meanwhile"


def test_alarms_are_heard_at_a_desk_whose_disk_takes_nothing(
    seat: Seat, new_server: NewServer, tmp_path: Path
) -> None:
    settle_in(tmp_path / "home", new_server("first"))
    (tmp_path / "home" / "desk").mkdir()
    (tmp_path / "home" / "desk" / "spool").write_text("in the way")
    seat.seeker.start()
    wait_for(seat.is_up, "the site")
    assert seat.seeker.publish(AlarmRaised("al1", "a13"))
    wait_for(lambda: seat.has(AlarmRaised) == 1, "the alarm")
    assert seat.seeker.figures().complaint


def test_all_is_told_again_when_asked(seat: Seat, new_server: NewServer, tmp_path: Path) -> None:
    settle_in(tmp_path / "home", new_server("first"))
    seat.seeker.start()
    seat.seeker.publish(AlarmRaised("al1", "a13"))
    wait_for(lambda: seat.has(AlarmRaised) == 1 and seat.seeker.is_caught_up, "the alarm")
    seat.seeker.relink()
    assert not seat.seeker.is_caught_up, "nobody may be silenced by what is half read"
    wait_for(lambda: seat.has(AlarmRaised) == 2, "the alarm once more")
    wait_for(lambda: seat.seeker.is_caught_up, "the end of the log")


def test_what_nobody_foresaw_ends_no_search(
    seat: Seat, new_server: NewServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_in(tmp_path / "home", new_server("first"))
    real = find_address
    failures = iter(range(2))

    def failing(home: Path) -> SiteAddress | None:
        if next(failures, None) is not None:
            raise RuntimeError("what nobody foresaw")
        return real(home)

    monkeypatch.setattr(site_seeker, "find_address", failing)
    seat.seeker.start()
    wait_for(seat.is_up, "the site after all")
    assert seat.none == ["what nobody foresaw"] * 2


def test_a_link_that_is_laid_while_the_desk_ends_is_ended_too(
    seat: Seat, new_server: NewServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_in(tmp_path / "home", new_server("first"))
    laying, go_on = threading.Event(), threading.Event()
    real = SiteLink.start

    def slow(self: Any) -> None:
        laying.set()
        assert go_on.wait(30.0)
        real(self)

    monkeypatch.setattr(SiteLink, "start", slow)
    seat.seeker.start()
    assert laying.wait(30.0)
    ending = threading.Thread(target=seat.seeker.stop)
    ending.start()
    wait_for(seat.seeker._ended.is_set, "the end to be asked for")
    go_on.set()
    ending.join(30.0)
    wait_for(lambda: not any("site-link" in t.name for t in threading.enumerate()), "its end")


def test_no_more_is_kept_before_a_site_than_can_be_said_to_be(tmp_path: Path) -> None:
    seat = Seat(tmp_path)
    for n in range(MAX_EARLY):
        assert seat.seeker.publish(MessageSent("lv1", str(n)))
    assert not seat.seeker.publish(AlarmAcknowledged("al1"))
    assert seat.seeker.figures().undelivered == MAX_EARLY
