"""``vaktbord events``: the site's event log as text or JSON, once or as it grows."""

from __future__ import annotations

import argparse
import contextlib
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Final, get_args

import msgspec

from console.commands.noting import note_at
from console.commands.options import exit_code
from console.commands.state import local_time
from console.domain.events import AnyBody, Event, LogExported
from console.domain.roles import may_read
from console.site.address import LinkState, SiteError
from console.site.find import find_site
from console.site.log.subjects import AUDIT, STREAM_OF, STREAMS, TRACKS, LogStream
from console.site.visit import Visit, left_over, unreadable, visit

KINDS: Final[dict[str, type]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyBody)
}
MOMENTS: Final = frozenset({"from_ms", "until_ms", "ended_ms", "lapses_ms", "since_ms"})
"""Fields that are unix times; those of other names in ms are durations."""
DEFAULT_LAST: Final = 100
MAX_LAST: Final = 100_000
MAX_WAITING: Final = 50_000
"""Events that a slow terminal may be behind; the newest beyond it are dropped, and that is said."""
LOOK_S: Final = 0.5
"""So often who follows looks whether anything can still come."""


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "events",
        parents=[common],
        help="show the site's event log",
        description="Show the newest events, oldest first. Positions (--kind unit-moved) and the "
        "audit (--kind recording-heard, recording-exported, log-exported) are left out unless "
        "asked for. What is given out as JSON is noted in the audit. Exit code 3: no site was "
        "found; 1: this position may not read it, or was taken out meanwhile; 130: ended by "
        "Ctrl-C.",
    )
    parser.add_argument("--follow", action="store_true", help="go on as events happen")
    parser.add_argument(
        "--json", action="store_true", help="one JSON document; one per line with --follow"
    )
    parser.add_argument("--kind", choices=sorted(KINDS), metavar="K", help=", ".join(sorted(KINDS)))
    parser.add_argument(
        "--last",
        type=_count,
        default=DEFAULT_LAST,
        metavar="N",
        help="how many from before now (default: %(default)s)",
    )
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    kind = KINDS.get(options.kind)
    backlog = Backlog(kind)
    try:
        address = find_site(options.home, interface=options.interface)
        streams = streams_for(kind)
        if hidden := unreadable(address, streams):
            if kind is not None:
                print(f"vaktbord events: {hidden}", file=sys.stderr)
                return 1
            print(f"vaktbord events: left out: {hidden}", file=sys.stderr)
        with visit(
            address,
            spool=left_over(options.home, address),
            replay="all",
            streams=[one for one in streams if may_read(address.identity.role, one.token)],
            live=kind is not None and STREAM_OF[kind] is TRACKS,
            on_events=backlog.take,
            on_state=_tell_state if options.follow else None,
        ) as guest:
            guest.read_all()
            if told := guest.damage:
                print(f"vaktbord events: warning: {told}", file=sys.stderr)
            past = backlog.take_past(options.last)
            if options.json:
                note_at(address, options.home, [_export(options, past)])
            return _show(options, past, backlog, guest)
    except SiteError as error:
        print(f"vaktbord events: {error}", file=sys.stderr)
        return exit_code(error)


def _tell_state(state: LinkState, sentence: str) -> None:
    """Who follows wants to know that nothing can come now, and when it can again."""
    if state != "connecting":
        print(f"vaktbord events: {_printable(sentence)}", file=sys.stderr, flush=True)


def streams_for(kind: type | None) -> Sequence[LogStream]:
    if kind is not None:
        return (STREAM_OF[kind],)
    return tuple(stream for stream in STREAMS if stream not in (TRACKS, AUDIT))


class Backlog:
    """Events between the link's thread and the terminal."""

    def __init__(self, kind: type | None) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._past: list[Event] | None = []
        self._queue: queue.Queue[Event] = queue.Queue(MAX_WAITING)
        self.dropped = 0

    def take(self, events: Sequence[Event]) -> None:
        wanted = [e for e in events if self._kind is None or isinstance(e.body, self._kind)]
        with self._lock:
            if self._past is None:
                self._put(wanted)
                return
            self._past += wanted
            if len(self._past) > 2 * MAX_LAST:
                self._past = _newest(self._past, MAX_LAST)

    def take_past(self, count: int) -> list[Event]:
        """What was there before now, oldest first; from here on events go to :meth:`next`."""
        with self._lock:
            past, self._past = self._past or [], None
        return _newest(past, count)

    def _put(self, events: Sequence[Event]) -> None:
        for event in events:
            try:
                self._queue.put_nowait(event)
            except queue.Full:
                self.dropped += 1

    def next(self) -> Event | None:
        """Waits for it; None: none has come for a while."""
        with contextlib.suppress(queue.Empty):
            return self._queue.get(timeout=LOOK_S)
        return None


def _export(options: argparse.Namespace, past: Sequence[Event]) -> LogExported:
    times = [event.time_ms for event in past] or [0]
    return LogExported(
        events=len(past),
        from_ms=min(times),
        until_ms=max(times),
        only=options.kind or "",
        goes_on=options.follow,
    )


def _show(
    options: argparse.Namespace, past: Sequence[Event], backlog: Backlog, guest: Visit
) -> int:
    """To be taken out of the site ends it: nothing would come any more, and whoever waits for an
    alarm here, or starts this again when it ends, has to know."""
    if not options.follow:
        _print_past(past, as_json=options.json)
        return 0
    show = _as_json if options.json else as_line
    _print_lines(past, show)
    dropped = 0
    while True:
        event = backlog.next()
        if event is not None:
            _print_lines([event], show)
        elif guest.is_shut_out:
            return 1
        if backlog.dropped > dropped:
            dropped = backlog.dropped
            print(f"vaktbord events: {dropped} were too fast to be shown", file=sys.stderr)


def _print_past(past: Sequence[Event], *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(past).decode())
    else:
        _print_lines(past, as_line)


def _print_lines(events: Iterable[Event], show: Callable[[Event], str]) -> None:
    for event in events:
        print(show(event), flush=True)


def _as_json(event: Event) -> str:
    return msgspec.json.encode(event).decode()


def as_line(event: Event) -> str:
    """Time, kind, who, and what is in it; control characters can't reach the terminal."""
    fields = msgspec.to_builtins(event.body)
    kind = fields.pop("kind")
    for moment in sorted(MOMENTS & fields.keys()):
        fields[moment.removesuffix("_ms")] = local_time(fields.pop(moment))
    said = "  ".join(f"{k}={_shown(v)}" for k, v in fields.items() if v not in (None, "", False))
    doubt = " (not confirmed)" if event.unconfirmed else ""
    who = f"{event.author}/{event.person}{doubt}" if event.person else event.author
    return f"{local_time(event.time_ms)}  {kind:20}  {_printable(who)}  {said}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "{" + " ".join(f"{k}:{v}" for k, v in value.items() if v is not None) + "}"
    return _printable(str(value))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _newest(events: list[Event], count: int) -> list[Event]:
    """Oldest first."""
    return sorted(events, key=lambda e: e.id)[len(events) - min(count, len(events)) :]


def _count(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MAX_LAST:
        raise argparse.ArgumentTypeError(f"between 0 and {MAX_LAST}")
    return number
