"""Keys pressed at random by many clients of an engine that has no microphone: nothing ends."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from audio import protocol as p
from tests.audio.engine_fixtures import engine, listener, wait_until

pytestmark = pytest.mark.system
CLIENTS = 4
COMMANDS = 2_000


def a_command(chance: random.Random) -> p.Command:
    names = tuple(chance.choices(("a@h", "b@h", "nowhere@h"), k=chance.randint(1, p.MAX_TALKED_TO)))
    commands: list[p.Command] = [
        p.Talk(names, chance.choice((None, p.MIN_OVER_S, p.MAX_OVER_S))),
        p.Preempted(names, "AMK"),
        p.KeepTalking(),
        p.StopTalking(),
        p.HearMyself(chance.choice((0.0, 0.1, p.MAX_HEARD_S)), chance.random()),
        p.SetMicrophone(chance.choice(("null", "pulse:nowhere", "nothing", "\\0")), names[:8]),
        p.Publish(names[0], "127.0.0.1", 47_044),
        p.Unpublish(names[0]),
        p.Play("permit"),
    ]
    return chance.choice(commands)


def test_a_storm_of_keys_is_refused_one_by_one(tmp_path: Path) -> None:
    chance = random.Random(5)
    with engine(tmp_path / "home") as home, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(listener(home)) for _ in range(CLIENTS)]
        for _ in range(COMMANDS):
            chance.choice(clients).client.send(a_command(chance))
        clients[0].client.send(p.SetMicrophone("null"))
        one = clients[0].client

        def is_calm() -> bool:
            status = one.status(10.0)
            return status.microphone.state == "none" and status.talk.state == "idle"

        wait_until(is_calm, "calm again")
        ticks = one.status(10.0).ticks
        wait_until(lambda: one.status(10.0).ticks > ticks + 10, "sound goes on")
        assert not any(client.lost for client in clients)
        assert any(isinstance(event, p.Refused) for event in clients[0].events)
        assert '"where"' not in (home / "engine" / "engine.log").read_text("utf-8")
