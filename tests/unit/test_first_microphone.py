"""Which microphone a desk opens before anybody has chosen one, and what is remembered of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.desk.microphone import effective, first_microphone, microphone_wish, remembered
from console.settings import AUTO_MICROPHONE, DeskSettings


@pytest.mark.parametrize(
    ("chosen", "grants", "opened"),
    [
        (AUTO_MICROPHONE, False, "null"),
        (AUTO_MICROPHONE, True, "default"),
        ("null", True, "null"),
        ("pulse:headset", False, "pulse:headset"),
    ],
)
def test_none_is_opened_before_there_is_a_floor_to_be_had(
    chosen: str, grants: bool, opened: str
) -> None:
    settings = DeskSettings(microphone=chosen)
    assert effective(settings, grants=grants) == opened
    assert microphone_wish(settings, grants=grants).name == opened


def test_changing_something_else_chooses_no_microphone() -> None:
    settings = DeskSettings()
    known = replace(first_microphone(settings), side_tone=True)
    after = remembered(settings, known, grants=False)
    assert (after.microphone, after.side_tone) == (AUTO_MICROPHONE, True)
    chosen = remembered(after, replace(known, chosen="pulse:headset"), grants=False)
    assert (chosen.microphone, chosen.other_microphones) == ("pulse:headset", ())


def test_the_systems_own_is_not_missed_before_anybody_has_relied_on_it() -> None:
    assert not first_microphone(DeskSettings()).relied_on
    assert not first_microphone(DeskSettings(microphone="null")).relied_on
    assert first_microphone(DeskSettings(microphone="pulse:headset")).relied_on
