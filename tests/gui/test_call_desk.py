"""The desk's half of an individual call, without engine and network: what each is told, when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from audio import protocol as p
from console.desk.call_rules import BACK_S
from console.desk.calling import OVER_S, RING_IN_CALL_S, RING_S, CallDesk
from console.domain import events as e
from console.domain.presence import AWAY_S, Here, Seen
from console.models.callees import CalleeModel
from console.models.status import StatusModel
from console.models.store import SiteStore
from tests.gui.model_bench import Author
from widgets.contracts.rows import DeskStatus, LiveCall


class Streams:
    def __init__(self) -> None:
        self.kept: frozenset[str] = frozenset()

    def stream(self, call: str) -> str:
        return f"{call}@here"

    def keep(self, calls: frozenset[str]) -> None:
        self.kept = calls

    def keys_changed(self, call: str) -> None:
        """There is a key from the start."""

    def spec(self, call: str) -> p.StreamSpec | None:
        return p.StreamSpec(self.stream(call), 5_004, 111, "opus", 48_000, group="239.78.0.1")


@dataclass
class Key:
    """The talk key: who has the microphone, and where it could talk."""

    is_sending: bool = False
    ready: tuple[str, ...] = ()

    def prepare(self, stream: str) -> None:
        self.ready = (*self.ready, stream)

    def withdraw(self, stream: str) -> None:
        self.ready = tuple(one for one in self.ready if one != stream)


class Bench:
    """The desk "lv1"; "lv2" is another, which is here unless it is made to leave."""

    def __init__(self) -> None:
        self.store = SiteStore()
        self.status = StatusModel(DeskStatus(site_link="up", engine_link="up"))
        self.engine: list[p.Command] = []
        self.said: list[e.AnyBody] = []
        self.heard: list[str] = []
        self.seen = {"lv2": Seen(Here("lv2", "Legevakt 2"), 0.0)}
        self.now_s, self.number = 100.0, 0
        self.keeps = self.is_told = self.is_there = True
        self.key, self.streams = Key(), Streams()
        self.authors = {name: Author(name) for name in ("lv1", "lv2", "site", "lv1_cli-1", "gw")}
        self.desk = CallDesk(
            store=self.store,
            status=self.status,
            callees=CalleeModel(self.store, member=lambda: "lv1"),
            streams=self.streams,
            floor=self.key,
            to_engine=self.engine.append,
            publish=self._publish,
            member=lambda: "lv1",
            presence=lambda: self.seen,
            is_caught_up=lambda: True,
            now_s=lambda: self.now_s,
            wall_s=lambda: 1_000_000.0 + self.now_s,
        )
        self.desk.changed.connect(self.heard.append)
        self.pass_s(BACK_S)

    def _publish(self, body: e.AnyBody, *, cause: str | None = None) -> bool:
        """``cause``: what is answered is there already."""
        assert cause is None or not isinstance(body, e.CallOffered)
        if self.keeps:
            self.said.append(body)
            if self.is_told:
                self.tell("lv1", body)
        return self.keeps

    def tell(self, who: str, body: e.AnyBody) -> None:
        """The site's log says so. Each author's ids are after all that it has seen."""
        self.number += 1
        author = Author(who, start_ms=1_790_000_000_000 + 10_000 * self.number)
        self.store.apply([author(body)])

    def pass_s(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while True:
            if self.is_there:
                self.seen = {"lv2": Seen(Here("lv2", "Legevakt 2"), self.now_s)}
            self.desk.tick()
            if self.now_s >= end_s:
                return
            self.now_s = min(self.now_s + 0.2, end_s)

    def rings(self, call: str = "I-1", *, full: bool = False, who: str = "lv2") -> None:
        self.tell(who, e.CallOffered(call, who, "lv1", "full" if full else "half"))

    def engine_says(self, *events: p.Event) -> None:
        for event in events:
            self.desk.engine_said(event)

    def told(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.engine if isinstance(one, kind)]

    @property
    def call(self) -> LiveCall:
        call = self.status.status().call
        assert call is not None
        return call

    @property
    def ringing(self) -> tuple[LiveCall, ...]:
        return self.status.status().ringing


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def talking(bench: Bench, *, full: bool) -> None:
    """In a call that rang here, ready to send."""
    bench.rings(full=full)
    bench.desk.answer("I-1")
    bench.engine_says(p.NextSsrc("I-1@here", 7))
    bench.pass_s(0.2)


def test_a_call_rings_is_answered_and_heard_from_then_on(bench: Bench) -> None:
    bench.rings()
    bench.pass_s(RING_S)
    assert [one.who for one in bench.ringing] == ["lv2"]
    assert len(bench.told(p.Play)) == 2
    assert bench.heard == [], "nobody is heard while it rings"
    assert bench.streams.kept == {"I-1"}, "but this desk is ready"
    bench.desk.answer("I-1")
    bench.desk.answer("I-1")
    assert bench.said == [e.CallAnswered("I-1")], "answered once"
    assert (bench.call.stand, bench.call.stream, bench.heard) == ("connected", "I-1@here", ["I-1"])
    assert not bench.ringing
    rung = len(bench.told(p.Play))
    bench.pass_s(RING_S * 2)
    assert len(bench.told(p.Play)) == rung
    assert not bench.told(p.OpenLine), "half duplex takes the talk key"


def test_a_full_duplex_call_has_the_microphone_until_it_is_hung_up(bench: Bench) -> None:
    talking(bench, full=True)
    assert bench.told(p.OpenLine) == [p.OpenLine(("I-1@here",))]
    bench.engine_says(p.TalkChanged("open", publications=("I-1@here",), line=True))
    assert bench.call.is_open
    before = len(bench.told(p.KeepTalking))
    bench.pass_s(1.0)
    assert len(bench.told(p.KeepTalking)) >= before + 5, "this very loop holds it open"
    bench.desk.hang_up()
    assert isinstance(bench.engine[-1], p.CloseLine) or bench.told(p.CloseLine)
    assert bench.said[-1] == e.CallEnded("I-1", "hung-up")
    assert bench.key.ready == ()
    assert bench.streams.kept == frozenset()
    assert bench.heard[-1] == ""
    kept = len(bench.told(p.KeepTalking))
    bench.pass_s(1.0)
    assert len(bench.told(p.KeepTalking)) == kept
    assert bench.status.status().call is None, "one knows that one has hung up"


def test_the_microphone_is_closed_before_the_site_is_told(bench: Bench) -> None:
    talking(bench, full=True)
    bench.engine_says(p.TalkChanged("open", line=True))
    bench.keeps = False  # the disk is full, and the site away
    bench.engine.clear()
    bench.desk.hang_up()
    assert bench.told(p.CloseLine)


def test_who_hangs_up_is_off_the_line_also_while_the_site_can_t_be_told(bench: Bench) -> None:
    talking(bench, full=True)
    bench.engine_says(p.TalkChanged("open", line=True))
    bench.keeps = False
    bench.desk.hang_up()
    assert bench.status.status().call is None
    assert bench.heard[-1] == ""
    assert bench.streams.kept == frozenset()
    bench.engine.clear()
    bench.pass_s(2.0)
    assert not bench.told(p.KeepTalking)
    assert not bench.told(p.OpenLine)
    bench.keeps = True
    bench.pass_s(0.4)
    assert bench.said[-1] == e.CallEnded("I-1", "hung-up"), "it is told as soon as it can be"
    bench.pass_s(1.0)
    assert len([one for one in bench.said if isinstance(one, e.CallEnded)]) == 1


def test_an_answer_on_its_way_is_shown_and_rings_no_more(bench: Bench) -> None:
    bench.rings()
    bench.is_told = False  # the outbox has it, the site not yet
    bench.desk.answer("I-1")
    assert bench.ringing[0].answered
    assert bench.status.status().call is None, "nobody talks before the site has said so"
    rung = len(bench.told(p.Play))
    bench.pass_s(RING_S * 2)
    assert len(bench.told(p.Play)) == rung
    bench.tell("lv1", bench.said[-1])
    assert bench.call.stand == "connected"


def test_mute_is_no_hang_up_and_the_talk_key_takes_the_microphone(bench: Bench) -> None:
    talking(bench, full=True)
    bench.engine_says(p.TalkChanged("open", line=True))
    bench.desk.mute(True)
    assert (bench.call.muted, bench.call.is_open) == (True, False)
    bench.engine.clear()
    bench.pass_s(3.0)
    assert not bench.told(p.OpenLine)
    bench.desk.mute(False)
    assert len(bench.told(p.OpenLine)) == 1
    bench.engine_says(p.TalkChanged("open", line=True))
    bench.key.is_sending = True  # an over in a talkgroup
    bench.engine_says(p.TalkChanged("opening", publications=("lv1@gw",)))
    assert not bench.call.is_open
    bench.engine.clear()
    bench.pass_s(3.0)
    assert not bench.told(p.OpenLine)
    assert not bench.told(p.CloseLine), "that would end nothing of it"
    bench.key.is_sending = False
    bench.pass_s(1.0)
    assert bench.told(p.OpenLine), "the call is talked in again"


def test_a_line_that_does_not_open_is_asked_for_again_and_says_why(bench: Bench) -> None:
    talking(bench, full=True)
    bench.engine_says(p.Refused("open-line", "the microphone gives no sound"))
    assert bench.call.note == "the microphone gives no sound"
    asked = len(bench.told(p.OpenLine))
    bench.pass_s(2.2)
    assert asked + 1 <= len(bench.told(p.OpenLine)) <= asked + 3, "once a second"
    bench.engine_says(p.TalkChanged("open", line=True))
    assert bench.call.note == ""
    bench.engine_says(p.TalkChanged("idle", "nothing was heard of the key", (), "lease", line=True))
    bench.pass_s(1.2)
    assert bench.told(p.OpenLine)[-1] == p.OpenLine(("I-1@here",)), "a window that hung goes on"


def test_another_engine_is_asked_for_the_line_once_it_can_send(bench: Bench) -> None:
    talking(bench, full=True)
    bench.engine_says(p.TalkChanged("open", line=True))
    bench.desk.engine_is_down()
    bench.engine.clear()
    bench.pass_s(2.0)
    assert not bench.told(p.OpenLine), "it would refuse it"
    bench.engine_says(p.NextSsrc("I-1@here", 8))
    assert bench.told(p.OpenLine)


def test_a_second_call_is_answered_by_ending_the_first_or_is_told_that_it_is_busy(
    bench: Bench,
) -> None:
    talking(bench, full=False)
    bench.rings("I-2")
    bench.rings("I-3")
    assert [one.key for one in bench.ringing] == ["I-2", "I-3"]
    bench.engine.clear()
    bench.pass_s(RING_IN_CALL_S - 0.5)
    assert len(bench.told(p.Play)) == 1, "who talks is told, not disturbed"
    bench.desk.reject("I-3")
    assert bench.said[-1] == e.CallEnded("I-3", "busy")
    bench.desk.answer("I-2")
    assert bench.said[-2:] == [e.CallEnded("I-1", "hung-up"), e.CallAnswered("I-2")]
    assert bench.call.key == "I-2"
    bench.desk.hang_up()
    bench.rings("I-4")
    bench.desk.reject("I-4")
    assert bench.said[-1] == e.CallEnded("I-4", "rejected")


@pytest.mark.parametrize("reason", ["rejected", "busy", "no-answer"])
def test_how_one_s_own_call_ended_stands_for_a_while(bench: Bench, reason: e.CallReason) -> None:
    bench.desk.call("lv2", True)
    offered = bench.said[-1]
    assert isinstance(offered, e.CallOffered)
    assert (offered.caller, offered.callee, offered.duplex) == ("lv1", "lv2", "full")
    assert bench.call.stand == "calling"
    bench.pass_s(0.2)
    assert bench.told(p.Play) == [p.Play("ringback")]
    bench.desk.call("amb1", False)
    assert bench.said[-1] == offered, "one at a time"
    bench.tell("lv2", e.CallEnded(offered.call, reason))
    assert (bench.call.stand, bench.call.reason) == ("over", reason)
    bench.pass_s(OVER_S + 0.4)
    assert bench.status.status().call is None


def test_another_desk_that_dies_is_lost_and_one_that_talks_is_not(bench: Bench) -> None:
    talking(bench, full=True)
    bench.engine_says(p.Occupied("I-1@there", True))
    bench.is_there = False
    bench.pass_s(AWAY_S * 2)
    assert bench.call.stand == "connected", "its voice comes: it is its way to the site that broke"
    bench.engine_says(p.Occupied("I-1@there", False))
    bench.pass_s(0.8)
    assert (bench.call.stand, bench.call.reason) == ("over", "lost")
    assert bench.said[-1] == e.CallEnded("I-1", "lost")
    assert bench.told(p.CloseLine)


def test_a_caller_that_dies_rings_no_longer(bench: Bench) -> None:
    bench.rings()
    bench.is_there = False
    bench.pass_s(AWAY_S + 0.4)
    assert not bench.ringing
    assert bench.said == [e.CallEnded("I-1", "lost")]


def test_a_call_without_site_and_voice_ends_at_this_desk(bench: Bench) -> None:
    talking(bench, full=True)
    bench.engine_says(p.TalkChanged("open", line=True))
    bench.status.set(site_link="down")
    bench.keeps = False
    bench.engine_says(p.Occupied("I-1@there", True))
    bench.pass_s(30.0)
    assert bench.call.stand == "connected", "the voice goes on without a site"
    bench.engine_says(p.Occupied("I-1@there", False))
    bench.engine.clear()
    bench.pass_s(11.0)
    assert bench.told(p.CloseLine)
    assert bench.heard[-1] == ""
    kept = len(bench.told(p.KeepTalking))
    bench.pass_s(2.0)
    assert len(bench.told(p.KeepTalking)) == kept


def test_a_desk_that_is_started_again_ends_the_call_of_the_one_that_died(qtbot: QtBot) -> None:
    bench = Bench()
    bench.tell("lv2", e.CallOffered("I-0", "lv2", "lv1", "full"))
    bench.tell("lv1", e.CallAnswered("I-0"))  # by an earlier life of this desk
    assert bench.status.status().call is None
    bench.pass_s(0.2)
    assert bench.said == [e.CallEnded("I-0", "lost")]
    assert not bench.told(p.OpenLine)
    assert bench.heard == []


def test_what_the_one_that_died_could_send_on_is_withdrawn(bench: Bench) -> None:
    talking(bench, full=False)
    bench.engine.clear()
    left = ("I-0@here", "I-1@here", "lv1@gw", "I-0@there")
    bench.engine_says(p.Status((), "null", "playing", publications=left))
    assert bench.engine == [p.Unpublish("I-0@here")]


def test_what_a_shell_of_this_member_answers_is_the_shell_s(bench: Bench) -> None:
    bench.rings()
    bench.tell("lv1_cli-1", e.CallAnswered("I-1"))
    bench.pass_s(1.0)
    assert bench.said == []
    assert bench.status.status().call is None
    assert bench.heard == []


def test_a_desk_that_closes_leaves_nobody_talking_to_it(bench: Bench) -> None:
    talking(bench, full=True)
    bench.desk.end()
    assert bench.said[-1] == e.CallEnded("I-1", "hung-up")


def test_whom_one_can_call(qtbot: QtBot) -> None:
    bench = Bench()
    bench.tell("gw", e.UnitDefined("a13", "AMB 1-3", "ambulance", issi="2412301"))
    bench.tell("gw", e.UnitDefined("a131", "AMB 13-1", "ambulance"))
    bench.tell("gw", e.UnitDefined("lv1", "Selv", "doctor"))
    bench.tell("lv2", e.PositionJoined("Plass 2"))
    bench.tell("lv2", e.PersonSignedIn("Ola Nordmann"))
    callees = CalleeModel(bench.store, member=lambda: "lv1")

    def found(text: str) -> list[str]:
        return [one.key for one in callees.find(text)]

    assert found("amb13") == ["a13", "a131"], "who is called just so comes first"
    assert found("2412301") == ["a13"]
    assert found("nordmann") == ["lv2"]
    assert found("plass 2") == ["lv2"]
    assert found("selv") == [], "nobody calls himself"
    assert found("  ") == found("?") == found("nobody") == []
    assert callees.name("lv2") == "Plass 2 (Ola Nordmann)"
    assert callees.name("unknown") == "unknown"
