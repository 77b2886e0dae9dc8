"""A desk that finds a site where it is not enrolled: offered, enrolled by its code, renewed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.commands.doctor import check_site
from console.desk.site_seeker import LOST_S
from console.domain.events import AlarmAcknowledged, PositionJoined
from console.domain.roles import MEMBER_ROLES, MemberRole
from console.site.find import enrolled_at
from console.site.security import identity, pki
from console.site.services.renewal import renew_if_due

from ..site.conftest import alone, wait_for
from ..site.enrolling import Site, running
from ..site.test_enrol_command import vaktbord
from .processes import LOOPBACK
from .test_links import Seat

pytestmark = pytest.mark.system
__all__ = ["alone"]


@pytest.fixture
def site(alone: None, tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "site") as one:
        yield one


def test_a_desk_is_offered_the_site_and_comes_in_by_its_code(site: Site, tmp_path: Path) -> None:
    seat = Seat(tmp_path / "home")
    seat.seeker.start()
    try:
        wait_for(lambda: "Prøvesiden" in seat.offers, "the offer")
        seat.seeker.enrol("what is this?")
        wait_for(lambda: seat.enrolled == ["malformed"], "it to be told")
        seat.seeker.enrol("ABCD-2345")
        wait_for(lambda: seat.enrolled[1:] == ["no-code"], "it to be told")
        seat.seeker.enrol(site.open_code("lv7", label="Plass 7"))
        wait_for(lambda: seat.enrolled[2:] == [""], "it to be enrolled")
        wait_for(seat.is_up, "it to be connected")
        assert seat.sites[-1].identity.name == "lv7"
        assert seat.labels == ["", "", "Plass 7"]
    finally:
        seat.seeker.stop()


@pytest.mark.parametrize("role", MEMBER_ROLES)
def test_a_desk_of_each_role_comes_in_by_its_code_and_again_without(
    role: MemberRole, site: Site, tmp_path: Path
) -> None:
    code = site.open_code("wall", role)
    _come_in_as(role, tmp_path / "home", code)
    _come_in_as(role, tmp_path / "home", "")


def _come_in_as(role: MemberRole, home: Path, code: str) -> None:
    seat = Seat(home)
    seat.seeker.start()
    try:
        if code:
            wait_for(lambda: "Prøvesiden" in seat.offers, "the offer")
            seat.seeker.enrol(code)
        wait_for(seat.is_up, "it to be connected")
        wait_for(lambda: seat.seeker.is_caught_up, "all that there is")
        assert (seat.seeker.member, seat.seeker.role) == ("wall", role)
        assert seat.seeker.publish(AlarmAcknowledged("A-NONE")) == (role == "operator")
    finally:
        seat.seeker.stop()


def test_a_desk_that_was_off_for_too_long_is_told_to_enrol_again(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setattr(pki, "MEMBER_LIFE", -pki.SKEW / 2)
    with pytest.raises(Exception, match="clock"):
        site.enrol(home, "lv8")
    monkeypatch.undo()
    seat = Seat(home)
    seat.seeker.start()
    try:
        wait_for(lambda: seat.shut_out and seat.shut_out[-1][1] == "Prøvesiden", "the offer")
        assert "ended on" in seat.shut_out[-1][0]
        assert not seat.seeker.publish(AlarmAcknowledged("A-NONE")), "nothing is promised"
        seat.seeker.enrol(site.open_code("lv8"))
        wait_for(seat.is_up, "it to be connected")
    finally:
        seat.seeker.stop()


def test_a_certificate_is_renewed_when_it_is_due_and_not_before(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = site.enrol(tmp_path / "home", "lv9")
    before = address.identity.certificate()
    assert not renew_if_due(address)
    monkeypatch.setattr(pki, "is_due", lambda *_: True)
    assert renew_if_due(address)
    found = enrolled_at(tmp_path / "home")
    assert found == address
    after = address.identity.certificate()
    assert after.serial_number != before.serial_number
    assert pki.member_named(after) == pki.member_named(before)
    assert not renew_if_due(site.address), "its own positions are the site's to renew"
    assert after.not_valid_after_utc > datetime.datetime.now(datetime.UTC)


def test_a_desk_that_was_taken_out_is_told_so_and_comes_in_again_as_something_else(
    site: Site, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    site.enrol(home, "lv4")
    seat = Seat(home)
    seat.seeker.start()
    try:
        wait_for(seat.is_up, "it to be connected")
        assert seat.seeker.publish(AlarmAcknowledged("A-NONE"))
        site.revoke("lv4")
        wait_for(lambda: seat.shut_out, "it to be told")
        why, name = seat.shut_out[-1]
        assert name == "Prøvesiden"
        assert "lv4, operator) has been taken out of Prøvesiden" in why
        assert not seat.seeker.publish(AlarmAcknowledged("A-NONE")), "nothing is promised"
        seat.seeker.enrol(site.open_code("mottak", "reception"))
        wait_for(lambda: seat.enrolled == [""], "it to be enrolled")
        wait_for(seat.is_up, "it to be connected")
        wait_for(lambda: seat.seeker.role == "reception", "it to be what it is now")
        wait_for(lambda: seat.seeker.publish(PositionJoined("Mottak")), "it to be heard")
    finally:
        seat.seeker.stop()


def test_a_site_that_is_away_has_taken_nobody_out(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with running(tmp_path / "site") as site:
        site.enrol(home, "lv5")
    seat = Seat(home)
    seat.seeker.start()
    try:
        wait_for(lambda: "down" in seat.states, "the link to fail")
        wait_for(lambda: seat.seeker._is_lost(LOST_S + 0.5), "it to be lost")
        assert not seat.shut_out
        assert seat.seeker.publish(AlarmAcknowledged("A-NONE")), "it waits and is sent"
    finally:
        seat.seeker.stop()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (identity.CERTIFICATE, "certificate.pem is damaged (it holds no certificate)"),
        (identity.KEY, "key.pem is damaged (it holds no key)"),
        (identity.CA, "ca.pem is damaged (it holds no certificate)"),
        (identity.PLACE, "site.json is damaged (it holds no site's address)"),
    ],
)
def test_a_damaged_file_is_named_and_the_desk_offers_to_enrol_again(
    file: str, said: str, site: Site, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    site.enrol(home, "lv6")
    (identity.folder_of(home, "operator") / file).write_bytes(b"\xc0\xff damaged")
    told = vaktbord(home, "state")
    assert (told.returncode, said in told.stderr) == (1, True), told
    assert "enrol again" in told.stderr
    assert said in check_site(home, LOOPBACK).found
    seat = Seat(home)
    seat.seeker.start()
    try:
        wait_for(lambda: seat.shut_out and seat.shut_out[-1][1] == "Prøvesiden", "the offer")
        assert said in seat.shut_out[-1][0]
        assert not seat.none, "no site is offered to be started here"
        seat.seeker.enrol(site.open_code("lv6"))
        wait_for(seat.is_up, "it to be connected")
    finally:
        seat.seeker.stop()
