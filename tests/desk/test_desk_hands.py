"""A whole desk driven by keys and clicks: what a hand does arrives at the site and the engine."""

from __future__ import annotations

import os
import subprocess
import sys
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
from console.desk import news
from console.desk.command_line import settings_with
from console.desk.desk import Desk
from console.desk.news import EngineSaid
from console.domain.alarm import Alarm
from console.domain.events import AlarmRaised, MessageSent, TalkgroupDefined, UnitDefined
from console.domain.state import State
from console.models.inbox import MAX_WAITING
from console.settings import DeskSettings
from console.site.find import find_site
from console.site.node.process import stop_site
from console.site.visit import visit
from tests.desk.processes import LOOPBACK, Net, end, engine_of, environment
from tests.turning import beside, turn, turn_until
from widgets.window import DeskWindow

pytestmark = pytest.mark.system

PATIENCE_S = 30.0


@dataclass
class Sitting:
    """A desk that is open, and what stands behind it."""

    net: Net
    window: DeskWindow
    desk: Desk

    def until(self, condition: Callable[[], object], what: str, *others: Sitting) -> None:
        """Raises TimeoutError, which also says what this desk shows, and ``others``."""
        try:
            turn_until(condition, what, PATIENCE_S)
        except TimeoutError as failure:
            shown = "; ".join(one.shown() for one in (self, *others))
            raise TimeoutError(f"{failure}: {shown}") from None

    def shown(self) -> str:
        """How talking stands at it."""
        status = self.desk.parts.status.status()
        pedal, subline = status.buttons.row("talk"), self.window.talk_place.subline()
        return f"{status.transmit}, {pedal}, {subline!r}"

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)

    def press_with_ctrl(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window.windowHandle(), key, Qt.KeyboardModifier.ControlModifier)

    def site(self) -> State:
        """The site's own word, asked from beside."""
        return beside(self._ask_site)

    def _ask_site(self) -> State:
        with visit(find_site(self.net.home, interface=LOOPBACK)) as guest:
            return guest.read_all()

    def alarm(self) -> Alarm:
        return next(iter(self.site().alarms.values()))


def sit_down(lan: Net, *options: str) -> Sitting:
    line = ["desk", "--home", str(lan.home), "--interface", LOOPBACK, "--device", "null"]
    given = command_parser("desk").parse_args([*line, "--person", "Kari Nordmann", *options])
    given.keys = None
    desk = Desk(given)
    window = desk.open()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 5_000)
    return Sitting(lan, window, desk)


@pytest.fixture
def sitting(lan: Net, qapp: QApplication) -> Iterator[Sitting]:
    """A desk with one talkgroup that is heard and one alarm that nobody has answered."""
    lan.start("site")
    sound = lan.home / "tone.wav"
    from tests.audio.engine_fixtures import write_tone  # noqa: PLC0415

    write_tone(sound, 500.0, 4.0)
    lan.start("publish", str(sound), "--talkgroup", "lv1", "--loop", home=lan.home / "tone")
    here = sit_down(lan)
    try:
        here.until(lambda: here.desk.parts.status.status().site_link == "up", "the site")
        with visit(find_site(lan.home, interface=LOOPBACK), spool=lan.home / "cli") as guest:
            guest.deliver(TalkgroupDefined("lv1", "Havnvik-LV", "legevakt", exercise=True))
            guest.deliver(UnitDefined("a13", "AMB 1-3", "ambulance", talkgroup="lv1"))
            guest.deliver(AlarmRaised("al1", "a13", talkgroup="lv1"))
        here.until(lambda: here.window.alarms.unacknowledged == 1, "the alarm on the screen")
        here.until(lambda: here.window.tiles.key_of_number("1") is not None, "the tile")
        here.until(lambda: here.window.alarms.answers, "a hand has had time to see it")
        yield here
    finally:
        here.desk.end()
        here.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def mix_of(engine: EngineClient) -> protocol.SetMix:
    return engine.status(10.0).streams[0].mix


def test_an_alarm_is_sounded_answered_by_keys_and_closed(sitting: Sitting) -> None:
    window = sitting.window
    assert window.tiles.tiles()[0].hasFocus(), "also one that came after the window"
    with engine_of(sitting.net.home) as (engine, _):
        sitting.until(lambda: engine.status(10.0).unacknowledged_alarms == 1, "the tone")
        sitting.press(Qt.Key.Key_F1)
        sitting.until(lambda: window.alarms.unacknowledged == 0, "the site's own word")
        sitting.until(lambda: engine.status(10.0).unacknowledged_alarms == 0, "silence")
    answered = sitting.alarm()
    assert answered.state == "acknowledged"
    assert answered.answered is not None
    assert answered.answered.person == "Kari Nordmann"
    sitting.press(Qt.Key.Key_F2)
    sitting.until(lambda: sitting.alarm().state == "in-progress", "in progress")
    card = window.alarms.card(window.alarms.current)
    sitting.until(card.close_it.isEnabled, "the site's own word that it was taken")
    sitting.press(Qt.Key.Key_F4)
    QTest.keyClick(card.reasons["false-press"], Qt.Key.Key_Return)
    sitting.until(lambda: sitting.alarm().state == "closed", "closed")
    sitting.until(lambda: window.alarms.current == "", "the card is gone")
    assert window.tiles.tiles()[0].hasFocus(), "where the hand was"


def test_news_on_the_way_in_makes_nothing_unknown(sitting: Sitting) -> None:
    desk, status = sitting.desk, sitting.desk.parts.status.status
    sitting.until(lambda: status().site_read, "all of the site's log")
    desk.parts.inbox.post(news.EnrolmentEnded(""))
    assert not desk.parts.inbox.is_empty
    desk.linked.upkeep.look_at_site(has_all=True)
    assert status().site_read
    assert sitting.window.alarms.told == "" or "ukjent" not in sitting.window.alarms.told
    desk.linked.upkeep.look_at_site(has_all=False)
    assert not status().site_read, "the link is lost"
    desk.linked.upkeep.look_at_site(has_all=True)
    assert not status().site_read, "not before what waits is taken in"
    sitting.until(lambda: status().site_read, "it again")


def test_a_desk_without_a_name_is_called_what_the_site_calls_it(sitting: Sitting) -> None:
    desk = sitting.desk
    for label in ("Plass 7", "Plass 8"):
        desk.parts.inbox.post(news.EnrolmentEnded("", label))
        sitting.until(lambda: desk.parts.inbox.is_empty, "the door's word")
        assert desk.parts.status.status().position == "Plass 7", "then it has one"
    assert desk.memory.now.position == "Plass 7"


def test_an_answer_by_who_has_not_signed_in_says_so_to_everybody(sitting: Sitting) -> None:
    """The desk was started with a name; the site has persons, and nobody has given a PIN."""
    persons, window = sitting.desk.parts.persons, sitting.window
    sitting.until(lambda: persons.is_confirmed, "a site without persons")
    command = ["person", "add", "Kari Nordmann", "--home", str(sitting.net.home)]
    line = [sys.executable, "-m", "console.cli", *command]
    subprocess.run(line, input=b"4711\n4711\n", env=environment(), check=True, timeout=60)
    persons._ask_names()  # what the desk does once a minute
    sitting.until(lambda: window.pin_bar.is_asking, "the PIN's question, by itself")
    sitting.press(Qt.Key.Key_F1)
    sitting.until(lambda: window.alarms.unacknowledged == 0, "the site's own word")
    answered = sitting.alarm().answered
    assert answered is not None
    assert (answered.person, answered.unconfirmed) == ("Kari Nordmann", True)
    sitting.press(Qt.Key.Key_F9)
    assert window.pin_bar.field.hasFocus()
    QTest.keyClicks(window.pin_bar.field, "4711")
    QTest.keyClick(window.pin_bar.field, Qt.Key.Key_Return)
    sitting.until(lambda: persons.is_confirmed, "signed in")
    sitting.press(Qt.Key.Key_F2)
    sitting.until(lambda: sitting.alarm().taken is not None, "taken")
    taken = sitting.alarm().taken
    assert taken is not None
    assert (taken.person, taken.unconfirmed) == ("Kari Nordmann", False)


def test_tiles_turn_mute_and_select_in_the_engine(sitting: Sitting) -> None:
    window = sitting.window
    with engine_of(sitting.net.home) as (engine, _):
        sitting.until(lambda: any(s.talking for s in engine.status(10.0).streams), "the tone")
        sitting.press(Qt.Key.Key_1)
        sitting.until(lambda: mix_of(engine).attention == "selected", "selected by its number")
        sitting.press(Qt.Key.Key_M)
        sitting.until(lambda: mix_of(engine).muted, "muted")
        sitting.press(Qt.Key.Key_M)
        sitting.until(lambda: not mix_of(engine).muted, "unmuted")
        sitting.press(Qt.Key.Key_Minus)
        sitting.until(lambda: mix_of(engine).gain_db < 0, "turned down")
        assert mix_of(engine).priority == protocol.MAX_PRIORITY, "its alarm is open"
        level = window.tiles.tile(engine.status(10.0).streams[0].stream)
        sitting.until(lambda: level._lit > 0, "its level is shown")


def test_what_was_missed_is_caught_up_on_by_a_key_and_stopped_by_another(
    sitting: Sitting,
) -> None:
    desk, window = sitting.desk, sitting.window

    def is_replaying() -> bool:
        replay = desk.parts.status.status().replay
        return replay is not None and replay.state == "playing"

    sitting.press(Qt.Key.Key_F1)
    sitting.until(lambda: window.alarms.unacknowledged == 0, "no alarm that it would wait for")
    sound = str(sitting.net.home / "tone.wav")
    call = ("publish", sound, "--talkgroup", "lv2", "--loop")
    caller = sitting.net.start(*call, home=sitting.net.home / "two")
    sitting.until(lambda: len(window.tiles.tiles()) == 2, "another group")
    [tile] = [one for one in window.tiles.tiles() if one.row.talkgroup == "lv2"]
    sitting.until(lambda: bool(tile.row.speaker), "a call in it")
    window.tiles.focus_key(tile.row.key)
    sitting.press(Qt.Key.Key_M)
    sitting.until(lambda: tile.row.muted, "muted")
    end(caller)
    sitting.until(lambda: tile.row.missed > 0, "a call that nobody heard to its end")
    assert tile.missed.isVisible()
    sitting.press(Qt.Key.Key_C)
    sitting.until(is_replaying, "the catch-up")
    assert "lv2" in window.replay.accessibleName()
    sitting.press(Qt.Key.Key_Escape)
    sitting.until(window.replay.isHidden, "silence")
    sitting.press(Qt.Key.Key_R)
    sitting.until(is_replaying, "the recall")
    audit = sitting.net.home / "engine" / "recall" / "audit.log"
    assert '"who":"Kari Nordmann","what":"recall"' in audit.read_text("utf-8")


def test_a_group_is_put_first_its_call_saved_and_kept_ones_deleted_after_a_question(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, home = sitting.window, sitting.net.home
    monkeypatch.setattr("widgets.retention.GRACE_S", 0.3)
    sitting.press(Qt.Key.Key_F1)
    sitting.until(lambda: window.alarms.unacknowledged == 0, "no alarm that takes the page's place")
    call = ("publish", str(home / "tone.wav"), "--talkgroup", "lv2", "--loop")
    caller = sitting.net.start(*call, home=home / "two")
    sitting.until(lambda: len(window.tiles.tiles()) == 2, "another group")
    [tile] = [one for one in window.tiles.tiles() if one.row.talkgroup == "lv2"]
    sitting.until(lambda: bool(tile.row.speaker), "a call in it")
    sitting.press_with_ctrl(Qt.Key.Key_D)
    page = window.diagnostics
    sitting.until(lambda: page.model.rowCount() == 2, "both streams in the diagnostics")
    talking = [page.model.row(n) for n in range(2)]
    sitting.until(lambda: all(page.model.row(n).delay_ms for n in range(2)), str(talking))
    assert page.figures.figures()
    sitting.press(Qt.Key.Key_Escape)
    window.tiles.focus_key(tile.row.key)
    sitting.press(Qt.Key.Key_P)
    QTest.keyClick(window.tiles.menu, Qt.Key.Key_Up)
    QTest.keyClick(window.tiles.menu, Qt.Key.Key_Return)
    window.activateWindow()  # what a window system does when a menu closes, this one does not
    assert QTest.qWaitForWindowActive(window, 5_000)
    with engine_of(home) as (engine, _):
        sitting.until(
            lambda: any(one.mix.priority == 2 for one in engine.status(10.0).streams),
            "it is told to the engine",
        )
    end(caller)
    sitting.press_with_ctrl(Qt.Key.Key_R)
    sitting.until(lambda: window.calls.model.rowCount() > 0, "the call is kept and listed")
    window.calls._folder = home
    QTest.keyClick(window.calls.list, Qt.Key.Key_Return)
    dialog = window.calls.dialog
    assert dialog is not None
    dialog.selectFile("taken.wav")
    dialog.accept()
    sitting.until(lambda: str(home / "taken.wav") in window.calls.note.text(), "it is told")
    assert (home / "taken.wav").stat().st_size > 10_000
    audit = home / "engine" / "recall" / "audit.log"
    assert '"who":"Kari Nordmann","what":"export"' in audit.read_text("utf-8")
    window.calls._decided(window.calls.model.row(0), str(home / "taken.wav"), "wav")
    sitting.until(lambda: "there already" in window.calls.note.text(), "and is not replaced")

    window.top.hours.actions()[0].trigger()
    QTest.mouseClick(window.retention.yes, Qt.MouseButton.LeftButton)
    sitting.until(lambda: window.calls.model.rowCount() == 0, "nothing is kept")
    assert not list((home / "engine" / "recall").glob("*.burst"))
    settings = home / "desk" / "settings.json"
    sitting.until(lambda: '"recall_hours": 0' in settings.read_text("utf-8"), "remembered")
    assert '"priority": "high"' in settings.read_text("utf-8")


def test_what_the_site_would_tell_is_unknown_until_all_of_it_is_read_and_while_it_is_gone(
    lan: Net, qapp: QApplication
) -> None:
    here = sit_down(lan)
    alarms = here.window.alarms
    try:
        turn(1_500)
        assert alarms.told.startswith("Alarmer ukjent"), "a desk without a site knows nothing"
        lan.start("site")
        here.until(lambda: alarms.told == "Ingen sikkerhetsalarmer", "the site's word")
        stop_site(lan.home)
        here.until(lambda: alarms.told.startswith("Alarmer ukjent"), "out of reach")
        since_s = here.desk.parts.status.status().site_lost_s
        assert since_s is not None
        assert time.strftime("%H:%M", time.localtime(since_s)) in alarms.told
    finally:
        here.desk.end()
        here.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.long
def test_what_was_chosen_is_there_again(sitting: Sitting) -> None:
    sitting.press(Qt.Key.Key_1)
    sitting.window._theme_wanted("day")
    sitting.window.master.slider.setValue(-6)
    sitting.window.top._evened.trigger()
    sitting.desk.parts.actions.choose_second("pulse:nowhere")
    sitting.desk.parts.actions.set_second_gain(-12.0)
    sitting.window.top.microphone.side_tone.trigger()
    sitting.desk.parts.actions.choose_microphone("pulse:nowhere")
    sitting.press(Qt.Key.Key_Minus)
    sitting.window.top._languages["nn"].trigger()
    settings = sitting.net.home / "desk" / "settings.json"
    sitting.until(lambda: settings.exists() and '"day"' in settings.read_text("utf-8"), "saved")
    again = sit_down(sitting.net)
    try:
        assert again.desk.parts.status.status().person == "Kari Nordmann"
        sitting.until(lambda: again.desk.parts.talkgroups.keys() != (), "its tiles")
        key = again.desk.parts.talkgroups.keys()[0]
        assert again.desk.parts.talkgroups.row(key).gain_db == -3.0
        with engine_of(sitting.net.home) as (engine, _):
            master = protocol.SetMaster(-6.0, evened=False, second_db=-12.0)
            sitting.until(lambda: engine.status(10.0).master == master, "its volume")
            sitting.until(lambda: engine.status(10.0).second is not None, "its loudspeaker")
            sitting.until(
                lambda: "nowhere" in engine.status(10.0).microphone.why,
                "its microphone, or why not",
            )
        sitting.until(lambda: again.desk.parts.status.status().microphone.note != "", "it is told")
        assert again.window.top.microphone.side_tone.isChecked()
        assert again.window.master.slider.value() == -6
        assert not again.window.top._evened.isChecked()
        assert again.desk.parts.talkgroups.row(key).attention == "selected"
        assert again.desk.memory.now.theme == "day"
        assert again.desk.memory.now.language == "nn"
        assert again.window.top._languages["nn"].isChecked()
        assert again.window.talk_place.headline().startswith(("HALD", "KAN IKKJE"))
    finally:
        again.desk.end()


def test_talking_is_refused_and_says_why(sitting: Sitting) -> None:
    sitting.press(Qt.Key.Key_Space)
    assert sitting.window.talk_place.accessibleName() or sitting.window.talk_place.toolTip()
    assert sitting.desk.parts.status.status().transmit_note


@pytest.mark.long
def test_a_desk_that_was_too_far_behind_keeps_the_alarm_and_misses_no_stream(
    sitting: Sitting,
) -> None:
    desk, window = sitting.desk, sitting.window
    with engine_of(sitting.net.home) as (engine, _):
        sitting.until(lambda: engine.status(10.0).unacknowledged_alarms == 1, "the tone")
        counts: list[int] = []
        desk.parts.alarm_sound.changed.connect(lambda told: counts.append(told.unacknowledged))
        sound = str(sitting.net.home / "tone.wav")
        sitting.net.start("publish", sound, "--talkgroup", "lv2", home=sitting.net.home / "two")
        assert desk.parts.outside.links is not None
        while not any(one.talkgroup == "lv2" for one in desk.parts.outside.links.streams()):
            time.sleep(0.02)  # the window stands still: what is told of it waits in the inbox
        for _ in range(MAX_WAITING + 1):
            desk.parts.inbox.post(EngineSaid(protocol.Slots({})))
        sitting.until(
            lambda: len(desk.parts.talkgroups.keys()) == 2, "the stream that was found then"
        )
        sitting.until(desk.parts.outside.has_all_of_site, "the whole log")
        sitting.until(lambda: len(engine.status(10.0).streams) == 2, "it is listened to")
        assert engine.status(10.0).unacknowledged_alarms == 1
    assert counts == [], "the alarm was never off, not for a moment"
    assert window.alarms.unacknowledged == 1
    sitting.press(Qt.Key.Key_F1)
    sitting.until(lambda: window.alarms.unacknowledged == 0, "answers still go out")


def test_an_answer_that_nothing_could_keep_is_said_until_another_is_kept(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, window = sitting.desk, sitting.window
    with monkeypatch.context() as full:
        full.setattr(desk.parts.outside.links, "publish", lambda *_given, **_named: False)
        sitting.press(Qt.Key.Key_F1)
    assert desk.parts.status.status().refused_answer
    assert window.alarms.card("al1").row.pending == "", "it is not on its way"
    desk.linked.greet()  # the site came back
    assert desk.parts.status.status().refused_answer
    sitting.press(Qt.Key.Key_F1)
    sitting.until(lambda: window.alarms.unacknowledged == 0, "the second press")
    assert not desk.parts.status.status().refused_answer


def test_names_too_long_for_an_event_are_cut_before_they_refuse_every_answer(
    tmp_path: Path,
) -> None:
    line = ["--home", str(tmp_path), "--person", "x" * 90, "--position", "Plass\n1"]
    given = command_parser("desk").parse_args(["desk", *line])
    known = settings_with(DeskSettings(), given)
    assert (known.person, known.position) == ("x" * 64, "Plass1")


def test_all_voices_are_muted_and_heard_again_by_keys(sitting: Sitting) -> None:
    window = sitting.window
    with engine_of(sitting.net.home) as (engine, _):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
        sitting.until(window.mute_bar.isVisible, "the engine's own word")
        assert 0 < engine.status(10.0).muted_s <= 30
        QTest.mouseClick(window.mute_bar.button, Qt.MouseButton.LeftButton)
        sitting.until(lambda: not window.mute_bar.isVisible(), "voices again")
        assert engine.status(10.0).muted_s == 0


def test_a_message_is_delivered_read_and_answered_from_the_window(sitting: Sitting) -> None:
    window, me = sitting.window, sitting.desk.parts.outside.member()
    with visit(find_site(sitting.net.home, interface=LOOPBACK), spool=sitting.net.home / "c2") as g:
        sent = g.deliver(MessageSent(to=me, text="Ring AMB 1-3"))
    sitting.until(window.post_bar.isVisible, "the message above the map")
    assert "Ring AMB 1-3" in window.post_bar.accessibleName()

    def receipts() -> list[str]:
        return [one.state for one in sitting.site().receipts.get(sent, ())]

    sitting.until(lambda: receipts() == ["delivered"], "the desk has it")
    sitting.press(Qt.Key.Key_F7)
    sitting.until(lambda: receipts() == ["read"], "somebody has read it")
    sitting.until(lambda: not window.post_bar.isVisible(), "the bar to go")
    sitting.press_with_ctrl(Qt.Key.Key_N)
    QTest.keyClicks(window.people.search, "AMB 1-3")
    QTest.keyClick(window.people.search, Qt.Key.Key_Return)
    QTest.mouseClick(window.people.kinds["callout"], Qt.MouseButton.LeftButton)
    QTest.keyClicks(window.people.text, "Storgata 14")
    QTest.keyClick(window.people.text, Qt.Key.Key_Return)
    sitting.until(lambda: len(sitting.site().callouts) == 1, "the call-out at the site")
    (callout,) = sitting.site().callouts.values()
    assert (callout.to, callout.text, callout.sent.person) == (
        ("a13",),
        "Storgata 14",
        "Kari Nordmann",
    )


def test_another_person_who_opens_the_desk_is_told_what_was_left_muted(sitting: Sitting) -> None:
    tile = sitting.window.tiles.tiles()[0].row
    sitting.desk.parts.actions.set_muted(tile.key, True)
    sitting.desk.end()
    again = sit_down(sitting.net, "--person", "Per Natt")
    try:
        bar = again.window.left_muted
        again.until(lambda: tile.name in bar.accessibleName(), "the mute that Kari has left")
        assert bar.isVisible()
        QTest.mouseClick(bar.hear, Qt.MouseButton.LeftButton)
        again.until(lambda: not again.window.tiles.tiles()[0].row.muted, "heard again")
    finally:
        again.desk.end()
        again.window.deleteLater()
