"""Who says so much that others are heard late is named, where people look."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from console.domain.events import TO_ALL, MemberFlooded
from console.site.node.process import ensure_site, find_address, find_node, site_folder
from console.site.node.talkers import LOUD_PER_S, Talker, loud
from console.site.security.codes import typed
from console.site.security.join import join
from console.site.services import enrolment
from console.site.services.asked import ask
from console.site.services.enrolment import CodeMade, NewCode

from .conftest import Ear, EarAt, ear_at, home, wait_for
from .flooder import flooding
from .test_enrol_command import vaktbord

__all__ = ["ear_at", "home"]

HERE = {"author": "lv9", "label": "Legevakt", "since_ms": 0, "v": 1}


@pytest.mark.system
def test_who_floods_all_desks_with_live_news_is_named(
    home: Path, tmp_path: Path, ear_at: EarAt
) -> None:
    ensure_site(home, interface="127.0.0.1")
    node = find_node(home)
    assert node is not None
    service = enrolment.at_node(node.identity.name)
    wait_for(lambda: find_address(home), "the site")
    said = ask(node, service, "open", msgspec.json.encode(NewCode("lv9", "operator")))
    code = typed(msgspec.json.decode(said, type=CodeMade).code)
    door = f"https://127.0.0.1:{(site_folder(home) / 'door').read_text()}"
    rogue = join(tmp_path / "rogue", door, code).address
    assert vaktbord(home, "site", "--status").returncode == 0
    subject = "vb.live.here.operator.lv9.desk"
    log = home / "site" / "site.log"
    address = find_address(home)
    assert address is not None
    desk: Ear = ear_at(address, live=False)
    with flooding(rogue, subject, json.dumps(HERE).encode(), per_s=40_000) as ended:
        status = vaktbord(home, "site", "--status")
        assert (status.returncode, "`vaktbord enrol --revoke lv9`" in status.stdout) == (1, True)
        wait_for(lambda: "lv9 says" in log.read_text(), "the site's log to name it", 40.0)
        wait_for(lambda: told_to(desk), "the desks to be told")
        assert ended() > 0
    assert vaktbord(home, "site", "--status").returncode == 0
    assert told_to(desk) == [MemberFlooded("lv9", TO_ALL)], "once"
    assert "asks the service" not in log.read_text()


def told_to(desk: Ear) -> list[MemberFlooded]:
    return [one.body for one in list(desk.events) if isinstance(one.body, MemberFlooded)]


def test_what_a_member_says_by_all_its_connections_is_summed_and_the_sites_own_is_none() -> None:
    before = {n: Talker("lv1", "operator", 0) for n in (1, 2)}
    before |= {3: Talker("lv2", "operator", 0), 4: Talker("node-1", "site", 0)}
    now = {n: Talker("lv1", "operator", 6 * LOUD_PER_S) for n in (1, 2)}
    now |= {3: Talker("lv2", "operator", 10 * LOUD_PER_S), 4: Talker("node-1", "site", 10**9)}
    assert loud(before, now, 10.0) == [("lv1", round(1.2 * LOUD_PER_S))]
    assert loud({}, now, 10.0) == []
