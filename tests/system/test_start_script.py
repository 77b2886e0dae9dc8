"""./vaktbord, with a stand-in for Python that writes down how it is called; no apt, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(sys.platform == "win32", reason="the script for Linux and macOS"),
]

STAND_IN = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  *version_info*) echo "${FAKE_VERSION:-3.11}" ;;
  *ensurepip*) exit "${NO_ENSUREPIP:-0}" ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip install"*) echo Collecting; [ -z "${PIP_SAYS:-}" ] || { echo "$PIP_SAYS"; exit 1; } ;;
  "-m console.cli"*) pwd ;;
  "-m ruff check"*) exit "${RUFF:-0}" ;;
  "-m mypy") [ -z "${MYPY:-}" ] || { echo one error; exit 1; } ;;
  "-m pytest -m"*) exit "${PYTEST:-0}" ;;
esac
"""


PYTEST = "-m pytest -m not long -n 3 --dist loadscope"


class Project:
    """A copy of what the script needs, in a folder whose name has spaces."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a folder with spaces"
        self.root.mkdir()
        for name in ("vaktbord", "requirements.lock", "requirements-dev.lock"):
            shutil.copy2(ROOT / name, self.root / name)
        self.python = folder / "python3"
        self.python.write_text(STAND_IN)
        self.python.chmod(0o755)
        self.calls_file = folder / "calls"
        self.elsewhere = folder / "elsewhere"
        self.elsewhere.mkdir()
        self.temporary = folder / "tmp"
        self.temporary.mkdir()

    def run(
        self, *arguments: str, script: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """From another folder, without HOME, without a terminal."""
        self.calls_file.write_text("")
        full = {
            "PATH": os.environ["PATH"], "CI": "true", "CALLS": str(self.calls_file),
            "VAKTBORD_NO_SYSTEM": "1", "VAKTBORD_PYTHON": str(self.python),
            "TMPDIR": str(self.temporary), **environment,
        }  # fmt: skip
        return subprocess.run(
            [str(script or self.root / "vaktbord"), *arguments],
            cwd=self.elsewhere, env=full, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False, timeout=60,
        )  # fmt: skip

    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_the_first_run_makes_the_environment_and_the_second_only_starts(project: Project) -> None:
    first = project.run("streams", "--json")
    assert first.returncode == 0, first.stderr
    assert any(call.startswith("-m venv") for call in project.calls())
    (pip,) = [call for call in project.calls() if call.startswith("-m pip install")]
    assert "--require-hashes" in pip
    assert "--no-compile" not in pip, "a desk starts quickly the first time too"
    assert "requirements.lock" in pip
    second = project.run("streams", "--json")
    assert second.returncode == 0, second.stderr
    assert project.calls() == ["-m console.cli streams --json"]
    assert second.stdout.strip() == str(project.elsewhere), "the caller's folder stays"
    assert second.stderr == ""
    assert not list(project.temporary.iterdir())


def test_the_fast_path_is_compiled_once_and_again_when_its_source_changes(
    project: Project,
) -> None:
    source = project.root / "audio" / "_fast.c"
    source.parent.mkdir()
    compiling = "-m audio.compile"
    for text in ("one", "another"):
        source.write_text(text)
        first = project.run("--version")
        assert first.returncode == 0, first.stderr
        assert compiling in project.calls()
        assert project.run("--version").stderr == ""
        assert project.calls() == ["-m console.cli --version"]
    (source.parent / "_fast_0123456789abcdef.abi3.so").touch()
    project.run("--version")
    assert compiling in project.calls()


def test_called_through_a_symlink(project: Project, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("a folder with spaces/vaktbord")
    assert project.run("--version", script=link).returncode == 0
    assert (project.root / ".venv").is_dir()


def test_arguments_with_spaces_arrive_whole(project: Project) -> None:
    project.run("--version")
    project.run("mix", "--out", "two words.wav")
    assert project.calls() == ["-m console.cli mix --out two words.wav"]


def test_a_changed_lock_is_installed_into_the_same_environment(project: Project) -> None:
    project.run("--version")
    with (project.root / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    project.run("--version")
    assert not any(call.startswith("-m venv") for call in project.calls())
    assert any(call.startswith("-m pip install") for call in project.calls())


def test_an_environment_left_half_made_is_made_anew(project: Project) -> None:
    assert project.run("--version", PIP_SAYS="killed").returncode == 1
    (project.root / ".venv" / "rest").touch()
    assert project.run("--version").returncode == 0
    assert any(call.startswith("-m venv") for call in project.calls())
    assert not (project.root / ".venv" / "rest").exists()


@pytest.mark.parametrize("redirection", ["2>&1 | true", "2>&-"])
def test_a_first_run_to_which_nobody_listens_is_ended_all_the_same(
    project: Project, redirection: str
) -> None:
    line = f"'{project.root}/vaktbord' --version {redirection}"
    project.run("-c", line, script=Path("/bin/sh"))
    assert (project.root / ".venv" / ".vaktbord-run").exists()
    assert not (project.root / ".venv" / ".making").exists()


def test_test_installs_its_tools_and_runs_every_check_with_pytest_last(project: Project) -> None:
    done = project.run("test")
    assert done.returncode == 0, done.stderr
    (pip,) = [call for call in project.calls() if call.startswith("-m pip install")]
    assert "requirements-dev.lock" in pip
    assert "--no-compile" in pip
    after = project.calls()[project.calls().index(pip) + 1 :]
    checks = [call for call in after if call != "-m mypy"]
    assert len(after) == len(checks) + 1, "mypy runs once, beside the tests"
    assert [call.split()[1] for call in checks[:2]] == ["ruff", "ruff"]
    assert "importlinter" in checks[2]
    assert checks[3:] == ["-m pytest --collect-only -q", PYTEST]
    (project.root / "tests" / "__pycache__").mkdir(parents=True)
    assert project.run("test").returncode == 0
    assert "-m pytest --collect-only -q" not in project.calls(), "its tests are compiled"
    assert not list(project.temporary.iterdir())


def test_test_with_arguments_runs_those_tests_alone(project: Project) -> None:
    assert project.run("test").returncode == 0
    assert project.run("test", "-k", "one thing").returncode == 0
    assert project.calls() == [f"{PYTEST} -k one thing"]


@pytest.mark.parametrize("name", ["ruff", "mypy", "pytest"])
def test_test_fails_when_a_check_does_and_runs_the_rest(project: Project, name: str) -> None:
    done = project.run("test", script=None, **{name.upper(): "1"})
    assert done.returncode == 1
    assert {"-m ruff check .", "-m mypy", PYTEST} <= set(project.calls())
    assert done.stderr.strip().splitlines()[-1] == f"vaktbord: these checks failed: {name}"
    assert ("one error" in done.stdout) == (name == "mypy"), "what it said is shown"
    assert not list(project.temporary.iterdir())


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"FAKE_VERSION": "3.9"}, "Python 3.11 or newer"),
        ({"VAKTBORD_PYTHON": "/nowhere/python"}, "can't be run"),
        ({"NO_ENSUREPIP": "1"}, "ensurepip"),
        ({"PIP_SAYS": "OSError: [Errno 28] No space left on device"}, "disk is full"),
        ({"PIP_SAYS": "Temporary failure in name resolution"}, "network can't be reached"),
        ({"PIP_SAYS": "THESE PACKAGES DO NOT MATCH THE HASHES"}, "requirements.lock names"),
        ({"PIP_SAYS": "something else"}, "something else"),
        ({"TMPDIR": "/nowhere"}, "no temporary file"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    project: Project, environment: dict[str, str], word: str
) -> None:
    done = project.run("demo", script=None, **environment)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("vaktbord: ")
    assert word in last
    assert not any("console.cli" in call for call in project.calls())


def test_a_real_pip_without_a_network(project: Project) -> None:
    """The index is a closed port of this machine."""
    done = project.run(
        "demo", VAKTBORD_PYTHON=sys.executable, PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0", PIP_NO_CACHE_DIR="1",
    )  # fmt: skip
    assert done.returncode == 1
    assert "network can't be reached" in done.stderr.strip().splitlines()[-1]
