"""The site's store under a key, with a real nats-server: closed to who has the files alone."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nats.js.api import StorageType, StreamConfig

from console.domain.events import MessageSent
from console.site.address import SiteError
from console.site.node import storekey
from console.site.node.storekey import KEY_FILE, PROOF_FILE, StoreKeys, store_keys
from console.site.visit import visit

from . import bare_server
from .bare_server import on_disk
from .conftest import Server, wait_for

SAID = b"pasienten er bevisst (fiktiv)"


@contextlib.contextmanager
def running(folder: Path, keys: StoreKeys | None) -> Iterator[str]:
    """A server on ``folder``/store, with or without a key. Its address."""
    if keys is None:
        with bare_server.running(folder) as url:
            yield url
        return
    lines, more = storekey.jetstream_lines(keys), storekey.environment(keys)
    with bare_server.running(folder, lines, more) as url:
        yield url


def say(url: str, *texts: bytes) -> None:
    async def work() -> None:
        async with await nats.connect(url) as nc:
            js = nc.jetstream()
            await js.add_stream(StreamConfig(name="S", subjects=["s.>"], storage=StorageType.FILE))
            for text in texts:
                await js.publish("s.x", text)

    asyncio.run(work())


def heard(url: str) -> list[bytes]:
    async def work() -> list[bytes]:
        async with await nats.connect(url) as nc:
            js = nc.jetstream()
            last = (await js.stream_info("S")).state.last_seq
            return [(await js.get_msg("S", n + 1)).data or b"" for n in range(last)]

    return asyncio.run(work())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


def test_nothing_said_is_in_the_store_nor_the_key_anywhere_else(folder: Path) -> None:
    keys = store_keys(folder)
    with running(folder, keys) as url:
        say(url, SAID)
        assert heard(url) == [SAID]
        for line in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                assert keys.key.encode() not in line.read_bytes()
    assert SAID not in on_disk(folder)
    holders = [f.name for f in folder.rglob("*") if f.is_file() and keys.key[1:] in text(f)]
    assert holders == [KEY_FILE]
    assert {oct((folder / name).stat().st_mode & 0o777) for name in (KEY_FILE, PROOF_FILE)} == {
        "0o600"
    }
    with running(folder, store_keys(folder)) as url:
        assert heard(url) == [SAID]


def text(file: Path) -> str:
    return file.read_bytes().decode(errors="replace")


def test_a_store_of_before_there_was_a_key_is_closed_at_the_first_start(folder: Path) -> None:
    with running(folder, None) as url:
        say(url, SAID)
    assert SAID in on_disk(folder)
    with running(folder, store_keys(folder)) as url:
        assert heard(url) == [SAID]
    assert SAID not in on_disk(folder)


def test_a_changed_key_opens_what_was_there_and_the_old_one_is_forgotten(folder: Path) -> None:
    first = store_keys(folder)
    with running(folder, first) as url:
        say(url, SAID)
    both = storekey.rotate(folder)
    assert (both.key != first.key, both.before) == (True, first.key)
    with pytest.raises(SiteError, match="already"):
        storekey.rotate(folder)
    with running(folder, store_keys(folder)) as url:
        assert heard(url) == [SAID]
        storekey.settle(folder)
    assert store_keys(folder) == StoreKeys(both.key)
    assert first.key not in text(folder / KEY_FILE)
    with running(folder, store_keys(folder)) as url:
        assert heard(url) == [SAID]
    assert SAID not in on_disk(folder)


def test_a_server_that_dies_between_the_keys_goes_on_with_both(folder: Path) -> None:
    with running(folder, store_keys(folder)) as url:
        say(url, SAID)
    storekey.rotate(folder)
    for _ in range(2):  # nobody has settled it
        with running(folder, store_keys(folder)) as url:
            assert heard(url) == [SAID]
    storekey.settle(folder)
    with running(folder, store_keys(folder)) as url:
        assert heard(url) == [SAID]


def test_without_its_key_or_with_another_no_server_is_started(folder: Path) -> None:
    """The server itself would start and show an empty log: that is seen here too."""
    with running(folder, store_keys(folder)) as url:
        say(url, SAID)
    kept = (folder / KEY_FILE).read_bytes()
    (folder / KEY_FILE).unlink()
    with pytest.raises(SiteError, match=r"is lost.*Put the right file back"):
        store_keys(folder)
    store_keys(folder.with_name("other"))
    (folder / KEY_FILE).write_bytes((folder.with_name("other") / KEY_FILE).read_bytes())
    with pytest.raises(SiteError, match="not the one that the event log is kept under"):
        store_keys(folder)
    with pytest.raises(SiteError):
        storekey.rotate(folder)
    wrong = StoreKeys(f"k{'0' * 64}")
    with running(folder, wrong) as url, pytest.raises(nats.js.errors.NotFoundError):
        heard(url)
    (folder / KEY_FILE).write_bytes(kept)
    with running(folder, store_keys(folder)) as url:
        assert heard(url) == [SAID]


def test_a_wiped_store_is_kept_under_the_key_there_is(folder: Path) -> None:
    (folder / "store").mkdir(parents=True)
    keys = store_keys(folder)
    (folder / PROOF_FILE).unlink()
    assert store_keys(folder) == keys
    assert (folder / PROOF_FILE).exists()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=50,
)
@given(st.binary(max_size=200), st.sampled_from([KEY_FILE, PROOF_FILE]))
def test_no_file_makes_it_stumble(tmp_path: Path, junk: bytes, name: str) -> None:
    store_keys(tmp_path)
    (tmp_path / name).write_bytes(junk)
    with pytest.raises(SiteError, match="damaged"):
        store_keys(tmp_path)
    (tmp_path / name).unlink()


@pytest.mark.system
def test_a_sites_own_server_keeps_its_log_closed(server: Server) -> None:
    """As a site runs it: kept under a key, started again, its key changed, its key lost."""
    member = server.as_member("lv1")
    with visit(member, spool=server.folder.parent / "spool") as guest:
        guest.deliver(MessageSent(to="lv1", text=SAID.decode()))
    assert SAID not in on_disk(server.folder)
    server.kill()
    first = store_keys(server.folder)
    storekey.rotate(server.folder)
    server.start()
    assert store_keys(server.folder).before == ""
    assert store_keys(server.folder) != first
    with visit(member) as guest:
        assert [one.text for one in guest.read_all().messages] == [SAID.decode()]
    server.kill()
    (server.folder / KEY_FILE).unlink()
    with pytest.raises(SiteError, match="is lost"):
        server.start()


@pytest.mark.system
def test_a_new_key_by_the_command_line(home: Path) -> None:
    line = [sys.executable, "-m", "console.cli", "site", "--home", str(home)]
    keys = []
    for more in ([], ["--new-store-key"], []):
        with subprocess.Popen([*line, "--interface", "127.0.0.1", *more]) as site:
            wait_for((home / "site" / "site.json").exists, "the site")
            keys.append(store_keys(home / "site"))
            site.send_signal(signal.SIGTERM)
        assert site.returncode == 0
    assert keys[0] != keys[1] == keys[2]
