"""``vaktbord mix``: the audio engine without a window, mixing what is discovered into a file."""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from audio import protocol
from audio.client import EngineError
from console.commands.hearing import add_hearing_options, read_keys
from console.commands.options import NOTHING_FOUND, print_as_json, seconds
from console.commands.site_voice import CommandVoice, site_voice
from console.commands.streams import codec_name
from console.commands.tool_engine import ToolEngine, tool_engine
from console.site.address import SiteError
from console.site.log.outbox import SpoolError
from console.streams.announcement import Announcement
from console.streams.browse import Browser
from console.streams.keys import KeysError, StreamKeys
from console.streams.plan import NOBODY, plan, site_keys

SHORT_S: Final = 0.5  # a recording that lacks more has failed
PATIENCE_S: Final = 15.0  # beyond the recording's length


def add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
) -> None:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "mix",
        parents=[common],
        help="mix what is discovered into a WAV file",
        description="Listen to the talkgroup streams on the network, without a window or a sound "
        "device, and write the mix to a WAV file (48 kHz, stereo, 16 bits). "
        "Exit code 3: no stream was found; the file is written all the same.",
    )
    parser.add_argument("--out", type=wav_file, required=True, metavar="FILE.wav")
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    parser.add_argument("--seconds", type=seconds, required=True, metavar="N", help="how long")
    parser.add_argument(
        "--talkgroup",
        action="append",
        default=[],
        metavar="NAME",
        help="only this talkgroup (id or name); may be given again",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    add_hearing_options(parser)
    parser.set_defaults(func=run)


def wav_file(text: str) -> Path:
    """An argparse type: what is written is WAV, whatever it is called."""
    if Path(text).suffix.lower() != ".wav":
        raise argparse.ArgumentTypeError(f"{text} does not end in .wav")
    return Path(text)


def run(options: argparse.Namespace) -> int:
    """Returns 0, 1 when it failed, 3 when no stream was found."""
    if options.out.exists() and not options.force:
        print(f"vaktbord mix: {options.out} is there already; see --force", file=sys.stderr)
        return 1
    try:
        keys = read_keys(options)
        with tool_engine(options.interface, options.log_level) as engine:
            mixing = Mixing(options, engine, keys)
            with site_voice(options.home, mixing.keys_changed) as site:
                report = mixing.run(site)
    except (KeysError, EngineError, SiteError, SpoolError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print_as_json(report) if options.json else print_report(report, options.talkgroup)
    if report["seconds"] < options.seconds - SHORT_S:
        print(f"vaktbord mix: {options.out} is not whole: is the disk full?", file=sys.stderr)
        return 1
    return 0 if report["streams"] else NOTHING_FOUND


class Mixing:
    """From the first announcement to the finished file."""

    def __init__(
        self, options: argparse.Namespace, engine: ToolEngine, keys: StreamKeys | None
    ) -> None:
        self._options = options
        self._engine = engine
        self._keys = keys
        self._ports: Mapping[str, int] = dict(options.unicast_port)
        self._wanted = {one.casefold() for one in options.talkgroup}
        self._site: CommandVoice | None = None
        self._lock = threading.Lock()
        self._found: dict[str, Announcement] = {}
        self._unheard: dict[str, str] = {}
        self._found_after_s: dict[str, float] = {}
        self._started_s = 0.0

    def run(self, site: CommandVoice) -> dict[str, Any]:
        """Raises EngineError."""
        self._site = site
        out = self._options.out.resolve()  # the engine's working folder is another
        browser = Browser(self._options.interface, self._changed)
        self._started_s = time.monotonic()
        browser.start()
        listed = site.listed(self._changed)
        listed.start()
        try:
            self._engine.send(protocol.SetMaster(evened=False))  # at the levels that are sent
            self._engine.send(protocol.Record(str(out), self._options.seconds))
            done = self._engine.wait_recorded(self._options.seconds + PATIENCE_S)
            status = self._engine.client.status()
        finally:
            listed.stop()
            browser.stop()
        if browser.problem:
            print(browser.problem, file=sys.stderr)
        return self._report(done, status)

    def _changed(self, changed: tuple[Announcement, ...], _gone: tuple[str, ...]) -> None:
        """On the browser's thread. What has gone is heard as long as it is sent."""
        for found in changed:
            if not self._is_wanted(found):
                continue
            with self._lock:
                self._found[found.stream] = found
                self._found_after_s.setdefault(found.stream, time.monotonic() - self._started_s)
            if self._site is not None and self._site.ring is not None and found.kid is not None:
                self._site.ring.want(found.talkgroup, found.kid)
            self._listen(found)

    def keys_changed(self, talkgroup: str) -> None:
        """On the keyring's thread."""
        with self._lock:
            found = [one for one in self._found.values() if one.talkgroup == talkgroup]
        for one in found:
            self._listen(one)

    def _is_wanted(self, found: Announcement) -> bool:
        names = {found.talkgroup.casefold(), found.name.casefold()}
        return not self._wanted or not names.isdisjoint(self._wanted)

    def _listen(self, found: Announcement) -> None:
        site = self._site.voice if self._site is not None else NOBODY
        planned = plan(
            found,
            interface=self._options.interface,
            keys=self._keys,
            unicast_ports=self._ports,
            site=site,
        )
        with self._lock:
            if isinstance(planned, str):
                self._unheard[found.stream] = planned
                return
            self._unheard.pop(found.stream, None)
        try:
            if planned.srtp is not None and planned.key is None:
                keys = site_keys(found, site, self._keys)
                self._engine.send(protocol.SetKeys(found.stream, keys))
            self._engine.send(protocol.Listen(planned))
        except (EngineError, OSError) as error:  # told by wait_recorded; the browser lives on
            with self._lock:
                self._unheard[found.stream] = str(error)

    def _report(self, done: protocol.RecordDone, status: protocol.Status) -> dict[str, Any]:
        figures = {one.stream: one for one in status.streams}
        with self._lock:
            rows = [self._row(found, figures.get(found.stream)) for found in self._found.values()]
        rows.sort(key=lambda one: (one["name"].casefold(), one["stream"]))
        return {
            "out": done.path,
            "seconds": done.seconds,
            "underflows": done.underflows,
            "streams": rows,
        }

    def _row(self, found: Announcement, heard: protocol.StreamFigures | None) -> dict[str, Any]:
        why_not = self._unheard.get(found.stream) or self._engine.refusals.get(found.stream, "")
        if not why_not and (heard is None or heard.packets == 0):
            why_not = "announced, but no sound arrived"
        counts = msgspec.structs.asdict(heard) if heard is not None else {}
        kept = ("packets", "lost", "late", "concealed", "rescued", "refused")
        return {
            "stream": found.stream,
            "name": found.name,
            "talkgroup": found.talkgroup,
            "codec": codec_name(found),
            "secured": found.srtp is not None,
            "found_after_s": round(self._found_after_s[found.stream], 3),
            "heard": heard is not None and heard.packets > 0,
            "why_not": why_not,
            **{name: counts.get(name, 0) for name in (*kept, "jitter_ms", "delay_ms")},
        }


def print_report(report: dict[str, Any], wanted: Sequence[str]) -> None:
    """One line per stream, then the file. ``wanted``: the talkgroups that were named."""
    for one in report["streams"]:
        what = f"{one['packets']} packets, {one['lost']} lost" if one["heard"] else one["why_not"]
        mark = "" if one["secured"] else ", NOT SECURED"
        print(f"{one['name']} ({one['stream']}, {one['codec']}{mark}): {what}")
    if not report["streams"]:
        of_them = f" of {', '.join(wanted)}" if wanted else ""
        print(
            f"No talkgroup stream{of_them} was found; `vaktbord streams` lists what is announced.",
            file=sys.stderr,
        )
    print(f"{report['out']}: {report['seconds']:.1f} s")
