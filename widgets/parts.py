"""What the window is made of: each part once, all of them in one list, the pages in another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtWidgets import QWidget

from widgets.aid import AidPage
from widgets.alarm_panel import AlarmPanel
from widgets.alarm_sound import AlarmSoundBar
from widgets.asking import CodeBar, PinBar
from widgets.calling import CallBar, DialBar, RingBar
from widgets.calls import CallsPage
from widgets.contracts.sources import Sources
from widgets.diagnostics import DiagnosticsPage
from widgets.duty import DutyPanel
from widgets.dutylist import DutyPage
from widgets.goes_to import GoesTo
from widgets.group_bar import GroupBar
from widgets.handover import HandoverPage
from widgets.help import HelpPanel
from widgets.landmark_bar import LandmarkBar
from widgets.layout_bar import LayoutBar
from widgets.left_muted import LeftMutedBar
from widgets.log import LogAway, LogPanel
from widgets.look import Look
from widgets.mapplace import MapAway, MapPlace
from widgets.master_volume import MasterVolume
from widgets.mutebar import MuteBar
from widgets.notice_bars import NoticeBars
from widgets.now_talking import NowTalking
from widgets.ownalarm import OwnAlarmBar, OwnAlarmButton
from widgets.page import Page
from widgets.people import PeoplePage
from widgets.postbar import PostBar
from widgets.replay import ReplayBar
from widgets.retention import RetentionBar
from widgets.rules import RulesPage
from widgets.stage import StageBar
from widgets.talk_page import TalkPage
from widgets.talk_place import TalkPlace
from widgets.tile_area import TileArea
from widgets.tiles import TileGrid
from widgets.timeline import TimelinePage
from widgets.topbar import TopBar
from widgets.tour import TourCard
from widgets.unit_bar import DoneBar, UnitBar
from widgets.units import UnitPanel
from widgets.waiting import Waiter, WaitingStack

AnyPart: TypeAlias = (
    TopBar
    | TileGrid
    | TileArea
    | LayoutBar
    | StageBar
    | NoticeBars
    | ReplayBar
    | RetentionBar
    | PostBar
    | GroupBar
    | WaitingStack
    | CodeBar
    | PinBar
    | RingBar
    | CallBar
    | DialBar
    | MuteBar
    | LeftMutedBar
    | MapPlace
    | MapAway
    | AlarmPanel
    | AlarmSoundBar
    | DutyPanel
    | UnitBar
    | DoneBar
    | LandmarkBar
    | UnitPanel
    | LogPanel
    | LogAway
    | TalkPlace
    | GoesTo
    | NowTalking
    | OwnAlarmBar
    | OwnAlarmButton
    | MasterVolume
    | HelpPanel
    | TourCard
    | Page
)
"""A widget with ``set_look`` and ``retranslate``."""


class DeskParts:
    """A base of the window, so that each part is an attribute of it."""

    help: HelpPanel  # stands over the map, so it is made when there is one
    tour: TourCard  # as the help

    def make_parts(self, s: Sources, look: Look, figures_of: Callable[[str], str]) -> None:
        """``figures_of``: how a stream comes in, in a line."""
        self.top = TopBar(look, s.clock, s.status.microphone_dbfs)
        self.tiles = TileGrid(look, s.talkgroups, s.clock, figures_of)
        self.tile_area = TileArea(
            look, self.tiles, s.talkgroups, layout=s.layout, arranging=s.arranging
        )
        self.layout_bar = LayoutBar(look, s.layout, s.clock)
        self.stage_bar = StageBar(
            look, s.talkgroups, lambda: [tile.row.key for tile in self.tiles.tiles()]
        )
        self.notices = NoticeBars(look)
        self.replay = ReplayBar(look)
        self.mute_bar = MuteBar(look, s.clock)
        self.left_muted = LeftMutedBar(look, s.talkgroups)
        self.map_place = MapPlace(look, s)
        self.map_away = MapAway(look)
        self.diagnostics = DiagnosticsPage(look, s.diagnostics)
        self.calls = CallsPage(look, s.calls, s.clock)
        self.timeline = TimelinePage(look, s.timeline, s.actions, s.clock)
        self.people = PeoplePage(look, s.people, s.posting)
        self.aid = AidPage(look, s)
        self.duty_list = DutyPage(look, s.people, s.posting)
        self.handover = HandoverPage(look, s.handover, s.actions, s.clock)
        self.rules = RulesPage(look)
        self.post_bar = PostBar(look, s.people, s.posting)
        self.group_bar = GroupBar(look, s.group_news, s.talkgroups)
        self.waiting = WaitingStack(look, self.waiters(), self._by_weight(), self.notices)
        self.retention = RetentionBar(look, s.clock)
        self.code_bar, self.pin_bar = CodeBar(look), PinBar(look)
        self.ring_bar, self.call_bar = RingBar(look, s.clock), CallBar(look, s.clock)
        self.dial_bar = DialBar(look, s.callees)
        self.alarms = AlarmPanel(look, s.alarms, s.clock, s.actions, note=s.posting.note_alarm)
        self.alarm_sound = AlarmSoundBar(look, s.clock)
        self.duty = DutyPanel(look, s.people)
        self.units = UnitPanel(look, s.units, s.clock)
        far, way = self.units.far_words, self.units.way_words
        self.unit_bar = UnitBar(look, s.units, s.clock, far, way=way)
        self.done_bar = DoneBar(look)
        self.landmark_bar = LandmarkBar(look, s.clock)
        self.log = LogPanel(look, s.log)
        self.log_away = LogAway(look)
        self.talk_place = TalkPlace(look, s.clock)
        self.goes_to = GoesTo(look, s.talkgroups)
        self.talk_page = TalkPage(look)
        self.now = NowTalking(look, s.talkgroups, s.clock)
        self.own_alarm = OwnAlarmButton(look)
        self.own_alarm_bar = OwnAlarmBar(look, s.clock)
        self.master = MasterVolume(look)

    def say_done(self, words: str, undo: Callable[[], object] | None = None) -> None:
        """What a hand did, or why it did nothing; with ``undo`` it can be taken back."""
        self.done_bar.show_done(words, undo)

    def strips(self) -> tuple[AnyPart, ...]:
        """Above the map, from the top: each is there only while it has something to say."""
        return (
            self.own_alarm_bar,
            self.ring_bar,
            self.call_bar,
            self.dial_bar,
            self.mute_bar,
            self.waiting,
            self.stage_bar,
            self.replay,
            self.retention,
            self.code_bar,
            self.pin_bar,
            self.done_bar,
            self.landmark_bar,
            self.unit_bar,
        )

    def waiters(self) -> tuple[Waiter, ...]:
        """What waits for somebody to look at it, from the top."""
        return self.left_muted, self.layout_bar, self.notices, self.post_bar, self.group_bar

    def _by_weight(self) -> tuple[Waiter, ...]:
        """What goes by itself is seen now or never; somebody waits for what is written."""
        return self.layout_bar, self.post_bar, self.notices, self.group_bar, self.left_muted

    def all_pages(self) -> tuple[Page, ...]:
        """In the map's place, one at a time."""
        return (
            self.diagnostics,
            self.calls,
            self.people,
            self.aid,
            self.duty_list,
            self.handover,
            self.rules,
            self.timeline,
            self.talk_page,
        )

    def right_column(self) -> tuple[tuple[AnyPart, int], ...]:
        """From the top, each with its share of the height that is left."""
        return (
            (self.alarms, 0),
            (self.alarm_sound, 0),
            (self.duty, 0),
            (self.units, 3),
            (self.log, 2),
            (self.log_away, 0),
        )

    def bottom_row(self) -> tuple[AnyPart, ...]:
        return self.talk_place, self.goes_to, self.now, self.own_alarm, self.master

    def tab_areas(self) -> tuple[QWidget, ...]:
        """As Tab goes through the window; what has a window of its own is passed through there."""
        window = self.tiles.window()
        middle: tuple[QWidget, ...] = (
            self.map_place,
            self.map_away,
            *self.all_pages(),
            self.help,
            self.tour,
        )
        right = (part for part, _ in self.right_column())
        all_areas: tuple[QWidget, ...] = (
            self.top,
            self.tile_area,
            *self.strips(),
            *middle,
            *right,
            *self.bottom_row(),
        )
        return tuple(area for area in all_areas if area.window() is window)

    def all_parts(self) -> tuple[AnyPart, ...]:
        return (
            self.top,
            self.tiles,
            self.tile_area,
            *self.strips(),
            *self.waiters(),
            self.map_place,
            self.map_away,
            *(part for part, _ in self.right_column()),
            *self.bottom_row(),
            self.help,
            self.tour,
            *self.all_pages(),
        )
