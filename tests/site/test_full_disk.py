"""A site whose disk is full, really: the folder of its log is a small disk of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest

from console.domain.events import AlarmRaised, MessageSent
from console.site.address import SiteAddress
from console.site.log.store_state import StoreState, heard, state_of
from console.site.node.process import find_address, find_node, site_folder
from console.site.node.server import server_binary
from console.site.security.codes import typed
from console.site.security.join import join
from console.site.services import enrolment
from console.site.services.asked import ask
from console.site.services.enrolment import CodeMade, NewCode

from .conftest import Ear, EarAt, alone, ear_at, wait_for
from .test_enrol_command import vaktbord

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("alone")]
__all__ = ["alone", "ear_at"]

DISK_BYTES: Final = 40 * 2**20
LEFT_BYTES: Final = 150_000
LEASES: Final = "KV_VB_LEASES"
LONG: Final = "fiktiv melding " * 60


def may_mount() -> bool:
    tried = ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"]
    return (
        shutil.which("unshare") is not None
        and not subprocess.run(tried, capture_output=True, check=False).returncode
    )


PIECE_BYTES: Final = 65_536


def fill_up(ballast: Path, left: int) -> None:
    """The server writes there meanwhile: a piece at a time."""
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while (free := shutil.disk_usage(ballast.parent).free) > left:
            file.write(bytes(min(PIECE_BYTES, free - left)))


class SmallDisk:
    """A home whose folder ``site`` is a disk of 40 MB, and the site there. Its own processes alone
    see that disk; others reach it through one of theirs."""

    words: tuple[str, ...] = ()

    def __init__(self, home: Path) -> None:
        (home / "site").mkdir(parents=True)
        mount = 'mount -t tmpfs -o size="$1",mode=700 none "$2"; shift 2; exec "$@"'
        line = ["sh", "-c", mount, "sh", str(DISK_BYTES), str(home / "site")]
        site = ["-m", "console.cli", "site", "--home", str(home), "--name", "Prøvesiden"]
        site += self.words
        self.process = subprocess.Popen(
            ["unshare", "-m", *line, sys.executable, *site, "--interface", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
        )
        self.home = Path(f"/proc/{self.process.pid}/root{home}")
        self.start_server(home)
        wait_for(lambda: find_address(self.home) is not None, "the site")

    def start_server(self, home: Path) -> None:
        """The site does."""

    @property
    def address(self) -> SiteAddress:
        address = find_address(self.home)
        assert address is not None
        return address

    @property
    def server_pid(self) -> int:
        return int((self.home / "site" / "server.pid").read_text())

    @property
    def ballast(self) -> Path:
        return self.home / "site" / "ballast"

    def fill(self, left: int = LEFT_BYTES) -> None:
        fill_up(self.ballast, left)

    def make_room(self) -> None:
        self.ballast.unlink()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class ExternalDisk(SmallDisk):
    """Somebody else starts the server, on the same disk."""

    words = ("--external",)

    def start_server(self, home: Path) -> None:
        wait_for((self.home / "site/nats.env").exists, "the server's environment")
        lines = (self.home / "site/nats.env").read_text().splitlines()
        entered = ["nsenter", "--target", str(self.process.pid), "--mount", "--wd=/"]
        self.server = subprocess.Popen(
            [*entered, server_binary(), "-c", str(home / "site/nats.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **dict(line.split("=", 1) for line in lines)},
        )

    def stop_server(self) -> None:
        self.server.terminate()
        self.server.wait()


@pytest.fixture
def external(tmp_path: Path) -> Iterator[ExternalDisk]:
    if not may_mount() or shutil.which("nsenter") is None:
        pytest.skip("a disk of its own needs the right to mount one")
    site = ExternalDisk(tmp_path / "home")
    try:
        yield site
    finally:
        site.stop()
        site.stop_server()


def test_a_server_that_somebody_else_starts_is_told_of_as_to_be_started_again(
    external: ExternalDisk, tmp_path: Path, ear_at: EarAt
) -> None:
    told = Told()
    ear: Ear = ear_at(external.address, on_said=told.said)
    ear.wait_up()
    far = tmp_path / "far"
    enrol_at(external.home, far)
    external.fill()
    said = [ear.publish(MessageSent("u1", f"{n} {LONG}")) for n in range(400)]
    told.wait("full")
    wait_for(lambda: LEASES in told.states[-1].failed, "the services' lease to be written no more")
    status = vaktbord(external.home, "site", "--status")
    assert "Make room; then start the nats-server again where it is started" in status.stdout
    assert told.states[-1].by_hand
    assert_commands_tell(far, "the disk of its event log is full")
    external.make_room()
    told.wait("failed")
    status = vaktbord(external.home, "site", "--status")
    assert "are free. Start the nats-server again where it is started" in status.stdout
    assert (status.returncode, "by itself" in status.stdout) == (1, False)
    assert "Start the site again" not in status.stdout, "which would be no help"
    assert_commands_tell(far, "its event log can't be written")
    external.stop_server()
    external.start_server(tmp_path / "home")
    told.wait("well")
    ear.wait_ids(said)
    assert vaktbord(external.home, "site", "--status").returncode == 0


def enrol_at(home: Path, far: Path) -> None:
    node = find_node(home)
    assert node is not None
    service, wish = enrolment.at_node(node.identity.name), NewCode("lv1", "operator")
    said = ask(node, service, "open", msgspec.json.encode(wish))
    code = typed(msgspec.json.decode(said, type=CodeMade).code)
    join(far, f"https://127.0.0.1:{(site_folder(home) / 'door').read_text()}", code)


def assert_commands_tell(home: Path, why: str) -> None:
    """Where something is said, why it is not taken and what becomes of it; of a list, that
    something may be missing."""
    sent = vaktbord(home, "message", "send", "--to", "u1", "--anyway", "--text", "fiktiv")
    assert sent.returncode == 1
    assert f"the site has not taken it yet: {why}" in sent.stderr
    assert "start the nats-server again where it is started" in sent.stderr.lower()
    assert "It is kept here and goes out" in sent.stderr
    listed = vaktbord(home, "message", "list", "--last", "1")
    assert f"warning: Prøvesiden: {why}" in listed.stderr
    assert "alarms are kept and told" not in listed.stderr
    assert "start the nats-server again where it is started" in listed.stderr.lower()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SmallDisk]:
    if not may_mount():
        pytest.skip("a disk of its own needs the right to mount one")
    site = SmallDisk(tmp_path / "home")
    try:
        yield site
    finally:
        with contextlib.suppress(ProcessLookupError):
            pid = site.server_pid
        site.stop()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


class Told:
    """What a link hears of the site's disk."""

    def __init__(self) -> None:
        self.states: list[StoreState] = []

    def said(self, subject: str, payload: bytes) -> None:
        found = heard(subject, payload)
        if found is not None:
            self.states.append(found[1])

    def wait(self, condition: str) -> StoreState:
        wait_for(
            lambda: self.states and self.states[-1].condition == condition,
            f"the word that the disk is {condition}",
        )
        return self.states[-1]


def test_a_full_disk_is_told_of_and_the_site_goes_on_when_there_is_room(
    site: SmallDisk, ear_at: EarAt
) -> None:
    told = Told()
    ear: Ear = ear_at(site.address, on_said=told.said)
    ear.wait_up()
    assert told.wait("well").free > LEFT_BYTES
    site.fill(left=2 * 10**6)
    assert told.wait("low").free <= 2 * 10**6
    site.make_room()
    told.wait("well")
    site.fill()
    server = site.server_pid
    said = [ear.publish(MessageSent("u1", f"{n} {LONG}")) for n in range(400)]
    told.wait("full")
    wait_for(lambda: told.states[-1].failed, "a stream that is written no more")
    said.append(ear.publish(AlarmRaised("A-1", "u1")))
    wait_for(lambda: ear.link.undelivered > 1, "what waits")
    assert site.server_pid == server  # it would only fail again
    status = vaktbord(site.home, "site", "--status")
    assert (status.returncode, "WRONG: the disk of its event log is full" in status.stdout) == (
        1, True,
    )  # fmt: skip
    site.make_room()
    told.wait("well")
    ear.wait_ids(said)
    wait_for(lambda: ear.link.undelivered == 1, "all but the alarm, which nobody has answered")
    assert site.server_pid != server
    late = ear_at(site.address, "late")
    late.wait_ids(said)
    status = vaktbord(site.home, "site", "--status")
    assert (status.returncode, "All is well" in status.stdout) == (0, True), status


@pytest.mark.parametrize(
    ("free", "size", "failed", "condition"),
    [
        (300 * 10**9, 500 * 10**9, (), "well"),
        (1_900_000_000, 500 * 10**9, (), "low"),
        (1_900_000_000, 10 * 10**9, (), "well"),
        (900_000_000, 10 * 10**9, (), "low"),
        (49_000_000, 500 * 10**9, (), "full"),
        (80_000_000, 500 * 10**9, ("VB_ALARMS",), "full"),
        (80_000_000, 500 * 10**9, (), "low"),
        (3 * 10**9, 500 * 10**9, ("VB_ALARMS",), "failed"),
    ],
)
def test_what_is_low_and_what_is_full(
    free: int, size: int, failed: tuple[str, ...], condition: str
) -> None:
    assert state_of(free, size, failed).condition == condition


def test_what_is_no_word_of_a_disk_is_none() -> None:
    assert heard("vb.live.store.site.node-1.all", b"{") is None
    assert heard("vb.live.store.site.node-1.all", b'{"condition":"odd","free":1,"size":1}') is None
    assert heard("vb.live.floor-beat.site.node-1.all", b"{}") is None
