"""One thing has one word in Bokmål: on the screen, in the log and for a screen reader."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

import resources
from tests.gui import fakes
from tests.gui.conftest import Open
from widgets.page_tabs import Elsewhere, PageTab


def test_an_alarm_is_ended_by_the_same_word_wherever_it_stands(open_desk: Open) -> None:
    open_desk()
    said = {
        "log": QCoreApplication.translate("Log", "Closed {0}'s alarm"),
        "bar": QCoreApplication.translate("UndoBar", "Closed: {0}"),
        "page": QCoreApplication.translate("AidPage", "The alarm is closed"),
    }
    assert all("avsluttet" in words.lower() for words in said.values()), said


def test_a_group_has_one_form_in_bokmaal() -> None:
    """Nynorsk's is "gruppa"."""
    home = Path(resources.__file__).parent
    texts = [home / "translations" / "vaktbord_nb.ts"]
    lines = [line for text in texts for line in text.read_text("utf-8").splitlines()]
    for data in home.glob("*.toml"):
        told = data.read_text("utf-8").splitlines()
        lines += [line for line in told if line.lstrip().startswith("nb")]
    assert not [line for line in lines if "gruppa" in line.lower()]


def test_one_talkgroup_is_one(open_desk: Open) -> None:
    window, _ = open_desk(fakes.make())
    tab = PageTab(window._look, window)
    tab.show_page("Vakt", "Vakt", "1", Elsewhere(), shown=False)
    assert tab.accessibleName() == "Vakt, 1 talegruppe"
    tab.show_page("Vakt", "Vakt", "2", Elsewhere(), shown=False)
    assert tab.accessibleName() == "Vakt, 2 talegrupper"
