"""What is gathered on the mix thread: no packet twice, none lost, whatever comes in what order."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from audio import protocol as p
from audio.recall import gather
from audio.recall.burst import Piece, unpack
from audio.recall.gather import MIN_PACKETS, NEXT_MS, SILENT_MS, Gathering
from audio.receiving.floor import FloorGate
from audio.receiving.receive import Stream
from tests.audio.recall_lab import START_MS

SPEC = p.StreamSpec("a@h", 5_004, 111, "opus", 48_000, 2)


class Bench:
    """One stream without a socket."""

    def __init__(self) -> None:
        self.now_ms = 10_000.0
        self.pieces: list[Piece] = []
        self.has_room = True
        self.gathering = Gathering(
            self._take, lambda mix, _now_ms: not mix.muted, lambda: self.wall_ms
        )
        self.stream = SimpleNamespace(
            spec=SPEC, mix=p.SetMix("a@h"), senders={}, talking=None, floor=FloorGate(),
            is_secured=False, name_of=lambda _ssrc: "",
        )  # fmt: skip
        self.tap = self.gathering.tap(cast(Stream, self.stream))
        self.sent: dict[int, list[bytes]] = {}

    @property
    def wall_ms(self) -> float:
        return START_MS + self.now_ms

    def _take(self, piece: Piece) -> bool:
        if self.has_room:
            self.pieces.append(piece)
        return self.has_room

    def packet(self, ssrc: int = 7, count: int = 1) -> None:
        for _ in range(count):
            of_it = self.sent.setdefault(ssrc, [])
            payload = len(of_it).to_bytes(3, "big")
            of_it.append(payload)
            self.tap(len(of_it) & 0xFFFF, len(of_it) * 960, ssrc, payload, self.now_ms)
            self.now_ms += 20

    def off(self, ssrc: int = 7) -> None:
        self.gathering.talked(p.Talking("a@h", ssrc, False), self.now_ms)

    def kept(self, ssrc: int) -> list[bytes]:
        mine = [one for one in self.pieces if one.facts.ssrc == ssrc]
        return [packet.payload for one in mine for packet in unpack(one.body)]


Step = tuple[str, int, int]
KINDS = st.sampled_from(["packets", "off", "wait", "look"])
STEPS = st.lists(st.tuples(KINDS, st.integers(1, 3), st.integers(1, 60)), max_size=40)


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_all_that_came_is_kept_once_and_in_its_order(steps: list[Step]) -> None:
    bench = Bench()
    strays = 0
    for what, ssrc, n in steps:
        if what == "packets":
            bench.packet(ssrc, n)
        elif what == "off":
            bench.off(ssrc)
        elif what == "wait":
            bench.now_ms += 10 * n
        else:
            under_way = bench.tap.senders.values()
            strays += sum(
                one.packets < MIN_PACKETS and bench.now_ms - one.last_ms >= SILENT_MS
                for one in under_way
            )
            bench.gathering.look(bench.now_ms)
    bench.gathering.end("a@h", bench.now_ms)
    assert not bench.tap.senders
    assert strays or all(bench.kept(ssrc) == sent for ssrc, sent in bench.sent.items())
    for ssrc, sent in bench.sent.items():
        kept = bench.kept(ssrc)
        assert kept == [one for one in sent if one in set(kept)], "in order, none twice"
    starts = [one.facts.start_ms for one in bench.pieces]
    assert all(START_MS + 10_000 <= one <= bench.wall_ms for one in starts)


def test_the_next_ones_first_packets_are_not_the_last_ones_end() -> None:
    bench = Bench()
    bench.packet(count=50)
    bench.now_ms += 180
    bench.packet(count=3)
    bench.off()
    bench.packet(count=20)
    bench.off()
    assert [len(list(unpack(one.body))) for one in bench.pieces] == [50, 23]
    first, second = (one.facts for one in bench.pieces)
    assert abs(second.start_ms - first.start_ms - 1_180) <= 20
    assert first.length_ms <= 1_000 + NEXT_MS


def test_heard_is_what_was_audible_from_beginning_to_end() -> None:
    for before, after, heard in (
        (False, False, True), (True, False, False), (False, True, False), (True, True, False),
    ):  # fmt: skip
        bench = Bench()
        bench.stream.mix = p.SetMix("a@h", muted=before)
        bench.packet(count=9)
        bench.stream.mix = p.SetMix("a@h", muted=after)
        bench.off()
        assert bench.pieces[0].facts.heard is heard


def test_what_finds_no_room_is_counted() -> None:
    bench = Bench()
    bench.has_room = False
    bench.packet(count=9)
    bench.off()
    assert bench.gathering.lost == 1


def test_at_the_bound_of_all_streams_packets_are_counted_and_not_kept(monkeypatch: Any) -> None:
    monkeypatch.setattr(gather, "MAX_UNDER_WAY", 100)
    bench = Bench()
    bench.packet(count=50)
    bench.gathering.look(bench.now_ms)
    bench.packet(count=5)
    assert bench.gathering.lost == 5
    bench.off()
    bench.now_ms += 1_000
    bench.gathering.look(bench.now_ms)
    bench.packet(count=5)
    bench.off()
    assert [len(list(unpack(one.body))) for one in bench.pieces] == [50, 5]


def test_names_of_many_senders_are_bounded() -> None:
    bench = Bench()
    for ssrc in range(100):
        bench.packet(ssrc)
    assert len(bench.tap.senders) <= gather.MAX_GATHERED


def test_of_many_who_talk_without_end_not_all_pieces_end_at_once() -> None:
    ends = sorted(gather.UnderWay(ssrc, 0.0, True, "").until_ms for ssrc in range(1_000, 1_032))
    assert ends[0] >= gather.MAX_PIECE_MS / 2
    assert ends[-1] <= gather.MAX_PIECE_MS
    assert max(after - before for before, after in itertools.pairwise(ends)) < 5_000.0
