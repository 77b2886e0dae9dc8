"""What the tour says, and of what."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from widgets.parts import DeskParts
from widgets.tour import Step


def tour_steps(parts: DeskParts) -> tuple[Step, ...]:
    translate = QCoreApplication.translate
    return (
        Step(
            translate("tour", "Talkgroups"),
            translate(
                "tour",
                "A tile is a talkgroup. Click it, or press its number, to select it. Cyan: "
                "somebody talks there. M mutes, + and − turn the volume.",
            ),
            parts.tiles,
            "left",
        ),
        Step(
            translate("tour", "To talk"),
            translate(
                "tour",
                "Hold the space bar and wait for the tone, then talk. Here stands where your "
                "voice goes, and why it can't if it can't. Try it: the tour goes on.",
            ),
            parts.talk_place,
            "bottom",
        ),
        Step(
            translate("tour", "Alarms"),
            translate(
                "tour",
                "Alarms always stand here, and nothing covers them. F1 acknowledges, F2 takes "
                "over, F3 shows where. An alarm ends this tour.",
            ),
            parts.alarms,
            "right",
        ),
        Step(
            translate("tour", "Units and people"),
            translate(
                "tour",
                "Who is on duty, units and the log. Ctrl+K finds a unit, Ctrl+N writes, calls "
                "out and forms groups, Ctrl+I calls. Ctrl+E gives a panel a window of its own.",
            ),
            parts.units,
            "right",
        ),
        Step(
            translate("tour", "Menu and help"),
            translate(
                "tour",
                "Size, day and night, language and sound are in the menu, and so is this tour. "
                "F1 shows all keys while no alarm waits. Esc always leads back.",
            ),
            parts.top.menu_button,
            "top",
        ),
    )
