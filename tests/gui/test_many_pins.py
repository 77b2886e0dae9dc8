"""As many pins as a site may have: the map stays as quick as without them, and can be read."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication

from widgets.map.camera import Camera
from widgets.map.pace import finished
from widgets.map.pins import HEAD, MARK_HALF, MOST_NAMED, UPRIGHT, Obstacles, _leaning

VIEW = Camera(0.5, 0.5, 40, 1_900, 1_000)
NOWHERE = np.empty((0, 2))
TRIES = 3


def spots(number: int, seed: int) -> np.ndarray:
    chance = random.Random(seed)
    made = [(chance.uniform(60, 1_840), chance.uniform(60, 940)) for _ in range(number)]
    return np.array(made)


def quickest(work: Callable[[], object]) -> float:
    """Seconds of the processor: other programs don't count."""
    took = []
    for _ in range(TRIES):
        began = time.thread_time()
        work()
        took.append(time.thread_time() - began)
    return min(took)


def test_marks_that_a_pin_could_not_hide_cost_it_nothing(desk_app: QApplication) -> None:
    """With all of 3,000 marks looked at for each way of each pin it took seventeen times what it
    takes without any, and units that move were drawn that much later."""
    pins, marks = spots(MOST_NAMED, 1), spots(3_000, 2)

    def lean(around: np.ndarray) -> None:
        finished(_leaning(pins, VIEW, Obstacles(around, NOWHERE, np.empty((0, 4)))))

    assert quickest(lambda: lean(marks)) < 8 * quickest(lambda: lean(NOWHERE))


def test_heads_keep_clear_of_marks_wherever_there_is_room(desk_app: QApplication) -> None:
    pins, marks = spots(40, 3), spots(300, 4)
    ways = finished(_leaning(pins, VIEW, Obstacles(marks, NOWHERE, np.empty((0, 4)))))

    def clear(heads: np.ndarray) -> float:
        far = np.hypot(*(heads[:, None] - marks[None]).transpose(2, 0, 1)).min(axis=1)
        return float((far >= HEAD + MARK_HALF).mean())

    assert clear(pins + ways) > 0.9 > clear(pins + np.array(UPRIGHT)), "some had to lean"
