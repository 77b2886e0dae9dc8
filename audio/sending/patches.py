"""Patches: what is heard on one leg goes out on the others, as it came. On the mix thread.

Whoever has sent it on says so in the packet itself, as the contributing source of a mixer does
(RFC 3550 section 5.1), so that no packet goes in circles, whoever else patches the same groups.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from audio.protocol import (
    MAX_PATCHES,
    Event,
    KeepPatch,
    Patch,
    PatchChanged,
    PatchCommand,
    PatchFigures,
    Publish,
    StreamSpec,
    Unpatch,
)

LEASE_S: Final = 5.0  # after the last KeepPatch: who holds the patch has hung or gone


class PatchError(ValueError):
    """It can't be done. One sentence for a person."""


class Heard(Protocol):
    """What is asked of a stream that is listened to."""

    @property
    def spec(self) -> StreamSpec: ...

    def name_of(self, ssrc: int) -> str: ...

    def original_of(self, ssrc: int) -> int | None: ...


Relay = Callable[[int, int, int, bytes, float], object]
"""Sequence number, timestamp, SSRC, payload, arrival: as a tap."""


class Ears(Protocol):
    """What is asked of the pipeline."""

    def stream(self, name: str) -> Heard | None: ...

    def relay(self, stream: str, to: Relay | None) -> None: ...


class Mouth(Protocol):
    """What is asked of the transmitter."""

    def wish_of(self, publication: str) -> Publish | None: ...

    def is_ours(self, ssrc: int) -> bool: ...

    def send_on(self, publication: str, packet: SentOn) -> bool: ...


@dataclass(frozen=True, slots=True)
class SentOn:
    """A packet of somebody else's. ``source`` names him; ``name``, for people."""

    source: str
    name: str
    ssrc: int
    sequence: int
    timestamp: int
    payload: bytes


class _Leg:
    """One stream's packets, to the publications of the others."""

    def __init__(self, stream: str, to: tuple[str, ...], ears: Ears, mouth: Mouth) -> None:
        self._stream, self._to, self._ears, self._mouth = stream, to, ears, mouth
        self.packets = self.looped = self.lost = 0

    def __call__(
        self, sequence: int, timestamp: int, ssrc: int, payload: bytes, _now_ms: float
    ) -> None:
        heard = self._ears.stream(self._stream)
        if heard is None or self._mouth.is_ours(ssrc):
            return
        if heard.original_of(ssrc) is not None:
            self.looped += 1
            return
        source = f"{self._stream}:{ssrc}"
        one = SentOn(source, heard.name_of(ssrc), ssrc, sequence, timestamp, payload)
        for publication in self._to:
            if self._mouth.send_on(publication, one):
                self.packets += 1
            else:
                self.lost += 1


@dataclass(slots=True)
class _Patch:
    wish: Patch
    kept_s: float
    legs: list[_Leg] = field(default_factory=list)


class Patches:
    """``handle`` and ``look`` by one thread, with time given from outside."""

    def __init__(self, ears: Ears, mouth: Mouth, tell: Callable[[Event], None]) -> None:
        self._ears, self._mouth, self._tell = ears, mouth, tell
        self._all: dict[str, _Patch] = {}

    def handle(self, command: PatchCommand, now_s: float) -> None:
        """Raises PatchError."""
        known = self._all.get(command.patch)
        match command:
            case Patch():
                self._begin(command, known, now_s)
            case KeepPatch() if known is not None:
                known.kept_s = now_s
            case KeepPatch():
                raise PatchError(f"there is no patch {command.patch} any more")
            case Unpatch():
                self._end(command.patch, "")

    def _begin(self, wish: Patch, known: _Patch | None, now_s: float) -> None:
        if known is not None and known.wish == wish:
            known.kept_s = now_s
            return
        if known is None and len(self._all) >= MAX_PATCHES:
            raise PatchError(f"there are {MAX_PATCHES} patches already; end one first")
        self._check(wish)
        if known is not None:
            self._silence(known)
        patch = self._all[wish.patch] = _Patch(wish, now_s)
        for leg in wish.legs:
            others = tuple(one.publication for one in wish.legs if one is not leg)
            relay = _Leg(leg.stream, others, self._ears, self._mouth)
            patch.legs.append(relay)
            self._ears.relay(leg.stream, relay)
        self._tell(PatchChanged(wish.patch, on=True))

    def _check(self, wish: Patch) -> None:
        """That it can be done, and that nothing goes in circles."""
        others = [one.wish for name, one in self._all.items() if name != wish.patch]
        legs = [leg for one in (*others, wish) for leg in one.legs]
        for what in ("stream", "publication"):
            names = [str(getattr(leg, what)) for leg in legs]
            twice = next((one for one in names if names.count(one) > 1), None)
            if twice is not None:
                raise PatchError(f"{twice} is patched already; a {what} can be in one patch only")
        self._check_addresses(wish)

    def _check_addresses(self, wish: Patch) -> None:
        heard = {leg.stream: self._spec(leg.stream) for leg in wish.legs}
        for leg in wish.legs:
            to = self._wish(leg.publication)
            for stream, spec in heard.items():
                where = spec.group or spec.interface or "127.0.0.1"
                if stream != leg.stream and (where, spec.port) == (to.address, to.port):
                    raise PatchError(f"{leg.publication} would be heard on {stream}: a loop")

    def _spec(self, name: str) -> StreamSpec:
        stream = self._ears.stream(name)
        if stream is None:
            raise PatchError(f"{name} is not listened to")
        if stream.spec.encoding != "opus":
            raise PatchError(f"{name} is {stream.spec.encoding}; only Opus can be patched")
        return stream.spec

    def _wish(self, name: str) -> Publish:
        wish = self._mouth.wish_of(name)
        if wish is None:
            raise PatchError(f"{name} is not published")
        return wish

    def _silence(self, patch: _Patch) -> None:
        for leg in patch.wish.legs:
            self._ears.relay(leg.stream, None)

    def _end(self, name: str, why: str) -> None:
        patch = self._all.pop(name, None)
        if patch is not None:
            self._silence(patch)
            self._tell(PatchChanged(name, on=False, why=why))

    def look(self, now_s: float) -> None:
        """A few times a second: whether all are still held, and all of their legs there."""
        for name, patch in list(self._all.items()):
            if now_s - patch.kept_s >= LEASE_S:
                self._end(name, "who held it has gone")
                continue
            try:
                self._check_addresses(patch.wish)
            except PatchError as error:
                self._end(name, str(error))

    def figures(self) -> tuple[PatchFigures, ...]:
        return tuple(
            PatchFigures(
                name,
                patch.wish.legs,
                sum(leg.packets for leg in patch.legs),
                sum(leg.looped for leg in patch.legs),
                sum(leg.lost for leg in patch.legs),
            )
            for name, patch in self._all.items()
        )
