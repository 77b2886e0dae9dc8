"""What `vaktbord events` shows of one event."""

from __future__ import annotations

from ulid import ULID

from console.commands.events import as_line
from console.commands.state import local_time
from console.domain.events import DutySet, Event, FloorReleased

NOW_MS = 1_790_000_000_000


def line(body: DutySet | FloorReleased) -> str:
    return as_line(Event(str(ULID()), NOW_MS, "desk1", 1, body))


def test_a_moment_is_shown_as_a_time_and_a_duration_as_it_is() -> None:
    said = line(DutySet("D-1", "LV-lege", "Fiktiv Lege", NOW_MS, NOW_MS + 60_000, phone="00000000"))
    assert f"until={local_time(NOW_MS + 60_000)}" in said and str(NOW_MS) not in said
    assert "spoke_ms=4000" in line(FloorReleased("tg1", "u1", spoke_ms=4_000))
