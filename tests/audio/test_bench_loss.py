"""The loss benchmark measures what it says: the engine's own ways, on the losses that it names."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest

from audio.codecs.opus_encoder import OpusEncoder
from audio.network import rtp
from benchmarks import loss, speech
from console.commands import bench

SECONDS = 8.0


def test_the_patterns_lose_what_they_say() -> None:
    count = 100_000
    wanted = {
        "0 %": 0.0,
        "5 %": 0.05,
        "10 %": 0.1,
        "20 %": 0.2,
        "10 % in threes": 0.1,
        "10 % in bursts": 0.1,
    }
    shares = {name: len(lose(count, 1)) / count for name, lose in loss.PATTERNS.items()}
    assert shares == pytest.approx(wanted, abs=0.005)
    threes = loss.PATTERNS["10 % in threes"](count, 1)
    begins = {n for n in threes if n - 1 not in threes and n < count - 3}
    assert all({n + 1, n + 2} <= threes and n + 3 not in threes for n in begins)


def test_the_wire_carries_copies_only_when_they_are_asked_for_and_within_the_bit_rate() -> None:
    payloads = loss.encoded(speech.speech(SECONDS), OpusEncoder())
    alone = sum(rtp.HEADER + len(one) for one in payloads)
    lost = loss.random_losses(0.1)(len(payloads), 1)
    sizes = {}
    for name, red, gone in (("clean", 112, set()), ("lossy", 112, lost), ("never", None, lost)):
        with loss.wire(red) as one:
            heard, sizes[name] = one.play(payloads, gone, 0.0)
        assert len(heard) >= SECONDS * loss.RATE
    assert sizes["clean"] == sizes["never"] == alone
    assert 1.3 * alone < sizes["lossy"] <= (SECONDS + 1) * loss.MAX_BITRATE / 8


def test_pieces_leave_nothing_out_and_nothing_twice() -> None:
    for length_s in (9.0, 17.0, 25.0):
        pieces = loss._pieces(length_s)
        assert pieces[0] == (0.0, loss.SETTLE_S)
        assert [end for _, end in pieces[:-1]] == [start for start, _ in pieces[1:]]
        assert pieces[-1][1] == pytest.approx(length_s)


def figures(pesq: float, delay_ms: float = 50.0) -> dict[str, float]:
    return {
        "pesq": pesq, "pesq_first_5_s": 3.0, "stoi": 0.9, "delay_ms": delay_ms, "kbit_s": 63.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("red", "foreign", "missed"),
    [
        (figures(3.3), figures(2.5), 0),
        (figures(3.29), figures(2.5), 1),
        (figures(3.3, 171.0), figures(2.5), 1),
        (figures(3.3), figures(2.3), 2),
    ],
)
def test_what_is_missed_is_said(
    red: dict[str, float], foreign: dict[str, float], missed: int
) -> None:
    ways = dict.fromkeys(loss.TITLES, figures(2.5)) | {"red": red, "foreign": foreign}
    result = {"voices": {"synthetic": 1}, "seconds": {"synthetic": 9.0}}
    text = loss.report(result | {"cells": {"synthetic: 20 %": ways}})
    assert text.count("NOT met") == missed
    assert "asterisk-core-sounds-en-g722" in text, "natural voices were not there"


def test_without_pesq_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., object] = importlib.import_module

    def missing(name: str) -> object:
        if name == "pesq":
            raise ModuleNotFoundError("No module named 'pesq'")
        return real(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(RuntimeError, match="pip install 'pesq"):
        loss.run(quick=True)
    assert "loss" in bench.benchmarks()
