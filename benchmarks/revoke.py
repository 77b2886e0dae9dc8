"""How fast a member is out: from the command to its lost connection, and to the others' knowing.

A whole site with its real server and door; the desks enrol by codes, as people do. The control is
what no revocation can be faster than: the server reading its configuration again with no change.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from console.domain.events import Event, MemberRevoked
from console.site.address import LinkState, SiteAddress
from console.site.log.link import SiteLink
from console.site.node.control import reload
from console.site.node.options import SiteOptions
from console.site.node.service import SiteService
from console.site.security import identity
from console.site.security.codes import typed
from console.site.security.join import join
from console.site.services import enrolment
from console.site.services.asked import ask
from console.site.services.enrolment import CodeMade, NewCode, TakeOut

NAME: Final = "revoke"
LOOPBACK: Final = "127.0.0.1"
GOAL_S: Final = 2.0
PATIENCE_S: Final = 20.0


class Desk:
    """A link that notes when it was lost, and when it heard who was taken out."""

    def __init__(self, address: SiteAddress, spool: Path) -> None:
        self.up, self.lost = threading.Event(), threading.Event()
        self.lost_s = 0.0
        self.heard: dict[str, float] = {}
        self._link = SiteLink(
            address,
            author=address.identity.name,
            spool=spool,
            on_events=self._on_events,
            on_state=self._on_state,
        )
        self._link.start()

    def _on_events(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event.body, MemberRevoked):
                self.heard.setdefault(event.body.member, time.perf_counter())

    def _on_state(self, state: LinkState, _why: str) -> None:
        if state == "up":
            self.up.set()
        elif state == "down" and self.up.is_set() and not self.lost.is_set():
            self.lost_s = time.perf_counter()
            self.lost.set()

    def stop(self) -> None:
        self._link.stop()


def run(quick: bool) -> dict[str, Any]:
    desks, rounds = (4, 3) if quick else (10, 20)
    with tempfile.TemporaryDirectory(prefix="vaktbord-bench-") as name:
        return measure_revocation(Path(name), desks, rounds)


def measure_revocation(folder: Path, desks: int, rounds: int) -> dict[str, Any]:
    """Seconds. In each round one more desk comes in and is taken out, while the others stay."""
    lost: list[float] = []
    told: list[float] = []
    with _site(folder / "site") as place, ExitStack() as closing:
        node = _node(folder / "site", place)
        staying = [_desk(closing, folder, node, f"stays-{n}") for n in range(desks)]
        for number in range(rounds):
            name = f"leaves-{number}"
            leaving = _desk(closing, folder, node, name)
            begun = time.perf_counter()
            _ask_node(node, "revoke", TakeOut(name))
            if not leaving.lost.wait(PATIENCE_S):
                raise RuntimeError(f"{name} is still connected after {PATIENCE_S:.0f} s")
            lost.append(leaving.lost_s - begun)
            told += [_heard(one, name) - begun for one in staying]
            leaving.stop()
        control = [_reload_s(folder / "site", node) for _ in range(rounds)]
        kept = sum(not one.lost.is_set() for one in staying)
    figures = {"lost": _figures(lost), "told": _figures(told), "control": _figures(control)}
    return {"desks": desks, "rounds": rounds, "kept": kept, "goal_s": GOAL_S, **figures}


def report(result: dict[str, Any]) -> str:
    titles = {
        "lost": "taken out → disconnected",
        "told": "taken out → known at a desk",
        "control": "  control: configuration read again",
    }
    lines = [
        f"{result['rounds']} members taken out beside {result['desks']} that stay "
        f"({result['kept']} of them kept their connection); goal {result['goal_s']:g} s",
        f"{'':38}{'p50 s':>8}{'max s':>8}",
    ]
    for name, title in titles.items():
        row = result[name]
        lines.append(f"{title:38}{row['p50_s']:8.3f}{row['max_s']:8.3f}")
    return "\n".join(lines)


@contextmanager
def _site(home: Path) -> Iterator[SiteAddress]:
    service = SiteService(SiteOptions(home, "bench", LOOPBACK))
    address = service.start()
    turning = threading.Thread(target=service.run, name="bench-site")
    turning.start()
    try:
        yield address
    finally:
        service.stop.set()
        turning.join()
        service.close()


def _node(home: Path, address: SiteAddress) -> SiteAddress:
    ours = identity.load(home / "site" / "node")
    if ours is None:
        raise RuntimeError("the site has no certificate of its own")
    return SiteAddress(address.place, ours)


def _desk(closing: ExitStack, folder: Path, node: SiteAddress, name: str) -> Desk:
    made = msgspec.json.decode(_ask_node(node, "open", NewCode(name, "operator")), type=CodeMade)
    door = f"https://{LOOPBACK}:{made.door}"
    address, _ = join(folder / name, door, typed(made.code))
    desk = Desk(address, folder / name / "spool")
    closing.callback(desk.stop)
    if not desk.up.wait(PATIENCE_S):
        raise RuntimeError(f"{name} did not come in within {PATIENCE_S:.0f} s")
    return desk


def _ask_node(node: SiteAddress, key: str, question: msgspec.Struct) -> bytes:
    service = enrolment.at_node(node.identity.name)
    return ask(node, service, key, msgspec.json.encode(question))


def _heard(desk: Desk, name: str) -> float:
    deadline = time.monotonic() + PATIENCE_S
    while name not in desk.heard:
        if time.monotonic() > deadline:
            raise RuntimeError(f"a desk was not told of {name} within {PATIENCE_S:.0f} s")
        time.sleep(0.005)
    return desk.heard[name]


def _reload_s(home: Path, node: SiteAddress) -> float:
    system = identity.load(home / "site" / "system")
    if system is None:
        raise RuntimeError("the site has no certificate of its own")
    begun = time.perf_counter()
    reload(node.url, system)
    return time.perf_counter() - begun


def _figures(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {"p50_s": ordered[len(ordered) // 2], "max_s": ordered[-1]}
