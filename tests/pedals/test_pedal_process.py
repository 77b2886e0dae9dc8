"""The reader's process: killed, hung, unplugged, and gone with its desk."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.pedals.messages import (
    SILENT_S,
    Alive,
    Control,
    Learned,
    Moved,
    Standing,
    Told,
    Wish,
    encode,
    told_in,
)
from console.pedals.process import PedalProcess
from console.site.node.process import child_environment
from tests.pedals.lab import BTN_TRIGGER, PATIENCE_S, Bench, Plugged

pytestmark = pytest.mark.system

CONTROL = Control("linux:event:0000:0000:Pedal:", f"k{BTN_TRIGGER}")
ENDED = Alive(999)


class Kept:
    """A process and what it says."""

    def __init__(self, bench: Bench) -> None:
        self.heard: queue.Queue[Told] = queue.Queue()
        environment = {k: v for k, v in child_environment().items() if k != "DISPLAY"}
        self.process = PedalProcess(
            told=self.heard.put,
            ended=lambda: self.heard.put(ENDED),
            environment=environment,
            options=("--dev", str(bench.dev), "--sys", str(bench.sys)),
        )

    def until(self, wanted: type, **fields: object) -> Told:
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            told = self.heard.get(timeout=max(deadline_s - time.monotonic(), 0.01))
            if isinstance(told, wanted) and all(
                getattr(told, name) == value for name, value in fields.items()
            ):
                return told


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.fixture
def pedal(bench: Bench) -> Plugged:
    return bench.input("Pedal", (BTN_TRIGGER,))


@pytest.fixture
def kept(bench: Bench, pedal: Plugged) -> Iterator[Kept]:
    made = Kept(bench)
    yield made
    made.process.stop()
    assert made.process.pid == 0


def test_presses_come_fast_and_a_killed_reader_is_noticed_and_replaced(
    kept: Kept, pedal: Plugged
) -> None:
    assert kept.process.pid == 0, "nobody wants one"
    kept.process.wish(Wish((CONTROL,)))
    kept.until(Standing, stand="ready")
    late_ms = []
    for _ in range(20):
        begun_s = time.monotonic()
        pedal.key(BTN_TRIGGER, 1)
        kept.until(Moved, down=True)
        late_ms.append((time.monotonic() - begun_s) * 1e3)
        pedal.key(BTN_TRIGGER, 0)
        kept.until(Moved, down=False)
    assert sorted(late_ms)[10] < 20, late_ms
    pedal.key(BTN_TRIGGER, 1)
    kept.until(Moved, down=True)
    begun_s = time.monotonic()
    os.kill(kept.process.pid, signal.SIGKILL)
    kept.until(Alive, unread=999)
    assert time.monotonic() - begun_s < 1.0
    kept.until(Standing, stand="ready")
    pedal.key(BTN_TRIGGER, 0)
    pedal.key(BTN_TRIGGER, 1)
    kept.until(Moved, down=True)
    kept.process.wish(Wish())
    kept.until(Alive, unread=999)


def test_a_hung_reader_falls_silent_and_says_when_it_was_pressed(
    kept: Kept, pedal: Plugged
) -> None:
    kept.process.wish(Wish((CONTROL,)))
    kept.until(Alive)
    kept.until(Alive)
    os.kill(kept.process.pid, signal.SIGSTOP)
    time.sleep(0.3)
    while not kept.heard.empty():
        kept.heard.get()
    pedal.key(BTN_TRIGGER, 1)
    pressed_s = time.monotonic()
    with pytest.raises(queue.Empty):
        kept.heard.get(timeout=SILENT_S)
    os.kill(kept.process.pid, signal.SIGCONT)
    moved = kept.until(Moved, down=True)
    assert isinstance(moved, Moved)
    assert moved.at_s - pressed_s < 3.0


def test_it_learns_in_a_process_of_its_own_which_then_ends(kept: Kept, pedal: Plugged) -> None:
    kept.process.wish(Wish(learning=True))
    kept.until(Alive)
    pedal.key(BTN_TRIGGER, 1)
    pedal.key(BTN_TRIGGER, 0)
    told = kept.until(Learned)
    assert isinstance(told, Learned)
    assert (told.control, told.label) == (CONTROL, "Pedal: 1")


def test_it_ends_with_its_standard_input_and_counts_lines_that_make_no_sense(
    bench: Bench,
) -> None:
    line = [sys.executable, "-m", "console.pedals", "--dev", str(bench.dev)]
    process = subprocess.Popen(
        [*line, "--sys", str(bench.sys)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child_environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(b'\xff\n{"type":"wish","controls":7}\n' + b"[" * 9_000 + b"\n")
        process.stdin.write(encode(Wish((CONTROL,))))
        process.stdin.flush()
        told = [told_in(process.stdout.readline()) for _ in range(4)]
        unread = [one.unread for one in told if isinstance(one, Alive)]
        while not unread or unread[-1] < 3:
            one = told_in(process.stdout.readline())
            unread += [one.unread] if isinstance(one, Alive) else []
        assert unread[-1] == 3
    finally:
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0
        process.stdout.close()
