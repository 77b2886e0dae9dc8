"""Individual calls between whole desks: rung, talked in, hung up, lost, and not overheard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from audio import protocol
from audio.client import EngineClient
from console.cli import command_parser
from console.desk.desk import Desk
from console.domain.call import Call
from console.domain.events import TalkgroupDefined
from console.domain.presence import Presence
from console.settings import DeskSettings, SettingsFile
from console.site.find import find_site
from console.site.visit import visit
from console.streams.announce import Announcer, Offer
from tests.audio.engine_fixtures import read_wav, write_tone
from tests.audio.mic_lab import Mouth, mouth, tone
from tests.audio.pulse import missing, pulse
from tests.desk.processes import LOOPBACK, ROOT, Net, end, engine_of, environment, wait_for
from tests.desk.test_desk_hands import Sitting
from tests.desk.test_desk_talks import enrol
from tests.turning import turn
from widgets.contracts.rows import DeskStatus, LiveCall

pytestmark = [
    pytest.mark.pulse,
    pytest.mark.system,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

HERE_HZ, THERE_HZ = 600.0, 1_000.0
LOST_S = 8.0  # three seconds; this machine may be busy, and `bench site` times it


@dataclass
class Desks:
    """``here`` is at the site's own machine; ``there`` is the desk of the member "two"."""

    lan: Net
    here: Sitting
    mouths: dict[str, Mouth]
    two: Path
    there: Sitting | None = None

    def until(self, condition: Callable[[], bool], what: str) -> None:
        self.here.until(condition, what)

    def ended(self, process: subprocess.Popen[bytes]) -> None:
        """The windows go on meanwhile."""
        self.until(lambda: process.poll() is not None, "the command ends")
        assert process.returncode == 0

    def other(self) -> Sitting:
        if self.there is None:
            self.there = sit_down(self.two, "mic2", "Ola Nordmann")
            ready(self.there)
        return self.there

    def call(self) -> Call:
        """By the site's own word."""
        (call,) = self.here.site().calls.values()
        return call


def status(desk: Sitting) -> DeskStatus:
    return desk.desk.parts.status.status()


def in_call(desk: Sitting) -> LiveCall:
    call = status(desk).call
    assert call is not None
    return call


def is_connected(desk: Sitting) -> bool:
    call = status(desk).call
    return call is not None and call.stand == "connected"


def is_open(desk: Sitting) -> bool:
    return in_call(desk).is_open


def has_tile(desk: Sitting) -> bool:
    return len(desk.desk.parts.talkgroups.keys()) == 1


def is_bare(engine: EngineClient) -> bool:
    now = engine.status(10.0)
    return not (now.streams or now.publications)


def focus(desk: Sitting) -> None:
    desk.window.activateWindow()
    assert QTest.qWaitForWindowActive(desk.window, 5_000)


def press(desk: Sitting, key: Qt.Key, *, shift: bool = False, ctrl: bool = False) -> None:
    focus(desk)
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else modifier
    QTest.keyClick(desk.window.windowHandle(), key, modifier)


def sit_down(home: Path, microphone: str, person: str) -> Sitting:
    line = ["desk", "--home", str(home), "--interface", LOOPBACK, "--device", "null"]
    given = command_parser("desk").parse_args([*line, "--person", person, "--language", "en"])
    given.keys = None
    source = f"pulse:{microphone}.monitor"  # a tone is noise to who suppresses that
    chosen = DeskSettings(microphone=source, suppress=False, gain_control=False)
    SettingsFile(home / "desk" / "settings.json").save(chosen)
    desk = Desk(given)
    window = desk.open()
    return Sitting(Net(home), window, desk)


def ready(desk: Sitting) -> None:
    desk.until(lambda: status(desk).site_link == "up", "the site")
    desk.until(desk.desk.parts.outside.grants, "an arbiter")
    for _ in range(3):  # a busy machine's sound server takes its time
        if status(desk).microphone.state != "ready":
            turn(500)
    desk.until(lambda: status(desk).microphone.state == "ready", "the microphone")
    desk.until(lambda: not status(desk).transmit_note, "nothing is in the way")


@pytest.fixture
def desks(lan: Net, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    for name in ("two", "three"):
        (lan.home / name).mkdir()
        enrol(lan.home, lan.home / name, name)
    two = lan.home / "two"
    with pulse() as server:
        for name, value in server.env.items():
            monkeypatch.setenv(name, value)
        for sink in ("mic1", "mic2"):
            server.plug_in(sink)
        with mouth(server, "mic1") as first, mouth(server, "mic2") as second:
            lan.start("site", "--name", "Site")
            here = sit_down(lan.home, "mic1", "Kari Nordmann")
            made = Desks(lan, here, {"here": first, "there": second}, two)
            try:
                ready(here)
                yield made
            finally:
                for desk in (here, made.there):
                    if desk is not None:
                        desk.desk.end()
                        desk.window.deleteLater()
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def heard(
    desk: Sitting, engine: EngineClient, told: list[protocol.Event], seconds: float
) -> Levels:
    """What the desk's engine gives to the ear in that time."""
    path = desk.net.home / f"heard-{time.monotonic_ns()}.wav"
    engine.send(protocol.Record(str(path), seconds))
    desk.until(
        lambda: any(isinstance(e, protocol.RecordDone) and e.path == str(path) for e in told),
        "the recording",
    )
    return Levels(read_wav(path).mean(axis=1))


class Levels:
    def __init__(self, sound: np.ndarray) -> None:
        window = np.hanning(len(sound))
        self._spectrum = np.abs(np.fft.rfft(sound * window)) / (window.sum() / 2)
        self._hz = np.fft.rfftfreq(len(sound), 1 / 48_000)

    def dbfs(self, hz: float) -> float:
        near = np.abs(self._hz - hz) < 5.0
        return 20 * float(np.log10(self._spectrum[near].max() + 1e-9))


def speak(mouths: dict[str, Mouth], seconds: float) -> None:
    """Both at once, each in his own pitch: words, not a tone that noise suppression takes away."""
    mouths["here"].say(tone(HERE_HZ, seconds))
    mouths["there"].say(tone(THERE_HZ, seconds))


def dial_and_answer(desks: Desks, *, full: bool) -> None:
    """By keys alone: whom to call, and the answer."""
    here, there = desks.here, desks.other()
    press(here, Qt.Key.Key_I, ctrl=True)
    QTest.keyClicks(here.window.dial_bar.field, "two")
    desks.until(lambda: here.window.dial_bar.chosen() is not None, "somebody is called so")
    press(here, Qt.Key.Key_Return, shift=full)
    desks.until(there.window.ring_bar.isVisible, "it rings")
    assert in_call(here).stand == "calling"
    assert "calls" in there.window.ring_bar.words[0]
    how = "as a telephone" if full else "with the talk key"
    assert there.window.ring_bar.words[1].startswith(how)
    press(there, Qt.Key.Key_F10)
    for desk in (here, there):
        desks.until(partial(is_connected, desk), "it is answered")
    assert not there.window.ring_bar.isVisible()


def test_half_duplex_takes_turns_by_the_floor_and_both_are_measured(desks: Desks) -> None:
    here, there = desks.here, desks.other()
    dial_and_answer(desks, full=False)
    with (
        engine_of(here.net.home) as (mine, told),
        engine_of(there.net.home) as (theirs, heard_there),
    ):
        focus(here)
        assert "Call:" in here.window.talk_place.groups(), "the talk key is the call's"
        desks.until(lambda: len(mine.status(10.0).streams) == 1, "the other's stream is heard")
        desks.until(lambda: len(theirs.status(10.0).streams) == 1, "and ours there")
        QTest.keyPress(here.window.windowHandle(), Qt.Key.Key_Space)
        desks.until(lambda: status(here).transmit.is_open, f"{status(here).transmit}")
        speak(desks.mouths, 4.0)
        there.desk.parts.actions.talk_pressed.emit((in_call(there).stream,), False)
        desks.until(
            lambda: [one.state for one in status(there).transmit.targets] == ["queued"],
            "one talks at a time",
        )
        level = heard(there, theirs, heard_there, 1.5)
        assert level.dbfs(HERE_HZ) > -45.0, "who talks is heard"
        assert in_call(there).heard
        back = heard(here, mine, told, 0.5)
        assert back.dbfs(THERE_HZ) < -70.0, "who waits is not"
        assert back.dbfs(HERE_HZ) < -70.0, "nor is one's own voice"
        QTest.keyRelease(here.window.windowHandle(), Qt.Key.Key_Space)
        desks.until(lambda: status(there).transmit.is_open, "the other's turn")
        speak(desks.mouths, 3.0)
        level = heard(here, mine, told, 1.5)
        assert level.dbfs(THERE_HZ) > -45.0
        there.desk.parts.actions.talk_released.emit()
        press(here, Qt.Key.Key_F11)
        desks.until(lambda: in_call(there).stand == "over", "the other is told")
        assert "over" in there.window.call_bar.words[1]
        for engine in (mine, theirs):
            desks.until(partial(is_bare, engine), "nothing is heard, nor can be sent")
            assert engine.status(10.0).recall.bursts == 0, "a call is not kept"
    assert (desks.call().state, desks.call().reason) == ("ended", "hung-up")


def test_full_duplex_is_open_both_ways_while_the_windows_live_and_no_third_hears_it(
    desks: Desks,
) -> None:
    here, there = desks.here, desks.other()
    three = desks.lan.home / "three"  # of a third member
    dial_and_answer(desks, full=True)
    with (
        engine_of(here.net.home) as (mine, told),
        engine_of(there.net.home) as (theirs, told_there),
    ):
        for desk in (here, there):
            desks.until(partial(is_open, desk), f"open: {in_call(desk)}")
        assert here.window.call_bar.words[1].startswith("You are heard")
        spy = desks.lan.start(
            "mix", "--out", str(three / "heard.wav"), "--seconds", "4", home=three
        )
        speak(desks.mouths, 8.0)
        at_there = heard(there, theirs, told_there, 1.5)
        at_here = heard(here, mine, told, 1.5)
        assert at_there.dbfs(HERE_HZ) > -45.0
        assert at_here.dbfs(THERE_HZ) > -45.0, "both at once"
        assert at_there.dbfs(THERE_HZ) < -60.0, "one's own voice does not come back"
        assert at_here.dbfs(HERE_HZ) < -60.0
        desks.ended(spy)
        spied = Levels(read_wav(three / "heard.wav").mean(axis=1))
        assert max(spied.dbfs(HERE_HZ), spied.dbfs(THERE_HZ)) < -80.0, "no keys, no word"

        there.window.call_bar.mute.click()
        desks.until(lambda: not in_call(there).is_open, "muted")
        assert there.window.call_bar.words[1].startswith("You are muted")
        desks.until(lambda: not in_call(here).heard, "and not sent")
        there.window.call_bar.mute.click()
        desks.until(lambda: in_call(there).is_open, "heard again")

        time.sleep(2.0)  # both windows hang, also while the engines are asked
        assert EngineClient.status(mine, 10.0).talk.cause == "lease"
        idle = EngineClient.status(theirs, 10.0).talk
        assert idle.state == "idle", "nobody is overheard by a hung window"
        for desk in (here, there):
            desks.until(partial(is_open, desk), "they live, and talk again")
    press(there, Qt.Key.Key_F11)
    desks.until(lambda: in_call(here).stand == "over", "it is over")
    with engine_of(here.net.home) as (mine, _):
        assert mine.status(10.0).talk.state == "idle"


@pytest.mark.long
def test_the_talk_key_answers_a_talkgroup_in_the_middle_of_a_full_duplex_call(
    desks: Desks,
) -> None:
    here, there = desks.here, desks.other()
    announcer = Announcer(LOOPBACK)
    try:
        offer = Offer("lv1", "lv1", 5_004, "239.77.1.1", srtp="AES_CM_128_HMAC_SHA1_80", kid="1")
        announcer.announce(offer)
        with visit(
            find_site(here.net.home, interface=LOOPBACK), spool=here.net.home / "cli"
        ) as guest:
            guest.deliver(TalkgroupDefined("lv1", "LV1", "legevakt"))
        for desk in (here, there):
            desks.until(partial(has_tile, desk), "the tile")
            assert desk.desk.parts.outside.links is not None
            desk.desk.parts.outside.links._ring.want_to_send("lv1")
            desk.desk.parts.actions.select(desk.desk.parts.talkgroups.keys()[0])
        lv1 = here.desk.parts.talkgroups.keys()[0]
        dial_and_answer(desks, full=True)
        desks.until(lambda: in_call(here).is_open, "open")
        assert here.desk.parts.talkgroups.keys() == (lv1,), "a call is no tile"
        desks.until(
            lambda: (
                here.desk.parts.outside.floor is not None
                and lv1 in here.desk.parts.outside.floor._ssrcs
            ),
            "ready",
        )
        focus(here)
        QTest.keyPress(here.window.windowHandle(), Qt.Key.Key_Space)
        desks.until(lambda: status(here).transmit.is_open, f"{status(here).transmit}")
        assert not in_call(here).is_open
        desks.until(lambda: not in_call(there).heard, "the call does not hear it")
        tile = there.window.tiles.tile(lv1)
        desks.mouths["here"].say(tone(HERE_HZ, 2.0))
        desks.until(lambda: tile.row.speaker != "", "the group does")
        QTest.keyRelease(here.window.windowHandle(), Qt.Key.Key_Space)
        desks.until(lambda: in_call(here).is_open, "and the call is talked in again")
        desks.until(lambda: in_call(there).heard, "heard")
    finally:
        announcer.close()


@pytest.mark.long
def test_a_second_call_is_shown_and_answering_it_ends_the_first(desks: Desks) -> None:
    here, there = desks.here, desks.other()
    dial_and_answer(desks, full=False)
    first = in_call(here).key
    offer = desks.lan.start("call", "offer", "two", "--from", "amb1", "--anyway", "--json")
    desks.ended(offer)
    desks.until(there.window.ring_bar.isVisible, "it rings in the call")
    assert "ends the call" in there.window.ring_bar.words[1]
    QTest.mouseClick(there.window.ring_bar.yes, Qt.MouseButton.LeftButton)
    desks.until(lambda: in_call(here).stand == "over", "the first is told")
    desks.until(lambda: is_connected(there) and in_call(there).key != first, "the second is on")
    calls = here.site().calls
    assert (calls[first].state, calls[first].reason) == ("ended", "hung-up")
    again = desks.lan.start("call", "offer", "two", "--from", "amb2", "--anyway")
    desks.ended(again)
    desks.until(there.window.ring_bar.isVisible, "a third")
    press(there, Qt.Key.Key_F11)
    desks.until(lambda: not there.window.ring_bar.isVisible(), "rejected")
    reasons = {one.caller: one.reason for one in here.site().calls.values()}
    assert reasons["amb2"] == "busy"
    assert is_connected(there), "the call goes on"


@pytest.mark.long
def test_a_shell_can_be_the_other_end(desks: Desks) -> None:
    """A station without a desk: it is called, answers, and sends a file and a voice."""
    here, lan, two = desks.here, desks.lan, desks.two
    here.desk.parts.actions.call("two", False)
    desks.until(lambda: bool(here.site().calls), "it is offered")
    key = desks.call().key
    desks.ended(lan.start("call", "answer", key, home=two))
    desks.until(lambda: is_connected(here), "answered from a shell")
    file = two / "tone.wav"
    write_tone(file, THERE_HZ, 6.0)
    with engine_of(here.net.home) as (mine, told):
        in_the_clear = lan.start("publish", str(file), "--talkgroup", key, home=two)
        desks.until(lambda: in_the_clear.poll() == 1, "a call is never sent in the clear")
        sent = ["publish", str(file), "--talkgroup", key, "--site-key", "--floor"]
        station = lan.start(*sent, home=two)
        desks.until(lambda: in_call(here).heard, "its voice comes")
        level = heard(here, mine, told, 1.5)
        assert level.dbfs(THERE_HZ) > -45.0
        desks.ended(station)
        desks.until(lambda: not in_call(here).heard, "silence")
        talk = ["talk", "--talkgroup", key, "--site-key", "--device", "pulse:mic2.monitor"]
        station = lan.start(*talk, "--output", "null", "--plain", "--seconds", "6", home=two)
        desks.until(lambda: in_call(here).heard, "and what is said there")
        desks.mouths["there"].say(tone(HERE_HZ, 4.0))
        level = heard(here, mine, told, 2.0)
        assert level.dbfs(HERE_HZ) > -45.0
        desks.ended(station)
    assert is_connected(here), "a shell does not say that it is here, and is not missed"
    desks.ended(lan.start("call", "end", key, home=two))
    desks.until(lambda: in_call(here).stand == "over", "hung up there")


SCENARIO = """
title = "Et anrop"
summary = "En lege ringer plassen."
net = "fjord"
stories = "fjord"
play = [{ story = "doctor-calls", first_s = 6 }]
"""


@pytest.mark.long
def test_an_exercise_s_unit_calls_the_desk_and_is_called(desks: Desks) -> None:
    here = desks.here
    scenario = desks.lan.home / "call.toml"
    scenario.write_text(SCENARIO)
    desks.lan.start("exercise", str(scenario))
    desks.until(lambda: "lege1" in here.desk.parts.store.state.units, "its units")
    with engine_of(here.net.home) as (_, told):
        desks.until(lambda: bool(status(here).ringing), "a unit calls")
        (ringing,) = status(here).ringing
        assert (ringing.who, ringing.exercise) == ("LEGE 1", True)
        assert "EXERCISE" in here.window.ring_bar.words[1]
        press(here, Qt.Key.Key_F10)
        desks.until(lambda: is_connected(here), "it is answered")
        desks.until(lambda: in_call(here).heard, "and speaks")
        key = in_call(here).key
        desks.until(lambda: has_spoken(told, key), "its voice is played")
        assert here.desk.parts.outside.floor is not None
        press(here, Qt.Key.Key_F11)
        desks.until(lambda: status(here).call is None, "the desk hangs up")
        here.desk.parts.actions.call("lege1", False)
        desks.until(lambda: is_connected(here), "the unit answers")
        again = in_call(here).key
        desks.until(lambda: has_spoken(told, again), "and is heard")
        press(here, Qt.Key.Key_F11)
        desks.until(lambda: status(here).call is None, "over")
    assert {one.exercise for one in here.site().calls.values()} == {True}


def has_spoken(told: list[protocol.Event], call: str) -> bool:
    """Secured, and to the end of a burst."""
    return any(
        isinstance(e, protocol.Talking) and e.stream.startswith(f"{call}@") and e.secured
        for e in told
    )


def test_a_desk_that_is_killed_is_lost_within_three_seconds_and_no_microphone_stays_open(
    desks: Desks,
) -> None:
    here = desks.here
    line = [sys.executable, "-m", "tests.desk.answering_desk", str(desks.two), "pulse:mic2.monitor"]
    other = subprocess.Popen(line, env=environment(), cwd=ROOT)
    try:
        desks.until(
            lambda: "two" in here.desk.parts.store.state.desks and "two" in presence(here),
            "it is here",
        )
        with engine_of(desks.two) as (theirs, _):
            desks.until(lambda: theirs.status(10.0).microphone.state == "ready", "its microphone")
            here.desk.parts.actions.call("two", True)
            desks.until(lambda: is_connected(here), "it answers by itself")
            desks.until(lambda: in_call(here).is_open and in_call(here).heard, "both talk")
            os.kill(other.pid, signal.SIGKILL)
            killed_s = time.monotonic()
            desks.until(lambda: in_call(here).stand == "over", "lost")
            took_s = time.monotonic() - killed_s
            assert took_s < LOST_S, took_s
            assert in_call(here).reason == "lost"
            assert "Lost" in here.window.call_bar.words[1]
            wait_for(lambda: theirs.status(10.0).talk.state == "idle", "its microphone is closed")
        with engine_of(here.net.home) as (mine, _):
            desks.until(lambda: mine.status(10.0).talk.state == "idle", "and so is ours")
        assert (desks.call().state, desks.call().reason) == ("ended", "lost")
    finally:
        other.kill()
        end(other)


def presence(desk: Sitting) -> Presence:
    assert desk.desk.parts.outside.links is not None
    return desk.desk.parts.outside.links.presence()
