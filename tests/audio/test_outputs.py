"""Which output is meant: names outlast a new card number, and who chose silence has it."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from audio.devices import soundserver
from audio.devices.keeper import Keeper
from audio.devices.outputs import NULL, identity, present, ranked, sink_of
from audio.devices.portaudio import FILLING, STALLED_S, NullOutput, Output, Pace
from audio.protocol import Event


@pytest.mark.parametrize(
    ("name", "lasting"),
    [
        ("Jabra EVOLVE: USB Audio (hw:2,0)", "Jabra EVOLVE: USB Audio"),
        ("Jabra EVOLVE: USB Audio", "Jabra EVOLVE: USB Audio"),
        ("Speakers (Realtek Audio)", "Speakers (Realtek Audio)"),
        ("pulse:alsa_output.usb-0b0e", "pulse:alsa_output.usb-0b0e"),
    ],
)
def test_identity(name: str, lasting: str) -> None:
    assert identity(name) == lasting


def test_a_card_that_has_another_number_now_is_the_same() -> None:
    there = ["HDA: ALC257 (hw:0,0)", "Jabra: USB Audio (hw:3,0)"]
    assert present("Jabra: USB Audio (hw:2,0)", there) == "Jabra: USB Audio (hw:3,0)"
    assert present("Jabra: USB Audio", there) == "Jabra: USB Audio (hw:3,0)"
    assert present("Plantronics: USB Audio", there) is None
    assert present("default", []) == "default"
    assert present("null", []) == "null"


def test_the_order_in_which_outputs_are_tried() -> None:
    assert ranked("a", ("b", "a", "c")) == ("a", "b", "c", "default")
    assert ranked("default", ("b",)) == ("default", "b")
    assert ranked("null", ("b",)) == ("null",)


def test_sinks_are_told_by_their_prefix() -> None:
    assert sink_of("pulse:headset") == "headset"
    assert sink_of("pulse") is None


@pytest.mark.parametrize(
    "says",
    ["echo not json", "echo '[{}]'", "printf %s '[[[['", "exit 1", "head -c 200000 /dev/zero"],
)
def test_a_tool_that_talks_nonsense_is_no_sink(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tmp_path, monkeypatch, says)
    assert soundserver.sinks() == ()
    assert soundserver.played_to() == {}
    assert isinstance(soundserver.move(1, "x"), bool)


def test_a_server_that_hangs_is_waited_for_and_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundserver, "ANSWER_S", 0.2)
    tool(tmp_path, monkeypatch, "exec sleep 60")
    assert soundserver.sinks() == ()


def test_without_the_tool_there_are_no_sinks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert soundserver.sinks() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the tool")
def test_changes_are_told_and_the_listener_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "Event 'new' on sink #4\nEvent 'new' on client #9\nEvent 'change' on server #-1"
    tool(tmp_path, monkeypatch, f'printf "{lines}\\n"; exec sleep 60')
    changes: list[float] = []
    listener = soundserver.Listener(lambda: changes.append(time.monotonic()))
    listener.start()
    deadline_s = time.monotonic() + 10
    while len(changes) < 2 and time.monotonic() < deadline_s:
        time.sleep(0.01)
    listener.stop()
    assert len(changes) == 2, "the sink and the server; clients don't matter"


def tool(folder: Path, monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    """A ``pactl`` that does what it is told here."""
    script = folder / soundserver.TOOL
    script.write_text(f"#!/bin/sh\n{says}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_any_number_of_choices_may_come_while_a_device_is_slow_to_open() -> None:
    told: list[Event] = []
    keeper = Keeper((NULL,), told.append)  # its thread, which opens them, has not come to it yet
    output: Output = NullOutput()
    for n in range(1_000):
        output = keeper.choose(f"usb {n}", (), output)
    assert keeper.take(output) is None


def test_calls_that_only_fill_a_device_s_buffer_are_no_playing_yet() -> None:
    pace = Pace()
    assert not any(pace.called(7.0 + n / 1_000) for n in range(FILLING))
    assert pace.called(8.8)


def test_a_device_that_asks_no_more_has_stalled() -> None:
    pace = Pace()
    for n in range(100):
        pace.called(n / 100)
    assert not pace.has_stalled(0.99 + STALLED_S)
    assert pace.has_stalled(1.0 + STALLED_S)
