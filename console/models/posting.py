"""What a hand says to people, as the site's events: messages, call-outs, dynamic talkgroups."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from console.domain import events as e
from console.domain.message import unread
from console.domain.mixing import reach
from console.models.actions import Publish
from console.models.store import SiteStore
from resources.statuses import statuses
from widgets.contracts.rows import Answer, DutyForm

CALLOUT: Final = "C"
GROUP: Final = "G"
PATCH: Final = "P"
DUTY: Final = "D"
STORED: Final = "T"
"""How ids of these begin."""
GROUP_LASTS_S: Final = 4 * 3_600
TITLE: Final = 40  # characters of a stored text that are its title
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

    def call_out(self, to: Sequence[str], text: str) -> str:
        key = self._new_id(CALLOUT)
        asked = e.CalloutSent(
            callout=key,
            to=tuple(dict.fromkeys(to)),
            text=text,
            reminder_s=REMINDER_S,
            exercise=self._is_exercise(to),
        )
        return key if self._publish(asked) else ""

    def call_off(self, key: str) -> bool:
        """Also one that the site has not told back yet. One that is over already is left so."""
        known = self._store.state.callouts.get(key)
        if known is not None and known.state != "open":
            return True
        cause = known.sent.id if known is not None else None
        return self._publish(e.CalloutEnded(key, "cancelled"), cause=cause)

    def form_group(self, name: str, members: Sequence[str]) -> bool:
        """This desk is in it too: who forms a group wants to hear it."""
        everyone = dict.fromkeys((*members, *(one for one in (self._me(),) if one)))
        return self._publish(
            e.GroupFormed(
                group=self._new_id(GROUP),
                name=name,
                members=tuple(everyone),
                lapses_ms=round((self._now_s() + GROUP_LASTS_S) * 1_000),
                exercise=self._is_exercise(members),
            )
        )

    def _is_exercise(self, to: Sequence[str]) -> bool:
        """What reaches an exercise's units and talkgroups is an exercise, whoever says it."""
        return self._trains() or reach(self._store.state, to) == "exercise"

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

    def send_status(self, to: Sequence[str], status: str) -> bool:
        number = next((one.number for one in statuses() if one.key == status), None)
        if number is None:
            return True
        first, *others = dict.fromkeys(to)
        return self._publish(e.StatusMessageSent(first, number, status, also=tuple(others)))

    def patch(self, groups: Sequence[str]) -> bool:
        lapses_ms = round((self._now_s() + GROUP_LASTS_S) * 1_000)
        return self._publish(e.PatchMade(self._new_id(PATCH), tuple(groups), lapses_ms))

    def set_duty(self, form: DutyForm) -> bool:
        """One that goes on already keeps the time at which it began."""
        now_ms = round(self._now_s() * 1_000)
        known = self._store.state.duties.get(form.key)
        goes_on = known is not None and known.from_ms <= now_ms < known.ends_ms
        return self._publish(
            e.DutySet(
                duty=form.key or self._new_id(DUTY),
                role=form.role,
                name=form.name,
                from_ms=known.from_ms if known is not None and goes_on else now_ms,
                until_ms=now_ms + round(form.hours * 3_600_000),
                unit=form.unit or None,
                phone=form.phone,
            )
        )

    def end_duty(self, key: str) -> bool:
        known = self._store.state.duties.get(key)
        if known is None:
            return True
        return self._publish(e.DutyEnded(key, round(self._now_s() * 1_000)), cause=known.set.id)

    def store_text(self, text: str) -> bool:
        title = text if len(text) <= TITLE else text[: TITLE - 1].rstrip() + "…"
        return self._publish(e.StoredMessageDefined(self._new_id(STORED), title, text))

    def remove_text(self, key: str) -> bool:
        return self._publish(e.StoredMessageRemoved(key))

    def end_post(self, key: str) -> bool:
        """A call-out that is done, a group or a patch that nobody needs any more."""
        state = self._store.state
        patch = state.patches.get(key)
        if patch is not None and patch.state == "active":
            return self._publish(e.PatchEnded(key), cause=patch.made.id)
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

    def send_help(self, alarm: str, units: Sequence[str], text: str) -> str:
        """Two events: the alarm's own record of who is sent, and the call-out that asks them."""
        known = self._store.state.alarms.get(alarm)
        if known is None:
            return ""
        key = self._new_id(CALLOUT)
        sent = e.AlarmUnitsSent(alarm, tuple(units), text, callout=key)
        noted = self._publish(sent, cause=known.raised.id)
        asked = e.CalloutSent(
            callout=key,
            to=tuple(units),
            text=text,
            reminder_s=HELP_REMINDER_S,
            exercise=known.exercise,
        )
        return key if self._publish(asked) and noted else ""

    def note_alarm(self, alarm: str, text: str) -> bool:
        known = self._store.state.alarms.get(alarm)
        if known is None:
            return True
        return self._publish(e.AlarmNoted(alarm, text), cause=known.raised.id)
