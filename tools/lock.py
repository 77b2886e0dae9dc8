"""Makes requirements.lock and requirements-dev.lock again: ``python tools/lock.py``. Needs uv.

Both hold every version with the hashes of all its files (any system, Python 3.11 and newer), and no
addresses. Hashes come from the public index alone: this machine's own pip and uv settings, which
may point at local wheels, are left aside.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
RUN_HEAD: Final = "# What Vaktbord runs on. Made by tools/lock.py; don't edit.\n"
DEV_HEAD: Final = "# What Vaktbord and its tests run on. Made by tools/lock.py; don't edit.\n"


def main() -> int:
    (ROOT / "requirements.lock").write_text(RUN_HEAD + resolve(), "utf-8")
    everything = resolve("--extra", "dev", "--constraints", "requirements.lock")
    (ROOT / "requirements-dev.lock").write_text(DEV_HEAD + everything, "utf-8")
    return 0


def resolve(*options: str) -> str:
    """The lock's text. Raises CalledProcessError."""
    line = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"]
    line += ["--no-header", "--no-annotate", "--no-emit-index-url", "--quiet", "--no-config"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_"))}
    done = subprocess.run(
        [*line, *options, "pyproject.toml"],
        cwd=ROOT, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
