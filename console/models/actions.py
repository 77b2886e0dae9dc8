"""What a hand can do, turned into engine commands and site events. Nothing here blocks."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, Protocol

import msgspec
from PySide6.QtCore import QObject, Signal

from audio import protocol
from console.domain import alarm as alarms
from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmReopened,
    AlarmTaken,
    AnyBody,
    HandoverRead,
    LogExported,
)
from console.models.alarms import KEPT_BEFORE_S, KEPT_S, AlarmModel
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.settings import clean_name
from widgets.contracts.rows import (
    Attention,
    ButtonPurpose,
    HandoverRow,
    Priority,
    SoundForm,
    TimelineRow,
)

HEARD_S: Final = 10.0  # of hearing oneself
SPOKEN_SLACK_S: Final = 1.5
"""Between the floor's times and those of the sound: grant, permit tone, and two clocks."""
MUTE_S: Final = 30.0  # a word with somebody in the room; the widgets say the same figure


class Publish(Protocol):
    """Hands an event to the site, by way of the outbox; False when it could not be kept."""

    def __call__(self, body: AnyBody, *, cause: str | None = None) -> bool: ...


class DeskActions(QObject):
    """Implements widgets.contracts.actions.Actions."""

    person_named = Signal(str)
    pin_given = Signal(str)
    sign_in_dropped = Signal()
    code_given = Signal(str)
    master_changed = Signal(float)
    device_changed = Signal(str)
    second_changed = Signal(str)
    second_gain_changed = Signal(float)
    speed_changed = Signal(float)
    evened_changed = Signal(bool)
    hold_changed = Signal(float)
    microphone_changed = Signal()
    site_wanted = Signal()
    alarm_pause_wanted = Signal(bool)
    calls_wanted = Signal(str, str)  # of a stream, before a burst
    save_wanted = Signal(object)  # an Export
    list_wanted = Signal(str)  # a path
    hours_changed = Signal(float)
    talk_pressed = Signal(tuple, bool)  # streams, and whether the floor is taken
    talk_released = Signal()
    latch_changed = Signal(bool)
    button_wanted = Signal(str)  # a purpose
    learning_stopped = Signal()
    button_forgotten = Signal(str)
    button_restored = Signal(str)
    call_wanted = Signal(str, bool)  # whom, and whether in full duplex
    call_answered = Signal(str)
    call_rejected = Signal(str)
    hung_up = Signal()
    call_muted = Signal(bool)
    own_alarm_raised = Signal()
    own_alarm_cancelled = Signal()

    def __init__(
        self,
        *,
        store: SiteStore,
        talkgroups: TalkgroupModel,
        alarm_model: AlarmModel,
        status: StatusModel,
        to_engine: Callable[[protocol.Command], None],
        publish: Publish,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._talkgroups = talkgroups
        self._alarms = alarm_model
        self._status = status
        self._to_engine = to_engine
        self._publish = publish

    def select(self, key: str) -> None:
        self._talkgroups.change(key, attention="selected")

    def set_attention(self, key: str, attention: Attention) -> None:
        self._talkgroups.change(key, attention=attention)

    def set_gain(self, key: str, gain_db: float) -> None:
        self._talkgroups.change(key, gain_db=gain_db)

    def set_pan(self, key: str, pan: float | None) -> None:
        self._talkgroups.change(key, pan=pan)

    def set_muted(self, key: str, muted: bool) -> None:
        self._talkgroups.change(key, muted=muted)

    def set_priority(self, key: str, priority: Priority) -> None:
        self._talkgroups.change(key, priority=priority)

    def set_master_gain(self, gain_db: float) -> None:
        self._to_engine(msgspec.structs.replace(self._master(), gain_db=gain_db))
        self.master_changed.emit(gain_db)

    def set_evened(self, evened: bool) -> None:
        self._to_engine(msgspec.structs.replace(self._master(), evened=evened))
        self.evened_changed.emit(evened)

    def set_second_gain(self, gain_db: float) -> None:
        self._to_engine(msgspec.structs.replace(self._master(), second_db=gain_db))
        self.second_gain_changed.emit(gain_db)

    def _master(self) -> protocol.SetMaster:
        status = self._status.status()
        return protocol.SetMaster(status.master_gain_db, status.evened, status.second_gain_db)

    def pause_alarm_sound(self, paused: bool) -> None:
        self.alarm_pause_wanted.emit(paused)

    def mute_all(self, muted: bool) -> None:
        self._to_engine(protocol.MuteAll(MUTE_S if muted else 0.0))

    def follow(self, key: str) -> None:
        self._to_engine(protocol.Follow(key, self._status.status().hold_s))

    def set_hold(self, seconds: float) -> None:
        self._status.set(hold_s=seconds)
        self.hold_changed.emit(seconds)
        followed = self._status.status().following
        if followed is not None:
            self.follow(followed.key)

    def keep_following(self) -> None:
        """Once a second: what is said here is part of the conversation, too, and the engine does
        not always hear it come back."""
        followed = self._status.status().following
        if followed is not None and self._talkgroups.is_talked_in(followed.key):
            self.follow(followed.key)

    def recall(self, key: str) -> None:
        self._to_engine(protocol.Recall(key, who=self._who()))

    def catch_up(self, key: str) -> None:
        speed = self._status.status().catch_up_speed
        streams = (key,) if key else ()
        self._to_engine(protocol.CatchUp(streams, speed=speed, who=self._who()))

    def stop_replay(self) -> None:
        self._to_engine(protocol.StopReplay())

    def set_catch_up_speed(self, speed: float) -> None:
        """From now on, and of what is left of a catch-up that is on."""
        self._status.set(catch_up_speed=speed)
        self._to_engine(protocol.SetReplaySpeed(speed))
        self.speed_changed.emit(speed)

    def list_calls(self, key: str, before: str = "") -> None:
        self.calls_wanted.emit(key, before)

    def save_call(self, call: str, path: str, form: SoundForm) -> None:
        self.save_wanted.emit(protocol.Export(call, path, form, self._who()))

    def play_spoken(self, talkgroup: str, from_s: float, until_s: float) -> None:
        slack_s = SPOKEN_SLACK_S
        self._to_engine(
            protocol.Recall(
                group=talkgroup,
                from_ms=max(0, round((from_s - slack_s) * 1_000)),
                until_ms=round((until_s + slack_s) * 1_000),
                who=self._who(),
            )
        )

    def read_handover(self, rows: Sequence[HandoverRow]) -> bool:
        kinds = Counter(row.kind for row in rows)
        body = HandoverRead(
            alarms=kinds["alarm"],
            callouts=kinds["callout"],
            messages=kinds["message"],
            groups=kinds["group"],
            patches=kinds["patch"],
            missed=kinds["missed"],
        )
        return self._publish(body)

    def note_handover(self, rows: Sequence[HandoverRow]) -> bool:
        times = [round(row.time_s * 1_000) for row in rows if row.time_s is not None] or [0]
        return self._publish(LogExported(len(rows), min(times), max(times), form="copy"))

    def note_copy(self, rows: Sequence[TimelineRow]) -> bool:
        times = [round(row.time_s * 1_000) for row in rows]
        kinds = {row.kind for row in rows}
        only = kinds.pop() if len(kinds) == 1 else ""
        return self._publish(LogExported(len(rows), min(times), max(times), only, form="copy"))

    def save_timeline(self, path: str) -> None:
        self.list_wanted.emit(path)

    def set_recall_hours(self, hours: float) -> None:
        self._status.set(recall_hours=hours)
        self._to_engine(protocol.KeepBursts(hours))
        self.hours_changed.emit(hours)

    def _who(self) -> str:
        status = self._status.status()
        return status.person or status.position

    def press_to_talk(self, key: str, *, alone: bool = False, break_in: bool = False) -> None:
        self._rely_on_microphone()
        others = () if alone else self._talkgroups.along()
        self.talk_pressed.emit(tuple(dict.fromkeys((key, *others))), break_in)

    def _rely_on_microphone(self) -> None:
        known = self._status.status().microphone
        if not known.relied_on:
            self._status.set(microphone=dataclasses.replace(known, relied_on=True))

    def release_to_talk(self) -> None:
        self.talk_released.emit()

    def set_latch(self, latch: bool) -> None:
        self._status.set(latch=latch)
        self.latch_changed.emit(latch)

    def learn_button(self, purpose: ButtonPurpose) -> None:
        self.button_wanted.emit(purpose)

    def stop_learning(self) -> None:
        self.learning_stopped.emit()

    def forget_button(self, purpose: ButtonPurpose) -> None:
        self.button_forgotten.emit(purpose)

    def restore_button(self, purpose: ButtonPurpose) -> None:
        self.button_restored.emit(purpose)

    def set_along(self, key: str, along: bool) -> None:
        self._talkgroups.set_along(key, along)

    def call(self, whom: str, full: bool) -> None:
        self.call_wanted.emit(whom, full)

    def answer_call(self, call: str) -> None:
        self.call_answered.emit(call)

    def reject_call(self, call: str) -> None:
        self.call_rejected.emit(call)

    def hang_up(self) -> None:
        self.hung_up.emit()

    def mute_call(self, muted: bool) -> None:
        self.call_muted.emit(muted)

    def acknowledge(self, alarm: str) -> None:
        self._answer(alarm, "acknowledge", AlarmAcknowledged(alarm))

    def take(self, alarm: str) -> None:
        self._answer(alarm, "take", AlarmTaken(alarm))

    def close_alarm(self, alarm: str, reason: Literal["real", "false-press", "test"]) -> None:
        self._answer(alarm, "close", AlarmClosed(alarm, reason))

    def reopen_alarm(self, alarm: str) -> None:
        known = self._store.state.alarms.get(alarm)
        if known is not None and known.standing_closes:
            self._answer(alarm, "reopen", AlarmReopened(alarm, known.standing_closes))

    def hear_alarm(self, alarm: str) -> None:
        known = self._store.state.alarms.get(alarm)
        if known is None:
            return
        raised_ms = known.raised.time_ms
        self._to_engine(
            protocol.Recall(
                group=known.talkgroup or "",
                from_ms=max(0, raised_ms - round(KEPT_BEFORE_S * 1_000)),
                until_ms=raised_ms + round(KEPT_S * 1_000) if known.talkgroup else 0,
                alarm=alarm,
                who=self._who(),
            )
        )

    def raise_own_alarm(self) -> None:
        self._rely_on_microphone()
        self.own_alarm_raised.emit()

    def cancel_own_alarm(self) -> None:
        self.own_alarm_cancelled.emit()

    def set_person(self, name: str) -> None:
        self.person_named.emit(clean_name(name))

    def sign_in(self, pin: str) -> None:
        self.pin_given.emit(pin)

    def drop_sign_in(self) -> None:
        self.sign_in_dropped.emit()

    def enrol(self, code: str) -> None:
        self._status.set(enrol_note="working")
        self.code_given.emit(code)

    def list_devices(self) -> None:
        """The answer comes as the status's ``devices``."""
        self._to_engine(protocol.GetDevices())

    def choose_device(self, name: str) -> None:
        self._status.set(device_chosen=name)
        self.device_changed.emit(name)

    def choose_second(self, name: str) -> None:
        self._status.set(second_chosen=name, second_device="", second_note="")
        self._to_engine(protocol.SetSecondDevice(name))
        self.second_changed.emit(name)

    def change_output(self, key: str) -> None:
        self._talkgroups.change_output(key)

    def list_microphones(self) -> None:
        """The answer comes as the status's ``microphone.choices``."""
        self._to_engine(protocol.GetMicrophones())

    def choose_microphone(self, name: str) -> None:
        self._change_microphone(chosen=name, relied_on=True)

    def set_voice(self, suppress: bool, gain_control: bool, side_tone: bool) -> None:
        self._change_microphone(suppress=suppress, gain_control=gain_control, side_tone=side_tone)

    def _change_microphone(self, **fields: Any) -> None:
        known = self._status.status().microphone
        self._status.set(microphone=dataclasses.replace(known, **fields))
        self.microphone_changed.emit()

    def hear_myself(self, on: bool) -> None:
        self._to_engine(protocol.HearMyself(HEARD_S if on else 0.0))

    def start_site(self) -> None:
        """The operator took the offer to start a site on this machine."""
        self._status.set(site_offer=False)
        self.site_wanted.emit()

    def _answer(self, key: str, step: alarms.Step, body: Any) -> None:
        """Once: a second press while the first is under way, or too late, says nothing more."""
        known = self._store.state.alarms.get(key)
        if known is None or not alarms.allowed(known.state, step) or self._alarms.is_pending(key):
            return
        if self._publish(body, cause=known.latest if step == "reopen" else known.raised.id):
            self._alarms.mark_pending(key, step)
