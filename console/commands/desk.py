"""``vaktbord desk``: the operator's window."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from console.commands.hearing import add_hearing_options, read_keys
from console.commands.interrupts import interrupted_at_once
from console.commands.options import up_to_a_day
from console.streams.keys import KeysError
from resources.languages import LANGUAGES

MAX_SIDE: Final = 8_192
LEAST_SIZE: Final = (1_100, 640)
"""What the window can be at least; it says so itself only once it is open."""
AFTER_S: Final = 6.0
PICTURES: Final = (".png", ".json")
USAGE: Final = 2


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "desk",
        parents=[common],
        help="open the operator's desk",
        description="Open the operator's desk on the site found, or offer to start one.",
    )
    add_window_options(parser)
    parser.add_argument(
        "--start-site", action="store_true", help="start a site on this machine if none is found"
    )
    parser.add_argument(
        "--linger",
        type=up_to_a_day,
        metavar="S",
        help="seconds that the audio engine waits for a desk to come back (default: 600)",
    )
    parser.add_argument(
        "--devices",
        type=Path,
        metavar="DIR",
        help="read pedals below DIR/dev and DIR/sys, as in a container (Linux; default: /)",
    )
    parser.set_defaults(func=run)


def add_window_options(parser: argparse.ArgumentParser) -> None:
    """What ``desk`` and ``demo`` have in common."""
    parser.add_argument("--position", metavar="NAME", help="this desk's name, e.g. 'Plass 1'")
    parser.add_argument("--person", metavar="NAME", help="who sits here; stands on every answer")
    parser.add_argument("--device", default=None, help="sound device; 'null' for none")
    parser.add_argument("--theme", choices=("night", "day"), default=None)
    parser.add_argument("--language", choices=LANGUAGES, default=None)
    parser.add_argument(
        "--size",
        type=_size,
        default=None,
        metavar="WxH",
        help="e.g. 1366x768; 1100x640 is the least (default: as it was, or what the screen holds)",
    )
    add_hearing_options(parser)
    parser.add_argument(
        "--offscreen", action="store_true", help="draw the window in memory, with no display"
    )
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="FILE",
        help="save what the window shows (.png, or its rows as .json), then end",
    )
    parser.add_argument(
        "--after",
        type=up_to_a_day,
        metavar="S",
        help=f"seconds from the first painted window to the screenshot (default: {AFTER_S:g})",
    )


def check_window_options(options: argparse.Namespace) -> str:
    """What is wrong with them, before anything is started; else empty. Gives ``after`` its
    default."""
    file: Path | None = options.screenshot
    if file is None and options.after is not None:
        return "--after says when --screenshot FILE is taken: give both"
    options.after = AFTER_S if options.after is None else options.after
    if file is None:
        return ""
    if file.suffix not in PICTURES:
        return f"--screenshot {file} ends in none of {', '.join(PICTURES)}"
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        return f"--screenshot {file} can't be written"
    return ""


def _size(text: str) -> tuple[int, int]:
    """An argparse type: ``1366x768``."""
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError("give width x height in pixels, e.g. 1366x768")
    size = int(width), int(height)
    if size[0] < LEAST_SIZE[0] or size[1] < LEAST_SIZE[1] or max(size) > MAX_SIDE:
        least = "x".join(map(str, LEAST_SIZE))
        raise argparse.ArgumentTypeError(
            f"{text} is not between {least}, the least that shows everything, and "
            f"{MAX_SIDE}x{MAX_SIDE}"
        )
    return size


def display_missing() -> bool:
    """Whether a window has nowhere to go (X11 and Wayland; other systems always have one)."""
    if not sys.platform.startswith("linux"):
        return False
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    return not (chosen or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check_display(options: argparse.Namespace) -> str | None:
    """What to say when no window can be shown; sets Qt's platform for ``--offscreen``."""
    if options.offscreen:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return None
    if display_missing():
        return (
            "vaktbord: no display was found (neither DISPLAY nor WAYLAND_DISPLAY is set). "
            "Add --offscreen to run without one, and --screenshot FILE to see the window."
        )
    return None


def run(options: argparse.Namespace) -> int:
    """Open the window; returns when it is closed."""
    wrong = check_window_options(options)
    if wrong:
        print(f"vaktbord desk: {wrong}", file=sys.stderr)
        return USAGE
    complaint = check_display(options)
    if complaint:
        print(complaint, file=sys.stderr)
        return 1
    try:
        options.keys = read_keys(options)
    except KeysError as error:
        print(f"vaktbord: {error}", file=sys.stderr)
        return 1
    with interrupted_at_once():
        from console.desk.desk import open_desk

    return open_desk(options)
