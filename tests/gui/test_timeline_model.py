"""Behind the page: a real database, rows in words, lists that are noted before they are made."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain import events as e
from console.models import timeline as model_module
from console.models.log import ALL_WORDS, log_row
from console.models.store import SiteStore
from console.models.timeline import (
    TimelineModel,
    harmless,
    kinds_called,
    statuses_called,
    write_new,
)
from console.timeline.entries import CATEGORY_OF
from tests.timeline.lab import DAY_MS, NOW_MS, keep, said, writing
from widgets.contracts.rows import TimelineAsked
from widgets.timeline_table import KINDS

BODIES: list[e.AnyBody] = [
    e.FloorReleased("g1", "u1", 4_000), e.MessageSent("u1", "tekst"),
    e.StatusMessageSent("u1", 33_000), e.AlarmRaised("a1", "u1"), e.AlarmAcknowledged("a1"),
    e.AlarmTaken("a1"), e.AlarmNoted("a1", "notat"), e.AlarmUnitsSent("a1", ("u1",)),
    e.AlarmClosed("a1", "test"),
    e.AlarmReopened("a1", ("01KJA0000000000000000000AA",)), e.HandoverRead(alarms=1),
    e.AlarmEscalated("a1", 60), e.StatusChanged("u1", "on-scene"),
    e.CalloutSent("c1", ("u1",), "kom"), e.CalloutAnswered("c1", "u1", "yes"),
    e.CalloutReminded("c1", 1, ("u1",)), e.CalloutEnded("c1", "done"),
    e.GroupFormed("g9", "SAMV", ("u1",), NOW_MS), e.GroupMemberAdded("g9", "u2"),
    e.GroupMemberRemoved("g9", "u2"), e.GroupEnded("g9"), e.PatchMade("p1", ("g1", "g2"), NOW_MS),
    e.PatchEnded("p1"), e.CallOffered("k1", "u1", "u2"), e.CallAnswered("k1"),
    e.CallEnded("k1", "busy"), e.DutySet("d1", "Lege", "Ola", 1, 2, unit="u1"),
    e.DutyEnded("d1", 2), e.PersonSignedIn("Kari"), e.PersonSignedOut("Kari"),
    e.PositionJoined("Plass 1"), e.PositionLeft("Plass 1"), e.MemberEnrolled("m1", "operator"),
    e.MemberRevoked("m1"), e.CodeTried("m1", "operator", 3), e.SignInLocked("m1", "Kari", 60),
    e.MemberFlooded("m1", "floor"),
    e.MemberFlooded("m1", e.TO_ALL),
    e.LandmarkDefined(landmark="l1", name="Sykehus", lat=60, lon=10), e.LandmarkRemoved("l1"),
    e.PinSet(pin="q1", name="Hendelse", lat=60, lon=10, since_ms=1), e.PinRemoved("q1"),
]  # fmt: skip


class Bench:
    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.store = SiteStore()
        self.noted: list[e.LogExported] = []
        self.can_note = True
        self.model = TimelineModel(
            self.store, folder, note=self._note, since_s=lambda: 0.0, parent=self.store
        )
        self._qtbot = qtbot

    def _note(self, body: e.LogExported) -> bool:
        self.noted.append(body)
        return self.can_note

    def ask(self, **asked: object) -> list[str]:
        self.model.ask(TimelineAsked(**asked))  # type: ignore[arg-type]  # as the test says
        self._qtbot.waitUntil(lambda: not self.model.is_asking, timeout=10_000)
        return [row.text for row in self.model.rows()]

    def save(self, path: Path) -> str:
        self.model.save(str(path))
        self._qtbot.waitUntil(
            lambda: self.model.saving is not None and self.model.saving.state != "under-way",
            timeout=10_000,
        )
        assert self.model.saving is not None
        return self.model.saving.state


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot, desk_app: QApplication) -> Iterator[Bench]:
    bench = Bench(tmp_path / "timeline", qtbot)
    bench.model.start()
    try:
        yield bench
    finally:
        bench.model.stop()


def test_every_kind_with_a_row_has_words_and_a_toggle(desk_app: QApplication) -> None:
    assert {type(body) for body in BODIES} == set(CATEGORY_OF) == set(ALL_WORDS)
    assert set(CATEGORY_OF.values()) == set(KINDS)
    store = SiteStore()
    for body in BODIES:  # also of what this desk knows nothing about
        assert log_row(store, said(body)).text
    store.apply([said(body, -n) for n, body in enumerate(BODIES)])
    for body in BODIES:
        assert log_row(store, said(body)).text


def test_before_there_is_anything_and_from_when_there_is(
    bench: Bench, tmp_path: Path, qtbot: QtBot
) -> None:
    assert bench.ask() == []
    assert not bench.model.standing.is_there
    bench.model.watch(True)
    keep(tmp_path / "timeline", [said(e.MessageSent("u1", "første"))])
    qtbot.waitUntil(lambda: len(bench.model.rows()) == 1, timeout=10_000)
    keep(tmp_path / "timeline", [said(e.MessageSent("u1", "andre"), -5)])
    qtbot.waitUntil(lambda: len(bench.model.rows()) == 2, timeout=10_000)
    assert "andre" in bench.model.rows()[0].text
    assert bench.model.standing.is_there


def test_pages_to_the_bound(
    bench: Bench, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_module, "MAX_ROWS", 200)
    keep(tmp_path / "timeline", [said(e.MessageSent("u1", f"n{n}"), n) for n in range(350)])
    assert len(bench.ask()) == 100
    bench.model.more()
    qtbot.waitUntil(lambda: len(bench.model.rows()) == 200, timeout=10_000)
    assert not bench.model.is_more
    assert bench.model.is_cut


def test_only_the_newest_question_is_answered(bench: Bench, tmp_path: Path) -> None:
    keep(tmp_path / "timeline", [said(e.MessageSent("u1", f"ord{n}"), n) for n in range(100)])
    for n in range(99):
        bench.model.ask(TimelineAsked(text=f"ord{n}"))
    assert bench.ask(text='"ord99"') == ["Til u1: ord99"]


def test_a_list_is_noted_first_and_not_made_when_it_can_not_be(
    bench: Bench, tmp_path: Path
) -> None:
    keep(
        tmp_path / "timeline",
        [said(e.MessageSent("u1", "=cmd|x"), 5), said(e.AlarmRaised("a1", "u1"), 9)],
    )
    bench.ask(categories=("message",))
    bench.can_note = False
    assert bench.save(tmp_path / "a.csv") == "failed"
    assert not (tmp_path / "a.csv").exists()
    bench.can_note = True
    assert bench.save(tmp_path / "a.csv") == "done"
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600
    lines = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    rows = list(csv.reader(lines, delimiter=";"))
    assert rows[0][0] == "Tid"
    assert len(rows) == 2
    assert rows[1][4] == "Til u1: =cmd|x"
    assert bench.noted[-1].form == "csv"
    assert bench.noted[-1].events == 1
    assert bench.save(tmp_path / "a.csv") == "failed"  # over no other file


def test_the_rows_go_with_their_time(bench: Bench, tmp_path: Path) -> None:
    keep(tmp_path / "timeline", [said(e.MessageSent("u1", "x"), 1), said(e.AlarmRaised("a", "u"))])
    assert len(bench.ask()) == 2
    with writing(tmp_path / "timeline") as store:
        store.forget(NOW_MS + 40 * DAY_MS)
    bench.store.expired.emit(0, {})
    assert len(bench.ask()) == 1


def test_what_a_spreadsheet_would_run_is_text() -> None:
    for cell in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"):
        assert harmless(cell) == f"'{cell}"
    assert harmless("AMB 3-1 = ledig") == "AMB 3-1 = ledig"


def test_a_file_that_can_not_be_written_says_why(tmp_path: Path) -> None:
    assert write_new(tmp_path / "no" / "a.csv", b"x")
    assert write_new(tmp_path / "a.csv", b"x") == ""
    assert write_new(tmp_path / "a.csv", b"y")
    assert (tmp_path / "a.csv").read_bytes() == b"x"


def test_a_status_is_sought_by_its_name_on_this_screen(desk_app: QApplication) -> None:
    assert statuses_called("LEDIG") == (("ledig", ("available",)),)
    assert statuses_called("møtep ring") == (
        ("møtep", ("meeting-point",)), ("ring", ("call-me", "urgent-call")),
    )  # fmt: skip
    assert statuses_called("xyz") == ()


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("alarm", ("alarm",)), ("Sikkerhetsalarm", ("alarm",)), ("utkalling", ("callout",)),
        ("melding", ("message",)), ("tale", ("voice", "group")), ("per", ()), ("amb", ()),
        ('"alarm"', ()),
    ],
)  # fmt: skip
def test_a_kind_of_event_is_sought_by_its_name_on_this_screen(
    desk_app: QApplication, typed: str, kinds: tuple[str, ...]
) -> None:
    assert [found for _, found in kinds_called(typed)] == ([kinds] if kinds else [])
