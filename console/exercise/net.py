"""The simulated net: a scenario and a seed in, timed actions out, for ever. Pure: no clock, no I/O.

Stories are told step by step. A run of overs with no pause between them (an *exchange*) holds its
talkgroups, so that two stories are never mixed up in one group; who speaks in one group is heard
in no other. Nobody's words reach into an alarm in its group.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from console.domain.events import (
    AlarmRaised,
    AnyBody,
    MessageSent,
    Position,
    StatusChanged,
    TalkgroupDefined,
    UnitDefined,
    UnitMoved,
    Urgency,
)
from console.exercise.scenario import Alarm, Scenario, Step, Story, Unit
from console.exercise.travel import Trip, standing

MOVE_MS: Final = 5_000  # between two positions of a unit that moves
STAND_MS: Final = 60_000  # and of one that stands
REST_MS: Final = (30_000, 150_000)  # of a patrol, at each of its places
REPLY_MS: Final = (500, 1_300)  # from the end of one over to the next
APART_MS: Final = 700  # from an over to the next in its group or of its unit, at the least
BUSY_MS: Final = (300, 900)  # until somebody tries again who found the group taken
AGAIN: Final = (0.8, 1.3)  # of a story's pause
DRAIN_MS: Final = 10 * 60_000  # for one per cent of a radio's battery
LOW_PERCENT: Final = 15


class Talk(msgspec.Struct, frozen=True):
    """An over: ``unit`` has the floor of ``talkgroup`` for ``length_ms``."""

    at_ms: int
    talkgroup: str
    unit: str
    phrase: str
    length_ms: int
    emergency: bool = False

    @property
    def end_ms(self) -> int:
        return self.at_ms + self.length_ms


class Tell(msgspec.Struct, frozen=True):
    """Something for the site. An alarm's id is its number; who sends it makes it unique."""

    at_ms: int
    body: AnyBody


class Ring(msgspec.Struct, frozen=True):
    """A unit calls a desk, if one is here, and lets it ring for so long."""

    at_ms: int
    unit: str
    rings_s: float = 40.0


Action = Talk | Tell | Ring


def actions(
    scenario: Scenario, seed: int, *, alarm_after_s: float | None = None
) -> Iterator[Action]:
    """In order of time, without end. ``alarm_after_s`` is the first alarm's time; later ones keep
    their distance to it."""
    net = _Net(scenario, random.Random(seed), _moved(scenario.alarms, alarm_after_s))
    yield from net.definitions()
    yield from net.run()


def _moved(alarms: tuple[Alarm, ...], alarm_after_s: float | None) -> tuple[Alarm, ...]:
    if alarm_after_s is None or not alarms:
        return alarms
    later_s = alarm_after_s - alarms[0].after_s
    return tuple(
        msgspec.structs.replace(one, after_s=max(one.after_s + later_s, 0.0)) for one in alarms
    )


@dataclass(slots=True, eq=False)
class _Telling:
    """A story that is being told."""

    story: Story
    again_s: float = 0.0
    alarm: Alarm | None = None
    at: int = 0
    holds: frozenset[str] = frozenset()

    @property
    def step(self) -> Step:
        return self.story.steps[self.at]

    def exchange(self) -> frozenset[str]:
        """The talkgroups of the overs from here to the next pause."""
        found = set()
        for step in self.story.steps[self.at :]:
            if step.wait is not None or step.until is not None:
                break
            if step.say is not None:
                found.add(step.in_ or self.story.talkgroup)
        return frozenset(found)


@dataclass(slots=True, eq=False)
class _Mobile:
    """A unit on the map."""

    unit: Unit
    trip: Trip
    patrol_at: int = 0
    is_ordered: bool = False  # a story has sent it somewhere; it patrols no more
    tick: int = 0  # the newest of its ticks; older ones are void


@dataclass(slots=True)
class _Net:
    scenario: Scenario
    chance: random.Random
    alarms: tuple[Alarm, ...]
    mobiles: dict[str, _Mobile] = field(default_factory=dict)
    urgencies: dict[str, Urgency] = field(default_factory=dict)
    holders: dict[str, _Telling] = field(default_factory=dict)
    group_free_ms: dict[str, int] = field(default_factory=dict)
    unit_free_ms: dict[str, int] = field(default_factory=dict)
    pending: list[Alarm] = field(default_factory=list)
    waiting: list[tuple[int, int, _Telling | _Mobile | Alarm, int]] = field(default_factory=list)
    order: int = 0

    def definitions(self) -> Iterator[Action]:
        """The picture at the start."""
        for group in self.scenario.talkgroups.values():
            yield Tell(
                0, TalkgroupDefined(group.key, group.name, group.kind, group.purpose, exercise=True)
            )
        for unit in self.scenario.units.values():
            yield Tell(
                0,
                UnitDefined(
                    unit=unit.key, call_sign=unit.call_sign, unit_kind=unit.kind,
                    agency=unit.agency, issi=unit.issi, talkgroup=unit.talkgroup, exercise=True,
                    crew=unit.crew,
                ),
            )  # fmt: skip
            yield Tell(0, StatusChanged(unit.key, unit.status, unit.urgency))
            at = self.scenario.point(unit.at)
            yield Tell(0, UnitMoved(unit.key, _radio(unit, standing(at).position(0), 0)))

    def run(self) -> Iterator[Action]:
        self._begin()
        while self.waiting:
            now_ms, _, who, tick = heapq.heappop(self.waiting)
            match who:
                case _Telling():
                    yield from self._go_on(who, now_ms)
                case _Mobile():
                    yield from self._move(who, now_ms) if tick == who.tick else ()
                case Alarm():
                    yield from self._raise(who, now_ms)

    def _begin(self) -> None:
        self.pending = list(self.alarms)
        for alarm in self.alarms:
            self._at(_ms(alarm.after_s), alarm)
        for play in self.scenario.plays:
            telling = _Telling(self.scenario.stories[play.story], play.again_s)
            self._at(_ms(play.first_s), telling)
        for unit in self.scenario.units.values():
            self.urgencies[unit.key] = unit.urgency
            mobile = _Mobile(unit, standing(self.scenario.point(unit.at)))
            self.mobiles[unit.key] = mobile
            self._tick(mobile, self.chance.randrange(MOVE_MS if unit.patrol else STAND_MS))

    def _at(self, at_ms: int, who: _Telling | _Mobile | Alarm, tick: int = 0) -> None:
        self.order += 1  # at the same moment: first come, first served
        heapq.heappush(self.waiting, (at_ms, self.order, who, tick))

    # -- alarms ---------------------------------------------------------------------------

    def _raise(self, alarm: Alarm, now_ms: int) -> Iterator[Action]:
        number = self.alarms.index(alarm) + 1
        self.pending.remove(alarm)
        telling = _Telling(self.scenario.stories[alarm.story], alarm=alarm)
        talkgroup = telling.story.talkgroup
        position = self.mobiles[alarm.unit].trip.position(now_ms)
        yield Tell(
            now_ms,
            AlarmRaised(
                alarm=str(number), unit=alarm.unit, talkgroup=talkgroup, position=position,
                text=alarm.text, exercise=True,
            ),
        )  # fmt: skip
        telling.holds = telling.exchange()
        for group in telling.holds:  # an emergency has precedence; who held it asks again
            self.holders[group] = telling
        yield from self._go_on(telling, now_ms)

    def _hinders_alarm(self, talk: Talk, telling: _Telling) -> bool:
        """Whether it would still be spoken when an alarm comes in its group or of its unit."""
        if telling.alarm is not None and telling.at == 0:
            return False
        for alarm in self.pending:
            group = self.scenario.stories[alarm.story].talkgroup
            if talk.end_ms + APART_MS > _ms(alarm.after_s) and (
                talk.talkgroup == group or talk.unit == alarm.unit
            ):
                return True
        return False

    # -- stories --------------------------------------------------------------------------

    def _go_on(self, telling: _Telling, now_ms: int) -> Iterator[Action]:
        """As many steps as take no time, or the one that does."""
        while telling.at < len(telling.story.steps):
            step = telling.step
            if step.say is not None:
                yield from self._say(telling, step.say, now_ms)
                return
            telling.at += 1
            if step.wait is not None or step.until is not None:
                self._let_go(telling)
                self._at(self._resumes_ms(step, now_ms), telling)
                return
            yield from self._do(step, now_ms)
        self._let_go(telling)
        if telling.again_s:
            telling.at = 0
            self._at(now_ms + _ms(telling.again_s * self.chance.uniform(*AGAIN)), telling)

    def _resumes_ms(self, step: Step, now_ms: int) -> int:
        if step.until is not None:
            return max(now_ms, self.mobiles[step.until].trip.arrives_ms)
        return now_ms + _ms(step.wait or 0.0)

    def _say(self, telling: _Telling, phrase: str, now_ms: int) -> Iterator[Action]:
        said = self.scenario.phrases[phrase]
        group = telling.step.in_ or telling.story.talkgroup
        unit = self.scenario.speakers[said.speaker]
        emergency = telling.alarm is not None and telling.at == 0
        talk = Talk(now_ms, group, unit, phrase, _ms(said.seconds), emergency)
        if self._hinders_alarm(talk, telling) or not self._take(telling):
            self._let_go(telling)
            self._at(now_ms + self.chance.randint(*BUSY_MS), telling)
            return
        free_ms = max(self.group_free_ms.get(group, 0), self.unit_free_ms.get(unit, 0))
        if free_ms > now_ms:
            self._at(free_ms, telling)
            return
        yield talk
        self.group_free_ms[group] = self.unit_free_ms[unit] = talk.end_ms + APART_MS
        telling.at += 1
        self._at(talk.end_ms + max(self.chance.randint(*REPLY_MS), APART_MS), telling)

    def _take(self, telling: _Telling) -> bool:
        """All groups of the exchange, or none: so nobody waits for one who waits for them."""
        wanted = telling.exchange()
        if any(self.holders.get(group, telling) is not telling for group in wanted):
            return False
        telling.holds |= wanted
        self.holders.update(dict.fromkeys(wanted, telling))
        return True

    def _let_go(self, telling: _Telling) -> None:
        for group in telling.holds:
            if self.holders.get(group) is telling:
                del self.holders[group]
        telling.holds = frozenset()

    def _do(self, step: Step, now_ms: int) -> Iterator[Action]:
        """A step that takes no time."""
        unit = step.unit or ""
        if step.status is not None:
            self.urgencies[unit] = step.urgency or self.urgencies[unit]
            yield Tell(now_ms, StatusChanged(unit, step.status, self.urgencies[unit]))
        if step.drive is not None:
            self._send(self.mobiles[unit], step, now_ms)
        if step.call is not None:
            yield Ring(now_ms, unit)
        if step.text is not None and step.to is not None:
            yield Tell(now_ms, MessageSent(to=step.to, text=step.text, sender=unit))

    # -- movement -------------------------------------------------------------------------

    def _send(self, mobile: _Mobile, step: Step, now_ms: int) -> None:
        assert step.drive is not None
        speed_kmh = step.speed_kmh or mobile.unit.speed_kmh
        self._leave(mobile, self.scenario.point(step.drive), speed_kmh, now_ms)
        mobile.is_ordered = True
        self._tick(mobile, now_ms + self.chance.randrange(MOVE_MS))

    def _leave(
        self, mobile: _Mobile, goal: tuple[float, float], speed_kmh: float, now_ms: int
    ) -> None:
        start = mobile.trip.point(now_ms)
        roads = self.scenario.roads
        way = roads.straight(start, goal) if mobile.unit.flies else roads.way(start, goal)
        mobile.trip = Trip(way, now_ms, speed_kmh / 3.6)

    def _tick(self, mobile: _Mobile, at_ms: int) -> None:
        mobile.tick += 1
        self._at(at_ms, mobile, mobile.tick)

    def _move(self, mobile: _Mobile, now_ms: int) -> Iterator[Action]:
        unit = mobile.unit
        at = _radio(unit, mobile.trip.position(now_ms), now_ms)
        yield Tell(now_ms, UnitMoved(unit.key, at))
        if now_ms < mobile.trip.arrives_ms:
            self._tick(mobile, min(now_ms + MOVE_MS, mobile.trip.arrives_ms))
        elif unit.patrol and not mobile.is_ordered:
            goal = self.scenario.places[unit.patrol[mobile.patrol_at % len(unit.patrol)]]
            rest_ms = self.chance.randint(*REST_MS) if mobile.patrol_at else 0
            mobile.patrol_at += 1
            self._leave(mobile, goal, unit.speed_kmh * self.chance.uniform(0.8, 1.1), now_ms)
            mobile.trip = msgspec.structs.replace(mobile.trip, start_ms=now_ms + rest_ms)
            self._tick(mobile, now_ms + rest_ms + self.chance.randrange(MOVE_MS))
        else:
            self._tick(mobile, now_ms + STAND_MS)


def _radio(unit: Unit, at: Position, now_ms: int) -> Position:
    """What a radio tells of itself with its place; its battery lasts the shift out."""
    left = unit.battery_percent
    if left is not None:
        left = max(1, left - now_ms // DRAIN_MS)
    return msgspec.structs.replace(
        at,
        battery_percent=left,
        battery_low=left is not None and left <= LOW_PERCENT,
        coverage=unit.coverage,
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)
