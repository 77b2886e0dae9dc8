"""A time on the command line: what is understood, and that nothing else breaks anything."""

from __future__ import annotations

import argparse
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.commands.options import moment

PIECES = st.sampled_from(
    ("now", "+", "8", "h", "m", ":", "22", "00", "-", "T", "2026", "9" * 5, "Z")
)


def test_what_is_understood() -> None:
    now_ms = time.time_ns() // 1_000_000
    assert moment("+8h") - moment("now") == pytest.approx(8 * 3_600_000, abs=60_000)
    assert moment("+30m") - now_ms == pytest.approx(30 * 60_000, abs=60_000)
    assert moment("2026-11-26T22:00:00+00:00") == 1_795_730_400_000
    assert time.strftime("%H:%M:%S", time.localtime(moment("7:05") / 1_000)) == "07:05:00"


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=8).map("".join)))
def test_anything_is_a_time_or_told_to_be_none(text: str) -> None:
    try:
        assert 0 <= moment(text) < 2**53
    except argparse.ArgumentTypeError as error:
        assert "is no time" in str(error)
