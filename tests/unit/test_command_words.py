"""What is said from a shell is more than blanks."""

from __future__ import annotations

import pytest

from console.cli import main

BLANK = [
    ["message", "send", "--to", "a1", "--text", "   "],
    ["callout", "send", "--to", "a1", "--text", " \t"],
    ["group", "form", "  ", "--members", "a1"],
    ["duty", "set", "LV-lege", "--name", " ", "--until", "+1h"],
    ["alarm", "raise", "--unit", "a1", "--person", ""],
    ["recall", "export", "b1", "out.wav", "--person", ""],
]


@pytest.mark.parametrize("line", BLANK, ids=lambda line: " ".join(line[:2]))
def test_blanks_are_refused_before_anything_is_asked(
    line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line)
    assert ended.value.code == 2
    assert "must not be empty" in capsys.readouterr().err
