"""``vaktbord streams``: the table, the JSON document and the exit codes."""

from __future__ import annotations

import argparse
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from console.cli import common_options
from console.commands import streams
from console.streams.announce import Announcer, Offer

LOOPBACK = "127.0.0.1"


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    streams.add(parser.add_subparsers(), common_options())
    return parser.parse_args(["streams", "--interface", LOOPBACK, *arguments])


@pytest.fixture
def tag() -> str:
    return f"t{Random().randrange(10**8)}"


@pytest.fixture
def announced(tag: str) -> Iterator[str]:
    announcer = Announcer(LOOPBACK)
    offers = [
        Offer(name=f"Open {tag}", talkgroup=f"{tag}-1", port=5004, group="239.77.1.1"),
        Offer(
            name=f"Secured {tag}",
            talkgroup=f"{tag}-2",
            port=5004,
            group="239.77.1.2",
            srtp="AES_CM_128_HMAC_SHA1_80",
            kid="7",
        ),
        Offer(name=f"Unicast {tag}", talkgroup=f"{tag}-3", port=5004),
    ]
    try:
        for handle in [announcer.announce(one) for one in offers]:
            assert announcer.wait(handle, 5)
        yield tag
    finally:
        announcer.close()


def rows_of(capsys: pytest.CaptureFixture[str], tag: str) -> dict[str, dict[str, object]]:
    document = json.loads(capsys.readouterr().out)
    mine = [one for one in document["streams"] if one["talkgroup"].startswith(tag)]
    return {one["talkgroup"].removeprefix(f"{tag}-"): one for one in mine}


def test_json_says_what_can_be_heard_and_why_not(
    announced: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert streams.run(parse("--json", "--seconds", "1.5")) == 0
    rows = rows_of(capsys, announced)
    assert [rows[number]["receivable"] for number in "123"] == [True, False, False]
    assert rows["1"]["codec"] == "opus/48000/2"
    assert (rows["2"]["secured"], rows["2"]["kid"]) == (True, "7")
    assert "--srtp-keys" in str(rows["2"]["why_not"])
    assert "--unicast-port" in str(rows["3"]["why_not"])


def test_with_key_and_port_all_can_be_heard(
    announced: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    key = base64.b64encode(bytes(30)).decode()
    file = tmp_path / "keys.toml"
    file.write_text(
        f'[[key]]\nkid = "7"\nprofile = "AES_CM_128_HMAC_SHA1_80"\nkey = "{key}"\n', "utf-8"
    )
    file.chmod(0o600)
    port = ("--unicast-port", f"{announced}-3=6000")
    code = streams.run(parse("--json", "--seconds", "1.5", "--srtp-keys", str(file), *port))
    assert code == 0
    rows = rows_of(capsys, announced)
    assert [rows[number]["receivable"] for number in "123"] == [True, True, True]


def test_the_table_has_a_line_for_each(announced: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert streams.run(parse("--seconds", "1.5")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "NAME", "TALKGROUP", "CODEC", "ADDRESS", "STATION", "SECURED", "RECEIVABLE",
    ]  # fmt: skip
    mine = [one for one in lines if announced in one]
    assert len(mine) == 3
    assert "239.77.1.1:5004" in mine[0]
    assert len({one.index("239.77") for one in mine[:2]}) == 1


def test_a_key_file_that_is_open_to_others_ends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "keys.toml"
    file.write_text("")
    file.chmod(0o644)
    assert streams.run(parse("--srtp-keys", str(file))) == 1
    assert "chmod 600" in capsys.readouterr().err


def test_an_interface_that_is_not_there_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert streams.run(parse("--interface", "203.0.113.77", "--seconds", "0.2")) == 1
    assert "203.0.113.77" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [("--seconds", "0"), ("--seconds", "nan"), ("--seconds", "x"), ("--unicast-port", "lv1"),
     ("--unicast-port", "=5004"), ("--unicast-port", "lv1=80")],
)  # fmt: skip
def test_mistakes_are_usage_errors(wrong: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(*wrong)
    assert ended.value.code == 2
