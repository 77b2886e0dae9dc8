"""A message is in its sender's list at once, with what has become of it, by a real site."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.domain.events import CalloutSent, MessageDelivered
from console.site.find import find_site
from console.site.node.process import stop_site
from console.site.visit import visit
from tests.desk.processes import LOOPBACK
from tests.desk.test_desk_hands import Sitting, sitting
from widgets.contracts.rows import PostRow

pytestmark = pytest.mark.system
__all__ = ["sitting"]

OPEN = 6


def send(here: Sitting, text: str) -> None:
    people = here.window.people
    QTest.keyClicks(people.search, "AMB 1-3")
    for _ in range(2):
        QTest.keyClick(people.search, Qt.Key.Key_Return)
    people.text.insert(text)  # as it is pasted
    QTest.keyClick(people.text, Qt.Key.Key_Return)


def chosen(here: Sitting) -> PostRow:
    posts = here.window.people.posts
    assert posts.viewport().rect().contains(posts.visualRect(posts.currentIndex()).center())
    row = here.window.people._current_post()
    assert row is not None
    return row


def test_what_is_sent_is_seen_at_once_and_what_becomes_of_it(sitting: Sitting) -> None:
    people = sitting.window.people
    with visit(find_site(sitting.net.home, interface=LOOPBACK), spool=sitting.net.home / "o") as o:
        for n in range(OPEN):
            o.deliver(CalloutSent(f"c{n}", ("a13",), f"Fiktiv utkalling {n}"))
    sitting.press_with_ctrl(Qt.Key.Key_N)
    sitting.until(lambda: people.post_model.rowCount() == OPEN, "what is open")
    send(sitting, "Ring\x07 meg")
    row = chosen(sitting)
    assert row.leaving, "before the site has it"
    assert row.summary == "på vei: ikke hos sentralen ennå"
    sitting.until(lambda: not chosen(sitting).leaving, "the site's own word")
    row = chosen(sitting)
    assert (row.text, row.summary) == ("Ring  meg", "0 av 1 har den, 0 har lest den")
    with visit(find_site(sitting.net.home, interface=LOOPBACK), spool=sitting.net.home / "o") as o:
        o.deliver(MessageDelivered(row.key, "a13"), cause=row.key)
    sitting.until(lambda: chosen(sitting).summary.startswith("1 av 1"), "the receipt")
    stop_site(sitting.net.home)
    sitting.until(lambda: sitting.desk.parts.status.status().site_link == "down", "no site")
    send(sitting, "Hvor er du?")
    row = chosen(sitting)
    assert (row.text, row.leaving) == ("Hvor er du?", True)
    assert people.post_model.rowCount() == OPEN + 2
