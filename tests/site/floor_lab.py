"""A site's arbiter on a real server, and keys that ask it over real links."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from console.domain import floor_messages as fm
from console.domain.floor_state import Level, Policy
from console.site.address import SiteAddress
from console.site.log.link import SiteLink
from console.site.services.floor import FloorService
from console.site.services.service import NodeContext
from tests.site.conftest import Server, wait_for

ASK_S = 5.0


def arbiter(server: Server, epoch: int = 1, policy: Policy | None = None) -> FloorService:
    """Not started."""
    context = NodeContext(
        server.address,
        server.folder,
        lambda: tuple(server.papers.members.present()),
        server.papers.change,
    )
    return FloorService(context, epoch, policy)


class Key:
    """One desk's key: what it asks, and all that it is told. Thread-safe."""

    def __init__(self, address: SiteAddress, program: str = "") -> None:
        name = address.identity.name
        self.author = f"{name}_{program}" if program else name
        self.told: list[fm.FloorAnswer] = []
        self.changes: list[fm.FloorChange] = []
        self.beats: list[fm.FloorBeat] = []
        self.epoch = 0
        self._up = threading.Event()
        self._held: set[str] = set()
        self.link = SiteLink(
            address,
            author=self.author,
            spool=None,
            on_events=lambda _events: None,
            on_state=lambda state, _why: self._up.set() if state == "up" else self._up.clear(),
            on_said=self._said,
            streams=(),
        )

    def start(self) -> Key:
        self.link.start()
        return self

    def wait_up(self) -> None:
        assert self._up.wait(20.0)

    def ask(self, group: str, asked: fm.FloorAsk) -> fm.FloorAnswer:
        payload = self.link.ask(fm.FLOOR, group, fm.encode(asked), ASK_S).result()
        answer = fm.decode(payload, fm.FloorAnswer)
        assert answer is not None
        self._take(answer)
        return answer

    def press(self, group: str, number: int = 1, level: Level = "normal") -> fm.FloorAnswer:
        return self.ask(group, fm.FloorRequest(self.id(number), self.author, 77, level))

    def renew(self, group: str, number: int = 1, spoken_ms: int = 0) -> fm.FloorAnswer:
        held = self.id(number) in self._held
        return self.ask(
            group,
            fm.FloorRenew(self.id(number), self.author, 77, held=held, spoken_ms=spoken_ms),
        )

    def release(self, group: str, number: int = 1) -> fm.FloorAnswer:
        return self.ask(group, fm.FloorRelease(self.id(number), self.author))

    def id(self, number: int) -> str:
        return f"{self.author}-{number:08}"

    def verdict(self) -> str:
        """The last word."""
        return self.told[-1].verdict if self.told else ""

    def _said(self, subject: str, payload: bytes) -> None:
        token = subject.split(".")[2]
        answer = fm.decode(payload, fm.FloorAnswer) if subject.startswith("vb.to.") else None
        if answer is not None:
            self._take(answer)
        elif token == fm.STATE and (change := fm.decode(payload, fm.FloorChange)):
            self.changes.append(change)
        elif token == fm.BEAT and (beat := fm.decode(payload, fm.FloorBeat)):
            self.beats.append(beat)
            self.epoch = beat.epoch

    def _take(self, answer: fm.FloorAnswer) -> None:
        self.told.append(answer)
        if answer.verdict == "granted":
            self._held.add(answer.press)
        else:
            self._held.discard(answer.press)


class Holding:
    """Renews keys' presses, as desks do, until it is left."""

    def __init__(self, group: str, *keys: Key) -> None:
        self.keys = list(keys)
        self._group = group
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Holding:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _renew(self) -> None:
        began_s = time.monotonic()
        while not self._ended.wait(fm.RENEW_S / 2):
            for key in tuple(self.keys):
                if key.verdict() not in ("granted", "queued", "settling"):
                    continue
                spoken_ms = round((time.monotonic() - began_s) * 1_000)
                payload = fm.encode(
                    fm.FloorRenew(
                        key.id(1), key.author, 77, held=key.id(1) in key._held, spoken_ms=spoken_ms
                    )
                )
                future = key.link.ask(fm.FLOOR, self._group, payload, ASK_S)
                future.add_done_callback(lambda done, key=key: _taken(done, key))  # type: ignore[misc]


def _taken(done: object, key: Key) -> None:
    if done.exception() is None:  # type: ignore[attr-defined]  # else it asks again
        answer = fm.decode(done.result(), fm.FloorAnswer)  # type: ignore[attr-defined]
        if answer is not None:
            key._take(answer)


def keys_of(server: Server, names: list[str], spool: Path | None = None) -> list[Key]:
    """Enrolled operators, their links up."""
    addresses = [server.enrol(name) for name in names]
    server.reload()
    keys = [Key(address).start() for address in addresses]
    for key in keys:
        key.wait_up()
    return keys


def wait_verdict(key: Key, verdict: str) -> None:
    wait_for(lambda: key.verdict() == verdict, f"{key.author}: {verdict}, not {key.told[-3:]}")
