"""``vaktbord site|state|alarm|events`` against a site that really runs."""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from console import cli
from console.cli import main
from console.commands import alarm, events, site, state
from console.domain.events import (
    AlarmAcknowledged,
    AlarmEscalated,
    AlarmRaised,
    AlarmUnitsSent,
    CalloutEnded,
    CalloutSent,
    MessageSent,
    Position,
    UnitMoved,
)
from console.site import visit
from console.site.address import SiteAddress, SiteError
from console.site.log.outbox import Outbox
from console.site.log.session import Session
from console.site.node.process import ensure_site, find_address, stop_site
from console.site.node.server import command_line
from console.site.visit import Visit, spool_of
from tests.examples import example

from .conftest import EarAt, ReadJson, Run, wait_for

pytestmark = pytest.mark.system


def parse(*words: str) -> argparse.Namespace:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--home", type=Path)
    common.add_argument("--interface", default="127.0.0.1")
    common.add_argument("--log-level", default="info")
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    for command in (alarm, events, site, state):
        command.add(commands, common)
    return parser.parse_args(words)


@pytest.fixture
def address(home: Path) -> SiteAddress:
    return ensure_site(home, interface="127.0.0.1", name="Skolen")


@pytest.fixture
def run(home: Path) -> Run:
    def run_command(*words: str) -> int:
        options = parse(words[0], "--home", str(home), *words[1:])
        return int(options.func(options))

    return run_command


def raise_alarm(run: Run, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert run("alarm", "raise", "--unit", "u1", *more) == 0
    said = capsys.readouterr().out
    assert "the site has it" in said
    return said.split()[1]


@pytest.mark.usefixtures("alone")
def test_no_site_is_one_sentence_and_code_3(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("state",), ("alarm", "list"), ("events",)):
        assert run(*words) == 3
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        assert "No site was found" in captured.err
    assert run("site", "--stop") == 3


def test_an_alarm_from_raised_to_closed(
    address: SiteAddress,
    run: Run,
    read_json: ReadJson,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = raise_alarm(run, capsys, "--lat", "69.65", "--lon", "18.96", "--text", "hjelp")
    (row,) = read_json("alarm", "list")
    assert (row["key"], row["state"], row["text"]) == (key, "raised", "hjelp")
    assert row["position"]["lat"] == 69.65
    assert run("alarm", "close", key, "--reason", "test") == 1
    assert "not acknowledged yet" in capsys.readouterr().err
    assert run("alarm", "ack", key, "--person", "Kari") == 0
    assert run("alarm", "ack", key, "--person", "Ola") == 1
    assert "already (by Kari)" in capsys.readouterr().err
    assert run("alarm", "take", key) == 0
    assert run("alarm", "close", key, "--reason", "false-press", "--note", "satt på den") == 0
    assert read_json("alarm", "list") == []
    (row,) = read_json("alarm", "list", "--all")
    assert (row["state"], row["reason"]) == ("closed", "false-press")
    assert row["acknowledged"]["person"] == "Kari"
    assert run("alarm", "reopen", key, "--note", "den gale raden", "--person", "Ola") == 0
    assert run("alarm", "reopen", key) == 1
    assert "is not closed: it is in-progress" in capsys.readouterr().err
    (row,) = read_json("alarm", "list")
    assert (row["state"], row["reason"], len(row["closes"])) == ("in-progress", "", 1)
    assert [(one["person"], one["text"]) for one in row["reopened"]] == [("Ola", "den gale raden")]


def test_help_that_was_called_off_is_not_listed_as_sent(
    address: SiteAddress, run: Run, ear_at: EarAt, capsys: pytest.CaptureFixture[str]
) -> None:
    key = raise_alarm(run, capsys)
    assert run("alarm", "ack", key) == 0
    ear = ear_at(address, "aid")
    ear.wait_up()
    ear.publish(CalloutSent("C-1", ("amb1",), "Hjelp"))
    ear.publish(AlarmUnitsSent(key, ("amb1",), callout="C-1"))
    ear.wait_ids([ear.publish(AlarmUnitsSent(key, ("amb2",)))])
    capsys.readouterr()
    assert run("alarm", "list") == 0
    assert "sent amb1, amb2" in capsys.readouterr().out
    ear.wait_ids([ear.publish(CalloutEnded("C-1", "cancelled"))])
    assert run("alarm", "list") == 0
    assert "sent amb2" in (told := capsys.readouterr().out)
    assert "amb1" not in told


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("what", ["full", "in the way"])
def test_an_alarm_is_raised_also_where_nothing_can_be_kept(
    home: Path,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    if what == "full":
        reserve = Outbox.reserve

        def full(box: Outbox, count: int) -> int:
            if box._path is not None:
                raise sqlite3.OperationalError("database or disk is full")
            return reserve(box, count)

        monkeypatch.setattr(Outbox, "reserve", full)
    else:
        spool_of(home).parent.mkdir(parents=True, exist_ok=True)
        spool_of(home).write_text("in the way")
    assert run("alarm", "raise", "--unit", "u1") == 0
    told = capsys.readouterr()
    assert "the site has it" in told.out
    assert "nothing can be kept on this machine" in told.err
    monkeypatch.undo()
    assert run("alarm", "list") == 0
    assert told.out.split()[1] in capsys.readouterr().out


def test_where_nothing_can_be_kept_nothing_is_said_to_be() -> None:
    guest = Visit(None, None)
    guest.unkept = "the disk is full"
    with pytest.raises(SiteError, match="could not be kept on disk: the disk is full"):
        guest.keep(AlarmRaised("al", "u1"))


@pytest.mark.usefixtures("address")
def test_what_a_silent_log_has_not_taken_is_not_said_to_be_kept_where_it_is_not(
    home: Path,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In one breath that it is lost, and that it goes out later, is worse than either."""

    async def takes_nothing(*_: object) -> bool:
        return False

    monkeypatch.setattr(Session, "_send_rows", takes_nothing)
    monkeypatch.setattr(visit, "DELIVER_S", 0.5)
    spool = spool_of(home)
    shutil.rmtree(spool, ignore_errors=True)
    spool.write_text("in the way")
    assert run("alarm", "raise", "--unit", "u1") == 1
    told = capsys.readouterr().err
    assert "the site has not taken it yet. It is NOT kept here, and lost" in told
    assert "is kept here and" not in told
    spool.unlink()
    assert run("alarm", "raise", "--unit", "u1") == 1
    told = capsys.readouterr().err
    assert "the site has not taken it yet. It is kept here and goes out" in told
    assert "NOT kept" not in told


def test_an_unknown_alarm_and_half_a_place(
    address: SiteAddress, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("alarm", "ack", "A-NONE") == 1
    assert "there is no alarm A-NONE" in capsys.readouterr().err
    assert run("alarm", "raise", "--unit", "u1", "--lat", "60") == 2


def test_the_picture(
    address: SiteAddress,
    run: Run,
    read_json: ReadJson,
    ear_at: EarAt,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ear = ear_at(address)
    ear.wait_up()
    ids = [ear.publish(UnitMoved(unit="u1", position=Position(60.0, 10.0)))]
    ear.wait_ids(ids)
    key = raise_alarm(run, capsys)
    picture = read_json("state")
    assert picture["site"] == "Skolen"
    assert [u["key"] for u in picture["units"]] == ["u1"]
    assert [a["key"] for a in picture["alarms"]] == [key]
    assert run("state") == 0
    text = capsys.readouterr().out
    assert "Skolen" in text
    assert "60.00000 10.00000" in text


def test_the_log_once(
    address: SiteAddress,
    run: Run,
    read_json: ReadJson,
    ear_at: EarAt,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ear = ear_at(address)
    ids = [ear.publish(MessageSent(to="g", text=f"nr {n} \x1b[31m")) for n in range(5)]
    ear.wait_ids(ids)
    key = raise_alarm(run, capsys)
    assert [e["id"] for e in read_json("events", "--kind", "message-sent", "--last", "2")] == ids[
        3:
    ]
    rows = read_json("events")
    assert [e["body"]["kind"] for e in rows] == ["message-sent"] * 5 + ["alarm-raised"]
    assert run("events", "--last", "3") == 0
    text = capsys.readouterr().out
    assert len(text.splitlines()) == 3
    assert key in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    "words",
    [
        ("site",),
        ("state",),
        ("events",),
        ("alarm",),
        *(
            ("alarm", action)
            for action in ("raise", "ack", "take", "note", "send", "close", "reopen", "list")
        ),
        *(("message", action) for action in ("send", "delivered", "read", "list")),
        *(("message", "stored", action) for action in ("list", "define", "remove")),
        *(("callout", action) for action in ("send", "answer", "end", "list", "show")),
        *(("group", action) for action in ("form", "add", "remove", "end", "patch", "unpatch")),
        *(("call", action) for action in ("offer", "answer", "end", "list")),
        *(("duty", action) for action in ("set", "end", "list")),
    ],
    ids=" ".join,
)
def test_each_says_how_it_is_used(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    assert f"usage: vaktbord {' '.join(words)}" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        main([*words, "--no-such-option"])
    assert ended.value.code == 2


def test_what_an_alarm_command_did_as_json(address: SiteAddress, read_json: ReadJson) -> None:
    raised = read_json("alarm", "raise", "--unit", "u1")
    said = [
        read_json("alarm", "ack", raised["alarm"]),
        read_json("alarm", "take", raised["alarm"], "--person", "Kari"),
        read_json("alarm", "close", raised["alarm"], "--reason", "real"),
    ]
    assert [one["done"] for one in (raised, *said)] == [
        "raised", "acknowledged", "taken", "closed",
    ]  # fmt: skip
    assert [e["id"] for e in read_json("events")] == [one["event"] for one in (raised, *said)]


@contextlib.contextmanager
def command(home: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """``vaktbord WORDS`` in a process of its own."""
    common = ["--home", str(home), "--interface", "127.0.0.1"]
    line = [sys.executable, "-m", "console.cli", *words, *common]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def end_by_ctrl_c(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Its exit code and what it still said of errors."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    return process.returncode, errors.decode()


def line_of(stream: IO[bytes] | None) -> bytes:
    assert stream is not None
    return stream.readline()


def test_the_log_as_it_grows(
    address: SiteAddress, home: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    first = raise_alarm(run, capsys)
    with command(home, "events", "--follow", "--json") as follower:
        assert json.loads(line_of(follower.stdout))["body"]["alarm"] == first
        second = raise_alarm(run, capsys)
        assert json.loads(line_of(follower.stdout))["body"]["alarm"] == second
        code, errors = end_by_ctrl_c(follower)
    assert code == 130
    assert "Traceback" not in errors


def test_who_follows_is_told_when_the_site_goes_and_comes_back(
    address: SiteAddress, home: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with command(home, "events", "--follow", "--json") as follower:
        assert b"Connected to Skolen" in line_of(follower.stderr)
        assert stop_site(home)
        assert b"is lost" in line_of(follower.stderr)
        ensure_site(home, interface="127.0.0.1", name="Skolen")
        key = raise_alarm(run, capsys)
        assert json.loads(line_of(follower.stdout))["body"]["alarm"] == key
        code, errors = end_by_ctrl_c(follower)
    assert code == 130
    assert "Connected to Skolen" in errors
    assert "Traceback" not in errors


def test_a_pipe_that_is_closed_ends_who_follows(
    address: SiteAddress, home: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with command(home, "events", "--follow") as follower:
        assert b"Connected" in line_of(follower.stderr)
        assert follower.stdout is not None
        follower.stdout.close()
        raise_alarm(run, capsys)
        assert follower.wait(15) == 141
        assert b"Traceback" not in (follower.stderr.read() if follower.stderr else b"")


def test_a_site_in_the_foreground_until_ctrl_c(home: Path) -> None:
    with command(home, "site", "--name", "Vakten") as foreground:
        assert b"Vakten answers at tls://127.0.0.1:" in line_of(foreground.stdout)
        server = int((home / "site" / "server.pid").read_text())
        with command(home, "site") as again:
            _, said = again.communicate(timeout=30)
            assert again.returncode == 1, "one site per home"
            assert b"running already" in said
        code, errors = end_by_ctrl_c(foreground)
    assert (code, errors) == (0, "")
    assert find_address(home) is None
    assert not command_line(server), "its nats-server has ended too"


def test_a_station_made_from_the_protocol_s_example_hears_who_has_seen_its_alarm(
    address: SiteAddress, home: Path, run: Run
) -> None:
    line = [sys.executable, "-c", example("station alarm"), address.url]
    line.append(str(address.identity.folder))
    with subprocess.Popen(line, stdout=subprocess.PIPE) as station:
        try:
            assert line_of(station.stdout) == b"the site has it\n"
            assert run("alarm", "ack", "A-FOREIGN", "--person", "Kari") == 0
            assert line_of(station.stdout) == b"Kari has seen it\n"
            assert station.wait(15) == 0
        finally:
            station.kill()


def test_an_alarm_nobody_acknowledges_escalates(home: Path, ear_at: EarAt) -> None:
    common = ["--home", str(home), "--interface", "127.0.0.1"]
    line = [sys.executable, "-m", "console.site", *common, "--escalate-after", "1"]
    with subprocess.Popen(line) as process:
        try:
            wait_for(lambda: find_address(home), "the site")
            address = find_address(home)
            assert address is not None
            ear = ear_at(address)
            ear.wait_up()
            raised = [ear.publish(AlarmRaised(alarm=f"A{n}", unit="u1")) for n in range(2)]
            ear.wait_ids(raised)
            ear.publish(AlarmAcknowledged(alarm="A0"), cause=raised[0])
            wait_for(lambda: ear.state.alarms["A1"].escalated is not None, "the escalation")
            assert ear.state.alarms["A0"].escalated is None
            (told,) = [e for e in ear.events if isinstance(e.body, AlarmEscalated)]
            assert told.author.startswith("node-")
            assert told.cause == raised[1]
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


@pytest.mark.parametrize(
    "given",
    [
        ("--unit", "no spaces"),
        ("--unit", "a1", "--lat", "nan", "--lon", "10"),
        ("--unit", "a1", "--lat", "91", "--lon", "10"),
        ("--unit", "a1", "--text", "x" * 1_001),
        ("--unit", "a1", "--person", "x" * 65),
    ],
)
def test_values_that_can_not_be_are_told_in_plain_words(
    given: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["alarm", "raise", *given])
    assert ended.value.code == 2
    assert "$." not in capsys.readouterr().err
