"""Which units are listed and in which order, and how fast that is."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from widgets.contracts.rows import UnitKind, UnitRow, Urgency
from widgets.unit_order import FILTERS, SORTS, Filter, Reference, UnitTable, Wanted, natural

HERE = Reference("Horten", 59.417, 10.485)
BUDGET_MS = 16.0  # a frame
MANY = 2_000


def unit(key: str, sign: str, kind: UnitKind = "ambulance", **more: object) -> UnitRow:
    return replace(UnitRow(key, sign, kind), **more)  # type: ignore[arg-type]  # as the test says


UNITS = (
    unit("a", "AMB 3-10", free=True, lat=59.40, lon=10.48, crew=("Ine Øving",)),
    unit("b", "AMB 3-9", urgency="red", lat=59.27, lon=10.41),
    unit("c", "LV-lege 12", "doctor", free=True, lat=59.13, lon=10.22, talkgroup="Tønsberg-LV"),
    unit("d", "P 1-1", "police", status_text="Framme", issi="2400111"),
    unit("e", "BR 1-1", "fire", alarm="acknowledged", lat=59.05, lon=10.03),
    unit("f", "FR Tjøme", "first-responder", alarm="raised"),
)


def table(rows: tuple[UnitRow, ...] = UNITS) -> UnitTable:
    made = UnitTable()
    made.set_rows(rows)
    return made


def keys(made: UnitTable, wanted: Wanted) -> str:
    return "".join(row.key for row in made.listed(wanted))


def test_alarms_stand_first_in_every_order() -> None:
    made = table()
    assert keys(made, Wanted()) == "febacd"
    assert keys(made, Wanted(sort="name")) == "febacd"
    made.measure_from(HERE)
    assert keys(made, Wanted(sort="distance")) == "feabcd", "who is nowhere comes last"


def test_numbers_are_numbers() -> None:
    assert sorted(["AMB 3-10", "amb 3-9", "AMB 11-1"], key=natural) == [
        "amb 3-9",
        "AMB 3-10",
        "AMB 11-1",
    ]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (("free",), "feac"),
        (("ambulance",), "feba"),
        (("ambulance", "free"), "fea"),
        (("doctor", "police"), "fecd"),
        (("helicopter",), "fe"),
    ],
)
def test_kinds_add_up_free_cuts_down_and_an_alarm_is_never_hidden(
    filters: tuple[Filter, ...], left: str
) -> None:
    assert keys(table(), Wanted(filters=frozenset(filters))) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [("amb", "ba"), ("øving", "a"), ("lv 12", "c"), ("framme", "d"), ("2400", "d"), ("x", "")],
)
def test_every_word_typed_counts_also_against_an_alarm(text: str, left: str) -> None:
    assert keys(table(), Wanted(text)) == left


def test_both_at_once() -> None:
    assert keys(table(), Wanted("amb", frozenset({"free"}))) == "a"


def test_a_unit_that_moves_is_the_same_row_but_not_as_far() -> None:
    made = table()
    made.measure_from(HERE)
    [before] = made.listed(Wanted("3-10"))
    far_km = made.far_km("a")
    made.put(replace(UNITS[0], lat=59.0, lon=10.0, fixed_s=5.0))
    [after] = made.listed(Wanted("3-10"))
    assert after is before
    assert far_km is not None
    assert made.far_km("a") == pytest.approx(54, abs=1)
    made.measure_from(None)
    assert made.far_km("a") is None


def test_two_thousand_units_are_filtered_and_sorted_within_a_frame() -> None:
    urgencies: tuple[Urgency, ...] = ("red", "yellow", "green", "none")
    kinds: tuple[UnitKind, ...] = ("ambulance", "doctor", "police", "fire")
    rows = tuple(
        unit(
            f"u{n}", f"AMB {n % 97}-{n}", kinds[n % 4], urgency=urgencies[n % 3], free=n % 2 == 0,
            status_text="Ledig på vei", talkgroup=f"AMK-{n % 9}", crew=("Ine Øving", "Per Øving"),
            lat=58.0 + n % 400 / 100, lon=6.0 + n % 71 / 10,
        )
        for n in range(MANY)
    )  # fmt: skip
    made = table(rows)
    made.measure_from(HERE)
    taken_ms: dict[Wanted, float] = {}
    for sort in SORTS:
        for text, filters in (("", ()), ("amb ledig", FILTERS[:2]), ("øving", FILTERS[1:5])):
            wanted = Wanted(text, frozenset(filters), sort)
            times = []
            for _ in range(5):  # of this thread alone: others on the machine are not measured
                begun_s = time.thread_time()
                made.listed(wanted)
                times.append((time.thread_time() - begun_s) * 1e3)
            taken_ms[wanted] = min(times)
    assert max(taken_ms.values()) <= BUDGET_MS, taken_ms
