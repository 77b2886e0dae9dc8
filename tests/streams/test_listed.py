"""Streams that the policy lists by the address of their SDP, at a real HTTPS station."""

from __future__ import annotations

import hashlib
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from console.domain.voice_rights import Listed, VoicePolicy
from console.streams import listed as listed_module
from console.streams import sdp
from console.streams.announcement import Announcement
from console.streams.listed import ListedStreams
from console.streams.sdp import SdpError

from .test_sdp import CM, KEY, Authority, Handler, authority, desk, secured, station

__all__ = ["authority", "station"]

PATIENCE_S = 10.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, what
        time.sleep(0.01)


def fingerprint_of(folder: Path) -> str:
    pem = (folder / "station.crt").read_text()
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


class Hearing:
    """What is told, at a member with a certificate of the station's authority."""

    def __init__(self, authority: Authority) -> None:
        mine = desk(authority)
        self.there: dict[str, Announcement] = {}
        self.trouble: tuple[str, ...] = ()
        self.listed = ListedStreams(lambda: mine, self._changed, self._troubled)
        self.listed.start()

    def _changed(self, new: tuple[Announcement, ...], gone: tuple[str, ...]) -> None:
        self.there.update({one.stream: one for one in new})
        for stream in gone:
            del self.there[stream]

    def _troubled(self, why: tuple[str, ...]) -> None:
        self.trouble = why


@pytest.fixture
def hearing(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hearing]:
    monkeypatch.setattr(listed_module, "AGAIN_S", 0.1)
    monkeypatch.setattr(listed_module, "RETRY_S", 0.05)
    here = Hearing(authority)
    yield here
    here.listed.stop()


def test_what_is_listed_is_fetched_looked_at_again_and_let_go_of(
    hearing: Hearing, station: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hearing.listed.listed([Listed("lv1", sdp=f"{station}/lv1.sdp"), Listed("lv2")])
    wait_for(lambda: hearing.there, "the description")
    found = hearing.there["lv1@localhost"]
    assert (found.talkgroup, found.group, found.port) == ("lv1", "239.77.1.1", 5004)
    assert (found.name, found.addresses) == ("Legevakt Nord", ("10.0.0.7",))
    assert (found.listed, found.key, found.srtp) == (True, None, None)
    monkeypatch.setattr(Handler, "body", secured(f"1 {CM} inline:{KEY}"))
    wait_for(lambda: hearing.there["lv1@localhost"].key is not None, "its key")
    assert hearing.there["lv1@localhost"].srtp == CM
    assert hearing.listed.has("lv1@localhost")
    hearing.listed.listed([])
    wait_for(lambda: not hearing.there, "it to be let go of")
    assert hearing.listed.streams() == ()


def test_a_station_that_is_gone_is_told_of_and_keeps_nobody_from_the_others(
    hearing: Hearing, station: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hearing.listed.listed(
        [Listed("dead", sdp="https://localhost:9/a"), Listed("lv1", sdp=f"{station}/lv1.sdp")]
    )
    wait_for(lambda: hearing.there, "the one that answers")
    wait_for(lambda: hearing.trouble, "the one that doesn't")
    assert hearing.trouble[0].startswith("dead: localhost did not hand out the SDP")
    wait_for(lambda: hearing.listed.failures > 2, "other tries, counted")
    monkeypatch.setattr(Handler, "body", b"nonsense")
    wait_for(lambda: len(hearing.trouble) == 2, "what can't be understood")
    assert "lv1@localhost" in hearing.there, "what it said last counts"
    monkeypatch.undo()
    wait_for(lambda: len(hearing.trouble) == 1, "it to be well again")


def test_a_station_is_known_by_its_fingerprint(
    authority: Authority, station: str, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other", "other")
    certificate, key = authority.issue("desk")
    mine = sdp.ClientCertificate(certificate, key, stranger.path)
    shown = fingerprint_of(tmp_path)
    address = station.replace("localhost", "127.0.0.1")
    entry = Listed(
        "lv1", sdp=address, certificate=":".join(shown[n : n + 2] for n in range(0, 64, 2))
    )
    assert sdp.fetch_sdp(address, mine, entry.fingerprint).port == 5004
    with pytest.raises(SdpError, match=f"another certificate .* {shown}"):
        sdp.fetch_sdp(address, mine, "0" * 64)


@pytest.mark.parametrize(
    "entry",
    [
        {"sdp": "http://gw.example/a"},
        {"sdp": "https://gw.example/\n"},
        {"sdp": "https://"},
        {"sdp": "https://x/" + "a" * 200},
        {"sdp": "https://someone@gw.example/"},
        {"sdp": "https://gw.example/", "certificate": "abc"},
        {"sdp": "https://gw.example/", "more": 1},
    ],
)
def test_a_policy_that_lists_nonsense_is_none(entry: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"listed": [{"talkgroup": "lv1", **entry}]}, VoicePolicy)


@pytest.mark.parametrize(
    "url", ["https://:1/", "https://[x/", "https://x:99999/", "ftp://x/", "https://" + "a" * 90]
)
def test_an_address_that_is_none_ends_nothing(authority: Authority, url: str) -> None:
    with pytest.raises(SdpError):
        sdp.fetch_sdp(url, desk(authority), timeout_s=1.0)
