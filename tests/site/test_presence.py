"""Who is here: said every second, believed for 2.5 s, and by nobody for another."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.presence import AWAY_S, MAX_PRESENT, Here, Presence, heard, still_here
from console.site.log.here import decode_here
from console.site.log.wire import EventError

from .authors import Author
from .conftest import NewEar, Server, wait_for

HERE = Here(author="lv1", label="Legevakt 1")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 5)), max_size=30))
def test_present_is_who_was_heard_within_two_and_a_half_seconds(
    words: list[tuple[str, float]],
) -> None:
    presence: Presence = {}
    last: dict[str, float] = {}
    now_s = 0.0
    for author, after_s in words:
        now_s += after_s
        presence = still_here(presence, now_s)
        presence = heard(presence, Here(author=author, label=author), now_s)
        last[author] = now_s
        assert set(presence) == {one for one, at_s in last.items() if now_s - at_s <= AWAY_S}


def test_the_table_has_a_bound() -> None:
    presence: Presence = {}
    for n in range(MAX_PRESENT + 10):
        presence = heard(presence, Here(author=f"a{n}", label="x"), 0.0)
    assert len(presence) == MAX_PRESENT
    assert heard(presence, Here(author="a1", label="x"), 1.0)["a1"].heard_s == 1.0


@pytest.mark.parametrize(
    "subject",
    [
        "vb.live.here.operator.lv2.desk",
        "vb.live.here.operator.lv1.cli",
        "vb.live.here.operator.lv1",
        "vb.live.here.operator.lv1.desk.more",
        "vb.live.here",
    ],
)
def test_nobody_is_here_for_another(subject: str) -> None:
    with pytest.raises(EventError):
        decode_here(subject, msgspec.json.encode(HERE))
    assert decode_here("vb.live.here.operator.lv1.desk", msgspec.json.encode(HERE)) == HERE


@given(st.binary(max_size=1_200))
def test_no_bytes_end_a_listener(payload: bytes) -> None:
    with pytest.raises(EventError):
        decode_here("vb.live.here.operator.lv1.desk", payload)


@pytest.mark.system
def test_a_desk_that_dies_is_shown_away_within_three_seconds(
    server: Server, new_ear: NewEar, tmp_path: Path
) -> None:
    """Killed, and hung: a process that is stopped is no longer here either."""
    ear = new_ear("one", label="Legevakt 1")
    author = Author(server.as_member("two"), tmp_path / "authors", label="Legevakt 2")
    try:
        wait_for(lambda: set(ear.presence) == {"one", "two"}, "both to be here")
        assert ear.presence["two"].here.label == "Legevakt 2"
        author.process.send_signal(signal.SIGSTOP)
        wait_for(lambda: set(ear.presence) == {"one"}, "the hung desk to be away", 3.0)
        author.process.send_signal(signal.SIGCONT)
        wait_for(lambda: set(ear.presence) == {"one", "two"}, "it to be back")
        os.kill(author.process.pid, signal.SIGKILL)
        wait_for(lambda: set(ear.presence) == {"one"}, "the dead desk to be away", 3.0)
    finally:
        author.process.send_signal(signal.SIGCONT)
        author.stop()
