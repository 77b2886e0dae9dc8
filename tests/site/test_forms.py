"""What must hold of a site in each of its forms: its own server, an external one, three nodes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from console.domain.events import AlarmAcknowledged, AlarmRaised, AnyBody, MessageSent
from console.site.node.papers import new_change
from console.site.node.process import find_address, site_folder
from console.site.node.server import server_binary
from console.site.security.members import Member

from .conftest import EarAt, Server, wait_for

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
BACK_S = 60.0


def test_all_are_told_the_same_and_a_late_one_too(any_site: Server, ear_at: EarAt) -> None:
    one, two = ear_at(any_site.as_member("one")), ear_at(any_site.as_member("two"))
    one.wait_up()
    two.wait_up()
    raised = one.publish(AlarmRaised(alarm="A1", unit="u1"))
    two.wait_ids([raised])
    ids = [raised, two.publish(AlarmAcknowledged(alarm="A1"), cause=raised)]
    ids += [one.publish(MessageSent(to="lv1", text=f"{n}")) for n in range(50)]
    late = ear_at(any_site.as_member("late"))
    for ear in (one, two, late):
        ear.wait_ids(ids)
        assert sorted(ear.ids()) == sorted(ids)
    wait_for(lambda: one.link.undelivered == 0, "all to be delivered")
    assert one.state.picture() == two.state.picture() == late.state.picture()


def test_killed_in_the_middle_every_event_is_there_once(any_site: Server, ear_at: EarAt) -> None:
    three, four = ear_at(any_site.as_member("three")), ear_at(any_site.as_member("four"))
    three.wait_up()
    four.wait_up()
    ids = []
    for n in range(200):
        body: AnyBody = (
            AlarmRaised(alarm=f"K{n}", unit="u1") if n % 2 else MessageSent(to="lv1", text=f"{n}")
        )
        ids.append((three if n % 3 else four).publish(body))
        if n == 100:
            wait_for(lambda: three.delivered, "some to have arrived")
            any_site.kill()
    any_site.start()
    for ear in (three, four):
        wait_for(lambda ear=ear: set(ids) <= set(ear.ids()), "all of them", BACK_S)  # type: ignore[misc]  # a default binds the loop's ear
        assert len(ear.ids()) == len(set(ear.ids()))
    wait_for(lambda: len(three.delivered) + len(four.delivered) == 200, "all to be delivered")
    late = ear_at(any_site.as_member("late"), "again", replay="all")
    late.wait_ids(ids)
    assert len(late.ids()) == len(set(late.ids()))


def test_who_is_taken_out_is_out_at_once(any_site: Server, ear_at: EarAt) -> None:
    ear = ear_at(any_site.as_member("five"))
    ear.wait_up()
    member = any_site.papers.members.all["five"]
    gone = Member(member.name, member.role, member.generation, new_change(), revoked=True)
    any_site.papers.change(gone)
    any_site.reload()
    wait_for(lambda: ear.states[-1][0] == "down", "the member to be out", 2.0)
    begun = time.monotonic()
    while time.monotonic() < begun + 1.0:
        assert ear.states[-1][0] == "down"
        time.sleep(0.05)


def test_a_site_whose_server_another_starts(home: Path, ear_at: EarAt) -> None:
    """As systemd would: with the configuration the site writes, and again when it has died. With
    an empty disk the site makes the log anew, and the spools fill it."""
    line = [sys.executable, "-m", "console.site", "--home", str(home), "--external"]
    site = subprocess.Popen([*line, "--interface", "127.0.0.1"])
    conf, env = site_folder(home) / "nats.conf", site_folder(home) / "nats.env"
    servers = []
    try:
        wait_for(lambda: conf.exists() and env.exists(), "the configuration")
        secret = dict(line.split("=") for line in env.read_text().split())
        start = partial(
            subprocess.Popen, [server_binary(), "-c", str(conf)], env={**os.environ, **secret}
        )
        servers.append(start())
        wait_for(lambda: find_address(home) is not None, "the site", 30.0)
        address = find_address(home)
        assert address is not None
        ear = ear_at(address)
        first = ear.publish(AlarmRaised(alarm="A1", unit="u1"))
        wait_for(lambda: ear.delivered == [first], "it to be there")
        os.kill(servers[0].pid, signal.SIGKILL)
        servers[0].wait()
        subprocess.run(["rm", "-r", str(site_folder(home) / "store")], check=True)
        servers.append(start())
        late = ear_at(address, "late")
        wait_for(lambda: first in late.ids(), "the alarm to be there again", BACK_S)
        assert site.poll() is None
    finally:
        site.terminate()
        site.wait(20)
        for server in servers:
            server.terminate()
            server.wait()
    assert "cluster {" not in conf.read_text()
