"""The operator's window: puts the parts in their places and passes hands on to the actions."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QMoveEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from widgets import screens
from widgets.app import use_language, use_palette
from widgets.contracts.rows import SMALLEST_WINDOW, Arrangement, DeskStatus
from widgets.contracts.sources import Sources
from widgets.deskfocus import DeskFocus
from widgets.hands import DeskHands
from widgets.help import HelpPanel
from widgets.keys import TalkKey
from widgets.knowledge import Doubt, alarm_doubt, doubt, news_doubt
from widgets.levels import LevelPump, Metered
from widgets.look import SCALES, Look, fitting_scale, metrics_for
from widgets.notices import hearing
from widgets.ownalarm import AlarmChord
from widgets.panels import Columns, DeskPanels
from widgets.parts import DeskParts
from widgets.popups import close_popups
from widgets.screens import fitted, is_seen, place_of, rect_of
from widgets.stream_table import in_short
from widgets.taborder import go
from widgets.talk_words import has_ended
from widgets.theme import PALETTES, Palette
from widgets.tour import TourCard
from widgets.toursteps import tour_steps

REDATE_MS: Final = 60_000
CROWDED_PX: Final = 1_300
"""A window less wide has no room for a list of groups below it, but at the volume's cost."""


class DeskWindow(DeskParts, QMainWindow):
    """``painted`` once, after the first paint; the map is loaded after that.

    ``theme_chosen``, ``language_chosen`` and ``scale_chosen`` (percent) carry what a hand chose:
    the window has already changed, the desk only remembers it.
    """

    painted = Signal()
    map_loaded = Signal()
    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    scale_chosen = Signal(int)
    closing = Signal()  # nothing has been brought back yet
    toured = Signal()  # the tour was taken, or sent away; not one that an alarm has ended
    arranged = Signal()  # windows were moved, panels taken out or brought back

    def __init__(self, sources: Sources, palette: Palette, language: str) -> None:
        super().__init__()
        self._sources = sources
        self._language = language
        self._painted = False
        self._alarms_known = 0
        self._doubts = (Doubt(), Doubt(), Doubt())  # of units, of news, of alarms
        self._percent = SCALES[0]
        self._look = Look(palette, metrics_for(1_920, 1_080))
        self.make_parts(sources, self._look, self._figures_of)
        self.pump = LevelPump(sources.talkgroups, self._metered, self)
        self._lay_out()
        self._make_hands()
        self._make_panels()
        self._connect()
        self.hands.bind(self)
        self._redate = QTimer(self)
        self._redate.setInterval(REDATE_MS)
        self._redate.timeout.connect(self.tiles.refresh_times)
        self._redate.timeout.connect(self._show_doubt)
        self.setMinimumSize(*SMALLEST_WINDOW)
        self._apply_look()
        self._show_status()

    def _make_hands(self) -> None:
        self.hands = DeskHands(self, self._sources, self._map_column.geometry, self)
        self.gate, self.pages = self.hands.gate, self.hands.pages
        self.talk_key = TalkKey(
            self.gate,
            lambda break_in: self.hands.press_selected("key", break_in=break_in),
            self.hands.typing,
            self,
        )
        self.alarm_chord = AlarmChord(self.own_alarm.begin, self.own_alarm.stop, self)
        self.focus = DeskFocus(self)
        self.focus.left.connect(self.gate.leave)
        self.focus.left.connect(self.alarm_chord.let_go)

    def _lay_out(self) -> None:
        desk = QWidget()
        desk.setObjectName("desk")
        self.setCentralWidget(desk)
        self._rows = QVBoxLayout(desk)
        self._middle = QHBoxLayout()
        self._map_column = QVBoxLayout()
        self._right = QVBoxLayout()
        self._bottom = QHBoxLayout()
        self._rows.addWidget(self.top)
        self._rows.addLayout(self._middle, 1)
        self._rows.addLayout(self._bottom)
        self._middle.addWidget(self.tile_area)
        self._middle.addLayout(self._map_column, 1)
        self._middle.addLayout(self._right)
        # Filled after it has been added: PySide keeps a Python object for all that is in a layout
        # when that is added to another, also when a panel leaves it and the C++ object is gone.
        for strip in self.strips():
            self._map_column.addWidget(strip)
        others = [strip for strip in self.strips() if strip is not self.waiting]
        self.waiting.stand_beside(others, lambda: self._map_column.geometry().height())
        self._map_column.addWidget(self.map_place, 1)
        self._map_column.addWidget(self.map_away, 1)
        for page in self.all_pages():
            self._map_column.addWidget(page, 1)
        for low in self.bottom_row():
            self._bottom.addWidget(low)
        self.help = HelpPanel(self._look, desk)
        self.tour = TourCard(self._look, self._map_column.geometry, desk)

    def _make_panels(self) -> None:
        columns = Columns(self._map_column, self._right)
        self.panels = DeskPanels(self, columns, self._look, lambda: self.pages.shown, self)
        detaching = self.panels.detaching
        detaching.opened.connect(self._panel_opened)
        detaching.closing.connect(lambda window: self.focus.forget(window.windowHandle()))
        detaching.changed.connect(self.arranged)
        detaching.typing_went.connect(self.hands.typing.goes_on)
        self.panels.resettled.connect(self.pages.refill)
        self.panels.resettled.connect(self._give_alarms_room)
        self.hands.detach_wanted.connect(self.panels.toggle_focused)

    def _watch(self, window: QWidget) -> None:
        """The talk key, and all that has to do with keys, is at work in it."""
        for watcher in (self.talk_key, self.hands.typing, self.alarm_chord, self.focus):
            watcher.watch(window.windowHandle())

    def _panel_opened(self, window: QWidget) -> None:
        self._watch(window)
        self.hands.bind_panel(window)

    def _connect_people(self) -> None:
        actions = self._sources.actions
        self.top.person_given.connect(actions.set_person)
        self.top.name_cut.connect(self.say_done)
        for leaves in (self.top.name_left, self.code_bar.left, self.pin_bar.left):
            leaves.connect(self.hands.free_keyboard)
        self.hands.typing.swallowed.connect(self.hands.typed_on)
        self.notices.enrol_wanted.connect(self.code_bar.ask)
        self.code_bar.given.connect(actions.enrol)
        self.pin_bar.given.connect(actions.sign_in)
        self.pin_bar.dropped.connect(actions.drop_sign_in)
        self.own_alarm.raised.connect(actions.raise_own_alarm)
        self.own_alarm_bar.cancelled.connect(actions.cancel_own_alarm)
        self.post_bar.wanted.connect(lambda: self.pages.show_page(self.people))
        for page in (self.people, self.aid):
            page.called_out.connect(self.hands.called_out)
        self.group_bar.talk_wanted.connect(self.hands.talk_in_group)
        self.group_bar.tile_wanted.connect(self.hands.show_tile)
        self.group_bar.back_wanted.connect(self.hands.select)
        self.top.people_wanted.connect(lambda: self.pages.show_page(self.people))
        self.duty.chosen.connect(self.pages.write_to)
        self.alarms.help_wanted.connect(self.pages.show_help_for)
        self.alarms.keyboard_left.connect(self.hands.free_keyboard)
        self.aid.place_wanted.connect(self.pages.show_alarm)
        self.aid.conference_wanted.connect(self.pages.confer_with)
        self.top.duty_wanted.connect(self.pages.toggle_duty)
        self.top.handover_wanted.connect(self.pages.toggle_handover)
        self.handover.row_wanted.connect(self.pages.see_to)

    def _connect_sources(self) -> None:
        s = self._sources
        s.status.changed.connect(self._show_status)
        s.people.changed.connect(self._give_alarms_room)
        for told in (s.talkgroups.changed, s.talkgroups.reset):
            told.connect(self._show_talk_place)
            told.connect(self._show_notices)

    def _connect_pages(self) -> None:
        actions = self._sources.actions
        self.top.calls_wanted.connect(lambda: self.pages.show_calls(""))
        self.calls.wanted.connect(actions.list_calls)
        self.calls.save_wanted.connect(actions.save_call)
        self.top.timeline_wanted.connect(lambda: self.pages.toggle(self.timeline))
        self.timeline.unit_chosen.connect(self.pages.show_unit)
        self.top.diagnostics_wanted.connect(self.pages.toggle_diagnostics)

    def _connect_calls(self) -> None:
        actions = self._sources.actions
        self.ring_bar.answered.connect(actions.answer_call)
        self.ring_bar.rejected.connect(actions.reject_call)
        self.call_bar.hung_up.connect(actions.hang_up)
        self.call_bar.muted.connect(actions.mute_call)
        self.call_bar.talk_pressed.connect(self.hands.press_in_call)
        self.call_bar.talk_released.connect(lambda: self.gate.release("call"))
        self.dial_bar.wanted.connect(actions.call)
        self.dial_bar.wanted.connect(lambda *_: self.hands.typing.end())  # what follows is talk
        self.dial_bar.left.connect(self.hands.free_keyboard)

    def _connect_layout(self) -> None:
        actions, arranging = self._sources.actions, self._sources.arranging
        self.tile_area.chosen.connect(self.hands.select)
        self.tile_area.left.connect(self.hands.free_keyboard)
        self.layout_bar.undone.connect(arranging.undo)
        self.tiles.menu.off_chosen.connect(
            lambda key, off: actions.set_attention(key, "off" if off else "monitored")
        )
        self.tiles.menu.place_wanted.connect(self.hands.show_stage)
        self.stage_bar.placed.connect(arranging.place)
        self.stage_bar.heard_at.connect(arranging.hear_at)
        self.stage_bar.closed.connect(self.hands.close_stage)

    def _connect_talk_key(self) -> None:
        actions, page = self._sources.actions, self.talk_page
        self._sources.buttons.moved.connect(self.hands.button)
        self._sources.buttons.lost.connect(self.hands.button_lost)
        self.goes_to.along_chosen.connect(actions.set_along)
        self.goes_to.shown.connect(self._apply_bottom)
        page.latch_chosen.connect(actions.set_latch)
        page.learning_wanted.connect(actions.learn_button)
        page.learning_dropped.connect(actions.stop_learning)
        page.forget_wanted.connect(self.hands.forget_button)
        self.top.latch_wanted.connect(actions.set_latch)
        self.top.talk_page_wanted.connect(lambda: self.pages.show_page(page))

    def _connect(self) -> None:
        actions = self._sources.actions
        self._connect_sources()
        self._connect_layout()
        self._connect_people()
        self._connect_pages()
        self._connect_calls()
        self.hands.chosen.connect(self._show_talk_place)
        self.tiles.chosen.connect(self.hands.select)
        self.tiles.mute_chosen.connect(actions.set_muted)
        self.tiles.gain_chosen.connect(actions.set_gain)
        self.tiles.catch_up_wanted.connect(actions.catch_up)
        self.tiles.priority_chosen.connect(actions.set_priority)
        self.tiles.along_chosen.connect(actions.set_along)
        self.tiles.follow_wanted.connect(self.hands.follow_chosen)
        self.tiles.hold_chosen.connect(actions.set_hold)
        self.now.follow_wanted.connect(self.hands.follow_speaker)
        self.tiles.calls_wanted.connect(self.pages.show_calls)
        self._connect_menu()
        self._connect_sound()
        self.replay.stop_wanted.connect(actions.stop_replay)
        self.top.speed_wanted.connect(actions.set_catch_up_speed)
        self.tiles.talk_pressed.connect(lambda key: self.gate.press(key, "tile"))
        self.tiles.talk_released.connect(lambda: self.gate.release("tile"))
        self.talk_place.pressed.connect(lambda: self.hands.press_selected("bar"))
        self.talk_place.released.connect(lambda: self.gate.release("bar"))
        self.gate.refused.connect(self.talk_place.show_refusal)
        self._connect_talk_key()
        self.gate.talking.connect(lambda _key: self._show_talk_place())
        self.master.gain_chosen.connect(actions.set_master_gain)
        self.master.mute_chosen.connect(self.hands.mute_all)
        self.mute_bar.ended.connect(lambda: actions.mute_all(False))
        for unmuting in (self.left_muted.unmute_wanted, self.handover.unmute_wanted):
            unmuting.connect(lambda key: actions.set_muted(key, False))
        self.alarm_sound.pause_wanted.connect(actions.pause_alarm_sound)
        self.alarms.count_changed.connect(self._alarm_count)
        self.alarms.place_wanted.connect(self.pages.show_alarm)
        self.log.unit_chosen.connect(self.map_place.show_unit)
        self.log_away.clicked.connect(lambda: self.pages.show_page(self.timeline))
        self.notices.site_wanted.connect(actions.start_site)

    def _connect_menu(self) -> None:
        actions = self._sources.actions
        self.top.theme_wanted.connect(self._theme_wanted)
        self.top.language_wanted.connect(self._language_wanted)
        self.top.sizes.chosen.connect(self._scale_wanted)
        self.hands.scale_wanted.connect(self._scale_stepped)
        self.top.help_wanted.connect(self.pages.toggle_help)
        self.top.tour_wanted.connect(self.begin_tour)
        self.tour.ended.connect(self._tour_ended)
        self.top.hours_wanted.connect(self._hours_wanted)
        self.retention.decided.connect(actions.set_recall_hours)
        self.help.closed.connect(self.pages.close_help)

    def _connect_sound(self) -> None:
        actions = self._sources.actions
        self.top.evened_wanted.connect(actions.set_evened)
        self.top.devices_wanted.connect(actions.list_devices)
        self.top.device_chosen.connect(actions.choose_device)
        self.top.speaker.chosen.connect(actions.choose_second)
        self.top.speaker.level_chosen.connect(actions.set_second_gain)
        self.top.devices_wanted.connect(actions.list_microphones)
        self.top.microphone.chosen.connect(actions.choose_microphone)
        self.top.microphone.voice_wanted.connect(actions.set_voice)
        self.top.microphone.hearing_wanted.connect(actions.hear_myself)

    # --- what it shows ---

    def _show_status(self) -> None:
        status = self._sources.status.status()
        self.top.show_status(status)
        self._show_notices()
        self.code_bar.show_status(status)
        self.pin_bar.show_status(status)
        self.replay.show_replay(status.replay)
        self.alarms.show_replay(status.replay)
        for page in (self.calls, self.timeline, self.handover, self.people):
            page.show_who(status.person or status.position)
        self.duty_list.show_who(status.person)
        self.master.set_gain(status.master_gain_db)
        self.master.set_muted(status.muted_until_s is not None)
        self.own_alarm_bar.show_alarm(status.own_alarm)
        self.mute_bar.show_until(status.muted_until_s)
        self.left_muted.show_person(status.person)
        self.now.show_following(status.following)
        self.tiles.set_hold(status.hold_s)
        self.alarm_sound.show_status(status)
        self._show_doubt()
        self._give_alarms_room()
        self._show_calls(status)
        self.tiles.set_can_send(not status.transmit_note)
        self.gate.set_latch(status.latch)
        is_spent = self.gate.is_latched and has_ended(status.transmit)
        if status.transmit_note or is_spent or status.buttons.learning is not None:
            self.gate.let_go()
        self.talk_page.show_status(status)
        self._show_talk_place()
        self._name_window()

    def _show_notices(self, _keys: object = ()) -> None:
        """Also when tiles change: what is heard without the site is said as it is."""
        status, source = self._sources.status.status(), self._sources.talkgroups
        rows = (source.row(key) for key in tuple(source.keys()))
        self.notices.show_status(status, hearing(status, rows))

    def _show_doubt(self) -> None:
        """Also by the clock: what was known yesterday bears its day."""
        status, now_s = self._sources.status.status(), self._sources.clock.now_s()
        now, of_news = doubt(status, now_s), news_doubt(status, now_s)
        of_alarms = alarm_doubt(status, now_s)
        if (now, of_news, of_alarms) != self._doubts:
            self._doubts = (now, of_news, of_alarms)
            self.units.show_doubt(now)
            self.aid.show_doubt(now)
            self.duty.show_doubt(of_news)
            self.log.show_doubt(of_news)
            self.alarms.show_doubt(of_alarms)
            self.handover.show_doubt(of_alarms)

    def _show_talk_place(self, _keys: object = ()) -> None:
        call = self.hands.call_in_front()
        key = self.hands.selected() if call is None else call.stream
        source = self._sources.talkgroups
        all_rows = (source.row(one) for one in tuple(source.keys()))
        rows = [row for row in all_rows if row.key == key or row.along]
        names = [row.name for row in rows]
        if call is not None:
            names = [self.tr("Call: {0}").format(call.who)]
        status = self._sources.status.status()
        why_not = self.hands.why_not_send(key)
        why_not = why_not or (self.hands.why_unheard(rows) if call is None else "")
        self.talk_place.show_state(
            ", ".join(dict.fromkeys(names)),
            why_not,
            status.transmit,
            mute=status.microphone.state == "silent",
        )
        self.talk_place.show_hands(
            latch=status.latch,
            is_latched=self.gate.is_latched,
            has_pedal=status.buttons.row("talk").stand in ("ready", "chattering"),
        )
        self.goes_to.show_groups("" if call is not None else key, held=self.gate.held)

    def _show_calls(self, status: DeskStatus) -> None:
        """A half duplex call that begins is what the talk key talks in, until a group is chosen."""
        before, now = self.call_bar.call, status.call
        is_on = now is not None and now.stand == "connected"
        was_on = before is not None and before.stand == "connected"
        if is_on and not (
            was_on and before is not None and now is not None and before.key == now.key
        ):
            self.hands.choose_call()
        if status.ringing and not self.ring_bar.is_ringing:
            self.pages.close_help()  # it would lie over who rings
            if not self.isActiveWindow():
                QApplication.alert(self)
        self.ring_bar.show_ringing(status.ringing, now)
        self.call_bar.show_call(now, is_ringing=bool(status.ringing))

    def _alarm_count(self, count: int) -> None:
        self._name_window()
        if count > self._alarms_known:
            typed_in = QApplication.focusWidget()
            self.tour.end()
            self.pages.close_help()
            self.pages.close_page()  # the map is for the alarm now
            self._mind_typing(typed_in)
            self._unlock_for_alarm()
            self.raise_()  # above what has a window of its own
        self._alarms_known = count
        self.top.allow_tour(not count)
        if count:
            close_popups()
            self.hands.map_hands.make_way()
        if count and not self.isActiveWindow():
            QApplication.alert(self)

    def _mind_typing(self, field: QWidget | None) -> None:
        """It went without the hand's leave, perhaps in a pause of the text: what the hand types
        next is still text, and no key of the desk."""
        if isinstance(field, QLineEdit) and field.text() and not field.isVisible():
            self.hands.typing.goes_on()
            if field is self.people.text:
                self.people.interrupt()

    def _unlock_for_alarm(self) -> None:
        """Nobody holds it, and who raises an alarm is to be heard: their microphone is open."""
        if self.gate.is_latched:
            self.gate.let_go()
            words = self.tr("A safety alarm: listen. Press again to talk.")
            self.talk_place.show_refusal(words, self.tr("CLOSED"))

    def _name_window(self) -> None:
        site, count = self._sources.status.status().site, self.alarms.unacknowledged
        alarm = self.tr("({0} ALARM) ").format(count) if count else ""
        self.setWindowTitle(alarm + site)

    def _figures_of(self, key: str) -> str:
        row = self._sources.diagnostics.stream(key)
        return in_short(row) if row is not None else ""

    # --- hands ---

    def _hours_wanted(self, hours: float) -> None:
        """Shorter deletes: that is asked first."""
        self.retention.drop()
        if hours < self._sources.status.status().recall_hours:
            self.retention.ask(hours)
        else:
            self._sources.actions.set_recall_hours(hours)

    # --- talking ---

    # --- look and language ---

    def _theme_wanted(self, name: str) -> None:
        self.set_palette(PALETTES[name])
        self.theme_chosen.emit(name)

    def _language_wanted(self, name: str) -> None:
        self.set_language(name)
        self.language_chosen.emit(name)

    def _scale_stepped(self, step: int) -> None:
        sizes = self.top.sizes
        wanted = sizes.stepped(step) if step else SCALES[0]
        if step > 0 and wanted <= self._percent:
            if sizes.most < SCALES[-1]:
                self.say_done(self.tr("This window holds no more than {0} %.").format(sizes.most))
            return
        self._scale_wanted(wanted)

    def _scale_wanted(self, percent: int) -> None:
        self.set_scale(percent)
        self.scale_chosen.emit(percent)

    def set_scale(self, percent: int) -> None:
        """How large everything is drawn, as far as this window can hold it."""
        self._percent = percent
        self._fit_look(self.size())

    def _fit_look(self, size: QSize) -> None:
        metrics = metrics_for(size.width(), size.height(), self._percent / 100)
        if metrics != self._look.metrics:
            is_other_scale = metrics.scale != self._look.metrics.scale
            self._look = Look(self._look.palette, metrics)
            if is_other_scale:
                use_palette(_application(), self._look.palette, metrics.scale)
            self._apply_look()
            QTimer.singleShot(0, self, self._show_selected)  # once the tiles have their new places
        most = fitting_scale(size.width(), size.height(), SCALES[-1] / 100)
        self.top.sizes.show_size(self._percent, round(most * 100))
        self._give_alarms_room()
        QTimer.singleShot(0, self, self._place_over_map)  # once the columns have their new widths

    def _show_selected(self) -> None:
        """Where the voice goes is not to be lost among tiles that have become larger."""
        self.tiles.bring_into_view(self.hands.selected())

    def _place_over_map(self) -> None:
        self.pages.place_help()
        self.tour.place()

    def set_palette(self, palette: Palette) -> None:
        use_palette(_application(), palette, self._look.metrics.scale)
        self._look = Look(palette, self._look.metrics)
        self._apply_look()

    def set_language(self, language: str) -> None:
        self._language = language
        use_language(_application(), language)

    def _apply_look(self) -> None:
        m = self._look.metrics
        for part in self.all_parts():
            part.set_look(self._look)
        self._rows.setContentsMargins(0, 0, 0, m.gap)
        self._rows.setSpacing(m.gap)
        for line in (self._middle, self._bottom):
            line.setContentsMargins(m.gap, 0, m.gap, 0)
            line.setSpacing(m.gap)
        self._right.setSpacing(m.gap + 3)
        self._map_column.setSpacing(m.gap)
        self.tile_area.setFixedWidth(m.left)
        self.talk_place.setFixedWidth(m.talk)
        self.panels.set_look(self._look)
        self.master.setFixedWidth(m.right)
        for low in self.bottom_row():
            low.setFixedHeight(m.bottom_bar)
        self._apply_bottom()
        self.top.show_choices(self._look.palette.name, self._language)

    def _apply_bottom(self) -> None:
        """Where the voice goes takes its room from who talks."""
        m = self._look.metrics
        is_narrow = self.width() < m.px(CROWDED_PX)
        self.goes_to.setFixedWidth(round(m.goes_to * 0.85) if is_narrow else m.goes_to)
        crowded = is_narrow and not self.goes_to.isHidden()
        self.master.setFixedWidth(m.right // 2 if crowded else m.right)

    def _retranslate(self) -> None:
        for part in self.all_parts():
            part.retranslate()
        if self.tour.is_on:
            self.begin_tour()
        self.panels.retranslate()
        self._show_status()
        self.top.show_choices(self._look.palette.name, self._language)

    # --- the tour ---

    def begin_tour(self) -> None:
        """Never during an alarm."""
        if not self.alarms.unacknowledged:
            self.pages.close_help()
            self.pages.close_page()
            self.tour.begin(tour_steps(self))

    def _tour_ended(self) -> None:
        self.hands.free_keyboard()
        if not self.alarms.unacknowledged:
            self.toured.emit()

    # --- where it stands ---

    def arrangement(self) -> Arrangement:
        """To be remembered for the screens that are there now."""
        rect = self.normalGeometry() if self.isMaximized() else self.geometry()
        shown = self.pages.shown
        return Arrangement(
            place_of(rect, maximised=self.isMaximized()),
            self.panels.detaching.places(),
            "" if shown is None else shown.name,
            self.panels.detaching.left,
        )

    def come_into_view(self) -> None:
        """A screen has gone: what stood there alone is brought to one that is there."""
        there = screens.areas()
        self.panels.detaching.bring_back_unseen()
        if there and not is_seen(self.geometry(), there):
            self.setGeometry(fitted(self.geometry(), there))

    def arrange(self, wanted: Arrangement) -> None:
        """As it was remembered, on the screens that are there now; alarms keep the map."""
        if wanted.window is not None:
            self.setGeometry(fitted(rect_of(wanted.window), screens.areas()))
            if wanted.window.maximised:
                self.setWindowState(self.windowState() | Qt.WindowState.WindowMaximized)
        for name in wanted.panels:
            page = self.pages.named(name)
            if page is not None and not self.panels.is_out(page):
                self.pages.fill(page)
        kept = {n: place for n, place in wanted.panels.items() if n != self.aid.name}
        self.panels.detaching.arrange(kept, wanted.left)
        page = self.pages.named(wanted.page)
        if page is not None and not self.alarms.unacknowledged and not self.panels.is_out(page):
            self.pages.fill(page)
            self.pages.show_page(page)

    # --- Qt's own ---

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Qt asks too when what had the keyboard is hidden; then a hand is nowhere near Tab's next
        stop."""
        focused = QApplication.focusWidget()
        if focused is not None and not focused.isVisible():
            self.hands.free_keyboard()
            return True
        return go(self.tab_areas(), forward=forward)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.ActivationChange and not self.focus.is_active:
            self.gate.leave()
            self.alarm_chord.let_go()
        elif event.type() == QEvent.Type.WindowStateChange:
            self.arranged.emit()
            self._run(self.isVisible() and not self.isMinimized())
        super().changeEvent(event)

    def _give_alarms_room(self) -> None:
        """Half the window, or what is left by the least that the others can do with: nothing may
        lie on an alarm. The log needs none: it gives way."""
        m = self._look.metrics
        always = (self.alarm_sound, self.duty, self.units)
        others = (*always, self.log_away) if m.short else always
        shown = [part for part in others if not part.isHidden() and not self.panels.is_out(part)]
        least = sum(max(part.minimumSizeHint().height(), part.minimumHeight()) for part in shown)
        fixed = m.top_bar + m.bottom_bar + 3 * m.gap + len(shown) * self._right.spacing()
        self.alarms.set_room(min(round(self.height() * 0.5), self.height() - fixed - least))
        self.panels.room_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_look(event.size())
        self._apply_bottom()
        self.waiting.look_again()
        self.arranged.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.arranged.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch(self)
        self._run(True)
        if not self.tiles.has_focus():
            self.tiles.focus_current()

    def hideEvent(self, _event: QEvent) -> None:
        self.gate.leave()
        self._run(False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """What has a window of its own comes home first: none of them outlives this one."""
        self.gate.let_go()
        self.closing.emit()
        self.panels.detaching.bring_all_back()
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
        self.hands.unit_hands.water.close()
        if self.map_place.map is not None:
            self.map_place.map.close_map()

    def _load_map(self) -> None:
        self.map_place.load()
        self.hands.menu_keys.follow(self)
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
