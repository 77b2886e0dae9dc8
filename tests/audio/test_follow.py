"""A followed conversation: in front, the others dimmed and kept to be caught up on, never cut."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio import protocol as p
from audio.mixing.follow import DIMMED_DB, ORPHANED_MS, RISE_DB_PER_S, Follow
from audio.mixing.mix import BEHIND_DB
from audio.network.sockets import ListenError
from tests.audio import test_recall_live as recall_lab
from tests.audio.engine_fixtures import Listener, engine, listener, read_wav
from tests.audio.pipeline_lab import lab, opus, packets, sine
from tests.audio.test_duck import level_db
from tests.audio.test_engine_process import decoded

SECOND = 48_000
HALF = slice(-SECOND // 2, None)
VOICE = Path(__file__).resolve().parents[2] / "resources" / "voices" / "a21-am-rapport.opus"
ME, OTHER, THIRD = "a@h", "b@h", "c@h"


def told(follow: Follow) -> list[p.Followed]:
    news: list[p.Followed] = []
    follow.take_news(news.append)
    return news


# -- the rule, without sound ----------------------------------------------------------------


def test_it_ends_so_long_after_the_last_burst_and_says_so() -> None:
    follow = Follow()
    follow.begin(ME, 10.0, 0.0, talks=True)
    assert told(follow) == [p.Followed(ME, 10.0, None)]
    follow.look(60_000.0, talks=True, is_orphan=False)
    assert told(follow) == [], "it lasts as long as they talk"
    follow.look(60_050.0, talks=False, is_orphan=False)
    assert told(follow) == [p.Followed(ME, 10.0, 10.0)]
    follow.look(65_000.0, talks=True, is_orphan=False)
    assert told(follow) == [p.Followed(ME, 10.0, None)], "an answer begins to count anew"
    follow.look(66_000.0, talks=False, is_orphan=False)
    follow.look(75_990.0, talks=False, is_orphan=False)
    assert follow.stream == ME
    follow.look(76_000.0, talks=False, is_orphan=False)
    assert told(follow)[-1] == p.Followed("", why="over", was=ME)


def test_with_nobody_at_the_window_it_ends_though_they_talk_without_end() -> None:
    follow = Follow()
    follow.begin(ME, 120.0, 0.0, talks=True)
    follow.look(50.0, talks=True, is_orphan=True)
    follow.look(30_000.0, talks=True, is_orphan=False)  # it only hung
    follow.look(30_050.0, talks=True, is_orphan=True)
    follow.look(30_050.0 + ORPHANED_MS - 50, talks=True, is_orphan=True)
    assert follow.stream == ME
    follow.look(30_050.0 + ORPHANED_MS, talks=True, is_orphan=True)
    assert told(follow)[-1].why == "desk-gone"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("begin", "other", "end", "talks", "silent")), st.integers(1, 400)
        ),
        max_size=30,
    ),
    st.sampled_from((1.0, 10.0, 30.0)),
)
def test_whatever_happens_all_come_back_and_nobody_is_ever_off(
    steps: list[tuple[str, int]], hold_s: float
) -> None:
    follow, now_ms, talks = Follow(), 0.0, False
    others = [p.SetMix(ME), p.SetMix(OTHER), p.SetMix(THIRD, priority=p.MAX_PRIORITY)]
    for what, ticks in steps:
        talks = what == "talks" or (talks and what != "silent")
        if what in ("begin", "other"):
            follow.begin(ME if what == "begin" else OTHER, hold_s, now_ms, talks=talks)
        elif what == "end":
            follow.end(now_ms, "asked")
        for _ in range(ticks):
            now_ms += 50.0
            follow.look(now_ms, talks=talks, is_orphan=False)
            follow.step(now_ms)
        assert follow.gain(is_behind=False) >= 10 ** (DIMMED_DB / 20) - 1e-9
        assert not follow.is_dimmed(others[2], is_kept=True), "where an alarm is, never"
        assert not follow.is_dimmed(others[1], is_kept=False), "nor what can't be caught up on"
    for _ in range(int((hold_s + 1 - DIMMED_DB / RISE_DB_PER_S) * 20) + 2):
        now_ms += 50.0
        follow.look(now_ms, talks=False, is_orphan=False)
        follow.step(now_ms)
    assert follow.stream == ""
    assert not any(follow.is_dimmed(mix, is_kept=True) for mix in others)
    assert all(follow.as_heard(mix) == mix for mix in others)


# -- in the mix -----------------------------------------------------------------------------


def test_the_followed_group_comes_to_the_front_and_the_others_are_dimmed_not_cut(
    tmp_path: Path,
) -> None:
    with lab(tmp_path) as one:
        specs = [one.listen(name) for name in (ME, OTHER, THIRD)]
        one.pipeline.set_mix(p.SetMix(OTHER, attention="selected"))
        sent = [packets(opus(sine(400 + 500 * n, 8.0, 0.1))) for n in range(3)]

        def heard(begin: int, end: int) -> list[float]:
            streams = [(spec, packs[begin:end]) for spec, packs in zip(specs, sent, strict=True)]
            sound = one.play(*streams, more=0)
            return [level_db(sound[HALF], 400 + 500 * n) for n in range(3)]

        before = heard(0, 50)
        one.pipeline.follow(ME, 1.0)
        during = heard(50, 100)
        one.pipeline.follow("", 1.0)
        soon = heard(100, 150)
        after = heard(150, 300)
    assert during[0] == pytest.approx(before[0] - BEHIND_DB, abs=0.5), "in front"
    assert during[1] == pytest.approx(before[1] + DIMMED_DB, abs=0.5), "the selected one too"
    assert during[2] == pytest.approx(before[2] + DIMMED_DB - BEHIND_DB, abs=0.5)
    assert soon[1] < before[1] - 3, "and slowly back"
    assert after == pytest.approx(before, abs=0.5)


@pytest.mark.parametrize(
    "how", [{"muted": True}, {"attention": "off"}, {"gain_db": -40.0}], ids=str
)
def test_a_group_that_was_not_heard_is_heard_while_it_is_followed(
    tmp_path: Path, how: dict[str, object]
) -> None:
    with lab(tmp_path) as one:
        spec = one.listen(ME)
        one.pipeline.set_mix(p.SetMix(ME, **how))  # type: ignore[arg-type]  # as the test says
        sent = packets(opus(sine(400, 3.0)))
        before = one.play((spec, sent[:50]), more=0)
        one.pipeline.follow(ME, 1.0)
        during = one.play((spec, sent[50:100]), more=0)
        one.pipeline.follow("", 1.0)
        after = one.play((spec, sent[100:]), more=0)
    assert level_db(during[HALF], 400) > -25
    assert level_db(before[HALF], 400) < -45
    assert level_db(after[HALF], 400) == pytest.approx(level_db(before[HALF], 400), abs=1.0)


def test_who_silences_what_is_followed_hears_it_no_more_and_volume_is_a_hands_own(
    tmp_path: Path,
) -> None:
    with lab(tmp_path) as one:
        spec = one.listen(ME)
        one.pipeline.set_mix(p.SetMix(ME, gain_db=-40.0))
        one.pipeline.follow(ME, 30.0)
        sent = packets(opus(sine(400, 4.0)))
        before = one.play((spec, sent[:50]), more=0)
        one.pipeline.set_mix(p.SetMix(ME, gain_db=-20.0))
        turned = one.play((spec, sent[50:100]), more=0)
        assert one.pipeline.followed is not None
        one.pipeline.set_mix(p.SetMix(ME, gain_db=-20.0, muted=True))
        muted = one.play((spec, sent[100:150]), more=0)
        assert one.pipeline.followed is None
    at_db = level_db(before[HALF], 400)
    assert level_db(turned[HALF], 400) == pytest.approx(at_db - 14, abs=0.5)
    assert not muted[HALF].any()


def test_an_alarms_group_is_not_dimmed_and_another_alarm_ends_it(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        mine, alarmed = one.listen(ME), one.listen(OTHER)
        one.pipeline.set_mix(p.SetMix(OTHER, priority=p.MAX_PRIORITY))
        voices = [packets(opus(sine(hz, 3.0, 0.1))) for hz in (400, 1_000)]
        before = one.play((alarmed, voices[1][:50]), more=0)
        one.pipeline.follow(ME, 30.0)
        during = one.play((mine, voices[0][:50]), (alarmed, voices[1][50:100]), more=0)
        assert one.pipeline.followed == p.Followed(ME, 30.0, None)
        one.pipeline.set_alarms(p.SetAlarms(1))
        one.tick(6)
        assert one.pipeline.followed is None
        ends = [e for e in one.pipeline.drain_events() if isinstance(e, p.Followed)]
        assert ends[-1] == p.Followed("", why="alarm", was=ME)
        one.pipeline.follow(ME, 30.0)
        one.pipeline.set_alarms(p.SetAlarms(0))
        assert one.pipeline.followed is not None, "one that was acknowledged ends nothing"
    at_db = level_db(before[HALF], 1_000)
    assert level_db(during[HALF], 1_000) == pytest.approx(at_db, abs=0.5)
    assert level_db(during[HALF], 400) < at_db - 5, "and it is above what is followed"


def test_what_goes_away_is_followed_no_more_and_what_is_not_heard_never_is(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        one.listen(ME)
        with pytest.raises(ListenError):
            one.pipeline.follow(OTHER, 1.0)
        one.pipeline.follow(ME, 1.0)
        one.pipeline.drop(ME)
        one.tick(20)
        ends = [e for e in one.pipeline.drain_events() if isinstance(e, p.Followed)]
    assert ends[-1] == p.Followed("", why="gone", was=ME)


# -- no word is lost ------------------------------------------------------------------------


def test_what_was_heard_only_dimmed_is_missed_and_can_be_caught_up_on(tmp_path: Path) -> None:
    with recall_lab.lab(tmp_path) as one:
        mine, other, alarmed = (one.listen(name) for name in (ME, OTHER, THIRD))
        one.pipeline.set_mix(p.SetMix(THIRD, priority=p.MAX_PRIORITY))
        second = opus(sine(800.0, 1.0))
        one.play((other, packets(second)))
        [heard] = one.bursts(1)
        one.pipeline.follow(ME, 30.0)
        more = packets(second, sequence=50, timestamp=50 * 960)
        one.play((mine, packets(second)), (other, more), (alarmed, packets(second)))
        one.bursts(4)
        missed = one.recall.missed()
        assert not heard.missed
        assert missed == {OTHER: 1}, "not the followed group, nor the alarm's"
        one.pipeline.follow("", 30.0)
        again = one.replayed(p.CatchUp(speed=1.0))
    assert 0.8 < recall_lab.seconds_of(again) < 1.4
    assert one.recall.missed() == {}


@pytest.mark.parametrize("amid", ["begins", "ends", "both"])
def test_a_burst_that_was_dimmed_for_a_part_of_it_is_missed(tmp_path: Path, amid: str) -> None:
    with recall_lab.lab(tmp_path) as one:
        one.listen(ME)
        other = one.listen(OTHER)
        sent = packets(opus(sine(800.0, 1.5)))
        if amid == "ends":
            one.pipeline.follow(ME, 30.0)
        one.play((other, sent[:25]), more=0)
        if amid != "ends":
            one.pipeline.follow(ME, 30.0)
        one.play((other, sent[25:50]), more=0)
        if amid != "begins":
            one.pipeline.follow("", 30.0)
        one.play((other, sent[50:]))
        [burst] = one.bursts(1)
    assert burst.missed


# -- the engine as a process, and real voices -----------------------------------------------


DESK = """
import sys, time
from pathlib import Path
from audio import client, protocol as p
c = client.EngineClient(Path(sys.argv[1]), role="desk", on_event=lambda e: None,
                        on_lost=lambda w: None)
c.connect()
c.send(p.Follow("one@here", 1.0))
c.send(p.Heartbeat())
c.status()
print("here", flush=True)
time.sleep(600)
"""


def gain_db(heard: NDArray[np.float32], words: NDArray[np.float64]) -> float:
    """How loud a channel has what was said: its likest half second is sought in the words, so that
    it matters neither when they were sent nor that a busy machine left a gap elsewhere."""
    found = []
    for at in range(0, len(heard) - SECOND // 2 + 1, SECOND // 4):
        piece = heard[at : at + SECOND // 2].astype(np.float64)
        likeness = signal_likeness(piece, words)
        n = int(np.argmax(likeness))
        same = words[n : n + len(piece)]
        power = float(same @ same)
        if power > 1.0:  # not a pause
            gain = float(piece @ same) / power
            alike = gain * np.sqrt(power / max(float(piece @ piece), 1e-12))
            found.append((alike, gain))
    alike, gain = max(found)
    assert alike > 0.7, "the words are found"
    return float(20 * np.log10(gain))


def signal_likeness(piece: NDArray[np.float64], words: NDArray[np.float64]) -> NDArray[np.float64]:
    """The correlation at each place in the words where the whole piece fits, by the power there."""
    size = 1 << (len(words) + len(piece)).bit_length()
    product = np.fft.irfft(np.fft.rfft(words, size) * np.conj(np.fft.rfft(piece, size)), size)
    sums = np.concatenate(([0.0], np.cumsum(words**2)))
    power = sums[len(piece) :] - sums[: -len(piece)]
    return np.asarray(product[: len(power)] / np.sqrt(np.maximum(power, 1.0)))


@pytest.mark.system
@pytest.mark.long
def test_two_real_voices_in_a_real_engine_and_the_desk_is_killed(tmp_path: Path) -> None:
    """The followed group is in the left ear, the other one, selected, in the right."""
    names = ("one@here", "two@here")
    with engine(tmp_path / "home") as home, listener(home) as tool:
        for n, name in enumerate(names):
            port, group = 46_204 + 10 * n, f"239.77.9.{21 + n}"
            stream = p.StreamSpec(name, port, 111, "opus", 48_000, 2, group=group)
            tool.client.send(p.Listen(stream))
            tool.client.send(p.Publish(name, group, port))
        tool.client.send(p.SetMaster(evened=False))  # which would learn each by itself
        tool.client.send(p.SetMix(names[0], pan=-1.0))
        tool.client.send(p.SetMix(names[1], pan=1.0, attention="selected"))
        for name in names:
            tool.client.send(p.Say(name, str(VOICE), speaker="AM", loop=True))
        tool.wait(lambda: sum(isinstance(e, p.Talking) for e in tool.events) == 2)
        before = recorded(tool, tmp_path / "before.wav")
        desk = subprocess.Popen(
            [sys.executable, "-c", DESK, str(home)], stdout=subprocess.PIPE, text=True
        )
        try:
            assert desk.stdout is not None
            assert desk.stdout.readline() == "here\n"
            os.kill(desk.pid, signal.SIGSTOP)  # it hangs: the hold is the engine's
            during = recorded(tool, tmp_path / "during.wav")
            assert tool.client.status(5.0).followed == p.Followed(names[0], 1.0, None)
        finally:
            desk.kill()
            desk.wait()
            assert desk.stdout is not None
            desk.stdout.close()
        tool.client.send(p.Unpublish(names[0]))  # the followed conversation is over
        tool.wait(lambda: any(isinstance(e, p.Followed) and e.why for e in tool.events))
        [end] = [e for e in tool.events if isinstance(e, p.Followed) and e.why]
    words = np.tile(decoded(VOICE).astype(np.float64), 2)  # it is said again and again
    levels = [[gain_db(heard[:, n], words) for n in range(2)] for heard in (before, during)]
    assert levels[1][0] - levels[0][0] == pytest.approx(-BEHIND_DB, abs=1.0), "to the front"
    assert levels[1][1] - levels[0][1] == pytest.approx(DIMMED_DB, abs=1.0), "dimmed, not cut"
    assert (end.why, end.was) == ("over", names[0])


def recorded(tool: Listener, path: Path) -> NDArray[np.float32]:
    """A second and a half of the mix, its beginning left out: gains move there."""
    tool.client.send(p.Record(str(path), 1.8))
    tool.wait(lambda: any(isinstance(e, p.RecordDone) and e.path == str(path) for e in tool.events))
    return read_wav(path)[-3 * SECOND // 2 :]
