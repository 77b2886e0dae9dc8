"""The desk's talk key, without engine and network: what becomes of a loop that has stood still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from audio import protocol as p
from console.desk import news
from console.desk.floor import ASK_S, FloorDesk
from console.desk.floor_board import FRESH_S
from console.desk.ptt import SILENT_S
from console.domain import events as e
from console.domain import floor_messages as fm
from console.domain.floor_state import Verdict
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from tests.gui.model_bench import Author
from widgets.contracts.rows import DeskStatus

STREAM = "a@239.77.1.1"
SPEC = p.StreamSpec(STREAM, 5_004, 111, "opus", 48_000, group="239.77.1.1")
BEAT = f"vb.live.{fm.BEAT}.site.node-1.all"


class Bench:
    """A desk with one talkgroup, its arbiter, and its engine, which is ready to send."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.engine: list[p.Command] = []
        self.asks: list[fm.FloorAsk] = []
        self.store = SiteStore()
        self.store.apply([Author("gw")(e.TalkgroupDefined("a", "A"))])
        self.status = StatusModel(DeskStatus(site_link="up", engine_link="up"))
        self.desk = FloorDesk(
            store=self.store,
            talkgroups=TalkgroupModel(
                self.store, settings={}, order=(), unheard=lambda _stream: ""
            ),
            status=self.status,
            specs=lambda: {STREAM: SPEC},
            is_rekeyed=lambda _stream: True,
            to_engine=self.engine.append,
            ask=self._ask,
            member=lambda: "lv1",
            now_s=lambda: self.now_s,
            wall_s=lambda: 1_000_000.0 + self.now_s,
        )
        self.desk._timer.stop()  # time is the bench's
        self.desk.engine_said(p.NextSsrc(STREAM, 7))
        self.beat()

    def _ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> None:
        assert (service, key, timeout_s) == (fm.FLOOR, "a", ASK_S)
        asked = fm.decode_ask(payload)
        assert asked is not None
        self.asks.append(asked)

    def beat(self) -> None:
        self.desk.site_told(news.SiteTold(BEAT, fm.encode(fm.FloorBeat(1))))

    def answer(self, verdict: Verdict) -> None:
        asked = self.asks[-1]
        answer = fm.FloorAnswer(asked.press, "a", verdict, 1, place=int(verdict == "queued"))
        self.desk.site_told(news.SiteAnswered(fm.FLOOR, "a", fm.encode(answer)))

    def state(self) -> str:
        [target] = self.status.status().transmit.targets
        return target.state

    def pass_s(self, seconds: float) -> None:
        """Qt's loop turns, and nobody says anything."""
        for _ in range(round(seconds / fm.RENEW_S)):
            self.now_s += fm.RENEW_S
            self.desk._tick()

    def stand_s(self, seconds: float) -> None:
        """Qt's loop stands still. What was said meanwhile comes after its next tick."""
        self.now_s += seconds
        self.desk._tick()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.desk.deleteLater()


@pytest.mark.parametrize("verdict", ["granted", "queued"])
def test_a_loop_that_stood_still_takes_nobodys_floor_and_nobodys_place(
    bench: Bench, verdict: Verdict
) -> None:
    bench.desk.press((STREAM,), False)
    bench.answer(verdict)
    if verdict == "granted":
        bench.desk.engine_said(p.TalkChanged("open", publications=(STREAM,)))
    shown = {"granted": "sending", "queued": "queued"}[verdict]
    bench.stand_s(5.0)
    assert bench.state() == shown
    bench.answer(verdict)
    bench.beat()
    assert bench.state() == shown
    bench.pass_s(FRESH_S + SILENT_S)
    assert bench.state() in ("unasked", "asking"), "an arbiter that is silent is not waited for"


def test_a_key_that_is_pressed_as_the_loop_wakes_asks_the_arbiter_all_the_same(
    bench: Bench,
) -> None:
    bench.now_s += 5.0
    bench.desk.press((STREAM,), False)
    assert bench.state() == "asking"
    assert [type(one) for one in bench.asks] == [fm.FloorRequest]


def test_a_voice_bears_a_name_that_people_know(bench: Bench) -> None:
    """Its person's, else its position's, else its member's: never what a machine draws by lot."""
    for fields, name in (
        ({}, "lv1"), ({"position": "Plass 3"}, "Plass 3"), ({"person": "Kari"}, "Kari"),
    ):  # fmt: skip
        bench.status.set(**fields)
        bench.desk.prepare(STREAM)
        wish = [one for one in bench.engine if isinstance(one, p.Publish)][-1]
        assert wish.name == name


def test_without_an_arbiter_a_key_listens_before_it_talks(bench: Bench) -> None:
    bench.pass_s(2 * FRESH_S)
    bench.desk.press((STREAM,), False)
    assert bench.asks == []
    assert any(isinstance(one, p.Talk) for one in bench.engine)
