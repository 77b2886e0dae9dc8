"""When an engine that nobody speaks to ends."""

from __future__ import annotations

from pathlib import Path

from audio.client import EngineClient, ensure_engine, stop_engine
from audio.home import is_claimed
from audio.watch import LINGER_S, TOOL_LINGER_S, Watch
from tests.audio.engine_fixtures import wait_until


def ends_at(watch: Watch) -> float:
    """The first whole second at which it may end."""
    return next(s for s in range(100_000) if watch.look(float(s)).should_end)


def test_an_engine_to_which_nobody_comes_ends_soon() -> None:
    assert ends_at(Watch(0.0)) == TOOL_LINGER_S


def test_a_desk_is_waited_for_longer_than_a_tool() -> None:
    for is_desk, linger_s in ((True, LINGER_S), (False, TOOL_LINGER_S)):
        watch = Watch(0.0)
        watch.joined(is_desk=is_desk, now_s=1.0)
        watch.left(is_desk=is_desk, said_goodbye=True, now_s=100.0)
        assert ends_at(watch) == 100.0 + linger_s


def test_a_tool_that_looks_in_does_not_shorten_what_a_desk_is_waited_for() -> None:
    watch = Watch(0.0)
    watch.joined(is_desk=True, now_s=1.0)
    watch.left(is_desk=True, said_goodbye=False, now_s=10.0)
    for now_s in (20.0, 300.0):
        watch.joined(is_desk=False, now_s=now_s)
        watch.left(is_desk=False, said_goodbye=True, now_s=now_s + 1)
    assert ends_at(watch) == 10.0 + LINGER_S


def test_who_is_there_is_not_left_alone() -> None:
    watch = Watch(0.0)
    watch.joined(is_desk=False, now_s=1.0)
    watch.joined(is_desk=True, now_s=1.0)
    watch.left(is_desk=True, said_goodbye=True, now_s=2.0, linger_s=5.0)
    assert not watch.look(10_000.0).should_end
    watch.left(is_desk=False, said_goodbye=True, now_s=10_000.0, linger_s=0.0)
    assert watch.look(10_000.0).should_end


def test_an_engine_ends_as_soon_as_its_client_has_asked_for(tmp_path: Path) -> None:
    """And however that client went."""
    ensure_engine(tmp_path, interface="127.0.0.1", device="null")
    try:
        client = EngineClient(tmp_path, role="desk", on_event=print, on_lost=print, linger_s=0.3)
        client.connect(5.0)
        client.status(10.0)
        client.close()
        wait_until(lambda: not is_claimed(tmp_path), "its end")
    finally:
        stop_engine(tmp_path)
