"""What a talkgroup's state is called and looks like. Pure, but for the translated word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication

from widgets.contracts.rows import TalkgroupRow, TalkState
from widgets.theme import Palette

StateName = Literal[
    "sending", "queued", "asking", "refused", "alarm", "unreachable", "gone", "off", "muted",
    "followed", "receiving", "selected", "listening",
]  # fmt: skip


REFUSED: Final[tuple[TalkState, ...]] = ("denied", "pre-empted", "timed-out", "failed")


def state_of(row: TalkgroupRow) -> StateName:
    """The one thing to say about it, most important first."""
    holds: tuple[tuple[bool, StateName], ...] = (
        (row.transmitting, "sending"),
        (row.alarm, "alarm"),
        (row.talk == "queued", "queued"),
        (row.talk == "asking", "asking"),
        (row.talk in REFUSED, "refused"),
        (row.presence == "unreachable", "unreachable"),
        (row.presence == "gone", "gone"),
        (row.follow == "followed", "followed"),
        (row.attention == "off", "off"),
        (row.muted, "muted"),
        (bool(row.speaker), "receiving"),
        (row.attention == "selected", "selected"),
    )
    return next((state for true, state in holds if true), "listening")


ICONS: dict[StateName, str] = {
    "sending": "microphone",
    "queued": "users",
    "asking": "clock",
    "refused": "microphone-off",
    "alarm": "alert-circle",
    "unreachable": "lock",
    "gone": "broadcast-off",
    "off": "power",
    "muted": "volume-off",
    "followed": "pinned",
    "receiving": "volume",
    "selected": "target",
    "listening": "ear",
}


def word(state: StateName) -> str:
    """In capitals, as it stands on the tile."""
    translate = QCoreApplication.translate
    words = {
        "sending": translate("tile", "SENDING"),
        "queued": translate("tile", "IN THE QUEUE"),
        "asking": translate("tile", "ASKING"),
        "refused": translate("tile", "NOT SENT HERE"),
        "alarm": translate("tile", "ALARM"),
        "unreachable": translate("tile", "NOT HEARD"),
        "gone": translate("tile", "GONE"),
        "off": translate("tile", "OFF"),
        "muted": translate("tile", "MUTED"),
        "followed": translate("tile", "FOLLOWING"),
        "receiving": translate("tile", "RECEIVING"),
        "selected": translate("tile", "SELECTED"),
        "listening": translate("tile", "LISTENING"),
    }
    return words[state]


def is_open(row: TalkgroupRow) -> bool:
    """It is heard, and whoever is on the network hears it, or could have made it up."""
    is_heard = row.presence not in ("unreachable", "gone")
    return is_heard and not (row.secured or row.unmarked)


def is_faint(row: TalkgroupRow) -> bool:
    """It is heard, dimmed while another group is followed."""
    return row.follow == "dimmed" and state_of(row) in ("listening", "receiving", "selected")


def faint_word() -> str:
    """Beside the state."""
    return QCoreApplication.translate("tile", "faint")


def open_word() -> str:
    """In capitals, beside the state."""
    return QCoreApplication.translate("tile", "UNSECURED")


@dataclass(frozen=True, slots=True)
class Face:
    """A tile's colours in one state."""

    ground: str
    frame: str
    frame_px: float
    name: str
    state: str
    quiet: str


def face(row: TalkgroupRow, p: Palette) -> Face:
    """White frame = selected, cyan = receiving, violet = sending, red = alarm alone."""
    state = state_of(row)
    if state == "alarm":
        ink = p.alarm_text if p.name == "night" else p.text
        return Face(p.alarm_ground, p.alarm, 3, ink, ink, ink)
    if state == "sending":
        return Face(p.sending_ground, p.sending, 2, p.text, p.sending, p.text)
    chosen = row.attention == "selected"
    if state == "followed":
        ground = p.receiving_ground if row.speaker else p.card
        return Face(ground, p.receiving, 3, p.text, p.receiving, p.muted)
    if state == "receiving":
        frame = p.selected if chosen else p.receiving
        return Face(p.receiving_ground, frame, 2, p.text, p.receiving, p.text)
    if state in ("queued", "asking", "refused"):
        return Face(p.card, p.warning, 2, p.text, p.warning, p.muted)
    return _calm(state, chosen, p)


def _calm(state: StateName, chosen: bool, p: Palette) -> Face:
    if chosen:
        return Face(p.card, p.selected, 2, p.text, p.text, p.muted)
    if state == "listening":
        return Face(p.card, p.line, 1, p.text, p.muted, p.muted)
    return Face(p.panel, p.line, 1, p.muted, p.muted, p.muted)
