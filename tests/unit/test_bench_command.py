"""`vaktbord bench` finds its benchmarks without running them."""

from __future__ import annotations

import json
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
