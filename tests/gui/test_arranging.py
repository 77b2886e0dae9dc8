"""Where the desk's windows stand is remembered, per set of screens, and sane on smaller ones."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QObject, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.desk.arranging import Arranging
from console.settings import DeskSettings, ScreenSettings, WindowPlace
from tests.gui import fakes
from widgets import screens
from widgets.screens import set_up
from widgets.theme import NIGHT
from widgets.window import DeskWindow

ONE, OTHER = QRect(0, 0, 1_920, 1_080), QRect(1_920, 0, 1_366, 768)
SMALL = QRect(0, 0, 1_366, 768)


def wait_for_map(window: DeskWindow) -> None:
    for _ in range(1_000):
        if window.map_place.map is not None:
            return
        QTest.qWait(20)
    raise AssertionError("the map was not loaded")


class Memory(QObject):
    """What a desk remembers, over several windows."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = DeskSettings()
        self.saves = 0

    def opened(self, size: tuple[int, int] | None = None) -> tuple[DeskWindow, Arranging]:
        window = DeskWindow(fakes.make().sources(), NIGHT, "nb")
        arranging = Arranging(window, self._save_soon, self)
        arranging.open(lambda: self.settings, size)
        wait_for_map(window)
        return window, arranging

    def _save_soon(self) -> None:
        self.saves += 1

    def closed(self, window: DeskWindow, arranging: Arranging) -> None:
        window.close()
        self.settings = arranging.noted(self.settings)
        self.settings = msgspec.json.decode(msgspec.json.encode(self.settings), type=DeskSettings)
        window.end()
        window.deleteLater()


@pytest.fixture
def memory(desk_app: QApplication, monkeypatch: pytest.MonkeyPatch) -> Memory:
    monkeypatch.setattr(screens, "areas", lambda: [ONE, OTHER])
    return Memory()


def test_what_was_open_is_open_again_where_it_was(memory: Memory) -> None:
    window, arranging = memory.opened()
    window.setGeometry(100, 50, 1_500, 900)
    window.panels.detaching.take_out("units")
    window.panels.detaching.windows["units"].setGeometry(2_100, 100, 600, 500)
    window.pages.show_page(window.people)
    assert memory.saves > 0
    memory.closed(window, arranging)
    window, arranging = memory.opened()
    assert window.geometry() == QRect(100, 50, 1_500, 900)
    assert window.panels.detaching.windows["units"].geometry() == QRect(2_100, 100, 600, 500)
    assert window.people.isVisible()
    memory.closed(window, arranging)


def test_maximised_is_remembered_with_what_it_was_before(memory: Memory) -> None:
    window, arranging = memory.opened()
    window.setGeometry(100, 50, 1_500, 900)
    window.showMaximized()
    QTest.qWait(20)
    memory.closed(window, arranging)
    kept = memory.settings.screens[set_up([ONE, OTHER])].window
    assert kept is not None
    assert kept.maximised
    window, arranging = memory.opened()
    assert window.isMaximized()
    memory.closed(window, arranging)


def test_a_page_does_not_come_back_in_front_of_an_alarm(memory: Memory) -> None:
    key = set_up([ONE, OTHER])
    memory.settings = DeskSettings(screens={key: ScreenSettings(page="timeline")})
    window = DeskWindow(fakes.with_alarm().sources(), NIGHT, "nb")
    arranging = Arranging(window, lambda: None, memory)
    arranging.open(lambda: memory.settings, None)
    wait_for_map(window)
    assert window.timeline.isHidden()
    memory.closed(window, arranging)


def test_a_smaller_screen_and_a_size_by_hand(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "areas", lambda: [SMALL])
    window, arranging = memory.opened()
    assert (window.width(), window.height()) == (1_366, 768)
    memory.closed(window, arranging)
    far = WindowPlace(5_000, 5_000, 3_000, 2_000)
    memory.settings = DeskSettings(screens={set_up([SMALL]): ScreenSettings(far)})
    window, arranging = memory.opened()
    assert SMALL.contains(window.geometry().center())
    assert window.width() <= 1_366
    memory.closed(window, arranging)
    window, arranging = memory.opened((1_200, 700))
    assert (window.width(), window.height()) == (1_200, 700)
    memory.closed(window, arranging)


def test_a_screen_that_goes_and_comes_takes_its_panel_along(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, arranging = memory.opened()
    window.panels.detaching.take_out("map")
    memory.settings = arranging.noted(memory.settings)
    monkeypatch.setattr(screens, "areas", lambda: [ONE])
    arranging._screens_are()
    QTest.qWait(20)
    assert window.map_place.window() is window
    memory.settings = arranging.noted(memory.settings)
    monkeypatch.setattr(screens, "areas", lambda: [ONE, OTHER])
    arranging._screens_are()
    assert OTHER.contains(window.panels.detaching.windows["map"].geometry().center())
    memory.closed(window, arranging)
