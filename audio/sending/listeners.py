"""What those who hear a stream of our own report, and the redundancy that follows from it."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Collection
from typing import Final

from audio.network import rtcp
from audio.network.sockets import open_reports
from audio.network.srtp import Opener
from audio.protocol import MAX_PACKET, Publish, SrtpProfile
from audio.sending.redundancy import Heard, Redundancy

READ_S: Final = 0.05  # between two looks at the sockets
MAX_KEYS: Final = 3  # under which reports are read
MAX_READ: Final = 32  # datagrams of one socket at one look; the kernel drops what is too much


class Listeners:
    """Of one publication. Receivers of a group report to its next port, others to the very socket
    that the stream comes from. Forged, malformed and foreign datagrams are passed over."""

    def __init__(self, wish: Publish, own: socket.socket) -> None:
        self._red = wish.red
        self._openers: deque[Opener] = deque(maxlen=MAX_KEYS)  # of the newest key first
        self._group: socket.socket | None = None
        self._sockets: list[socket.socket] = []  # without RED there is nothing to decide
        if wish.red is not None:
            self._group = open_reports(wish.address, wish.port, wish.interface)
            self._sockets = [own] if self._group is None else [own, self._group]
        self._redundancy = Redundancy()
        self._read_s = float("-inf")

    def take_key(self, profile: SrtpProfile, key: bytes) -> None:
        """Reports may come under this one from now on, and under those before for a while."""
        self._openers.appendleft(Opener(profile, key))

    def _open(self, data: bytes) -> bytes | None:
        if not self._openers:
            return data
        found = (one.rtcp(data) for one in self._openers)
        return next((one for one in found if one is not None), None)

    def is_due(self, now_s: float) -> bool:
        return bool(self._sockets) and now_s - self._read_s >= READ_S

    def read(self, ours: Collection[int], now_s: float) -> None:
        """``ours``: SSRCs of the stream's speakers."""
        self._read_s = now_s
        for one in self._sockets:
            for _ in range(MAX_READ):
                try:
                    data = one.recv(MAX_PACKET)
                except OSError:  # nothing more there
                    break
                self.take(data, ours, now_s)

    def take(self, data: bytes, ours: Collection[int], now_s: float) -> None:
        """One datagram."""
        opened = self._open(data)
        if opened is None:
            return
        for report in rtcp.reports(opened):
            self._redundancy.take(self._heard(report, ours), now_s)
        for ssrc in rtcp.goodbyes(opened):
            self._redundancy.leave(ssrc)

    def _heard(self, report: rtcp.Report, ours: Collection[int]) -> Heard:
        share = max((one.share for one in report.blocks if one.ssrc in ours), default=0.0)
        able = report.red
        if able is None or able[0] != self._red:
            return Heard(report.reporter, understands=False, share=share)
        return Heard(report.reporter, understands=True, share=share, run=able[1])

    def distances(self, now_s: float) -> tuple[int, ...]:
        """Of the copies that should go along now."""
        return self._redundancy.distances(now_s) if self._red is not None else ()

    def close(self) -> None:
        if self._group is not None:
            self._group.close()
