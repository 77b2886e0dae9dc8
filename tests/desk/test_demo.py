"""``vaktbord demo`` as a newcomer runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.desk.processes import environment

pytestmark = pytest.mark.system


def demo(home: Path, *options: str, **more: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "console.cli", "demo", "--home", str(home), *options]
    return subprocess.run(
        line, env=environment(**more), capture_output=True, text=True, timeout=100, check=False
    )


def left_over(home: Path) -> list[str]:
    """Command lines of processes that still know the home."""
    lines = [" ".join(one.info["cmdline"] or []) for one in psutil.process_iter(["cmdline"])]
    return [line for line in lines if str(home) in line]


def test_the_demo_shows_a_whole_net_and_leaves_nothing_behind(tmp_path: Path) -> None:
    shown = tmp_path / "shown.json"
    done = demo(
        tmp_path / "home", "--offscreen", "--device", "null", "--alarm-after", "3",
        "--screenshot", str(shown), "--after", "12",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(shown.read_bytes())
    named = [row for row in rows["talkgroups"] if row["purpose"]]
    assert len(named) >= 12
    assert len(rows["units"]) >= 40
    assert sum(row["lat"] is not None for row in rows["units"]) >= 40
    assert [row["state"] for row in rows["alarms"]] == ["raised"]
    assert any(row["speaker"] or row["last_speaker"] for row in named), "nobody was heard"
    assert all(row["exercise"] for row in (*named, *rows["units"], *rows["alarms"]))
    assert rows["status"]["exercise"]
    assert rows["status"]["site_link"] == rows["status"]["engine_link"] == "up"
    assert any(row["kind"] == "alarm-raised" for row in rows["log"])
    assert left_over(tmp_path) == []


def test_with_no_display_it_says_what_to_do(tmp_path: Path) -> None:
    done = demo(tmp_path / "home", QT_QPA_PLATFORM="", WAYLAND_DISPLAY="")
    assert done.returncode == 1
    assert "--offscreen" in done.stderr
    assert left_over(tmp_path) == []
