"""``vaktbord alarm``: raise, answer, note and list safety alarms from a shell."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final

from console.commands.options import Receivers, key, words
from console.commands.saying import (
    Actions,
    Refused,
    Subparsers,
    add_command,
    say,
    show,
    warn_unknown,
)
from console.commands.state import local_time
from console.domain.alarm import Alarm, Step, allowed
from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmNoted,
    AlarmRaised,
    AlarmReopened,
    AlarmTaken,
    AlarmUnitsSent,
    AnyBody,
    Position,
)
from console.domain.helping import sent_to
from console.domain.mixing import of_exercise
from console.domain.state import State
from console.site.log.ids import new_id
from console.site.log.subjects import ALARMS, CALLOUTS, RESOURCES
from console.site.visit import Visit

DONE: Final[dict[Step, str]] = {
    "acknowledge": "acknowledged",
    "take": "taken",
    "note": "noted",
    "send": "sent help",
    "close": "closed",
    "reopen": "reopened",
}


def add(subparsers: Subparsers[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the command, its own commands and their options."""
    text = "raise, acknowledge, take, note, close, reopen or list safety alarms"
    actions = add_command(subparsers, common, "alarm", text, (ALARMS, RESOURCES))
    _add_raise(actions)
    actions.add("ack", "acknowledge: seen", _acknowledge).add_argument("alarm", metavar="ID")
    take = actions.add("take", "handle it, or take it over from who does: in progress", _take)
    take.add_argument("alarm", metavar="ID")
    take.add_argument("--note", type=words(1_000), default="")
    note = actions.add("note", "write something down about it, at any time", _note)
    note.add_argument("alarm", metavar="ID")
    note.add_argument("--text", type=words(1_000, 1), required=True)
    send = actions.add("send", "say which units (ambulances, police) are sent", _send)
    send.add_argument("alarm", metavar="ID")
    send.add_argument("--units", action=Receivers, type=key, nargs="+", required=True, metavar="U")
    send.add_argument("--text", type=words(1_000), default="", help="where to, where they hold")
    _add_close(actions)
    reopen = actions.add("reopen", "it was closed by a slip: open again, as it was", _reopen)
    reopen.add_argument("alarm", metavar="ID")
    reopen.add_argument("--note", type=words(1_000), default="")
    listing = actions.add("list", "list the alarms that are not closed", _list, says=False)
    listing.set_defaults(if_may=(CALLOUTS,))  # help that is called off is not sent any more
    listing.add_argument("--all", action="store_true", help="closed ones too")


def _add_raise(actions: Actions) -> None:
    action = actions.add("raise", "raise an alarm on behalf of a unit", _raise)
    action.add_argument("--unit", required=True, type=key, metavar="U")
    action.add_argument("--talkgroup", type=key, metavar="TG")
    action.add_argument("--lat", type=_degrees(90), metavar="DEG")
    action.add_argument("--lon", type=_degrees(180), metavar="DEG")
    action.add_argument("--text", type=words(1_000), default="")
    action.set_defaults(check=_whole_place, keeps=_raised)


def _add_close(actions: Actions) -> None:
    action = actions.add("close", "close an alarm that has been answered", _close)
    action.add_argument("alarm", metavar="ID")
    action.add_argument("--reason", required=True, choices=("real", "false-press", "test"))
    action.add_argument("--note", type=words(1_000), default="")


def _degrees(most: float) -> Callable[[str], float]:
    """An argparse type: WGS 84, and not "nan"."""

    def degrees(text: str) -> float:
        value = float(text)
        if not -most <= value <= most:
            raise argparse.ArgumentTypeError(f"degrees from -{most:.0f} to {most:.0f}")
        return value

    return degrees


def _whole_place(options: argparse.Namespace) -> str:
    is_half = (options.lat is None) != (options.lon is None)
    return "--lat and --lon belong together" if is_half else ""


def _raise(options: argparse.Namespace, guest: Visit, state: State) -> None:
    warn_unknown(options, [options.unit], state.units)
    alarm, body = _raised(options)
    say(options, guest, body, done="raised", key=alarm)


def _raised(options: argparse.Namespace) -> tuple[str, AlarmRaised]:
    """Its id, and what is said."""
    alarm = new_id("A")
    position = None if options.lat is None else Position(options.lat, options.lon)
    return alarm, AlarmRaised(
        alarm=alarm,
        unit=options.unit,
        talkgroup=options.talkgroup,
        position=position,
        text=options.text,
    )


def _acknowledge(options: argparse.Namespace, guest: Visit, state: State) -> None:
    alarm = _find(options, state)
    _answer(options, guest, alarm, "acknowledge", AlarmAcknowledged(alarm=alarm.key))


def _take(options: argparse.Namespace, guest: Visit, state: State) -> None:
    alarm = _find(options, state)
    _answer(options, guest, alarm, "take", AlarmTaken(alarm=alarm.key, note=options.note))


def _note(options: argparse.Namespace, guest: Visit, state: State) -> None:
    alarm = _find(options, state)
    _answer(options, guest, alarm, "note", AlarmNoted(alarm=alarm.key, text=options.text))


def _send(options: argparse.Namespace, guest: Visit, state: State) -> None:
    alarm = _find(options, state)
    units = tuple(options.units)
    warn_unknown(options, units, state.units)
    wrong = [one for one, known in of_exercise(state, units).items() if known != alarm.exercise]
    if wrong:
        raise Refused(f"real and exercise are never mixed; not sent to this: {', '.join(wrong)}")
    body = AlarmUnitsSent(alarm=alarm.key, units=units, text=options.text)
    _answer(options, guest, alarm, "send", body)


def _close(options: argparse.Namespace, guest: Visit, state: State) -> None:
    alarm = _find(options, state)
    body = AlarmClosed(alarm=alarm.key, reason=options.reason, note=options.note)
    _answer(options, guest, alarm, "close", body)


def _reopen(options: argparse.Namespace, guest: Visit, state: State) -> None:
    alarm = _find(options, state)
    closes = alarm.standing_closes
    body = AlarmReopened(alarm=alarm.key, closes=closes, note=options.note)
    _answer(options, guest, alarm, "reopen", body)


def _find(options: argparse.Namespace, state: State) -> Alarm:
    """By its id, or one of those under which others told of it."""
    for alarm in state.alarms.values():
        if options.alarm in (alarm.key, *alarm.aliases):
            return alarm
    raise Refused(f"there is no alarm {options.alarm}; `vaktbord alarm list` shows those there are")


def _answer(
    options: argparse.Namespace, guest: Visit, alarm: Alarm, step: Step, body: AnyBody
) -> None:
    if not allowed(alarm.state, step):
        raise Refused(_why_not(alarm, step))
    say(options, guest, body, done=DONE[step], key=alarm.key, cause=alarm.latest)


def _why_not(alarm: Alarm, step: Step) -> str:
    if step == "reopen":
        return f"alarm {alarm.key} is not closed: it is {alarm.state}"
    if alarm.state == "raised":
        return f"alarm {alarm.key} is not acknowledged yet; that comes before it is {DONE[step]}"
    last = alarm.closed or alarm.taken or alarm.acknowledged
    by = f" (by {last.who})" if last is not None else ""
    return f"alarm {alarm.key} is {alarm.state} already{by}"


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    rows = sorted(state.alarms.values(), key=lambda a: a.raised.id, reverse=True)
    if not options.all:
        rows = [a for a in rows if a.state != "closed"]
    show(options, rows, (_cells(state, a) for a in rows))


def _cells(state: State, alarm: Alarm) -> tuple[str, ...]:
    answered = alarm.taken or alarm.answered
    sent = sorted(sent_to(state, alarm))
    return (
        alarm.key,
        alarm.state + (" (escalated)" if alarm.escalated and alarm.state == "raised" else ""),
        alarm.unit,
        local_time(alarm.raised.time_ms) + _came(alarm),
        f"by {answered.who}" if answered is not None else "-",
        f"sent {', '.join(sent)}" if sent else "-",
        alarm.text,
    )


def _came(alarm: Alarm) -> str:
    """Where that is not about when it was raised, by its sender's clock."""
    raised = alarm.raised
    if not raised.received_ms:
        return ""
    if raised.received_ms == raised.time_ms:
        return " (its sender's clock is wrong: this is when it came)"
    return f" (came {local_time(raised.received_ms)})"
