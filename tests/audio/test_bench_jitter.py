"""``bench jitter``: what it reads, what it models, and that it counts what it says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import arrivals, jitter
from benchmarks.arrivals import KINDS, Trace, TraceError, in_order, modelled, read
from benchmarks.jitter_controls import Fixed, NetEqLike, hindsight
from benchmarks.radio_net import Ours, Over, Player, overs, play
from console import cli

COUNT = 500
WHOLE = [Over(0, 0, COUNT, 0.0)]


def trace(late_ms: dict[int, float], *, lost: frozenset[int] = frozenset()) -> Trace:
    """A packet every 20 ms that takes 5 ms, but for some; none overtakes another."""
    sent = np.arange(COUNT) * 20.0
    at = sent + 5.0
    for number, more_ms in late_ms.items():
        at[number] += more_ms
    at = np.maximum.accumulate(at)
    at[list(lost)] = np.nan
    return Trace(sent, at, 20.0)


def lines(*rows: str) -> str:
    return "".join(f"{n * 20},{n * 20 + 7.5}\n" for n in range(60)) + "".join(rows)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2\n3,x\n", "line 2: two numbers"),
        ("1,2,3\n", "line 1: two numbers"),
        ("sent,arrived\n", "line 1: two numbers"),
        (",5\n", "line 1: two numbers"),
        ("nan,5\n", "line 1: two numbers"),
        ("1,inf\n", "line 1: two numbers"),
        ("", "0 packets arrived"),
        ("1,\n" * 100, "0 packets arrived"),
        (lines("0,1\n"), "packet 61: sent before"),
        ("".join(f"{n},{n}\n" for n in range(100)), "every 1.0 ms"),
    ],
)
def test_a_file_that_is_no_trace_is_told_apart(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "one.csv"
    file.write_text(text)
    with pytest.raises(TraceError, match=words):
        read(file)


def test_what_is_no_text_is_no_trace(tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_bytes(bytes(range(128, 256)))
    with pytest.raises(TraceError):
        read(file)
    with pytest.raises(TraceError):
        read(tmp_path / "none.csv")


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("# sent, arrived\n\n" + lines("1200, -3.5\n", "1220,\n"))
    found = read(file)
    assert (found.period_ms, len(found.sent_ms)) == (20.0, 62)
    assert found.arrived_ms[60] == -3.5
    assert np.isnan(found.arrived_ms[61])


@pytest.mark.parametrize("file", sorted(jitter.TRACES.glob("*.csv")), ids=lambda one: one.stem)
def test_the_recorded_ones_are_traces(file: Path) -> None:
    assert file.stem in jitter.RECORDED
    assert 0 <= np.nanmin(read(file).late_ms()) <= np.nanmax(read(file).late_ms()) < 200


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1_000_000), st.sampled_from(sorted(KINDS)), st.sampled_from([20.0, 60.0]))
def test_models_are_the_same_for_the_same_seed_and_nobody_overtakes(
    seed: int, name: str, period_ms: float
) -> None:
    one = modelled(KINDS[name], seed, 30.0, period_ms)
    assert np.array_equal(
        one.arrived_ms, modelled(KINDS[name], seed, 30.0, period_ms).arrived_ms, equal_nan=True
    )
    came = one.arrived_ms[np.isfinite(one.arrived_ms)]
    assert (np.diff(came) >= arrivals.AIR_MS - 1e-6).all()
    assert np.nanmin(one.arrived_ms - one.sent_ms) >= 0
    assert all(
        a.last <= b.first for a, b in zip(overs(one, seed), overs(one, seed)[1:], strict=False)
    )


def test_none_overtakes_another() -> None:
    assert in_order(np.array([0.0, 90.0, 40.0])) == pytest.approx([0.0, 90.0, 90.3])


@pytest.mark.parametrize("player", [Ours(), Fixed(40), NetEqLike()])
def test_nothing_is_late_that_comes_in_time(player: Player) -> None:
    figures = play(trace({}, lost=frozenset({50, 51, 99})), WHOLE, player).figures()
    assert figures["late_percent"] == figures["syllables_lost_percent"] == 0.0
    assert 20.0 <= figures["mean_ms"] <= 50.0


@pytest.mark.parametrize("late_ms", [100.0, 180.0])
def test_late_loss_is_what_a_gap_takes_from_the_sound(late_ms: float) -> None:
    """The gap less the wait; a tick more or less."""
    one = trace({300: late_ms})
    ours = play(one, WHOLE, Ours())
    assert ours.unplayed == 0
    assert ours.hole_ms == pytest.approx(late_ms - 40.0, abs=10.0)
    fixed = play(one, WHOLE, Fixed(40.0))
    assert fixed.unplayed == pytest.approx((late_ms - 40.0) / 20.0, abs=1)
    assert play(one, WHOLE, NetEqLike()).hole_ms == pytest.approx(late_ms - 20.0, abs=10.0)


def test_what_was_lost_on_the_way_is_not_late() -> None:
    """Nor what is invented for it while nothing else has come."""
    ours = play(trace({303: 100.0}, lost=frozenset({300, 301, 302})), WHOLE, Ours())
    assert ours.came == COUNT - 3
    assert ours.hole_ms == pytest.approx(60.0, abs=10.0), "the late one's own"
    assert ours.invented_ms >= 60.0


def test_the_best_fixed_wait_is_the_least_that_does() -> None:
    one = trace(dict.fromkeys(range(100, 500, 100), 70.0))
    figures = hindsight(one, WHOLE, 0.0).figures()
    assert figures["late_percent"] == 0.0
    assert figures["mean_ms"] == pytest.approx(70.0, abs=10.0)


def test_a_traces_own_pauses_part_overs() -> None:
    sent = np.concatenate((np.arange(100) * 20.0, 10_000.0 + np.arange(100) * 20.0))
    plan = overs(Trace(sent, sent + 5.0, 20.0), 1)
    assert 100 in {one.first for one in plan}
    figures = play(Trace(sent, sent + 5.0, 20.0), plan, Ours()).figures()
    assert figures["late_percent"] == 0.0


def test_the_command_takes_a_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.csv"
    file.write_text("".join(f"{n * 20},{n * 20 + 7.5}\n" for n in range(1_500)))
    assert cli.main(["bench", "jitter", "--trace", str(file), "--json"]) == 0
    tables = json.loads(capsys.readouterr().out)["tables"]
    assert [table["goal"]["mean_ms"] for table in tables] == [65, 85, 120]
    assert tables[0]["rows"]["engine"]["met"] == tables[0]["runs"]
    file.write_text("nonsense\n")
    assert cli.main(["bench", "jitter", "--trace", str(file)]) == 1
    assert "line 1" in capsys.readouterr().err
    assert cli.main(["bench", "drift", "--trace", str(file)]) == 2
