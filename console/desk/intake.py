"""What the links tell, taken into the models. All of it runs on the Qt thread."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from audio import protocol
from console.desk import news
from console.desk.microphone import lose_microphone, take_microphone
from console.models.alarms import AlarmModel
from console.models.status import StatusModel
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.site.address import LinkState
from console.streams.group_session import is_session
from widgets.contracts.rows import DeviceChoice, Following, Replay, ReplayState

if TYPE_CHECKING:
    from audio.meters import Meters
    from console.desk.listening import Listening
    from console.domain.events import Event
    from console.streams.announcement import Announcement

log = logging.getLogger(__name__)

LISTEN: Final = str(protocol.Listen.__struct_config__.tag)
REPLAYS: Final = frozenset(
    str(one.__struct_config__.tag) for one in (protocol.Recall, protocol.CatchUp)
)
AGREE_AFTER_S: Final = 2.0
"""So long after the site's log has been told, the engine may be told to be silent."""
MUTE_SLACK_S: Final = 0.7
"""Between what two words of the engine say of when a mute ends."""


@dataclass(frozen=True, slots=True)
class Models:
    """All that the window is given."""

    store: SiteStore
    talkgroups: TalkgroupModel
    alarms: AlarmModel
    status: StatusModel


class Intake(QObject):
    """``site_found`` fires for every link that is laid, also to the same site again; ``exported``
    carries the engine's word of a burst that was taken out, ``engine_told`` all that it says."""

    site_found = Signal()
    labelled = Signal(str)  # what the site calls this desk, now that it is enrolled
    exported = Signal(object)
    engine_told = Signal(object)
    engine_lost = Signal()
    keys_changed = Signal(str)  # of a talkgroup or a call
    presence_told = Signal(str, object)  # a site's id, a Presence
    site_told = Signal(object)  # a SiteTold or a SiteAnswered

    def __init__(
        self,
        models: Models,
        listening: Listening,
        to_engine: Callable[[protocol.Command], None],
        is_caught_up: Callable[[], bool],
        parent: QObject | None = None,
        *,
        now_s: Callable[[], float] = time.monotonic,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        """``is_caught_up``: whether all of the site's log has been handed on."""
        super().__init__(parent)
        self._is_caught_up = is_caught_up
        self._now_s = now_s
        self._wall_s = wall_s
        self._models = models
        self._listening = listening
        self._to_engine = to_engine
        self._is_adopted = False
        self._told_since_s: float | None = None
        self.failed = 0  # items that could not be taken in
        self.meters: Meters | None = None

    def take(self, items: Sequence[object]) -> None:
        """In the order of arrival, but the site's events in one batch, which is much cheaper, and
        before all else: an alarm among them waits for nothing that may go wrong."""
        events: list[Event] = []
        for item in items:
            if isinstance(item, news.SiteSaid):
                events += item.events
        if events:
            self._models.store.apply(events)
        for item in items:
            if not isinstance(item, news.SiteSaid):
                self._take_safely(item)

    def _take_safely(self, item: object) -> None:
        try:
            self._take_one(item)
        except Exception:  # the rest of the news must not be lost with it
            self.failed += 1
            log.exception("news could not be taken in: %s", type(item).__name__)

    def _take_one(self, item: object) -> None:
        match item:
            case news.EngineSaid(event=event):
                self._engine_said(event)
            case news.EngineIs(state=state, why=why):
                self._engine_is(state, why)
            case news.StreamsFound():
                self._streams_found(item)
            case news.KeysChanged(talkgroup=talkgroup):
                self._tell_engine(self._listening.keys_changed(talkgroup))
                self._models.talkgroups.retranslate()
                self.keys_changed.emit(talkgroup)
            case news.PolicyTold(policy=policy):
                self._tell_engine(self._listening.policy_is(policy))
                self._models.talkgroups.retranslate()  # each is shown as it is now
            case _:
                self._take_of_site(item)

    def _take_of_site(self, item: object) -> None:
        match item:
            case news.PresenceIs(site=site, presence=presence):
                self.presence_told.emit(site, presence)
            case news.ListedTrouble(why=why):
                self._models.status.set(listed_notes=why)
            case news.SiteFound(name=name):
                self._models.status.set(site=name, site_offer=False)
                self.site_found.emit()
            case news.SiteTold() | news.SiteAnswered():
                self.site_told.emit(item)
            case news.SiteIs(state=state, why=why):
                self._site_is(state, why)
            case news.SiteMissing(why=why, enrol=enrol):
                self.site_is_read(False)
                self._models.status.set(
                    site_link="down", site_note=why, site_offer=not enrol, enrol_offer=enrol
                )
            case news.ShutOut(why=why, site=site, how=how):
                self._models.status.set(
                    site_link="down",
                    site_note=why,
                    enrol_offer=site,
                    site_offer=False,
                    shut_out=how,
                )
            case news.EnrolmentEnded(why=why, label=label):
                self._models.status.set(enrol_note=why)
                if label:
                    self.labelled.emit(label)
            case _:
                log.error("news of an unknown kind: %s", type(item).__name__)

    # -- engine -------------------------------------------------------------------------------

    def _engine_said(self, event: protocol.Event) -> None:
        take_microphone(self._models.status, event)
        talkgroups = self._models.talkgroups
        match event:
            case protocol.Welcome(meters=path):
                self._map_meters(Path(path))
            case protocol.Status(streams=streams):
                if not self._is_adopted:
                    self._is_adopted = True
                    for command in self._listening.adopt(streams, self._now_s()):
                        self._to_engine(command)
                    talkgroups.adopt(streams)
                self._take_status(event)
            case protocol.DeviceChanged() | protocol.Devices():
                self._take_devices(event)
            case protocol.Refused(command=name, why=why, stream=stream):
                log.warning("the engine refused %s", name)  # why may name a file, so a person
                if name == LISTEN:
                    self._listening.refused(stream, why)
                elif name in REPLAYS:
                    self._show_replay(Replay("nothing", time_s=self._now_s()))
            case protocol.AllMuted() | protocol.Followed():
                self._take_mixed(event)
            case protocol.ReplayChanged():
                self._take_replay(event)
            case protocol.Exported():
                self.exported.emit(event)
            case _:
                pass
        talkgroups.engine_said(event)
        self.engine_told.emit(event)

    def _take_mixed(self, event: protocol.AllMuted | protocol.Followed) -> None:
        if isinstance(event, protocol.AllMuted):
            self._take_mute(event.seconds)
        else:
            self._take_followed(event)

    def _take_replay(self, told: protocol.ReplayChanged) -> None:
        burst = told.burst
        if told.state == "idle" or burst is None:
            self._show_replay(None)
            return
        states: dict[protocol.ReplayWhy, ReplayState] = {
            "": "playing", "live": "waiting-live", "alarm": "waiting-alarm",
        }  # fmt: skip
        name = self._models.talkgroups.name(burst.stream)
        time_s = burst.start_ms / 1e3
        self._show_replay(
            Replay(
                states[told.why],
                name,
                burst.speaker,
                time_s,
                told.speed,
                told.remaining,
                told.alarm,
            )
        )

    def _agree_on_replay(self, going_on: protocol.ReplayChanged | None) -> None:
        """A desk may be newer than a replay, and a word that was lost on the way is made good."""
        shown = self._models.status.status().replay
        is_shown = shown is not None and shown.state != "nothing"
        if is_shown or going_on is not None:
            self._take_replay(going_on or protocol.ReplayChanged("idle"))

    def _show_replay(self, replay: Replay | None) -> None:
        self._models.status.set(replay=replay)

    def _take_status(self, status: protocol.Status) -> None:
        self._models.status.set(recall_note=status.recall.note)
        self._agree_on_replay(status.replay)
        self._take_device(status.device, status.device_state, status.device_why)
        if status.second is not None:
            self._take_second(status.second.device, status.second.state, status.second.why)
        self._take_mute(status.muted_s)
        self._take_followed(status.followed)
        for command in self._listening.present(status.streams, self._now_s()):
            self._to_engine(command)
        self._agree_on_alarms(status.unacknowledged_alarms)

    def _agree_on_alarms(self, sounding: int) -> None:
        """An engine that outlived its desk may sound an alarm that was answered meanwhile. It is
        always told of more; of fewer only when this desk knows all that the site knows."""
        right = self._models.alarms.unacknowledged
        if sounding < right or (sounding > right and self._knows_all()):
            paused = self._models.status.status().alarm_paused_until_s is not None
            self._to_engine(protocol.SetAlarms(right, paused))

    def _knows_all(self) -> bool:
        """What was handed on last may still wait in the inbox: hence the time."""
        if not self._is_caught_up():
            self._told_since_s = None
            return False
        now_s = self._now_s()
        self._told_since_s = now_s if self._told_since_s is None else self._told_since_s
        return now_s - self._told_since_s >= AGREE_AFTER_S

    def _take_devices(self, told: protocol.DeviceChanged | protocol.Devices) -> None:
        if isinstance(told, protocol.DeviceChanged) and told.role == "speaker":
            self._take_second(told.device, told.state, told.why)
            return
        if isinstance(told, protocol.DeviceChanged):
            self._take_device(told.device, told.state, told.why)
            return
        choices = tuple(DeviceChoice(one, told.labels.get(one, "")) for one in told.names)
        self._models.status.set(devices=choices)

    def _take_device(self, device: str, state: protocol.DeviceState, why: str) -> None:
        is_playing = state == "playing"
        self._models.status.set(
            device=device if is_playing else "",
            device_lost=state == "lost",
            device_note=why if state != "none" else "",
        )

    def _take_second(self, device: str, state: protocol.DeviceState, why: str) -> None:
        shown = device if state == "playing" else ""
        self._models.status.set(second_device=shown, second_note=why)

    def _take_mute(self, seconds: float) -> None:
        """A figure that says the same as before but for its way here changes nothing."""
        before_s = self._models.status.status().muted_until_s
        until_s = self._wall_s() + seconds if seconds else None
        if None in {before_s, until_s} or abs((until_s or 0.0) - (before_s or 0.0)) > MUTE_SLACK_S:
            self._models.status.set(muted_until_s=until_s)

    def _take_followed(self, told: protocol.Followed | None) -> None:
        """As a mute: a figure that says the same as before changes nothing."""
        if told is None or not told.stream:
            self._models.status.set(following=None)
            return
        before = self._models.status.status().following
        ends_s = None if told.left_s is None else self._wall_s() + told.left_s
        if before is not None and before.key == told.stream and before.ends_s and ends_s:
            is_same = abs(before.ends_s - ends_s) <= MUTE_SLACK_S
            ends_s = before.ends_s if is_same else ends_s
        name = self._models.talkgroups.name(told.stream)
        self._models.status.set(following=Following(told.stream, name, ends_s))

    def _map_meters(self, path: Path) -> None:
        """Levels are a comfort: without them everything is heard all the same."""
        from audio.meters import Meters  # noqa: PLC0415  # numpy, after the first paint

        try:
            self.meters = Meters(path)
        except OSError as error:
            log.warning("no levels are shown: %s", error)
            return
        self._models.talkgroups.set_meters(self.meters.rows["peak_dbfs"])
        self._models.status.set_meters(self.meters.rows["peak_dbfs"])

    def _engine_is(self, state: LinkState, why: str) -> None:
        self._models.status.set(engine_link=state, engine_note=why)
        if state != "up":
            self._is_adopted = False
            self._show_replay(None)
            lose_microphone(self._models.status)
            # The next engine mutes nothing, and follows none.
            self._models.status.set(muted_until_s=None, following=None)
        if state == "down":
            self._models.talkgroups.engine_lost()
            self.engine_lost.emit()

    # -- streams ------------------------------------------------------------------------------

    def _streams_found(self, found: news.StreamsFound) -> None:
        for announcement in found.changed:
            self._tell_engine(self._listening.announced(announcement))
        for stream in found.gone:
            self._listening.gone(stream, self._now_s())
        self._models.talkgroups.announced(found.changed, found.gone)

    def stream_known(self, found: Announcement) -> None:
        """One that this desk knows of by itself."""
        self._streams_found(news.StreamsFound((found,), ()))

    def streams_end(self, streams: Sequence[str]) -> None:
        """Nobody is to hear them here any more, nor see them."""
        self._tell_engine(self._listening.end(streams))
        self._models.talkgroups.remove(streams)

    def _tell_engine(self, commands: Sequence[protocol.Command]) -> None:
        for command in commands:
            self._to_engine(command)

    def streams_are(self, all_of_them: Sequence[Announcement]) -> None:
        """What is announced now, after what was told of it has been lost on the way."""
        there = {one.stream for one in all_of_them}
        gone = tuple(self._listening.announced_now() - there)
        gone = tuple(one for one in gone if not is_session(one))  # no station's to end
        self._streams_found(news.StreamsFound(tuple(all_of_them), gone))

    # -- site ---------------------------------------------------------------------------------

    def _site_is(self, state: LinkState, why: str) -> None:
        if state != "up":
            self.site_is_read(False)
        if state == "up":
            self._models.status.set(
                site_link="up",
                site_note="",
                site_offer=False,
                enrol_offer="",
                enrol_note="",
                shut_out="",
            )
        else:
            self._models.status.set(site_link=state, site_note=why)

    def site_is_read(self, is_read: bool) -> None:
        """Whether all that the site knows has been taken in here, and it is in reach. Without that
        an empty list says nothing."""
        if is_read != self._models.status.status().site_read:
            lost_s = None if is_read else self._wall_s()
            self._models.status.set(site_read=is_read, site_lost_s=lost_s)
