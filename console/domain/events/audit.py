"""Who listened again, and who took something out: what it was, never what was said in it.

The person and the position stand in the envelope, as with every event.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from console.domain.events.alarms import BurstId
from console.domain.events.base import Body, UnixMs

StreamId = Annotated[str, Meta(min_length=1, max_length=200)]
LengthMs = Annotated[int, Meta(ge=0, lt=2**53)]
KindTag = Annotated[str, Meta(pattern=r"\A[a-z-]{0,40}\Z")]


class RecordingHeard(Body, frozen=True, tag="recording-heard"):
    """A kept call was played again. ``from_ms`` is when it was spoken."""

    burst: BurstId
    stream: StreamId
    from_ms: UnixMs
    length_ms: LengthMs
    how: Literal["recall", "catch-up"] = "recall"


class RecordingExported(Body, frozen=True, tag="recording-exported"):
    """A kept call was written to a file, which Vaktbord knows of no more."""

    burst: BurstId
    stream: StreamId
    from_ms: UnixMs
    length_ms: LengthMs
    form: Literal["wav", "ogg"] = "wav"


class LogExported(Body, frozen=True, tag="log-exported"):
    """Events were given out: so many, from the time of the first to that of the last. ``only`` is
    the kind that they are all of, "" = of several; ``goes_on``: and those that came later;
    ``form``: as JSON, in a file (CSV), or to the clipboard. What was searched for is not said:
    it may be a patient's name."""

    events: Annotated[int, Meta(ge=0, lt=2**31)]
    from_ms: UnixMs = 0
    until_ms: UnixMs = 0
    only: KindTag = ""
    goes_on: bool = False
    form: Literal["json", "csv", "copy"] = "json"
