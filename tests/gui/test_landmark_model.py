"""Places on the map as the window is given them, and what a hand does becomes an event."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtWidgets import QApplication

from console.domain.events import (
    AnyBody,
    Event,
    LandmarkDefined,
    LandmarkRemoved,
    PinRemoved,
    PinSet,
)
from console.models.landmarks import LandmarkModel
from console.models.log import log_row
from console.models.store import SiteStore
from tests.unit.test_state import ulid
from widgets.contracts.landmarks import LandmarkForm


@dataclass
class Bench:
    store: SiteStore = field(default_factory=SiteStore)
    said: list[AnyBody] = field(default_factory=list)
    role: str = "operator"
    keeps: bool = True
    told: int = 0

    def __post_init__(self) -> None:
        self.model = LandmarkModel(
            self.store,
            publish=self._publish,
            new_id=lambda prefix: f"{prefix}-{len(self.said)}",
            role=lambda: self.role,
            trains=lambda: self.role == "trainer",
            now_s=lambda: 5.0,
        )
        self.model.changed.connect(self._count)

    def _count(self) -> None:
        self.told += 1

    def _publish(self, body: AnyBody, *, cause: str | None = None) -> bool:  # noqa: ARG002  # as Publish
        if self.keeps:
            self.said.append(body)
            is_played = self.role == "trainer"
            n = len(self.said)
            one = Event(ulid(n), 5_000 + n, "lv1", n, body, person="Kari", exercise=is_played)
            self.store.apply([one])
        return self.keeps

    def pin(self, **more: str) -> str:
        return self.model.set_landmark(LandmarkForm("incident", "Brann", 59.3, 10.4, **more))


def test_pins_come_first_and_each_says_who_and_since_when(desk_app: QApplication) -> None:
    bench = Bench()
    key = bench.model.set_landmark(LandmarkForm("hospital", "Fiktiv sykehus", 59, 10))
    pin = bench.pin(note="to biler")
    first, second = bench.model.rows()
    assert (first.key, first.is_pin, first.since_s, first.note) == (pin, True, 5.0, "to biler")
    assert first.who == "Kari" and first.may_change
    assert (second.key, second.kind, second.name) == (key, "hospital", "Fiktiv sykehus")
    assert bench.told == 2
    assert isinstance(bench.said[0], LandmarkDefined) and isinstance(bench.said[1], PinSet)


def test_changed_removed_and_restored_it_is_as_old_as_it_was(desk_app: QApplication) -> None:
    bench = Bench()
    key = bench.pin()
    before = bench.model.rows()[0]
    bench.model._now_s = lambda: 99.0
    assert bench.pin(key=key, note="fire biler") == key
    assert bench.model.rows()[0].since_s == 5.0
    assert bench.model.remove_landmark(key)
    assert bench.said[-1] == PinRemoved(key, "Brann")
    assert bench.model.rows() == ()
    assert bench.model.remove_landmark(key), "it is removed already"
    assert bench.said[-1] == PinRemoved(key, "Brann")
    assert bench.model.restore_landmark(before)
    assert bench.model.rows() == (before,)


def test_what_can_not_be_kept_says_so(desk_app: QApplication) -> None:
    bench = Bench()
    key = bench.pin()
    bench.keeps = False
    assert bench.pin() == ""
    assert not bench.model.remove_landmark(key)
    assert not bench.model.restore_landmark(bench.model.rows()[0])


def test_who_may_mark_and_change_what(desk_app: QApplication) -> None:
    bench = Bench()
    real = bench.pin()
    for role, may in (("operator", True), ("trainer", True), ("reception", False),
                      ("observer", False), ("gateway", False), ("", False)):  # fmt: skip
        bench.role = role
        assert bench.model.may_mark() is may
    bench.role = "trainer"
    played = bench.pin()

    def by_key() -> dict[str, bool]:
        return {row.key: row.may_change for row in bench.model.rows()}

    assert by_key() == {played: True, real: False}, "an exercise touches nothing that is real"
    assert bench.said[-1] == PinSet(
        pin=played, name="Brann", lat=59.3, lon=10.4, since_ms=5_000, exercise=True
    )
    bench.role = "operator"
    assert by_key() == {played: True, real: True}
    bench.pin(key=played, note="mer")
    assert next(row for row in bench.model.rows() if row.key == played).exercise, "it stays one"


def test_the_log_names_what_was_removed(desk_app: QApplication) -> None:
    store = SiteStore()

    def words(body: AnyBody) -> str:
        return log_row(store, Event(ulid(1), 1, "lv1", 1, body)).text

    assert "Fiktivheim" in words(LandmarkRemoved("l1", "Fiktivheim"))
    assert "l1" in words(LandmarkRemoved("l1")), "from a program that says no name"
    assert "Horten" in words(PinSet(pin="p", name="Brann", lat=59.417, lon=10.483, since_ms=1))
