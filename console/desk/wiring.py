"""Which signal leads where between a desk's parts and its window. What needs a link is wired where
that is made, in :mod:`console.desk.linked`."""

from __future__ import annotations

from console.desk.parts import Parts
from widgets.window import DeskWindow


def wire(parts: Parts, window: DeskWindow) -> None:
    _wire_window(parts, window)
    _wire_person(parts)
    _wire_hands(parts)
    _wire_models(parts)


def _wire_window(parts: Parts, window: DeskWindow) -> None:
    memory = parts.memory
    window.theme_chosen.connect(lambda name: memory.change(theme=name))
    window.language_chosen.connect(lambda language: _retranslate(parts, language))
    window.toured.connect(lambda: memory.change(toured=True))
    window.scale_chosen.connect(lambda percent: memory.change(scale=percent))


def _retranslate(parts: Parts, language: str) -> None:
    for model in (
        parts.talkgroups,
        parts.units,
        parts.alarms,
        parts.log,
        parts.people,
        parts.group_news,
        parts.handover,
        parts.timeline,
    ):
        model.retranslate()
    parts.memory.change(language=language)


def _wire_person(parts: Parts) -> None:
    actions, persons = parts.actions, parts.persons
    persons.signed_in.connect(lambda name: parts.memory.change(person=name))
    actions.person_named.connect(persons.name)
    actions.pin_given.connect(persons.pin)
    actions.sign_in_dropped.connect(persons.drop)
    actions.code_given.connect(parts.outside.enrol)
    actions.site_wanted.connect(parts.outside.start_site)
    actions.own_alarm_raised.connect(parts.own_alarm.raise_alarm)
    actions.own_alarm_cancelled.connect(parts.own_alarm.cancel)


def _wire_hands(parts: Parts) -> None:
    actions, memory, buttons = parts.actions, parts.memory, parts.buttons
    parts.sound.follow(actions)
    actions.speed_changed.connect(lambda speed: memory.change(catch_up_speed=speed))
    actions.hold_changed.connect(lambda seconds: memory.change(hold_s=seconds))
    actions.latch_changed.connect(lambda latch: memory.change(latch=latch))
    actions.button_wanted.connect(buttons.learn)
    actions.learning_stopped.connect(buttons.stop_learning)
    actions.button_forgotten.connect(buttons.forget)
    actions.button_restored.connect(buttons.restore)
    buttons.bound.connect(lambda bound: memory.change(buttons=bound))
    actions.alarm_pause_wanted.connect(parts.alarm_sound.pause)
    actions.calls_wanted.connect(parts.calls.ask)
    actions.save_wanted.connect(parts.calls.save)
    actions.list_wanted.connect(parts.timeline.save)


def _wire_models(parts: Parts) -> None:
    memory, to_engine = parts.memory, parts.outside.to_engine
    parts.talkgroups.mix_changed.connect(to_engine)
    parts.talkgroups.settings_changed.connect(memory.save_soon)
    parts.talkgroups.settings_changed.connect(parts.sit)
    parts.status.changed.connect(parts.sit)
    parts.alarm_sound.changed.connect(to_engine)
    parts.maps.chosen_changed.connect(lambda k, f: memory.change(map=k, map_files=f))
    parts.layout.page_turned.connect(lambda page: memory.change(page=page))
    parts.layout.arranged.connect(memory.save_soon)
    parts.layouts.seen_changed.connect(lambda seen: memory.change(layout_seen=seen))
    parts.store.talkgroups_changed.connect(lambda _keys: _exercise_or_not(parts))


def _exercise_or_not(parts: Parts) -> None:
    groups = parts.store.state.talkgroups.values()
    parts.status.set(exercise=any(group.exercise for group in groups))
