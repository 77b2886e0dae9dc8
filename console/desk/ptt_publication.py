"""Whether a desk can talk in a stream's group, and as what the engine sends it there. Pure."""

from __future__ import annotations

from typing import Final, Literal

from audio import protocol

MAX_NAME: Final = 64
WhyNot = Literal["unheard", "unicast", "source-specific", "encoding"]
"""The stream is not listened to here; it goes to single receivers; only its own station is heard in
its group (RFC 4607); it is no Opus, which is all that the engine sends."""


def publication(spec: protocol.StreamSpec, name: str) -> protocol.Publish | WhyNot:
    """The desk's own voice in the RTP session of a stream that is heard (RFC 3550 section 5.2:
    another synchronization source in the same session), or why not. ``name``: its SDES NAME."""
    if spec.group is None:
        return "unicast"
    if spec.source is not None:
        return "source-specific"
    if spec.encoding != "opus":
        return "encoding"
    return protocol.Publish(
        publication=spec.stream,
        address=spec.group,
        port=spec.port,
        payload_type=spec.payload_type,
        name=name[:MAX_NAME],
        interface=spec.interface,
        srtp=spec.srtp,
        key=spec.key,
        red=spec.red,
        own=True,
    )
