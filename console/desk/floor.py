"""The desk's talk key at work: floor from the site, gate in the engine, and what is seen of both.

All of it runs on the Qt thread, whose own loop renews what is held: a window that hangs renews
nothing, so that the engine closes the gate and the arbiter frees the floor. What becomes of a
press is decided in :mod:`console.desk.ptt`.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from audio import protocol
from console.desk import news, ptt
from console.desk.floor_board import FloorBoard
from console.desk.ptt_publication import WhyNot, publication
from console.domain import floor_messages as fm
from console.domain.floor_state import Level
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from widgets.contracts.rows import TalkState, TalkTarget, Transmit

log = logging.getLogger(__name__)

TICK_MS: Final = round(fm.RENEW_S * 1_000)
ASK_S: Final = 1.0
MAX_PUBLISHED: Final = 32
"""Groups that the engine is ready to send to; the one that was talked in longest ago goes."""
TALK: Final = str(protocol.Talk.__struct_config__.tag)
PUBLISH: Final = str(protocol.Publish.__struct_config__.tag)
LATE_S: Final = 2 * fm.RENEW_S
"""A tick may come so long after the one before; what is more the loop has stood still."""
NO_ARBITER_S: Final = 3.0
"""After the start: so long it is not said that nobody gives the floor."""

AskSite = Callable[[str, str, bytes, float], None]
"""Service, key, payload, seconds; the answer comes as news."""


class Calls(Protocol):
    """What is needed of :class:`console.desk.calling.CallDesk`: streams of this desk's own, which
    it does not hear."""

    def specs(self) -> Mapping[str, protocol.StreamSpec]: ...
    def name(self, stream: str, /) -> str: ...


class FloorDesk(QObject):
    """``granted_first`` fires once, when a site is there that gives the floor."""

    granted_first = Signal()

    def __init__(
        self,
        *,
        store: SiteStore,
        talkgroups: TalkgroupModel,
        status: StatusModel,
        specs: Callable[[], Mapping[str, protocol.StreamSpec]],
        is_rekeyed: Callable[[str], bool],
        to_engine: Callable[[protocol.Command], None],
        ask: AskSite,
        member: Callable[[], str],
        in_emergency: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
        now_s: Callable[[], float] = time.monotonic,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        """``specs``: what is listened to; ``is_rekeyed``: whether members alone send on a stream;
        ``member``: as whom this desk is at its site; ``in_emergency``: who sits here has raised an
        alarm."""
        super().__init__(parent)
        self._store = store
        self._talkgroups = talkgroups
        self._status = status
        self._specs = specs
        self._is_rekeyed = is_rekeyed
        self._to_engine = to_engine
        self._ask = ask
        self._member = member
        self._calls: Calls | None = None
        self._in_emergency = in_emergency
        self._now_s = now_s
        self._wall_s = wall_s
        self.board = FloorBoard()
        self.grants = False
        self.carried: dict[str, tuple[str, ...]] = {}  # patches that this desk carries: streams
        self._over: ptt.Over | None = None
        self._published: dict[str, protocol.Publish] = {}
        self._refused: dict[str, str] = {}
        self._ssrcs: dict[str, int] = {}
        self._occupied: set[str] = set()
        self._controlled: set[str] = set()
        self._started_s = self._ticked_s = now_s()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def talk_also_in(self, calls: Calls) -> None:
        """Once, at the start."""
        self._calls = calls

    # -- a hand ---------------------------------------------------------------------------------

    def press(self, streams: tuple[str, ...], break_in: bool) -> None:
        self._note_standing()
        for stream in streams:
            self._prepare(stream)
        over, effects = ptt.press(
            tuple(self._reach(one) for one in self._once_each(streams)),
            press_id=secrets.token_urlsafe(12),
            author=self._member() or "desk",
            level=self._level(break_in),
            arbiter=self._has_arbiter,
            now_s=self._now_s(),
        )
        self._over = over
        self._carry_out(effects)
        if not any(one.state in ptt.WAITS | ptt.CLAIMS for one in over.targets):
            self._to_engine(protocol.Play("deny"))
        self._show()

    def _level(self, break_in: bool) -> Level:
        if self._in_emergency():
            return "emergency"
        return "pre-emptive" if break_in else "normal"

    def release(self) -> None:
        self._happens(ptt.KeyUp())

    def _once_each(self, streams: tuple[str, ...]) -> list[str]:
        """Of groups that are patched one is enough: it is heard in all."""
        chosen: list[str] = []
        covered: set[str] = set()
        for stream in streams:
            talkgroup = talkgroup_of(stream)
            if talkgroup not in covered:
                chosen.append(stream)
                covered |= {talkgroup, *self.board.state(talkgroup).shared}
        return chosen

    def _reach(self, stream: str) -> ptt.Reach:
        spec = self._spec(stream)
        why = self._refused.get(stream, "") if spec is not None else words_of("unheard")
        return ptt.Reach(
            stream,
            talkgroup_of(stream),
            self._ssrcs.get(stream),
            occupied=stream in self._occupied or self._is_talked_to(stream),
            why_not=why,
            also=self._also(stream),
        )

    def _spec(self, stream: str) -> protocol.StreamSpec | None:
        return self._own_specs.get(stream) or self._specs().get(stream)

    @property
    def _own_specs(self) -> Mapping[str, protocol.StreamSpec]:
        return self._calls.specs() if self._calls is not None else {}

    def _is_talked_to(self, stream: str) -> bool:
        """In a call the other side talks on a stream of its own."""
        if stream not in self._own_specs:
            return False
        return any(talkgroup_of(one) == talkgroup_of(stream) for one in self._occupied)

    def _also(self, stream: str) -> tuple[ptt.Leg, ...]:
        """Who carries a patch sends its own voice to all of its groups."""
        legs = next((legs for legs in self.carried.values() if stream in legs), ())
        others = (one for one in legs if one != stream)
        return tuple(ptt.Leg(one, self._ssrcs[one]) for one in others if one in self._ssrcs)

    # -- being ready ----------------------------------------------------------------------------

    def _prepare(self, stream: str) -> None:
        """The engine is told to be ready to send there; what changed is told again."""
        spec = self._spec(stream)
        if spec is None:
            return
        status = self._status.status()
        name = status.person or status.position or self._member()
        wish = publication(spec, name)
        if isinstance(wish, str):
            self._refused[stream] = words_of(wish)
            return
        if self._published.get(stream) == wish:
            return
        self._refused.pop(stream, None)
        self._published.pop(stream, None)
        self._published[stream] = wish
        if len(self._published) > MAX_PUBLISHED:
            self._withdraw(next(iter(self._published)))
        self._to_engine(wish)

    def _withdraw(self, stream: str) -> None:
        del self._published[stream]
        self._ssrcs.pop(stream, None)
        self._to_engine(protocol.Unpublish(stream))

    def prepare(self, stream: str) -> None:
        """A call may be talked in soon."""
        self._prepare(stream)

    def withdraw(self, stream: str) -> None:
        """A call is over: a key that is still held down talks to nobody."""
        over = self._over
        if over is not None and any(one.stream == stream for one in over.targets):
            self.release()
        if stream in self._published:
            self._withdraw(stream)
        self._refused.pop(stream, None)

    def _prepare_chosen(self) -> None:
        """The selected group and those along with it are ready before a key is pressed."""
        if not self._can_talk or self.is_sending:
            return
        along = set(self._talkgroups.along())
        for key in tuple(self._talkgroups.keys()):
            if key in along or self._talkgroups.row(key).attention == "selected":
                self._prepare(key)

    def leg(self, talkgroup: str) -> protocol.PatchLeg | None:
        """Of a patch: a stream of the group that is heard and can be sent to, once the engine is
        ready for it."""
        for stream in self._specs():
            if talkgroup_of(stream) == talkgroup:
                self._prepare(stream)
                if stream in self._ssrcs:
                    return protocol.PatchLeg(stream, stream)
        return None

    # -- what is told ---------------------------------------------------------------------------

    def engine_said(self, event: protocol.Event) -> None:
        match event:
            case protocol.NextSsrc(publication=stream, ssrc=ssrc):
                self._ssrcs[stream] = ssrc
                self._happens(ptt.Ready(stream, ssrc))
                self._tick()
            case protocol.TalkChanged(line=False):
                self._happens(ptt.Gate(event))
            case protocol.Refused(command=name, why=why, stream=stream):
                self._engine_refused(name, why, stream)
            case protocol.Occupied(stream=stream, on=on):
                self._is_occupied(stream, on)
            case protocol.Status():
                self._take_status(event)
            case _:
                pass

    def _engine_refused(self, name: str, why: str, stream: str) -> None:
        if name == TALK:
            log.warning("the engine did not open the microphone: %s", why)
            self._happens(ptt.Refused(why))
        elif name == PUBLISH:
            self._published.pop(stream, None)
            self._refused[stream] = why

    def _is_occupied(self, stream: str, on: bool) -> None:
        (self._occupied.add if on else self._occupied.discard)(stream)
        self._happens(ptt.Heard(stream, on))

    def _take_status(self, status: protocol.Status) -> None:
        """A word that was lost on the way is made good."""
        self._occupied = {one.stream for one in status.streams if one.occupied}
        for one in status.sending:
            if one.publication in self._published:
                self._ssrcs[one.publication] = one.ssrc
        self._control_streams()
        self._prepare_chosen()

    def engine_is_down(self) -> None:
        """The next engine is told all of it again (:mod:`console.desk.wishes`)."""
        self._ssrcs.clear()
        self._occupied.clear()
        self._happens(ptt.Refused(QCoreApplication.translate("Desk", "the sound engine is gone")))

    def site_told(self, item: news.SiteTold | news.SiteAnswered) -> None:
        if isinstance(item, news.SiteAnswered):
            if item.service == fm.FLOOR and item.payload is not None:
                self._answered(item.payload)
            return
        if item.subject.startswith("vb.to.") and item.subject.split(".")[3:4] == [fm.FLOOR]:
            self._answered(item.payload)
            return
        changed = self.board.take(item.subject, item.payload, self._now_s())
        if changed is not None:
            self._tell_floors()
            self._arbiter_heard()

    def _answered(self, payload: bytes) -> None:
        answer = fm.decode(payload, fm.FloorAnswer)
        if answer is None:
            self.board.unread += 1
        elif answer.epoch >= self.board.epoch:
            self._happens(ptt.Answered(answer))

    def _arbiter_heard(self) -> None:
        if not self.grants:
            self.grants = True
            self.granted_first.emit()
        self._show()

    # -- the engine knows who may be heard ------------------------------------------------------

    def _control_streams(self) -> None:
        """Those whose senders ask the arbiter. A foreign sender has nobody to ask, and an exercise
        tells who speaks only as he begins."""
        controlled = {
            stream
            for stream in self._specs()
            if self._takes_turns(talkgroup_of(stream)) and self._is_rekeyed(stream)
        }
        for stream in self._controlled - controlled:
            self._to_engine(protocol.Floor(stream, controlled=False))
        self._controlled = controlled

    def _takes_turns(self, talkgroup: str) -> bool:
        group = self._store.state.talkgroups.get(talkgroup)
        call = self._store.state.calls.get(talkgroup)
        if call is not None:
            return call.duplex == "half" and not call.exercise
        return group is not None and not group.exercise

    def _tell_floors(self) -> None:
        for stream in self._controlled:
            self._to_engine(self.board.for_engine(stream, talkgroup_of(stream)))

    # -- carrying out ---------------------------------------------------------------------------

    @property
    def _has_arbiter(self) -> bool:
        return self._status.status().site_link == "up" and self.board.is_fresh(self._now_s())

    @property
    def is_sending(self) -> bool:
        """Whether the microphone is the talk key's."""
        return self._over is not None and self._over.gate != "closed"

    def _happens(self, event: ptt.Event) -> None:
        if self._over is None:
            return
        before = self._over
        self._over, effects = ptt.step(before, event, self._now_s())
        self._carry_out(effects)
        self._sound(before, self._over)
        self._show()

    def _carry_out(self, effects: tuple[ptt.Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, ptt.Ask):
                payload = fm.encode(effect.asked)
                self._ask(fm.FLOOR, effect.talkgroup, payload, ASK_S)
            else:
                self._to_engine(effect)

    def _sound(self, before: ptt.Over, after: ptt.Over) -> None:
        """What the engine can't know by itself: it waits, or it was denied."""
        if after.gate != "closed" or not after.is_down:
            return
        waited = any(one.state == "queued" for one in before.targets)
        waits = any(one.state == "queued" for one in after.targets)
        if waits and not waited:
            self._to_engine(protocol.Play("queued"))
        asked = any(one.state in ptt.CLAIMS | ptt.WAITS for one in before.targets)
        if asked and all(one.state == "denied" for one in after.targets):
            self._to_engine(protocol.Play("deny"))

    def _note_standing(self) -> float:
        """How long the loop has stood still before this: what was said meanwhile is not read yet,
        so who says it must not be thought silent."""
        now_s = self._now_s()
        stood_s = max(now_s - self._ticked_s - LATE_S, 0.0)
        self._ticked_s = now_s
        self.board.stood(stood_s, now_s)
        return stood_s

    def _tick(self) -> None:
        stood_s = self._note_standing()
        over = self._over
        if over is not None and over.is_down:
            self._happens(ptt.Passed(self._has_arbiter, stood_s))
        elif over is not None and self._now_s() - (over.ended_s or 0.0) >= ptt.SHOWN_S:
            self._over = None
        self._status.set(transmit_note=self._why_not())
        self._show()

    # -- what is seen ---------------------------------------------------------------------------

    @property
    def _can_talk(self) -> bool:
        return not self._why_not()

    def _why_not(self) -> str:
        """Why this desk can't send anywhere, in one sentence."""
        status = self._status.status()
        translate = QCoreApplication.translate
        if status.engine_link != "up":
            return translate("Desk", "The sound engine is not there yet.")
        if status.microphone.chosen == "null":
            return translate("Desk", "No microphone is chosen: choose one in the menu.")
        if status.microphone.state in ("none", "lost"):
            return translate("Desk", "The microphone does not work: see the menu.")
        return ""

    def _show(self) -> None:
        over = self._over
        listens = not self._has_arbiter and self._now_s() - self._started_s > NO_ARBITER_S
        if over is None:
            self._talkgroups.show_talk({})
            self._status.set(transmit=Transmit(listen_first=listens))
            return
        shown = {one.stream: (shown_state(one, over), one.place) for one in over.targets}
        shown = {stream: told for stream, told in shown.items() if told[0]}
        targets = tuple(
            TalkTarget(
                self._name(one.stream),
                shown[one.stream][0],
                one.place,
                self._store.call_sign(one.who) if one.who else "",
                one.why,
                one.note,
            )
            for one in over.targets
            if one.stream in shown
        )
        left_s = over.left_s(self._now_s())
        ends_s = self._ends_s(left_s)
        self._talkgroups.show_talk(shown)
        self._status.set(transmit=Transmit(targets, over.gate == "open", ends_s, listens))

    def _name(self, stream: str) -> str:
        called = self._calls.name(stream) if self._calls is not None else ""
        return called or self._talkgroups.name(stream)

    def _ends_s(self, left_s: float | None) -> float | None:
        """By the wall's clock; what differs by less than a moment is the same."""
        if left_s is None:
            return None
        ends_s = self._wall_s() + left_s
        before_s = self._status.status().transmit.ends_s
        return before_s if before_s is not None and abs(before_s - ends_s) < 0.5 else ends_s


def shown_state(target: ptt.Target, over: ptt.Over) -> TalkState:
    """Nothing is said of what ended as it should. It sends when the gate is open, not before."""
    if target.state in ptt.TALKS:
        if not over.is_down:
            return ""
        if over.gate != "open":
            return "asking"
        return "sending" if target.state == "granted" else "unasked"
    if target.state in ptt.WAITS:
        return "asking" if over.is_down else ""
    if target.state == "queued":
        return "queued" if over.is_down else ""
    states: dict[ptt.TargetState, TalkState] = {
        "denied": "denied", "pre-empted": "pre-empted", "timed-out": "timed-out",
        "failed": "failed",
    }  # fmt: skip
    return states[target.state]


def words_of(why: WhyNot) -> str:
    """Why nothing can be sent to a group, in one sentence."""
    translate = QCoreApplication.translate
    words: dict[WhyNot, str] = {
        "unheard": translate("Desk", "the group is not heard here"),
        "unicast": translate("Desk", "it is sent to single receivers, not to a group"),
        "source-specific": translate("Desk", "only its own station is heard there"),
        "encoding": translate("Desk", "its station does not speak Opus"),
    }
    return words[why]


def talkgroup_of(stream: str) -> str:
    return stream.partition("@")[0]
