"""``<home>/site/policy.toml``, read again when it changes."""

from __future__ import annotations

import logging
import math
import tomllib
from pathlib import Path
from typing import Final, get_args

import msgspec

from console.domain.voice_keys import Profile
from console.domain.voice_rights import MAX_LISTED, VoicePolicy
from console.site.address import SiteError

log = logging.getLogger(__name__)

MAX_FILE_BYTES: Final = 262_144
MAX_SHOWN: Final = 60
POLICY_FILE: Final = "policy.toml"
EXAMPLE: Final = """[voice]
unsecured = "refuse"   # streams without SRTP: "refuse", "mark" (heard, marked) or "allow"
rekey_hours = 24

[[voice.listed]]       # a stream without SRTP that is heard all the same
talkgroup = "lv1"
host = "old-gateway.local"

[[voice.listed]]       # one that nobody announces, by the address of its SDP
talkgroup = "lv9"
sdp = "https://gateway.example:8443/lv9.sdp"
certificate = "<SHA-256 of the certificate that the gateway shows>\""""


ALLOWED: Final = {
    "unsecured": '"refuse", "mark" or "allow"',
    "rekey_hours": "a number of hours from 2 to 168",
    "listed": f"at most {MAX_LISTED} tables [[voice.listed]], each with a talkgroup and, where "
    "it is needed, a host, or an sdp address and a certificate",
    "profiles": f"a table of talkgroups, each with one of {', '.join(get_args(Profile))}",
}
"""What ``[voice]`` may hold, and of what."""


def read_policy(path: Path) -> VoicePolicy:
    """The default when there is no file. Raises SiteError, which says what is wrong with it."""
    try:
        with path.open("rb") as file:
            return voice_policy_of(file.read(MAX_FILE_BYTES))
    except FileNotFoundError:
        return VoicePolicy()
    except (OSError, ValueError, RecursionError) as error:
        raise SiteError(f"{path} can't be used ({error}); it looks like this:\n{EXAMPLE}") from None


def voice_policy_of(policy: bytes) -> VoicePolicy:
    """Other tables of the file are other services'. Raises ValueError (TOML's and Unicode's errors
    are), which names what is wrong and says what is allowed, and RecursionError."""
    voice = tomllib.loads(policy.decode()).get("voice", {})
    if not isinstance(voice, dict):
        raise ValueError(f"[voice] is a table of {', '.join(ALLOWED)}")  # noqa: TRY004  # of a file, not of a caller
    for name, value in voice.items():
        _check(name, value)
    return msgspec.convert(voice, VoicePolicy)


def _check(name: str, value: object) -> None:
    if name not in ALLOWED:
        raise ValueError(f"[voice] {name}: there is no such setting; use {', '.join(ALLOWED)}")
    try:
        known = msgspec.convert({name: value}, VoicePolicy)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"[voice] {name} = {_shown(value)}: it takes {ALLOWED[name]} ({error})"
        ) from None
    if math.isnan(known.rekey_hours):  # neither below a bound nor above one
        raise ValueError(f"[voice] {name} = nan: it takes {ALLOWED[name]}")


def _shown(value: object) -> str:
    return repr(value) if len(repr(value)) <= MAX_SHOWN else "…"


class PolicyFile:
    """``policy`` is the last one that could be read; the default, which is the strictest, until
    then."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self.policy = VoicePolicy()
        self.complaint = ""

    def look(self) -> bool:
        """True when the policy has changed."""
        seen = self._stamp()
        if seen == self._seen:
            return False
        self._seen = seen
        try:
            found = read_policy(self._path)
        except SiteError as error:
            self.complaint = str(error)
            log.error("%s", error)  # noqa: TRY400  # the sentence is all there is to say
            return False
        self.complaint = ""
        changed, self.policy = found != self.policy, found
        return changed

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)
