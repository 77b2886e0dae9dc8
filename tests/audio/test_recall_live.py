"""Recall in the pipeline: real sockets, real files, a clock that the test turns."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from audio import protocol as p
from audio.network import rtcp
from audio.pipeline import Pipeline
from audio.recall import archive as archives
from audio.recall import gather
from audio.recall.service import Recall
from tests.audio.engine_fixtures import peak_hz, wait_until
from tests.audio.pipeline_lab import Lab, Sound, opus, packets, sine

T = TypeVar("T")
SECOND = opus(sine(800.0, 1.0))


class RecallLab(Lab):
    """With a recall, whose events are in ``told``."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.pipeline.close()
        self.told: list[p.Event] = []
        self.recall = Recall(folder / "recall", self.told.append)
        self.pipeline = Pipeline(
            interface="127.0.0.1",
            meters=self.meters,
            clock=lambda: self.now_ns,
            recall=self.recall,
        )
        self.recall.start()

    def ask(self, command: p.RecallCommand) -> None:
        assert self.recall.command(command, self.told.append) == ""

    def of(self, kind: type[T]) -> list[T]:
        return [one for one in self.told if isinstance(one, kind)]

    def answer(self, command: p.RecallCommand, kind: type[T]) -> T:
        before = len(self.of(kind))
        self.ask(command)
        wait_until(lambda: len(self.of(kind)) > before, f"an answer to {command}")
        return self.of(kind)[-1]

    def bursts(self, count: int) -> tuple[p.BurstInfo, ...]:
        wait_until(lambda: self.recall.figures().bursts >= count, f"{count} bursts are kept")
        return self.answer(p.ListBursts(), p.Bursts).bursts

    def replayed(
        self, command: p.RecallCommand, each: Callable[[int], None] | None = None
    ) -> Sound:
        """What is heard until it is over. ``each`` is called before every tick with its number."""
        self.told.clear()
        self.ask(command)
        wait_until(lambda: not self.recall.replay.is_idle or bool(self.told), "it begins")
        assert not self.of(p.Refused), self.told
        blocks = []
        for n in range(3_000):
            if each is not None:
                each(n)
            blocks.append(self.tick())
            time.sleep(0.002)  # the decoder's thread has to come along
            if self.states()[-1:] == ["idle"]:
                return np.concatenate(blocks)
        raise AssertionError(f"it has no end: {self.told}")

    def states(self) -> list[str]:
        return [one.state + one.why for one in self.of(p.ReplayChanged)]

    def close(self) -> None:
        super().close()
        self.recall.stop()


@contextlib.contextmanager
def lab(folder: Path) -> Iterator[RecallLab]:
    one = RecallLab(folder)
    try:
        yield one
    finally:
        one.close()


def seconds_of(sound: Sound) -> float:
    """From the first to the last that is heard."""
    loud = np.flatnonzero(np.abs(sound[:, 0]) > 0.01)
    return float((loud[-1] - loud[0]) / 48_000) if len(loud) else 0.0


def test_a_burst_is_kept_with_who_and_when_and_sounds_the_same_again(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        name = rtcp.source_description(7, "x@y", "LV-lege 12")
        one.send(spec, name, port=spec.port + 1)
        live = one.play((spec, packets(SECOND)))
        [burst] = one.bursts(1)
        assert (burst.stream, burst.ssrc, burst.speaker) == ("a@h", 7, "LV-lege 12")
        assert abs(burst.length_ms - 980) <= 20
        assert abs(burst.start_ms - time.time() * 1e3) < 60_000
        assert not burst.missed
        again = one.replayed(p.Recall("a@h"))
        assert seconds_of(again) == pytest.approx(seconds_of(live), abs=0.03)
        assert abs(peak_hz(again[9_600:40_000, 0]) - 800) < 2
        assert one.states() == ["playing", "idle"]


def test_each_burst_is_one_and_the_last_one_is_recalled(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec, other = one.listen(), one.listen("b@h")
        one.play((spec, packets(opus(sine(500.0, 0.6)))))
        one.play((other, packets(opus(sine(900.0, 0.6)), ssrc=8)))
        one.play((spec, packets(opus(sine(700.0, 0.6)), sequence=30, timestamp=200_000)))
        assert [burst.stream for burst in one.bursts(3)] == ["a@h", "b@h", "a@h"]
        heard = {
            stream: peak_hz(one.replayed(p.Recall(stream))[9_600:24_000, 0])
            for stream in ("", "a@h", "b@h")
        }
        assert heard == pytest.approx({"": 700, "a@h": 700, "b@h": 900}, abs=4)
        two = one.replayed(p.Recall("a@h", 2))
        assert 1.4 < seconds_of(two) < 1.6
        assert [told.remaining for told in one.of(p.ReplayChanged)] == [1, 0, 0]


def test_two_who_speak_at_once_are_two_bursts(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(SECOND)), (spec, packets(SECOND[:30], ssrc=8)), more=300)
        assert {burst.ssrc: burst.length_ms // 100 for burst in one.bursts(2)} == {7: 9, 8: 5}


def test_a_stray_packet_is_no_burst(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(SECOND[:1], ssrc=9)), more=300)
        one.play((spec, packets(SECOND)))
        assert [burst.ssrc for burst in one.bursts(1)] == [7]


def test_a_long_one_is_kept_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MAX_PIECE_MS", 400.0)
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(SECOND)))
        lengths = [burst.length_ms for burst in one.bursts(4)]
        assert len(lengths) == 4
        assert all(200 <= length <= 400 for length in sorted(lengths)[1:]), lengths
        assert 900 <= sum(lengths) <= 1_000


def test_what_was_muted_or_off_is_missed_until_it_has_been_caught_up(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        muted, off, on = one.listen("m@h"), one.listen("o@h"), one.listen("x@h")
        one.pipeline.set_mix(p.SetMix("m@h", muted=True))
        one.pipeline.set_mix(p.SetMix("o@h", attention="off"))
        for n, spec in enumerate((muted, off, on)):
            one.play((spec, packets(SECOND, ssrc=n + 1)))
        assert [burst.missed for burst in one.bursts(3)] == [True, True, False]
        assert one.recall.missed() == {"m@h": 1, "o@h": 1}
        both = one.replayed(p.CatchUp(speed=2.0))
        assert 1.1 < seconds_of(both) < 1.4, "two seconds at twice the speed, and what is between"
        assert abs(peak_hz(both[4_800:19_200, 0]) - 800) < 4, "at the same pitch"
        assert one.recall.missed() == {}
        assert "nothing" in one.answer(p.CatchUp(), p.Refused).why
        assert not any(burst.missed for burst in one.bursts(3))


def test_another_speed_holds_for_what_is_left_of_a_catch_up(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.pipeline.set_mix(p.SetMix(spec.stream, muted=True))
        one.play((spec, packets(opus(sine(800.0, 10.0)))))
        one.bursts(1)

        def choose(n: int) -> None:
            if n == 100:
                one.ask(p.SetReplaySpeed(2.0))

        heard = one.replayed(p.CatchUp(speed=1.0), choose)
        assert seconds_of(heard) < 1.0 + 2.0 + 7.0 / 2 + 0.5, "of what was decoded ahead too"
        assert [told.speed for told in one.of(p.ReplayChanged) if told.burst] == [1.0, 2.0]
        assert np.abs(np.diff(heard[:, 0])).max() < 1.3 * 0.3 * 2 * np.pi * 800 / 48_000


def test_what_came_while_no_device_played_is_missed(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        for is_deaf in (True, False):
            one.recall.set_deaf(is_deaf=is_deaf)
            one.play((spec, packets(SECOND, ssrc=1 + is_deaf)))
        assert [burst.missed for burst in one.bursts(2)] == [True, False]


def test_a_catch_up_waits_for_the_selected_group_and_for_alarms(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        quiet, chosen, other = one.listen("q@h"), one.listen("s@h"), one.listen("o@h")
        one.pipeline.set_mix(p.SetMix("q@h", muted=True))
        one.pipeline.set_mix(p.SetMix("s@h", attention="selected"))
        one.play((quiet, packets(opus(sine(400.0, 3.0)))))
        one.bursts(1)
        live = [packets(opus(sine(1_500.0, 0.5)), ssrc=n) for n in (11, 12)]

        def meanwhile(n: int) -> None:
            if 10 <= n < 60 and n % 2 == 0:
                one.send(other, live[0][(n - 10) // 2])
            if 100 <= n < 150 and n % 2 == 0:
                one.send(chosen, live[1][(n - 100) // 2])
            if n in (300, 340):
                one.pipeline.set_alarms(p.SetAlarms(1 if n == 300 else 0))

        heard = one.replayed(p.CatchUp(speed=1.0), meanwhile)
        assert one.states() == [
            "playing", "pausedlive", "playing", "pausedalarm", "playing", "idle",
        ]  # fmt: skip
        spoken = heard[130 * 480 : 150 * 480, 0]
        assert abs(peak_hz(spoken) - 1_500) < 30, "the live one alone"
        assert level(spoken, 400.0) < 0.05 * level(spoken, 1_500.0)
        assert level(heard[20 * 480 : 60 * 480, 0], 400.0) > 0.1, "not for a monitored group"
        assert level(heard[310 * 480 : 330 * 480, 0], 400.0) < 0.01
        again_s = sum(level(one, 400.0) > 0.1 for one in heard[:, 0].reshape(-1, 480)) / 100
        assert 4.3 < again_s < 4.8, "all three seconds, and a lead-in of 1 and of 0.6 s again"


def level(sound: Sound, hz: float) -> float:
    """Of a tone in it."""
    times = np.arange(len(sound)) / 48_000
    return float(2 * np.abs(np.mean(sound * np.exp(-2j * np.pi * hz * times))))


def test_a_recall_goes_on_under_an_alarm_and_lower(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(opus(sine(2_000.0, 2.0)))))
        one.bursts(1)
        plain = one.replayed(p.Recall())
        one.pipeline.set_alarms(p.SetAlarms(1))
        ducked = one.replayed(p.Recall())
        quiet = slice(70 * 480, 90 * 480)
        ratio = level(ducked[quiet, 0], 2_000.0) / level(plain[quiet, 0], 2_000.0)
        assert 20 * np.log10(ratio) == pytest.approx(-12.0, abs=1.0)
        one.tick(2)
        assert np.abs(ducked).max() > 0.2, "the alarm's tone"


def test_stop_and_another_recall_end_it_at_once_without_a_click(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(opus(sine(500.0, 2.0)))))
        one.bursts(1)

        def stop(n: int) -> None:
            if n == 50:
                one.ask(p.StopReplay())

        heard = one.replayed(p.Recall(), stop)
        assert seconds_of(heard) < 0.53
        assert np.abs(np.diff(heard[:, 0])).max() < 1.2 * 0.3 * 2 * np.pi * 500 / 48_000


def test_the_volume_of_everything_is_the_replays_too(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(SECOND)))
        one.bursts(1)
        loud = np.abs(one.replayed(p.Recall())).max()
        one.pipeline.set_master(p.SetMaster(-20.0))
        assert np.abs(one.replayed(p.Recall())).max() == pytest.approx(loud / 10, rel=0.05)


def test_a_burst_that_is_damaged_is_passed_over(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        for n in range(2):
            one.play((spec, packets(SECOND, ssrc=n + 1, sequence=100 * n)))
        first = one.bursts(2)[0].burst
        path = tmp_path / "recall" / f"{first}.burst"
        path.write_bytes(path.read_bytes()[:-9])
        assert 0.9 < seconds_of(one.replayed(p.Recall(count=2))) < 1.1


def test_a_disk_that_takes_nothing_is_told_once_and_live_sound_goes_on(tmp_path: Path) -> None:
    (tmp_path / "recall").write_bytes(b"a file where the folder should be")
    with lab(tmp_path) as one:
        spec = one.listen()
        for n in range(3):
            heard = one.play((spec, packets(SECOND, ssrc=n + 1)))
            assert seconds_of(heard) > 0.9
        wait_until(lambda: one.recall.figures().lost == 3, "three bursts are counted")
        assert len(one.of(p.Refused)) == 1
        assert one.recall.figures().note == one.of(p.Refused)[0].why
        assert "can't be kept" in one.answer(p.Recall(), p.Refused).why


def test_at_the_bound_bursts_are_lost_and_counted_and_nobody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_PIECES", 0)
    with lab(tmp_path) as one:
        spec = one.listen()
        assert seconds_of(one.play((spec, packets(SECOND)))) > 0.9
        assert one.recall.figures().lost == 1


def test_kept_for_no_time_is_not_kept(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(SECOND)))
        one.bursts(1)
        one.ask(p.KeepBursts(0))
        wait_until(lambda: one.recall.figures().bursts == 0, "it is gone")
        one.play((spec, packets(SECOND, ssrc=9)))
        assert one.bursts(0) == ()
        assert not list((tmp_path / "recall").glob("*.burst"))


def test_the_list_comes_in_pages(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        for n in range(3):
            one.play((spec, packets(SECOND[:10], ssrc=n + 1)))
        every = one.bursts(3)
        page = one.answer(p.ListBursts(limit=2), p.Bursts)
        assert (page.bursts, page.is_more) == (every[1:], True)
        older = one.answer(p.ListBursts(before=page.bursts[0].burst, limit=2), p.Bursts)
        assert (older.bursts, older.is_more) == (every[:1], False)


def test_an_export_is_noted_told_to_all_and_done_in_that_order(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(SECOND)))
        [burst] = one.bursts(1)
        path = tmp_path / "out.ogg"
        done = one.answer(p.Export(burst.burst, str(path), "ogg", "Kari"), p.Exported)
        assert (done.who, done.burst, done.path) == ("Kari", burst, str(path))
        assert path.exists()
        log = tmp_path / "recall" / "audit.log"
        assert '"who":"Kari","what":"export"' in log.read_text()
        log.unlink()
        log.mkdir()
        second = tmp_path / "second.ogg"
        assert one.answer(p.Export(burst.burst, str(second), "ogg", "Kari"), p.Refused).why
        assert not second.exists(), "not noted, not done"
        assert one.answer(p.Export(burst.burst, "here.wav"), p.Refused).why
        assert one.answer(p.Export("1795554000000-00000000", str(second)), p.Refused).why
