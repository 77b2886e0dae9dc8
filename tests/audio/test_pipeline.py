"""From packets on a socket to the mix, with real codecs: what is heard, told and refused."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest

from audio.codecs.g711 import LAWS
from audio.mixing.mix import place
from audio.network import rtcp
from audio.network.sockets import ListenError
from audio.protocol import SetAlarms, SetMix, StreamSpec
from audio.receiving.receive import MAX_NAMES, MAX_SENDERS
from audio.receiving.sender import BLOCK
from benchmarks.speech import speech
from tests.audio.engine_fixtures import peak_hz, silent_blocks
from tests.audio.pipeline_lab import (
    FRAME,
    PAYLOAD_TYPE,
    TICK_NS,
    Lab,
    Sound,
    lab,
    opus,
    packets,
    sine,
)
from tests.audio.rtp_lab import bursty
from tests.ports import free_udp_port


def steps(sound: Sound) -> float:
    return float(np.abs(np.diff(sound)).max())


def lossy(sent: list[bytes], lost: set[int]) -> list[bytes]:
    return [b"" if n in lost else one for n, one in enumerate(sent)]


def distance_db(one: Sound, other: Sound) -> float:
    """How unlike two sounds are: of their spectra in 20 ms pieces, in dB, where one is heard."""
    spectra = []
    for sound in (one, other):
        pieces = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME) * np.hanning(FRAME)
        spectra.append(np.abs(np.fft.rfft(pieces, axis=1))[:, 4:160].reshape(-1, 39, 4).sum(2))
    loud = np.maximum(*spectra).max(axis=1) > 1.0
    both = [20 * np.log10(np.maximum(each[loud], 0.03)) for each in spectra]
    return float(np.sqrt(np.square(both[0] - both[1]).mean(axis=1)).mean())


# -- what is heard --------------------------------------------------------------------------


def test_a_tone_is_whole_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    sound = sine(800, 2.0)
    with lab(tmp_path) as one:
        heard = one.play((one.listen(), packets(opus(sound))))[:, 0]
        figures = one.figures()
    assert silent_blocks(heard) == 0
    assert abs(peak_hz(heard[24_000:72_000]) - 800) < 2
    assert steps(heard) < 1.2 * steps(sound) * 0.71, "no click, not at the ends either"
    assert (figures.packets, figures.lost, figures.late, figures.refused) == (100, 0, 0, 0)


def test_the_first_sound_comes_after_the_wait_and_no_later(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        heard = one.play((one.listen(), packets(opus(sine(800, 1.0)))))[:, 0]
    first_ms = int(np.flatnonzero(np.abs(heard) > 0.01)[0]) / 48
    assert 40 <= first_ms <= 75, "40 ms of jitter buffer, a tick, 2 ms limiter, the codec's delay"


@pytest.mark.parametrize(("share", "limit"), [(0.05, 0.6), (0.10, 0.6)])
def test_bursts_of_loss_are_covered(tmp_path: Path, share: float, limit: float) -> None:
    """Compared with the same sound without loss, and with holes in the place of what is lost."""
    sent = packets(opus(speech(20.0)))
    lost = {n for n in bursty(len(sent), share, seed=4, length=2) if n > 5}
    with lab(tmp_path) as one:
        whole = one.play((one.listen(), sent))[:, 0]
    with lab(tmp_path) as one:
        covered = one.play((one.listen(), lossy(sent, lost)))[:, 0]
        figures = one.figures()
    holes = whole.copy()
    for n in lost:
        holes[n * FRAME + 2_400 : (n + 1) * FRAME + 2_400] = 0.0
    ours, nothing = distance_db(whole, covered), distance_db(whole, holes)
    print(f"{share:.0%} lost: {ours:.2f} dB from the whole, holes would be {nothing:.2f} dB")
    assert len(covered) == len(whole)
    assert figures.lost + figures.late <= len(lost)
    assert ours < limit * nothing


def test_loss_makes_no_click(tmp_path: Path) -> None:
    sound = sine(300, 4.0)
    sent = packets(opus(sound))
    with lab(tmp_path) as one:
        heard = one.play((one.listen(), lossy(sent, bursty(200, 0.1, seed=1))))[:, 0]
    assert steps(heard) < 2.5 * steps(sound) * 0.71


def test_two_at_once_on_one_stream_are_both_heard(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        first = packets(opus(sine(400, 1.0)), ssrc=1)
        second = packets(opus(sine(1_000, 1.0)), ssrc=2, sequence=5_000, timestamp=99)
        heard = one.play((spec, first), (spec, second))[:, 0]
    middle = heard[14_400:38_400]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    per_hz = len(middle) / 48_000
    for hz in (400, 1_000):
        assert spectrum[int(hz * per_hz) - 2 : int(hz * per_hz) + 3].max() > 0.1 * spectrum.max()


def test_one_sender_after_another(tmp_path: Path) -> None:
    """A gateway that restarts has a new SSRC."""
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(opus(sine(400, 1.0)), ssrc=1)), more=1)
        heard = one.play((spec, packets(opus(sine(1_000, 1.0)), ssrc=2, sequence=40_000)))[:, 0]
    assert abs(peak_hz(heard[14_400:38_400]) - 1_000) < 3


@pytest.mark.parametrize("encoding", ["PCMA", "PCMU", "L16"])
def test_other_codecs_are_heard(tmp_path: Path, encoding: str) -> None:
    sound = sine(600, 1.0)
    if encoding == "L16":
        step, rate, channels = 480, 24_000, 1
        raw = (sound[::2] * 32_767).astype(">i2").reshape(-1, step)
    else:
        step, rate, channels = 160, 8_000, 1
        table = LAWS["A" if encoding == "PCMA" else "u"]
        codes = np.argmin(np.abs(sound[::6, None] - table[None, :]), axis=1)
        raw = codes.astype(np.uint8).reshape(-1, step)
    payloads = [each.tobytes() for each in raw]
    with lab(tmp_path) as one:
        port = one.listen("other@h").port
        one.pipeline.drop("other@h")
        spec = StreamSpec("a@h", port, PAYLOAD_TYPE, encoding, rate, channels)  # type: ignore[arg-type]  # one of them
        one.pipeline.listen(spec)
        heard = one.play((spec, packets(payloads, step=step)))[:, 0]
        assert one.figures().lost == 0
    assert silent_blocks(heard) == 0
    assert abs(peak_hz(heard[14_400:38_400]) - 600) < 3
    assert steps(heard) < 1.5 * steps(sound) * 0.71


def test_frames_that_are_no_multiple_of_ten_milliseconds(tmp_path: Path) -> None:
    """L16 at 12.5 ms: what is left of one frame waits for the next."""
    sound = sine(600, 1.0)
    payloads = [each.tobytes() for each in (sound * 32_767).astype(">i2").reshape(-1, 600)]
    with lab(tmp_path) as one:
        port = one.listen("other@h").port
        one.pipeline.drop("other@h")
        spec = StreamSpec("a@h", port, PAYLOAD_TYPE, "L16", 48_000, 1)
        one.pipeline.listen(spec)
        sent, blocks = packets(payloads, step=600), []
        for n in range(150):
            while sent and (80 - len(sent)) * 12.5 <= n * 10:
                one.send(spec, sent.pop(0))
            blocks.append(one.tick())
        heard = np.concatenate(blocks)[:, 0]
    assert silent_blocks(heard) == 0
    assert steps(heard) < 1.1 * steps(sound) * 0.71


# -- the mix --------------------------------------------------------------------------------


def test_gain_place_and_mute_are_heard(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(800, 4.0)))
        levels = []
        for n, mix in enumerate(
            (SetMix("a@h"), SetMix("a@h", -6.0, 0.5), SetMix("a@h", muted=True), SetMix("a@h"))
        ):
            one.pipeline.set_mix(mix)
            heard = one.play((spec, sent[n * 50 : (n + 1) * 50]), more=0)
            levels.append(np.abs(heard[24_000:]).max(axis=0))
            assert steps(heard[:, 0]) < 1.3 * steps(sine(800, 0.1)) * 0.71, "no click"
    full = levels[0][0] / place(SetMix("a@h"), is_any_selected=False)[0]
    assert levels[1] / full == pytest.approx(
        place(SetMix("a@h", -6.0, 0.5), is_any_selected=False), rel=0.05
    )
    assert not levels[2].any()
    assert levels[3] == pytest.approx(levels[0], rel=0.05)


def test_a_selected_group_stands_out(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        low, high = one.listen("low@h"), one.listen("high@h")
        one.pipeline.set_mix(SetMix("high@h", attention="selected"))
        heard = one.play(
            (low, packets(opus(sine(400, 1.0)))), (high, packets(opus(sine(1_000, 1.0))))
        )[:, 0]
    middle = heard[14_400:38_400]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    ratio = spectrum[490:510].max() / spectrum[190:210].max()
    assert 20 * np.log10(ratio) == pytest.approx(9.0, abs=1.0)


def test_many_loud_groups_never_clip(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        specs = [one.listen(f"{n}@h") for n in range(12)]
        for spec in specs:
            one.pipeline.set_mix(SetMix(spec.stream, gain_db=24.0))
        sent = [packets(opus(sine(200 + 90 * n, 0.6, 0.9)), ssrc=n) for n in range(12)]
        heard = one.play(*zip(specs, sent, strict=True))
    assert 0.8 < np.abs(heard).max() <= np.float32(10 ** (-1 / 20))


def test_the_alarm_is_heard_above_all(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        one.pipeline.set_alarms(SetAlarms(1))
        assert np.abs(one.tick(20)).max() > 0.1
        one.pipeline.set_alarms(SetAlarms(1, paused=True))
        assert np.abs(one.tick(20)[960:]).max() == 0.0
        one.pipeline.insist_on_alarms(True)
        assert np.abs(one.tick(20)).max() > 0.1


def test_this_machine_being_late_is_not_the_networks_jitter(tmp_path: Path) -> None:
    """The processor is taken away for 80 ms every second; the device makes up for it afterwards."""
    with lab(tmp_path) as one:
        spec = one.listen()
        for n, data in enumerate(packets(opus(sine(800, 8.0)))):
            one.send(spec, data)
            if n % 50 < 46:
                one.tick(2)
            elif n % 50 == 49:
                one.now_ns += 7 * TICK_NS
                one.tick()
                for _ in range(7):
                    one.now_ns -= TICK_NS
                    one.tick()
        assert one.meters.rows[0]["target_ms"] == 40
        assert one.figures().late == 0


@pytest.mark.parametrize("samples", [240, 480])
def test_delay_is_made_up_by_short_packets_too(tmp_path: Path, samples: int) -> None:
    """As L16 of 5 or 10 ms. A burst whose first 0.2 s come late and at once is heard whole."""
    sound = sine(440, 5.0)
    payloads = [(one * 32_767).astype(">i2").tobytes() for one in sound.reshape(-1, samples)]
    sent, per_tick = packets(payloads, step=samples), BLOCK // samples
    with lab(tmp_path) as one:
        spec = StreamSpec("a@h", free_udp_port(), PAYLOAD_TYPE, "L16", 48_000, 1)
        one.pipeline.listen(spec)
        for tick in range(500):
            if not 100 <= tick < 200:  # a pause of the sender's, then a hold-up on the way
                held = 200 <= tick < 220
                from_tick = 200 if tick == 220 else tick
                for data in [] if held else sent[from_tick * per_tick : (tick + 1) * per_tick]:
                    one.send(spec, data)
            one.tick()
        row = one.meters.rows[0]
        (sender,) = one.pipeline._streams["a@h"].senders.values()
        assert row["delay_ms"] <= row["target_ms"] + 15
        assert (sender.buffer.counts.dropped, one.figures().late) == (0, 0)


def test_levels_show_who_speaks(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(800, 1.0, 0.25)))
        one.play((spec, sent), more=0)
        slot = one.pipeline.slots()["a@h"]
        row = one.meters.rows[slot]
        assert row["peak_dbfs"] == pytest.approx(-12, abs=1.0)
        assert (row["talking"], row["ssrc"]) == (1, 7)
        assert 30 <= row["delay_ms"] <= 70
        assert row["target_ms"] == 40
        assert row["heard_ms"] == pytest.approx(one.now_ns / 1e6, abs=270)
        one.tick(50)
        assert row["peak_dbfs"] == -120
        assert row["talking"] == 0


# -- who speaks -----------------------------------------------------------------------------


def test_bursts_and_names_are_told(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        name = rtcp.source_description(7, "c@h", "AMK Vest")
        one.send(spec, name, port=spec.port + 1)
        one.play((spec, packets(opus(sine(800, 0.5)))))
        changes = one.talk()
        assert [(each.on, each.speaker, each.ssrc) for each in changes] == [
            (True, "AMK Vest", 7),
            (False, "AMK Vest", 7),
        ]
        assert not one.figures().talking
        assert one.figures().present
        one.tick(400)
        assert not one.figures().present


def test_names_may_come_on_the_same_port(tmp_path: Path) -> None:
    """RFC 5761."""
    with lab(tmp_path) as one:
        spec = one.listen()
        one.send(spec, rtcp.source_description(7, "c@h", "AMK Vest"))
        one.play((spec, packets(opus(sine(800, 0.5)))), more=0)
        assert one.figures().speaker == "AMK Vest"
        assert one.figures().refused == 0


def test_a_goodbye_ends_the_burst_at_once(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.play((spec, packets(opus(sine(800, 0.5)))), more=0)
        bye = struct.pack("!BBHI", 0x81, rtcp.BYE, 1, 7)
        one.send(spec, bye, port=spec.port + 1)
        one.tick(50)
        assert one.figures().concealed == 0


# -- what is refused, and what must not stop it ----------------------------------------------


def test_what_is_not_taken_is_counted(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        good = packets(opus(sine(800, 0.1)))
        for data in (
            b"",
            b"\0" * 40,
            good[0][:11],
            bytes((0x80, 0)) + good[0][2:],  # another payload type
            good[0] + bytes(2_000),  # too long
        ):
            one.send(spec, data)
        one.tick()
        assert one.figures().refused == 5
        assert one.figures().packets == 0


def test_undecodable_packets_are_counted_and_covered(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        payloads = opus(sine(800, 1.0))
        payloads[20:23] = [b"", b"\xff", b"\x03\xff\xff"]
        heard = one.play((spec, packets(payloads)))[:, 0]
        assert one.figures().refused == 3
    assert silent_blocks(heard[:30_000]) <= 12


@pytest.mark.parametrize("encoding", ["PCMA", "L16"])
def test_empty_packets_stop_nothing(tmp_path: Path, encoding: str) -> None:
    with lab(tmp_path) as one:
        port = one.listen("other@h").port
        one.pipeline.drop("other@h")
        spec = StreamSpec("a@h", port, PAYLOAD_TYPE, encoding, 8_000, 1)  # type: ignore[arg-type]  # one of them
        one.pipeline.listen(spec)
        one.play((spec, packets([b""] * 50, step=160)))
        assert one.figures().refused > 0


def test_a_crowd_of_senders_has_its_bound(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        stream = one.pipeline._streams["a@h"]
        payload = opus(sine(800, 0.02))
        for ssrc in range(200):
            one.send(spec, packets(payload, ssrc=ssrc)[0])
            one.send(spec, rtcp.source_description(ssrc, "c", f"n{ssrc}"), port=spec.port + 1)
            one.tick()
        assert len(stream.senders) <= MAX_SENDERS
        assert len(stream._names) <= MAX_NAMES
        assert stream.refused.crowded > 0
        one.tick(4_000)
        assert not stream.senders, "forgotten after half a minute"
        assert one.figures().packets == 200 - stream.refused.crowded, "but what they sent is not"


def test_a_flood_on_one_stream_starves_no_other(tmp_path: Path) -> None:
    chance = random.Random(5)
    with lab(tmp_path) as one:
        quiet, flooded = one.listen("quiet@h"), one.listen("flooded@h")
        sent, blocks = packets(opus(sine(800, 1.0))), []
        for each in sent:
            for _ in range(300):
                one.send(flooded, chance.randbytes(100))
            one.send(quiet, each)
            blocks.append(one.tick(2))
        figures = {each.stream: each for each in one.pipeline.figures()}
        heard = np.concatenate(blocks)[:, 0]
    assert figures["quiet@h"].packets == 50
    assert silent_blocks(heard) == 0
    assert figures["flooded@h"].refused > 1_000


@pytest.mark.parametrize("leap_s", [3_600, -3_600])
def test_a_clock_that_leaps_is_not_heard(tmp_path: Path, leap_s: int) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(800, 2.0)))
        first = one.play((spec, sent[:50]), more=0)
        one.now_ns += leap_s * 1_000_000_000
        heard = np.concatenate((first, one.play((spec, sent[50:]))))[:, 0]
        assert one.figures().lost == 0
    assert silent_blocks(heard) == 0


def test_a_late_tick_loses_nothing(tmp_path: Path) -> None:
    """The machine stalls for 60 ms; what came meanwhile is there afterwards."""
    with lab(tmp_path) as one:
        spec = one.listen()
        sent = packets(opus(sine(800, 2.0)))
        one.play((spec, sent[:50]), more=0)
        for each in sent[50:53]:
            one.send(spec, each)
        one.now_ns += 50_000_000
        one.tick(1)
        one.play((spec, sent[53:]))
        figures = one.figures()
    assert (figures.packets, figures.lost, figures.late) == (100, 0, 0)


def test_streams_come_go_and_change(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        spec = one.listen()
        one.pipeline.listen(spec)
        assert len(one.pipeline.figures()) == 1
        one.play((spec, packets(opus(sine(800, 0.2)))), more=0)
        one.pipeline.drop("a@h")
        assert one.talk()[-1].on is False
        assert not one.tick(20)[-960:].any(), "what was mixed already is let out and ends"
        assert one.pipeline.figures() == ()
        with pytest.raises(ListenError):
            one.pipeline.listen(StreamSpec("b@h", spec.port, 1, "opus", 48_000, group="10.0.0.1"))
        one.pipeline.listen(spec)
        heard = one.play((spec, packets(opus(sine(800, 0.5)), ssrc=9)))
        assert np.abs(heard).max() > 0.1


def test_a_wish_for_a_stream_that_comes_later_is_kept(tmp_path: Path) -> None:
    with lab(tmp_path) as one:
        one.pipeline.set_mix(SetMix("a@h", muted=True))
        spec = one.listen()
        assert not one.play((spec, packets(opus(sine(800, 0.5))))).any()


def test_as_many_streams_as_there_is_room_for(tmp_path: Path) -> None:
    one = Lab(tmp_path)
    try:
        for n in range(200):
            one.listen(f"{n}@h")
        assert len(set(one.pipeline.slots().values())) == 200
    finally:
        one.close()
