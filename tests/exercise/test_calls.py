"""What an exercise's units do in individual calls: by the clock, and by what the site says."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio import protocol as p
from console.domain.call import Call, answer, end
from console.domain.events import (
    AnyBody,
    CallAnswered,
    CallEnded,
    CallOffered,
    Event,
    PositionJoined,
    PositionLeft,
    TalkgroupDefined,
    TalkgroupRemoved,
)
from console.domain.held_keys import HeldKeys
from console.domain.mark import Mark
from console.domain.state import State
from console.domain.voice_keys import VoiceKey
from console.exercise.calls import ANSWER_S, KEY_S, LISTEN_S, MAX_CALLS, PAUSE_S, UnitCalls
from console.exercise.net import Ring
from console.exercise.scenario import load
from console.exercise.site import Site
from console.exercise.station import Station
from console.streams.announce import Offer
from tests.gui.model_bench import Author

KEYS = HeldKeys(VoiceKey("7", "AEAD_AES_256_GCM", bytes(44)), block=3)


class Bench:
    """The units of the default scenario, with nobody but the test behind them."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.told: list[AnyBody] = []
        self.wanted: list[str] = []
        self.forgotten: list[str] = []
        self.engine: list[p.Command] = []
        self.standing: dict[str, Offer] = {}
        self.state = State()
        self.has_engine = True
        self.calls = UnitCalls(
            load("night"),
            Station("machine.local", Path("/home"), None),
            self,
            tell=self.told.append,
            want_keys=self.wanted.append,
            forget_keys=self.forgotten.append,
            announcer=lambda: self,
            now_s=lambda: self.now_s,
        )

    def open(self, wish: p.Publish, key: p.SetSendKey) -> bool:
        self.engine += [wish, key]
        return self.has_engine

    def say(self, command: p.Say) -> bool:
        self.engine.append(command)
        return True

    def close(self, publication: str) -> None:
        self.engine.append(p.Unpublish(publication))

    def announce(self, offer: Offer) -> str:
        self.standing[offer.talkgroup] = offer
        return offer.talkgroup

    def withdraw(self, handle: str) -> None:
        del self.standing[handle]

    def pass_s(self, seconds: float) -> None:
        self.work()
        self.now_s += seconds
        self.calls.tick()
        self.work()

    def work(self) -> None:
        while not self.calls._work.empty():
            do = self.calls._work.get()
            assert do is not None
            do()

    def site_says(self, call: Call) -> None:
        self.state = State(calls={**self.state.calls, call.key: call})
        self.calls.state_is(self.state)
        self.work()

    def said(self, kind: type) -> list[AnyBody]:
        return [one for one in self.told if isinstance(one, kind)]


def mark(author: str) -> Mark:
    return Mark("0" * 26, 0, author)


def event(body: AnyBody) -> Event:
    return Event("01M870VSYWX5JXH7Z4NEH3Z66T", 0, "desk", 1, body)


def offered(bench: Bench) -> Call:
    """By a unit, to the desk."""
    bench.calls.ring(Ring(0, "lege1"), "lv1")
    bench.work()
    (body,) = bench.told
    assert isinstance(body, CallOffered)
    assert body.exercise
    return Call(body.call, body.caller, body.callee, "half", mark("ex"), exercise=True)


def answered(call: Call) -> Call:
    return answer(call, event(CallAnswered(call.key)))


def ended(call: Call) -> Call:
    body = CallEnded(call.key, "hung-up")
    return end(call, event(body), body)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_unit_that_is_answered_speaks_under_a_key_and_hangs_up(bench: Bench) -> None:
    call = offered(bench)
    bench.site_says(call)
    bench.calls.keys_are(call.key, KEYS)
    bench.work()
    assert not bench.engine, "it rings: nothing is said, and nothing announced"
    bench.site_says(answered(call))
    assert bench.wanted == [call.key]
    assert not bench.engine, "never before there is a key"
    bench.calls.keys_are(call.key, KEYS)
    bench.work()
    publish, key = bench.engine
    assert isinstance(publish, p.Publish)
    assert publish.srtp is not None
    assert publish.key
    assert isinstance(key, p.SetSendKey)
    assert (bench.standing[call.key].kid, key.block) == ("7", 3)
    bench.pass_s(PAUSE_S)
    (say,) = [one for one in bench.engine if isinstance(one, p.Say)]
    assert say.speaker == "LEGE 1"
    bench.pass_s(LISTEN_S)
    assert not bench.said(CallEnded), "what the desk says is listened to"
    bench.pass_s(10.0)
    assert bench.told[-1] == CallEnded(call.key, "hung-up")
    assert not bench.standing
    assert isinstance(bench.engine[-1], p.Unpublish)
    assert bench.forgotten == [call.key]
    bench.site_says(ended(call))
    assert len(bench.said(CallEnded)) == 1


def test_a_desk_that_hangs_up_ends_it(bench: Bench) -> None:
    call = offered(bench)
    bench.site_says(answered(call))
    bench.calls.keys_are(call.key, KEYS)
    bench.site_says(ended(answered(call)))
    bench.pass_s(100.0)
    assert not bench.said(CallEnded)
    assert not bench.standing
    assert not [one for one in bench.engine if isinstance(one, p.Say)]


def test_a_unit_that_is_called_answers_if_it_has_something_to_say(bench: Bench) -> None:
    for key, unit in (("I-1", "lege1"), ("I-2", "b15"), ("I-3", "lege1")):
        bench.site_says(Call(key, "lv1", unit, "full", mark("lv1"), exercise=True))
    assert bench.told == [CallEnded("I-3", "busy")], "one at a time"
    bench.site_says(Call("I-4", "lv1", "a22", "half", mark("lv1")))
    bench.pass_s(ANSWER_S)
    assert bench.said(CallAnswered) == [CallAnswered("I-1")], (
        "the others ring; a real one is not ours"
    )
    bench.pass_s(KEY_S)
    assert bench.told[-1] == CallEnded("I-1", "lost"), "without a key nothing is said"


def test_nobody_is_rung_for_nothing_and_few_at_once(bench: Bench) -> None:
    bench.calls.ring(Ring(0, "lege1"), "")
    bench.work()
    assert not bench.told, "no desk is here"
    for unit in list(bench.calls._scenario.units)[: MAX_CALLS + 3]:
        bench.calls.ring(Ring(0, unit, rings_s=40.0), "lv1")
    bench.calls.ring(Ring(0, "lege1"), "lv1")
    bench.work()
    assert len(bench.told) == MAX_CALLS
    bench.pass_s(40.0)
    assert len(bench.said(CallEnded)) == MAX_CALLS, "they give up"


def test_an_exercise_that_ends_leaves_nobody_in_a_call(bench: Bench) -> None:
    call = offered(bench)
    bench.site_says(answered(call))
    bench.calls.start()
    bench.calls.stop()
    assert bench.told[-1] == CallEnded(call.key, "hung-up")


def test_without_an_engine_the_call_ends(bench: Bench) -> None:
    call = offered(bench)
    bench.has_engine = False
    bench.site_says(answered(call))
    bench.calls.keys_are(call.key, KEYS)
    bench.work()
    assert bench.told[-1] == CallEnded(call.key, "lost")


def test_an_exercise_rings_at_no_desk_of_a_site_with_anything_real(tmp_path: Path) -> None:
    site = Site(tmp_path, interface=None, say=lambda _words: None)
    author = Author("lv1")
    assert site.desk() == ""
    site._on_events([author(PositionJoined("Plass 1"))])
    assert site.desk() == "lv1"
    site._on_events([author(TalkgroupDefined("ov1", "ØV-1", exercise=True))])
    assert site.desk() == "lv1"
    site._on_events([author(TalkgroupDefined("lv1", "Legevakt 1"))])
    assert site.desk() == "", "somebody may be on duty there"
    site._on_events([author(TalkgroupRemoved("lv1"))])
    assert site.desk() == "lv1"
    site._on_events([author(PositionLeft("Plass 1"))])
    assert site.desk() == ""
