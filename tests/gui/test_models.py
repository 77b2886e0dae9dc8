"""View-models: what the window is given follows from events, the engine's word and the hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from audio import protocol
from console.desk.news import SiteSaid, weight
from console.domain import events as e
from console.models.actions import DeskActions
from console.models.alarm_sound import AlarmSound
from console.models.alarms import KEPT_S, AlarmModel, _nearest
from console.models.inbox import MAX_WAITING, Inbox
from console.models.log import MAX_ROWS, LogModel
from console.models.people import PeopleModel
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.models.units import UnitModel
from console.settings import MAX_TILES, DeskSettings, SettingsFile, TileSettings
from console.streams.announcement import Announcement
from tests.gui.model_bench import Author
from widgets.contracts.rows import DeskStatus

HORTEN = e.Position(lat=59.4172, lon=10.4834, accuracy_m=8.0)


def announcement(talkgroup: str, name: str = "", host: str = "gw.local") -> Announcement:
    return Announcement(
        stream=f"{talkgroup}@{host}", talkgroup=talkgroup, name=name or talkgroup, host=host,
        port=5004, payload_type=111, encoding="opus", clock_rate=48_000, channels=2,
        group="239.77.1.1",
    )  # fmt: skip


def figures(stream: str, **more: object) -> protocol.StreamFigures:
    spec = protocol.StreamSpec(stream, 5004, 111, "opus", 48_000, 2, group="239.77.1.1")
    given: dict[str, object] = {"slot": 0, "present": True, "talking": False, **more}
    return protocol.StreamFigures(stream=stream, spec=spec, mix=protocol.SetMix(stream), **given)  # type: ignore[arg-type]  # test shorthand


class Bench:
    """A desk's models without a window, an engine or a site."""

    def __init__(
        self, order: Sequence[str] = (), tiles: dict[str, TileSettings] | None = None
    ) -> None:
        self.now_s = 100.0
        self.unheard: dict[str, str] = {}
        self.store = SiteStore()
        self.units = UnitModel(self.store)
        self.alarms = AlarmModel(self.store)
        self.log = LogModel(self.store)
        self.status = StatusModel(DeskStatus())
        self.talkgroups = TalkgroupModel(
            self.store, settings=tiles or {}, order=order,
            unheard=lambda key: self.unheard.get(key, ""), now_s=lambda: self.now_s,
            ticks_s=lambda: self.now_s,
        )  # fmt: skip
        self.to_engine: list[protocol.Command] = []
        self.published: list[tuple[e.AnyBody, str | None]] = []
        self.talkgroups.mix_changed.connect(self.to_engine.append)
        self.actions = DeskActions(
            store=self.store, talkgroups=self.talkgroups, alarm_model=self.alarms,
            status=self.status, to_engine=self.to_engine.append, publish=self._publish,
        )  # fmt: skip
        self.author = Author()

    def _publish(self, body: e.AnyBody, *, cause: str | None = None) -> bool:
        self.published.append((body, cause))
        return True

    def say(self, *bodies: e.AnyBody) -> list[e.Event]:
        events = [self.author(body) for body in bodies]
        self.store.apply(events)
        return events


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def ambulance(key: str = "a34", call_sign: str = "AMB 3-4") -> e.UnitDefined:
    return e.UnitDefined(key, call_sign, "ambulance", talkgroup="lv1")


# -- units -------------------------------------------------------------------------------------


def test_a_unit_is_shown_as_the_events_say(bench: Bench) -> None:
    bench.say(
        e.TalkgroupDefined("lv1", "Horten-LV", "legevakt"), ambulance(), e.UnitMoved("a34", HORTEN),
        e.StatusChanged("a34", "en-route", "red"),
    )  # fmt: skip
    row = bench.units.row("a34")
    assert (row.call_sign, row.kind, row.talkgroup) == ("AMB 3-4", "ambulance", "Horten-LV")
    assert (row.lat, row.lon, row.accuracy_m) == (HORTEN.lat, HORTEN.lon, 8.0)
    assert (row.status, row.urgency) == ("en-route", "red")


def test_crew_radio_and_when_a_unit_was_heard_last_are_shown(bench: Bench) -> None:
    crewed = msgspec.structs.replace(ambulance(), crew=("Ine Øving", "Per Øving"), issi="3400134")
    at = msgspec.structs.replace(HORTEN, battery_percent=9, battery_low=True, coverage="none")
    bench.say(
        e.TalkgroupDefined("lv1", "Horten-LV", "legevakt"), crewed, e.UnitMoved("a34", at),
        e.StatusChanged("a34", "available"),
    )  # fmt: skip
    row = bench.units.row("a34")
    assert (row.crew, row.issi, row.free) == (("Ine Øving", "Per Øving"), "3400134", True)
    assert (row.battery_percent, row.battery_low, row.coverage) == (9, True, "none")
    assert row.heard_s is None
    [_, released] = bench.say(e.FloorGranted("lv1", "a34", 7), e.FloorReleased("lv1", "a34", 900))
    later = [e.FloorReleased("lv1", f"other{n}", 900) for n in range(20)]
    bench.say(*later)
    row = bench.units.row("a34")
    assert (row.heard_s, row.heard_in) == (released.time_ms / 1e3, "Horten-LV")
    bench.store.expire(released.time_ms + 10_000, {e.FloorReleased: 5_000})
    assert bench.units.row("a34").heard_s is None, "the site's log has let go of it"
    bench.say(ambulance())
    assert bench.units.row("a34").crew == (), "told anew without"


def test_a_unit_that_is_heard_before_it_is_known_is_known_to_have_been_heard(bench: Bench) -> None:
    [released] = bench.say(e.FloorReleased("lv1", "a34", 900))
    bench.say(ambulance())
    assert bench.units.row("a34").heard_s == released.time_ms / 1e3


def test_where_somebody_has_the_floor_in_an_emergency_nobody_turns_it_down(bench: Bench) -> None:
    bench.say(e.TalkgroupDefined("lv1", "Horten-LV", "legevakt"))
    bench.talkgroups.announced([announcement("lv1", host="h")], [])
    assert bench.talkgroups.mix("lv1@h").priority == 1
    bench.say(e.FloorGranted("lv1", "a34", 7, emergency=True))
    assert bench.talkgroups.mix("lv1@h").priority == protocol.MAX_PRIORITY
    assert bench.to_engine[-1] == bench.talkgroups.mix("lv1@h"), "the engine is told at once"
    bench.say(e.FloorReleased("lv1", "a34", 900))
    assert bench.talkgroups.mix("lv1@h").priority == 1


def test_only_the_unit_that_moved_is_told_of(bench: Bench, qtbot: QtBot) -> None:
    bench.say(ambulance("a1"), ambulance("a2"))
    with qtbot.waitSignal(bench.units.changed) as told:
        bench.say(e.UnitMoved("a2", HORTEN))
    assert told.args == [("a2",)]


def test_a_units_alarm_follows_the_alarm(bench: Bench) -> None:
    (_, raised) = bench.say(ambulance(), e.AlarmRaised("al1", "a34"))
    assert bench.units.row("a34").alarm == "raised"
    bench.say(e.AlarmAcknowledged("al1"))
    assert bench.units.row("a34").alarm == "acknowledged"
    bench.say(e.AlarmClosed("al1", "false-press"))
    assert bench.units.row("a34").alarm is None
    assert raised.body.alarm == "al1"  # type: ignore[union-attr]  # it is the AlarmRaised above


# -- alarms ------------------------------------------------------------------------------------


def test_unacknowledged_alarms_come_first_and_drive_the_tone(bench: Bench, qtbot: QtBot) -> None:
    counts: list[int] = []
    sound = AlarmSound(bench.store, bench.status)
    sound.changed.connect(lambda told: counts.append(told.unacknowledged))
    bench.say(ambulance(), e.AlarmRaised("al1", "a34"))
    bench.say(e.AlarmAcknowledged("al1"))
    bench.say(e.AlarmRaised("al2", "a34"), e.AlarmRaised("al3", "a34"))
    assert bench.alarms.keys() == ("al3", "al2", "al1")
    assert counts == [1, 0, 2]


def test_an_answer_is_pending_until_the_site_has_it(bench: Bench) -> None:
    raised = bench.say(ambulance(), e.AlarmRaised("al1", "a34", position=HORTEN))[1]
    bench.actions.acknowledge("al1")
    assert bench.alarms.row("al1").pending == "acknowledge"
    assert bench.alarms.row("al1").state == "raised"  # not before the site says so
    assert bench.published == [(e.AlarmAcknowledged("al1"), raised.id)]
    desk = Author("desk-1", "Fiktiv Operatør", start_ms=1_790_000_900_000)
    bench.store.apply([desk(e.AlarmAcknowledged("al1"), cause=raised.id)])
    row = bench.alarms.row("al1")
    assert (row.pending, row.state, row.acknowledged_by) == ("", "acknowledged", "Fiktiv Operatør")


def test_an_alarm_says_who_is_sent_what_was_noted_and_whose_it_is(bench: Bench) -> None:
    bench.alarms = AlarmModel(bench.store, member=lambda: "desk-1")
    bench.say(ambulance(), e.AlarmRaised("al1", "a34", position=HORTEN))
    desk = Author("desk-1", "Fiktiv Operatør", start_ms=1_790_000_900_000)
    bench.store.apply(
        [
            desk(e.AlarmTaken("al1")),
            desk(e.AlarmUnitsSent("al1", ("a34", "pol1"))),
            desk(e.AlarmUnitsSent("al1", ("pol1",), "møtes ved kirken")),
            desk(e.AlarmNoted("al1", "en til er på vei")),
        ]
    )
    row = bench.alarms.row("al1")
    assert (row.sent, row.note, row.mine) == ("AMB 3-4, pol1", "en til er på vei", True)
    assert (row.accuracy_m, row.fixed_s) == (HORTEN.accuracy_m, None)
    other = Author("desk-2", start_ms=1_790_001_900_000)
    bench.store.apply([other(e.AlarmTaken("al1"))])
    assert not bench.alarms.row("al1").mine


def test_taking_an_alarm_over_is_pending_until_the_site_has_that(bench: Bench) -> None:
    bench.say(ambulance(), e.AlarmRaised("al1", "a34"), e.AlarmTaken("al1"))
    bench.actions.take("al1")
    assert bench.alarms.row("al1").pending == "take"
    bench.say(e.AlarmNoted("al1", "noe annet"))
    assert bench.alarms.row("al1").pending == "take", "another's word on it is not ours"
    bench.say(e.AlarmTaken("al1"))
    assert bench.alarms.row("al1").pending == ""


def test_an_alarm_by_two_ways_is_one_row_and_one_tone(bench: Bench) -> None:
    bench.say(ambulance(), e.AlarmRaised("al1", "a34"))
    gateway = Author("gw-ip", start_ms=1_790_000_003_000)
    bench.store.apply([gateway(e.AlarmRaised("al2", "a34", position=HORTEN))])
    assert bench.alarms.keys() == ("al1",)
    assert bench.alarms.unacknowledged == 1
    assert bench.alarms.row("al1").lat == HORTEN.lat


def test_where_an_alarm_is_the_newer_of_two_positions(bench: Bench) -> None:
    old = e.Position(59.0, 10.0, fixed_ms=1_000)
    new = e.Position(60.0, 10.0, accuracy_m=12, fixed_ms=9_000)
    bench.say(ambulance(), e.AlarmRaised("al1", "a34", position=new), e.UnitMoved("a34", old))
    row = bench.alarms.row("al1")
    assert (row.lat, row.accuracy_m, row.fixed_s) == (60.0, 12.0, 9.0)
    bench.say(e.UnitMoved("a34", e.Position(61.0, 10.0, fixed_ms=10_000)))
    assert bench.alarms.row("al1").lat == 61.0


def test_pressing_twice_answers_once(bench: Bench) -> None:
    bench.say(ambulance(), e.AlarmRaised("al1", "a34"))
    bench.actions.acknowledge("al1")
    bench.actions.acknowledge("al1")
    assert len(bench.published) == 1


def test_an_alarm_nobody_answered_can_not_be_closed(bench: Bench) -> None:
    bench.say(ambulance(), e.AlarmRaised("al1", "a34"))
    bench.actions.close_alarm("al1", "test")
    assert bench.published == []


def test_an_alarm_says_where_in_words(bench: Bench) -> None:
    bench.say(ambulance(), e.AlarmRaised("al1", "a34", position=HORTEN))
    assert "Horten" in bench.alarms.row("al1").place


def test_who_answered_falls_back_to_the_desks_name(bench: Bench) -> None:
    bench.say(ambulance(), e.AlarmRaised("al1", "a34"))
    desk = Author("desk-1", start_ms=1_790_000_900_000)
    bench.store.apply([desk(e.PositionJoined("Plass 1")), desk(e.AlarmAcknowledged("al1"))])
    assert bench.alarms.row("al1").acknowledged_by == "Plass 1"


# -- talkgroups --------------------------------------------------------------------------------


def test_a_stream_becomes_a_tile_with_the_sites_name(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("lv1", "Announced")], ())
    assert bench.talkgroups.row("lv1@gw.local").name == "Announced"
    bench.say(e.TalkgroupDefined("lv1", "Horten-LV", "legevakt", "Arbeidsgruppe"))
    row = bench.talkgroups.row("lv1@gw.local")
    assert (row.name, row.purpose, row.kind) == ("Horten-LV", "Arbeidsgruppe", "legevakt")


def test_the_same_group_from_two_stations_is_two_tiles(bench: Bench) -> None:
    found = [announcement("lv1", host="a.local"), announcement("lv1", host="b.local")]
    bench.talkgroups.announced(found, ())
    assert set(bench.talkgroups.keys()) == {"lv1@a.local", "lv1@b.local"}


def test_places_are_sorted_at_first_and_never_change_afterwards(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("c"), announcement("a")], ())
    bench.talkgroups.announced([announcement("b")], ())
    first = ("a@gw.local", "b@gw.local", "c@gw.local")
    assert bench.talkgroups.keys() == first
    bench.now_s += 60
    bench.talkgroups.announced([announcement("aa")], ())
    bench.talkgroups.announced((), ["a@gw.local"])
    assert bench.talkgroups.keys() == (*first, "aa@gw.local")


def test_a_saved_order_is_kept(qtbot: QtBot) -> None:
    bench = Bench(order=("z@gw.local", "a@gw.local"))
    bench.talkgroups.announced([announcement("a")], ())
    bench.talkgroups.announced([announcement("z"), announcement("b")], ())
    assert bench.talkgroups.keys() == ("z@gw.local", "a@gw.local", "b@gw.local")


def test_the_speaker_is_the_unit_that_holds_the_floor_with_that_ssrc(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("lv1")], ())
    bench.say(ambulance(), e.FloorGranted("lv1", "a34", ssrc=77))
    bench.talkgroups.engine_said(protocol.Talking("lv1@gw.local", 77, True))
    assert bench.talkgroups.row("lv1@gw.local").speaker == "AMB 3-4"
    bench.talkgroups.engine_said(protocol.Talking("lv1@gw.local", 77, False))
    row = bench.talkgroups.row("lv1@gw.local")
    assert (row.speaker, row.last_speaker, row.last_s) == ("", "AMB 3-4", 100.0)


def test_a_foreign_speaker_is_named_by_its_own_rtcp(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("lv1")], ())
    bench.talkgroups.engine_said(protocol.Talking("lv1@gw.local", 5, True, "ffmpeg@host"))
    assert bench.talkgroups.row("lv1@gw.local").speaker == "ffmpeg@host"


def test_selecting_one_puts_the_other_back(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("a"), announcement("b")], ())
    bench.to_engine.clear()
    bench.actions.select("a@gw.local")
    bench.actions.select("b@gw.local")
    assert bench.talkgroups.row("a@gw.local").attention == "monitored"
    assert bench.talkgroups.row("b@gw.local").attention == "selected"
    last = {c.stream: c for c in bench.to_engine if isinstance(c, protocol.SetMix)}
    assert last["b@gw.local"].attention == "selected"
    assert last["b@gw.local"].pan is None, "the engine puts it in front"
    assert last["a@gw.local"].attention == "monitored"


def test_an_unheard_stream_says_why(bench: Bench) -> None:
    bench.unheard["a@gw.local"] = "secured with key 7"
    bench.talkgroups.announced([announcement("a")], ())
    row = bench.talkgroups.row("a@gw.local")
    assert (row.presence, row.note) == ("unreachable", "secured with key 7")


def test_presence_is_rtp_not_the_announcement(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("a")], ())
    assert bench.talkgroups.row("a@gw.local").presence == "silent"
    status = protocol.Status((figures("a@gw.local"),), "null", "none")
    bench.talkgroups.engine_said(status)
    bench.talkgroups.announced((), ["a@gw.local"])
    assert bench.talkgroups.row("a@gw.local").presence == "present"
    status = protocol.Status((figures("a@gw.local", present=False),), "null", "none")
    bench.talkgroups.engine_said(status)
    assert bench.talkgroups.row("a@gw.local").presence == "gone"


def test_an_open_alarm_marks_its_group(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("lv1")], ())
    bench.say(ambulance(), e.AlarmRaised("al1", "a34", talkgroup="lv1"))
    assert bench.talkgroups.row("lv1@gw.local").alarm
    bench.say(e.AlarmAcknowledged("al1"), e.AlarmClosed("al1", "test"))
    assert not bench.talkgroups.row("lv1@gw.local").alarm


def test_a_restarted_desk_adopts_what_the_engine_hears(bench: Bench) -> None:
    one = figures("lv1@gw.local", slot=3, talking=True)
    bench.talkgroups.adopt([one])
    bench.talkgroups.engine_said(protocol.Status((one,), "spk", "playing"))
    row = bench.talkgroups.row("lv1@gw.local")
    assert (row.slot, row.presence) == (3, "present")


def test_a_lost_engine_leaves_no_level_standing(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("a")], ())
    bench.talkgroups.engine_said(protocol.Slots({"a@gw.local": 2}))
    assert bench.talkgroups.row("a@gw.local").slot == 2
    bench.talkgroups.engine_lost()
    assert bench.talkgroups.row("a@gw.local").slot == -1
    assert list(bench.talkgroups.levels([2])) == [-120.0]


# -- log ---------------------------------------------------------------------------------------


def test_the_log_tells_what_matters_once(bench: Bench) -> None:
    (event,) = bench.say(e.AlarmRaised("al1", "a34", text="Hjelp"))
    bench.store.apply([event])
    bench.say(e.UnitMoved("a34", HORTEN))
    rows = bench.log.rows()
    assert [row.kind for row in rows] == ["alarm-raised"]
    assert "Hjelp" in rows[0].text
    assert rows[0].urgent


def test_the_log_puts_what_happens_between_people_into_words(bench: Bench) -> None:
    bench.say(
        ambulance(),
        e.CalloutSent("c1", ("a34", "lv1"), "Ulykke"),
        e.CalloutAnswered("c1", "a34", "delayed", delay_min=5),
        e.CalloutReminded("c1", 1, ("lv1",)),
        e.CalloutEnded("c1", "cancelled"),
        e.GroupFormed("g1", "KOLS 68", ("a34",), 2**40),
        e.GroupEnded("g1", "lapsed"),
        e.PatchMade("p1", ("x", "y"), 2**40),
        e.PatchMade("p2", ("y", "z"), 2**40),
        e.PatchEnded("p1"),
        e.StatusMessageSent("a34", 32_779, "call-me", also=("lv1",)),
        e.PersonSignedIn("Kari Fiktiv"),
    )
    assert [row.text for row in bench.log.rows()] == [
        "Called out AMB 3-4, lv1: Ulykke",
        "AMB 3-4 answers the call-out: delayed 5 min",
        "No answer yet from lv1",
        "Called it off: AMB 3-4, lv1",
        "Formed the talkgroup KOLS 68: AMB 3-4",
        "The talkgroup KOLS 68 has lapsed",
        "Joined x, y",
        "Refused to join y, z: one of them is joined already",
        "x, y are joined no more",
        "To AMB 3-4, lv1: Call me",
        "Signed in · exercise",
    ]


def test_the_log_names_who_signed_out_and_not_who_sits_there_by_now(bench: Bench) -> None:
    desk = Author("lv-1", person="Ola Fiktiv")
    bench.store.apply([
        desk(e.PositionJoined("Plass 1")),
        desk(e.PersonSignedOut("Kari Fiktiv")),
        desk(e.PersonSignedIn("Ola Fiktiv")),
    ])  # fmt: skip
    told = [(row.who, row.text) for row in bench.log.rows()]
    assert told[1:] == [
        ("Kari Fiktiv", "Signed out · Plass 1"),
        ("Ola Fiktiv", "Signed in · Plass 1"),
    ]


def test_what_an_unconfirmed_person_answers_is_marked_wherever_it_is_shown(bench: Bench) -> None:
    bench.say(e.AlarmRaised("al9", "amb9"))
    desk = Author("lv-1", person="Kari Fiktiv", start_ms=1_790_000_500_000)
    said = (e.AlarmAcknowledged("al9"), e.AlarmTaken("al9"), e.MessageSent("lv1", "Hei"))
    bench.store.apply([msgspec.structs.replace(desk(body), unconfirmed=True) for body in said])
    row = bench.alarms.row("al9")
    assert (row.acknowledged_by, row.owner, row.unconfirmed) == ("Kari Fiktiv", "Kari Fiktiv", True)
    told = [(row.who, row.unconfirmed) for row in bench.log.rows()][-3:]
    assert told == [("Kari Fiktiv", True)] * 3
    people = PeopleModel(bench.store, me=lambda: "lv-2", parent=bench.store)
    assert [post.who for post in people.posts()] == ["Kari Fiktiv (not confirmed)"]
    bench.store.apply([desk(e.AlarmTaken("al9"))])
    assert not bench.log.rows()[-1].unconfirmed, "confirmed since"


def test_what_has_expired_is_forgotten_in_the_picture_and_in_the_log(bench: Bench) -> None:
    old, raised, new = bench.say(
        e.MessageSent(to="lv1", text="gammel (fiktiv)"),
        e.AlarmRaised(alarm="A1", unit="a34"),
        e.MessageSent(to="lv1", text="ny (fiktiv)"),
    )
    resets: list[None] = []
    bench.log.reset.connect(lambda: resets.append(None))
    keep_ms: dict[type, int] = dict.fromkeys((e.MessageSent, e.AlarmRaised), 1_000)
    bench.store.expire(old.time_ms + 1_000, keep_ms)
    assert (len(bench.log.rows()), resets) == (3, [])
    bench.store.expire(new.time_ms + 1_000, keep_ms)
    assert [row.key for row in bench.log.rows()] == [new.id]
    assert [one.key for one in bench.store.state.messages] == [new.id]
    assert len(resets) == 1
    assert bench.store.state.alarms["A1"].raised.id == raised.id, "an open alarm stays"
    bench.log.retranslate()
    assert [row.key for row in bench.log.rows()] == [new.id]


def test_the_log_is_bounded(bench: Bench) -> None:
    bench.say(*(e.MessageSent("lv1", f"melding {n}") for n in range(MAX_ROWS + 50)))
    assert len(bench.log.rows()) == MAX_ROWS
    assert str(MAX_ROWS + 49) in bench.log.rows()[-1].text


# -- from other threads ------------------------------------------------------------------------


def test_the_inbox_delivers_in_order_in_batches(qtbot: QtBot) -> None:
    inbox = Inbox()
    got: list[object] = []
    inbox.arrived.connect(got.extend)
    for n in range(1_000):
        inbox.post(n)
    qtbot.waitUntil(lambda: len(got) == 1_000)
    assert got == list(range(1_000))


def test_an_overflowing_inbox_says_so_instead_of_losing_in_silence(qtbot: QtBot) -> None:
    inbox = Inbox()
    got: list[object] = []
    inbox.arrived.connect(got.extend)
    with qtbot.waitSignal(inbox.overflowed):
        for n in range(MAX_WAITING + 1):
            inbox.post(n)
    assert got == []
    inbox.post("after")
    qtbot.waitUntil(lambda: got == ["after"])


# -- what must not be lost ---------------------------------------------------------------------


def test_a_unit_that_leaves_takes_nothing_along(bench: Bench, qtbot: QtBot) -> None:
    bench.say(ambulance("a1"), ambulance("a2"))
    with qtbot.waitSignal(bench.units.reset):
        bench.say(e.UnitRemoved("a1"), e.StatusChanged("a2", "en-route"))
    assert bench.units.keys() == ("a2",)
    assert bench.units.row("a2").status == "en-route"


def test_an_event_that_cannot_be_applied_takes_no_alarm_with_it(bench: Bench) -> None:
    class Poison(e.Body, frozen=True, tag="poison"):
        pass

    odd = bench.author(Poison())  # type: ignore[arg-type]  # what nobody foresaw
    bench.store.apply([bench.author(ambulance()), odd, bench.author(e.AlarmRaised("al1", "a34"))])
    assert bench.alarms.unacknowledged == 1
    assert bench.store.failed == 1


def test_reading_the_log_again_keeps_the_alarm_on_and_tells_the_log_once(bench: Bench) -> None:
    counts: list[int] = []
    sound = AlarmSound(bench.store, bench.status)
    sound.changed.connect(lambda told: counts.append(told.unacknowledged))
    events = bench.say(ambulance(), e.AlarmRaised("al1", "a34"), e.MessageSent("a34", "på vei"))
    bench.actions.acknowledge("al1")
    before = [row.key for row in bench.log.rows()]
    bench.store.tell_again()
    assert bench.alarms.keys() == ("al1",)
    assert bench.alarms.row("al1").pending == "acknowledge"
    bench.store.apply(events)
    assert counts == [1], "the tone was never off"
    assert [row.key for row in bench.log.rows()] == before


def test_two_hundred_alarms_look_for_each_place_once(bench: Bench) -> None:
    _nearest.cache_clear()
    at = [e.Position(lat=59.0 + n / 1_000, lon=10.0) for n in range(200)]
    bench.say(*(e.AlarmRaised(f"al{n}", f"u{n}", position=at[n]) for n in range(200)))
    for _ in range(3):
        assert len([bench.alarms.row(key) for key in bench.alarms.keys()]) == 200  # noqa: SIM118
    assert _nearest.cache_info().misses == 200


def test_a_station_that_comes_late_moves_no_number_but_has_its_place_tomorrow(
    qtbot: QtBot,
) -> None:
    bench = Bench(order=("z@gw.local", "a@gw.local"))
    bench.talkgroups.announced([announcement("a")], ())
    bench.now_s += 60
    bench.talkgroups.announced([announcement("z")], ())
    assert bench.talkgroups.keys() == ("a@gw.local", "z@gw.local")
    assert bench.talkgroups.settings()[1] == ("z@gw.local", "a@gw.local")


def test_what_is_remembered_can_be_read_again_after_years_of_stations(tmp_path: Path) -> None:
    many = {f"old{n}@gw.local": TileSettings(muted=True) for n in range(MAX_TILES)}
    bench = Bench(order=tuple(many), tiles=many)
    bench.talkgroups.announced([announcement(f"new{n}") for n in range(40)], ())
    bench.talkgroups.change("new7@gw.local", gain_db=-6.0)
    tiles, order = bench.talkgroups.settings()
    file = SettingsFile(tmp_path / "settings.json")
    file.save(DeskSettings(tiles=tiles, order=order))
    assert file.load().tiles["new7@gw.local"].gain_db == -6.0
    assert file.complaint == ""
    assert {f"new{n}@gw.local" for n in range(40)} <= set(order)


def test_tiles_are_bounded_and_gone_ones_make_room(bench: Bench) -> None:
    first = [announcement(f"g{n}") for n in range(MAX_TILES)]
    bench.talkgroups.announced(first, ())
    bench.talkgroups.announced([announcement("late")], ())
    assert "late@gw.local" not in bench.talkgroups.keys()  # noqa: SIM118
    bench.talkgroups.announced((), ["g5@gw.local"])
    bench.talkgroups.announced([announcement("later")], ())
    assert "later@gw.local" in bench.talkgroups.keys()  # noqa: SIM118
    assert "g5@gw.local" not in bench.talkgroups.keys()  # noqa: SIM118
    assert len(bench.talkgroups.keys()) == MAX_TILES


def test_nobody_talks_for_ever_when_the_end_was_lost(bench: Bench) -> None:
    for group in ("a", "b"):
        bench.talkgroups.announced([announcement(group)], ())
        bench.talkgroups.engine_said(protocol.Talking(f"{group}@gw.local", 5, True, "Lege 7"))
    only_a = protocol.Status((figures("a@gw.local", talking=False),), "null", "none")
    bench.talkgroups.engine_said(only_a)
    ended, dropped = (bench.talkgroups.row(f"{group}@gw.local") for group in ("a", "b"))
    assert (ended.speaker, ended.last_speaker, ended.last_s) == ("", "Lege 7", 100.0)
    assert (dropped.speaker, dropped.slot, dropped.presence) == ("", -1, "silent")


def test_two_stations_with_one_group_can_be_told_apart(bench: Bench) -> None:
    bench.say(e.TalkgroupDefined("lv1", "Horten-LV", "legevakt", "Arbeidsgruppe"))
    bench.talkgroups.announced([announcement("lv1", host="a.local")], ())
    assert bench.talkgroups.row("lv1@a.local").purpose == "Arbeidsgruppe"
    bench.talkgroups.announced([announcement("lv1", host="b.local")], ())
    rows = [bench.talkgroups.row(f"lv1@{host}") for host in ("a.local", "b.local")]
    assert [row.purpose for row in rows] == ["a.local", "b.local"]


def test_the_inbox_is_bounded_by_events_not_by_batches(qtbot: QtBot) -> None:
    inbox = Inbox(weigh=weight)
    author = Author()
    batch = SiteSaid(tuple(author(e.MessageSent("lv1", "x")) for _ in range(1_000)))
    with qtbot.waitSignal(inbox.overflowed):
        for _ in range(MAX_WAITING // 1_000 + 1):
            inbox.post(batch)


def test_a_name_is_made_fit_for_an_event(bench: Bench) -> None:
    names: list[str] = []
    bench.actions.person_named.connect(names.append)
    bench.actions.set_person(" Kari\u202e\x07 \udce9" + "x" * 100)
    assert names == ["Kari " + "x" * 59]


def priorities(bench: Bench) -> dict[str, int]:
    """As the engine was told last."""
    return {c.stream: c.priority for c in bench.to_engine if isinstance(c, protocol.SetMix)}


def test_a_group_with_an_alarm_ranks_highest_until_it_is_closed(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("lv1"), announcement("b")], ())
    assert priorities(bench) == {"lv1@gw.local": 1, "b@gw.local": 1}
    bench.say(ambulance(), e.AlarmRaised("al1", "a34", talkgroup="lv1"))
    assert priorities(bench) == {"lv1@gw.local": 3, "b@gw.local": 1}
    bench.say(e.AlarmAcknowledged("al1"), e.AlarmTaken("al1"))
    assert priorities(bench)["lv1@gw.local"] == 3
    bench.to_engine.clear()
    bench.say(e.AlarmClosed("al1", "test"))
    assert priorities(bench) == {"lv1@gw.local": 1}, "the others are not told anew"


def test_an_exercise_ranks_below_what_is_real(bench: Bench) -> None:
    bench.talkgroups.announced([announcement("ov1")], ())
    bench.say(e.TalkgroupDefined("ov1", "ØV-FELLES-1", "exercise", exercise=True))
    assert priorities(bench) == {"ov1@gw.local": 0}


def test_the_volume_and_equal_loudness_are_said_together(bench: Bench) -> None:
    bench.to_engine.clear()
    bench.actions.set_evened(False)
    bench.status.set(evened=False)
    bench.actions.set_master_gain(-6.0)
    assert bench.to_engine == [
        protocol.SetMaster(0.0, evened=False), protocol.SetMaster(-6.0, evened=False),
    ]  # fmt: skip


def test_all_of_the_microphone_is_kept_in_one_place(bench: Bench) -> None:
    changed: list[None] = []
    bench.actions.microphone_changed.connect(lambda: changed.append(None))
    bench.actions.choose_microphone("pulse:headset")
    bench.actions.set_voice(False, True, True)
    known = bench.status.status().microphone
    assert (known.chosen, known.suppress, known.gain_control, known.side_tone) == (
        "pulse:headset", False, True, True,
    )  # fmt: skip
    assert len(changed) == 2
    assert known.relied_on
    bench.to_engine.clear()
    bench.actions.hear_myself(True)
    bench.actions.hear_myself(False)
    assert [c.seconds for c in bench.to_engine if isinstance(c, protocol.HearMyself)] == [10.0, 0.0]


def test_who_presses_to_talk_relies_on_a_microphone(bench: Bench) -> None:
    changed: list[None] = []
    bench.actions.microphone_changed.connect(lambda: changed.append(None))
    assert not bench.status.status().microphone.relied_on
    bench.actions.press_to_talk("lv1@gw.local")
    assert bench.status.status().microphone.relied_on
    assert not changed  # nothing was chosen by it


# -- what was kept with an alarm, and a close that was a slip ------------------------------------


def test_the_row_says_where_the_open_microphone_is_kept(bench: Bench) -> None:
    bench.alarms._member = lambda: "lv1"
    bench.say(ambulance(), e.AlarmRaised("al1", "a34", "lv1"), e.AlarmRaised("al2", "a34"))
    row = bench.alarms.row("al1")
    assert (row.voice, row.recorded_until_s) == ("", row.raised_s + KEPT_S)
    assert bench.alarms.row("al2").recorded_until_s is None, "it names no talkgroup"
    kept = e.AlarmVoiceKept("al1", "lv1@h", ("1795532122076-0badcafe",))
    bench.author.name = "lv2"
    bench.say(e.PositionJoined("Plass 2"), kept)
    assert (bench.alarms.row("al1").voice, bench.alarms.row("al1").voice_at) == (
        "elsewhere", "Plass 2",
    )  # fmt: skip
    bench.author.name = "lv1"
    bench.say(kept)
    assert bench.alarms.row("al1").voice == "here"
    bench.actions.hear_alarm("al1")
    [asked] = [one for one in bench.to_engine if isinstance(one, protocol.Recall)]
    raised_ms = round(row.raised_s * 1_000)
    assert (asked.alarm, asked.group) == ("al1", "lv1")
    assert (asked.from_ms, asked.until_ms) == (raised_ms - 30_000, raised_ms + 60_000)


def test_what_was_closed_here_can_be_opened_again_for_a_minute(bench: Bench) -> None:
    bench.alarms._member = lambda: "lv1"
    bench.author.name = "lv1"
    bench.say(ambulance(), e.AlarmRaised("al1", "a34"), e.AlarmTaken("al1"))
    [closed] = bench.say(e.AlarmClosed("al1", "false-press"))
    at_s = closed.time_ms / 1_000
    row = bench.alarms.just_closed(at_s + 59)
    assert row is not None
    assert (row.key, row.reason) == ("al1", "false-press")
    assert bench.alarms.just_closed(at_s + 61) is None
    bench.actions.reopen_alarm("al1")
    bench.actions.reopen_alarm("al1")
    assert bench.published == [(e.AlarmReopened("al1", (closed.id,)), closed.id)], "once"
    assert bench.alarms.just_closed(at_s + 1) is None, "it is on its way"
    bench.say(e.AlarmReopened("al1", (closed.id,)))
    row = bench.alarms.row("al1")
    assert (row.state, row.pending, row.reason) == ("in-progress", "", "")
    assert row.reopened_s is not None
    bench.author.name = "lv2"
    bench.say(e.AlarmClosed("al1", "real"))
    assert bench.alarms.just_closed(at_s + 9) is None, "another desk's is its own to undo"


def test_alarms_stand_in_the_order_of_what_was_known_and_a_wrong_clock_moves_its_own_alone(
    bench: Bench,
) -> None:
    """The second was raised by who knew of the first, with a clock five minutes behind; of the
    third the time was absurd and is when it came, which was between the two."""
    replace = msgspec.structs.replace
    first, third, second = [
        bench.author(e.AlarmRaised(key, "a34")) for key in ("first", "third", "second")
    ]
    came_ms = third.time_ms
    second = replace(second, time_ms=second.time_ms - 300_000)
    third = replace(third, id="7Z" + third.id[2:], received_ms=came_ms)
    bench.store.apply([first, second, third])
    keys = bench.alarms.keys()
    assert keys == ("second", "third", "first")
    assert [bench.alarms.row(key).clock_wrong for key in keys] == [False, True, False]
