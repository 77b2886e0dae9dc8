"""What becomes of the talk key, as it is seen: one look must say whether one is heard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui import fakes
from tests.gui.conftest import Open
from widgets.contracts.rows import NotTalking, TalkState, TalkTarget, Transmit
from widgets.talk_words import spoken
from widgets.window import DeskWindow


def target(
    state: TalkState, *, place: int = 0, who: str = "", why: NotTalking = "", name: str = "LV1"
) -> TalkTarget:
    return TalkTarget(name, state, place, who, why)


@pytest.mark.parametrize(
    ("now", "headline", "subline", "tone"),
    [
        (Transmit((target("asking"),)), "ASKING …", "", "waiting"),
        (Transmit((target("sending"),), is_open=True), "YOU ARE TALKING", "", "sending"),
        (
            Transmit((target("unasked"),), is_open=True),
            "YOU ARE TALKING",
            "Without the floor: let others in",
            "sending",
        ),
        (
            Transmit((target("sending"), target("denied", why="busy", name="B")), is_open=True),
            "YOU ARE TALKING",
            "Not in B: busy",
            "sending",
        ),
        (
            Transmit((target("queued", place=2, who="AMB 1"),)),
            "WAIT: NUMBER 2",
            "AMB 1 talks",
            "waiting",
        ),
        (
            Transmit((target("pre-empted", who="AMB 1"),)),
            "TAKEN OVER",
            "AMB 1 has the floor now",
            "refused",
        ),
        (Transmit((target("timed-out"),)), "TIME IS OUT", "Let go and press again", "refused"),
        (
            Transmit((target("denied", why="may-not-talk"),)),
            "NOT GRANTED",
            "this position may not talk here",
            "refused",
        ),
    ],
)
def test_each_state_is_said_in_words(now: Transmit, headline: str, subline: str, tone: str) -> None:
    words = spoken(now, 40.0)
    assert words is not None
    assert (words.headline, words.subline, words.tone) == (headline, subline, tone)


def test_the_last_seconds_are_counted_down() -> None:
    now = Transmit((target("sending"),), is_open=True, ends_s=50.0)
    assert [w.headline for left in (10.4, 9.6, 1.0) if (w := spoken(now, left))] == [
        "YOU ARE TALKING",
        "10 S LEFT",
        "1 S LEFT",
    ]


def show(window: DeskWindow, data: fakes.Fakes, now: Transmit) -> None:
    data.status.edit(transmit=now)


def test_the_talk_place_is_filled_only_while_one_is_heard(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    place = window.talk_place
    show(window, data, Transmit((target("asking"),)))
    assert place.tone == "waiting"
    show(window, data, Transmit((target("sending"),), is_open=True))
    assert (place.tone, place.headline()) == ("sending", "YOU ARE TALKING")
    assert "YOU ARE TALKING: LV1" in place.accessibleName()
    show(window, data, Transmit(listen_first=True))
    assert place.subline() == "No floor control: listen before you talk"


def test_a_dead_microphone_is_told_of_while_one_talks(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    show(window, data, Transmit((target("sending"),), is_open=True))
    microphone = data.status.status().microphone
    data.status.edit(microphone=replace(microphone, state="silent"))
    place = window.talk_place
    assert (place.tone, place.headline()) == ("refused", "NO SOUND")
    assert place.subline() == "Is the microphone muted?"
    data.status.edit(microphone=replace(microphone, state="ready"))
    assert (place.tone, place.headline()) == ("sending", "YOU ARE TALKING")
    data.status.edit(microphone=replace(microphone, state="silent"), transmit=Transmit())
    assert place.headline() == "HOLD TO TALK", "nobody is alarmed before he talks"


def test_a_group_that_is_not_heard_is_told_of_before_the_press(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    one, other = data.talkgroups.keys()[:2]
    window.hands.select(one)
    place, name = window.talk_place, data.talkgroups.row(one).name
    assert place.headline() == "HOLD TO TALK"
    data.talkgroups.edit(one, presence="unreachable")
    assert (place.tone, place.headline()) == ("refused", "CANNOT SEND")
    assert place.subline() == f"{name} is not heard here: nothing can be sent there."
    data.talkgroups.edit(other, along=True)
    assert place.headline() == "HOLD TO TALK", "the other one can be talked in"
    data.talkgroups.edit(other, along=False)
    data.talkgroups.edit(one, presence="silent")
    assert place.headline() == "HOLD TO TALK"


def test_t_on_the_selected_group_leaves_nothing_behind(open_desk: Open) -> None:
    """The keyboard is on its tile whenever it was selected just now."""
    window, data = open_desk(language="en")
    one, other = data.talkgroups.keys()[:2]
    window.hands.select(one)
    QTest.keyClick(window, Qt.Key.Key_T)
    assert data.talkgroups.row(one).name in window.talk_place.refusal
    window.tiles.tile(one).open_menu()
    assert not window.tiles.menu.along.isEnabled()
    window.tiles.menu.close()
    window.hands.select(other)
    assert window.talk_place.groups() == data.talkgroups.row(other).name
    window.tiles.focus_key(one)
    QTest.keyClick(window, Qt.Key.Key_T)
    window.hands.select(one)
    QTest.keyClick(window, Qt.Key.Key_T)
    assert not data.talkgroups.row(one).along, "one that was added before is taken off again"


def test_shift_breaks_in_and_t_adds_a_group(open_desk: Open) -> None:
    window, data = open_desk(language="en")
    handle, key = window.windowHandle(), data.talkgroups.keys()[1]
    window.hands.select(data.talkgroups.keys()[0])
    window.tiles.focus_key(key)
    QTest.keyClick(window, Qt.Key.Key_T)
    assert data.actions.done[-1] == ("along", key, True)
    row = data.talkgroups.row(key)
    assert row.along
    assert row.name in window.talk_place.groups()
    QTest.keyPress(handle, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyRelease(handle, Qt.Key.Key_Space)
    pressed = [one for one in data.actions.done if one[0] in ("press", "release")]
    assert pressed == [("press", data.talkgroups.keys()[0], "break-in"), ("release",)]
