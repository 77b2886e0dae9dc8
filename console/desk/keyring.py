"""A desk's voice keys at its engine, and what its site said last of streams that have none.

What goes to the engine passes here, and keys are put in: a window that hangs, or has not heard of
a new key yet, keeps no engine from getting it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import msgspec

from audio import protocol
from console.domain.held_keys import HeldKeys
from console.domain.roles import MEMBER_ROLES
from console.domain.voice_keys import VoiceKey
from console.domain.voice_rights import NO_SITE, VoicePolicy
from console.site.security import identity
from console.site.security.private import read_private, write_private
from console.streams.keys import engine_key

log = logging.getLogger(__name__)

POLICY_FILE: Final = "voice-policy.json"
MAX_FILE_BYTES: Final = 262_144


class Ring(Protocol):
    """What is needed of :class:`console.site.keyring.KeyRing`."""

    def held(self, talkgroup: str, /) -> HeldKeys | None: ...
    def keys(self, talkgroup: str, /) -> tuple[VoiceKey, ...]: ...
    def want_to_send(self, talkgroup: str, /) -> None: ...


class KeyedEngine:
    """``send`` is for any thread, ``keys_changed`` the ring's. Streams and publications that are
    to be secured and bring no key get the site's."""

    def __init__(self, ring: Ring, send: Callable[[protocol.Command], None]) -> None:
        self._ring = ring
        self._send = send
        self._lock = threading.Lock()
        self._heard: dict[str, str] = {}  # streams under their talkgroup's keys
        self._foreign: dict[str, protocol.SrtpKey] = {}  # streams under a foreign sender's key
        self._sent: dict[str, protocol.Publish] = {}  # publications that the site's keys secure
        self._open: set[str] = set()  # of these, those that the engine has

    def send(self, command: protocol.Command) -> None:
        with self._lock:
            match command:
                case protocol.Publish(srtp=str(), key=None):
                    self._publish(command)
                    return
                case protocol.Publish(publication=name) | protocol.Unpublish(publication=name):
                    self._sent.pop(name, None)
                    self._open.discard(name)
                case protocol.SetKeys(stream=stream, keys=keys):
                    self._note(stream, keys)
                case protocol.Drop(stream=stream):
                    self._heard.pop(stream, None)
                    self._foreign.pop(stream, None)
            self._send(command)

    def keys_changed(self, talkgroup: str) -> None:
        held = self._ring.held(talkgroup)
        keys = tuple(engine_key(one) for one in held.opening) if held is not None else ()
        with self._lock:
            for stream, of in self._heard.items():
                if of == talkgroup:
                    self._send(protocol.SetKeys(stream, keys))
            for wish in self._sent.values():
                if talkgroup_of(wish.publication) == talkgroup:
                    self._secure(wish, held)

    def _note(self, stream: str, keys: tuple[protocol.SrtpKey, ...]) -> None:
        """Whether it follows its talkgroup's keys: those of a foreign sender stay as they are."""
        talkgroup = talkgroup_of(stream)
        ours = {engine_key(one).kid for one in self._ring.keys(talkgroup)}
        self._heard.pop(stream, None)
        self._foreign.pop(stream, None)
        if any(one.kid in ours for one in keys):
            self._heard[stream] = talkgroup
        elif keys:
            self._foreign[stream] = keys[0]

    def _publish(self, wish: protocol.Publish) -> None:
        """When there is a key: nothing is ever sent in the clear meanwhile. To a foreign sender's
        stream under its own, which is what everybody hears it under."""
        foreign = self._foreign.get(wish.publication)
        if foreign is not None:
            self._send(msgspec.structs.replace(wish, srtp=foreign.profile, key=foreign.key))
            return
        talkgroup = talkgroup_of(wish.publication)
        self._sent[wish.publication] = wish
        self._open.discard(wish.publication)
        self._ring.want_to_send(talkgroup)
        self._secure(wish, self._ring.held(talkgroup))

    def _secure(self, wish: protocol.Publish, held: HeldKeys | None) -> None:
        name = wish.publication
        if held is None or held.current is None:
            if name in self._open:
                self._open.discard(name)
                self._send(protocol.Unpublish(name))
            return
        key = engine_key(held.current)
        if name not in self._open:
            self._open.add(name)
            self._send(msgspec.structs.replace(wish, srtp=key.profile, key=key.key))
        self._send(protocol.SetSendKey(name, key, held.block))


def talkgroup_of(stream: str) -> str:
    return stream.partition("@")[0]


def first_policy(home: Path) -> VoicePolicy:
    """Until the site says: what it said last; where there was none yet, the strictest of a site,
    and of none if this home has never had one."""
    try:
        raw = read_private(home / "desk" / POLICY_FILE, MAX_FILE_BYTES)
        return msgspec.json.decode(raw, type=VoicePolicy)
    except FileNotFoundError:
        return VoicePolicy() if has_site(home) else NO_SITE
    except Exception as error:  # whatever is wrong with it: the strictest
        log.warning("the policy that the site told last can't be read: %s", error)
        return VoicePolicy()


def has_site(home: Path) -> bool:
    """Whether this home has enrolled anywhere, or has a site of its own."""
    roles = (identity.folder_of(home, role) for role in MEMBER_ROLES)
    return any(one.exists() for one in roles) or (home / "site" / "pki").exists()


def remember_policy(home: Path, policy: VoicePolicy) -> None:
    try:
        text = msgspec.json.encode(policy).decode()
        write_private(home / "desk" / POLICY_FILE, text)
    except OSError as error:
        log.warning("the site's policy could not be kept: %s", error)
