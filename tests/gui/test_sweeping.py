"""What a desk lives through is not looked at again and again, and what has died is let go."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from console.desk.sweeping import SWEEP_S, Sweeper


class Knot:
    """A cycle, which counting references alone never lets go."""

    def __init__(self) -> None:
        self.itself = self


class Hour:
    def __init__(self) -> None:
        self.is_quiet = True
        self.now_s = 0.0
        self.parent = QObject()
        self.sweeper = Sweeper(lambda: self.is_quiet, self.parent, now_s=lambda: self.now_s)


@pytest.fixture
def hour(qapp: QCoreApplication) -> Iterator[Hour]:
    hour = Hour()
    hour.sweeper.start()
    yield hour
    hour.sweeper.stop()


def _tied_and_dropped() -> weakref.ref[Knot]:
    knot = Knot()
    gc.collect()  # it survives, and is set aside
    return weakref.ref(knot)


def test_what_has_survived_a_full_collection_is_not_looked_at_again(hour: Hour) -> None:
    gc.collect()
    assert gc.get_freeze_count() > 1_000
    assert len(gc.get_objects()) < 1_000


def test_what_was_set_aside_and_died_goes_within_the_hour(hour: Hour) -> None:
    dropped = _tied_and_dropped()
    gc.collect()
    assert dropped() is not None
    hour.now_s = SWEEP_S - 1
    hour.sweeper.look()
    assert dropped() is not None
    hour.now_s = SWEEP_S
    hour.sweeper.look()
    assert dropped() is None


def test_it_waits_while_somebody_speaks(hour: Hour) -> None:
    dropped = _tied_and_dropped()
    hour.now_s, hour.is_quiet = 2 * SWEEP_S, False
    hour.sweeper.look()
    assert dropped() is not None
    hour.is_quiet = True
    hour.sweeper.look()
    assert dropped() is None


def test_afterwards_all_is_as_it_was(hour: Hour) -> None:
    gc.collect()
    hour.sweeper.stop()
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert gc.get_freeze_count() == 0
