"""What is typed: folded as Norwegian letters ask for it, and never FTS5's own language."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.events import (
    AlarmNoted,
    AlarmRaised,
    FloorReleased,
    MessageSent,
    StatusChanged,
    UnitDefined,
)
from console.timeline.folding import folded, words_of
from console.timeline.query import Question, expression, terms
from console.timeline.reader import TimelineReader

from .lab import DAY_MS, HOUR_MS, NOW_MS, found, keep, reading, said

TEXTS = (
    "Kjør til Ås stasjon", "as is", "Blåbærøy", "Märtha Öberg", "Kárášjohka", "ås-veien 12",
    'sa "nei"', "NEAR(a b)", "words : x", "AMB 2-01", "isaac", "100 %", "ærfugl", "ﬁnne", "Straße",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept", "is_same"),
    [
        ("ås", "as", False), ("ÅS", "ås", True), ("aas", "ås", False), ("ø", "o", False),
        ("æ", "ae", False), ("öberg", "øberg", True), ("ärlig", "ærlig", True),
        ("idé", "ide", True), ("karasjohka", "Kárášjohka", True), ("e\u030a", "e", True),
        ("a\u030a", "å", True), ("čđŋšŧž", "cdnstz", True), ("STRASSE", "straße", True),
    ],
)  # fmt: skip
def test_letters_that_tell_words_apart_stay_and_others_fold(
    typed: str, kept: str, is_same: bool
) -> None:
    assert (folded(typed) == folded(kept)) == is_same


def test_a_word_finds_what_begins_with_it_and_in_quotes_itself_alone(tmp_path: Path) -> None:
    texts = ("ås", "åsen", "as", "asen", "på ås i dag", "dag ås")
    keep(tmp_path, [said(MessageSent("u1", text), n) for n, text in enumerate(texts)])

    def texts_of(typed: str) -> set[str]:
        return {e.body.text for e in found(tmp_path, typed) if isinstance(e.body, MessageSent)}

    assert texts_of("ås") == {"ås", "åsen", "på ås i dag", "dag ås"}
    assert texts_of('"ås"') == {"ås", "på ås i dag", "dag ås"}
    assert texts_of("as") == {"as", "asen"}
    assert texts_of("da ås") == {"på ås i dag", "dag ås"}
    assert texts_of('"dag ås"') == {"dag ås"}
    assert texts_of('"ås') == texts_of("ås")  # a quote that nobody has closed


def test_words_of_two_things_do_not_stand_side_by_side(tmp_path: Path) -> None:
    """A call sign that ends with a figure, and the next one, or a text, that begins with it."""
    keep(
        tmp_path,
        [
            said(MessageSent("u3", "Ring 3", also=("u4",)), 9),  # named afterwards
            said(UnitDefined("u1", "AMB 1-3", "ambulance"), 8),
            said(UnitDefined("u2", "AMB 3-3", "ambulance"), 7),
            said(UnitDefined("u3", "3-7 Fiktiv", "fire"), 6),
            said(UnitDefined("u4", "AMB 2-3", "ambulance"), 5),
            said(MessageSent("u1", "kommer", also=("u3",)), 4),
            said(MessageSent("u2", "kommer"), 3),
            said(MessageSent("u3", "post 3"), 2),
        ],
    )

    def sent_to(typed: str) -> list[str]:
        return [e.body.to for e in found(tmp_path, typed) if isinstance(e.body, MessageSent)]

    assert sent_to("3-3") == ["u2"]
    assert sent_to("amb 3-3") == ["u2"]
    assert sorted(sent_to("amb 3")) == ["u1", "u2", "u3"]


@pytest.fixture(scope="module")
def all_texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimelineReader]:
    folder = tmp_path_factory.mktemp("timeline")
    keep(folder, [said(MessageSent("u1", text), n, person="") for n, text in enumerate(TEXTS)])
    with reading(folder) as reader:
        yield reader


SYNTAX = st.text(alphabet="\"*:^()+-{}[]NEAROTDwordskeyvi \0\n\\;,'%_åÅ", max_size=40)


@settings(max_examples=400, deadline=None)
@given(typed=st.text(max_size=64) | SYNTAX | st.sampled_from(TEXTS))
def test_no_text_is_syntax(all_texts: TimelineReader, typed: str) -> None:
    """None raises, and what is found is what a reader of the rule would find."""
    rows = all_texts.page(Question(typed)).rows
    texts = {event.body.text for _, event in rows if isinstance(event.body, MessageSent)}
    assert texts == {text for text in TEXTS if _fits(typed, words_of(text))}


def _fits(typed: str, words: tuple[str, ...]) -> bool:
    return all(
        any(
            words[at : at + len(term.words) - 1] == term.words[:-1]
            and at + len(term.words) <= len(words)
            and (
                words[at + len(term.words) - 1].startswith(term.words[-1])
                if term.is_begun
                else words[at + len(term.words) - 1] == term.words[-1]
            )
            for at in range(len(words))
        )
        for term in terms(typed)
    )


@given(typed=st.text(max_size=200) | SYNTAX)
def test_only_letters_and_figures_of_it_reach_the_expression(typed: str) -> None:
    made = expression(Question(typed))
    inside = made.split('"')[1::2]
    assert all(c.isalnum() or c == " " for c in "".join(inside))
    outside = "".join(made.split('"')[::2])
    assert set(outside.replace("words :", "").replace("AND", "").replace("OR", "")) <= set(" ()*")


def test_kinds_units_groups_and_times_narrow_together(tmp_path: Path) -> None:
    keep(
        tmp_path,
        [
            said(FloorReleased("g1", "u1", 900), 0),
            said(FloorReleased("g1", "u2", 900), HOUR_MS),
            said(StatusChanged("u1", "s1", text="På vei"), 2 * HOUR_MS),
            said(MessageSent("u1", "på vei hjem"), DAY_MS),
        ],
    )

    def kinds(text: str = "", **asked: object) -> list[str]:
        return [type(event.body).__name__ for event in found(tmp_path, text, **asked)]

    assert kinds(categories=("voice",)) == ["FloorReleased"] * 2
    assert kinds(about=("u1",)) == ["FloorReleased", "StatusChanged", "MessageSent"]
    assert kinds(about=("g1", "u2")) == ["FloorReleased"]
    assert kinds(categories=("voice", "status"), about=("u1",)) == [
        "FloorReleased", "StatusChanged",
    ]  # fmt: skip
    assert kinds("vei") == ["StatusChanged", "MessageSent"]
    assert kinds("vei", from_ms=NOW_MS - 3 * HOUR_MS) == ["StatusChanged"]
    assert kinds("vei", until_ms=NOW_MS - 3 * HOUR_MS) == ["MessageSent"]
    assert kinds(about=("U1",)) == []  # ids tell large letters from small


def test_a_status_is_found_by_what_this_screen_calls_it(tmp_path: Path) -> None:
    keep(tmp_path, [said(StatusChanged("u1", "on-scene"), 0), said(MessageSent("u1", "framme"), 1)])
    called = (("fram", ("on-scene",)),)
    assert len(found(tmp_path, "Fram", statuses=called)) == 2
    assert len(found(tmp_path, "Fram")) == 1


def test_a_kind_of_event_is_found_by_what_this_screen_calls_it(tmp_path: Path) -> None:
    """An alarm's own words are nobody's: what it is stands in no text of it."""
    raised, other = AlarmRaised("a1", "u1"), AlarmRaised("a2", "u2", text="ved porten")
    keep(tmp_path, [said(raised, 0), said(other, 1), said(MessageSent("u1", "alarm slått av"), 2)])
    called = (("alarm", ("alarm",)),)
    assert len(found(tmp_path, "alarm", kinds=called)) == 3
    assert len(found(tmp_path, "alarm porten", kinds=called)) == 1
    assert len(found(tmp_path, "alarm", kinds=called, categories=("message",))) == 1
    assert len(found(tmp_path, "alarm")) == 1


def test_pages_follow_one_another_without_a_gap(tmp_path: Path) -> None:
    """Of one millisecond too, and while new ones come."""
    events = [said(AlarmNoted("a1", f"notat {n}"), n // 40) for n in range(250)]
    keep(tmp_path, events)
    for text in ("", "notat"):
        told: list[int] = []
        before: int | None = None
        for page in itertools.count():
            with reading(tmp_path) as reader:
                answer = reader.page(Question(text), before, 100)
            told += [n for n, _ in answer.rows]
            before = told[-1]
            if not answer.is_more:
                break
            keep(tmp_path, [said(AlarmNoted("a1", "notat nytt"), -1 - page)])
        assert len(told) == len(set(told)) >= 250
        assert told == sorted(told, reverse=True)
