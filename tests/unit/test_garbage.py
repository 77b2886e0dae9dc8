"""What never dies is not looked at again; what does is found as ever."""

from __future__ import annotations

import subprocess
import sys

TRY = """
import gc, weakref
from console import garbage

class Knot:
    def __init__(self):
        self.itself = self

gc.collect()
before = len(gc.get_objects())
garbage.set_code_aside()
assert gc.get_freeze_count() > 1_000
assert len(gc.get_objects()) < before / 10
dropped = weakref.ref(Knot())
gc.collect()
assert dropped() is None
"""


def test_the_code_is_set_aside_and_a_cycle_that_dies_later_goes() -> None:
    subprocess.run([sys.executable, "-c", TRY], check=True, timeout=60)
