"""A home that its site has taken out, whose site is away, or whose site is another: each is told
what is true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from console.commands.talk_floor import FloorKey, floor_of
from console.site.address import TakenOutError
from console.site.security import identity
from console.site.security.private import write_private

from .enrolling import Site, running
from .test_enrol_command import vaktbord

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as one:
        yield one


COMMANDS = (
    ("state",),
    ("events", "--follow"),
    ("alarm", "list"),
    ("alarm", "raise", "--unit", "v1"),
    ("message", "send", "--to", "v1", "--text", "Hei"),
    ("duty", "list"),
    ("streams",),
)


def test_each_command_says_that_this_machine_was_taken_out(site: Site, tmp_path: Path) -> None:
    site.enrol(tmp_path, "stolen")
    assert vaktbord(tmp_path, "alarm", "list").returncode == 0
    site.revoke("stolen")
    for words in COMMANDS:
        said = vaktbord(tmp_path, *words)
        assert "stolen, operator) has been taken out of Prøvesiden" in said.stderr, words
        assert "enrol --join" in said.stderr
        assert said.returncode == (3 if words == ("streams",) else 1), "3: none is announced"
        assert "Authorization" not in said.stderr
    address = floor_of(tmp_path)
    assert address is not None
    with pytest.raises(TakenOutError):
        FloorKey(address, "lv1", "normal", print).start()


@pytest.mark.long
def test_a_site_that_is_away_or_another_one_is_not_told_as_that(site: Site, tmp_path: Path) -> None:
    address = site.enrol(tmp_path / "desk", "away")
    folder = identity.folder_of(tmp_path / "desk", "operator")
    gone = msgspec.structs.replace(address.place, urls=("tls://127.0.0.1:9",), site="0" * 64)
    write_private(folder / identity.PLACE, msgspec.json.encode(gone).decode())
    said = vaktbord(tmp_path / "desk", "state")
    assert (said.returncode, "can't be reached" in said.stderr) == (3, True), said
    with running(tmp_path / "other") as other:
        moved = msgspec.structs.replace(gone, urls=other.address.place.urls)
        write_private(folder / identity.PLACE, msgspec.json.encode(moved).decode())
        said = vaktbord(tmp_path / "desk", "state")
        assert (said.returncode, "is not Prøvesiden" in said.stderr) == (3, True), said
    assert "taken out" not in said.stderr
