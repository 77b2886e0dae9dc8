"""How fast an event reaches every desk: real server, real links, each its own process.

Positions are published at a rate and alarms among them; each desk notes when its state has them.
Controls, in the same run and on the same server: as many bytes at the same rate over plain core
NATS and, for the alarms, to a plain JetStream stream, received and thrown away; and core NATS
there and back. What a link adds: the outbox on disk, validation, batching of positions (50 ms by
design) and ``apply_all``.
"""

from __future__ import annotations

import asyncio
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

from console.domain.events import AlarmRaised, AlarmTaken, Event, Position, UnitMoved
from console.domain.state import State, apply_all
from console.site.address import LinkState, SiteAddress, SitePlace
from console.site.log.client import inbox_of, tls_options
from console.site.log.link import SiteLink
from console.site.log.logstore import ensure_streams
from console.site.node.papers import Papers
from console.site.node.server import NatsServer, ServerConfig, free_port, new_name, url_of

NAME: Final = "site"
LOOPBACK: Final = "127.0.0.1"
STEP_S: Final = 0.01
ALARM_EVERY: Final = 10  # steps
UNITS: Final = 2_000
SETTLE_S: Final = 2.0
PATIENCE_S: Final = 20.0
CONTROL_LIVE: Final = "bench.live"
CONTROL_LOG: Final = "bench.log"
CONTROL_STREAM: Final = "BENCH"
CONTROL_ECHO: Final = "bench.echo"
ROUND_TRIPS: Final = 500
PAYLOAD_BYTES: Final = 250

Heard = list[tuple[str, int]]
"""Event id (or number) and when this desk had it, monotonic ns."""


def run(quick: bool) -> dict[str, Any]:
    """Figures of the links and of the controls."""
    links, rate, seconds = (2, 500, 3) if quick else (4, 2_000, 8)
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
        )
        server = NatsServer(config, papers.node)
        server.start()
        try:
            place = SitePlace((url_of(LOOPBACK, config.port),), "bench", papers.authority.site_id)
            address = SiteAddress(place, papers.node)
            asyncio.run(ensure_streams(address))
            asyncio.run(_ensure_control_stream(address))
            publish = partial(_publish, address, folder / "spool", rate, seconds)
            desks = _measure(links, _desk, address, publish)
            plain = partial(_publish_plain, address, rate, seconds)
            control = _measure(links, _listener, address, plain)
            there_and_back = _measure(1, _echo, address, partial(_there_and_back, address))
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
    return "\n".join([*lines, *_ratios(result)])


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


def _measure(
    count: int,
    body: Callable[[SiteAddress, int, Connection], None],
    address: SiteAddress,
    publish: Callable[[], _Sent],
) -> tuple[_Sent, list[tuple[Heard, float]]]:
    """Start the receivers, publish, collect (what each heard, its CPU seconds)."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(count)]
    processes = [
        context.Process(target=body, args=(address, n, theirs), name=f"bench-{n}")
        for n, (_, theirs) in enumerate(pipes)
    ]
    try:
        for process in processes:
            process.start()
        for ours, _ in pipes:
            _expect(ours, "ready")
        sent = publish()
        time.sleep(SETTLE_S)
        for ours, _ in pipes:
            ours.send("stop")
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


def _receive(pipe: Connection) -> tuple[Heard, float]:
    if not pipe.poll(PATIENCE_S):
        raise RuntimeError("a benchmark process did not report")
    heard, cpu_s = pipe.recv()
    return heard, cpu_s


# -- the desks ----------------------------------------------------------------------------


def _desk(address: SiteAddress, number: int, pipe: Connection) -> None:
    heard: Heard = []
    state = State()

    def on_events(events: Sequence[Event]) -> None:
        nonlocal state
        state = apply_all(state, events)
        now = time.monotonic_ns()
        heard.extend((event.id, now) for event in events)

    link = _link(address, f"desk-{number}", on_events)
    link.start()
    try:
        if link.wait_caught_up(PATIENCE_S):
            _until_told(pipe, heard)
    finally:
        link.stop()


def _until_told(pipe: Connection, heard: Heard) -> None:
    before = time.process_time()
    pipe.send("ready")
    pipe.recv()
    pipe.send((heard, time.process_time() - before))


def _publish(address: SiteAddress, spool: Path, rate: int, seconds: int) -> _Sent:
    sent = _Sent()
    link = _link(address, "net", lambda _events: None, live=False, spool=spool)
    link.start()
    try:
        link.wait_caught_up(PATIENCE_S)
        for step, unit in _paced(rate, seconds):
            position = Position(60.0 + step / 1e6, 10.0)
            now = time.monotonic_ns()
            sent.at["move"][link.publish(UnitMoved(unit=f"u{unit}", position=position))] = now
            if step % (rate // 100 * ALARM_EVERY) == 0:
                now = time.monotonic_ns()
                raised = link.publish(AlarmRaised(alarm=f"A{step}", unit="u1"))
                sent.at["alarm"][raised] = now
                link.publish(AlarmTaken(alarm=f"A{step}"), cause=raised)
    finally:
        link.stop()
    return sent


def _link(
    address: SiteAddress,
    author: str,
    on_events: Callable[[Sequence[Event]], None],
    *,
    live: bool = True,
    spool: Path | None = None,
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


def _listener(address: SiteAddress, _number: int, pipe: Connection) -> None:
    asyncio.run(_listen(address, pipe))


async def _listen(address: SiteAddress, pipe: Connection) -> None:
    heard: Heard = []

    async def on_message(message: Msg) -> None:
        heard.append((message.data[:26].decode(), time.monotonic_ns()))

    nc = await _connect(address)
    await nc.subscribe(CONTROL_LIVE, cb=on_message)
    await nc.jetstream().subscribe(CONTROL_LOG, cb=on_message, ordered_consumer=True)
    await nc.flush()
    await asyncio.to_thread(_until_told, pipe, heard)
    await nc.close()


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


def _echo(address: SiteAddress, _number: int, pipe: Connection) -> None:
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


def _paced(rate: int, seconds: int) -> Iterator[tuple[int, int]]:
    """(number, unit) at the rate, in steps of ``STEP_S``."""
    started = time.monotonic()
    number = 0
    for step in range(int(seconds / STEP_S)):
        for _ in range(rate // 100):
            yield number, number % UNITS
            number += 1
        time.sleep(max(0.0, started + (step + 1) * STEP_S - time.monotonic()))


def _figures(
    measured: tuple[_Sent, list[tuple[Heard, float]]], kind: str, seconds: int
) -> dict[str, float]:
    sent, desks = measured
    at = sent.at[kind]
    delays = sorted((now - at[key]) / 1e6 for heard, _ in desks for key, now in heard if key in at)
    cpu = sum(cpu_s for _, cpu_s in desks) / len(desks)
    return {
        "p50_ms": _quantile(delays, 0.50),
        "p99_ms": _quantile(delays, 0.99),
        "arrived": len(delays),
        "expected": len(at) * len(desks),
        "core_percent": 100 * cpu / (seconds + SETTLE_S),
    }


def _round_trip(times_ms: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times_ms)
    return {"p50_ms": _quantile(ordered, 0.50), "p99_ms": _quantile(ordered, 0.99)}


def _quantile(ordered: Sequence[float], q: float) -> float:
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")
