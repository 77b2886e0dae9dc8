"""Who may talk: one talker per floor, the others in a queue; pure (state, event, time) → effects.

A *floor* is a talkgroup's, or that of all talkgroups of one patch together. A *claim* is one press
of one program's key in one talkgroup. The shell (:mod:`console.site.services.floor`) brings the
events and the time, carries out the effects, and holds no decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

MAX_QUEUE: Final = 16
"""Claims that wait for one floor; one more is denied."""
MAX_OF_MEMBER: Final = 2
"""Of them one member's; it may have several programs, but not the whole queue."""
EMERGENCY_ROOM: Final = 4
"""So many more may wait in an emergency."""
MAX_FLOORS: Final = 1_024
"""Floors that are held, waited for or spoken on at once; a claim on one more is denied."""
MAX_ENDED: Final = 512
"""Presses remembered after their end, so that one that is said again is not a second one."""
MAX_OUTSIDE: Final = 4
"""Talkers of one floor who asked nobody (a radio net, an exercise); the oldest is forgotten."""
MAX_OVERTAKEN: Final = 4
"""Times that a waiting claim may be passed over by higher ones; then only emergency passes it."""
MAX_PATCHED: Final = 4
"""Talkgroups of one patch."""

Level = Literal["normal", "high", "pre-emptive", "emergency"]
"""``high`` goes first in the queue; ``pre-emptive`` and ``emergency`` take the floor from lower
ones (3GPP TS 24.380 section 4.1.1.4: pre-emption and queueing by priority)."""
LEVELS: Final[Mapping[Level, int]] = {"normal": 0, "high": 1, "pre-emptive": 2, "emergency": 3}
OVERTAKEN: Final = 2.5  # the rank of who has been passed over often enough
PRE_EMPTS: Final = LEVELS["pre-emptive"]

Verdict = Literal[
    "granted", "queued", "settling", "denied", "pre-empted", "timed-out", "released", "unknown"
]
"""How a press stands. ``settling``: the arbiter is new and first hears who holds what (ask again,
or wait to be told); ``unknown``: this press holds nothing here, so its gate must close."""
Why = Literal["", "queue-full", "too-many-floors", "no-such-group", "may-not-talk"]
OverEnd = Literal["released", "pre-empted", "timed-out", "dead", "patched"]

PressId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{8,40}\Z")]
Ssrc = Annotated[int, Meta(ge=0, lt=2**32)]
_Press = tuple[str, str, str]  # who made it, its id, and where: one key may ask in several


class Policy(msgspec.Struct, frozen=True):
    """Seconds. ``dead_s``: after so long without a word of it a claim is gone."""

    most_s: float = 60.0
    warning_s: float = 10.0
    dead_s: float = 0.6
    settle_s: float = 0.3
    outside_s: float = 60.0


class Claim(msgspec.Struct, frozen=True):
    """One press. ``author`` is the program (a member's, as in the log); ``talkgroup`` where it
    talks. Times are the arbiter's clock; ``heard_s`` the last word of it."""

    press: str
    author: str
    talkgroup: str
    ssrc: int
    level: Level = "normal"
    also: tuple[int, ...] = ()  # its SSRCs in the groups that its own desk patches
    spoken_s: float = 0.0  # before this arbiter knew of it
    asked_s: float = 0.0
    heard_s: float = 0.0
    overtaken: int = 0

    @property
    def rank(self) -> float:
        """Where it stands in the queue, for who has waited longest may not wait for ever."""
        own = float(LEVELS[self.level])
        return max(own, OVERTAKEN) if self.overtaken >= MAX_OVERTAKEN else own


class Holder(msgspec.Struct, frozen=True):
    claim: Claim
    since_s: float
    warned: bool = False

    def spoken_s(self, now_s: float) -> float:
        return self.claim.spoken_s + now_s - self.since_s


class Outside(msgspec.Struct, frozen=True):
    """Somebody who talks on the floor and asked nobody, as the log tells."""

    talkgroup: str
    unit: str
    ssrc: int
    since_s: float


class Floor(msgspec.Struct, frozen=True):
    """``queue`` in the order in which it will be served."""

    holder: Holder | None = None
    queue: tuple[Claim, ...] = ()
    outside: tuple[Outside, ...] = ()

    @property
    def is_idle(self) -> bool:
        return self.holder is None and not self.queue and not self.outside


class Ended(msgspec.Struct, frozen=True):
    verdict: Verdict
    who: str = ""
    why: Why = ""
    spoken_s: float = 0.0  # as this arbiter has counted it


class Floors(msgspec.Struct, frozen=True):
    """All floors of a site. Those not in ``floors`` are free; ``floor_of`` names the floor of a
    talkgroup that is in a patch."""

    started_s: float = 0.0
    settled: bool = False
    floors: Mapping[str, Floor] = msgspec.field(default_factory=dict)
    floor_of: Mapping[str, str] = msgspec.field(default_factory=dict)
    ended: Mapping[_Press, Ended] = msgspec.field(default_factory=dict)

    def key(self, talkgroup: str) -> str:
        return self.floor_of.get(talkgroup, talkgroup)

    def at(self, talkgroup: str) -> Floor:
        return self.floors.get(self.key(talkgroup), Floor())


# --- what happens -----------------------------------------------------------------------------


class Request(msgspec.Struct, frozen=True):
    """A key went down. The same press again is the same request."""

    claim: Claim


class Renew(msgspec.Struct, frozen=True):
    """The key is still down. Where nobody else talks or waits, or it may take the floor from them,
    its word is taken for it: an arbiter may be new, or have missed it for a moment."""

    claim: Claim
    held: bool = False  # it had been granted


class Release(msgspec.Struct, frozen=True):
    talkgroup: str
    author: str
    press: str


class Gone(msgspec.Struct, frozen=True):
    """A member has left or was taken out: with it all that its programs claim."""

    author: str


class Heard(msgspec.Struct, frozen=True):
    """The log tells of a talker who asked nobody, ``on`` or no more."""

    talkgroup: str
    unit: str
    ssrc: int = 0
    on: bool = True


class Patched(msgspec.Struct, frozen=True):
    """All patches that there are now, each with its talkgroups."""

    patches: Mapping[str, tuple[str, ...]]


class Stood(msgspec.Struct, frozen=True):
    """The arbiter itself has stood still for so long (a busy machine), and heard nobody: what was
    said meanwhile comes after this, and nobody has died of it."""

    seconds: float


class Tick(msgspec.Struct, frozen=True):
    """Only time has passed."""


Happened = Request | Renew | Release | Gone | Heard | Patched | Stood | Tick

# --- what follows -----------------------------------------------------------------------------


class Answer(msgspec.Struct, frozen=True):
    """How a press stands now, for who made it. ``place`` in the queue counts from 1; ``who``
    talks, or has taken the floor; ``left_s`` of the over."""

    author: str
    talkgroup: str
    press: str
    verdict: Verdict
    ssrc: int = 0
    place: int = 0
    who: str = ""
    why: Why = ""
    left_s: float = 0.0


class Began(msgspec.Struct, frozen=True):
    """An over, for the log."""

    claim: Claim


class Over(msgspec.Struct, frozen=True):
    """An over has ended, for the log."""

    claim: Claim
    spoken_s: float
    end: OverEnd


class Changed(msgspec.Struct, frozen=True):
    """Another may talk in these talkgroups now, or nobody does: told to all."""

    talkgroups: tuple[str, ...]


class Warned(msgspec.Struct, frozen=True):
    """The time is soon out."""

    claim: Claim
    left_s: float


Effect = Answer | Began | Over | Changed | Warned


def step(
    floors: Floors, happened: Happened, now_s: float, policy: Policy
) -> tuple[Floors, tuple[Effect, ...]]:
    """What becomes of the floors: of the time first, then of what has happened."""
    if isinstance(happened, Stood):
        floors = _stood(floors, happened.seconds)
    draft = _Draft(floors, now_s, policy)
    draft.pass_time()
    match happened:
        case Request(claim=claim):
            draft.request(claim)
        case Renew(claim=claim, held=held):
            draft.renew(claim, held)
        case Release():
            draft.release(happened)
        case Gone(author=author):
            draft.gone(author)
        case Heard():
            draft.heard(happened)
        case Patched(patches=patches):
            draft.patched(patches)
        case Stood() | Tick():
            pass
    return draft.done()


def _stood(floors: Floors, seconds: float) -> Floors:
    """An arbiter that settles has heard nobody in that time, and nobody has died of it."""

    def later(claim: Claim) -> Claim:
        return msgspec.structs.replace(claim, heard_s=claim.heard_s + seconds)

    moved = {}
    for key, floor in floors.floors.items():
        holder = floor.holder
        if holder is not None:
            holder = msgspec.structs.replace(holder, claim=later(holder.claim))
        queue = tuple(later(one) for one in floor.queue)
        moved[key] = msgspec.structs.replace(floor, holder=holder, queue=queue)
    started_s = floors.started_s + (0.0 if floors.settled else seconds)
    return msgspec.structs.replace(floors, started_s=started_s, floors=moved)


class _Draft:
    """Floors under change, private to one :func:`step`."""

    def __init__(self, before: Floors, now_s: float, policy: Policy) -> None:
        self._before = before
        self._now_s = now_s
        self._policy = policy
        self._floors = dict(before.floors)
        self._floor_of = before.floor_of
        self._ended = dict(before.ended)
        self._effects: list[Effect] = []
        self._told: set[_Press] = set()  # how they stand in the queue
        self._asker: _Press | None = None  # is answered whatever has changed
        self._settled = now_s - before.started_s >= policy.settle_s

    def done(self) -> tuple[Floors, tuple[Effect, ...]]:
        self._tell_places()
        kept = list(self._ended.items())[-MAX_ENDED:]
        after = Floors(
            started_s=self._before.started_s,
            settled=self._settled,
            floors={key: floor for key, floor in self._floors.items() if not floor.is_idle},
            floor_of=self._floor_of,
            ended=dict(kept),
        )
        return after, tuple(self._effects)

    # -- what happens -------------------------------------------------------------------------

    def request(self, claim: Claim) -> None:
        if self._is_known(claim):
            return
        self._replace_older(claim)
        key = self._key(claim.talkgroup)
        if key not in self._floors and len(self._floors) >= MAX_FLOORS:
            self._deny(claim, "too-many-floors")
            return
        floor = self._at(key)
        if self._is_full_for(floor, claim) and not self._takes_at_once(floor, claim):
            self._deny(claim, "queue-full")
            return
        self._asker = _who(claim)
        self._enqueue(key, self._fresh(claim))
        self._serve(key)

    def renew(self, claim: Claim, held: bool) -> None:
        key = self._key(claim.talkgroup)
        ended = self._ended.get(_who(claim))
        if held and ended is not None and ended.verdict == "unknown" and self._goes_on(key, claim):
            # It was taken for dead, and is not: no word of it is lost.
            del self._ended[_who(claim)]
            spoken_s = max(claim.spoken_s, ended.spoken_s)
            claim = msgspec.structs.replace(claim, spoken_s=spoken_s)
        if self._is_known(claim):
            return
        if not held:
            self.request(claim)
        elif self._goes_on(key, claim):
            self._replace_older(claim)
            self._take(key, self._fresh(claim))
        else:
            self._answer(claim, "unknown", who=self._who(self._at(key)))

    def _goes_on(self, key: str, claim: Claim) -> bool:
        """Who says that he talks there is believed, as the gate may be open, where nobody else has
        come to talk or to wait since, or he may take it from them. While a new arbiter settles
        nobody's turn has come, so those who wait do so."""
        floor = self._at(key)
        if floor.holder is None and not self._settled:
            return True
        first = all(LEVELS[claim.level] > one.rank for one in floor.queue)
        return first and self._is_free_for(floor, claim)

    def release(self, asked: Release) -> None:
        key = self._key(asked.talkgroup)
        floor = self._at(key)
        who = (asked.author, asked.press, asked.talkgroup)
        if floor.holder is not None and _who(floor.holder.claim) == who:
            self._end_over(key, "released")
            self._serve(key)
        elif any(_who(one) == who for one in floor.queue):
            self._set(key, queue=tuple(one for one in floor.queue if _who(one) != who))
        self._ended[who] = Ended("released")  # also if it was taken for dead before
        self._effects.append(Answer(asked.author, asked.talkgroup, asked.press, "released"))

    def gone(self, author: str) -> None:
        for key in tuple(self._floors):
            self._drop(key, lambda one: one.author == author or _member(one.author) == author)

    def heard(self, told: Heard) -> None:
        key = self._key(told.talkgroup)
        if key not in self._floors and len(self._floors) >= MAX_FLOORS:
            return
        floor = self._at(key)
        rest = tuple(one for one in floor.outside if one.unit != told.unit)
        new = Outside(told.talkgroup, told.unit, told.ssrc, self._now_s)
        outside = (*rest, new)[-MAX_OUTSIDE:] if told.on else rest
        if outside != floor.outside:
            self._set(key, outside=outside)
            self._changed(key)
        self._serve(key)

    def patched(self, patches: Mapping[str, tuple[str, ...]]) -> None:
        """Claims go to where their talkgroup's floor is now; of two holders one can stay."""
        floor_of = {
            group: f"patch-{patch}"
            for patch, groups in sorted(patches.items())
            for group in groups[:MAX_PATCHED]
        }
        if floor_of == self._floor_of:
            return
        old, self._floors, self._floor_of = self._floors, {}, floor_of
        holders: dict[str, list[Holder]] = {}
        for floor in old.values():
            for outside in floor.outside:
                at = self._key(outside.talkgroup)
                self._set(at, outside=(*self._at(at).outside, outside)[-MAX_OUTSIDE:])
            for claim in floor.queue:
                self._move(claim)
            if floor.holder is not None:
                at = self._key(floor.holder.claim.talkgroup)
                holders.setdefault(at, []).append(floor.holder)
        for at, rivals in holders.items():
            self._settle(at, rivals)
        for at in tuple(self._floors):
            self._serve(at)
        self._effects.append(Changed(tuple(sorted({*floor_of, *self._before.floor_of}))))

    # -- time ---------------------------------------------------------------------------------

    def pass_time(self) -> None:
        for key in tuple(self._floors):
            self._pass_time_at(key)

    def _pass_time_at(self, key: str) -> None:
        floor, policy = self._floors[key], self._policy
        dead_before_s = self._now_s - policy.dead_s
        self._drop(key, lambda one: one.heard_s < dead_before_s)
        holder = self._at(key).holder
        if holder is not None:
            self._watch(key, holder)
        lasting = tuple(o for o in floor.outside if self._now_s - o.since_s < policy.outside_s)
        if lasting != floor.outside:
            self._set(key, outside=lasting)
            self._changed(key)
        if self._at(key).holder is None:
            self._serve(key)

    def _watch(self, key: str, holder: Holder) -> None:
        left_s = self._policy.most_s - holder.spoken_s(self._now_s)
        if left_s <= 0:
            self._answer(holder.claim, "timed-out")
            self._end_over(key, "timed-out")
        elif left_s <= self._policy.warning_s and not holder.warned:
            self._set(key, holder=msgspec.structs.replace(holder, warned=True))
            self._effects.append(Warned(holder.claim, left_s))

    # -- the floor ----------------------------------------------------------------------------

    def _serve(self, key: str) -> None:
        """Give the floor to who is first, if it is free or may be taken."""
        floor = self._at(key)
        if not floor.queue or not self._settled:
            return
        first = floor.queue[0]
        if not self._is_free_for(floor, first):
            return
        self._set(key, queue=floor.queue[1:])
        self._take(key, first)
        self._count_overtaken(key, first)

    def _take(self, key: str, claim: Claim) -> None:
        """Who has it is told by whom."""
        holder = self._at(key).holder
        if holder is not None:
            self._answer(holder.claim, "pre-empted", who=claim.author)
            self._end_over(key, "pre-empted")
        self._grant(key, claim)

    def _is_free_for(self, floor: Floor, claim: Claim) -> bool:
        own = LEVELS[claim.level]
        if floor.holder is not None:
            return own >= PRE_EMPTS and own > LEVELS[floor.holder.claim.level]
        return not floor.outside or own >= PRE_EMPTS

    def _is_full_for(self, floor: Floor, claim: Claim) -> bool:
        """A member's programs share a few places, so that none keeps the others out."""
        most = MAX_QUEUE + (EMERGENCY_ROOM if claim.level == "emergency" else 0)
        own = sum(_member(one.author) == _member(claim.author) for one in floor.queue)
        return len(floor.queue) >= most or own >= MAX_OF_MEMBER

    def _takes_at_once(self, floor: Floor, claim: Claim) -> bool:
        is_first = all(LEVELS[claim.level] > one.rank for one in floor.queue)
        return is_first and self._is_free_for(floor, claim) and self._settled

    def _grant(self, key: str, claim: Claim) -> None:
        self._set(key, holder=Holder(claim, self._now_s))
        self._answer(claim, "granted")
        self._effects.append(Began(claim))
        self._changed(key)

    def _end_over(self, key: str, end: OverEnd) -> None:
        holder = self._at(key).holder
        assert holder is not None
        self._set(key, holder=None)
        self._effects.append(Over(holder.claim, holder.spoken_s(self._now_s), end))
        self._changed(key)
        if end in _VERDICT_OF:
            spoken_s = holder.spoken_s(self._now_s)
            self._note_end(_who(holder.claim), _VERDICT_OF[end], spoken_s=spoken_s)

    def _drop(self, key: str, is_gone: Callable[[Claim], bool]) -> None:
        """Claims of which nothing is heard any more."""
        floor = self._at(key)
        if any(is_gone(one) for one in floor.queue):
            self._set(key, queue=tuple(one for one in floor.queue if not is_gone(one)))
        if floor.holder is not None and is_gone(floor.holder.claim):
            self._end_over(key, "dead")
            self._serve(key)

    def _settle(self, key: str, rivals: list[Holder]) -> None:
        """The highest stays, of equals who has spoken longest; the others are taken off."""
        order = sorted(rivals, key=lambda one: (-LEVELS[one.claim.level], one.since_s))
        stays = order[0]
        for other in order[1:]:
            self._set(key, holder=other)
            self._answer(other.claim, "pre-empted", who=stays.claim.author)
            self._end_over(key, "patched")
        self._set(key, holder=stays)

    # -- the queue ----------------------------------------------------------------------------

    def _enqueue(self, key: str, claim: Claim) -> None:
        """After all that are as high: first come, first served within a rank."""
        queue = self._at(key).queue
        at = sum(one.rank >= claim.rank for one in queue)
        self._set(key, queue=(*queue[:at], claim, *queue[at:]))

    def _move(self, claim: Claim) -> None:
        key = self._key(claim.talkgroup)
        if len(self._at(key).queue) >= MAX_QUEUE:
            self._deny(claim, "queue-full")
        else:
            self._enqueue(key, claim)

    def _count_overtaken(self, key: str, granted: Claim) -> None:
        queue = [
            msgspec.structs.replace(one, overtaken=one.overtaken + 1)
            if one.asked_s < granted.asked_s and granted.level != "emergency"
            else one
            for one in self._at(key).queue
        ]
        queue.sort(key=lambda one: -one.rank)  # stable: who came first stays first
        self._set(key, queue=tuple(queue))

    def _tell_places(self) -> None:
        """To those whose place is another than they were told, once all else is done."""
        for key, floor in self._floors.items():
            before = self._before.floors.get(key, Floor())
            known = {_who(one): place for place, one in enumerate(before.queue, 1)}
            is_news = self._settled != self._before.settled
            for place, claim in enumerate(floor.queue, 1):
                is_asked = _who(claim) == self._asker
                if is_news or is_asked or known.get(_who(claim)) != place:
                    self._answer_queued(key, claim, place)

    # -- answers ------------------------------------------------------------------------------

    def _is_known(self, claim: Claim) -> bool:
        """A press that was said before is heard once more, and answered as it stands."""
        ended = self._ended.get(_who(claim))
        if ended is not None:
            self._answer(claim, ended.verdict, who=ended.who, why=ended.why)
            return True
        key = self._key(claim.talkgroup)
        floor = self._at(key)
        if floor.holder is not None and _who(floor.holder.claim) == _who(claim):
            self._set(key, holder=msgspec.structs.replace(
                floor.holder, claim=self._heard_again(floor.holder.claim)))  # fmt: skip
            self._answer(floor.holder.claim, "granted")
            return True
        for place, one in enumerate(floor.queue, 1):
            if _who(one) == _who(claim):
                heard = self._heard_again(one)
                self._set(key, queue=(*floor.queue[: place - 1], heard, *floor.queue[place:]))
                self._answer_queued(key, one, place)
                return True
        return False

    def _replace_older(self, claim: Claim) -> None:
        """A program has one key: a new press ends the one whose end was lost on the way."""
        for key in tuple(self._floors):
            self._drop(
                key,
                lambda one: one.author == claim.author and one.press != claim.press
                and one.talkgroup == claim.talkgroup,
            )  # fmt: skip

    def _answer_queued(self, key: str, claim: Claim, place: int) -> None:
        if _who(claim) in self._told:
            return
        self._told.add(_who(claim))
        if self._settled:
            self._answer(claim, "queued", place=place, who=self._who(self._at(key)))
        else:
            self._answer(claim, "settling", place=place)

    def _deny(self, claim: Claim, why: Why) -> None:
        who = self._who(self._at(self._key(claim.talkgroup)))
        self._answer(claim, "denied", who=who, why=why)
        self._note_end(_who(claim), "denied", who, why)

    def _answer(
        self, claim: Claim, verdict: Verdict, *, place: int = 0, who: str = "", why: Why = ""
    ) -> None:
        holder = self._at(self._key(claim.talkgroup)).holder
        left_s = self._policy.most_s
        if holder is not None and _who(holder.claim) == _who(claim):
            left_s = max(self._policy.most_s - holder.spoken_s(self._now_s), 0.0)
        answer = Answer(
            claim.author,
            claim.talkgroup,
            claim.press,
            verdict,
            ssrc=claim.ssrc,
            place=place,
            who=who,
            why=why,
            left_s=left_s if verdict == "granted" else 0.0,
        )
        self._effects.append(answer)
        if verdict == "pre-empted":
            self._note_end(_who(claim), verdict, who)

    def _note_end(
        self, press: _Press, verdict: Verdict, who: str = "", why: Why = "", spoken_s: float = 0.0
    ) -> None:
        if press not in self._ended:
            self._ended[press] = Ended(verdict, who, why, spoken_s)

    # -- small words --------------------------------------------------------------------------

    def _key(self, talkgroup: str) -> str:
        return self._floor_of.get(talkgroup, talkgroup)

    def _at(self, key: str) -> Floor:
        return self._floors.get(key, Floor())

    def _changed(self, key: str) -> None:
        patched = tuple(group for group, floor in self._floor_of.items() if floor == key)
        self._effects.append(Changed(patched or (key,)))

    def _set(self, key: str, **fields: object) -> None:
        self._floors[key] = msgspec.structs.replace(self._at(key), **fields)

    def _fresh(self, claim: Claim) -> Claim:
        return msgspec.structs.replace(claim, asked_s=self._now_s, heard_s=self._now_s)

    def _heard_again(self, claim: Claim) -> Claim:
        return msgspec.structs.replace(claim, heard_s=self._now_s)

    def _who(self, floor: Floor) -> str:
        if floor.holder is not None:
            return floor.holder.claim.author
        return floor.outside[-1].unit if floor.outside else ""


_VERDICT_OF: Final[Mapping[str, Verdict]] = {
    "released": "released",
    "timed-out": "timed-out",
    "dead": "unknown",
}


def _who(claim: Claim) -> _Press:
    return claim.author, claim.press, claim.talkgroup


def _member(author: str) -> str:
    return author.partition("_")[0]


def speakers(floor: Floor) -> tuple[tuple[str, int], ...]:
    """Who may be heard on a floor, with their SSRCs; the holder first."""
    outside = tuple((one.unit, one.ssrc) for one in floor.outside)
    if floor.holder is None:
        return outside
    claim = floor.holder.claim
    return (*((claim.author, ssrc) for ssrc in (claim.ssrc, *claim.also)), *outside)
