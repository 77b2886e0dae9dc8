"""Who may come in, as a node has it: a change is saved, told to the server, then to who listens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from console.site.node.papers import Papers
from console.site.security.members import Member


class Membership:
    """``tell_server`` has the server read the members again; it raises SiteError or OSError.
    ``changed`` is set by every change, for the node's main thread to tell the services."""

    def __init__(self, papers: Papers, tell_server: Callable[[], None]) -> None:
        self._papers = papers
        self._tell_server = tell_server
        self._lock = threading.Lock()
        self.changed = threading.Event()
        self.on_change: Callable[[Member], None] = lambda _member: None

    def change(self, member: Member) -> None:
        """From any thread; the server knows when this returns. Raises SiteError, OSError."""
        with self._lock:
            self._papers.change(member)
            self._tell_server()
        self.changed.set()
        self.on_change(member)

    def merge(self, members: Iterable[Member]) -> bool:
        """What another node knows. True when something was new. Raises SiteError, OSError."""
        with self._lock:
            if not self._papers.merge(members):
                return False
            self._tell_server()
        self.changed.set()
        return True

    def present(self) -> tuple[Member, ...]:
        with self._lock:
            return tuple(self._papers.members.present())

    def everybody(self) -> tuple[Member, ...]:
        """Also those who were taken out."""
        with self._lock:
            return tuple(self._papers.members.all.values())
