"""Compiles ``_fast.c`` beside itself: ``python -m audio.compile``, as ``./vaktbord`` does.
``--check`` only says whether that has been done."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Final

from audio import fast

# No contraction: the pure classes round after each step, and both must say the same.
FLAGS: Final = ("-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-ffp-contract=off")


class CompileError(RuntimeError):
    """It can't be compiled here; one sentence that says what is missing."""


def compile_fast(flags: tuple[str, ...] = ()) -> Path:
    """The binary, made anew; those of other sources are removed. Raises CompileError."""
    folder, name = fast.SOURCE.parent, fast.module_name()
    made = folder / f"{name}.abi3.so"
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".fast-") as scratch:
            new = Path(scratch) / made.name
            _run([*_compiler(), *FLAGS, *flags, *_of_source(name), "-o", str(new), "-lm"])
            new.replace(made)  # whole or not at all, also for an engine that starts meanwhile
    except OSError as error:
        raise CompileError(f"{folder} can't be written to: {error.strerror}") from error
    for old in folder.glob("_fast_*.so"):
        if old != made:
            with contextlib.suppress(OSError):
                old.unlink()
    return made


def _compiler() -> list[str]:
    if os.name != "posix":
        raise CompileError("it is made for Linux and macOS only")
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            more = ("-undefined", "dynamic_lookup") if sys.platform == "darwin" else ()
            return [found, *more]
    raise CompileError("there is no C compiler (Debian: apt install gcc libc6-dev)")


def _of_source(name: str) -> list[str]:
    headers = Path(sysconfig.get_path("include"))
    if not (headers / "Python.h").exists():
        raise CompileError(f"{headers} has no Python.h (Debian: apt install python3-dev)")
    return [f"-I{headers}", f"-DVAKTBORD_MODULE={name}", str(fast.SOURCE)]


def _run(words: list[str]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise CompileError(f"{words[0]} failed: {lines[0]}")


def check() -> None:
    """Raises CompileError when it is not there, and says what compiling it here would need."""
    if not fast.is_compiled():
        _compiler()
        _of_source(fast.module_name())
        raise CompileError("it will be at the next start of ./vaktbord")


def main() -> int:
    try:
        check() if sys.argv[1:] == ["--check"] else compile_fast()
    except CompileError as error:
        print(f"the engine's fast path is not compiled: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
