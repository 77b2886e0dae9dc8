"""What a mapped register costs a desk that searches in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.places import fill

SCRIPT = """
import sys
from pathlib import Path
from console.places.index import Near
from console.places.searching import Places

def resident_kb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssFile"))

Places(None).search("Kristiansnad", Near(60.8, 10.7))  # all code is there
first = resident_kb()
places = Places(Path(sys.argv[1]))
most = 0
for text in ("Storgata 12 Lillehammer", "Trondhiem", "nes ringsaker", "Haugen", "Mo i rana"):
    for end in range(1, len(text) + 1):
        places.search(text[:end], Near(60.8, 10.7))
        most = max(most, resident_kb() - first)
        places.rest()
print(most, resident_kb() - first)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_searching_keeps_no_memory(tmp_path: Path) -> None:
    fill(tmp_path, 60_000, 150_000)
    size_kb = sum(one.stat().st_size for one in (tmp_path / "places").rglob("*.npy")) // 1024
    assert size_kb > 6_000
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, check=True
    )
    during_kb, after_kb = (int(one) for one in done.stdout.split())
    assert during_kb > 2_000  # of the register's files, mapped while they are searched
    assert after_kb < 1_000
