"""A person's layout goes with them, by a real site, and cuts off nothing in a real engine."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.domain.events import LayoutPage, LayoutSaved, Placed
from console.site.find import find_site
from console.site.visit import visit
from tests.desk.processes import LOOPBACK, engine_of
from tests.desk.test_desk_hands import Sitting, mix_of, sitting

pytestmark = pytest.mark.system
__all__ = ["sitting"]


def pages(here: Sitting) -> list[str]:
    return [page.key for page in here.desk.parts.layout.pages()]


def save_as(here: Sitting, person: str, body: LayoutSaved) -> None:
    """From another desk."""
    address = find_site(here.net.home, interface=LOOPBACK)
    with visit(address, spool=here.net.home / "cli", person=person) as guest:
        guest.deliver(body)


def test_who_sits_down_finds_their_own_pages_and_what_sounds_goes_on(sitting: Sitting) -> None:
    window, area = sitting.window, sitting.window.tile_area
    key = window.tiles.key_of_number("1")
    assert key is not None
    sitting.until(lambda: sitting.desk.parts.status.status().site_read, "all of the site's log")
    sitting.until(lambda: bool(window.tiles.tile(key).row.speaker), "the tone")
    area.name_new_page(key)
    QTest.keyClicks(area.name, "Vakt")
    QTest.keyClick(area.name, Qt.Key.Key_Return)
    assert pages(sitting) == ["Vakt", ""]
    olas = LayoutSaved((LayoutPage("Natt", ("lv1",)),), (), (Placed(key, "off", -30.0),))
    save_as(sitting, "Ola Fiktivsen", olas)
    known = sitting.desk.parts.store
    sitting.until(lambda: "person:Ola Fiktivsen" in known.state.layouts, "his layout")

    sitting.desk.parts.actions.set_person("Ola Fiktivsen")
    sitting.until(lambda: pages(sitting) == ["Natt", ""], "his own pages")
    assert window.layout_bar.isVisible()
    assert "Ola Fiktivsen" in window.layout_bar.accessibleName()
    assert "Havnvik-LV" in window.layout_bar.accessibleName(), "that this one is left as it is"
    with engine_of(sitting.net.home) as (engine, _):
        assert (mix_of(engine).attention, mix_of(engine).gain_db) == ("monitored", 0.0)
    told = sitting.site().layouts
    assert [page.name for page in told["person:Kari Nordmann"].layout.pages] == ["Vakt"]
    QTest.mouseClick(window.layout_bar.undo, Qt.MouseButton.LeftButton)
    assert pages(sitting) == ["Vakt", ""], "as it was before he came"

    sitting.desk.parts.actions.set_person("Kari Nordmann")
    sitting.until(lambda: pages(sitting) == ["Vakt", ""], "hers")
    sitting.until(
        lambda: (
            [p.name for p in sitting.site().layouts["person:Ola Fiktivsen"].layout.pages]
            == ["Vakt"]
        ),
        "what he left the desk with is his now",
    )
