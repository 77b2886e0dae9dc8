"""A desk's links, and what goes by them: talking, calls, groups, receipts. Made when the window has
been painted: until then nothing here is even imported."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable

from PySide6.QtCore import QObject

from console.desk.calling import CallDesk
from console.desk.floor import FloorDesk
from console.desk.grouping import GroupDesk
from console.desk.intake import Intake, Models
from console.desk.links import LinkOptions, Links
from console.desk.listening import Listening
from console.desk.mail import Mail
from console.desk.marks import Marks
from console.desk.parts import Parts
from console.desk.patching import TaskDesk
from console.desk.upkeep import Upkeep
from console.domain.events import PositionJoined, PositionLeft
from console.settings import clean_name
from console.timeline.process import TimelineProcess

log = logging.getLogger(__name__)


class Linked(QObject):
    def __init__(
        self, parts: Parts, options: argparse.Namespace, marks: Marks, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._outside = parts.outside
        self.links = Links(_link_options(parts, options), parts.inbox.post)
        self._listening = Listening(
            interface=options.interface,
            keys=options.keys,
            unicast_ports=dict(options.unicast_port),
            site=self.links.voice(),
        )
        self._outside.listening = self._listening
        self.timeline_process = TimelineProcess(
            parts.home, interface=options.interface, log_level=options.log_level
        )
        self.intake = new_intake(parts, self._listening, self._outside.has_all_of_site, self)
        self.upkeep = Upkeep(
            parts, self.links, self.intake, self.timeline_process, marks=marks, parent=self
        )
        self._wire_intake()
        self.floor = self._outside.floor = self._new_floor()
        self.tasks = self._new_tasks()
        self._calling = self._new_calling()
        self._groups = self._new_groups()
        self._mail = Mail(
            parts.store,
            say=lambda body, cause: self._outside.say(body, cause=cause),
            me=self._outside.member,
            is_caught_up=self._outside.has_all_of_site,
            parent=self,
        )
        parts.inbox.overflowed.connect(self._start_over)

    def start(self, *, start_site: bool) -> None:
        parts = self._parts
        self._outside.links = self.links
        parts.sound.tell_all()
        parts.sit()
        self.links.start()
        self.timeline_process.start()
        parts.timeline.start()
        parts.buttons.start()
        if start_site:
            self.links.start_site()
        self.upkeep.start()

    def end(self) -> None:
        """The engine is told goodbye, so that it doesn't announce a desk that died."""
        self._calling.end()
        self._parts.layouts.save()
        self._outside.say(PositionLeft(self._outside.label()))
        self.timeline_process.stop()
        self._parts.timeline.stop()
        self.links.stop()

    # -- what comes in --------------------------------------------------------------------

    def _wire_intake(self) -> None:
        parts, intake = self._parts, self.intake
        intake.labelled.connect(self._labelled)
        intake.site_found.connect(self.greet)
        intake.site_found.connect(parts.persons.site_found)
        intake.site_found.connect(self.upkeep.log_is_read_anew)
        intake.site_told.connect(parts.persons.site_told)
        intake.site_told.connect(parts.site_disks.site_told)
        intake.presence_told.connect(parts.desks.take)
        intake.exported.connect(parts.log.note_export)
        intake.engine_told.connect(parts.diagnostics.take)
        intake.engine_told.connect(parts.calls.take)
        intake.engine_told.connect(self._outside.note)

    def _labelled(self, label: str) -> None:
        """Unless somebody here has said what this desk is called."""
        status = self._parts.status
        if not status.status().position:
            position = clean_name(label)
            status.set(position=position)
            self._parts.memory.change(position=position)

    def greet(self) -> None:
        self._outside.say(PositionJoined(self._outside.label()))

    def _start_over(self) -> None:
        """The window was too far behind, and what waited for it was let go: all of it is asked for
        again. What is shown stays until then; above all the alarms, and their tone."""
        log.warning("the window was too far behind; everything is read again")
        self._parts.store.tell_again()
        self.links.tell_again()
        self.intake.streams_are(self.links.streams())

    # -- talking --------------------------------------------------------------------------

    def _new_floor(self) -> FloorDesk:
        parts, intake, actions = self._parts, self.intake, self._parts.actions
        floor = FloorDesk(
            store=parts.store,
            talkgroups=parts.talkgroups,
            status=parts.status,
            specs=self._listening.specs,
            is_rekeyed=self._listening.is_rekeyed,
            to_engine=self._outside.to_engine,
            ask=self._outside.ask,
            member=self._outside.member,
            in_emergency=lambda: parts.own_alarm.is_open,
            parent=self,
        )
        intake.site_told.connect(floor.site_told)
        intake.engine_told.connect(floor.engine_said)
        intake.engine_lost.connect(floor.engine_is_down)
        floor.granted_first.connect(parts.sound.floors_are_granted)
        actions.talk_pressed.connect(floor.press)
        actions.talk_released.connect(floor.release)
        return floor

    def _new_tasks(self) -> TaskDesk:
        tasks = TaskDesk(
            store=self._parts.store,
            talkgroups=self._parts.talkgroups,
            legs=self.floor,
            to_engine=self._outside.to_engine,
            ask=self._outside.ask,
            publish=self._outside.say,
            member=self._outside.member,
            is_caught_up=self._outside.has_all_of_site,
            parent=self,
        )
        self.intake.site_told.connect(tasks.site_told)
        self.intake.engine_told.connect(tasks.engine_said)
        return tasks

    # -- calls ----------------------------------------------------------------------------

    def _new_calling(self) -> CallDesk:
        parts, intake = self._parts, self.intake
        calling = CallDesk(
            store=parts.store,
            status=parts.status,
            callees=parts.callees,
            streams=self.links.calls,
            floor=self.floor,
            to_engine=self._outside.to_engine,
            publish=self._outside.publish,
            member=self._outside.member,
            presence=self.links.presence,
            is_caught_up=self._outside.has_all_of_site,
            parent=self,
        )
        self.floor.talk_also_in(calling)
        calling.changed.connect(self._calls_are)
        parts.store.calls_changed.connect(self._calls_are_known)
        intake.engine_told.connect(calling.engine_said)
        intake.engine_lost.connect(calling.engine_is_down)
        intake.keys_changed.connect(calling.keys_changed)
        actions = parts.actions
        actions.call_wanted.connect(calling.call)
        actions.call_answered.connect(calling.answer)
        actions.call_rejected.connect(calling.reject)
        actions.hung_up.connect(calling.hang_up)
        actions.call_muted.connect(calling.mute)
        return calling

    def _calls_are(self, talked_in: str) -> None:
        """What is heard of calls follows."""
        known = frozenset(self._parts.store.state.calls)
        for command in self._listening.calls_are(known, talked_in, self.links.calls.host):
            self._outside.to_engine(command)

    def _calls_are_known(self, keys: tuple[str, ...]) -> None:
        """Keys of what has ended are let go: all who hear a call announced ask for them."""
        self._calls_are(self._calling.talked_in)
        for key in keys:
            call = self._parts.store.state.calls.get(key)
            if call is None or call.state == "ended":
                self.links.forget_keys(key)

    # -- groups that are formed -----------------------------------------------------------

    def _new_groups(self) -> GroupDesk:
        groups = GroupDesk(
            store=self._parts.store,
            voice=self.links.groups,
            listening=self._listening,
            floor=self.floor,
            stream_known=self.intake.stream_known,
            streams_end=self.intake.streams_end,
            groups_are=self._groups_are,
            stations=self.links.streams,
            member=self._outside.member,
            is_caught_up=self._outside.has_all_of_site,
            parent=self,
        )
        self.intake.keys_changed.connect(groups.keys_changed)
        self.tasks.announce_also(groups)
        return groups

    def _groups_are(self, formed: frozenset[str]) -> None:
        for command in self._listening.groups_are(formed):
            self._outside.to_engine(command)


def new_intake(
    parts: Parts, listening: Listening, has_all: Callable[[], bool], parent: QObject
) -> Intake:
    """Takes what the inbox brings; ``has_all``: whether that is all of the site's log by now."""
    models = Models(parts.store, parts.talkgroups, parts.alarms, parts.status)
    intake = Intake(models, listening, parts.outside.to_engine, has_all, parent)
    parts.inbox.arrived.connect(intake.take)
    return intake


def _link_options(parts: Parts, options: argparse.Namespace) -> LinkOptions:
    return LinkOptions(
        home=parts.home,
        interface=options.interface,
        device=parts.memory.now.device,
        log_level=options.log_level,
        person=parts.memory.now.person,
        linger_s=options.linger,
    )
