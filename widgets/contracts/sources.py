"""Objects that are asked for rows, and whose signals say when to ask again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from widgets.contracts.actions import Actions, Arranging, Posting
from widgets.contracts.landmarks import LandmarkSource, Marking
from widgets.contracts.rows import (
    AidRow,
    AlarmRow,
    Callee,
    CallRow,
    Conference,
    DeskRole,
    DeskStatus,
    DutyRow,
    EngineFigures,
    EngineHistory,
    GroupNews,
    HandoverRow,
    HandoverSaid,
    History,
    LayoutDone,
    LogRow,
    MapViewRow,
    PlaceDoubt,
    PlaceForms,
    PlaceFound,
    PostRow,
    ReceiverRow,
    Saving,
    SiteHistory,
    SiteLinkFigures,
    StandardText,
    StatusChoice,
    StreamRow,
    TalkgroupRow,
    TilePage,
    TimelineAsked,
    TimelineRow,
    TimelineStanding,
    UnitRow,
)

if TYPE_CHECKING:
    from widgets.contracts.maps import MapSource


class Signal(Protocol):
    """A bound Qt signal."""

    def connect(self, slot: Any) -> Any: ...
    def disconnect(self, slot: Any = ...) -> Any: ...


class TalkgroupSource(Protocol):
    """``changed`` carries the keys whose row differs; ``reset`` means read everything again."""

    @property
    def changed(self) -> Signal: ...  # (tuple[str, ...])

    @property
    def reset(self) -> Signal: ...  # ()

    def keys(self) -> Sequence[str]: ...
    def row(self, key: str) -> TalkgroupRow: ...
    def levels(self, slots: Sequence[int]) -> Sequence[float]:
        """Peak dBFS for each meter slot now; -120.0 = silence."""
        ...


class LayoutSource(Protocol):
    """How the tiles are laid out."""

    @property
    def changed(self) -> Signal: ...  # ()

    def pages(self) -> Sequence[TilePage]:
        """That of all tiles last."""
        ...

    def shown(self) -> str:
        """The page that was shown last."""
        ...

    def done(self) -> LayoutDone | None:
        """What can be undone now."""
        ...

    def standards(self) -> Sequence[DeskRole]:
        """Roles whose standard this desk may save."""
        ...

    def has_standard(self) -> bool:
        """Whether the site has one for this desk's role."""
        ...


class UnitSource(Protocol):
    @property
    def changed(self) -> Signal: ...  # (tuple[str, ...])

    @property
    def reset(self) -> Signal: ...

    def keys(self) -> Sequence[str]: ...
    def row(self, key: str) -> UnitRow: ...


class AlarmSource(Protocol):
    @property
    def changed(self) -> Signal: ...  # (tuple[str, ...])

    @property
    def reset(self) -> Signal: ...

    def keys(self) -> Sequence[str]:
        """Unacknowledged first, then newest first; closed ones are not listed."""
        ...

    def row(self, key: str) -> AlarmRow: ...


class MapViewSource(Protocol):
    """Parts of the map that this desk keeps; each change is remembered at once."""

    def views(self) -> Sequence[MapViewRow]: ...
    def keep(self, view: MapViewRow) -> bool:
        """In the place of one of that name; False: there are too many."""
        ...

    def forget(self, name: str) -> None: ...


class AnsweredAlarmSource(AlarmSource, Protocol):
    """With what the panel of alarms asks besides."""

    def just_closed(self, now_s: float) -> AlarmRow | None:
        """The last that was closed at this desk, as long as that is easily taken back."""
        ...


class LogSource(Protocol):
    @property
    def appended(self) -> Signal: ...  # (tuple[LogRow, ...])

    @property
    def reset(self) -> Signal: ...

    def rows(self) -> Sequence[LogRow]:
        """Newest last, bounded."""
        ...


class StatusSource(Protocol):
    @property
    def changed(self) -> Signal: ...  # ()

    def status(self) -> DeskStatus: ...
    def microphone_dbfs(self) -> float:
        """Peak of what the microphone's device gives now; -120.0 = silence."""
        ...


class ButtonSource(Protocol):
    """Pedals and other buttons outside the window, pressed whatever window has the focus."""

    @property
    def moved(self) -> Signal: ...  # (str, bool): a ButtonPurpose, and whether it is down

    @property
    def lost(self) -> Signal:  # (str, str): a ButtonPurpose, and why
        """It was down, and nobody knows any more how it stands: "unplugged", "reader", "held", or
        nobody asks any more: "removed" by a hand, "learning"."""
        ...


class CalleeSource(Protocol):
    def find(self, text: str) -> Sequence[Callee]:
        """Those that are meant by what was typed, the best first."""
        ...


class CallSource(Protocol):
    """The kept calls that were asked for last (:meth:`Actions.list_calls`)."""

    @property
    def changed(self) -> Signal: ...  # ()

    @property
    def group(self) -> str:
        """Its name; empty: all groups."""
        ...

    @property
    def is_more(self) -> bool:
        """Whether there are older ones."""
        ...

    @property
    def saving(self) -> Saving | None: ...
    def rows(self) -> Sequence[CallRow]:
        """Newest first."""
        ...


class TimelineSource(Protocol):
    """What fits the question that was asked last, newest first, a page at a time."""

    @property
    def replaced(self) -> Signal: ...  # ()  the answer to another question

    @property
    def added(self) -> Signal: ...  # (tuple[TimelineRow, ...])  older ones, or new ones

    @property
    def changed(self) -> Signal: ...  # ()

    @property
    def is_more(self) -> bool:
        """Whether :meth:`more` would bring older ones."""
        ...

    @property
    def is_cut(self) -> bool:
        """There are older ones, and no more of them are shown."""
        ...

    @property
    def is_asking(self) -> bool: ...
    @property
    def standing(self) -> TimelineStanding: ...
    @property
    def saving(self) -> Saving | None: ...
    def rows(self) -> Sequence[TimelineRow]: ...
    def shift_s(self) -> float:
        """When the shift of who sits here began, unix seconds."""
        ...

    def ask(self, asked: TimelineAsked) -> None: ...
    def more(self) -> None: ...
    def watch(self, is_watched: bool) -> None:
        """Whether news are looked for."""
        ...


class DiagnosticsSource(Protocol):
    """``changed`` about once a second. Nothing is asked of it while nobody looks."""

    @property
    def changed(self) -> Signal: ...  # ()

    def engine(self) -> EngineFigures | None:
        """None while there is no engine."""
        ...

    def site(self) -> SiteLinkFigures: ...
    def streams(self) -> Sequence[StreamRow]:
        """In the order of the tiles."""
        ...

    def stream(self, key: str) -> StreamRow | None: ...
    def history(self, key: str) -> History:
        """The last ten minutes, as the two below."""
        ...

    def engine_history(self) -> EngineHistory: ...
    def site_history(self) -> SiteHistory: ...


class Clock(Protocol):
    def now_s(self) -> float:
        """Unix seconds; a picture for a test may hold it still."""
        ...


class AidSource(Protocol):
    @property
    def changed(self) -> Signal: ...  # ()

    def nearest(self, alarm: str) -> Sequence[AidRow]:
        """Who could be sent there: those who are free first, each by distance."""
        ...

    def why_nobody(self, alarm: str) -> str:
        """Why units that are known are not among them, "" = none is."""
        ...


class PeopleSource(Protocol):
    @property
    def changed(self) -> Signal: ...  # ()

    def candidates(self) -> Sequence[ReceiverRow]:
        """Who is on duty first, then desks, units and talkgroups."""
        ...

    def on_duty(self) -> Sequence[DutyRow]:
        """Now, doctors first; of two at a hand-over who came on last stands first."""
        ...

    def posts(self) -> Sequence[PostRow]:
        """What waits for this desk first, then what is open, then the newest; bounded."""
        ...

    def waiting(self) -> PostRow | None:
        """What this desk has been asked or told first and has not answered or read; also a
        call-out that was called off, until :meth:`know`."""
        ...

    def know(self, key: str) -> None:
        """Whoever sits here has seen that it was called off."""
        ...

    def stored(self) -> Sequence[StandardText]:
        """What this site sends again and again, by title."""
        ...

    def statuses(self) -> Sequence[StatusChoice]:
        """That can be sent as messages."""
        ...

    def conference(self, unit: str) -> Conference:
        """The doctor on duty and this unit (empty: no unit), and what the group could be called."""
        ...

    def why_not(self, keys: Sequence[str]) -> str:
        """Why these can't be reached together, "" = they can: an exercise is never mixed with what
        is real."""
        ...

    def why_no_group(self, name: str) -> str:
        """That it can't be called so, "" = it can."""
        ...

    def same_group(self, members: Sequence[str]) -> str:
        """The name of one that these and this desk are in already, "" = there is none."""
        ...

    def why_no_patch(self, groups: Sequence[str]) -> str:
        """In one sentence, "" = they can be patched."""
        ...


class GroupNewsSource(Protocol):
    """What has just become of the formed groups that this desk is in."""

    @property
    def changed(self) -> Signal: ...  # ()

    def rows(self) -> Sequence[GroupNews]:
        """The newest first; what is told long enough is gone."""
        ...

    def drop(self, group: str) -> None:
        """It is known."""
        ...


class HandoverSource(Protocol):
    """What is open at this site, as the next person must know it."""

    @property
    def changed(self) -> Signal: ...  # ()

    def rows(self) -> Sequence[HandoverRow]:
        """In the order of the kinds, the oldest of each first."""
        ...

    def last_read(self) -> HandoverSaid | None: ...


class PlaceSource(Protocol):
    """Places by name, address or coordinates. ``changed``: the newest question is answered."""

    @property
    def changed(self) -> Signal: ...  # ()

    @property
    def is_asking(self) -> bool: ...
    @property
    def has_failed(self) -> bool:
        """The last search broke off."""
        ...

    @property
    def doubt(self) -> PlaceDoubt: ...
    @property
    def has_names(self) -> bool:
        """Whether more names than the program's own have been imported."""
        ...

    @property
    def has_addresses(self) -> bool: ...
    @property
    def is_damaged(self) -> bool:
        """Of what was imported something can't be used."""
        ...

    def rows(self) -> Sequence[PlaceFound]:
        """The best first."""
        ...

    def ask(self, text: str, lat: float, lon: float) -> None:
        """What is typed, and where the map's middle is; older questions are dropped."""
        ...

    def written(self, lat: float, lon: float) -> PlaceForms: ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a window is made from."""

    talkgroups: TalkgroupSource
    units: UnitSource
    alarms: AnsweredAlarmSource
    log: LogSource
    status: StatusSource
    clock: Clock
    actions: Actions
    diagnostics: DiagnosticsSource
    calls: CallSource
    timeline: TimelineSource
    callees: CalleeSource
    people: PeopleSource
    posting: Posting
    aid: AidSource
    layout: LayoutSource
    arranging: Arranging
    handover: HandoverSource
    buttons: ButtonSource
    map_views: MapViewSource
    landmarks: LandmarkSource
    marking: Marking
    places: PlaceSource
    group_news: GroupNewsSource
    maps: MapSource | None = None  # None: there is the base map alone
