"""The site process: started once, found by all, outliving whoever started it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from console.domain.events import AlarmRaised
from console.site.address import SiteAddress, SiteError, SitePlace
from console.site.node.papers import Papers
from console.site.node.process import (
    SiteFile,
    ensure_site,
    find_address,
    is_site_process,
    read_site_file,
    site_file,
    stop_site,
    write_site_file,
)
from console.site.node.server import command_line
from console.site.security import identity

from .conftest import EarAt, Server, elsewhere, wait_for

pytestmark = pytest.mark.system

INTERFACE = "127.0.0.1"


def pid_of(home: Path) -> int:
    known = read_site_file(home)
    assert known is not None
    return known.pid


def server_pid(home: Path) -> int:
    return int((home / "site" / "server.pid").read_text())


def test_nothing_is_found_where_nothing_runs(home: Path) -> None:
    assert find_address(home) is None
    assert not stop_site(home)


def test_started_once_found_by_all_and_stopped(home: Path) -> None:
    address = ensure_site(home, interface=INTERFACE, name="Skolen")
    assert address.name == "Skolen"
    assert address.url.startswith("tls://127.0.0.1:")
    assert address.identity.role == "operator"
    pid = pid_of(home)
    assert ensure_site(home, interface=INTERFACE) == address
    assert find_address(home) == address
    assert pid_of(home) == pid
    assert stop_site(home)
    assert find_address(home) is None
    assert not site_file(home).exists()


def test_only_the_owner_can_read_its_secrets(home: Path) -> None:
    ensure_site(home, interface=INTERFACE)
    keys = [*(home / "site").glob("*/*key.pem"), *(home / "site").glob("local/*/key.pem")]
    assert len(keys) == 6
    files = [home / "site" / name for name in ("site.json", "nats.conf", "members.json")]
    for file in (*keys, *files):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert stat.S_IMODE((home / "site").stat().st_mode) == 0o700


def test_it_outlives_its_starter(home: Path) -> None:
    """Killed with all of its process group, as a terminal that is closed does it."""
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from console.site.node.process import ensure_site\n"
        "ensure_site(Path(sys.argv[1]), interface='127.0.0.1')\n"
        "os.killpg(0, signal.SIGKILL)"
    )
    line = [sys.executable, "-c", program, str(home)]
    ended = subprocess.run(line, check=False, timeout=40, start_new_session=True)
    assert ended.returncode == -signal.SIGKILL
    assert find_address(home) is not None
    assert is_site_process(pid_of(home))


def test_two_starters_at_once_find_the_same(home: Path) -> None:
    found: list[SiteAddress] = []
    starters = [
        threading.Thread(target=lambda: found.append(ensure_site(home, interface=INTERFACE)))
        for _ in range(2)
    ]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert len(found) == 2
    assert found[0] == found[1]


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"{}", b"[" * 1000])
def test_a_spoilt_file_is_no_site(home: Path, content: bytes) -> None:
    site_file(home).parent.mkdir(parents=True)
    site_file(home).write_bytes(content)
    assert find_address(home) is None
    assert not stop_site(home)


def test_a_stale_file_is_not_followed_and_does_not_stop_a_start(home: Path) -> None:
    stale = SitePlace(("tls://127.0.0.1:1",), "Old", "0" * 64)
    write_site_file(home, SiteFile(place=stale, pid=os.getpid(), server="gone"))
    assert find_address(home) is None
    assert not stop_site(home), "this very process is no site"
    assert ensure_site(home, interface=INTERFACE).name != "Old"


def test_a_killed_site_is_replaced_and_its_server_taken_over(home: Path, ear_at: EarAt) -> None:
    address = ensure_site(home, interface=INTERFACE)
    ear = ear_at(address)
    ear.wait_up()
    raised = ear.publish(AlarmRaised(alarm="A1", unit="u1"))
    ear.wait_ids([raised])
    orphan = server_pid(home)
    os.kill(pid_of(home), signal.SIGKILL)
    wait_for(lambda: not is_site_process(pid_of(home)), "the site to die")
    assert command_line(orphan), "desks go on working with the server that is left"
    assert ensure_site(home, interface=INTERFACE) == address, "same port, same CA"
    assert server_pid(home) != orphan
    assert not command_line(orphan)
    late = ear_at(address, "late")
    late.wait_ids([raised])


def test_a_killed_server_comes_back_at_the_same_address(home: Path, ear_at: EarAt) -> None:
    address = ensure_site(home, interface=INTERFACE)
    ear = ear_at(address)
    ear.wait_up()
    first = server_pid(home)
    os.kill(first, signal.SIGKILL)
    ear.wait_down()
    raised = ear.publish(AlarmRaised(alarm="A1", unit="u1"))
    ear.wait_up()
    ear.wait_ids([raised])
    wait_for(lambda: server_pid(home) != first, "the new server's pid")
    assert find_address(home) == address


def test_an_address_of_another_machine_is_refused_in_one_sentence(home: Path) -> None:
    with pytest.raises(SiteError, match=r"192\.0\.2\.1 is not an address of this machine"):
        ensure_site(home, interface="192.0.2.1")


def test_nobody_comes_in_without_a_certificate_of_the_site(
    home: Path, tmp_path: Path, ear_at: EarAt
) -> None:
    address = ensure_site(home, interface=INTERFACE)
    other = Papers.open(tmp_path / "other", "Another")
    ours = identity.load(tmp_path / "other" / "local" / "operator")
    assert other.members.present()
    assert ours is not None
    (ours.folder / "ca.pem").write_text((home / "site" / "pki" / "ca.pem").read_text())
    stranger = ear_at(SiteAddress(address.place, ours))
    stranger.wait_down()


def test_nobody_follows_a_server_of_another_ca(home: Path, tmp_path: Path, ear_at: EarAt) -> None:
    address = ensure_site(home, interface=INTERFACE)
    Papers.open(tmp_path / "other", "Another")
    ours = identity.load(tmp_path / "other" / "local" / "operator")
    assert ours is not None
    stranger = ear_at(elsewhere(SiteAddress(address.place, ours), address.url))
    stranger.wait_down()
    assert "its certificate is another site's" in stranger.states[-1][1]


def test_a_log_from_before_there_was_a_ca_is_kept_and_not_read(home: Path) -> None:
    kept = home / "site" / "store" / "jetstream" / "x.blk"
    kept.parent.mkdir(parents=True)
    kept.write_text("old")
    ensure_site(home, interface=INTERFACE)
    (aside,) = (home / "site").glob("store-0.1-*")
    assert (aside / "jetstream" / "x.blk").read_text() == "old"
    assert stop_site(home)
    ensure_site(home, interface=INTERFACE)
    assert len(list((home / "site").glob("store-0.1-*"))) == 1, "the new log stays"


def test_a_key_that_the_server_cannot_read_is_named(tmp_path: Path) -> None:
    server = Server(tmp_path / "site")
    server.papers.server.key.write_text("nothing that is a key")
    (tmp_path / "site" / "nats.log").write_text("an old line of another start\n")
    with pytest.raises(SiteError, match=r"did not start: .*certificate/key pair"):
        server.nats.start()
