"""Reading the log without consumers: whatever is told, lost or late, each event once, in order."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Final

import nats
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.events import AlarmRaised, Event, MessageSent, UnitDefined
from console.site.address import SiteAddress
from console.site.log import reader as reader_module
from console.site.log import rounds
from console.site.log.client import inbox_of, read_headers, tls_options
from console.site.log.ids import EventIds
from console.site.log.reader import Cursor, LogReader
from console.site.log.subjects import RESOURCES, LogStream, log_subject
from console.site.log.wire import encode

from .conftest import NewEar, Server, wait_for

PER_SUBJECT: Final = 3
STREAM: Final = RESOURCES
IDS: Final = EventIds()


class Model:
    """A stream as the server keeps it: stored, told, deleted; a replica may lag."""

    def __init__(self) -> None:
        self.clock_ms = 1_800_000_000_000
        self.wipe()

    def wipe(self) -> None:
        self.epoch = getattr(self, "epoch", 0) + 1
        self.stored: dict[int, str] = {}
        self.at_ms: defaultdict[int, int] = defaultdict(int)
        self.last = 0
        self.to_tell: list[int] = []
        self.lag = 0
        self.away = 0
        self.unreadable = range(0)
        self.replicas = 3

    def store(self, key: str) -> None:
        self.last += 1
        self.clock_ms += 1
        self.stored[self.last], self.at_ms[self.last] = key, self.clock_ms
        same = [seq for seq, one in self.stored.items() if one == key]
        for seq in same[:-PER_SUBJECT]:
            del self.stored[seq]
        self.to_tell.append(self.last)

    def headers(self, seq: int, key: str) -> dict[str, str]:
        return {
            "Nats-Stream": STREAM.name,
            "Nats-Subject": f"vb.log.{STREAM.token}.{key}",
            "Nats-Sequence": str(seq),
            "Nats-Time-Stamp": datetime.fromtimestamp(
                self.at_ms.get(seq, 0) / 1e3, UTC
            ).isoformat(),
        }

    def info(self) -> Any:
        first = min(self.stored, default=self.last + 1)
        state = SimpleNamespace(messages=len(self.stored), first_seq=first, last_seq=self.last)
        created = SimpleNamespace(isoformat=lambda: f"epoch {self.epoch}")
        config = SimpleNamespace(metadata=None, max_msgs_per_subject=-1, num_replicas=self.replicas)
        return SimpleNamespace(created=created, state=state, config=config)


class FakeClient:
    """As much of nats-py as a reader uses, answering from a :class:`Model`."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.callbacks: dict[str, Callable[[Any], Any]] = {}
        self.asked_s: list[float] = []

    def new_inbox(self) -> str:
        return f"_INBOX_x.{len(self.callbacks)}"

    async def subscribe(self, subject: str, cb: Callable[[Any], Any], **_: object) -> None:
        self.callbacks[subject] = cb

    async def flush(self, _timeout: float) -> None:
        await asyncio.sleep(0)

    def jetstream(self, **_: object) -> Any:
        async def stream_info(_name: str) -> Any:
            return self.model.info()

        return SimpleNamespace(stream_info=stream_info)

    async def publish(self, _subject: str, payload: bytes, reply: str) -> None:
        self.asked_s.append(time.monotonic())
        asyncio.get_running_loop().create_task(self._answer(json.loads(payload), reply))

    async def _answer(self, ask: dict[str, int], reply: str) -> None:
        model = self.model
        cb = self.callbacks[reply.rpartition(".")[0] + ".*"]
        if model.away:
            model.away -= 1
            await cb(message(reply, {"Status": "503"}))
            return
        there = [
            (seq, key)
            for seq, key in sorted(model.stored.items())
            if ask["seq"] <= seq <= model.last - model.lag and ask["seq"] not in model.unreadable
        ]
        model.lag = max(0, model.lag - 1)  # it catches up, slowly
        for seq, key in there[: ask["batch"]]:
            await cb(message(reply, model.headers(seq, key)))
            await asyncio.sleep(0)
        left = len(there) - ask["batch"]
        status = {"Status": "204", "Nats-Num-Pending": str(max(0, left))}
        await cb(message(reply, status if there else {"Status": "404"}))

    async def tell(self, headers: dict[str, str], key: str) -> None:
        await self.callbacks[STREAM.told](message(f"vb.told.{STREAM.token}.{key}", headers))


def message(subject: str, headers: dict[str, str]) -> Any:
    return SimpleNamespace(subject=subject, headers=headers, data=b"")


KEYS: Final = ("a.1", "a.2", "b.1")
ACTIONS: Final = st.one_of(
    st.tuples(st.just("store"), st.sampled_from(KEYS)),
    st.tuples(st.just("store"), st.sampled_from(KEYS)),
    st.tuples(st.just("tell"), st.integers(1, 4)),
    st.tuples(st.just("lose"), st.integers(1, 4)),
    st.tuples(st.just("repeat"), st.integers(0, 30)),
    st.tuples(st.just("forge"), st.integers(0, 30)),
    st.tuples(st.just("lag"), st.integers(0, 6)),
    st.tuples(st.just("away"), st.integers(1, 3)),
    st.tuples(st.just("wait"), st.integers(0, 9)),
    st.tuples(st.just("restart"), st.none()),
    st.tuples(st.just("wipe"), st.none()),
)


class Play:
    """One reader after another on one stream; ``heard`` is (epoch, sequence number, subject)."""

    def __init__(self) -> None:
        self.model = Model()
        self.cursor = Cursor()
        self.rounds = rounds.Rounds()
        self.heard: list[tuple[int, int, str]] = []
        self.broken: list[str] = []
        self.unreadable: list[LogStream] = []
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.client = FakeClient(self.model)
        self.reader = LogReader(
            STREAM,
            self.cursor,
            self.rounds,
            everything=True,
            on_payload=lambda subject, _data, _stream, _stored_ms: self.heard.append(
                (self.model.epoch, self.cursor.seq, subject)
            ),
            on_caught_up=lambda: None,
            on_broken=self.broken.append,
            on_unreadable=self.unreadable.append,
        )
        await self.reader.start(self.client, self.model.info())  # type: ignore[arg-type]  # the fake
        self.task = asyncio.create_task(self.reader.run())

    async def stop(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def act(self, what: str, value: Any) -> None:
        model = self.model
        if what == "store":
            model.store(value)
        elif what == "tell":
            for seq in [model.to_tell.pop(0) for _ in range(min(value, len(model.to_tell)))]:
                await self.tell(seq)
        elif what == "lose":
            del model.to_tell[:value]
        elif what == "repeat":
            await self.tell(value)
        elif what == "forge":
            await self.forge(value)
        elif what == "lag":
            model.lag = value
        elif what == "away":
            model.away = value
        elif what == "wait":
            for _ in range(value):
                await asyncio.sleep(0)
        else:
            await self.stop()
            if what == "wipe":
                model.wipe()
            await self.start()

    async def tell(self, seq: int) -> None:
        key = self.model.stored.get(seq)
        if key is not None:
            await self.client.tell(self.model.headers(seq, key), key)

    async def forge(self, value: int) -> None:
        """A member's own words where the server's are told: of another stream, another subject,
        a number that is none, or nothing at all."""
        good = self.model.headers(self.model.last + value + 1, "a.1")
        spoilt: tuple[dict[str, str], ...] = (
            good | {"Nats-Stream": "VB_NOW"},
            good | {"Nats-Subject": f"vb.log.{STREAM.token}.a.2"},
            good | {"Nats-Subject": "vb.told.resource.a.1"},
            good | {"Nats-Sequence": "-1"},
            good | {"Nats-Sequence": "1e9"},
            {"Status": "204"},
            {},
        )
        await self.client.tell(spoilt[value % len(spoilt)], "a.1")

    async def until_all_is_read(self) -> None:
        model = self.model
        for seq in model.to_tell:
            await self.tell(seq)
        for _ in range(20_000):
            if self.cursor.seq >= max(model.stored, default=0):
                return
            await asyncio.sleep(0.0005)
        raise AssertionError(f"at {self.cursor.seq} of {model.last}")


async def play(actions: list[tuple[str, Any]]) -> Play:
    it = Play()
    await it.start()
    try:
        for what, value in actions:
            await it.act(what, value)
        await it.until_all_is_read()
    finally:
        await it.stop()
    return it


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """The same decisions, sooner."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("LAG_S", 0.0),
            ("RETRY_S", 0.0),
            ("LOOK_BACK_S", 0.0),
            ("BATCH", 3),
        ):
            patch.setattr(reader_module, name, value)
        patch.setattr(reader_module.Fetch.__init__, "__defaults__", (3,))  # its own BATCH
        patch.setattr(rounds, "QUIET_S", 0.001)
        yield


@pytest.mark.usefixtures("quick")
@settings(max_examples=150, deadline=None)
@given(st.lists(ACTIONS, max_size=40))
def test_whatever_happens_each_event_once_and_in_order(actions: list[tuple[str, Any]]) -> None:
    it = asyncio.run(play(actions))
    assert not it.broken
    assert it.heard == sorted(set(it.heard)), "once each, in their order"
    model = it.model
    heard = {seq: subject for epoch, seq, subject in it.heard if epoch == model.epoch}
    for seq, key in model.stored.items():
        assert heard.get(seq) == f"vb.log.{STREAM.token}.{key}"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("last_bad", [5, 8])
def test_what_the_only_server_can_not_read_is_passed_over_and_told(last_bad: int) -> None:
    """A desk that starts then must hear of what comes from now on."""

    async def damaged() -> Play:
        it = Play()
        it.model.replicas = 1
        for _ in range(8):
            it.model.store("a.1" if len(it.model.stored) % 2 else "a.2")
        it.model.to_tell.clear()
        it.model.unreadable = range(last_bad + 1)
        await it.start()
        await it.until_all_is_read()
        await asyncio.sleep(0.01)
        await it.act("store", "b.1")
        await it.act("tell", 1)
        await it.until_all_is_read()
        await it.stop()
        return it

    it = asyncio.run(damaged())
    kept = [seq for seq in sorted(it.model.stored) if seq > last_bad]
    assert [seq for _, seq, _ in it.heard] == kept
    assert it.unreadable == [STREAM]


async def six_read() -> Play:
    it = Play()
    await it.start()
    for _ in range(6):
        await it.act("store", "a.1")
    await it.until_all_is_read()
    return it


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("again", [1, 9])
def test_a_stream_that_counts_on_from_before_is_read_anew(
    again: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its server has let go of a damaged block, and what comes bears numbers that were read. The
    first of it is told before the reader looks by itself, as it is told when it is stored."""
    monkeypatch.setattr(rounds, "QUIET_S", 10.0)

    async def cut_back() -> Play:
        it = await six_read()
        await it.act("repeat", it.model.last)  # what is only told again is no reason
        await asyncio.sleep(0.01)
        assert not it.broken
        it.model.stored, it.model.last = {}, 0
        for number in range(again):
            await it.act("store", f"b.{number}")
        for _ in range(100):
            await it.tell(1)
            await asyncio.sleep(0.01)
            if it.broken and it.cursor.seq == again:
                break
        await it.stop()
        return it

    it = asyncio.run(cut_back())
    assert it.broken == [f"{STREAM.name} counts on from before"]
    assert it.unreadable == [STREAM]
    new = [subject for _, _, subject in it.heard if ".b." in subject]
    assert new == [f"vb.log.{STREAM.token}.b.{number}" for number in range(again)]


@pytest.mark.usefixtures("quick")
def test_a_loss_just_after_a_repetition_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member may have had something repeated a moment before the server let go of a block; what
    came since has passed what was read when the reader looks again."""
    monkeypatch.setattr(reader_module, "LOOK_BACK_S", 5.0)

    async def cut_back() -> Play:
        it = await six_read()
        await it.act("repeat", 6)
        await asyncio.sleep(0.01)
        assert not it.broken
        it.model.stored, it.model.last = {}, 0
        for number in range(7):
            await it.act("store", f"b.{number}")
            await it.tell(number + 1)
            await asyncio.sleep(0)
        for _ in range(100):
            await asyncio.sleep(0.01)
            if it.broken and it.cursor.seq == 7:
                break
        await it.stop()
        return it

    it = asyncio.run(cut_back())
    assert it.broken[:1] == [f"{STREAM.name} counts on from before"]
    new = [subject for _, _, subject in it.heard if ".b." in subject]
    assert new == [f"vb.log.{STREAM.token}.b.{number}" for number in range(7)]


@pytest.mark.usefixtures("quick")
def test_a_replica_that_lags_for_long_makes_nobody_pass_over_what_is_there() -> None:
    async def lagging() -> Play:
        it = Play()
        await it.start()
        it.model.store("a.1")
        it.model.store("a.2")
        it.model.lag = 200  # many times MAX_LAGS
        await it.until_all_is_read()
        await it.stop()
        return it

    it = asyncio.run(lagging())
    assert [seq for _, seq, _ in it.heard] == [1, 2]
    assert it.reader.lags > 0


# -- headers ------------------------------------------------------------------------------

OWN: Final = "Nats-Stream: VB_X\r\nNats-Subject: vb.log.x\r\nNats-Sequence: 7\r\n\r\n"


@pytest.mark.parametrize(
    "publishers",
    [
        b"NATS/1.0\r\n",
        b"NATS/1.0\r\nNats-Sequence: 999\r\nNats-Stream: VB_ALARMS\r\n",
        b"NATS/1.0\r\nNats-Stream: VB_ALARMS\r\nNats-Sequence: 999\r\n\r\nX: y\r\n",
        b"NATS/1.0 204 EOB\r\n",
        b"NATS/1.0 404 \xff\xfe\r\n\xff: \xfe\r\n",
        b"NATS/1.0\r\nStatus: 404\r\nNats-Stream: VB_ALARMS\r\nX: glued",
        b"NATS/1.0\r\n" + b"a: b\r\n" * 5_000,
        b"\r\n",
        b"",
    ],
)
def test_the_servers_headers_stand_whatever_the_publishers_are(publishers: bytes) -> None:
    found = read_headers(publishers + OWN.encode())
    assert found is not None
    assert (found["Nats-Stream"], found["Nats-Sequence"]) == ("VB_X", "7")
    assert found["Nats-Subject"] == "vb.log.x"


@settings(max_examples=500)
@given(st.binary(max_size=200))
def test_no_header_ends_a_reader(raw: bytes) -> None:
    read_headers(raw)
    found = read_headers(raw + OWN.encode())
    assert found is not None
    assert found["Nats-Sequence"] == "7"


HOSTILE_HEADERS: Final = (
    b"NATS/1.0 204 EOB\r\nNats-Num-Pending: 0\r\n\r\n",
    b"NATS/1.0 404 Message Not Found\r\n\r\n",
    b"NATS/1.0 503\r\n\r\n",
    b"NATS/1.0\r\nStatus: 404\r\n\r\n",
    b"NATS/1.0\r\nNats-Sequence: 99999\r\nNats-Stream: VB_ALARMS\r\n"
    b"Nats-Subject: vb.log.alarm.operator.lv1.alarm-raised.A9\r\n\r\n",
    b"NATS/1.0\r\nNats-Sequence: 99999\r\nNats-Stream: VB_MESSAGES\r\n\r\nX: y\r\n\r\n",
    b"NATS/1.0\r\nNats-Stream: VB_ALARMS\r\nX: glued",
    b"NATS/1.0 \xff\xfe\r\n\xff\xfe: \xfd\r\n\r\n",
    b"NATS/1.0\r\n" + b"k: v\r\n" * 100 + b"\r\n",
    b"NATS/1.0",
    b"\r\n\r\n",
)


@pytest.mark.system
def test_no_publishers_headers_end_a_batch_skip_or_inject_an_event(
    server: Server, new_ear: NewEar
) -> None:
    """Each of them around a good message, read as it is told and read back from the log."""
    ear = new_ear("one")
    assert ear.link.wait_caught_up(10)
    rogue = server.as_member("two")
    events = [
        Event(
            id=IDS.next(1_000_000),
            time_ms=1_000_000,
            author="two",
            seq=n,
            body=MessageSent(to="lv1", text=f"{n}"),
        )
        for n in range(len(HOSTILE_HEADERS))
    ]
    asyncio.run(send_with_headers(rogue, events))
    sent = [event.id for event in events]
    after = ear.publish(MessageSent(to="lv1", text="after"))
    ear.wait_ids([*sent, after])
    assert ear.ids() == [*sent, after]
    late = new_ear("late")
    assert late.link.wait_caught_up(10)
    assert late.ids() == [*sent, after]
    assert [state for state, _ in ear.states] == ["connecting", "up"]
    assert ear.link.counts.skipped == 0


async def send_with_headers(address: SiteAddress, events: list[Event]) -> None:
    nc = await nats.connect(
        address.url, inbox_prefix=inbox_of(address.identity), **tls_options(address.identity)
    )
    for event, headers in zip(events, HOSTILE_HEADERS, strict=True):
        subject, payload = log_subject(event, "operator"), encode(event)
        total = len(headers) + len(payload)
        command = f"HPUB {subject} {len(headers)} {total}\r\n".encode()
        await nc._send_command(command + headers + payload + b"\r\n")
    await nc.flush()
    await nc.close()


# -- the real server, deletions and stolen ids --------------------------------------------


@pytest.mark.system
def test_what_newer_ones_of_their_subject_have_displaced_is_no_gap(
    server: Server, new_ear: NewEar
) -> None:
    one = new_ear("one", "gateway")
    one.wait_up()
    ids = []
    for n in range(60):  # of each unit the log keeps 8
        ids.append(one.publish(unit(n % 3, f"Bil {n}")))
    one.wait_ids(ids[-24:])
    late = new_ear("late")
    assert late.link.wait_caught_up(10)
    assert late.ids() == ids[-24:]
    assert late.state.picture() == one.state.picture()


def unit(number: int, call_sign: str) -> UnitDefined:
    return UnitDefined(unit=f"u{number}", call_sign=call_sign, unit_kind="ambulance")


@pytest.mark.system
def test_an_event_whose_id_another_has_used_is_stored_all_the_same(
    server: Server, new_ear: NewEar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server takes a message under a known Nats-Msg-Id for the same; a member might publish
    its own under the id that an alarm is going to have."""
    ear, other = new_ear("one"), new_ear("two")
    assert ear.link.wait_caught_up(10)
    assert other.link.wait_caught_up(10)
    stolen = IDS.next(time.time_ns() // 1_000_000)
    rogue = server.as_member("three")
    junk = Event(id=IDS.next(1), time_ms=1, author="three", seq=1, body=AlarmRaised("J", "u9"))

    async def steal() -> None:
        nc = await nats.connect(
            rogue.url, inbox_prefix=inbox_of(rogue.identity), **tls_options(rogue.identity)
        )
        subject = log_subject(junk, "operator")
        await nc.jetstream().publish(subject, encode(junk), headers={"Nats-Msg-Id": stolen})
        await nc.close()

    asyncio.run(steal())
    with monkeypatch.context() as patched:
        patched.setattr(EventIds, "next", lambda _ids, _now_ms: stolen)
        published = ear.publish(AlarmRaised(alarm="A1", unit="u1"))
    assert published == stolen
    other.wait_ids([junk.id, stolen])
    wait_for(lambda: ear.delivered == [stolen], "the author to know that it is there")
    late = new_ear("late")
    assert late.link.wait_caught_up(10)
    assert late.ids() == [junk.id, stolen]
    assert ear.link.counts.usurped == 1


@pytest.mark.usefixtures("quick")
def test_the_readers_of_a_link_ask_in_the_same_turn_of_its_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then all questions leave in one write, and wake a server once."""
    monkeypatch.setattr(rounds, "QUIET_S", 0.2)

    async def five_readers() -> list[float]:
        shared, plays = rounds.Rounds(), [Play() for _ in range(5)]
        for one in plays:
            one.rounds = shared
            await one.start()
            await asyncio.sleep(0.01)
        for one in plays:
            one.client.asked_s.clear()
        await asyncio.sleep(0.3)  # two rounds at the most
        for one in plays:
            await one.stop()
        return sorted(at for one in plays for at in one.client.asked_s)

    asked_s = asyncio.run(five_readers())
    assert len(asked_s) >= 5
    moments = [
        at for before, at in zip([0.0, *asked_s], asked_s, strict=False) if at - before > 0.02
    ]
    assert len(moments) <= 3 < len(asked_s), "not each in a moment of its own"
