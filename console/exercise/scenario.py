"""Scenarios: what is in resources/scenarios, read and checked before anything starts.

A scenario file names a net (places, roads, talkgroups, units: ``nets/``) and stories (its own, or
those in ``stories/``), and says when they are played. What is wrong is said with file and key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta

import resources
from console.domain.events import Agency, Coverage, Id, Issi, TalkgroupKind, UnitKind, Urgency
from console.exercise.phrases import Phrase, load_phrases
from console.exercise.roads import Point, Roads

FOLDER: Final = "scenarios"
DEFAULT: Final = "night"
MAX_TALKGROUPS: Final = 128  # streams that one engine sends
MAX_UNITS: Final = 2_000
MAX_STEPS: Final = 500

Title = Annotated[str, Meta(min_length=1, max_length=80)]
RadioName = Annotated[str, Meta(min_length=1, max_length=12)]
"""Radios show no more (NODNETT: names have at most 12 characters)."""
Latitude = Annotated[float, Meta(ge=57, le=72)]
Longitude = Annotated[float, Meta(ge=4, le=32)]
At = Id | tuple[Latitude, Longitude]
"""A place's key, or degrees (within Norway)."""
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Speed = Annotated[float, Meta(gt=0, le=300)]
Model = TypeVar("Model")


class ScenarioError(Exception):
    """The scenario can't be used. One sentence that names the file and what is wrong in it."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A misspelt key is a mistake, not something to be passed over."""


class Road(_Part, frozen=True):
    name: Title
    via: Annotated[tuple[At, ...], Meta(min_length=2, max_length=200)]


class Talkgroup(_Part, frozen=True):
    key: Id
    name: RadioName
    kind: TalkgroupKind
    purpose: Annotated[str, Meta(max_length=64)] = ""


class Unit(_Part, frozen=True):
    """``voice``: a speaker of the phrases. ``patrol``: places it drives to, round and round."""

    key: Id
    call_sign: RadioName
    kind: UnitKind
    talkgroup: Id
    at: At
    agency: Agency = "health"
    issi: Issi | None = None
    voice: str | None = None
    crew: Annotated[tuple[Title, ...], Meta(max_length=4)] = ()
    battery_percent: Annotated[int, Meta(ge=0, le=100)] | None = None  # at the start
    coverage: Coverage | None = None
    status: Id = "available"
    urgency: Urgency = "none"
    speed_kmh: Speed = 80.0
    flies: bool = False
    patrol: Annotated[tuple[Id, ...], Meta(max_length=20)] = ()


class Step(_Part, frozen=True, rename={"in_": "in"}):
    """One thing in a story: somebody says a phrase, a unit does something, a text, a call, or a
    pause.

    ``say`` is a phrase; who says it is the unit with its voice, ``in`` the story's talkgroup if
    none is given. ``wait`` is in seconds, ``until`` a unit that has to arrive first. ``call``: the
    unit rings at a desk, and says these phrases of its own once it is answered.
    """

    say: str | None = None
    in_: Id | None = None
    unit: Id | None = None
    status: Id | None = None
    urgency: Urgency | None = None
    drive: At | None = None
    speed_kmh: Speed | None = None
    text: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    to: Id | None = None
    call: Annotated[tuple[str, ...], Meta(min_length=1, max_length=8)] | None = None
    wait: Seconds | None = None
    until: Id | None = None

    def kind(self) -> str | None:
        """Which of the forms it has; None: a mixture."""
        given = {name for name in self.__struct_fields__ if getattr(self, name) is not None}
        return next((kind for kind, must, may in _FORMS if must <= given <= must | may), None)


_FORMS: Final[tuple[tuple[str, set[str], set[str]], ...]] = (
    ("say", {"say"}, {"in_"}),
    ("drive", {"unit", "drive"}, {"status", "urgency", "speed_kmh"}),
    ("status", {"unit", "status"}, {"urgency"}),
    ("text", {"unit", "text", "to"}, set()),
    ("call", {"unit", "call"}, set()),
    ("wait", {"wait"}, set()),
    ("until", {"until"}, set()),
)
_FORMS_IN_WORDS: Final = (
    "say [in] · unit drive [status urgency speed_kmh] · unit status [urgency] · unit text to · "
    "unit call · wait · until"
)


class Story(_Part, frozen=True):
    """``talkgroup`` is where it is talked about, if a step doesn't say otherwise."""

    key: Id
    talkgroup: Id
    steps: Annotated[tuple[Step, ...], Meta(min_length=1, max_length=MAX_STEPS)]


class Play(_Part, frozen=True):
    """``first_s`` after the start, and ``again_s`` after the story's end again (0 = never)."""

    story: Id
    first_s: Seconds = 0.0
    again_s: Seconds = 0.0


class Alarm(_Part, frozen=True):
    """A safety alarm, and the story that follows: its first words are the open microphone's."""

    unit: Id
    after_s: Seconds
    story: Id
    text: Annotated[str, Meta(max_length=120)] = ""


class _NetFile(_Part, frozen=True):
    place: dict[Id, tuple[Latitude, Longitude]]
    talkgroup: Annotated[tuple[Talkgroup, ...], Meta(max_length=MAX_TALKGROUPS)]
    unit: Annotated[tuple[Unit, ...], Meta(max_length=MAX_UNITS)]
    road: tuple[Road, ...] = ()


class _StoriesFile(_Part, frozen=True):
    story: tuple[Story, ...]


class _ScenarioFile(_Part, frozen=True):
    title: Title
    summary: Annotated[str, Meta(max_length=400)]
    net: Id
    play: tuple[Play, ...]
    alarm: tuple[Alarm, ...] = ()
    stories: Id | None = None
    story: tuple[Story, ...] = ()


class Scenario(msgspec.Struct, frozen=True):
    """All that is played, every reference checked."""

    name: str
    title: str
    summary: str
    talkgroups: Mapping[str, Talkgroup]
    units: Mapping[str, Unit]
    places: Mapping[str, Point]
    stories: Mapping[str, Story]
    plays: tuple[Play, ...]
    alarms: tuple[Alarm, ...]
    phrases: Mapping[str, Phrase]
    speakers: Mapping[str, str]
    """A voice to the unit that has it."""
    roads: Roads

    def point(self, at: At) -> Point:
        return self.places[at] if isinstance(at, str) else at


def names() -> tuple[str, ...]:
    """Of the scenarios that come with the program, the default first."""
    found = sorted(path.stem for path in resources.path(FOLDER).glob("*.toml"))
    return tuple(sorted(found, key=lambda name: name != DEFAULT))


def load(name: str) -> Scenario:
    """A scenario that comes with the program, or a file of one's own. Raises ScenarioError."""
    path = resources.path(f"{FOLDER}/{name}.toml") if name in names() else Path(name)
    if name not in names() and path.suffix != ".toml":
        raise ScenarioError(f"there is no scenario {name!r}; there are {', '.join(names())}")
    return load_file(path)


def load_file(path: Path) -> Scenario:
    """Raises ScenarioError."""
    file = _read(path, _ScenarioFile)
    net_path = _beside(path, "nets", file.net)
    net = _read(net_path, _NetFile)
    phrases = load_phrases()
    _refuse(net_path, _net_mistakes(net, {phrase.speaker for phrase in phrases.values()}))
    scenario = _put_together(path.stem, file, net, phrases)
    if file.stories is not None:
        stories_path = _beside(path, "stories", file.stories)
        stories = _read(stories_path, _StoriesFile).story
        _refuse(stories_path, _story_mistakes(stories, scenario))
        shared = {one.key: one for one in stories}
        scenario = msgspec.structs.replace(scenario, stories={**shared, **scenario.stories})
    _refuse(path, _story_mistakes(file.story, scenario))
    _refuse(path, _play_mistakes(file, scenario))
    return scenario


def _beside(path: Path, folder: str, name: str) -> Path:
    """One's own, else the one that comes with the program."""
    own = path.parent / folder / f"{name}.toml"
    return own if own.exists() else resources.path(f"{FOLDER}/{folder}/{name}.toml")


def _refuse(path: Path, mistakes: Iterator[str]) -> None:
    """The first mistake is told; the others may be its consequences."""
    for mistake in mistakes:
        raise ScenarioError(f"{path}: {mistake}")


def _read(path: Path, model: type[Model]) -> Model:
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        return msgspec.convert(document, model)
    except OSError as error:
        raise ScenarioError(f"{path} can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ScenarioError(f"{path}: {error}") from error


def _put_together(
    name: str, file: _ScenarioFile, net: _NetFile, phrases: Mapping[str, Phrase]
) -> Scenario:
    lines = ([net.place[at] if isinstance(at, str) else at for at in road.via] for road in net.road)
    return Scenario(
        name=name,
        title=file.title,
        summary=file.summary,
        talkgroups={one.key: one for one in net.talkgroup},
        units={one.key: one for one in net.unit},
        places=net.place,
        stories={one.key: one for one in file.story},
        plays=file.play,
        alarms=tuple(sorted(file.alarm, key=lambda one: one.after_s)),
        phrases=phrases,
        speakers={one.voice: one.key for one in net.unit if one.voice is not None},
        roads=Roads(lines),
    )


def _net_mistakes(net: _NetFile, speakers: set[str]) -> Iterator[str]:
    yield from _twice("talkgroup", [one.key for one in net.talkgroup])
    yield from _twice("talkgroup's name", [one.name for one in net.talkgroup])
    yield from _twice("unit", [one.key for one in net.unit])
    yield from _twice("unit's call sign", [one.call_sign for one in net.unit])
    yield from _twice("unit's ISSI", [one.issi for one in net.unit if one.issi])
    yield from _twice("unit's voice", [one.voice for one in net.unit if one.voice])
    talkgroups = {one.key for one in net.talkgroup}
    for road in net.road:
        yield from _unplaced(f"road {road.name!r}", "via", road.via, net.place)
    for unit in net.unit:
        yield from _unplaced(f"unit {unit.key!r}", "at", (unit.at,), net.place)
        yield from _unplaced(f"unit {unit.key!r}", "patrol", unit.patrol, net.place)
        if unit.talkgroup not in talkgroups:
            yield f"unit {unit.key!r}: talkgroup = {unit.talkgroup!r}, but there is no such one"
        if unit.voice is not None and unit.voice not in speakers:
            yield f"unit {unit.key!r}: voice = {unit.voice!r}, but nobody speaks with it"


def _unplaced(
    whose: str, key: str, ats: tuple[At, ...], places: Mapping[str, Point]
) -> Iterator[str]:
    for at in ats:
        if isinstance(at, str) and at not in places:
            yield f"{whose}: {key} = {at!r}, but there is no such place"


def _twice(what: str, keys: list[str]) -> Iterator[str]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"{what} {key!r} is there twice"


def _story_mistakes(stories: Sequence[Story], scenario: Scenario) -> Iterator[str]:
    yield from _twice("story", [story.key for story in stories])
    for story in stories:
        where = f"story {story.key!r}"
        if story.talkgroup not in scenario.talkgroups:
            yield f"{where}: talkgroup = {story.talkgroup!r}, but there is no such one"
        for number, step in enumerate(story.steps, 1):
            for mistake in _step_mistakes(step, scenario):
                yield f"{where}, step {number}: {mistake}"


def _play_mistakes(file: _ScenarioFile, scenario: Scenario) -> Iterator[str]:
    for play in file.play:
        if play.story not in scenario.stories:
            yield f"play: story = {play.story!r}, but there is no such one"
    for alarm in file.alarm:
        for mistake in _alarm_mistakes(alarm, scenario):
            yield f"alarm of {alarm.unit!r}: {mistake}"


def _step_mistakes(step: Step, scenario: Scenario) -> Iterator[str]:
    if step.kind() is None:
        yield f"is none of: {_FORMS_IN_WORDS}"
    phrase = scenario.phrases.get(step.say or "")
    if step.say is not None and phrase is None:
        yield f"say = {step.say!r}, but there is no such phrase"
    if phrase is not None and phrase.speaker not in scenario.speakers:
        yield f"say = {step.say!r}, but no unit has the voice {phrase.speaker!r}"
    for said in step.call or ():
        own = scenario.phrases.get(said)
        if own is None or scenario.speakers.get(own.speaker) != step.unit:
            yield f"call = {said!r}, but {step.unit!r} says no such phrase"
    if step.in_ is not None and step.in_ not in scenario.talkgroups:
        yield f"in = {step.in_!r}, but there is no such talkgroup"
    for key, unit in (("unit", step.unit), ("until", step.until)):
        if unit is not None and unit not in scenario.units:
            yield f"{key} = {unit!r}, but there is no such unit"
    if step.to is not None and not (step.to in scenario.units or step.to in scenario.talkgroups):
        yield f"to = {step.to!r}, but there is no such unit or talkgroup"
    if step.drive is not None:
        yield from _unplaced("drive", "to", (step.drive,), scenario.places)


def _alarm_mistakes(alarm: Alarm, scenario: Scenario) -> Iterator[str]:
    if alarm.unit not in scenario.units:
        yield "there is no such unit"
        return
    story = scenario.stories.get(alarm.story)
    if story is None:
        yield f"story = {alarm.story!r}, but there is no such one"
        return
    said = story.steps[0].say
    if said is None or scenario.speakers[scenario.phrases[said].speaker] != alarm.unit:
        yield f"story {alarm.story!r} must begin with what the unit's open microphone hears"
