"""What holds for every test."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from tests import netlab

# A machine that is busy with other workers is no fault of what is tested.
settings.register_profile(
    "busy", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy")

ALONE: Final = (
    "tests/audio/",
    "tests/desk/",
    "tests/site/test_voice_security.py",
    "tests/site/test_voice_commands.py",
)
"""Tests that share multicast groups and this machine's ear for time: of all workers (pytest-xdist)
one runs them, one after the other."""
PURE: Final = (
    "tests/audio/test_bench_alarm.py",
    "tests/audio/test_bench_jitter.py",
    "tests/audio/test_bench_loss.py",
    "tests/audio/test_bench_mouth.py",
    "tests/audio/test_bench_sound.py",
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
    "tests/audio/test_codecs.py",
    "tests/audio/test_duck.py",
    "tests/audio/test_fast.py",
    "tests/audio/test_keys.py",
    "tests/audio/test_pipeline.py",
    "tests/audio/test_recall_gather.py",
    "tests/audio/test_recall_marks.py",
    "tests/audio/test_recall_sound.py",
    "tests/desk/test_audit.py",
    "tests/desk/test_desk_forgets.py",
    "tests/desk/test_desk_hands.py",
    "tests/desk/test_desk_landmarks.py",
    "tests/desk/test_desk_listed.py",
    "tests/desk/test_desk_presence.py",
    "tests/desk/test_enrolling.py",
    "tests/desk/test_intake.py",
    "tests/desk/test_layouts.py",
    "tests/desk/test_links.py",
    "tests/desk/test_logs.py",
    "tests/desk/test_persons.py",
    "tests/desk/test_site_figures.py",
    "tests/desk/test_site_revived.py",
    "tests/desk/test_timeline.py",
)
"""Of those the ones that no time is measured in: any worker runs them that is a host of its own."""


NET: Final = (
    "tests/exercise/",
    "tests/pedals/",
    "tests/site/",
    "tests/streams/",
    "tests/system/",
    "tests/timeline/",
)
"""Tests whose processes find each other on the network: any worker runs them that is a host of its
own; where that can't be had one worker runs them and all that are in :data:`ALONE`."""


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist's is untyped
    """A file is one worker's, and so are all that are in :data:`ALONE`."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid, has_hosts=_has_hosts())


def scope(nodeid: str, *, has_hosts: bool) -> str:
    """Tests of one scope are one worker's."""
    apart = (*PURE, *OWN_HOST) if has_hosts else PURE
    if nodeid.startswith(ALONE) and not nodeid.startswith(apart):
        return "alone"
    if nodeid.startswith(NET) and not has_hosts:
        return "alone"  # all on one loopback: they'd meet
    return nodeid.partition("::")[0]


@cache
def _has_hosts() -> bool:
    """Whether a test can have hosts of its own."""
    return not netlab.missing()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


def pytest_configure(config: pytest.Config) -> None:
    # A shell that starts this run in its background has it ignore SIGINT, and so would the
    # programs that the tests start and end by Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(config, "workerinput") and _has_hosts():
        config.add_cleanup(_own_host())


def _own_host() -> Callable[[], None]:
    """Workers' sites, streams and multicast groups don't meet. The way back is what it returns."""
    with contextlib.ExitStack() as stack:
        (host,) = stack.enter_context(netlab.lan(1))
        stack.enter_context(host.inside())
        return stack.pop_all().close
