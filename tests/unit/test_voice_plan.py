"""What a desk does with a stream, by its site's keys and policy; what its engine is told of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from audio import protocol as p
from console.desk.keyring import KeyedEngine, first_policy, remember_policy
from console.desk.listening import Listening
from console.domain.held_keys import HeldKeys
from console.domain.voice_keys import VoiceKey
from console.domain.voice_rights import NO_SITE, Listed, VoicePolicy
from console.streams.announcement import Announcement
from console.streams.keys import StreamKey, engine_key, kid_number, parse_keys
from console.streams.plan import SiteVoice

STRICT = VoicePolicy()
GCM = "AEAD_AES_256_GCM"
FOREIGN = VoiceKey("gw-old", "AES_CM_128_HMAC_SHA1_80", bytes(30))


def key(number: int) -> VoiceKey:
    return VoiceKey(str(number), "AEAD_AES_256_GCM", bytes([number]) * 44)


class Ring:
    """What a keyring holds, set by hand; as :class:`console.site.keyring.KeyRing`."""

    def __init__(self) -> None:
        self.all: dict[str, HeldKeys] = {}
        self.reasons: dict[str, str] = {}
        self.sends: list[str] = []

    def held(self, talkgroup: str) -> HeldKeys | None:
        return self.all.get(talkgroup)

    def keys(self, talkgroup: str) -> tuple[VoiceKey, ...]:
        known = self.all.get(talkgroup)
        return known.opening if known is not None else ()

    def find(self, kid: str, talkgroup: str) -> VoiceKey | None:
        known = self.all.get(talkgroup)
        return known.find(kid) if known is not None else None

    def why(self, talkgroup: str) -> str:
        return self.reasons.get(talkgroup, "")

    def want_to_send(self, talkgroup: str) -> None:
        self.sends.append(talkgroup)


def stream(kid: str | None, talkgroup: str = "lv1", host: str = "gw.local") -> Announcement:
    secured: p.SrtpProfile | None = "AEAD_AES_256_GCM" if kid is not None else None
    return Announcement(
        stream=f"{talkgroup}@{host}", talkgroup=talkgroup, name=talkgroup, host=host, port=5004,
        payload_type=111, encoding="opus", clock_rate=48_000, channels=2, group="239.77.1.1",
        srtp=secured, kid=kid,
    )  # fmt: skip


def listening(ring: Ring, policy: VoicePolicy = STRICT) -> Listening:
    site = SiteVoice(policy, ring, enrolled=True)
    return Listening(interface=None, keys=None, unicast_ports={}, site=site)


def test_keys_are_told_before_the_stream_and_again_at_each_change_without_listening_anew() -> None:
    ring = Ring()
    ears = listening(ring)
    ring.reasons["lv1"] = "the role observer has no keys"
    assert ears.announced(stream("1")) == ()
    assert "the role observer has no keys" in ears.unheard["lv1@gw.local"]
    ring.all["lv1"] = HeldKeys(key(1), key(2))
    told = ears.keys_changed("lv1")
    assert [type(one) for one in told] == [p.SetKeys, p.Listen]
    assert told[0] == p.SetKeys("lv1@gw.local", (engine_key(key(1)), engine_key(key(2))))
    assert isinstance(told[1], p.Listen) and told[1].spec.key is None and told[1].spec.srtp == GCM
    assert ears.unheard == {}
    ring.all["lv1"] = HeldKeys(key(2), key(3))
    assert ears.announced(stream("2")) == (
        p.SetKeys("lv1@gw.local", (engine_key(key(2)), engine_key(key(3)))),
    )
    assert ears.announced(stream("999")) == ()  # a newer one, which is being asked for
    del ring.all["lv1"]  # taken out
    assert ears.keys_changed("lv1") == (p.Drop("lv1@gw.local"),)


def test_a_stream_that_is_not_secured_any_more_is_never_heard_by_an_engine_with_its_keys() -> None:
    """An engine that holds keys of a stream hears nothing else of it: it has to forget them."""
    ring = Ring()
    ring.all["lv1"] = HeldKeys(key(1))
    ears = listening(ring, VoicePolicy(unsecured="mark"))
    ears.announced(stream("1"))
    assert [type(one) for one in ears.announced(stream(None))] == [p.Drop, p.Listen]


def test_a_foreign_sender_is_heard_under_its_own_key_alone() -> None:
    ring = Ring()
    ring.all["lv1"] = HeldKeys(key(1), foreign=(FOREIGN,))
    ears = listening(ring)
    told = ears.announced(stream("gw-old"))
    assert told[0] == p.SetKeys("lv1@gw.local", (engine_key(FOREIGN),))
    assert ears.announced(stream("nobody's", host="x.local")) == ()
    by_hand = parse_keys(
        b'[[key]]\nkid="7"\ntalkgroup="lv1"\nprofile="AEAD_AES_256_GCM"\nkey="'
        + b"A" * 58 + b'A="\n', is_json=False, name="x",
    )  # fmt: skip
    mixed = Listening(
        interface=None, keys=by_hand, unicast_ports={}, site=SiteVoice(VoicePolicy(), ring)
    )
    (listen,) = mixed.announced(stream("7"))
    assert isinstance(listen, p.Listen) and listen.spec.key == bytes(44)


@pytest.mark.parametrize(
    ("policy", "host", "is_heard"),
    [
        (VoicePolicy(), "gw.local", False),
        (VoicePolicy(unsecured="mark"), "gw.local", True),
        (VoicePolicy(unsecured="allow"), "gw.local", True),
        (VoicePolicy(listed=(Listed("lv1", "gw.local"),)), "gw.local", True),
        (VoicePolicy(listed=(Listed("lv1", "GW.local."),)), "gw.local", True),
        (VoicePolicy(listed=(Listed("lv1"),)), "any.local", True),
        (VoicePolicy(listed=(Listed("lv1", "gw.local"),)), "rogue.local", False),
        (VoicePolicy(listed=(Listed("lv2"),)), "gw.local", False),
        (VoicePolicy(listed=(Listed("lv1", sdp="https://gw.local/a.sdp"),)), "gw.local", False),
        (NO_SITE, "gw.local", True),
    ],
)
def test_streams_without_srtp_go_by_the_policy(
    policy: VoicePolicy, host: str, is_heard: bool
) -> None:
    ears = listening(Ring(), policy)
    assert bool(ears.announced(stream(None, host=host))) is is_heard
    assert (f"lv1@{host}" in ears.unheard) is not is_heard


def test_another_policy_ends_what_is_heard_and_brings_back_what_was_not() -> None:
    ears = listening(Ring(), NO_SITE)
    ears.announced(stream(None))
    assert ears.policy_is(VoicePolicy()) == (p.Drop("lv1@gw.local"),)
    (again,) = ears.policy_is(VoicePolicy(unsecured="mark"))
    assert isinstance(again, p.Listen)


@pytest.fixture
def sent() -> list[p.Command]:
    return []


NewKeyed = Callable[[Ring], KeyedEngine]


@pytest.fixture
def keyed(sent: list[p.Command]) -> NewKeyed:
    def make(ring: Ring) -> KeyedEngine:
        return KeyedEngine(ring, sent.append)

    return make


def publish() -> p.Publish:
    return p.Publish("lv1@gw.local", "239.77.1.1", 5004, srtp="AEAD_AES_256_GCM")


def test_a_publication_waits_for_its_key_and_ends_when_it_is_taken_away(
    keyed: NewKeyed, sent: list[p.Command]
) -> None:
    ring = Ring()
    engine = keyed(ring)
    engine.send(publish())
    assert sent == [] and ring.sends == ["lv1"]
    ring.all["lv1"] = HeldKeys(key(1), block=9)
    engine.keys_changed("lv1")
    opened, send_key = sent
    assert isinstance(opened, p.Publish) and opened.key == key(1).key
    assert send_key == p.SetSendKey("lv1@gw.local", engine_key(key(1)), 9)
    sent.clear()
    ring.all["lv1"] = HeldKeys(key(2), block=9)
    engine.keys_changed("lv1")
    assert sent == [p.SetSendKey("lv1@gw.local", engine_key(key(2)), 9)]
    sent.clear()
    del ring.all["lv1"]
    engine.keys_changed("lv1")
    assert sent == [p.Unpublish("lv1@gw.local")]
    engine.send(p.Unpublish("lv1@gw.local"))
    ring.all["lv1"] = HeldKeys(key(3))
    sent.clear()
    engine.keys_changed("lv1")
    assert sent == []


def test_an_engine_gets_new_keys_also_while_the_window_hangs(
    keyed: NewKeyed, sent: list[p.Command]
) -> None:
    """Nothing but the ring's own word is needed, and a foreign sender's key stays as it is."""
    ring = Ring()
    ring.all["lv1"] = HeldKeys(key(1), foreign=(FOREIGN,))
    engine = keyed(ring)
    engine.send(p.SetKeys("lv1@gw.local", (engine_key(key(1)),)))
    engine.send(p.SetKeys("lv1@old.local", (engine_key(FOREIGN),)))
    sent.clear()
    ring.all["lv1"] = HeldKeys(key(2), foreign=(FOREIGN,))
    engine.keys_changed("lv1")
    assert sent == [p.SetKeys("lv1@gw.local", (engine_key(key(2)),))]
    engine.send(p.Drop("lv1@gw.local"))
    sent.clear()
    engine.keys_changed("lv1")
    assert sent == []


def test_a_foreign_senders_stream_is_answered_under_its_own_key(
    keyed: NewKeyed, sent: list[p.Command]
) -> None:
    ring = Ring()
    ring.all["lv1"] = HeldKeys(key(1), foreign=(FOREIGN,))
    engine = keyed(ring)
    engine.send(p.SetKeys("lv1@gw.local", (engine_key(FOREIGN),)))
    sent.clear()
    engine.send(publish())
    (opened,) = sent
    assert isinstance(opened, p.Publish)
    assert (opened.srtp, opened.key) == (FOREIGN.profile, FOREIGN.key)


def test_until_a_site_says_its_policy_the_last_word_counts_or_the_strictest(tmp_path: Path) -> None:
    assert first_policy(tmp_path) == NO_SITE
    (tmp_path / "identity" / "operator").mkdir(parents=True)
    assert first_policy(tmp_path) == VoicePolicy()
    remember_policy(tmp_path, VoicePolicy(unsecured="mark"))
    assert first_policy(tmp_path).unsecured == "mark"
    (tmp_path / "desk" / "voice-policy.json").write_text("nonsense")
    assert first_policy(tmp_path) == VoicePolicy()


def test_a_key_id_that_is_no_number_gets_one() -> None:
    assert kid_number("7") == 7
    assert kid_number("4294967296") < 2**32
    assert kid_number("gw-old") == kid_number("gw-old") < 2**32


def test_what_the_policy_lists_by_its_sdp_is_heard_under_the_key_that_came_with_it() -> None:
    ears = listening(Ring())
    (opened,) = ears.announced(msgspec.structs.replace(stream(None), listed=True))
    assert isinstance(opened, p.Listen)
    key_told = StreamKey("AES_CM_128_HMAC_SHA1_80", bytes(30))
    secured = msgspec.structs.replace(
        stream(None), listed=True, srtp=key_told.profile, key=key_told
    )
    (listen,) = ears.announced(secured)
    assert isinstance(listen, p.Listen)
    assert (listen.spec.srtp, listen.spec.key) == (key_told.profile, key_told.key)
    assert str(key_told.key) not in repr(secured)
