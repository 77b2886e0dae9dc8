"""Key files: what they hold, who may read them, and that no error shows a key."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.streams.announcement import Announcement
from console.streams.keys import KeysError, StreamKey, StreamKeys, load_keys, parse_keys
from console.streams.plan import plan

SECRET = bytes(range(30))
SECRET_TEXT = base64.b64encode(SECRET).decode()
CM: Final = "AES_CM_128_HMAC_SHA1_80"


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def entry(**changes: str) -> str:
    fields = {"kid": "7", "talkgroup": "lv1", "profile": CM, "key": SECRET_TEXT, **changes}
    return "[[key]]\n" + "".join(f'{name} = "{value}"\n' for name, value in fields.items() if value)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    document = {"key": [{"kid": "7", "talkgroup": "lv1", "profile": CM, "key": SECRET_TEXT}]}
    for path, text in (("k.toml", entry()), ("k.json", json.dumps(document))):
        keys = load_keys(write(tmp_path / path, text))
        assert keys.find("7", "lv1") == StreamKey(CM, SECRET)
        assert keys.find("8", "lv1") is None
        assert keys.find("7", "lv2") is None


def test_a_key_id_alone_fits_every_group_and_a_group_alone_every_id() -> None:
    keys = parse_keys(
        (entry(talkgroup="") + entry(kid="", talkgroup="lv9")).encode(), is_json=False, name="k"
    )
    assert keys.find("7", "any") is not None
    assert keys.find("3", "lv9") is not None
    assert keys.find(None, "other") is None
    assert keys.must_be_secured("lv9")
    assert not keys.must_be_secured("any")


def test_a_file_that_others_can_read_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    path = write(tmp_path / "k.toml", entry(), 0o644)
    with pytest.raises(KeysError, match=f"chmod 600 {path}"):
        load_keys(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="No such file"):
        load_keys(tmp_path / "none.toml")


@pytest.mark.parametrize(
    "text",
    [
        entry(key="!!!"),
        entry(key=base64.b64encode(b"short").decode()),
        entry(profile="NULL"),
        entry(kid="", talkgroup=""),
        entry(extra="x"),
        "key = 3",
        f"[[key\nkey={SECRET_TEXT}",
        "",
    ],
)
def test_what_is_wrong_is_said_without_showing_a_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeysError) as error:
        load_keys(write(tmp_path / "k.toml", text))
    assert SECRET_TEXT not in str(error.value)
    assert SECRET_TEXT not in repr(StreamKey(CM, SECRET))


@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_break_the_reader(raw: bytes, is_json: bool) -> None:
    try:
        parse_keys(raw, is_json=is_json, name="k")
    except KeysError as error:
        assert str(error)


def stream(srtp: str | None, kid: str | None, group: str | None = "239.77.1.1") -> Announcement:
    return Announcement(
        stream="lv1@a.local", talkgroup="lv1", name="L", host="a.local", port=5004,
        payload_type=111, encoding="opus", clock_rate=48_000, channels=2, group=group,
        srtp=srtp, kid=kid,  # type: ignore[arg-type]  # the parameter is wider for brevity
    )  # fmt: skip


def why_not(found: Announcement, keys: StreamKeys | None = None, **ports: int) -> str:
    planned = plan(found, interface=None, keys=keys, unicast_ports=ports)
    return planned if isinstance(planned, str) else ""


def test_what_can_be_heard_and_why_not() -> None:
    keys = parse_keys(entry().encode(), is_json=False, name="k")
    assert why_not(stream(None, None)) == ""
    assert why_not(stream(CM, "7"), keys) == ""
    assert "--srtp-keys" in why_not(stream(CM, "7"))
    assert "key 8" in why_not(stream(CM, "8"), keys)
    assert "is for" in why_not(stream("AEAD_AES_128_GCM", "7"), keys)
    assert "--unicast-port lv1=PORT" in why_not(stream(None, None, None))
    assert why_not(stream(None, None, None), lv1=6000) == ""


def test_a_stranger_can_t_speak_unsecured_in_a_group_that_has_a_key() -> None:
    keys = parse_keys(entry().encode(), is_json=False, name="k")
    assert "not the real one" in why_not(stream(None, None), keys)
