"""What a desk is made of, but for its window and its links: models, and who acts between them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject

from console.desk.buttons import ButtonDesk
from console.desk.layouts import LayoutDesk
from console.desk.map_views import MapViews
from console.desk.memory import Memory
from console.desk.microphone import first_microphone
from console.desk.news import weight
from console.desk.outside import Outside
from console.desk.own_alarm import OwnAlarmDesk
from console.desk.persons import Persons
from console.desk.site_disks import SiteDisks
from console.desk.sound_choices import SoundChoices
from console.domain.events import AnyBody
from console.models.actions import DeskActions
from console.models.aid import AidModel
from console.models.alarm_sound import AlarmSound
from console.models.alarms import AlarmModel
from console.models.callees import CalleeModel
from console.models.calls import CallModel
from console.models.clock import WallClock
from console.models.desks import DesksModel
from console.models.diagnostics import DiagnosticsModel
from console.models.group_news import GroupNewsModel
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
from console.settings import DeskSettings
from console.site.log.ids import new_id
from console.timeline.folder import folder_of
from widgets.contracts.landmarks import LandmarkRow
from widgets.contracts.rows import DeskStatus
from widgets.contracts.sources import Sources


class Parts(QObject):
    """Each is made after what it needs."""

    def __init__(
        self, home: Path, memory: Memory, device_options: Sequence[str], parent: QObject
    ) -> None:
        """``device_options``: for the process that reads pedals."""
        super().__init__(parent)
        self.home = home
        self.memory = memory
        self.inbox = Inbox(self, weigh=weight)
        self.store = SiteStore(self)
        self.status = StatusModel(first_status(memory.now), self)
        self.outside = Outside(self.status, lambda: self.persons.is_confirmed, self)
        self._make_what_is_told()
        self._make_what_is_looked_up()
        self._make_own(device_options)
        self._make_hands()
        self._make_layout()

    def _make_what_is_told(self) -> None:
        known, outside, store = self.memory.now, self.outside, self.store
        self.units = UnitModel(store, self)
        self.alarms = AlarmModel(store, self, member=outside.member)
        self.log = LogModel(store, self)
        self.alarm_sound = AlarmSound(store, self.status, self, member=outside.member)
        self.talkgroups = TalkgroupModel(
            store,
            settings=known.tiles,
            order=known.order,
            unheard=outside.why_unheard,
            allows_open=outside.allows_open,
            member=outside.member,
            parent=self,
        )
        self.desks = DesksModel(
            store, self.talkgroups, self.status, own=outside.member, parent=self
        )
        self.people = PeopleModel(
            store,
            me=outside.member,
            person=lambda: self.status.status().person,
            trains=outside.trains,
            parent=self,
        )
        self.site_disks = SiteDisks(self.status)
        self.group_news = GroupNewsModel(store, me=outside.member, parent=self)
        self.handover = HandoverModel(
            store, self.people, self.talkgroups, me=outside.member, parent=self
        )
        self.diagnostics = DiagnosticsModel(
            self.status, name=self.talkgroups.name, order=self.talkgroups.keys, parent=self
        )

    def _make_what_is_looked_up(self) -> None:
        self.calls = CallModel(
            self.status,
            to_engine=self.outside.to_engine,
            name=self.talkgroups.name,
            parent=self,
        )
        self.timeline = TimelineModel(
            self.store,
            folder_of(self.home),
            note=self.outside.say,
            since_s=self.signed_in_s,
            parent=self,
        )
        self.places = PlaceModel(self.home, self._marked, self)
        self.callees = CalleeModel(self.store, member=self.outside.member, parent=self)
        self.aid = AidModel(self.store, self)
        self.maps = MapModel(self.home, self.memory.now.map, self.memory.now.map_files, self)

    def _marked(self) -> Sequence[LandmarkRow]:
        return self.landmarks.rows()

    def _make_own(self, device_options: Sequence[str]) -> None:
        outside = self.outside
        self.own_alarm = OwnAlarmDesk(
            self.store,
            self.status,
            publish=outside.publish,
            member=outside.member,
            front=lambda: self.talkgroups.here()[0],
            label=outside.label,
            trains=outside.trains,
            parent=self,
        )
        self.buttons = ButtonDesk(
            self.status,
            self.memory.now.buttons,
            home=self.home,
            options=device_options,
            parent=self,
        )
        self.sound = SoundChoices(
            self.memory,
            self.status,
            to_engine=outside.to_engine,
            grants=outside.grants,
            parent=self,
        )
        self.persons = Persons(self.status, outside.ask, outside.say, self)

    def _make_hands(self) -> None:
        outside = self.outside
        self.posting = Posting(
            self.store,
            publish=self._say_to_people,
            new_id=new_id,
            me=outside.member,
            trains=outside.trains,
        )
        self.actions = DeskActions(
            store=self.store,
            talkgroups=self.talkgroups,
            alarm_model=self.alarms,
            status=self.status,
            to_engine=outside.to_engine,
            publish=outside.publish,
            parent=self,
        )
        self.landmarks = LandmarkModel(
            self.store,
            publish=outside.publish,
            new_id=new_id,
            role=outside.role,
            trains=outside.trains,
            parent=self,
        )

    def _say_to_people(self, body: AnyBody, *, cause: str | None = None) -> bool:
        taken = self.outside.publish(body, cause=cause)
        if taken:
            self.people.said(body)
        return taken

    def _make_layout(self) -> None:
        known, outside = self.memory.now, self.outside
        self.layout = LayoutModel(
            self.store,
            self.talkgroups,
            layout=known.layout,
            shown=known.page,
            publish=outside.publish,
            role=outside.role,
            parent=self,
        )
        self.layouts = LayoutDesk(
            self.store,
            self.status,
            self.layout,
            seen=known.layout_seen,
            say=outside.say_as,
            role=outside.role,
            trains=outside.trains,
            is_confirmed=lambda: self.persons.is_confirmed,
            parent=self,
        )

    def signed_in_s(self) -> float:
        """When whoever sits here said so, 0 = nobody has."""
        desk = self.store.state.desks.get(self.outside.member())
        return desk.person_ms / 1e3 if desk is not None and desk.person else 0.0

    def sit(self) -> None:
        """The others are told at once; what is the same is said every second anyway."""
        if self.outside.links is not None:
            self.outside.links.sit(self.desks.sitting(self.outside.label()))

    def sources(self) -> Sources:
        """What the window is given."""
        return Sources(
            talkgroups=self.talkgroups,
            units=self.units,
            alarms=self.alarms,
            log=self.log,
            status=self.status,
            clock=WallClock(),
            actions=self.actions,
            diagnostics=self.diagnostics,
            calls=self.calls,
            timeline=self.timeline,
            callees=self.callees,
            people=self.people,
            posting=self.posting,
            aid=self.aid,
            layout=self.layout,
            arranging=self.layout,
            handover=self.handover,
            buttons=self.buttons,
            map_views=MapViews(self.memory),
            landmarks=self.landmarks,
            marking=self.landmarks,
            maps=self.maps,
            places=self.places,
            group_news=self.group_news,
        )


def first_status(known: DeskSettings) -> DeskStatus:
    """As it was remembered, before anything is known."""
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


def not_ready() -> str:
    """Until the engine is there."""
    return QCoreApplication.translate("Desk", "The sound engine is not there yet.")
