"""Who sits at the desk: by name alone, by name and PIN, and while the site is out of reach."""

from __future__ import annotations

import msgspec
import pytest

from console.desk.news import SiteAnswered
from console.desk.persons import Persons
from console.domain.events import AnyBody, PersonSignedIn, PersonSignedOut
from console.models.status import StatusModel
from console.site.services.persons import Names, SignedIn
from widgets.contracts.rows import DeskStatus


class Bench:
    def __init__(self) -> None:
        self.status = StatusModel(DeskStatus(site_link="up"))
        self.asked: list[tuple[str, bytes]] = []
        self.said: list[AnyBody] = []
        self.persons = Persons(
            self.status, lambda _s, key, raw, _t: self.asked.append((key, raw)), self.said.append
        )

    def answer(self, key: str, answer: msgspec.Struct | None) -> None:
        payload = None if answer is None else msgspec.json.encode(answer)
        self.persons.site_told(SiteAnswered("person", key, payload))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_without_persons_a_name_is_enough(bench: Bench) -> None:
    bench.persons.site_found()
    bench.answer("names", Names(()))
    bench.persons.name("Kari")
    now = bench.status.status()
    assert (now.person, now.person_doubt, now.sign_in) == ("Kari", False, "")
    assert bench.said == [PersonSignedIn("Kari", confirmed=False)]


def test_with_persons_the_site_confirms_by_pin(bench: Bench) -> None:
    bench.answer("names", Names(("Kari", "Ola")))
    bench.persons.name("Kari")
    assert bench.status.status().sign_in == "Kari"
    assert not bench.said
    bench.persons.pin("1111")
    assert bench.asked[-1] == ("sign-in", b'{"name":"Kari","pin":"1111"}')
    bench.answer("sign-in", SignedIn(False, "wrong"))
    assert bench.status.status().sign_in_note == "wrong"
    bench.persons.pin("2222")
    bench.answer("sign-in", SignedIn(False, "locked", 61.0))
    locked = bench.status.status()
    assert (locked.sign_in_note, locked.sign_in_wait_s) == ("locked", 61.0)
    bench.persons.name("Ola")
    assert (bench.status.status().sign_in, bench.status.status().sign_in_note) == ("Ola", "")
    bench.persons.name("Kari")
    bench.persons.pin("4711")
    bench.answer("sign-in", SignedIn(True))
    now = bench.status.status()
    assert (now.person, now.person_doubt, now.sign_in) == ("Kari", False, "")
    bench.persons.name("Ola")
    bench.persons.pin("0815")
    bench.answer("sign-in", SignedIn(True))
    assert bench.said == [
        PersonSignedIn("Kari"), PersonSignedOut("Kari"), PersonSignedIn("Ola"),
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["åse ødegård", "ÅSE ØDEGÅRD", " Åse  Ødegård "])
def test_a_person_is_known_in_small_letters_too(bench: Bench, typed: str) -> None:
    bench.answer("names", Names(("Kari", "Åse Ødegård")))
    bench.persons.name(typed)
    assert bench.status.status().sign_in == "Åse Ødegård"
    bench.persons.pin("4711")
    assert bench.asked[-1][0] == "sign-in"
    assert "Åse Ødegård".encode() in bench.asked[-1][1]


def test_who_drops_the_question_leaves_all_as_it_was(bench: Bench) -> None:
    bench.answer("names", Names(("Kari",)))
    bench.persons.name("Kari")
    bench.persons.drop()
    bench.answer("sign-in", SignedIn(True))
    assert bench.status.status().person == ""
    assert not bench.said


def test_out_of_reach_who_sits_there_goes_on_and_a_new_name_is_marked(bench: Bench) -> None:
    bench.answer("names", Names(("Kari", "Ola")))
    bench.persons.name("Kari")
    bench.persons.pin("4711")
    bench.answer("sign-in", SignedIn(True))
    bench.status.set(site_link="down")
    assert not bench.status.status().person_doubt
    bench.persons.name("Ola")
    assert bench.status.status().person_doubt
    assert bench.said[-1] == PersonSignedIn("Ola", confirmed=False)


def test_a_site_that_goes_silent_over_a_pin_keeps_nobody_from_working(bench: Bench) -> None:
    bench.answer("names", Names(("Kari",)))
    bench.persons.name("Kari")
    bench.persons.pin("4711")
    bench.answer("sign-in", None)
    now = bench.status.status()
    assert (now.person, now.person_doubt) == ("Kari", True)
    for payload in (b"", b"{", b'{"confirmed": 1}', b"[" * 9_000):
        bench.persons.site_told(SiteAnswered("person", "names", payload))
        bench.persons.site_told(SiteAnswered("person", "sign-in", payload))
    assert bench.status.status().persons == ("Kari",)


def test_a_pin_confirms_nobody_but_whose_it_is(bench: Bench) -> None:
    """The site is slow, and somebody else sits down meanwhile."""
    bench.answer("names", Names(("Kari", "Ola")))
    bench.persons.name("Kari")
    bench.persons.pin("4711")
    bench.persons.name("Ola")
    bench.persons.pin("0000")
    assert bench.asked == [("sign-in", b'{"name":"Kari","pin":"4711"}')]
    bench.answer("sign-in", SignedIn(True))
    assert not bench.said
    assert bench.asked[-1] == ("sign-in", b'{"name":"Ola","pin":"0000"}')
    bench.answer("sign-in", SignedIn(False, "wrong"))
    now = bench.status.status()
    assert (now.person, now.sign_in, now.sign_in_note) == ("", "Ola", "wrong")


def test_a_name_that_was_remembered_is_not_confirmed(bench: Bench) -> None:
    bench.status.set(person="Kari")
    bench.answer("names", Names(("Kari",)))
    assert bench.status.status().person_doubt


def test_a_desk_that_was_started_with_a_name_asks_for_its_pin_by_itself_and_once(
    bench: Bench,
) -> None:
    bench.status.set(person="Kari")
    assert not bench.persons.is_confirmed, "nobody has confirmed it yet"
    bench.answer("names", Names(("Kari", "Ola")))
    now = bench.status.status()
    assert (now.sign_in, now.sign_in_wanted) == ("Kari", False), "the keyboard stays where it is"
    bench.persons.drop()
    bench.answer("names", Names(("Kari", "Ola")))
    assert bench.status.status().sign_in == "", "who said 'not now' is not asked again and again"
    assert not bench.persons.is_confirmed
    bench.persons.name("Kari")
    now = bench.status.status()
    assert (now.sign_in, now.sign_in_wanted) == ("Kari", True)
    bench.persons.pin("4711")
    bench.answer("sign-in", SignedIn(True))
    assert bench.persons.is_confirmed


def test_without_persons_everybody_counts_as_confirmed(bench: Bench) -> None:
    bench.status.set(person="Kari")
    bench.answer("names", Names(()))
    assert bench.persons.is_confirmed
    assert bench.status.status().sign_in == ""


def test_a_name_that_no_person_has_is_not_asked_for_a_pin_but_not_confirmed(bench: Bench) -> None:
    bench.status.set(person="Kari")
    bench.answer("names", Names(("Ola",)))
    assert bench.status.status().sign_in == ""
    assert not bench.persons.is_confirmed


def test_the_persons_are_asked_for_again_when_the_site_comes_back(bench: Bench) -> None:
    bench.status.set(site_link="down")
    bench.asked.clear()
    bench.status.set(site_link="up")
    assert bench.asked == [("names", b"{}")]
    bench.status.set(site_note="something else")
    assert len(bench.asked) == 1


def test_who_leaves_signs_out_while_it_is_still_that_person_who_sits_there(bench: Bench) -> None:
    bench.answer("names", Names(()))
    bench.persons.name("Kari")
    seats: list[str] = []
    bench.persons._say = lambda _body: seats.append(bench.status.status().person)
    bench.persons.name("Ola")
    assert seats == ["Kari", "Ola"], "out by Kari, in by Ola"
