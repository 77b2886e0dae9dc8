"""What a tile says of who speaks."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from PySide6.QtGui import QFont, QFontMetrics

from tests.gui import fakes
from tests.gui.conftest import Open
from widgets import paint
from widgets.tile import Tile

SIZES = [(1_366, 768), (1_920, 1_080)]
WHO, BEFORE = "AMB 3-1 Tønsberg", "AMK Tønsberg"


@dataclass
class Drawn:
    words: str
    is_cut: bool
    right: int = field(default=0, compare=False)


def drawn(tile: Tile, monkeypatch: pytest.MonkeyPatch) -> list[Drawn]:
    """All that is written on it."""
    lines: list[Drawn] = []
    write = paint.text

    def note(painter, rect, words, colour, used: QFont, **more):  # type: ignore[no-untyped-def]
        wide = QFontMetrics(used).horizontalAdvance(words)
        lines.append(Drawn(words, wide > rect.width(), rect.right()))
        return write(painter, rect, words, colour, used, **more)

    with monkeypatch.context() as patched:
        patched.setattr(paint, "text", note)
        tile._forget_face()
        tile.grab()
    return lines


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("more", [{}, {"muted": True}, {"alarm": True}, {"secured": False}])
def test_who_speaks_is_written_in_full_and_who_spoke_before_is_not(
    open_desk: Open,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    more: dict[str, bool],
) -> None:
    window, desk = open_desk(size=size)
    key = fakes.TALKGROUPS[1].key
    desk.talkgroups.edit(
        key, speaker=WHO, last_speaker=BEFORE, last_s=fakes.NOW_S - 300, missed=12, **more
    )
    lines = drawn(window.tiles.tile(key), monkeypatch)
    assert Drawn(WHO, is_cut=False) in lines
    assert not any(BEFORE in line.words for line in lines)
    desk.talkgroups.edit(key, speaker="", last_speaker=WHO, last_s=fakes.NOW_S)
    words = [line.words for line in drawn(window.tiles.tile(key), monkeypatch)]
    assert WHO in words
    assert "22:00:07" in words, "and now with its time"


@pytest.mark.parametrize("missed", [1, 99])
def test_the_exercises_mark_and_what_was_missed_stand_side_by_side(
    open_desk: Open, monkeypatch: pytest.MonkeyPatch, missed: int
) -> None:
    window, desk = open_desk(size=SIZES[1])
    key = fakes.TALKGROUPS[1].key
    tile = window.tiles.tile(key)
    desk.talkgroups.edit(key, exercise=True, missed=0)
    (alone,) = (line for line in drawn(tile, monkeypatch) if line.words == "ØVELSE")
    desk.talkgroups.edit(key, missed=missed)
    (beside,) = (line for line in drawn(tile, monkeypatch) if line.words == "ØVELSE")
    assert alone.right > tile.missed.x(), "as far right as there is room"
    assert beside.right < tile.missed.x()
