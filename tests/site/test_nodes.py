"""What nodes of a site know of each other, and what makes a home one: as functions and files."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.site.address import SiteAddress, SiteError
from console.site.log.client import close_client, come_in
from console.site.log.logstore import ensure_streams
from console.site.log.retention import Retention, read_retention, retention_of
from console.site.log.subjects import DAY_S, MESSAGES
from console.site.node.joining import is_site, join_site
from console.site.node.keeper import ServerKeeper
from console.site.node.logmaker import LogMaker
from console.site.node.membership import Membership
from console.site.node.moving import MOVED_FILE
from console.site.node.nodes import MAX_GONE, MAX_NODES, Node, Nodes, digest, new_node, nodes_file
from console.site.node.options import SiteOptions
from console.site.node.others import Others
from console.site.node.papers import Papers, new_change
from console.site.node.people import MAX_HEARD, People, Tried
from console.site.node.policy import AT_REST_S, MAX_SHARED, Policy, SharedPolicy
from console.site.node.process import failure_file
from console.site.security import join, pki, proof
from console.site.security.codes import new_code
from console.site.security.join import Turned
from console.site.security.lockout import LOCK_S, MAX_WRONG
from console.site.security.private import write_private
from console.site.services import enrolment
from console.site.services.asked import ask
from console.site.services.enrolment import CodeMade, NewNode
from console.site.services.key_store import SEAL_FILE
from console.site.services.members import MembersService

from .conftest import Server, wait_for
from .enrolling import Site, running
from .test_enrolment import Middle

# -- who the nodes are ------------------------------------------------------------------------

NAMES = ("node-a", "node-b", "node-c", "node-d")
ULID = "01M8BPG8N0F6F25VG6FBZRM2{:02d}"


@st.composite
def entries(draw: st.DrawFn) -> Node:
    name = draw(st.sampled_from(NAMES))
    number = NAMES.index(name)
    return Node(
        name,
        f"{number:012d}",
        founded=ULID.format(number),
        changed=ULID.format(draw(st.integers(10, 40))),
        route=draw(st.sampled_from(["", "tls://192.0.2.1:1"])),
        removed=draw(st.booleans()),
    )


@given(st.lists(entries(), max_size=12, unique_by=lambda one: (one.name, one.changed)), st.data())
def test_in_whatever_order_nodes_hear_it_they_come_to_know_the_same(
    told: list[Node], data: st.DataObject
) -> None:
    """But for when they became one cluster, of which the first to see it tells the others."""
    orders = [told, data.draw(st.permutations(told))]
    one, other = (known_after(order) for order in orders)
    assert one.nodes == other.nodes
    both = one.merged(other.nodes, formed=other.formed)
    assert both == other.merged(one.nodes, formed=one.formed)
    assert digest((), both, (), "") == digest((), other.merged((), formed=one.formed), (), "")


def known_after(told: list[Node]) -> Nodes:
    known = Nodes()
    for one in told:
        known = known.merged((one,))
    return known


@given(st.lists(entries(), max_size=12))
def test_who_was_taken_out_comes_back_by_no_word(told: list[Node]) -> None:
    known = Nodes().merged(told)
    for name in {one.name for one in told if one.removed}:
        assert known.is_removed(name)
        assert known.find(name) is None
        back = Node(name, "0" * 12, ULID.format(0), ULID.format(99), "tls://192.0.2.9:1")
        assert known.merged((back,)).is_removed(name)


def test_once_there_were_three_the_log_stays_the_clusters() -> None:
    nodes = Nodes()
    for number in range(3):
        assert not nodes.formed
        fresh = msgspec.structs.replace(new_node(f"node-{number}"), route="tls://192.0.2.1:1")
        nodes = nodes.merged((fresh,))
    assert nodes.formed
    for gone in nodes.present[1:]:
        nodes = nodes.merged((msgspec.structs.replace(gone, removed=True),))
    assert nodes.formed
    assert nodes.holds_log(nodes.present[0].name)
    assert len(nodes.present) == 1


def test_those_who_only_wait_make_no_cluster_and_are_taken_out_without_one() -> None:
    first = msgspec.structs.replace(new_node("node-1"), route="tls://192.0.2.1:1")
    nodes = Nodes().merged((first,))
    for number in range(4):
        waiting = msgspec.structs.replace(new_node(f"node-w{number}"), route="tls://192.0.2.2:1")
        nodes = nodes.merged((waiting,))
        nodes = nodes.merged((msgspec.structs.replace(waiting, removed=True),))
    assert not nodes.formed
    assert nodes.holds_log("node-1")


def test_the_list_is_bounded() -> None:
    nodes = Nodes()
    for number in range(MAX_NODES):
        nodes = nodes.merged((new_node(f"node-{number}"),))
    with pytest.raises(SiteError, match="at most 7 nodes"):
        nodes.merged((new_node("node-more"),))
    for number in range(MAX_GONE + 10):
        gone = msgspec.structs.replace(new_node(f"node-g{number}"), removed=True)
        nodes = nodes.merged((gone,))
    assert len(nodes.nodes) == MAX_NODES + MAX_GONE
    assert nodes.is_removed(f"node-g{MAX_GONE + 9}")


# -- a code for a node ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


def node_code(site: Site) -> str:
    said = site.ask_node("open-node", NewNode())
    return msgspec.json.decode(said, type=CodeMade).code.replace("-", "")


@pytest.mark.system
def test_a_node_gets_what_it_needs_and_none_of_it_is_for_others(site: Site, tmp_path: Path) -> None:
    theirs, ours = site.home / "site", tmp_path / "site"
    given = join_site(ours, site.door, node_code(site))
    assert given.site == "Prøvesiden"
    for name in ("pki/ca.pem", "pki/ca-key.pem", "pki-routes/ca-key.pem", f"pki/{SEAL_FILE}"):
        assert (ours / name).read_bytes() == (theirs / name).read_bytes()
    assert not (ours / "store.key").exists(), "each makes its own"
    for file in ours.rglob("*"):
        assert file.stat().st_mode & 0o077 == 0, file
    papers = Papers.open(ours, "")
    named = pki.member_named(papers.node.certificate())
    assert named == pki.MemberName(given.me.name, "site", given.me.generation)
    assert Nodes.load(nodes_file(ours)).find(given.me.name) == given.me
    assert f'"{named.user}"' in (theirs / "nats.conf").read_text()
    secret = papers.authority.key_pem.splitlines()[1]
    for log in (theirs / "site.log", theirs / "nats.log"):
        assert not log.exists() or secret not in log.read_text()


@pytest.mark.system
def test_a_code_is_for_one_kind_and_stays_good_for_that(site: Site, tmp_path: Path) -> None:
    code, desks = node_code(site), site.open_code("lv2")
    for wrong in (
        lambda: join.join(tmp_path / "desk", site.door, code),
        lambda: join_site(tmp_path / "site", site.door, desks),
    ):
        with pytest.raises(Turned) as turned:
            wrong()
        assert turned.value.why == "other-kind"
    assert not (tmp_path / "site").exists()
    assert join.join(tmp_path / "desk", site.door, desks).address.identity.name == "lv2"
    assert join_site(tmp_path / "site", site.door, code).site == "Prøvesiden"
    with pytest.raises(Turned):
        join_site(tmp_path / "again", site.door, code)


@pytest.mark.system
def test_who_sits_in_the_middle_is_no_node_and_makes_nobody_one(site: Site, tmp_path: Path) -> None:
    middle = Middle(tmp_path / "rogue", site)
    try:
        with pytest.raises(Turned) as turned:
            join_site(tmp_path / "site", middle.door, node_code(site))
        assert turned.value.why == "wrong-code"
    finally:
        middle.close()
    rogue = RogueDoor(tmp_path / "rogue-2", None)
    try:
        with pytest.raises(SiteError, match="does not know the code"):
            join_site(tmp_path / "site", rogue.door, new_code())
    finally:
        rogue.close()
    assert not (tmp_path / "site").exists()


class RogueDoor(Middle):
    """Hands out a pack of its own."""

    def _answer(self, said: bytes) -> bytes:
        if b"/enrol/begin" in said:
            return super()._answer(said)
        claim = msgspec.json.decode(said.partition(b"\r\n\r\n")[2], type=proof.Claim)
        named = pki.MemberName("node-1", "site", pki.new_generation())
        issued = self.rogue.issue_member(named, claim.request)
        body = msgspec.json.encode(proof.AdmittedNode(issued, self.rogue.pem, "{}", "0" * 64))
        return b"HTTP/1.0 200 OK\r\n\r\n" + body


def test_a_pack_that_was_changed_on_the_way_proves_nothing() -> None:
    seen = proof.Seen("01" * 32, "02" * 32, "03" * 32, b"\4" * 32)
    made = [
        proof.sites_proof(b"key", seen, "ca", "certificate", pack) for pack in ("{}", "{ }", None)
    ]
    assert len(set(made)) == 3


@pytest.mark.system
def test_what_a_member_asks_of_nodes_is_refused(site: Site, tmp_path: Path) -> None:
    desk = site.enrol(tmp_path, "nosy")
    service = enrolment.at_node(site.node.identity.name)
    for key in ("open-node", "nodes", "remove-node"):
        with pytest.raises(SiteError, match="not for this member"):
            ask(desk, service, key, b'{"name":"node-1"}')


@pytest.mark.system
def test_what_arrived_by_half_is_no_site_and_can_be_joined_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full after any of the files."""
    folder = tmp_path / "site"
    with running(tmp_path / "theirs") as site:
        for most in (0, 4, 8):
            with full_after(folder, most, monkeypatch), pytest.raises(OSError, match="No space"):
                join_site(folder, site.door, node_code(site))
            assert not is_site(folder)
            if nodes_file(folder).exists():
                with pytest.raises(SiteError, match="join again"):
                    Papers.open(folder, "")
        assert join_site(folder, site.door, node_code(site)).me.name
        assert is_site(folder)


@contextlib.contextmanager
def full_after(folder: Path, most: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk on which no more than so many files have room."""
    written = itertools.count()

    def write(path: Path, text: str) -> None:
        if path.is_relative_to(folder) and next(written) >= most:
            raise OSError(28, "No space left on device")
        write_private(path, text)

    with monkeypatch.context() as patch:
        for room in ("node.joining", "node.nodes", "node.policy", "security.identity"):
            patch.setattr(f"console.site.{room}.write_private", write)
        yield


@pytest.mark.system
def test_a_node_that_hears_that_it_was_taken_out_ends_and_stays_ended(tmp_path: Path) -> None:
    with running(tmp_path) as site:
        site.ask_node("open-node", NewNode())
        keeper = site.service._keeper
        assert keeper is not None
        me = keeper.nodes.find(keeper.me)
        assert me is not None
        keeper.learn((msgspec.structs.replace(me, removed=True),))
        wait_for(site.service.stop.is_set, "it to end")
    assert "was taken out of its site" in failure_file(tmp_path).read_text()
    with pytest.raises(SiteError, match="was taken out of its site"), running(tmp_path):
        pass


@pytest.mark.system
def test_who_has_the_log_alone_still_is_not_taken_out(site: Site, tmp_path: Path) -> None:
    """As a waiting node would be asked, and one of a cluster that hasn't been brought it yet."""
    folder = tmp_path / "site"
    join_site(folder, site.door, node_code(site))
    papers = Papers.open(folder, "")
    keeper = ServerKeeper(SiteOptions(tmp_path, "Prøvesiden", "127.0.0.1"), folder, papers)
    others = Others(keeper, Membership(papers, keeper.tell), lambda _name: False)
    first = site.node.identity.name
    with pytest.raises(SiteError, match="has the log alone still"):
        others.remove(first)
    keeper.learn((), formed=True)
    with pytest.raises(SiteError, match="has the log alone still"):
        others.remove(first)
    (folder / MOVED_FILE).touch()
    with pytest.raises(SiteError, match="just becoming one cluster"):
        others.remove(first)
    with pytest.raises(SiteError, match="is this node"):
        others.remove(keeper.me)
    assert keeper.nodes.find(first) is not None


@pytest.mark.system
def test_services_that_cannot_start_yet_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a cluster is just coming up: the node and its server go on meanwhile."""
    failed = threading.Event()

    def fails(_service: MembersService) -> None:
        failed.set()
        raise SiteError("it could not come in")

    with running(tmp_path) as site:
        runner, server = site.service._runner, (tmp_path / "site" / "server.pid").read_text()
        assert runner is not None
        with monkeypatch.context() as patch:
            patch.setattr(MembersService, "start", fails)
            runner.stop()
            runner.is_started = False
            wait_for(failed.is_set, "the services to be tried")
        wait_for(lambda: answers(site), "the services to be there")
        assert (tmp_path / "site" / "server.pid").read_text() == server


def answers(site: Site) -> bool:
    try:
        return bool(site.ask_node("nodes", NewNode()))
    except SiteError:
        return False


@pytest.mark.system
def test_a_log_that_was_made_for_a_server_of_before_is_made_again(server: Server) -> None:
    """The wish for another one comes while the first is being fulfilled, at its very end."""
    asked: list[int] = []

    def move() -> None:
        asked.append(len(asked))
        if len(asked) == 1:
            maker.make_soon()

    policy = SharedPolicy(server.folder)
    maker = LogMaker(server.folder, policy, lambda: server.address, lambda: 1, move)
    maker.make_soon()
    try:
        assert maker.ready.wait(20.0)
        assert asked == [0, 1]
        maker.make_soon()
        assert maker.ready.wait(20.0)
        assert asked == [0, 1, 2]
    finally:
        maker.stop()


# -- persons ----------------------------------------------------------------------------------


def test_wrong_pins_count_at_all_nodes_and_each_is_counted_once(tmp_path: Path) -> None:
    one, other = People(tmp_path / "one"), People(tmp_path / "other")
    told: list[Tried] = []
    one.on_tried = told.append
    for _ in range(MAX_WRONG - 1):
        assert not one.wrong("lv1", "Kari", 0.0)
    for tried in (*told, *told):  # by every server
        other.heard(tried, 0.0)
    assert other.left_s("lv1", "Kari", 0.0) == 0
    assert other.wrong("lv1", "Kari", 0.0) == LOCK_S
    assert other.left_s("lv1", "Kari", 0.0) == LOCK_S
    assert other.left_s("lv1", "Ola", 0.0) == 0, "a colleague is not kept out"
    one.right("lv1", "Kari")
    other.heard(told[-1], 0.0)
    assert other.left_s("lv1", "Kari", 0.0) == 0


def test_no_crowd_of_tries_grows_a_table(tmp_path: Path) -> None:
    people = People(tmp_path)
    for number in range(MAX_HEARD + 100):
        people.heard(Tried(f"{number:016x}", "lv1", f"person {number}", right=False), 0.0)
    assert len(people._heard) == MAX_HEARD


def test_persons_are_merged_and_kept(tmp_path: Path) -> None:
    one, other = People(tmp_path / "one"), People(tmp_path / "other")
    changed: list[int] = []
    one.on_change = lambda: changed.append(1)
    one.set_pin("Kari", "4711")
    assert other.merge(one.everybody())
    assert not other.merge(one.everybody())
    one.remove("Kari")
    assert len(changed) == 2
    assert other.merge(one.everybody())
    assert People(tmp_path / "other").names() == ()


# -- the policy -------------------------------------------------------------------------------

LONGER = "[retention]\nmessage = 90\n"


def edit(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "policy.toml"
    file.write_text(text)
    rested_s = time.time() - AT_REST_S - 1
    os.utime(file, (rested_s, rested_s))


def test_the_newest_edit_of_the_policy_stands_at_every_node(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "other")]
    one, other = (SharedPolicy(home) for home in homes)
    assert one.now() == Policy()
    edit(homes[0], LONGER)
    told = one.now()
    assert told.text == LONGER
    assert told.changed
    assert one.now() == told, "the same edit is told under the same change"
    assert other.learn(told)
    assert not other.learn(told)
    assert other.now() == told
    assert read_retention(homes[1]).days == {"message": 90}
    edit(homes[1], "")
    assert one.learn(other.now())
    assert read_retention(homes[0]).days == {}


@pytest.mark.parametrize(
    "text",
    ["[retention", "[retention]\nalarm = 1\n", "#" * (MAX_SHARED + 1), '[voice]\nunsecured = "x"'],
)
def test_a_policy_that_cannot_be_meant_is_neither_told_nor_taken(tmp_path: Path, text: str) -> None:
    edit(tmp_path / "one", text)
    assert SharedPolicy(tmp_path / "one").now() == Policy()
    if len(text) <= MAX_SHARED:
        with pytest.raises(SiteError):
            SharedPolicy(tmp_path / "other").learn(Policy(text, new_change()))
    assert not (tmp_path / "other").exists()


def test_a_file_that_is_just_being_written_waits(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(LONGER)
    assert SharedPolicy(tmp_path).now() == Policy()


@pytest.mark.system
def test_a_node_that_has_not_heard_of_a_longer_time_lets_nothing_go(server: Server) -> None:
    """As one that was off while the policy was changed, and makes sure of the streams first."""
    longer, usual = retention_of(LONGER.encode()), retention_of(b"")
    old, new = new_change(), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"

    def after(retention: Retention, changed: str) -> float | None:
        asyncio.run(ensure_streams(server.address, retention, changed=changed))
        return asyncio.run(max_age_s(server.address))

    assert after(usual, old) == MESSAGES.max_age_s
    assert after(longer, new) == 90 * DAY_S
    assert after(usual, old) == 90 * DAY_S
    assert after(usual, "") == 90 * DAY_S
    assert after(usual, new) == MESSAGES.max_age_s, "of the same change its own word counts"


async def max_age_s(address: SiteAddress) -> float | None:
    nc = await come_in(address.place.urls, address.identity, "test")
    try:
        return (await nc.jetstream().stream_info(MESSAGES.name)).config.max_age
    finally:
        await close_client(nc)
