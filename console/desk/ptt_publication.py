"""Whether a desk can talk in a stream's group, and as what the engine sends it there. Pure."""

from __future__ import annotations

from audio import protocol

MAX_NAME = 64


def publication(spec: protocol.StreamSpec, name: str) -> protocol.Publish | str:
    """The desk's own voice in the RTP session of a stream that is heard (RFC 3550 section 5.2:
    another synchronization source in the same session), or in one sentence why not. ``name``
    becomes the SDES NAME."""
    if spec.group is None:
        return "it is sent to single receivers, not to a group"
    if spec.source is not None:
        return "only its own station is heard there (source-specific multicast)"
    if spec.encoding != "opus":
        return f"it is sent as {spec.encoding}, and this desk speaks Opus alone"
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
