"""A /dev and a /sys of our own: FIFOs that speak what a kernel's device files speak.

What each device sends is in the form of the real one: ``struct input_event`` with its SYN_REPORTs,
and HID reports by the report descriptors of such devices (USB HID 1.11, appendix B and E).
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from console.pedals.input_events import EV_KEY, EV_SYN, EVENT
from console.pedals.linux import LinuxDevices
from console.pedals.messages import Control, Learned, Moved, Standing, Told, Wish
from console.pedals.reader import Reader

PATIENCE_S = 10.0
KEY_B, KEY_F13, BTN_TRIGGER, BTN_SOUTH, BTN_LEFT = 48, 183, 0x120, 0x130, 0x110
MSC_SCAN, EV_MSC = 4, 4

BOOT_KEYBOARD = bytes.fromhex(
    "05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01"
    "95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 25 65 05 07"
    "19 00 29 65 81 00 c0"
)
"""HID 1.11, appendix E.6: eight modifiers, a reserved byte, LEDs, six keys."""
JOYSTICK_PEDAL = bytes.fromhex(
    "05 01 09 04 a1 01 a1 00 05 09 19 01 29 03 15 00 25 01 75 01 95 03 81 02 75 05 95 01 81 01"
    "05 01 09 30 15 81 25 7f 75 08 95 01 81 02 c0 c0"
)
"""Three buttons, five bits of nothing, an axis."""
GAMEPAD = bytes.fromhex(
    "05 01 09 05 a1 01 85 01 09 30 09 31 15 00 26 ff 00 75 08 95 02 81 02"
    "05 09 19 01 29 0a 15 00 25 01 75 01 95 0a 81 02 75 06 95 01 81 01 c0"
)
"""Report 1: two axes, ten buttons, six bits of nothing."""
VENDOR_PEDAL = bytes.fromhex("06 00 ff 09 01 a1 01 85 02 09 02 15 00 26 ff 00 75 08 95 02 81 02 c0")
"""A maker's own page: report 2, two bytes whose bits are the pedals."""


def events(*moves: tuple[int, int], scan: bool = True) -> bytes:
    """As usbhid's driver sends them: MSC_SCAN, the key, SYN_REPORT."""
    raw = b""
    for code, value in moves:
        s, us = divmod(time.time_ns() // 1_000, 1_000_000)
        if scan and value != 2:
            raw += EVENT.pack(s, us, EV_MSC, MSC_SCAN, 0x70000 + code)
        raw += EVENT.pack(s, us, EV_KEY, code, value) + EVENT.pack(s, us, EV_SYN, 0, 0)
    return raw


@dataclass
class Plugged:
    """A device file with somebody at its other end."""

    path: Path
    fd: int

    def send(self, raw: bytes) -> None:
        os.write(self.fd, raw)

    def key(self, code: int, value: int) -> None:
        self.send(events((code, value)))

    def unplug(self) -> None:
        """The node goes, and who reads it is told."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        with contextlib.suppress(OSError):
            os.close(self.fd)


@dataclass
class Bench:
    """``dev`` and ``sys`` as the reader is given them."""

    root: Path
    plugged: list[Plugged] = field(default_factory=list)

    @property
    def dev(self) -> Path:
        return self.root / "dev"

    @property
    def sys(self) -> Path:
        return self.root / "sys"

    def input(
        self, name: str, keys: Iterable[int], *, ids: tuple[int, int] = (0, 0), number: int = 0
    ) -> Plugged:
        of = self.sys / "class" / "input" / f"event{number}" / "device"
        for part, text in (
            ("name", name),
            ("uniq", ""),
            ("id/vendor", f"{ids[0]:04x}"),
            ("id/product", f"{ids[1]:04x}"),
            ("capabilities/key", words(keys)),
        ):
            (of / part).parent.mkdir(parents=True, exist_ok=True)
            (of / part).write_text(text + "\n")
        return self._plug(self.dev / "input" / f"event{number}")

    def hidraw(
        self, name: str, descriptor: bytes, *, ids: tuple[int, int] = (0, 0), number: int = 0
    ) -> Plugged:
        of = self.sys / "class" / "hidraw" / f"hidraw{number}" / "device"
        of.mkdir(parents=True, exist_ok=True)
        told = f"DRIVER=hid-generic\nHID_ID=0003:{ids[0]:08X}:{ids[1]:08X}\nHID_NAME={name}\n"
        (of / "uevent").write_text(told)
        (of / "report_descriptor").write_bytes(descriptor)
        return self._plug(self.dev / f"hidraw{number}")

    def _plug(self, path: Path) -> Plugged:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}")
        os.mkfifo(fresh)
        made = Plugged(path, os.open(fresh, os.O_RDWR))
        fresh.rename(path)  # it is there when somebody holds its other end, not before
        self.plugged.append(made)
        return made

    def close(self) -> None:
        for one in self.plugged:
            one.unplug()


def words(keys: Iterable[int]) -> str:
    """As sysfs shows a bit field."""
    value = sum(1 << key for key in set(keys))
    size = 64
    parts: list[str] = []
    while value or not parts:
        parts.append(f"{value & (1 << size) - 1:x}")
        value >>= size
    return " ".join(reversed(parts))


@dataclass
class Reading:
    """A reader in this process, and what it has told."""

    reader: Reader
    said: list[Told]

    def until(self, wanted: type, **fields: object) -> Told:
        """The next one told from now on that has these."""
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            while self.said:
                told = self.said.pop(0)
                if isinstance(told, wanted) and all(
                    getattr(told, name) == value for name, value in fields.items()
                ):
                    return told
            self.reader.step(0.02)
        raise AssertionError(f"no {wanted.__name__} with {fields}")

    def quiet(self, seconds: float) -> list[Told]:
        """What is told of presses and learning meanwhile."""
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self.reader.step(0.02)
        told: list[Told] = [one for one in self.said if isinstance(one, Moved | Learned)]
        self.said.clear()
        return told

    def learn(self) -> None:
        self.reader.wish(Wish(learning=True))
        self.quiet(0.1)

    def watch(self, *controls: Control) -> None:
        self.reader.wish(Wish(controls))
        for control in controls:
            self.until(Standing, control=control)


@contextlib.contextmanager
def reading(bench: Bench) -> Iterator[Reading]:
    said: list[Told] = []
    reader = Reader(lambda sink: [LinuxDevices(sink, dev=bench.dev, sys=bench.sys)], said.append)
    try:
        yield Reading(reader, said)
    finally:
        reader.close()
