"""Two real desks at one site: each shows the other, and misses it when it dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.desk.processes import Net, net
from tests.desk.test_desk_hands import Sitting, sit_down
from tests.site.conftest import alone
from tests.site.enrolling import Site, running
from tests.turning import turn
from widgets.contracts.rows import OtherDesk

pytestmark = pytest.mark.system
__all__ = ["alone"]

SHOWN_S = 8.0  # three seconds; this machine may be busy, and `bench site` times it


@pytest.fixture
def site(alone: None, tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "site") as one:
        yield one


@pytest.fixture
def first(site: Site, tmp_path: Path, qapp: QApplication) -> Iterator[Sitting]:
    """A desk in this process."""
    with net(tmp_path / "one") as lan:
        site.enrol(lan.home, "lv1")
        here = sit_down(lan, "--position", "Legevakt 1", "--language", "en")
        try:
            here.until(lambda: here.desk.parts.status.status().site_link == "up", "the site")
            yield here
        finally:
            here.desk.end()
            here.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def second(site: Site, tmp_path: Path) -> Iterator[Net]:
    with net(tmp_path / "second") as lan:
        site.enrol(lan.home, "lv2")
        yield lan


def others(here: Sitting) -> tuple[OtherDesk, ...]:
    return here.desk.parts.status.status().desks


@pytest.mark.long
def test_a_desk_that_is_killed_is_shown_gone_within_three_seconds(
    first: Sitting, second: Net
) -> None:
    window = first.window
    assert window.top.desks.isHidden()
    process = second.desk("--position", "Legevakt 2", "--person", "Ola N")
    first.until(lambda: bool(others(first)), "the other desk")
    assert others(first) == (OtherDesk("lv2", "Legevakt 2", "Ola N"),)
    assert window.top.desks.isVisible()
    assert window.top.desks.lines() == ("Legevakt 2: Ola N",)
    turn(300)
    os.kill(process.pid, signal.SIGKILL)
    killed_s = time.monotonic()
    first.until(lambda: "Legevakt 2 (Ola N)" in shown(first), "it to be missed")
    assert time.monotonic() - killed_s <= SHOWN_S
    assert "gone since" in window.top.desks.lines()[0]
    QTest.mouseClick(window.top.desks, Qt.MouseButton.LeftButton)
    assert window.top.desks.menu.isVisible()
    window.top.desks.menu.close()
    process.wait()
    again = second.desk("--position", "Legevakt 2", "--person", "Ola N")
    first.until(lambda: shown(first) == "", "it to be back")
    again.terminate()
    again.wait()
    first.until(lambda: others(first) == (), "it to have left")
    assert shown(first) == "", "who says goodbye is not missed"


def shown(here: Sitting) -> str:
    """The notice of who is gone, on the screen."""
    from widgets.notice_bars import NoticeBar  # noqa: PLC0415

    bars = here.window.notices.findChildren(NoticeBar)
    words = [bar.accessibleName() for bar in bars if bar.isVisible()]
    return " ".join(one for one in words if "gone since" in one)
