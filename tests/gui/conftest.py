"""A real window on Qt's offscreen platform; a warning from Qt fails the test that caused it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.logging import Record

from resources.languages import LANGUAGES
from tests.gui import fakes
from widgets.app import load_fonts, use_language, use_palette
from widgets.look import font
from widgets.theme import NIGHT, PALETTES
from widgets.window import DeskWindow

NOT_OURS = ("This plugin does not support",)  # what the offscreen platform can't do

Open = Callable[..., tuple[DeskWindow, fakes.Fakes]]

SMALL, LARGE = (1_366, 768), (1_920, 1_080)
LONG = pytest.mark.long
SCREENS = pytest.mark.parametrize(
    ("size", "language"),
    [
        pytest.param(
            size,
            language,
            id=f"{size[0]}-{language}",
            marks=() if language == "nb" or (size, language) == (SMALL, "en") else LONG,
        )
        for size in (SMALL, LARGE)
        for language in LANGUAGES
        if size == SMALL or language != "nn"  # as long as nb: what is cut is cut on the small one
    ],
)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["vaktbord"]


@pytest.fixture
def desk_app(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[QApplication]:
    """The application as the desk sets it up; Norwegian, night, Oslo time."""
    monkeypatch.setenv("TZ", "Europe/Oslo")
    time.tzset()
    qapp.setStyle("Fusion")
    load_fonts()
    qapp.setFont(font(14))
    use_palette(qapp, NIGHT)
    use_language(qapp, "nb")
    yield qapp
    use_language(qapp, "en")
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def open_desk(desk_app: QApplication, request: pytest.FixtureRequest) -> Iterator[Open]:
    """``open_desk(fakes, size=(1920, 1080), theme="night", language="nb")``: a shown window, and
    a hand at the alarm that it shows."""
    windows: list[DeskWindow] = []

    def make(
        given: fakes.Fakes | None = None,
        *,
        size: tuple[int, int] = (1_920, 1_080),
        theme: str = "night",
        language: str = "nb",
    ) -> tuple[DeskWindow, fakes.Fakes]:
        data = given or fakes.make()
        use_palette(desk_app, PALETTES[theme])
        use_language(desk_app, language)
        window = DeskWindow(data.sources(), PALETTES[theme], language)
        windows.append(window)
        window.resize(*size)
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window, 5_000)
        window.alarms.choose(window.alarms.current)
        return window, data

    yield make
    for window in windows:
        window.end()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def no_language_of_another_test() -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        use_language(app, "en")


@pytest.fixture(autouse=True)
def no_qt_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Qt speaks through its own log: what it warns of is an error here."""
    if "qtlog" not in request.fixturenames and "qapp" not in request.fixturenames:
        yield
        return
    qtlog: Any = request.getfixturevalue("qtlog")
    yield
    bad = [record for record in qtlog.records if _is_bad(record)]
    assert not bad, "\n".join(str(record.message) for record in bad)


def _is_bad(record: Record) -> bool:
    message = str(record.message)
    return record.type_name != "QtDebugMsg" and not message.startswith(NOT_OURS)
