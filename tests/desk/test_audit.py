"""Who listened again and who took something out stands in the site's audit, from desk and shell."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from audio import protocol as p
from audio.home import recall_dir
from console.cli import command_parser
from console.commands import recall
from console.desk.audit import MAX_ASKED, AuditTrail, heard
from console.domain.events import Event, LogExported, RecordingExported, RecordingHeard
from console.site.find import find_site
from console.site.log.subjects import AUDIT
from console.site.visit import visit
from tests.audio.recall_lab import kept, store
from tests.desk.processes import LOOPBACK, Net
from tests.desk.test_desk_hands import sit_down

A, B = (
    p.BurstInfo(f"179555400000{n}-0badcafe", "a@h", 7, "AMB 3-1", 1_795_554_000_000 + n, 900,
                "opus", True, False)
    for n in range(2)
)  # fmt: skip


def heard_of(trail: AuditTrail, *told: p.Event) -> list[object]:
    return [body for one in told if (body := trail.told(one)) is not None]


def test_what_was_asked_for_here_is_noted_once_a_burst() -> None:
    trail = AuditTrail()
    trail.asked(p.CatchUp())
    assert heard_of(
        trail,
        p.ReplayChanged("paused", "catch-up", A, why="live"),
        p.ReplayChanged("playing", "catch-up", A),
        p.ReplayChanged("paused", "catch-up", A, why="live"),
        p.ReplayChanged("playing", "catch-up", A),
        p.ReplayChanged("playing", "catch-up", B),
        p.ReplayChanged("idle"),
    ) == [
        RecordingHeard(A.burst, "a@h", A.start_ms, 900, "catch-up"),
        RecordingHeard(B.burst, "a@h", B.start_ms, 900, "catch-up"),
    ]
    trail.asked(p.Recall())
    assert len(heard_of(trail, p.ReplayChanged("playing", "recall", A))) == 1


def test_what_others_asked_for_or_what_was_refused_is_not_this_desks() -> None:
    trail = AuditTrail()
    assert heard_of(trail, p.ReplayChanged("playing", "recall", A)) == []
    trail.asked(p.Recall())
    refused = p.Refused("recall", "nothing is kept that could be played")
    assert heard_of(trail, refused, p.ReplayChanged("playing", "recall", A)) == []
    assert heard_of(trail, p.Exported(A, "/x/a.wav", "wav", "Kari", 0.9)) == []


def test_an_export_is_noted_without_where_it_went() -> None:
    trail = AuditTrail()
    trail.asked(p.Export(A.burst, "/x/a.ogg", "ogg", "Kari"))
    told = p.Exported(A, "/x/a.ogg", "ogg", "Kari", 0.9)
    assert heard_of(trail, told, told) == [
        RecordingExported(A.burst, "a@h", A.start_ms, 900, "ogg")
    ]
    for n in range(MAX_ASKED + 1):
        trail.asked(p.Export(A.burst, f"/x/{n}.ogg", "ogg", "Kari"))
    assert len(trail._exports) == MAX_ASKED


class PlayingEngine:
    """What ``vaktbord recall play`` asks of an engine with a device."""

    def __init__(self) -> None:
        self.client = self
        self.sent: list[p.Command] = []

    def status(self, _wait_s: float) -> p.Status:
        return p.Status((), "Headset", "playing")

    def ask(self, question: p.ListBursts, *_: object) -> p.Bursts:
        return p.Bursts((A, B)[-question.limit :])

    def send(self, command: p.Command) -> None:
        self.sent.append(command)


def test_what_the_shell_plays_is_noted_with_the_name_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notes: list[tuple[object, ...]] = []
    monkeypatch.setattr(recall, "note_where_a_site_is", lambda *words: notes.append(words))
    given = command_parser("recall").parse_args(
        ["recall", "--home", str(tmp_path), "play", "--count", "2", "--person", "Ola"]
    )
    playing: Any = PlayingEngine()
    assert recall._play(playing, given) == 0
    assert playing.sent == [p.Recall("", 2, "Ola")]
    [(_, _, bodies, person)] = notes
    assert (person, bodies) == ("Ola", [heard(A, "recall"), heard(B, "recall")])


def command(lan: Net, *words: str) -> str:
    """``vaktbord WORDS`` beside the desk. What it printed."""
    process = lan.start(*words, pipe=True)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, words
    return out.decode()


def noted(home: Path) -> list[Event]:
    found: list[Event] = []

    def take(events: Sequence[Event]) -> None:
        found.extend(events)

    address = find_site(home, interface=LOOPBACK)
    with visit(address, streams=(AUDIT,), replay="all", on_events=take) as guest:
        guest.read_all()
    return found


@pytest.mark.system
def test_desk_and_shell_note_what_was_heard_and_taken_out(lan: Net, qapp: QApplication) -> None:
    folder = recall_dir(lan.home)
    folder.mkdir(parents=True)
    burst = kept(store(folder), int(time.time() * 1e3) - 60_000, "lv1@h")
    lan.start("site")
    here = sit_down(lan)
    try:
        here.until(lambda: here.desk.parts.status.status().site_link == "up", "the site")
        here.until(lambda: here.desk.parts.status.status().engine_link == "up", "the engine")
        here.desk.parts.actions.save_call(burst, str(lan.home / "desk.wav"), "wav")
        here.until(lambda: len(noted(lan.home)) == 1, "the desk's export is noted")
        here.desk.parts.actions.recall("")
        here.until(lambda: len(noted(lan.home)) == 2, "the desk's recall is noted")
        taken = str(lan.home / "shell.ogg")
        command(lan, "recall", "export", burst, taken, "--person", "Ola (fiktiv)")
        rows = json.loads(command(lan, "events", "--json"))
        assert "recording-heard" not in {row["body"]["kind"] for row in rows}
        shown = json.loads(command(lan, "events", "--json", "--kind", "recording-heard"))
        here.until(lambda: len(noted(lan.home)) == 5, "all of it")
        before = here.desk.parts.store.state
        here.desk.linked.upkeep.forget_expired()
        assert here.desk.parts.store.state is before, "nothing is too old yet"
    finally:
        here.desk.end()
        here.window.deleteLater()
        qapp.processEvents()
    events = noted(lan.home)
    kinds = [type(event.body) for event in events]
    assert kinds == [
        RecordingExported, RecordingHeard, RecordingExported, LogExported, LogExported,
    ]  # fmt: skip
    persons = [event.person for event in events]
    assert persons[:3] == ["Kari Nordmann", "Kari Nordmann", "Ola (fiktiv)"]
    assert all(persons)
    assert {str(event.body.burst) for event in events[:3]} == {burst}  # type: ignore[union-attr]
    assert [one["id"] for one in shown] == [events[1].id]
    last: Any = events[-1].body
    assert (last.events, last.only) == (1, "recording-heard")
    assert here.desk.parts.store.state.messages == (), "it is no part of a desk's picture"
