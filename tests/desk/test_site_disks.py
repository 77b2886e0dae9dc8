"""What the site's nodes tell of their disks: the worst is in the status, and an old word goes."""

from __future__ import annotations

import msgspec
from pytestqt.qtbot import QtBot

from console.desk.news import SiteTold
from console.desk.site_disks import HEARD_S, SiteDisks
from console.models.status import StatusModel
from console.site.log.store_state import StoreState, heard, state_of, subject_of
from widgets.contracts.rows import DeskStatus
from widgets.knowledge import news_doubt

GB = 10**9


def word(node: str, state: StoreState) -> SiteTold:
    return SiteTold(subject_of(node), msgspec.json.encode(state))


def test_the_worst_disk_is_shown_until_its_node_falls_silent(qtbot: QtBot) -> None:
    now = [100.0]
    status = StatusModel(DeskStatus())
    disks = SiteDisks(status, now_s=lambda: now[0])
    disks.site_told(word("node-1", state_of(300 * GB, 500 * GB, ())))
    assert status.status() == DeskStatus()
    disks.site_told(word("node-2", state_of(GB, 500 * GB, ())))
    told = status.status()
    assert (told.site_disk, told.site_disk_free, told.site_disk_note) == ("low", GB, "node-2")
    disks.site_told(word("node-1", state_of(0, 500 * GB, ("VB_ALARMS",))))
    told = status.status()
    assert (told.site_disk, told.site_disk_note) == ("full", "node-1: VB_ALARMS")
    now[0] += HEARD_S - 1
    disks.site_told(word("node-2", state_of(GB, 500 * GB, ())))
    now[0] += 2
    disks.show()
    assert status.status().site_disk == "low"
    now[0] += HEARD_S
    disks.show()
    assert status.status() == DeskStatus()


def test_what_nodes_lack_and_can_not_mend_is_shown_with_who_lacks_it(qtbot: QtBot) -> None:
    now = [100.0]
    status = StatusModel(DeskStatus())
    disks = SiteDisks(status, now_s=lambda: now[0])
    well = state_of(300 * GB, 500 * GB, ())
    lacks = msgspec.structs.replace(well, lacks=("VB_ALARMS", "VB_PINS"))
    disks.site_told(word("node-2", lacks))
    disks.site_told(word("node-1", msgspec.structs.replace(well, lacks=("VB_PINS",))))
    disks.site_told(word("node-3", well))
    told = status.status()
    assert told.log_torn_note.startswith("node-1: VB_PINS\nnode-2: VB_ALARMS, VB_PINS\n")
    assert "site --status" in told.log_torn_note
    assert (told.log_torn_alarms, told.site_disk) == (True, "well")
    disks.site_told(word("node-2", well))
    assert not status.status().log_torn_alarms
    now[0] += HEARD_S + 1
    disks.show()
    assert status.status() == DeskStatus()


def test_a_server_that_is_to_be_started_by_hand_is_told_of_only_while_it_writes_nothing(
    qtbot: QtBot,
) -> None:
    now = [100.0]
    status = StatusModel(DeskStatus())
    disks = SiteDisks(status, now_s=lambda: now[0])
    disks.site_told(word("node-1", state_of(9 * GB, 500 * GB, ("VB_ALARMS",), by_hand=True)))
    told = status.status()
    assert (told.site_disk, told.site_disk_by_hand) == ("failed", True)
    disks.site_told(word("node-1", state_of(9 * GB, 500 * GB, (), by_hand=True)))
    assert status.status() == DeskStatus()
    disks.site_told(word("node-1", state_of(0, 500 * GB, (), by_hand=True)))
    assert status.status().site_disk_by_hand
    now[0] += HEARD_S + 1
    disks.show()
    assert status.status() == DeskStatus()


def test_one_of_three_that_takes_nothing_holds_nothing_up_and_two_do(qtbot: QtBot) -> None:
    now = [100.0]
    status = StatusModel(DeskStatus(site_read=True, site_link="up"))
    disks = SiteDisks(status, now_s=lambda: now[0])
    well, full = state_of(300 * GB, 500 * GB, ()), state_of(0, 500 * GB, ("VB_ALARMS",))
    disks.site_told(word("node-1", full))
    assert status.status().site_disk == "full"  # as long as it is the only one that is heard
    disks.site_told(word("node-2", well))
    assert status.status().site_disk == "full"
    disks.site_told(word("node-3", well))
    told = status.status()
    assert (told.site_disk, told.site_disk_note) == ("one-of-several", "node-1: VB_ALARMS")
    assert not news_doubt(told, 0.0)
    disks.site_told(word("node-2", full))
    assert status.status().site_disk == "full"
    assert news_doubt(status.status(), 0.0)
    disks.site_told(word("node-2", well))
    now[0] += HEARD_S - 1
    disks.site_told(word("node-1", full))
    disks.site_told(word("node-2", well))
    now[0] += 2
    disks.show()  # the third is gone: the one that is left can't do it alone
    assert status.status().site_disk == "full"


def test_a_word_of_an_earlier_node_is_read() -> None:
    payload = b'{"condition":"full","free":1,"size":500,"failed":[],"v":1}'
    found = heard(subject_of("node-1"), payload)
    assert found is not None
    assert not found[1].by_hand


def test_a_word_that_can_not_be_read_changes_nothing(qtbot: QtBot) -> None:
    status = StatusModel(DeskStatus())
    SiteDisks(status).site_told(SiteTold(subject_of("node-1"), b'{"condition": "full"}'))
    assert status.status() == DeskStatus()
