"""A key of any keyboard while another window has the focus: X11 by RECORD, Windows and macOS by
pynput. Wayland shows keys to the window in front alone; there a pedal's own device is read.

Only keys that nobody types with are taken, and nothing is handed on of any other.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from typing import Any, Final

from console.pedals.messages import Device, Refusal
from console.pedals.source import LOOK_S, Lost, Opened, Pressed, Sink

log = logging.getLogger(__name__)

ANY: Final = "key:any"
X_LONE: Final = {0xFF13: "Pause", 0xFF14: "Scroll Lock", 0xFF67: "Menu", 0xFFE4: "Ctrl"}
X_F13: Final = range(0xFFCA, 0xFFE1)  # to F35
X_MEDIA: Final = range(0x1008FF01, 0x10090000)
X_SYSTEM: Final = frozenset({0x1008FF2A, 0x1008FF2F, 0x1008FFA7, 0x1008FFA8})
P_LONE: Final = {"pause": "Pause", "scroll_lock": "Scroll Lock", "menu": "Menu", "ctrl_r": "Ctrl"}
X_EVENT: Final = 32  # bytes


class XKeys:
    """By the RECORD extension, over a connection of its own that asks for keys alone."""

    prefix = "key:"

    def __init__(self, sink: Sink, display: str) -> None:
        self._sink = sink
        self._display = display
        self._reading: _XReading | None = None

    def scan(self, wanted: frozenset[str], learning: bool) -> list[Device]:
        is_wanted = learning or ANY in wanted
        reading = self._reading
        if reading is not None and (reading.has_ended or not is_wanted):
            reading.end()
            self._reading = None
        if is_wanted and self._reading is None:
            try:
                self._reading = _XReading(self._sink, self._display)
            except Exception as error:  # Xlib's own kinds, which are many
                log.info("keys of the display can't be seen: %s", type(error).__name__)
                return [Device(ANY, "", "any-keyboard", "absent")]
        return [Device(ANY, "", "any-keyboard")]

    def describe(self, _device: str, control: str) -> tuple[str, Refusal]:
        sym = int(control[1:], 16)
        if sym in X_LONE:
            return X_LONE[sym], ""
        if sym in X_F13:
            return f"F{sym - X_F13.start + 13}", ""
        if sym in X_SYSTEM:
            return f"{sym:x}", "system"
        return f"{sym:x}", "" if sym in X_MEDIA else "typed"

    def close(self) -> None:
        if self._reading is not None:
            self._reading.end()


class _XReading:
    def __init__(self, sink: Sink, name: str) -> None:
        """Raises what Xlib raises when there is no display, or none with RECORD."""
        from Xlib import X, display  # noqa: PLC0415  # where it is needed alone
        from Xlib.ext import record  # noqa: PLC0415

        self._sink = sink
        self._presses = {X.KeyPress: True, X.KeyRelease: False}
        self._from_server, self._begins = record.FromServer, record.StartOfData
        self._control = display.Display(name)
        self._data = display.Display(name)
        self._context = self._control.record_create_context(
            0,
            [record.AllClients],
            [
                {
                    "core_requests": (0, 0),
                    "core_replies": (0, 0),
                    "ext_requests": (0, 0, 0, 0),
                    "ext_replies": (0, 0, 0, 0),
                    "delivered_events": (0, 0),
                    "device_events": (X.KeyPress, X.KeyRelease),
                    "errors": (0, 0),
                    "client_started": False,
                    "client_died": False,
                }
            ],
        )
        self._control.sync()
        self.has_ended = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pedal-x", daemon=True)
        self._thread.start()

    def _held(self) -> frozenset[str]:
        bits = self._control.query_keymap()
        down = [8 * at + n for at, one in enumerate(bits) for n in range(8) if one >> n & 1]
        return frozenset(filter(None, map(self._control_of, down)))

    def end(self) -> None:
        """RECORD is ended by another connection than the one that waits for it."""
        self._ended.set()
        with contextlib.suppress(Exception):
            self._control.record_disable_context(self._context)
            self._control.sync()
        self._thread.join(timeout=4 * LOOK_S)
        for one in (self._control, self._data):
            with contextlib.suppress(Exception):
                one.close()

    def _run(self) -> None:
        try:
            self._data.record_enable_context(self._context, self._take)
        except Exception as error:  # the display has gone, in one of Xlib's ways
            log.info("keys of the display are not seen any more: %s", type(error).__name__)
        finally:
            self.has_ended = True
            if not self._ended.is_set():
                self._sink(Lost(ANY))

    def _take(self, reply: Any) -> None:
        if reply.category == self._begins:  # from now on nothing is missed
            self._sink(Opened(ANY, self._held()))
        if reply.category != self._from_server or reply.client_swapped:
            return
        at_s = time.monotonic()
        for at in range(0, len(reply.data) - X_EVENT + 1, X_EVENT):
            down = self._presses.get(reply.data[at] & 0x7F)
            control = "" if down is None else self._control_of(reply.data[at + 1])
            if down is not None and control:
                self._sink(Pressed(ANY, control, down, at_s))

    def _control_of(self, keycode: int) -> str:
        sym = self._control.keycode_to_keysym(keycode, 0)
        return f"x{sym:x}" if sym else ""


class ListenerKeys:
    """By pynput's listener, which has a thread of its own."""

    prefix = "key:"

    def __init__(self, sink: Sink, keyboard: Any) -> None:
        """``keyboard``: the module pynput.keyboard."""
        self._sink = sink
        self._keyboard = keyboard
        self._listener: Any = None

    def scan(self, wanted: frozenset[str], learning: bool) -> list[Device]:
        is_wanted = learning or ANY in wanted
        listener = self._listener
        if listener is not None and not (is_wanted and listener.is_alive()):
            listener.stop()
            self._listener = None
            if is_wanted:
                self._sink(Lost(ANY))
        if is_wanted and self._listener is None:
            self._listener = self._keyboard.Listener(
                on_press=lambda key: self._take(key, True),
                on_release=lambda key: self._take(key, False),
            )
            self._listener.start()
            self._sink(Opened(ANY))
        # macOS says so when the program may not see keys: IS_TRUSTED of the listener.
        trusted = getattr(self._listener, "IS_TRUSTED", True) if is_wanted else True
        return [Device(ANY, "", "any-keyboard", "ready" if trusted else "no-permission")]

    def _take(self, key: Any, down: bool) -> None:
        name = getattr(key, "name", "")
        if name:
            self._sink(Pressed(ANY, f"p{name}", down, time.monotonic()))

    def describe(self, _device: str, control: str) -> tuple[str, Refusal]:
        name = control[1:]
        if name in P_LONE:
            return P_LONE[name], ""
        is_f = name.startswith("f") and name[1:].isdigit() and int(name[1:]) >= 13
        if is_f or name.startswith("media_"):
            return name.capitalize(), ""
        return name, "typed"

    def close(self) -> None:
        if self._listener is not None:
            self._listener.stop()


def x_display() -> str:
    """Of the session, "" = it has none whose keys can be seen."""
    is_wayland = os.environ.get("XDG_SESSION_TYPE", "") == "wayland"
    return "" if is_wayland else os.environ.get("DISPLAY", "")
