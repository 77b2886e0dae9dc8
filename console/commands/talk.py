"""``vaktbord talk``: the microphone as a talkgroup stream, with a key: Enter."""

from __future__ import annotations

import argparse
import json
import queue
import secrets
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from audio import protocol
from audio.client import EngineError
from audio.meters import MICROPHONE_ROW, Meters
from console.commands.hearing import read_keys
from console.commands.interrupts import end_by_sigterm
from console.commands.options import seconds
from console.commands.secured import SecuredBySite
from console.commands.site_voice import site_voice
from console.commands.station import ANNOUNCE_S, Station, add_site_key_option, add_station_options
from console.commands.talk_floor import LET_GO, FloorKey, floor_of
from console.commands.tool_engine import ToolEngine, tool_engine
from console.domain.floor_state import LEVELS
from console.site.address import SiteError
from console.streams.announce import AnnounceError, Announcer
from console.streams.keys import KeysError, StreamKeys

RENEW_S: Final = 0.25  # what the engine expects of a key that is held
NONE: Final = "null"  # the engine's name for no device
READY_S: Final = 10.0  # for the microphone to be opened
NEWS_S: Final = 5.0  # for an answer of the engine
TEST_S: Final = 10.0
BAR: Final = 40  # characters of the level
BAR_FROM_DBFS: Final = -60.0
CLIPS_DBFS: Final = -0.1
USAGE: Final = 2
MAX_NEWS: Final = 1_024


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "talk",
        parents=[common],
        help="talk into the microphone on a talkgroup stream",
        description="Announce a talkgroup stream and talk on it: Enter opens the microphone after "
        "the permit tone, Enter closes it, Ctrl-C withdraws the stream. A minute is the most.",
    )
    add_station_options(parser, is_needed=False)
    parser.add_argument(
        "--device", default="default", metavar="NAME", help="the microphone, as --list names it"
    )
    parser.add_argument(
        "--output", default="default", metavar="NAME", help="where the permit tone is heard"
    )
    parser.add_argument(
        "--seconds", type=seconds, metavar="N", help="talk so long at once, then end"
    )
    add_site_key_option(parser)
    parser.add_argument(
        "--no-floor",
        action="store_true",
        help="ask no site for the floor: listen before you talk (labs, a site that is gone)",
    )
    parser.add_argument(
        "--level",
        choices=tuple(LEVELS),
        default="normal",
        help="how urgent: pre-emptive and emergency take the floor (default: %(default)s)",
    )
    parser.add_argument("--plain", action="store_true", help="neither noise suppression nor gain")
    parser.add_argument("--test", action="store_true", help="hear yourself; nothing is sent")
    parser.add_argument("--list", action="store_true", help="the microphones of this machine")
    parser.add_argument("--json", action="store_true", help="with --list: one JSON document")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Returns 0 when it ended by Ctrl-C or by itself, 1 when it failed, 2 without a talkgroup."""
    if not (options.talkgroup or options.test or options.list):
        print("vaktbord talk: --talkgroup NAME is needed (or --test, --list)", file=sys.stderr)
        return USAGE
    end_by_sigterm()
    news = News()
    device = "null" if options.list else options.output
    try:
        keys = read_keys(options)
        with tool_engine(
            options.interface, options.log_level, device=device, also=news.take
        ) as engine:
            return _run(options, Talking(engine, news), keys)
    except KeyboardInterrupt:
        return 0
    except (KeysError, EngineError, AnnounceError, SiteError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace, talking: Talking, keys: StreamKeys | None) -> int:
    """Raises EngineError, AnnounceError, KeysError."""
    if options.list:
        print_microphones(talking.microphones(), as_json=options.json)
        return 0
    talking.choose(options.device, is_plain=options.plain)
    if options.test:
        talking.hear_myself(options.seconds or TEST_S)
        return 0
    station = Station(options, keys)
    if not options.site_key:
        return _talk(options, talking, station, None)
    secured: list[SecuredBySite] = []

    def follow(_talkgroup: str) -> None:
        for one in secured:
            one.follow()

    with site_voice(options.home, follow, station=secrets.token_hex(16)) as site:
        by_site = SecuredBySite(options.talkgroup, site, talking.send)
        by_site.wait()
        secured.append(by_site)
        return _talk(options, talking, station, by_site)


def _talk(
    options: argparse.Namespace, talking: Talking, station: Station, by_site: SecuredBySite | None
) -> int:
    """Raises EngineError, AnnounceError, SiteError."""
    key = _floor_key(options)
    announcer = Announcer(options.interface, host=station.host)
    try:
        offer = station.offer() if by_site is None else by_site.secured(station.offer())
        handle = announcer.announce(offer)
        publication = protocol.stream_id(options.talkgroup, announcer.host)
        wish = station.publish(publication, own=True)
        talking.publish(wish, by_site.publish if by_site is not None else talking.send)
        if by_site is not None:
            by_site.announced(announcer, handle, offer)
        name = announcer.wait(handle, ANNOUNCE_S)
        if name is None:
            raise AnnounceError(announcer.problem or "the announcement got no way out in time")
        print(f"{name}: {station.group} port {station.port}", flush=True)
        talking.use_floor(key)
        if options.seconds:
            talking.talk(publication, options.seconds)
        else:
            talking.talk_by_key(publication)
    finally:
        announcer.close()
        if key is not None:
            key.stop()
    return 0


def _floor_key(options: argparse.Namespace) -> FloorKey | None:
    """Started; None without a site. Raises SiteError."""
    address = None if options.no_floor else floor_of(options.home)
    if address is None:
        return None
    key = FloorKey(
        address, options.talkgroup, options.level, lambda words: print(words, flush=True)
    )
    key.start()
    print(f"the floor is asked of {address.name}", flush=True)
    return key


class News:
    """What the engine says, until it is looked at; the newest MAX_NEWS of it."""

    def __init__(self) -> None:
        self._events: deque[protocol.Event] = deque(maxlen=MAX_NEWS)
        self._came = threading.Event()

    def take(self, event: protocol.Event) -> None:
        self._events.append(event)
        self._came.set()

    def get(self, timeout_s: float) -> protocol.Event | None:
        if not self._events and self._came.wait(timeout_s):
            self._came.clear()
        return self._events.popleft() if self._events else None


class Talking:
    """The engine of this command, and what it says. All of it may raise EngineError."""

    def __init__(self, engine: ToolEngine, news: News) -> None:
        self._engine = engine
        self._news = news
        self._state: protocol.TalkState = "idle"
        self._why = ""  # it is so
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._floor: FloorKey | None = None
        self._ssrc = 0  # of this over

    def use_floor(self, key: FloorKey | None) -> None:
        """None: it talks without anybody's leave."""
        self._floor = key

    def microphones(self) -> protocol.Microphones:
        self._engine.send(protocol.GetMicrophones())
        while True:
            event = self._next(NEWS_S)
            if isinstance(event, protocol.Microphones):
                return event

    def choose(self, name: str, *, is_plain: bool) -> None:
        if name == NONE:
            raise EngineError(f"{NONE} is no microphone; see --list")
        self._engine.send(
            protocol.SetMicrophone(name, suppress=not is_plain, gain_control=not is_plain)
        )
        deadline_s = time.monotonic() + READY_S
        while (found := self._engine.client.status().microphone).state not in ("ready", "silent"):
            if found.why or time.monotonic() > deadline_s:
                raise EngineError(found.why or f"the microphone {name} does not open")
            time.sleep(RENEW_S / 5)
        print(f"microphone: {found.name}{f' ({found.note})' if found.note else ''}", flush=True)

    def send(self, command: protocol.Command) -> None:
        self._engine.send(command)

    def publish(self, wish: protocol.Publish, send: Callable[[protocol.Publish], None]) -> None:
        """``send``: to the engine, with its key."""
        send(wish)
        while wish.publication not in self._engine.client.status().publications:
            if self._engine.refusals:
                raise EngineError(next(iter(self._engine.refusals.values())))
            time.sleep(RENEW_S / 5)

    # -- talking ----------------------------------------------------------------------------

    def talk(self, publication: str, seconds_: float) -> None:
        """At once, for so long."""
        why = self._press(publication)
        if why:
            raise EngineError(why)
        until_s = time.monotonic() + seconds_
        while self._state == "open" and time.monotonic() < until_s:
            self._hold(min(RENEW_S, until_s - time.monotonic()))
        self._let_go()

    def talk_by_key(self, publication: str) -> None:
        """Until Ctrl-C, or the end of standard input."""
        threading.Thread(target=self._read_keys, name="keys", daemon=True).start()
        print("Enter to talk, Enter to stop, Ctrl-C to end", flush=True)
        while self._lines.get() is not None:
            why = self._press(publication)
            if why:
                print(why, file=sys.stderr, flush=True)
                if why == LET_GO and self._lines.get() is None:
                    return
                continue
            while self._state == "open" and self._lines.empty():
                self._hold(RENEW_S)
            is_ended = self._state == "open" and self._lines.get() is None
            self._let_go()
            if is_ended:
                return

    def _read_keys(self) -> None:
        for line in sys.stdin or ():  # none: it was closed
            self._lines.put(line)
        self._lines.put(None)

    def _press(self, publication: str) -> str:
        """Until the gate is open, or is not to be: returns why then."""
        while self._next(0.0) is not None:
            pass  # what was told before is old
        why = self._ask_floor(publication)
        if why:
            return why
        self._engine.send(protocol.Talk((publication,)))
        deadline_s = time.monotonic() + NEWS_S
        while self._state != "open":
            match self._next(RENEW_S):
                case protocol.Refused(why=why):
                    return why
                case protocol.TalkChanged(state="idle", why=why):
                    return why or "the microphone was not opened"
                case _ if time.monotonic() > deadline_s:
                    return "the microphone was not opened in time"
                case _:
                    self._engine.send(protocol.KeepTalking())
        print("talking", flush=True)
        return ""

    def _ask_floor(self, publication: str) -> str:
        """Why it is not granted; empty: it is, or nobody is asked."""
        if self._floor is None:
            return ""
        sending = self._engine.client.status().sending
        self._ssrc = next((one.ssrc for one in sending if one.publication == publication), 0)
        return self._floor.request(self._ssrc, lambda: not self._lines.empty())

    def _hold(self, pause_s: float) -> None:
        self._engine.check()
        self._engine.send(protocol.KeepTalking())
        taken = self._floor.renew(self._ssrc) if self._floor is not None else ""
        if taken:
            print(taken, file=sys.stderr, flush=True)
            self._engine.send(protocol.StopTalking())
        until_s = time.monotonic() + pause_s
        while self._state == "open" and (left_s := until_s - time.monotonic()) > 0:
            self._next(left_s)

    def _let_go(self) -> None:
        self._engine.send(protocol.StopTalking())
        if self._floor is not None:
            self._floor.release()
        deadline_s = time.monotonic() + NEWS_S
        while self._state != "idle" and time.monotonic() < deadline_s:
            self._next(RENEW_S)
        print(f"silent{f': {self._why}' if self._why else ''}", flush=True)

    def _next(self, timeout_s: float) -> protocol.Event | None:
        """What the engine says next; None when it says nothing for so long."""
        self._engine.check()
        event = self._news.get(timeout_s)
        if isinstance(event, protocol.TalkChanged):
            self._state, self._why = event.state, event.why
            if event.why and event.state != "idle":
                print(event.why, file=sys.stderr, flush=True)
        return event

    # -- hearing oneself --------------------------------------------------------------------

    def hear_myself(self, seconds_: float) -> None:
        """With its level on the terminal."""
        seconds_ = min(seconds_, protocol.MAX_HEARD_S)
        meters = Meters(Path(self._engine.meters))
        self._engine.send(protocol.HearMyself(seconds_))
        print(f"you hear yourself a second later, for {seconds_:.0f} s", flush=True)
        loudest, until_s = BAR_FROM_DBFS, time.monotonic() + seconds_
        while time.monotonic() < until_s:
            self._engine.check()
            if "hear-myself" in self._engine.refusals:
                raise EngineError(self._engine.refusals["hear-myself"])
            peak_dbfs = float(meters.rows["peak_dbfs"][MICROPHONE_ROW])
            loudest = max(loudest, peak_dbfs)
            if sys.stdout.isatty():
                print(f"\r{level_bar(peak_dbfs)}", end="", flush=True)
            time.sleep(RENEW_S / 5)
        print(f"{chr(10) if sys.stdout.isatty() else ''}loudest: {loudest:.0f} dBFS")


def level_bar(peak_dbfs: float) -> str:
    """One line, always of the same length."""
    share = (peak_dbfs - BAR_FROM_DBFS) / -BAR_FROM_DBFS
    filled = round(min(max(share, 0.0), 1.0) * BAR)
    word = "too loud" if peak_dbfs >= CLIPS_DBFS else f"{peak_dbfs:4.0f} dBFS"
    return f"{'#' * filled}{'.' * (BAR - filled)} {word:9}"


def print_microphones(found: protocol.Microphones, *, as_json: bool) -> None:
    names = [one for one in found.names if one != NONE]
    rows = [{"name": one, "label": found.labels.get(one, "")} for one in names]
    if as_json:
        print(json.dumps({"microphones": rows, "why": found.why}))
        return
    for row in rows:
        print(f"{row['name']}  {row['label']}".rstrip())
    if found.why:
        print(found.why, file=sys.stderr)
