"""``vaktbord message|callout|group|call|duty|alarm`` against one site that really runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.cli import main
from console.domain.authors import SUFFIX
from console.domain.events import AlarmRaised, TalkgroupDefined, UnitDefined
from console.site.find import find_site
from console.site.node.process import ensure_site, stop_site
from console.site.node.server import end_orphan
from console.site.visit import spool_of, visit

from .conftest import Ear, ReadJson, Run, wait_for

pytestmark = pytest.mark.system
UNITS = ("lv1", "amb1", "amb2", "st", "spes")
GROUPS = ("p1", "p2", "p3")


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One site for all of them: each test looks for what it has said itself."""
    home = tmp_path_factory.mktemp("people") / "home"
    try:
        address = ensure_site(home, interface="127.0.0.1", name="Skolen")
        with visit(address, spool=spool_of(home)) as guest:
            guest.read_all()
            for unit in UNITS:
                guest.deliver(UnitDefined(unit, unit.upper(), "ambulance"))
            for group in GROUPS:
                guest.deliver(TalkgroupDefined(group, group.upper()))
        yield home
    finally:
        stop_site(home)
        end_orphan(home / "site")


@pytest.fixture
def run(shared_home: Path) -> Run:
    def run_command(*words: str) -> int:
        return main([*words, "--home", str(shared_home), "--interface", "127.0.0.1"])

    return run_command


def refused(run: Run, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """One sentence, exit code 1."""
    capsys.readouterr()
    assert run(*words) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    return said[0]


def test_who_stands_there_twice_is_meant_once(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two lists put together in a hurry: a call-out must not be lost for it."""
    sent = read_json("callout", "send", "--to", "amb1", "lv1", "amb1", "--text", "fiktiv")
    (row,) = [one for one in read_json("callout", "list") if one["key"] == sent["callout"]]
    assert row["to"] == ["amb1", "lv1"]
    told = refused(run, capsys, "group", "patch", "p1", "p1")
    assert told.endswith("and nothing was said: one of the groups stands there twice")


def test_a_message_from_sent_to_read(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = read_json("message", "send", "--to", "lv1", "amb1", "--text", "hei \x1b[31m")
    assert sent["done"] == "sent"
    key = sent["message"]
    assert run("message", "delivered", key, "--as", "amb1") == 0
    assert run("message", "read", key, "--as", "lv1", "--person", "Kari") == 0
    (row,) = [m for m in read_json("message", "list") if m["key"] == key]
    assert {r["receiver"]: r["state"] for r in row["receipts"]} == {
        "lv1": "read", "amb1": "delivered",
    }  # fmt: skip
    assert row["receipts"][0]["read"]["person"] == "Kari"
    assert row["text"] == "hei  [31m", "control characters are in no event"
    unread = {desk: read_json("message", "list", "--unread", desk) for desk in ("lv1", "amb1")}
    assert [len(rows) for rows in unread.values()] == [0, 1]
    assert run("message", "list") == 0
    assert "\x1b" not in capsys.readouterr().out
    assert "there is no message" in refused(run, capsys, "message", "read", "X", "--as", "lv1")


def test_status_messages_and_stored_texts(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    by_key = read_json("message", "send", "--to", "st", "--status", "call-me")["message"]
    by_number = read_json("message", "send", "--to", "st", "--status", "65535")["message"]
    assert run("message", "stored", "define", "s1", "--title", "Ring", "--text", "Ring AMK") == 0
    (stored,) = read_json("message", "stored", "list")
    assert (stored["key"], stored["text"]) == ("s1", "Ring AMK")
    text = read_json("message", "send", "--to", "st", "--stored", "s1", "--from", "amb1")["message"]
    rows = {m["key"]: m for m in read_json("message", "list")}
    assert (rows[by_key]["status"], rows[by_number]["number"]) == ("call-me", 65_535)
    assert (rows[text]["text"], rows[text]["sender"]) == ("Ring AMK", "amb1")
    assert run("message", "stored", "remove", "s1") == 0
    assert "no stored text s1" in refused(
        run, capsys, "message", "send", "--to", "st", "--stored", "s1"
    )


def test_a_callout_is_answered_reminded_and_called_off(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ("--text", "Ulykke", "--remind-after", "1", "--reminders", "1")
    key = read_json("callout", "send", "--to", "amb1", "amb2", *common)["callout"]
    assert run("callout", "answer", key, "delayed", "--minutes", "5", "--as", "amb1") == 0

    def row() -> Any:
        return next(c for c in read_json("callout", "list", "--all") if c["key"] == key)

    wait_for(lambda: row()["reminded"], "the site's reminder")
    said = {line["who"]: line["answer"] for line in row()["overview"]}
    assert said["amb1"]["delay_min"] == 5
    assert said["amb2"] is None
    assert run("callout", "show", key) == 0
    assert "amb2  -  no answer yet" in capsys.readouterr().out
    assert "belong to the answer" in refused(
        run, capsys, "callout", "answer", key, "yes", "--minutes", "5", "--as", "amb2"
    )
    assert run("callout", "end", key, "--reason", "cancelled", "--person", "Kari") == 0
    assert (row()["state"], row()["reason"]) == ("ended", "cancelled")
    assert "ended already (by Kari): cancelled" in refused(
        run, capsys, "callout", "answer", key, "yes", "--as", "amb2"
    )


def test_a_group_is_formed_changed_and_ended_and_the_picture_has_it_meanwhile(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    key = read_json("group", "form", "KOLS 68", "--members", "lv1", "amb1")["group"]
    assert run("group", "add", key, "spes") == 0
    assert run("group", "remove", key, "amb1") == 0
    assert "in" in refused(run, capsys, "group", "add", key, "spes")
    (group,) = [g for g in read_json("group", "list")["groups"] if g["key"] == key]
    assert (group["state"], group["members"]) == ("active", ["lv1", "spes"])
    assert key in {g["key"] for g in read_json("state")["talkgroups"]}
    assert run("group", "end", key) == 0
    assert key not in {g["key"] for g in read_json("state")["talkgroups"]}
    assert "ended already" in refused(run, capsys, "group", "end", key)


def test_what_is_said_to_an_exercise_bears_its_mark_and_is_never_mixed(
    run: Run, read_json: ReadJson, shared_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = find_site(shared_home, interface="127.0.0.1")
    with visit(site, spool=shared_home / "units") as guest:
        guest.deliver(UnitDefined("ov1", "ØV 1", "ambulance", exercise=True))
        guest.deliver(UnitDefined("re1", "AMB 1", "ambulance"))
    words = ("--text", "Fiktivt", "--anyway")  # pl1 is a desk that has said nothing yet
    sent = read_json("callout", "send", "--to", "ov1", "pl1", *words)["callout"]
    assert read_json("callout", "show", sent)["exercise"]
    formed = read_json("group", "form", "KONF ØV", "--members", "ov1", "pl1", "--anyway")["group"]
    (group,) = [g for g in read_json("group", "list")["groups"] if g["key"] == formed]
    assert group["exercise"]
    never = "never mixed; of the exercise: ov1"
    both = ("--to", "ov1", "re1", "--text", "Fiktivt")
    assert never in refused(run, capsys, "callout", "send", *both)
    assert never in refused(run, capsys, "message", "send", *both)
    assert never in refused(run, capsys, "group", "form", "BEGGE", "--members", "ov1", "re1")
    assert "never mixed" in refused(run, capsys, "group", "add", formed, "re1")
    alarm = read_json("alarm", "raise", "--unit", "re2")["alarm"]
    assert "never mixed" in refused(run, capsys, "alarm", "send", alarm, "--units", "ov1")


def test_a_patch_and_the_one_in_its_way(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    key = read_json("group", "patch", "p1", "p2")["patch"]
    said = refused(run, capsys, "group", "patch", "p2", "p3")
    assert f"`vaktbord group unpatch {key}` ends it" in said
    assert run("group", "unpatch", key) == 0
    assert run("group", "patch", "p2", "p3") == 0
    (patch,) = read_json("group", "list")["patches"]
    assert patch["groups"] == ["p2", "p3"]
    assert "no patch" in refused(run, capsys, "group", "unpatch", key)


def test_a_call_from_ringing_to_its_end(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    key = read_json("call", "offer", "amb1", "--from", "lv1", "--full")["call"]
    assert read_json("call", "list")[0]["state"] == "ringing"
    assert run("call", "answer", key, "--person", "Kari") == 0
    assert "connected already (by Kari)" in refused(run, capsys, "call", "answer", key)
    assert run("call", "end", key) == 0
    assert read_json("call", "list") == []
    (row,) = [c for c in read_json("call", "list", "--all") if c["key"] == key]
    assert (row["reason"], row["duplex"]) == ("hung-up", "full")


def test_who_is_on_duty_now_and_then(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    how = ("--name", "Lege Oppdiktet", "--until", "+8h", "--phone", "99 00 00 00")
    key = read_json("duty", "set", "LV-lege", *how)["duty"]
    (row,) = read_json("duty", "list")
    assert (row["role"], row["phone"]) == ("LV-lege", "99 00 00 00")
    assert read_json("duty", "list", "--at", "+9h") == []
    assert run("duty", "end", key) == 0
    assert read_json("duty", "list") == []
    assert len(read_json("duty", "list", "--all")) == 1
    assert "already" in refused(run, capsys, "duty", "end", key)


def test_an_alarm_is_noted_helped_and_handed_over(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    key = read_json("alarm", "raise", "--unit", "u7")["alarm"]
    assert run("alarm", "take", key, "--person", "Kari") == 0
    assert run("alarm", "send", key, "--units", "amb1", "pol1", "--text", "møtes ved kirken") == 0
    assert run("alarm", "take", key, "--person", "Ola") == 0
    assert run("alarm", "close", key, "--reason", "real") == 0
    assert run("alarm", "note", key, "--text", "rapport skrevet") == 0
    assert "closed already" in refused(run, capsys, "alarm", "send", key, "--units", "amb1")
    (row,) = [a for a in read_json("alarm", "list", "--all") if a["key"] == key]
    assert row["taken"]["person"] == "Ola"
    assert [sent["units"] for sent in row["sent"]] == [["amb1", "pol1"]]
    assert [note["text"] for note in row["notes"]] == ["rapport skrevet"]


def test_an_alarm_that_comes_by_two_ways_is_one_and_both_hear_who_has_seen_it(
    shared_home: Path, run: Run, read_json: ReadJson, tmp_path: Path
) -> None:
    address = ensure_site(shared_home, interface="127.0.0.1")
    names = [f"{address.identity.name}{SUFFIX}{way}" for way in ("radio", "ip")]
    ears = [Ear(address, tmp_path / "spool", name).start() for name in names]
    try:
        for ear in ears:
            ear.wait_up()
        raised = [ear.publish(AlarmRaised(f"A-{n}", "u8")) for n, ear in enumerate(ears)]
        for ear in ears:
            ear.wait_ids(raised)
        (row,) = [a for a in read_json("alarm", "list") if a["unit"] == "u8"]
        assert sorted((row["key"], *row["aliases"])) == ["A-0", "A-1"]
        assert run("alarm", "ack", row["aliases"][0], "--person", "Kari") == 0
        wait_for(
            lambda: all(ear.link.undelivered == 0 for ear in ears), "both gateways to know of it"
        )
        row = next(a for a in read_json("alarm", "list") if a["unit"] == "u8")
        assert row["state"] == "acknowledged"
    finally:
        for ear in ears:
            ear.link.stop()


@pytest.mark.parametrize(
    "words",
    [
        ("message", "send", "--to", "a", "--status", "32767"),
        ("message", "send", "--to", "no spaces", "--text", "x"),
        ("message", "send", "--to", "a", "--text", ""),
        ("group", "form", "thirteen chars", "--members", "a"),
        ("group", "patch", "a"),
        ("group", "patch", "a", "b", "c", "d", "e"),
        ("callout", "send", "--to", "a", "--text", "x", "--remind-after", "3601"),
        ("duty", "set", "LV-lege", "--name", "x", "--until", "+8h"),
        ("duty", "set", "LV-lege", "--name", "x", "--until", "now", "--phone", "113"),
        ("duty", "set", "LV-lege", "--name", "x", "--until", "i kveld", "--phone", "113"),
        ("duty", "set", "LV-lege", "--name", "x", "--until", "+8h", "--issi", "12"),
    ],
    ids=" ".join,
)
def test_what_can_not_be_is_told_before_the_site_is_asked(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main([*words, "--home", "/nowhere"])
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2
    assert capsys.readouterr().err.strip()


def test_a_time_of_the_clock_is_today_s(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    begins = time.strftime("%H:%M", time.localtime(0))
    how = ("--name", "Lege", "--from", begins, "--until", "+400h", "--issi", "3000001")
    key = read_json("duty", "set", "Bakvakt", *how)["duty"]
    (row,) = [d for d in read_json("duty", "list", "--all") if d["key"] == key]
    assert time.strftime("%H:%M", time.localtime(row["from_ms"] / 1_000)) == begins
    assert time.localtime(row["from_ms"] / 1_000)[:3] == time.localtime()[:3]


def test_a_wrong_letter_loses_nothing(
    run: Run, read_json: ReadJson, capsys: pytest.CaptureFixture[str]
) -> None:
    message = ("message", "send", "--to", "lv1", "AMB11", "--text", "Til feil sted (fiktiv)")
    said = refused(run, capsys, *message)
    assert "the site knows no AMB11: nothing was said. Did you mean amb1" in said
    assert all("feil sted" not in one["text"] for one in read_json("message", "list"))
    assert run(*message, "--anyway") == 0
    assert "the site knows no AMB11" in capsys.readouterr().err
    sent = read_json("message", "list")[-1]
    assert "feil sted" in sent["text"]
    group = read_json("group", "form", "Fiktiv", "--members", "lv1")["group"]
    callout = read_json("callout", "send", "--to", "amb1", "--text", "Fiktiv")["callout"]
    for words in (
        ("message", "send", "--to", "lv1", "--from", "amb9", "--text", "Hei"),
        ("message", "read", sent["key"], "--as", "lv9"),
        ("callout", "send", "--to", "amb9", "--text", "Hei"),
        ("callout", "answer", callout, "yes", "--as", "amb2"),
        ("group", "form", "Hei", "--members", "lv1", "lv9"),
        ("group", "add", group, "lv9"),
        ("group", "patch", "p1", "p9"),
        ("call", "offer", "lv9", "--from", "lv1"),
        ("call", "offer", "lv1", "--from", "lv9"),
        (
            "duty",
            "set",
            "LV-lege",
            "--name",
            "Fiktiv",
            "--until",
            "+1h",
            "--unit",
            "amb9",
            "--duty",
            "D-FIKTIV",
        ),
    ):
        assert "--anyway" in refused(run, capsys, *words), words
        assert run(*words, "--anyway") == 0, words
    assert run("duty", "end", "D-FIKTIV") == 0
    assert run("alarm", "raise", "--unit", "u9") == 0  # nobody in need is turned away
    assert "the site knows no u9" in capsys.readouterr().err
