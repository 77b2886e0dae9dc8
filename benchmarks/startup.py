"""bench startup: from the command to the first painted window and the first voice in the mix.

Control, in the same run: a Python process that shows an empty Qt window and nothing else.
The desk writes its marks into the file that VAKTBORD_MARKS names: a word and a monotonic time.
Then a desk on a busy net is killed, and another started that has RESTART_S from its first paint to
show the same tiles, units and alarms; what it shows by then is read from its picture.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from audio.client import stop_engine
from tests.desk.processes import end

NAME: Final = "startup"
ROOT: Final = Path(__file__).resolve().parent.parent
PAINT: Final = "first-paint"
VOICE: Final = "first-voice"
PATIENCE_S: Final = 30.0
RUNS: Final = 5
GOALS_S: Final = {
    "desk_window": 1.0,
    "demo_window": 2.5,
    "demo_voice": 4.0,
    "restart_picture": 3.0,
}
RESTART_S: Final = 1.5
KINDS: Final = ("talkgroups", "units", "alarms")
TITLES: Final = {
    "bare_window": "control: bare Qt window",
    "desk_window": "desk, first paint",
    "demo_window": "./vaktbord demo, first paint",
    "demo_voice": "./vaktbord demo, first voice",
    "restart_picture": "desk after kill -9, same picture",
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
        restart = _restart([*home, *quiet], Path(folder))
    return {
        "bare_window": bare.get(PAINT),
        "desk_window": desk.get(PAINT),
        "demo_window": demo.get(PAINT),
        "demo_voice": demo.get(VOICE),
        "restart_picture": restart,
    }


def _restart(common: list[str], folder: Path) -> float | None:
    """Seconds from starting the second desk to its picture; None when that is another one."""
    tool = [sys.executable, "-m", "console.cli"]
    home = common[:4]  # --home and --interface
    started: list[subprocess.Popen[bytes]] = []
    try:
        for name in (["site"], ["exercise", "--alarm-after", "1"]):
            started.append(_quietly([*tool, *name, *home]))
        before = _picture([*tool, "desk", *common], folder / "before.json", 6.0)
        killed = _quietly([*tool, "desk", *common])
        time.sleep(3.0)
        killed.kill()
        killed.wait()
        since = time.monotonic()
        after = _picture([*tool, "desk", *common], folder / "after.json", RESTART_S)
        took = time.monotonic() - since
    finally:
        for process in reversed(started):
            end(process)
        stop_engine(folder)
    same = before and all(_keys(before, kind) == _keys(after, kind) for kind in KINDS)
    return took if same else None


def _picture(line: list[str], file: Path, after_s: float) -> dict[str, Any]:
    process = _quietly([*line, "--screenshot", str(file), "--after", str(after_s)])
    process.wait(PATIENCE_S)
    return dict(json.loads(file.read_bytes())) if file.exists() else {}


def _keys(picture: dict[str, Any], kind: str) -> set[str]:
    return {row["key"] for row in picture.get(kind, [])}


def _quietly(line: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        line, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


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
            end(process)


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


def _summary(times: list[float | None]) -> dict[str, float | None]:
    known = [one for one in times if one is not None]
    if len(known) < len(times):
        return {"median_s": None, "worst_s": None}
    return {"median_s": statistics.median(known), "worst_s": max(known)}
