"""One press of the talk key, from the request to the last word: pure (over, event, time) → over.

A press may go to several groups at once. Those that grant the floor within :data:`GATHER_S` are
talked on together; where nobody does, the key waits in the queue. While no arbiter is heard of,
the desk listens before it talks, and says so (``unasked``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from audio import protocol
from console.domain import floor_messages as fm
from console.domain.floor_state import Level

MAX_GROUPS: Final = protocol.MAX_TALKED_TO  # of one press
GATHER_S: Final = 0.3
"""So long the first grants wait for the others; a LAN answers within a tenth of it."""
SILENT_S: Final = 1.0
"""An arbiter that does not answer for so long is not there: listen before talk."""
ALONE_S: Final = 10.0
"""So long who waits does so without an arbiter: as long as a site takes to have another one."""
SHOWN_S: Final = 4.0
"""That a denial stays on the screen once the key is up."""

TargetState = Literal[
    "preparing", "asking", "queued", "granted", "unasked", "denied", "pre-empted", "timed-out",
    "failed",
]  # fmt: skip
GateState = Literal["closed", "asked", "open"]
WhyNot = Literal[
    "", "queue-full", "too-many-floors", "no-such-group", "may-not-talk", "occupied", "busy",
    "no-answer", "cannot-send",
]  # fmt: skip
WAITS: Final = frozenset[TargetState]({"preparing", "asking"})
TALKS: Final = frozenset[TargetState]({"granted", "unasked"})
CLAIMS: Final = frozenset[TargetState]({"asking", "queued", "granted", "unasked"})


@dataclass(frozen=True, slots=True)
class Leg:
    """Another group of a patch that this desk carries itself: no one else sends its voice there."""

    stream: str
    ssrc: int


@dataclass(frozen=True, slots=True)
class Reach:
    """A group to be talked to. ``ssrc`` of the over, None while the engine has not said it;
    ``why_not``: it can't be sent to, in one sentence; ``also`` where it is sent as well."""

    stream: str
    talkgroup: str
    ssrc: int | None
    occupied: bool = False
    why_not: str = ""
    also: tuple[Leg, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One group of a press, and how it stands there. ``who`` talks, or has taken the floor;
    ``note`` in one sentence, if it is another's."""

    stream: str
    talkgroup: str
    ssrc: int | None
    state: TargetState = "preparing"
    occupied: bool = False
    place: int = 0
    who: str = ""
    why: WhyNot = ""
    note: str = ""
    left_s: float = protocol.MAX_OVER_S
    held: bool = False  # it was granted at some time
    told_s: float = 0.0  # the arbiter's last word, or when it was first asked
    also: tuple[Leg, ...] = ()

    @property
    def publications(self) -> tuple[str, ...]:
        return (self.stream, *(leg.stream for leg in self.also))

    @property
    def ssrcs(self) -> tuple[int, ...]:
        """Those beside its own."""
        return tuple(leg.ssrc for leg in self.also)


@dataclass(frozen=True, slots=True)
class Over:
    """``ended_s``: when the key went up, None while it is down."""

    press: str
    author: str
    level: Level
    targets: tuple[Target, ...]
    began_s: float
    gate: GateState = "closed"
    opened_s: float | None = None
    most_s: float = protocol.MAX_OVER_S
    ended_s: float | None = None
    note: str = ""  # why the gate closed or did not open, in the engine's words

    @property
    def is_down(self) -> bool:
        return self.ended_s is None

    @property
    def is_unasked(self) -> bool:
        """It talks without anybody's leave."""
        return self.gate != "closed" and any(one.state == "unasked" for one in self.targets)

    def left_s(self, now_s: float) -> float | None:
        """Of the time-out timer, None while nobody talks."""
        if self.opened_s is None or self.gate != "open":
            return None
        return max(self.most_s - (now_s - self.opened_s), 0.0)


# --- what happens -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine can send there, under this SSRC."""

    stream: str
    ssrc: int


@dataclass(frozen=True, slots=True)
class Answered:
    answer: fm.FloorAnswer


@dataclass(frozen=True, slots=True)
class Refused:
    """The engine did not open the gate."""

    why: str


@dataclass(frozen=True, slots=True)
class Gate:
    told: protocol.TalkChanged


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody else talks there, or no more."""

    stream: str
    on: bool


@dataclass(frozen=True, slots=True)
class KeyUp:
    """The hand has let go."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Every 0.2 s. ``arbiter``: one is heard of. ``stood_s``: so long the desk's own loop has stood
    still, and heard nobody; that is no silence of the arbiter's."""

    arbiter: bool
    stood_s: float = 0.0


Event = Ready | Answered | Refused | Gate | Heard | KeyUp | Passed


@dataclass(frozen=True, slots=True)
class Ask:
    talkgroup: str
    asked: fm.FloorAsk


Effect = Ask | protocol.Command
Step = tuple[Over, tuple[Effect, ...]]


def press(
    reaches: tuple[Reach, ...],
    *,
    press_id: str,
    author: str,
    level: Level,
    arbiter: bool,
    now_s: float,
) -> Step:
    """The key is down. ``arbiter``: one is heard of, so the floor is asked for."""
    targets: dict[str, Target] = {}
    for reach in reaches[:MAX_GROUPS]:
        targets.setdefault(reach.talkgroup, _first(reach, now_s))
    over = Over(press_id, author, level, tuple(targets.values()), now_s)
    asked = _ask_ready(over, arbiter, now_s)
    return _decided(*asked, now_s)


def step(over: Over, event: Event, now_s: float) -> Step:
    """What becomes of it."""
    if isinstance(event, KeyUp):
        return _ended(over, now_s)
    return _happened(over, event, now_s) if over.is_down else _late(over, event)


def _happened(over: Over, event: Event, now_s: float) -> Step:
    match event:
        case Ready(stream=stream, ssrc=ssrc):
            over = _with(over, stream, lambda one: _ready(one, ssrc))
        case Heard(stream=stream, on=on):
            over = _with(over, stream, lambda one: replace(one, occupied=on))
        case Answered(answer=answer):
            return _decided(*_answered(over, answer, now_s), now_s)
        case Refused(why=why):
            return _given_up(over, "failed", why)
        case Gate(told=told):
            return _gate(over, told, now_s)
        case Passed(arbiter=arbiter, stood_s=stood_s):
            return _passed(_stood(over, stood_s, now_s), arbiter, now_s)
        case KeyUp():
            raise AssertionError("the end is no middle")
    return over, ()


def _first(reach: Reach, now_s: float) -> Target:
    target = Target(reach.stream, reach.talkgroup, reach.ssrc, told_s=now_s, also=reach.also)
    if reach.why_not:
        return replace(target, state="denied", why="cannot-send", note=reach.why_not)
    return replace(target, occupied=reach.occupied)


def _ready(target: Target, ssrc: int) -> Target:
    return replace(target, ssrc=ssrc) if target.state == "preparing" else target


# --- asking -----------------------------------------------------------------------------------


def _ask_ready(over: Over, arbiter: bool, now_s: float) -> Step:
    """What can be asked for and has not been."""
    effects: list[Effect] = []
    targets = []
    for one in over.targets:
        if one.state != "preparing" or one.ssrc is None:
            targets.append(one)
        elif arbiter:
            request = fm.FloorRequest(over.press, over.author, one.ssrc, over.level, one.ssrcs)
            effects.append(Ask(one.talkgroup, request))
            targets.append(replace(one, state="asking", told_s=now_s))
        else:
            targets.append(_listened(one))
    return replace(over, targets=tuple(targets)), tuple(effects)


def _listened(target: Target) -> Target:
    """Listen before talk."""
    if target.occupied:
        return replace(target, state="denied", why="occupied")
    return replace(target, state="unasked")


def _answered(over: Over, answer: fm.FloorAnswer, now_s: float) -> Step:
    if answer.press != over.press:
        return over, ()
    target = next((one for one in over.targets if one.talkgroup == answer.talkgroup), None)
    if target is None or target.state not in CLAIMS:
        return over, ()
    told = replace(target, told_s=now_s, who=answer.who, place=answer.place)
    match answer.verdict:
        case "granted":
            told = replace(told, state="granted", held=True, left_s=answer.left_s)
        case "queued" if over.gate == "closed":
            told = replace(told, state="queued")
        case "settling":
            told = replace(target, told_s=now_s)
        case "queued":
            return _taken_off(over, told, answer)
        case "denied":
            told = replace(told, state="denied", why=answer.why)
        case "timed-out":
            told = replace(told, state="timed-out")
        case "pre-empted" | "unknown":
            told = replace(told, state="pre-empted")
        case "released":
            told = replace(told, state="failed")
    over = _with(over, target.stream, lambda _one: told)
    if target.state in TALKS and told.state not in TALKS and over.gate != "closed":
        return over, (protocol.Preempted(target.publications, answer.who),)
    return over, ()


def _taken_off(over: Over, told: Target, answer: fm.FloorAnswer) -> Step:
    """It talked without leave, and the floor is another's: who talks nowhere else waits for it."""
    is_only = all(one.stream == told.stream or one.state not in TALKS for one in over.targets)
    closes: tuple[Effect, ...] = ()
    if told.state in TALKS:
        closes = (protocol.Preempted(told.publications, answer.who),)
    if is_only:
        return _with(over, told.stream, lambda _one: replace(told, state="queued")), closes
    lost = replace(told, state="pre-empted")
    return _with(over, told.stream, lambda _one: lost), (*closes, _release(over, told))


def _decided(over: Over, effects: tuple[Effect, ...], now_s: float) -> Step:
    """Talk as soon as all have answered, or the first have waited long enough for the others."""
    talks = [one for one in over.targets if one.state in TALKS]
    waits = any(one.state in WAITS for one in over.targets)
    if over.gate != "closed" or not over.is_down or over.note or not talks:
        return over, effects
    if waits and now_s - over.began_s < GATHER_S:
        return over, effects
    most_s = min(one.left_s for one in talks)
    most_s = min(max(most_s, protocol.MIN_OVER_S), protocol.MAX_OVER_S)
    rest = [one for one in over.targets if one.state in ("asking", "queued", "preparing")]
    released = tuple(_release(over, one) for one in rest if one.state in CLAIMS)
    for one in rest:
        over = _with(over, one.stream, _left_out)
    streams = dict.fromkeys(stream for one in talks for stream in one.publications)
    talk = protocol.Talk(tuple(streams)[:MAX_GROUPS], most_s)
    return replace(over, gate="asked", most_s=most_s), (*effects, talk, *released)


def _left_out(target: Target) -> Target:
    """The over goes on without it."""
    return replace(target, state="denied", why="busy" if target.state == "queued" else "no-answer")


# --- the gate ---------------------------------------------------------------------------------


def _gate(over: Over, told: protocol.TalkChanged, now_s: float) -> Step:
    if over.gate == "closed":
        return over, ()
    if told.state == "open" and over.gate == "asked":
        return replace(over, gate="open", opened_s=now_s), ()
    if told.state == "idle" and (told.cause or told.why):
        return _closed(over, told)
    if told.state in ("open", "opening") and told.publications:
        return _fewer(over, told), ()
    return over, ()


def _fewer(over: Over, told: protocol.TalkChanged) -> Over:
    """The engine can no longer send to one of several."""
    targets = tuple(
        replace(one, state="failed", note=told.why)
        if one.state in TALKS and one.stream not in told.publications
        else one
        for one in over.targets
    )
    return replace(over, targets=targets)


def _closed(over: Over, told: protocol.TalkChanged) -> Step:
    """By itself, while the key is down."""
    if told.cause == "preempted":
        goes_on = any(one.state in ("queued", "granted") for one in over.targets)
        note = "" if goes_on else told.why
        return replace(over, gate="closed", opened_s=None, note=note), ()
    return _given_up(over, "timed-out" if told.cause == "timeout" else "failed", told.why)


def _given_up(over: Over, state: TargetState, why: str) -> Step:
    released = tuple(_release(over, one) for one in over.targets if one.state in CLAIMS)
    targets = tuple(
        replace(one, state=state, note=why) if one.state in CLAIMS or one.state in WAITS else one
        for one in over.targets
    )
    return replace(over, targets=targets, gate="closed", note=why or state), released


# --- time, and the end ------------------------------------------------------------------------


def _stood(over: Over, stood_s: float, now_s: float) -> Over:
    """What was told after it has been heard since."""
    targets = (replace(one, told_s=min(one.told_s + stood_s, now_s)) for one in over.targets)
    return replace(over, targets=tuple(targets))


def _passed(over: Over, arbiter: bool, now_s: float) -> Step:
    over, effects = _ask_ready(over, arbiter, now_s)
    asked = {one.talkgroup for one in effects if isinstance(one, Ask)}
    for one in over.targets:
        silent = now_s - one.told_s >= SILENT_S
        if one.state == "queued" and one.occupied and now_s - one.told_s < ALONE_S:
            continue  # it waits anyway, and hears itself when its turn has come
        if one.state in ("asking", "queued") and (silent or not arbiter):
            over = _with(over, one.stream, _listened if over.gate == "closed" else _left_out)
        elif one.state == "granted" and silent:
            over = _with(over, one.stream, lambda it: replace(it, state="unasked"))
        elif one.state == "preparing" and now_s - over.began_s >= SILENT_S:
            over = _with(over, one.stream, _left_out)
    renewals = tuple(
        Ask(one.talkgroup, _renewal(over, one, now_s))
        for one in over.targets
        if one.state in CLAIMS and one.talkgroup not in asked
    )
    keep = (protocol.KeepTalking(),) if over.gate != "closed" else ()
    return _decided(over, (*effects, *keep, *renewals), now_s)


def _renewal(over: Over, target: Target, now_s: float) -> fm.FloorAsk:
    ssrc = target.ssrc or 0
    if not target.held:
        return fm.FloorRequest(over.press, over.author, ssrc, over.level, target.ssrcs)
    spoken_s = 0.0 if over.opened_s is None else now_s - over.opened_s
    spoken_ms = min(round(spoken_s * 1_000), 600_000)
    return fm.FloorRenew(
        over.press, over.author, ssrc, over.level, target.ssrcs, held=True, spoken_ms=spoken_ms
    )


def _ended(over: Over, now_s: float) -> Step:
    """The gate first, then the floor."""
    if not over.is_down:
        return over, ()
    stop = (protocol.StopTalking(),) if over.gate != "closed" else ()
    released = tuple(_release(over, one) for one in over.targets if one.state in CLAIMS)
    return replace(over, gate="closed", ended_s=now_s), (*stop, *released)


def _late(over: Over, event: Event) -> Step:
    """A grant that comes when the key is up is given back."""
    if isinstance(event, Answered) and event.answer.press == over.press:
        answer = event.answer
        if answer.verdict in ("granted", "queued"):
            return over, (Ask(answer.talkgroup, fm.FloorRelease(over.press, over.author)),)
    return over, ()


def _release(over: Over, target: Target) -> Ask:
    return Ask(target.talkgroup, fm.FloorRelease(over.press, over.author))


def _with(over: Over, stream: str, change: Callable[[Target], Target]) -> Over:
    targets = tuple(change(one) if one.stream == stream else one for one in over.targets)
    return replace(over, targets=targets)
