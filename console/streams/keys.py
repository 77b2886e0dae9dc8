"""SRTP keys given by hand (``--srtp-keys FILE``), read and checked; never logged or shown."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import stat
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from audio.protocol import SrtpKey, SrtpProfile
from console.domain.voice_keys import VoiceKey

MAX_KEYS: Final = 1_024
MAX_FILE_BYTES: Final = 262_144
KEY_BYTES: Final[dict[SrtpProfile, int]] = {
    "AES_CM_128_HMAC_SHA1_80": 30,  # RFC 4568 section 6.1: 16 of key, 14 of salt
    "AEAD_AES_128_GCM": 28,  # RFC 7714 section 12: 16 and 12
    "AEAD_AES_256_GCM": 44,  # 32 and 12
}
EXAMPLE: Final = """[[key]]
kid = "7"
talkgroup = "lv1"
profile = "AES_CM_128_HMAC_SHA1_80"
key = "<base64>\""""


class KeysError(Exception):
    """The file can't be used. The text is one sentence that says what to do."""


class StreamKey(msgspec.Struct, frozen=True):
    """A master key and salt (RFC 3711 section 8.2) with the profile it is for."""

    profile: SrtpProfile
    key: bytes

    def __repr__(self) -> str:
        return f"StreamKey({self.profile!r}, …)"


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One key as the file has it; at least one of ``kid`` and ``talkgroup`` is given."""

    profile: SrtpProfile
    key: Annotated[str, Meta(max_length=128)]
    kid: Annotated[str, Meta(min_length=1, max_length=32)] | None = None
    talkgroup: Annotated[str, Meta(min_length=1, max_length=40)] | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Annotated[tuple[_Entry, ...], Meta(max_length=MAX_KEYS)]


class StreamKeys:
    """The keys of one file, found by key id and talkgroup."""

    def __init__(self, keys: Sequence[tuple[str | None, str | None, StreamKey]]) -> None:
        self._by_name = {(kid, talkgroup): key for kid, talkgroup, key in keys}
        self._talkgroups = {talkgroup: kid for kid, talkgroup, _ in keys if talkgroup is not None}

    def __len__(self) -> int:
        return len(self._by_name)

    def find(self, kid: str | None, talkgroup: str) -> StreamKey | None:
        """The key for this very group, else one for the key id, else one for the group."""
        for name in ((kid, talkgroup), (kid, None), (None, talkgroup)):
            key = self._by_name.get(name)
            if key is not None and name != (None, None):
                return key
        return None

    def names(self, kid: str | None, talkgroup: str) -> bool:
        """Whether the file has a key of this very id."""
        return kid is not None and (
            (kid, talkgroup) in self._by_name or (kid, None) in self._by_name
        )

    def must_be_secured(self, talkgroup: str) -> bool:
        """A key names this group: an unsecured stream of that name is somebody else's."""
        return talkgroup in self._talkgroups

    def kid_for(self, talkgroup: str) -> str | None:
        """The key id to announce for a group that is published here."""
        return self._talkgroups.get(talkgroup)


def engine_key(key: VoiceKey) -> SrtpKey:
    """As an engine takes it: a key id that is no number gets one."""
    return SrtpKey(kid_number(key.kid), key.profile, key.key)


def kid_number(kid: str) -> int:
    if kid.isascii() and kid.isdecimal() and int(kid) < 2**32:
        return int(kid)
    return int.from_bytes(hashlib.sha256(kid.encode()).digest()[:4], "big")


def load_keys(path: Path) -> StreamKeys:
    """Read a TOML file (or JSON, by its suffix). Raises :class:`KeysError`."""
    return parse_keys(_read_private(path), is_json=path.suffix == ".json", name=str(path))


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise KeysError(f"{path} can be read by others; run: chmod 600 {path}")
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise KeysError(f"{path} could not be read: {error.strerror}") from error
    if len(raw) > MAX_FILE_BYTES:
        raise KeysError(f"{path} is larger than {MAX_FILE_BYTES} bytes")
    return raw


def parse_keys(raw: bytes, *, is_json: bool, name: str) -> StreamKeys:
    """Raises :class:`KeysError`; its text never holds a key."""
    try:
        text = raw.decode("utf-8")
        document = json.loads(text) if is_json else tomllib.loads(text)
        entries = msgspec.convert(document, _File).key
    except msgspec.ValidationError as error:
        raise KeysError(f"{name}: {error}; an entry looks like this:\n{EXAMPLE}") from None
    except (ValueError, RecursionError):  # the parser's own words would quote a line, perhaps a key
        kind = "JSON" if is_json else "TOML"
        raise KeysError(f"{name} is not {kind}; an entry looks like this:\n{EXAMPLE}") from None
    return StreamKeys([_checked(entry, number, name) for number, entry in enumerate(entries, 1)])


def _checked(entry: _Entry, number: int, name: str) -> tuple[str | None, str | None, StreamKey]:
    if entry.kid is None and entry.talkgroup is None:
        raise KeysError(f"{name}: key {number} needs a kid, a talkgroup or both")
    try:
        key = base64.b64decode(entry.key, validate=True)
    except (binascii.Error, ValueError):
        raise KeysError(f"{name}: key {number} is not base64") from None
    wanted = KEY_BYTES[entry.profile]
    if len(key) != wanted:
        raise KeysError(
            f"{name}: key {number} has {len(key)} bytes; {entry.profile} takes {wanted} "
            f"(make one: head -c {wanted} /dev/urandom | base64 -w0)"
        )
    return entry.kid, entry.talkgroup, StreamKey(entry.profile, key)
