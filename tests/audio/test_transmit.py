"""What is sent, packet by packet, as a receiver on the network sees it."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from audio import protocol as p
from audio.network import rtcp, rtp
from audio.network.srtp import Opener
from audio.sending import publication
from audio.sending.transmit import Transmitter
from tests.audio.engine_fixtures import wait_until, write_tone

KEY = bytes(range(30))


@contextmanager
def sending() -> Iterator[tuple[Transmitter, list[p.Event]]]:
    events: list[p.Event] = []
    transmitter = Transmitter("127.0.0.1", events.append)
    try:
        yield transmitter, events
    finally:
        transmitter.close()


@contextmanager
def receiving() -> Iterator[tuple[int, socket.socket, socket.socket]]:
    """A pair of neighbouring ports."""
    for port in range(48_100, 48_200, 2):
        with (
            closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as voice,
            closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as control,
        ):
            try:
                voice.bind(("127.0.0.1", port))
                control.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            for one in (voice, control):
                one.settimeout(5.0)
            yield port, voice, control
            return
    raise AssertionError("no free pair of ports")


@contextmanager
def receiving_at(port: int) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as one:
        with suppress(OSError):  # any other will do
            one.bind(("127.0.0.1", port))
        if not one.getsockname()[1]:
            one.bind(("127.0.0.1", 0))
        one.settimeout(5.0)
        yield one


def ended(events: list[p.Event]) -> int:
    return sum(isinstance(one, p.BurstSent) and not one.on for one in events)


def test_two_bursts_go_on_from_each_other_and_say_who_speaks(tmp_path: Path) -> None:
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 0.2)
    with sending() as (transmitter, events), receiving() as (port, voice, control):
        transmitter.handle(p.Publish("tg@here", "127.0.0.1", port), events.append)
        for _ in range(2):
            transmitter.handle(p.Say("tg@here", str(sound), speaker="AMK"), events.append)
        packets: list[rtp.Packet] = []
        times_s: list[float] = []
        while len(packets) < 20:
            packet = rtp.parse(voice.recv(2_000))
            assert packet is not None
            packets.append(packet)
            times_s.append(time.monotonic())
        assert rtcp.names(control.recv(2_000)) == {packets[0].ssrc: "AMK"}
        wait_until(lambda: ended(events) == 2, "both bursts have ended")
    assert [one.marker for one in packets] == [n in (0, 10) for n in range(20)]
    first = packets[0].sequence
    assert [one.sequence for one in packets] == [(first + n) % 65_536 for n in range(20)]
    steps = [(b.timestamp - a.timestamp) % 2**32 for a, b in itertools.pairwise(packets)]
    assert steps[:9] == [960] * 9
    assert steps[10:] == [960] * 9
    assert abs(steps[9] / 48_000 - (times_s[10] - times_s[9])) < 0.2, "silence counts"


def test_a_secured_stream_opens_with_its_key(tmp_path: Path) -> None:
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 0.1)
    profile: p.SrtpProfile = "AES_CM_128_HMAC_SHA1_80"
    with sending() as (transmitter, events), receiving() as (port, voice, control):
        transmitter.handle(
            p.Publish("tg@here", "127.0.0.1", port, srtp=profile, key=KEY), events.append
        )
        transmitter.handle(p.Say("tg@here", str(sound), speaker="AMK"), events.append)
        opener = Opener(profile, KEY)
        opened, report = opener.rtp(voice.recv(2_000)), opener.rtcp(control.recv(2_000))
    assert opened is not None
    assert report is not None
    assert list(rtcp.names(report).values()) == ["AMK"]


def test_what_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "note.txt"
    text.write_text("no sound")
    with sending() as (transmitter, events), receiving() as (port, _, _):
        transmitter.handle(p.Publish("tg@here", "127.0.0.1", port), events.append)
        transmitter.handle(p.Publish("bad@here", "nowhere", port), events.append)
        for path in (text, tmp_path / "missing.opus"):
            transmitter.handle(p.Say("tg@here", str(path)), events.append)
        refused = p.Refused
        wait_until(lambda: sum(type(e) is refused for e in events) == 3, "three refusals")
        assert transmitter.publications() == ("tg@here",)


def test_what_does_not_leave_the_machine_is_counted_and_told(tmp_path: Path) -> None:
    """The packet's way out is gone: here, an address that no socket may send to."""
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 0.2)
    with sending() as (transmitter, events):
        transmitter.handle(p.Publish("tg@here", "255.255.255.255", 9), events.append)
        transmitter.handle(p.Say("tg@here", str(sound)), events.append)
        wait_until(lambda: ended(events) == 1, "the burst has ended all the same")
        assert transmitter.unsent() == 11, "ten packets and a report"
        told = [one for one in events if isinstance(one, p.Refused)]
    assert [(one.command, one.stream) for one in told] == [("publish", "tg@here")]
    assert "255.255.255.255" in told[0].why


def test_a_voice_goes_to_all_its_groups_at_once_and_a_lost_frame_is_a_pause() -> None:
    told: list[tuple[str, str]] = []
    with (
        sending() as (transmitter, events),
        receiving() as (port, voice, _),
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other,
    ):
        other.bind(("127.0.0.1", 0))
        other.settimeout(5.0)
        secured = p.Publish(
            "b@h", "127.0.0.1", other.getsockname()[1], srtp="AES_CM_128_HMAC_SHA1_80", key=KEY
        )
        for wish in (p.Publish("a@h", "127.0.0.1", port), secured):
            transmitter.handle(wish, events.append)
        transmitter.begin_talk(("a@h", "b@h", "c@h"), lambda *what: told.append(what))
        for position in (4_800, None, 4_800 + 3 * 960):  # the third of four was lost
            transmitter.voice(b"\xf8\xff\xfe", position)
        packets = [rtp.parse(voice.recv(2_000)) for _ in range(3)]
        opener = Opener("AES_CM_128_HMAC_SHA1_80", KEY)
        twins = [rtp.parse(opener.rtp(other.recv(2_000)) or b"") for _ in range(3)]
        transmitter.end_talk()
        wait_until(lambda: ended(events) == 2, "both have ended")
        spec = p.StreamSpec("a@h", port, 111, "opus", 48_000)
        assert packets[0] is not None
        assert transmitter.is_own(spec, packets[0].ssrc), "it is the voice of who sits here"
    assert [name for name, _ in told] == ["c@h"]
    for sent in (packets, twins):
        first, second, last = (one for one in sent if one is not None)
        assert (first.marker, second.marker, last.marker) == (True, False, False)
        assert [second.sequence - first.sequence, last.sequence - second.sequence] == [1, 1]
        assert (second.timestamp - first.timestamp) % 2**32 == 960
        assert (last.timestamp - second.timestamp) % 2**32 == 2 * 960


def test_a_call_outlives_the_numbers_of_one_ssrc(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line stays open for longer than an SSRC may be used under a key."""
    monkeypatch.setattr(publication, "MAX_OF_SSRC", 5)
    with sending() as (transmitter, events), receiving() as (port, voice, _):
        wish = p.Publish("a@h", "127.0.0.1", port, srtp="AES_CM_128_HMAC_SHA1_80", key=KEY)
        transmitter.handle(wish, events.append)
        transmitter.begin_talk(("a@h",), lambda *_: None)
        for position in (0, *[None] * 11):
            transmitter.voice(b"\xf8\xff\xfe", position)
        opener = Opener("AES_CM_128_HMAC_SHA1_80", KEY)
        packets = [rtp.parse(opener.rtp(voice.recv(2_000)) or b"") for _ in range(12)]
        transmitter.end_talk()
        wait_until(lambda: ended(events) == 1, "it has ended, as one")
    sent = [one for one in packets if one is not None]
    assert [len(list(group)) for _, group in itertools.groupby(one.ssrc for one in sent)] == [
        5,
        5,
        2,
    ]
    steps = {(b.timestamp - a.timestamp) % 2**32 for a, b in itertools.pairwise(sent)}
    assert steps == {960}, "the media time goes on"


def test_a_group_that_is_closed_while_one_talks_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    sound = tmp_path / "tone.wav"
    write_tone(sound, 800.0, 2.0)
    with sending() as (transmitter, events), receiving() as (port, _, _):
        for name in ("a@h", "b@h"):
            transmitter.handle(p.Publish(name, "127.0.0.1", port), events.append)
        transmitter.handle(p.Say("b@h", str(sound)), events.append)
        wait_until(lambda: any(isinstance(one, p.BurstSent) for one in events), "the file")
        transmitter.begin_talk(("a@h", "b@h"), lambda *what: told.append(what))
        transmitter.handle(p.Unpublish("a@h"), events.append)
        wait_until(lambda: len(told) == 2, "both are told")
    assert {name for name, _ in told} == {"a@h", "b@h"}


def test_a_voice_that_the_system_does_not_take_is_given_up_and_told() -> None:
    told: list[tuple[str, str]] = []
    with sending() as (transmitter, events):
        transmitter.handle(p.Publish("a@h", "255.255.255.255", 9), events.append)
        wait_until(lambda: bool(transmitter.publications()), "published")
        transmitter.begin_talk(("a@h",), lambda *what: told.append(what))
        deadline_s = time.monotonic() + 5.0
        while not told and time.monotonic() < deadline_s:
            transmitter.voice(b"\xf8\xff\xfe", None)
            time.sleep(0.02)
        assert [name for name, _ in told] == ["a@h"]
        assert any(isinstance(one, p.Refused) for one in events)


def test_a_voice_that_is_preempted_on_one_group_goes_on_on_the_other() -> None:
    with (
        sending() as (transmitter, events),
        receiving() as (port, voice, _),
        receiving_at(port + 2) as other,
    ):
        for name, where in (("a@h", port), ("b@h", other.getsockname()[1])):
            transmitter.handle(p.Publish(name, "127.0.0.1", where), events.append)
        transmitter.begin_talk(("a@h", "b@h"), lambda *_: None)
        transmitter.voice(b"\xf8\xff\xfe", 0)
        transmitter.leave_talk({"b@h", "nowhere@h"})
        transmitter.voice(b"\xf8\xff\xfe", None)
        assert [len(voice.recv(2_000)) for _ in range(2)] == [15, 15]
        wait_until(lambda: ended(events) == 1, "one of them has ended")
        assert len(other.recv(2_000)) == 15
        transmitter.voice(b"\xf8\xff\xfe", None)
        assert len(voice.recv(2_000)) == 15
        transmitter.end_talk()
        wait_until(lambda: ended(events) == 2, "both have ended")
        other.setblocking(False)
        with pytest.raises(BlockingIOError):
            other.recv(2_000)
