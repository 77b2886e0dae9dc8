"""What a replay does while something else happens. Pure, with time given from outside.

A recall is one burst that somebody has just asked for: it goes on, and lower while an alarm
sounds. A catch-up takes minutes: it waits while an alarm sounds, and while somebody speaks in the
selected group; afterwards it goes on from a second before. The alarm tone is added after the
replay and never dimmed by it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from audio.protocol import ReplayKind, ReplayState, ReplayWhy

RESUME_MS: Final = 700.0  # of quiet, so that an answer isn't talked into
DUCK_DB: Final = -12.0  # of a recall under an alarm


class Around(msgspec.Struct, frozen=True):
    """What else there is to hear."""

    is_alarm: bool = False  # its tone sounds
    is_selected_live: bool = False  # somebody speaks in the selected group


class Course(msgspec.Struct, frozen=True):
    """Where a replay stands. ``clear_ms``: since when nothing has been in its way."""

    kind: ReplayKind = "recall"
    state: ReplayState = "idle"
    why: ReplayWhy = ""
    gain_db: float = 0.0
    clear_ms: float | None = None


IDLE: Final = Course()


def begin(kind: ReplayKind) -> Course:
    return Course(kind, "playing")


def follow(course: Course, around: Around, now_ms: float) -> Course:
    """The next tick's course."""
    if course.state == "idle":
        return course
    if course.kind == "recall":
        return msgspec.structs.replace(course, gain_db=DUCK_DB if around.is_alarm else 0.0)
    why: ReplayWhy = "alarm" if around.is_alarm else "live" if around.is_selected_live else ""
    if why:
        return Course(course.kind, "paused", why)
    if course.state == "playing":
        return course
    clear_ms = now_ms if course.clear_ms is None else course.clear_ms
    if now_ms - clear_ms >= RESUME_MS:
        return Course(course.kind, "playing")
    return msgspec.structs.replace(course, clear_ms=clear_ms)
