"""Python's collector of cycles, kept from holding a process up.

A full collection looks at every object there is: with 2,000 units that is 70 ms in which nothing
else is done. What has survived one is therefore set aside (:func:`gc.freeze`), so that the next
looks only at what has come since. A cycle that dies later stays until a :func:`sweep`.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any, Final

FULL: Final = 2  # the oldest generation


def set_survivors_aside() -> None:
    """From now on, in this process."""
    if _set_aside not in gc.callbacks:
        gc.callbacks.append(_set_aside)


def stop_setting_aside() -> None:
    """What was set aside is looked at again, as in any other program."""
    if _set_aside in gc.callbacks:
        gc.callbacks.remove(_set_aside)
        gc.unfreeze()


def sweep() -> None:
    """Look at all of it once, and let go what has died."""
    gc.unfreeze()
    gc.collect()


def _set_aside(phase: str, told: Mapping[str, Any]) -> None:
    if phase == "stop" and told["generation"] == FULL:
        gc.freeze()
