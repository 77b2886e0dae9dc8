"""Whether an announced stream can be heard here: a spec for the engine, or why not. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from audio.protocol import StreamSpec
from console.streams.announcement import Announcement
from console.streams.keys import StreamKey, StreamKeys


def plan(
    found: Announcement,
    *,
    interface: str | None,
    keys: StreamKeys | None,
    unicast_ports: Mapping[str, int],
) -> StreamSpec | str:
    """The spec to listen with, or one sentence that says why it can't be heard."""
    if found.srtp is None and keys is not None and keys.must_be_secured(found.talkgroup):
        return f"announced unsecured, but there is a key for {found.talkgroup}: not the real one"
    key: StreamKey | None = None
    if found.srtp is not None:
        key = keys.find(found.kid, found.talkgroup) if keys is not None else None
        if key is None:
            return f"secured with key {found.kid}, which this desk does not have (--srtp-keys FILE)"
        if key.profile != found.srtp:
            return f"announced with {found.srtp}, but key {found.kid} is for {key.profile}"
    port = unicast_ports.get(found.talkgroup)
    if found.group is None and port is None:
        return f"unicast: give the port to hear it on (--unicast-port {found.talkgroup}=PORT)"
    return found.to_spec(interface, key, port)
