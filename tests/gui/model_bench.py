"""What the model tests share: events of a fictional site, in order and with ids."""

from __future__ import annotations

from ulid import ULID

from console.domain.events import AnyBody, Event


class Author:
    """Makes valid events one after the other, a second apart."""

    def __init__(self, name: str = "exercise", person: str = "", start_ms: int = 1_790_000_000_000):
        self.name = name
        self.person = person
        self._now_ms = start_ms
        self._seq = 0

    def __call__(self, body: AnyBody, *, cause: str | None = None) -> Event:
        self._now_ms += 1_000
        self._seq += 1
        return Event(
            id=str(ULID.from_timestamp(self._now_ms / 1000)),
            time_ms=self._now_ms,
            author=self.name,
            seq=self._seq,
            body=body,
            person=self.person,
            cause=cause,
        )
