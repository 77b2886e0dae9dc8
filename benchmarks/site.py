"""How fast an event reaches every desk: real server, real links, each its own process.

Positions are published at a rate and alarms among them; each desk notes when its state has them.
Control, in the same run: the same payloads at the same rate over plain core NATS, received and
thrown away. What a link adds is validation, batching (50 ms by design) and ``apply_all``.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import nats
from nats.aio.msg import Msg

from console.domain.events import AlarmRaised, AlarmTaken, Event, Position, UnitMoved
from console.domain.state import State, apply_all
from console.site.address import LinkState, SiteAddress
from console.site.link import SiteLink
from console.site.logstore import ensure_streams
from console.site.server import NatsServer, address_of, free_port, new_config

NAME: Final = "site"
LOOPBACK: Final = "127.0.0.1"
STEP_S: Final = 0.01
ALARM_EVERY: Final = 10  # steps
UNITS: Final = 2_000
SETTLE_S: Final = 2.0
PATIENCE_S: Final = 20.0
CONTROL_SUBJECT: Final = "bench.control"
PAYLOAD_BYTES: Final = 250

Heard = list[tuple[str, int]]
"""Event id (or number) and when this desk had it, monotonic ns."""


def run(quick: bool) -> dict[str, Any]:
    """Figures of the links and of the control."""
    links, rate, seconds = (2, 500, 3) if quick else (4, 2_000, 8)
    with tempfile.TemporaryDirectory(prefix="vaktbord-bench-") as folder:
        config = new_config(
            Path(folder), host=LOOPBACK, port=free_port(LOOPBACK), user="desk", password="bench"
        )
        server = NatsServer(config)
        server.start()
        try:
            address = address_of(config, "bench", insecure=False)
            asyncio.run(ensure_streams(address))
            desks = _measure(links, _desk, address, lambda: _publish(address, rate, seconds))
            control = _measure(
                links, _listener, address, lambda: _publish_plain(address, rate, seconds)
            )
        finally:
            server.stop()
    return {
        "links": links,
        "rate_per_s": rate,
        "seconds": seconds,
        "positions": _figures(desks, "move", seconds),
        "alarms": _figures(desks, "alarm", seconds),
        "control": _figures(control, "move", seconds),
    }


def report(result: dict[str, Any]) -> str:
    lines = [
        f"{result['links']} links, {result['rate_per_s']} position updates/s for "
        f"{result['seconds']} s; published → applied",
        f"{'':22}{'p50 ms':>9}{'p99 ms':>9}{'arrived':>12}{'core %/link':>13}",
    ]
    for name in ("positions", "alarms", "control"):
        row = result[name]
        lines.append(
            f"{_TITLES[name]:22}{row['p50_ms']:9.1f}{row['p99_ms']:9.1f}"
            f"{row['arrived']:>7}/{row['expected']:<6}{row['core_percent']:11.1f}"
        )
    ratio = result["positions"]["core_percent"] / max(result["control"]["core_percent"], 0.1)
    lines.append(f"A link costs {ratio:.1f} × the CPU of its control.")
    return "\n".join(lines)


_TITLES: Final = {
    "positions": "positions (batched)",
    "alarms": "alarms (JetStream)",
    "control": "control: core NATS",
}


class _Sent:
    """When each event was published, by kind."""

    def __init__(self) -> None:
        self.at: dict[str, dict[str, int]] = {"move": {}, "alarm": {}}


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


def _publish(address: SiteAddress, rate: int, seconds: int) -> _Sent:
    sent = _Sent()
    link = _link(address, "net", lambda _events: None, live=False)
    link.start()
    try:
        link.wait_caught_up(PATIENCE_S)
        for step, unit in _paced(rate, seconds):
            position = Position(60.0 + step / 1e6, 10.0)
            now = time.monotonic_ns()
            sent.at["move"][link.publish(UnitMoved(unit=f"u{unit}", position=position))] = now
            if unit % (rate // 100 * ALARM_EVERY) == 0:
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
) -> SiteLink:
    def on_state(_state: LinkState, _sentence: str) -> None:
        """Whether it came up shows in ``wait_caught_up``."""

    return SiteLink(
        address, author=author, spool=None, on_events=on_events, on_state=on_state, live=live
    )


# -- the control --------------------------------------------------------------------------


def _listener(address: SiteAddress, _number: int, pipe: Connection) -> None:
    asyncio.run(_listen(address, pipe))


async def _listen(address: SiteAddress, pipe: Connection) -> None:
    heard: Heard = []

    async def on_message(message: Msg) -> None:
        heard.append((message.data[:26].decode(), time.monotonic_ns()))

    nc = await nats.connect(address.url, user=address.user, password=address.password)
    await nc.subscribe(CONTROL_SUBJECT, cb=on_message)
    await nc.flush()
    await asyncio.to_thread(_until_told, pipe, heard)
    await nc.close()


def _publish_plain(address: SiteAddress, rate: int, seconds: int) -> _Sent:
    return asyncio.run(_publish_plainly(address, rate, seconds))


async def _publish_plainly(address: SiteAddress, rate: int, seconds: int) -> _Sent:
    sent = _Sent()
    nc = await nats.connect(address.url, user=address.user, password=address.password)
    started = time.monotonic()
    for step in range(int(seconds / STEP_S)):
        for n in range(rate // 100):
            key = f"{step * rate // 100 + n:026}"
            sent.at["move"][key] = time.monotonic_ns()
            await nc.publish(CONTROL_SUBJECT, key.encode().ljust(PAYLOAD_BYTES, b"."))
        await asyncio.sleep(max(0.0, started + (step + 1) * STEP_S - time.monotonic()))
    await nc.flush()
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


def _quantile(ordered: Sequence[float], q: float) -> float:
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")
