"""Who is sent to an alarm, as far as nobody has called it off. Pure."""

from __future__ import annotations

from console.domain.alarm import Alarm
from console.domain.state import State


def sent_to(state: State, alarm: Alarm) -> tuple[str, ...]:
    """Each once, in the order in which they were sent."""
    standing = (one for one in alarm.sent if not _is_called_off(state, one.callout))
    return tuple(dict.fromkeys(unit for one in standing for unit in one.units))


def _is_called_off(state: State, callout: str) -> bool:
    known = state.callouts.get(callout)
    return known is not None and known.reason == "cancelled"
