"""The alarm of this very position, raised by a hand that is in need: an assault at the reception.

It goes the way of all alarms, by the outbox, and is everybody's to answer. While it is open the
talk key asks at the level of an emergency, which the arbiter grants to whose alarm it is.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer

from console.domain.alarm import Alarm
from console.domain.events import AlarmClosed, AlarmRaised, AlarmTaken, AnyBody
from console.models.alarms import is_own
from console.models.status import StatusModel
from console.models.store import SiteStore
from widgets.contracts.rows import OwnAlarm

CANCEL_S: Final = 10.0
"""So long a false press can be taken back here; then it is closed like any other alarm."""
_NO_ID: Final = re.compile("[^A-Za-z0-9_-]+")


class Publish(Protocol):
    """Hands an event to the outbox; False when nothing could take it."""

    def __call__(self, body: AnyBody, *, cause: str | None = None) -> bool: ...


class OwnAlarmDesk(QObject):
    """``member``: as whom this desk is at its site, "" = at none yet; ``front``: the talkgroup in
    front, "" = none; ``label``: what the position is called; ``trains``: whether all that it says
    is an exercise's."""

    def __init__(
        self,
        store: SiteStore,
        status: StatusModel,
        *,
        publish: Publish,
        member: Callable[[], str],
        front: Callable[[], str],
        label: Callable[[], str],
        trains: Callable[[], bool] = lambda: False,
        wall_s: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._status = status
        self._publish = publish
        self._member = member
        self._front = front
        self._label = label
        self._trains = trains
        self._wall_s = wall_s
        self._key = ""  # of the alarm that was raised here last, "" = it is over
        self._raised_s = 0.0
        self._cancelled: set[str] = set()
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.timeout.connect(self._show)
        store.alarms_changed.connect(lambda _keys: self._show())

    @property
    def is_open(self) -> bool:
        """Whether who sits here is in an emergency."""
        return bool(self._key) or self._known() is not None

    def raise_alarm(self) -> None:
        """One at a time: who presses again in need changes nothing."""
        if self.is_open:
            return
        status = self._status.status()
        key = f"D-{secrets.token_hex(6)}"
        talkgroup = self._front()
        body = AlarmRaised(
            alarm=key,
            unit=self._unit(),
            talkgroup=talkgroup if talkgroup and not _NO_ID.search(talkgroup) else None,
            text=", ".join(filter(None, (self._label(), status.person))),
            exercise=self._trains(),
        )
        if self._publish(body):
            self._key, self._raised_s = key, self._wall_s()
            self._over.start(round(CANCEL_S * 1_000))
        self._show()

    def cancel(self) -> None:
        """A false press: the alarm stands in the log, answered and closed by who raised it."""
        key = self._key
        if not key or self._wall_s() - self._raised_s > CANCEL_S:
            return
        known = self._store.state.alarms.get(key)
        cause = known.latest if known is not None else None
        if known is None or known.state == "raised":
            self._publish(AlarmTaken(key), cause=cause)
        if self._publish(AlarmClosed(key, "false-press"), cause=cause):
            self._cancelled.add(key)
            self._key = ""
        self._show()

    def _unit(self) -> str:
        """The position itself; where none has a name yet, what people call it."""
        return self._member() or _NO_ID.sub("-", self._label()).strip("-")[:40] or "desk"

    def _known(self) -> Alarm | None:
        """The open alarm of this position, as the site tells it."""
        return next(iter(self._open_ones()), None)

    def _open_ones(self) -> Iterable[Alarm]:
        for one in self._store.state.alarms.values():
            names = {one.key, *one.aliases}
            is_cancelled = bool(names & self._cancelled) and not one.reopened
            is_ours = self._key in names or is_own(one, self._member())
            if is_ours and not is_cancelled and one.state != "closed":
                yield one

    def _show(self) -> None:
        self._settle()
        known = self._known()
        if not self._key and known is None:
            self._status.set(own_alarm=None)
            return
        answered = known.taken or known.answered if known is not None else None
        self._status.set(
            own_alarm=OwnAlarm(
                state=known.state if known is not None else "not-delivered",
                who=self._store.marked(answered) if answered is not None else "",
                cancel_until_s=self._cancel_until_s(),
            )
        )

    def _settle(self) -> None:
        """What the site says is closed is over."""
        for one in self._store.state.alarms.values():
            if self._key in (one.key, *one.aliases) and one.state == "closed":
                self._key = ""

    def _cancel_until_s(self) -> float | None:
        until_s = self._raised_s + CANCEL_S
        return until_s if self._key and self._wall_s() < until_s else None
