"""A station that mDNS does not find, listed in the policy: each desk fetches and hears it."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from console.site.node.process import ensure_site
from console.streams import listed
from tests.desk.processes import LOOPBACK, PATIENCE_S, Net, engine_of
from tests.desk.test_desk_hands import sit_down
from tests.streams.test_listed import fingerprint_of
from tests.streams.test_sdp import Authority, Handler, QuietServer
from widgets.notices import notices

pytestmark = pytest.mark.system

CM = "AES_CM_128_HMAC_SHA1_80"
DESCRIPTION = f"""v=0
o=- 1 1 IN IP4 127.0.0.1
s=Gammel sentral
c=IN IP4 239.77.9.9/1
t=0 0
m=audio 5004 RTP/SAVP 111
a=rtpmap:111 opus/48000/2
a=crypto:1 {CM} inline:{base64.b64encode(bytes(30)).decode()}
"""


class Station:
    """A gateway with a certificate of its maker's own, which lets in members of the site alone."""

    def __init__(self, folder: Path, ca: Path) -> None:
        folder.mkdir()
        certificate, key = Authority(folder, "maker").issue("station")
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._context.load_verify_locations(ca)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self.fingerprint = fingerprint_of(folder)
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"https://{LOOPBACK}:{self.port}/lv9.sdp"

    def start(self) -> None:
        self._server = QuietServer((LOOPBACK, self.port), Handler)
        self.port = self._server.server_port
        self._server.socket = self._context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def station(lan: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """The site runs, and lists it by its fingerprint."""
    monkeypatch.setattr(Handler, "body", DESCRIPTION.encode())
    ensure_site(lan.home, interface=LOOPBACK)
    here = Station(tmp_path / "station", lan.home / "site" / "pki" / "ca.pem")
    (lan.home / "site" / "policy.toml").write_text(
        f'[[voice.listed]]\ntalkgroup = "lv9"\nsdp = "{here.url}"\n'
        f'certificate = "{here.fingerprint}"\n'
    )
    yield here
    here.stop()


def test_a_listed_station_is_heard_at_a_desk_and_missed_when_it_is_gone(
    lan: Net, station: Station, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listed, "AGAIN_S", 0.3)
    monkeypatch.setattr(listed, "RETRY_S", 0.1)
    here = sit_down(lan)
    status = here.desk.parts.status
    try:
        here.until(lambda: here.desk.parts.talkgroups.keys() != (), "its tile")
        (key,) = here.desk.parts.talkgroups.keys()
        assert key == f"lv9@{LOOPBACK}"
        with engine_of(lan.home) as (engine, _):
            here.until(lambda: bool(engine.status(10.0).streams), "the engine to hear it")
            (heard,) = engine.status(10.0).streams
        assert (heard.stream, heard.spec.srtp, heard.spec.group) == (key, CM, "239.77.9.9")
        assert not status.status().listed_notes
        station.stop()
        here.until(lambda: bool(status.status().listed_notes), "it to be missed")
        missed = [one for one in notices(status.status()) if one.icon == "antenna"]
        assert "lv9" in missed[0].detail
        assert here.desk.parts.talkgroups.keys() == (key,), "what it said last counts"
        here.until(
            lambda: here.desk.parts.diagnostics.site().listed_failures > 0, "it to be counted"
        )
        station.start()
        here.until(lambda: not status.status().listed_notes, "it to be back")
        (lan.home / "site" / "policy.toml").write_text("[voice]\n")
        here.until(
            lambda: (
                here.desk.parts.outside.links is not None
                and not here.desk.parts.outside.links.streams()
            ),
            "it to be listed no more",
        )
    finally:
        here.desk.end()
        here.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_command_lists_it_and_says_what_is_wrong(lan: Net, station: Station) -> None:
    def said() -> dict[str, list[dict[str, object]]]:
        process = lan.start("streams", "--json", "--seconds", "1", pipe=True)
        out, _ = process.communicate(timeout=PATIENCE_S)
        found: dict[str, list[dict[str, object]]] = json.loads(out)
        return found

    (row,) = said()["streams"]
    assert (row["stream"], row["receivable"], row["srtp"]) == (f"lv9@{LOOPBACK}", True, CM)
    assert row["sdp"] == station.url
    policy = lan.home / "site" / "policy.toml"
    policy.write_text(policy.read_text().replace(station.fingerprint, "0" * 64))
    deadline_s = time.monotonic() + PATIENCE_S
    while (document := said())["streams"]:  # until the site has read its policy again
        assert time.monotonic() < deadline_s, document
    assert "another certificate" in str(document["not_fetched"])
