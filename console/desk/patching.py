"""What one desk of several does for all: carry a patch, keep an alarm's voice, announce a group's
session. By a lease.

Each desk that can offers itself once a second; the arbiter says whose it is, and gives it to
another when nothing is heard of that one (:mod:`console.domain.task_lease`). All of it runs on the
Qt thread, so that the patch of a window that hangs ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer

from audio import protocol
from console.desk import news
from console.domain import floor_messages as fm
from console.domain.alarm import Alarm
from console.domain.events import AlarmVoiceKept, AnyBody
from console.domain.task_lease import LEASE_S
from console.models.alarms import KEPT_BEFORE_S, KEPT_S
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel

OFFER_MS: Final = 1_000
ASK_S: Final = 1.0
HOT_S: Final = 10.0
"""That a unit's microphone is open after its alarm, and heard on every desk that monitors its
group. (No Norwegian figure is public.)"""
MAX_BURSTS: Final = 64  # of one event
MAX_ALARMS: Final = 256
"""Alarms that were seen to be raised; the oldest are forgotten."""
PATCH: Final = "patch."
ALARM: Final = "alarm."
GROUP: Final = "group."


class Legs(Protocol):
    """What is asked of the talk key's half of the desk (:class:`console.desk.floor.FloorDesk`)."""

    carried: dict[str, tuple[str, ...]]

    def leg(self, talkgroup: str) -> protocol.PatchLeg | None: ...


class Groups(Protocol):
    """What is asked of :class:`console.desk.grouping.GroupDesk`."""

    def to_announce(self) -> tuple[str, ...]: ...
    def announce(self, group: str, /) -> None: ...
    def withdraw(self, group: str, /) -> None: ...


class TaskDesk(QObject):
    """``ask`` is answered by news; ``publish`` hands an event to the site."""

    def __init__(
        self,
        *,
        store: SiteStore,
        talkgroups: TalkgroupModel,
        legs: Legs,
        to_engine: Callable[[protocol.Command], None],
        ask: Callable[[str, str, bytes, float], None],
        publish: Callable[[AnyBody], object],
        member: Callable[[], str],
        is_caught_up: Callable[[], bool],
        parent: QObject | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._talkgroups = talkgroups
        self._legs = legs
        self._to_engine = to_engine
        self._ask = ask
        self._publish = publish
        self._member = member
        self._is_caught_up = is_caught_up
        self._now_s = now_s
        self._groups: Groups | None = None
        self._ours: dict[str, float] = {}  # when the arbiter said so last
        self._raised_s: dict[str, float] = {}  # alarms, when they came to this desk
        self._kept: dict[str, None] = {}  # alarms whose voice this desk's engine was told to keep
        store.alarms_changed.connect(self._alarms_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(OFFER_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def announce_also(self, groups: Groups) -> None:
        """Once, at the start."""
        self._groups = groups

    def tick(self) -> None:
        """Offer what can be done, end what is no longer ours."""
        wanted = (*self._patches(), *self._alarms(), *self._sessions())
        now_s = self._now_s()
        for task, said_s in tuple(self._ours.items()):
            if task not in wanted or now_s - said_s > LEASE_S:
                self._end(task)
        for task in wanted:
            offer = fm.TaskOffer(self._member() or "desk", task in self._ours)
            self._ask(fm.TASK, task, fm.encode(offer), ASK_S)
        for task in self._ours:
            self._go_on(task)
        self._talkgroups.set_hot(self._hot_groups())

    def site_told(self, item: news.SiteTold | news.SiteAnswered) -> None:
        if not isinstance(item, news.SiteAnswered) or item.service != fm.TASK:
            return
        answer = None if item.payload is None else fm.decode(item.payload, fm.TaskAnswer)
        if answer is None:
            is_held = item.key.startswith(GROUP) and item.key in self._ours
            if is_held or item.key.startswith(ALARM):  # better done by two desks than by none
                self._begin(item.key)
        elif answer.yours:
            self._begin(item.key)
        elif item.key in self._ours:
            self._end(item.key)

    def engine_said(self, event: protocol.Event) -> None:
        """What was kept with an alarm is told to all, so that it is found; also what was begun
        within its time and ended later."""
        if isinstance(event, protocol.AlarmKept) and event.alarm in self._kept:
            bursts = tuple(one.burst for one in event.bursts)[:MAX_BURSTS]
            if bursts:
                self._publish(AlarmVoiceKept(event.alarm, event.stream, bursts))

    # -- what there is to do --------------------------------------------------------------------

    def _patches(self) -> tuple[str, ...]:
        """Those all of whose groups are heard here, and can be sent to."""
        active = [one for one in self._store.state.patches.values() if one.state == "active"]
        return tuple(PATCH + one.key for one in active if self._legs_of(one.groups) is not None)

    def _legs_of(self, groups: Sequence[str]) -> tuple[protocol.PatchLeg, ...] | None:
        legs = tuple(self._legs.leg(group) for group in groups)
        found = tuple(one for one in legs if one is not None)
        return found if len(found) == len(groups) else None

    def _alarms(self) -> tuple[str, ...]:
        """Those whose unit may be heard just now, in a group that is heard here."""
        now_s = self._now_s()
        return tuple(
            ALARM + key
            for key, raised_s in self._raised_s.items()
            if now_s - raised_s < KEPT_S and self._streams_of(self._alarm(key))
        )

    def _sessions(self) -> tuple[str, ...]:
        """Of groups in which this desk is."""
        return tuple(GROUP + one for one in self._groups.to_announce()) if self._groups else ()

    def _alarm(self, key: str) -> Alarm | None:
        return self._store.state.alarms.get(key)

    def _streams_of(self, alarm: Alarm | None) -> tuple[str, ...]:
        """A tile that is off is not heard here, and so not kept."""
        if alarm is None or alarm.talkgroup is None:
            return ()
        return tuple(
            key
            for key in tuple(self._talkgroups.keys())
            if key.partition("@")[0] == alarm.talkgroup
            and self._talkgroups.row(key).attention != "off"
        )

    def _alarms_changed(self, keys: tuple[str, ...]) -> None:
        """One of the log's past is no news."""
        for key in keys:
            alarm = self._alarm(key)
            if alarm is None or alarm.state != "raised" or key in self._raised_s:
                continue
            is_news = self._is_caught_up()
            self._raised_s[key] = self._now_s() if is_news else float("-inf")
            if len(self._raised_s) > MAX_ALARMS:
                del self._raised_s[next(iter(self._raised_s))]
            if is_news:
                self.tick()

    def _hot_groups(self) -> frozenset[str]:
        now_s = self._now_s()
        hot = (self._alarm(key) for key, at_s in self._raised_s.items() if now_s - at_s < HOT_S)
        return frozenset(one.talkgroup for one in hot if one is not None and one.talkgroup)

    # -- doing it -------------------------------------------------------------------------------

    def _begin(self, task: str) -> None:
        is_new = task not in self._ours
        self._ours[task] = self._now_s()
        if not is_new:
            return
        if task.startswith(ALARM):
            self._keep(task.removeprefix(ALARM))
            return
        if task.startswith(GROUP):
            self._go_on(task)
            return
        patch = self._store.state.patches.get(task.removeprefix(PATCH))
        legs = self._legs_of(patch.groups) if patch is not None else None
        if patch is None or legs is None:
            del self._ours[task]
        else:
            self._legs.carried[patch.key] = tuple(leg.stream for leg in legs)
            self._to_engine(protocol.Patch(patch.key, legs))

    def _keep(self, key: str) -> None:
        self._kept[key] = None
        if len(self._kept) > MAX_ALARMS:
            del self._kept[next(iter(self._kept))]
        for stream in self._streams_of(self._alarm(key)):
            self._to_engine(protocol.KeepForAlarm(stream, key, KEPT_BEFORE_S, KEPT_S))

    def _go_on(self, task: str) -> None:
        if task.startswith(PATCH):
            self._to_engine(protocol.KeepPatch(task.removeprefix(PATCH)))
        elif task.startswith(GROUP) and self._groups is not None:
            self._groups.announce(task.removeprefix(GROUP))

    def _end(self, task: str) -> None:
        """What was kept with an alarm stays kept."""
        del self._ours[task]
        if task.startswith(PATCH):
            self._legs.carried.pop(task.removeprefix(PATCH), None)
            self._to_engine(protocol.Unpatch(task.removeprefix(PATCH)))
        elif task.startswith(GROUP) and self._groups is not None:
            self._groups.withdraw(task.removeprefix(GROUP))
