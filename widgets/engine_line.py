"""What the diagnostics say of the sound engine itself, in words and units. Pure."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from widgets.contracts.rows import EngineFigures
from widgets.figures import Figure


def figures_of(engine: EngineFigures | None) -> tuple[Figure, ...]:
    """Nothing while there is no engine."""
    if engine is None:
        return ()
    return (*_sound(engine), *_rest(engine))


def _sound(e: EngineFigures) -> tuple[Figure, ...]:
    translate = QCoreApplication.translate
    device = e.device or translate("engine", "None plays")
    tick = translate("engine", "{0} of {1} ms").format(
        _number(e.tick_ms_p99, 1), _number(e.tick_budget_ms)
    )
    is_slow = e.tick_ms_p99 > e.tick_budget_ms
    return (
        Figure(translate("engine", "Sound output"), device, wide=True, is_odd=not e.device),
        Figure(translate("engine", "Its own delay"), f"{_number(e.device_latency_ms)} ms"),
        Figure(translate("engine", "Kept ready"), f"{_number(e.ahead_ms)} ms"),
        Figure(translate("engine", "Underflows"), _number(e.underflows), is_odd=e.underflows > 0),
        Figure(translate("engine", "Tick, p99"), tick, is_odd=is_slow),
    )


def _rest(e: EngineFigures) -> tuple[Figure, ...]:
    translate = QCoreApplication.translate
    cpu = "–" if e.cpu_share is None else f"{_number(100 * e.cpu_share)} %"
    room = translate("engine", "Calls, {0} MB").format(_number(e.kept_bytes / 1e6))
    lost = f"{_number(e.not_kept)} · {_number(e.damaged)}"
    is_odd = bool(e.not_kept or e.damaged)
    return (
        Figure(translate("engine", "Processor"), cpu),
        Figure(
            translate("engine", "Refused orders"),
            _number(e.refused_commands),
            is_odd=e.refused_commands > 0,
        ),
        Figure(room, _number(e.kept)),
        Figure(translate("engine", "Lost · damaged"), lost, is_odd=is_odd),
        Figure(translate("engine", "Own streams"), _number(e.publications)),
        Figure(translate("engine", "Not sent"), _number(e.unsent), is_odd=e.unsent > 0),
    )


def _number(value: float, digits: int = 0) -> str:
    return QLocale().toString(float(value), "f", digits)
