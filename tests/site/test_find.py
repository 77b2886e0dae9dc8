"""Which site a command talks to: the home's own, else one that the network tells of."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from console.site.address import SiteAddress, SiteError
from console.site.find import find_site
from console.site.node.process import ensure_site
from console.site.security import identity
from console.site.security.private import write_private

from .conftest import wait_for

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("alone")]

INTERFACE = "127.0.0.1"
SEARCH_S = 8.0


def test_the_homes_own_site_is_found_with_a_certificate(home: Path) -> None:
    address = ensure_site(home, interface=INTERFACE)
    assert find_site(home, interface=INTERFACE) == address


def test_the_site_where_a_home_has_enrolled_is_found_wherever_it_is_announced(
    home: Path, tmp_path: Path
) -> None:
    address = ensure_site(home, interface=INTERFACE, name="Skole på flyttefot")
    folder = identity.folder_of(tmp_path / "desk", "operator")
    shutil.copytree(home / "site" / "local" / "operator", folder)
    was = msgspec.structs.replace(address.place, urls=("tls://127.0.0.1:1",))
    write_private(folder / identity.PLACE, msgspec.json.encode(was).decode())

    def found() -> SiteAddress:
        return find_site(tmp_path / "desk", interface=INTERFACE, seconds=SEARCH_S)

    wait_for(lambda: found().url == address.url, "the place where it is now")
    assert found().place.urls[-1] == "tls://127.0.0.1:1"


def test_a_closed_site_is_named_and_not_entered(home: Path, tmp_path: Path) -> None:
    ensure_site(home, interface=INTERFACE, name="Lukket")
    with pytest.raises(SiteError, match="Lukket was found on the network; enrol"):
        find_site(tmp_path / "elsewhere", interface=INTERFACE, seconds=SEARCH_S)
