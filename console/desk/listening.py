"""Which streams the engine is told to hear: a pure decision from announcements and presence.

An announcement is only a hint; presence is RTP arriving. So a stream whose announcement is gone
is kept as long as packets come, and dropped :data:`LINGER_S` after the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from audio import protocol
from audio.protocol import (
    Command,
    Drop,
    Listen,
    SetKeys,
    SetMix,
    SrtpKey,
    StreamFigures,
    StreamSpec,
)
from console.domain.voice_rights import VoicePolicy
from console.streams.announcement import Announcement
from console.streams.keys import StreamKeys, engine_key
from console.streams.plan import NOBODY, SiteVoice, plan, site_keys

LINGER_S: Final = 30.0
MISSING_S: Final = 5.0
"""A stream that the engine has not got so long after it was asked for is asked for again."""
MAX_REASONS: Final = 1_024
MAX_KNOWN: Final = 2_048  # announcements that are decided on again when the site says otherwise
MAX_OF_CALL: Final = 4
"""Streams that are heard of one call: whoever announces more has no key of it."""


class Listening:
    """Keeps the wanted set; every method returns the commands that follow."""

    def __init__(
        self,
        *,
        interface: str | None,
        keys: StreamKeys | None,
        unicast_ports: Mapping[str, int],
        site: SiteVoice = NOBODY,
    ) -> None:
        self._site = site
        self._known: dict[str, Announcement] = {}
        self._keyed: dict[str, tuple[SrtpKey, ...]] = {}  # by the site, as the engine was told
        self._interface = interface
        self._keys = keys
        self._unicast_ports = dict(unicast_ports)
        self._wanted: dict[str, StreamSpec] = {}
        self._unannounced_since: dict[str, float] = {}
        self._missing_since: dict[str, float] = {}
        self._refused: set[str] = set()
        self._calls: frozenset[str] = frozenset()  # that are known, whoever talks in them
        self._call = ""  # that is talked in
        self._own_host = ""
        self._groups: frozenset[str] = frozenset()  # that were formed, and are not over
        self.unheard: dict[str, str] = {}  # stream to why it can't be heard

    def announced(self, announcement: Announcement) -> tuple[Command, ...]:
        """A stream was found or has changed."""
        self._unannounced_since.pop(announcement.stream, None)
        if announcement.stream in self._known or len(self._known) < MAX_KNOWN:
            self._known[announcement.stream] = announcement
        return self._decide(announcement)

    @property
    def allows_open(self) -> bool:
        """Whether nothing is to be said of streams that are heard without being secured."""
        return self._site.policy.unsecured == "allow"

    def policy_is(self, policy: VoicePolicy) -> tuple[Command, ...]:
        """What the site does with streams that are not secured."""
        self._site = msgspec.structs.replace(self._site, policy=policy, enrolled=True)
        return self._decide_all(self._known.values())

    def keys_changed(self, talkgroup: str) -> tuple[Command, ...]:
        """The site has given, or taken, keys of a talkgroup."""
        return self._decide_all(one for one in self._known.values() if one.talkgroup == talkgroup)

    def calls_are(
        self, known: frozenset[str], talked_in: str, own_host: str
    ) -> tuple[Command, ...]:
        """What is announced of a call is heard while this desk talks in it, and never before: but
        its own voice, which comes from ``own_host``."""
        changed = (known ^ self._calls) | {talked_in, self._call}
        self._calls, self._call, self._own_host = known, talked_in, own_host
        commands = self._decide_all(one for one in self._known.values() if one.talkgroup in changed)
        left = [one for one in self._wanted if _talkgroup(one) in known and one not in self._known]
        return (*commands, *(command for one in left for command in self._forget(one)))

    def _why_no_call(self, found: Announcement) -> str:
        """Why a stream of a call is not heard, "" = it may be."""
        if found.talkgroup != self._call:
            return "a call between others, or one that is not talked in"
        if found.host == self._own_host:
            return "this desk's own voice"
        if found.srtp is None:
            return "not secured: a call never is without"
        others = [one for one in self._wanted if _talkgroup(one) == self._call]
        if len(others) >= MAX_OF_CALL and found.stream not in others:
            return f"more than {MAX_OF_CALL} stations say that they are in this call"
        return ""

    def groups_are(self, formed: frozenset[str]) -> tuple[Command, ...]:
        """These were formed for their members alone: never heard in the clear, whatever the site's
        policy says of others."""
        changed, self._groups = formed ^ self._groups, formed
        return self._decide_all(one for one in self._known.values() if one.talkgroup in changed)

    def end(self, streams: Iterable[str]) -> tuple[Command, ...]:
        """At once, whatever arrives: nobody is to hear it here any more."""
        commands: tuple[Command, ...] = ()
        for stream in streams:
            self.unheard.pop(stream, None)
            self._known.pop(stream, None)
            commands += self._forget(stream)
        return commands

    def _decide_all(self, announcements: Iterable[Announcement]) -> tuple[Command, ...]:
        return tuple(command for one in list(announcements) for command in self._decide(one))

    def _decide(self, announcement: Announcement) -> tuple[Command, ...]:
        stream = announcement.stream
        is_call = announcement.talkgroup in self._calls
        if is_call and self._why_no_call(announcement):
            return self._forget(stream)
        if announcement.talkgroup in self._groups and announcement.srtp is None:
            self._note(stream, "not secured: a group that was formed never is without")
            return self._forget(stream)
        spec = plan(
            announcement,
            interface=self._interface,
            keys=self._keys,
            unicast_ports=self._unicast_ports,
            site=self._site,
        )
        if isinstance(spec, str):
            self._note(stream, spec)
            return self._forget(stream)
        if is_call:
            spec = msgspec.structs.replace(spec, keep=False)
        if len(self._wanted) >= protocol.MAX_STREAMS and stream not in self._wanted:
            self._note(stream, f"more than {protocol.MAX_STREAMS} streams on this network")
            return ()
        if stream not in self._refused:
            self.unheard.pop(stream, None)
        is_by_site = spec.srtp is not None and spec.key is None
        keys = site_keys(announcement, self._site, self._keys) if is_by_site else ()
        return self._heard_so(spec, keys)

    def _heard_so(self, spec: StreamSpec, keys: tuple[SrtpKey, ...]) -> tuple[Command, ...]:
        """The site's keys before the stream; an engine that was told any hears nothing else."""
        stream = spec.stream
        commands: list[Command] = []
        if stream in self._keyed and not keys:
            commands += self._forget(stream)
        if keys and self._keyed.get(stream) != keys:
            self._keyed[stream] = keys
            commands.append(SetKeys(stream, keys))
        if self._wanted.get(stream) != spec:
            self._refused.discard(stream)
            self.unheard.pop(stream, None)
            self._wanted[stream] = spec
            commands.append(Listen(spec))
            if not spec.keep:
                commands.append(mix_of_call(stream))
        return tuple(commands)

    def gone(self, stream: str, now_s: float) -> None:
        """Its announcement ended (goodbye or expiry); what arrives is still heard."""
        self.unheard.pop(stream, None)
        self._known.pop(stream, None)
        if stream in self._wanted:
            self._unannounced_since[stream] = now_s

    def adopt(self, figures: tuple[StreamFigures, ...], now_s: float) -> tuple[Command, ...]:
        """Streams an engine already hears when the desk finds it (the desk was restarted).

        They are asked for once more, which changes nothing here but is what the next engine will
        be told. A secured one can't be: its key is not in the figures; its announcement does it.
        """
        commands: list[Command] = []
        for stream in figures:
            if not stream.spec.keep:  # the call of a desk that died: nobody is to hear it
                commands.append(Drop(stream.stream))
            elif stream.stream not in self._wanted:
                self._wanted[stream.stream] = stream.spec
                self._unannounced_since[stream.stream] = now_s
                commands += [Listen(stream.spec)] if stream.spec.srtp is None else []
        return tuple(commands)

    def refused(self, stream: str, why: str) -> None:
        """The engine could not listen (a port in use, too many groups, too busy)."""
        if stream in self._wanted:
            self._refused.add(stream)
            self._note(stream, why)

    def announced_now(self) -> frozenset[str]:
        """The streams that this desk takes to be announced."""
        known = self._wanted.keys() | self.unheard.keys()
        return frozenset(known - self._unannounced_since.keys())

    def present(self, figures: tuple[StreamFigures, ...], now_s: float) -> tuple[Command, ...]:
        """Takes the engine's figures; drops what is neither announced nor arriving, and asks
        again for what the engine should have and has not."""
        arriving = {one.stream for one in figures if one.present}
        commands = self._ask_again({one.stream for one in figures}, now_s)
        for stream, since in list(self._unannounced_since.items()):
            if stream in arriving:
                self._unannounced_since[stream] = now_s
            elif now_s - since >= LINGER_S:
                commands += self._forget(stream)
        return tuple(commands)

    def is_rekeyed(self, stream: str) -> bool:
        """Whether all who send there have their keys from the site, so that they are members and
        can ask for the floor. A foreign sender has a key of its own, or one given by hand."""
        ring = self._site.ring
        if ring is None:
            return False
        ours = {engine_key(one).kid for one in ring.keys(stream.partition("@")[0])}
        return any(one.kid in ours for one in self._keyed.get(stream, ()))

    def specs(self) -> Mapping[str, StreamSpec]:
        """What is listened to, by stream."""
        return self._wanted

    def known(self) -> tuple[str, ...]:
        """What is heard, or has been announced and is not."""
        return tuple({**self._known, **self._wanted})

    def wants(self, stream: str) -> bool:
        return stream in self._wanted

    def _ask_again(self, heard: set[str], now_s: float) -> list[Command]:
        for stream in self._refused & heard:
            self._refused.discard(stream)
            self.unheard.pop(stream, None)
        commands: list[Command] = []
        missing = self._wanted.keys() - heard
        self._missing_since = {s: self._missing_since.get(s, now_s) for s in missing}
        for stream, since_s in self._missing_since.items():
            spec = self._wanted[stream]
            keys = self._keyed.get(stream, ())
            can_be_heard = spec.srtp is None or spec.key is not None or keys
            if now_s - since_s >= MISSING_S and can_be_heard:
                self._missing_since[stream] = now_s
                commands += [SetKeys(stream, keys)] if keys else []
                commands.append(Listen(spec))
        return commands

    def _note(self, stream: str, why: str) -> None:
        if len(self.unheard) < MAX_REASONS or stream in self.unheard:
            self.unheard[stream] = why

    def _forget(self, stream: str) -> tuple[Command, ...]:
        self._unannounced_since.pop(stream, None)
        self._refused.discard(stream)
        self._keyed.pop(stream, None)
        return (Drop(stream),) if self._wanted.pop(stream, None) is not None else ()


def mix_of_call(stream: str) -> SetMix:
    """In the middle, in front and on the ear: what a loudspeaker says, the microphone hears. No
    talkgroup is turned down by it."""
    return SetMix(stream, attention="selected", output="headset")


def _talkgroup(stream: str) -> str:
    return stream.partition("@")[0]
