"""Who may talk: one talker per floor, the others in a queue; pure (state, event, time) → effects.

The shell (:mod:`console.site.services.floor`) brings the events and the time, carries out the
effects, and holds no decision. What is known of a floor is in :mod:`console.domain.floor_state`,
who comes before whom in :mod:`console.domain.floor_queue`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from console.domain.authors import member_of
from console.domain.floor_queue import (
    MAX_QUEUE,
    is_free_for,
    is_full_for,
    joined,
    order_of_rivals,
    passed_over,
    passes_all,
)
from console.domain.floor_state import (
    MAX_PATCHED,
    Claim,
    Ended,
    Floor,
    Floors,
    Holder,
    Outside,
    OverEnd,
    Policy,
    Press,
    Verdict,
    Why,
    press_of,
)
from console.domain.floor_words import (
    Answer,
    Began,
    Changed,
    Effect,
    Gone,
    Happened,
    Heard,
    Over,
    Patched,
    Release,
    Renew,
    Request,
    Stood,
    Tick,
    Warned,
)

MAX_FLOORS: Final = 1_024
"""Floors that are held, waited for or spoken on at once; a claim on one more is denied."""
MAX_ENDED: Final = 512
"""Presses remembered after their end, so that one that is said again is not a second one."""
MAX_OUTSIDE: Final = 4
"""Talkers of one floor who asked nobody (a radio net, an exercise); the oldest is forgotten."""


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
        self._told: set[Press] = set()  # how they stand in the queue
        self._asker: Press | None = None  # is answered whatever has changed
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
        if is_full_for(floor, claim) and not self._takes_at_once(floor, claim):
            self._deny(claim, "queue-full")
            return
        self._asker = press_of(claim)
        self._enqueue(key, self._fresh(claim))
        self._serve(key)

    def renew(self, claim: Claim, held: bool) -> None:
        key = self._key(claim.talkgroup)
        ended = self._ended.get(press_of(claim))
        if held and ended is not None and ended.verdict == "unknown" and self._goes_on(key, claim):
            # It was taken for dead, and is not: no word of it is lost.
            del self._ended[press_of(claim)]
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
        return passes_all(floor, claim) and is_free_for(floor, claim)

    def release(self, asked: Release) -> None:
        key = self._key(asked.talkgroup)
        floor = self._at(key)
        who = (asked.author, asked.press, asked.talkgroup)
        if floor.holder is not None and press_of(floor.holder.claim) == who:
            self._end_over(key, "released")
            self._serve(key)
        elif any(press_of(one) == who for one in floor.queue):
            self._set(key, queue=tuple(one for one in floor.queue if press_of(one) != who))
        self._ended[who] = Ended("released")  # also if it was taken for dead before
        self._effects.append(Answer(asked.author, asked.talkgroup, asked.press, "released"))

    def gone(self, author: str) -> None:
        for key in tuple(self._floors):
            self._drop(key, lambda one: one.author == author or member_of(one.author) == author)

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
        if not is_free_for(floor, first):
            return
        self._set(key, queue=floor.queue[1:])
        self._take(key, first)
        self._set(key, queue=passed_over(self._at(key).queue, first))

    def _take(self, key: str, claim: Claim) -> None:
        """Who has it is told by whom."""
        holder = self._at(key).holder
        if holder is not None:
            self._answer(holder.claim, "pre-empted", who=claim.author)
            self._end_over(key, "pre-empted")
        self._grant(key, claim)

    def _takes_at_once(self, floor: Floor, claim: Claim) -> bool:
        return passes_all(floor, claim) and is_free_for(floor, claim) and self._settled

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
            self._note_end(press_of(holder.claim), _VERDICT_OF[end], spoken_s=spoken_s)

    def _drop(self, key: str, is_gone: Callable[[Claim], bool]) -> None:
        """Claims of which nothing is heard any more."""
        floor = self._at(key)
        if any(is_gone(one) for one in floor.queue):
            self._set(key, queue=tuple(one for one in floor.queue if not is_gone(one)))
        if floor.holder is not None and is_gone(floor.holder.claim):
            self._end_over(key, "dead")
            self._serve(key)

    def _settle(self, key: str, rivals: list[Holder]) -> None:
        """One stays; the others are taken off."""
        stays, *others = order_of_rivals(rivals)
        for other in others:
            self._set(key, holder=other)
            self._answer(other.claim, "pre-empted", who=stays.claim.author)
            self._end_over(key, "patched")
        self._set(key, holder=stays)

    # -- the queue ----------------------------------------------------------------------------

    def _enqueue(self, key: str, claim: Claim) -> None:
        self._set(key, queue=joined(self._at(key).queue, claim))

    def _move(self, claim: Claim) -> None:
        key = self._key(claim.talkgroup)
        if len(self._at(key).queue) >= MAX_QUEUE:
            self._deny(claim, "queue-full")
        else:
            self._enqueue(key, claim)

    def _tell_places(self) -> None:
        """To those whose place is another than they were told, once all else is done."""
        for key, floor in self._floors.items():
            before = self._before.floors.get(key, Floor())
            known = {press_of(one): place for place, one in enumerate(before.queue, 1)}
            is_news = self._settled != self._before.settled
            for place, claim in enumerate(floor.queue, 1):
                is_asked = press_of(claim) == self._asker
                if is_news or is_asked or known.get(press_of(claim)) != place:
                    self._answer_queued(key, claim, place)

    # -- answers ------------------------------------------------------------------------------

    def _is_known(self, claim: Claim) -> bool:
        """A press that was said before is heard once more, and answered as it stands."""
        ended = self._ended.get(press_of(claim))
        if ended is not None:
            self._answer(claim, ended.verdict, who=ended.who, why=ended.why)
            return True
        key = self._key(claim.talkgroup)
        floor = self._at(key)
        if floor.holder is not None and press_of(floor.holder.claim) == press_of(claim):
            self._set(key, holder=msgspec.structs.replace(
                floor.holder, claim=self._heard_again(floor.holder.claim)))  # fmt: skip
            self._answer(floor.holder.claim, "granted")
            return True
        for place, one in enumerate(floor.queue, 1):
            if press_of(one) == press_of(claim):
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
        if press_of(claim) in self._told:
            return
        self._told.add(press_of(claim))
        if self._settled:
            self._answer(claim, "queued", place=place, who=self._who(self._at(key)))
        else:
            self._answer(claim, "settling", place=place)

    def _deny(self, claim: Claim, why: Why) -> None:
        who = self._who(self._at(self._key(claim.talkgroup)))
        self._answer(claim, "denied", who=who, why=why)
        self._note_end(press_of(claim), "denied", who, why)

    def _answer(
        self, claim: Claim, verdict: Verdict, *, place: int = 0, who: str = "", why: Why = ""
    ) -> None:
        holder = self._at(self._key(claim.talkgroup)).holder
        left_s = self._policy.most_s
        if holder is not None and press_of(holder.claim) == press_of(claim):
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
            self._note_end(press_of(claim), verdict, who)

    def _note_end(
        self, press: Press, verdict: Verdict, who: str = "", why: Why = "", spoken_s: float = 0.0
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
