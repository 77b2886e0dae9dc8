"""Which of two devices sounds what: headset and loudspeaker, and each in the other's place. Pure.

A device that is not there, or whose sound comes out elsewhere, is no place for a voice: the other
one has everything then, at once. There is never a stream that sounds nowhere.
"""

from __future__ import annotations

from typing import Final, Literal

from audio.protocol import DeviceState, SetMix, ToneKind

Standing = Literal["right", "elsewhere", "silent"]
"""Plays where it was chosen to; elsewhere (a substitute, or moved by the sound server); nowhere."""

Spread = Literal["headset", "both", "speaker"]
HEADSET: Final = 0  # the first bus
SPEAKER: Final = 1

# On both devices. What answers the operator's own hand (permit, deny, end) is the headset's alone.
EVERYWHERE: Final[frozenset[ToneKind]] = frozenset(
    {"alarm", "desk-gone", "desk-back", "test", "ring"}
)


def standing(state: DeviceState, why: str) -> Standing:
    """Of a device, by its keeper's word: ``why`` it is not the chosen one that plays."""
    if state != "playing":
        return "silent"
    return "elsewhere" if why else "right"


def spread(headset: Standing, speaker: Standing, *, is_same: bool) -> Spread:
    """``is_same``: both come out of one device, so one of them is enough."""
    if headset == speaker == "right":
        return "headset" if is_same else "both"
    for wanted in ("right", "elsewhere"):
        if headset == wanted:
            return "headset"
        if speaker == wanted:
            return "speaker"
    return "headset"


def bus_of(mix: SetMix, where: Spread) -> int:
    """The stream's own choice, else monitored groups are the loudspeaker's."""
    if where != "both":
        return SPEAKER if where == "speaker" else HEADSET
    if mix.output != "auto":
        return SPEAKER if mix.output == "speaker" else HEADSET
    return SPEAKER if mix.attention == "monitored" else HEADSET
