"""docs/PROTOCOL.md names all that goes over a wire, and its examples are all run somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from audio import protocol
from console.domain.events import AnyBody
from console.site.log.subjects import STREAMS
from tests.examples import DOCUMENT, examples

TEXT = DOCUMENT.read_text("utf-8")
TABLE = [line for line in TEXT.splitlines() if line.startswith("|")]


def row_of(name: str) -> str:
    """The table's row that begins with it, alone or among others."""
    rows = [line for line in TABLE if f"`{name}`" in line.split("|")[1]]
    assert rows, f"{name} has no row"
    return rows[0]


@pytest.mark.parametrize("kind", get_args(AnyBody), ids=lambda kind: kind.__name__)
def test_each_kind_of_event_has_a_row_with_its_fields(kind: type) -> None:
    struct = kind.__struct_config__.tag  # type: ignore[attr-defined]  # a msgspec.Struct
    row = row_of(struct)
    for field in kind.__struct_fields__:  # type: ignore[attr-defined]
        assert f"`{field}`" in row


@pytest.mark.parametrize(
    "kind", get_args(protocol.Command) + get_args(protocol.Event), ids=lambda kind: kind.__name__
)
def test_each_frame_of_the_engine_has_its_fields_named(kind: type) -> None:
    tag = kind.__struct_config__.tag  # type: ignore[attr-defined]  # a msgspec.Struct
    where = TEXT if tag == "hello" else row_of(tag)
    for field in kind.__struct_fields__:  # type: ignore[attr-defined]
        assert re.search(rf'[`"]{field}[`"]', where), field


def test_each_stream_of_the_log_has_its_row() -> None:
    for stream in STREAMS:
        rows = [line for line in TABLE if line.startswith(f"| {stream.name} |")]
        assert len(rows) == 1
        if stream.token != "resource":
            assert f"`vb.log.{stream.token}." in rows[0]


def test_each_example_is_run_by_a_test() -> None:
    tests = Path(__file__).resolve().parent.parent
    used = "".join(one.read_text("utf-8") for one in tests.glob("*/test_*.py"))
    used = used.replace("desk {program}", "desk ffmpeg desk gstreamer")
    assert examples()
    assert [name for name in examples() if name not in used] == []
