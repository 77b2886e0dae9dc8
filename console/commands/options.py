"""What commands share: types of options, exit codes, the form of JSON."""

from __future__ import annotations

import argparse
import copy
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec

from console.domain.events.base import MAX_RECEIVERS
from console.domain.texts import plain
from console.site.address import ShutOutError

NOTHING_FOUND: Final = 3  # exit code
DAY_S: Final = 86_400


def exit_code(error: Exception) -> int:
    """1: the site refuses this position; 3: it can't be found or reached."""
    return 1 if isinstance(error, ShutOutError) else NOTHING_FOUND


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


def key(text: str) -> str:
    """An argparse type: the id of a unit, desk, talkgroup …, as the domain has it."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", text):
        raise argparse.ArgumentTypeError(
            "an id is wanted, 1 to 40 of A-Z, a-z, 0-9, - and _; `vaktbord state --json` has them"
        )
    return text


def one_line(most: int = 64, least: int = 1) -> Callable[[str], str]:
    """An argparse type: what people are called, on one line."""

    def check(text: str) -> str:
        if not text.isprintable():
            raise argparse.ArgumentTypeError("letters that can be shown, on one line")
        if not least <= len(text.strip()) or len(text) > most:
            raise argparse.ArgumentTypeError(f"{least} to {most} characters")
        return text.strip()

    return check


def member_name(text: str) -> str:
    """An argparse type: the name of a member of a site."""
    if not re.fullmatch(r"[a-z0-9-]{1,24}", text):
        raise argparse.ArgumentTypeError("1 to 24 of a-z, 0-9 and -")
    return text


class Receivers(argparse.Action):
    """What takes at most 64 ids, said before anything is asked of a site. Who stands there twice,
    as where two lists were put together, is meant once."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _option: str | None = None,
    ) -> None:
        ids = list(dict.fromkeys(values))
        if len(ids) > MAX_RECEIVERS:
            raise argparse.ArgumentError(self, f"{MAX_RECEIVERS} at most; these are {len(ids)}")
        setattr(namespace, self.dest, ids)


def words(most: int, least: int = 0) -> Callable[[str], str]:
    """An argparse type: what people write, as it stands in an event."""

    def check(text: str) -> str:
        text = plain(text)
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise argparse.ArgumentTypeError("this is no text in UTF-8")
        if len(text) > most:
            raise argparse.ArgumentTypeError(f"{most} characters at most")
        if len(text.strip()) < least:
            raise argparse.ArgumentTypeError("it must not be empty")
        return text

    return check


def number(least: int, most: int, what: str = "a number") -> Callable[[str], int]:
    """An argparse type."""
    return lambda text: whole_number(text, least, most, what)


def moment(text: str) -> int:
    """An argparse type: ``now``, ``+8h``, ``+30m``, ``22:00`` (today), or a date with a time
    (``2026-11-26T22:00``, local unless it says otherwise); unix milliseconds."""
    now_s = time.time()
    ahead = re.fullmatch(r"\+([0-9]{1,4})([hm])", text)
    if ahead:
        return int((now_s + int(ahead[1]) * (3_600 if ahead[2] == "h" else 60)) * 1_000)
    if text == "now":
        return int(now_s * 1_000)
    try:
        if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", text):
            hour, minute = map(int, text.split(":"))
            at = datetime.fromtimestamp(now_s).replace(
                hour=hour, minute=minute, second=0, microsecond=0
            )
        else:
            at = datetime.fromisoformat(text)
        return max(0, int(at.timestamp() * 1_000))
    except (ValueError, OverflowError, OSError):
        raise argparse.ArgumentTypeError(
            f"{text} is no time: now, +8h, +30m, 22:00 or 2026-11-26T22:00"
        ) from None
