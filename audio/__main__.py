"""``python -m audio``: puts the engine together and runs it until it is told, or left alone.

With ``--detach`` the parent returns as soon as the engine is ready (0), another was quicker (3),
or it failed (1, one sentence on standard error).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Final

LEVELS: Final = ("debug", "info", "warning", "error")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m audio", description="The audio engine.")
    parser.add_argument("--home", type=Path, required=True, help="all state is below it")
    parser.add_argument("--interface", metavar="ADDR", help="an address of this machine")
    parser.add_argument("--device", default="default", help="a device's name, default or null")
    parser.add_argument("--log-level", choices=LEVELS, default="info")
    parser.add_argument("--detach", action="store_true", help="go on in the background")
    return parser.parse_args()


def main() -> int:
    options = _options()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy: its threads would fight the mix's
    if options.detach and sys.platform != "win32":
        from audio.detach import into_background  # noqa: PLC0415 - numpy must not be loaded yet

        report = into_background(options.home / "engine" / "start.log")
    else:
        report = _say
    from audio.process import run  # noqa: PLC0415 - numpy must not be loaded before the fork

    return run(
        options.home.resolve(),
        interface=options.interface,
        device=options.device,
        log_level=options.log_level,
        report=report,
    )


def _say(code: int, why: str) -> None:
    if code:
        print(why, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
