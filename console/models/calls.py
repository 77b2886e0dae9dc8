"""The kept calls of one group or of all, a page at a time, and how writing one out goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from audio import protocol
from console.models.status import StatusModel
from widgets.contracts.rows import CallRow, Saving

PAGE: Final = 100  # calls
SAVING_S: Final = 60.0  # then no answer will come: it was lost on the way


class CallModel(QObject):
    """Implements widgets.contracts.sources.CallSource."""

    changed = Signal()

    def __init__(
        self,
        status: StatusModel,
        *,
        to_engine: Callable[[protocol.Command], None],
        name: Callable[[str], str],
        ticks_s: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._status = status
        self._to_engine = to_engine
        self._name = name
        self._ticks_s = ticks_s
        self._saving_since_s = 0.0
        self._asked = protocol.ListBursts(limit=PAGE)
        self._told = protocol.Bursts(())
        self._saving: Saving | None = None
        status.changed.connect(self._look_at_link)

    # -- what the widgets ask -----------------------------------------------------------------

    @property
    def group(self) -> str:
        return self._name(self._asked.stream) if self._asked.stream else ""

    @property
    def is_more(self) -> bool:
        return self._told.is_more

    @property
    def saving(self) -> Saving | None:
        return self._saving

    def rows(self) -> Sequence[CallRow]:
        return tuple(self._row(one) for one in reversed(self._told.bursts))

    # -- what the desk does -------------------------------------------------------------------

    def ask(self, stream: str, before: str) -> None:
        """Another question forgets the answer to the last one, and how the last saving went."""
        asked = protocol.ListBursts(stream, before, PAGE)
        if asked != self._asked:
            is_other_group = stream != self._asked.stream
            self._asked, self._told = asked, protocol.Bursts(())
            if is_other_group and self._saving is not None and self._saving.state != "under-way":
                self._saving = None
            self.changed.emit()
        self._to_engine(asked)
        if self._ticks_s() - self._saving_since_s > SAVING_S:
            self._fail(QCoreApplication.translate("Calls", "the sound engine does not answer"))

    def save(self, asked: protocol.Export) -> None:
        self._saving_since_s = self._ticks_s()
        self._save_is(Saving("under-way", asked.path))
        if self._status.status().engine_link == "up":
            self._to_engine(asked)
        else:
            self._look_at_link()

    def take(self, told: protocol.Event) -> None:
        """What the engine says, whatever it is; of exports those of others too."""
        saving = self._saving
        match told:
            case protocol.Bursts(bursts=bursts):
                if told != self._told and fits(self._asked, bursts):
                    self._told = told
                    self.changed.emit()
            case protocol.Exported(path=path) if saving is not None and path == saving.path:
                self._save_is(Saving("done", path))
            case protocol.Refused(command="export", why=why) if saving is not None:
                self._save_is(Saving("failed", saving.path, why))
            case _:
                pass

    def _save_is(self, saving: Saving) -> None:
        self._saving = saving
        self.changed.emit()

    def _look_at_link(self) -> None:
        """An engine that has gone answers no more."""
        if self._status.status().engine_link != "up":
            self._fail(QCoreApplication.translate("Calls", "the sound engine has stopped"))

    def _fail(self, why: str) -> None:
        """What was under way, if anything was."""
        if self._saving is not None and self._saving.state == "under-way":
            self._save_is(Saving("failed", self._saving.path, why))

    def _row(self, one: protocol.BurstInfo) -> CallRow:
        return CallRow(
            key=one.burst,
            group=self._name(one.stream),
            who=one.speaker or QCoreApplication.translate("Talkgroups", "Unknown"),
            time_s=one.start_ms / 1e3,
            seconds=one.length_ms / 1e3,
            missed=one.missed,
            is_opus=one.encoding == "opus",
        )


def fits(asked: protocol.ListBursts, bursts: Sequence[protocol.BurstInfo]) -> bool:
    """Whether they may answer this question: an answer to one before it may still be on its way.
    The page asks again and again, so one that fits by chance does not stay."""
    return all(
        asked.stream in ("", one.stream) and (not asked.before or one.burst < asked.before)
        for one in bursts
    )
