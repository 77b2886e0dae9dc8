"""Scenarios: those that come with the program are right, and what is wrong in others is said."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import resources
from console.cli import main
from console.exercise.roads import distance_m
from console.exercise.scenario import DEFAULT, Scenario, ScenarioError, load, names
from resources.map.places import load_places

GROUP = """
[[talkgroup]]
key = "lv"
name = "Havnvik-LV"
kind = "legevakt"
"""
NET = f"""
[place]
horten = [59.417, 10.484]
{GROUP}
[[unit]]
key = "a11"
call_sign = "AMB 1-1"
kind = "ambulance"
talkgroup = "lv"
at = "horten"
voice = "a11"
"""
SCENARIO = """
title = "Prøve"
summary = "En tekst"
net = "own"
play = [{ story = "one" }]
[[story]]
key = "one"
talkgroup = "lv"
steps = [{ say = "a11-framme" }, { wait = 1 }, { unit = "a11", status = "available" }]
"""


def written(folder: Path, scenario: str = SCENARIO, net: str = NET) -> Path:
    (folder / "nets").mkdir(exist_ok=True)
    (folder / "nets" / "own.toml").write_text(net, "utf-8")
    path = folder / "mine.toml"
    path.write_text(scenario, "utf-8")
    return path


def test_a_scenario_of_ones_own_beside_its_net(tmp_path: Path) -> None:
    scenario = load(str(written(tmp_path)))
    assert scenario.name == "mine"
    assert scenario.speakers == {"a11": "a11"}
    assert scenario.point(scenario.units["a11"].at) == (59.417, 10.484)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('net = "own"', "net = own", "is not TOML"),
        ('net = "own"', 'net = "another"', "another.toml can't be read"),
        ('title = "Prøve"\n', "", "missing required field `title`"),
        ("{ wait = 1 }", "{ wait = -1 }", "$.story[0].steps[1].wait"),
        ("{ wait = 1 }", "{ wiat = 1 }", "unknown field `wiat`"),
        ("{ wait = 1 }", '{ wait = 1, say = "a11-framme" }', "'one', step 2: is none of"),
        ('say = "a11-framme"', 'say = "a11-frammme"', "say = 'a11-frammme'"),
        ('say = "a11-framme"', 'say = "amk-framme"', "no unit has the voice 'amk'"),
        ('say = "a11-framme"', 'say = "a11-framme", in = "lx"', "in = 'lx'"),
        ('unit = "a11"', 'unit = "a12"', "step 3: unit = 'a12'"),
        ('status = "available"', 'drive = "larvik"', "drive: to = 'larvik'"),
        ('status = "available"', 'text = "Hei", to = "x"', "to = 'x'"),
        ("{ wait = 1 }", '{ until = "b1" }', "until = 'b1'"),
        ('talkgroup = "lv"', 'talkgroup = "lx"', "talkgroup = 'lx'"),
        ('{ story = "one" }', '{ story = "two" }', "play: story = 'two'"),
        ("play =", 'alarm = [{ unit = "x", after_s = 1, story = "one" }]\nplay =', "alarm of 'x'"),
        ("play =", 'alarm = [{ unit = "a11", after_s = 1, story = "x" }]\nplay =', "story = 'x'"),
    ],
)
def test_a_mistake_in_a_scenario_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SCENARIO
    path = written(tmp_path, SCENARIO.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        load(str(path))
    assert said in str(caught.value)
    assert ".toml" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('at = "horten"', 'at = "hrten"', "unit 'a11': at = 'hrten'"),
        ('at = "horten"', "at = [10.4, 59.4]", "$.unit[0].at[0]"),
        ('talkgroup = "lv"', 'talkgroup = "lx"', "unit 'a11': talkgroup = 'lx'"),
        ('voice = "a11"', 'voice = "x"', "unit 'a11': voice = 'x'"),
        ('voice = "a11"', 'patrol = ["x"]', "unit 'a11': patrol = 'x'"),
        ('voice = "a11"', 'issi = "123"', "$.unit[0].issi"),
        ('"Havnvik-LV"', '"Havnvik legevakt"', "$.talkgroup[0].name"),
        ("[[unit]]", '[[road]]\nname = "E18"\nvia = ["horten", "x"]\n[[unit]]', "via = 'x'"),
        ("[[unit]]", f"{GROUP}[[unit]]", "talkgroup 'lv' is there twice"),
    ],
)
def test_a_mistake_in_a_net_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in NET
    with pytest.raises(ScenarioError) as caught:
        load(str(written(tmp_path, net=NET.replace(old, new, 1))))
    assert said in str(caught.value)
    assert "own.toml" in str(caught.value)


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(ScenarioError, match=f"no scenario 'x'; there are {DEFAULT}, "):
        load("x")


@pytest.fixture(params=names())
def shipped(request: pytest.FixtureRequest) -> Scenario:
    return load(request.param)


def test_what_is_shipped_is_large_enough(shipped: Scenario) -> None:
    assert len(shipped.talkgroups) >= 12
    assert len(shipped.units) >= 40
    assert shipped.alarms[0].after_s == 25
    assert len({unit.voice for unit in shipped.units.values()}) > 20


def test_statuses_have_names(shipped: Scenario) -> None:
    known = {
        row["key"] for row in tomllib.loads(resources.path("status.toml").read_text())["status"]
    }
    used = {unit.status for unit in shipped.units.values()}
    steps = [step for story in shipped.stories.values() for step in story.steps]
    assert used | {step.status for step in steps if step.status} <= known


def test_places_are_where_the_map_has_them(shipped: Scenario) -> None:
    norwegian = str.maketrans("øåæ", "oaa")
    towns = {one.name.lower().translate(norwegian): one for one in load_places()[::-1]}
    shared = [key for key in shipped.places if key in towns and towns[key].kind == "town"]
    assert len(shared) > 15
    for key in shared:
        town = towns[key]
        assert distance_m(shipped.places[key], (town.lat, town.lon)) < 3_000, key


def test_issis_begin_with_their_agency(shipped: Scenario) -> None:
    first = {"fire": "1", "police": "2", "health": "3", "volunteer": "61", "rescue": "602"}
    for unit in shipped.units.values():
        assert unit.issi is not None
        assert unit.issi.startswith(first.get(unit.agency, "8")), unit


def test_texts_say_that_they_are_an_exercise(shipped: Scenario) -> None:
    texts = [step.text for story in shipped.stories.values() for step in story.steps if step.text]
    assert texts
    assert all(text.startswith("ØVELSE: ") for text in texts)


def test_list_as_text_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercise", "--list"]) == 0
    text = capsys.readouterr().out
    assert main(["exercise", "--list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["scenarios"]
    assert rows[0]["name"] == DEFAULT
    assert {row["name"] for row in rows} == set(names()) >= {"night", "kols"}
    assert all(row["title"] in text for row in rows)


def test_a_mistake_ends_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "title = 3")
    assert main(["exercise", str(path)]) == 1
    assert "mine.toml" in capsys.readouterr().err
