"""Voice under a site's keys from end to end: a real server, real engines, multicast on loopback.

Packets are counted, not heard by ear: what an engine counts as accepted is mixed, what does not
open under its keys is counted as refused.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio import protocol
from audio.client import EngineClient, ensure_engine, stop_engine
from console.desk.keyring import KeyedEngine
from console.desk.listening import Listening
from console.domain.voice_keys import Times
from console.domain.voice_rights import VoicePolicy
from console.site.keyring import station_of
from console.streams.announcement import Announcement
from console.streams.plan import SiteVoice
from tests.examples import example
from tests.site.conftest import Server, wait_for
from tests.site.test_keys import Hand, Site

LOOPBACK = "127.0.0.1"
GROUP, PORT = "239.77.91.7", 5_912
STREAM = "lv1@tone.local"
RATE = 48_000
TIMES = Times(life_ms=6_000, early_ms=4_000, overlap_ms=3_000)


class Seat:
    """A member with an engine, as a desk has it: links, keyring, listening."""

    def __init__(self, server: Server, name: str, home: Path) -> None:
        self.home = home
        ensure_engine(home, interface=LOOPBACK, device="null")
        self.recorded: list[protocol.RecordDone] = []
        self.engine = EngineClient(
            home, role="tool", on_event=self._on_event, on_lost=lambda _why: None
        )
        self.engine.connect()
        self.hand = Hand(server.as_member(name), station=station_of(home), also=self._changed)
        self.keyed = KeyedEngine(self.hand.ring, self.engine.send)
        self.listening = Listening(
            interface=LOOPBACK,
            keys=None,
            unicast_ports={},
            site=SiteVoice(VoicePolicy(), self.hand.ring, enrolled=True),
        )

    def _on_event(self, event: protocol.Event) -> None:
        if isinstance(event, protocol.RecordDone):
            self.recorded.append(event)

    def _changed(self, talkgroup: str) -> None:
        self.keyed.keys_changed(talkgroup)

    def send_tone(self, path: Path) -> None:
        publication = protocol.Publish(
            STREAM, GROUP, PORT, interface=LOOPBACK, srtp="AEAD_AES_256_GCM"
        )
        self.keyed.send(publication)
        wait_for(self.hand.current, "a key to send under")
        self.engine.send(protocol.Say(STREAM, str(path), speaker="Tone", loop=True))

    def listen(self, kid: str) -> None:
        found = Announcement(
            stream=STREAM, talkgroup="lv1", name="Legevakt 1", host="tone.local", port=PORT,
            payload_type=111, encoding="opus", clock_rate=RATE, channels=2, group=GROUP,
            srtp="AEAD_AES_256_GCM", kid=kid,
        )  # fmt: skip
        self.hand.ring.want("lv1", kid)
        wait_for(self.hand.kids, "the keys")
        for command in self.listening.announced(found):
            self.keyed.send(command)

    def hear(self, kid: str) -> None:
        self.listen(kid)
        wait_for(lambda: self.figures().packets > 0, f"the voice at {self.home.name}")

    def figures(self) -> protocol.StreamFigures:
        return self.engine.status(timeout_s=10.0).streams[0]

    def hears_on(self, what: str) -> None:
        before = self.figures().packets
        wait_for(lambda: self.figures().packets > before + 25, what)

    def close(self) -> None:
        self.hand.stop()
        self.engine.close()
        stop_engine(self.home)


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE * 2) / RATE)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32_767).astype("<i2").tobytes())
    return path


@contextlib.contextmanager
def seats(server: Server, folder: Path, *names: str) -> Iterator[list[Seat]]:
    with contextlib.ExitStack() as undoing:
        made = []
        for name in names:
            seat = Seat(server, name, folder / name)
            undoing.callback(seat.close)
            made.append(seat)
        yield made


def test_secured_voice_through_rekeys_a_revocation_and_the_sites_death(
    server: Server, tmp_path: Path, tone: Path
) -> None:
    site = Site(server, TIMES)
    try:
        with seats(server, tmp_path, "sender", "stays", "goes") as (sender, stays, goes):
            sender.send_tone(tone)
            kid = sender.hand.current()
            assert kid is not None
            stays.hear(kid)
            goes.hear(kid)
            through_a_turn(sender, stays, tmp_path / "mix.wav")
            a_revocation(site, sender, stays, goes)
            the_sites_death(site, server, sender, stays)
    finally:
        site.service.stop()


def through_a_turn(sender: Seat, stays: Seat, mix: Path) -> None:
    """The next key was at everybody's before anybody used it: nothing is missed."""
    before, refused = sender.hand.current(), stays.figures().refused
    stays.engine.send(protocol.Record(str(mix), 8.0))
    wait_for(lambda: sender.hand.current() != before, "the turn")
    used = int(sender.hand.current() or "")
    wait_for(lambda: stays.figures().kid == used, "packets under the new key")
    wait_for(lambda: stays.recorded, "the recording")
    assert stays.figures().refused == refused
    assert longest_silence_s(mix) < 0.1


def a_revocation(site: Site, sender: Seat, stays: Seat, goes: Seat) -> None:
    refused = stays.figures().refused
    site.revoke("goes")
    wait_for(lambda: not goes_on(goes), "the voice to end for who was taken out")
    assert goes.figures().refused > 0  # it still comes, and does not open
    stays.hears_on("the voice at who stayed")
    assert stays.figures().refused == refused
    held = {key.kid for key in goes.hand.ring.keys("lv1")}
    assert sender.hand.current() not in held


def goes_on(seat: Seat) -> bool:
    before = seat.figures().packets
    time.sleep(0.5)
    return seat.figures().packets > before


def the_sites_death(site: Site, server: Server, sender: Seat, stays: Seat) -> None:
    """Those who hold the next key turn to it by themselves; who starts now says why it is deaf."""
    wait_for(lambda: len(sender.hand.kids()) > 1 and next_is_known(sender, stays), "the next key")
    before, refused = sender.hand.current(), stays.figures().refused
    site.service.stop()
    server.kill()
    wait_for(lambda: sender.hand.current() != before, "the sender's own turn")
    stays.hears_on("the voice without a site")
    assert stays.figures().refused == refused
    late = Hand(server.as_member("stays"), "late")
    try:
        late.ring.want("lv1", sender.hand.current())
        wait_for(lambda: late.ring.why("lv1"), "a reason")
        assert "can't be reached" in late.ring.why("lv1")
        assert late.ring.keys("lv1") == ()
    finally:
        late.stop()


def next_is_known(*some: Seat) -> bool:
    coming = [held.next for one in some if (held := one.hand.ring.held("lv1")) is not None]
    return None not in coming and len({one.kid for one in coming if one is not None}) == 1


def longest_silence_s(path: Path) -> float:
    """Between the first sound and the last."""
    with wave.open(str(path), "rb") as source:
        samples = np.frombuffer(source.readframes(source.getnframes()), "<i2")[::2]
    windows = np.abs(samples[: len(samples) // 480 * 480].reshape(-1, 480)).max(axis=1) > 300
    loud = np.flatnonzero(windows)
    assert len(loud) > 100, "no tone was recorded"
    return float(np.diff(loud).max(initial=1) - 1) * 480 / RATE


def test_a_publication_that_waits_for_a_key_sends_nothing(server: Server, tmp_path: Path) -> None:
    """Fail closed: no site, no key, no packet, and nothing for the engine to send on."""
    with seats(server, tmp_path, "alone") as (alone,):
        alone.keyed.send(
            protocol.Publish(STREAM, GROUP, PORT, interface=LOOPBACK, srtp="AEAD_AES_256_GCM")
        )
        assert alone.engine.status(timeout_s=10.0).publications == ()
        site = Site(server)
        try:
            wait_for(lambda: alone.engine.status(timeout_s=10.0).sending, "the publication")
            sending = alone.engine.status(timeout_s=10.0).sending[0]
            wait_for(lambda: alone.engine.status(timeout_s=10.0).sending[0].kid, "its key")
            assert sending.secured
            block = alone.engine.status(timeout_s=10.0).sending[0].ssrc >> 16
            held = alone.hand.ring.held("lv1")
            assert held is not None and 0 < held.block == block
        finally:
            site.service.stop()


def test_a_foreign_gateway_asks_and_sends_as_the_protocol_says(
    server: Server, tmp_path: Path
) -> None:
    site = Site(server)
    gateway = server.as_member("gw1", "gateway")
    words = [gateway.url, str(gateway.identity.folder), "lv1", GROUP, str(PORT)]
    program = [sys.executable, "-c", example("station keys"), *words]
    try:
        with seats(server, tmp_path, "hears") as (hears,):
            hears.hand.ring.want_to_send("lv1")
            wait_for(hears.hand.current, "a key")
            hears.listen(hears.hand.current() or "")
            done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
            assert f"kid={hears.hand.current()}" in done.stdout
            wait_for(lambda: hears.figures().packets >= 40, "its packets")
            assert hears.figures().refused == 0
    finally:
        site.service.stop()
