"""What the commands share that say one thing to the site, or list what was said."""

from __future__ import annotations

import argparse
import difflib
import getpass
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final

import msgspec

from console.commands.options import NOTHING_FOUND, exit_code, without_defaults, words
from console.commands.state import table
from console.domain.events import AnyBody, BodyError
from console.domain.mixing import of_exercise
from console.domain.state import State
from console.site.address import ShutOutError, SiteAddress, SiteError
from console.site.contact import why_silent
from console.site.find import find_site
from console.site.log.outbox import SpoolError
from console.site.log.subjects import LogStream
from console.site.log.wire import EventError, MayNotSayError
from console.site.visit import Visit, left_over, spool_of, unreadable, visit

HOW_IT_ENDS: Final = (
    "Each command ends when the site has what it said. Exit code 0: done, also of a list with "
    "nothing in it; 1: refused or not delivered; 3: no site was found, or it can't be reached (of "
    "what is said an alarm is kept then, and sent later; nothing else)."
)

UNSAID: Final = "It was NOT said and is NOT kept: use your voice"

MOST_ALIKE: Final = 2
PLURALS: Final = {"duty": "duties"}

Subparsers = argparse._SubParsersAction
Do = Callable[[argparse.Namespace, Visit, State], None]
"""Raises Refused."""


class Refused(Exception):  # noqa: N818  # an answer rather than an error
    """It can't be said now. The text is one sentence."""


class Actions:
    """A command's own commands, and what of the log they read. An action's ``if_may`` is read too
    where the role may read it."""

    def __init__(
        self,
        parser: argparse.ArgumentParser,
        common: argparse.ArgumentParser,
        name: str,
        streams: Sequence[LogStream],
    ) -> None:
        self._common = common
        self._name = name
        self._streams = streams
        self._actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def add(self, name: str, text: str, do: Do, *, says: bool = True) -> argparse.ArgumentParser:
        """An action that says something, or only shows."""
        action = self._actions.add_parser(
            name, parents=[self._common], help=text, description=text.capitalize() + "."
        )
        if says:
            action.add_argument("--person", type=words(64, 1), metavar="NAME", help="who says it")
        action.add_argument("--json", action="store_true", help="print one JSON document")
        defaults = {"do": do, "says": says, "command": self._name, "streams": self._streams,
                    "unsaid": UNSAID}  # fmt: skip
        action.set_defaults(func=run, check=None, keeps=None, if_may=(), **defaults)
        return action

    def group(self, name: str, text: str) -> Actions:
        """Actions of one thing: ``message stored list``."""
        parser = self._actions.add_parser(name, help=text, description=text.capitalize() + ".")
        return Actions(parser, self._common, self._name, self._streams)


def add_command(
    subparsers: Subparsers[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    name: str,
    text: str,
    streams: Sequence[LogStream],
) -> Actions:
    """``text`` is its help."""
    parser = subparsers.add_parser(
        name, parents=[common], help=text, description=f"{text.capitalize()}. {HOW_IT_ENDS}"
    )
    return Actions(parser, without_defaults(common), name, streams)


def run(options: argparse.Namespace) -> int:
    """0 done, 1 refused or not delivered, 2 usage, 3 no site."""
    if options.check is not None and (wrong := options.check(options)):
        return _fail(options, wrong, 2)
    try:
        address = find_site(options.home, interface=options.interface)
    except SiteError as error:
        return _fail(options, _not_said(options, error), exit_code(error))
    return _at_site(options, address)


def _at_site(options: argparse.Namespace, address: SiteAddress) -> int:
    if hidden := unreadable(address, options.streams):
        return _fail(options, f"{hidden}. {options.unsaid}" if options.says else hidden, 1)
    home = options.home
    spool = spool_of(home) if options.says else left_over(home, address)
    streams = (*options.streams, *options.if_may)
    try:
        with visit(address, spool=spool, person=_person(options), streams=streams) as guest:
            try:
                state = guest.read_all()
            except ShutOutError as error:
                return _fail(options, _not_said(options, error), 1)
            except SiteError as error:
                return _out_of_reach(options, guest, address, error)
            warn_damaged(options.command, guest)
            if guest.unkept:
                warn_unkept(options.command, guest.unkept)
            if guest.sent_late:
                told = f"{guest.sent_late} that had been kept here: the site has it now"
                print(f"vaktbord {options.command}: {told}", file=sys.stderr)
            options.do(options, guest, state)
            warn_unserved(options.command, guest, address)
            return 0
    except MayNotSayError as error:
        return _fail(options, f"{error}. {options.unsaid}", 1)
    except (EventError, BodyError, Refused, SiteError, SpoolError) as error:
        return _fail(options, _in_words(error), 1)


def _out_of_reach(
    options: argparse.Namespace, guest: Visit, address: SiteAddress, error: SiteError
) -> int:
    """Only what makes sense without having read the site, and later, is kept: an alarm. What
    answers something would answer what nobody has seen, and words go out of date."""
    if options.keeps is None:
        return _fail(options, _not_said(options, error), NOTHING_FOUND)
    key, body = options.keeps(options)
    event_id = guest.keep(body)
    if options.json:
        print_json({options.command: key, "done": "kept", "event": event_id})
    kept = (
        f"{options.command} {key} is NOT raised yet. It is kept here and goes out, with this "
        f"time, by the next command or desk of this home that reaches {address.name}; until then "
        "nobody sees it: say it by voice"
    )
    return _fail(options, f"{str(error).removesuffix('.')}. {kept}", NOTHING_FOUND)


def _not_said(options: argparse.Namespace, error: SiteError) -> str:
    return f"{str(error).removesuffix('.')}. {options.unsaid}" if options.says else str(error)


def warn_unkept(command: str, why: str) -> None:
    print(
        f"vaktbord {command}: warning: nothing can be kept on this machine ({why}): what the site "
        "has not got when this ends is lost. Free some disk space, or make the folder writable.",
        file=sys.stderr,
    )


def warn_damaged(command: str, guest: Visit) -> None:
    """An empty list of a log that is not whole says little."""
    if told := guest.damage:
        print(f"vaktbord {command}: warning: {told}", file=sys.stderr)


def warn_unserved(command: str, guest: Visit, address: SiteAddress) -> None:
    """A site whose own process is dead while its server lives takes everything, and does nothing
    with it."""
    if not guest.is_served:
        print(
            f"vaktbord {command}: warning: {address.name}: {why_silent(address)}", file=sys.stderr
        )


def _in_words(error: Exception) -> str:
    if isinstance(error, EventError | BodyError):
        return f"no desk would understand this, and nothing was said: {error}"
    return str(error)


def _person(options: argparse.Namespace) -> str:
    if not options.says:
        return ""
    return getpass.getuser() if options.person is None else str(options.person)


def _fail(options: argparse.Namespace, error: object, code: int) -> int:
    print(f"vaktbord {options.command}: {error}", file=sys.stderr)
    return code


def say(
    options: argparse.Namespace,
    guest: Visit,
    body: AnyBody,
    *,
    done: str,
    key: str = "",
    what: str = "",
    cause: str | None = None,
) -> None:
    """Say it, and tell what has been done once the site has it. ``key`` is of ``what`` it is
    about (else what the command is called); without one it is the event's own id."""
    event_id = guest.deliver(body, cause=cause)
    tell(options, event_id, done=done, key=key or event_id, what=what or options.command)


def tell(options: argparse.Namespace, event_id: str, *, done: str, key: str, what: str) -> None:
    """What has been done."""
    if options.json:
        print_json({what: key, "done": done, "event": event_id})
    else:
        print(f"{what.capitalize()} {key} is {done}; the site has it.")


def show(
    options: argparse.Namespace, document: Any, rows: Iterable[Sequence[str]], *, what: str = ""
) -> None:
    """A list: as one JSON document, or as columns. ``what`` it is of, where that is not what the
    command is called."""
    if options.json:
        print_json(document)
        return
    lines = table([tuple(printable(cell) for cell in row) for row in rows])
    what = what or PLURALS.get(options.command, f"{options.command}s")
    print("\n".join(lines) if lines else f"No {what}.")


def print_json(document: Any) -> None:
    print(msgspec.json.encode(document).decode())


def printable(text: str) -> str:
    """No control character of somebody's text reaches the terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def add_anyway(action: argparse.ArgumentParser) -> None:
    """Of an action that :func:`refuse_unknown` looks at."""
    action.add_argument(
        "--anyway", action="store_true", help="also to, or from, whom the site does not know"
    )


def refuse_unknown(
    options: argparse.Namespace, ids: Iterable[str], *known: Collection[str]
) -> None:
    """A wrong letter must not lose what is said: it would be taken, and reach nobody. Raises
    Refused, unless it is wanted all the same (a radio may be new)."""
    unknown = _unknown(ids, known)
    if options.anyway:
        _warn_unknown(options, unknown)
    elif unknown:
        near = [one for name in unknown for one in _alike(name, known)]
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise Refused(
            f"the site knows no {', '.join(unknown)}: nothing was said.{meant} `vaktbord state` "
            "shows whom it knows; with --anyway it is said all the same"
        )


def reaches_exercise(state: State, keys: Iterable[str]) -> bool:
    """Whether what is said to these is an exercise's."""
    found = of_exercise(state, keys)
    if len(set(found.values())) > 1:
        names = ", ".join(one for one, exercise in found.items() if exercise)
        raise Refused(f"real and exercise are never mixed; of the exercise: {names}")
    return any(found.values())


def warn_unknown(options: argparse.Namespace, ids: Iterable[str], *known: Collection[str]) -> None:
    """Said all the same: no alarm is turned away, nor what is done about one."""
    _warn_unknown(options, _unknown(ids, known))


def _unknown(ids: Iterable[str], known: Sequence[Collection[str]]) -> list[str]:
    return [one for one in dict.fromkeys(ids) if not any(one in table for table in known)]


def _warn_unknown(options: argparse.Namespace, unknown: Iterable[str]) -> None:
    for one in unknown:
        print(f"vaktbord {options.command}: the site knows no {one}", file=sys.stderr)


def _alike(name: str, known: Sequence[Collection[str]]) -> list[str]:
    """Capitals aside."""
    ids = {one.casefold(): one for table in known for one in table}
    return [ids[one] for one in difflib.get_close_matches(name.casefold(), ids, MOST_ALIKE)]
