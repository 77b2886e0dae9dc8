"""What devices send, decoded: by the forms of real ones, in pieces, and as nonsense."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.pedals import codes, reports
from console.pedals.descriptor import Array, Bit, layout_of
from console.pedals.input_events import (
    EVENT,
    Dropped,
    InputEvents,
    KeyMoved,
    codes_in,
    codes_in_words,
)
from console.pedals.reports import Reports
from tests.pedals.lab import (
    BOOT_KEYBOARD,
    BTN_LEFT,
    BTN_SOUTH,
    BTN_TRIGGER,
    GAMEPAD,
    JOYSTICK_PEDAL,
    KEY_B,
    KEY_F13,
    VENDOR_PEDAL,
    events,
    words,
)

RAW = bytes(range(256))


def moves(report_layout: bytes, *sent: str) -> list[tuple[str, bool]]:
    decoder = Reports(layout_of(report_layout))
    found = [move for one in sent for move in decoder.feed(bytes.fromhex(one))]
    assert decoder.unread == 0
    return found


def test_input_events_are_read_whatever_pieces_they_come_in() -> None:
    raw = events((KEY_B, 1), (KEY_B, 2), (KEY_B, 2), (KEY_B, 0), (BTN_TRIGGER, 1))
    expected = [KeyMoved(KEY_B, True), KeyMoved(KEY_B, False), KeyMoved(BTN_TRIGGER, True)]
    for size in (1, 7, EVENT.size, len(raw)):
        decoder = InputEvents()
        found = [one for n in range(0, len(raw), size) for one in decoder.feed(raw[n : n + size])]
        assert found == expected, size
    assert EVENT.size in (16, 24), "as the kernel's own"


def test_what_the_kernel_lost_is_told() -> None:
    assert InputEvents().feed(EVENT.pack(0, 0, 0, 3, 0)) == [Dropped()]


@given(st.lists(st.binary(max_size=100)))
def test_any_bytes_are_taken_as_input_events(pieces: list[bytes]) -> None:
    decoder = InputEvents()
    for piece in pieces:
        for found in decoder.feed(piece):
            assert isinstance(found, KeyMoved | Dropped)
    assert len(decoder._rest) < EVENT.size


@given(st.sets(st.integers(0, codes.KEY_MAX)))
def test_bit_fields_of_ioctl_and_sysfs_say_the_same(keys: set[int]) -> None:
    field = bytearray(codes.KEY_MAX // 8 + 1)
    for key in keys:
        field[key // 8] |= 1 << key % 8
    assert codes_in(bytes(field)) == keys == codes_in_words(words(keys))


@given(st.text())
def test_any_text_is_taken_as_capabilities(text: str) -> None:
    assert isinstance(codes_in_words(text), frozenset)


def test_a_pedal_that_plays_keyboard_by_its_raw_reports() -> None:
    """B down and up, then the left Ctrl with F13's neighbour; too many keys at once are none."""
    assert moves(BOOT_KEYBOARD, "0000050000000000", "0000000000000000") == [
        ("h0:7:5", True),
        ("h0:7:5", False),
    ]
    assert moves(BOOT_KEYBOARD, "0100000000000000", "0000000000000000") == [
        ("h0:7:e0", True),
        ("h0:7:e0", False),
    ]
    assert moves(BOOT_KEYBOARD, "0000010101010101") == []


def test_a_pedal_that_plays_joystick_moves_buttons_and_no_axis() -> None:
    assert moves(JOYSTICK_PEDAL, "0000", "027f", "0281", "0600", "0000") == [
        ("h0:9:2", True),
        ("h0:9:3", True),
        ("h0:9:2", False),
        ("h0:9:3", False),
    ]


def test_a_gamepad_with_report_ids() -> None:
    assert moves(GAMEPAD, "0180800000", "0180800102", "01ffff0002", "0180800000") == [
        ("h1:9:1", True),
        ("h1:9:a", True),
        ("h1:9:1", False),
        ("h1:9:a", False),
    ]


def test_a_makers_own_page_bit_by_bit() -> None:
    assert moves(VENDOR_PEDAL, "020000", "020200", "020001", "020000") == [
        ("h2:ff00:2", True),
        ("h2:ff00:2", False),
        ("h2:ff00:9", True),
        ("h2:ff00:9", False),
    ]


def test_a_short_report_and_an_unknown_id_are_counted_and_change_nothing() -> None:
    decoder = Reports(layout_of(GAMEPAD))
    assert decoder.feed(bytes.fromhex("0180800100")) == [("h1:9:1", True)]
    for wrong in ("", "01", "018080", "0780800100"):
        assert decoder.feed(bytes.fromhex(wrong)) == []
    assert decoder.unread == 4
    assert decoder.feed(bytes.fromhex("0180800000")) == [("h1:9:1", False)]


@given(st.binary(max_size=300), st.lists(st.binary(max_size=70), max_size=20))
def test_any_descriptor_and_any_reports_are_taken(raw: bytes, sent: list[bytes]) -> None:
    """Each control that is told down is told up before it is told down again."""
    layout = layout_of(raw)
    for fields in layout.reports.values():
        for one in fields:
            assert isinstance(one, Bit | Array)
            assert 0 <= one.at < 8_192
    decoder, down = Reports(layout), set[str]()
    for report in sent:
        for control, is_down in decoder.feed(report):
            assert (control in down) is not is_down
            (down.add if is_down else down.discard)(control)
            assert reports.name_of(control)
            assert isinstance(reports.is_typed(control), bool)


@given(st.sampled_from([BOOT_KEYBOARD, JOYSTICK_PEDAL, GAMEPAD, VENDOR_PEDAL]), st.data())
def test_a_descriptor_with_a_wrong_byte_is_taken_too(good: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(good) - 1))
    broken = good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :]
    decoder = Reports(layout_of(broken))
    for _ in range(5):
        decoder.feed(data.draw(st.binary(max_size=16)))


def test_what_may_open_a_microphone() -> None:
    assert codes.refusal(KEY_B, "keyboard") == "typed"
    assert codes.refusal(57, "keyboard") == "typed", "the space bar is the window's own"
    assert codes.refusal(KEY_F13, "keyboard") == ""
    assert codes.refusal(KEY_B, "pedal") == ""
    assert codes.refusal(BTN_LEFT, "pedal") == "mouse"
    assert codes.refusal(116, "pedal") == "system", "power"
    assert codes.refusal(BTN_SOUTH, "pad") == ""
    assert codes.kind_of(0x0C45, 0x7403, "x", frozenset()) == "pedal"
    assert codes.kind_of(1, 1, "Acme Foot Switch", frozenset({30})) == "pedal"
    assert codes.kind_of(1, 1, "Keyboard", frozenset({30})) == "keyboard"
    assert codes.kind_of(1, 1, "Pad", frozenset({BTN_SOUTH})) == "pad"
    assert (codes.name_of(KEY_B), codes.name_of(KEY_F13)) == ("B", "F13")
    assert codes.name_of(BTN_TRIGGER + 1) == "2"
    assert reports.is_typed("h0:7:5")
    assert not reports.is_typed("h0:7:68")
