"""What is known of a unit, in words: for its row, its tooltip, its strip and a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from widgets import times
from widgets.contracts.rows import Coverage, UnitKind, UnitRow, Urgency
from widgets.driving import Estimate
from widgets.look import Look
from widgets.unit_order import Filter, Sort, has_alarm

OLD_FIX_S: Final = 120.0  # a place that is older says how old it is

translate = QCoreApplication.translate


def urgency_words(urgency: Urgency) -> str:
    """Letter and colour of Norsk legevaktindeks, as on the tag."""
    words: dict[Urgency, str] = {
        "red": translate("urgency", "A · RED"),
        "yellow": translate("urgency", "H · YELLOW"),
        "green": translate("urgency", "V · GREEN"),
        "none": "",
    }
    return words[urgency]


def tag_words(urgency: Urgency, look: Look) -> str:
    """The letter alone in the compact form: filled or outlined, it still says which."""
    words = urgency_words(urgency)
    return words.split(" ")[0] if look.metrics.compact else words


def alarm_words() -> str:
    return translate("urgency", "Safety alarm")


def kind_words(kind: UnitKind) -> str:
    words: dict[UnitKind, str] = {
        "ambulance": translate("units", "Ambulance"),
        "doctor": translate("units", "Doctor"),
        "first-responder": translate("units", "First responder"),
        "police": translate("units", "Police"),
        "fire": translate("units", "Fire"),
        "helicopter": translate("units", "Helicopter"),
        "other": translate("units", "Other"),
    }
    return words[kind]


def filter_words(one: Filter) -> str:
    return translate("units", "Free") if one == "free" else kind_words(one)


def sort_words(sort: Sort) -> str:
    words: dict[Sort, str] = {
        "urgency": translate("units", "Urgency"),
        "distance": translate("units", "Distance"),
        "name": translate("units", "Name"),
    }
    return words[sort]


def coverage_words(coverage: Coverage) -> str:
    words: dict[Coverage, str] = {
        "good": translate("units", "Good coverage"),
        "weak": translate("units", "Weak coverage"),
        "none": translate("units", "No coverage"),
        "": "",
    }
    return words[coverage]


def distance_words(far_km: float | None) -> str:
    """``3,4 km``; "" = nobody knows."""
    if far_km is None:
        return ""
    figure = QLocale().toString(far_km, "f", 1 if far_km < 20 else 0)
    return translate("AidPage", "{0} km").format(figure)


def estimate_words(est: Estimate | None) -> str:
    """In short, always a range: ``~12–30 min``; "" = nothing honest can be said."""
    if est is None:
        return ""
    if est.typical_min is None:
        return translate("units", "~{0} min or far more").format(est.best_min)
    return translate("units", "~{0}–{1} min").format(est.best_min, est.typical_min)


def estimate_brief(est: Estimate | None) -> str:
    """Where words have no room: cut, "or far more" would read as the least that it may be."""
    if est is None or est.typical_min is not None:
        return estimate_words(est)
    return translate("units", "~{0}–? min").format(est.best_min)


def estimate_told(est: Estimate | None) -> str:
    """In full, with what it does not know."""
    if est is None:
        return translate("units", "no estimate: the position is not known, too old or too far")
    if est.typical_min is None:
        words = translate("units", "at best {0} min; water between: may be far longer")
        return words.format(est.best_min)
    words = translate("units", "at best {0} min, typically some {1} min").format(
        est.best_min, est.typical_min
    )
    how = (
        translate("units", "by air, if the weather lets it")
        if est.flies
        else translate("units", "a guess without roads, ferries, winter")
    )
    return f"{words} ({how})"


def is_radio_in_trouble(row: UnitRow) -> bool:
    """It may soon not be reached any more, or is not now."""
    return row.battery_low or row.coverage in ("weak", "none")


def radio_words(row: UnitRow) -> str:
    """Coverage and battery, as far as they are told."""
    battery = ""
    if row.battery_percent is not None:
        battery = translate("units", "battery {0} %").format(row.battery_percent)
    if row.battery_low:
        low = translate("units", "battery low")
        battery = f"{low} ({row.battery_percent} %)" if row.battery_percent is not None else low
    return " · ".join(filter(None, (coverage_words(row.coverage), battery)))


def heard_words(row: UnitRow, now_s: float) -> str:
    """When it spoke last, and where; that it speaks now."""
    if row.speaking:
        return translate("units", "speaks now")
    if row.heard_s is None:
        return ""
    when = times.last_heard(row.heard_s, now_s)
    return f"{when} ({row.heard_in})" if row.heard_in else when


def heard_in_short(row: UnitRow, now_s: float) -> str:
    """Where, only if that is not its own talkgroup."""
    if row.speaking or row.heard_s is None:
        return heard_words(row, now_s)
    when = translate("units", "heard {0}").format(times.last_heard(row.heard_s, now_s))
    return when if row.heard_in in ("", row.talkgroup) else f"{when} ({row.heard_in})"


def place_words(row: UnitRow, now_s: float) -> str:
    """How old and how exact its position is."""
    if row.lat is None:
        return translate("units", "position not known")
    parts = []
    if row.fixed_s is not None:
        parts.append(translate("units", "{0} old").format(times.age(max(0.0, now_s - row.fixed_s))))
    if row.accuracy_m:
        parts.append(f"± {round(row.accuracy_m)} m")
    if row.speed_mps:
        parts.append(f"{round(row.speed_mps * 3.6)} km/h")
    return " · ".join(parts)


def facts(row: UnitRow, now_s: float, far: str, way: str = "") -> Iterator[tuple[str, str]]:
    """All that is known, each with what it is; ``far``: its distance, and from where; ``way``: how
    long it may need."""
    status = alarm_words() if has_alarm(row) else row.status_text
    since = f"{status} · {times.age(now_s - row.since_s)}" if row.since_s is not None else status
    known = (
        (translate("units", "Status"), since),
        (translate("units", "Urgency"), urgency_words(row.urgency)),
        (translate("units", "Crew"), ", ".join(row.crew)),
        (translate("units", "Talkgroup"), row.talkgroup),
        (translate("units", "Last heard"), heard_words(row, now_s)),
        (translate("units", "Distance"), far),
        (translate("units", "Estimate"), way),
        (translate("units", "Position"), place_words(row, now_s)),
        (translate("units", "Radio"), radio_words(row)),
        (translate("units", "Number"), row.issi),
        (translate("units", "Kind"), kind_words(row.kind)),
    )
    return ((name, words) for name, words in known if words)


def told(row: UnitRow, now_s: float, far: str, way: str = "") -> str:
    """A tooltip: a line for each."""
    exercise = translate("units", "EXERCISE") if row.exercise else ""
    lines = (f"{name}: {words}" for name, words in facts(row, now_s, far, way))
    return "\n".join(filter(None, (row.call_sign, exercise, *lines)))


def said(row: UnitRow, now_s: float, far_km: float | None, way: str = "") -> str:
    """For a screen reader: what one wants to hear first."""
    status = alarm_words() if has_alarm(row) else row.status_text
    heard = heard_words(row, now_s)
    last = translate("units", "last heard {0}").format(heard) if heard else ""
    trouble = radio_words(row) if is_radio_in_trouble(row) else ""
    parts = (
        row.call_sign,
        status,
        urgency_words(row.urgency),
        distance_words(far_km),
        way,
        row.talkgroup,
        trouble,
        ", ".join(row.crew),
        last,
    )
    return ", ".join(part for part in parts if part)
