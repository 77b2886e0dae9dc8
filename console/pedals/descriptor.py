"""HID report descriptors (USB HID 1.11, section 6.2.2): where in a report which button is.

Only what can be a button is kept: one-bit fields, arrays of key and button usages, and the bits of
a maker's own pages. Descriptors come from devices: any bytes are taken, what makes no sense ends
the reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

MAX_DESCRIPTOR: Final = 4_096  # what Linux takes too
MAX_BITS: Final = 8 * 1_024  # of a report
MAX_FIELDS: Final = 1_024
KEYBOARD: Final = 0x07
BUTTON: Final = 0x09
CONSUMER: Final = 0x0C
LONG_ITEM: Final = 0xFE
MAKERS_OWN: Final = 0xFF00  # from this page on

REPORT_ID, INPUT, PUSH, POP = 0x84, 0x80, 0xA4, 0xB4
GLOBALS: Final = {0x04: "page", 0x14: "low", 0x74: "size", REPORT_ID: "report", 0x94: "count"}
USAGE, USAGE_MINIMUM, USAGE_MAXIMUM = 0x08, 0x18, 0x28
LAST_MAIN: Final = frozenset({0x90, 0xA0, 0xB0, 0xC0})
"""Output, collection, feature and end of collection: usages before them are theirs."""
MAX_DEPTH: Final = 64
CONSTANT, VARIABLE = 0x01, 0x02


@dataclass(frozen=True, slots=True)
class Bit:
    """One that is set while the button is down. ``usage`` None: of no known meaning."""

    at: int  # from the report's first bit, without its id
    page: int
    usage: int


@dataclass(frozen=True, slots=True)
class Array:
    """Holds the usages of what is down now. ``first``: the usage of the value ``low``."""

    at: int
    size: int
    count: int
    page: int
    first: int
    low: int
    last: int


@dataclass(frozen=True, slots=True)
class Layout:
    """``reports``: by their id, 0 where none is sent."""

    reports: dict[int, tuple[Bit | Array, ...]] = field(default_factory=dict)
    has_ids: bool = False


@dataclass(frozen=True, slots=True)
class _Globals:
    page: int = 0
    low: int = 0
    size: int = 0
    count: int = 0
    report: int = 0


class _Reading:
    def __init__(self) -> None:
        self.globals = _Globals()
        self.stack: list[_Globals] = []
        self.usages: list[int] = []
        self.minimum: int | None = None
        self.maximum: int | None = None
        self.bits: dict[int, int] = {}
        self.fields: dict[int, list[Bit | Array]] = {}
        self.has_ids = False

    @property
    def count(self) -> int:
        return sum(map(len, self.fields.values()))

    def item(self, tag: int, value: int, signed: int) -> bool:
        """False: nothing after it makes sense."""
        if tag == INPUT:
            return self._input(value)
        if tag in LAST_MAIN:
            self._forget()
        elif tag in GLOBALS:
            self.has_ids |= tag == REPORT_ID
            name = GLOBALS[tag]
            self.globals = replace(self.globals, **{name: signed if name == "low" else value})
        elif tag == PUSH:
            self.stack.append(self.globals)
        elif tag == POP:
            self.globals = self.stack.pop() if self.stack else _Globals()
        else:
            self._local(tag, value)
        return len(self.stack) <= MAX_DEPTH and len(self.usages) <= MAX_FIELDS

    def _local(self, tag: int, value: int) -> None:
        if tag == USAGE:
            self.usages.append(value)
        elif tag == USAGE_MINIMUM:
            self.minimum = value
        elif tag == USAGE_MAXIMUM:
            self.maximum = value

    def _forget(self) -> None:
        self.usages, self.minimum, self.maximum = [], None, None

    def _input(self, flags: int) -> bool:
        now = self.globals
        at, length = self.bits.get(now.report, 0), now.size * now.count
        if now.size > 64 or at + length > MAX_BITS or self.count > MAX_FIELDS:
            return False
        self.bits[now.report] = at + length
        found = self.fields.setdefault(now.report, [])
        if not flags & CONSTANT and length:
            found += self._variable(at) if flags & VARIABLE else self._array(at)
        self._forget()
        return True

    def _variable(self, at: int) -> list[Bit | Array]:
        now = self.globals
        if now.page >= MAKERS_OWN and now.size > 1:
            return [Bit(at + n, now.page, n + 1) for n in range(now.size * now.count)]
        if now.size != 1:
            return []  # an axis
        return [Bit(at + n, *self._usage(n)) for n in range(now.count)]

    def _usage(self, n: int) -> tuple[int, int]:
        """Of the nth control: a list, whose last one stands for the rest, or a range."""
        if self.usages:
            usage = self.usages[min(n, len(self.usages) - 1)]
        elif self.minimum is not None:
            last = self.maximum if self.maximum is not None else self.minimum + n
            usage = min(self.minimum + n, max(last, self.minimum))
        else:
            usage = n + 1
        page = usage >> 16 if usage > 0xFFFF else self.globals.page
        return page & 0xFFFF, usage & 0xFFFF

    def _array(self, at: int) -> list[Bit | Array]:
        now = self.globals
        if now.page >= MAKERS_OWN:
            return [Bit(at + n, now.page, n + 1) for n in range(now.size * now.count)]
        if now.page not in (KEYBOARD, BUTTON, CONSUMER) or not 1 <= now.size <= 32:
            return []
        first = (self.minimum or 0) & 0xFFFF
        last = (self.maximum if self.maximum is not None else 0xFFFF) & 0xFFFF
        return [Array(at, now.size, now.count, now.page, first, now.low, last)]


def layout_of(descriptor: bytes) -> Layout:
    """Of any bytes; an empty one where nothing in it can be a button."""
    reading, at = _Reading(), 0
    raw = descriptor[:MAX_DESCRIPTOR]
    while at < len(raw):
        head = raw[at]
        if head == LONG_ITEM:
            at += 3 + (raw[at + 1] if at + 1 < len(raw) else 0)
            continue
        size = (0, 1, 2, 4)[head & 0x03]
        body = raw[at + 1 : at + 1 + size]
        if len(body) < size:
            break
        value = int.from_bytes(body, "little")
        if not reading.item(head & 0xFC, value, int.from_bytes(body, "little", signed=True)):
            break
        at += 1 + size
    found = {report: tuple(fields) for report, fields in reading.fields.items() if fields}
    return Layout(found, reading.has_ids)
