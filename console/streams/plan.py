"""Whether an announced stream can be heard here: a spec for the engine, or why not. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import msgspec

from audio.protocol import SrtpKey, StreamSpec
from console.domain.voice_keys import VoiceKey
from console.domain.voice_rights import NO_SITE, VoicePolicy
from console.streams.announcement import Announcement
from console.streams.keys import StreamKey, StreamKeys, engine_key


class SiteKeys(Protocol):
    """The keys that the site has given us (:class:`console.site.keyring.KeyRing`)."""

    def keys(self, talkgroup: str, /) -> tuple[VoiceKey, ...]: ...
    def find(self, kid: str, talkgroup: str, /) -> VoiceKey | None: ...
    def why(self, talkgroup: str, /) -> str: ...


class SiteVoice(msgspec.Struct, frozen=True):
    """What a site says of voice: how streams without SRTP are taken, and its keys. ``enrolled``:
    there is a site, which may be out of reach."""

    policy: VoicePolicy = NO_SITE
    ring: SiteKeys | None = None
    enrolled: bool = False


NOBODY: Final = SiteVoice()


def plan(
    found: Announcement,
    *,
    interface: str | None,
    keys: StreamKeys | None,
    unicast_ports: Mapping[str, int],
    site: SiteVoice = NOBODY,
) -> StreamSpec | str:
    """The spec to listen with, or one sentence that says why it can't be heard. A spec with
    ``srtp`` and no ``key`` is heard under :func:`site_keys`, which the engine is told before."""
    is_open = found.srtp is None and not found.listed
    why_open = _why_not_open(found, keys, site.policy) if is_open else ""
    if why_open:
        return why_open
    ours = site_keys(found, site, keys)
    key = found.key
    if key is None and keys is not None and not ours:
        key = keys.find(found.kid, found.talkgroup)
    if found.srtp is not None and not ours:
        why_closed = _why_not_secured(found, key, site)
        if why_closed:
            return why_closed
    port = unicast_ports.get(found.talkgroup)
    if found.group is None and port is None:
        return f"unicast: give the port to hear it on (--unicast-port {found.talkgroup}=PORT)"
    spec = found.to_spec(interface, key if found.srtp is not None else None, port)
    return msgspec.structs.replace(spec, srtp=ours[0].profile) if ours else spec


def site_keys(
    found: Announcement, site: SiteVoice, by_hand: StreamKeys | None
) -> tuple[SrtpKey, ...]:
    """The site's keys under which a stream is heard, the current one first; () = none of them.

    A key id that is not known is a newer key of the site's, which is being asked for; those of
    foreign senders are no numbers."""
    if found.srtp is None or found.kid is None or site.ring is None:
        return ()
    named = site.ring.find(found.kid, found.talkgroup)
    if named is None and by_hand is not None and by_hand.names(found.kid, found.talkgroup):
        return ()
    opening = site.ring.keys(found.talkgroup)
    if named is not None and named not in opening:
        return (engine_key(named),)  # a foreign sender's
    if named is None and not found.kid.isdecimal():
        return ()
    return tuple(engine_key(one) for one in opening)


def _why_not_open(found: Announcement, keys: StreamKeys | None, policy: VoicePolicy) -> str:
    if keys is not None and keys.must_be_secured(found.talkgroup):
        return f"announced unsecured, but there is a key for {found.talkgroup}: not the real one"
    if policy.unsecured == "refuse" and not policy.lists(found.talkgroup, found.host):
        return "not secured, and this site hears such streams only where policy.toml lists them"
    return ""


def _why_not_secured(found: Announcement, key: StreamKey | None, site: SiteVoice) -> str:
    if key is None:
        why = site.ring.why(found.talkgroup) if site.ring is not None else ""
        if why:
            return f"secured with key {found.kid}: {why}"
        if site.enrolled:
            return f"secured with key {found.kid}, which the site has not given us yet"
        return f"secured with key {found.kid}, which this desk does not have (--srtp-keys FILE)"
    if key.profile != found.srtp:
        return f"announced with {found.srtp}, but key {found.kid} is for {key.profile}"
    return ""
