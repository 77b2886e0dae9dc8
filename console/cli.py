"""The command line: ``vaktbord COMMAND``. Loads only the command that is asked for."""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import platformdirs

from console.oswords import os_words

COMMANDS: Final[dict[str, str]] = {
    "desk": "open the operator's desk on the site found (the default)",
    "demo": "a site, an exercise and a desk on this machine alone",
    "site": "run a site without a desk",
    "enrol": "let positions in at a site, or be let in",
    "person": "who may sign in at a site's positions",
    "exercise": "run a simulated radio net on the site found",
    "gateway": "pass on positions of GPS receivers and of Cursor-on-Target senders",
    "streams": "list the talkgroup streams announced on the network",
    "mix": "mix what is discovered into a WAV file",
    "publish": "send a sound file as a talkgroup stream",
    "talk": "talk into the microphone on a talkgroup stream",
    "keys": "list the site's voice keys, and give foreign senders one",
    "state": "show the site's talkgroups, units and alarms",
    "alarm": "raise, acknowledge, take, note, close or list safety alarms",
    "message": "send text and status messages, list them, and keep stored texts",
    "callout": "send a call-out, answer it, show who has answered, end it",
    "group": "form a talkgroup of people, change it, end it; patch groups together",
    "call": "offer, answer, end and list individual calls",
    "duty": "set, end and list who is on duty",
    "landmark": "list, set, remove and import the site's own places on the map",
    "pin": "set, list and remove pins of incidents on the map",
    "recall": "list, play or write out the bursts that were kept",
    "places": "import Kartverket's place names and addresses, list and search them",
    "events": "show the site's event log",
    "doctor": "check this machine and say what to do",
    "bench": "run a benchmark beside its peer or control",
}
"""Command to what its help says; the code is console/commands/<command>.py."""

DEFAULT_COMMAND: Final = "desk"
LOG_LEVELS: Final = ("debug", "info", "warning", "error")


def default_home() -> Path:
    """Where all state lies unless ``--home`` or ``VAKTBORD_HOME`` says otherwise."""
    given = os.environ.get("VAKTBORD_HOME")
    return Path(given) if given else Path(platformdirs.user_state_dir("vaktbord", appauthor=False))


def common_options() -> argparse.ArgumentParser:
    """The options that every command takes."""
    common = argparse.ArgumentParser(add_help=False)
    group = common.add_argument_group("common options")
    group.add_argument(
        "--home",
        type=Path,
        default=default_home(),
        metavar="DIR",
        help="all state lies below this folder (default: %(default)s)",
    )
    group.add_argument(
        "--interface",
        metavar="ADDR",
        help="use only the network interface with this address, e.g. 127.0.0.1",
    )
    group.add_argument("--log-level", choices=LOG_LEVELS, default="info")
    return common


def asked_for(argv: Sequence[str]) -> str | None:
    """The command in ``argv``, or None when it is help, a version or a mistake."""
    if not argv:
        return DEFAULT_COMMAND
    if argv[0] in COMMANDS:
        return argv[0]
    is_top_level = argv[0] in ("-h", "--help", "--version")
    return DEFAULT_COMMAND if argv[0].startswith("-") and not is_top_level else None


def overview() -> argparse.ArgumentParser:
    """The parser for help and mistakes: every command by name, none of them loaded."""
    parser = argparse.ArgumentParser(
        prog="vaktbord",
        description="The operator's desk for Nødnett in the health service.",
        epilog="In the sources' folder, ./vaktbord test checks everything.",
    )
    parser.add_argument("--version", action="version", version=f"vaktbord {version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text, add_help=False)
    return parser


def command_parser(command: str) -> argparse.ArgumentParser:
    """The parser of one command; imports its module."""
    parser = argparse.ArgumentParser(prog="vaktbord")
    commands = parser.add_subparsers(dest="command")
    module = importlib.import_module(f"console.commands.{command}")
    module.add(commands, common_options())
    return parser


def version() -> str:
    """The installed version, or that of the sources beside this file."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("vaktbord")
    except PackageNotFoundError:
        import tomllib

        project = Path(__file__).resolve().parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Returns 0 done, 1 failed, 2 usage, 3 nothing found or not reachable."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = asked_for(arguments)
    if command is None:
        overview().parse_args(arguments)
        return 2
    if not arguments or arguments[0] != command:
        arguments.insert(0, command)
    try:
        options = command_parser(command).parse_args(arguments)
        return _done(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of a pipe has gone: `vaktbord events | head`
        _print_no_more()
        return 141
    except OSError as error:
        if options.log_level == "debug":
            raise
        print(f"vaktbord {command}: {_in_words(error)}", file=sys.stderr)
        return 1


def _done(options: argparse.Namespace) -> int:
    """With all of it printed: what finds no room is told here, not by the interpreter's end."""
    code = int(options.func(options))
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _in_words(error: OSError) -> str:
    """Which file, and why. Without one it is what is printed that found no room."""
    if not error.filename and error.errno == errno.ENOSPC:
        _print_no_more()
    return os_words(error)


def _print_no_more() -> None:
    """What is still to be printed goes nowhere, so that the end complains of nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
