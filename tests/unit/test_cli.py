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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("publish a.wav --talkgroup a --port abc", "abc is not a port from 1024 to 65535"),
        ("publish a.wav --talkgroup a --port 99999", "99999 is not a port"),
        ("publish a.wav --talkgroup a --group 1.2.3", "“1.2.3” is not an IP address"),
        ("streams --seconds soon", "soon is not a number"),
        ("streams --seconds nan", "seconds are more than 0"),
        ("desk --unicast-port lv1=80", "80 is not a port from 1024"),
        ("recall list --limit 1000", "1000 is not a number from 1 to 200"),
        ("mix --seconds 1 --out mix.ogg", "mix.ogg does not end in .wav"),
    ],
)
def test_what_is_wrong_with_an_option_is_said_in_people_s_words(
    line: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(line.split())
    assert end.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", ["desk", "demo"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--after", "3"], "give both"),
        (["--screenshot", "nowhere/at/all.png"], "can't be written"),
        (["--screenshot", "."], "ends in none of .png, .json"),
    ],
)
def test_a_picture_that_can_not_be_is_told_before_anything_starts(
    command: str, options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, "--home", str(tmp_path / "home"), *options]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_mix_replaces_no_file_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept.WAV"
    kept.write_text("years of work")
    assert cli.main(["mix", "--out", str(kept), "--seconds", "1"]) == 1
    assert "--force" in capsys.readouterr().err
    assert kept.read_text() == "years of work"


def test_a_home_where_nothing_ever_ran_is_told_apart_from_one_that_kept_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["recall", "--home", str(tmp_path), "list"]
    assert cli.main(line) == 3
    assert "is --home right?" in capsys.readouterr().err
    (tmp_path / "engine").mkdir()
    assert cli.main(line) == 3
    assert "--home" not in capsys.readouterr().err


def test_a_name_that_no_disk_takes_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["mix", "--seconds", "1", "--out", "x" * 300 + ".wav"]) == 1
    said = capsys.readouterr().err
    assert "too long" in said
    assert "Traceback" not in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_the_output_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        line = [sys.executable, "-m", "console.cli", "bench", "--list"]
        done = subprocess.run(
            line, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr


def test_the_overview_names_the_tests_and_lists_have_no_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "./vaktbord test" in capsys.readouterr().out
    assert cli.main(["bench", "--list"]) == 0
    assert "`" not in capsys.readouterr().out


@pytest.mark.parametrize("size", ["1x1", "1099x640", "1100x639", "9000x800", "800", "axb"])
def test_a_size_that_the_window_cannot_be_is_refused(
    size: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.command_parser("desk").parse_args(["desk", "--size", size])
    said = capsys.readouterr().err
    assert "--size" in said
    assert "1100x640" in said or "1366x768" in said, "what can be given instead"


def test_the_smallest_size_of_the_window_is_taken() -> None:
    given = cli.command_parser("desk").parse_args(["desk", "--size", "1100x640"])
    assert given.size == (1_100, 640)
