"""What a hand says to people, as the site's events: messages, call-outs, dynamic talkgroups."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from console.domain import events as e
from console.domain.message import unread
from console.models.actions import Publish
from console.models.store import SiteStore
from widgets.contracts.rows import Answer

CALLOUT: Final = "C"
GROUP: Final = "G"
"""How ids of these begin."""
GROUP_LASTS_S: Final = 4 * 3_600
REMINDER_S: Final = 120
HELP_REMINDER_S: Final = 30  # who is called to an alarm is asked again sooner
LATE_MIN: Final = 10
"""What DELAYED says of this desk until somebody says better."""


class Posting:
    """Implements widgets.contracts.actions.Posting.

    ``new_id`` makes one of a prefix, ``me`` is as whom
    this desk speaks; ``trains``: what it says is an exercise's. All return False when the desk
    could not keep it."""

    def __init__(
        self,
        store: SiteStore,
        *,
        publish: Publish,
        new_id: Callable[[str], str],
        me: Callable[[], str],
        trains: Callable[[], bool],
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._publish = publish
        self._new_id = new_id
        self._me = me
        self._trains = trains
        self._now_s = now_s

    def send_message(self, to: Sequence[str], text: str) -> bool:
        first, *others = dict.fromkeys(to)
        return self._publish(e.MessageSent(to=first, text=text, also=tuple(others)))

    def call_out(self, to: Sequence[str], text: str) -> bool:
        return self._publish(
            e.CalloutSent(
                callout=self._new_id(CALLOUT),
                to=tuple(dict.fromkeys(to)),
                text=text,
                reminder_s=REMINDER_S,
                exercise=self._trains(),
            )
        )

    def form_group(self, name: str, members: Sequence[str]) -> bool:
        """This desk is in it too: who forms a group wants to hear it."""
        everyone = dict.fromkeys((*members, *(one for one in (self._me(),) if one)))
        return self._publish(
            e.GroupFormed(
                group=self._new_id(GROUP),
                name=name,
                members=tuple(everyone),
                lapses_ms=round((self._now_s() + GROUP_LASTS_S) * 1_000),
                exercise=self._trains(),
            )
        )

    def add_to_group(self, group: str, member: str) -> bool:
        """Who is in it already is said of no more."""
        known = self._store.state.groups.get(group)
        if known is None or known.state != "active" or member in known.members:
            return True
        return self._publish(e.GroupMemberAdded(group, member), cause=known.formed.id)

    def remove_from_group(self, group: str, member: str) -> bool:
        known = self._store.state.groups.get(group)
        if known is None or known.state != "active" or member not in known.members:
            return True
        return self._publish(e.GroupMemberRemoved(group, member), cause=known.formed.id)

    def end_post(self, key: str) -> bool:
        """A call-out that is done, a group that nobody needs any more."""
        state = self._store.state
        callout, group = state.callouts.get(key), state.groups.get(key)
        if callout is not None and callout.state == "open":
            return self._publish(e.CalloutEnded(key, "done"), cause=callout.sent.id)
        if group is not None and group.state == "active":
            return self._publish(e.GroupEnded(key), cause=group.formed.id)
        return True

    def read_message(self, key: str) -> bool:
        state, me = self._store.state, self._me()
        message = next((one for one in state.messages if one.key == key), None)
        if message is None or not me or not unread((message,), state.receipts, me):
            return True
        return self._publish(e.MessageRead(message=key, receiver=me), cause=key)

    def answer_callout(self, key: str, answer: Answer) -> bool:
        callout, me = self._store.state.callouts.get(key), self._me()
        if callout is None or callout.state != "open" or not me:
            return True
        late = LATE_MIN if answer == "delayed" else 0
        return self._publish(e.CalloutAnswered(key, me, answer, late), cause=callout.sent.id)

    def send_help(self, alarm: str, units: Sequence[str], text: str) -> bool:
        """Two events: the alarm's own record of who is sent, and the call-out that asks them."""
        known = self._store.state.alarms.get(alarm)
        if known is None:
            return True
        noted = self._publish(e.AlarmUnitsSent(alarm, tuple(units), text), cause=known.raised.id)
        asked = e.CalloutSent(
            callout=self._new_id(CALLOUT),
            to=tuple(units),
            text=text,
            reminder_s=HELP_REMINDER_S,
            exercise=known.exercise,
        )
        return self._publish(asked) and noted

    def note_alarm(self, alarm: str, text: str) -> bool:
        known = self._store.state.alarms.get(alarm)
        if known is None:
            return True
        return self._publish(e.AlarmNoted(alarm, text), cause=known.raised.id)
