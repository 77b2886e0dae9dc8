"""HID reports: which buttons are down, by the device's layout."""

from __future__ import annotations

from console.pedals.descriptor import BUTTON, KEYBOARD, MAKERS_OWN, Array, Bit, Layout

PHANTOM = range(0x04)  # of a keyboard: nothing, or too many keys at once


class Reports:
    """Reports in, moves of buttons out. A report that is too short, or of an unknown id, is
    counted in ``unread`` and changes nothing."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._down: dict[int, frozenset[str]] = {}
        self.unread = 0

    def feed(self, report: bytes) -> list[tuple[str, bool]]:
        """Controls and whether they are down now; those that came up first."""
        number, body = (0, report)
        if self._layout.has_ids:
            number, body = (report[0], report[1:]) if report else (-1, b"")
        fields = self._layout.reports.get(number)
        if fields is None or 8 * len(body) < _length(fields):
            self.unread += 1
            return []
        now = frozenset(one for each in fields for one in _down_in(each, body, number))
        before = self._down.get(number)
        self._down[number] = now
        if before is None:
            return [(one, True) for one in sorted(now)]
        ups = [(one, False) for one in sorted(before - now)]
        return ups + [(one, True) for one in sorted(now - before)]


def _length(fields: tuple[Bit | Array, ...]) -> int:
    return max(f.at + (1 if isinstance(f, Bit) else f.size * f.count) for f in fields)


def _down_in(one: Bit | Array, body: bytes, number: int) -> list[str]:
    if isinstance(one, Bit):
        is_set = body[one.at // 8] >> one.at % 8 & 1
        return [control_of(number, one.page, one.usage)] if is_set else []
    bits = int.from_bytes(body, "little")
    found = []
    for n in range(one.count):
        value = bits >> (one.at + n * one.size) & ((1 << one.size) - 1)
        usage = one.first + value - one.low
        if not one.first <= usage <= one.last or value < one.low:
            continue
        if (one.page == KEYBOARD and usage in PHANTOM) or usage == 0:
            continue
        found.append(control_of(number, one.page, usage))
    return found


def control_of(number: int, page: int, usage: int) -> str:
    """As it is remembered: report, usage page and usage."""
    return f"h{number:x}:{page:x}:{usage:x}"


def name_of(control: str) -> str:
    """For people."""
    try:
        _, page, usage = (int(part, 16) for part in control.removeprefix("h").split(":"))
    except ValueError:
        return control
    if page == BUTTON or page >= MAKERS_OWN:
        return str(usage)
    return f"{page:x}:{usage:x}"


def is_typed(control: str) -> bool:
    """A key that would also write in the window in front: all of a keyboard but F13 to F24, Pause,
    Scroll Lock, Menu and the right Ctrl."""
    try:
        _, page, usage = (int(part, 16) for part in control.removeprefix("h").split(":"))
    except ValueError:
        return False
    lone = {0x47, 0x48, 0x65, 0xE4, *range(0x68, 0x74)}
    return page == KEYBOARD and usage not in lone
