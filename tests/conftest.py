"""What holds for every test."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """A shell that starts this run in its background has it ignore SIGINT, and so would the
    programs that the tests start and end by Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
