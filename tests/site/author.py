"""A program that says things: a real link with its outbox on disk, told on stdin what to do.

``python -m tests.site.author <identity folder> <place as JSON> <spool> <author> <clock offset s>
<label>``; ``<n> <seed>`` on stdin: n alarms and messages at random; ``<n> <seed> pins``: pins. On
stdout ``raised <id> …`` when they are on disk, ``sent <id>`` when the site has one, ``done``.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from pathlib import Path

import msgspec

from console.domain.events import (
    AlarmAcknowledged,
    AlarmRaised,
    AlarmTaken,
    AnyBody,
    MessageSent,
    PinRemoved,
    PinSet,
)
from console.site.address import SiteAddress, SitePlace
from console.site.log.link import SiteLink
from console.site.security import identity

AT_ONCE = 20
_writing = threading.Lock()


def say(*words: str) -> None:
    with _writing:
        print(*words, flush=True)


def main() -> None:
    folder, place, spool, author, offset_s, label = sys.argv[1:]
    skew(float(offset_s))
    ours = identity.load(Path(folder))
    assert ours is not None
    link = SiteLink(
        SiteAddress(msgspec.json.decode(place, type=SitePlace), ours),
        author=author,
        spool=Path(spool),
        on_events=lambda _events: None,
        on_state=lambda *_: None,
        label=label,
        on_delivered=lambda event_id: say("sent", event_id),
    )
    link.start()
    say("up")
    for line in sys.stdin:
        count, seed, *what = line.split()
        if what:
            set_pins(link, int(count), random.Random(seed))
        else:
            raise_at_random(link, author, int(count), random.Random(int(seed)))
        say("done")
    link.stop()


def skew(offset_s: float) -> None:
    """This machine's clock is wrong."""
    real = time.time_ns
    time.time_ns = lambda: real() + int(offset_s * 1e9)


def raise_at_random(link: SiteLink, author: str, count: int, chance: random.Random) -> None:
    mine: list[tuple[str, str]] = []
    for start in range(0, count, AT_ONCE):
        ids = []
        for _ in range(min(AT_ONCE, count - start)):
            body, cause = something(author, mine, chance)
            ids.append(link.publish(body, cause=cause))
            if isinstance(body, AlarmRaised):
                mine.append((body.alarm, ids[-1]))
        while link.unstored:
            time.sleep(0.001)
        say("raised", *ids)


def set_pins(link: SiteLink, count: int, chance: random.Random) -> None:
    """Every third one is taken away again."""
    for n in range(count):
        body: AnyBody = PinSet(pin=f"p{n}", name="Fiktiv", lat=chance.uniform(58, 70), lon=10,
                               since_ms=1)  # fmt: skip
        ids = [link.publish(body)]
        if n % 3 == 0:
            ids.append(link.publish(PinRemoved(f"p{n}")))
        while link.unstored:
            time.sleep(0.001)
        say("raised", *ids)


def something(
    author: str, mine: list[tuple[str, str]], chance: random.Random
) -> tuple[AnyBody, str | None]:
    draw = chance.random()
    if mine and draw < 0.3:
        alarm, cause = chance.choice(mine)
        kind = AlarmAcknowledged if draw < 0.15 else AlarmTaken
        return kind(alarm=alarm), cause
    if draw < 0.65:
        return AlarmRaised(alarm=f"{author}-{chance.getrandbits(60):x}", unit="u1"), None
    return MessageSent(to="lv1", text=f"melding {chance.getrandbits(20)}"), None


if __name__ == "__main__":
    main()
