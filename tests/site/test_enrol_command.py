"""``vaktbord enrol`` and ``vaktbord person``, at a site that is a process of its own."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import msgspec
import pytest

from console.cli import main
from console.commands.joining import is_called
from console.settings import SettingsFile
from console.site.find import enrolled_as, enrolled_at
from console.site.node.process import ensure_site, stop_site
from console.streams.announcement import SiteAnnouncement

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("site")
    try:
        ensure_site(home, interface="127.0.0.1", name="Prøvesiden")
        yield home
    finally:
        stop_site(home)


def door(home: Path) -> str:
    return f"https://127.0.0.1:{(home / 'site' / 'door').read_text()}"


class Typed(io.StringIO):
    """What a command is given."""


class Terminal(Typed):
    def isatty(self) -> bool:
        return True


class Said(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def vaktbord(home: Path, *words: str, stdin: str = "") -> Said:
    """In this process: what is tried is the command, not how long an interpreter takes."""
    out, err = io.StringIO(), io.StringIO()
    given = mock.patch.object(sys, "stdin", Typed(stdin))
    with given, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([*words, "--home", str(home), "--interface", "127.0.0.1"])
        except SystemExit as usage:
            code = int(usage.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


def test_enrolled_listed_and_taken_out_by_command(home: Path, tmp_path: Path) -> None:
    made = vaktbord(home, "enrol", "--name", "cli-1", "--label", "Plass 1", "--json")
    assert made.returncode == 0, made.stderr
    code = msgspec.json.decode(made.stdout)["code"]
    joined = vaktbord(tmp_path, "enrol", "--join", "--door", door(home), stdin=code.lower())
    assert joined.returncode == 0, joined.stderr
    assert "cli-1 (operator) at Prøvesiden" in joined.stdout
    assert vaktbord(tmp_path, "state", "--json").returncode == 0
    listed = msgspec.json.decode(vaktbord(home, "enrol", "--list", "--json").stdout)
    row = {"name": "cli-1", "role": "operator", "label": "Plass 1", "revoked": False}
    assert row in listed["members"]
    assert vaktbord(home, "enrol", "--revoke", "cli-1").returncode == 0
    out = vaktbord(tmp_path, "state", "--json")
    assert out.returncode != 0
    for said in (made, joined, out):
        assert code.replace("-", "") not in said.stderr
    assert (
        code.encode() not in (home / "site" / "site.log").read_bytes()
        if (home / "site" / "site.log").exists()
        else True
    )


def code_for(home: Path, name: str, role: str = "operator") -> str:
    made = vaktbord(home, "enrol", "--name", name, "--role", role, "--json")
    return str(msgspec.json.decode(made.stdout)["code"])


def test_an_open_code_is_listed_without_itself_and_can_be_ended(home: Path, tmp_path: Path) -> None:
    code = code_for(home, "waits-1")
    said = vaktbord(home, "enrol", "--codes")
    assert "waits-1" in said.stdout
    assert "10 min left" in said.stdout
    assert code not in said.stdout
    assert code.replace("-", "") not in vaktbord(home, "enrol", "--codes", "--json").stdout
    wrong = vaktbord(home, "enrol", "--cancel", "waits-2")
    assert (wrong.returncode, "--codes" in wrong.stderr) == (1, True)
    assert vaktbord(home, "enrol", "--cancel", "waits-1").returncode == 0
    refused = join(tmp_path, home, code)
    assert (refused.returncode, enrolled_as(tmp_path)) == (1, None)
    assert "waits-1" not in vaktbord(home, "enrol", "--codes").stdout


def test_a_new_desk_is_called_what_its_code_said_unless_it_has_a_name(
    home: Path, tmp_path: Path
) -> None:
    named = SettingsFile(tmp_path / "desk" / "settings.json")
    for n, label in enumerate(("Plass 2", "Plass 3")):
        made = vaktbord(home, "enrol", "--name", f"called-{n}", "--label", label, "--json")
        code = str(msgspec.json.decode(made.stdout)["code"])
        assert join(tmp_path, home, code, "--replace").returncode == 0
        assert named.load().position == "Plass 2"


def join(where: Path, home: Path, code: str, *more: str) -> Said:
    return vaktbord(where, "enrol", "--join", "--door", door(home), *more, stdin=code)


def test_an_identity_that_counts_is_not_replaced_without_a_word(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert join(tmp_path, home, code_for(home, "old-1")).returncode == 0
    code = code_for(home, "new-1")
    refused = join(tmp_path, home, code)
    assert refused.returncode == 1
    assert "is enrolled as old-1 (operator) at Prøvesiden" in refused.stderr
    assert "--replace" in refused.stderr
    assert enrolled_at(tmp_path).identity.name == "old-1"  # type: ignore[union-attr]  # there is
    assert "new-1" in join(tmp_path, home, code, "--replace").stdout, "the code is still good"
    answers = iter(["n"])  # asked once
    monkeypatch.setattr("builtins.input", lambda _words: next(answers))
    monkeypatch.setattr("tests.site.test_enrol_command.Typed", Terminal)
    refused = join(tmp_path, home, code_for(home, "new-2"))
    assert (refused.returncode, "no code used" in refused.stderr) == (1, True)
    assert next(answers, None) is None


def test_one_that_was_taken_out_makes_way_also_for_another_role(home: Path, tmp_path: Path) -> None:
    assert join(tmp_path, home, code_for(home, "out-1")).returncode == 0
    vaktbord(home, "enrol", "--revoke", "out-1")
    said = join(tmp_path, home, code_for(home, "out-2", "reception"))
    assert (said.returncode, "out-2 (reception)" in said.stdout) == (0, True), said
    assert enrolled_as(tmp_path) == "reception"
    more = join(tmp_path, home, code_for(home, "out-3", "observer"), "--replace")
    assert "enrolled as reception too" in more.stderr


def site_called(name: str, ca: str, door: int) -> SiteAnnouncement:
    return SiteAnnouncement(name, "host.local", 4_222, ("192.0.2.7",), ca * 64, door)


def test_two_sites_of_one_name_are_listed_with_their_doors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = (site_called("Legevakten", "a", 8_443), site_called("Legevakten (2)", "b", 9_443))
    monkeypatch.setattr("console.streams.browse.find_sites", lambda *_, **__: found)
    for words in (("--site", "Legevakten"), ()):
        said = vaktbord(tmp_path, "enrol", "--join", *words, stdin="ABCD-EFGH")
        assert said.returncode == 1
        assert "2 sites were found" in said.stderr
        assert "https://192.0.2.7:8443" in said.stderr
        assert "https://192.0.2.7:9443" in said.stderr
    assert is_called("Legevakten (a1b2c3)", "Legevakten")
    assert not is_called("Legevakten", "Legevakten (2)")


def test_what_is_wrong_is_said(home: Path, tmp_path: Path) -> None:
    for where, words, stdin, code, told in (
        (home, ["--name", "Lv 2"], "", 2, "name"),
        (home, [], "", 2, "--name"),
        (tmp_path, ["--name", "lv9"], "", 3, "no site runs"),
        (tmp_path, ["--join", "--door", door(home)], "0000-0000", 1, "a code has 8"),
        (tmp_path, ["--join", "--door", "http://127.0.0.1:1"], "ABCD-EFGH", 1, "is no door"),
        (tmp_path, ["--join", "--door", "https://127.0.0.1:9"], "ABCD-EFGH", 1, "not answer"),
    ):
        said = vaktbord(where, "enrol", *words, stdin=stdin)
        assert said.returncode == code, said.stderr
        assert told in said.stderr
        assert "Traceback" not in said.stderr


def test_persons_are_kept_by_command_and_no_pin_in_any_log(home: Path) -> None:
    assert "Nobody" in vaktbord(home, "person", "list").stdout
    for words, stdin, code, told in (
        (("add", "Kari N"), "4711\n", 0, "1 person may"),
        (("add", "Kari N"), "4712\n", 1, "there already"),
        (("pin", "Kari N"), "0815\n", 0, "1 person may"),
        (("pin", "Per"), "0815\n", 1, "nobody here is called Per"),
        (("add", "Per"), "1234\n", 1, "first that anybody tries"),
        (("add", "Per"), "47\n", 1, "4 to 8 figures"),
        (("add", ""), "4711\n", 2, "1 to 64 characters"),
        (("remove", "Per"), "", 1, "nobody here is called Per"),
    ):
        said = vaktbord(home, "person", *words, stdin=stdin)
        assert (said.returncode, told in said.stdout + said.stderr) == (code, True), said
    assert "Kari N" in vaktbord(home, "person", "list").stdout
    kept = home / "site" / "persons.json"
    assert kept.stat().st_mode & 0o077 == 0
    everything = kept.read_text() + (home / "site" / "site.log").read_text()
    assert "4711" not in everything
    assert "0815" not in everything
    assert vaktbord(home, "person", "remove", "Kari N").returncode == 0
    assert "Nobody" in vaktbord(home, "person", "list").stdout
