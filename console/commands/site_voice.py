"""The voice keys and the policy of the site where this home has enrolled, for a command."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from console.desk.keyring import first_policy, has_site
from console.domain.voice_rights import VoicePolicy
from console.site.address import SiteAddress, SiteError
from console.site.find import enrolled_at
from console.site.keyring import KeyRing
from console.site.log.link import SiteLink
from console.site.node.process import find_address
from console.streams.listed import Changed, ListedStreams
from console.streams.plan import NOBODY, SiteVoice
from console.streams.sdp import ClientCertificate

POLICY_S: Final = 2.0
"""A site that has not said its policy by then is out of reach; what it said last counts."""
POLL_S: Final = 0.02


class CommandVoice:
    """``voice`` is for :func:`console.streams.plan.plan`; ``ring`` None = no site was ever here.
    ``on_change`` is told of a talkgroup's keys, on another thread."""

    def __init__(
        self,
        home: Path,
        address: SiteAddress | None,
        on_change: Callable[[str], None],
        station: str = "",
    ) -> None:
        self._policy: VoicePolicy | None = None
        self._link: SiteLink | None = None
        self.ring: KeyRing | None = None
        self._home = home
        self._address = address
        if address is None and not has_site(home):
            return
        self.ring = KeyRing(
            self._ask, on_change=on_change, on_policy=self._take_policy, station=station
        )
        if address is not None:
            self._link = self._new_link(address, self.ring)

    @property
    def voice(self) -> SiteVoice:
        if self.ring is None:
            return NOBODY
        policy = self._policy or first_policy(self._home)
        return SiteVoice(policy, self.ring, enrolled=True)

    def start(self) -> None:
        """Blocks until the site has said its policy, or has had time to."""
        if self.ring is None:
            return
        self.ring.start()
        if self._link is None:
            self.ring.site_is(False)
            return
        self._link.start()
        deadline_s = time.monotonic() + POLICY_S
        while self._policy is None and time.monotonic() < deadline_s:
            time.sleep(POLL_S)

    def listed(self, on_change: Changed) -> ListedStreams:
        """What the policy lists by its SDP; to be started and stopped."""
        listed = ListedStreams(self._certificate, on_change)
        listed.listed(self.voice.policy.listed)
        return listed

    def _certificate(self) -> ClientCertificate | None:
        known = self._address
        return None if known is None else ClientCertificate(*known.identity.files())

    def stop(self) -> None:
        if self._link is not None:
            self._link.stop()
        if self.ring is not None:
            self.ring.stop()

    def _new_link(self, address: SiteAddress, ring: KeyRing) -> SiteLink:
        return SiteLink(
            address,
            author=f"{address.identity.name}_cli-{secrets.token_hex(2)}",
            spool=None,
            on_events=lambda _events: None,
            on_state=lambda state, _why: ring.site_is(state == "up"),
            on_said=ring.said,
            streams=(),
        )

    def _ask(self, service: str, key: str, payload: bytes, timeout_s: float) -> Future[bytes]:
        if self._link is None:
            raise SiteError("the site is out of reach")
        return self._link.ask(service, key, payload, timeout_s)

    def _take_policy(self, policy: VoicePolicy) -> None:
        self._policy = policy


@contextlib.contextmanager
def site_voice(
    home: Path, on_change: Callable[[str], None] = lambda _talkgroup: None, *, station: str = ""
) -> Iterator[CommandVoice]:
    """Of this home's own site, or where it has enrolled. Raises SiteError for a certificate that
    can't be used."""
    address = find_address(home) or enrolled_at(home, "operator")
    voice = CommandVoice(home.resolve(), address, on_change, station)
    try:
        voice.start()
        yield voice
    finally:
        voice.stop()
