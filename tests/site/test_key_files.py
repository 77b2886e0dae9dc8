"""Key files that can't be used: each is named, with what to do, at the start and in the status."""

from __future__ import annotations

import base64
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import pytest

from console.domain.voice_keys import Handout, KeyRequest
from console.site.address import SiteAddress, SiteError
from console.site.node.keyfiles import key_problems, seal_problem
from console.site.node.papers import Papers
from console.site.node.process import ensure_site, find_address
from console.site.security.pki import Authority
from console.site.services.asked import ask
from console.site.services.key_store import Seal

from .conftest import alone, home, wait_for
from .test_enrol_command import vaktbord

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("alone")]
__all__ = ["alone", "home"]

Harm = Callable[[Path], object]


def garbage(file: Path) -> None:
    file.write_bytes(b"\xff\x00 no key at all \n")


def empty(file: Path) -> None:
    file.write_bytes(b"")


def too_long(file: Path) -> None:
    file.write_bytes(b"A" * 20_000)


def readable(file: Path) -> None:
    file.chmod(0o644)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


HARMS: Final[tuple[Harm, ...]] = (garbage, empty, too_long, readable, folder)


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", ["ca-key.pem", "ca.pem", "voice-seal.key"])
def test_each_file_of_pki_is_named_with_what_to_do(tmp_path: Path, name: str, harm: Harm) -> None:
    Papers.open(tmp_path, "Prøvesiden")
    Seal.open(tmp_path / "pki")
    assert key_problems(tmp_path) == ()
    harm(tmp_path / "pki" / name)
    if (name, harm) == ("ca.pem", readable):  # it is no secret
        assert key_problems(tmp_path) == ()
        return
    (problem,) = key_problems(tmp_path)
    assert f"pki/{name}" in problem
    assert "backup" in problem or "chmod 600" in problem
    assert bool(seal_problem(tmp_path)) == (name == "voice-seal.key")


def test_a_key_of_another_ca_is_named(tmp_path: Path) -> None:
    Papers.open(tmp_path, "Prøvesiden")
    other = Authority.new("Another")
    other.save(tmp_path / "other")
    (tmp_path / "other" / "ca-key.pem").replace(tmp_path / "pki" / "ca-key.pem")
    with pytest.raises(SiteError, match=r"ca-key\.pem is not the key of .*ca\.pem.*backup"):
        Authority.load(tmp_path / "pki")


@pytest.mark.parametrize("name", ["node/key.pem", "system/ca.pem", "server/key.pem"])
def test_the_files_of_the_sites_own_certificates_are_named(tmp_path: Path, name: str) -> None:
    Papers.open(tmp_path, "Prøvesiden")
    garbage(tmp_path / name)
    (problem,) = key_problems(tmp_path)
    assert name in problem and "backup" in problem


def keys_of(address: SiteAddress) -> Handout:
    """Nothing, while nobody answers yet."""
    request = msgspec.json.encode(KeyRequest(1, sends=True))
    try:
        answer = ask(address, "keys", "lv1", request)
    except SiteError:
        return Handout("lv1", 1, ())
    return msgspec.json.decode(answer, type=Handout)


def put_back(file: Path, key: bytes) -> None:
    file.write_bytes(key)
    file.chmod(0o600)


def test_a_site_without_its_seal_says_so_and_goes_on_when_it_is_back(home: Path) -> None:
    line = [sys.executable, "-m", "console.cli", "site", "--home", str(home), "--interface"]
    Papers.open(home / "site", "Prøvesiden")
    Seal.open(home / "site" / "pki")
    seal = home / "site" / "pki" / "voice-seal.key"
    good = seal.read_bytes()
    garbage(seal)
    site = subprocess.Popen([*line, "127.0.0.1"], stderr=subprocess.PIPE, text=True)
    try:
        assert site.stderr is not None
        assert "voice-seal.key is damaged" in site.stderr.readline()
        wait_for(lambda: find_address(home) is not None, "the site")
        address = find_address(home)
        assert address is not None
        wait_for(lambda: "--status" in keys_of(address).refused, "its services")
        status = vaktbord(home, "site", "--status")
        assert "voice-seal.key is damaged. Until it is mended" in status.stdout
        assert status.returncode == 1
        assert "services don't" not in status.stdout  # alarms escalate all the same
        put_back(seal, good)
        wait_for(lambda: keys_of(address).keys, "keys")
        assert vaktbord(home, "site", "--status").returncode == 0
    finally:
        site.send_signal(signal.SIGTERM)
        site.communicate()


def test_another_sites_seal_is_told_of(home: Path) -> None:
    address = ensure_site(home, interface="127.0.0.1")
    wait_for(lambda: keys_of(address).keys, "keys")
    seal = home / "site" / "pki" / "voice-seal.key"
    good = seal.read_bytes()
    put_back(seal, base64.b64encode(bytes(32)))
    status = vaktbord(home, "site", "--status")
    assert status.returncode == 1
    assert "were sealed with another voice-seal.key" in status.stdout
    put_back(seal, good)
    assert vaktbord(home, "site", "--status").returncode == 0
    vaktbord(home, "site", "--stop")
    garbage(home / "site" / "node" / "key.pem")
    status = vaktbord(home, "site", "--status")
    assert (status.returncode, "node/key.pem is damaged" in status.stdout) == (3, True)
