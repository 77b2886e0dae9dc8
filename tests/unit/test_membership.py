"""Who may come in, as the services of a node see it while its server is told."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec
import pytest

from console.site.address import SiteError
from console.site.node.membership import Membership
from console.site.node.papers import Papers, new_change
from console.site.security.members import Member
from console.site.security.pki import new_generation


def member(name: str) -> Member:
    return Member(name, "operator", new_generation(), new_change())


def test_services_know_of_a_change_before_the_server_and_never_wait_for_it(tmp_path: Path) -> None:
    telling, told = threading.Event(), threading.Event()

    def tell_server() -> None:
        telling.set()
        assert told.wait(20)

    membership = Membership(Papers.open(tmp_path / "site", "Test site"), tell_server)
    fresh = member("lv7")
    changing = threading.Thread(target=membership.change, args=(fresh,))
    changing.start()
    try:
        assert telling.wait(20)
        assert fresh in membership.present()
    finally:
        told.set()
        changing.join()
    membership.change(msgspec.structs.replace(fresh, revoked=True, changed=new_change()))
    assert fresh.name not in [one.name for one in membership.present()]
    assert membership.merge([other := member("lv8")])
    assert other in membership.present()


def test_what_the_server_could_not_be_told_is_so_all_the_same(tmp_path: Path) -> None:
    def tell_server() -> None:
        raise SiteError("it does not answer")

    membership = Membership(Papers.open(tmp_path / "site", "Test site"), tell_server)
    with pytest.raises(SiteError):
        membership.change(fresh := member("lv7"))
    assert fresh in membership.present()
