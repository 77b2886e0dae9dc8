"""A new position comes in by a one-time code, keeps itself in, and is taken out at once."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import http.client
import re
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography import x509

from benchmarks import revoke
from console.domain.events import AlarmRaised, CodeTried, MemberEnrolled, MemberRevoked
from console.site.address import EnrolmentOverError, SiteAddress, SiteError
from console.site.find import enrolled_at
from console.site.log.client import Failure, close_client
from console.site.security import identity, join, pki, proof
from console.site.security.codes import TOLD_AT, new_code
from console.site.security.join import Turned
from console.site.services import enrolment
from console.site.services.asked import ask, connected
from console.site.services.enrolment import Renew, Renewed
from console.site.visit import visit
from tests.examples import examples

from .conftest import EarAt, Server, ears, elsewhere, wait_for
from .enrolling import Site, running

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


def may_come_in(address: SiteAddress) -> bool:
    async def knock() -> bool:
        try:
            nc = await connected(address, "knock", error_cb=_passed_over)
        except Failure:
            return False
        await close_client(nc)
        return True

    return asyncio.run(knock())


async def _passed_over(error: Exception) -> None:
    """The answer counts."""


def logged(site: Site, kind: type) -> list[object]:
    found: list[object] = []
    with visit(
        site.node,
        replay="all",
        on_events=lambda events: found.extend(e.body for e in events if isinstance(e.body, kind)),
    ) as guest:
        guest.read_all()
    return found


# -- coming in ------------------------------------------------------------------------------


def test_a_code_makes_a_member_that_is_let_in_and_told_of(
    site: Site, tmp_path: Path, ear_at: EarAt
) -> None:
    address = site.enrol(tmp_path, "lv2")
    assert (address.identity.name, address.identity.role) == ("lv2", "operator")
    assert address.name == "Prøvesiden"
    assert enrolled_at(tmp_path) == address
    ear = ear_at(address)
    ear.wait_up()
    ear.wait_ids([ear.publish(AlarmRaised(alarm="A1", unit="u1"))])
    wait_for(lambda: MemberEnrolled("lv2", "operator") in logged(site, MemberEnrolled), "the event")


def test_only_its_owner_can_read_what_a_newcomer_got(site: Site, tmp_path: Path) -> None:
    site.enrol(tmp_path, "lv3")
    folder = tmp_path / "identity" / "operator"
    files = sorted(one.name for one in folder.iterdir())
    assert files == ["ca.pem", "certificate.pem", "key.pem", "site.json"]
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (folder / "key.pem").chmod(0o640)
    with pytest.raises(SiteError, match="can be read by others"):
        identity.load(folder)


def test_a_code_is_used_once(site: Site, tmp_path: Path) -> None:
    code = site.open_code("once")
    join.join(tmp_path / "first", site.door, code)
    with pytest.raises(Turned) as turned:
        join.join(tmp_path / "second", site.door, code)
    assert turned.value.why in ("no-code", "wrong-code")
    assert not (tmp_path / "second" / "identity").exists()


def test_enrolled_again_the_earlier_certificate_counts_no_more(site: Site, tmp_path: Path) -> None:
    first = site.enrol(tmp_path / "old", "twice")
    second = site.enrol(tmp_path / "new", "twice")
    assert may_come_in(second)
    assert not may_come_in(first)


def test_names_of_the_sites_own_are_not_given_away(site: Site) -> None:
    for name in ("site", "node-1f", "system-2", site.node.identity.name, "desk-3"):
        with pytest.raises(SiteError, match="can't be a member's name"):
            site.open_code(name)


def test_nobody_but_the_site_makes_codes_or_takes_out(site: Site, tmp_path: Path) -> None:
    for role in ("operator", "trainer"):
        member = site.enrol(tmp_path / role, f"asks-{role}", role)
        for key in ("open", "revoke"):
            payload = b'{"name":"mole","role":"operator"}'
            with pytest.raises(SiteError, match="not for this member"):
                ask(member, enrolment.at_node(site.node.identity.name), key, payload)


def test_who_has_no_certificate_of_the_sites_ca_does_not_come_in(
    site: Site, tmp_path: Path
) -> None:
    """Not by one that another CA made out to a member's very name, nor by none, nor by TLS 1.2."""
    real = site.enrol(tmp_path / "real", "real")
    named = pki.member_named(real.identity.certificate())
    assert named is not None
    other, key = pki.Authority.new("Another"), pki.new_key()
    folder = tmp_path / "forged"
    identity.save(
        folder,
        key=pki.key_pem(key),
        certificate=other.issue_member(named, pki.request_pem(key)),
        ca=(real.identity.folder / "ca.pem").read_text(),
        place=real.place,
    )
    forged = identity.load(folder)
    assert forged is not None
    assert may_come_in(real)
    assert not may_come_in(SiteAddress(real.place, forged))
    ca = real.identity.folder / "ca.pem"
    for most in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
        context = ssl.create_default_context(cafile=str(ca))
        context.maximum_version = most
        with (
            pytest.raises((ssl.SSLError, ConnectionError)),
            socket.create_connection(("127.0.0.1", real.place.port)) as plain,
            context.wrap_socket(plain, server_hostname=pki.SERVER_NAME) as up,
        ):
            assert up.recv(1) == b"", "not even a greeting"
            raise ConnectionError


def test_a_site_of_another_ca_in_the_same_place_gets_no_word(
    own_site: Site, tmp_path: Path, server: Server
) -> None:
    """As when a rogue has taken over the site's announcement: also with its fingerprint."""
    real = own_site.enrol(tmp_path / "real", "real")
    with ears(tmp_path / "spool") as make:
        ear = make(elsewhere(real, server.address.url), "real")
        ear.publish(AlarmRaised(alarm="A1", unit="u1"))
        ear.wait_down()
        assert "up" not in [state for state, _ in ear.states]
        assert not ear.delivered


# -- wrong codes ----------------------------------------------------------------------------


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """Whose codes and rates are the test's own."""
    with running(tmp_path / "site") as one:
        yield one


def guess(site: Site, host: str, times: int) -> list[str]:
    """Wrong codes from an address of its own; what the door said to each."""
    port = int(site.door.rpartition(":")[2])
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def knock(path: str, said: msgspec.Struct) -> bytes:
        door = http.client.HTTPSConnection(
            "127.0.0.1", port, timeout=20, context=context, source_address=(host, 0)
        )
        with contextlib.closing(door):
            door.request("POST", path, msgspec.json.encode(said))
            return door.getresponse().read()

    begun = msgspec.json.decode(knock("/enrol/begin", proof.Begin()), type=proof.Begun)
    request = pki.request_pem(pki.new_key())
    wrong = proof.Claim(proof.new_nonce(), begun.nonce, request, "0" * 64)
    said = [knock("/enrol/claim", wrong) for _ in range(times)]
    return [msgspec.json.decode(one, type=proof.Refused).why for one in said]


def test_who_guesses_keeps_nobody_out_and_is_told_of(own_site: Site, tmp_path: Path) -> None:
    code = own_site.open_code("lv2")
    guessed = [guess(own_site, f"127.0.0.{number}", 6) for number in range(2, 8)]
    assert {"wrong-code", "slow-down"} == {why for said in guessed for why in said}, (
        "who goes on guessing is slowed down"
    )
    tried = sum(said.count("wrong-code") for said in guessed)
    assert tried > TOLD_AT[0]
    wait_for(lambda: logged(own_site, CodeTried) != [], "it to be told")
    assert logged(own_site, CodeTried) == [CodeTried("lv2", "operator", TOLD_AT[0])]
    address, _ = join.join(tmp_path, own_site.door, code)
    assert address.identity.name == "lv2"


def test_who_mistypes_may_try_again_beside_one_who_guesses(own_site: Site, tmp_path: Path) -> None:
    code = own_site.open_code("lv2")
    guess(own_site, "127.0.0.9", 8)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    with pytest.raises(Turned) as turned:
        join.join(tmp_path, own_site.door, wrong)
    assert turned.value.why == "wrong-code"
    assert join.join(tmp_path, own_site.door, code).address.identity.name == "lv2"


def test_an_address_that_never_stops_knocking_is_slowed_down(own_site: Site) -> None:
    own_site.open_code("lv2")
    assert guess(own_site, "127.0.0.9", 14)[-1] == "slow-down"


def test_the_protocols_example_is_what_is_computed() -> None:
    text = examples()["enrolment"]
    rows = dict(re.findall(r"^(\S+(?: \S+)?) +(\S+)$", text, re.MULTILINE))
    seen = proof.Seen(rows["nonce"], rows["site_nonce"], rows["site"], bytes.fromhex(rows["C"]))
    key = proof.key_of(rows["code"], seen)
    assert proof.newcomers_proof(key, seen, rows["request"]) == rows["newcomer"]
    assert proof.sites_proof(key, seen, rows["ca"], rows["certificate"]) == rows["site proof"]
    assert proof.newcomers_proof(key, seen, rows["request"], node=True) == rows["new node"]
    given = (rows["ca"], rows["certificate"], rows["pack"])
    assert proof.sites_proof(key, seen, *given) == rows["node proof"]


# -- in the middle --------------------------------------------------------------------------


class Middle:
    """A rogue that has the site's announced place: TLS with a certificate of its own on one side,
    a newcomer of its own on the other; passes on what is said, and keeps it."""

    def __init__(self, folder: Path, site: Site | None) -> None:
        rogue = pki.Authority.new("Rogue")
        key = pki.new_key()
        folder.mkdir()
        (folder / "key.pem").write_text(pki.key_pem(key))
        (folder / "certificate.pem").write_text(rogue.issue_node(pki.request_pem(key)))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
        self._site = site
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.heard: list[bytes] = []
        self.rogue = rogue
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def door(self) -> str:
        return f"https://127.0.0.1:{self._listening.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            with self._context.wrap_socket(plain, server_side=True) as guest:
                said = self._request(guest)
                self.heard.append(said)
                guest.sendall(self._answer(said))

    @staticmethod
    def _request(guest: ssl.SSLSocket) -> bytes:
        said = b""
        while b"\r\n\r\n" not in said:
            said += guest.recv(65_536)
        head, _, body = said.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += guest.recv(65_536)
        return head + b"\r\n\r\n" + body

    def _answer(self, said: bytes) -> bytes:
        if self._site is not None:
            return self._passed_on(said)
        if b"/enrol/begin" in said:
            body = msgspec.json.encode(proof.Begun(self.rogue.site_id, proof.new_nonce()))
        else:
            claim = msgspec.json.decode(said.partition(b"\r\n\r\n")[2], type=proof.Claim)
            named = pki.MemberName("lv2", "operator", pki.new_generation())
            body = msgspec.json.encode(
                proof.Admitted(
                    self.rogue.issue_member(named, claim.request), self.rogue.pem, "0" * 64,
                    "lv2", "operator", "Rogue", 4_222,
                )
            )  # fmt: skip
        return b"HTTP/1.0 200 OK\r\n\r\n" + body

    def _passed_on(self, said: bytes) -> bytes:
        assert self._site is not None
        port = int(self._site.door.rpartition(":")[2])
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain) as up,
        ):
            up.sendall(said)
            return up.makefile("rb").read()

    def close(self) -> None:
        socket.socket.shutdown(self._listening, socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


def test_who_sits_in_the_middle_gets_nothing_by_passing_on(own_site: Site, tmp_path: Path) -> None:
    middle = Middle(tmp_path / "rogue", own_site)
    try:
        code = own_site.open_code("lv2")
        with pytest.raises(Turned) as turned:
            join.join(tmp_path, middle.door, code)
        assert turned.value.why == "wrong-code"
    finally:
        middle.close()
    assert len(middle.heard) == 2
    assert not any(code.encode() in said for said in middle.heard)
    assert not (tmp_path / "identity").exists()
    assert join.join(tmp_path, own_site.door, code).address.identity.name == "lv2"


def test_a_site_that_does_not_know_the_code_is_not_believed(tmp_path: Path) -> None:
    middle = Middle(tmp_path / "rogue", None)
    try:
        with pytest.raises(SiteError, match="does not know the code"):
            join.join(tmp_path, middle.door, new_code())
    finally:
        middle.close()
    assert not (tmp_path / "identity").exists()


# -- staying in, and going out --------------------------------------------------------------


def test_a_member_renews_its_certificate_and_both_count(site: Site, tmp_path: Path) -> None:
    address = site.enrol(tmp_path, "lasting")
    key = pki.new_key()
    said = ask(
        address, enrolment.SERVICE, "renew", msgspec.json.encode(Renew(pki.request_pem(key)))
    )
    certificate = msgspec.json.decode(said, type=Renewed).certificate
    fresh = pki.load_certificate(certificate)
    assert pki.member_named(fresh) == pki.member_named(address.identity.certificate())
    ca = (address.identity.folder / "ca.pem").read_text()
    folder = tmp_path / "fresh"
    identity.save(folder, key=pki.key_pem(key), certificate=certificate, ca=ca, place=address.place)
    again = identity.load(folder)
    assert again is not None
    assert may_come_in(SiteAddress(address.place, again))
    assert may_come_in(address)


def test_taken_out_a_member_is_disconnected_and_never_comes_back(
    own_site: Site, tmp_path: Path
) -> None:
    address = own_site.enrol(tmp_path / "lost", "lost")
    other = own_site.enrol(tmp_path / "other", "other")
    key = pki.new_key()
    renew = msgspec.json.encode(Renew(pki.request_pem(key)))
    renewed = msgspec.json.decode(ask(address, "enrol", "renew", renew), type=Renewed)
    with ears(tmp_path / "spool") as make:
        ear = make(address, "lost")
        bystander = make(other, "other")
        ear.wait_up()
        bystander.wait_up()
        own_site.revoke("lost")
        ear.wait_down()
        tries = len(ear.states)
        wait_for(lambda: len(ear.states) > tries or ear.states[-1][0] == "down", "its next try")
        assert "up" not in [state for state, _ in ear.states[tries:]]
        wait_for(lambda: MemberRevoked("lost") in [e.body for e in bystander.events], "the event")
        assert [state for state, _ in bystander.states] == ["connecting", "up"]
    ca = (address.identity.folder / "ca.pem").read_text()
    folder = tmp_path / "renewed"
    identity.save(
        folder, key=pki.key_pem(key), certificate=renewed.certificate, ca=ca, place=address.place
    )
    again = identity.load(folder)
    assert again is not None
    assert not may_come_in(address)
    assert not may_come_in(SiteAddress(address.place, again))
    with pytest.raises(SiteError):
        ask(address, enrolment.SERVICE, "renew", renew)
    with pytest.raises(Turned, match="no code is open"):
        join.join(tmp_path, own_site.door, new_code())
    assert may_come_in(other)


def test_who_is_no_member_can_not_be_taken_out(site: Site) -> None:
    with pytest.raises(SiteError, match="is no member"):
        site.revoke("nobody")


def test_a_certificate_that_is_over_says_to_enrol_again(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pki, "MEMBER_LIFE", -pki.SKEW / 2)
    with pytest.raises(SiteError, match="clock"):
        site.enrol(tmp_path, "sleeper")
    with pytest.raises(EnrolmentOverError, match="enrol again"):
        enrolled_at(tmp_path)


def test_the_sites_own_certificate_is_renewed_and_shown_at_once(
    own_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(url: str) -> x509.Certificate:
        port = int(url.rpartition(":")[2])
        context = own_site.address.identity.context()
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname=pki.SERVER_NAME) as up,
        ):
            return x509.load_der_x509_certificate(up.getpeercert(binary_form=True) or b"")

    before = [shown(own_site.address.url), shown(own_site.door)]
    assert before[0] == before[1]
    later = datetime.datetime.now(datetime.UTC) + pki.NODE_LIFE * 0.9
    (own_site.home / "site" / "server" / "certificate.pem").unlink()
    own_site.service._papers_due_s = 0.0
    wait_for(lambda: shown(own_site.door) != before[1], "the door to show another")
    after = [shown(own_site.address.url), shown(own_site.door)]
    assert after[0] == after[1] != before[0]
    assert after[0].not_valid_after_utc > later


def test_the_benchmark_measures_what_it_says(tmp_path: Path) -> None:
    result = revoke.measure_revocation(tmp_path, desks=1, rounds=1)
    assert result["kept"] == result["desks"] == 1
    assert all(result[name]["max_s"] > 0 for name in ("lost", "told", "control"))
    assert "goal 2 s" in revoke.report(result)
