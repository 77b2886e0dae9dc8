"""What a command sends under its site's key, through every rekey."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import msgspec

from audio import protocol
from console.commands.site_voice import CommandVoice
from console.desk.keyring import KeyedEngine
from console.domain.voice_keys import VoiceKey
from console.site.address import SiteError
from console.streams.announce import Announcer, Offer

KEY_S: Final = 10.0
POLL_S: Final = 0.1


class SecuredBySite:
    """One publication under the talkgroup's key, through every rekey, and what is announced of
    it."""

    def __init__(
        self, talkgroup: str, site: CommandVoice, send: Callable[[protocol.Command], None]
    ) -> None:
        """``send`` to the engine. Raises SiteError where this home has no site."""
        if site.shut_out is not None:
            raise site.shut_out
        if site.ring is None:
            raise SiteError("this home has enrolled at no site, which could give a key")
        self._talkgroup = talkgroup
        self._site = site
        self._ring = site.ring
        self._keyed = KeyedEngine(site.ring, send)
        self._lock = threading.Lock()  # guards what is announced
        self._standing: tuple[Announcer, str, Offer] | None = None
        self._ring.want_to_send(talkgroup)

    def wait(self) -> None:
        """Raises SiteError when no key has come."""
        deadline_s = time.monotonic() + KEY_S
        while self._current() is None:
            if time.monotonic() > deadline_s:
                why = self._ring.why(self._talkgroup) or "the site does not answer"
                raise SiteError(f"there is no key of talkgroup {self._talkgroup}: {why}")
            time.sleep(POLL_S)

    def check(self) -> None:
        """Raises ShutOutError once the site has taken this position out: its key has been changed
        for all others, and nobody hears what is sent."""
        if self._site.shut_out is not None:
            raise self._site.shut_out

    def _current(self) -> VoiceKey | None:
        held = self._ring.held(self._talkgroup)
        return held.current if held is not None else None

    def secured(self, offer: Offer) -> Offer:
        key = self._current()
        assert key is not None, "it was waited for"
        return msgspec.structs.replace(offer, srtp=key.profile, kid=key.kid)

    def publish(self, wish: protocol.Publish) -> None:
        key = self._current()
        assert key is not None, "it was waited for"
        self._keyed.send(msgspec.structs.replace(wish, srtp=key.profile, key=None))

    def announced(self, announcer: Announcer, handle: str, offer: Offer) -> None:
        with self._lock:
            self._standing = announcer, handle, offer
        self.follow()

    def follow(self) -> None:
        """The key first, which receivers hold already; what is announced follows."""
        self._keyed.keys_changed(self._talkgroup)
        with self._lock:
            if self._standing is None or self._current() is None:
                return
            announcer, handle, offer = self._standing
            secured = self.secured(offer)
            if secured != offer:
                announcer.change(handle, secured)
                self._standing = announcer, handle, secured
