"""USB and Bluetooth HID devices on Windows and macOS, by hidapi.

Keyboards and mice are the system's own there and are not read: a pedal that plays keyboard is set
to F13 by its maker's tool and learned as a key (:mod:`console.pedals.global_key`).
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any, Final

from console.pedals import codes, reports
from console.pedals.descriptor import layout_of
from console.pedals.messages import Device
from console.pedals.source import LOOK_S, Lost, Opened, Pressed, Sink, Unread

log = logging.getLogger(__name__)

GENERIC_DESKTOP: Final = 0x01
THE_SYSTEM_S: Final = frozenset({0x01, 0x02, 0x06, 0x07, 0x80})
"""Pointer, mouse, keyboard, keypad, power buttons."""
LONGEST: Final = 1_024
FAILURES: Final = (OSError, ValueError)  # what hidapi raises


class HidDevices:
    prefix = "hidapi:"

    def __init__(self, sink: Sink, hid: Any) -> None:
        """``hid``: the module of that name."""
        self._sink = sink
        self._hid = hid
        self._names: dict[str, str] = {}
        self._open: dict[bytes, _Reading] = {}

    def scan(self, wanted: frozenset[str], learning: bool) -> list[Device]:
        try:
            told = self._hid.enumerate()
        except FAILURES as error:
            log.warning("HID devices can't be listed: %s", error)
            return []
        there = {bytes(one["path"]): one for one in told if _is_of_use(one)}
        for path, reading in list(self._open.items()):
            is_wanted = learning or reading.device in wanted
            if reading.has_ended or path not in there or not is_wanted:
                self._open.pop(path).end()
        return [self._one(path, one, wanted, learning) for path, one in there.items()]

    def _one(
        self, path: bytes, told: dict[str, Any], wanted: frozenset[str], learning: bool
    ) -> Device:
        name = str(told.get("product_string") or "HID")[:64]
        vendor, product = int(told["vendor_id"]), int(told["product_id"])
        device = (
            f"{self.prefix}{vendor:04x}:{product:04x}:{told.get('usage_page', 0):x}:"
            f"{told.get('usage', 0):x}:{told.get('serial_number') or ''}"
        )[:256]
        self._names[device] = name
        kind = codes.kind_of(vendor, product, name, frozenset({codes.BTN_PAD.start}))
        if path not in self._open and (learning or device in wanted):
            try:
                self._open[path] = _Reading(self._hid, path, device, self._sink)
            except FAILURES as error:
                log.info("a HID device can't be opened: %s", error)
                return Device(device, name, kind, "no-permission")
        return Device(device, name, kind)

    def describe(self, device: str, control: str) -> tuple[str, str]:
        name = self._names.get(device, device)
        return f"{name}: {reports.name_of(control)}", "typed" if reports.is_typed(control) else ""

    def close(self) -> None:
        for reading in self._open.values():
            reading.end()
        self._open.clear()


class _Reading:
    def __init__(self, hid: Any, path: bytes, device: str, sink: Sink) -> None:
        """Raises OSError or ValueError."""
        self.device = device
        self._sink = sink
        self._handle = hid.device()
        self._handle.open_path(path)
        try:
            layout = layout_of(bytes(self._handle.get_report_descriptor()))
        except FAILURES:
            self._handle.close()
            raise
        self._reports = reports.Reports(layout)
        self._ended = threading.Event()
        self.has_ended = False
        sink(Opened(device))
        self._thread = threading.Thread(target=self._run, name="pedal-hid", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join(timeout=4 * LOOK_S)

    def _run(self) -> None:
        try:
            while not self._ended.is_set():
                self._take(bytes(self._handle.read(LONGEST, round(LOOK_S * 1_000))))
        except FAILURES as error:
            log.info("a HID device can't be read any more: %s", error)
        finally:
            self._handle.close()
            self.has_ended = True
            if not self._ended.is_set():
                self._sink(Lost(self.device))

    def _take(self, report: bytes) -> None:
        if not report:
            return
        at_s, before = time.monotonic(), self._reports.unread
        for control, down in self._reports.feed(report):
            self._sink(Pressed(self.device, control, down, at_s))
        if self._reports.unread > before:
            self._sink(Unread())


def _is_of_use(told: dict[str, Any]) -> bool:
    is_the_system_s = told.get("usage") in THE_SYSTEM_S
    return not (told.get("usage_page") == GENERIC_DESKTOP and is_the_system_s)
