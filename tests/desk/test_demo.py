"""``vaktbord demo`` as a newcomer runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from console.commands.demo import stop_leftovers
from tests.desk.processes import environment, wait_for

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


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "demo" / "thesis.txt"
    kept.parent.mkdir()
    kept.write_text("years of work")
    done = demo(tmp_path, "--offscreen", "--device", "null")
    assert done.returncode == 1
    assert "choose another --home" in done.stderr
    assert kept.read_text() == "years of work"


def test_a_scenario_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    assert demo(tmp_path, "--offscreen", "--scenario", "nix").returncode == 2


def test_a_home_that_can_not_be_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = demo(tmp_path / "file", "--offscreen")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_second_demo_leaves_the_first_alone_and_all_end_with_a_killed_one(
    tmp_path: Path,
) -> None:
    home = tmp_path / "hjørnet"  # nats-server reads its name too
    line = [sys.executable, "-m", "console.cli", "demo", "--home", str(home)]
    line += ["--offscreen", "--device", "null"]
    first = subprocess.Popen(line, env=environment(), stdout=subprocess.DEVNULL)
    try:
        wait_for((home / "demo" / "site" / "site.json").exists, "the first one's site")
        second = demo(home, "--offscreen", "--device", "null")
        assert second.returncode == 1
        assert "running here already" in second.stderr
        assert first.poll() is None
        first.kill()
        first.wait()
        wait_for(lambda: left_over(home) == [], "the others' end, their engines' too")
    finally:
        first.kill()
        first.wait()
        stop_leftovers(home / "demo")
