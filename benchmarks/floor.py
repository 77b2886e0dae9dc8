"""How long a press waits for the floor: 30 desks' real links, the arbiter in a process of its own.

Control, in the same run, over the same server and the same TLS: as many bytes asked of an echo
that decides nothing, from the same processes. Then the arbiter is killed (``kill -9``) while a
desk goes on asking and another process waits for the lease: the time to the next grant.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.process
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import nats
from nats.aio.msg import Msg

from benchmarks.figures import quantile
from console.domain import floor_messages as fm
from console.domain.events import TalkgroupDefined
from console.site.address import SiteAddress, SiteError, SitePlace
from console.site.log.client import inbox_of, tls_options
from console.site.log.link import SiteLink
from console.site.log.logstore import ensure_streams
from console.site.log.spoken import SPOKEN
from console.site.node.papers import Papers, new_change
from console.site.node.runner import ServiceRunner
from console.site.node.server import NatsServer, ServerConfig, free_port, new_name, url_of
from console.site.node.service import LEASE_TICK_S, TICK_S
from console.site.security import identity
from console.site.security.members import Member
from console.site.security.pki import key_pem, new_generation, new_key, request_pem
from console.site.services.floor import FloorService
from console.site.services.leasekeeper import LeaseKeeper
from console.site.services.service import NodeContext
from console.site.visit import visit

NAME: Final = "floor"
LOOPBACK: Final = "127.0.0.1"
DESKS: Final = 30
PROCESSES: Final = 3
PAUSE_S: Final = 1.0  # between two presses of a desk, half more or less: a busy night
ECHO: Final = "bench-echo"
ASK_S: Final = 0.5
LEASED_S: Final = 1.0
PATIENCE_S: Final = 30.0
GROUP: Final = "bench"


def run(quick: bool) -> dict[str, Any]:
    """Figures of the floor and of its control."""
    desks, presses, kills = (6, 5, 2) if quick else (DESKS, 20, 5)
    with site(desks) as here:
        names = [f"d{number}" for number in range(desks)]
        figures = press_to_grant(here.address, names, presses, here.node)
        killed = arbiter_killed(here.address(names[0]), kills, here.kill, here.replace)
        return {
            "desks": desks,
            "presses": desks * presses,
            **figures,
            "arbiter_killed_ms": killed,
        }


def report(result: dict[str, Any]) -> str:
    lines = [
        f"{result['desks']} desks, {result['presses']} presses",
        f"{'':36}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}",
    ]
    for key, title in (
        ("press_to_grant", "press → grant"),
        ("echo", "  control: echo, same TLS"),
        ("arbiter_killed_ms", "arbiter killed → next grant"),
    ):
        row = result[key]
        lines.append(f"{title:36}{row['p50']:9.1f}{row['p99']:9.1f}{row['most']:9.1f}")
    ratio = result["press_to_grant"]["p50"] / result["echo"]["p50"]
    return "\n".join([*lines, f"the floor is {ratio:.2f} × its control (p50)"])


# --- press to grant ---------------------------------------------------------------------------


def press_to_grant(
    address_of: Callable[[str], SiteAddress],
    names: Sequence[str],
    presses: int,
    node: SiteAddress,
) -> dict[str, dict[str, float]]:
    """Each desk presses and lets go in a talkgroup of its own, all of them at once; and as often
    asks an echo, which answers as ``node``. Milliseconds."""
    addresses = [address_of(name) for name in names]
    define_groups(addresses[0], [f"{GROUP}{number}" for number in range(len(names))])
    echo = threading.Event()
    answering = threading.Thread(target=lambda: asyncio.run(_echo(node, echo)), daemon=True)
    answering.start()
    try:
        shares = [addresses[number::PROCESSES] for number in range(PROCESSES)]
        offsets = [list(range(len(names)))[number::PROCESSES] for number in range(PROCESSES)]
        work = [(share, at, presses) for share, at in zip(shares, offsets, strict=True) if share]
        with _processes(_press, work) as pipes:
            floors: list[float] = []
            echoes: list[float] = []
            for pipe in pipes:
                one, other = _told(pipe)
                floors += one
                echoes += other
    finally:
        echo.set()
        answering.join()
    return {"press_to_grant": figures(floors), "echo": figures(echoes)}


def _press(
    addresses: Sequence[SiteAddress], numbers: Sequence[int], presses: int, pipe: Connection
) -> None:
    links = [_link(address) for address in addresses]
    try:
        floors: list[float] = []
        echoes: list[float] = []
        hands = [
            threading.Thread(
                target=_hand,
                args=(link, (address.identity.name, f"{GROUP}{number}"), presses, (floors, echoes)),
            )
            for link, address, number in zip(links, addresses, numbers, strict=True)
        ]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        pipe.send((floors, echoes))
    finally:
        for link in links:
            link.stop()


def _hand(
    link: SiteLink, who: tuple[str, str], presses: int, told: tuple[list[float], list[float]]
) -> None:
    (me, group), (floors, echoes) = who, told
    _until_granted(link, me, group)
    for number in range(presses):
        press = f"{me}-{number:012}"
        request = fm.encode(fm.FloorRequest(press, me, 7))
        began_s = time.monotonic()
        answer = fm.decode(link.ask(fm.FLOOR, group, request, PATIENCE_S).result(), fm.FloorAnswer)
        floors.append((time.monotonic() - began_s) * 1_000)
        assert answer is not None
        assert answer.verdict == "granted", answer
        release = fm.encode(fm.FloorRelease(press, me))
        link.ask(fm.FLOOR, group, release, PATIENCE_S).result()
        _pause()
        began_s = time.monotonic()
        link.ask(ECHO, group, request, PATIENCE_S).result()
        echoes.append((time.monotonic() - began_s) * 1_000)
        _pause()


def _pause() -> None:
    """Before a press and before an echo alike: all that was awake by the one has gone to sleep."""
    time.sleep(PAUSE_S / 2 * random.uniform(0.5, 1.5))


def _until_granted(link: SiteLink, me: str, group: str) -> float:
    """Ask again and again, as a hand does. Returns when it was granted, and gives it back."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        press = f"{me}-{time.monotonic_ns():016}"
        try:
            payload = link.ask(fm.FLOOR, group, fm.encode(fm.FloorRequest(press, me, 7)), ASK_S)
            answer = fm.decode(payload.result(), fm.FloorAnswer)
        except SiteError:
            answer = None
        granted_s = time.monotonic()
        if answer is not None and answer.verdict == "granted":
            _give_back(link, me, group, press)
            return granted_s
        time.sleep(0.02)
    raise RuntimeError(f"{group} was not granted within {PATIENCE_S:.0f} s")


def _give_back(link: SiteLink, me: str, group: str, press: str) -> None:
    link.ask(fm.FLOOR, group, fm.encode(fm.FloorRelease(press, me)), ASK_S).result()


async def _echo(node: SiteAddress, ended: threading.Event) -> None:
    nc = await nats.connect(
        list(node.place.urls), inbox_prefix=inbox_of(node.identity), **tls_options(node.identity)
    )

    async def answer(msg: Msg) -> None:
        await nc.publish(msg.reply, msg.data, headers=SPOKEN)

    await nc.subscribe(f"vb.ask.{ECHO}.>", cb=answer)
    while not ended.is_set():
        await asyncio.sleep(0.05)
    await nc.close()


# --- the arbiter killed -----------------------------------------------------------------------


def arbiter_killed(
    address: SiteAddress, times: int, kill: Callable[[], None], replace: Callable[[], None]
) -> dict[str, float]:
    """``kill`` kills the arbiter while another waits for its place, ``replace`` brings one more.
    Milliseconds from the kill to the next grant, of a desk whose link was up."""
    link = _link(address)
    me = address.identity.name
    took_ms = []
    try:
        for _ in range(times):
            _until_granted(link, me, f"{GROUP}0")
            began_s = time.monotonic()
            kill()
            took_ms.append((_until_granted(link, me, f"{GROUP}0") - began_s) * 1_000)
            replace()
    finally:
        link.stop()
    return figures(took_ms)


# --- small words ------------------------------------------------------------------------------


def figures(values: Sequence[float]) -> dict[str, float]:
    """Of at least one value."""
    return {
        "p50": quantile(values, 0.50),
        "p99": quantile(values, 0.99),
        "most": max(values),
    }


def define_groups(address: SiteAddress, groups: Sequence[str]) -> None:
    with visit(address) as guest:
        for group in groups:
            guest.deliver(TalkgroupDefined(group, group))


def _link(address: SiteAddress) -> SiteLink:
    up = threading.Event()
    link = SiteLink(
        address,
        author=address.identity.name,
        spool=None,
        on_events=lambda _events: None,
        on_state=lambda state, _why: up.set() if state == "up" else None,
        on_said=lambda _subject, _payload: None,
        streams=(),
    )
    link.start()
    if not up.wait(PATIENCE_S):
        link.stop()
        raise RuntimeError("the site can't be reached")
    return link


@contextmanager
def _processes(
    target: Callable[..., None], work: Sequence[tuple[Any, ...]]
) -> Iterator[list[Connection]]:
    context = multiprocessing.get_context("spawn")
    pairs = [context.Pipe() for _ in work]
    running = [
        context.Process(target=target, args=(*given, theirs))
        for given, (_, theirs) in zip(work, pairs, strict=True)
    ]
    for one in running:
        one.start()
    try:
        yield [ours for ours, _ in pairs]
    finally:
        for one in running:
            one.join(PATIENCE_S)
            one.kill()


def _told(pipe: Connection) -> tuple[list[float], list[float]]:
    if not pipe.poll(PATIENCE_S * 4):
        raise RuntimeError("a process of the benchmark said nothing")
    told: tuple[list[float], list[float]] = pipe.recv()
    return told


class Site:
    """A real server with members of its own, and two processes that may be its arbiter."""

    def __init__(self, home: Path, members: int) -> None:
        self._folder = home / "site"
        self._home = home
        self._papers = Papers.open(self._folder, "bench")
        port = free_port(LOOPBACK)
        self.place = SitePlace((url_of(LOOPBACK, port),), "bench", self._papers.authority.site_id)
        self.node = SiteAddress(self.place, self._papers.node)
        for number in range(members):
            self._enrol(f"d{number}")
        papers = self._papers
        config = ServerConfig(
            self._folder,
            LOOPBACK,
            port,
            new_name(),
            papers.server,
            papers.user(papers.node),
            papers.user(papers.system),
            tuple(papers.members.present()),
        )
        self._server = NatsServer(config, papers.node)
        self._arbiters: list[multiprocessing.process.BaseProcess] = []

    def _enrol(self, name: str) -> None:
        member = Member(name, "operator", new_generation(), new_change())
        self._papers.change(member)
        key = new_key()
        identity.save(
            self._home / "members" / name,
            key=key_pem(key),
            certificate=self._papers.authority.issue_member(member.named, request_pem(key)),
            ca=self._papers.authority.pem,
            place=self.place,
        )

    def address(self, name: str) -> SiteAddress:
        found = identity.load(self._home / "members" / name)
        assert found is not None
        return SiteAddress(self.place, found)

    def start(self) -> None:
        self._server.start()
        asyncio.run(ensure_streams(self.node))
        for _ in range(2):
            self._wait_for_lease()

    def _wait_for_lease(self) -> None:
        """One more process that takes the lease, or is there for it."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        folder = self._home / f"arbiter{len(self._arbiters)}-{time.monotonic_ns()}"
        members = tuple(self._papers.members.present())
        one = context.Process(target=_arbiter, args=(self.node, folder, members, theirs))
        one.start()
        self._arbiters.append(one)
        if not ours.poll(PATIENCE_S):
            raise RuntimeError("an arbiter does not come up")

    def kill(self) -> None:
        """Who holds the lease; another one waits for it, and a third is there for the next time
        when that is done."""
        holder = self._arbiters.pop(0)
        holder.kill()
        holder.join()

    def replace(self) -> None:
        self._wait_for_lease()

    def stop(self) -> None:
        for one in self._arbiters:
            one.kill()
            one.join()
        self._server.stop()


def _arbiter(
    node: SiteAddress, folder: Path, members: tuple[Member, ...], pipe: Connection
) -> None:
    """As a site's process runs it; until it is killed."""
    folder.mkdir()
    context = NodeContext(node, folder, lambda: members, lambda _member: None)
    lease = LeaseKeeper(lambda: node, f"{node.identity.name}-{os.getpid()}")
    runner = ServiceRunner([], [lambda epoch: FloorService(context, epoch)], lease)
    runner.start()
    time.sleep(LEASED_S)  # the first of them holds it by now
    pipe.send("ready")
    while True:
        runner.tick(members_changed=False)
        for _ in range(round(TICK_S / LEASE_TICK_S)):
            time.sleep(LEASE_TICK_S)
            runner.follow_lease()


@contextmanager
def site(members: int) -> Iterator[Site]:
    """``d0`` … are operators of it."""
    with tempfile.TemporaryDirectory(prefix="vaktbord-bench-") as folder:
        one = Site(Path(folder), members)
        try:
            one.start()
            yield one
        finally:
            one.stop()
