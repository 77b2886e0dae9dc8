"""Log and search in a whole desk: real site, real timeline process, real engine, real window."""

from __future__ import annotations

import csv
import os
import stat
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from audio import protocol as p
from audio.home import recall_dir
from console.domain.events import (
    Event,
    FloorReleased,
    LogExported,
    MessageSent,
    RecordingHeard,
    StatusChanged,
    TalkgroupDefined,
    UnitDefined,
)
from console.site.find import Use, find_site
from console.site.log.subjects import AUDIT
from console.site.node.process import ensure_site
from console.site.visit import visit
from tests.audio.recall_lab import kept, store
from tests.desk.processes import LOOPBACK, Net, engine_of
from tests.desk.test_desk_hands import Sitting, sit_down
from widgets.timeline import TimelinePage

pytestmark = pytest.mark.system

CTRL = Qt.KeyboardModifier.ControlModifier
SPOKE_MS = 1_000


def tell(lan: Net, *bodies: object, use: Use = "exercise") -> None:
    """Of an exercise: a desk alone may say nothing of the floor."""
    address = find_site(lan.home, interface=LOOPBACK, use=use)
    with visit(address, spool=lan.home / "cli") as guest:
        for body in bodies:
            guest.deliver(body)  # type: ignore[arg-type]  # as the test says


def audit(lan: Net) -> Sequence[Event]:
    found: list[Event] = []
    address = find_site(lan.home, interface=LOOPBACK)
    with visit(address, replay="all", streams=(AUDIT,), on_events=found.extend) as guest:
        guest.read_all()
    return found


@pytest.fixture
def sitting(lan: Net, qapp: QApplication) -> Iterator[Sitting]:
    """A burst is kept in the engine, and the site's log knows of it."""
    ensure_site(lan.home, interface=LOOPBACK)
    now_ms = time.time_ns() // 1_000_000
    burst = kept(store(recall_dir(lan.home), lambda: now_ms), now_ms - SPOKE_MS, "lv1@h")
    kept(store(recall_dir(lan.home), lambda: now_ms), now_ms - 60_000, "lv1@h")
    assert burst
    tell(
        lan,
        TalkgroupDefined("lv1", "Havnvik-LV", "exercise", exercise=True),
        UnitDefined("a13", "AMB 1-3", "ambulance", talkgroup="lv1", exercise=True),
        FloorReleased("lv1", "a13", SPOKE_MS),
        StatusChanged("a13", "on-scene"),
    )
    tell(lan, MessageSent("lv1", "Kjør til Ås; =1+1"), use="desk")
    here = sit_down(lan)
    try:
        here.until(lambda: here.desk.parts.status.status().site_link == "up", "the site")
        here.until(lambda: here.desk.parts.status.status().engine_link == "up", "the engine")
        yield here
    finally:
        here.desk.end()
        here.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def open_page(here: Sitting) -> TimelinePage:
    here.press_with_ctrl(Qt.Key.Key_F)
    page = here.window.timeline
    here.until(lambda: not page._source.standing.is_behind, "all of the log")
    here.until(lambda: page.model.rowCount() >= 4, "rows")
    return page


def shown(page: TimelinePage) -> list[str]:
    return [page.model.row(n).text for n in range(page.model.rowCount())]


def search(here: Sitting, page: TimelinePage, words: str) -> None:
    page.field.clear()
    QTest.keyClicks(page.field, words)
    here.until(lambda: page._source._asked.text == words, "it is asked")  # type: ignore[attr-defined]
    here.until(lambda: not page._source.is_asking, "an answer")


def test_words_kinds_and_news(sitting: Sitting) -> None:
    page = open_page(sitting)
    search(sitting, page, "ås")
    assert len(shown(page)) == 1
    assert "Kjør til Ås" in shown(page)[0]
    search(sitting, page, "as")
    assert shown(page) == []
    search(sitting, page, "AMB 1-3")
    assert {page.model.row(n).category for n in range(2)} == {"voice", "status"}
    search(sitting, page, "havnvik")
    tell(sitting.net, MessageSent("lv1", "Ny beskjed"), use="desk")
    sitting.until(lambda: any("Ny beskjed" in text for text in shown(page)), "the news")
    assert "Ny beskjed" in page.model.row(0).text


def test_the_burst_is_played_from_its_row_and_it_is_noted(sitting: Sitting) -> None:
    page = open_page(sitting)
    QTest.mouseClick(page.kinds["voice"], Qt.MouseButton.LeftButton)
    sitting.until(lambda: len(shown(page)) == 1, "the burst's row alone")
    page._to_table()
    with engine_of(sitting.net.home) as (_, told):
        QTest.keyClick(page.table, Qt.Key.Key_Return)
        sitting.until(lambda: any(isinstance(e, p.ReplayChanged) and e.burst for e in told), "it")
        played = next(e.burst for e in told if isinstance(e, p.ReplayChanged) and e.burst)
    row = page.model.row(0)
    assert abs(played.start_ms / 1e3 - (row.time_s - 1.0)) < 1.5  # not the one a minute before
    sitting.until(
        lambda: any(isinstance(e.body, RecordingHeard) for e in audit(sitting.net)), "the audit"
    )


def test_what_is_copied_and_saved_stands_in_the_sites_audit(
    sitting: Sitting, tmp_path: Path
) -> None:
    page = open_page(sitting)
    search(sitting, page, "kjør")
    page._to_table()
    QTest.keyClick(page.table, Qt.Key.Key_C, CTRL)
    assert "Kjør til Ås" in QApplication.clipboard().text()
    page.field.clear()
    QTest.mouseClick(page.kinds["message"], Qt.MouseButton.LeftButton)
    page._folder = tmp_path
    QTest.mouseClick(page.export, Qt.MouseButton.LeftButton)
    assert page.dialog is not None
    field = page.dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "liste")
    QTest.keyClick(field, Qt.Key.Key_Return)
    file = tmp_path / "liste.csv"
    sitting.until(lambda: page._source.saving is not None, "the saving")
    sitting.until(lambda: page._source.saving.state == "done", "the file")  # type: ignore[union-attr]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text("utf-8-sig").splitlines()
    rows = list(csv.reader(lines, delimiter=";"))
    assert len(rows) == 2
    assert any("Kjør til Ås; =1+1" in cell for cell in rows[1])
    sitting.until(lambda: len(audit(sitting.net)) >= 2, "the audit")
    noted = [e for e in audit(sitting.net) if isinstance(e.body, LogExported)]
    forms = [(e.body.form, e.body.events) for e in noted if isinstance(e.body, LogExported)]
    assert forms == [("copy", 1), ("csv", 1)]
    assert {e.person for e in noted} == {"Kari Nordmann"}


def test_the_process_ends_with_the_desk(sitting: Sitting) -> None:
    open_page(sitting)
    pid = sitting.desk.linked.timeline_process.pid
    assert pid
    sitting.desk.end()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
