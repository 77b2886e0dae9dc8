"""Two whole desks at one site: keys, floor, gates, and what each hears and shows of the other."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from audio import protocol
from audio.client import EngineClient
from console.cli import command_parser
from console.desk import site_chores
from console.desk.desk import Desk
from console.domain.events import AlarmRaised, PatchEnded, PatchMade, TalkgroupDefined, UnitDefined
from console.settings import DeskSettings, SettingsFile
from console.site.address import SitePlace
from console.site.find import find_site
from console.site.node.papers import Papers, new_change
from console.site.node.process import read_site_file
from console.site.node.server import url_of
from console.site.security import identity
from console.site.security.members import Member
from console.site.security.pki import key_pem, new_generation, new_key, request_pem
from console.site.visit import visit
from console.streams.announce import Announcer, Offer
from tests.audio.mic_lab import NAME, Mouth, mouth, tone
from tests.audio.pulse import Pulse, missing, pulse
from tests.desk.processes import LOOPBACK, Net, engine_of
from tests.desk.test_desk_hands import Sitting
from tests.ports import free_port
from tests.turning import turn
from widgets.contracts.rows import Transmit

pytestmark = [
    pytest.mark.pulse,
    pytest.mark.system,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]


@dataclass
class Pair:
    """``here`` and ``there`` are desks of two members; ``voice`` is in front of both."""

    here: Sitting
    there: Sitting
    voice: Mouth

    def until(self, condition: Callable[[], bool], what: str) -> None:
        self.here.until(condition, what, self.there)


def transmit(desk: Sitting) -> Transmit:
    return desk.desk.parts.status.status().transmit


def states(desk: Sitting) -> list[str]:
    return [one.state for one in transmit(desk).targets]


def press(desk: Sitting, streams: tuple[str, ...] = (), break_in: bool = False) -> None:
    desk.desk.parts.actions.talk_pressed.emit(streams or (stream(desk, "lv1"),), break_in)


def release(desk: Sitting) -> None:
    desk.desk.parts.actions.talk_released.emit()


def stream(desk: Sitting, group: str) -> str:
    keys = tuple(desk.desk.parts.talkgroups.keys())
    return next(one for one in keys if one.startswith(f"{group}@"))


def enrol(site_home: Path, home: Path, name: str) -> None:
    """As the site's enrolment does it, before the site is there."""
    papers = Papers.open(site_home / "site", "Site")
    member = Member(name, "operator", new_generation(), new_change())
    papers.change(member)
    file = site_home / "site" / "port"
    port = int(file.read_text()) if file.exists() else free_port(LOOPBACK)
    file.write_text(str(port))
    file.chmod(0o600)
    key = new_key()
    identity.save(
        identity.folder_of(home, "operator"),
        key=key_pem(key),
        certificate=papers.authority.issue_member(member.named, request_pem(key)),
        ca=papers.authority.pem,
        place=SitePlace((url_of(LOOPBACK, port),), "Site", papers.authority.site_id),
    )


def sit_down(net: Net, home: Path, name: str) -> Sitting:
    line = ["desk", "--home", str(home), "--interface", LOOPBACK, "--device", "null"]
    given = command_parser("desk").parse_args([*line, "--person", name, "--language", "en"])
    given.keys = None  # the site's are used
    SettingsFile(home / "desk" / "settings.json").save(DeskSettings(microphone=NAME))
    desk = Desk(given)
    window = desk.open()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 5_000)
    return Sitting(Net(home), window, desk)


@pytest.fixture
def pair(lan: Net, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    two = lan.home / "two"
    two.mkdir()
    enrol(lan.home, two, "two")
    with pulse() as server, mouth_of(server, monkeypatch) as voice:
        lan.start("site", "--name", "Site")
        announcer = Announcer(LOOPBACK)
        desks = []
        try:
            for number, group in enumerate(("lv1", "lv2")):
                at = f"239.77.1.{number + 1}"
                offer = Offer(group, group, 5_004, at, srtp="AES_CM_128_HMAC_SHA1_80", kid="1")
                announcer.announce(offer)
            here = sit_down(lan, lan.home, "Kari Nordmann")
            desks.append(here)
            here.until(lambda: here.desk.parts.status.status().site_link == "up", "the site")
            with visit(find_site(lan.home, interface=LOOPBACK), spool=lan.home / "cli") as guest:
                for group in ("lv1", "lv2"):
                    guest.deliver(TalkgroupDefined(group, group.upper(), "legevakt"))
                guest.deliver(UnitDefined("two", "Plass 2", "other"))
            there = sit_down(lan, two, "Ola Nordmann")
            desks.append(there)
            for desk in desks:
                ready(desk)
            yield Pair(here, there, voice)
        finally:
            announcer.close()
            for desk in desks:
                desk.desk.end()
                desk.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def mouth_of(
    server: Pulse, monkeypatch: pytest.MonkeyPatch
) -> contextlib.AbstractContextManager[Mouth]:
    for name, value in server.env.items():
        monkeypatch.setenv(name, value)
    server.plug_in("mic")
    return mouth(server)


def ready(desk: Sitting) -> None:
    status = desk.desk.parts.status.status
    desk.until(desk.desk.parts.outside.grants, "an arbiter")
    for _ in range(3):  # a busy machine's sound server takes its time
        with contextlib.suppress(TimeoutError):
            desk.until(lambda: status().microphone.state == "ready", "the microphone")
    assert status().microphone.state == "ready", status().microphone
    desk.until(lambda: len(desk.desk.parts.talkgroups.keys()) == 2, "the groups")
    desk.desk.parts.actions.select(stream(desk, "lv1"))
    assert desk.desk.parts.outside.links is not None
    for group in ("lv1", "lv2"):  # as the group's own station does, which is a gateway
        desk.desk.parts.outside.links._ring.want_to_send(group)
    floor = desk.desk.parts.outside.floor
    assert floor is not None
    desk.until(lambda: stream(desk, "lv1") in floor._ssrcs, "it is ready to send")
    desk.until(lambda: bool(floor._controlled), "its engine is told of the floor")
    desk.until(lambda: not status().transmit_note, "nothing is in the way")


def test_a_key_talks_another_waits_a_third_breaks_in_and_all_is_shown(pair: Pair) -> None:
    here, there, until = pair.here, pair.there, pair.until
    here.window.activateWindow()
    assert QTest.qWaitForWindowActive(here.window, 5_000)
    with engine_of(there.net.home) as (engine, told):
        QTest.keyPress(here.window.windowHandle(), Qt.Key.Key_Space)
        until(lambda: transmit(here).is_open, f"the gate is open: {transmit(here)}")
        assert states(here) == ["sending"]
        assert here.window.talk_place.headline() == "YOU ARE TALKING"
        assert here.window.tiles.tile(stream(here, "lv1")).row.transmitting
        pair.voice.say(tone(600.0, 3.0))
        until(
            lambda: any(isinstance(e, protocol.Talking) and e.on for e in told),
            "the other desk's engine plays it",
        )
        [talking] = [e for e in told if isinstance(e, protocol.Talking)][:1]
        assert talking.secured
        until(
            lambda: any(one.talking and one.floor == "held" for one in engine.status(10.0).streams),
            "heard as the one who has the floor",
        )
        tile = there.window.tiles.tile(stream(there, "lv1"))
        until(lambda: tile.row.speaker != "", "and is shown who speaks")

    press(there)
    until(lambda: states(there) == ["queued"], "the queue")
    assert there.window.talk_place.headline() == "WAIT: NUMBER 1"
    QTest.keyRelease(here.window.windowHandle(), Qt.Key.Key_Space)
    until(lambda: transmit(there).is_open, "its turn")
    assert not transmit(here).is_open

    press(here, break_in=True)
    until(lambda: states(there) == ["pre-empted"], "taken off, and told so")
    until(lambda: transmit(here).is_open, "who broke in talks")
    assert there.window.talk_place.headline() == "TAKEN OVER"
    release(there)
    press(there, (stream(there, "lv1"), stream(there, "lv2")))
    until(lambda: transmit(there).is_open, "simulselect: where it is granted")
    assert sorted(states(there)) == ["denied", "sending"]
    assert "LV1" in there.window.talk_place.subline()
    release(there)
    release(here)
    until(lambda: here.site().floors["lv1"].speaker == "", "the log knows that it is over")


@pytest.mark.long
def test_a_patch_runs_in_one_engine_and_an_alarm_is_heard_by_all_and_kept_by_one(
    pair: Pair,
) -> None:
    here, there, until = pair.here, pair.there, pair.until
    lapses_ms = (time.time_ns() // 1_000_000) + 3_600_000
    assert here.desk.parts.outside.say(PatchMade("p1", ("lv1", "lv2"), lapses_ms))
    with engine_of(here.net.home) as (mine, _), engine_of(there.net.home) as (theirs, told):

        def carriers() -> int:
            return sum(len(one.status(10.0).patches) for one in (mine, theirs))

        until(lambda: carriers() == 1, "one of the two carries it")
        press(here)
        until(lambda: transmit(here).is_open, "the gate is open")
        press(there, (stream(there, "lv2"),))
        until(lambda: states(there) == ["queued"], "both groups have one floor")
        release(there)
        pair.voice.say(tone(600.0, 3.0))
        lv2 = stream(there, "lv2")
        until(
            lambda: any(isinstance(e, protocol.Talking) and e.stream == lv2 for e in told),
            "what is said in the one group is heard in the other",
        )
        release(here)
        there.desk.parts.actions.set_muted(stream(there, "lv1"), True)
        assert here.desk.parts.outside.say(AlarmRaised("al1", "a13", talkgroup="lv1"))

        def mix(client: EngineClient) -> protocol.SetMix:
            streams = client.status(10.0).streams
            return next(one.mix for one in streams if one.stream.startswith("lv1@"))

        until(lambda: not mix(theirs).muted, "a unit in need is heard though it was muted")
        assert mix(theirs).priority == protocol.MAX_PRIORITY
        press(here)
        until(lambda: transmit(here).is_open, "somebody talks there")
        pair.voice.say(tone(600.0, 1.0))
        turn(1_200)
        release(here)
        until(lambda: bool(here.alarm().voices), "its voice is kept, and the log says where")
        assert here.alarm().voices[0].bursts
    assert here.desk.parts.outside.say(PatchEnded("p1"))


def test_a_site_that_dies_in_an_over_leaves_it_going_and_marked(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a desk starts it again."""
    here, there, until = pair.here, pair.there, pair.until
    monkeypatch.setattr(site_chores, "is_orphaned", lambda _home: False)
    press(here)
    until(lambda: transmit(here).is_open, "the gate is open")
    site = read_site_file(pair.here.net.home)
    assert site is not None
    server = int((pair.here.net.home / "site" / "server.pid").read_text())
    for pid in (site.pid, server):
        os.kill(pid, signal.SIGKILL)
    until(lambda: states(here) == ["unasked"], "it goes on without the floor, and says so")
    assert transmit(here).is_open
    assert "Without the floor" in here.window.talk_place.subline()
    pair.voice.say(tone(600.0, 3.0))
    floor = there.desk.parts.outside.floor
    assert floor is not None
    until(lambda: stream(there, "lv1") in floor._occupied, "the other desk hears it")
    until(lambda: transmit(there).listen_first, "and knows that nobody gives the floor")
    press(there)
    assert states(there) == ["denied"], "somebody is talking"
    assert "somebody talks there" in there.window.talk_place.subline()
    release(there)
    release(here)
    until(lambda: stream(there, "lv1") not in floor._occupied, "silence")
    press(there)
    until(lambda: states(there) == ["unasked"], "listen before talk")
    release(there)
    monkeypatch.undo()
    until(lambda: not transmit(there).listen_first, "the site is back, and gives the floor")


@pytest.mark.long
def test_who_has_raised_an_alarm_at_a_desk_breaks_in_with_the_usual_key(pair: Pair) -> None:
    here, there, until = pair.here, pair.there, pair.until
    press(there, break_in=True)
    until(lambda: transmit(there).is_open, "somebody talks")
    press(here)
    until(lambda: states(here) == ["queued"], "others wait")
    release(here)
    here.desk.parts.own_alarm.raise_alarm()
    press(here)
    until(lambda: transmit(here).is_open, "who is in need doesn't")
    until(lambda: states(there) == ["pre-empted"], "and is told of")
    release(there)
    release(here)
    here.desk.parts.own_alarm.cancel()
    until(lambda: here.alarm().state == "closed", "a false press")
    press(there, break_in=True)
    until(lambda: transmit(there).is_open, "the floor is free")
    press(here)
    until(lambda: states(here) == ["queued"], "and she waits like everybody")
    release(here)
    release(there)
