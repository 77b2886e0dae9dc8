"""Real mDNS on loopback alone: coming, changing, going, many at once, and garbage."""

from __future__ import annotations

import resource
import socket
import struct
import threading
from collections.abc import Iterator
from random import Random

import pytest
from zeroconf import ServiceInfo, Zeroconf

from console.streams.announce import AnnounceError, Announcer, Offer
from console.streams.announcement import STREAM_TYPE, Announcement, SiteAnnouncement
from console.streams.browse import Browser, find_sites
from tests.netlab import wait_until

LOOPBACK = "127.0.0.1"
MDNS = ("224.0.0.251", 5353)


class Seen:
    """What a browser told, in order."""

    def __init__(self) -> None:
        self.changed: list[Announcement] = []
        self.gone: list[str] = []
        self.threads: set[str] = set()
        self.sites: tuple[SiteAnnouncement, ...] = ()

    def change(self, changed: tuple[Announcement, ...], gone: tuple[str, ...]) -> None:
        self.threads.add(threading.current_thread().name)
        self.changed += changed
        self.gone += gone

    def take_sites(self, sites: tuple[SiteAnnouncement, ...]) -> None:
        self.sites = sites


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def browser(seen: Seen) -> Iterator[Browser]:
    browser = Browser(LOOPBACK, seen.change, seen.take_sites)
    browser.start()
    yield browser
    browser.stop()
    assert not any(one.name == "streams-browser" for one in threading.enumerate())


@pytest.fixture
def tag() -> str:
    """Names of this test alone: others may use loopback at the same time."""
    return f"t{Random().randrange(10**8)}"


def offer(talkgroup: str, **changes: object) -> Offer:
    fields = {"name": talkgroup, "talkgroup": talkgroup, "port": 5004, "group": "239.77.1.1"}
    return Offer(**{**fields, **changes})  # type: ignore[arg-type]  # fields by name


def streams_of(browser: Browser, tag: str) -> list[Announcement]:
    return [one for one in browser.streams() if one.talkgroup.startswith(tag)]


def test_a_stream_comes_changes_and_goes(browser: Browser, seen: Seen, tag: str) -> None:
    announcer = Announcer(LOOPBACK)
    try:
        handle = announcer.announce(offer(tag))
        wait_until(lambda: len(streams_of(browser, tag)) == 1, 5, "the stream is listed")
        (found,) = streams_of(browser, tag)
        assert found.stream == f"{tag}@{announcer.host}"
        assert found.group == "239.77.1.1"
        wait_until(lambda: streams_of(browser, tag)[0].addresses == (LOOPBACK,), 5, "its address")
        announcer.change(handle, offer(tag, port=6006, payload_type=8, rtpmap="PCMA/8000"))
        wait_until(lambda: streams_of(browser, tag)[0].port == 6006, 5, "the change")
        assert streams_of(browser, tag)[0].encoding == "PCMA"
        announcer.withdraw(handle)
        wait_until(lambda: found.stream in seen.gone, 5, "the goodbye")
    finally:
        announcer.close()
    assert seen.threads == {"streams-browser"}
    assert not any(one.name == "streams-announcer" for one in threading.enumerate())


def test_closing_says_goodbye_for_all(browser: Browser, tag: str) -> None:
    announcer = Announcer(LOOPBACK)
    try:
        for number in range(3):
            announcer.announce(offer(f"{tag}-{number}"))
        wait_until(lambda: len(streams_of(browser, tag)) == 3, 5, "three streams")
    finally:
        announcer.close()
    wait_until(lambda: streams_of(browser, tag) == [], 5, "three goodbyes")


def test_two_hundred_streams_at_once(browser: Browser, seen: Seen, tag: str) -> None:
    announcer = Announcer(LOOPBACK)
    try:
        for number in range(200):
            announcer.announce(offer(f"{tag}-{number}", port=6_000 + number))
        took_s = wait_until(lambda: len(streams_of(browser, tag)) == 200, 10, "200 streams")
        print(f"200 streams listed after {took_s:.2f} s")
        late = Browser(LOOPBACK, lambda _changed, _gone: None)
        late.start()
        try:
            took_s = wait_until(lambda: len(streams_of(late, tag)) == 200, 10, "also by a late one")
            print(f"and by a late browser after {took_s:.2f} s")
        finally:
            late.stop()
    finally:
        announcer.close()
    wait_until(lambda: streams_of(browser, tag) == [], 10, "200 goodbyes")


def test_two_stations_with_the_same_name_are_two_streams(browser: Browser, tag: str) -> None:
    first = Announcer(LOOPBACK, host=f"{tag}-a.local")
    second = Announcer(LOOPBACK, host=f"{tag}-b.local")
    try:
        handle = first.announce(offer(tag, name=f"Legevakt {tag}"))
        assert first.wait(handle, 5) == f"Legevakt {tag}"
        handle = second.announce(offer(tag, name=f"Legevakt {tag}", group="239.77.2.2"))
        assert second.wait(handle, 5) == f"Legevakt {tag} (2)"
        wait_until(lambda: len(streams_of(browser, tag)) == 2, 5, "both")
        groups = {one.host: one.group for one in streams_of(browser, tag)}
        assert groups == {f"{tag}-a.local": "239.77.1.1", f"{tag}-b.local": "239.77.2.2"}
    finally:
        first.close()
        second.close()


def test_a_rogue_that_announces_the_same_name_does_not_take_it_over(
    browser: Browser, seen: Seen, tag: str
) -> None:
    announcer = Announcer(LOOPBACK)
    rogue = Zeroconf([LOOPBACK])
    try:
        announcer.announce(offer(tag))
        wait_until(lambda: len(streams_of(browser, tag)) == 1, 5, "the station")
        info = ServiceInfo(
            STREAM_TYPE, f"{tag}.{STREAM_TYPE}", port=6666, server=f"rogue-{tag}.local.",
            properties={"tg": tag, "grp": "239.66.6.6", "pt": "0"}, parsed_addresses=[LOOPBACK],
        )  # fmt: skip
        rogue.register_service(info, cooperating_responders=True)
        wait_until(lambda: len(streams_of(browser, tag)) == 2, 5, "the rogue beside it")
        mine = next(one for one in streams_of(browser, tag) if one.host == announcer.host)
        assert (mine.group, mine.port) == ("239.77.1.1", 5004)
        assert not any(one.startswith(tag) for one in seen.gone)
    finally:
        rogue.close()
        announcer.close()


def test_a_site_is_found_by_browser_and_by_find_sites(
    browser: Browser, seen: Seen, tag: str
) -> None:
    announcer = Announcer(LOOPBACK)
    try:
        announcer.announce_site(f"Site {tag}", 4222, {"ca": "ab" * 32})
        wait_until(lambda: any(one.site == f"Site {tag}" for one in seen.sites), 5, "the site")
        found = [one for one in find_sites(LOOPBACK, 5.0) if one.site == f"Site {tag}"]
        assert [one.url for one in found] == ["tls://127.0.0.1:4222"]
        assert found[0].fingerprint == "ab" * 32
    finally:
        announcer.close()


def test_what_no_desk_would_take_is_not_announced() -> None:
    announcer = Announcer(LOOPBACK)
    try:
        with pytest.raises(AnnounceError, match="grp"):
            announcer.announce(offer("lv1", group="224.0.0.1"))
        with pytest.raises(AnnounceError, match="port"):
            announcer.announce_site("Site", 80, {})
    finally:
        announcer.close()


def test_what_is_not_understood_is_counted_and_shown(browser: Browser, tag: str) -> None:
    foreign = Zeroconf([LOOPBACK])
    try:
        info = ServiceInfo(
            STREAM_TYPE, f"{tag}.{STREAM_TYPE}", port=6666, server=f"x-{tag}.local.",
            properties={"tg": tag, "pt": "9"}, parsed_addresses=[LOOPBACK],
        )  # fmt: skip
        foreign.register_service(info, cooperating_responders=True)
        wait_until(lambda: browser.counts().get("rtpmap", 0) > 0, 5, "the refusal is counted")
        assert tag in {one.name for one in browser.refusals()}
    finally:
        foreign.close()


def test_an_interface_that_is_not_there_is_said_and_waited_for() -> None:
    browser = Browser("203.0.113.77", lambda _changed, _gone: None)
    browser.start()
    try:
        wait_until(lambda: "203.0.113.77" in browser.problem, 5, "the complaint")
        assert LOOPBACK in browser.problem
    finally:
        browser.stop()


def test_a_receiver_that_fails_does_not_end_discovery(tag: str) -> None:
    def fail(_changed: tuple[Announcement, ...], _gone: tuple[str, ...]) -> None:
        raise RuntimeError("a broken receiver")

    browser, announcer = Browser(LOOPBACK, fail), Announcer(LOOPBACK)
    browser.start()
    try:
        announcer.announce(offer(f"{tag}-1"))
        wait_until(lambda: len(streams_of(browser, tag)) == 1, 5, "the first")
        announcer.announce(offer(f"{tag}-2"))
        wait_until(lambda: len(streams_of(browser, tag)) == 2, 5, "the second")
    finally:
        browser.stop()
        announcer.close()


def hostile_packets(source: Random) -> Iterator[bytes]:
    """Noise, noise with a DNS head, responses full of names, a giant TXT, pointer loops."""
    kind = STREAM_TYPE.rstrip(".").split(".")
    type_labels = b"".join(bytes([len(one)]) + one.encode() for one in kind) + b"\0"
    while True:
        label = source.randbytes(source.randrange(1, 30))
        name = bytes([len(label)]) + label + type_labels
        host = b"\x04" + source.randbytes(4) + b"\x05local\0"
        txt = source.randbytes(source.randrange(0, 5_000))
        srv = struct.pack("!HHH", 0, 0, source.randrange(65_536)) + host
        head = struct.pack("!HHHHHH", 0, 0x8400, 0, 3, 0, 0)
        records = _record(type_labels, 12, name) + _record(name, 33, srv) + _record(name, 16, txt)
        yield head + records
        yield source.randbytes(source.randrange(0, 1_400))
        yield head + source.randbytes(source.randrange(0, 600))
        yield head + b"\xc0\x0c" * source.randrange(1, 200)


def _record(name: bytes, type_: int, data: bytes) -> bytes:
    return name + struct.pack("!HHIH", type_, 0x8001, 120, len(data)) + data


def test_garbage_on_port_5353_neither_ends_nor_bloats_it(browser: Browser, tag: str) -> None:
    announcer = Announcer(LOOPBACK)
    source = Random(7)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(LOOPBACK))
        for _, packet in zip(range(4_000), hostile_packets(source), strict=False):
            sender.sendto(packet[:8_000], MDNS)
    try:
        announcer.announce(offer(tag))
        wait_until(lambda: len(streams_of(browser, tag)) == 1, 20, "a stream after the garbage")
    finally:
        announcer.close()
    assert len(browser.streams()) <= 512
    assert len(browser.refusals()) <= 64
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib
    assert grown_kib < 60_000
