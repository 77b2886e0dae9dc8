"""``<home>/site/policy.toml``, read again when it changes."""

from __future__ import annotations

import logging
import tomllib
from pathlib import Path
from typing import Final

import msgspec

from console.domain.voice_rights import VoicePolicy
from console.site.address import SiteError

log = logging.getLogger(__name__)

MAX_FILE_BYTES: Final = 262_144
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


class _File(msgspec.Struct, frozen=True):
    """Other tables of the file are other services'."""

    voice: VoicePolicy = VoicePolicy()


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
    """Raises ValueError (msgspec's, TOML's and Unicode's errors are), RecursionError."""
    return msgspec.convert(tomllib.loads(policy.decode()), _File).voice


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
