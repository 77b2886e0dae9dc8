"""Two talkgroups joined: each hears the other once, nothing goes in circles, and it ends with its
lease."""

from __future__ import annotations

import contextlib
import random
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import protocol as p
from audio.network import rtcp, rtp
from audio.network.srtp import Opener
from audio.protocol import KeepPatch, Patch, PatchLeg, Publish, Unpatch
from audio.sending.patches import LEASE_S, PatchError, Patches
from audio.sending.publication import MAX_OF_SSRC
from audio.sending.relayed import BACK, Relayed
from audio.sending.transmit import Transmitter
from tests.audio.engine_fixtures import wait_until
from tests.audio.pipeline_lab import Lab, lab, opus, packets, sine
from tests.ports import free_udp_port

GROUPS = {"a@h": "239.77.60.1", "b@h": "239.77.60.2", "c@h": "239.77.60.3"}
PROFILE: p.SrtpProfile = "AES_CM_128_HMAC_SHA1_80"
KEY = bytes(range(30))


class Bench:
    """An engine's ears and mouth, and a listener on each group."""

    def __init__(self, one: Lab, port: int) -> None:
        self.lab, self.port = one, port
        self.told: list[p.Event] = []
        self.mouth = Transmitter("127.0.0.1", self.told.append)
        self.patches = Patches(one.pipeline, self.mouth, self.told.append)
        self.specs = {name: self._open(name) for name in GROUPS}
        wait_until(lambda: len(self.mouth.publications()) == len(GROUPS), "all are published")

    def _open(self, name: str) -> p.StreamSpec:
        group = GROUPS[name]
        spec = p.StreamSpec(name, self.port, 111, "opus", 48_000, 2, group=group)
        self.lab.pipeline.listen(spec)
        self.mouth.handle(Publish(name, group, self.port), self.told.append)
        return spec

    def patch(self, *names: str, patch: str = "P-1") -> None:
        legs = tuple(PatchLeg(name, name) for name in names)
        self.patches.handle(Patch(patch, legs), time.monotonic())

    def close(self) -> None:
        self.mouth.close()


@contextlib.contextmanager
def bench(one: Lab, port: int = 0) -> Iterator[Bench]:
    found = Bench(one, port or free_udp_port())
    try:
        yield found
    finally:
        found.close()


@contextlib.contextmanager
def listener(group: str, port: int) -> Iterator[Callable[[], list[bytes]]]:
    """All that has come to a group."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.setsockopt(socket.IPPROTO_IP, 49, 0)
        one.bind((group, port))
        both = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
        one.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, both)
        one.setblocking(False)
        found: list[bytes] = []

        def read() -> list[bytes]:
            with contextlib.suppress(OSError):  # nothing more, or closed
                while True:
                    found.append(one.recv(2_000))
            return found

        yield read


def say(one: Bench, name: str, sent: list[bytes]) -> np.ndarray:
    """From another station, on a group; an empty packet is lost."""
    blocks = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        local = socket.inet_aton("127.0.0.1")
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, local)
        for data in sent:
            if data:
                out.sendto(data, (GROUPS[name], one.port))
            for _ in range(2):
                blocks.append(one.lab.tick())
                time.sleep(0.001)  # the transmitter's own thread
    return np.concatenate([*blocks, one.lab.tick(60)])


def voice(count: int = 40) -> list[bytes]:
    return packets(opus(sine(440.0, count / 50)), ssrc=7, sequence=65_530, timestamp=2**32 - 5_000)


def parsed(data: list[bytes]) -> list[rtp.Packet]:
    found = [rtp.parse(one) for one in data]
    return [one for one in found if one is not None]


def test_each_hears_the_other_once_as_it_was_and_nobody_hears_himself(tmp_path: Path) -> None:
    sent = voice()
    sent[10] = sent[11] = b""
    with lab(tmp_path) as one, bench(one) as here, contextlib.ExitStack() as stack:
        heard = {n: stack.enter_context(listener(g, here.port)) for n, g in GROUPS.items()}
        here.patch("a@h", "b@h")
        say(here, "a@h", sent)
        wait_until(lambda: len(heard["b@h"]()) >= 38, "all have been sent on")
        one.tick(50)
        time.sleep(0.1)
        assert len(heard["a@h"]()) == 38, "what was said, and nothing of it again"
        assert len(heard["b@h"]()) == 38
        assert heard["c@h"]() == []
        (figures,) = here.patches.figures()
        assert (figures.packets, figures.looped, figures.lost) == (38, 0, 0)
    came, went = parsed(heard["b@h"]()), parsed([data for data in sent if data])
    assert [one.payload for one in came] == [one.payload for one in went]
    assert len({one.ssrc for one in came}) == 1
    assert came[0].ssrc != 7
    for field, turn in (("sequence", 1 << 16), ("timestamp", 1 << 32)):
        apart = {
            (getattr(a, field) - getattr(b, field)) % turn for a, b in zip(came, went, strict=True)
        }
        assert len(apart) == 1, "losses and pauses are where they were"
    assert {rtp.sources(data) for data in heard["b@h"]()} == {(7, rtp.PATCHED)}


def test_who_sits_here_hears_it_once(tmp_path: Path) -> None:
    """Though it comes back on the other group, which is listened to as well."""
    sent = voice()
    with lab(tmp_path) as one, bench(one) as here:
        alone = say(here, "a@h", sent)
    with lab(tmp_path) as one, bench(one) as here:
        here.patch("a@h", "b@h")
        patched = say(here, "a@h", sent)
        assert {each.stream: each.packets for each in one.pipeline.figures()}["b@h"] == 40
    assert np.abs(patched).max() == pytest.approx(np.abs(alone).max(), rel=0.05)


def test_what_another_engine_has_patched_is_not_patched_again(tmp_path: Path) -> None:
    """Two of them at once: twice on the other group, and nowhere else."""
    with contextlib.ExitStack() as stack:
        labs = []
        for n in range(2):
            (tmp_path / str(n)).mkdir()
            labs.append(stack.enter_context(lab(tmp_path / str(n))))
        here = stack.enter_context(bench(labs[0]))
        there = stack.enter_context(bench(labs[1], here.port))
        heard = {n: stack.enter_context(listener(g, here.port)) for n, g in GROUPS.items()}
        here.patch("a@h", "b@h", "c@h")
        there.patch("a@h", "b@h", "c@h")
        for data in voice():
            say_one(here, data)
            for _ in range(2):
                labs[0].tick()
                labs[1].tick()
                time.sleep(0.001)
        wait_until(lambda: len(heard["c@h"]()) >= 80, "both have sent all on")
        for _ in range(50):
            labs[0].tick()
            labs[1].tick()
        time.sleep(0.1)
        assert {name: len(read()) for name, read in heard.items()} == {
            "a@h": 40, "b@h": 80, "c@h": 80
        }  # fmt: skip
        assert here.patches.figures()[0].looped == 80
        assert there.patches.figures()[0].looped == 80


def say_one(one: Bench, data: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        out.sendto(data, (GROUPS["a@h"], one.port))


def test_it_says_who_speaks_and_opens_with_the_other_groups_key(tmp_path: Path) -> None:
    with lab(tmp_path) as one, bench(one) as here, contextlib.ExitStack() as stack:
        voice_of = stack.enter_context(listener(GROUPS["b@h"], here.port))
        report_of = stack.enter_context(listener(GROUPS["b@h"], here.port + 1))
        here.mouth.handle(p.SetSendKey("b@h", p.SrtpKey(1, PROFILE, KEY), 7), here.told.append)
        one.send(here.specs["a@h"], b"")
        here.patch("a@h", "b@h")
        stream = one.pipeline.stream("a@h")
        assert stream is not None
        stream._remember(7, "AMK Vest")
        sent = voice(20)
        say(here, "a@h", [*sent[:10], sent[9], *sent[10:]])  # one of them twice
        wait_until(lambda: len(voice_of()) >= 20, "all have been sent on")
        opener = Opener(PROFILE, KEY)
        came = parsed([opener.rtp(data) or b"" for data in voice_of()])
        names = rtcp.names(opener.rtcp(report_of()[0]) or b"")
        bursts = [each for each in here.told if isinstance(each, p.BurstSent)]
    assert [each.payload for each in came] == [each.payload for each in parsed(sent)]
    assert came[0].ssrc >> 16 == 7
    assert names == {came[0].ssrc: "AMK Vest"}
    assert bursts[0] == p.BurstSent("b@h", "AMK Vest", came[0].ssrc, on=True)


def test_loops_and_what_cannot_be_patched_are_refused(tmp_path: Path) -> None:
    with lab(tmp_path) as one, bench(one) as here:
        here.patch("a@h", "b@h")
        for legs, why in (
            ((("a@h", "c@h"), ("c@h", "a@h")), "one patch only"),
            ((("c@h", "c@h"), ("c@h", "c@h")), "one patch only"),
            ((("c@h", "c@h"), ("x@h", "x@h")), "not listened to"),
        ):
            wish = Patch("P-2", tuple(PatchLeg(*leg) for leg in legs))
            with pytest.raises(PatchError, match=why):
                here.patches.handle(wish, 0.0)
        here.patches.handle(Unpatch("P-1"), 0.0)
        crossed = Patch("P-2", (PatchLeg("a@h", "b@h"), PatchLeg("b@h", "a@h")))
        with pytest.raises(PatchError, match="a loop"):
            here.patches.handle(crossed, 0.0)
        one.pipeline.listen(p.StreamSpec("c@h", free_udp_port(), 8, "PCMA", 8_000))
        with pytest.raises(PatchError, match="only Opus"):
            here.patch("a@h", "c@h")
        assert here.patches.figures() == ()
        changes = [each for each in here.told if isinstance(each, p.PatchChanged)]
        assert [each.on for each in changes] == [True, False]


def test_it_ends_with_its_lease_and_with_its_legs(tmp_path: Path) -> None:
    with lab(tmp_path) as one, bench(one) as here:
        wish = Patch("P-1", (PatchLeg("a@h", "a@h"), PatchLeg("b@h", "b@h")))
        here.patches.handle(wish, 100.0)
        here.patches.handle(KeepPatch("P-1"), 104.0)
        here.patches.look(104.0 + LEASE_S - 0.1)
        assert len(here.patches.figures()) == 1
        here.patches.look(104.0 + LEASE_S)
        assert here.patches.figures() == ()
        stream = one.pipeline.stream("a@h")
        assert stream is not None
        assert stream.tap is None, "nothing is sent on any more"
        with pytest.raises(PatchError, match="no patch P-1 any more"):
            here.patches.handle(KeepPatch("P-1"), 110.0)
        here.patches.handle(wish, 200.0)
        one.pipeline.drop("b@h")
        here.patches.look(200.1)
        whys = [each.why for each in here.told if isinstance(each, p.PatchChanged)]
    assert whys == ["", "who held it has gone", "", "b@h is not listened to"]


@given(
    st.integers(0, 2**16 - 1),
    st.lists(st.integers(-20, 200), min_size=1, max_size=200),
    st.integers(0, 2**32),
)
def test_numbers_keep_their_distances_and_never_wrap(
    first: int, steps: list[int], seed: int
) -> None:
    chance = random.Random(seed)
    one = Relayed(1, ("", 0), first, 0, "", start=BACK + chance.randrange(0x4000))
    at, numbers = 0, {}
    for step in steps:
        at = max(at + step, 0)
        found = one.step((first + at) & 0xFFFF, at * 960 & 0xFFFFFFFF)
        assert found is not None
        if one.count < MAX_OF_SSRC:
            number, _ = one.place(found, at * 960, (first + at) & 0xFFFF)
            numbers[at] = number
    assert all(0 <= each < 1 << 16 for each in numbers.values())
    assert len({number - at for at, number in numbers.items()}) == 1
