"""Voice keys from the command line: a site, a stream under its key, one without, a foreign key."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from console import cli
from console.commands.publish import RATE
from console.site.node.process import ensure_site
from console.streams.announcement import Announcement
from console.streams.browse import Browser
from tests.site.conftest import wait_for

LOOPBACK = "127.0.0.1"
PLAIN, SECURED = "vk-plain", "vk-secured"


ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
LINE = [sys.executable, "-m", "console.cli"]


class Done(msgspec.Struct, frozen=True):
    returncode: int
    stdout: str
    stderr: str


def vaktbord(*words: str, home: Path, given: str = "") -> Done:
    """In this process: a command's start takes a second."""
    out, err = io.StringIO(), io.StringIO()
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(given.encode()))
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.main([*words, "--home", str(home)])
    except SystemExit as end:  # a usage error
        code = int(end.code or 0)
    finally:
        sys.stdin = stdin
    return Done(code, out.getvalue(), err.getvalue())


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE) * 32_767
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.astype("<i2").tobytes())
    return path


@pytest.fixture
def found() -> Iterator[dict[str, Announcement]]:
    """What is announced on loopback, by talkgroup."""
    streams: dict[str, Announcement] = {}

    def changed(new: tuple[Announcement, ...], _gone: tuple[str, ...]) -> None:
        streams.update({one.talkgroup: one for one in new})

    browser = Browser(LOOPBACK, changed)
    browser.start()
    try:
        yield streams
    finally:
        browser.stop()


@pytest.fixture
def senders(home: Path, sound: Path) -> Iterator[None]:
    """One stream under the site's key, one without any."""
    ensure_site(home, interface=LOOPBACK)
    common = ["--interface", LOOPBACK, "--home", str(home), "--loop"]
    running = [
        subprocess.Popen(
            [*LINE, "publish", str(sound), *common, "--talkgroup", *words], env=ENVIRONMENT
        )
        for words in ([SECURED, "--site-key"], [PLAIN])
    ]
    try:
        yield
    finally:
        for one in running:
            one.send_signal(signal.SIGINT)
            one.wait(20)


def rows(done: Done) -> dict[str, dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return {one["talkgroup"]: one for one in json.loads(done.stdout)["streams"]}


@pytest.mark.long
@pytest.mark.usefixtures("senders")
def test_a_stream_under_the_sites_key_is_heard_and_one_without_is_refused_or_marked(
    home: Path, tmp_path: Path, found: dict[str, Announcement]
) -> None:
    wait_for(lambda: {PLAIN, SECURED} <= found.keys(), "both streams")
    common = ("--interface", LOOPBACK, "--json")
    streams = ("streams", "--seconds", "3", *common)
    listed = rows(vaktbord(*streams, home=home))
    assert listed[SECURED]["secured"] and listed[SECURED]["receivable"], listed[SECURED]
    assert not listed[PLAIN]["receivable"]
    assert "policy.toml" in listed[PLAIN]["why_not"]
    # A home that has enrolled nowhere hears what has no key, and says so.
    stranger = rows(vaktbord(*streams, home=tmp_path / "other"))
    assert stranger[PLAIN]["receivable"] and not stranger[SECURED]["receivable"]
    out = ("mix", "--out", str(tmp_path / "mix.wav"), "--seconds", "4", *common)
    mixed = rows(vaktbord(*out, home=home))
    assert mixed[SECURED]["heard"], mixed[SECURED]
    assert not mixed[PLAIN]["heard"]
    (home / "site" / "policy.toml").write_text(
        f'[[voice.listed]]\ntalkgroup = "{PLAIN}"\n[[voice.listed]]\ntalkgroup = "x"\n'
    )
    wait_for(
        lambda: rows(vaktbord(*streams, home=home))[PLAIN]["receivable"],
        "the stream to be listed",
    )


def test_a_foreign_sender_gets_a_key_that_is_shown_once(home: Path, tmp_path: Path) -> None:
    assert vaktbord("keys", "list", home=home).returncode == 1  # no site yet
    ensure_site(home, interface=LOOPBACK)
    keys = ("keys", "add-foreign", "--talkgroup", "lv1")
    made = vaktbord(*keys, home=home)
    assert made.returncode == 0, made.stderr
    secret = made.stdout.rstrip().rpartition(" ")[2]
    assert len(base64.b64decode(secret, validate=True)) == 30
    given = base64.b64encode(bytes(range(44))).decode()
    second = vaktbord(
        *keys, "--kid", "gw-2", "--profile", "AEAD_AES_256_GCM", "--key-file", "-",
        home=home, given=given,
    )  # fmt: skip
    assert second.returncode == 0 and given not in second.stdout
    again = vaktbord(*keys, "--kid", "gw-2", "--key-file", "-", home=home, given=secret)
    assert again.returncode == 1 and "remove it first" in again.stderr
    readable = tmp_path / "readable"
    readable.write_text(secret)
    readable.chmod(0o644)
    for wrong in (("--key-file", str(readable)), ("--key-file", "-"), ("--kid", "7")):
        assert vaktbord(*keys, *wrong, home=home, given="no base64!").returncode in (1, 2)
    listed = vaktbord("keys", "list", "--json", home=home)
    assert {one["kid"] for one in json.loads(listed.stdout)["foreign"]} > {"gw-2"}
    assert secret not in listed.stdout and given not in listed.stdout
    gone = ("keys", "remove-foreign", "--talkgroup", "lv1", "--kid", "gw-2")
    assert vaktbord(*gone, home=home).returncode == 0
    assert vaktbord(*gone, home=home).returncode == 3
