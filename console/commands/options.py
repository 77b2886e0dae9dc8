"""What commands share: types of options, exit codes, the form of JSON."""

from __future__ import annotations

import argparse
import copy
from typing import Any, Final

import msgspec

NOTHING_FOUND: Final = 3  # exit code
DAY_S: Final = 86_400


def without_defaults(common: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """So that an option before the action is not undone by its default after it."""
    quiet = copy.deepcopy(common)
    for option in quiet._actions:
        option.help = (option.help or "").replace("%(default)s", str(option.default))
        option.default = argparse.SUPPRESS
    return quiet


def whole_number(text: str, least: int, most: int, what: str = "a number") -> int:
    """Raises ArgumentTypeError."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= 9
    if not is_one or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text} is not {what} from {least} to {most}")
    return int(text)


def port(text: str) -> int:
    """An argparse type: one that needs no special rights."""
    return whole_number(text, 1_024, 65_535, "a port")


def seconds(text: str) -> float:
    """An argparse type: more than 0, at most a day."""
    value = _number(text)
    if not 0 < value <= DAY_S:
        raise argparse.ArgumentTypeError(f"seconds are more than 0 and at most {DAY_S}")
    return value


def up_to_a_day(text: str) -> float:
    """An argparse type: 0 to a day, in seconds."""
    value = _number(text)
    if not 0 <= value <= DAY_S:
        raise argparse.ArgumentTypeError(f"seconds are 0 to {DAY_S}")
    return value


def _number(text: str) -> float:
    """argparse would name the function that failed."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None


def print_as_json(document: dict[str, Any]) -> None:
    """One document, to be read by people too."""
    print(msgspec.json.format(msgspec.json.encode(document)).decode("utf-8"))
