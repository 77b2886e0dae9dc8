"""Linux's input devices and raw HID devices, read as files: no package, and no rights but to read.

What a device is stands in sysfs, so one that may not be read can be named, with the udev rule that
would change it. Only devices that are wanted are open, so that no keyboard is listened to.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import select
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from console.pedals import codes, reports
from console.pedals.descriptor import BUTTON, KEYBOARD, Layout, layout_of
from console.pedals.input_events import Dropped, InputEvents, codes_in, codes_in_words
from console.pedals.messages import Device, Kind, Stand
from console.pedals.source import LOOK_S, Lost, Opened, Pressed, Sink, Unread

log = logging.getLogger(__name__)

EVIOCGKEY: Final = 2 << 30 | (codes.KEY_MAX // 8 + 1) << 16 | ord("E") << 8 | 0x18
EVIOCGRAB: Final = 1 << 30 | 4 << 16 | ord("E") << 8 | 0x90
PIECE: Final = 4_096
MAX_NODES: Final = 64

Feed = Callable[[bytes], list[tuple[str, bool]]]


@dataclass(frozen=True, slots=True)
class Node:
    """A file in /dev and what it is."""

    path: Path
    device: str
    name: str
    kind: Kind
    rule: str
    layout: Layout | None = None  # of a raw HID device


class LinuxDevices:
    prefix = "linux:"

    def __init__(self, sink: Sink, *, dev: Path = Path("/dev"), sys: Path = Path("/sys")) -> None:
        self._sink = sink
        self._dev = dev
        self._sys = sys
        self._known: dict[Path, Node] = {}
        self._open: dict[Path, _Reading] = {}
        self._stands: dict[Path, Stand] = {}

    def scan(self, wanted: frozenset[str], learning: bool) -> list[Device]:
        found = {node.path: node for node in self._nodes()}
        for path, reading in list(self._open.items()):
            same = found.get(path) == self._known.get(path)
            is_meant = reading.node.device in wanted
            is_right = reading.is_grabbed == (is_meant and not learning and reading.is_grabbable)
            if reading.has_ended or not (same and is_right and (is_meant or learning)):
                self._open.pop(path).end()
        self._known = found
        for node in found.values():
            if node.path not in self._open and (learning or node.device in wanted):
                self._open_one(node, grabs=node.device in wanted and not learning)
        return [self._device(node) for node in found.values()]

    def _device(self, node: Node) -> Device:
        stand = self._stands.get(node.path, "ready")
        return Device(node.device, node.name, node.kind, stand, node.rule)

    def _open_one(self, node: Node, *, grabs: bool) -> None:
        try:
            self._open[node.path] = _Reading(node, self._sink, grabs=grabs)
            self._stands[node.path] = "ready"
        except PermissionError:
            self._stands[node.path] = "no-permission"
        except OSError as error:
            taken = error.errno == errno.EBUSY
            self._stands[node.path] = "taken" if taken else "absent"

    def describe(self, device: str, control: str) -> tuple[str, str]:
        nodes = [node for node in self._known.values() if node.device == device]
        kind: Kind = nodes[0].kind if nodes else "other"
        name = nodes[0].name if nodes else device
        if control.startswith("k"):
            code = int(control[1:])
            return f"{name}: {codes.name_of(code)}", codes.refusal(code, kind)
        is_refused = reports.is_typed(control) and kind != "pedal"
        return f"{name}: {reports.name_of(control)}", "typed" if is_refused else ""

    def close(self) -> None:
        for reading in self._open.values():
            reading.end()
        self._open.clear()

    # -- what is there --------------------------------------------------------------------------

    def _nodes(self) -> list[Node]:
        nodes = [*self._input_nodes(), *self._hid_nodes()]
        return nodes[:MAX_NODES]

    def _input_nodes(self) -> Iterable[Node]:
        for path in sorted((self._dev / "input").glob("event*")):
            of = self._sys / "class" / "input" / path.name / "device"
            keys = codes_in_words(_text(of / "capabilities" / "key"))
            vendor, product = (_hex(of / "id" / one) for one in ("vendor", "product"))
            name = _text(of / "name") or path.name
            if not any(codes.refusal(code, "pedal") == "" for code in keys):
                continue  # a lid switch, a mouse's wheel
            kind = codes.kind_of(vendor, product, name, keys)
            yield Node(
                path,
                _id("event", vendor, product, name, _text(of / "uniq")),
                name,
                kind,
                _rule("input", "event*", vendor, product),
            )

    def _hid_nodes(self) -> Iterable[Node]:
        """Those that the kernel makes no input device of."""
        for path in sorted(self._dev.glob("hidraw*")):
            of = self._sys / "class" / "hidraw" / path.name / "device"
            if (of / "input").is_dir():
                continue
            told = dict(
                line.split("=", 1) for line in _text(of / "uevent").splitlines() if "=" in line
            )
            vendor, product = _hid_id(told.get("HID_ID", ""))
            name = told.get("HID_NAME", "") or path.name
            with contextlib.suppress(OSError):
                layout = layout_of((of / "report_descriptor").read_bytes())
                if not layout.reports:
                    continue
                yield Node(
                    path,
                    _id("hid", vendor, product, name, told.get("HID_UNIQ", "")),
                    name,
                    codes.kind_of(vendor, product, name, _as_codes(layout)),
                    _rule("hidraw", "hidraw*", vendor, product),
                    layout,
                )


class _Reading:
    """One open device and the thread that waits for it."""

    def __init__(self, node: Node, sink: Sink, *, grabs: bool) -> None:
        """Raises OSError."""
        self.node = node
        self._sink = sink
        self._events = InputEvents()
        self._reports = reports.Reports(node.layout) if node.layout is not None else None
        self._fd = os.open(node.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._ended = threading.Event()
        self.has_ended = False
        self.is_grabbable = node.kind == "pedal" and node.layout is None
        self.is_grabbed = grabs and self.is_grabbable
        try:
            if self.is_grabbed:
                _ioctl(self._fd, EVIOCGRAB, 1)  # what it types reaches nothing else
            self._down = self._held()
        except OSError:
            os.close(self._fd)
            raise
        sink(Opened(node.device, self._down))
        self._thread = threading.Thread(target=self._run, name=f"pedal-{node.path.name}")
        self._thread.daemon = True
        self._thread.start()

    def _held(self) -> frozenset[str]:
        """By the device's own word; what is no real one has none."""
        bits = bytearray(codes.KEY_MAX // 8 + 1)
        if self._reports is not None or not _ioctl(self._fd, EVIOCGKEY, bits):
            return frozenset()
        return frozenset(f"k{code}" for code in codes_in(bytes(bits)))

    def end(self) -> None:
        self._ended.set()
        self._thread.join(timeout=4 * LOOK_S)

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        try:
            while not self._ended.is_set():
                if poll.poll(LOOK_S * 1_000) and not self._read():
                    break
        except OSError as error:
            log.info("a device can't be read any more: %s", error)
        finally:
            os.close(self._fd)
            self.has_ended = True
            if not self._ended.is_set():
                self._sink(Lost(self.node.device))

    def _read(self) -> bool:
        """False: it has ended. Raises OSError when it was unplugged."""
        try:
            raw = os.read(self._fd, PIECE)
        except BlockingIOError:
            return True
        at_s = time.monotonic()
        if raw:
            for control, down in self._fed(raw):
                self._sink(Pressed(self.node.device, control, down, at_s))
        return bool(raw)

    def _fed(self, raw: bytes) -> list[tuple[str, bool]]:
        if self._reports is not None:
            before = self._reports.unread
            moves = self._reports.feed(raw)
            if self._reports.unread > before:
                self._sink(Unread())
            return moves
        before = self._events.unread
        moves = []
        for event in self._events.feed(raw):
            if isinstance(event, Dropped):
                moves += self._asked_anew()
            else:
                moves.append((f"k{event.code}", event.down))
        if self._events.unread > before:
            self._sink(Unread(self._events.unread - before))
        self._down = self._down.union(c for c, down in moves if down).difference(
            c for c, down in moves if not down
        )
        return moves

    def _asked_anew(self) -> list[tuple[str, bool]]:
        """After events were lost: above all what has been let go meanwhile."""
        now = self._held()
        ups = [(one, False) for one in sorted(self._down - now)]
        return ups + [(one, True) for one in sorted(now - self._down)]


def _ioctl(fd: int, request: int, value: int | bytearray) -> bool:
    """False where the file is no such device. Raises OSError for anything else."""
    try:
        fcntl.ioctl(fd, request, value)
    except OSError as error:
        if error.errno in (errno.ENOTTY, errno.EINVAL):
            return False
        raise
    return True


def _id(of: str, vendor: int, product: int, name: str, unique: str) -> str:
    return f"{LinuxDevices.prefix}{of}:{vendor:04x}:{product:04x}:{name}:{unique}"[:256]


def _rule(subsystem: str, kernel: str, vendor: int, product: int) -> str:
    return (
        f'SUBSYSTEM=="{subsystem}", KERNEL=="{kernel}", ATTRS{{idVendor}}=="{vendor:04x}", '
        f'ATTRS{{idProduct}}=="{product:04x}", TAG+="uaccess"'
    )


def _text(path: Path) -> str:
    """Empty where there is none; a device may name itself as it likes."""
    try:
        text = path.read_bytes()[:PIECE].decode(errors="replace")
    except OSError:
        return ""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text).strip()[:1_024]


def _hex(path: Path) -> int:
    try:
        return int(_text(path), 16) & 0xFFFF
    except ValueError:
        return 0


def _hid_id(text: str) -> tuple[int, int]:
    """``0003:0000046D:0000C216``."""
    try:
        _bus, vendor, product = (int(part, 16) for part in text.split(":"))
    except ValueError:
        return 0, 0
    return vendor & 0xFFFF, product & 0xFFFF


def _as_codes(layout: Layout) -> frozenset[int]:
    """What kind of device it is, as if the kernel had read it."""
    pages = {one.page for fields in layout.reports.values() for one in fields}
    found = {codes.KEY_A} if KEYBOARD in pages else set()
    return frozenset(found | ({codes.BTN_PAD.start} if BUTTON in pages else set()))
