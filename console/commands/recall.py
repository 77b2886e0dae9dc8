"""``vaktbord recall``: list the kept bursts, play them again, write them to files."""

from __future__ import annotations

import argparse
import getpass
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from audio import protocol
from audio.client import EngineClient, EngineError
from console.commands.noting import note_where_a_site_is
from console.commands.options import NOTHING_FOUND, whole_number, without_defaults, words
from console.commands.state import local_time, table
from console.commands.tool_engine import connected
from console.desk.audit import exported, heard
from console.domain.events import AnyBody

ANSWER_S: Final = 15.0
EXPORT_S: Final = 60.0
NO_ENGINE_EVER: Final = (
    ": no desk has ever run there; is --home right? A demo's is DIR/demo, as it says at its start"
)
MAX_LISTED: Final = protocol.MAX_PAGE
KINDS: Final[dict[str, protocol.ExportFormat]] = {".wav": "wav", ".ogg": "ogg", ".opus": "ogg"}

T = TypeVar("T")


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command, its own commands and their options."""
    parser = subparsers.add_parser(
        "recall",
        parents=[common],
        help="list, play or write out the bursts that were kept",
        description="The bursts heard and kept by the audio engine of this home, also when no desk "
        "is open. Who plays or writes one out is noted. Exit code 1: refused; 3: nothing is kept.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    common = without_defaults(common)
    listing = actions.add_parser("list", parents=[common], help="what is kept, newest last")
    listing.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    listing.add_argument("--limit", type=_limit, default=50, metavar="N", help="at most so many")
    play = actions.add_parser("play", parents=[common], help="play the last ones at the desk")
    play.add_argument("--count", type=_count, default=1, metavar="N")
    for one in (listing, play):
        one.add_argument("--stream", default="", metavar="ID", help="only of this stream")
    export = actions.add_parser("export", parents=[common], help="write one to a new file")
    export.add_argument("burst", metavar="BURST", help="its id, as list shows it")
    export.add_argument("file", type=Path, metavar="FILE", help="ends in .wav, .ogg or .opus")
    for one in (play, export):
        one.add_argument(
            "--person", type=words(64, 1), default=None, help="who does it (default: you)"
        )
    parser.set_defaults(func=run)


def _limit(text: str) -> int:
    return whole_number(text, 1, MAX_LISTED)


def _count(text: str) -> int:
    return whole_number(text, 1, protocol.MAX_RECALLED)


def run(options: argparse.Namespace) -> int:
    home = options.home.resolve()
    if not (home / "engine" / "recall").is_dir():
        hint = "" if (home / "engine").is_dir() else NO_ENGINE_EVER
        print(f"vaktbord recall: nothing is kept below {home}{hint}", file=sys.stderr)
        return NOTHING_FOUND
    actions = {"list": _list, "play": _play, "export": _export}
    try:
        asking = Asking(home)
        with connected(asking.client, home, options.interface, options.log_level):
            return actions[options.action](asking, options)
    except (EngineError, RefusedError) as error:
        print(f"vaktbord recall: {error}", file=sys.stderr)
        return 1


class RefusedError(Exception):
    """The engine would not; the text says why."""


class Asking:
    """One question at a time to the engine of a home."""

    def __init__(self, home: Path) -> None:
        self._news = threading.Condition()
        self._events: list[protocol.Event] = []
        self.client = EngineClient(home, role="tool", on_event=self._take, on_lost=self._lost)
        self._why_lost = ""

    def _take(self, event: protocol.Event) -> None:
        if isinstance(event, protocol.Bursts | protocol.Exported | protocol.Refused):
            with self._news:
                self._events.append(event)
                self._news.notify_all()

    def _lost(self, why: str) -> None:
        with self._news:
            self._why_lost = why
            self._news.notify_all()

    def ask(
        self,
        command: protocol.RecallCommand,
        kind: type[T],
        is_it: Callable[[T], bool],
        wait_s: float,
    ) -> T:
        """The answer. Raises EngineError, RefusedError."""
        self.client.send(command)
        tag = str(type(command).__struct_config__.tag)

        def answers() -> list[T | protocol.Refused]:
            return [
                one
                for one in self._events
                if (isinstance(one, kind) and is_it(one))
                or (isinstance(one, protocol.Refused) and one.command == tag)
            ]

        with self._news:
            self._news.wait_for(lambda: bool(answers() or self._why_lost), wait_s)
            found = answers()
        if not found:
            raise EngineError(self._why_lost or "the audio engine did not answer in time")
        answer = found[-1]
        if isinstance(answer, protocol.Refused):
            raise RefusedError(answer.why)
        return answer


def _list(asking: Asking, options: argparse.Namespace) -> int:
    question = protocol.ListBursts(options.stream, limit=options.limit)
    found = asking.ask(question, protocol.Bursts, lambda _answer: True, ANSWER_S)
    if options.json:
        print(msgspec.json.encode(msgspec.to_builtins(found)).decode())
    else:
        of_it = f" of {options.stream}" if options.stream else ""
        print("\n".join(as_text(found)) or f"nothing is kept{of_it}")
    return 0 if found.bursts else NOTHING_FOUND


def as_text(found: protocol.Bursts) -> list[str]:
    rows = [
        (
            one.burst,
            local_time(one.start_ms),
            f"{one.length_ms / 1e3:.1f} s",
            one.stream,
            one.speaker or "-",
            "missed" if one.missed else "",
        )
        for one in found.bursts
    ]
    return table(rows) + (["  … and older ones: --limit"] if found.is_more else [])


def _play(asking: Asking, options: argparse.Namespace) -> int:
    """What is played is heard at the desk; an engine of our own would play it to nobody."""
    if asking.client.status(ANSWER_S).device_state != "playing":
        raise RefusedError("no desk with a sound device is open here; use export")
    question = protocol.ListBursts(options.stream, limit=options.count)
    found = asking.ask(question, protocol.Bursts, lambda _answer: True, ANSWER_S)
    asking.client.send(protocol.Recall(options.stream, options.count, _who(options)))
    _note(options, [heard(one, "recall") for one in found.bursts])
    return 0


def _export(asking: Asking, options: argparse.Namespace) -> int:
    kind = KINDS.get(options.file.suffix.lower())
    if kind is None:
        raise RefusedError(f"{options.file} ends in none of {', '.join(KINDS)}")
    path = str(options.file.resolve())
    try:
        msgspec.convert(options.burst, protocol.BurstId)
    except msgspec.ValidationError as error:
        raise RefusedError(f"{options.burst} is not the id of a burst") from error
    question = protocol.Export(options.burst, path, kind, _who(options))
    done = asking.ask(question, protocol.Exported, lambda told: told.path == path, EXPORT_S)
    if options.json:
        print(msgspec.json.encode(msgspec.to_builtins(done)).decode())
    else:
        print(f"{path}: {done.seconds:.1f} s, {done.burst.speaker or done.burst.stream}")
    _note(options, [exported(done)])
    return 0


def _note(options: argparse.Namespace, bodies: Sequence[AnyBody]) -> None:
    if bodies:
        note_where_a_site_is(options.home, options.interface, bodies, _who(options))


def _who(options: argparse.Namespace) -> str:
    return getpass.getuser() if options.person is None else str(options.person)
