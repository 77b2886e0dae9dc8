"""The line on top: where and who, what is connected, the marks, and the one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QMenu, QSizePolicy, QWidget

from widgets import paint, times
from widgets.button_words import row_words
from widgets.buttons import FlatButton, ghost
from widgets.contracts.rows import DeskStatus, DeviceChoice, LinkState
from widgets.contracts.sources import Clock
from widgets.labels import Ink, Words
from widgets.languages import NAMES
from widgets.look import Look, font
from widgets.microphone import MicrophoneMenu
from widgets.name_button import NameButton
from widgets.otherdesks import OtherDesks
from widgets.retention import CHOICES, hours_words
from widgets.sizemenu import SizeMenu
from widgets.speakermenu import SpeakerMenu
from widgets.text_field import TextField

LINK_INK: dict[LinkState, Ink] = {"up": "good", "connecting": "warning", "down": "warning"}
MAX_NAME: Final = 64  # as of any person, in an event
SPEEDS = ("1", "1.25", "1.5", "2")  # of a catch-up


class TopBar(QWidget):
    person_given = Signal(str)
    name_cut = Signal(str)  # words of how much of it did not fit
    name_left = Signal()  # and the keyboard is to go elsewhere
    theme_wanted = Signal(str)
    language_wanted = Signal(str)
    speed_wanted = Signal(float)
    help_wanted = Signal()
    tour_wanted = Signal()
    diagnostics_wanted = Signal()
    calls_wanted = Signal()
    timeline_wanted = Signal()
    people_wanted = Signal()
    duty_wanted = Signal()
    handover_wanted = Signal()
    hours_wanted = Signal(float)
    devices_wanted = Signal()
    device_chosen = Signal(str)
    evened_wanted = Signal(bool)
    latch_wanted = Signal(bool)
    talk_page_wanted = Signal()

    def __init__(
        self,
        look: Look,
        clock: Clock,
        microphone_dbfs: Callable[[], float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._microphone_dbfs = microphone_dbfs
        self._look = look
        self._clock = clock
        self._status = DeskStatus()
        self._is_naming = False
        self._make_parts()
        self._make_menu()
        self._lay_out()
        self._tick = QTimer(self)
        self._tick.timeout.connect(self.tell_time)
        self.set_look(look)
        self.retranslate()

    def _make_parts(self) -> None:
        look = self._look
        self.menu_button = FlatButton(look, icon_name="menu-2", skin=ghost)
        self.site = Words(look, size="title", bold=True)
        self.position = Words(look, ink="muted")
        self.person = NameButton(look, icon_name="user", skin=ghost)
        self.name_field = TextField(MAX_NAME)
        self.exercise = Words(look, bold=True, ink="warning", icon_name="school", frame=True)
        self.undelivered = Words(look, bold=True, ink="warning", icon_name="clock", frame=True)
        self.desks = OtherDesks(look)
        self.site_link = Words(look, icon_name="antenna")
        self.engine_link = Words(look, icon_name="activity")
        self.device = Words(look, icon_name="headphones")
        self.pedal = Words(look, icon_name="shoe")
        self.pedal.hide()
        self.date = Words(look, ink="muted", align=paint.RIGHT)
        self.clock = Words(look, size="clock", bold=True, align=paint.RIGHT)
        self.person.clicked.connect(self.edit_name)
        self.name_field.escaped.connect(self._name_dropped)
        self.name_field.takes_tab = True
        self.name_field.returnPressed.connect(self._name_given)
        self.name_field.editingFinished.connect(self._name_given)
        self.name_field.bounded.connect(self._name_bounded)
        self.name_field.setFixedWidth(200)
        self.name_field.hide()

    def _make_menu(self) -> None:
        """So few rows that all of them are seen on a screen of 768 lines, also at 150 %."""
        self.menu = QMenu(self)
        self._themes = self._choices(self.menu, ("night", "day"), self._theme_chosen)
        self.sizes = SizeMenu(self.menu)
        self.menu.addMenu(self.sizes)
        self.language = self.menu.addMenu("")
        self._languages = self._choices(self.language, NAMES, self._language_chosen)
        self.menu.addSeparator()
        self._make_sound_menu()
        self._make_talk_menu()
        self.speed = self.menu.addMenu("")
        self._speeds = self._choices(self.speed, SPEEDS, self._speed_chosen)
        self.menu.addSeparator()
        self._make_recall_menu()
        self._timeline = QAction(self)
        self._timeline.triggered.connect(self.timeline_wanted)
        self.menu.addAction(self._timeline)
        self.menu.addSeparator()
        self._make_help_menu()
        self.menu_button.clicked.connect(self.open_menu)

    def _make_sound_menu(self) -> None:
        self.sound = self.menu.addMenu("")
        self.devices = QMenu(self.sound)
        self._one_device = QActionGroup(self.devices)
        self.speaker = SpeakerMenu(self.sound)
        self.microphone = MicrophoneMenu(self._look, self._microphone_dbfs, self.sound)
        for menu in (self.devices, self.speaker, self.microphone):
            self.sound.addMenu(menu)
        self._listed: tuple[DeviceChoice, ...] = ()
        self._evened = QAction(self)
        self._evened.setCheckable(True)
        self._evened.triggered.connect(self.evened_wanted)
        self.sound.addAction(self._evened)

    def _make_help_menu(self) -> None:
        self.helping = self.menu.addMenu("")
        self._help, self._tour, self._diagnostics = (self.helping.addAction("") for _ in range(3))
        self._help.triggered.connect(self.help_wanted)
        self._tour.triggered.connect(self.tour_wanted)
        self._diagnostics.triggered.connect(self.diagnostics_wanted)

    def _make_talk_menu(self) -> None:
        self.talk_key = QMenu(self.menu)
        self.menu.addMenu(self.talk_key)
        together = QActionGroup(self.talk_key)
        self.hold, self.latch = self.talk_key.addAction(""), self.talk_key.addAction("")
        for action, latch in ((self.hold, False), (self.latch, True)):
            action.setCheckable(True)
            together.addAction(action)
            action.triggered.connect(lambda _on=False, latch=latch: self.latch_wanted.emit(latch))
        self.talk_key.addSeparator()
        self.pedals = self.talk_key.addAction("")
        self.pedals.triggered.connect(self.talk_page_wanted)

    def _make_recall_menu(self) -> None:
        self._people = QAction(self)
        self._people.triggered.connect(self.people_wanted)
        self.menu.addAction(self._people)
        self._duty = QAction(self)
        self._duty.triggered.connect(self.duty_wanted)
        self.menu.addAction(self._duty)
        self._handover = QAction(self)
        self._handover.triggered.connect(self.handover_wanted)
        self.menu.addAction(self._handover)
        self._calls = QAction(self)
        self._calls.triggered.connect(self.calls_wanted)
        self.menu.addAction(self._calls)
        self.hours = QMenu(self.menu)
        self.menu.addMenu(self.hours)
        together = QActionGroup(self.hours)
        for hours in CHOICES:
            action = self.hours.addAction("")
            action.setCheckable(True)
            action.setData(str(hours))
            action.triggered.connect(self._hours_chosen)
            together.addAction(action)

    def _show_hours(self) -> None:
        """What was chosen is ticked when it is so, not before: a question may come between."""
        now = self._status.recall_hours
        self.hours.setTitle(self.tr("Keep calls: {0}").format(hours_words(now)))
        for action in self.hours.actions():
            hours = float(_data(action))
            action.setText(hours_words(hours))
            action.setChecked(hours == now)

    def _figure(self, number: str) -> str:
        return number.replace(".", self.locale().decimalPoint())

    def _hours_chosen(self) -> None:
        hours = float(_data(self.sender()))
        self._show_hours()
        self.hours_wanted.emit(hours)

    def _choices(self, menu: QMenu, names: Iterable[str], call: object) -> dict[str, QAction]:
        """One of them is ticked."""
        together = QActionGroup(self)
        made = {name: menu.addAction("") for name in names}
        for name, action in made.items():
            action.setCheckable(True)
            action.setData(name)
            action.triggered.connect(call)
            together.addAction(action)
        return made

    def _lay_out(self) -> None:
        self._line = QHBoxLayout(self)
        left = (
            self.menu_button, self.site, self.position, self.person, self.name_field, self.desks,
        )  # fmt: skip
        marks = (self.exercise, self.undelivered)
        right = (
            self.site_link, self.engine_link, self.device, self.pedal, self.date, self.clock,
        )  # fmt: skip
        for part in (*left, *marks):
            self._line.addWidget(part)
        self._line.addStretch(1)
        for part in right:
            self._line.addWidget(part)
        for fixed in (self.clock, self.date, *marks):
            fixed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    # --- its room ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._share_room()
        return super().event(event)

    def _share_room(self) -> None:
        """Where not all of it fits a long name is cut first, then the date goes: how the desk
        stands, and the mark of an exercise, are read before those."""
        name = 0 if self.person.isHidden() else self.person.sizeHint().width()
        others = self._line.sizeHint().width() - min(name, self.person.maximumWidth())
        date = self.date.sizeHint().width() + self._line.spacing()
        others += date if self.date.isHidden() else 0
        spare, least = self.width() - others, self.person.least_width()
        self.date.setVisible(spare >= min(name, least))
        spare += date if self.date.isHidden() else 0
        self.person.setMaximumWidth(max(least, min(self.person.sizeHint().width(), spare)))

    # --- what it is told ---

    def show_status(self, status: DeskStatus) -> None:
        self._status = status
        self.site.say(status.site or self.tr("No site"))
        self.position.say(status.position)
        self.person.set_words(
            self._who(status),
            self.tr("Change name, now {0}").format(status.person or self.tr("nobody")),
        )
        self.exercise.setVisible(status.exercise)
        self.undelivered.setVisible(status.undelivered > 0)
        self.undelivered.say(self.tr("Not delivered: {0}").format(status.undelivered))
        self.desks.show_status(status)
        self._show_devices()
        self.speaker.show_status(status)
        for name, action in self._speeds.items():
            action.setChecked(float(name) == status.catch_up_speed)
        self.speed.setTitle(
            self.tr("Catch up at {0}×").format(self._figure(f"{status.catch_up_speed:g}"))
        )
        self._evened.setChecked(status.evened)
        (self.latch if status.latch else self.hold).setChecked(True)
        self._show_pedal(status)
        self._show_hours()
        self.microphone.show_microphone(status.microphone)
        self._show_links()

    def _show_devices(self) -> None:
        """Made anew only when the list differs: it may be open."""
        s = self._status
        if s.devices != self._listed:
            self._listed = s.devices
            self._list_devices()
        for action in self.devices.actions():
            action.setChecked(action.data() == s.device_chosen)

    def _list_devices(self) -> None:
        self.devices.clear()
        for choice in self._listed:
            action = self.devices.addAction(self._device_words(choice))
            action.setCheckable(True)
            action.setData(choice.name)
            action.triggered.connect(self._device_picked)
            self._one_device.addAction(action)

    def _device_words(self, choice: DeviceChoice) -> str:
        words = {"default": self.tr("The system's choice"), "null": self.tr("No sound")}
        text = choice.label or words.get(choice.name, choice.name)
        return text.replace("&", "&&")

    def _device_picked(self) -> None:
        self.device_chosen.emit(_data(self.sender()))

    def _show_links(self) -> None:
        s = self._status
        self.site_link.say(
            _link_words(s.site_link, self._site_words()),
            ink=LINK_INK[s.site_link],
            icon_name="antenna" if s.site_link == "up" else "cloud-off",
            more=s.site_note,
        )
        self.engine_link.say(
            _link_words(s.engine_link, self._engine_words()),
            ink=LINK_INK[s.engine_link],
            icon_name="activity" if s.engine_link == "up" else "unlink",
            more=s.engine_note,
        )
        lost = s.device_lost or not s.device
        is_chosen = not lost and not s.device_note
        self.device.say(
            self.tr("No sound device") if lost else s.device,
            ink="good" if is_chosen else "warning",
            icon_name="device-speaker-off" if lost else "headphones",
            more=s.device_note or s.device,
        )

    def _show_pedal(self, status: DeskStatus) -> None:
        """Only where one is relied on."""
        row = status.buttons.row("talk")
        self.pedal.setVisible(row.stand != "unset")
        is_well = row.stand in ("ready", "starting")
        self.pedal.say(
            self.tr("Pedal") if is_well else self.tr("Pedal: see the menu"),
            ink="good" if row.stand == "ready" else "warning",
            icon_name="shoe" if is_well else "shoe-off",
            more=row_words(row),
        )

    def _site_words(self) -> tuple[str, str, str]:
        return self.tr("Site connected"), self.tr("Site: connecting"), self.tr("Site out of reach")

    def _engine_words(self) -> tuple[str, str, str]:
        return self.tr("Sound engine on"), self.tr("Sound: starting"), self.tr("Sound stopped")

    def allow_tour(self, is_allowed: bool) -> None:
        """Not during an alarm."""
        self._tour.setEnabled(is_allowed)

    def show_choices(self, theme: str, language: str) -> None:
        """Which theme and language are ticked in the menu."""
        self._themes[theme].setChecked(True)
        self._languages[language].setChecked(True)
        self.language.setTitle(self.tr("Language: {0}").format(NAMES[language]))

    def tell_time(self) -> None:
        now_s = self._clock.now_s()
        self.clock.say(times.clock(now_s))
        self.date.say(times.date(now_s, QLocale()))

    def set_running(self, running: bool) -> None:
        if running and not self._tick.isActive():
            self._tick.start(200)
        elif not running:
            self._tick.stop()

    # --- hands ---

    def open_menu(self) -> None:
        """Opens downwards from the left edge: away from the alarms."""
        self.devices_wanted.emit()
        corner = self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height() + 2))
        self.menu.popup(corner)

    def _theme_chosen(self) -> None:
        self.theme_wanted.emit(_data(self.sender()))

    def _speed_chosen(self) -> None:
        self.speed_wanted.emit(float(_data(self.sender())))

    def _language_chosen(self) -> None:
        self.language_wanted.emit(_data(self.sender()))

    def edit_name(self) -> None:
        """Typed, or picked from those who may sign in."""
        self.name_field.setCompleter(self._names())
        self.name_field.setText(self._status.person)
        self._is_naming = True
        self.person.hide()
        self.name_field.show()
        self.name_field.selectAll()
        self.name_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _names(self) -> QCompleter:
        names = QCompleter(self._status.persons, self.name_field)
        names.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        names.setFilterMode(Qt.MatchFlag.MatchContains)
        return names

    def _who(self, status: DeskStatus) -> str:
        if not status.person:
            return self.tr("Who sits here?")
        if status.person_doubt:
            return self.tr("{0} (not confirmed)").format(status.person)
        return status.person

    def _name_given(self) -> None:
        """Enter, Tab, or a click elsewhere: a name that was typed is meant, once."""
        if not self._is_naming:
            return
        self._is_naming = False  # the PIN's field takes the keyboard, which ends the editing again
        name = self.name_field.text().strip()
        if name and (name != self._status.person or self._status.person_doubt):
            self.person_given.emit(name)
        self._leave_name()

    def _name_bounded(self) -> None:
        if words := self.name_field.cut_words():
            self.name_cut.emit(words)

    def _name_dropped(self) -> None:
        self._is_naming = False
        self.name_field.setText(self._status.person)
        self._leave_name()

    def _leave_name(self) -> None:
        """The keyboard goes to a place that was chosen, not to whatever stands next."""
        if self.name_field.hasFocus():
            self.name_left.emit()
        self.name_field.hide()
        self.person.show()

    # --- look ---

    def set_look(self, look: Look) -> None:
        self._look = look
        m = look.metrics
        self.setFixedHeight(m.top_bar)
        self._line.setContentsMargins(m.gap, 0, m.gap + 4, 0)
        self._line.setSpacing(10 if m.compact else 16)
        self.name_field.setFont(font(m.small))
        self.microphone.set_look(look)
        for part in self.findChildren(Words) + self.findChildren(FlatButton):
            part.set_look(look)
        self._share_room()

    def retranslate(self) -> None:
        self.menu_button.set_words("", self.tr("Menu: theme, language, sound, help"))
        self.menu_button.setToolTip(self.tr("Menu: theme, language, sound, help"))
        self.name_field.setAccessibleName(self.tr("Your name"))
        self.name_field.setPlaceholderText(self.tr("Your name"))
        self.person.set_hint(self.tr("Your name stands on every answer. Click to change it (F9)."))
        self.exercise.say(self.tr("EXERCISE"))
        self._themes["night"].setText(self.tr("Night"))
        self._themes["day"].setText(self.tr("Day"))
        for name, words in NAMES.items():
            self._languages[name].setText(words)
        self.sound.setTitle(self.tr("Sound"))
        self.helping.setTitle(self.tr("Help"))
        self.devices.setTitle(self.tr("Sound output"))
        self._list_devices()
        self.desks.retranslate()
        self.sizes.retranslate()
        self.speaker.retranslate()
        self.microphone.retranslate()
        self.talk_key.setTitle(self.tr("Talk key"))
        self.hold.setText(self.tr("Hold to talk"))
        self.latch.setText(self.tr("Press to open, press to close"))
        self.pedals.setText(self.tr("Foot pedal and other buttons …"))
        for name, action in self._speeds.items():
            action.setText(f"{self._figure(name)}×")
        self._evened.setText(self.tr("Make talkers equally loud"))
        self._people.setText(self.tr("Message, call-out, talkgroup (Ctrl+N)"))
        self._duty.setText(self.tr("Duty list (Ctrl+T)"))
        self._handover.setText(self.tr("Hand-over: what is open (Ctrl+H)"))
        self._calls.setText(self.tr("Kept calls (Ctrl+R)"))
        self._timeline.setText(self.tr("Log and search (Ctrl+F)"))
        self._diagnostics.setText(self.tr("Diagnostics (Ctrl+D)"))
        self._help.setText(self.tr("Keys (F12)"))
        self._tour.setText(self.tr("A tour of this window"))
        self.show_status(self._status)
        self.tell_time()


def _link_words(state: LinkState, words: tuple[str, str, str]) -> str:
    states: tuple[LinkState, LinkState, LinkState] = ("up", "connecting", "down")
    return words[states.index(state)]


def _data(action: object) -> str:
    return str(action.data()) if isinstance(action, QAction) else ""
