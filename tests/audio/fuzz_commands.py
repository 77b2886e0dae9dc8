"""Frames for an engine's door: commands, right ones and mutated, and what is none at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, get_args

from audio import protocol as p

STREAMS: Final = 60
PUBLICATIONS: Final = 12
MAX_RECORD_S: Final = 1.0
FORBIDDEN: Final = (p.Stop, p.Hello, p.Bye)  # they end things, as they should
ATTENTIONS: Final[tuple[Literal["selected", "monitored", "off"], ...]] = (
    "selected",
    "monitored",
    "off",
)
PREFIX: Final = 4  # bytes of the length


class Frames:
    """``well_formed`` are for a connection that stays, each of ``malformed`` is for one of its own
    and counts as one error."""

    def __init__(self, chance: random.Random, folder: Path, token: str) -> None:
        self._chance = chance
        self._folder = folder
        self._token = token
        self._hello = p.encode(p.Hello(p.VERSION, token, "tool"))
        self._makers: tuple[Callable[[], p.Command], ...] = (
            self._listen, self._listen, self._drop, self._set_mix, self._set_mix, self._publish,
            self._say, self._unpublish, self._record, self._recall, self._export, self._bursts,
            self._small, self._set_keys, self._set_send_key, self._floor, self._patch, self._alarm,
        )  # fmt: skip

    def well_formed(self) -> bytes:
        """As a program sends it, or with bytes changed so that it still is a command."""
        frame = p.encode(self.command())
        other = self._mutated(frame[PREFIX:]) if self._chance.random() < 0.3 else frame[PREFIX:]
        return _framed(other) if is_harmless(other, self._folder) else frame

    def malformed(self) -> bytes:
        """All that a connection says. Exactly one thing in it is wrong."""
        chance = self._chance
        kind = chance.randrange(6)
        frame = p.encode(self.command())
        if kind == 0:  # too long, it says
            return self._hello + chance.randrange(p.MAX_FRAME + 1, 1 << 32).to_bytes(4, "big")
        if kind == 1:  # cut off
            return self._hello + frame[: chance.randrange(1, len(frame))]
        if kind == 2:  # before hello
            return frame
        if kind == 3:
            return p.encode(chance.choice((p.Hello(p.VERSION, "none"), p.Hello(0, self._token))))
        if kind == 4:
            return self._hello + _framed(self._none(lambda: chance.randbytes(chance.randrange(99))))
        return self._hello + _framed(self._none(lambda: self._mutated(frame[PREFIX:])))

    def _none(self, make: Callable[[], bytes]) -> bytes:
        """The first that is no command."""
        while True:
            body = make()
            try:
                p.decode_command(body)
            except p.ProtocolError:
                return body

    def _mutated(self, body: bytes) -> bytes:
        chance, found = self._chance, bytearray(body)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(found) + 1)
            match chance.randrange(4):
                case 0 if at < len(found):
                    found[at] ^= 1 << chance.randrange(8)
                case 1:
                    del found[at : at + chance.randrange(1, 9)]
                case 2:
                    found[at:at] = chance.randbytes(chance.randrange(1, 9))
                case _:
                    found[at : at + 8] = found[: chance.randrange(1, 20)]
        return bytes(found)

    def command(self) -> p.Command:
        return self._chance.choice(self._makers)()

    def _stream(self) -> str:
        return f"s{self._chance.randrange(STREAMS)}@h"

    def _listen(self) -> p.Command:
        chance, n = self._chance, self._chance.randrange(STREAMS)
        encoding = chance.choice(get_args(p.Encoding))
        rate = chance.choice((8_000, 16_000, 44_100, 48_000))
        srtp = chance.choice((None, None, None, *get_args(p.SrtpProfile)))
        key = bytes(chance.choice((28, 30, 44))) if srtp else None
        group = chance.choice((f"239.77.50.{n}", f"239.77.50.{n}", "10.1.1.1", "nowhere"))
        return p.Listen(
            p.StreamSpec(
                f"s{n}@h", 47_400 + 2 * n, 111, encoding, rate, chance.randrange(1, 3),
                group, srtp=srtp, key=key, red=chance.choice((None, 112)),
            )
        )  # fmt: skip

    def _drop(self) -> p.Command:
        return p.Drop(self._stream())

    def _key(self) -> p.SrtpKey:
        """Of the right length or not."""
        chance = self._chance
        profile = chance.choice(get_args(p.SrtpProfile))
        return p.SrtpKey(chance.randrange(4), profile, bytes(chance.choice((28, 30, 30, 44))))

    def _set_keys(self) -> p.Command:
        keys = tuple(self._key() for _ in range(self._chance.randrange(p.MAX_KEYS + 1)))
        return p.SetKeys(self._stream(), keys)

    def _set_send_key(self) -> p.Command:
        block = self._chance.choice((0, 1, p.MAX_BLOCK))
        return p.SetSendKey(self._publication(), self._key(), block)

    def _floor(self) -> p.Command:
        chance = self._chance
        ssrcs = tuple(chance.getrandbits(32) for _ in range(chance.randrange(p.MAX_FLOORS + 1)))
        fresh_s, epoch = chance.uniform(0, p.MAX_FLOOR_S), chance.randrange(5)
        return p.Floor(self._stream(), chance.random() < 0.7, ssrcs, fresh_s, epoch)

    def _patch(self) -> p.Command:
        chance, name = self._chance, f"P-{self._chance.randrange(4)}"
        if chance.random() < 0.3:
            return chance.choice((p.KeepPatch(name), p.Unpatch(name)))
        count = chance.randrange(2, p.MAX_LEGS + 1)
        legs = tuple(p.PatchLeg(self._stream(), self._publication()) for _ in range(count))
        return p.Patch(name, legs)

    def _alarm(self) -> p.Command:
        chance, name = self._chance, f"A-{self._chance.randrange(4)}"
        if chance.random() < 0.3:
            return p.ReleaseAlarm(name)
        before_s, seconds = chance.uniform(0, 60), chance.uniform(0, 60)
        return p.KeepForAlarm(self._stream(), name, before_s, seconds)

    def _set_mix(self) -> p.Command:
        chance = self._chance
        attention = chance.choice(ATTENTIONS)
        pan = chance.choice((None, chance.uniform(-1, 1)))
        gain_db, priority = chance.uniform(-96, 24), chance.randrange(4)
        return p.SetMix(self._stream(), gain_db, pan, chance.random() < 0.5, attention, priority)

    def _publication(self) -> str:
        return f"p{self._chance.randrange(PUBLICATIONS)}@h"

    def _publish(self) -> p.Command:
        n = self._chance.randrange(STREAMS)
        address = self._chance.choice((f"239.77.50.{n}", f"239.77.50.{n}", "nowhere"))
        return p.Publish(self._publication(), address, 47_400 + 2 * n, own=n % 2 == 0)

    def _say(self) -> p.Command:
        name = self._chance.choice(("tone.wav", "tone.wav", "nothing.wav"))
        return p.Say(
            self._publication(), str(self._folder / name), loop=self._chance.random() < 0.1
        )

    def _unpublish(self) -> p.Command:
        return p.Unpublish(self._publication())

    def _record(self) -> p.Command:
        path = self._folder / self._chance.choice(("a.wav", "b.wav", "no/where.wav"))
        return p.Record(str(path), self._chance.uniform(0.01, 0.2))

    def _recall(self) -> p.Command:
        stream = self._chance.choice(("", self._stream()))
        if self._chance.random() < 0.5:
            return p.Recall(stream, self._chance.randrange(1, p.MAX_RECALLED + 1))
        return p.CatchUp((self._stream(),), speed=self._chance.uniform(1, 2))

    def _export(self) -> p.Command:
        burst = f"{self._chance.randrange(10**13):013}-{self._chance.getrandbits(32):08x}"
        return p.Export(burst, str(self._folder / "out.wav"))

    def _bursts(self) -> p.Command:
        return p.ListBursts(self._chance.choice(("", self._stream())), limit=3)

    def _small(self) -> p.Command:
        chance = self._chance
        return chance.choice(
            (
                p.SetMaster(chance.uniform(-96, 24), chance.random() < 0.5),
                p.MuteAll(chance.uniform(0, 60)),
                p.SetDevice("null", ("nix",)),
                p.Heartbeat(),
                p.SetAlarms(chance.randrange(3), chance.random() < 0.5),
                p.Play(chance.choice(get_args(p.ToneKind))),
                p.StopReplay(),
                p.SetReplaySpeed(chance.uniform(1, 2)),
                p.GetDevices(),
                p.KeepBursts(chance.uniform(0, 168)),
            )
        )


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(PREFIX, "big") + body


def is_harmless(body: bytes, folder: Path) -> bool:
    """A command that neither ends anything nor writes where it should not, nor for long."""
    try:
        command = p.decode_command(body)
    except p.ProtocolError:
        return False
    path = getattr(command, "path", "")
    is_here = not path or (Path(path).parent == folder and "\0" not in path)
    is_short = not isinstance(command, p.Record) or command.seconds <= MAX_RECORD_S
    is_small = not isinstance(command, p.Listen | p.Publish) or _is_ours(command)
    return is_here and is_short and is_small and not isinstance(command, FORBIDDEN)


def _is_ours(command: p.Listen | p.Publish) -> bool:
    """On ports of ours; and named as ours, so that there are no more of them."""
    if isinstance(command, p.Listen):
        spec = command.spec
        name, port, most = spec.stream, spec.port, STREAMS
    else:
        name, port, most = command.publication, command.port, PUBLICATIONS
    return name in {f"{letter}{n}@h" for letter in "sp" for n in range(most)} and port >= 47_400
