"""What an announcement must say to be taken, and that no bytes whatever get past or break it."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import protocol
from console.streams.announcement import (
    Announcement,
    Reason,
    Refusal,
    Service,
    SiteAnnouncement,
    check_group,
    is_printable,
    read_site,
    read_stream,
)
from console.streams.keys import StreamKey

GOOD = {"txtvers": "1", "tg": "lv1", "grp": "239.77.1.1", "pt": "111", "rtpmap": "opus/48000/2"}


def text(*items: str) -> bytes:
    raw = [one.encode() for one in items]
    return b"".join(bytes([len(one)]) + one for one in raw)


def service(
    changes: dict[str, str | None] | None = None,
    *,
    name: str = "Legevakt-1",
    host: str = "Station.local.",
    port: int = 5004,
    addresses: tuple[str, ...] = (),
) -> Service:
    txt = {**GOOD, **(changes or {})}
    items = [f"{key}={value}" for key, value in txt.items() if value is not None]
    return Service(name=name, host=host, port=port, text=text(*items), addresses=addresses)


def taken(found: Announcement | Refusal) -> Announcement:
    assert isinstance(found, Announcement), found
    return found


def test_a_one_line_announcement_is_a_stream_named_by_talkgroup_and_host() -> None:
    found = taken(read_stream(service(addresses=("10.0.0.7",))))
    assert found.stream == "lv1@station.local"
    assert (found.group, found.port, found.payload_type) == ("239.77.1.1", 5004, 111)
    assert (found.encoding, found.clock_rate, found.channels) == ("opus", 48_000, 2)
    assert found.addresses == ("10.0.0.7",)


def test_the_spec_for_the_engine_is_valid_at_its_door() -> None:
    spec = taken(read_stream(service())).to_spec("127.0.0.1")
    command = protocol.decode_command(protocol.encode(protocol.Listen(spec))[4:])
    assert command == protocol.Listen(spec)


def test_the_key_s_own_profile_counts_not_the_announced_one() -> None:
    found = taken(read_stream(service({"srtp": "AES_CM_128_HMAC_SHA1_80", "kid": "7"})))
    spec = found.to_spec(None, StreamKey("AEAD_AES_128_GCM", b"k" * 28))
    assert (spec.srtp, spec.key) == ("AEAD_AES_128_GCM", b"k" * 28)


def test_redundancy_is_heard_where_it_is_announced() -> None:
    assert taken(read_stream(service({"red": "112"}))).to_spec(None).red == 112
    assert taken(read_stream(service())).to_spec(None).red is None


def test_unicast_goes_to_the_port_that_a_person_configured() -> None:
    found = taken(read_stream(service({"grp": None})))
    assert found.group is None
    assert found.to_spec("127.0.0.1", None, 6000).port == 6000


def test_a_source_specific_group_is_joined_at_the_station_s_address() -> None:
    known = ("10.0.0.7", "fd77::7")
    assert (
        taken(read_stream(service({"grp": "232.1.1.1"}, addresses=known))).to_spec(None).source
        == "10.0.0.7"
    )
    assert (
        taken(read_stream(service({"grp": "ff35::1"}, addresses=known))).to_spec(None).source
        == "fd77::7"
    )
    assert taken(read_stream(service(addresses=known))).to_spec(None).source is None


@pytest.mark.parametrize(
    ("pt", "rtpmap", "expected"),
    [
        ("0", None, ("PCMU", 8_000, 1)),
        ("8", None, ("PCMA", 8_000, 1)),
        ("10", None, ("L16", 44_100, 2)),
        ("11", None, ("L16", 44_100, 1)),
        ("0", "PCMU/8000", ("PCMU", 8_000, 1)),
        ("8", "pcma/8000/1", ("PCMA", 8_000, 1)),
        ("96", "L16/48000", ("L16", 48_000, 1)),
        ("96", "L16/48000/2", ("L16", 48_000, 2)),
        ("96", "L16/16000/1", ("L16", 16_000, 1)),
        ("127", "OPUS/48000/2", ("opus", 48_000, 2)),
    ],
)
def test_codecs(pt: str, rtpmap: str | None, expected: tuple[str, int, int]) -> None:
    found = taken(read_stream(service({"pt": pt, "rtpmap": rtpmap})))
    assert (found.encoding, found.clock_rate, found.channels) == expected


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("tg", {"tg": None}),
        ("tg", {"tg": ""}),
        ("tg", {"tg": "x" * 41}),
        ("tg", {"tg": "a b"}),
        ("tg", {"tg": "a.*.>"}),
        ("tg", {"tg": "lv1@other.local"}),
        ("pt", {"pt": None}),
        ("pt", {"pt": "128"}),
        ("pt", {"pt": "-1"}),
        ("pt", {"pt": "72"}),
        ("pt", {"pt": "١١"}),
        ("rtpmap", {"pt": "9", "rtpmap": None}),
        ("rtpmap", {"rtpmap": "opus/48000"}),
        ("rtpmap", {"rtpmap": "opus/48000/9"}),
        ("rtpmap", {"rtpmap": "G722/8000"}),
        ("rtpmap", {"rtpmap": "L16/99999/2"}),
        ("rtpmap", {"rtpmap": "opus/48000/2\n"}),
        ("grp", {"grp": ""}),
        ("grp", {"grp": "10.0.0.1"}),
        ("grp", {"grp": "224.0.0.251"}),
        ("grp", {"grp": "225.1.1.1"}),
        ("grp", {"grp": "ff02::fb"}),
        ("grp", {"grp": "ff0e::1234"}),
        ("grp", {"grp": "ff1e::1234"}),
        ("grp", {"grp": "ff12::1%eth0"}),
        ("grp", {"grp": "239.77.1.1/24"}),
        ("red", {"red": ""}),
        ("red", {"red": "72"}),
        ("red", {"red": "111"}),
        ("red", {"red": "112/48000"}),
        ("red", {"pt": "8", "rtpmap": "PCMA/8000", "red": "112"}),
        ("srtp", {"srtp": "NULL_HMAC_SHA1_80", "kid": "7"}),
        ("kid", {"srtp": "AEAD_AES_128_GCM"}),
        ("kid", {"srtp": "AEAD_AES_128_GCM", "kid": "a b"}),
        ("sdp", {"sdp": "http://x.local/a.sdp"}),
        ("sdp", {"sdp": "https://"}),
        ("sdp", {"sdp": "https://u:p@x.local/"}),
        ("sdp", {"sdp": "https://x.local:99999/"}),
        ("sdp", {"sdp": "https://[x/"}),
        ("sdp", {"sdp": "https://x.local/" + "a" * 220}),
        ("txtvers", {"txtvers": "2"}),
    ],
)
def test_what_is_refused_and_why(reason: Reason, changes: dict[str, str | None]) -> None:
    refused = read_stream(service(changes))
    assert isinstance(refused, Refusal)
    assert refused.reason == reason
    assert refused.detail


@pytest.mark.parametrize("port", [0, 22, 1023, 5353, 65_536, -1])
def test_ports_that_are_no_stream_s(port: int) -> None:
    refused = read_stream(service(port=port))
    assert isinstance(refused, Refusal)
    assert refused.reason == "port"


@pytest.mark.parametrize(
    "host", ["", ".", "local.", "evil.example.com.", "a b.local.", "a" * 200 + ".local"]
)
def test_hosts_outside_local(host: str) -> None:
    refused = read_stream(service(host=host))
    assert isinstance(refused, Refusal)
    assert refused.reason == "host"


@pytest.mark.parametrize(
    "name", ["", " ", "a\x00b", "\u202egnp.exe", "a\x1b[2J", "x" * 64, "\ufffd"]
)
def test_names_that_can_t_be_shown(name: str) -> None:
    refused = read_stream(service(name=name))
    assert isinstance(refused, Refusal)
    assert refused.reason == "name"
    assert is_printable(refused.name)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x05tg",  # ends in the middle
        b"\x06tg=\xff\xfe\xfd",  # not UTF-8
        b"\x00" * 1_301,  # too long
        b"".join(b"\x05k%02d=1" % number for number in range(40)),  # too many keys
    ],
)
def test_broken_txt(raw: bytes) -> None:
    refused = read_stream(Service("Legevakt-1", "a.local", 5004, raw))
    assert isinstance(refused, Refusal)
    assert refused.reason == "txt"


def test_the_first_of_a_key_counts_and_its_case_does_not() -> None:
    raw = text("TG=lv1", "tg=lv2", "grp=239.1.1.1", "PT=0", "", "=x", "flag")
    assert taken(read_stream(Service("A", "a.local", 5004, raw))).talkgroup == "lv1"


@pytest.mark.parametrize(
    "group",
    [
        "239.0.0.1",
        "232.1.1.1",
        "233.252.0.1",
        "234.1.2.3",
        "ff15::77",
        "ff12::1",
        "ff35::1",
        "ff18::5",
        "ff05::77:1",
    ],
)
def test_groups_that_a_lan_may_use(group: str) -> None:
    assert check_group(group) == group


def test_norwegian_letters_in_names_and_ids() -> None:
    found = taken(read_stream(service({"tg": "ØV-FELLES-1"}, name="Øvelse – Ålesund legevakt")))
    assert found.talkgroup == "ØV-FELLES-1"


def test_addresses_that_no_station_has_are_left_out() -> None:
    given_addresses = ("0.0.0.0", "224.0.0.1", "fe80::1", "10.0.0.2", "nonsense", "255.255.255.255")
    assert taken(read_stream(service(addresses=given_addresses))).addresses == (
        "10.0.0.2",
        "fe80::1",
    )


def test_a_site_says_its_name_where_it_is_and_what_proves_it() -> None:
    site = read_site(Service("Legevakt Nord", "n.local.", 4222, b"", ("fd77::1",)))
    assert isinstance(site, SiteAnnouncement)
    assert (site.site, site.fingerprint, site.url) == ("Legevakt Nord", "", "tls://[fd77::1]:4222")
    assert isinstance(read_site(Service("N", "n.local.", 4222, text("ca=abc"))), Refusal)
    secured = read_site(Service("N", "n.local.", 4222, text("ca=" + "AB" * 32)))
    assert isinstance(secured, SiteAnnouncement)
    assert (secured.fingerprint, secured.url) == ("ab" * 32, "tls://n.local:4222")


any_text = st.text(max_size=300)
any_service = st.builds(
    Service,
    name=any_text,
    host=any_text | st.sampled_from(["a.local.", "b.local"]),
    port=st.integers(-10, 70_000),
    text=st.binary(max_size=1_500)
    | st.dictionaries(
        st.sampled_from(["txtvers", "tg", "grp", "pt", "rtpmap", "srtp", "kid", "sdp", "ca"]),
        st.text(max_size=50),
    ).map(lambda pairs: b"".join(_item(key, value) for key, value in pairs.items())),
    addresses=st.lists(any_text, max_size=20).map(tuple),
)


def _item(key: str, value: str) -> bytes:
    raw = f"{key}={value}".encode("utf-8", "surrogatepass")[:255]
    return bytes([len(raw)]) + raw


@given(any_service)
def test_whatever_comes_is_taken_whole_or_refused_with_words(hostile: Service) -> None:
    for read in (read_stream(hostile), read_site(hostile)):
        if isinstance(read, Refusal):
            assert read.detail
            assert is_printable(read.name)
            assert is_printable(read.detail)
            msgspec.json.encode(read)
        if isinstance(read, Announcement):
            assert is_printable(read.name)
            protocol.decode_command(protocol.encode(protocol.Listen(read.to_spec(None)))[4:])


def test_ten_thousand_hostile_records_are_each_answered() -> None:
    source = random.Random(77)
    keys = [b"tg=", b"pt=", b"grp=239.1.1.", b"rtpmap=opus/48000/2", b"sdp=https://", b"\x00"]
    for _ in range(10_000):
        items = [source.choice(keys) + source.randbytes(source.randrange(40)) for _ in range(4)]
        raw = b"".join(bytes([len(one)]) + one for one in items) + source.randbytes(3)
        name = source.randbytes(20).decode("utf-8", "replace")
        read = read_stream(Service(name, "a.local.", source.randrange(70_000), raw))
        assert isinstance(read, Refusal)
