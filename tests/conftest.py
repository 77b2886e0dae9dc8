"""What holds for every test."""

from __future__ import annotations

import gc
import signal
from collections.abc import Generator
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from audio.ready import make_ready
from console import garbage
from tests import netlab

# A machine that is busy with other workers is no fault of what is tested.
settings.register_profile(
    "busy", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy")


QT: Final = frozenset(("qapp", "qtbot"))


def pytest_collection_finish() -> None:
    """Tests start threads of their own. What has been imported by now is never collected."""
    make_ready()
    garbage.set_code_aside()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What a window leaves behind in cycles is collected on Qt's thread, as at a desk
    (:mod:`console.desk.collector`): a link's thread, of this test or a later one, would destroy it
    while Qt is at work."""
    if QT.isdisjoint(getattr(item, "fixturenames", ())):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.enable()


ALONE: Final = (
    "tests/audio/",
    "tests/desk/",
    "tests/site/test_voice_security.py",
    "tests/site/test_voice_commands.py",
)
"""Tests that share sound servers, multicast groups and this machine's ear for time: of all workers
(pytest-xdist) one runs them, one after the other."""
PURE: Final = (
    "tests/audio/test_chain.py",
    "tests/audio/test_feedback.py",
    "tests/audio/test_floor.py",
    "tests/audio/test_gate.py",
    "tests/audio/test_jitter.py",
    "tests/audio/test_jitter_always.py",
    "tests/audio/test_limiter.py",
    "tests/audio/test_loudness.py",
    "tests/audio/test_mix.py",
    "tests/audio/test_own_voice.py",
    "tests/audio/test_places.py",
    "tests/audio/test_recall_store.py",
    "tests/audio/test_red.py",
    "tests/audio/test_redundancy.py",
    "tests/audio/test_routing.py",
    "tests/audio/test_rtp.py",
    "tests/audio/test_srtp.py",
    "tests/audio/test_two_clocks.py",
)
"""Of those the ones that compute alone."""


OWN_HOST: Final = (
    "tests/desk/test_desk_presence.py",
    "tests/desk/test_enrolling.py",
    "tests/desk/test_timeline.py",
)
"""Of those the ones that run on a host of their own, where there are network namespaces, and hear
nothing: any worker runs them."""
OWN_SITE: Final = (
    "tests/site/test_clocks.py",
    "tests/site/test_damaged_copy.py",
    "tests/site/test_damaged_log.py",
    "tests/site/test_floor.py",
    "tests/site/test_full_disk.py",
    "tests/site/test_kept.py",
    "tests/site/test_kept_alarm.py",
    "tests/site/test_key_files.py",
    "tests/site/test_lease.py",
    "tests/site/test_link.py",
    "tests/site/test_matrix.py",
    "tests/site/test_outbox.py",
    "tests/site/test_outbox_sealed.py",
    "tests/site/test_presence.py",
    "tests/site/test_reader.py",
    "tests/site/test_skew.py",
)
"""Those whose site nobody looks for on the network, or that is on a host of its own."""


NET: Final = (
    "tests/exercise/",
    "tests/pedals/",
    "tests/site/",
    "tests/streams/",
    "tests/system/",
    "tests/timeline/",
)
"""Tests whose processes find each other on the network: another worker runs them."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist's is untyped
    """A file is one worker's, and so are all that are in :data:`ALONE`, and in :data:`NET`."""

    def _split_scope(self, nodeid: str) -> str:
        apart = (*PURE, *OWN_HOST, *OWN_SITE) if _has_hosts() else PURE
        if nodeid.startswith(ALONE) and not nodeid.startswith(apart):
            return "alone"
        if nodeid.startswith(NET) and not nodeid.startswith(apart):
            return "net" if _has_hosts() else "alone"  # all on one loopback: they'd meet
        return nodeid.partition("::")[0]


@cache
def _has_hosts() -> bool:
    """Whether a test can have hosts of its own."""
    return not netlab.missing()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_configure() -> None:
    """A shell that starts this run in its background has it ignore SIGINT, and so would the
    programs that the tests start and end by Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
