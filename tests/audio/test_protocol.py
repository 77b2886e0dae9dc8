"""Frames: what goes in comes out, whatever way the bytes arrive; the rest is refused."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import protocol as p

KEY = {"kid": 1, "profile": "AES_CM_128_HMAC_SHA1_80", "key": b"k" * 30}
COMMANDS = [
    p.Hello(1, "t"),
    p.Listen(p.StreamSpec("a@h", 5004, 111, "opus", 48_000, key=b"k" * 30)),
    p.SetMix("a@h", -6.0, 0.5, True, "selected"),
    p.SetAlarms(3, True),
    p.Say("a@h", "/x.opus", "AMK", 7, True),
    p.Record("/o.wav", 1.5),
    p.GetDevices(),
    p.SetMicrophone("pulse:headset", ("default",), False, True, False, -18.0),
    p.GetMicrophones(),
    p.Talk(("a@h", "b@h")),
    p.KeepTalking(),
    p.StopTalking(),
    p.OpenLine(("I-1@h",)),
    p.CloseLine(),
    p.HearMyself(5.0, 0.0),
    p.Preempted(("a@h",), "AMK"),
    p.SetKeys("a@h", (p.SrtpKey(1, "AES_CM_128_HMAC_SHA1_80", b"k" * 30),)),
    p.SetSendKey("a@h", p.SrtpKey(1, "AEAD_AES_256_GCM", b"k" * 44), 7),
    p.Floor("a@h", True, (7, 2**32 - 1), 0.5, 3),
    p.Patch("P-1", (p.PatchLeg("a@h", "a@h"), p.PatchLeg("b@h", "b@h"))),
    p.KeepPatch("P-1"),
    p.Unpatch("P-1"),
    p.KeepForAlarm("a@h", "A-1", 30.0, 60.0),
    p.ReleaseAlarm("A-1", "Kari (fictional)"),
    p.Bye(),
    p.Stop(),
]


@given(st.lists(st.sampled_from(COMMANDS), max_size=12), st.lists(st.integers(0, 400)))
def test_any_cut_of_the_bytes_gives_the_same_commands(
    commands: list[p.Command], cuts: list[int]
) -> None:
    data = b"".join(p.encode(one) for one in commands)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    splitter = p.Splitter()
    bodies = [body for a, b in itertools.pairwise(edges) for body in splitter.feed(data[a:b])]
    assert [p.decode_command(body) for body in bodies] == commands


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_and_nothing_else(data: bytes) -> None:
    for decode in (p.decode_command, p.decode_event):
        try:
            decode(data)
        except p.ProtocolError:
            continue


@pytest.mark.parametrize(
    "raw",
    [
        b"\x81\xa1t\xa4\xff\xfe\xfd\xfc",  # not UTF-8, which has an error of its own
        b"\x82\xa1t\xa4drop\xa6stream\xa3a\xffb",
        b"\x91" * p.MAX_FRAME,
    ],
    ids=["tag", "field", "nested"],
)
def test_text_that_is_none_and_what_is_too_deep_are_refused_too(raw: bytes) -> None:
    for decode in (p.decode_command, p.decode_event):
        with pytest.raises(p.ProtocolError):
            decode(raw)


@given(st.sampled_from(COMMANDS), st.integers(0, 400), st.integers(1, 255))
def test_a_command_with_any_byte_changed_is_one_or_refused(
    command: p.Command, at: int, change: int
) -> None:
    body = bytearray(p.encode(command)[4:])
    body[at % len(body)] ^= change
    try:
        p.decode_command(bytes(body))
    except p.ProtocolError:
        return


def test_an_oversized_frame_is_refused_by_its_length() -> None:
    with pytest.raises(p.ProtocolError):
        p.Splitter().feed((p.MAX_FRAME + 1).to_bytes(4, "big"))


def test_a_status_of_as_many_streams_as_allowed_fits() -> None:
    spec = p.StreamSpec("å" * 200, 5004, 111, "opus", 48_000, 2, "239.77.255.255", label="ø" * 64)
    one = p.StreamFigures(spec.stream, 1, spec, p.SetMix(spec.stream), True, True, "æ" * 64)
    status = p.Status((one,) * p.MAX_STREAMS, "null", "none")
    [body] = p.Splitter(p.MAX_EVENT).feed(p.encode(status))
    assert p.decode_event(body) == status


@pytest.mark.parametrize(
    "raw",
    [
        {"t": "no-such"},
        {"t": "drop"},
        {"t": "listen", "spec": {"port": 0}},
        {"t": "talk", "publications": []},
        {"t": "talk", "publications": ["a@h"] * (p.MAX_TALKED_TO + 1)},
        {"t": "set-microphone", "name": "default", "side_tone_db": 1.0},
        {"t": "hear-myself", "seconds": float("nan")},
        {"t": "talk", "publications": ["a@h"], "max_s": p.MAX_OVER_S + 1},
        {
            "t": "set-keys",
            "stream": "a@h",
            "keys": [{**KEY, "profile": "none"}],
        },
        {"t": "set-keys", "stream": "a@h", "keys": [KEY] * (p.MAX_KEYS + 1)},
        {"t": "set-keys", "stream": "a@h", "keys": [{**KEY, "key": b"short"}]},
        {"t": "set-send-key", "publication": "a@h", "key": KEY, "block": p.MAX_BLOCK + 1},
        {"t": "floor", "stream": "a@h", "controlled": True, "fresh_s": 1.1},
        {"t": "floor", "stream": "a@h", "controlled": True, "ssrcs": [-1]},
        {"t": "patch", "patch": "P-1", "legs": [{"stream": "a@h", "publication": "a@h"}]},
        {"t": "patch", "patch": "../x", "legs": [{"stream": "a@h", "publication": "a@h"}] * 2},
        {"t": "keep-for-alarm", "stream": "a@h", "alarm": "A/1"},
        {"t": "keep-for-alarm", "stream": "a@h", "alarm": "A-1", "seconds": p.MAX_ALARM_S + 1},
        {"t": "hear-myself", "seconds": p.MAX_HEARD_S + 1},
        {},
        [],
        7,
    ],
)
def test_what_is_no_command_is_told_so(raw: object) -> None:
    with pytest.raises(p.ProtocolError):
        p.decode_command(msgspec.msgpack.encode(raw))
