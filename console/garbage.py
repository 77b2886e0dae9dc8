"""Python's collector of cycles, kept from holding a process up.

A full collection looks at every object there is: at a desk with 2,000 units that was 70 to 80 ms
in which no key was answered, and most of what it looked at were the program's own modules, classes
and functions, which never die.
"""

from __future__ import annotations

import gc


def set_code_aside() -> None:
    """What is there by now is never looked at again: to be called when most is imported, and
    before anything is made that may die. Not later: a Python object that stands for a part of a
    window and dies in a cycle would stay, and stand for whatever C++ makes at its address next."""
    gc.freeze()
