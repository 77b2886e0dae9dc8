"""The door: whatever comes, it answers those who come properly, and ends nobody else."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.site.node.papers import Papers
from console.site.security import proof
from console.site.security.rate import MAX_ADDRESSES, WINDOW_S, Rate, host_of
from console.site.services import door as doors
from console.site.services.door import Door, Reply

from .conftest import wait_for
from .enrolling import Site, running

pytestmark = pytest.mark.system


def strangers() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """Answers with what was asked."""
    papers = Papers.open(tmp_path_factory.mktemp("site"), "Echo")
    one = Door(papers.server)
    one.start("127.0.0.1", 0, lambda path, body, _address: Reply(200, path.encode() + body))
    try:
        yield one
    finally:
        one.stop()


def post(door: Door, path: str, body: bytes, source: str = "127.0.0.1") -> tuple[int, bytes]:
    connection = http.client.HTTPSConnection(
        "127.0.0.1", door.port, timeout=20, context=strangers(), source_address=(source, 0)
    )
    try:
        connection.request("POST", path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def raw(door: Door, said: bytes, *, tls: bool) -> bytes:
    """What is answered until the end."""
    with contextlib.ExitStack() as closing:
        up: socket.socket = closing.enter_context(
            socket.create_connection(("127.0.0.1", door.port), timeout=20)
        )
        with contextlib.suppress(OSError):
            if tls:
                up = closing.enter_context(strangers().wrap_socket(up))
            up.sendall(said)
            if not tls:
                up.shutdown(socket.SHUT_WR)
            return up.recv(65_536)
    return b""


def test_what_is_asked_properly_is_answered(echo: Door) -> None:
    assert post(echo, "/x", b"words") == (200, b"/xwords")


HALVES = (
    b"",
    b"\r\n",
    b"POST",
    b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf",
    b"POST / HTTP/9.9\r\n\r\n",
    b"POST / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 1e9\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 60_000,
    b"POST / HTTP/1.1\r\nContent-Length: " + "٣".encode() + b"\r\n\r\nxxx",
    b"POST / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000,
    b"POST /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"\x00" * 30_000,
    b"\xff\xfe" * 400 + b"\r\n\r\n",
)


@pytest.mark.parametrize("tls", [True, False])
def test_nothing_that_comes_in_ends_the_door(
    echo: Door, tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "SILENCE_S", 0.5)
    chance = random.Random(4)
    for said in (*HALVES, *(chance.randbytes(chance.randrange(4_000)) for _ in range(30))):
        if said and (said in HALVES or tls):
            answer = raw(echo, said if b"\n" in said else said + b"\r\n\r\n", tls=tls)
            assert b" 200 " not in answer.partition(b"\r\n")[0]
    assert post(echo, "/after", b"") == (200, b"/after")
    wait_for(lambda: not len(echo.guests), "all to have gone")


@contextlib.contextmanager
def half_open(door: Door, count: int, source: str) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as closing:
        made = []
        for _ in range(count):
            one = socket.create_connection(
                ("127.0.0.1", door.port), timeout=20, source_address=(source, 0)
            )
            made.append(closing.enter_context(one))
        yield made


def test_who_leaves_connections_half_open_shuts_out_nobody_but_itself(echo: Door) -> None:
    """Nine hundred of one address, as many as there are places of others, then a newcomer."""
    with contextlib.ExitStack() as closing:
        closing.enter_context(half_open(echo, 300, "127.0.0.66"))
        wait_for(lambda: len(echo.guests) == doors.MAX_OF_ONE_HOST, "the rogue's places")
        for n in range(doors.MAX_CONNECTIONS // doors.MAX_OF_ONE_HOST + 2):
            closing.enter_context(half_open(echo, doors.MAX_OF_ONE_HOST, f"127.0.1.{n + 1}"))
        wait_for(lambda: len(echo.guests) == doors.MAX_CONNECTIONS, "all places")
        assert post(echo, "/newcomer", b"") == (200, b"/newcomer")
    wait_for(lambda: not len(echo.guests), "all to have gone")


def test_who_speaks_ever_so_slowly_is_shown_out(
    echo: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "MAX_S", 1.0)
    with (
        socket.create_connection(("127.0.0.1", echo.port), timeout=20) as plain,
        strangers().wrap_socket(plain) as slow,
    ):
        slow.settimeout(0.1)
        ended = False
        for byte in b"POST /slow HTTP/1.1\r\n" * 40:
            with contextlib.suppress(TimeoutError):
                try:
                    slow.sendall(bytes([byte]))
                    ended = slow.recv(1) == b""
                except (OSError, ssl.SSLError) as error:
                    ended = not isinstance(error, TimeoutError)
            if ended:
                break
        assert ended
    wait_for(lambda: not len(echo.guests), "it to have gone")


# -- the enrolment behind it ----------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


WRONG: tuple[object, ...] = (None, 7, "", "x" * 20_000, "é" * 64, [], {}, "-----BEGIN")


def spoilt() -> Iterator[bytes]:
    good = msgspec.to_builtins(
        proof.Claim(proof.new_nonce(), proof.new_nonce(), "-----BEGIN", "0" * 64)
    )
    yield from (b"", b"{", b"[]", b"null", b"[" * 10_000, b"\xff", os.urandom(200), b'{"v":2}')
    for key in good:
        yield msgspec.json.encode({k: v for k, v in good.items() if k != key})
        for value in WRONG:
            yield msgspec.json.encode({**good, key: value})


def test_no_spoilt_enrolment_ends_the_site_or_costs_it_a_proof(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.open_code("waits")
    proofs: list[str] = []
    key_of = proof.key_of

    def counted(code: str, seen: proof.Seen) -> bytes:
        proofs.append(threading.current_thread().name)
        return key_of(code, seen)

    monkeypatch.setattr(proof, "key_of", counted)
    enrolling = site.service._runner._everywhere[0]._door.answer  # type: ignore[union-attr]
    seen = set()
    for number, body in enumerate(spoilt()):
        for path in ("/enrol/begin", "/enrol/claim", "/", "/enrol/../etc"):
            seen.add(enrolling(path, body, f"10.0.{number // 8}.{number % 8}").status)
    assert seen <= {200, 400, 403, 404, 429}
    assert not proofs
    assert site.service._runner is not None
    assert site.service._runner.failures == 0


# -- how often ------------------------------------------------------------------------------


KNOCKS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.floats(0, 30), st.booleans()), max_size=120
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(KNOCKS, st.integers(1, 5), st.integers(1, 8))
def test_no_window_holds_more_than_it_may(
    knocks: list[tuple[str, float, bool]], each: int, together: int
) -> None:
    rate, now_s = Rate(each, together), 0.0
    let_in: list[tuple[str, float]] = []
    for key, pause_s, forgiven in knocks:
        now_s += pause_s
        if rate.allows(key, now_s):
            let_in.append((key, now_s))
        if forgiven:
            rate.forgive(key)
            let_in = [one for one in let_in if one[0] != key]
        recent = [one for one in let_in if one[1] > now_s - WINDOW_S]
        assert len(recent) <= together
        assert sum(one[0] == key for one in recent) <= each


def test_a_crowd_of_addresses_grows_no_table() -> None:
    rate = Rate(2, 10**9)
    for number in range(MAX_ADDRESSES * 2):
        assert rate.allows(str(number), 0.0)
    assert len(rate._times) == MAX_ADDRESSES


def test_an_address_is_a_host() -> None:
    assert host_of("192.0.2.7") == "192.0.2.7"
    assert host_of("2001:db8::1") == host_of("2001:db8::ffff:1") != host_of("2001:db8:0:1::1")
    assert host_of("fe80::1%eth0") == host_of("fe80::2")
