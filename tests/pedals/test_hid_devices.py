"""Windows' and macOS's HID devices, by hidapi's own calls: what it lists, reads and raises."""

from __future__ import annotations

import queue
from types import SimpleNamespace
from typing import Any

import pytest

from console.pedals.hid_devices import HidDevices
from console.pedals.messages import Control, Learned, Moved, Standing, Told, Wish
from console.pedals.reader import Reader
from tests.pedals.lab import JOYSTICK_PEDAL, Reading

PATH = b"\\\\?\\hid#vid_046d"
LISTED = {
    "path": PATH, "vendor_id": 0x046D, "product_id": 0xC216, "serial_number": "",
    "product_string": "Pedals", "usage_page": 1, "usage": 4,
}  # fmt: skip
KEYBOARD = {**LISTED, "path": b"keyboard", "usage": 6, "product_string": "Keyboard"}
CONTROL = Control("hidapi:046d:c216:1:4:", "h0:9:2")


class Hidapi:
    """One pedal; ``reports`` None: it is pulled out."""

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = [LISTED, KEYBOARD]
        self.reports: queue.Queue[bytes | None] = queue.Queue()
        self.opened: list[bytes] = []
        self.may_open = True

    def enumerate(self) -> list[dict[str, Any]]:
        return list(self.listed)

    def device(self) -> Any:
        return SimpleNamespace(
            open_path=self._open,
            get_report_descriptor=lambda: list(JOYSTICK_PEDAL),
            read=self._read,
            close=lambda: None,
        )

    def _open(self, path: bytes) -> None:
        if not self.may_open:
            raise OSError("open failed")
        self.opened.append(path)

    def _read(self, _length: int, timeout_ms: int) -> list[int]:
        try:
            report = self.reports.get(timeout=timeout_ms / 1_000)
        except queue.Empty:
            return []
        if report is None:
            raise OSError("read error")
        return list(report)


@pytest.fixture
def hidapi() -> Hidapi:
    return Hidapi()


@pytest.fixture
def reader(hidapi: Hidapi) -> Any:
    said: list[Told] = []
    made = Reader(lambda sink: [HidDevices(sink, hidapi)], said.append)
    yield Reading(made, said)
    made.close()


def test_a_pedal_is_learned_pressed_and_pulled_out(hidapi: Hidapi, reader: Reading) -> None:
    reader.learn()
    hidapi.reports.put(bytes.fromhex("0200"))
    hidapi.reports.put(bytes.fromhex("0000"))
    told = reader.until(Learned)
    assert isinstance(told, Learned)
    assert (told.control, told.label) == (CONTROL, "Pedals: 2")
    assert hidapi.opened == [PATH], "keyboards are the system's"
    reader.watch(CONTROL)
    hidapi.reports.put(bytes.fromhex("027f"))
    reader.until(Moved, down=True)
    hidapi.listed = []
    hidapi.reports.put(None)
    reader.until(Standing, stand="absent")
    hidapi.listed = [LISTED]
    reader.until(Standing, stand="ready")
    hidapi.reports.put(bytes.fromhex("0200"))
    reader.until(Moved, down=True)


def test_one_that_may_not_be_opened_is_told(hidapi: Hidapi, reader: Reading) -> None:
    hidapi.may_open = False
    reader.reader.wish(Wish((CONTROL,)))
    reader.until(Standing, stand="no-permission")
    hidapi.may_open = True
    reader.until(Standing, stand="ready")
