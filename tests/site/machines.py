"""Machines that are nodes of one site, each a home and an address of its own, sharing no folder:
everything goes by the commands that a person would type, in processes of their own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from console.domain.roles import MemberRole
from console.site.address import SiteAddress, SitePlace
from console.site.node.nodes import Nodes, nodes_file
from console.site.node.papers import local_folder
from console.site.node.process import (
    find_address,
    find_node,
    read_site_file,
    site_folder,
    stop_site,
)
from console.site.node.server import end_orphan
from console.site.security import identity
from tests import netlab

from .conftest import wait_for

ROOT = Path(__file__).resolve().parents[2]
FORM_S = 60.0
COMMAND_S = 60.0


class Machine:
    """``host``: the namespace it runs in, None: this one, told apart by its loopback address."""

    def __init__(self, path: Path, address: str, host: netlab.Host | None = None) -> None:
        self.path = path
        self.address = address
        self.host = host
        self.folder = site_folder(path)
        self.process: subprocess.Popen[bytes] | None = None

    def inside(self) -> contextlib.AbstractContextManager[None]:
        return self.host.inside() if self.host is not None else contextlib.nullcontext()

    def _line(self, *words: str) -> list[str]:
        where = [] if self.host is not None else ["--interface", self.address]
        line = [sys.executable, "-m", "console.cli", *words, "--home", str(self.path), *where]
        if self.host is not None:
            line = ["ip", "netns", "exec", self.host.namespace, *line]
        return line

    def run(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """A command to its end."""
        return subprocess.run(
            self._line(*words),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=COMMAND_S,
            check=False,
            env=environment(),
        )

    def start(self, *words: str, code: str = "") -> Machine:
        """``vaktbord site``; ``code`` is what is typed when it asks for one."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "site.out").open("wb") as out:
            self.process = subprocess.Popen(
                self._line("site", *words),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env=environment(),
            )
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self.process.stdin as typed:
            typed.write(code.encode())
        return self

    def wait_running(self) -> Machine:
        def answers() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, (self.path / "site.out").read_text()
            known = read_site_file(self.path)
            if known is None or known.pid != self.process.pid:
                return False  # of before
            with self.inside():
                return find_address(self.path) is not None

        wait_for(answers, "the node to answer", FORM_S)
        return self

    def code(self) -> str:
        """That this machine shows for a new node."""
        shown = self.run("enrol", "--role", "node")
        assert shown.returncode == 0, shown.stderr
        found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", shown.stdout)
        assert found is not None
        return found[0]

    @property
    def door(self) -> str:
        return f"https://{self.address}:{(self.folder / 'door').read_text()}"

    def join(self, first: Machine) -> Machine:
        """Become a node of the site that ``first`` is one of, and go on as that. In a namespace it
        looks for the site itself."""
        door = [] if self.host is not None else ["--door", first.door]
        return self.start("--join", *door, code=first.code())

    @property
    def name(self) -> str:
        """As which node."""
        ours = identity.load(self.folder / "node")
        assert ours is not None
        return ours.name

    @property
    def nodes(self) -> Nodes:
        return Nodes.load(nodes_file(self.folder))

    @property
    def is_clustered(self) -> bool:
        conf = self.folder / "nats.conf"
        return conf.exists() and "cluster {" in conf.read_text()

    def kill(self) -> None:
        """The whole machine: the site's process and its server."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((self.folder / "server.pid").read_text()), signal.SIGKILL)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        stop_site(self.path)
        end_orphan(self.folder)

    def as_node(self) -> SiteAddress:
        with self.inside():
            found = find_node(self.path)
        assert found is not None
        return found

    def own_address(self, role: MemberRole = "operator") -> SiteAddress:
        """As this home's own desk, at any of the nodes."""
        known = read_site_file(self.path)
        ours = identity.load(local_folder(self.folder, role))
        assert known is not None
        assert ours is not None
        return SiteAddress(known.place, ours)

    def log(self) -> str:
        return (self.folder / "site.log").read_text()


def at_all(address: SiteAddress, machines: Sequence[Machine]) -> SiteAddress:
    """The same member, that knows the addresses of these nodes."""
    places = [read_site_file(one.path) for one in machines]
    urls = dict.fromkeys(one.place.url for one in places if one is not None)
    place = address.place
    return SiteAddress(SitePlace(tuple(urls), place.name, place.site), address.identity)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def machines(folder: Path, count: int) -> Iterator[list[Machine]]:
    """On loopback addresses of their own, so that many tests run side by side."""
    net = os.getpid() % 250 + 1
    made = [Machine(folder / f"machine-{n}", f"127.77.{net}.{n + 1}") for n in range(count)]
    with stopping(made):
        yield made


@contextlib.contextmanager
def machines_in_a_lan(folder: Path, count: int) -> Iterator[list[Machine]]:
    """Each in a network namespace of its own, on one bridge that leads nowhere else."""
    with netlab.lan(count) as hosts:
        made = [
            Machine(folder / f"machine-{n}", host.address, host) for n, host in enumerate(hosts)
        ]
        with stopping(made):
            yield made


@contextlib.contextmanager
def stopping(made: list[Machine]) -> Iterator[None]:
    try:
        yield
    finally:
        for one in made:
            one.stop()


def grown(made: list[Machine], while_two: Callable[[], None] = lambda: None) -> None:
    """The first is a site that runs; the others join it one after the other."""
    first, second, third = made
    second.join(first)
    wait_for(lambda: len(first.nodes.present) == 2, "the second to be known")
    second.wait_running()
    while_two()
    third.join(first)
    for one in made:
        wait_for(lambda one=one: one.is_clustered, "the cluster to form", FORM_S)  # type: ignore[misc]  # a default binds the loop's machine
        wait_for((one.folder / "moved").exists, "the log to be there", FORM_S)


def rows(machine: Machine) -> dict[str, dict[str, object]]:
    """``vaktbord site --nodes``."""
    shown = machine.run("site", "--nodes", "--json")
    assert shown.returncode == 0, shown.stderr
    found = msgspec.json.decode(shown.stdout)["nodes"]
    return {str(one["name"]): one for one in found}
