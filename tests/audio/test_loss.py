"""Redundancy from end to end: what is lost comes as a copy, what is heard is reported, and what
is reported decides whether copies are sent."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio import protocol as p
from audio.network import red, rtcp, rtp
from audio.network.sockets import open_sender
from audio.network.srtp import KEY_BYTES, Opener, Sealer
from audio.receiving.jitter import JitterBuffer
from audio.sending.copies import Copier
from audio.sending.listeners import Listeners
from audio.sending.transmit import Transmitter
from tests.audio.engine_fixtures import wait_until, write_tone
from tests.audio.pipeline_lab import (
    FRAME,
    PAYLOAD_TYPE,
    Lab,
    Sound,
    lab,
    opus,
    packets,
    sine,
)
from tests.audio.rtp_lab import packet
from tests.ports import free_udp_port

RED_TYPE = 112
SSRC = 7
KEY = bytes(range(44))


def with_copies(
    payloads: Sequence[bytes], distances: tuple[int, ...] = (2,), timestamp: int = 0
) -> list[bytes]:
    copier, sent = Copier(PAYLOAD_TYPE), []
    for n, frame in enumerate(payloads):
        payload, is_red = copier.payload(frame, FRAME, distances)
        kind = RED_TYPE if is_red else PAYLOAD_TYPE
        at = (timestamp + n * FRAME) & 0xFFFFFFFF
        sent.append(rtp.build(rtp.Packet(kind, n == 0, n, at, SSRC, payload)))
    return sent


def without(sent: list[bytes], lost: set[int]) -> list[bytes]:
    return [b"" if n in lost else one for n, one in enumerate(sent)]


# -- receiving --------------------------------------------------------------------------------


def test_what_is_lost_comes_as_a_copy(tmp_path: Path) -> None:
    sent = with_copies(opus(sine(600, 8.0)))
    chance = random.Random(1)
    lost = {n for n in range(5, 380) if chance.random() < 0.1}
    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE)
        one.play((spec, without(sent, lost)))
        figures = one.figures()
    assert figures.packets == len(sent) - len(lost)
    assert (figures.late, figures.refused) == (0, 0)
    assert figures.rescued > 0.8 * len(lost), "but for the first, before the wait was longer"
    assert figures.lost + figures.rescued == len(lost)


@pytest.mark.parametrize("jitter_ms", [10.0, 40.0])
def test_copies_come_in_time_also_with_jitter(tmp_path: Path, jitter_ms: float) -> None:
    """Losses are three in a row, copies four packets behind: the longest wait."""
    chance = random.Random(4)
    sent = with_copies(opus(sine(600, 20.0)), (4,))
    lost = {n + k for n in range(400, 980, 20) for k in range(3)} | {100, 101, 200, 201, 300, 301}
    arrivals: dict[int, list[bytes]] = {}
    for n, data in enumerate(sent):
        tick = 2 * n + round(chance.uniform(0.0, jitter_ms) / 10.0)
        arrivals.setdefault(tick, []).append(b"" if n in lost else data)
    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE)
        for tick in range(2_050):
            for data in filter(None, arrivals.get(tick, [])):
                one.send(spec, data)
            one.tick()
        figures = one.figures()
    assert figures.rescued > 0.9 * len(lost)
    assert figures.late < 0.01 * len(sent)


def test_who_was_not_told_of_red_hears_none_of_it(tmp_path: Path) -> None:
    """Which is why nobody sends it to such a one."""
    sent = with_copies(opus(sine(600, 2.0)))
    plain = sum(one[1] & 0x7F == PAYLOAD_TYPE for one in sent)
    with lab(tmp_path) as one:
        one.play((one.listen(), sent))
        figures = one.figures()
    assert (figures.packets, figures.refused) == (plain, len(sent) - plain)
    assert plain < 0.1 * len(sent)


def test_without_loss_copies_change_nothing_and_take_no_time(tmp_path: Path) -> None:
    payloads = opus(sine(600, 2.0))
    heard: list[Sound] = []
    for sent in (packets(payloads), with_copies(payloads)):
        (tmp_path / str(len(heard))).mkdir()
        with lab(tmp_path / str(len(heard))) as one:
            heard.append(one.play((one.listen(red=RED_TYPE), sent)))
            assert one.figures().rescued == 0
    assert np.array_equal(heard[0], heard[1])


def test_a_copy_teaches_nothing_and_counts_as_nothing() -> None:
    buffer = JitterBuffer(48_000)
    for n in range(40):
        buffer.put(packet(n), 20.0 * n)
        for behind in (1, 2, 3, 90):  # all have come; some have been played
            buffer.put_copy(packet(max(0, n - behind)), 20.0 * n)
        found = buffer.take(20.0 * n)
        if found.kind == "frame":
            buffer.played(FRAME, 20.0 * n)
    counts = buffer.counts
    assert (counts.packets, counts.late, counts.duplicate, counts.rescued) == (40, 0, 0, 0)
    assert buffer.delays.jitter_ms == 0.0


def test_the_next_speaker_need_not_learn_it_anew(tmp_path: Path) -> None:
    """Nobody's copies are too late in his first second, once the one before has had some."""
    lost = set(range(15, 95, 5))
    rescued = []
    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE)
        for ssrc in (7, 8):
            sent = [
                data[:8] + ssrc.to_bytes(4, "big") + data[12:]
                for data in with_copies(opus(sine(600, 2.0)), (4,))
            ]
            one.play((spec, without(sent, lost)))
            rescued.append(one.figures().rescued)
    assert rescued[0] < len(lost)
    assert rescued[1] - rescued[0] == len(lost)


def test_the_first_packet_of_a_burst_may_come_as_a_copy() -> None:
    buffer = JitterBuffer(48_000)
    buffer.put(packet(1), 20.0)
    buffer.put(packet(2), 40.0)
    buffer.put_copy(packet(0), 40.0)
    assert buffer.take(80.0).payload == packet(0).payload


@pytest.mark.parametrize("timestamp", [0, 0xFFFFFFFF - 10 * FRAME])
def test_copies_across_the_wrap_of_the_timestamp(tmp_path: Path, timestamp: int) -> None:
    sent = with_copies(opus(sine(600, 2.0)), timestamp=timestamp)
    lost = set(range(9, 90, 9))
    with lab(tmp_path) as one:
        one.play((one.listen(red=RED_TYPE), without(sent, lost)))
        assert one.figures().rescued >= len(lost) - 2


def test_hostile_red_is_counted_and_the_rest_is_played(tmp_path: Path) -> None:
    chance = random.Random(5)
    good = with_copies(opus(sine(600, 1.0)))

    def junk() -> bytes:
        data = bytearray(chance.choice(good))
        data[1] = RED_TYPE
        for _ in range(chance.randrange(1, 9)):
            data[chance.randrange(12, len(data))] = chance.randrange(256)
        data[8:12] = chance.choice((b"\0\0\0\7", b"\0\0\0\x63"))
        return bytes(data[: chance.randrange(12, len(data) + 1)])

    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE)
        for _ in range(300):
            for _ in range(5):
                one.send(spec, junk())
            one.tick()
        assert one.figures().refused > 100
        one.tick(200)
        later = [
            rtp.build(rtp.Packet(PAYLOAD_TYPE, False, n, n * FRAME, 0x1234, payload))
            for n, payload in enumerate(opus(sine(600, 1.0)))
        ]
        assert np.abs(one.play((spec, later))).max() > 0.2


BLOCKS = st.lists(
    st.builds(
        red.Block,
        st.sampled_from([PAYLOAD_TYPE, 0]),
        st.integers(1, red.MAX_OFFSET) | st.integers(1, 6).map(lambda n: n * FRAME),
        st.binary(min_size=1, max_size=90),
    ),
    max_size=3,
)


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 20) | st.integers(0, 0xFFFF),
            st.integers(0, 20).map(lambda n: n * FRAME) | st.integers(0, 0xFFFFFFFF),
            st.integers(0, 2),
            BLOCKS,
            st.binary(max_size=90),
            st.integers(0, 5),
        ),
        max_size=60,
    )
)
def test_well_formed_nonsense_is_played_or_counted(
    tmp_path: Path, sent: list[tuple[int, int, int, list[red.Block], bytes, int]]
) -> None:
    """Any copies with any sequence, time and sender, in any order, with any pauses."""
    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE)
        for sequence, timestamp, ssrc, copies, own, pause in sent:
            payload = red.pack(copies, red.Block(PAYLOAD_TYPE, 0, own))
            packet = rtp.Packet(RED_TYPE, False, sequence, timestamp, ssrc, payload)
            one.send(spec, rtp.build(packet))
            assert np.isfinite(one.tick(pause)).all()
        one.tick(80)
        figures = one.figures()
    assert figures.packets == len(sent)
    assert not figures.talking


# -- reporting --------------------------------------------------------------------------------


def heard_reports(one: Lab, opener: Opener | None = None) -> list[rtcp.Report]:
    one._out.setblocking(False)
    found: list[rtcp.Report] = []
    with contextlib.suppress(BlockingIOError):
        while True:
            data = one._out.recv(2_000)
            opened = data if opener is None else opener.rtcp(data)
            assert opened is not None
            found += rtcp.reports(opened)
    return found


def say_hello(one: Lab, spec: p.StreamSpec, seal: Callable[[bytes], bytes] = bytes) -> None:
    """A sender report: where from, so where to."""
    data = rtcp.report(SSRC, ntp=0, timestamp=0, packets=0, octets=0, cname="c", name="n")
    one.send(spec, seal(data), port=spec.port + 1)


def test_a_receiver_reports_what_it_has_heard_and_that_it_understands(tmp_path: Path) -> None:
    sent = packets(opus(sine(600, 12.0)))
    lost = {n for n in range(len(sent)) if n % 10 in (4, 5)}
    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE)
        say_hello(one, spec)
        one.play((spec, without(sent, lost)))
        reports = heard_reports(one)
        assert len(reports) >= 2
        one.tick(2_000)
        assert heard_reports(one) == [], "nothing is said of silence"
    for report in reports:
        (block,) = report.blocks
        assert block.ssrc == SSRC
        assert abs(block.share - 0.2) < 0.12
        assert report.red == (RED_TYPE, 2.0)
    assert 0 <= len(lost) - reports[-1].blocks[0].lost < 0.8 * len(lost)


def test_a_foreign_stream_is_reported_on_as_well_but_not_as_one_with_red(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        say_hello(one, spec)
        one.play((spec, packets(opus(sine(600, 6.0)))))
        reports = heard_reports(one)
    assert reports
    assert {one.red for one in reports} == {None}


def test_who_has_not_said_where_he_is_gets_none(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE)
        one.play((spec, packets(opus(sine(600, 6.0)))))
        assert heard_reports(one) == []


@pytest.mark.parametrize("profile", list(KEY_BYTES))
def test_on_a_secured_stream_all_of_it_is_secured(tmp_path: Path, profile: p.SrtpProfile) -> None:
    key = KEY[: KEY_BYTES[profile]]
    sealer, opener = Sealer(profile, key), Opener(profile, key)
    sent = [sealer.rtp(one) for one in with_copies(opus(sine(600, 6.0)))]
    lost = set(range(7, 290, 7))
    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE, srtp=profile, key=key)
        say_hello(one, spec, sealer.rtcp)
        one.play((spec, without(sent, lost)))
        figures = one.figures()
        assert heard_reports(one, opener)
    assert figures.rescued > 0.8 * len(lost)
    assert figures.refused == 0


def test_receivers_of_a_group_report_to_the_group(tmp_path: Path) -> None:
    group, port = "239.77.9.40", free_udp_port()
    sent = packets(opus(sine(600, 3.0)))
    wish = p.Publish("a@h", group, port, interface="127.0.0.1", red=RED_TYPE)
    spec = p.StreamSpec("a@h", port, PAYLOAD_TYPE, "opus", 48_000, 2, group=group, red=RED_TYPE)
    foreign = rtcp.receiver_report(99, [rtcp.Quality(SSRC)], "foreign", None)
    with contextlib.ExitStack() as stack:
        one = stack.enter_context(lab(tmp_path))
        out = stack.enter_context(open_sender(group, "127.0.0.1"))
        listeners = stack.enter_context(contextlib.closing(Listeners(wish, out)))
        one.pipeline.listen(spec)
        for n, data in enumerate(sent):
            if n % 5:
                out.sendto(data, (group, port))
            one.tick(2)
        listeners.read({SSRC}, 0.0)
        assert listeners.distances(0.0)
        listeners.take(foreign, {SSRC}, 0.0)
        assert listeners.distances(0.0) == ()


# -- sending ----------------------------------------------------------------------------------


class Relay:
    """Between a transmitter and a receiver, both ways; loses voice when told to."""

    def __init__(self, to_port: int) -> None:
        self.share = 0.0
        self.kinds: list[int] = []  # payload types of what was sent, lost or not
        self._to_port = to_port
        self._chance = random.Random(2)
        self._sender = ("127.0.0.1", 0)
        self._ended = threading.Event()
        self.port = free_udp_port()
        self._sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        for n, one in enumerate(self._sockets):
            one.bind(("127.0.0.1", self.port + n))
            one.settimeout(0.05)
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(2)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        for one in self._sockets:
            one.close()

    def report(self, data: bytes) -> None:
        """As some receiver's."""
        self._sockets[1].sendto(data, self._sender)

    def _run(self, n: int) -> None:
        while not self._ended.is_set():
            with contextlib.suppress(TimeoutError):
                data, where = self._sockets[n].recvfrom(2_000)
                self._pass(n, data, where)

    def _pass(self, n: int, data: bytes, where: tuple[str, int]) -> None:
        if where[1] in (self._to_port, self._to_port + 1):
            self.report(data)
            return
        self._sender = where
        if n == 0:
            self.kinds.append(data[1] & 0x7F)
            if self._chance.random() < self.share:
                return
        self._sockets[n].sendto(data, ("127.0.0.1", self._to_port + n))


@contextlib.contextmanager
def relaying(to_port: int) -> Iterator[Relay]:
    one = Relay(to_port)
    try:
        yield one
    finally:
        one.close()


def run_until(one: Lab, condition: Callable[[], bool], what: str) -> None:
    """The pipeline in real time."""
    deadline_s = time.monotonic() + 15.0
    while not condition():
        assert time.monotonic() < deadline_s, what
        one.tick()
        time.sleep(0.008)


@pytest.mark.parametrize("profile", [None, "AES_CM_128_HMAC_SHA1_80"])
def test_copies_are_sent_while_there_is_loss_and_everybody_understands(
    tmp_path: Path, profile: p.SrtpProfile | None
) -> None:
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 1.0)
    key = KEY[:30] if profile else None
    events: list[p.Event] = []
    with lab(tmp_path) as one, contextlib.closing(Transmitter(None, events.append)) as transmitter:
        one.now_ns = time.monotonic_ns()
        spec = one.listen(red=RED_TYPE, srtp=profile, key=key)
        with relaying(spec.port) as relay:
            transmitter.handle(
                p.Publish("a@h", "127.0.0.1", relay.port, srtp=profile, key=key, red=RED_TYPE),
                events.append,
            )
            transmitter.handle(p.Say("a@h", str(sound), loop=True), events.append)
            run_until(one, lambda: len(relay.kinds) > 50, "it is sent")
            assert set(relay.kinds) == {PAYLOAD_TYPE}, "no copies on a clean network"
            relay.share = 0.2
            run_until(one, lambda: RED_TYPE in relay.kinds, "loss brings copies")
            run_until(one, lambda: one.figures().rescued >= 5, "and they are heard")
            foreign = rtcp.receiver_report(99, [], "foreign", None)
            relay.report(Sealer(profile, key).rtcp(foreign) if profile and key else foreign)
            time.sleep(0.3)
            relay.kinds.clear()
            run_until(one, lambda: len(relay.kinds) > 20, "it goes on")
            assert set(relay.kinds) == {PAYLOAD_TYPE}, "somebody would hear nothing"
            if profile:
                assert one.figures().refused == 0


def test_who_may_not_send_copies_sends_none_whatever_is_reported(tmp_path: Path) -> None:
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as out:
        wish = p.Publish("a@h", "127.0.0.1", 5_004)
        listeners = Listeners(wish, out)
        lossy = rtcp.receiver_report(1, [rtcp.Quality(SSRC, 0.5)], "c", (RED_TYPE, 1.0))
        listeners.take(lossy, {SSRC}, 0.0)
        assert listeners.distances(0.0) == ()


def test_a_burst_s_end_is_told_and_nothing_is_left_open(tmp_path: Path) -> None:
    """With RED allowed and nobody reporting, all is as without."""
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 0.2)
    events: list[p.Event] = []
    with contextlib.closing(Transmitter("127.0.0.1", events.append)) as transmitter:
        for group in ("239.77.9.41", "127.0.0.1"):
            wish = p.Publish("a@h", group, free_udp_port(), red=RED_TYPE)
            transmitter.handle(wish, events.append)
            transmitter.handle(p.Say("a@h", str(sound)), events.append)
            wait_until(
                lambda: any(isinstance(one, p.BurstSent) and not one.on for one in events),
                "the burst has ended",
            )
            events.clear()


def test_red_blocks_of_another_codec_are_passed_over(tmp_path: Path) -> None:
    """A foreign sender may put a copy of some other coding beside Opus."""
    with lab(tmp_path) as one:
        spec = one.listen(red=RED_TYPE)
        for n, payload in enumerate(opus(sine(600, 1.0))):
            both = red.pack([red.Block(0, 960, b"mulaw")], red.Block(PAYLOAD_TYPE, 0, payload))
            one.send(spec, rtp.build(rtp.Packet(RED_TYPE, n == 0, n, n * FRAME, SSRC, both)))
            one.tick(2)
        figures = one.figures()
    assert (figures.packets, figures.refused, figures.lost) == (50, 0, 0)
