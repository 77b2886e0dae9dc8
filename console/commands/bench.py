"""``vaktbord bench NAME``: runs a benchmark of benchmarks/, each beside its peer or control.

A benchmark is a file with ``NAME``, ``run(quick: bool) -> dict`` and ``report(result) -> str``.
Only the one that is asked for is imported.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import json
import sys
from pathlib import Path

PACKAGE = "benchmarks"
USAGE = 2


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "bench",
        parents=[common],
        help="run a benchmark beside its peer or control",
        description="Run a benchmark. Every one measures its peer or control in the same run.",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="see --list")
    parser.add_argument("--list", action="store_true", help="the names, and what each measures")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--quick", action="store_true", help="shorter, for a first impression")
    parser.add_argument(
        "--trace", type=Path, metavar="FILE",
        help="jitter: a CSV file, one packet a line: sent ms, arrived ms; nothing = lost",
    )  # fmt: skip
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns 0, 1 when it could not be run, 2 for a name that is not there."""
    known = benchmarks()
    if options.list:
        print_names(known, as_json=options.json)
        return 0
    if options.name not in known:
        print(f"vaktbord bench: name one of {', '.join(known) or 'none'}.", file=sys.stderr)
        return USAGE
    module = importlib.import_module(f"{PACKAGE}.{known[options.name].stem}")
    if options.trace is not None and not hasattr(module, "run_trace"):
        print(f"vaktbord bench: {options.name} takes no trace.", file=sys.stderr)
        return USAGE
    try:
        result = module.run_trace(options.trace) if options.trace else module.run(options.quick)
    except RuntimeError as error:  # what it needs isn't here; the text says what
        print(f"vaktbord bench: {error}", file=sys.stderr)
        return 1
    print(json.dumps(result, indent=2) if options.json else module.report(result))
    return 0


def benchmarks() -> dict[str, Path]:
    """Name to file, by reading the files, not running them."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    files = sorted(file for folder in folders for file in Path(folder).glob("*.py"))
    named = ((constant(file, "NAME"), file) for file in files)
    return {name: file for name, file in sorted(named, key=str) if name is not None}


def constant(file: Path, wanted: str) -> str | None:
    """The text that the file gives this name at its top level."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.AnnAssign):
            targets: list[ast.expr] = [node.target]
        elif isinstance(node, ast.Assign):
            targets = node.targets
        else:
            continue
        value = node.value
        if any(isinstance(one, ast.Name) and one.id == wanted for one in targets):
            return str(value.value) if isinstance(value, ast.Constant) else None
    return None


def print_names(known: dict[str, Path], *, as_json: bool) -> None:
    """Each name with the first line of its file."""
    about = {name: first_line(file) for name, file in known.items()}
    if as_json:
        print(json.dumps(about, indent=2))
        return
    for name, text in about.items():
        print(f"{name:12} {text.replace('``', '')}")


def first_line(file: Path) -> str:
    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]
