"""When an alarm escalates: a function of alarms and time."""

from __future__ import annotations

from console.domain.alarm import Alarm
from console.domain.mark import Mark
from console.site.services.escalation import Escalator


def raised(key: str = "A1") -> Alarm:
    return Alarm(key=key, unit="u1", raised=Mark(id="0", time_ms=0, author="x"))


def acknowledged(key: str = "A1") -> Alarm:
    mark = Mark(id="1", time_ms=1, author="y")
    return Alarm(key=key, unit="u1", raised=mark, acknowledged=mark, state="acknowledged")


def test_due_once_after_its_time() -> None:
    escalator = Escalator(60)
    escalator.observe([(raised(), 0.0)], 100.0)
    assert escalator.take_due(159.9) == []
    assert escalator.take_due(160.0) == [raised()]
    assert escalator.take_due(999.0) == []


def test_acknowledged_in_time_never() -> None:
    escalator = Escalator(60)
    escalator.observe([(raised(), 0.0)], 100.0)
    escalator.observe([(acknowledged(), 0.0)], 130.0)
    assert escalator.take_due(999.0) == []


def test_told_again_does_not_put_it_off() -> None:
    escalator = Escalator(60)
    escalator.observe([(raised(), 0.0)], 100.0)
    escalator.observe([(raised(), 0.0)], 150.0)
    assert escalator.take_due(160.0) == [raised()]


def test_one_from_before_the_start_has_used_part_of_its_time_whatever_its_clock_says() -> None:
    escalator = Escalator(60)
    ages = [("young", 20.0), ("old", 9_999.0), ("from the future", -300.0)]
    escalator.observe([(raised(key), age) for key, age in ages], 100.0)
    assert [a.key for a in escalator.take_due(100.0)] == ["old"]
    assert [a.key for a in escalator.take_due(140.0)] == ["young"]
    assert [a.key for a in escalator.take_due(160.0)] == ["from the future"]
