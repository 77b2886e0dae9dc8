"""An alarm that is raised from a shell while the site is away: kept, said to be kept, and sent."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from console.domain.events import AlarmRaised
from console.site import visit
from console.site.log.outbox import has_pending
from console.site.visit import left_over, spool_of

from ..desk.test_links import Seat
from .conftest import alone, wait_for
from .enrolling import running
from .test_enrol_command import Said, vaktbord

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("alone")]
__all__ = ["alone"]
RAISE = ("alarm", "raise", "--unit", "u1", "--text", "hjelp")


def raised_away(tmp_path: Path) -> tuple[str, Said]:
    with running(tmp_path / "site") as site:
        address = site.enrol(tmp_path / "desk", "lv1")
    said = vaktbord(tmp_path / "desk", *RAISE, "--json")
    assert left_over(tmp_path / "desk", address) is not None
    return str(msgspec.json.decode(said.stdout)["alarm"]), said


def test_an_alarm_is_kept_told_so_and_sent_by_the_next_command(tmp_path: Path) -> None:
    alarm, said = raised_away(tmp_path)
    assert said.returncode == 3
    assert f"alarm {alarm} is NOT raised yet. It is kept here" in said.stderr
    assert "say it by voice" in said.stderr
    again = vaktbord(tmp_path / "desk", *RAISE)
    assert again.returncode == 3
    assert again.stdout == ""
    with running(tmp_path / "site"):
        listed = vaktbord(tmp_path / "desk", "alarm", "list", "--json")
        assert listed.returncode == 0, listed
        assert alarm in {key for row in msgspec.json.decode(listed.stdout) for key in _keys(row)}
        assert "2 that had been kept here" in listed.stderr
        assert "kept" not in vaktbord(tmp_path / "desk", "alarm", "list").stderr


def _keys(row: dict[str, object]) -> list[str]:
    """Two of one unit within a moment are one alarm."""
    return [str(row["key"]), *map(str, row.get("aliases", ()))]  # type: ignore[call-overload]  # a list


def test_a_kept_alarm_is_sent_by_the_desk_of_this_home(tmp_path: Path) -> None:
    alarm, _ = raised_away(tmp_path)
    seat = Seat(tmp_path / "desk")
    with running(tmp_path / "site"):
        seat.seeker.start()
        try:
            wait_for(
                lambda: any(
                    isinstance(one.body, AlarmRaised) and one.body.alarm == alarm
                    for one in seat.events
                ),
                "the alarm",
            )
        finally:
            seat.seeker.stop()


def test_alarms_that_are_raised_at_once_in_a_new_home_are_kept_together(tmp_path: Path) -> None:
    """Each command made an outbox of its own, of which only one was looked into ever after."""
    for number in range(20):
        spool = tmp_path / f"spool-{number}"
        start = threading.Barrier(4)

        def author(spool: Path = spool, start: threading.Barrier = start) -> str:
            start.wait()
            return visit._author("lv1", spool)

        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(author) for _ in range(4)]
            assert len({one.result() for one in asked}) == 1


def test_what_waits_in_a_second_outbox_is_sent_too(tmp_path: Path) -> None:
    """Homes may have two from before."""
    alarm, _ = raised_away(tmp_path)
    (first,) = spool_of(tmp_path / "desk").glob("lv1_cli-*.db")
    (first.parent / "lv1_cli-00000000.db").touch(mode=0o600)
    assert has_pending(first)
    with running(tmp_path / "site"):
        listed = vaktbord(tmp_path / "desk", "alarm", "list", "--json")
        assert alarm in {key for row in msgspec.json.decode(listed.stdout) for key in _keys(row)}
    assert not has_pending(first)


@pytest.mark.long
def test_what_is_not_kept_says_so_plainly(tmp_path: Path) -> None:
    raised_away(tmp_path)
    for words in (
        ("alarm", "ack", "A-NONE"),
        ("message", "send", "--to", "u1", "--text", "Hei"),
        ("callout", "send", "--to", "u1", "--text", "Hei"),
    ):
        said = vaktbord(tmp_path / "desk", *words)
        assert (said.returncode, "NOT said and is NOT kept" in said.stderr) == (3, True), said
    nowhere = vaktbord(tmp_path / "nobody", *RAISE)
    assert (nowhere.returncode, "NOT said and is NOT kept" in nowhere.stderr) == (3, True)
    assert "NOT" not in vaktbord(tmp_path / "desk", "alarm", "list").stderr
