"""Foreign publishers: avahi in a network of its own, with no code of ours on the sending side."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.streams.announce import Announcer, Offer
from console.streams.announcement import Announcement
from console.streams.browse import Browser
from tests import netlab
from tests.netlab import Host, wait_until

WHY_NOT = netlab.missing("avahi-daemon", "avahi-publish-service", "dbus-daemon")
pytestmark = [pytest.mark.netns, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

TXT = ("txtvers=1", "tg=lv1", "grp=239.77.1.1", "pt=111", "rtpmap=opus/48000/2")


@contextlib.contextmanager
def browsing(host: Host, *, ipv6: bool = False) -> Iterator[Browser]:
    with host.inside():
        browser = Browser(host.address6 if ipv6 else host.address, lambda _changed, _gone: None)
        browser.start()
    try:
        wait_until(lambda: browser._mdns.zeroconf is not None, 5, "the browser has its sockets")
        yield browser
    finally:
        browser.stop()


def only(browser: Browser) -> Announcement:
    (found,) = browser.streams()
    return found


def test_avahi_s_stream_is_listed_within_two_seconds_changes_and_leaves() -> None:
    with (
        netlab.lan(2) as (station, desk),
        netlab.avahi(station) as avahi,
        browsing(desk) as browser,
    ):
        publisher = avahi.publish("Legevakt-1", 5004, *TXT)
        took_s = wait_until(lambda: len(browser.streams()) == 1, 2, "listed")
        print(f"listed {took_s:.2f} s after avahi-publish-service was started")
        assert only(browser).stream == "lv1@foreign.local"
        wait_until(lambda: station.address in only(browser).addresses, 5, "its address")
        netlab.end_group(publisher)
        took_s = wait_until(lambda: browser.streams() == (), 2, "the goodbye")
        print(f"gone {took_s:.2f} s after its goodbye")
        avahi.publish("Legevakt-1", 5006, *TXT[:2], "grp=239.77.9.9", "pt=8")
        wait_until(lambda: len(browser.streams()) == 1, 5, "it is back, changed")
        assert (only(browser).group, only(browser).encoding) == ("239.77.9.9", "PCMA")


OWN_STATION = """
import sys, threading
from console.streams.announce import Announcer, Offer
announcer = Announcer(sys.argv[1])
announcer.announce(Offer(name="Legevakt", talkgroup="own", port=5004, group="239.77.1.2"))
threading.Event().wait()
"""


@pytest.mark.long
def test_of_stations_with_the_same_name_those_that_die_go_and_the_other_stays() -> None:
    """Two foreign ones and one of ours. One stays longer than a record lives: it has answered."""
    with (
        netlab.lan(3) as (first, second, desk),
        netlab.avahi(first, "station-a") as avahi_a,
        netlab.avahi(second, "station-b") as avahi_b,
        browsing(desk) as browser,
    ):
        avahi_a.publish("Legevakt", 5004, *TXT)
        wait_until(lambda: len(browser.streams()) == 1, 5, "the first")
        avahi_b.publish("Legevakt", 5004, *TXT)
        wait_until(lambda: len(browser.streams()) == 2, 10, "the second, renamed by avahi")
        own = desk.start(sys.executable, "-c", OWN_STATION, desk.address)
        wait_until(lambda: len(browser.streams()) == 3, 10, "the third, ours, whatever its name")
        assert {"lv1@station-a.local", "lv1@station-b.local"} < {
            one.stream for one in browser.streams()
        }
        avahi_a.kill()
        os.killpg(own.pid, signal.SIGKILL)
        took_s = wait_until(lambda: len(browser.streams()) == 1, 20, "the dead have gone")
        print(f"gone {took_s:.1f} s after the kill (avahi's own TTL is 120 s)")
        with pytest.raises(AssertionError):
            wait_until(lambda: browser.streams() == (), 1, "the second never goes")
        assert only(browser).stream == "lv1@station-b.local"


def test_over_ipv6_alone(tmp_path: Path) -> None:
    with (
        netlab.lan(2) as (station, desk),
        netlab.avahi(station, ipv6=True) as avahi,
        browsing(desk, ipv6=True) as browser,
    ):
        avahi.publish("Legevakt-6", 5004, "tg=lv6", "grp=ff15::77", "pt=111", "rtpmap=opus/48000/2")
        netlab.opus_tone(station, "ff15::77", 5004, 440)
        took_s = wait_until(lambda: len(browser.streams()) == 1, 2, "listed")
        print(f"over IPv6 listed {took_s:.2f} s after avahi-publish-service was started")
        assert only(browser).group == "ff15::77"
        mix = desk.run(
            sys.executable, "-m", "console.cli", "mix", "--interface", desk.address6,
            "--home", str(tmp_path), "--out", str(tmp_path / "mix.wav"), "--seconds", "1.5",
        )  # fmt: skip
        assert "Legevakt-6 (lv6@foreign.local, opus/48000/2, NOT SECURED): " in mix.stdout
        assert " packets, 0 lost" in mix.stdout
        with station.inside():
            announcer = Announcer(station.address6)
        try:
            announcer.announce(Offer(name="Own", talkgroup="own", port=5004, group="ff15::78"))
            wait_until(lambda: len(browser.streams()) == 2, 5, "our own announcer over IPv6")
        finally:
            announcer.close()
        wait_until(lambda: len(browser.streams()) == 1, 5, "its goodbye over IPv6")


def test_avahi_finds_what_we_announce() -> None:
    with netlab.lan(2) as (station, desk), netlab.avahi(desk) as avahi:
        with station.inside():
            announcer = Announcer(station.address)
        try:
            announcer.announce(Offer(name="Øst-LV", talkgroup="lv1", port=5004, group="239.77.1.1"))
            heard: list[str] = []

            def is_listed() -> bool:
                run = desk.run("avahi-browse", "-rpt", "_rtp._udp", env=avahi.environment)
                heard[:] = [one for one in run.stdout.splitlines() if one.startswith("=")]
                return bool(heard)

            wait_until(is_listed, 10, "avahi-browse resolves it")
            assert f";{announcer.host};{station.address};5004;" in heard[0]
            assert '"rtpmap=opus/48000/2"' in heard[0]
        finally:
            announcer.close()


def test_the_network_comes_later() -> None:
    with netlab.lan(2) as (station, desk), netlab.avahi(station) as avahi:
        avahi.publish("Legevakt-1", 5004, *TXT)
        desk.run("ip", "addr", "del", f"{desk.address}/24", "dev", desk.device)
        with desk.inside():
            browser = Browser(desk.address, lambda _changed, _gone: None)
            browser.start()
        try:
            wait_until(lambda: desk.address in browser.problem, 5, "the complaint")
            desk.run("ip", "addr", "add", f"{desk.address}/24", "dev", desk.device)
            wait_until(lambda: len(browser.streams()) == 1, 10, "found once the network is there")
            assert browser.problem == ""
        finally:
            browser.stop()
