"""Names and addresses of an exercise on the network."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from audio.protocol import StreamSpec, stream_id
from console.exercise.scenario import load
from console.exercise.station import Station
from console.streams.announcement import Announcement, Service, check_group, read_stream
from console.streams.plan import plan

MACHINE = "legevakt-1a2b3c.local"
MANY = [f"tg{number}" for number in range(128)]


def test_two_homes_on_one_machine_are_two_stations() -> None:
    one, two = (Station(MACHINE, Path(home), None) for home in ("/a", "/b"))
    assert one.host != two.host
    assert not set(one.groups(MANY).values()) & set(two.groups(MANY).values())


def test_a_station_is_the_same_every_time() -> None:
    one, two = (Station(MACHINE, Path("/a"), None) for _ in range(2))
    assert (one.host, one.port) == (two.host, two.port)
    assert one.groups(MANY) == two.groups(MANY)


def test_every_talkgroup_has_a_group_of_its_own_that_desks_take() -> None:
    for interface, version in ((None, 4), ("127.0.0.1", 4), ("fe80::1", 6)):
        groups = Station(MACHINE, Path("/a"), interface).groups(MANY)
        assert len(set(groups.values())) == len(MANY)
        assert all(check_group(group) == group for group in groups.values())
        assert {ipaddress.ip_address(group).version for group in groups.values()} == {version}


def test_what_is_announced_is_what_is_sent() -> None:
    station = Station(MACHINE, Path("/a"), "127.0.0.1")
    scenario = load("night")
    groups = station.groups(scenario.talkgroups)
    for talkgroup in scenario.talkgroups.values():
        offer = station.offer(talkgroup, groups[talkgroup.key])
        publication = station.publication(talkgroup, groups[talkgroup.key])
        items = [f"{key}={value}".encode() for key, value in offer.properties().items()]
        text = b"".join(bytes([len(one)]) + one for one in items)
        found = read_stream(Service(offer.name, station.host, offer.port, text))
        assert isinstance(found, Announcement)
        assert found.stream == publication.publication == stream_id(talkgroup.key, station.host)
        spec = plan(found, interface="127.0.0.1", keys=None, unicast_ports={})
        assert isinstance(spec, StreamSpec)
        assert (spec.group, spec.port) == (publication.address, publication.port)
        assert spec.payload_type == publication.payload_type
