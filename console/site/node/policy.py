"""The site's ``policy.toml``, the same at every node: the newest edit of one that can be meant.

A node that made the log's streams by a policy of its own would let go of what the site is to keep.
"""

from __future__ import annotations

import logging
import threading
import time
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from console.site.address import SiteError
from console.site.log.retention import MAX_POLICY_BYTES, POLICY_FILE, retention_of
from console.site.node.papers import new_change
from console.site.security.private import read_private, write_private
from console.site.services.voice_policy import voice_policy_of

log = logging.getLogger(__name__)

MAX_SHARED: Final = 30_000
"""Bytes: in JSON at most twice as many, below the server's limit of 64 KiB."""
SECTIONS: Final = ("retention", "voice")
STATE_FILE: Final = "policy.json"
MAX_STATE_BYTES: Final = 8 * MAX_SHARED
AT_REST_S: Final = 2.0
"""So long a file was left alone before it is taken as meant."""


class Policy(msgspec.Struct, frozen=True):
    """``text``: of the file, "" = there is none. Of two the one ``changed`` last stands. The last
    one that was meant here, or told by another node, lies in ``policy.json``."""

    text: Annotated[str, Meta(max_length=MAX_SHARED)] = ""
    changed: Annotated[str, Meta(pattern=r"\A([0-9A-Z]{26})?\Z")] = ""
    v: Literal[1] = 1


class SharedPolicy:
    """Any thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / POLICY_FILE
        self._state_path = folder / STATE_FILE
        self._lock = threading.Lock()
        self._complained = ""

    def now(self, at_rest_s: float = AT_REST_S) -> Policy:
        """As this node has it. An edit that can't be meant, or is just being made, does not count
        yet. Raises SiteError, OSError."""
        with self._lock:
            known, text = self._known(), self._text(at_rest_s)
            if text is not None and text != known.text:
                known = self._keep(Policy(text, new_change()))
            return known

    def learn(self, other: Policy) -> bool:
        """What another node has. True when it was new. Raises SiteError, OSError."""
        with self._lock:
            if not other.changed or other.changed <= self._known().changed:
                return False
            check(other.text)
            if other.text:
                write_private(self._path, other.text)
            else:
                self._path.unlink(missing_ok=True)
            self._keep(other)
            return True

    def _keep(self, policy: Policy) -> Policy:
        write_private(self._state_path, msgspec.json.encode(policy).decode())
        return policy

    def _known(self) -> Policy:
        try:
            return msgspec.json.decode(read_private(self._state_path, MAX_STATE_BYTES), type=Policy)
        except FileNotFoundError:
            return Policy()
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SiteError(f"{self._state_path} is damaged ({error}): delete it") from error

    def _text(self, at_rest_s: float) -> str | None:
        """None: it does not count yet."""
        try:
            if time.time() - self._path.stat().st_mtime < at_rest_s:
                return None
            with self._path.open("rb") as file:
                text = file.read(MAX_SHARED + 1).decode()
            check(text)
        except FileNotFoundError:
            return ""
        except (SiteError, UnicodeDecodeError) as error:
            if str(error) != self._complained:
                self._complained = str(error)
                log.error("%s is not told to the other nodes: %s", self._path, error)  # noqa: TRY400  # the sentence is all there is to say
            return None
        return text


def check(text: str) -> None:
    """Raises SiteError for a policy that can't be meant, or is too long to be told."""
    if len(text.encode()) > MAX_SHARED:
        raise SiteError(f"a policy that nodes share has at most {MAX_SHARED} bytes")
    check_meant(text.encode())


def check_file(folder: Path) -> None:
    """Before a site starts: one that keeps things shorter than was meant, or lets in a voice that
    was to be refused, can't be made good later. Raises SiteError, which names the file."""
    path = folder / POLICY_FILE
    try:
        with path.open("rb") as file:
            check_meant(file.read(MAX_POLICY_BYTES + 1))
    except FileNotFoundError:
        return
    except OSError as error:
        raise SiteError(f"{path} can't be read: {error.strerror}") from error
    except SiteError as error:
        raise SiteError(f"{path}: {error}. The site does not start until it is mended") from error


def check_meant(policy: bytes) -> None:
    """Raises SiteError for what is in no section that there is, or can't be meant there."""
    try:
        retention_of(policy)  # first: it says of what is no TOML that it is none
        _check_sections(policy.decode())
        voice_policy_of(policy)
    except (ValueError, RecursionError) as error:
        raise SiteError(str(error)) from error


def _check_sections(text: str) -> None:
    for name in tomllib.loads(text):
        if name not in SECTIONS:
            known = " and ".join(f"[{one}]" for one in SECTIONS)
            raise ValueError(f"{name}: there is no such section or setting; there are {known}")
