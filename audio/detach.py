"""A process that goes on alone: fork, and tell the parent by a pipe how the start went. POSIX."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

FAILED = 1
MAX_WORDS = 4_096  # bytes of the sentence the parent prints


def into_background(output: Path) -> Callable[[int, str], None]:
    """Returns in the child alone, with the function that lets the parent end (code, sentence).

    What libraries print until then goes to ``output``, afterwards nowhere.
    """
    ear, mouth = os.pipe()
    if os.fork():
        os.close(mouth)
        _wait_and_exit(ear)
    os.close(ear)
    os.setsid()
    output.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _redirect(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def report(code: int, why: str) -> None:
        os.write(mouth, f"{code}{why}".encode()[:MAX_WORDS])
        os.close(mouth)
        _redirect(Path(os.devnull), os.O_WRONLY)

    return report


def _redirect(path: Path, flags: int) -> None:
    target = os.open(path, flags, 0o600)
    for standard in (1, 2):
        os.dup2(target, standard)
    os.close(target)


def _wait_and_exit(ear: int) -> None:
    """The parent: until the child has spoken, or died without a word."""
    words = b""
    while piece := os.read(ear, MAX_WORDS):
        words += piece
    text = words.decode("utf-8", "replace")
    code = int(text[0]) if text[:1].isdigit() else FAILED
    if code:
        print(text[1:] or "it died while starting; see start.log", file=sys.stderr, flush=True)
    os._exit(code)
