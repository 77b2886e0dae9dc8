"""`vaktbord bench` finds its benchmarks without running them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import startup
from console import cli
from console.commands import bench


def test_every_benchmark_is_listed_with_what_it_measures(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["bench", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"startup", "map", "desk", "site"} <= listed.keys()
    assert all(listed.values())


def test_an_unknown_name_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "nonsense"]) == 2
    assert "startup" in capsys.readouterr().err


def test_reading_a_name(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("raise SystemExit\nNAME: str = 'one'\n")
    assert bench.constant(file, "NAME") == "one"
    assert bench.constant(file, "OTHER") is None


def test_startup_reports_marks_that_did_not_come() -> None:
    figures = {"median_s": 0.5, "worst_s": 0.75}
    none = {"median_s": None, "worst_s": None}
    text = startup.report(dict.fromkeys(startup.TITLES, figures) | {"demo_voice": none})
    assert "0.75" in text
    line = next(one for one in text.splitlines() if startup.TITLES["demo_voice"] in one)
    assert line.split()[-3:] == ["-", "-", "4.0"]


@pytest.mark.system
@pytest.mark.parametrize("name", ["desk", pytest.param("map", marks=pytest.mark.long)])
def test_those_of_the_window_run(name: str) -> None:
    """They use the window from outside, so that a change there may break them unseen."""
    line = [sys.executable, "-m", "console.cli", "bench", name, "--quick", "--json"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_what_can_not_be_run_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(_quick: bool) -> None:
        raise RuntimeError("there is no C compiler here; install gcc")

    monkeypatch.setattr(startup, "run", run)
    assert cli.main(["bench", "startup"]) == 1
    assert "install gcc" in capsys.readouterr().err
