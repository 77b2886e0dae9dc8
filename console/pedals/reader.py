"""The reader at work: devices in, what is watched out, and nothing of any other key.

One thread decides; sources hand on what happens through a queue. What is told of a press is told
at once; releases when the contact has settled (:mod:`console.pedals.contact`).
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from typing import Final

from console.pedals.contact import SETTLE_S, Contact
from console.pedals.messages import (
    ALIVE_S,
    MAX_DEVICES,
    Alive,
    Control,
    Device,
    Devices,
    Learned,
    Moved,
    Stand,
    Standing,
    Told,
    Wish,
)
from console.pedals.source import Happening, Lost, Opened, Pressed, Source, Unread

SCAN_S: Final = 0.5
GATHER_S: Final = 0.25
"""One press may come by more ways than one; the best of them is learned."""
NOISE: Final = 24
"""Moves of one device in one learning: nobody presses so often, it is no button that moves."""
MAX_WAITING: Final = 10_000


class Reader:
    """``step`` again and again, from one thread; ``wish`` and ``happens`` from any."""

    def __init__(
        self,
        make: Callable[[Callable[[Happening], None]], Sequence[Source]],
        tell: Callable[[Told], None],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """``make`` is given where sources hand on what happens, and returns them, the best
        first."""
        self._queue: queue.Queue[Happening | Wish] = queue.Queue(MAX_WAITING)
        self._sources = tuple(make(self.happens))
        self._tell = tell
        self._now_s = now_s
        self._wish = Wish()
        self._contacts: dict[Control, Contact] = {}
        self._devices: dict[str, Device] = {}
        self._stands: dict[Control, Standing] = {}
        self._told_devices: tuple[Device, ...] = ()
        self._learning = _Learning(self._described, self._rank)
        self._unread = 0
        self._scan_due_s = self._alive_due_s = now_s()

    def wish(self, wish: Wish) -> None:
        self._queue.put(wish)

    def happens(self, what: Happening) -> None:
        """A queue that is full is a device gone mad; its reader waits."""
        self._queue.put(what)

    def close(self) -> None:
        for source in self._sources:
            source.close()

    def step(self, longest_s: float = 0.1) -> None:
        """Waits for something to happen, but not for long."""
        waits = any(one.is_down for one in self._contacts.values())
        try:
            self._take(self._queue.get(timeout=SETTLE_S / 4 if waits else longest_s))
            while True:
                self._take(self._queue.get_nowait())
        except queue.Empty:
            pass
        self._passed(self._now_s())

    # -- what happens ---------------------------------------------------------------------------

    def _take(self, what: Happening | Wish) -> None:
        match what:
            case Wish():
                self._wished(what)
            case Pressed():
                self._pressed(what)
            case Opened(device=device, down=down):
                self._opened(device, down)
            case Lost(device=device):
                self._lost(device)
            case Unread(count=count):
                self._unread += count

    def _wished(self, wish: Wish) -> None:
        before, self._wish = self._wish, wish
        if wish.learning != before.learning:
            self._learning = _Learning(self._described, self._rank)
            self._told_devices = ()
            self._let_all_go()
        for control in set(self._contacts) - set(wish.controls):
            del self._contacts[control]
        for control in wish.controls:
            self._contacts.setdefault(control, self._contact(control))
        self._stands.clear()
        self._scan()

    def _let_all_go(self) -> None:
        """Learning begins or ends: what is down now is no press, neither before nor after."""
        for control, contact in list(self._contacts.items()):
            if contact.is_down:
                self._tell(Moved(control, False, self._now_s()))
            self._contacts[control] = self._contact(control, is_down=contact.is_closed)

    @staticmethod
    def _contact(control: Control, *, is_down: bool = False) -> Contact:
        is_repeated = control.device.startswith("key:")
        return Contact(is_down=is_down, counts_bounces=not is_repeated)

    def _pressed(self, what: Pressed) -> None:
        if self._wish.learning:
            self._learning.moved(what)
        control = Control(what.device, what.control)
        contact = self._contacts.get(control)
        if contact is not None:
            self._told(control, contact.move(what.down, what.at_s), what.at_s)

    def _told(self, control: Control, moves: tuple[bool, ...], at_s: float) -> None:
        if not self._wish.learning:
            for down in moves:
                self._tell(Moved(control, down, at_s))

    def _opened(self, device: str, down: frozenset[str]) -> None:
        for control in self._contacts:
            if control.device == device:
                is_down = control.control in down
                self._contacts[control] = self._contact(control, is_down=is_down)

    def _lost(self, device: str) -> None:
        """Said before anything else is looked at: it may have been pressed."""
        known = self._devices.get(device, Device(device, ""))
        self._devices[device] = Device(device, known.name, known.kind, "absent", known.rule)
        for control in self._contacts:
            if control.device == device:
                self._contacts[control] = self._contact(control)
        self._tell_stands()

    # -- time -----------------------------------------------------------------------------------

    def _passed(self, now_s: float) -> None:
        for control, contact in self._contacts.items():
            self._told(control, contact.passed(now_s), now_s)
        if now_s >= self._scan_due_s:
            self._scan()
        if self._wish.learning:
            learned = self._learning.passed(now_s)
            if learned is not None:
                self._tell(learned)
        if now_s >= self._alive_due_s:
            self._alive_due_s = now_s + ALIVE_S
            self._tell(Alive(self._unread))
        self._tell_stands()

    def _scan(self) -> None:
        self._scan_due_s = self._now_s() + SCAN_S
        wanted = frozenset(control.device for control in self._wish.controls)
        found: dict[str, Device] = {}
        for source in self._sources:
            for device in source.scan(wanted, self._wish.learning):
                found.setdefault(device.device, device)
        self._devices = found
        told = tuple(one for one in found.values() if one.kind != "any-keyboard")[:MAX_DEVICES]
        if self._wish.learning and told != self._told_devices:
            self._told_devices = told
            self._tell(Devices(told))

    def _tell_stands(self) -> None:
        for control, contact in self._contacts.items():
            device = self._devices.get(control.device)
            stand: Stand = device.stand if device is not None else "absent"
            if stand == "ready":
                stand = contact.trouble(self._now_s()) or "ready"
            told = Standing(
                control,
                stand,
                device.name if device is not None else "",
                device.rule if device is not None else "",
            )
            if self._stands.get(control) != told:
                self._stands[control] = told
                self._tell(told)

    # -- learning -------------------------------------------------------------------------------

    def _source_of(self, device: str) -> tuple[int, Source] | None:
        found = ((n, one) for n, one in enumerate(self._sources) if device.startswith(one.prefix))
        return next(found, None)

    def _rank(self, device: str) -> int:
        found = self._source_of(device)
        return found[0] if found is not None else len(self._sources)

    def _described(self, control: Control) -> Learned | None:
        """None: a click, which is nobody's choice of a button."""
        found = self._source_of(control.device)
        if found is None:
            return None
        label, refusal = found[1].describe(control.device, control.control)
        if refusal == "mouse":
            return None
        return Learned(control, label[:256], refusal)  # type: ignore[arg-type]  # checked by tests


class _Learning:
    """A button counts when it is let go: the press that is learned opens nothing."""

    def __init__(
        self, describe: Callable[[Control], Learned | None], rank: Callable[[str], int]
    ) -> None:
        self._describe = describe
        self._rank = rank
        self._down: set[Control] = set()
        self._found: list[Learned] = []
        self._due_s: float | None = None
        self._moves: dict[str, int] = {}

    def moved(self, what: Pressed) -> None:
        control = Control(what.device, what.control)
        count = self._moves[what.device] = self._moves.get(what.device, 0) + 1
        if count > NOISE:
            return
        if what.down:
            self._down.add(control)
        elif control in self._down:
            self._down.discard(control)
            learned = self._describe(control)
            if learned is not None:
                self._found.append(learned)
                self._due_s = self._due_s or what.at_s + GATHER_S

    def passed(self, now_s: float) -> Learned | None:
        """One that may be taken is better than one that may not, then the nearest to the device."""
        if self._due_s is None or now_s < self._due_s:
            return None
        calm = [one for one in self._found if self._moves[one.control.device] <= NOISE]
        self._found.clear()
        self._due_s = None
        order = {one: (bool(one.refusal), self._rank(one.control.device)) for one in calm}
        return min(calm, key=order.__getitem__, default=None)
