"""bench startup: from the command to the first painted window and the first voice in the mix.

Control, in the same run: a Python process that shows an empty Qt window and nothing else.
The desk writes its marks into the file that VAKTBORD_MARKS names: a word and a monotonic time.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from audio.client import stop_engine

NAME: Final = "startup"
ROOT: Final = Path(__file__).resolve().parent.parent
PAINT: Final = "first-paint"
VOICE: Final = "first-voice"
PATIENCE_S: Final = 30.0
END_S: Final = 15.0
RUNS: Final = 5
GOALS_S: Final = {"desk_window": 1.0, "demo_window": 2.5, "demo_voice": 4.0}
TITLES: Final = {
    "bare_window": "control: bare Qt window",
    "desk_window": "desk, first paint",
    "demo_window": "./vaktbord demo, first paint",
    "demo_voice": "./vaktbord demo, first voice",
}
BARE: Final = """
import os, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
class Bare(QWidget):
    def paintEvent(self, event):
        with open(os.environ["VAKTBORD_MARKS"], "a") as marks:
            marks.write(f"first-paint {time.monotonic()}\\n")
        QTimer.singleShot(0, QApplication.quit)
app = QApplication([])
window = Bare()
window.show()
sys.exit(app.exec())
"""


def run(quick: bool) -> dict[str, Any]:
    """Seconds from starting a process to each mark; None where a mark did not come."""
    rounds = [_round() for _ in range(1 if quick else RUNS)]
    return {name: _summary([one[name] for one in rounds]) for name in TITLES}


def report(result: dict[str, Any]) -> str:
    lines = [f"{'':32}{'median s':>10}{'worst s':>10}{'goal s':>9}"]
    for name, title in TITLES.items():
        row = result[name]
        figures = "".join(
            f"{row[key]:10.2f}" if row[key] is not None else f"{'-':>10}"
            for key in ("median_s", "worst_s")
        )
        goal = f"{GOALS_S[name]:9.1f}" if name in GOALS_S else ""
        lines.append(f"{title:32}{figures}{goal}")
    return "\n".join(lines)


def _round() -> dict[str, float | None]:
    """One start of each, in turn, so that a noisy machine is noisy for all."""
    bare = _marks([sys.executable, "-c", BARE], {PAINT})
    with tempfile.TemporaryDirectory(prefix="vb-") as folder:
        home = ["--home", folder, "--interface", "127.0.0.1"]
        quiet = ["--offscreen", "--device", "null"]
        line = [sys.executable, "-m", "console.cli", "desk", *home, *quiet]
        desk = _marks(line, {PAINT})
        stop_engine(Path(folder))
        demo = _marks([str(ROOT / "vaktbord"), "demo", *home, *quiet], {PAINT, VOICE})
    return {
        "bare_window": bare.get(PAINT),
        "desk_window": desk.get(PAINT),
        "demo_window": demo.get(PAINT),
        "demo_voice": demo.get(VOICE),
    }


def _marks(line: list[str], wanted: set[str]) -> dict[str, float]:
    """Seconds from the start of the process to each mark. Ends it."""
    with tempfile.TemporaryDirectory(prefix="vb-") as folder:
        file = Path(folder) / "marks"
        environment = {
            **os.environ, "VAKTBORD_MARKS": str(file), "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        started = time.monotonic()
        process = subprocess.Popen(
            line, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return _read(file, wanted, process, started)
        finally:
            _end(process)


def _read(
    file: Path, wanted: set[str], process: subprocess.Popen[bytes], started: float
) -> dict[str, float]:
    marks: dict[str, float] = {}
    while not wanted <= marks.keys() and time.monotonic() < started + PATIENCE_S:
        has_ended = process.poll() is not None
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        words = [line.split() for line in lines]
        marks = {pair[0]: float(pair[1]) - started for pair in words if len(pair) == 2}
        if has_ended:
            break
        time.sleep(0.01)
    return marks


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _summary(times: list[float | None]) -> dict[str, float | None]:
    known = [one for one in times if one is not None]
    if len(known) < len(times):
        return {"median_s": None, "worst_s": None}
    return {"median_s": statistics.median(known), "worst_s": max(known)}
