"""``vaktbord demo``: a site, an exercise and a desk, each its own process, on loopback alone.

What the desk shows comes over the real ways (mDNS, RTP, NATS); this file only starts and stops
processes. All state lies in ``<home>/demo`` and is new each time.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from console.commands.desk import (
    USAGE,
    add_window_options,
    check_display,
    check_window_options,
)
from console.commands.options import up_to_a_day
from console.commands.parent import end_with_parent
from console.site.node.lock import FolderLock

LOOPBACK: Final = "127.0.0.1"
STOP_PATIENCE_S: Final = 5.0
LINGER_S: Final = 5  # that the desk's engine goes on when all of it has been killed


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "demo",
        parents=[common],
        help="a site, an exercise and a desk on this machine alone",
        description="Start an embedded site, an exercise (all of it fictional) and a desk. "
        "Nothing leaves this machine.",
    )
    add_window_options(parser)
    parser.add_argument("--scenario", metavar="NAME", help="see `vaktbord exercise --list`")
    parser.add_argument(
        "--alarm-after", type=up_to_a_day, metavar="S", help="first alarm after S seconds"
    )
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns the desk's exit code once its window is closed."""
    wrong = check_window_options(options) or unknown_scenario(options.scenario)
    if wrong:
        print(f"vaktbord demo: {wrong}", file=sys.stderr)
        return USAGE
    complaint = check_display(options)
    if complaint:
        print(complaint, file=sys.stderr)
        return 1
    lock = FolderLock(options.home / "demo.lock")
    if not lock.take():
        print(
            "vaktbord demo: one is running here already. End it first, or give this one a home "
            "of its own with --home DIR.",
            file=sys.stderr,
        )
        return 1
    demo = Demo(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return demo.run()
    except ForeignFolderError as error:
        print(f"vaktbord demo: {error}", file=sys.stderr)
        return 1
    finally:
        demo.stop()


def unknown_scenario(name: str | None) -> str:
    """What is wrong with it, before anything is started; "" = nothing."""
    from console.exercise.scenario import DEFAULT, ScenarioError, load

    try:
        load(name or DEFAULT)
    except ScenarioError as error:
        return str(error)
    return ""


class ForeignFolderError(Exception):
    """A folder that no demo has made: it is left alone."""


class Demo:
    """The processes of one demonstration."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._home: Path = options.home / "demo"
        self._interface: str = options.interface or LOOPBACK
        self._helpers: list[subprocess.Popen[bytes]] = []
        self._mark = self._home / ".vaktbord-demo"

    def run(self) -> int:
        self._clear()
        print("Everything shown is fictional and stays on this machine.", flush=True)
        print(
            f"From another terminal: vaktbord state --home {shlex.quote(str(self._home))}",
            flush=True,
        )
        desk = self._start("desk", *self._desk_options(), helper=False)
        self._start("site", "--name", "Vaktbord demo")
        self._start("exercise", *self._exercise_options())
        try:
            return desk.wait()
        finally:
            end(desk)

    def stop(self) -> None:
        """Ends the exercise, then the site, then what they left: the desk's engine."""
        for process in reversed(self._helpers):
            end(process)
        self._helpers.clear()
        if self._mark.exists():
            stop_leftovers(self._home)

    def _clear(self) -> None:
        """A demo that was killed may have left its engine and its site behind. Raises
        ForeignFolderError; nothing is deleted that a demo hasn't made."""
        if self._home.exists() and any(self._home.iterdir()) and not self._mark.exists():
            raise ForeignFolderError(
                f"{self._home} was not made by a demo and would be emptied: choose another --home."
            )
        stop_leftovers(self._home)
        shutil.rmtree(self._home, ignore_errors=True)
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._mark.touch()

    def _desk_options(self) -> list[str]:
        given = self._options
        options = ["--position", given.position or "Demo 1", "--person", given.person or "Demo"]
        for name in ("device", "theme", "language", "screenshot", "srtp_keys"):
            value = getattr(given, name)
            if value is not None:
                options += [f"--{name.replace('_', '-')}", str(value)]
        if given.size is not None:
            options += ["--size", "{}x{}".format(*given.size)]
        for talkgroup, port in given.unicast_port:
            options += ["--unicast-port", f"{talkgroup}={port}"]
        if given.offscreen:
            options.append("--offscreen")
        if given.screenshot is not None:
            options += ["--after", str(given.after)]
        return [*options, "--linger", str(LINGER_S)]

    def _exercise_options(self) -> list[str]:
        options = [self._options.scenario] if self._options.scenario else []
        if self._options.alarm_after is not None:
            options += ["--alarm-after", str(self._options.alarm_after)]
        return options

    def _start(self, command: str, *options: str, helper: bool = True) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self._line(command, options),
            stdin=subprocess.DEVNULL,
            preexec_fn=end_with_parent(),  # noqa: PLW1509  # one call into C
        )
        if helper:
            self._helpers.append(process)
        return process

    def _line(self, command: str, options: Sequence[str]) -> list[str]:
        common = ["--home", str(self._home), "--interface", self._interface]
        level = ["--log-level", self._options.log_level]
        return [sys.executable, "-m", "console.cli", command, *common, *level, *options]


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and make it after a while."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_leftovers(home: Path) -> None:
    """End the engines and the site that live below ``home``, if any do."""
    if not home.exists():
        return
    from audio.client import stop_engine
    from console.site.node.process import stop_site
    from console.site.node.server import end_orphan

    stop_engine(home / "exercise")
    stop_engine(home)
    stop_site(home)
    end_orphan(home / "site")  # of a site that was killed
