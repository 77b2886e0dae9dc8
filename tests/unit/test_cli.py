"""The command line's own part: which command is meant, and what --help costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from console import cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("argv", "command"),
    [
        ([], "desk"),
        (["--home", "x"], "desk"),
        (["--offscreen"], "desk"),
        (["streams", "--json"], "streams"),
        (["--help"], None),
        (["--version"], None),
        (["nonsense"], None),
    ],
)
def test_which_command_is_meant(argv: list[str], command: str | None) -> None:
    assert cli.asked_for(argv) == command


@pytest.mark.parametrize("command", sorted(cli.COMMANDS))
def test_every_command_has_help_and_the_common_options(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert "--home" in text
    assert "--interface" in text
    assert "--log-level" in text


def test_a_mistyped_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["dekst"])
    assert end.value.code == 2
    assert "dekst" in capsys.readouterr().err


def test_the_overview_loads_no_command() -> None:
    code = (
        "import sys, console.cli\n"
        "try: console.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "bad = [m for m in ('numpy', 'PySide6', 'zeroconf', 'nats') if m in sys.modules]\n"
        "sys.exit(f'loaded {bad}' if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_without_a_display_the_desk_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "console.cli", "desk", "--home", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
    )
    if sys.platform.startswith("linux"):
        assert done.returncode == 1
        assert "--offscreen" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
