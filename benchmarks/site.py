"""How fast an event reaches every desk: real server, thirty real links in processes of five.

Positions are published at a rate and alarms among them; each desk notes when its state has them,
and at the end what it knows: every unit's last position and every alarm must be there. (That five
links share a process is no help to them: they share its one core's worth of Python.) A desk that
dies is timed until another knows. Controls, in the same run and on the same server: as many bytes
at the same rate over plain core NATS and, for the alarms, to a plain JetStream stream, received and
thrown away; and core NATS there and back. What a link adds: the outbox on disk, validation,
batching of positions (50 ms by design) and ``apply_all``.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from benchmarks import floor
from benchmarks.figures import quantile
from console import garbage
from console.domain.events import AlarmRaised, AlarmTaken, Event, Position, UnitMoved
from console.domain.presence import Presence
from console.domain.state import State, apply_all
from console.site.address import LinkState, SiteAddress, SitePlace
from console.site.log.client import inbox_of, tls_options
from console.site.log.handing_over import LOG_MOVE_S
from console.site.log.link import SiteLink
from console.site.log.logstore import ensure_streams
from console.site.node.papers import Papers, local_folder
from console.site.node.server import NatsServer, ServerConfig, free_port, new_name, url_of
from console.site.security import identity

NAME: Final = "site"
LOOPBACK: Final = "127.0.0.1"
STEP_S: Final = 0.01
ALARM_EVERY: Final = 10  # steps
UNITS: Final = 2_000
LATE_S: Final = 20.0
"""So long after the last was sent they may still arrive."""
PATIENCE_S: Final = 60.0
CONTROL_LIVE: Final = "bench.live"
CONTROL_LOG: Final = "bench.log"
CONTROL_STREAM: Final = "BENCH"
CONTROL_ECHO: Final = "bench.echo"
ROUND_TRIPS: Final = 500
PAYLOAD_BYTES: Final = 250

PER_PROCESS: Final = 5
SAMPLED: Final = "048CGMRW"
"""Of the positions those are timed whose id ends so, a quarter; all are counted."""


class Heard:
    """What one desk had: when (event id or number, monotonic ns), and what it knows at the end."""

    def __init__(self) -> None:
        self.last: dict[str, float] = {}
        self.begin()

    def begin(self) -> None:
        """What was there before is not counted."""
        self.times: list[tuple[str, int]] = []
        self.moves = 0
        self.others = 0


Told = tuple[list[Heard], float]
"""Of one process: what each of its desks heard, and its CPU seconds."""


def run(quick: bool) -> dict[str, Any]:
    """Figures of the links and of the controls."""
    links, rate, seconds = (10, 500, 3) if quick else (30, 2_000, 10)
    with tempfile.TemporaryDirectory(prefix="vaktbord-bench-") as name:
        folder = Path(name)
        papers = Papers.open(folder, "bench")
        config = ServerConfig(
            folder,
            LOOPBACK,
            free_port(LOOPBACK),
            new_name(),
            papers.server,
            papers.user(papers.node),
            papers.user(papers.system),
            tuple(papers.members.present()),
        )
        server = NatsServer(config, papers.node)
        server.start()
        try:
            place = SitePlace((url_of(LOOPBACK, config.port),), "bench", papers.authority.site_id)
            address = SiteAddress(place, papers.node)
            position = identity.load(local_folder(folder, "operator"))
            assert position is not None
            member = SiteAddress(place, position)
            asyncio.run(ensure_streams(address))
            asyncio.run(_ensure_control_stream(address))
            with _gateway(member, folder / "spool") as gateway:
                publish = partial(_publish, gateway, rate, seconds)
                desks = _measure(links, _desk, member, publish)
            plain = partial(_publish_plain, address, rate, seconds)
            control = _measure(links, _listener, address, plain)
            there_and_back = _measure(1, _echo, address, partial(_there_and_back, address))
            dead_ms = _time_a_dead_desk(member)
        finally:
            server.stop()
    return {
        "links": links,
        "rate_per_s": rate,
        "seconds": seconds,
        "positions": _figures(desks, "move", seconds),
        "positions_control": _figures(control, "move", seconds),
        "alarms": _figures(desks, "alarm", seconds),
        "alarms_control": _figures(control, "alarm", seconds),
        "round_trip": _round_trip(there_and_back[0].round_trips_ms),
        "dead_desk_ms": dead_ms,
        "last_positions": _last_positions(desks),
        "floor": floor.run(quick),
    }


def report(result: dict[str, Any]) -> str:
    lines = [
        f"{result['links']} links, {result['rate_per_s']} position updates/s for "
        f"{result['seconds']} s; published → applied",
        f"{'':28}{'p50 ms':>9}{'p99 ms':>9}{'arrived':>14}{'core %/link':>13}",
    ]
    for name, title in _TITLES.items():
        row = result[name]
        line = f"{title:28}{row['p50_ms']:9.1f}{row['p99_ms']:9.1f}"
        if "arrived" in row:
            line += f"{row['arrived']:>7}/{row['expected']:<6}{row['core_percent']:13.1f}"
        lines.append(line)
    right, of = result["last_positions"]
    lines.append(f"Units whose last position all desks know: {right} of {of}.")
    lines.append(f"A desk that was killed is shown away after {result['dead_desk_ms']:.0f} ms.")
    return "\n".join([*lines, *_ratios(result), "", floor.report(result["floor"])])


_TITLES: Final = {
    "positions": "positions (batched)",
    "positions_control": "  control: core NATS",
    "alarms": "alarms (outbox, JetStream)",
    "alarms_control": "  control: plain JetStream",
    "round_trip": "  control: there and back",
}


def _ratios(result: dict[str, Any]) -> list[str]:
    alarm, plain = result["alarms"], result["alarms_control"]
    cpu = result["positions"]["core_percent"] / result["positions_control"]["core_percent"]
    p50, p99 = (alarm[name] / plain[name] for name in ("p50_ms", "p99_ms"))
    trips = alarm["p50_ms"] / result["round_trip"]["p50_ms"]
    return [
        f"A link costs {cpu:.1f} × the CPU of its control.",
        f"An alarm takes {p50:.1f} × (p99 {p99:.1f} ×) as long as plain JetStream, and "
        f"{trips:.1f} × as long as a message there and back.",
    ]


class _Sent:
    """When each event was published, by kind."""

    def __init__(self) -> None:
        self.at: dict[str, dict[str, int]] = {"move": {}, "alarm": {}}
        self.round_trips_ms: list[float] = []
        self.last: dict[str, float] = {}


def _measure(
    count: int,
    body: Callable[[SiteAddress, range, Connection], None],
    address: SiteAddress,
    publish: Callable[[], _Sent],
) -> tuple[_Sent, list[Told]]:
    """Start the receivers, publish, collect what each process heard."""
    context = multiprocessing.get_context("spawn")
    shares = [range(n, min(n + PER_PROCESS, count)) for n in range(0, count, PER_PROCESS)]
    pipes = [context.Pipe() for _ in shares]
    processes = [
        context.Process(target=body, args=(address, share, theirs), name=f"bench-{share.start}")
        for share, (_, theirs) in zip(shares, pipes, strict=True)
    ]
    try:
        for process in processes:
            process.start()
        for ours, _ in pipes:
            _expect(ours, "ready")
        sent = publish()
        others = sum(len(at) for kind, at in sent.at.items() if kind != "move")
        for ours, _ in pipes:
            ours.send((len(sent.at["move"]), others))
        return sent, [_receive(ours) for ours, _ in pipes]
    finally:
        for process in processes:
            process.join(PATIENCE_S)
            if process.is_alive():
                process.kill()
                process.join()
        for pair in pipes:
            for end in pair:
                end.close()


def _expect(pipe: Connection, word: str) -> None:
    if not pipe.poll(PATIENCE_S) or pipe.recv() != word:
        raise RuntimeError(f"a benchmark process did not say {word!r}")


def _receive(pipe: Connection) -> Told:
    if not pipe.poll(PATIENCE_S):
        raise RuntimeError("a benchmark process did not report")
    told: Told = pipe.recv()
    return told


# -- the desks ----------------------------------------------------------------------------


def _desk(address: SiteAddress, numbers: range, pipe: Connection) -> None:
    garbage.set_code_aside()  # as a desk does
    heard = [Heard() for _ in numbers]
    links = [
        _link(address, f"desk-{number}", _Listening(one))
        for number, one in zip(numbers, heard, strict=True)
    ]
    for link in links:
        link.start()
    try:
        if all(link.wait_caught_up(PATIENCE_S) for link in links):
            for one in heard:
                one.begin()
            _until_told(pipe, heard)
    finally:
        for link in links:
            link.stop()


class _Listening:
    """A desk's state, and when it had what."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._state = State()

    def __call__(self, events: Sequence[Event]) -> None:
        self._state = apply_all(self._state, events)
        now = time.monotonic_ns()
        heard = self._heard
        for event in events:
            if not isinstance(event.body, UnitMoved):
                heard.times.append((event.id, now))
                heard.others += 1
                continue
            heard.moves += 1
            known = self._state.units[event.body.unit].position
            heard.last[event.body.unit] = known.lat if known is not None else 0.0
            if event.id[-1] in SAMPLED:
                heard.times.append((event.id, now))


def _until_told(pipe: Connection, heard: list[Heard]) -> None:
    before = time.process_time()
    pipe.send("ready")
    moves, others = pipe.recv()
    deadline = time.monotonic() + LATE_S
    while time.monotonic() < deadline and not all(_has_all(one, moves, others) for one in heard):
        time.sleep(STEP_S)
    pipe.send((heard, time.process_time() - before))


def _has_all(heard: Heard, moves: int, others: int) -> bool:
    return heard.moves >= moves and heard.others >= others


@contextlib.contextmanager
def _gateway(address: SiteAddress, spool: Path) -> Iterator[SiteLink]:
    """What says where units are. Each has said it once, one after the other: desks find them when
    they come, and the next words for the log are as spread as on any other day."""
    link = _link(address, "net", lambda _events: None, live=False, spool=spool)
    link.start()
    try:
        link.wait_caught_up(PATIENCE_S)
        for _, unit in _paced(round(UNITS / LOG_MOVE_S), LOG_MOVE_S):
            link.publish(UnitMoved(unit=f"u{unit}", position=Position(59.0, 10.0)))
        yield link
    finally:
        link.stop()


def _publish(link: SiteLink, rate: int, seconds: int) -> _Sent:
    sent = _Sent()
    for step, unit in _paced(rate, seconds):
        position = Position(60.0 + step / 1e6, 10.0)
        now = time.monotonic_ns()
        sent.at["move"][link.publish(UnitMoved(unit=f"u{unit}", position=position))] = now
        sent.last[f"u{unit}"] = position.lat
        if step % (rate // 100 * ALARM_EVERY) == 0:
            now = time.monotonic_ns()
            raised = link.publish(AlarmRaised(alarm=f"A{step}", unit=f"u{unit}"))
            sent.at["alarm"][raised] = now
            answer = link.publish(AlarmTaken(alarm=f"A{step}"), cause=raised)
            sent.at.setdefault("answer", {})[answer] = time.monotonic_ns()
    return sent


def _link(
    address: SiteAddress,
    author: str,
    on_events: Callable[[Sequence[Event]], None],
    *,
    live: bool = True,
    spool: Path | None = None,
    label: str = "",
    on_presence: Callable[[Presence], None] | None = None,
) -> SiteLink:
    def on_state(_state: LinkState, _sentence: str) -> None:
        """Whether it came up shows in ``wait_caught_up``."""

    return SiteLink(
        address,
        author=f"{address.identity.name}_{author}",
        spool=spool,
        on_events=on_events,
        on_state=on_state,
        live=live,
        label=label,
        on_presence=on_presence,
    )


# -- the controls -------------------------------------------------------------------------


async def _connect(address: SiteAddress) -> Client:
    return await nats.connect(
        address.url, inbox_prefix=inbox_of(address.identity), **tls_options(address.identity)
    )


async def _ensure_control_stream(address: SiteAddress) -> None:
    nc = await _connect(address)
    await nc.jetstream().add_stream(name=CONTROL_STREAM, subjects=[CONTROL_LOG])
    await nc.close()


def _listener(address: SiteAddress, numbers: range, pipe: Connection) -> None:
    asyncio.run(_listen(address, len(numbers), pipe))


async def _listen(address: SiteAddress, count: int, pipe: Connection) -> None:
    heard = [Heard() for _ in range(count)]
    clients = [await _listen_as(address, one) for one in heard]
    await asyncio.to_thread(_until_told, pipe, heard)
    for nc in clients:
        await nc.close()


async def _listen_as(address: SiteAddress, heard: Heard) -> Client:
    async def on_live(message: Msg) -> None:
        heard.moves += 1
        if message.data[25:26].decode() in SAMPLED:
            heard.times.append((message.data[:26].decode(), time.monotonic_ns()))

    async def on_logged(message: Msg) -> None:
        heard.others += 1
        heard.times.append((message.data[:26].decode(), time.monotonic_ns()))

    nc = await _connect(address)
    await nc.subscribe(CONTROL_LIVE, cb=on_live)
    await nc.jetstream().subscribe(CONTROL_LOG, cb=on_logged, ordered_consumer=True)
    await nc.flush()
    return nc


def _publish_plain(address: SiteAddress, rate: int, seconds: int) -> _Sent:
    return asyncio.run(_publish_plainly(address, rate, seconds))


async def _publish_plainly(address: SiteAddress, rate: int, seconds: int) -> _Sent:
    """As many messages as :func:`_publish`: an alarm is two of the log."""
    sent = _Sent()
    nc = await _connect(address)
    js = nc.jetstream()
    logging: list[asyncio.Future[Any]] = []
    started = time.monotonic()
    for step in range(int(seconds / STEP_S)):
        for n in range(rate // 100):
            key = f"{step * rate // 100 + n:026}"
            sent.at["move"][key] = time.monotonic_ns()
            await nc.publish(CONTROL_LIVE, _filled(key))
        if step % ALARM_EVERY == 0:
            for kind, key in (("alarm", f"A{step:025}"), ("answer", f"T{step:025}")):
                sent.at.setdefault(kind, {})[key] = time.monotonic_ns()
                logging.append(asyncio.ensure_future(js.publish(CONTROL_LOG, _filled(key))))
        await asyncio.sleep(max(0.0, started + (step + 1) * STEP_S - time.monotonic()))
    await asyncio.gather(*logging)
    await nc.close()
    return sent


def _filled(key: str) -> bytes:
    return key.encode().ljust(PAYLOAD_BYTES, b".")


def _echo(address: SiteAddress, _numbers: range, pipe: Connection) -> None:
    asyncio.run(_answer_all(address, pipe))


async def _answer_all(address: SiteAddress, pipe: Connection) -> None:
    async def on_message(message: Msg) -> None:
        await message.respond(message.data)

    nc = await _connect(address)
    await nc.subscribe(CONTROL_ECHO, cb=on_message)
    await nc.flush()
    await asyncio.to_thread(_until_told, pipe, [])
    await nc.close()


def _there_and_back(address: SiteAddress) -> _Sent:
    return asyncio.run(_go_there_and_back(address))


async def _go_there_and_back(address: SiteAddress) -> _Sent:
    sent = _Sent()
    nc = await _connect(address)
    for number in range(ROUND_TRIPS):
        started = time.monotonic_ns()
        await nc.request(CONTROL_ECHO, _filled(f"{number:026}"), timeout=PATIENCE_S)
        sent.round_trips_ms.append((time.monotonic_ns() - started) / 1e6)
    await nc.close()
    return sent


# -- figures ------------------------------------------------------------------------------


def _paced(rate: int, seconds: float) -> Iterator[tuple[int, int]]:
    """(number, unit) at the rate, in steps of ``STEP_S``."""
    started = time.monotonic()
    number = 0
    for step in range(int(seconds / STEP_S)):
        for _ in range(rate // 100):
            yield number, number % UNITS
            number += 1
        time.sleep(max(0.0, started + (step + 1) * STEP_S - time.monotonic()))


def _figures(measured: tuple[_Sent, list[Told]], kind: str, seconds: int) -> dict[str, float]:
    sent, processes = measured
    at = sent.at[kind]
    desks = [heard for told, _ in processes for heard in told]
    delays = [(now - at[key]) / 1e6 for one in desks for key, now in one.times if key in at]
    cpu = sum(cpu_s for _, cpu_s in processes) / len(desks)
    return {
        "p50_ms": quantile(delays, 0.50),
        "p99_ms": quantile(delays, 0.99),
        "arrived": sum(one.moves for one in desks) if kind == "move" else len(delays),
        "expected": len(at) * len(desks),
        "core_percent": 100 * cpu / seconds,
    }


def _last_positions(measured: tuple[_Sent, list[Told]]) -> tuple[int, int]:
    """How many units every desk has where they were last, and of how many."""
    sent, processes = measured
    desks = [heard for told, _ in processes for heard in told]
    right = sum(all(one.last.get(unit) == lat for one in desks) for unit, lat in sent.last.items())
    return right, len(sent.last)


# -- a desk that dies ---------------------------------------------------------------------


def _time_a_dead_desk(address: SiteAddress) -> float:
    """Milliseconds from its kill -9 until it is shown away."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_be_here, args=(address, theirs), name="bench-dying")
    dying = f"{address.identity.name}_dying"
    present: Presence = {}

    def on_presence(now: Presence) -> None:
        nonlocal present
        present = now

    link = _link(
        address, "watching", lambda _events: None, label="watching", on_presence=on_presence
    )  # who says nothing itself hears nobody when the other is gone, and takes itself for cut off
    link.start()
    try:
        process.start()
        _until(lambda: dying in present)
        process.kill()
        killed = time.monotonic_ns()
        _until(lambda: dying not in present)
        return (time.monotonic_ns() - killed) / 1e6
    finally:
        process.kill()
        process.join()
        link.stop()
        ours.close()
        theirs.close()


def _be_here(address: SiteAddress, pipe: Connection) -> None:
    link = _link(address, "dying", lambda _events: None, label="dying")
    link.start()
    pipe.poll(None)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("a benchmark's desk was not seen to come or go")
        time.sleep(0.005)


def _round_trip(times_ms: Sequence[float]) -> dict[str, float]:
    return {"p50_ms": quantile(times_ms, 0.50), "p99_ms": quantile(times_ms, 0.99)}
