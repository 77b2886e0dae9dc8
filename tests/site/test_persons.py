"""Persons at a real site: PINs checked there, few tries, told when there were too many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ulid import ULID

from console.domain.events import SignInLocked
from console.domain.roles import MemberRole
from console.site.address import SiteAddress, SiteError
from console.site.security.lockout import (
    FORGET_S,
    LOCK_S,
    LONGEST_S,
    MAX_KEYS,
    MAX_WRONG,
    MAX_WRONG_TOGETHER,
    Lockout,
    SignInGuard,
)
from console.site.security.persons import Persons, check_pin, hashed
from console.site.services import persons
from console.site.services.asked import ask, raise_failed
from console.site.services.persons import Names, Remove, SetPin, SignedIn, SignIn

from .conftest import EarAt, wait_for
from .enrolling import Site, running

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


def question(who: SiteAddress, key: str, words: msgspec.Struct | None = None) -> bytes:
    said = ask(who, persons.SERVICE, key, b"{}" if words is None else msgspec.json.encode(words))
    raise_failed(said)
    return said


def sign_in(who: SiteAddress, name: str, pin: str) -> SignedIn:
    return msgspec.json.decode(question(who, "sign-in", SignIn(name, pin)), type=SignedIn)


def test_a_site_without_persons_asks_for_no_pin_then_only_the_right_one_counts(
    site: Site, tmp_path: Path, ear_at: EarAt
) -> None:
    desk, other = (site.enrol(tmp_path / name, name) for name in ("desk1", "desk2"))
    assert sign_in(desk, "Kari N", "") == SignedIn(False, "no-persons")
    question(site.node, "pin", SetPin("Kari N", "4711", new=True))
    question(site.node, "pin", SetPin("Ola N", "0815", new=True))
    assert msgspec.json.decode(question(desk, "names"), type=Names).names == ("Kari N", "Ola N")
    assert sign_in(desk, "Kari N", "4711") == SignedIn(True)
    ear = ear_at(other)
    ear.wait_up()
    for _ in range(MAX_WRONG - 1):
        assert sign_in(desk, "Kari N", "0815").why == "wrong"
    assert sign_in(desk, "Kari N", "0815") == SignedIn(False, "locked", LOCK_S)
    assert sign_in(desk, "Kari N", "4711").why == "locked", "also with the right one"
    assert sign_in(desk, "Ola N", "0815") == SignedIn(True), "a colleague at the same desk"
    assert sign_in(other, "Kari N", "4711") == SignedIn(True), "and she herself at another"
    wait_for(lambda: any(isinstance(one.body, SignInLocked) for one in ear.events), "it to be told")
    question(site.node, "remove", Remove("Ola N"))
    assert sign_in(other, "Ola N", "0815").why == "wrong"


@pytest.mark.parametrize("role", ["gateway", "observer"])
def test_where_nobody_sits_nobody_signs_in(site: Site, tmp_path: Path, role: MemberRole) -> None:
    member = site.enrol(tmp_path, f"no-{role}", role)
    for key in ("names", "sign-in"):
        with pytest.raises(SiteError, match="not for this member"):
            question(member, key, SignIn("Kari N", "4711"))


def test_nobody_but_the_site_keeps_the_list(site: Site, tmp_path: Path) -> None:
    desk = site.enrol(tmp_path, "greedy")
    for key, words in (("pin", SetPin("Eve", "4711", new=True)), ("remove", Remove("Kari N"))):
        with pytest.raises(SiteError, match="not for this member"):
            question(desk, key, words)


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"[" * 9_000, b"\xff", b'{"name": 1}'])
def test_what_makes_no_sense_is_answered_with_a_sentence(
    site: Site, tmp_path: Path, payload: bytes
) -> None:
    if not (site.home / "site" / "persons.json").exists():
        question(site.node, "pin", SetPin("Kari N", "4711", new=True))
    desk = site.enrol(tmp_path, "babbler")
    with pytest.raises(SiteError, match="does not understand"):
        raise_failed(ask(desk, persons.SERVICE, "sign-in", payload))
    with pytest.raises(SiteError, match="does not understand"):
        raise_failed(ask(desk, "enrol", "renew", payload))


def test_no_two_hashes_are_the_same_and_a_removal_stands(tmp_path: Path) -> None:
    one = Persons()
    one.set_pin("Kari", "4711", "0" * 26)
    one.set_pin("Ola", "4711", "0" * 26)
    first, second = one.find("Kari"), one.find("Ola")
    assert first is not None
    assert second is not None
    assert first.pin != second.pin
    one.remove("Kari", "0" * 26)  # a clock that was set back
    assert one.names() == ("Ola",)
    assert not one.merge([first]), "an older entry of another node brings nobody back"
    one.save(tmp_path / "persons.json")
    assert Persons.load(tmp_path / "persons.json").names() == ("Ola",)
    kept = (tmp_path / "persons.json").read_text()
    assert "4711" not in kept
    assert first.pin not in kept
    assert second.pin in kept


@pytest.mark.parametrize("pin", ["", "123", "1234", "4321", "0000", "123456789", "47a1", "٤٧١١"])
def test_a_pin_that_anybody_would_try_is_refused(pin: str) -> None:
    with pytest.raises(SiteError):
        check_pin(pin)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 200), st.booleans()), max_size=60))
def test_no_more_than_five_wrong_in_a_row_and_then_ever_longer(
    tries: list[tuple[float, bool]],
) -> None:
    lockout, now_s, wrong, locks, until_s = Lockout(), 0.0, 0, 0, 0.0
    for pause_s, right in tries:
        now_s += pause_s
        assert (lockout.left_s("k", now_s) > 0) == (now_s < until_s)
        if now_s < until_s:
            continue
        if right:
            lockout.right("k")
            wrong = locks = 0
            continue
        lock_s = lockout.wrong("k", now_s)
        wrong += 1
        assert (lock_s > 0) == (wrong == MAX_WRONG)
        if lock_s:
            assert lock_s == min(LOCK_S * 2**locks, LONGEST_S)
            wrong, locks, until_s = 0, locks + 1, now_s + lock_s


def test_an_hour_without_a_wrong_one_is_a_new_beginning() -> None:
    lockout = Lockout()
    for _ in range(MAX_WRONG - 1):
        assert not lockout.wrong("k", 0.0)
    assert not lockout.wrong("k", FORGET_S + 1)
    assert lockout._tries["k"].wrong == 1


def test_a_whole_day_of_guessing_one_name_at_one_desk_is_hopeless() -> None:
    lockout, tried = Lockout(), 0
    for second in range(86_400):
        if not lockout.left_s("k", float(second)):
            lockout.wrong("k", float(second))
            tried += 1
    assert tried < 500, "of 10,000 PINs"


def test_who_guesses_at_many_names_or_desks_keeps_nobody_out_who_sat_there() -> None:
    guard = SignInGuard()
    guard.right("desk1", "Kari N")
    for number in range(MAX_WRONG_TOGETHER):
        guard.wrong("desk1", f"Nobody {number}", 0.0)
        guard.wrong(f"desk{number + 2}", "Kari N", 0.0)
    assert guard.left_s("desk1", "Ola N", 1.0) > 0, "who has never sat here"
    assert guard.left_s("desk99", "Kari N", 1.0) > 0
    assert guard.left_s("desk1", "Kari N", 1.0) == 0
    guard.right("desk1", "Kari N")
    assert guard.left_s("desk1", "Ola N", 1.0) > 0, "a right one lets nobody guess on"


def test_a_crowd_of_desks_and_names_grows_no_table() -> None:
    guard = SignInGuard()
    for number in range(MAX_KEYS + 100):
        guard.right(f"desk{number}", "Kari N")
    assert len(guard._at_home) == MAX_KEYS


def test_a_crowd_of_names_grows_no_table() -> None:
    lockout = Lockout()
    for number in range(MAX_KEYS + 100):
        lockout.wrong(str(number), 0.0)
    assert len(lockout._tries) == MAX_KEYS


def test_a_name_that_only_looks_otherwise_is_no_other_person() -> None:
    known = Persons()
    known.set_pin("Kari Fiktiv", "4711", str(ULID()))
    for alike in ("kari fiktiv", "Kari  Fiktiv", "KARI FIKTIV"):
        with pytest.raises(SiteError, match="there is Kari Fiktiv already"):
            known.set_pin(alike, "4712", str(ULID()))
    known.set_pin("Kari Fiktiv", "4713", str(ULID()))
    known.remove("Kari Fiktiv", str(ULID()))
    known.set_pin("kari fiktiv", "4714", str(ULID()))
    assert known.names() == ("kari fiktiv",)


def test_a_hash_depends_on_pin_and_salt() -> None:
    salts = ("00" * 16, "11" * 16)
    assert len({hashed(pin, salt) for pin in ("4711", "4712") for salt in salts}) == 4
