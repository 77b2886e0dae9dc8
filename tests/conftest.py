"""What holds for every test."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Final

import pytest

ALONE: Final = frozenset(
    {"audio", "desk", "system", "site/test_voice_security.py", "site/test_voice_commands.py"}
)
"""Folders and files whose tests share sound servers, multicast groups and this machine's ear for
time: of all workers (pytest-xdist) one runs them, one after the other."""
FOLDER: Final = Path(__file__).parent


def pytest_configure() -> None:
    """A shell that starts this run in its background has it ignore SIGINT, and so would the
    programs that the tests start and end by Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Which tests are one worker's: those of a file, or of all folders in :data:`ALONE`."""
    for item in items:
        where = item.path.relative_to(FOLDER)
        group = "sound" if {where.parts[0], where.as_posix()} & ALONE else str(where)
        item.add_marker(pytest.mark.xdist_group(group))
