"""A home in which whole processes run, on a host of its own where that can be had."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import netlab
from tests.desk.processes import Net, net

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def lan(tmp_path: Path) -> Iterator[Net]:
    """Without namespaces it is this machine's loopback, where other streams may be too."""
    if netlab.missing():
        with net(tmp_path / "home") as here:
            yield here
        return
    with netlab.lan(1) as (host,), host.inside(), net(tmp_path / "home") as here:
        yield here
