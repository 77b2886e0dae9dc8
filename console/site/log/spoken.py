"""What is said on core NATS: told from what a member makes the server repeat.

Direct Get answers wherever the asking member wishes, with the bytes of any message that it has
stored, so a subject alone proves nothing: with ``no_hdr`` they come without any header, else with
``Nats-Stream``, which the server sets itself (tried against nats-server 2.15). So what is spoken
bears a header of ours, and what bears the server's is none of it.
"""

from __future__ import annotations

from typing import Final

from nats.aio.msg import Msg

HEADER: Final = "Vb"
SPOKEN: Final = {HEADER: "1"}


def is_spoken(msg: Msg) -> bool:
    headers = msg.headers or {}
    return headers.get(HEADER) == "1" and "Nats-Stream" not in headers
