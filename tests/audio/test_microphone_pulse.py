"""A real microphone (a null sink's monitor), a real engine, and what another one hears of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import psutil
import pytest

from audio import protocol as p
from audio.meters import MICROPHONE_ROW, Meters
from audio.microphone.microphone import HUNG_S
from tests.audio.engine_fixtures import (
    Listener,
    engine,
    listener,
    peak_hz,
    read_wav,
    wait_until,
)
from tests.audio.mic_lab import NAME, Mouth, mouth, tone
from tests.audio.pulse import Pulse, missing, pulse

pytestmark = [
    pytest.mark.pulse,
    pytest.mark.system,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
GROUP, PORT = "239.77.9.8", 47_024
KEY = bytes(range(30))
SECURED: p.SrtpProfile = "AES_CM_128_HMAC_SHA1_80"
LATE_S = 0.05  # that the level comes after the sound, at the least
SPEC = p.StreamSpec("tg@here", PORT, 111, "opus", 48_000, 2, group=GROUP, srtp=SECURED, key=KEY)
PLAIN = p.SetMicrophone(NAME, high_pass=False, suppress=False, gain_control=False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    with pulse() as one:
        for name, value in one.env.items():
            monkeypatch.setenv(name, value)
        one.plug_in("mic")
        yield one


@pytest.fixture
def speaker(server: Pulse) -> Iterator[Mouth]:
    with mouth(server) as one:
        yield one


def publish(one: Listener, name: str = "tg@here", port: int = PORT) -> None:
    one.client.send(p.Publish(name, GROUP, port, srtp=SECURED, key=KEY, name="Her"))
    wait_until(lambda: name in one.client.status(5.0).publications, "published")


def wait_ready(one: Listener, state: str = "ready") -> p.MicrophoneFigures:
    wait_until(lambda: one.client.status(5.0).microphone.state == state, f"it is {state}")
    time.sleep(0.1)  # the first blocks
    return one.client.status(5.0).microphone


def states(one: Listener) -> list[str]:
    return [event.state for event in one.events if isinstance(event, p.TalkChanged)]


def wait_talk(one: Listener, state: str, timeout_s: float = 5.0) -> None:
    one.wait(lambda: states(one)[-1:] == [state], timeout_s)


def say(one: Listener, speaker: Mouth, hz: float, seconds: float) -> None:
    """Press, speak, let go with the last of it. The sound server is late with what is spoken into
    it, so the microphone's own level says when it began."""
    meters = Meters(Path(one.welcome.meters))
    one.client.send(p.Talk(("tg@here",)))
    wait_talk(one, "open")
    speaker.say(tone(hz, seconds))
    wait_until(lambda: meters.rows["peak_dbfs"][MICROPHONE_ROW] > -20, "it is heard")
    until_s = time.monotonic() + seconds - LATE_S
    while time.monotonic() < until_s:
        one.client.send(p.KeepTalking())
        time.sleep(0.02)
    one.client.send(p.StopTalking())
    wait_talk(one, "idle")


def test_what_is_said_is_heard_whole_at_another_engine_and_not_here(
    server: Pulse, speaker: Mouth, tmp_path: Path
) -> None:
    out, own = tmp_path / "there.wav", tmp_path / "here.wav"
    with (
        engine(tmp_path / "a") as a,
        engine(tmp_path / "b") as b,
        listener(a) as here,
        listener(b) as there,
    ):
        publish(here)
        for one in (here, there):
            one.client.send(p.Listen(SPEC))
        here.client.send(PLAIN)
        figures = wait_ready(here)
        assert figures.name == "Monitor of MIC"
        there.client.send(p.Record(str(out), 3.0))
        here.client.send(p.Record(str(own), 3.0))
        say(here, speaker, 700.0, 0.8)
        there.wait_for(p.RecordDone)
        here.wait_for(p.RecordDone)
        assert states(here) == ["opening", "open", "closing", "idle"]
        sent = [one for one in here.events if isinstance(one, p.BurstSent)]
        assert [one.on for one in sent] == [True, False]
        spoken = [one for one in there.events if isinstance(one, p.Talking)]
        assert spoken[0].ssrc == sent[0].ssrc
        assert spoken[0].secured
    heard = read_wav(out)[:, 0]
    loud = np.flatnonzero(np.abs(heard) > 0.05)
    assert len(loud), "nothing came through"
    assert 0.75 < (loud[-1] - loud[0]) / 48_000 < 0.9, "the first or the last syllable is cut"
    middle = heard[loud[0] + 4_800 : loud[-1] - 4_800]
    assert abs(peak_hz(middle) - 700) < 5
    mine = read_wav(own)[:, 0]
    spectrum = np.abs(np.fft.rfft(mine))
    assert spectrum[round(700 * 3.0)] < 0.05 * spectrum.max(), "the permit tone, and nothing of me"


def test_a_microphone_that_takes_its_time_is_waited_for_and_not_begun_anew(
    server: Pulse, speaker: Mouth, tmp_path: Path
) -> None:
    """As a wireless headset does; its process says meanwhile that it lives."""
    server.plug_in_microphone("slow", f"{NAME.removeprefix('pulse:')}")
    server.suspend("slow")
    wish = p.SetMicrophone("pulse:slow")
    with engine(tmp_path / "a") as a, listener(a) as one:
        one.client.send(wish)
        its = psutil.Process(one.welcome.pid)
        wait_until(lambda: len(captures(its)) == 1, "its process")
        first = captures(its)
        began_s = time.monotonic()
        while time.monotonic() - began_s < HUNG_S + 1.0:
            assert one.client.status(5.0).microphone.state == "none"
            time.sleep(0.1)
        server.wake("slow")
        wait_ready(one)
        assert captures(its) == first
        assert [event.why for event in told(one) if event.why] == []


def told(one: Listener) -> list[p.MicrophoneChanged]:
    return [event for event in one.events if isinstance(event, p.MicrophoneChanged)]


def test_the_gate_closes_with_its_client_or_its_lease(
    server: Pulse, speaker: Mouth, tmp_path: Path
) -> None:
    with engine(tmp_path / "a") as a, listener(a) as watching:
        publish(watching)
        watching.client.send(PLAIN)
        wait_ready(watching)
        with listener(a) as talking:
            talking.client.send(p.Talk(("tg@here",)))
            wait_talk(watching, "open")
            watching.client.send(p.Talk(("tg@here",)))
            assert watching.wait_for(p.Refused).command == "talk"
            talking.client.send(p.HearMyself(1.0))
            talking.wait_for(p.Refused)
            talking.client.send(p.StopTalking())
            talking.client.send(p.Talk(("tg@here",)))
            wait_talk(watching, "opening")
            wait_talk(watching, "open")
            assert states(watching)[-3:] == ["closing", "opening", "open"]
        wait_talk(watching, "idle")
        watching.client.send(p.Talk(("tg@here",)))
        wait_talk(watching, "open")
        wait_talk(watching, "idle")  # nothing renews it
        assert watching.client.status(5.0).talk.why


def test_a_permit_ends_and_a_preempted_group_is_left_at_once(
    server: Pulse, speaker: Mouth, tmp_path: Path
) -> None:
    with engine(tmp_path / "a") as home, listener(home) as here:
        for n, name in enumerate(("tg@here", "other@here")):
            publish(here, name, PORT + 20 + 2 * n)
        here.client.send(PLAIN)
        wait_ready(here)
        both = ("tg@here", "other@here")
        here.client.send(p.Talk(both, max_s=1.5))
        wait_talk(here, "open")
        here.client.send(p.Preempted(("other@here",), "AMK (fictional)"))
        while not any(isinstance(e, p.TalkChanged) and e.cause == "timeout" for e in here.events):
            here.client.send(p.KeepTalking())
            time.sleep(0.05)
        told = [one for one in here.events if isinstance(one, p.TalkChanged)]
        assert [(one.state, one.cause, len(one.publications)) for one in told] == [
            ("opening", "", 2), ("open", "", 2), ("open", "preempted", 1), ("idle", "timeout", 0)
        ]  # fmt: skip
        assert "AMK (fictional)" in told[2].why
        sent = [one for one in here.events if isinstance(one, p.BurstSent)]
        here.wait(lambda: sum(isinstance(e, p.BurstSent) and not e.on for e in here.events) == 2)
        ended = [
            one.publication for one in here.events if isinstance(one, p.BurstSent) and not one.on
        ]
        assert ended == ["other@here", "tg@here"]
        announced = {one.ssrc for one in here.events if isinstance(one, p.NextSsrc)}
        assert {one.ssrc for one in sent} <= announced


def captures(its: psutil.Process) -> list[psutil.Process]:
    """The engine's microphone processes."""
    found = []
    for one in its.children():
        with contextlib.suppress(psutil.NoSuchProcess):  # one that listed devices, and has ended
            found += [one] if "audio.microphone.capture" in one.cmdline() else []
    return found


def test_a_microphone_s_process_that_dies_is_replaced_and_none_outlives_its_engine(
    server: Pulse, speaker: Mouth, tmp_path: Path
) -> None:
    with engine(tmp_path / "a") as a, listener(a) as one:
        publish(one)
        one.client.send(PLAIN)
        wait_ready(one)
        one.client.send(p.Talk(("tg@here",)))
        wait_talk(one, "open")
        its = psutil.Process(one.welcome.pid)
        [first] = captures(its)
        first.kill()
        wait_talk(one, "idle")
        wait_ready(one, "lost")
        wait_ready(one)
        [second] = captures(its)
        its.kill()
        second.wait(5.0)


def test_the_microphone_closes_when_nobody_is_left_who_wanted_it(
    server: Pulse, speaker: Mouth, tmp_path: Path
) -> None:
    with engine(tmp_path / "a") as a, listener(a) as watching:
        its = psutil.Process(watching.welcome.pid)
        with listener(a) as desk:
            desk.client.send(PLAIN)
            wait_ready(watching)
            with listener(a) as tool:
                tool.client.send(msgspec.structs.replace(PLAIN, gain_control=True))
                wait_ready(watching)
            wait_ready(watching)
            assert captures(its), "the desk's wish stands when the tool has gone"
        wait_ready(watching, "none")
        wait_until(lambda: not captures(its), "no open ear in an empty room")


def test_a_microphone_that_goes_is_told_at_once_and_comes_back(
    server: Pulse, tmp_path: Path
) -> None:
    with engine(tmp_path / "a") as a, listener(a) as one:
        publish(one)
        one.client.send(p.Talk(("tg@here",)))
        assert "no microphone" in one.wait_for(p.Refused).why
        one.client.send(PLAIN)
        with mouth(server):
            wait_ready(one)
            one.client.send(p.Talk(("tg@here",)))
            wait_talk(one, "open")
        server.pull_out("mic")
        wait_talk(one, "idle")
        assert one.client.status(5.0).talk.why
        wait_until(lambda: one.client.status(5.0).microphone.state in ("none", "lost"), "gone")
        assert one.client.status(5.0).microphone.why
        server.plug_in("mic")
        with mouth(server):
            wait_ready(one)
        wait_ready(one, "silent")
        assert "muted" in one.client.status(5.0).microphone.why
        one.events.clear()
        one.client.send(p.Talk(("tg@here",)))
        wait_talk(one, "open")
        assert "muted" in one.client.status(5.0).talk.why
        assert not [event for event in one.events if isinstance(event, p.MicrophoneChanged)]


def test_monitors_are_no_microphones_and_a_source_is_chosen_with_substitutes(
    server: Pulse, speaker: Mouth, tmp_path: Path
) -> None:
    with engine(tmp_path / "a") as a, listener(a) as one:
        one.client.send(p.GetMicrophones())
        names = one.wait_for(p.Microphones).names
        assert not [name for name in names if name.endswith(".monitor")]
        one.client.send(p.SetMicrophone("default"))
        wait_until(lambda: bool(one.client.status(5.0).microphone.why), "the default is a monitor")
        assert one.client.status(5.0).microphone.state == "none"
        server.plug_in_microphone("headset", "mic.monitor")
        one.client.send(p.SetMicrophone("pulse:usb", ("pulse:headset",)))
        assert wait_ready(one).name == "HEADSET"
        assert "usb" in one.client.status(5.0).microphone.why
        server.plug_in_microphone("usb", "mic.monitor")
        wait_until(lambda: one.client.status(5.0).microphone.name == "USB", "the chosen one")
        assert one.client.status(5.0).microphone.why == ""
        one.client.send(p.GetMicrophones())
        one.wait(
            lambda: any(
                isinstance(event, p.Microphones) and event.labels.get("pulse:usb") == "USB"
                for event in one.events
            )
        )


def test_oneself_is_heard_late_or_softly_and_not_sent_by_trying(
    server: Pulse, speaker: Mouth, tmp_path: Path
) -> None:
    tried, talked = tmp_path / "tried.wav", tmp_path / "talked.wav"
    with engine(tmp_path / "a") as a, listener(a) as one:
        publish(one)
        one.client.send(msgspec.structs.replace(PLAIN, side_tone_db=-18.0))
        wait_ready(one)
        one.client.send(p.HearMyself(1.4, delay_s=0.5))
        one.wait_for(p.HearingMyself)
        one.client.send(p.Record(str(tried), 1.4))
        speaker.say(tone(500.0, 0.3))
        one.wait_for(p.RecordDone)
        one.wait(
            lambda: [e.seconds for e in one.events if isinstance(e, p.HearingMyself)][1:] == [0]
        )
        assert not [event for event in one.events if isinstance(event, p.BurstSent)]
        one.client.send(p.Talk(("tg@here",)))
        wait_talk(one, "open")
        one.client.send(p.Record(str(talked), 0.9))
        speaker.say(tone(500.0, 0.9))
        one.wait(lambda: sum(isinstance(event, p.RecordDone) for event in one.events) == 2)
    late = read_wav(tried)[:, 0]
    loud = np.flatnonzero(np.abs(late) > 0.05)
    assert loud[0] > 0.5 * 48_000
    assert abs(peak_hz(late[loud[0] : loud[-1]]) - 500) < 8
    soft = read_wav(talked)[-14_400:, 0]
    assert abs(peak_hz(soft) - 500) < 8
    assert -20 < 20 * np.log10(np.abs(soft).max() / 0.3) < -16
