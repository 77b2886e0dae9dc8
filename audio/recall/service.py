"""Recall put together: what the engine asks of it, and what it tells."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from audio import protocol as p
from audio.codecs.libopus import OpusError
from audio.recall.alarms import TooManyError, Window
from audio.recall.archive import Archive
from audio.recall.burst import BurstError, Facts, KeptPacket
from audio.recall.export import export
from audio.recall.gather import Gathering
from audio.recall.replay import Replay, Turn
from audio.recall.store import Store, fullest

AUDIBLE_DB: Final = -60.0  # of the whole mix; below it nothing counts as heard
MAX_CAUGHT_UP: Final = 500  # bursts of one catch-up, the newest; the rest stay missed
HOUR_MS: Final = 3_600_000.0
BUSY: Final = "too much is asked of the kept bursts; ask again"

Reply = Callable[[p.Event], None]


def _of_file(error: OSError) -> str | None:
    """Which file, and why it can't be had."""
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror


def wall_ms() -> float:
    """Unix time."""
    return time.time() * 1e3


class Recall:
    """``gathering`` and ``replay`` are for the mix thread. ``tell_all`` is called from the mix
    thread and the archive's."""

    def __init__(self, folder: Path, tell_all: Callable[[p.Event], None]) -> None:
        self._tell_all = tell_all
        self._level_db: Callable[[p.SetMix], float] = lambda _mix: 0.0
        self._as_heard: Callable[[p.SetMix], p.SetMix] = lambda mix: mix
        self._muted_until_ms = float("-inf")  # all voices, by the mix's clock
        self._is_deaf = False
        self.replaying: p.ReplayChanged | None = None  # the last word on one that is going on
        self._archive = Archive(folder, wall_ms, self._complain, self._bound)
        self.gathering = Gathering(self._archive.keep, self._is_audible, wall_ms)
        self.replay = Replay(self._read, self._listened, self._turned)

    def start(self) -> None:
        self._archive.start()
        self.replay.start()

    def stop(self) -> None:
        self.replay.close()
        self._archive.stop()

    def aside(self, job: Callable[[], None]) -> bool:
        """Something else that writes to a disk, on the archive's thread. False: it is too busy."""
        return self._archive.ask(lambda _archive: job())

    def ask_level(self, level_db: Callable[[p.SetMix], float]) -> None:
        """How far all of what is heard with this stream is turned up."""
        self._level_db = level_db

    def ask_follow(
        self,
        as_heard: Callable[[p.SetMix], p.SetMix],
        was_dimmed: Callable[[p.SetMix, float], bool],
    ) -> None:
        """How a stream is mixed while one is followed, and whether it has been dimmed since: what
        was heard only so counts as missed."""
        self._as_heard = as_heard
        self.gathering.was_dimmed = was_dimmed

    def set_muted_until(self, until_ms: float) -> None:
        """What is said while all voices are muted counts as missed."""
        self._muted_until_ms = until_ms

    def set_deaf(self, *, is_deaf: bool) -> None:
        """A sound device is wanted and none plays: what is said meanwhile counts as missed."""
        self._is_deaf = is_deaf

    def _is_audible(self, mix: p.SetMix, now_ms: float) -> bool:
        if self._is_deaf or now_ms < self._muted_until_ms:
            return False
        mix = self._as_heard(mix)
        is_loud = self._level_db(mix) + mix.gain_db > AUDIBLE_DB
        return is_loud and not mix.muted and mix.attention != "off"

    # -- commands: the door's thread ----------------------------------------------------------

    def command(self, command: p.RecallCommand, reply: Reply) -> str:
        """Returns why it was refused at once, else an empty string."""
        match command:
            case p.StopReplay():
                self.replay.stop()
            case p.SetReplaySpeed(speed=speed):
                self.replay.set_speed(speed)
            case p.KeepBursts(hours=hours):
                return "" if self._archive.keep_for(hours * HOUR_MS) else BUSY
            case _:
                is_asked = self._archive.ask(lambda _archive: self._answer(command, reply))
                return "" if is_asked else BUSY
        return ""

    # -- the archive's thread -----------------------------------------------------------------

    def _answer(self, command: p.RecallCommand, reply: Reply) -> None:
        try:
            self._do(command, self._store(), reply)
        except (BurstError, OSError, OpusError, TooManyError) as error:
            tag = str(type(command).__struct_config__.tag)
            why = _of_file(error) if isinstance(error, OSError) else None
            reply(p.Refused(tag, why or str(error), p.named_stream(command)))

    def _do(self, command: p.RecallCommand, store: Store, reply: Reply) -> None:
        match command:
            case p.Recall(alarm=alarm, who=who) if alarm:
                self._play("recall", self._of_alarm(command, store), 1.0, who, alarm)
            case p.Recall(until_ms=until_ms, who=who) if until_ms:
                spoken = store.spoken(command.group, command.from_ms, until_ms)
                self._play("recall", spoken[: p.MAX_RECALLED], 1.0, who)
            case p.Recall(stream=stream, count=count, who=who):
                self._play("recall", store.newest(stream, count), 1.0, who)
            case p.CatchUp(streams=streams, since_ms=since_ms, speed=speed, who=who):
                self._play("catch-up", store.missed(streams, since_ms, MAX_CAUGHT_UP), speed, who)
            case p.ListBursts(stream=stream, before=before, limit=limit, alarm=alarm):
                found = store.newest(stream, limit + 1, before, alarm=alarm)
                shown = tuple(self._info(one) for one in found[-limit:])
                reply(p.Bursts(shown, is_more=len(found) > limit))
            case p.Export():
                self._export(command, store)
            case p.KeepForAlarm():
                self._keep_for_alarm(command, store)
            case p.ReleaseAlarm(alarm=alarm, who=who):
                infos = tuple(self._info(one) for one in store.kept_with(alarm))
                self._archive.audit.note(who, "release-alarm", infos)  # not noted, not done
                store.release(alarm)
            case _:
                raise BurstError("this command is not for the kept bursts")

    def _store(self) -> Store:
        if self._archive.store is None:
            raise BurstError(self._archive.note)
        return self._archive.store

    def _of_alarm(self, command: p.Recall, store: Store) -> list[Facts]:
        """Another engine may keep it; then what this one has heard for itself."""
        kept = store.kept_with(command.alarm)
        if not kept and command.until_ms:
            kept = store.spoken(command.group, command.from_ms, command.until_ms)
        return fullest(kept)[: p.MAX_PAGE]

    def _play(
        self,
        kind: p.ReplayKind,
        bursts: Sequence[Facts],
        speed: float,
        who: str,
        alarm: str = "",
    ) -> None:
        if not bursts:
            raise BurstError("nothing is kept that could be played")
        self._note(who, kind, bursts)
        self.replay.play(kind, bursts, speed, alarm)

    def _note(self, who: str, what: Literal["recall", "catch-up"], bursts: Sequence[Facts]) -> None:
        """A full disk doesn't keep anybody from listening."""
        try:
            self._archive.audit.note(who, what, tuple(self._info(one) for one in bursts))
        except OSError as error:
            self._archive.complain_once(f"who listens can't be noted: {error.strerror}")

    def _export(self, command: p.Export, store: Store) -> None:
        """Not noted, not done."""
        path = Path(command.path)
        if not path.is_absolute():
            raise BurstError(f"{path} is not an absolute path; the engine's folder is another")
        facts = store.facts(command.burst)
        info = self._info(facts)
        self._archive.audit.note(command.who, "export", (info,), str(path))
        seconds = export(facts, store.read(command.burst), path, command.format)
        self._tell_all(p.Exported(info, str(path), command.format, command.who, seconds))

    def _keep_for_alarm(self, wish: p.KeepForAlarm, store: Store) -> None:
        now_ms = wall_ms()
        window = Window(
            wish.alarm,
            wish.stream,
            max(0, int(now_ms - wish.seconds_before * 1e3)),
            int(now_ms + wish.seconds * 1e3),
        )
        found = store.keep_for_alarm(window)
        if found:
            infos = tuple(self._info(one) for one in found[-p.MAX_PAGE :])
            self._tell_all(p.AlarmKept(wish.alarm, wish.stream, infos))

    # -- telling ------------------------------------------------------------------------------

    def _info(self, facts: Facts) -> p.BurstInfo:
        store = self._archive.store
        return p.BurstInfo(
            facts.burst,
            facts.stream,
            facts.ssrc,
            facts.speaker,
            facts.start_ms,
            facts.length_ms,
            facts.encoding,
            facts.secured,
            missed=store is not None and store.is_missed(facts.burst),
            floor=facts.floor,
            alarms=store.alarms_of(facts.burst) if store is not None else (),
        )

    def _bound(self, facts: Facts, alarms: tuple[str, ...]) -> None:
        for alarm in alarms:
            self._tell_all(p.AlarmKept(alarm, facts.stream, (self._info(facts),)))

    def _complain(self, why: str) -> None:
        self._tell_all(p.Refused("keep-bursts", why))

    def _read(self, burst: str) -> list[KeptPacket]:
        return self._store().read(burst)

    def _listened(self, burst: str) -> None:
        store = self._archive.store
        if store is not None and store.mark_listened(burst):
            self._archive.keep_mark(burst)

    def _turned(self, turn: Turn) -> None:
        job = turn.job
        if job is None:
            self.replaying = None
            self._tell_all(p.ReplayChanged("idle"))
            return
        self.replaying = p.ReplayChanged(
            turn.course.state,
            job.kind,
            self._info(job.bursts[turn.index]),
            job.speed,
            len(job.bursts) - turn.index - 1,
            turn.course.why,
            job.alarm,
        )
        self._tell_all(self.replaying)

    def missed(self) -> dict[str, int]:
        store = self._archive.store
        return store.missed_counts() if store is not None else {}

    def figures(self) -> p.RecallFigures:
        archive, store = self._archive, self._archive.store
        return p.RecallFigures(
            bursts=store.count if store is not None else 0,
            bytes=store.bytes if store is not None else 0,
            lost=archive.lost + self.gathering.lost,
            damaged=store.damaged if store is not None else 0,
            note=archive.note,
        )
