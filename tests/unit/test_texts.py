"""What people write has no control characters but line ends and tabs once it is said."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from console.domain.events import (
    AlarmNoted,
    LayoutPage,
    LayoutSaved,
    MessageSent,
    Position,
    UnitDefined,
    UnitMoved,
)
from console.domain.texts import plain, plain_body

PASTED = "Ring\x07 Kari\r\nnå\t\x1b[31mRØD\x85 ja\x00\rtakk"
KEPT = "Ring  Kari\nnå\t [31mRØD  ja \ntakk"


@given(st.text())
def test_none_is_left_but_line_ends_and_tabs_and_all_else_stays(text: str) -> None:
    kept = plain(text)
    control = {c for c in kept if unicodedata.category(c) == "Cc"}
    assert control <= {"\n", "\t"}
    assert plain(kept) == kept
    assert [c for c in kept if unicodedata.category(c) != "Cc" and c != " "] == [
        c for c in text if unicodedata.category(c) != "Cc" and c != " "
    ]


def test_every_text_of_a_body_wherever_it_stands() -> None:
    assert plain_body(MessageSent("u1", PASTED, also=("u2",))) == MessageSent(
        "u1", KEPT, also=("u2",)
    )
    crew = UnitDefined("u1", "AMB\x07 1", "ambulance", crew=("Kari\x1b B.", "Ola"))
    assert plain_body(crew) == UnitDefined("u1", "AMB  1", "ambulance", crew=("Kari  B.", "Ola"))
    page = LayoutSaved(pages=(LayoutPage("Vakt\x00", ("g1",)),))
    assert plain_body(page) == LayoutSaved(pages=(LayoutPage("Vakt ", ("g1",)),))


def test_what_has_none_is_not_made_anew() -> None:
    for body in (
        AlarmNoted("a1", "To linjer,\n\tden ene rykket inn"),
        UnitMoved("u1", Position(60.0, 10.0)),
    ):
        assert plain_body(body) is body
