"""What the links tell, taken in: nothing is lost, and the tone follows what is known."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from audio import protocol
from console.desk import news
from console.desk.intake import Intake, Models
from console.desk.listening import MISSING_S, Listening
from console.domain import events as e
from console.models.alarms import AlarmModel
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.streams.announcement import Announcement
from tests.gui.model_bench import Author
from widgets.contracts.rows import DeskStatus, DeviceChoice, Microphone


def announcement(talkgroup: str) -> Announcement:
    return Announcement(
        stream=f"{talkgroup}@gw.local", talkgroup=talkgroup, name=talkgroup, host="gw.local",
        port=5004, payload_type=111, encoding="opus", clock_rate=48_000, channels=2,
        group="239.77.1.1",
    )  # fmt: skip


def spec(talkgroup: str) -> protocol.StreamSpec:
    return protocol.StreamSpec(
        f"{talkgroup}@gw.local", 5004, 111, "opus", 48_000, 2, group="239.77.1.1"
    )


def figures(one: protocol.StreamSpec) -> protocol.StreamFigures:
    return protocol.StreamFigures(one.stream, 0, one, protocol.SetMix(one.stream), True, False)


def status(
    *streams: protocol.StreamSpec, sounding: int = 0, state: protocol.DeviceState = "none"
) -> news.EngineSaid:
    of_them = tuple(figures(one) for one in streams)
    return news.EngineSaid(protocol.Status(of_them, "null", state, unacknowledged_alarms=sounding))


class Bench:
    """Models and intake without links."""

    def __init__(self) -> None:
        self.store = SiteStore()
        self.alarms = AlarmModel(self.store)
        self.status = StatusModel(DeskStatus())
        self.listening = Listening(interface=None, keys=None, unicast_ports={})
        self.talkgroups = TalkgroupModel(
            self.store, settings={}, order=(),
            unheard=lambda key: self.listening.unheard.get(key, ""),
        )  # fmt: skip
        self.sent: list[protocol.Command] = []
        self.caught_up = False
        models = Models(self.store, self.talkgroups, self.alarms, self.status)
        self.now_s = 100.0
        self.wall_s = 1_800_000_000.0
        self.intake = Intake(
            models, self.listening, self.sent.append, lambda: self.caught_up,
            now_s=lambda: self.now_s, wall_s=lambda: self.wall_s,
        )  # fmt: skip
        self.author = Author()

    def alarm(self, key: str = "al1") -> news.SiteSaid:
        return news.SiteSaid((self.author(e.AlarmRaised(key, "nobody-knows-it", talkgroup="no")),))

    def count_sent(self) -> list[int]:
        return [one.unacknowledged for one in self.sent if isinstance(one, protocol.SetAlarms)]


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def test_news_that_fails_takes_nothing_else_with_it(bench: Bench) -> None:
    odd = news.EngineSaid(msgspec.structs.replace(protocol.Slots({}), slots=None))
    found = news.StreamsFound((announcement("lv1"),), ())
    bench.intake.take((odd, bench.alarm(), found))
    assert bench.intake.failed == 1
    assert bench.alarms.unacknowledged == 1
    assert bench.talkgroups.keys() == ("lv1@gw.local",)
    assert bench.alarms.row("al1").call_sign == "nobody-knows-it"


def test_a_sounding_engine_is_silenced_only_by_a_desk_that_knows_all(bench: Bench) -> None:
    bench.intake.take((news.SiteIs("up", ""), status(sounding=2)))
    bench.now_s += 60  # a long log takes its time
    bench.intake.take((status(sounding=2),))
    assert bench.count_sent() == []
    bench.caught_up = True
    bench.intake.take((status(sounding=2),))
    assert bench.count_sent() == [], "the last of it may still wait in the inbox"
    bench.now_s += 3
    bench.intake.take((status(sounding=2),))
    assert bench.count_sent() == [0]


def test_an_engine_that_is_too_quiet_is_told_at_once_site_or_no_site(bench: Bench) -> None:
    bench.intake.take((bench.alarm(), news.SiteIs("down", "gone")))
    bench.sent.clear()
    bench.intake.take((status(sounding=0),))
    assert bench.count_sent() == [1]


def test_adopted_streams_are_wishes_too(bench: Bench) -> None:
    """Else the next engine hears nothing that the desk found the last one hearing."""
    secured = msgspec.structs.replace(spec("sec"), srtp="AEAD_AES_128_GCM")
    bench.intake.take((status(spec("lv1"), secured),))
    listened = [one.spec.stream for one in bench.sent if isinstance(one, protocol.Listen)]
    assert listened == ["lv1@gw.local"], "a secured one waits for its key"


def test_a_refused_stream_says_why_and_is_asked_for_again(bench: Bench) -> None:
    bench.intake.take((news.StreamsFound((announcement("lv1"),), ()),))
    refused = protocol.Refused("listen", "the port is in use", stream="lv1@gw.local")
    bench.intake.take((news.EngineSaid(refused),))
    row = bench.talkgroups.row("lv1@gw.local")
    assert (row.presence, row.note) == ("unreachable", "the port is in use")
    bench.intake.take((status(),))
    bench.sent.clear()
    bench.now_s += MISSING_S
    bench.intake.take((status(),))
    assert [one.spec.stream for one in bench.sent if isinstance(one, protocol.Listen)] == [
        "lv1@gw.local"
    ]
    bench.intake.take((status(spec("lv1")),))
    bench.intake.take((status(spec("lv1")),))
    row = bench.talkgroups.row("lv1@gw.local")
    assert (row.presence, row.note) == ("present", "")


def test_streams_are_compared_when_what_was_told_of_them_was_lost(bench: Bench) -> None:
    bench.intake.take((news.StreamsFound((announcement("stays"), announcement("goes")), ()),))
    bench.intake.streams_are((announcement("stays"), announcement("came")))
    rows = {key: bench.talkgroups.row(key).presence for key in bench.talkgroups.keys()}  # noqa: SIM118
    assert rows == {"stays@gw.local": "silent", "goes@gw.local": "gone", "came@gw.local": "silent"}


def test_the_offer_to_start_a_site_goes_when_there_is_one(bench: Bench) -> None:
    bench.intake.take((news.SiteMissing("none"),))
    assert bench.status.status().site_offer
    bench.intake.take((news.SiteIs("up", ""),))
    assert not bench.status.status().site_offer


def test_a_mute_of_all_is_shown_as_the_engine_tells_it(bench: Bench) -> None:
    def until() -> float | None:
        return bench.status.status().muted_until_s

    bench.intake.take([news.EngineSaid(protocol.AllMuted(30.0))])
    begun = until()
    assert begun == bench.wall_s + 30
    bench.wall_s += 10.2
    bench.intake.take([news.EngineSaid(muted_status(20.0))])
    assert until() == begun, "the same end, told a little later"
    bench.intake.take([news.EngineSaid(protocol.AllMuted(30.0))])
    assert until() == bench.wall_s + 30, "another desk's tool has prolonged it"
    bench.intake.take([news.EngineSaid(muted_status(0.0))])
    assert until() is None, "the word that it ended was lost"


def test_a_new_engine_mutes_nothing(bench: Bench) -> None:
    bench.intake.take([news.EngineSaid(protocol.AllMuted(30.0))])
    bench.intake.take([news.EngineIs("down", "it died")])
    assert bench.status.status().muted_until_s is None


def muted_status(seconds: float) -> protocol.Status:
    return protocol.Status((), "null", "none", muted_s=seconds)


def test_the_microphone_is_shown_as_it_is_told_and_lost_with_its_engine(qtbot: QtBot) -> None:
    bench = Bench()

    def told(event: protocol.Event) -> Microphone:
        bench.intake.take([news.EngineSaid(event)])
        return bench.status.status().microphone

    known = told(protocol.MicrophoneChanged("Jabra", "lost", "Jabra has stopped"))
    assert (known.name, known.state, known.note) == ("Jabra", "lost", "Jabra has stopped")
    assert not known.relied_on
    known = told(protocol.Microphones(("null", "pulse:j"), labels={"pulse:j": "Jabra"}))
    assert known.choices == (DeviceChoice("null"), DeviceChoice("pulse:j", "Jabra"))
    assert told(protocol.HearingMyself(10.0)).hearing
    bench.intake.take([news.EngineIs("down", "killed")])
    known = bench.status.status().microphone
    assert (known.state, known.hearing) == ("none", False)
    figures = protocol.MicrophoneFigures("Jabra", "ready", note="no noise suppression")
    known = told(protocol.Status((), "null", "none", microphone=figures))
    assert (known.state, known.note) == ("ready", "no noise suppression")
    assert told(protocol.MicrophoneChanged("Jabra", "lost", "Jabra has stopped")).relied_on


def test_the_sites_log_is_known_only_once_read_and_while_in_reach(bench: Bench) -> None:
    now = bench.status.status
    bench.intake.take((news.SiteMissing("none", ""),))
    assert (now().site_read, now().site_lost_s) == (False, None), "never reached is not lost"
    bench.intake.take((news.SiteIs("up", ""),))
    assert not now().site_read, "connected, but not read yet"
    bench.intake.site_is_read(True)
    assert (now().site_read, now().site_lost_s) == (True, None)
    lost_s = bench.wall_s
    bench.intake.take((news.SiteIs("down", "gone"),))
    bench.wall_s += 500.0
    bench.intake.take((news.SiteIs("down", "still gone"), news.SiteMissing("none", "")))
    assert (now().site_read, now().site_lost_s) == (False, lost_s)
    bench.intake.take((news.SiteIs("up", ""),))
    assert (now().site_read, now().site_lost_s) == (False, lost_s), "old until it is read again"
