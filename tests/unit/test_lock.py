"""The lock files: versions and hashes for everything, no addresses, in step with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ENTRY = re.compile(
    r"^([a-z0-9][^\n\\]*)\\\n((?:[ ]+--hash=sha256:[0-9a-f]{64}[ \\]*\n)+)", re.MULTILINE
)


def entries(name: str) -> list[Requirement]:
    """Every requirement; fails if a line of the file is something else."""
    text = (ROOT / name).read_text("utf-8")
    rest = ENTRY.sub("", text)
    assert all(line.startswith("#") for line in rest.splitlines()), rest
    return [Requirement(match[0]) for match in ENTRY.findall(text)]


def wanted(extra: str | None) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    more = project["optional-dependencies"][extra] if extra else []
    return [Requirement(line) for line in [*project["dependencies"], *more]]


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_has_one_version_and_hashes(name: str) -> None:
    found = entries(name)
    assert found
    for one in found:
        (version,) = one.specifier
        assert version.operator == "==", one


@pytest.mark.parametrize("name", LOCKS)
def test_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted-host| @ ", text)


@pytest.mark.parametrize(("name", "extra"), [(LOCKS[0], None), (LOCKS[1], "dev")])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_the_lock_is_what_pyproject_asks_for(
    name: str, extra: str | None, python: str, system: str
) -> None:
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.1",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "sys_platform": system,
    }
    valid = [one for one in entries(name) if not one.marker or one.marker.evaluate(environment)]
    locked = {canonicalize_name(one.name): next(iter(one.specifier)).version for one in valid}
    assert len(locked) == len(valid), "a package has two versions at once"
    for need in wanted(extra):
        if need.marker and not need.marker.evaluate(environment):
            continue
        version = locked.get(canonicalize_name(need.name))
        assert version is not None, f"{need.name} is not in {name}: run tools/lock.py"
        assert need.specifier.contains(version), f"{need} but locked {version}"


def test_the_tests_run_on_the_programs_versions() -> None:
    run = {(one.name, str(one.specifier)) for one in entries(LOCKS[0])}
    assert run <= {(one.name, str(one.specifier)) for one in entries(LOCKS[1])}
