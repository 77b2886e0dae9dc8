"""Which streams of a call a desk hears and announces, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from audio import protocol as p
from console.desk.call_streams import CallStreams
from console.desk.listening import MAX_OF_CALL, Listening, mix_of_call
from console.domain.held_keys import HeldKeys
from console.domain.voice_rights import VoicePolicy
from console.streams.announce import Offer
from tests.unit import test_voice_plan as plans

CALL = "I-64SRY9ZZ"
OWN = "here.local"


class Ring(plans.Ring):
    def __init__(self) -> None:
        super().__init__()
        self.forgotten: list[str] = []

    def forget(self, talkgroup: str) -> None:
        self.forgotten.append(talkgroup)
        self.all.pop(talkgroup, None)


class Told:
    """As an announcer, of what it was told."""

    def __init__(self) -> None:
        self.standing: dict[str, Offer] = {}
        self.said: list[str] = []

    def announce(self, offer: Offer) -> str:
        handle = str(len(self.said))
        self.said.append("announce")
        self.standing[handle] = offer
        return handle

    def change(self, handle: str, offer: Offer) -> None:
        self.said.append("change")
        self.standing[handle] = offer

    def withdraw(self, handle: str) -> None:
        self.said.append("withdraw")
        del self.standing[handle]

    def close(self) -> None:
        self.said.append("close")


def stream(kid: str | None, host: str = "there.local") -> Any:
    return plans.stream(kid, CALL, host)


def ears_with_key(policy: VoicePolicy = plans.STRICT) -> tuple[Listening, Ring]:
    ring = Ring()
    ring.all[CALL] = HeldKeys(plans.key(1))
    return plans.listening(ring, policy), ring


def test_a_call_is_heard_while_this_desk_talks_in_it_and_recall_never_hears_it() -> None:
    ears, _ = ears_with_key()
    known = frozenset({CALL})
    assert ears.calls_are(known, "", OWN) == ()
    assert ears.announced(stream("1")) == (), "it rings: nobody is heard before the answer"
    told = ears.calls_are(known, CALL, OWN)
    assert [type(one) for one in told] == [p.SetKeys, p.Listen, p.SetMix]
    assert isinstance(told[1], p.Listen) and not told[1].spec.keep
    assert told[2] == mix_of_call(f"{CALL}@there.local")
    assert ears.announced(stream("1", OWN)) == (), "one's own voice is not heard"
    assert ears.calls_are(known, "", OWN) == (p.Drop(f"{CALL}@there.local"),), "it is over"
    assert not ears.unheard, "nobody is told why, for there is no tile"


def test_a_call_is_never_heard_in_the_clear_whatever_the_policy() -> None:
    ears, _ = ears_with_key(VoicePolicy(unsecured="allow"))
    ears.calls_are(frozenset({CALL}), CALL, OWN)
    assert ears.announced(stream(None)) == ()


def test_a_call_that_was_announced_before_the_site_told_of_it_is_let_go() -> None:
    ears, _ = ears_with_key()
    assert ears.announced(stream("1")), "a talkgroup, as far as is known"
    assert ears.calls_are(frozenset({CALL}), "", OWN) == (p.Drop(f"{CALL}@there.local"),)


def test_who_announces_many_streams_of_a_call_is_not_listened_to_for_ever() -> None:
    ears, _ = ears_with_key()
    ears.calls_are(frozenset({CALL}), CALL, OWN)
    heard = [ears.announced(stream("1", f"h{n}.local")) for n in range(MAX_OF_CALL + 3)]
    assert [bool(one) for one in heard] == [True] * MAX_OF_CALL + [False] * 3


def test_the_call_of_a_desk_that_died_is_not_heard_by_the_next_one() -> None:
    ears, _ = ears_with_key()
    spec = msgspec.structs.replace(stream("1").to_spec(None), keep=False)
    left = p.StreamFigures(spec.stream, 0, spec, p.SetMix(spec.stream), True, True)
    assert ears.adopt((left,), 0.0) == (p.Drop(spec.stream),)
    assert not ears.wants(spec.stream)


def test_a_desk_s_voice_is_announced_with_its_key_and_never_without(tmp_path: Path) -> None:
    ring, told = Ring(), Told()
    streams = CallStreams(ring, interface=None, home=tmp_path, announcer=lambda _host: told)
    streams.keep(frozenset({CALL}))
    assert ring.sends == [CALL], "the site is asked for a key"
    assert streams.spec(CALL) is None
    assert not told.said, "nothing is announced, and so nothing sent, in the clear"
    ring.all[CALL] = HeldKeys(plans.key(1))
    streams.keys_changed(CALL)
    (offer,) = told.standing.values()
    assert (offer.srtp, offer.kid, offer.talkgroup) == (plans.GCM, "1", CALL)
    spec = streams.spec(CALL)
    assert spec is not None
    assert (spec.group, spec.port, spec.keep) == (offer.group, offer.port, False)
    assert spec.srtp is not None
    ring.all[CALL] = HeldKeys(plans.key(2))
    streams.keys_changed(CALL)
    assert [one.kid for one in told.standing.values()] == ["2"], "a rekey is told"
    streams.keep(frozenset())
    assert not told.standing
    assert ring.forgotten == [CALL]
    assert streams.spec(CALL) is None
    streams.keys_changed("lv1")
    streams.stop()
    assert told.said == ["announce", "change", "withdraw", "close"]


def test_two_desks_of_one_machine_are_two_stations_with_two_addresses(tmp_path: Path) -> None:
    specs = []
    for name in ("one", "two"):
        ring = Ring()
        ring.all[CALL] = HeldKeys(plans.key(1))
        desk = CallStreams(
            ring, interface=None, home=tmp_path / name, announcer=lambda _host: Told()
        )
        desk.keep(frozenset({CALL}))
        specs.append(desk.spec(CALL))
    first, second = specs
    assert first is not None
    assert second is not None
    assert first.stream != second.stream
    assert first.group != second.group
