"""A home that its site has taken out, whose site is away, or whose site is another: each is told
what is true."""

from __future__ import annotations

import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen

import msgspec
import pytest

from console.commands.talk_floor import FloorKey, floor_of
from console.domain.events import TalkgroupDefined
from console.site.address import TakenOutError
from console.site.security import identity
from console.site.security.private import write_private
from console.site.visit import spool_of, visit

from .conftest import wait_for
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


def test_who_is_taken_out_while_it_talks_is_told_and_talks_no_more(
    site: Site, tmp_path: Path
) -> None:
    """It went on for nobody: its key is everybody's no more."""
    operator = site.enrol(tmp_path / "desk", "talker")
    site.enrol(tmp_path / "radio", "radio", "gateway")
    with visit(operator, spool=spool_of(tmp_path / "desk")) as guest:
        guest.read_all()
        guest.deliver(TalkgroupDefined("p1", "Prøve"))
    key = FloorKey(operator, "p1", "normal", print)
    key.start()
    sound = tone(tmp_path / "tone.wav")
    line = [sys.executable, "-m", "console.cli", "publish", str(sound), "--talkgroup", "p1"]
    line += ["--loop", "--site-key", "--interface", "127.0.0.1", "--home", str(tmp_path / "radio")]
    sender = Popen(line, stdout=PIPE, stderr=STDOUT, text=True)
    try:
        wait_for(lambda: key.request(7, lambda: False) == "", "the floor")
        assert sender.stdout is not None
        assert "Ctrl-C ends it" in sender.stdout.readline()
        site.revoke("talker")
        site.revoke("radio")
        wait_for(lambda: "talker, operator) has been taken out" in key.renew(7), "the word")
        assert "talker, operator) has been taken out" in key.request(8, lambda: False)
        assert sender.wait(20) == 1
        assert "radio, gateway) has been taken out" in sender.stdout.read()
    finally:
        key.stop()
        sender.kill()
        sender.communicate()


def tone(path: Path) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(bytes(range(250)) * 384)
    return path


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
