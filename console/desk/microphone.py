"""The desk's microphone: what is wished of the engine, and what the engine tells of it."""

from __future__ import annotations

import dataclasses
from typing import Any, Final

import msgspec

from audio import protocol
from console.models.status import StatusModel
from console.settings import AUTO_MICROPHONE, DeskSettings, with_microphone
from widgets.contracts.rows import DeviceChoice, Microphone

SIDE_TONE_DB: Final = -18.0  # the trade's usual


def effective(settings: DeskSettings, *, grants: bool) -> str:
    """Where nobody has chosen: none, until a site has given a floor to be talked on."""
    if settings.microphone != AUTO_MICROPHONE:
        return settings.microphone
    return "default" if grants else "null"


def first_microphone(settings: DeskSettings) -> Microphone:
    """As it was remembered, before anything is known of it."""
    chosen = effective(settings, grants=False)
    return Microphone(
        chosen=chosen,
        relied_on=chosen != "null",
        suppress=settings.suppress,
        gain_control=settings.gain_control,
        side_tone=settings.side_tone,
    )


def remembered(settings: DeskSettings, known: Microphone, *, grants: bool) -> DeskSettings:
    """After a hand has changed something."""
    is_auto = known.chosen == effective(settings, grants=grants)
    chosen = settings.microphone if is_auto else known.chosen
    return msgspec.structs.replace(
        with_microphone(settings, chosen),
        suppress=known.suppress,
        gain_control=known.gain_control,
        side_tone=known.side_tone,
    )


def microphone_wish(settings: DeskSettings, *, grants: bool) -> protocol.SetMicrophone:
    return protocol.SetMicrophone(
        effective(settings, grants=grants),
        settings.other_microphones,
        suppress=settings.suppress,
        gain_control=settings.gain_control,
        side_tone_db=SIDE_TONE_DB if settings.side_tone else None,
    )


def take_microphone(status: StatusModel, event: protocol.Event) -> None:
    """What an event says of it; others say nothing."""
    match event:
        case protocol.MicrophoneChanged(microphone=name, state=state, why=why):
            _change(status, name=name, state=state, note=why, **_relied_on(state))
        case protocol.Microphones(names=names, labels=labels):
            choices = tuple(DeviceChoice(one, labels.get(one, "")) for one in names)
            _change(status, choices=choices)
        case protocol.HearingMyself(seconds=seconds):
            _change(status, hearing=seconds > 0)
        case protocol.Status(microphone=found, heard_s=heard_s):
            note = found.why or found.note
            name, state = found.name, found.state
            _change(
                status, name=name, state=state, note=note, hearing=heard_s > 0, **_relied_on(state)
            )
        case _:
            pass


def _relied_on(state: str) -> dict[str, bool]:
    """The system's own that was open once is missed when it goes; one that never was, is not."""
    return {"relied_on": True} if state in ("ready", "silent") else {}


def lose_microphone(status: StatusModel) -> None:
    """With its engine."""
    _change(status, state="none", note="", hearing=False)


def _change(status: StatusModel, **fields: Any) -> None:
    known = status.status().microphone
    status.set(microphone=dataclasses.replace(known, **fields))
