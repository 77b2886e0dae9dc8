"""SDP: the audio subset, keys only over mutual TLS, and no bytes break the parser."""

from __future__ import annotations

import base64
import contextlib
import datetime
import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from audio.protocol import SrtpProfile
from console.streams import sdp
from console.streams.announcement import Codec
from console.streams.keys import KEY_BYTES, StreamKey
from console.streams.sdp import ClientCertificate, SdpError, SdpStream, build_sdp, parse_sdp
from tests.examples import example

OPUS = Codec("opus", 48_000, 2)
FOREIGN = b"""v=0\r
o=- 1 1 IN IP4 10.0.0.7\r
s=Legevakt Nord\r
c=IN IP4 239.77.1.1/8\r
t=0 0\r
m=video 5000 RTP/AVP 97\r
a=rtpmap:97 H264/90000\r
m=audio 5004 RTP/AVP 9 111 0\r
a=rtpmap:111 opus/48000/2\r
a=fmtp:111 useinbandfec=1\r
a=source-filter: incl IN IP4 239.77.1.1 10.0.0.7\r
"""


def test_the_first_audio_codec_that_can_be_decoded_is_taken() -> None:
    stream = parse_sdp(FOREIGN, keys_allowed=False)
    assert (stream.payload_type, stream.codec, stream.port) == (111, OPUS, 5004)
    assert (stream.group, stream.source, stream.name) == ("239.77.1.1", "10.0.0.7", "Legevakt Nord")


def test_ffmpeg_s_own_sdp_is_understood() -> None:
    raw = (
        b"v=0\no=- 0 0 IN IP6 ::1\ns=No Name\nc=IN IP6 ff15::77\nt=0 0\na=tool:libavformat\n"
        b"m=audio 5004 RTP/AVP 0\nb=AS:64\n"
    )
    stream = parse_sdp(raw, keys_allowed=False)
    assert (stream.group, stream.codec.encoding) == ("ff15::77", "PCMU")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"a=rtpmap:112 red/48000/2", 112),
        (b"a=rtpmap:112 RED/48000", 112),
        (b"a=rtpmap:112 red/8000", None),
        (b"a=rtpmap:113 red/48000/2", None),  # not offered in the m= line
    ],
)
def test_redundancy_of_rfc_2198(line: bytes, expected: int | None) -> None:
    raw = FOREIGN.replace(b"9 111 0", b"112 111 0") + line + b"\r\na=fmtp:112 111/111\r\n"
    stream = parse_sdp(raw, keys_allowed=False)
    assert (stream.payload_type, stream.red) == (111, expected)


def test_the_document_s_sdp_with_redundancy() -> None:
    stream = parse_sdp(example("sdp red").encode(), keys_allowed=False)
    assert (stream.payload_type, stream.red) == (111, 112)
    built = build_sdp(stream, origin="10.0.0.7", session_id=1)
    assert set(example("sdp red").split("\n")) <= set(built.split("\r\n"))


def test_unicast_has_no_group() -> None:
    assert (
        parse_sdp(FOREIGN.replace(b"239.77.1.1/8", b"10.0.0.9"), keys_allowed=False).group is None
    )


def _keys(profile: SrtpProfile) -> st.SearchStrategy[StreamKey]:
    size = KEY_BYTES[profile]
    return st.binary(min_size=size, max_size=size).map(lambda key: StreamKey(profile, key))


def _with_red(stream: SdpStream) -> st.SearchStrategy[SdpStream]:
    """Of another payload type, and with Opus alone."""
    if stream.codec != OPUS:
        return st.just(stream)
    others = st.integers(96, 127).filter(lambda red: red != stream.payload_type)
    return (st.none() | others).map(lambda red: msgspec.structs.replace(stream, red=red))


streams = st.builds(
    SdpStream,
    address=st.sampled_from(["239.77.1.1", "232.1.2.3", "10.0.0.9", "ff15::77", "fd77::9"]),
    port=st.integers(1_024, 65_535),
    payload_type=st.integers(96, 127),
    codec=st.sampled_from([OPUS, Codec("PCMA", 8_000, 1), Codec("L16", 48_000, 2)]),
    name=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40),
    source=st.sampled_from([None, "10.0.0.7", "fd77::7"]),
    key=st.none() | st.sampled_from(list(KEY_BYTES)).flatmap(_keys),
).flatmap(_with_red)


@given(streams)
def test_what_is_built_is_read_back_the_same(stream: SdpStream) -> None:
    text = build_sdp(stream, origin="10.0.0.7", session_id=1)
    assert parse_sdp(text.encode(), keys_allowed=True) == stream


def secured(crypto: str) -> bytes:
    return FOREIGN.replace(b"RTP/AVP 9", b"RTP/SAVP 9") + f"a=crypto:{crypto}\r\n".encode()


KEY = base64.b64encode(bytes(range(30))).decode()
CM: Final = "AES_CM_128_HMAC_SHA1_80"


def test_keys_are_refused_where_the_way_is_not_secured() -> None:
    with pytest.raises(SdpError, match="certificates on both sides"):
        parse_sdp(secured(f"1 {CM} inline:{KEY}"), keys_allowed=False)


@pytest.mark.parametrize("rest", ["", "|2^48", "|1048576", " WSH=64"])
def test_crypto_lines_of_rfc_4568(rest: str) -> None:
    stream = parse_sdp(secured(f"1 {CM} inline:{KEY}{rest}"), keys_allowed=True)
    assert stream.key == StreamKey(CM, bytes(range(30)))


@pytest.mark.parametrize(
    "crypto",
    [
        f"1 {CM} inline:{KEY} UNENCRYPTED_SRTP",
        f"1 {CM} inline:{KEY} UNAUTHENTICATED_SRTP",
        f"1 {CM} inline:{KEY}|2^20|1:4",
        f"1 AES_CM_128_HMAC_SHA1_32 inline:{KEY}",
        f"1 {CM} inline:{KEY[:-4]}",
        f"1 {CM} inline:====================",
        "",
    ],
)
def test_crypto_lines_that_weaken_or_can_t_be_used(crypto: str) -> None:
    with pytest.raises(SdpError, match="no a=crypto line"):
        parse_sdp(secured(crypto), keys_allowed=True)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b"v=0\r\n",
        FOREIGN.replace(b"audio 5004", b"audio 99999"),
        FOREIGN.replace(b"audio 5004", b"audio 22"),
        FOREIGN.replace(b"239.77.1.1/8", b"224.0.0.251"),
        FOREIGN.replace(b"239.77.1.1/8", b"example.com"),
        FOREIGN.replace(b"239.77.1.1/8", b"0.0.0.0"),
        FOREIGN.replace(b"opus/48000/2", b"speex/16000").replace(b" 0\r", b"\r"),
        b"v=0\n" + b"a=x\n" * 300,
        b"v=0\n" + b"a=" + b"x" * 20_000,
        b"v=0\ns=\xff\xff",
    ],
)
def test_what_is_not_a_stream(raw: bytes) -> None:
    with pytest.raises(SdpError):
        parse_sdp(raw, keys_allowed=True)


lines = st.sampled_from(
    [*FOREIGN.decode().split("\r\n"), f"a=crypto:1 {CM} inline:{KEY}", "m=audio"]
)


@given(
    st.binary(max_size=400)
    | st.lists(lines | st.text(max_size=60)).map(lambda x: "\n".join(x).encode())
)
def test_no_bytes_break_the_parser(raw: bytes) -> None:
    for body in (raw, b"v=0\n" + raw):
        with contextlib.suppress(SdpError):
            parse_sdp(body, keys_allowed=True)


class Authority:
    """A certificate authority and what it has signed, as PEM files."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self.subject, self.key, is_ca=True, alternatives=[])
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._sign(subject, key, is_ca=False, alternatives=["localhost"])
        paths = (self.folder / f"{name}.crt", self.folder / f"{name}.key")
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return paths

    def _sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        is_ca: bool,
        alternatives: list[str],
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        if alternatives:
            names = x509.SubjectAlternativeName([x509.DNSName(one) for one in alternatives])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, hashes.SHA256())


class Handler(http.server.BaseHTTPRequestHandler):
    """Hands out :attr:`body`, slowly for /slow, elsewhere for /moved."""

    body = FOREIGN
    released = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/slow":
            with contextlib.suppress(OSError):
                while not self.released.wait(0.05):
                    self.wfile.write(b"v")
                    self.wfile.flush()
            return
        self.wfile.write(b"x" * 100_000 if self.path == "/giant" else self.body)

    def log_message(self, *_: object) -> None:
        return


class QuietServer(http.server.ThreadingHTTPServer):
    """A refused handshake is what some tests are about."""

    def handle_error(self, *_: object) -> None:
        return


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "site")


@pytest.fixture
def station(authority: Authority) -> Iterator[str]:
    """An HTTPS server that asks for a certificate; yields its address."""
    certificate, key = authority.issue("station")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(authority.path)
    context.verify_mode = ssl.CERT_REQUIRED
    server = QuietServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="station")
    Handler.released.clear()
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        Handler.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def desk(authority: Authority) -> ClientCertificate:
    certificate, key = authority.issue("desk")
    return ClientCertificate(certificate, key, authority.path)


def test_an_sdp_with_keys_over_mutual_tls(
    authority: Authority, station: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Handler, "body", secured(f"1 {CM} inline:{KEY}"))
    stream = sdp.fetch_sdp(f"{station}/lv1.sdp", desk(authority))
    assert stream.key == StreamKey(CM, bytes(range(30)))


def test_without_a_certificate_it_says_what_is_missing(station: str) -> None:
    with pytest.raises(SdpError, match="no client certificate"):
        sdp.fetch_sdp(station, None)


def test_a_station_of_another_authority_is_not_believed(
    authority: Authority, station: str, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    stranger = Authority(tmp_path / "other", "other")
    certificate, key = authority.issue("desk")
    with pytest.raises(SdpError, match="certificate verify failed"):
        sdp.fetch_sdp(station, ClientCertificate(certificate, key, stranger.path))


def test_a_desk_of_another_authority_gets_nothing(
    authority: Authority, station: str, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    certificate, key = Authority(tmp_path / "other", "other").issue("desk")
    with pytest.raises(SdpError):
        sdp.fetch_sdp(station, ClientCertificate(certificate, key, authority.path))


def test_redirects_giants_and_drips_end(authority: Authority, station: str) -> None:
    mine = desk(authority)
    with pytest.raises(SdpError, match="302"):
        sdp.fetch_sdp(f"{station}/moved", mine)
    with pytest.raises(SdpError, match="more than"):
        sdp.fetch_sdp(f"{station}/giant", mine)
    with pytest.raises(SdpError):
        sdp.fetch_sdp(f"{station}/slow", mine, timeout_s=0.5)


def test_nobody_there_is_said(authority: Authority) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(SdpError, match="did not hand out"):
        sdp.fetch_sdp(f"https://localhost:{port}/", desk(authority))
