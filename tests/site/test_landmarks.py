"""Places and pins at a real site: every desk has them within a second, a killed site and a killed
desk lose none, an exercise's stay the exercise's, and the commands say and list them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Final

import pytest

from console.cli import main
from console.domain.events import LandmarkDefined, LandmarkRemoved, PinRemoved, PinSet
from console.site.log.wire import EventError
from console.site.node.process import ensure_site

from .authors import Author
from .conftest import NewEar, ReadJson, Run, Server, wait_for

pytestmark = pytest.mark.system

SOON_S: Final = 1.0


def pin(key: str = "p1", name: str = "Fiktiv hendelse", *, exercise: bool = False) -> PinSet:
    return PinSet(
        pin=key, name=name, lat=59.3, lon=10.4, since_ms=1, note="to biler", exercise=exercise
    )


def place(key: str = "l1", *, exercise: bool = False) -> LandmarkDefined:
    return LandmarkDefined(
        landmark=key, name="Fiktivheim", landmark_kind="nursing-home", lat=59.3, lon=10.4,
        exercise=exercise,
    )  # fmt: skip


def test_every_desk_has_a_pin_within_a_second(new_ear: NewEar) -> None:
    one, other = new_ear("lv1"), new_ear("lv2")
    wall = new_ear("vegg", role="observer")
    for ear in (one, other, wall):
        ear.wait_up()
    for body, there in (
        (pin(), lambda ear: "p1" in ear.state.pins),
        (place(), lambda ear: "l1" in ear.state.landmarks),
        (PinRemoved("p1"), lambda ear: not ear.state.pins),
    ):
        one.publish(body)
        for ear in (one, other, wall):
            wait_for(lambda ear=ear, there=there: there(ear), "it", SOON_S)  # type: ignore[misc]  # defaults bind the loop's


def test_it_survives_the_site_and_the_disk_of_its_author(new_ear: NewEar, server: Server) -> None:
    """What is said while the site is dead waits in the outbox; its log has the rest."""
    one = new_ear("lv1")
    one.wait_up()
    one.publish(pin())
    wait_for(lambda: "p1" in one.state.pins, "it")
    server.kill()
    one.wait_down()
    one.publish(place())
    one.publish(pin("p2"))
    server.start()
    late = new_ear("lv2", replay="all")
    wait_for(
        lambda: set(late.state.pins) == {"p1", "p2"} and "l1" in late.state.landmarks, "all", 30.0
    )
    assert late.state.pins["p1"].note == "to biler"


def test_a_killed_desks_pin_is_there(server: Server, new_ear: NewEar, tmp_path: Path) -> None:
    """kill -9 of a program that has just said many, half of them removed again."""
    ear = new_ear("lv2")
    ear.wait_up()
    author = Author(server.as_member("lv1"), tmp_path / "authors")
    try:
        author.speak(20, 7, what="pins")
        wait_for(lambda: len(author.raised) >= 20, "twenty on disk", 30.0)
        author.kill()
        author.start()
        ear.wait_ids(author.raised)
        late = new_ear("lv3", replay="all")
        wait_for(lambda: set(author.raised) <= set(late.ids()), "all again", 30.0)
        assert late.state.pins == ear.state.pins
        assert ear.state.pins
    finally:
        author.stop()


def test_what_a_trainer_marks_is_an_exercises_and_touches_nothing_real(new_ear: NewEar) -> None:
    desk, trainer = new_ear("lv1"), new_ear("leder", role="trainer")
    for ear in (desk, trainer):
        ear.wait_up()
    desk.publish(pin())
    wait_for(lambda: "p1" in trainer.state.pins, "the real one")
    with pytest.raises(EventError):
        trainer.publish(pin("p2"))  # no mark
    trainer.publish(pin("p2", exercise=True))
    trainer.publish(pin("p1", "Taken over", exercise=True))
    trainer.publish(PinRemoved("p1"))
    trainer.publish(place("l2", exercise=True))
    wait_for(lambda: "l2" in desk.state.landmarks and "p2" in desk.state.pins, "all of it")
    assert desk.state.pins["p2"].exercise and desk.state.landmarks["l2"].exercise
    assert desk.state.pins["p1"].name == "Fiktiv hendelse"
    desk.publish(LandmarkRemoved("l2"))
    wait_for(lambda: not trainer.state.landmarks, "an operator may take it away")


@pytest.mark.parametrize("role", ["reception", "observer", "gateway"])
def test_who_only_reads_may_not_say_it(new_ear: NewEar, role: str) -> None:
    ear = new_ear("leser", role=role)
    ear.wait_up()
    for body in (pin(), PinRemoved("p1"), place(), LandmarkRemoved("l1")):
        with pytest.raises(EventError):
            ear.publish(body)


@pytest.fixture
def run(home: Path) -> Run:
    ensure_site(home, interface="127.0.0.1", name="Skolen")

    def run_command(*words: str) -> int:
        return main([*words, "--home", str(home), "--interface", "127.0.0.1"])

    return run_command


def test_the_commands(
    home: Path, run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    """Set, listed, shown in state and events, taken in from files, removed."""
    file = home.parent / "steder.csv"
    file.write_text(
        "navn;type;lat;lon;notat\nFiktiv sykehus;hospital;59,27;10,41;inngang B\n"
        "Feil;castle;59;10;\nFiktiv møteplass;meeting-point;59,3;10,4;\n", "utf-8",
    )  # fmt: skip
    made = read_json("pin", "set", "Fiktiv brann", "--lat", "59.3", "--lon", "10.4")["pin"]
    assert run("landmark", "import", str(file)) == 1
    told = capsys.readouterr()
    assert "2 places set, 0 were there already" in told.out
    assert "steder.csv, line 3: kind castle" in told.err
    assert "1 lines were left out" in told.err
    geo = home.parent / "steder.geojson"
    geo.write_text(json.dumps({"type": "FeatureCollection", "features": [{
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [10.5, 59.4]},
        "properties": {"name": "Fiktiv plass", "kind": "heliport"},
    }]}))  # fmt: skip
    assert run("landmark", "import", str(geo)) == 0
    assert run("landmark", "import", str(geo)) == 0
    assert "0 places set, 1 were there already" in capsys.readouterr().out
    rows = read_json("landmark", "list")
    assert {row["name"]: row["landmark_kind"] for row in rows} == {
        "Fiktiv sykehus": "hospital", "Fiktiv møteplass": "meeting-point",
        "Fiktiv plass": "heliport",
    }  # fmt: skip
    state = read_json("state")
    assert [one["name"] for one in state["pins"]] == ["Fiktiv brann"]
    assert len(state["landmarks"]) == 3
    (event,) = read_json("events", "--kind", "pin-set")
    assert event["body"]["pin"] == made
    assert abs(event["body"]["since_ms"] / 1e3 - time.time()) < 60
    assert run("pin", "remove", made) == 0
    assert run("pin", "remove", made) == 1
    assert run("landmark", "remove", rows[0]["key"]) == 0
    assert len(read_json("landmark", "list")) == 2
    assert run("landmark", "import", str(home / "none.csv")) == 1
    assert "can't be read" in capsys.readouterr().err


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("import", "FILE"), "Nothing of the file was taken in, .* import it again once the site"),
        (("set", "X", "--lat", "60", "--lon", "10"), "Nothing was changed, .* once the site"),
        (("remove", "x"), "Nothing was changed, .* once the site"),
        (("list",), "No site was found"),
    ],
)
def test_without_a_site_it_is_said_what_to_do(
    tmp_path: Path, words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "places.csv"
    file.write_text("name,kind,lat,lon\nFiktivheim,nursing-home,59.27,10.41\n")
    line = [str(file) if word == "FILE" else word for word in words]
    home = ["--home", str(tmp_path / "none"), "--interface", "127.0.0.1"]
    assert main(["landmark", *line, *home]) == 3
    said = capsys.readouterr().err
    assert re.search(told, said)
    assert ".." not in said
    assert "voice" not in said
