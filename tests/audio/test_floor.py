"""Who holds the floor is heard, whenever his grant comes; who does not, only while nobody knows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audio.network import rtp
from audio.network.rtp import Packet
from audio.protocol import Floor, FloorMarked, Occupied, StreamSpec
from audio.receiving.floor import HOLD_MS, MAX_HELD, MAX_WAITING, OVER_MS, FloorGate
from tests.audio.pipeline_lab import Lab, Sound, lab, opus, packets, sine

SSRC, OTHER = 7, 8
PACKETS: Final = 60


def voice(ssrc: int = SSRC) -> list[bytes]:
    return packets(opus(sine(440.0, PACKETS / 50)), ssrc=ssrc)


def floor(*ssrcs: int, fresh_s: float = 1.0, epoch: int = 1) -> Floor:
    return Floor("a@h", controlled=True, ssrcs=ssrcs, fresh_s=fresh_s, epoch=epoch)


def play(one: Lab, spec: StreamSpec, sent: list[bytes], *ssrcs: int) -> Sound:
    """Told again with each packet."""
    blocks = []
    for data in sent:
        one.pipeline.set_floor(floor(*ssrcs))
        one.send(spec, data)
        blocks.append(one.tick(2))
    return np.concatenate(blocks)


def test_who_holds_the_floor_is_heard_as_if_there_were_none(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        expected = one.play((one.listen(), voice()))
    with lab(tmp_path) as one:
        one.pipeline.set_floor(floor(SSRC))
        spec = one.listen()
        sound = play(one, spec, voice(), SSRC)
        sound = np.concatenate((sound, one.tick(50)))
        assert [each.floor for each in one.talk()] == ["held", "held"]
    assert np.array_equal(sound, expected)


@pytest.mark.parametrize("late", [1, 5, 9])
def test_a_grant_that_comes_after_the_first_packets_costs_none_of_them(
    tmp_path: Path, late: int
) -> None:
    """And what was late is caught up with within two seconds."""
    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(440.0, 3.0)), ssrc=SSRC)
        assert not play(one, spec, sent[:late]).any()
        begun = play(one, spec, sent[late:], SSRC)
        delay_ms = one.figures().delay_ms
        one.tick(50)
        stream = one.pipeline._streams["a@h"]
        counts, figures = stream.senders[SSRC].buffer.counts, one.figures()
    assert (counts.packets, counts.late, counts.dropped, counts.lost) == (150, 0, 0, 0)
    assert (figures.floorless, figures.concealed) == (0, figures.concealed)
    assert begun[:4_800].any(), "at once"
    assert delay_ms < 100.0


def test_who_has_no_floor_is_not_heard_while_it_is_known_who_has(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        assert not play(one, spec, voice(), OTHER).any()
        figures = one.figures()
        assert (figures.packets, figures.floorless, figures.refused) == (0, PACKETS, 0)
        assert figures.occupied, "he sends all the same"
        assert one.pipeline.drain_events() == [Occupied("a@h", on=True)]
        one.tick(40)
        assert one.pipeline.drain_events() == [Occupied("a@h", on=False)]


def test_when_nobody_knows_any_more_all_are_heard_and_marked(tmp_path: Path) -> None:
    """A dead arbiter silences nobody."""
    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(440.0, 3.0)), ssrc=SSRC)
        one.pipeline.set_floor(floor(OTHER))
        assert not one.play((spec, sent[:49]), more=0).any()
        assert one.play((spec, sent[49:70]), more=0).any()
        assert [each.floor for each in one.talk()] == ["unknown"]
        assert one.figures().floor == "unknown"
        one.pipeline.set_floor(floor(SSRC))
        told = one.pipeline.drain_events()
        assert told == [FloorMarked("a@h", SSRC, "held")]
        one.play((spec, sent[70:80]), more=0)
        heard = one.figures().packets
        one.pipeline.set_floor(floor(OTHER))
        one.play((spec, sent[80:110]), more=0)
        assert one.figures().packets == heard + 10, "what was on its way"


def test_a_grant_taken_away_ends_the_over_and_the_next_one_is_heard(tmp_path: Path) -> None:
    """Pre-empted: both send for a while, and nothing of the new holder is lost."""
    with lab(tmp_path) as one:
        spec = one.listen()
        old, new = voice(SSRC), voice(OTHER)
        play(one, spec, old[:20], SSRC)
        for n in range(40):
            one.pipeline.set_floor(floor(OTHER))
            one.send(spec, old[20 + n])
            one.send(spec, new[n])
            one.tick(2)
        one.tick(50)
        figures, told = one.figures(), one.talk()
    assert figures.packets == 20 + 10 + 40
    assert figures.floorless == 30
    assert [(each.ssrc, each.on) for each in told] == [
        (SSRC, True), (SSRC, False), (OTHER, True), (OTHER, False)
    ]  # fmt: skip


def test_streams_whose_floor_is_not_controlled_are_exempt(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.pipeline.set_floor(floor(OTHER))
        one.pipeline.set_floor(Floor("a@h", controlled=False, epoch=1))
        assert one.play((spec, voice())).any()
        assert [each.floor for each in one.talk()] == ["", ""]
        assert one.figures().packets == PACKETS


def test_what_a_patch_has_sent_on_has_the_floor_of_who_speaks(tmp_path: Path) -> None:
    """The groups of a patch have one together."""
    plain = [rtp.parse(data) for data in voice(OTHER)]
    sent = [rtp.build(one, (SSRC, rtp.PATCHED)) for one in plain if one is not None]
    with lab(tmp_path) as one:
        spec = one.listen()
        assert play(one, spec, sent, SSRC).any()
        assert [each.floor for each in one.talk()] == ["held"]
        assert one.figures().packets == PACKETS
    with lab(tmp_path) as one:
        assert not play(one, one.listen(), sent, 9).any()
        assert one.figures().packets == 0


def test_ones_own_voice_is_exempt_and_nobody_else(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        one.pipeline.leave_out(lambda _spec, ssrc: ssrc == SSRC)
        spec = one.listen()
        play(one, spec, voice(SSRC))
        assert one.figures().packets == PACKETS
        assert not one.figures().occupied
        play(one, spec, voice(OTHER))
        assert one.figures().packets == PACKETS
        assert one.figures().occupied


def test_it_outlives_a_changed_spec_and_ends_with_the_stream(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        one.pipeline.set_floor(floor(OTHER))
        one.listen()
        again = one.listen(label="moved")
        one.play((again, voice()[:40]), more=0)
        assert one.figures().packets == 0
        one.pipeline.drop("a@h")
        one.play((one.listen(), voice()))
        assert one.figures().packets == PACKETS


def gate(*ssrcs: int, at_ms: float = 0.0) -> FloorGate:
    one = FloorGate()
    assert one.tell(floor(*ssrcs), at_ms)
    return one


def a_packet(ssrc: int, number: int = 0) -> Packet:
    return Packet(111, False, number, 0, ssrc, b"")


def test_an_arbiter_whose_lease_is_gone_is_not_believed_while_the_new_one_is() -> None:
    one = FloorGate()
    assert one.tell(floor(SSRC, epoch=5), 0.0)
    assert not one.tell(floor(OTHER, epoch=4), 999.0)
    assert one.mark(SSRC, 999.0) == "held"
    assert one.tell(floor(OTHER, epoch=4), 1_000.0), "it is stale: a site that began anew"
    assert one.mark(OTHER, 1_000.0) == "held"


def test_who_comes_back_after_a_silence_is_waited_for_again() -> None:
    one = gate(at_ms=0.0)
    assert one.judge(a_packet(SSRC), 0.0) == "hold"
    assert one.judge(a_packet(SSRC), HOLD_MS) == "drop"
    one.tell(floor(), 1_000.0)
    assert one.judge(a_packet(SSRC), HOLD_MS + OVER_MS) == "hold"


TIMES = st.floats(0.0, 400.0)
SSRCS = st.integers(1, 40)
TELLINGS = st.builds(
    lambda ssrcs, fresh_s: floor(*ssrcs, fresh_s=fresh_s),
    st.sets(SSRCS, max_size=3),
    st.floats(0.0, 1.0),
)
STEPS = st.one_of(st.builds(a_packet, SSRCS), TELLINGS, st.none())


@example([(0.0, floor()), *((1.0, a_packet(ssrc)) for ssrc in range(1, 40))])
@example([(0.0, floor()), (1.0, a_packet(1)), (500.0, floor()), (900.0, a_packet(1))])
@given(st.lists(st.tuples(TIMES, STEPS), max_size=80))
def test_whatever_is_told_and_sent_each_packet_passes_once_or_is_counted(
    steps: list[tuple[float, Packet | Floor | None]],
) -> None:
    one, now_ms, sent, passed = FloorGate(), 0.0, 0, 0
    for pause_ms, what in steps:
        now_ms += pause_ms
        if isinstance(what, Floor):
            assert one.tell(what, now_ms)
        elif isinstance(what, Packet):
            sent += 1
            verdict = one.judge(what, now_ms)
            passed += verdict == "pass"
            if verdict != "pass":
                assert one.mark(what.ssrc, now_ms) == "none"
        else:
            passed += len(one.granted(now_ms))
        assert len(one._waiting) <= MAX_WAITING
        assert all(len(each.held) <= MAX_HELD for each in one._waiting.values())
    held = sum(len(each.held) for each in one._waiting.values())
    assert sent == passed + one.dropped + held
