"""``vaktbord exercise``: a simulated radio net, until Ctrl-C."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from console.commands.options import up_to_a_day

if TYPE_CHECKING:
    from console.exercise.scenario import Scenario


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "exercise",
        parents=[common],
        help="run a simulated radio net on the site found",
        description="Run a simulated radio net until Ctrl-C: talkgroups that speak, units that "
        "move, safety alarms. All of it is fictional and marked as an exercise. Without a site "
        "it speaks all the same, and tells the site once there is one.",
    )
    parser.add_argument(
        "scenario", nargs="?", metavar="SCENARIO", help="see --list; or a .toml file of your own"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="the same seed plays the same exercise"
    )
    parser.add_argument(
        "--alarm-after", type=up_to_a_day, metavar="S", help="first alarm after S seconds"
    )
    parser.add_argument("--list", action="store_true", help="list the scenarios, then end")
    parser.add_argument("--json", action="store_true", help="with --list: one JSON document")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns 0 when Ctrl-C ended it, 1 when it could not begin."""
    from console.exercise.scenario import DEFAULT, ScenarioError, load, names  # noqa: PLC0415

    try:
        if options.list:
            show([load(name) for name in names()], as_json=options.json)
            return 0
        return play(load(options.scenario or DEFAULT), options)
    except ScenarioError as error:
        print(f"vaktbord exercise: {error}", file=sys.stderr)
        return 1


def play(scenario: Scenario, options: argparse.Namespace) -> int:
    # --help and --list need none of it
    from audio.logs import logging_to  # noqa: PLC0415
    from console.exercise.player import AlreadyPlaying, Player  # noqa: PLC0415

    player = Player(
        scenario,
        home=options.home,
        interface=options.interface,
        log_level=options.log_level,
        seed=options.seed,
        alarm_after_s=options.alarm_after,
    )
    print(
        f"Exercise {scenario.name}: {scenario.title}. {len(scenario.talkgroups)} talkgroups, "
        f"{len(scenario.units)} units, all fictional. Ctrl-C ends it.",
        flush=True,
    )
    try:
        with logging_to(options.home / "exercise" / "exercise.log", options.log_level):
            player.run()
    except AlreadyPlaying:
        print(f"vaktbord exercise: one is running already in {options.home}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"vaktbord exercise: {error}", file=sys.stderr)
        return 1
    return 0


def show(scenarios: list[Scenario], *, as_json: bool) -> None:
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "summary": one.summary,
            "talkgroups": len(one.talkgroups),
            "units": len(one.units),
            "alarms_s": [alarm.after_s for alarm in one.alarms],
        }
        for one in scenarios
    ]
    if as_json:
        print(json.dumps({"scenarios": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        print(f"{row['name']}: {row['title']}\n    {row['summary']}")
