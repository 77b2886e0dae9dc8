"""What the talk place says of a press: its headline, its groups, and why not. Pure but for tr."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication

from widgets.contracts.rows import NotTalking, TalkState, TalkTarget, Transmit

COUNTED_S: Final = 10.0
"""The last seconds of an over are counted down in large."""
Tone = Literal["ready", "sending", "waiting", "refused"]
WAITS: Final[tuple[TalkState, ...]] = ("asking", "queued")
ENDED: Final[tuple[TalkState, ...]] = ("pre-empted", "timed-out", "failed", "denied")


@dataclass(frozen=True, slots=True)
class Words:
    """``tone``: what it looks like."""

    headline: str
    groups: str
    subline: str
    tone: Tone


def spoken(
    now: Transmit, left_s: float | None, *, latched: bool = False, mute: bool = False
) -> Words | None:
    """None while no key is down and nothing is to be said of the last one. ``latched``: no hand
    holds it; ``mute``: the microphone gives no sound at all."""
    if not now.targets:
        return None
    if now.is_open:
        words = _sending(now, left_s, latched)
        return _unheard(words) if mute else words
    waits = [one for one in now.targets if one.state in WAITS]
    return _waiting(now, waits, latched) if waits else _ended(now)


def has_ended(now: Transmit) -> bool:
    """A press of which nothing more can come."""
    waits = any(one.state in WAITS for one in now.targets)
    return bool(now.targets) and not now.is_open and not waits


def is_counted(now: Transmit, left_s: float | None) -> bool:
    """Whether the last seconds run."""
    return now.is_open and left_s is not None and left_s <= COUNTED_S


def _sending(now: Transmit, left_s: float | None, latched: bool) -> Words:
    translate = QCoreApplication.translate
    heard = [one for one in now.targets if one.state in ("sending", "unasked")]
    others = [one for one in now.targets if one not in heard]
    headline = translate("talk", "YOU ARE TALKING")
    if latched:
        headline = translate("talk", "LOCKED OPEN")
    if left_s is not None and left_s <= COUNTED_S:
        headline = translate("talk", "{0} S LEFT").format(max(round(left_s), 0))
    subline = translate("talk", "Locked: press again or Esc to close") if latched else ""
    if any(one.state == "unasked" for one in heard):
        subline = translate("talk", "Without the floor: let others in")
    if others:
        why = reason(others[0])
        words = translate("talk", "Not in {0}: {1}") if why else translate("talk", "Not in {0}")
        subline = words.format(_names(others), why)
    return Words(headline, _names(heard), subline, "sending")


def _unheard(words: Words) -> Words:
    """It is sent, and nobody hears anything: more than all else that could be said of it."""
    translate = QCoreApplication.translate
    headline = translate("talk", "NO SOUND")
    subline = translate("talk", "Is the microphone muted?")
    return Words(headline, words.groups, subline, "refused")


def _waiting(now: Transmit, waits: Sequence[TalkTarget], latched: bool) -> Words:
    translate = QCoreApplication.translate
    locked = translate("talk", "Locked: press again or Esc to stop") if latched else ""
    queued = [one for one in waits if one.state == "queued"]
    if not queued:
        return Words(translate("talk", "ASKING …"), _names(now.targets), locked, "waiting")
    first = min(queued, key=lambda one: one.place)
    headline = translate("talk", "WAIT: NUMBER {0}").format(first.place)
    subline = _talks(first.who) or locked or translate("talk", "Hold the key")
    return Words(headline, _names(waits), subline, "waiting")


def _ended(now: Transmit) -> Words:
    translate = QCoreApplication.translate
    worst = min(now.targets, key=lambda one: ENDED.index(one.state) if one.state in ENDED else 9)
    headlines: dict[TalkState, str] = {
        "pre-empted": translate("talk", "TAKEN OVER"),
        "timed-out": translate("talk", "TIME IS OUT"),
        "failed": translate("talk", "NOT SENT"),
        "denied": translate("talk", "NOT GRANTED"),
    }
    headline = headlines.get(worst.state, headlines["denied"])
    return Words(headline, _names(now.targets), reason(worst), "refused")


def state_words(state: TalkState, place: int) -> str:
    """How one group of several stands, in a word or two."""
    translate = QCoreApplication.translate
    words: dict[TalkState, str] = {
        "asking": translate("talk", "asking"),
        "queued": translate("talk", "no. {0}").format(place),
        "sending": translate("talk", "sends"),
        "unasked": translate("talk", "sends"),
        "denied": translate("talk", "refused"),
        "pre-empted": translate("talk", "taken over"),
        "timed-out": translate("talk", "time is out"),
        "failed": translate("talk", "not sent"),
    }
    return words.get(state, "")


def reason(target: TalkTarget) -> str:
    """Why nothing is said there, in a few words."""
    translate = QCoreApplication.translate
    if target.state == "pre-empted":
        by = translate("talk", "{0} has the floor now").format(target.who)
        return by if target.who else translate("talk", "The floor was lost: press again")
    if target.state == "timed-out":
        return translate("talk", "Let go and press again")
    whys: dict[NotTalking, str] = {
        "queue-full": translate("talk", "too many are waiting"),
        "too-many-floors": translate("talk", "the site has too much to do"),
        "no-such-group": translate("talk", "the site does not know this group"),
        "may-not-talk": translate("talk", "this position may not talk here"),
        "occupied": translate("talk", "somebody talks there"),
        "busy": translate("talk", "busy"),
        "no-answer": translate("talk", "no answer"),
    }
    return target.note or _talks(target.who) or whys.get(target.why, "")


def _talks(who: str) -> str:
    return QCoreApplication.translate("talk", "{0} talks").format(who) if who else ""


def _names(targets: Sequence[TalkTarget]) -> str:
    return ", ".join(dict.fromkeys(one.name for one in targets))
