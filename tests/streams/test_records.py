"""Who claims which name, for how long, and that nothing hostile makes the tables grow."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from console.streams import records
from console.streams.announcement import STREAM_TYPE
from console.streams.browse import Rows
from console.streams.records import Record, Records

TXT = b"\x06tg=lv1\x0egrp=239.77.1.1\x04pt=0"
OTHER_TXT = b"\x06tg=lv1\x0egrp=239.66.6.6\x04pt=0"


def full(name: str) -> str:
    return f"{name}.{STREAM_TYPE}"


def ptr(name: str, ttl_s: float = 4500) -> Record:
    return Record("ptr", STREAM_TYPE, ttl_s, target=full(name))


def srv(name: str, host: str = "a.local.", ttl_s: float = 12, port: int = 5004) -> Record:
    return Record("srv", full(name), ttl_s, target=host, port=port)


def txt(name: str, text: bytes = TXT, ttl_s: float = 120) -> Record:
    return Record("txt", full(name), ttl_s, text=text)


def address(host: str = "a.local.", where: str = "10.0.0.1", ttl_s: float = 12) -> Record:
    return Record("address", host, ttl_s, target=where)


def announcement(name: str, host: str = "a.local.", text: bytes = TXT) -> list[Record]:
    return [ptr(name), srv(name, host), txt(name, text), address(host)]


def new_records() -> Records:
    return Records(STREAM_TYPE, spread=lambda low, _high: low)


def test_one_packet_is_a_service() -> None:
    known = new_records()
    assert known.take(announcement("L"), 0.0)
    (service,) = known.services()
    assert (service.name, service.host, service.port) == ("L", "a.local.", 5004)
    assert service.addresses == ("10.0.0.1",)
    assert not known.take(announcement("L"), 1.0)


def test_the_order_within_a_packet_does_not_matter() -> None:
    known = new_records()
    known.take(list(reversed(announcement("L"))), 0.0)
    assert len(known.services()) == 1


def test_a_name_without_its_place_is_asked_about_and_forgotten_in_the_end() -> None:
    known = new_records()
    known.take([ptr("L")], 0.0)
    asked = {(one.name, one.kind) for one in known.questions(0.0)}
    assert {(full("L"), "srv"), (full("L"), "txt")} <= asked
    known.expire(records.PENDING_LIFE_S + 1)
    assert not known.is_known(txt("L"))


def test_a_goodbye_is_believed_at_once() -> None:
    known = new_records()
    known.take(announcement("L"), 0.0)
    assert known.take([srv("L", ttl_s=0)], 1.0)
    assert known.services() == ()
    known.take(announcement("L"), 2.0)
    assert known.take([ptr("L", ttl_s=0)], 3.0)
    assert known.services() == ()


def test_who_dies_is_asked_for_and_gone_after_the_ttl() -> None:
    known = new_records()
    known.take(announcement("L"), 0.0)
    known.questions(0.0)
    asked = []
    for tenth in range(130):
        now_s = tenth / 10
        asked += [now_s for one in known.questions(now_s) if one.name == full("L")]
        if known.expire(now_s):
            break
    assert 11.9 <= now_s <= 12.1
    assert len(asked) >= 3


def test_an_answer_keeps_it() -> None:
    known = new_records()
    known.take(announcement("L"), 0.0)
    known.take([srv("L")], 8.0)
    known.expire(12.5)
    assert len(known.services()) == 1


def test_a_long_ttl_does_not_keep_a_dead_station() -> None:
    known = new_records()
    known.take([ptr("L"), srv("L", ttl_s=100_000), txt("L")], 0.0)
    known.expire(records.MAX_LIFE_S + 0.1)
    assert known.services() == ()


def test_a_rogue_that_announces_a_name_gets_a_row_of_its_own() -> None:
    known, rows = new_records(), Rows()
    known.take(announcement("L"), 0.0)
    (mine,), _ = rows.update(known.services())
    known.take(announcement("L", "rogue.local.", OTHER_TXT), 1.0)
    changed, gone = rows.update(known.services())
    assert [one.stream for one in changed] == ["lv1@rogue.local"]
    assert gone == ()
    assert mine in rows.streams()


def test_a_txt_alone_changes_nothing_where_two_hosts_claim_the_name() -> None:
    known = new_records()
    known.take(announcement("L"), 0.0)
    known.take(announcement("L", "rogue.local.", OTHER_TXT), 1.0)
    assert not known.take([txt("L", OTHER_TXT)], 2.0)
    assert known.services()[0].text == TXT
    assert known.counts["ambiguous-txt"] == 1


def test_the_goodbye_of_a_contested_name_is_checked_with_those_that_claim_it() -> None:
    known = new_records()
    known.take(announcement("L"), 0.0)
    known.take(announcement("L", "b.local."), 0.0)
    known.questions(0.0)
    assert not known.take([ptr("L", ttl_s=0)], 1.0)
    assert any(one.name == full("L") for one in known.questions(1.0))
    known.take([srv("L", "b.local.")], 1.5)
    known.expire(3.5)
    assert [one.host for one in known.services()] == ["b.local."]


def test_a_rogue_instance_that_points_at_the_station_s_host_does_not_get_its_row() -> None:
    known, rows = new_records(), Rows()
    known.take(announcement("L"), 0.0)
    rows.update(known.services())
    known.take(announcement("Evil", "a.local.", OTHER_TXT), 1.0)
    changed, gone = rows.update(known.services())
    assert (changed, gone) == ((), ())
    assert rows.streams()[0].group == "239.77.1.1"


def test_a_renamed_instance_keeps_its_row_under_the_new_name() -> None:
    known, rows = new_records(), Rows()
    known.take(announcement("L"), 0.0)
    rows.update(known.services())
    known.take(announcement("L #2"), 1.0)
    known.take([ptr("L", ttl_s=0), srv("L", ttl_s=0)], 1.0)
    (changed,), gone = rows.update(known.services())
    assert (changed.name, changed.stream, gone) == ("L #2", "lv1@a.local", ())


def test_changed_txt_and_port_are_changes() -> None:
    known = new_records()
    known.take(announcement("L"), 0.0)
    assert known.take([txt("L", OTHER_TXT)], 1.0)
    assert known.take([srv("L", port=6000)], 1.0)
    assert (known.services()[0].text, known.services()[0].port) == (OTHER_TXT, 6000)


def test_browsing_is_repeated_ever_more_seldom() -> None:
    known = new_records()
    times = [t / 10 for t in range(1400) if known.questions(t / 10)]
    assert times == [0.0, 1.0, 3.0, 7.0, 60.0, 120.0]


def test_a_newcomer_asks_for_unicast_too_because_multicast_may_wait_for_a_second() -> None:
    known = new_records()
    assert [one.at_once for one in known.questions(0.0)] == [True, False]
    assert [one.at_once for one in known.questions(1.0)] == [False]
    known.restart(2.0)  # new sockets: a newcomer again
    assert [one.at_once for one in known.questions(2.0)] == [True, False]


def flood(known: Records, number: int) -> None:
    source = random.Random(1)
    for at in range(number):
        name, host = f"n{source.randrange(10**9)}", f"h{source.randrange(10**9)}.local."
        known.take(
            [ptr(name), ptr(f"p{name}"), srv(name, host), txt(name), address(host)], at / 1e4
        )


def assert_bounded(known: Records) -> None:
    assert len(known._claims) <= records.MAX_CLAIMS
    assert len(known._pending) <= records.MAX_PENDING
    assert len(known._names_at) <= records.MAX_CLAIMS
    assert len(known._hosts_of) <= records.MAX_CLAIMS
    assert len(known._addresses) <= records.MAX_CLAIMS
    assert all(len(one) <= records.MAX_ADDRESSES for one in known._addresses.values())
    assert len(known.questions(1e6)) <= 4 * records.QUESTIONS_BURST + 2


def test_ten_thousand_strangers_leave_bounded_tables_and_the_first_in_place() -> None:
    known = new_records()
    known.take(announcement("First"), -1.0)
    known.take(announcement("First"), 0.0)
    flood(known, 10_000)
    assert_bounded(known)
    assert known.services()[0].name == "First"
    assert known.counts["table-full"] > 9_000
    known.expire(1e5)
    assert (known._claims, known._hosts_of, known._addresses) == ({}, {}, {})
    assert not known._names_at


def test_after_a_flood_a_station_gets_in_at_once() -> None:
    known = new_records()
    flood(known, 10_000)
    assert known.take(announcement("Late", "late.local."), 2.0)
    assert known.services()[-1].name == "Late"


def test_stations_that_repeat_themselves_are_never_evicted() -> None:
    known = new_records()
    for now_s in (0.0, 1.0):
        for number in range(records.MAX_CLAIMS):
            known.take(announcement(f"n{number}", f"h{number % 4}.local."), now_s)
    assert not known.take(announcement("Late", "late.local."), 2.0)
    assert known.counts["table-full"] == 1
    assert known.counts["evicted"] == 0


def test_one_host_can_t_fill_the_table() -> None:
    known = new_records()
    for number in range(600):
        known.take(announcement(f"n{number}"), 0.0)
    assert len(known.services()) == records.MAX_CLAIMS_PER_HOST
    assert known.take(announcement("Other", "b.local."), 0.0)


def test_one_name_can_t_be_claimed_by_everybody() -> None:
    known = new_records()
    for number in range(50):
        known.take(announcement("L", f"h{number}.local."), 0.0)
    assert len(known.services()) == records.MAX_CLAIMS_PER_NAME


names = st.sampled_from(["A", "B", "C", STREAM_TYPE, ""])
hosts = st.sampled_from(["a.local.", "b.local.", "", "x" * 300])
ttls = st.sampled_from([0.0, 1.0, 12.0, 120.0, 1e9])
any_record = (
    st.builds(ptr, names, ttls)
    | st.builds(srv, names, hosts, ttls, st.integers(0, 65_535))
    | st.builds(txt, names, st.binary(max_size=20), ttls)
    | st.builds(address, hosts, st.sampled_from(["10.0.0.1", "fd77::1"]), ttls)
)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.lists(any_record, max_size=6), st.floats(0, 20)), max_size=40))
def test_the_tables_agree_with_each_other_whatever_comes(
    packets: list[tuple[list[Record], float]],
) -> None:
    known, rows, now_s = new_records(), Rows(), 0.0
    shown: dict[str, object] = {}
    for packet, pause_s in packets:
        now_s += pause_s
        known.expire(now_s)
        known.take(packet, now_s)
        known.questions(now_s)
        changed, gone = rows.update(known.services())
        for stream in gone:
            del shown[stream]
        shown.update({one.stream: one for one in changed})
        assert shown == {one.stream: one for one in rows.streams()}
        assert {key for key, hosts_ in known._hosts_of.items() for _ in hosts_} == {
            name for name, _ in known._claims
        }
        assert sum(known._names_at.values()) == len(known._claims)
        assert set(known._addresses) <= set(known._names_at)
    known.expire(now_s + 1e3)
    assert known.services() == ()
