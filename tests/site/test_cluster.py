"""Three machines hold one site: how they become its nodes, and what is left when one dies."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import ssl
from pathlib import Path

import msgspec
import pytest

from console.domain.events import AlarmRaised, MessageSent
from console.domain.voice_keys import Handout, KeyRequest
from console.site.address import SiteAddress, SiteError
from console.site.log.client import Failure, close_client, come_in
from console.site.log.logstore import VOICE_KEYS
from console.site.log.subjects import STREAMS
from console.site.node.others import Cluster, check_majority
from console.site.node.papers import Papers
from console.site.node.process import find_node, read_site_file
from console.site.security import identity
from console.site.security.lockout import MAX_WRONG
from console.site.security.members import Member, Members
from console.site.services.asked import ask
from console.site.services.persons import SERVICE, SignedIn, SignIn
from tests import netlab

from .conftest import ClusterSite, Ear, EarAt, ears, wait_for
from .machines import FORM_S, Machine, at_all, grown, machines, machines_in_a_lan, rows

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


POLICY = "[retention]\nmessage = 60\n"


def keys_at(address: SiteAddress) -> dict[str, bytes]:
    """All that the site knows of voice keys and blocks, as it is kept."""

    async def read() -> dict[str, bytes]:
        nc = await come_in(address.place.urls, address.identity, "test")
        try:
            store = await nc.jetstream().key_value(VOICE_KEYS)
            return {name: (await store.get(name)).value or b"" for name in await store.keys()}
        finally:
            await close_client(nc)

    return asyncio.run(read())


def voice_keys(address: SiteAddress, talkgroup: str) -> Handout:
    """As soon as the site gives any."""
    request = msgspec.json.encode(KeyRequest(1, sends=True, station="a1b2"))
    told: list[Handout] = []

    def given() -> bool:
        with contextlib.suppress(SiteError):  # the service is about to start
            said = ask(address, "keys", talkgroup, request)
            told.append(msgspec.json.decode(said, type=Handout))
        return bool(told)

    wait_for(given, "keys")
    return told[0]


def sign_in(address: SiteAddress, name: str, pin: str) -> SignedIn:
    payload = msgspec.json.encode(SignIn(name, pin))
    return msgspec.json.decode(ask(address, SERVICE, "sign-in", payload), type=SignedIn)


def holders(address: SiteAddress) -> set[frozenset[str]]:
    """Which nodes hold a stream, of all streams and stores. Raises Failure without a leader."""

    async def read() -> set[frozenset[str]]:
        nc = await come_in(address.place.urls, address.identity, "test")
        try:
            js = nc.jetstream()
            names = (*(one.name for one in STREAMS), "VB_NOW", "KV_VB_LEASES", f"KV_{VOICE_KEYS}")
            infos = [(await js.stream_info(name)).cluster for name in names]
            return {
                frozenset(
                    (str(one.leader), *(str(p.name) for p in one.replicas or [] if p.current))
                )
                for one in infos
                if one is not None
            }
        finally:
            await close_client(nc)

    return asyncio.run(read())


@pytest.mark.long
def test_a_site_that_runs_grows_to_three_machines_and_a_dead_one_is_replaced(
    tmp_path: Path, ear_at: EarAt
) -> None:
    """By codes. What one held is moved, keys too; nothing is lost when one dies, is taken out, and
    another takes its place."""
    with machines(tmp_path, 4) as made:
        live(made, ear_at, is_back=False)


@pytest.mark.long
def test_who_was_replaced_and_comes_back_on_its_old_disk_is_shut_out(
    tmp_path: Path, ear_at: EarAt
) -> None:
    """Before that it may go and come; and the two that were left can both be started again."""
    with machines(tmp_path, 4) as made:
        live(made, ear_at, is_back=True)


def live(made: list[Machine], ear_at: EarAt, *, is_back: bool) -> None:
    first, second, third, fourth = made
    first.start("--name", "Klynga").wait_running()
    added = first.run("person", "add", "Kari N", stdin="4711\n")
    assert added.returncode == 0, added.stderr
    desk = ear_at(first.own_address())
    ids = grow([first, second, third], desk, ear_at)
    wrong_pins_are_counted_together(second, third)
    (third.folder / "policy.toml").write_text(POLICY)
    wait_for(lambda: policies(made[:3]) == {POLICY}, "the policy to be everywhere")
    ids += lose(first, third, desk, ear_at)
    if is_back:
        first.start().wait_running()
        first.kill()
    at_any = at_all(third.own_address(), [second, third])
    wait_for(lambda: signs_in(at_any), "it to be confirmed", FORM_S)
    take_out(first, second, third)
    if is_back:
        come_back(first, second, third)
    replace(second, third, fourth)
    wait_for(lambda: signs_in(at_all(at_any, [fourth])), "it to be confirmed")
    late = ear_at(fourth.own_address())
    late.wait_ids(ids)
    assert said(late) == sorted(ids)
    assert policies([fourth]) == {POLICY}, "as it was given"
    if is_back:
        stay_out(first, [second, third, fourth])


def policies(nodes: list[Machine]) -> set[str]:
    files = (one.folder / "policy.toml" for one in nodes)
    return {file.read_text() if file.exists() else "" for file in files}


def grow(three: list[Machine], desk: Ear, ear_at: EarAt) -> list[str]:
    """What was said meanwhile."""
    first, second, third = three
    desk.wait_up()
    ids = [desk.publish(AlarmRaised(alarm=f"A{n}", unit="u1")) for n in range(5)]
    ids += [desk.publish(MessageSent(to="lv1", text=f"{n}")) for n in range(5)]
    desk.wait_ids(ids)
    wait_for(lambda: len(desk.delivered) == len(ids), "all to be there")
    told = voice_keys(first.own_address(), "lv1")
    assert told.keys, told.refused
    wait_for(lambda: len(keys_at(first.as_node())) == 2, "the group and the block to be kept")
    kept = keys_at(first.as_node())

    def while_two() -> None:
        assert not first.is_clustered, "two nodes would need both of them"
        waiting = ear_at(second.own_address())
        waiting.wait_ids(ids)

    grown(three, while_two)
    assert keys_at(third.as_node()) == kept
    assert not (first.folder / "store").exists()
    again = voice_keys(second.own_address(), "lv1")
    assert (again.keys[0].kid, again.keys[0].key) == (told.keys[0].kid, told.keys[0].key)
    wait_for(lambda: members(first) == members(second) == members(third), "the same members")
    assert len(members(first)) == 6, "a desk and an exercise of each home"
    return ids


def said(ear: Ear) -> list[str]:
    """The events that desks have said, each as often as it came."""
    return sorted(one.id for one in ear.events if isinstance(one.body, AlarmRaised | MessageSent))


def lose(first: Machine, third: Machine, desk: Ear, ear_at: EarAt) -> list[str]:
    """The one that the desk has come in at."""
    late = ear_at(third.own_address(), "late")
    wait_for(lambda: set(said(desk)) <= set(late.ids()), "all that was said")
    assert said(late) == said(desk)
    assert desk.state.picture() == late.state.picture()
    desk.wait_up()
    wait_for(lambda: desk.link.is_caught_up, "the desk to be back", FORM_S)
    first.kill()
    raised = desk.publish(AlarmRaised(alarm="B1", unit="u1"))
    wait_for(lambda: raised in late.ids(), "an alarm to reach the others", FORM_S)
    wait_for(lambda: raised in desk.ids(), "the desk to go to another node", FORM_S)
    assert said(desk) == said(late)
    return [raised]


def wrong_pins_are_counted_together(one: Machine, other: Machine) -> None:
    desk = one.own_address()
    for _ in range(MAX_WRONG - 1):
        assert sign_in(at_all(desk, [one]), "Nobody", "0815").why == "wrong"
    tries = itertools.count()

    def is_locked() -> bool:
        next(tries)
        return sign_in(at_all(desk, [other]), "Nobody", "0815").why == "locked"

    wait_for(is_locked, "it to be locked")
    assert next(tries) <= 2, "one more may be tried while the word is on its way"
    assert sign_in(at_all(desk, [one]), "Nobody", "0815").why == "locked", "at any node"
    exercise = one.own_address("trainer")
    assert sign_in(at_all(exercise, [one]), "Nobody", "0815").why == "wrong", "elsewhere not"


def members(machine: Machine) -> dict[str, Member]:
    return dict(Members.load(machine.folder / "members.json").all)


def signs_in(desk: SiteAddress) -> bool:
    try:
        return sign_in(desk, "Kari N", "4711").confirmed
    except SiteError:  # while servers see that one is gone
        return False


def take_out(first: Machine, second: Machine, third: Machine) -> None:
    lost = first.name
    wait_for(lambda: not rows(second)[lost]["answers"], "it to be seen as silent", FORM_S)
    running = second.run("site", "--remove-node", third.name)
    assert running.returncode == 1
    assert "runs: end it there first" in running.stderr
    out = second.run("site", "--remove-node", lost)
    assert out.returncode == 0, out.stderr
    two = frozenset((second.name, third.name))
    wait_for(lambda: is_held_by(second, two), "the two to hold the log", FORM_S)
    wait_for(lambda: rows(third)[lost]["removed"], "the third to know of it")
    present = Members.load(third.folder / "members.json").present()
    own = {one.name for one in present if one.role == "operator"}
    assert own == {second.own_address().identity.name, third.own_address().identity.name}
    none_left = second.run("site", "--remove-node", lost)
    assert (none_left.returncode, "is no node of this site" in none_left.stderr) == (1, True)


def come_back(first: Machine, second: Machine, third: Machine) -> None:
    two = frozenset((second.name, third.name))
    for one in (second, third):
        one.stop()
    for one in (second, third):
        one.start()
    wait_for(lambda: is_held_by(second, two), "the two to hold it still", FORM_S)
    wait_for(lambda: second.run("site", "--nodes").returncode == 0, "its services", FORM_S)

    first.start()  # as it was, on its old disk


def replace(second: Machine, third: Machine, fourth: Machine) -> None:
    fourth.join(second).wait_running()
    three = frozenset((second.name, third.name, fourth.name))
    wait_for(lambda: is_held_by(fourth, three), "the new one to hold the log", FORM_S)


def stay_out(first: Machine, others: list[Machine]) -> None:
    wait_for(lambda: "does not let this node in" in first.log(), "the old one to be shut out")
    for one in others:
        assert servers(one) == {other.name for other in others}, "nor is its server among theirs"


def is_held_by(machine: Machine, names: frozenset[str]) -> bool:
    """All of the log, as this node sees it."""
    with contextlib.suppress(*Failure):
        found = find_node(machine.path)
        return found is not None and holders(found) == {names}
    return False


def servers(machine: Machine) -> set[str]:
    """Of the cluster that this node's is one of."""
    known, system = read_site_file(machine.path), identity.load(machine.folder / "system")
    assert known is not None
    assert system is not None

    async def read() -> set[str]:
        nc = await come_in(known.place.urls[:1], system, "test")
        try:
            return await Cluster(nc).running()
        finally:
            await close_client(nc)

    return asyncio.run(read())


@pytest.mark.long
@pytest.mark.netns
@pytest.mark.skipif(bool(netlab.missing()), reason=netlab.missing())
def test_three_machines_of_a_network_that_leads_nowhere_find_each_other(tmp_path: Path) -> None:
    """Without a word of where they are: no interface, no door, no gateway."""
    with (
        machines_in_a_lan(tmp_path, 3) as (first, second, third),
        ears(tmp_path / "spool") as make,
    ):
        first.start("--name", "Klynga").wait_running()
        grown([first, second, third])
        assert {node.url.rpartition(":")[0] for node in third.nodes.present} == {
            f"tls://{one.address}" for one in (first, second, third)
        }
        near, far = (ear_of(one, make) for one in (second, third))
        first.kill()
        raised = near.publish(AlarmRaised(alarm="A1", unit="u1"))
        wait_for(lambda: raised in far.ids(), "an alarm to reach the other", FORM_S)


def ear_of(machine: Machine, make: EarAt) -> Ear:
    """A desk of this machine, in its network."""
    address = machine.own_address()
    with machine.inside():
        ear: Ear = make(address, address.identity.name)
    ear.wait_up()
    return ear


def test_without_a_majority_no_node_is_taken_out() -> None:
    """Nor where there would be none afterwards."""
    four = {"a", "b", "c", "d"}
    check_majority(four, four - {"d"}, "d")
    check_majority({"a", "b", "c"}, {"a", "b"}, "c")
    for group, running in (
        ({"a", "b", "c"}, {"a"}),
        ({"a", "c"}, {"a"}),
        (four, {"a", "b"}),
    ):
        with pytest.raises(SiteError, match="no majority"):
            check_majority(group, running, "c")
    with pytest.raises(SiteError, match="the server of c runs"):
        check_majority({"a", "b", "c"}, {"a", "b", "c"}, "c")


@pytest.mark.long
def test_a_home_that_is_a_site_becomes_no_node_of_another(tmp_path: Path) -> None:
    """And the code is not used up."""
    with machines(tmp_path, 3) as (first, second, third):
        first.start().wait_running()
        Papers.open(second.folder, "Two")
        before = (second.folder / "pki" / "ca.pem").read_bytes()
        code = first.code()
        words = ("site", "--join", "--door", first.door)
        refused = second.run(*words, stdin=code)
        assert refused.returncode == 1
        assert "is a site already" in refused.stderr
        assert (second.folder / "pki" / "ca.pem").read_bytes() == before
        as_desk = third.run("enrol", "--join", "--door", first.door, stdin=code)
        assert (as_desk.returncode, "still good" in as_desk.stderr) == (1, True)
        wrong = third.run(*words, stdin="ABCD-2345")
        assert (wrong.returncode, "the code is wrong" in wrong.stderr) == (1, True)
        assert not (third.folder / "pki").exists()
        third.start("--join", "--door", first.door, code=code).wait_running()
        first_out = third.run("site", "--remove-node", first.name)
        assert first_out.returncode == 1
        assert "end it there first" in first_out.stderr
        third.stop()
        name = third.name
        wait_for(lambda: not rows(first)[name]["answers"], "it to be silent")
        assert first.run("site", "--remove-node", name).returncode == 0
        back = third.start()
        assert back.process is not None
        wait_for(lambda: "does not let this node in" in third.log(), "it to be shut out", FORM_S)


def test_no_member_comes_in_among_the_nodes(tmp_path: Path) -> None:
    """Who came in at the nodes' own port could say anything: it takes a certificate of their own
    CA, which no member has."""
    site = ClusterSite(tmp_path / "site")
    try:
        site.start()
        member = site.as_member("one")
        config = site.nats.config.cluster
        assert config is not None
        for folder in (member.identity.folder, site.papers.node.folder):
            assert not answers_as_node(config.port, folder, config.tls.ca)
        assert answers_as_node(config.port, config.tls.certificate.parent, config.tls.ca)
    finally:
        site.stop()


def answers_as_node(port: int, ours: Path, ca: Path) -> bool:
    """Whether the other side goes on after a handshake with this certificate."""
    context = ssl.create_default_context(cafile=ca)
    context.load_cert_chain(ours / identity.CERTIFICATE, ours / identity.KEY)
    with socket.create_connection(("127.0.0.1", port), 5) as plain:
        try:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as secured:
                secured.sendall(b'CONNECT {"verbose":false,"name":"x"}\r\nPING\r\n')
                return bool(secured.recv(1))
        except (ssl.SSLError, ConnectionError):
            return False
