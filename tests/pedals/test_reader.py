"""The reader over device files that speak as the kernel's do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.pedals.messages import Control, Devices, Learned, Moved, Standing, Wish
from tests.pedals.lab import (
    BTN_LEFT,
    BTN_SOUTH,
    BTN_TRIGGER,
    JOYSTICK_PEDAL,
    KEY_B,
    KEY_F13,
    VENDOR_PEDAL,
    Bench,
    Reading,
    events,
    reading,
)

PEDAL_IDS = (0x0C45, 0x7403)
KEYBOARD = range(1, 200)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.fixture
def reader(bench: Bench) -> Iterator[Reading]:
    with reading(bench) as made:
        yield made


def learned(reader: Reading) -> Learned:
    told = reader.until(Learned)
    assert isinstance(told, Learned)
    return told


def test_a_pedal_is_learned_and_then_opens_and_closes(bench: Bench, reader: Reading) -> None:
    pedal = bench.input("PCsensor FootSwitch", KEYBOARD, ids=PEDAL_IDS)
    reader.learn()
    pedal.key(KEY_B, 1)
    assert reader.quiet(0.3) == [], "nothing before it is let go"
    pedal.key(KEY_B, 0)
    told = learned(reader)
    assert (told.label, told.refusal) == ("PCsensor FootSwitch: B", "")
    reader.watch(told.control)
    pedal.key(KEY_B, 1)
    before_s = time.monotonic()
    move = reader.until(Moved)
    assert isinstance(move, Moved)
    assert (move.control, move.down) == (told.control, True)
    assert abs(move.at_s - before_s) < 1.0
    for _ in range(3):
        pedal.key(KEY_B, 2)  # the kernel repeats it
    pedal.send(events((30, 1), (30, 0)))
    assert reader.quiet(0.2) == [], "another button is nobody's business"
    pedal.key(KEY_B, 0)
    assert not getattr(reader.until(Moved), "down", True)


def test_nothing_is_open_that_nobody_asked_for(bench: Bench, reader: Reading) -> None:
    bench.input("Keyboard", KEYBOARD)
    reader.reader.wish(Wish())
    assert reader.quiet(0.7) == []
    [linux] = reader.reader._sources
    assert linux._open == {}  # type: ignore[attr-defined]
    reader.learn()
    assert len(linux._open) == 1  # type: ignore[attr-defined]
    reader.watch(Control("linux:event:0000:0000:another:", "k48"))
    assert linux._open == {}  # type: ignore[attr-defined]


def test_a_key_that_is_typed_with_and_a_click_are_not_taken(bench: Bench, reader: Reading) -> None:
    keyboard = bench.input("Keyboard", KEYBOARD)
    mouse = bench.input("Mouse", (BTN_LEFT, 0x111, 0x113), number=1)
    reader.learn()
    mouse.send(events((BTN_LEFT, 1), (BTN_LEFT, 0)))
    assert reader.quiet(0.5) == []
    keyboard.send(events((KEY_B, 1), (KEY_B, 0)))
    assert learned(reader).refusal == "typed"
    keyboard.send(events((KEY_F13, 1), (KEY_F13, 0)))
    assert learned(reader).refusal == ""


def test_gamepads_and_raw_pedals_are_learned_by_their_buttons(
    bench: Bench, reader: Reading
) -> None:
    pad = bench.input("Pad", (BTN_SOUTH, BTN_SOUTH + 1))
    maker = bench.hidraw("Foot control", VENDOR_PEDAL, ids=(0x0911, 0x1844))
    joystick = bench.hidraw("Pedals", JOYSTICK_PEDAL, number=1)
    reader.learn()
    pad.send(events((BTN_SOUTH, 1), (BTN_SOUTH, 0)))
    assert learned(reader).label == "Pad: 1"
    for report in ("020000", "020200", "020000"):
        maker.send(bytes.fromhex(report))
        reader.quiet(0.05)
    assert learned(reader).control.control == "h2:ff00:2"
    joystick.send(bytes.fromhex("0200"))
    reader.quiet(0.05)
    joystick.send(bytes.fromhex("0000"))
    assert learned(reader).label == "Pedals: 2"


def test_one_that_is_unplugged_is_missed_at_once_and_back_when_it_is_back(
    bench: Bench, reader: Reading
) -> None:
    pedal = bench.input("Pedal", (BTN_TRIGGER,))
    control = Control("linux:event:0000:0000:Pedal:", f"k{BTN_TRIGGER}")
    reader.watch(control)
    pedal.key(BTN_TRIGGER, 1)
    reader.until(Moved, down=True)
    begun_s = time.monotonic()
    pedal.unplug()
    reader.until(Standing, stand="absent")
    assert time.monotonic() - begun_s < 1.0
    again = bench.input("Pedal", (BTN_TRIGGER,), number=7)
    begun_s = time.monotonic()
    reader.until(Standing, stand="ready")
    assert time.monotonic() - begun_s < 1.0
    again.key(BTN_TRIGGER, 0)
    assert reader.quiet(0.1) == [], "the press ended with the device"
    again.key(BTN_TRIGGER, 1)
    reader.until(Moved, down=True)


def test_a_chattering_pedal_is_one_press_and_is_told(bench: Bench, reader: Reading) -> None:
    pedal = bench.input("Pedal", (BTN_TRIGGER,))
    control = Control("linux:event:0000:0000:Pedal:", f"k{BTN_TRIGGER}")
    reader.watch(control)
    for _ in range(8):
        pedal.send(events((BTN_TRIGGER, 1), (BTN_TRIGGER, 0), (BTN_TRIGGER, 1)))
        reader.reader.step(0.02)
    pedal.key(BTN_TRIGGER, 0)
    reader.until(Standing, stand="chattering")
    assert [getattr(one, "down", None) for one in reader.quiet(0.2)] == [False]


def test_learning_lets_go_and_what_is_still_down_after_it_is_no_press(
    bench: Bench, reader: Reading
) -> None:
    pedal = bench.input("Pedal", (BTN_TRIGGER,))
    control = Control("linux:event:0000:0000:Pedal:", f"k{BTN_TRIGGER}")
    reader.watch(control)
    pedal.key(BTN_TRIGGER, 1)
    reader.until(Moved, down=True)
    reader.reader.wish(Wish((control,), learning=True))
    reader.until(Moved, down=False)
    reader.until(Devices)
    reader.reader.wish(Wish((control,)))
    assert reader.quiet(0.3) == []
    pedal.key(BTN_TRIGGER, 0)
    assert reader.quiet(0.2) == []
    pedal.key(BTN_TRIGGER, 1)
    reader.until(Moved, down=True)


def test_a_device_that_may_not_be_read_is_named_with_what_to_do(
    bench: Bench, reader: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    pedal = bench.input("Pedal", (BTN_TRIGGER,), ids=PEDAL_IDS)
    control = Control("linux:event:0c45:7403:Pedal:", f"k{BTN_TRIGGER}")

    def refuse(*_given: object) -> int:  # root may read whatever its bits say
        raise PermissionError

    with monkeypatch.context() as closed:
        closed.setattr("console.pedals.linux.os.open", refuse)
        reader.reader.wish(Wish((control,)))
        told = reader.until(Standing, stand="no-permission")
    assert isinstance(told, Standing)
    assert 'ATTRS{idVendor}=="0c45"' in told.rule
    assert 'TAG+="uaccess"' in told.rule
    reader.until(Standing, stand="ready")
    pedal.key(BTN_TRIGGER, 1)
    reader.until(Moved, down=True)


def test_a_device_that_never_rests_is_not_learned(bench: Bench, reader: Reading) -> None:
    maker = bench.hidraw("Counter", VENDOR_PEDAL)
    reader.learn()
    for n in range(256):
        maker.send(bytes([2, n, 0]))
        reader.reader.step(0.002)
    assert [one for one in reader.said if isinstance(one, Learned)] == []
    assert reader.quiet(0.6) == []
