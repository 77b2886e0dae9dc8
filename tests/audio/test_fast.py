"""The compiled way and the pure one are the same: every sample, every count."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import compile as compiling
from audio import fast
from audio.codecs import frame
from audio.network import rtp, srtp
from audio.recall import burst, gather
from audio.recall.burst import unpack
from audio.receiving import delays, jitter, receive, sender
from tests.audio.both_ways import Script, payloads
from tests.audio.pipeline_lab import lab, opus, packets, sine

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.system]
needs_compiled = pytest.mark.skipif(not fast.is_compiled(), reason="nothing is compiled here")


class Player:
    """The pipeline in a process of its own, one way or the other."""

    def __init__(self, *, pure: bool) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.audio.both_ways"], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, fast.PURE: "1" if pure else "0"},
        )  # fmt: skip
        self.is_compiled = self._read()["compiled"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def play(self, script: Script) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(script).decode("ascii") + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture(scope="module")
def players() -> Iterator[tuple[Player, Player]]:
    quick, pure = Player(pure=False), Player(pure=True)
    with contextlib.closing(quick), contextlib.closing(pure):
        assert not pure.is_compiled
        yield quick, pure


def sound(answer: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.frombuffer(base64.b64decode(answer.pop("blocks")), np.float32)


shares = st.sampled_from([0.0, 0.0, 0.02, 0.2])
scripts = st.builds(
    Script,
    seed=st.integers(0, 2**32),
    packets=st.integers(1, 120),
    codec=st.sampled_from(["opus", "opus", "PCMA"]),
    sealed=st.booleans(),
    sequence=st.sampled_from([0, 1_000, 65_500, 65_535]),
    timestamp=st.sampled_from([0, 2**31 - 5_000, 2**32 - 5_000]),
    drift_ppm=st.sampled_from([0.0, 0.0, 500.0, -3_000.0, 20_000.0]),
    jitter_ms=st.sampled_from([0.0, 8.0, 45.0, 150.0]),
    lost=shares,
    doubled=shares,
    mangled=shares,
    paused=st.sampled_from([0.0, 0.05]),
    senders=st.sampled_from([1, 1, 2]),
    is_kept=st.booleans(),
    devices=st.sampled_from([1, 1, 2]),
    switched=st.sampled_from([0, 1, 30]),
)


@needs_compiled
@settings(max_examples=60, deadline=None)
@given(script=scripts)
def test_both_ways_play_and_count_the_same(players: tuple[Player, Player], script: Script) -> None:
    quick, pure = (one.play(script) for one in players)
    assert np.allclose(sound(quick), sound(pure), rtol=0, atol=1e-6), "but for the sums' rounding"
    assert quick == pure


@needs_compiled
def test_both_ways_learn_and_forget_the_same(players: tuple[Player, Player]) -> None:
    """Two windows of speech: what one learns in the first is forgotten after the second."""
    script = Script(5, packets=2_200, codec="PCMA", jitter_ms=45.0, lost=0.002, paused=0.005)
    quick, pure = (one.play(script) for one in players)
    assert np.allclose(sound(quick), sound(pure), rtol=0, atol=1e-6)
    assert quick == pure


@needs_compiled
def test_the_usual_case_is_played_at_all(players: tuple[Player, Player]) -> None:
    """Both could be the same in saying nothing."""
    answer = players[0].play(Script(1, packets=50, sealed=True))
    assert players[0].is_compiled
    assert answer["figures"]["packets"] == len(answer["tapped"]) == 50
    assert answer["refused"] == str(receive.Refusals())
    assert np.abs(sound(answer)).max() > 0.1


@needs_compiled
def test_another_key_is_found_both_ways(players: tuple[Player, Player]) -> None:
    """And is the usual case from its second packet on."""
    script = Script(1, packets=60, sealed=True, switched=30)
    for player in players:
        answer = player.play(script)
        assert len(answer["tapped"]) == 60
        assert answer["tries"] == 1
        assert answer["refused"] == str(receive.Refusals())


@needs_compiled
def test_the_usual_case_is_kept_whole(players: tuple[Player, Player]) -> None:
    script = Script(1, packets=200, sealed=True, is_kept=True)
    sent = dict.fromkeys(n & 0xFFFF for n in range(200))
    for player in players:
        ((ssrc, _start_ms, _length_ms, body),) = player.play(script)["pieces"]
        kept = list(unpack(bytes.fromhex(body)))
        assert ssrc == 0xFFFFFF01
        assert [one.sequence for one in kept] == list(sent)
        assert {one.payload for one in kept} == set(payloads())


@needs_compiled
def test_both_have_the_same_numbers() -> None:
    pure = {"MAX_SEALED": srtp.MAX_PACKET}
    for room in (delays, jitter, receive, rtp, sender, frame, burst, gather):
        pure.update({name: value for name, value in vars(room).items() if name.isupper()})
    compiled = vars(fast.compiled())["CONSTANTS"]
    assert compiled == {name: pure[name] for name in compiled}


def test_a_tap_that_fails_is_heard_of(tmp_path: Path) -> None:
    """Errors of Python below C are not swallowed."""

    def fail(*_: object) -> None:
        raise ValueError("full")

    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(440.0, 0.2)))
        one.play((spec, sent[:-1]), more=0)
        one.pipeline._streams[spec.stream].tap = fail
        one.send(spec, sent[-1])
        with pytest.raises(ValueError, match="full"):
            one.tick()


def test_a_binary_of_another_source_is_never_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "_fast.c"
    other.write_bytes(fast.SOURCE.read_bytes() + b"\n")
    monkeypatch.setattr(fast, "SOURCE", other)
    assert fast.compiled.__wrapped__() is None


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
@pytest.mark.long
def test_compiling_replaces_what_was_of_another_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = shutil.copy2(fast.SOURCE, tmp_path)
    monkeypatch.setattr(fast, "SOURCE", Path(source))
    (tmp_path / "_fast_0123456789abcdef.abi3.so").touch()
    made = compiling.compile_fast()
    assert list(tmp_path.glob("_fast_*")) == [made]
    assert made.stat().st_size > 10_000


@pytest.mark.long
def test_without_a_compiler_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(compiling.CompileError, match="apt install gcc"):
        compiling.compile_fast()


@needs_compiled
def test_the_pure_way_passes_the_same_tests() -> None:
    names = ("pipeline", "mix", "keys", "floor")
    files = [f"tests/audio/test_{name}.py" for name in names]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files, "-k",
         "not whatever and not any_number and not budget and not index"],
        cwd=ROOT, env={**os.environ, fast.PURE: "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2_000:]
