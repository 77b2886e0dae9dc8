"""What a linked desk does by the clock: asks how everything stands, and forgets what is expired."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QObject, QTimer

from audio import protocol
from console.desk.intake import Intake
from console.desk.links import Links
from console.desk.marks import FIRST_VOICE, Marks
from console.desk.parts import Parts
from console.desk.site_figures import damage_told, site_link_figures
from console.site.log.retention import keep_ms
from console.timeline.process import TimelineProcess

STATUS_MS: Final = 1_000
EXPIRE_MS: Final = 3_600_000
VOICE_MS: Final = 20
AUDIBLE_DBFS: Final = -40.0  # peak


class Upkeep(QObject):
    def __init__(
        self,
        parts: Parts,
        links: Links,
        intake: Intake,
        timeline_process: TimelineProcess,
        *,
        marks: Marks,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._links = links
        self._intake = intake
        self._timeline_process = timeline_process
        self._marks = marks
        self._expired_by: tuple[Mapping[str, int], bool] = ({}, False)
        self._status_timer = self._timer(STATUS_MS, self._look)
        self._expire_timer = self._timer(EXPIRE_MS, self.forget_expired)
        self._voice_timer = self._timer(VOICE_MS, self._look_for_voice)

    def start(self) -> None:
        self._status_timer.start()
        self._expire_timer.start()
        if self._marks.wants(FIRST_VOICE):
            self._voice_timer.start()

    def _timer(self, every_ms: int, call: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every_ms)
        timer.timeout.connect(call)
        return timer

    def _look(self) -> None:
        parts = self._parts
        parts.actions.keep_following()
        parts.outside.to_engine(protocol.GetStatus())
        parts.desks.show()
        parts.site_disks.show()
        parts.sit()
        parts.timeline.tell_trouble(self._timeline_process.trouble)
        self._look_at_figures()
        self._forget_by_new_policy()

    def _look_at_figures(self) -> None:
        store, links = self._parts.store, self._links
        figures = links.site_figures()
        self._parts.status.set(
            undelivered=figures.undelivered,
            skipped_events=figures.skipped + store.failed,
            outbox_note=figures.complaint,
            **damage_told(figures.damaged),
        )
        self.look_at_site(links.has_all_of_site)
        self._parts.diagnostics.take_site(
            site_link_figures(figures, store.state, store.failed, links.listed_figures, time.time())
        )

    def look_at_site(self, has_all: bool) -> None:
        """``has_all`` was asked first: what was handed on before that is in the inbox by now. Once
        all has been taken in, what still comes is news, and makes nothing unknown."""
        was_read = self._parts.status.status().site_read
        self._intake.site_is_read(has_all and (was_read or self._parts.inbox.is_empty))

    # -- forgetting -----------------------------------------------------------------------

    def forget_expired(self) -> None:
        """A desk that stays on through the nights knows no more than one that comes anew."""
        kept_s = self._parts.outside.kept_s()
        self._parts.store.expire(time.time_ns() // 1_000_000, keep_ms(kept_s))

    def _forget_by_new_policy(self) -> None:
        """At once when the site's log is kept otherwise than was known, and when all of it has been
        read: the newest of each position, say, is told also when it is past its age."""
        known = (self._links.kept_s, self._links.has_all_of_site)
        if known != self._expired_by:
            self._expired_by = known
            self.forget_expired()

    def log_is_read_anew(self) -> None:
        self._expired_by = ({}, False)

    # -- the first voice ------------------------------------------------------------------

    def _look_for_voice(self) -> None:
        """The mix itself is asked, not what anybody says of it."""
        meters = self._intake.meters
        if (
            meters is not None
            and float(meters.rows["peak_dbfs"][protocol.MAX_STREAMS]) > AUDIBLE_DBFS
        ):
            self._marks.make(FIRST_VOICE)
            self._voice_timer.stop()
