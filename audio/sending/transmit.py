"""Streams of our own: talk bursts as RTP, all paced by one thread; files are read by another.

Per sender (SSRC) the sequence number goes on from burst to burst and the timestamp follows the
wall clock through the silence (RFC 3550 section 5.1), so that a receiver knows a pause from a loss.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from audio.codecs.libopus import RATE
from audio.network import rtcp, rtp
from audio.network.sockets import ListenError
from audio.network.srtp import SrtpError
from audio.protocol import (
    MAX_PUBLICATIONS,
    MAX_QUEUED_BURSTS,
    BurstSent,
    Event,
    NextSsrc,
    PublicationFigures,
    Publish,
    Refused,
    Say,
    SendCommand,
    SetSendKey,
    StreamSpec,
    Unpublish,
)
from audio.sending.bursts import Burst, BurstError, load
from audio.sending.copies import Copier
from audio.sending.patches import SentOn
from audio.sending.publication import Live, Publication, Sending, Speaker
from audio.sending.relayed import PAUSE_S, Relayed
from audio.sending.ssrcs import Ssrcs, UsedUpError

log = logging.getLogger(__name__)

REPORT_S: Final = 2.0  # between two RTCP reports within a burst
BEHIND_S: Final = 0.5  # a burst this far behind its time goes on from now
MAX_REQUESTS: Final = 1_024
COMPLAIN_S: Final = 10.0  # between two complaints that a stream can't be sent
MAX_OWN: Final = 64  # voices of who sits here that are known when they come back; the oldest goes
GAP_S: Final = 0.3  # between two queued bursts of one publication
END_S: Final = 1.0  # for room in the queue to the pacing thread
FAILED_S: Final = 0.5  # of voice that the system does not take: that publication is given up
MAX_SENT: Final = 4_096  # SSRCs of ours that are known when they come back
LIVE_FRAME: Final = 960  # samples: 20 ms
USED_UP: Final = "all SSRCs under its key have been used; it needs a new key"
_ON_AIR: Final = Burst(())  # what is said just now has no end yet

Reply = Callable[[Event], None]


class Transmitter:
    """``handle`` from any thread; ``emit`` is called from the transmitter's threads."""

    def __init__(
        self, interface: str | None, emit: Callable[[Event], None], ssrcs: Ssrcs | None = None
    ) -> None:
        self._interface = interface
        self._emit = emit
        self._ssrcs = ssrcs or Ssrcs()
        self._requests: queue.Queue[Callable[[], None] | None] = queue.Queue(MAX_REQUESTS)
        self._files: queue.Queue[tuple[Say, Reply] | Ssrcs | None] = queue.Queue(MAX_REQUESTS)
        self._publications: dict[str, Publication] = {}
        self._past_unsent = 0  # of publications since closed
        self._own: tuple[tuple[Publish, int], ...] = ()  # with SSRC; read by the mix thread too
        self._live: Live | None = None
        self._sent: dict[int, None] = {}  # SSRCs, the one begun longest ago first
        self._cname = f"vaktbord-{secrets.token_hex(4)}"
        self._threads = [
            threading.Thread(target=self._pace, name="transmit", daemon=True),
            threading.Thread(target=self._read_files, name="transmit-files", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def handle(self, command: SendCommand, reply: Reply) -> None:
        try:
            match command:
                case Say():
                    self._files.put_nowait((command, reply))
                case Publish():
                    self._requests.put_nowait(lambda: self._open(command, reply))
                case SetSendKey():
                    self._requests.put_nowait(lambda: self._set_key(command, reply))
                case Unpublish():
                    self._requests.put_nowait(lambda: self._close(command.publication))
        except queue.Full:
            reply(_refused(command, "too much is waiting to be sent; try again later"))

    def publications(self) -> tuple[str, ...]:
        return tuple(self._publications)

    def sending(self) -> tuple[PublicationFigures, ...]:
        return tuple(one.figures() for one in list(self._publications.values()))

    def unsent(self) -> int:
        """Packets that the system did not take, since the start."""
        return self._past_unsent + sum(one.unsent for one in list(self._publications.values()))

    def is_own(self, spec: StreamSpec, ssrc: int) -> bool:
        """Whether this is the voice of who sits here, come back. By SSRC: a station that repeats
        it sends from an address of its own."""
        return any(
            ssrc == sent
            and (
                wish.publication == spec.stream
                or (wish.address, wish.port) == (spec.group, spec.port)
            )
            for wish, sent in self._own
        )

    def wish_of(self, publication: str) -> Publish | None:
        known = self._publications.get(publication)
        return known.wish if known is not None else None

    def is_ours(self, ssrc: int) -> bool:
        """Whether this has been sent from here."""
        return ssrc in self._sent

    def send_on(self, publication: str, packet: SentOn) -> bool:
        """What somebody else has said, on a publication of ours. False: too much waits."""
        return self._ask(lambda: self._send_on(publication, packet))

    def begin_talk(
        self, publications: tuple[str, ...], on_unsent: Callable[[str, str], None]
    ) -> bool:
        """What follows by :meth:`voice` goes out on all of these. ``on_unsent(publication, why)``
        comes from the transmitter's thread. False: too much is waiting already."""
        return self._ask(lambda: self._begin_live(publications, Live(on_unsent)))

    def voice(self, payload: bytes, position: int | None) -> None:
        """20 ms of Opus. ``position`` in samples, of any count that goes on through an over; None:
        it follows the last."""
        self._ask(lambda: self._send_live(payload, position))

    def leave_talk(self, publications: Collection[str]) -> None:
        """What follows goes out on these no more. May wait for END_S: nobody may be talked over."""
        self._ask(lambda: self._leave_live(publications), END_S)

    def end_talk(self) -> None:
        """May wait for END_S. Not done after that, it is by the next that talks."""
        self._ask(self._end_live, END_S)

    def _ask(self, request: Callable[[], None], patience_s: float = 0.0) -> bool:
        try:
            self._requests.put(request, block=patience_s > 0, timeout=patience_s or None)
        except queue.Full:  # seconds behind: of voice, later frames show it as a gap
            return False
        return True

    def close(self) -> None:
        self._files.put(None)
        self._requests.put(None)
        for thread in self._threads:
            thread.join(timeout=2.0)

    # -- files ------------------------------------------------------------------------------

    def _read_files(self) -> None:
        while (request := self._files.get()) is not None:
            if isinstance(request, Ssrcs):
                request.refill()
                continue
            say, reply = request
            try:
                burst = load(Path(say.path))
            except BurstError as error:
                reply(_refused(say, str(error)))
                continue
            self._requests.put(partial(self._queue, say, burst, reply))

    # -- pacing -----------------------------------------------------------------------------

    def _pace(self) -> None:
        while True:
            try:
                request = self._requests.get(timeout=self._pause_s())
            except queue.Empty:
                request = _nothing
            if request is None:
                break
            request()
            self._send_due(time.monotonic())
        for name in list(self._publications):
            self._close(name)

    def _pause_s(self) -> float:
        due = [
            one.sending.due_s if one.sending else one.free_s
            for one in self._publications.values()
            if one.sending or one.waiting
        ]
        return min(max(min(due, default=1e9) - time.monotonic(), 0.0005), 1.0)

    def _open(self, wish: Publish, reply: Reply) -> None:
        if wish.interface is None and self._interface is not None:
            wish = msgspec.structs.replace(wish, interface=self._interface)
        old = self._publications.get(wish.publication)
        if old is not None and old.wish == wish:
            return
        if old is None and len(self._publications) >= MAX_PUBLICATIONS:
            reply(_refused(wish, f"{MAX_PUBLICATIONS} streams are sent already; close one first"))
            return
        if old is not None:
            self._close(wish.publication)
        try:
            known = self._publications[wish.publication] = Publication(wish, self._ssrcs)
        except (ListenError, SrtpError, OSError, ValueError) as error:
            reply(_refused(wish, f"can't send to {wish.address}: {error}"))
            return
        self._renew_live(known)

    def _set_key(self, wish: SetSendKey, reply: Reply) -> None:
        known = self._publications.get(wish.publication)
        if known is None:
            reply(_refused(wish, f"{wish.publication} is not published"))
            return
        try:
            known.take_key(wish.key, wish.block)
        except SrtpError as error:
            reply(_refused(wish, str(error)))
            return
        if known.sending is None or known.sending.live is None:
            self._renew_live(known)

    def _renew_live(self, known: Publication) -> None:
        if known.renew_live() and known.live is not None:
            self._emit(NextSsrc(known.wish.publication, known.live.ssrc))
        if self._ssrcs.is_low:
            with contextlib.suppress(queue.Full):  # then it is done when none is left
                self._files.put_nowait(self._ssrcs)

    def _close(self, name: str) -> None:
        known = self._publications.pop(name, None)
        if known is None:
            return
        if known.sending is not None:
            self._tell(known, known.sending, on=False)
            if known.sending.live is not None:
                known.sending.live.on_unsent(name, "it is not published any more")
        self._past_unsent += known.unsent
        known.close()

    def _queue(self, say: Say, burst: Burst, reply: Reply) -> None:
        known = self._publications.get(say.publication)
        if known is None:
            reply(_refused(say, f"{say.publication} is not published"))
        elif len(known.waiting) >= MAX_QUEUED_BURSTS:
            reply(_refused(say, f"{MAX_QUEUED_BURSTS} bursts wait on {say.publication} already"))
        else:
            known.waiting.append((say, burst))

    def _send_due(self, now_s: float) -> None:
        for known in list(self._publications.values()):
            known.read_reports(now_s)
            self._end_relayed(known, now_s)
            if known.sending is None and known.waiting and now_s >= known.free_s:
                self._begin(known, now_s)
            sending = known.sending
            while sending is not None and sending.due_s <= now_s:
                self._send_one(known, sending, now_s)
                sending = known.sending

    def _begin(self, known: Publication, now_s: float) -> None:
        say, burst = known.waiting.popleft()
        try:
            speaker = known.speaker(say)
        except UsedUpError as error:
            self._emit(_refused(say, str(error)))
            return
        self._go_on_air(known, speaker, say, burst, now_s)

    def _go_on_air(
        self, known: Publication, speaker: Speaker, say: Say, burst: Burst, now_s: float
    ) -> Sending:
        timestamp = (speaker.offset + int(now_s * RATE)) & 0xFFFFFFFF
        if known.wish.own or burst is _ON_AIR:
            self._note_own(known, speaker)
        name = say.speaker or known.wish.name
        copier = Copier(known.wish.payload_type)
        self._note_sent(speaker.ssrc)
        known.sending = Sending(
            burst, speaker, name, say.loop, copier, due_s=now_s, timestamp=timestamp
        )
        self._tell(known, known.sending, on=True)
        return known.sending

    def _note_sent(self, ssrc: int) -> None:
        self._sent[ssrc] = None
        if len(self._sent) > MAX_SENT:
            del self._sent[next(iter(self._sent))]

    def _note_own(self, known: Publication, speaker: Speaker) -> None:
        if (known.wish, speaker.ssrc) not in self._own:
            self._own = (*self._own, (known.wish, speaker.ssrc))[-MAX_OWN:]

    def _send_one(self, known: Publication, sending: Sending, now_s: float) -> None:
        frame, samples = sending.burst.frames[sending.at]
        if known.is_full(sending.speaker):
            try:
                self._change_ssrc(known, sending)
            except UsedUpError as error:
                self._emit(_refused(known.wish, str(error)))
                sending.loop = False
                self._end(known, sending)
                return
        self._put_out(known, sending, frame, samples, now_s)
        sending.at += 1
        sending.due_s = max(sending.due_s + samples / RATE, now_s - BEHIND_S)
        if sending.at == len(sending.burst.frames):
            self._end(known, sending)

    def _change_ssrc(self, known: Publication, sending: Sending) -> None:
        """Raises UsedUpError."""
        self._go_on_under(known, sending, known.renew(sending.speaker))

    def _go_on_under(self, known: Publication, sending: Sending, speaker: Speaker) -> None:
        """The burst goes on, from another SSRC."""
        sending.speaker = speaker
        self._note_sent(speaker.ssrc)
        sending.is_first, sending.reported_s = True, float("-inf")
        if known.wish.own or sending.live is not None:
            self._note_own(known, speaker)

    def _put_out(
        self, known: Publication, sending: Sending, frame: bytes, samples: int, now_s: float
    ) -> str:
        """Returns why the system did not take it, else an empty string."""
        if now_s - sending.reported_s >= REPORT_S:
            self._report(known, sending, now_s)
        speaker, wish = sending.speaker, known.wish
        distances = known.listeners.distances(now_s)
        payload, is_red = sending.copier.payload(frame, samples, distances)
        payload_type = wish.red if is_red and wish.red is not None else wish.payload_type
        packet = rtp.Packet(
            payload_type, sending.is_first, speaker.sequence, sending.timestamp, speaker.ssrc,
            payload,
        )  # fmt: skip
        why = known.send(rtp.build(packet), wish.port)
        self._complain(known, why, now_s)
        speaker.sequence = (speaker.sequence + 1) & 0xFFFF
        speaker.packets += 1
        speaker.octets += len(payload)
        sending.timestamp = (sending.timestamp + samples) & 0xFFFFFFFF
        sending.is_first = False
        return why

    def _end(self, known: Publication, sending: Sending) -> None:
        if sending.loop:
            sending.at = 0
            return
        known.sending = None
        known.free_s = sending.due_s + GAP_S
        self._tell(known, sending, on=False)

    # -- what others have said, by a patch ------------------------------------------------------

    def _send_on(self, publication: str, one: SentOn) -> None:
        known, now_s = self._publications.get(publication), time.monotonic()
        if known is None:
            return
        try:
            relayed, step = known.relay_of(one, now_s)
        except UsedUpError as error:
            self._complain(known, str(error), now_s)
            return
        self._note_sent(relayed.ssrc)
        relayed.name = one.name
        sequence, timestamp = relayed.place(step, one.timestamp, one.sequence)
        is_first = not relayed.is_on
        if is_first:
            relayed.is_on = True
            self._emit(BurstSent(publication, one.name, relayed.ssrc, on=True))
        packet = rtp.Packet(
            known.wish.payload_type, is_first, sequence, timestamp, relayed.ssrc, one.payload
        )
        if now_s - relayed.reported_s >= REPORT_S:
            relayed.reported_s = now_s
            self._report_of(known, relayed, timestamp, one.name, now_s)
        data = rtp.build(packet, (one.ssrc, rtp.PATCHED))
        try:
            why = known.send(data, known.wish.port)
        except SrtpError:  # doubled: a number goes out once under a key
            return
        self._complain(known, why, now_s)
        relayed.packets, relayed.octets = relayed.packets + 1, relayed.octets + len(one.payload)
        relayed.sent_s = now_s

    def _end_relayed(self, known: Publication, now_s: float) -> None:
        for one in known.relayed.values():
            if one.is_on and now_s - one.sent_s >= PAUSE_S:
                one.is_on = False
                self._emit(BurstSent(known.wish.publication, one.name, one.ssrc, on=False))

    # -- what is said into the microphone ---------------------------------------------------

    def _begin_live(self, publications: tuple[str, ...], live: Live) -> None:
        self._end_live()
        self._live = live
        for name in publications:
            known = self._publications.get(name)
            if known is None:
                live.on_unsent(name, "it is not published any more")
            elif known.sending is not None:
                live.on_unsent(name, "a file is being sent on it")
            elif known.live is None:
                live.on_unsent(name, USED_UP)
            else:
                say, now_s = Say(name, "", known.wish.name), time.monotonic()
                sending = self._go_on_air(known, known.live, say, _ON_AIR, now_s)
                sending.live, sending.due_s = live, float("inf")

    def _send_live(self, payload: bytes, position: int | None) -> None:
        live = self._live
        if live is None:
            return
        if position is not None:
            live.first = position if live.first is None else live.first
            live.at = max(position - live.first, live.at)
        for known in list(self._publications.values()):
            if known.sending is not None and known.sending.live is live:
                self._send_live_on(known, known.sending, payload, live)
        live.at += LIVE_FRAME

    def _send_live_on(
        self, known: Publication, sending: Sending, payload: bytes, live: Live
    ) -> None:
        now_s = time.monotonic()
        if known.is_full(sending.speaker):
            self._renew_live(known)
            if known.live is None:
                self._leave_air(known, sending, now_s)
                live.on_unsent(known.wish.publication, USED_UP)
                return
            self._go_on_under(known, sending, known.live)
        skipped = live.at - sending.at  # lost on its way here: a pause for those who listen
        sending.timestamp = (sending.timestamp + skipped) & 0xFFFFFFFF
        why = self._put_out(known, sending, payload, LIVE_FRAME, now_s)
        sending.at = live.at + LIVE_FRAME
        if not why:
            sending.unsent_since_s = None
            return
        since_s = sending.unsent_since_s = sending.unsent_since_s or now_s
        if now_s - since_s >= FAILED_S:
            self._leave_air(known, sending, now_s)
            live.on_unsent(known.wish.publication, why)

    def _leave_live(self, publications: Collection[str]) -> None:
        for name in publications:
            known = self._publications.get(name)
            if known is not None and known.sending is not None and known.sending.live is not None:
                self._leave_air(known, known.sending, time.monotonic())

    def _end_live(self) -> None:
        for known in list(self._publications.values()):
            if known.sending is not None and known.sending.live is not None:
                self._leave_air(known, known.sending, time.monotonic())
        self._live = None

    def _leave_air(self, known: Publication, sending: Sending, now_s: float) -> None:
        known.sending = None
        known.free_s = now_s + GAP_S
        self._tell(known, sending, on=False)
        self._renew_live(known)

    def _report(self, known: Publication, sending: Sending, now_s: float) -> None:
        sending.reported_s = now_s
        self._report_of(known, sending.speaker, sending.timestamp, sending.name, now_s)

    def _report_of(
        self, known: Publication, one: Speaker | Relayed, timestamp: int, name: str, now_s: float
    ) -> None:
        data = rtcp.report(
            one.ssrc, ntp=rtcp.ntp_time(time.time()), timestamp=timestamp,
            packets=one.packets, octets=one.octets, cname=self._cname, name=name,
        )  # fmt: skip
        if known.wish.port < 65_535:
            self._complain(known, known.send(data, known.wish.port + 1, is_rtcp=True), now_s)

    def _complain(self, known: Publication, why: str, now_s: float) -> None:
        """Voice that doesn't leave this machine is told at once, then now and then."""
        if not why or now_s - known.told_s < COMPLAIN_S:
            return
        known.told_s = now_s
        wish = known.wish
        sentence = f"can't send to {wish.address}: {why} ({known.unsent} packets not sent)"
        log.warning("%s: %s", wish.publication, sentence)
        self._emit(_refused(wish, sentence))

    def _tell(self, known: Publication, sending: Sending, *, on: bool) -> None:
        self._emit(BurstSent(known.wish.publication, sending.name, sending.speaker.ssrc, on))


def _nothing() -> None:
    """Only the time has passed."""


def _refused(command: SendCommand, why: str) -> Refused:
    return Refused(str(command.__struct_config__.tag), why, command.publication)
