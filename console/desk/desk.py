"""Puts the desk together: models, window, and the links to engine, site and streams.

Order matters for the start: the window first, then, once it has been painted, the links, which
find their peers on threads of their own. Nothing here waits for a network or a device.
"""

from __future__ import annotations

import argparse
import logging
import platform
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from audio import protocol
from audio.logs import logging_to
from console import garbage
from console.desk.arranging import Arranging
from console.desk.audit import AuditTrail
from console.desk.buttons import ButtonDesk
from console.desk.collector import Collector
from console.desk.intake import Intake, Models
from console.desk.layouts import LayoutDesk
from console.desk.mail import Mail
from console.desk.map_views import MapViews
from console.desk.marks import FIRST_PAINT, FIRST_VOICE, Marks
from console.desk.memory import Memory
from console.desk.microphone import first_microphone
from console.desk.news import weight
from console.desk.own_alarm import OwnAlarmDesk
from console.desk.persons import Persons
from console.desk.picture import Picture
from console.desk.site_figures import site_link_figures
from console.desk.sound_choices import SoundChoices
from console.domain.events import AnyBody, PositionJoined, PositionLeft
from console.models.actions import DeskActions
from console.models.aid import AidModel
from console.models.alarm_sound import AlarmSound
from console.models.alarms import AlarmModel
from console.models.callees import CalleeModel
from console.models.calls import CallModel
from console.models.clock import WallClock
from console.models.desks import DesksModel
from console.models.diagnostics import DiagnosticsModel
from console.models.handover import HandoverModel
from console.models.inbox import Inbox
from console.models.landmarks import LandmarkModel
from console.models.layout import LayoutModel
from console.models.log import LogModel
from console.models.maps import MapModel
from console.models.people import PeopleModel
from console.models.places import PlaceModel
from console.models.posting import Posting
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.models.timeline import TimelineModel
from console.models.units import UnitModel
from console.settings import DeskSettings, SettingsFile, clean_name
from console.site.log.ids import new_id
from console.site.log.retention import keep_ms
from console.site.node.lock import FolderLock
from console.timeline.folder import folder_of
from widgets.app import make_application
from widgets.contracts.rows import DeskStatus
from widgets.contracts.sources import Sources
from widgets.theme import PALETTES
from widgets.window import DeskWindow

if TYPE_CHECKING:
    from console.desk.floor import FloorDesk
    from console.desk.links import Links
    from console.desk.listening import Listening

log = logging.getLogger(__name__)

HEARTBEAT_MS: Final = 250
STATUS_MS: Final = 1_000
EXPIRE_MS: Final = 3_600_000
VOICE_MS: Final = 20
TOUR_MS: Final = 3_000
"""After the first paint: what there is to be explained, and an alarm, has come by then."""
AUDIBLE_DBFS: Final = -40.0  # peak
GIVEN: Final = ("position", "person", "theme", "language", "device")
NAMES: Final = ("position", "person")


class Desk(QObject):
    """One window and all that stands behind it; made and run on the main thread."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Raises KeysError for a key file that can't be used."""
        self._options = options
        self._home = options.home.resolve()
        file = SettingsFile(self._home / "desk" / "settings.json")
        known = settings_with(file.load(), options)
        self._app = make_application(["vaktbord"], known.theme, known.language)
        super().__init__()
        self._memory = Memory(file, known, self._gathered, self)
        self._marks = Marks()
        self._links: Links | None = None
        self._listening: Listening | None = None
        self._intake: Intake | None = None
        self._floor: FloorDesk | None = None
        self._audit = AuditTrail()
        self._expired_by: tuple[Mapping[str, int], bool] = ({}, False)
        self._make_models()
        self._shown = self._sources()
        self._window = DeskWindow(self._shown, PALETTES[known.theme], known.language)
        self._window.set_scale(known.scale)
        self._arranging = Arranging(self._window, self._memory.save_soon, self)
        self._collector = Collector(self)
        self._connect()
        if file.is_new:  # the author's name is to stand from the first event on
            self._memory.save_soon()

    def run(self) -> int:
        """Until the window is closed or the process is asked to end."""
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, lambda *_: self._app.quit())
        self.open()
        try:
            return self._app.exec()
        finally:
            self.end()

    def open(self) -> DeskWindow:
        """Show the window; the rest follows its first paint."""
        # Python looks after a signal only when Python code runs; the heartbeat sees to that.
        self._timer(HEARTBEAT_MS, self._beat).start()
        self._collector.watch(self._window)
        self._collector.start()
        self._arranging.open(lambda: self._memory.now, self._options.size)
        return self._window

    # -- making -------------------------------------------------------------------------------

    def _make_models(self) -> None:
        known = self._memory.now
        self._inbox = Inbox(self, weigh=weight)
        self._store = SiteStore(self)
        self._units = UnitModel(self._store, self)
        self._alarms = AlarmModel(self._store, self, member=self._member)
        self._log = LogModel(self._store, self)
        self._status = StatusModel(self._first_status(), self)
        self._alarm_sound = AlarmSound(self._store, self._status, self, member=self._member)
        self._talkgroups = TalkgroupModel(
            self._store,
            settings=known.tiles,
            order=known.order,
            unheard=self._why_unheard,
            allows_open=self._allows_open,
            member=self._member,
            parent=self,
        )
        self._desks = DesksModel(
            self._store, self._talkgroups, self._status, own=self._member, parent=self
        )
        self._own_alarm = OwnAlarmDesk(
            self._store,
            self._status,
            publish=self._publish,
            member=self._member,
            front=lambda: self._talkgroups.here()[0],
            label=self._label,
            trains=self._trains,
            parent=self,
        )
        self._diagnostics = DiagnosticsModel(
            self._status, name=self._talkgroups.name, order=self._talkgroups.keys, parent=self
        )
        self._buttons = ButtonDesk(
            self._status,
            known.buttons,
            home=self._home,
            options=devices_below(getattr(self._options, "devices", None)),
            parent=self,
        )
        self._calls = CallModel(
            self._status, to_engine=self._to_engine, name=self._talkgroups.name, parent=self
        )
        self._timeline = TimelineModel(
            self._store,
            folder_of(self._home),
            note=self._say,
            since_s=self._signed_in_s,
            parent=self,
        )
        self._places = PlaceModel(self._home, self)
        self._callees = CalleeModel(self._store, member=self._member, parent=self)
        self._people = PeopleModel(self._store, me=self._member, parent=self)
        self._aid = AidModel(self._store, self)
        self._handover = HandoverModel(
            self._store, self._people, self._talkgroups, me=self._member, parent=self
        )
        self._posting = Posting(
            self._store, publish=self._publish, new_id=new_id, me=self._member, trains=self._trains
        )
        self._sound = SoundChoices(
            self._memory,
            self._status,
            to_engine=self._to_engine,
            grants=lambda: self._grants,
            parent=self,
        )
        self._actions = DeskActions(
            store=self._store,
            talkgroups=self._talkgroups,
            alarm_model=self._alarms,
            status=self._status,
            to_engine=self._to_engine,
            publish=self._publish,
            parent=self,
        )
        self._landmarks = LandmarkModel(
            self._store,
            publish=self._publish,
            new_id=new_id,
            role=self._role,
            trains=self._trains,
            parent=self,
        )
        self._maps = MapModel(self._home, known.map, known.map_files, self)
        self._make_layout()

    def _make_layout(self) -> None:
        known = self._memory.now
        self._layout = LayoutModel(
            self._store,
            self._talkgroups,
            layout=known.layout,
            shown=known.page,
            publish=self._publish,
            role=self._role,
            parent=self,
        )
        self._layouts = LayoutDesk(
            self._store,
            self._status,
            self._layout,
            seen=known.layout_seen,
            say=self._say_as,
            role=self._role,
            trains=self._trains,
            is_confirmed=lambda: self._persons.is_confirmed,
            parent=self,
        )

    def _role(self) -> str:
        """This desk's at its site, "" = it is at none."""
        return self._links.role if self._links is not None else ""

    def _member(self) -> str:
        """As whom this desk is at its site, "" = it is at none."""
        return self._links.member if self._links is not None else ""

    def _signed_in_s(self) -> float:
        """When whoever sits here said so, 0 = nobody has."""
        desk = self._store.state.desks.get(self._member())
        return desk.person_ms / 1e3 if desk is not None and desk.person else 0.0

    def _trains(self) -> bool:
        """Whether what this desk says is an exercise's."""
        return self._links is not None and self._links.trains

    def _first_status(self) -> DeskStatus:
        known = self._memory.now
        return DeskStatus(
            position=known.position,
            person=known.person,
            device=known.device,
            device_chosen=known.device,
            microphone=first_microphone(known),
            transmit_note=not_ready(),
            second_chosen=known.second_device,
            second_gain_db=known.second_gain_db,
            master_gain_db=known.master_gain_db,
            recall_hours=known.recall_hours,
            catch_up_speed=known.catch_up_speed,
            evened=known.evened,
            hold_s=known.hold_s,
            latch=known.latch,
        )

    def _sources(self) -> Sources:
        return Sources(
            talkgroups=self._talkgroups,
            units=self._units,
            alarms=self._alarms,
            log=self._log,
            status=self._status,
            clock=WallClock(),
            actions=self._actions,
            diagnostics=self._diagnostics,
            calls=self._calls,
            timeline=self._timeline,
            callees=self._callees,
            people=self._people,
            posting=self._posting,
            aid=self._aid,
            layout=self._layout,
            arranging=self._layout,
            handover=self._handover,
            buttons=self._buttons,
            map_views=MapViews(self._memory),
            landmarks=self._landmarks,
            marking=self._landmarks,
            maps=self._maps,
            places=self._places,
        )

    def _connect(self) -> None:
        window, actions = self._window, self._actions
        window.painted.connect(self._painted)
        window.theme_chosen.connect(lambda name: self._memory.change(theme=name))
        window.language_chosen.connect(self._language_chosen)
        window.toured.connect(lambda: self._memory.change(toured=True))
        window.scale_chosen.connect(lambda percent: self._memory.change(scale=percent))
        self._persons = Persons(self._status, self._ask_site, self._say, self)
        self._persons.signed_in.connect(lambda name: self._memory.change(person=name))
        self._sound.follow(actions)
        actions.person_named.connect(self._persons.name)
        actions.pin_given.connect(self._persons.pin)
        actions.sign_in_dropped.connect(self._persons.drop)
        actions.code_given.connect(self._enrol)
        actions.own_alarm_raised.connect(self._own_alarm.raise_alarm)
        actions.own_alarm_cancelled.connect(self._own_alarm.cancel)
        actions.speed_changed.connect(lambda speed: self._memory.change(catch_up_speed=speed))
        actions.hold_changed.connect(lambda seconds: self._memory.change(hold_s=seconds))
        actions.latch_changed.connect(lambda latch: self._memory.change(latch=latch))
        actions.button_wanted.connect(self._buttons.learn)
        actions.learning_stopped.connect(self._buttons.stop_learning)
        actions.button_forgotten.connect(self._buttons.forget)
        self._buttons.bound.connect(lambda buttons: self._memory.change(buttons=buttons))
        actions.site_wanted.connect(self._start_site)
        actions.alarm_pause_wanted.connect(self._alarm_sound.pause)
        actions.calls_wanted.connect(self._calls.ask)
        actions.save_wanted.connect(self._calls.save)
        actions.list_wanted.connect(self._timeline.save)
        self._talkgroups.mix_changed.connect(self._to_engine)
        self._talkgroups.settings_changed.connect(self._memory.save_soon)
        self._talkgroups.settings_changed.connect(self._sit)
        self._status.changed.connect(self._sit)
        self._alarm_sound.changed.connect(self._to_engine)
        self._maps.chosen_changed.connect(lambda k, f: self._memory.change(map=k, map_files=f))
        self._layout.page_turned.connect(lambda page: self._memory.change(page=page))
        self._layout.arranged.connect(self._memory.save_soon)
        self._layouts.seen_changed.connect(lambda seen: self._memory.change(layout_seen=seen))
        self._layouts.start()
        self._store.talkgroups_changed.connect(self._exercise_or_not)
        self._inbox.overflowed.connect(self._start_over)

    def _timer(self, every_ms: int, call: Callable[[], object], *, once: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every_ms)
        timer.setSingleShot(once)
        timer.timeout.connect(call)
        return timer

    # -- after the first paint ----------------------------------------------------------------

    def _painted(self) -> None:
        self._marks.make(FIRST_PAINT)
        QTimer.singleShot(0, self._open_links)
        is_seen = QGuiApplication.platformName() != "offscreen"  # by anybody
        if is_seen and not self._memory.now.toured and self._options.screenshot is None:
            QTimer.singleShot(TOUR_MS, self._window, self._window.begin_tour)
        if self._options.screenshot is not None:
            QTimer.singleShot(round(self._options.after * 1_000), self._take_picture)

    def _take_picture(self) -> None:
        path = self._options.screenshot
        picture = Picture(self._window, self._shown, path, self._app.exit, self)
        picture.take_when_settled()

    def _open_links(self) -> None:
        from console.desk.links import LinkOptions, Links  # noqa: PLC0415  # after the first paint
        from console.desk.listening import Listening  # noqa: PLC0415

        options = self._options
        link_options = LinkOptions(
            home=self._home,
            interface=options.interface,
            device=self._memory.now.device,
            log_level=options.log_level,
            person=self._memory.now.person,
            linger_s=options.linger,
        )
        links = Links(link_options, self._inbox.post)
        self._listening = Listening(
            interface=options.interface,
            keys=options.keys,
            unicast_ports=dict(options.unicast_port),
            site=links.voice(),
        )
        self._intake = Intake(
            self._models(), self._listening, self._to_engine, self._has_all_of_site, self
        )
        self._intake.labelled.connect(self._labelled)
        self._intake.site_found.connect(self._greet)
        self._intake.site_found.connect(self._persons.site_found)
        self._intake.site_found.connect(self._log_is_read_anew)
        self._intake.site_told.connect(self._persons.site_told)
        self._intake.presence_told.connect(self._desks.take)
        self._intake.exported.connect(self._log.note_export)
        self._intake.engine_told.connect(self._diagnostics.take)
        self._intake.engine_told.connect(self._calls.take)
        self._intake.engine_told.connect(self._note)
        self._inbox.arrived.connect(self._intake.take)
        self._make_floor()
        self._make_calls(links)
        self._make_groups(links)
        self._mail = Mail(
            self._store,
            say=lambda body, cause: self._say(body, cause=cause),
            me=self._member,
            is_caught_up=self._has_all_of_site,
            parent=self,
        )
        self._links = links
        self._sound.tell_all()
        self._sit()
        self._links.start()
        self._start_timeline()
        self._buttons.start()
        if getattr(options, "start_site", False):
            self._links.start_site()
        self._timer(STATUS_MS, self._ask).start()
        self._timer(EXPIRE_MS, self._forget_expired).start()
        if self._marks.wants(FIRST_VOICE):
            self._voice_timer = self._timer(VOICE_MS, self._look_for_voice)
            self._voice_timer.start()

    def _start_timeline(self) -> None:
        from console.timeline.process import TimelineProcess  # noqa: PLC0415  # after the first paint

        options = self._options
        self._timeline_process = TimelineProcess(
            self._home, interface=options.interface, log_level=options.log_level
        )
        self._timeline_process.start()
        self._timeline.start()

    def _make_floor(self) -> None:
        from console.desk.floor import FloorDesk  # noqa: PLC0415  # after the first paint

        assert self._intake is not None
        assert self._listening is not None
        self._floor = FloorDesk(
            store=self._store,
            talkgroups=self._talkgroups,
            status=self._status,
            specs=self._listening.specs,
            is_rekeyed=self._listening.is_rekeyed,
            to_engine=self._to_engine,
            ask=self._ask_site,
            member=self._member,
            in_emergency=lambda: self._own_alarm.is_open,
            parent=self,
        )
        self._intake.site_told.connect(self._floor.site_told)
        self._intake.engine_told.connect(self._floor.engine_said)
        self._intake.engine_lost.connect(self._floor.engine_is_down)
        self._floor.granted_first.connect(self._sound.floors_are_granted)
        self._make_tasks(self._floor)
        self._actions.talk_pressed.connect(self._floor.press)
        self._actions.talk_released.connect(self._floor.release)

    def _make_tasks(self, floor: FloorDesk) -> None:
        from console.desk.patching import TaskDesk  # noqa: PLC0415  # after the first paint

        assert self._intake is not None
        self._tasks = TaskDesk(
            store=self._store,
            talkgroups=self._talkgroups,
            legs=floor,
            to_engine=self._to_engine,
            ask=self._ask_site,
            publish=self._say,
            member=lambda: self._links.member if self._links is not None else "",
            is_caught_up=self._has_all_of_site,
            parent=self,
        )
        self._intake.site_told.connect(self._tasks.site_told)
        self._intake.engine_told.connect(self._tasks.engine_said)

    def _make_calls(self, links: Links) -> None:
        from console.desk.calling import CallDesk  # noqa: PLC0415  # after the first paint

        assert self._intake is not None
        assert self._floor is not None
        self._calling = calling = CallDesk(
            store=self._store,
            status=self._status,
            callees=self._callees,
            streams=links.calls,
            floor=self._floor,
            to_engine=self._to_engine,
            publish=self._publish,
            member=self._member,
            presence=links.presence,
            is_caught_up=self._has_all_of_site,
            parent=self,
        )
        self._floor.talk_also_in(calling)
        calling.changed.connect(self._calls_are)
        self._store.calls_changed.connect(self._calls_are_known)
        self._intake.engine_told.connect(calling.engine_said)
        self._intake.engine_lost.connect(calling.engine_is_down)
        self._intake.keys_changed.connect(calling.keys_changed)
        actions = self._actions
        actions.call_wanted.connect(calling.call)
        actions.call_answered.connect(calling.answer)
        actions.call_rejected.connect(calling.reject)
        actions.hung_up.connect(calling.hang_up)
        actions.call_muted.connect(calling.mute)

    def _make_groups(self, links: Links) -> None:
        from console.desk.grouping import GroupDesk  # noqa: PLC0415  # after the first paint

        assert self._intake is not None
        assert self._floor is not None
        assert self._listening is not None
        groups = GroupDesk(
            store=self._store,
            voice=links.groups,
            listening=self._listening,
            floor=self._floor,
            stream_known=self._intake.stream_known,
            streams_end=self._intake.streams_end,
            groups_are=self._groups_are,
            stations=links.streams,
            member=self._member,
            is_caught_up=self._has_all_of_site,
            parent=self,
        )
        self._intake.keys_changed.connect(groups.keys_changed)
        self._tasks.announce_also(groups)

    def _groups_are(self, formed: frozenset[str]) -> None:
        assert self._listening is not None
        for command in self._listening.groups_are(formed):
            self._to_engine(command)

    def _calls_are(self, talked_in: str) -> None:
        """What is heard of calls follows."""
        assert self._listening is not None
        assert self._links is not None
        known = frozenset(self._store.state.calls)
        host = self._links.calls.host
        for command in self._listening.calls_are(known, talked_in, host):
            self._to_engine(command)

    def _calls_are_known(self, keys: tuple[str, ...]) -> None:
        """Keys of what has ended are let go: all who hear a call announced ask for them."""
        self._calls_are(self._calling.talked_in)
        for key in keys:
            call = self._store.state.calls.get(key)
            if self._links is not None and (call is None or call.state == "ended"):
                self._links.forget_keys(key)

    def _ask_site(self, service: str, key: str, payload: bytes, timeout_s: float) -> None:
        if self._links is not None:
            self._links.ask(service, key, payload, timeout_s)

    @property
    def _grants(self) -> bool:
        """Whether the site has ever given this desk's floors to be talked on."""
        return self._floor is not None and self._floor.grants

    def _has_all_of_site(self) -> bool:
        return self._links is not None and self._links.has_all_of_site

    def _models(self) -> Models:
        return Models(self._store, self._talkgroups, self._alarms, self._status)

    def _beat(self) -> None:
        """From this very event loop: its absence is what a hung window looks like."""
        self._to_engine(protocol.Heartbeat())

    def _ask(self) -> None:
        self._actions.keep_following()
        self._to_engine(protocol.GetStatus())
        self._desks.show()
        self._sit()
        if self._links is not None:
            self._timeline.tell_trouble(self._timeline_process.trouble)
            figures = self._links.site_figures()
            self._status.set(
                undelivered=figures.undelivered,
                skipped_events=figures.skipped + self._store.failed,
                outbox_note=figures.complaint,
            )
            self._look_at_site(self._links.has_all_of_site)
            self._diagnostics.take_site(
                site_link_figures(
                    figures, self._store.state, self._store.failed, self._links.listed_figures
                )
            )
            self._forget_by_new_policy()

    def _look_at_site(self, has_all: bool) -> None:
        """``has_all`` was asked first: what was handed on before that is in the inbox by now. Once
        all has been taken in, what still comes is news, and makes nothing unknown."""
        if self._intake is not None:
            was_read = self._status.status().site_read
            self._intake.site_is_read(has_all and (was_read or self._inbox.is_empty))

    def _forget_expired(self) -> None:
        """A desk that stays on through the nights knows no more than one that comes anew."""
        kept_s = self._links.kept_s if self._links is not None else {}
        self._store.expire(time.time_ns() // 1_000_000, keep_ms(kept_s))

    def _forget_by_new_policy(self) -> None:
        """At once when the site's log is kept otherwise than was known, and when all of it has been
        read: the newest of each position, say, is told also when it is past its age."""
        if self._links is None:
            return
        known = (self._links.kept_s, self._has_all_of_site())
        if known != self._expired_by:
            self._expired_by = known
            self._forget_expired()

    def _log_is_read_anew(self) -> None:
        self._expired_by = ({}, False)

    def _look_for_voice(self) -> None:
        """The mix itself is asked, not what anybody says of it."""
        meters = self._intake.meters if self._intake is not None else None
        if (
            meters is not None
            and float(meters.rows["peak_dbfs"][protocol.MAX_STREAMS]) > AUDIBLE_DBFS
        ):
            self._marks.make(FIRST_VOICE)
            self._voice_timer.stop()

    # -- out ----------------------------------------------------------------------------------

    def _to_engine(self, command: protocol.Command) -> None:
        if self._links is not None:
            self._audit.asked(command)
            self._links.to_engine(command)

    def _note(self, told: protocol.Event) -> None:
        """For the site's audit: what was heard again here, and what was taken out."""
        body = self._audit.told(told)
        if body is not None:
            self._say(body)

    def _publish(self, body: AnyBody, *, cause: str | None = None) -> bool:
        """A hand's answer. False when nothing could take it, which the window then says."""
        taken = self._say(body, cause=cause)
        role = "" if self._links is None else self._links.may_not(body)
        self._status.set(refused_answer=not taken, refused_role=role)
        return taken

    def _say(self, body: AnyBody, *, cause: str | None = None) -> bool:
        return self._links is not None and self._links.publish(
            body,
            cause=cause,
            person=self._status.status().person,
            unconfirmed=not self._persons.is_confirmed,
        )

    def _say_as(self, body: AnyBody, person: str, unconfirmed: bool) -> bool:
        """In the name of who has sat here until now."""
        return self._links is not None and self._links.publish(
            body, cause=None, person=person, unconfirmed=unconfirmed
        )

    def _greet(self) -> None:
        self._say(PositionJoined(self._label()))

    def _sit(self) -> None:
        """The others are told at once; what is the same is said every second anyway."""
        if self._links is not None:
            self._links.sit(self._desks.sitting(self._label()))

    def _labelled(self, label: str) -> None:
        """Unless somebody here has said what this desk is called."""
        if not self._status.status().position:
            position = clean_name(label)
            self._status.set(position=position)
            self._memory.change(position=position)

    def _label(self) -> str:
        return self._status.status().position or platform.node() or "?"

    def _enrol(self, code: str) -> None:
        if self._links is not None:
            self._links.enrol(code)

    def _start_site(self) -> None:
        if self._links is not None:
            self._links.start_site()

    def _start_over(self) -> None:
        """The window was too far behind, and what waited for it was let go: all of it is asked for
        again. What is shown stays until then; above all the alarms, and their tone."""
        log.warning("the window was too far behind; everything is read again")
        self._store.tell_again()
        if self._links is not None and self._intake is not None:
            self._links.tell_again()
            self._intake.streams_are(self._links.streams())

    # -- what is remembered -------------------------------------------------------------------

    def _language_chosen(self, language: str) -> None:
        for model in (
            self._talkgroups,
            self._units,
            self._alarms,
            self._log,
            self._people,
            self._handover,
            self._timeline,
        ):
            model.retranslate()
        self._memory.change(language=language)

    def _exercise_or_not(self, _keys: object) -> None:
        groups = self._store.state.talkgroups.values()
        self._status.set(exercise=any(group.exercise for group in groups))

    def _allows_open(self) -> bool:
        return self._listening is not None and self._listening.allows_open

    def _why_unheard(self, stream: str) -> str:
        return self._listening.unheard.get(stream, "") if self._listening is not None else ""

    def _gathered(self, settings: DeskSettings) -> DeskSettings:
        """With how the tiles, their pages and the windows stand now."""
        tiles, order = self._talkgroups.settings()
        layout = self._layout.remembered()
        known = msgspec.structs.replace(settings, tiles=tiles, order=order, layout=layout)
        return self._arranging.noted(known)

    # -- the end ------------------------------------------------------------------------------

    def end(self) -> None:
        """The engine is told goodbye, so that it doesn't announce a desk that died."""
        self._collector.stop()
        self._buttons.stop()
        self._maps.stop()
        self._places.stop()
        if self._links is not None:
            self._calling.end()
            self._layouts.save()
            self._say(PositionLeft(self._label()))
            self._timeline_process.stop()
            self._timeline.stop()
            self._links.stop()
        self._memory.end()
        self._window.end()


def settings_with(known: DeskSettings, options: argparse.Namespace) -> DeskSettings:
    """What was remembered, but where the command line says otherwise."""
    given = {name: getattr(options, name) for name in GIVEN}
    for name in NAMES:
        given[name] = None if given[name] is None else clean_name(given[name])
    return msgspec.structs.replace(known, **{k: v for k, v in given.items() if v is not None})


def devices_below(root: Path | None) -> tuple[str, ...]:
    """Where pedals are read, None = where the system has them."""
    return () if root is None else ("--dev", str(root / "dev"), "--sys", str(root / "sys"))


def not_ready() -> str:
    """Until the engine is there."""
    return QCoreApplication.translate("Desk", "The sound engine is not there yet.")


def open_desk(options: argparse.Namespace) -> int:
    """Make and run a desk. Returns its exit code; 1 when this home has a desk already."""
    lock = FolderLock(options.home.resolve() / "desk" / "desk.lock")
    try:
        is_ours = lock.take()
    except OSError as error:
        print(f"vaktbord: {options.home} can't be written to: {error.strerror}", file=sys.stderr)
        return 1
    if not is_ours:
        print(
            "vaktbord: a desk is open here already. Close it first, or give this one a home of "
            "its own with --home DIR.",
            file=sys.stderr,
        )
        return 1
    with logging_to(options.home.resolve() / "desk" / "desk.log", options.log_level):
        garbage.set_code_aside()
        return Desk(options).run()
