"""Whatever arrives on the site's subjects ends nothing, and is counted as skipped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import msgspec
import nats
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ulid import ULID

from console.domain.events import (
    LIVE,
    MAX_EVENT_BYTES,
    AlarmRaised,
    AnyBody,
    Event,
    MessageSent,
    Position,
    UnitMoved,
)
from console.domain.roles import MAY_SAY
from console.domain.state import State, apply_all
from console.site.address import SiteAddress
from console.site.log.client import inbox_of, tls_options
from console.site.log.spoken import SPOKEN
from console.site.log.subjects import STREAM_OF, STREAMS, live_subject, log_subject
from console.site.log.wire import (
    EventError,
    apart,
    decode,
    decode_live,
    decode_logged,
    decode_move,
    decode_moves,
    encode,
    together,
    without_place,
)
from console.site.node.process import find_address
from console.site.node.server import MAX_PAYLOAD_BYTES
from console.site.security import identity
from console.site.security.pki import SERVER_NAME

from ..property.test_state import BODIES
from .conftest import EarAt, NewEar, Server, elsewhere, wait_for

pytestmark = pytest.mark.system

RAISED = AlarmRaised(alarm="A1", unit="u1")
MOVED = UnitMoved(unit="u1", position=Position(60.0, 10.0))


async def send_raw(address: SiteAddress, messages: list[tuple[str, bytes]]) -> None:
    nc = await nats.connect(
        address.url,
        inbox_prefix=inbox_of(address.identity),
        error_cb=_passed_over,
        **tls_options(address.identity),
    )
    for subject, payload in messages:
        await nc.publish(subject, payload, headers=SPOKEN)
    await nc.flush()
    await nc.close()


async def _passed_over(error: Exception) -> None:
    """What the server refuses is looked at by who is told."""


def hostile_payloads() -> list[bytes]:
    good = Event(id="0" * 26, time_ms=0, author="x", seq=1, body=MessageSent(to="lv1", text="x"))
    encoded = msgspec.json.encode(good)
    return [
        b"",
        b"\x00",
        os.urandom(300),
        os.urandom(MAX_EVENT_BYTES),
        b"[" * 20_000,
        b'{"body":' * 2_000,
        encoded[:-1],
        encoded.replace(b'"seq":1', b'"seq":1e999'),
        encoded.replace(b'"v":1', b'"v":2'),
        encoded.replace(b"message-sent", b"message-unsent"),
        encoded.replace(b'"text":"x"', b'"text":"' + b"x" * 2_000 + b'"'),
        msgspec.msgpack.encode(good),
        msgspec.msgpack.encode(good)[:-3],
        b" " * (MAX_EVENT_BYTES + 1 - len(encoded)) + encoded,
        b"\xf0\x9f" * 100,
    ]


SUBJECTS = [
    *(f"vb.log.{stream.token}.x" for stream in STREAMS),
    "vb.log.resource.unit.x",
    "vb.live.move.x",
    "vb.live.floor.x",
    "vb.live.other",
]


def everything_hostile() -> list[tuple[str, bytes]]:
    return [(subject, payload) for subject in SUBJECTS for payload in hostile_payloads()]


def test_nothing_that_arrives_ends_a_link_and_all_of_it_is_counted(
    server: Server, new_ear: NewEar
) -> None:
    ear = new_ear("one", replay="all")
    assert ear.link.wait_caught_up(10)
    sent = everything_hostile()
    asyncio.run(send_raw(server.address, sent))
    told = [subject for subject, _ in sent if subject != "vb.live.other"]
    wait_for(lambda: ear.link.counts.skipped == len(told), f"{len(told)} to be counted")
    ear.wait_ids([ear.publish(RAISED)])
    late = new_ear("late")
    assert late.link.wait_caught_up(10)
    assert late.state.alarms
    assert [state for state, _ in ear.states] == ["connecting", "up"]


def test_a_payload_beyond_the_servers_limit_ends_only_its_sender(
    server: Server, new_ear: NewEar
) -> None:
    ear = new_ear("one")
    ear.wait_up()
    other = server.as_member("two")

    async def send() -> None:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1",
            server.nats.config.port,
            ssl=other.identity.context(),
            server_hostname=SERVER_NAME,
        )
        size = MAX_PAYLOAD_BYTES + 1
        login = b'CONNECT {"verbose":false}\r\n'
        writer.write(login + b"PUB vb.live.move.x %d\r\n" % size + b"x" * size + b"\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert b"Maximum Payload" in await reader.read()
        writer.close()

    asyncio.run(send())
    ear.wait_ids([ear.publish(RAISED)])
    assert ear.link.counts.skipped == 0


def test_an_event_in_the_wrong_place_is_skipped(server: Server, new_ear: NewEar) -> None:
    """A message told live would reach no late desk; an alarm among the tracks would expire."""
    ear = new_ear("one", replay="all")
    assert ear.link.wait_caught_up(10)
    alarm = Event(id="0" * 26, time_ms=0, author="x", seq=1, body=RAISED)
    sent = [("vb.live.move.u1", encode(alarm)), ("vb.log.move.u1", encode(alarm))]
    asyncio.run(send_raw(server.address, sent))
    wait_for(lambda: ear.link.counts.skipped == len(sent), "both to be counted")
    assert not ear.events


def test_a_site_that_is_no_nats_server_ends_no_link(server: Server, ear_at: EarAt) -> None:
    address = server.as_member("one")

    async def serve() -> None:
        async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(os.urandom(2_000) + b"\r\nINFO {]\r\nMSG x y z\r\n")
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(babble, "127.0.0.1", 0) as rogue:
            port = rogue.sockets[0].getsockname()[1]
            ear = ear_at(elsewhere(address, f"tls://127.0.0.1:{port}", "Rogue"))
            await asyncio.to_thread(ear.wait_down)
            assert ear.link.is_running

    asyncio.run(serve())


def test_a_site_goes_on_and_its_log_can_be_read(home: Path, ear_at: EarAt) -> None:
    common = ["--home", str(home), "--interface", "127.0.0.1"]
    line = [sys.executable, "-m", "console.site", *common, "--escalate-after", "1"]
    with subprocess.Popen(line) as site:
        try:
            wait_for(lambda: find_address(home), "the site")
            address = find_address(home)
            assert address is not None
            node = identity.load(home / "site" / "node")
            assert node is not None
            asyncio.run(send_raw(SiteAddress(address.place, node), everything_hostile()))
            ear = ear_at(address, replay="all")
            ear.wait_up()
            ear.publish(RAISED)
            wait_for(lambda: ear.state.alarms, "the alarm")
            wait_for(lambda: ear.state.alarms["A1"].escalated is not None, "the escalation")
            assert site.poll() is None
            for words in (("state", "--json"), ("alarm", "list", "--json"), ("events", "--json")):
                command = [sys.executable, "-m", "console.cli", *words, *common]
                said = subprocess.run(command, capture_output=True, check=True, timeout=30)
                assert b'"A1"' in said.stdout
        finally:
            site.send_signal(signal.SIGTERM)
        assert site.wait(15) == 0


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=400)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(-(2**63), 2**64 - 1),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=20,
    ).map(msgspec.json.encode)
)
def test_whatever_the_bytes_decoding_refuses_or_gives_an_event(payload: bytes) -> None:
    subject = "vb.log.alarm.operator.x.alarm-raised.A1"
    for door in (
        decode,
        partial(decode_live, subject),
        lambda p: decode_logged(subject, p, STREAMS[0]),
    ):
        try:
            assert isinstance(door(payload), Event)
        except EventError as error:
            assert str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(-(2**65), 2**65),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def spoilt_events(draw: st.DrawFn) -> bytes:
    """A valid event in which one field, anywhere, is missing, new, or something else."""
    event = Event(id="0" * 26, time_ms=0, author="x", seq=1, body=draw(BODIES))
    document = json.loads(encode(event))
    body = document["body"]
    places = [document, body, *(one for one in body.values() if isinstance(one, dict))]
    place = draw(st.sampled_from(places))
    key = draw(st.sampled_from(sorted(place)) | st.text(max_size=8))
    if draw(st.booleans()):
        place[key] = draw(JSON)
    else:
        place.pop(key, None)
    return json.dumps(document).encode("utf-8", "surrogatepass")


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(spoilt_events())
def test_one_spoilt_field_is_refused_or_makes_an_event_that_all_understand(payload: bytes) -> None:
    try:
        event = decode(payload)
    except EventError as error:
        assert str(error)
        return
    assert decode(encode(event)) == event
    apply_all(State(), [event, event])


@settings(max_examples=300, deadline=None)
@given(BODIES)
def test_every_event_belongs_to_one_stream_and_live_or_not(body: AnyBody) -> None:
    event = Event(id="0" * 26, time_ms=0, author="x", seq=1, body=body)
    payload = encode(event)
    assert decode(payload) == event
    role = min(MAY_SAY[type(body)])
    for stream in STREAMS:
        if STREAM_OF[type(body)] is stream:
            assert decode_logged(log_subject(event, role), payload, stream) == event
        else:
            with pytest.raises(EventError, match="does not belong"):
                decode_logged(log_subject(event, role), payload, stream)
    if isinstance(body, LIVE):
        assert decode_live(live_subject(event, role) or "", payload) == event
    else:
        with pytest.raises(EventError, match="not told live"):
            decode_live("vb.live.move.operator.x.u", payload)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300) | st.lists(JSON, max_size=5).map(msgspec.json.encode))
def test_many_positions_in_one_message_are_a_list_or_refused(payload: bytes) -> None:
    try:
        parts = apart(payload)
    except EventError as error:
        assert str(error)
        return
    for part in parts:
        with pytest.raises(EventError):
            decode_move("vb.live.move.gateway.x.many.units", part)


def test_one_bad_position_costs_no_other_and_none_is_told_for_another(
    server: Server, new_ear: NewEar
) -> None:
    ear = new_ear("one")
    assert ear.link.wait_caught_up(10)
    gateway = server.as_member("two", "gateway")
    good = Event(id="0" * 25 + "1", time_ms=0, author="two", seq=1, body=MOVED)
    foreign = Event(id="0" * 25 + "2", time_ms=0, author="one", seq=1, body=MOVED)
    alarm = Event(id="0" * 25 + "3", time_ms=0, author="two", seq=2, body=RAISED)
    last = Event(id="0" * 25 + "4", time_ms=0, author="two", seq=3, body=MOVED)
    parts = [encode(good), b'{"v":7}', encode(foreign), encode(alarm), b"null", encode(last)]
    subject = "vb.live.move.gateway.two.many.units"
    asyncio.run(send_raw(gateway, [(subject, payload) for payload in together(parts)]))
    ear.wait_ids([good.id, last.id])
    assert ear.ids() == [good.id, last.id]
    assert ear.link.counts.skipped == 4


def test_an_alarm_whose_place_is_nonsense_is_heard_without_it(
    server: Server, new_ear: NewEar
) -> None:
    ear = new_ear("one")
    assert ear.link.wait_caught_up(10)
    event = Event(
        id="0" * 25 + "1", time_ms=0, author="two", seq=1,
        body=AlarmRaised(alarm="A1", unit="u1", text="help", position=Position(60.0, 10.0)),
    )  # fmt: skip
    subject = "vb.log.alarm.gateway.two.alarm-raised.A1"
    good = encode(event)
    for number, (wrong, what) in enumerate(
        (
            (b'"lat":95.0', b'"lat":60.0'),
            (b'"lon":1e999', b'"lon":10.0'),
            (b'"lat":null', b'"lat":60.0'),
        )
    ):
        payload = good.replace(what, wrong).replace(b"A1", b"A%d" % number)
        payload = payload.replace(event.id.encode(), b"%026d" % (number + 1))
        named = subject.replace("A1", f"A{number}")
        asyncio.run(send_raw(server.as_member("two", "gateway"), [(named, payload)]))
        wait_for(lambda: f"A{number}" in ear.state.alarms, "the alarm")  # noqa: B023  # at once
        alarm = ear.state.alarms[f"A{number}"]
        assert (alarm.text, alarm.position) == ("help", None)
        assert ear.link.refused_positions["malformed"] == number + 1
    spoilt = good.replace(b'"unit":"u1"', b'"unit":"u 1"').replace(b'"lat":60.0', b'"lat":95.0')
    asyncio.run(send_raw(server.as_member("two", "gateway"), [(subject, spoilt)]))
    wait_for(lambda: ear.link.counts.skipped == 1, "what is no alarm either way")


@pytest.mark.parametrize("ahead", ["fix", "id"])
def test_positions_of_the_future_are_let_in_by_nobody_and_counted_once(
    server: Server, new_ear: NewEar, ahead: str
) -> None:
    """Live and in the log, to who is here and who comes later."""
    ear = new_ear("one")
    assert ear.link.wait_caught_up(10)
    gateway = server.as_member("two", "gateway")
    now_ms = time.time_ns() // 1_000_000
    far_ms = now_ms + 3_600_000
    event_id = str(ULID.from_timestamp(far_ms / 1_000 if ahead == "id" else now_ms / 1_000))
    at = Position(60.0, 10.0, fixed_ms=far_ms if ahead == "fix" else now_ms)
    bad = encode(Event(event_id, now_ms, "two", 1, UnitMoved("u1", at)))
    sent = [
        ("vb.live.move.gateway.two.many.units", b"[" + bad + b"]"),
        ("vb.live.move.gateway.two.u1", bad),
        ("vb.log.move.gateway.two.unit-moved.u1", bad),
    ]
    asyncio.run(send_raw(gateway, sent))
    wait_for(lambda: ear.link.refused_positions["ahead"] == 1, "its refusal")
    late = new_ear("late")
    assert late.link.wait_caught_up(10)
    wait_for(lambda: late.link.refused_positions["ahead"] == 1, "its refusal")
    good_at = Position(61.0, 10.0, fixed_ms=now_ms)
    good = encode(Event(str(ULID()), now_ms, "two", 2, UnitMoved("u1", good_at)))
    asyncio.run(send_raw(gateway, [("vb.live.move.gateway.two.u1", good)]))
    for one in (ear, late):
        wait_for(lambda one=one: "u1" in one.state.units, "the good one")  # type: ignore[misc]  # a default binds the loop's ear
        assert one.state.units["u1"].position == good_at
        assert +one.link.refused_positions == {"ahead": 1}
        assert one.link.counts.skipped == 0


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            Event,
            id=st.just("0" * 26),
            time_ms=st.just(0),
            author=st.sampled_from(("two", "two_net", "one", "twofold")),
            seq=st.integers(0, 9),
            body=st.sampled_from((MOVED, MOVED, RAISED)),
            exercise=st.booleans(),
        ),
        max_size=6,
    ),
    st.sampled_from(("gateway", "trainer", "observer", "operator")),
)
def test_positions_read_at_once_are_those_read_one_by_one(events: list[Event], role: str) -> None:
    subject = f"vb.live.move.{role}.two.many.units"
    for payload in together([msgspec.json.encode(event) for event in events]):
        taken = []
        for part in apart(payload):
            with contextlib.suppress(EventError):
                taken.append(decode_move(subject, part))
        assert decode_moves(subject, payload)[0] == taken


@given(st.lists(st.integers(1, 30_000), max_size=40))
def test_positions_put_together_come_apart_the_same(sizes: list[int]) -> None:
    payloads = [b'"%b"' % (b"x" * (size - 1)) for size in sizes]
    messages = list(together(payloads))
    assert all(len(message) < MAX_PAYLOAD_BYTES for message in messages)
    assert [bytes(part) for message in messages for part in apart(message)] == payloads


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(spoilt_events() | st.binary(max_size=200) | JSON.map(lambda one: json.dumps(one).encode()))
def test_what_is_left_of_an_alarm_without_its_place_is_an_alarm_or_nothing(payload: bytes) -> None:
    left = without_place(payload)
    if left is None:
        return
    with contextlib.suppress(EventError):
        event = decode(left)
        assert isinstance(event.body, AlarmRaised)
        assert event.body.position is None
