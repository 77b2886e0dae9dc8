"""Which site a command talks to: the home's own, else one that the network tells of."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.site.address import SiteAddress, SiteError
from console.site.find import find_site
from console.site.node.process import ensure_site

from .conftest import wait_for

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("alone")]

INTERFACE = "127.0.0.1"
SEARCH_S = 8.0


def test_the_homes_own_site_is_found_with_its_secret(home: Path) -> None:
    address = ensure_site(home, interface=INTERFACE)
    assert find_site(home, interface=INTERFACE) == address


def test_an_open_site_is_found_on_the_network(home: Path, tmp_path: Path) -> None:
    address = ensure_site(home, interface=INTERFACE, insecure_lan=True, name="Skole åpen")

    def found() -> SiteAddress:
        return find_site(tmp_path / "elsewhere", interface=INTERFACE, seconds=SEARCH_S)

    wait_for(lambda: found().name == address.name, "ours, should others be there too")
    assert found().insecure
    assert found().url == address.url


def test_a_closed_site_is_named_and_not_entered(home: Path, tmp_path: Path) -> None:
    ensure_site(home, interface=INTERFACE, name="Lukket")
    with pytest.raises(SiteError, match="Lukket was found on the network, but"):
        find_site(tmp_path / "elsewhere", interface=INTERFACE, seconds=SEARCH_S)
