"""The doctor: every check says something, what to do is said wherever something is wrong."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from console.commands import doctor
from console.commands.multicast import loop_problem
from console.site.security import identity, pki

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["sound", "engine", "window", "multicast", "mdns", "site", "certificates", "disk", "clock"]


def test_the_real_command_on_loopback(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "console.cli", "doctor", "--json", "--interface", "127.0.0.1"]
    done = subprocess.run(
        [*line, "--home", str(tmp_path / "not yet")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    document = json.loads(done.stdout)
    assert [one["name"] for one in document["checks"]] == NAMES
    assert done.returncode == int(document["verdict"] == "bad")
    assert all(one["todo"] for one in document["checks"] if one["verdict"] != "ok")
    verdicts = {one["name"]: one["verdict"] for one in document["checks"]}
    assert verdicts["multicast"] == verdicts["mdns"] == verdicts["window"] == "ok"
    assert verdicts["site"] == "warning"


def test_an_address_that_is_not_here_is_bad() -> None:
    check = doctor.check_multicast("192.0.2.1")
    assert check.verdict == "bad"
    assert check.todo
    assert doctor.check_multicast("2001:db8::1").verdict == "bad"


def test_nonsense_for_an_address_is_a_sentence() -> None:
    assert "can't be used" in loop_problem("239.255.77.77", "ff02::7777", 0, "nonsense")


@pytest.mark.parametrize(("free", "verdict"), [(10**12, "ok"), (10**9, "warning"), (10**6, "bad")])
def test_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: str) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(free, 0, free))
    assert doctor.check_disk(tmp_path / "a" / "b").verdict == verdict


def test_a_home_that_cannot_be_written_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert doctor.check_disk(Path("/nowhere")).verdict == "bad"


def test_a_clock_that_jumps_is_a_warning() -> None:
    check = doctor.check_clock(doctor.wall_minus_monotonic() - 3.0)
    assert check.verdict == "warning"
    assert "+3.0" in check.found


def test_a_sound_system_that_hangs_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*line: str) -> subprocess.CompletedProcess[str]:
        raise subprocess.TimeoutExpired(list(line), 1)

    monkeypatch.setattr(doctor, "_python", hang)
    assert doctor.check_sound().verdict == "bad"


def test_a_check_that_fails_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> doctor.Check:
        raise OSError("no such thing")

    monkeypatch.setattr(doctor, "check_window", broken)
    found = {one.name: one for one in doctor.examine(tmp_path, "127.0.0.1")}
    assert list(found) == NAMES
    assert found["window"].verdict == "bad"
    assert doctor.worst(list(found.values())) == "bad"


def enrolled(home: Path, life: datetime.timedelta, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with an operator's certificate that lasts so long."""
    monkeypatch.setattr(pki, "MEMBER_LIFE", life)
    authority, key = pki.Authority.new("Here"), pki.new_key()
    member = pki.MemberName("lv2", "operator", pki.new_generation())
    certificate = authority.issue_member(member, pki.request_pem(key))
    monkeypatch.undo()
    folder = identity.folder_of(home, "operator")
    identity.save(
        folder, key=pki.key_pem(key), certificate=certificate, ca=authority.pem, place=None
    )
    return folder


@pytest.mark.parametrize(
    ("life", "verdict", "told"),
    [
        (datetime.timedelta(days=20, hours=1), "ok", "operator: 20 days"),
        (datetime.timedelta(days=2, hours=1), "warning", "operator: 2 days"),
        (-pki.SKEW / 2, "bad", "operator: -1 days"),
    ],
)
def test_how_long_the_certificate_lasts_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    life: datetime.timedelta,
    verdict: str,
    told: str,
) -> None:
    enrolled(tmp_path, life, monkeypatch)
    check = doctor.check_certificates(tmp_path)
    assert (check.verdict, check.found) == (verdict, told)
    assert bool(check.todo) == (verdict != "ok")


def test_a_key_that_others_can_read_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = enrolled(tmp_path, datetime.timedelta(days=20), monkeypatch)
    (folder / "key.pem").chmod(0o644)
    assert doctor.check_certificates(tmp_path).verdict == "bad"


def test_a_home_without_a_certificate_is_no_fault(tmp_path: Path) -> None:
    assert doctor.check_certificates(tmp_path).verdict == "ok"
