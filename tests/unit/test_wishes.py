"""The wishes that a new engine is brought up to date with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from audio import protocol as p
from console.desk.wishes import Wishes


def spec(stream: str, port: int = 5004) -> p.StreamSpec:
    return p.StreamSpec(stream, port, 111, "opus", 48_000, 2, group="239.77.1.1")


def test_the_last_word_per_stream_stands() -> None:
    wishes = Wishes()
    wishes.note(p.Listen(spec("a@h", 5004)))
    wishes.note(p.SetMix("a@h", gain_db=-3))
    wishes.note(p.Listen(spec("a@h", 5006)))
    wishes.note(p.SetMix("a@h", gain_db=-9))
    assert wishes.all() == (p.Listen(spec("a@h", 5006)), p.SetMix("a@h", gain_db=-9))


def test_a_dropped_stream_leaves_nothing() -> None:
    wishes = Wishes()
    wishes.note(p.Listen(spec("a@h")))
    wishes.note(p.SetMix("a@h"))
    wishes.note(p.Drop("a@h"))
    assert wishes.all() == ()


def test_the_second_device_is_lasting() -> None:
    wishes = Wishes()
    wishes.note(p.SetSecondDevice("pulse:spk"))
    wishes.note(p.SetSecondDevice(""))
    assert wishes.all() == (p.SetSecondDevice(""),)


def test_passing_commands_are_no_wishes() -> None:
    wishes = Wishes()
    for passing in (p.Heartbeat(), p.Play("deny"), p.GetStatus()):
        wishes.note(passing)
    assert wishes.all() == ()


def test_a_new_engine_is_told_of_the_microphone_but_not_of_a_key_that_was_down() -> None:
    wishes = Wishes()
    wish = p.SetMicrophone("pulse:headset", side_tone_db=-18.0)
    for command in (p.SetMicrophone("default"), wish, p.Talk(("a@h",)), p.HearMyself(3.0)):
        wishes.note(command)
    assert wishes.all() == (wish,)


streams = st.sampled_from(["a@h", "b@h", "c@h"])
commands = st.one_of(
    st.builds(lambda s: p.Listen(spec(s)), streams),
    st.builds(p.SetMix, streams, gain_db=st.floats(-20, 0)),
    st.builds(p.Drop, streams),
    st.builds(p.SetAlarms, st.integers(0, 9)),
)


@given(st.lists(commands, max_size=40))
def test_replaying_the_wishes_ends_where_the_commands_did(said: list[p.Command]) -> None:
    wishes = Wishes()
    for command in said:
        wishes.note(command)
    again = Wishes()
    for command in wishes.all():
        again.note(command)
    assert again.all() == wishes.all()
    heard = {c.spec.stream for c in wishes.all() if isinstance(c, p.Listen)}
    for stream in ("a@h", "b@h", "c@h"):
        last = next(
            (c for c in reversed(said) if isinstance(c, p.Listen | p.Drop) and _of(c) == stream),
            None,
        )
        assert (stream in heard) == isinstance(last, p.Listen)


def _of(command: p.Listen | p.Drop) -> str:
    return command.spec.stream if isinstance(command, p.Listen) else command.stream


def test_keys_come_before_their_stream_and_go_with_it() -> None:
    """An engine refuses a secured stream that it has no keys of."""
    key = p.SrtpKey(1, "AEAD_AES_128_GCM", bytes(28))
    wishes = Wishes()
    wishes.note(p.Listen(spec("a@h")))
    wishes.note(p.SetKeys("a@h", (key,)))
    wishes.note(p.Publish("a@h", "239.77.1.1", 5004))
    wishes.note(p.SetSendKey("a@h", key, 7))
    kinds = [type(one) for one in wishes.all()]
    assert kinds == [p.SetKeys, p.Listen, p.Publish, p.SetSendKey]
    wishes.note(p.Drop("a@h"))
    wishes.note(p.Unpublish("a@h"))
    assert wishes.all() == ()
