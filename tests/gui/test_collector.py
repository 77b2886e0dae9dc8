"""What has died in a cycle is collected on Qt's thread, whichever thread makes objects."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import ClassVar

import pytest
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.desk.collector import Collector
from tests.turning import turn, turn_until


class Knot:
    """A cycle, which counting references alone never lets go."""

    ended_on: ClassVar[list[int]] = []

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.ended_on.append(threading.get_ident())


@pytest.fixture
def collector(qapp: QCoreApplication) -> Iterator[Collector]:
    Knot.ended_on.clear()
    parent = QObject()
    collector = Collector(parent, full_every_s=0.0)
    collector.start()
    yield collector
    collector.stop()
    KEPT.clear()
    assert gc.isenabled()


KEPT: list[list[int]] = []


def _work(objects: int = 200_000) -> None:
    """As a link that reads a long log: more new objects than any threshold."""
    KEPT.extend([n] for n in range(objects))


def test_another_threads_work_ends_nothing_there(collector: Collector) -> None:
    dropped = weakref.ref(Knot())
    thread = threading.Thread(target=_work)
    thread.start()
    thread.join()
    assert dropped() is not None, "Python's own collector rests"
    turn_until(lambda: dropped() is None, "the collector", 10.0)
    assert Knot.ended_on == [threading.get_ident()]


def test_the_old_are_looked_at_too(collector: Collector) -> None:
    knot = Knot()
    gc.collect()  # it is of the oldest now
    dropped = weakref.ref(knot)
    del knot
    for _ in range(400):
        _work(1_000)
        collector.look()
    assert dropped() is None


def test_a_full_collection_waits_for_the_end_of_a_frame(
    collector: Collector, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    collector.watch(window)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 1_000))
    turn(50)  # the first frames
    knot = Knot()
    gc.collect()  # it is of the oldest now
    dropped = weakref.ref(knot)
    del knot
    collector.look()
    turn(20)
    assert dropped() is not None, "nothing has been painted yet"
    window.update()
    turn_until(lambda: dropped() is None, "a collection after the frame", 0.5)


def test_where_nothing_is_painted_it_comes_at_the_next_look(
    collector: Collector, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    collector.watch(window)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 1_000))
    knot = Knot()
    gc.collect()
    dropped = weakref.ref(knot)
    del knot
    collector.look()
    assert dropped() is not None
    collector.look()
    assert dropped() is None


def test_full_collections_keep_their_distance(
    qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QObject()
    collector = Collector(parent, full_every_s=3_600.0)
    collector.start()
    try:
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 1_000))
        asked: list[int] = []
        monkeypatch.setattr(gc, "collect", asked.append)
        collector.look()
        assert asked == [1]
    finally:
        collector.stop()
