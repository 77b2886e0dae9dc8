"""Pedals and other buttons outside the window, at the desk: bound, learned, and never stuck open.

The process that reads them (:mod:`console.pedals`) says five times a second that it lives. Silent,
dead, or its pedal gone while it was down: that is a release, told with its reason. A press that was
made while the window hung is none any more when it is read.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, get_args

from PySide6.QtCore import QObject, QTimer, Signal

from console.models.status import StatusModel
from console.pedals.messages import (
    SILENT_S,
    Alive,
    Control,
    Device,
    Devices,
    Kind,
    Learned,
    Moved,
    Standing,
    Told,
    Wish,
)
from console.pedals.process import PedalProcess
from console.settings import ButtonSettings
from console.site.node.process import child_environment
from widgets.contracts.rows import ButtonDevice, ButtonPurpose, ButtonRow, Buttons, ButtonStand

log = logging.getLogger(__name__)

LOOK_MS: Final = 100
STALE_S: Final = 0.5
"""A press that was made so long ago is not meant any more."""
LEARN_S: Final = 60.0
"""Nobody is at the page any more."""
LIKELY: Final[tuple[Kind, ...]] = ("pedal", "pad", "other", "keyboard", "any-keyboard")
"""What a button is looked for on, first."""
PURPOSES: Final[tuple[ButtonPurpose, ...]] = get_args(ButtonPurpose)


class ButtonDesk(QObject):
    """Implements widgets.contracts.sources.ButtonSource. ``bound`` carries what is to be
    remembered."""

    moved = Signal(str, bool)
    lost = Signal(str, str)
    bound = Signal(tuple)
    _came = Signal(object)  # from the process's thread to this one

    def __init__(
        self,
        status: StatusModel,
        known: Sequence[ButtonSettings],
        *,
        home: Path | None = None,
        options: Sequence[str] = (),
        now_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        """``options``: for the process, where devices are elsewhere than the system has them."""
        super().__init__(parent)
        self._status = status
        self._known = {one.purpose: one for one in known}
        self._home = home
        self._options = tuple(options)
        self._now_s = now_s
        self._process: PedalProcess | None = None
        self._forgotten: dict[ButtonPurpose, ButtonSettings] = {}
        self._down: set[ButtonPurpose] = set()
        self._stands: dict[Control, Standing] = {}
        self._heard_s = now_s()
        self._learning: ButtonPurpose | None = None
        self._learning_since_s = 0.0
        self._unread = 0
        self._came.connect(self._take)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._passed)
        self._show()

    def start(self) -> None:
        """Once the window is there: what is bound is read from now on."""
        self._process = PedalProcess(
            told=self._came.emit,
            ended=lambda: self._came.emit(None),
            environment=child_environment(),
            home=self._home,
            options=self._options,
        )
        self._tell()

    def stop(self) -> None:
        self._look.stop()
        if self._process is not None:
            self._process.stop()

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None else 0

    # -- hands ----------------------------------------------------------------------------------

    def learn(self, purpose: str) -> None:
        chosen = _purpose(purpose)
        if chosen is not None:
            self._learning, self._learning_since_s = chosen, self._now_s()
            self._let_go("learning")
            self._change(learning=chosen, note="", devices=())
            self._tell()

    def stop_learning(self) -> None:
        if self._learning is not None:
            self._learning = None
            self._change(learning=None, note="", devices=())
            self._tell()

    def forget(self, purpose: str) -> None:
        chosen = _purpose(purpose)
        if chosen in self._known:
            self._let_go("removed")
            self._forgotten[chosen] = self._known.pop(chosen)
            self._bound()

    def restore(self, purpose: str) -> None:
        """What was chosen for it since, or for something else, stays."""
        chosen = _purpose(purpose)
        known = self._forgotten.get(chosen) if chosen is not None else None
        if chosen is None or known is None or chosen in self._known:
            return
        if self._purpose_of(_control(known)) is None:
            self._known[chosen] = self._forgotten.pop(chosen)
            self._bound()

    def _bound(self) -> None:
        self.bound.emit(tuple(self._known.values()))
        self._tell()
        self._show()

    # -- the process ----------------------------------------------------------------------------

    def _tell(self) -> None:
        if self._process is None:
            return
        wish = Wish(tuple(map(_control, self._known.values())), self._learning is not None)
        self._heard_s = self._now_s()
        self._process.wish(wish)
        if wish.controls or wish.learning:
            self._look.start()
        else:
            self._look.stop()

    def _take(self, told: Told | None) -> None:
        self._heard_s = self._now_s()
        match told:
            case None:
                self._stands.clear()
                self._let_go("reader")
                self._show()
            case Moved(control=control, down=down, at_s=at_s):
                self._moved(control, down, at_s)
            case Standing():
                self._standing(told)
            case Devices(devices=devices):
                likely = sorted(devices, key=lambda one: LIKELY.index(one.kind))
                self._change(devices=tuple(map(_device, likely)))
            case Learned():
                self._learned(told)
            case Alive(unread=unread):
                if unread > self._unread:
                    log.warning("of what pedals sent, %d made no sense so far", unread)
                self._unread = unread

    def _moved(self, control: Control, down: bool, at_s: float) -> None:
        purpose = self._purpose_of(control)
        if purpose is None or (down and self._learning is not None):
            return
        if not down and purpose in self._down:
            self._down.discard(purpose)
            self.moved.emit(purpose, False)
        elif down and purpose not in self._down and self._now_s() - at_s < STALE_S:
            self._down.add(purpose)
            self.moved.emit(purpose, True)

    def _standing(self, told: Standing) -> None:
        self._stands[told.control] = told
        purpose = self._purpose_of(told.control)
        if told.stand not in ("ready", "chattering") and purpose in self._down:
            self._down.discard(purpose)
            self.lost.emit(purpose, "held" if told.stand == "held" else "unplugged")
        self._show()

    def _learned(self, told: Learned) -> None:
        purpose = self._learning
        if purpose is None:
            return
        others = {_control(one) for p, one in self._known.items() if p != purpose}
        if told.refusal or told.control in others:
            note = "in-use" if told.control in others else told.refusal
            self._change(note=note)
            return
        control = told.control
        self._known[purpose] = ButtonSettings(purpose, control.device, control.control, told.label)
        self._learning = None
        self._change(learning=None, note="", devices=())
        self._bound()

    def _passed(self) -> None:
        """A process that hangs says nothing, also not that the foot has come up."""
        now_s = self._now_s()
        if self._down and now_s - self._heard_s > SILENT_S:
            self._let_go("reader")
        if self._learning is not None and now_s - self._learning_since_s > LEARN_S:
            self.stop_learning()

    def _let_go(self, why: str) -> None:
        down, self._down = self._down, set()
        for purpose in sorted(down):
            self.lost.emit(purpose, why)

    def _purpose_of(self, control: Control) -> ButtonPurpose | None:
        found = (p for p, one in self._known.items() if _control(one) == control)
        return next(found, None)

    # -- what is seen ---------------------------------------------------------------------------

    def _show(self) -> None:
        self._change(rows=tuple(map(self._row, PURPOSES)))

    def _row(self, purpose: ButtonPurpose) -> ButtonRow:
        known = self._known.get(purpose)
        if known is None:
            return ButtonRow(purpose)
        told = self._stands.get(_control(known))
        stand: ButtonStand = told.stand if told is not None else "starting"
        return ButtonRow(purpose, known.label, stand, told.rule if told is not None else "")

    def _change(self, **fields: object) -> None:
        buttons: Buttons = replace(self._status.status().buttons, **fields)  # type: ignore[arg-type]
        self._status.set(buttons=buttons)


def _purpose(name: str) -> ButtonPurpose | None:
    return next((one for one in PURPOSES if one == name), None)


def _control(known: ButtonSettings) -> Control:
    return Control(known.device, known.control)


def _device(told: Device) -> ButtonDevice:
    return ButtonDevice(told.name, told.stand, told.rule)
