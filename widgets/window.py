"""The operator's window: puts the parts in their places and passes hands on to the actions."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from widgets.aid import AidPage
from widgets.alarm_panel import AlarmPanel
from widgets.alarm_sound import AlarmSoundBar
from widgets.app import use_language, use_palette
from widgets.asking import CodeBar, PinBar
from widgets.calling import CallBar, DialBar, RingBar
from widgets.calls import CallsPage
from widgets.contracts import SMALLEST_WINDOW, DeskStatus, LiveCall, Sources
from widgets.diagnostics import DiagnosticsPage
from widgets.duty import DutyPanel
from widgets.help import HelpPanel
from widgets.keys import TalkKey, bind
from widgets.knowledge import Doubt, doubt
from widgets.levels import LevelPump, Metered
from widgets.log import LogPanel
from widgets.look import Look, metrics_for
from widgets.mapplace import MapPlace
from widgets.mutebar import MuteBar
from widgets.notices import NoticeBars, hearing
from widgets.ownalarm import AlarmChord, OwnAlarmBar, OwnAlarmButton
from widgets.page import Page
from widgets.people import PeoplePage
from widgets.postbar import PostBar
from widgets.ptt import Hand, PttGate
from widgets.replay import ReplayBar
from widgets.retention import RetentionBar
from widgets.rules import RulesPage, moment_of
from widgets.stream_table import in_short
from widgets.talkbar import MasterVolume, NowTalking, TalkPlace
from widgets.theme import PALETTES, Palette
from widgets.tiles import NUMBER_KEYS, TileGrid
from widgets.timeline import TimelinePage
from widgets.topbar import TopBar
from widgets.typing_guard import TypingGuard
from widgets.units import UnitPanel

VOLUME_STEP_DB: Final = 3.0
REDATE_MS: Final = 60_000


class DeskWindow(QMainWindow):
    """``painted`` once, after the first paint; the map is loaded after that.

    ``theme_chosen`` and ``language_chosen`` carry what a hand chose in the menu: the window has
    already changed, the desk only remembers it.
    """

    painted = Signal()
    map_loaded = Signal()
    theme_chosen = Signal(str)
    language_chosen = Signal(str)

    def __init__(self, sources: Sources, palette: Palette, language: str) -> None:
        super().__init__()
        self._sources = sources
        self._language = language
        self._painted = False
        self._alarms_known = 0
        self._doubt = Doubt()
        self._is_call_chosen = False  # the talk key is the call's, not the selected group's
        self._look = Look(palette, metrics_for(1_920, 1_080))
        self._make_parts()
        self._make_gate()
        self._lay_out()
        self._connect()
        self._bind_keys()
        self._redate = QTimer(self)
        self._redate.setInterval(REDATE_MS)
        self._redate.timeout.connect(self.tiles.refresh_times)
        self._redate.timeout.connect(self._show_doubt)
        self.setMinimumSize(*SMALLEST_WINDOW)
        self._apply_look()
        self._show_status()

    def _make_parts(self) -> None:
        s, look = self._sources, self._look
        self.top = TopBar(look, s.clock, s.status.microphone_dbfs)
        self.tiles = TileGrid(look, s.talkgroups, s.clock, self._figures_of)
        self.notices = NoticeBars(look)
        self.replay = ReplayBar(look)
        self.mute_bar = MuteBar(look, s.clock)
        self.map_place = MapPlace(look, s)
        self.diagnostics = DiagnosticsPage(look, s.diagnostics)
        self.calls = CallsPage(look, s.calls, s.clock)
        self.timeline = TimelinePage(look, s.timeline, s.actions, s.clock)
        self.people = PeoplePage(look, s.people, s.posting)
        self.aid = AidPage(look, s)
        self.rules = RulesPage(look)
        self.post_bar = PostBar(look, s.people, s.posting)
        self.retention = RetentionBar(look, s.clock)
        self.code_bar, self.pin_bar = CodeBar(look), PinBar(look)
        self.ring_bar, self.call_bar = RingBar(look, s.clock), CallBar(look, s.clock)
        self.dial_bar = DialBar(look, s.callees)
        self.alarms = AlarmPanel(look, s.alarms, s.clock, s.actions)
        self.alarm_sound = AlarmSoundBar(look, s.clock)
        self.duty = DutyPanel(look, s.people)
        self.units = UnitPanel(look, s.units, s.clock)
        self.log = LogPanel(look, s.log)
        self.talk_place = TalkPlace(look, s.clock)
        self.now = NowTalking(look, s.talkgroups, s.clock)
        self.own_alarm = OwnAlarmButton(look)
        self.own_alarm_bar = OwnAlarmBar(look, s.clock)
        self.master = MasterVolume(look)
        self.pump = LevelPump(s.talkgroups, self._metered, self)

    def _make_gate(self) -> None:
        self.gate = PttGate(self._sources.actions, self._why_not_send, self)
        self.typing = TypingGuard(self)
        self.talk_key = TalkKey(self.gate, self._talk_in_selected, self.typing, self)
        self.alarm_chord = AlarmChord(self.own_alarm.begin, self.own_alarm.stop, self)

    def _lay_out(self) -> None:
        desk = QWidget()
        desk.setObjectName("desk")
        self.setCentralWidget(desk)
        self._rows = QVBoxLayout(desk)
        self._middle = QHBoxLayout()
        self._map_column = QVBoxLayout()
        self._right = QVBoxLayout()
        self._bottom = QHBoxLayout()
        for strip in (
            self.own_alarm_bar,
            self.ring_bar,
            self.call_bar,
            self.dial_bar,
            self.mute_bar,
        ):
            self._map_column.addWidget(strip)
        self._map_column.addWidget(self.notices)
        self._map_column.addWidget(self.replay)
        for bar in (self.post_bar, self.retention, self.code_bar, self.pin_bar):
            self._map_column.addWidget(bar)
        self._map_column.addWidget(self.map_place, 1)
        for page in self._pages():
            self._map_column.addWidget(page, 1)
            page.closed.connect(lambda: self.show_page(None))
        for part, stretch in (
            (self.alarms, 0),
            (self.alarm_sound, 0),
            (self.duty, 0),
            (self.units, 3),
            (self.log, 2),
        ):
            self._right.addWidget(part, stretch)
        self._middle.addWidget(self.tiles)
        self._middle.addLayout(self._map_column, 1)
        self._middle.addLayout(self._right)
        for low in (self.talk_place, self.now, self.own_alarm, self.master):
            self._bottom.addWidget(low)
        self._rows.addWidget(self.top)
        self._rows.addLayout(self._middle, 1)
        self._rows.addLayout(self._bottom)
        self.help = HelpPanel(self._look, desk)

    def _connect_people(self) -> None:
        actions = self._sources.actions
        self.top.person_given.connect(actions.set_person)
        for leaves in (self.top.name_left, self.code_bar.left, self.pin_bar.left):
            leaves.connect(self._free_keyboard)
        self.typing.swallowed.connect(self._typed_on)
        self.notices.enrol_wanted.connect(self.code_bar.ask)
        self.code_bar.given.connect(actions.enrol)
        self.pin_bar.given.connect(actions.sign_in)
        self.pin_bar.dropped.connect(actions.drop_sign_in)
        self.own_alarm.raised.connect(actions.raise_own_alarm)
        self.own_alarm_bar.cancelled.connect(actions.cancel_own_alarm)
        self.post_bar.wanted.connect(lambda: self.show_page(self.people))
        self.top.people_wanted.connect(lambda: self.show_page(self.people))
        self.duty.chosen.connect(self.write_to)
        self.alarms.help_wanted.connect(self.show_help_for)
        self.aid.place_wanted.connect(self.show_alarm)

    def _connect_sources(self) -> None:
        s = self._sources
        s.status.changed.connect(self._show_status)
        s.people.changed.connect(self._give_alarms_room)
        for told in (s.talkgroups.changed, s.talkgroups.reset):
            told.connect(self._show_talk_place)
            told.connect(self._show_notices)

    def _connect_pages(self) -> None:
        actions = self._sources.actions
        self.top.calls_wanted.connect(lambda: self.show_calls(""))
        self.calls.wanted.connect(actions.list_calls)
        self.calls.save_wanted.connect(actions.save_call)
        self.top.timeline_wanted.connect(lambda: self.toggle_page(self.timeline))
        self.timeline.unit_chosen.connect(self._show_unit)
        self.top.diagnostics_wanted.connect(lambda: self.toggle_page(self.diagnostics))

    def _connect_calls(self) -> None:
        actions = self._sources.actions
        self.ring_bar.answered.connect(actions.answer_call)
        self.ring_bar.rejected.connect(actions.reject_call)
        self.call_bar.hung_up.connect(actions.hang_up)
        self.call_bar.muted.connect(actions.mute_call)
        self.call_bar.talk_pressed.connect(self._talk_in_call)
        self.call_bar.talk_released.connect(lambda: self.gate.release("call"))
        self.dial_bar.wanted.connect(actions.call)
        self.dial_bar.wanted.connect(lambda *_: self.typing.end())  # what follows is talk
        self.dial_bar.left.connect(self._free_keyboard)

    def _connect(self) -> None:
        actions = self._sources.actions
        self._connect_sources()
        self._connect_people()
        self._connect_pages()
        self._connect_calls()
        self.tiles.chosen.connect(self.select)
        self.tiles.mute_chosen.connect(actions.set_muted)
        self.tiles.gain_chosen.connect(actions.set_gain)
        self.tiles.catch_up_wanted.connect(actions.catch_up)
        self.tiles.priority_chosen.connect(actions.set_priority)
        self.tiles.along_chosen.connect(actions.set_along)
        self.tiles.calls_wanted.connect(self.show_calls)
        self.replay.stop_wanted.connect(actions.stop_replay)
        self.top.speed_wanted.connect(actions.set_catch_up_speed)
        self.tiles.talk_pressed.connect(lambda key: self.gate.press(key, "tile"))
        self.tiles.talk_released.connect(lambda: self.gate.release("tile"))
        self.talk_place.pressed.connect(lambda: self._press_selected("bar"))
        self.talk_place.released.connect(lambda: self.gate.release("bar"))
        self.gate.refused.connect(self.talk_place.show_refusal)
        self.gate.talking.connect(lambda _key: self._show_talk_place())
        self.master.gain_chosen.connect(actions.set_master_gain)
        self.master.mute_chosen.connect(self._mute_all)
        self.mute_bar.ended.connect(lambda: actions.mute_all(False))
        self.alarm_sound.pause_wanted.connect(actions.pause_alarm_sound)
        self.alarms.count_changed.connect(self._alarm_count)
        self.alarms.place_wanted.connect(self.show_alarm)
        self.units.unit_chosen.connect(self.map_place.show_unit)
        self.log.unit_chosen.connect(self.map_place.show_unit)
        self.map_place.unit_clicked.connect(self.units.select)
        self.notices.site_wanted.connect(actions.start_site)
        self.top.theme_wanted.connect(self._theme_wanted)
        self.top.language_wanted.connect(self._language_wanted)
        self.top.evened_wanted.connect(actions.set_evened)
        self.top.help_wanted.connect(self.toggle_help)
        self.top.hours_wanted.connect(self._hours_wanted)
        self.retention.decided.connect(actions.set_recall_hours)
        self.top.devices_wanted.connect(actions.list_devices)
        self.top.device_chosen.connect(actions.choose_device)
        self.top.speaker.chosen.connect(actions.choose_second)
        self.top.speaker.level_chosen.connect(actions.set_second_gain)
        self.top.devices_wanted.connect(actions.list_microphones)
        self.top.microphone.chosen.connect(actions.choose_microphone)
        self.top.microphone.voice_wanted.connect(actions.set_voice)
        self.top.microphone.hearing_wanted.connect(actions.hear_myself)
        self.help.closed.connect(self.help.hide)

    def _bind_keys(self) -> None:
        actions = self._sources.actions
        calls = {
            "F1": self.alarms.acknowledge_current,
            "F2": self.alarms.take_current,
            "F3": self.alarms.show_current,
            "F4": self.alarms.close_current,
            "F5": self.alarms.help_current,
            "F9": self._change_person,
            "F6": self.alarm_sound.toggle,
            "F10": self._answer_call,
            "F11": self._end_call,
            "Shift+F11": self.call_bar.toggle_mute,
            "Ctrl+I": self._dial,
            "Ctrl+K": self.units.search,
            "Ctrl+L": self.log.go,
            "Ctrl+F": self._find,
            "Ctrl+R": self._toggle_calls,
            "Ctrl+N": lambda: self.toggle_page(self.people),
            "F7": self.post_bar.read_it,
            "F8": self._toggle_rules,
            "Ctrl+D": lambda: self.toggle_page(self.diagnostics),
            "M": self._mute_target,
            "P": self._open_tile_menu,
            "H": self._other_output,
            "T": self._talk_along,
            "R": lambda: actions.recall(self._focused()),
            "Shift+R": lambda: actions.recall(""),
            "C": lambda: actions.catch_up(self._focused()),
            "Shift+C": lambda: actions.catch_up(""),
            "Ctrl+M": self._mute_all,
            "+": lambda: self._turn_target(VOLUME_STEP_DB),
            "-": lambda: self._turn_target(-VOLUME_STEP_DB),
            "F12": self.toggle_help,
            "?": self.toggle_help,
            "Esc": self._escape,
        }
        numbers = {n: lambda n=n: self._select_number(n) for n in NUMBER_KEYS}
        bind(self, {**calls, **numbers}, self.typing)
        self.typing.follow(self)

    # --- what it shows ---

    def _show_status(self) -> None:
        status = self._sources.status.status()
        self.top.show_status(status)
        self._show_notices()
        self.code_bar.show_status(status)
        self.pin_bar.show_status(status)
        self.replay.show_replay(status.replay)
        for page in (self.calls, self.timeline):
            page.show_who(status.person or status.position)
        self.master.set_gain(status.master_gain_db)
        self.master.set_muted(status.muted_until_s is not None)
        self.own_alarm_bar.show_alarm(status.own_alarm)
        self.mute_bar.show_until(status.muted_until_s)
        self.alarm_sound.show_status(status)
        self._show_doubt()
        self._give_alarms_room()
        self._show_calls(status)
        self.tiles.set_can_send(not status.transmit_note)
        if status.transmit_note:
            self.gate.let_go()
        self._show_talk_place()
        self._name_window()

    def _show_notices(self, _keys: object = ()) -> None:
        """Also when tiles change: what is heard without the site is said as it is."""
        status, source = self._sources.status.status(), self._sources.talkgroups
        rows = (source.row(key) for key in tuple(source.keys()))
        self.notices.show_status(status, hearing(status, rows))

    def _show_doubt(self) -> None:
        """Also by the clock: what was known yesterday bears its day."""
        now = doubt(self._sources.status.status(), self._sources.clock.now_s())
        if now != self._doubt:
            self._doubt = now
            for part in (self.alarms, self.duty, self.units, self.log, self.aid):
                part.show_doubt(now)

    def _show_talk_place(self, _keys: object = ()) -> None:
        call = self._call_in_front()
        key = self._selected() if call is None else call.stream
        source = self._sources.talkgroups
        rows = [source.row(one) for one in tuple(source.keys())]
        names = [row.name for row in rows if row.key == key or row.along]
        if call is not None:
            names = [self.tr("Call: {0}").format(call.who)]
        now = self._sources.status.status().transmit
        self.talk_place.show_state(", ".join(dict.fromkeys(names)), self._why_not_send(key), now)

    def _show_calls(self, status: DeskStatus) -> None:
        """A half duplex call that begins is what the talk key talks in, until a group is chosen."""
        before, now = self.call_bar.call, status.call
        is_on = now is not None and now.stand == "connected"
        was_on = before is not None and before.stand == "connected"
        if is_on and not (
            was_on and before is not None and now is not None and before.key == now.key
        ):
            self._is_call_chosen = True
        if status.ringing and not self.ring_bar.is_ringing and not self.isActiveWindow():
            QApplication.alert(self)
        self.ring_bar.show_ringing(status.ringing, now)
        self.call_bar.show_call(now, is_ringing=bool(status.ringing))

    def _call_in_front(self) -> LiveCall | None:
        call = self.call_bar.call
        is_half = call is not None and call.stand == "connected" and not call.full
        return (
            call if is_half and self._is_call_chosen and call is not None and call.stream else None
        )

    def _alarm_count(self, count: int) -> None:
        self._name_window()
        if count > self._alarms_known:
            self.show_page(None)  # the map is for the alarm now
        self._alarms_known = count
        if count:
            for menu in (self.top.menu, self.top.desks.menu, self.tiles.menu):
                menu.close()  # it would keep F1 to itself
        if count and not self.isActiveWindow():
            QApplication.alert(self)

    def _name_window(self) -> None:
        site, count = self._sources.status.status().site, self.alarms.unacknowledged
        alarm = self.tr("({0} ALARM) ").format(count) if count else ""
        self.setWindowTitle(alarm + site)

    def show_alarm(self, key: str) -> None:
        """Put the alarm's place on the map: the unit's own mark if it has one."""
        if key not in tuple(self._sources.alarms.keys()):  # it has just been closed
            return
        self.show_page(None)
        row = self._sources.alarms.row(key)
        if row.lat is not None and row.lon is not None:
            self.map_place.show_point(row.lat, row.lon)
        else:
            self.map_place.show_unit(row.unit)

    def _figures_of(self, key: str) -> str:
        row = self._sources.diagnostics.stream(key)
        return in_short(row) if row is not None else ""

    # --- hands ---

    def select(self, key: str) -> None:
        """The talk key is this group's now, also in the middle of a call."""
        self._is_call_chosen = False
        self._sources.actions.select(key)
        self.tiles.focus_key(key)
        self._show_talk_place()

    def _select_number(self, number: str) -> None:
        key = self.tiles.key_of_number(number)
        if key is not None:
            self.select(key)

    def _selected(self) -> str:
        source = self._sources.talkgroups
        chosen = (key for key in tuple(source.keys()) if source.row(key).attention == "selected")
        return next(chosen, "")

    def _target(self) -> str:
        """What M, + and − are about: the tile with the focus, else the selected one."""
        return self.tiles.current if self.tiles.has_focus() else self._selected()

    def _focused(self) -> str:
        """What R and C are about: the tile with the focus; empty: any."""
        return self.tiles.current if self.tiles.has_focus() else ""

    def _mute_target(self) -> None:
        key = self._target()
        if key:
            self._sources.actions.set_muted(key, not self._sources.talkgroups.row(key).muted)

    def _open_tile_menu(self) -> None:
        key = self._target()
        if key:
            self.tiles.tile(key).open_menu()

    def _other_output(self) -> None:
        key = self._target()
        if key and self._sources.status.status().second_chosen:
            self._sources.actions.change_output(key)

    def _mute_all(self) -> None:
        is_muted = self._sources.status.status().muted_until_s is not None
        self._sources.actions.mute_all(not is_muted)

    def _turn_target(self, step_db: float) -> None:
        key = self._target()
        if key:
            self.tiles.tile(key).turn(step_db)

    def _change_person(self) -> None:
        """Who sits here now; at a desk that is not enrolled, its code comes first, and a PIN that
        is asked for already comes before another name."""
        if self._sources.status.status().enrol_offer:
            self.code_bar.ask()
        elif self.pin_bar.is_asking and not self.pin_bar.has_keyboard:
            self.pin_bar.go()
        else:
            self.top.edit_name()

    def _dial(self) -> None:
        """Whom to call; the unit that is chosen in the list is there already."""
        chosen = self.units.chosen()
        self.dial_bar.ask(self._sources.units.row(chosen).call_sign if chosen else "")

    def _free_keyboard(self) -> None:
        """A field that Qt goes on to by itself would keep the talk key from working."""
        self.tiles.focus_current()
        focused = QApplication.focusWidget()
        if isinstance(focused, QLineEdit):
            focused.clearFocus()

    def _answer_call(self) -> None:
        """With nothing that rings, the talk key is the call's again."""
        if self.ring_bar.is_ringing:
            self.ring_bar.answer()
        else:
            self._is_call_chosen = True
            self._show_talk_place()

    def _end_call(self) -> None:
        """What rings is rejected first; it can be answered no more then."""
        if self.ring_bar.is_ringing:
            self.ring_bar.reject()
        elif self.call_bar.call is not None:
            self._sources.actions.hang_up()

    def _escape(self) -> None:
        """One thing at a time: first what is heard."""
        if self.replay.is_playing:
            self._sources.actions.stop_replay()
            return
        if self.retention.is_asking:
            self.retention.drop()
            return
        if self.dial_bar.is_asking:
            self.dial_bar.drop()
            return
        if self.pin_bar.is_asking:
            self.pin_bar.drop()
            return
        self.help.hide()
        self.show_page(None)
        self.tiles.focus_current()

    def _pages(self) -> tuple[Page, ...]:
        return self.diagnostics, self.calls, self.people, self.aid, self.rules, self.timeline

    def _find(self) -> None:
        """To the words that are searched for; once more, and the page goes."""
        if self.timeline.isVisible() and not self.timeline.field.hasFocus():
            self.timeline.open()
        else:
            self.toggle_page(self.timeline)

    def _show_unit(self, unit: str) -> None:
        self.show_page(None)
        self.map_place.show_unit(unit)

    def _toggle_rules(self) -> None:
        """What fits what goes on at this moment."""
        s = self._sources
        if self.rules.isHidden():
            self.rules.show_moment(moment_of(s.status.status(), s.alarms, s.people))
        self.toggle_page(self.rules)

    def write_to(self, key: str) -> None:
        """To somebody who was chosen elsewhere in the window."""
        self.show_page(self.people)
        self.people.write_to(key)

    def show_help_for(self, key: str) -> None:
        """Who can be sent to an alarm, and what is to be remembered of it."""
        self.aid.show_alarm(key)
        self.show_page(self.aid)

    def show_calls(self, key: str) -> None:
        """The kept calls of a group; empty: of all."""
        self.calls.show_group(key)
        self.show_page(self.calls)

    def _toggle_calls(self) -> None:
        if self.calls.isHidden():
            self.show_calls(self._focused())
        else:
            self.show_page(None)

    def _hours_wanted(self, hours: float) -> None:
        """Shorter deletes: that is asked first."""
        self.retention.drop()
        if hours < self._sources.status.status().recall_hours:
            self.retention.ask(hours)
        else:
            self._sources.actions.set_recall_hours(hours)

    def toggle_page(self, page: Page) -> None:
        self.show_page(page if page.isHidden() else None)

    def show_page(self, page: Page | None) -> None:
        """In the map's place, one at a time. A keyboard that was on it goes to the tiles."""
        shown = next((one for one in self._pages() if not one.isHidden()), None)
        if page is shown:
            return
        had_focus = shown is not None and shown.has_keyboard
        for one in self._pages():
            one.setVisible(one is page)
        self.map_place.setVisible(page is None)
        self.help.hide()
        if page is not None:
            page.open()
        elif had_focus:
            self.tiles.focus_current()

    def toggle_help(self) -> None:
        self.help.setVisible(self.help.isHidden())
        self._place_help()

    def _place_help(self) -> None:
        if not self.help.isHidden():
            self.help.place_in(self._map_column.geometry())

    # --- talking ---

    def _why_not_send(self, key: str) -> str:
        note = self._sources.status.status().transmit_note
        if note:
            return note
        return "" if key else self.tr("Select a talkgroup first: click it or press its number.")

    def _talk_in_selected(self, break_in: bool) -> None:
        self._press_selected("key", break_in=break_in)

    def _press_selected(self, hand: Hand, *, break_in: bool = False) -> None:
        call = self._call_in_front()
        if call is not None:
            self.gate.press(call.stream, hand, alone=True)
        else:
            self.gate.press(self._selected(), hand, break_in=break_in)

    def _talk_in_call(self) -> None:
        call = self.call_bar.call
        if call is not None and call.stream:
            self.gate.press(call.stream, "call")

    def _typed_on(self) -> None:
        words = self.tr("You were typing: that key did nothing. Press Esc first.")
        self.talk_place.show_refusal(words)

    def _talk_along(self) -> None:
        key = self._target()
        if key:
            along = self._sources.talkgroups.row(key).along
            self._sources.actions.set_along(key, not along)

    # --- look and language ---

    def _theme_wanted(self, name: str) -> None:
        self.set_palette(PALETTES[name])
        self.theme_chosen.emit(name)

    def _language_wanted(self, name: str) -> None:
        self.set_language(name)
        self.language_chosen.emit(name)

    def set_palette(self, palette: Palette) -> None:
        use_palette(_application(), palette)
        self._look = Look(palette, self._look.metrics)
        self._apply_look()

    def set_language(self, language: str) -> None:
        self._language = language
        use_language(_application(), language)

    def _apply_look(self) -> None:
        m = self._look.metrics
        for part in self._parts():
            part.set_look(self._look)
        self._rows.setContentsMargins(0, 0, 0, m.gap)
        self._rows.setSpacing(m.gap)
        for line in (self._middle, self._bottom):
            line.setContentsMargins(m.gap, 0, m.gap, 0)
            line.setSpacing(m.gap)
        self._right.setSpacing(m.gap + 3)
        self._map_column.setSpacing(m.gap)
        self.tiles.setFixedWidth(m.left)
        self.talk_place.setFixedWidth(m.left)
        for right in (self.alarms, self.duty, self.units, self.log, self.master):
            right.setFixedWidth(m.right)
        for low in (self.talk_place, self.now, self.own_alarm, self.master):
            low.setFixedHeight(m.bottom_bar)
        self.top.show_choices(self._look.palette.name, self._language)

    def _parts(
        self,
    ) -> tuple[
        TopBar
        | TileGrid
        | NoticeBars
        | ReplayBar
        | RetentionBar
        | PostBar
        | CodeBar
        | PinBar
        | RingBar
        | CallBar
        | DialBar
        | MuteBar
        | MapPlace
        | AlarmPanel
        | AlarmSoundBar
        | DutyPanel
        | UnitPanel
        | LogPanel
        | TalkPlace
        | NowTalking
        | OwnAlarmBar
        | OwnAlarmButton
        | MasterVolume
        | HelpPanel
        | Page,
        ...,
    ]:
        return (
            self.top,
            self.tiles,
            self.notices,
            self.replay,
            self.retention,
            self.post_bar,
            self.code_bar,
            self.pin_bar,
            self.ring_bar,
            self.call_bar,
            self.dial_bar,
            self.mute_bar,
            self.map_place,
            self.alarms,
            self.alarm_sound,
            self.duty,
            self.units,
            self.log,
            self.talk_place,
            self.now,
            self.own_alarm,
            self.own_alarm_bar,
            self.master,
            self.help,
            *self._pages(),
        )

    def _retranslate(self) -> None:
        for part in self._parts():
            part.retranslate()
        self._show_status()
        self.top.show_choices(self._look.palette.name, self._language)

    # --- Qt's own ---

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.gate.let_go()
            self.alarm_chord.let_go()
        elif event.type() == QEvent.Type.WindowStateChange:
            self._run(self.isVisible() and not self.isMinimized())
        super().changeEvent(event)

    def _give_alarms_room(self) -> None:
        """Half the window, or what is left by the least that the others can do with: nothing may
        lie on an alarm."""
        m = self._look.metrics
        others = (self.alarm_sound, self.duty, self.units, self.log)
        shown = [part for part in others if not part.isHidden()]
        least = sum(max(part.minimumSizeHint().height(), part.minimumHeight()) for part in shown)
        fixed = m.top_bar + m.bottom_bar + 3 * m.gap + len(shown) * self._right.spacing()
        self.alarms.set_room(min(round(self.height() * 0.5), self.height() - fixed - least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        metrics = metrics_for(event.size().width(), event.size().height())
        if metrics != self._look.metrics:
            self._look = Look(self._look.palette, metrics)
            self._apply_look()
        self._give_alarms_room()
        QTimer.singleShot(0, self, self._place_help)  # once the columns have their new widths

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.talk_key.watch(self.windowHandle())
        self.typing.watch(self.windowHandle())
        self.alarm_chord.watch(self.windowHandle())
        self._run(True)
        if not self.tiles.has_focus():
            self.tiles.focus_current()

    def hideEvent(self, _event: QEvent) -> None:
        self.gate.let_go()
        self._run(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.gate.let_go()
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._first_painted)

    def _first_painted(self) -> None:
        self.painted.emit()
        QTimer.singleShot(0, self._load_map)

    @property
    def is_settled(self) -> bool:
        """Whether all that is known now has been drawn."""
        chart = self.map_place.map
        return chart is not None and chart.settled

    def end(self) -> None:
        """Close for good: the map's threads end too."""
        self.close()
        if self.map_place.map is not None:
            self.map_place.map.close_map()

    def _load_map(self) -> None:
        self.map_place.load()
        self.map_loaded.emit()

    def _run(self, running: bool) -> None:
        """Clocks and meters stand still while nobody can see them; alarms never do."""
        self.pump.set_running(running)
        self.top.set_running(running)
        self.units.set_running(running)
        if running:
            self._redate.start()
        else:
            self._redate.stop()

    def _metered(self) -> list[Metered]:
        metered: list[Metered] = [*self.tiles.metered()]
        if self.now.slot >= 0:
            metered.append(self.now)
        return metered


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a window needs make_application() first")
    return app
