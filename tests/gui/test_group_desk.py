"""What a desk does as groups are formed, changed and ended, stations come and go, keys arrive."""

from __future__ import annotations

from collections.abc import Sequence

from pytestqt.qtbot import QtBot

from audio import protocol
from console.desk import news
from console.desk.grouping import SETTLE_S, GroupDesk
from console.desk.patching import TaskDesk
from console.domain import events as e
from console.domain import floor_messages as fm
from console.domain.task_lease import LEASE_S
from console.models.store import SiteStore
from console.models.talkgroups import TalkgroupModel
from console.streams.announcement import Announcement
from console.streams.group_session import session, session_stream
from tests.gui.model_bench import Author
from tests.gui.test_call_rows import announced
from tests.unit import test_voice_plan as plans

FAR_MS = 1_900_000_000_000
GROUP = "G1"
OURS = session_stream(GROUP)
STATION = f"{GROUP}@there.local"
TASK = f"group.{GROUP}"


class World:
    """All that stands around a GroupDesk, in one."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.told: list[str] = []
        self.has_key = True
        self.heard: dict[str, Announcement] = {}
        self.stations_now: list[Announcement] = []
        self.caught_up = False
        self.member = "two"
        self.formed: frozenset[str] = frozenset()
        self.store, self.author = SiteStore(), Author()
        self.tiles = TalkgroupModel(
            self.store, settings={}, order=(), unheard=lambda _stream: "", member=lambda: "two"
        )
        self.desk = GroupDesk(
            store=self.store,
            voice=self,
            listening=self,
            floor=self,
            stream_known=self._known,
            streams_end=self._end,
            groups_are=self._groups_are,
            stations=lambda: self.stations_now,
            member=lambda: self.member,
            is_caught_up=lambda: self.caught_up,
            now_s=lambda: self.now_s,
        )
        self.desk._timer.stop()

    def say(self, body: e.AnyBody) -> None:
        self.store.apply([self.author(body)])

    def form(self, *members: str) -> None:
        self.say(e.GroupFormed(GROUP, "Skred", members, FAR_MS))

    def later(self, seconds: float = SETTLE_S) -> None:
        self.now_s += seconds
        self.desk.tick()

    def _known(self, found: Announcement) -> None:
        self.heard[found.stream] = found
        self.tiles.announced([found], [])

    def _end(self, streams: Sequence[str]) -> None:
        for one in streams:
            self.heard.pop(one, None)
        self.tiles.remove(streams)

    def _groups_are(self, formed: frozenset[str]) -> None:
        self.formed = formed

    def join(self, group: str) -> None:
        self.told.append(f"join {group}")

    def leave(self, group: str) -> None:
        self.told.append(f"leave {group}")

    def session(self, group: str, name: str) -> Announcement | None:
        return session(group, name, plans.key(1), None) if self.has_key else None

    def announce(self, found: Announcement) -> None:
        self.told.append(f"announce {found.talkgroup}")

    def withdraw(self, name: str) -> None:
        """Of a group, its announcement; of a stream, that this desk talks there."""
        self.told.append(f"withdraw {name}")

    def known(self) -> tuple[str, ...]:
        return tuple(self.heard)


def test_a_member_s_desk_asks_for_keys_and_hears_the_session_with_the_first(qtbot: QtBot) -> None:
    world = World()
    world.later()
    world.has_key = False
    world.form("three")
    assert not world.told, "others' group"
    assert world.formed == {GROUP}
    world.say(e.GroupMemberAdded(GROUP, "two"))
    assert world.told == [f"join {GROUP}"]
    assert not world.heard
    world.has_key = True
    world.desk.keys_changed(GROUP)
    assert (tuple(world.heard), world.tiles.keys()) == ((OURS,), (OURS,))
    assert world.desk.to_announce() == (GROUP,)
    world.say(e.GroupMemberRemoved(GROUP, "two"))
    assert not world.heard, "at once"
    assert not world.tiles.keys()
    assert world.told[1:] == [f"withdraw {OURS}", f"leave {GROUP}"]
    assert world.desk.to_announce() == ()


def test_a_desk_whose_link_is_laid_again_goes_on_in_its_groups(qtbot: QtBot) -> None:
    world = World()
    world.member = ""
    world.form("two")
    assert not world.heard, "it is at no site yet"
    world.member = "two"
    world.later()
    assert tuple(world.heard) == (OURS,)
    world.member = ""
    world.later()
    assert tuple(world.heard) == (OURS,)


def test_whatever_is_heard_of_a_group_ends_with_it(qtbot: QtBot) -> None:
    world = World()
    world.later()
    world.form("two", "three")
    world._known(announced("lv1"))
    world._known(announced(GROUP))
    world.say(e.GroupEnded(GROUP))
    assert tuple(world.heard) == ("lv1@there.local",)
    assert {f"withdraw {OURS}", f"withdraw {STATION}", f"leave {GROUP}"} <= set(world.told)
    assert world.formed == frozenset()


def test_a_station_moves_nobody_and_is_heard_beside_the_session(qtbot: QtBot) -> None:
    world = World()
    world.stations_now = [announced(GROUP), announced("lv1")]
    world.form("two")
    assert set(world.heard) == {STATION, OURS}, "also one that was announced before"
    world._known(announced(GROUP))
    world.later()
    assert set(world.heard) == {STATION, OURS}
    assert world.desk.to_announce() == (GROUP,)


def test_what_an_engine_hears_of_a_group_that_is_over_ends_once_the_log_is_read(
    qtbot: QtBot,
) -> None:
    world = World()
    world._known(session(GROUP, "Skred", plans.key(1), None))
    world._known(announced("lv1"))
    world.later(60.0)
    assert OURS in world.heard, "nobody knows yet"
    world.caught_up = True
    world.later(0.1)
    assert OURS in world.heard
    world.later()
    assert tuple(world.heard) == ("lv1@there.local",)


class Lease:
    """A TaskDesk that asks nobody: the test answers."""

    def __init__(self, world: World) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.carried: dict[str, tuple[str, ...]] = {}
        self.desk = TaskDesk(
            store=world.store,
            talkgroups=world.tiles,
            legs=self,
            to_engine=lambda _command: None,
            ask=self._ask,
            publish=lambda _body: None,
            member=lambda: "two",
            is_caught_up=lambda: True,
            now_s=lambda: world.now_s,
        )
        self.desk._timer.stop()
        self.desk.announce_also(world.desk)

    def leg(self, talkgroup: str) -> protocol.PatchLeg | None:
        raise AssertionError(f"no patch has {talkgroup}")

    def _ask(self, _service: str, key: str, payload: bytes, _timeout_s: float) -> None:
        offer = fm.decode(payload, fm.TaskOffer)
        assert offer is not None
        self.asked.append((key, offer.held))

    def answer(self, yours: bool | None) -> None:
        payload = None if yours is None else fm.encode(fm.TaskAnswer(yours, 1))
        self.desk.site_told(news.SiteAnswered(fm.TASK, TASK, payload))


def test_one_desk_announces_it_by_lease_and_goes_on_while_the_site_is_away(qtbot: QtBot) -> None:
    world = World()
    lease = Lease(world)
    world.later()
    world.form("two", "three")
    world.told.clear()
    lease.desk.tick()
    assert lease.asked == [(TASK, False)]
    lease.answer(None)
    assert not world.told, "nobody has said that it is ours"
    lease.answer(False)
    assert not world.told
    lease.answer(True)
    assert world.told == [f"announce {GROUP}"]
    for _ in range(4):
        world.now_s += LEASE_S - 1
        lease.answer(None)
        lease.desk.tick()
    assert lease.asked[-1] == (TASK, True)
    assert f"withdraw {GROUP}" not in world.told, "the site is away"
    lease.answer(False)
    assert world.told[-1] == f"withdraw {GROUP}", "another has it"
    lease.answer(True)
    world.say(e.GroupEnded(GROUP))
    world.told.clear()
    lease.desk.tick()
    assert world.told == [f"withdraw {GROUP}"]
