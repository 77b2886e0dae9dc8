"""Linux's codes of keys and buttons: what each is called, and which may open a microphone.

The numbers are those of <linux/input-event-codes.h>. A key that people type with is never taken
from a keyboard; a pedal that plays keyboard may send any, and belongs to the desk alone then.
"""

from __future__ import annotations

import re
from typing import Final

from console.pedals.messages import Kind, Refusal

KEY_A: Final = 30
BTN_MISC: Final = 0x100
BTN_MOUSE: Final = range(0x110, 0x113)  # left, right, middle
BTN_MOUSE_SIDE: Final = range(0x113, 0x118)
BTN_PAD: Final = range(0x120, 0x140)  # joysticks and gamepads
BTN_TOUCH: Final = range(0x140, 0x160)  # fingers and pens on glass
KEY_MORE: Final = 0x160  # media keys and the like
BTN_MORE_PAD: Final = (*range(0x220, 0x224), *range(0x2C0, 0x2E8))
KEY_MAX: Final = 0x2FF

RIGHT_CTRL: Final = 97
LONE: Final = {70: "Scroll Lock", RIGHT_CTRL: "Ctrl", 119: "Pause", 127: "Menu"}
"""Keys of a keyboard that nobody types with."""
F13: Final = range(183, 195)
SYSTEM: Final = frozenset({116, 142, 143, 152, 205})  # power, sleep, wake-up, lock, suspend
LETTERS: Final = "qwertyuiop", "asdfghjkl", "zxcvbnm"

KNOWN_PEDALS: Final = frozenset(
    {
        (0x0C45, 0x7403),  # PCsensor FootSwitch
        (0x0C45, 0x7404),
        (0x413D, 0x2107),
        (0x1A86, 0xE026),
        (0x3553, 0xB001),
        (0x05F3, 0x00FF),  # VEC Infinity
        (0x0911, 0x1844),  # Philips foot control
        (0x07B4, 0x0218),  # Olympus RS
    }
)
"""Vendor and product of USB pedals, as their makers and Linux's drivers name them."""
PEDAL_NAMES: Final = re.compile(r"foot|pedal", re.IGNORECASE)
BUS_PS2: Final = 0x11


def kind_of(vendor: int, product: int, name: str, keys: frozenset[int]) -> Kind:
    """``keys``: the codes that it can send."""
    if (vendor, product) in KNOWN_PEDALS or PEDAL_NAMES.search(name):
        return "pedal"
    if any(code in BTN_PAD or code in BTN_MORE_PAD for code in keys):
        return "pad"
    return "keyboard" if KEY_A in keys else "other"


def refusal(code: int, kind: Kind) -> Refusal:
    """Why this button of such a device can't be the talk button, "" = it can."""
    if code in BTN_MOUSE or code in BTN_TOUCH:
        return "mouse"
    if code in SYSTEM:
        return "system"
    if kind == "pedal" or code >= BTN_MISC or code in LONE or code in F13 or code > 128:
        return ""
    return "typed"


def is_typed(code: int) -> bool:
    """Whether it would also write, or press something, in whatever window is in front."""
    return refusal(code, "keyboard") == "typed"


def name_of(code: int) -> str:
    """For people: "F13", "B", "3"."""
    return LONE.get(code) or _NAMES.get(code) or str(code)


_NAMES: Final = {
    **{code: f"F{13 + n}" for n, code in enumerate(F13)},
    **{59 + n: f"F{n + 1}" for n in range(10)},
    **{2 + n: str((n + 1) % 10) for n in range(10)},
    **{code: str(n % 16 + 1) for n, code in enumerate(BTN_PAD)},
    **{
        first + n: letter.upper()
        for first, row in zip((16, 30, 44), LETTERS, strict=True)
        for n, letter in enumerate(row)
    },
}
