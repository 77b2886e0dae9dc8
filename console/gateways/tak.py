"""TAK's message of version 1, as takproto has it, in a pool of descriptors of its own.

In the pool that all packages share a file's name may be there once, and livekit too has a file
``track.proto``: whichever of the two came second in a process could not be loaded.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pool


def _message() -> Any:
    shared, own = descriptor_pool.Default, descriptor_pool.DescriptorPool()
    descriptor_pool.Default = lambda: own
    try:
        from takproto.proto import TakMessage  # noqa: PLC0415
    finally:
        descriptor_pool.Default = shared
    return TakMessage


TakMessage: Any = _message()
