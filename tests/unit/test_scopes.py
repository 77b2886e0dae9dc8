"""Which tests share a worker (tests/conftest.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ALONE, NET, OWN_HOST, PURE, scope

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("folder", [*ALONE, *NET, *OWN_HOST, *PURE])
def test_what_is_named_is_there(folder: str) -> None:
    assert (ROOT / folder).exists()


@pytest.mark.parametrize("name", [*PURE, *OWN_HOST])
def test_what_is_apart_is_of_those_that_are_alone(name: str) -> None:
    assert name.startswith(ALONE)


def test_what_has_an_ear_for_time_is_one_worker_s() -> None:
    files = ("audio/test_devices_pulse.py", "desk/test_calls.py", "site/test_voice_security.py")
    assert {scope(f"tests/{file}::test", has_hosts=True) for file in files} == {"alone"}


def test_on_one_loopback_all_that_could_meet_are_one_worker_s() -> None:
    files = ("tests/audio/test_keys.py", "tests/desk/test_calls.py", "tests/site/test_floor.py")
    assert {scope(f"{file}::test", has_hosts=False) for file in files} == {"alone"}
    assert scope("tests/gui/test_map.py::test", has_hosts=False) == "tests/gui/test_map.py"


def test_a_file_is_one_worker_s_where_each_is_a_host() -> None:
    for file in ("tests/audio/test_keys.py", "tests/site/test_floor.py", "tests/gui/test_map.py"):
        assert scope(f"{file}::test", has_hosts=True) == file
