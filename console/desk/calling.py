"""The desk's individual calls at work: what rings, who is talked to, and whose voice goes where.

All of it runs on the Qt thread, whose own loop holds the microphone of a full duplex call open: a
window that hangs, or is killed, is silent within 1.5 s. What the desk makes of the site's word is
decided in :mod:`console.desk.call_rules`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final, Literal, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from audio import protocol
from console.desk import call_rules as rules
from console.domain import floor_messages as fm
from console.domain.call import Call, peer
from console.domain.events import (
    CallAnswered,
    CallEnded,
    CallOffered,
    CallReason,
)
from console.domain.presence import Presence
from console.models.callees import CalleeModel
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.site.log.ids import CALL, new_id
from widgets.contracts.rows import CallStand, LiveCall

TICK_MS: Final = round(fm.RENEW_S * 1_000)
RING_S: Final = 2.0  # from one ring to the next
RING_IN_CALL_S: Final = 10.0  # who talks is told, not disturbed
RINGBACK_S: Final = 5.0  # 1 s on, 4 off: ITU-T E.180, Norway
ASK_AGAIN_S: Final = 1.0  # for a line that the engine has not opened
OVER_S: Final = 6.0  # that it stands how a call has ended
MAX_KEPT: Final = 4  # calls that this desk is ready to talk in, were they answered
MAX_MINE: Final = 1_000
"""Calls of this program that are remembered; the oldest have ended long ago."""
OPEN_LINE: Final = str(protocol.OpenLine.__struct_config__.tag)
Gate = Literal["closed", "asked", "open"]


class Streams(Protocol):
    """What is needed of :class:`console.desk.call_streams.CallStreams`."""

    def stream(self, call: str, /) -> str: ...
    def keep(self, calls: frozenset[str], /) -> None: ...
    def keys_changed(self, call: str, /) -> None: ...
    def spec(self, call: str, /) -> protocol.StreamSpec | None: ...


class Talks(Protocol):
    """What is needed of the talk key (:class:`console.desk.floor.FloorDesk`)."""

    @property
    def is_sending(self) -> bool: ...
    def prepare(self, stream: str, /) -> None: ...
    def withdraw(self, stream: str, /) -> None: ...


class CallDesk(QObject):
    """``changed`` carries the call that is heard from now on, "" = none."""

    changed = Signal(str)

    def __init__(
        self,
        *,
        store: SiteStore,
        status: StatusModel,
        callees: CalleeModel,
        streams: Streams,
        floor: Talks,
        to_engine: Callable[[protocol.Command], None],
        publish: Callable[..., bool],
        member: Callable[[], str],
        presence: Callable[[], Presence],
        is_caught_up: Callable[[], bool],
        parent: QObject | None = None,
        now_s: Callable[[], float] = time.monotonic,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        """``publish`` hands an event to the site, False = nothing could keep it; ``presence`` who
        is here, by ``now_s``; ``is_caught_up``: all of the site's log has been read."""
        super().__init__(parent)
        self._store = store
        self._status = status
        self._callees = callees
        self._streams = streams
        self._floor = floor
        self._to_engine = to_engine
        self._publish = publish
        self._member = member
        self._presence = presence
        self._is_caught_up = is_caught_up
        self._now_s = now_s
        self._wall_s = wall_s
        self._mine: dict[str, None] = {}
        self._answered: dict[str, None] = {}  # by this desk, also while the site does not know yet
        self._ended: dict[str, None] = {}  # likewise: who has hung up is off the line at once
        self._untold: dict[str, CallEnded] = {}  # nothing could keep it; it is tried again
        self._stand = rules.NOTHING
        self._since: dict[str, tuple[float, float]] = {}  # as they are now: by now_s and wall_s
        self._voice_s: dict[str, float] = {}  # of the other side, last
        self._heard: set[str] = set()  # streams that somebody else sends on now
        self._ready: set[str] = set()  # that the engine can send on
        self._up_s: float | None = None
        self._over: LiveCall | None = None
        self._over_s = 0.0
        self._gate: Gate = "closed"
        self._why = ""  # the engine did not open the line
        self._asked_s = float("-inf")
        self._is_muted = False
        self._rang_s = float("-inf")
        store.calls_changed.connect(self._calls_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    # -- a hand ---------------------------------------------------------------------------------

    def call(self, whom: str, full: bool) -> None:
        """Another call of ours ends with it."""
        member = self._member()
        if not member or whom == member or self._stand.outgoing is not None:
            return
        if self._stand.current is not None:
            self._end(self._stand.current, "hung-up")
        key = new_id(CALL)
        _note(self._mine, key)
        exercise = self._callees.is_exercise(whom)
        self._publish(CallOffered(key, member, whom, "full" if full else "half", exercise))

    def answer(self, key: str) -> None:
        """Whom we are talking to is told that it is over."""
        call = next((one for one in self._stand.incoming if one.key == key), None)
        if call is None or key in self._answered:
            return
        for other in (self._stand.current, self._stand.outgoing):
            if other is not None:
                self._end(other, "hung-up" if other.state == "connected" else "cancelled")
        if self._publish(CallAnswered(key), cause=call.offered.id):
            _note(self._mine, key)
            _note(self._answered, key)
            self._look()

    def reject(self, key: str) -> None:
        """Somebody who talks already is busy."""
        call = next((one for one in self._stand.incoming if one.key == key), None)
        if call is not None:
            self._end(call, "busy" if self._stand.current is not None else "rejected")

    def hang_up(self) -> None:
        """The one that is talked in, or the one that we have offered."""
        if self._stand.current is not None:
            self._end(self._stand.current, "hung-up")
        elif self._stand.outgoing is not None:
            self._end(self._stand.outgoing, "cancelled")
        self._over = None
        self._show()

    def mute(self, muted: bool) -> None:
        """The microphone of a full duplex call; the call goes on."""
        self._is_muted = muted
        self._look_at_line()
        self._show()

    def end(self) -> None:
        """The desk closes: nobody is left talking to it."""
        self._timer.stop()
        for call in (self._stand.current, self._stand.outgoing):
            if call is not None:
                self._end(call, "hung-up" if call.state == "connected" else "cancelled")

    # -- what is told ---------------------------------------------------------------------------

    def engine_said(self, event: protocol.Event) -> None:
        match event:
            case protocol.TalkChanged(line=True, state=state, why=why):
                self._gate = "open" if state == "open" else "closed"
                self._why = why if state == "idle" else ""
                self._show()
            case protocol.TalkChanged(state="open" | "opening"):
                self._gate = "closed"  # an over has the microphone
                self._show()
            case protocol.Refused(command=name, why=why) if name == OPEN_LINE:
                self._gate, self._why = "closed", why
                self._show()
            case protocol.Occupied(stream=stream, on=on):
                (self._heard.add if on else self._heard.discard)(stream)
                self._show()
            case protocol.NextSsrc(publication=stream):
                self._ready.add(stream)
                self._look_at_line()
            case protocol.Status():
                self._heard = {one.stream for one in event.streams if one.occupied}
                self._ready = set(event.publications)
                self._leave_nothing(event.publications)
                talk = event.talk
                self._gate = "open" if talk.line and talk.state == "open" else "closed"
            case _:
                pass

    def _leave_nothing(self, publications: tuple[str, ...]) -> None:
        """Of calls that a desk before this one was in when it died."""
        for stream in publications:
            call = stream.partition("@")[0]
            if stream == self._streams.stream(call) and call not in self._kept:
                self._to_engine(protocol.Unpublish(stream))

    def engine_is_down(self) -> None:
        """The next one is told of the line again."""
        self._gate, self._why = "closed", ""
        self._heard.clear()
        self._ready.clear()
        self._asked_s = float("-inf")

    def keys_changed(self, talkgroup: str) -> None:
        self._streams.keys_changed(talkgroup)
        self._prepare()

    @property
    def talked_in(self) -> str:
        """The call, "" = none."""
        return _key(self._stand.current)

    def specs(self) -> Mapping[str, protocol.StreamSpec]:
        """Where this desk can send, or could if it were answered: it takes a moment to be ready."""
        specs = (self._streams.spec(one) for one in self._kept)
        return {one.stream: one for one in specs if one is not None}

    @property
    def _kept(self) -> frozenset[str]:
        return frozenset(one.key for one in self._stand.all[:MAX_KEPT])

    def name(self, stream: str) -> str:
        """Of a call, who is at the other end; "" = it is none."""
        call = self._store.state.calls.get(stream.partition("@")[0])
        return "" if call is None else self._who(call)

    def _calls_changed(self, _keys: tuple[str, ...]) -> None:
        self._look()

    # -- every 0.2 s ----------------------------------------------------------------------------

    def tick(self) -> None:
        now_s = self._now_s()
        is_up = self._status.status().site_link == "up"
        self._up_s = (self._up_s if self._up_s is not None else now_s) if is_up else None
        if is_up and self._is_caught_up():
            self._clean_up()
        for key, body in list(self._untold.items()):
            if self._publish(body):
                del self._untold[key]
        self._look_who_is_lost(now_s)
        self._look_at_line()
        if self._gate != "closed":
            self._to_engine(protocol.KeepTalking())
        self._ring(now_s)
        if self._over is not None and now_s - self._over_s >= OVER_S:
            self._over = None
            self._show()

    def _clean_up(self) -> None:
        """What an earlier desk of this position has left, and what was answered beside another."""
        calls, member = self._calls(), self._member()
        for one in rules.orphans(calls, member, self._mine):
            self._end(one, "lost")
        for one in rules.surplus(calls, member, self._mine):
            self._end(one, "hung-up")

    def _look_who_is_lost(self, now_s: float) -> None:
        member, presence = self._member(), self._presence()
        for call in self._stand.all:
            if self._is_heard(call):
                self._voice_s[call.key] = now_s
            if call == self._stand.outgoing:
                continue  # a desk that is off is answered by the site
            other = presence.get(peer(call, member))
            lost = rules.is_lost(
                now_s=now_s,
                since_s=self._since.get(call.key, (now_s, 0.0))[0],
                seen_s=other.heard_s if other is not None else None,
                voice_s=self._voice_s.get(call.key),
                up_s=self._up_s,
                watched=rules.is_watched(call, member),
                full=call.duplex == "full" and call.state == "connected",
            )
            if lost:
                self._end(call, "lost")

    def _is_heard(self, call: Call) -> bool:
        return any(one.partition("@")[0] == call.key for one in self._heard)

    # -- what the site says ---------------------------------------------------------------------

    def _look(self) -> None:
        """Anew, after something has changed."""
        before = self._stand
        self._stand = now = rules.stand(self._calls(), self._member(), self._mine)
        states = {one.key: one.state for one in before.all}
        for one in now.all:
            if states.get(one.key) != one.state:
                self._since[one.key] = self._now_s(), self._wall_s()
        self._tell_end(before)
        self._follow(before, now)
        self._since = {one.key: self._since[one.key] for one in now.all}
        self._voice_s = {one.key: s for one in now.all if (s := self._voice_s.get(one.key))}

    def _follow(self, before: rules.Stand, now: rules.Stand) -> None:
        """What the engine, the network and the screen are to know of it."""
        was, is_now = _key(before.current), _key(now.current)
        if was != is_now:
            self._close_line()
            self._is_muted = False
            self.changed.emit(is_now)
        for key in {one.key for one in before.all} - {one.key for one in now.all}:
            self._floor.withdraw(self._streams.stream(key))
            self._ready.discard(self._streams.stream(key))
        self._streams.keep(self._kept)
        self._prepare()
        self._look_at_line()
        self._show()

    def _tell_end(self, before: rules.Stand) -> None:
        """How a call of ours has ended, if it was not this desk that ended it."""
        for call in before.all:
            now = self._store.state.calls.get(call.key)
            if now is None or now.state != "ended" or call.key in self._ended:
                continue
            if now.reason == "lost" or call in (before.current, before.outgoing):
                self._say_over(call, now.reason, before)

    def _say_over(self, call: Call, reason: CallReason | Literal[""], before: rules.Stand) -> None:
        """Heard by who was in it, or waited for an answer."""
        self._over_s = self._now_s()
        self._over = self._row(call, "over", reason=reason)
        if call in (before.current, before.outgoing):
            self._to_engine(protocol.Play("deny" if reason == "lost" else "end"))

    def _end(self, call: Call, reason: CallReason) -> None:
        """At once here, whether or not the site can be told of it."""
        if call.key in self._ended:
            return
        if call == self._stand.current:
            self._close_line()  # before anybody is asked
        _note(self._ended, call.key)
        if reason == "lost" and call in self._stand.all:
            self._say_over(call, reason, self._stand)
        body = CallEnded(call.key, reason)
        is_told = self._publish(body, cause=call.offered.id)
        if not is_told and len(self._untold) < MAX_MINE:
            self._untold[call.key] = body
        self._look()

    def _calls(self) -> Mapping[str, Call]:
        """As the site says, but for those that this desk has ended."""
        calls = self._store.state.calls
        ended = self._ended.keys() & calls.keys()
        return {k: one for k, one in calls.items() if k not in ended} if ended else calls

    # -- the voice ------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """The engine is ready to send before anybody talks."""
        for stream in self.specs():
            self._floor.prepare(stream)

    @property
    def _wants_line(self) -> bool:
        call = self._stand.current
        if call is None or call.duplex != "full" or self._is_muted:
            return False
        return not self._floor.is_sending

    def _look_at_line(self) -> None:
        """A full duplex call has the microphone, but while the talk key has it."""
        if not self._wants_line:
            if self._gate != "closed" and not self._floor.is_sending:
                self._close_line()
            return
        now_s = self._now_s()
        if self._gate == "open" or now_s - self._asked_s < ASK_AGAIN_S:
            return
        assert self._stand.current is not None
        stream = self._streams.stream(self._stand.current.key)
        if stream in self._ready and self._status.status().engine_link == "up":
            self._asked_s = now_s
            self._to_engine(protocol.OpenLine((stream,)))

    def _close_line(self) -> None:
        self._gate, self._asked_s, self._why = "closed", float("-inf"), ""
        self._to_engine(protocol.CloseLine())

    # -- what is heard and seen -----------------------------------------------------------------

    def _ring(self, now_s: float) -> None:
        """The engine lets no call ring into an alarm."""
        stand = self._stand
        if any(one.key not in self._answered for one in stand.incoming):
            tone: protocol.ToneKind = "ring"
            every_s = RING_IN_CALL_S if stand.current is not None else RING_S
        elif stand.outgoing is not None:
            tone, every_s = "ringback", RINGBACK_S
        else:
            self._rang_s = float("-inf")
            return
        if now_s - self._rang_s >= every_s:
            self._rang_s = now_s
            self._to_engine(protocol.Play(tone))

    def _show(self) -> None:
        stand = self._stand
        ringing = tuple(self._row(one, "incoming") for one in stand.incoming)
        if stand.current is not None:
            line: LiveCall | None = self._row(stand.current, "connected")
        elif stand.outgoing is not None:
            line = self._row(stand.outgoing, "calling")
        else:
            line = self._over
        self._status.set(call=line, ringing=ringing)

    def _row(self, call: Call, stand: CallStand, reason: CallReason | Literal[""] = "") -> LiveCall:
        is_on = stand == "connected"
        return LiveCall(
            key=call.key,
            who=self._who(call),
            stand=stand,
            full=call.duplex == "full",
            since_s=self._since.get(call.key, (0.0, 0.0))[1],  # the other's clock may be wrong
            stream=self._streams.stream(call.key) if is_on else "",
            is_open=is_on and self._gate == "open",
            muted=is_on and self._is_muted,
            heard=is_on and self._is_heard(call),
            reason=reason,
            note=self._why if is_on else "",
            answered=stand == "incoming" and call.key in self._answered,
            exercise=call.exercise,
        )

    def _who(self, call: Call) -> str:
        member = self._member()
        return self._callees.name(peer(call, member) if member in call.members else call.callee)


def _key(call: Call | None) -> str:
    return "" if call is None else call.key


def _note(keys: dict[str, None], key: str) -> None:
    """The oldest calls have ended long ago."""
    keys[key] = None
    while len(keys) > MAX_MINE:
        del keys[next(iter(keys))]
