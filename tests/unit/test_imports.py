"""The directions in which the rooms may import each other (pyproject.toml, [tool.importlinter])."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOORS = {"protocol", "client", "meters", "logs", "ready"}


def contracts() -> list[dict[str, object]]:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    found: list[dict[str, object]] = tools["importlinter"]["contracts"]
    return found


def test_every_contract_is_kept() -> None:
    code = "from importlinter.cli import lint_imports_command as c; c()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_contracts_have_no_exceptions() -> None:
    assert not [one["name"] for one in contracts() if "ignore_imports" in one]


def test_every_room_of_the_engine_is_closed_but_its_doors() -> None:
    closed = next(one for one in contracts() if one.get("allowed_importers") == ["audio"])
    rooms = {
        f"audio.{path.stem}"
        for path in (ROOT / "audio").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists())
        and path.stem not in {"__init__", *DOORS}
    }
    assert set(closed["protected_modules"]) == rooms  # type: ignore[call-overload]  # a TOML list


def test_the_domain_imports_the_standard_library_and_msgspec_alone() -> None:
    allowed = {*sys.stdlib_module_names, "msgspec", "console"}
    for file in (ROOT / "console" / "domain").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            foreign = {name.partition(".")[0] for name in names} - allowed
            assert not foreign, f"{file}: {foreign}"
