"""How the disks below the site's log do, as its nodes tell: the worst of them is shown; and what
of the log they lack and can't mend."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from console.desk.news import SiteAnswered, SiteTold
from console.models.status import StatusModel
from console.site.log.store_state import StoreState, heard
from console.site.log.subjects import ALARMS
from widgets.contracts.rows import SiteDisk

HEARD_S: Final = 15.0
"""A node that has not told for so long has no say: another one holds the log by then, or none."""
MAX_NODES: Final = 16
TORN: Final = "`vaktbord site --status` there tells what to do"
WORST: Final[tuple[SiteDisk, ...]] = ("full", "failed", "low", "well")
ENOUGH_NODES: Final = 3
"""So many hold the log together that one of them may take nothing."""


class SiteDisks:
    """On the Qt thread. What it knows goes into the status."""

    def __init__(self, status: StatusModel, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self._status = status
        self._now_s = now_s
        self._nodes: dict[str, tuple[float, StoreState]] = {}

    def site_told(self, item: SiteTold | SiteAnswered) -> None:
        found = heard(item.subject, item.payload) if isinstance(item, SiteTold) else None
        if found is None:
            return
        node, state = found
        if node in self._nodes or len(self._nodes) < MAX_NODES:
            self._nodes[node] = (self._now_s(), state)
        self.show()

    def show(self) -> None:
        """Again now and then: a node may have fallen silent."""
        old_s = self._now_s() - HEARD_S
        self._nodes = {node: one for node, one in self._nodes.items() if one[0] > old_s}
        if not self._nodes:
            self._status.set(
                site_disk="well", site_disk_free=0, site_disk_note="", site_disk_by_hand=False
            )
            self._show_torn()
            return
        node, (_, state) = min(
            self._nodes.items(), key=lambda one: WORST.index(one[1][1].condition)
        )
        note = "" if state.condition == "well" else " ".join((f"{node}:", *state.failed))
        is_low = state.condition == "low"
        self._status.set(
            site_disk="one-of-several" if self._do_others_go_on() else state.condition,
            site_disk_free=state.free if is_low else 0,  # else it changes every few seconds
            site_disk_note=note.removesuffix(":"),
            site_disk_by_hand=state.by_hand and state.takes_nothing,
        )
        self._show_torn()

    def _do_others_go_on(self) -> bool:
        full = sum(state.takes_nothing for _, state in self._nodes.values())
        return full == 1 and len(self._nodes) >= ENOUGH_NODES

    def _show_torn(self) -> None:
        lacks = {node: state.lacks for node, (_, state) in self._nodes.items() if state.lacks}
        told = [f"{node}: {', '.join(streams)}" for node, streams in sorted(lacks.items())]
        self._status.set(
            log_torn_note="\n".join((*told, TORN) if told else ()),
            log_torn_alarms=any(ALARMS.name in streams for streams in lacks.values()),
        )
