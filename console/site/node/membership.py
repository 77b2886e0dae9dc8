"""Who may come in, as a node has it: a change is saved, told to the server, then to who listens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from console.site.node.papers import Papers
from console.site.security.members import Member


class Membership:
    """``tell_server`` has the server read the members again; it raises SiteError or OSError.
    ``changed`` is set by every change, for the node's main thread to tell the services, which know
    it before the server does: whoever is let in is listened to already."""

    def __init__(self, papers: Papers, tell_server: Callable[[], None]) -> None:
        self._papers = papers
        self._tell_server = tell_server
        self._lock = threading.Lock()
        self._present = tuple(papers.members.present())
        self.changed = threading.Event()
        self.on_change: Callable[[Member], None] = lambda _member: None

    def change(self, member: Member) -> None:
        """From any thread; the server knows when this returns. Raises SiteError, OSError."""
        with self._lock:
            try:
                self._papers.change(member)
            finally:
                self._present = tuple(self._papers.members.present())
            self._tell_server()
        self.changed.set()
        self.on_change(member)

    def merge(self, members: Iterable[Member]) -> bool:
        """What another node knows. True when something was new. Raises SiteError, OSError."""
        with self._lock:
            try:
                if not self._papers.merge(members):
                    return False
            finally:
                self._present = tuple(self._papers.members.present())
            self._tell_server()
        self.changed.set()
        return True

    def present(self) -> tuple[Member, ...]:
        """Never waits for the server to be told: loops ask that many wait for."""
        return self._present

    def everybody(self) -> tuple[Member, ...]:
        """Also those who were taken out."""
        with self._lock:
            return tuple(self._papers.members.all.values())
